"""The publication date is the one that the best source tells, with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from dragoman.clean.datelines import find_date_lines, is_date_line
from dragoman.clean.published import DateField, Published, find_published, find_url_date, to_date
from dragoman.records import RawArticle, Span

TODAY = date(2025, 6, 1)
LINE = "Published: 3 June 2024, 14:05 GMT\nThe talks began in Halden on Monday."


@dataclass(frozen=True)
class Inferred:
    """A stand-in for what is worked out from a text."""

    published_on: date = date(2024, 5, 5)
    earliest: date = date(2024, 5, 4)
    latest: date = date(2024, 5, 7)
    words: Sequence[Span] = (Span(0, 3, "The"),)
    detail: str = "Monday before 7 May"


def infer(text: str, *, latest: date) -> Inferred:
    """Answer the same for every text."""
    return Inferred()


def find(
    text: str = LINE,
    *,
    given: date | None = None,
    url: str | None = "https://keld.example/2024/06/02/talks",
    fields: Sequence[DateField] = (DateField("meta date", "2024-06-01"),),
) -> Published:
    """Return the date of an article that says several things about it."""
    field = "--published" if given else None
    raw = RawArticle(text, "text/plain", "stdin", url=url, published_on=given, published_field=field)
    return find_published(raw, text, coded_text=text, fields=fields, today=TODAY, infer=infer)


def basis(found: Published) -> str | None:
    """Return which source told the date."""
    return found.evidence.basis if found.evidence else None


def test_the_sources_speak_in_order() -> None:
    """Given goes before metadata, metadata before URL, URL before a printed line, that before inference."""
    plain = "The talks began in Halden on Monday."
    found = [
        find(given=date(2024, 6, 4)),
        find(),
        find(fields=()),
        find(fields=(), url=None),
        find(plain, fields=(), url=None),
    ]
    assert [basis(item) for item in found] == ["given", "metadata", "url", "text", "inferred"]
    days = [item.published_on for item in found]
    assert days == [date(2024, 6, 4), date(2024, 6, 1), date(2024, 6, 2), date(2024, 6, 3), date(2024, 5, 5)]


def test_the_evidence_names_the_field() -> None:
    """The evidence of a given date is the flag or field it came from; of a printed date, its words."""
    given = find(given=date(2024, 6, 4)).evidence
    printed = find(fields=(), url=None).evidence
    assert given is not None
    assert printed is not None
    assert given.detail == "--published"
    assert printed.words == (Span(11, 22, "3 June 2024"),)


def test_an_inferred_date_keeps_its_bounds() -> None:
    """What was worked out keeps earliest and latest day, words and reasoning."""
    evidence = find("The talks began.", fields=(), url=None).evidence
    assert evidence is not None
    assert (evidence.earliest, evidence.latest) == (date(2024, 5, 4), date(2024, 5, 7))
    assert evidence.detail == "Monday before 7 May"


def test_a_given_date_in_the_future_is_refused() -> None:
    """A given date after tomorrow is the caller's mistake; tomorrow may be another time zone's today."""
    assert find(given=date(2025, 6, 2)).future is None
    refused = find(given=date(2025, 6, 3))
    assert refused.future is not None
    assert "2025-06-03" in refused.future


def test_a_field_in_the_future_is_passed_over() -> None:
    """A date of the page that lies ahead or cannot be read is noted, and the next source speaks."""
    fields = (DateField("meta date", "2031-01-01"), DateField("meta pubdate", "soon"))
    found = find(fields=fields)
    assert basis(found) == "url"
    assert found.notes == (
        'publication date passed over: meta date "2031-01-01"',
        'publication date passed over: meta pubdate "soon"',
    )


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-03-12T23:30:00+05:00", date(2024, 3, 12)),
        ("2024-03-12", date(2024, 3, 12)),
        ("20240312", date(2024, 3, 12)),
        ("Tue, 12 Mar 2024 10:00:00 GMT", date(2024, 3, 12)),
        ("March 12th, 2024", date(2024, 3, 12)),
        ("12 Sept. 2024", date(2024, 9, 12)),
        ("2024-02-30", None),
        ("12/03/2024", None),
        ("", None),
    ],
)
def test_fields_are_read_as_written(value: str, day: date | None) -> None:
    """The day of a field is the one written there; an ambiguous or impossible one is none."""
    assert to_date(value) == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://keld.example/2024/03/12/talks", date(2024, 3, 12)),
        ("https://keld.example/world/2024/mar/12/talks", date(2024, 3, 12)),
        ("https://keld.example/2024/3/9/talks", date(2024, 3, 9)),
        ("https://keld.example/talks-20240312.html", date(2024, 3, 12)),
        ("https://keld.example/talks-2024-03-12", date(2024, 3, 12)),
        ("https://keld.example/article-120240312", None),
        ("https://keld.example/2024/13/12/talks", None),
        ("https://keld.example/talks?date=2024-03-12", None),
    ],
)
def test_a_day_in_the_path_of_a_url_is_read(url: str, day: date | None) -> None:
    """A year, month and day in the path tell the date; longer figures and queries do not."""
    assert find_url_date(url) == day


@pytest.mark.parametrize(
    "line",
    [
        "12 March 2024",
        "Tue, 12 Mar 2024 10:15 GMT",
        "By Jane Doe | 12 March 2024",
        "Published: 3 June 2024, 14:05 GMT",
        "Last updated on June 3, 2024 at 2:05 p.m.",
        "2024-03-12 08:00",
    ],
)
def test_date_lines_are_known(line: str) -> None:
    """A date with a time, a label or a byline is a date line."""
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "On 12 March 2024 the talks began in Halden.",
        "The treaty of 3 June 2024",
        "The talks of March 2024",
        "By 12 March 2024 the army had left.",
    ],
)
def test_sentences_with_dates_are_no_date_lines(line: str) -> None:
    """A date among other words is no date line."""
    assert not is_date_line(line)


def test_published_goes_before_updated() -> None:
    """Where a page prints both, the day of publication is told first."""
    text = "Updated 5 June 2024\nPublished 3 June 2024\nThe talks began."
    assert [day for day, _ in find_date_lines(text)] == [date(2024, 6, 3), date(2024, 6, 5)]


def test_an_agencys_dateline_with_a_year_counts() -> None:
    """The day in "HALDEN, March 3, 2024 (Northern Press) —" is the day of publication."""
    text = "HALDEN, March 3, 2024 (Northern Press) — The government expelled two diplomats on Sunday."
    assert [day for day, _ in find_date_lines(text)] == [date(2024, 3, 3)]
