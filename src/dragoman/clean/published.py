"""Find the date on which an article was published, with the evidence for it.

In: what the input, the page's fields, the URL and the text say. Out: a date with ``PublishedEvidence``, or a reason to
reject. The first source that speaks wins: given > field of the page > URL > printed date line > inferred from the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from dragoman.clean.datelines import MONTHS, DayOrder, find_date_lines, find_day, to_day
from dragoman.records import PublishedEvidence, RawArticle, Span

EARLIEST = date(
    1800, 1, 1
)  # the first news in digitised archives; an earlier date in a field is a placeholder
AHEAD = timedelta(days=1)  # it is tomorrow already somewhere east of here

_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_NAMED = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d{1,2})(?!\d)", re.I
)
_URL_LOOSE = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/|$)")


class InferredDate(Protocol):
    """What was worked out from a text; ``words`` are the expressions it rests on."""

    @property
    def published_on(self) -> date: ...  # noqa: D102
    @property
    def earliest(self) -> date: ...  # noqa: D102
    @property
    def latest(self) -> date: ...  # noqa: D102
    @property
    def words(self) -> Sequence[Span]: ...  # noqa: D102
    @property
    def detail(self) -> str: ...  # noqa: D102


class InferPublished(Protocol):
    """Work out from a text when it was published, no later than ``latest``; None where nothing tells."""

    def __call__(self, text: str, *, latest: date) -> InferredDate | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class DateField:
    """A field of a page that holds its publication date, as written there."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PageClues:
    """What a page tells besides its fields of publication; each is asked only where those before it say nothing."""

    url: str | None = None
    updated: tuple[DateField, ...] = ()
    printed: DateField | None = None  # a date alone beside the headline, which goes before one in the text
    guess: DateField | None = None
    order: DayOrder = None  # how the page writes day and month in figures


NO_CLUES = PageClues()


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date with its evidence; both None where nothing tells. ``notes`` name what was passed over."""

    published_on: date | None = None
    evidence: PublishedEvidence | None = None
    notes: tuple[str, ...] = ()
    future: str | None = None  # why the article must be rejected: the given date lies ahead


def find_published(
    raw: RawArticle,
    text: str,
    *,
    coded_text: str,
    fields: Sequence[DateField],
    today: date,
    infer: InferPublished | None,
    page: PageClues = NO_CLUES,
) -> Published:
    """Return when an article was published and what says so.

    Args:
        raw: The article as read; its ``published_on`` was given by a flag or an input field.
        text: The cleaned text.
        coded_text: The text with everything but the article itself blanked, for inference.
        fields: Date fields of the page, best first.
        today: No article is published later than the day after.
        infer: Works out a date from the text, or None not to infer.
        page: What else a page tells: its own URL, when it was changed, and a guess.
    """
    if raw.published_on is not None:
        return _given(raw, today)
    notes: list[str] = []
    chosen: Published | None = None
    for basis, detail, found, words in _told(raw, text, fields, page):
        if found is None or not EARLIEST <= found <= today + AHEAD:
            notes.append(f"publication date passed over: {detail}")
        elif chosen is None:
            evidence = PublishedEvidence(basis, detail, found, found, words)  # type: ignore[arg-type]
            chosen = Published(found, evidence)
        elif chosen.published_on is not None and abs(found - chosen.published_on) > AHEAD:
            notes.append(f"another publication date: {detail}")
    if chosen is not None:
        notes += _changes(chosen, page, today)
        return replace(chosen, notes=tuple(dict.fromkeys(notes)))
    if infer is not None and (inferred := infer(coded_text, latest=today)) is not None:
        evidence = PublishedEvidence(
            "inferred", inferred.detail, inferred.earliest, inferred.latest, tuple(inferred.words)
        )
        return Published(inferred.published_on, evidence, tuple(notes))
    return Published(notes=tuple(notes))


def _changes(chosen: Published, page: PageClues, today: date) -> list[str]:
    """Return a note of the day on which the page says it was last changed, if that is another day."""
    for field in page.updated:
        day = to_date(field.value, page.order)
        if day is not None and day <= today + AHEAD and day != chosen.published_on:
            return [f'updated later: {field.name} "{field.value}"']
    return []


def _given(raw: RawArticle, today: date) -> Published:
    day = raw.published_on
    assert day is not None
    name = raw.published_field or "published_on"
    if day > today + AHEAD:
        return Published(
            future=f"{name} says {day.isoformat()}, which is after today ({today.isoformat()}); correct the date"
        )
    return Published(day, PublishedEvidence("given", name, day, day))


def _told(
    raw: RawArticle, text: str, fields: Sequence[DateField], page: PageClues
) -> list[tuple[str, str, date | None, tuple[Span, ...]]]:
    """Return what speaks of the date, best first: basis, detail, date, words in the text."""
    told: list[tuple[str, str, date | None, tuple[Span, ...]]] = [
        ("metadata", f'{item.name} "{item.value}"', to_date(item.value, page.order), ()) for item in fields
    ]
    for url in dict.fromkeys(url for url in (raw.url, page.url) if url):
        if (in_url := find_url_date(url)) is not None:
            told.append(("url", url, in_url, ()))
    if page.printed is not None:
        printed = page.printed
        told.append(("metadata", f'{printed.name} "{printed.value}"', to_date(printed.value, page.order), ()))
    told += [
        ("text", f'date line "{span.text}"', day, (span,)) for day, span in find_date_lines(text, page.order)
    ]
    if not told and page.guess is not None:
        told.append(
            ("metadata", f'{page.guess.name} "{page.guess.value}"', to_date(page.guess.value, page.order), ())
        )
    if not told:
        told += [
            ("metadata", f'{f.name} "{f.value}"', to_date(f.value, page.order), ()) for f in page.updated[:1]
        ]
    return told


def to_date(value: str, order: DayOrder = None) -> date | None:
    """Return the day that a date field names, as written there, without moving it to another time zone.

    Args:
        value: A date in words or figures, or the seconds or milliseconds since 1970, which are read as UTC.
        order: How "05/11/2024" is read; None passes over what could be two days.

    Example:
        >>> to_date("2024-03-12T23:30:00+05:00")
        datetime.date(2024, 3, 12)
    """
    value = value.strip()
    if re.fullmatch(r"(?:19|20)\d{6}", value):
        return to_day(int(value[:4]), int(value[4:6]), int(value[6:]))
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", value):
        return datetime.fromtimestamp(int(value[:10]), UTC).date()
    if re.fullmatch(r"(?:19|20)\d{6}(?:T?\d{4,6}Z?)", value):
        return to_day(int(value[:4]), int(value[4:6]), int(value[6:8]))
    return find_day(value, order)


def find_url_date(url: str) -> date | None:
    """Return the day that stands in the path of a URL, or None.

    Example:
        >>> find_url_date("https://news.example/world/2024/mar/12/ceasefire")
        datetime.date(2024, 3, 12)
    """
    path = url.split("?", 1)[0].split("#", 1)[0]
    if found := _URL_NAMED.search(path):
        month = MONTHS.index(found.group(2).lower()) + 1
        return to_day(int(found.group(1)), month, int(found.group(3)))
    if found := _URL_DATE.search(path) or _URL_LOOSE.search(path):
        return to_day(*(int(part) for part in found.groups()))
    return None
