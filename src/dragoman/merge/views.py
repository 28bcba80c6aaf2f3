"""An event as merging sees it: few, comparable facts.

In: an ``Event`` and what is known of its article. Out: a ``Report``. Nothing of another stage is needed to compare two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from dragoman.merge.words import roots, stems, telling
from dragoman.records import Event, Participant

_HEADLINE = 250  # characters of the first line that may be a headline
# What stands before a noun for an event that the reader knows, and behind one that has a name.
_KNOWN: Final = re.compile(
    r"\b(?:the|this|these|its|their)\s+(?:(?:joint|current|ongoing|same|latest|military|two-day|\w+-day)\s+)*$",
    re.I,
)
_NAMED: Final = re.compile(
    r"[\w ]{0,24}?,?\s+(?:such as|called|named|dubbed|codenamed|titled)\s+[“\"‘']?[A-Z0-9]"
)
Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Side:
    """A participant at its level of detail; ``words`` are the stems of how it is named."""

    role: str
    country: str | None
    sectors: tuple[str, ...]
    entity_id: str | None
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: degrees, PLOVER's resolution 1 to 5, and its name."""

    name: str
    country: str | None
    lat: float | None
    lon: float | None
    resolution: int


@dataclass(frozen=True, slots=True)
class Telling:
    """What an article gives all its events: day of publication, newsroom, names and numbers, stems of its text and of its first line."""

    article_id: str
    newsroom: str
    published_on: date | None
    names: frozenset[str]
    words: frozenset[str] = frozenset()
    head: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """The sides of a report as sets, made once since every pair of reports asks for them."""

    doers: frozenset[str]
    objects: frozenset[str]
    entities: frozenset[str]
    words: frozenset[str]
    doers_sectors: frozenset[str]
    objects_sectors: frozenset[str]
    codes: frozenset[tuple[str, str | None, str | None]]
    doers_words: frozenset[str]
    objects_words: frozenset[str]
    doing_entities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """One event of one article, ready to be compared.

    ``days`` are the first and last day it may have happened as ordinals, ``explicit`` whether words say so. ``vector`` is the
    meaning of its sentence, of unit length, or None; ``roots`` are those of the trigger's words, without lines of like ones; ``rest`` are the words of its sentence but the trigger. ``order`` sorts reports as they appeared in the world: by day of
    publication, article and place in the text.
    """

    event_id: str
    article: Telling
    section: str
    event_type: str | None
    mode: str | None
    status: str
    historical: bool
    sides: tuple[Side, ...]
    spot: Spot | None
    days: tuple[int, int] | None
    explicit: bool
    counts: Mapping[str, tuple[int | None, int | None]]
    trigger: frozenset[str]
    quote: frozenset[str]
    names: frozenset[str]
    vector: Vector | None = field(repr=False, compare=False)
    start: int = 0
    roots: frozenset[str] = frozenset()
    refers: bool = False  # named as one known already ("the drill", "exercises such as Aras-2025"), without a day of its own
    seen: Seen = field(init=False, repr=False, compare=False)
    rest: frozenset[str] = field(init=False, repr=False, compare=False)
    countries: frozenset[str] = field(init=False, repr=False, compare=False)  # of all sides

    def __post_init__(self) -> None:
        object.__setattr__(self, "seen", _seen(self.sides))
        object.__setattr__(self, "countries", self.seen.doers | self.seen.objects)
        object.__setattr__(self, "rest", self.quote - self.trigger)

    @property
    def order(self) -> tuple[int, str, int, str]:
        """Sort key by day of publication, article, place in the text and id."""
        day = self.article.published_on
        return day.toordinal() if day else 0, self.article.article_id, self.start, self.event_id


def _seen(sides: tuple[Side, ...]) -> Seen:
    def places(role: str) -> frozenset[str]:
        return frozenset(s.country for s in sides if s.country and s.role == role)

    def sectors(role: str) -> frozenset[str]:
        return frozenset(s.sectors[0] for s in sides if s.sectors and s.role == role)

    def words(role: str) -> frozenset[str]:
        return frozenset(w for s in sides if s.role == role for w in s.words)

    return Seen(
        places("actor"), places("recipient"), frozenset(s.entity_id for s in sides if s.entity_id),
        frozenset(w for s in sides for w in s.words), sectors("actor"), sectors("recipient"),
        frozenset((s.role, s.country, s.sectors[0] if s.sectors else None) for s in sides),
        words("actor"), words("recipient"), frozenset(s.entity_id for s in sides if s.entity_id and s.role == "actor"),
    )  # fmt: skip


def telling_of(
    article_id: str, text: str, *, newsroom: str, published_on: date | None, most: int = 4000
) -> Telling:
    """Return what an article gives its events; only its first ``most`` characters are looked at."""
    some = text[:most]
    return Telling(
        article_id,
        newsroom,
        published_on,
        telling(some),
        stems(some),
        stems(some.partition("\n")[0][:_HEADLINE]),
    )


def report_of(event: Event, article: Telling) -> Report:
    """Return an event as merging compares it."""
    place, when = event.place, event.date
    return Report(
        event_id=event.event_id,
        article=article,
        section=event.section,
        event_type=event.event_type,
        mode=event.mode,
        status=event.status,
        historical=event.historical,
        sides=(
            *(_side("actor", p) for p in event.actors),
            *(_side("recipient", p) for p in event.recipients),
        ),
        spot=Spot(place.name, place.country, place.lat, place.lon, place.resolution or 0) if place else None,
        days=(when.from_.toordinal(), when.to.toordinal()) if when else None,
        explicit=when is not None and when.text is not None,
        counts={kind: (c.low, c.high) for kind, c in event.counts.items()},
        trigger=stems(event.trigger.text),
        quote=stems(event.quote.text),
        names=telling(event.quote.text),
        vector=unit(event.vector),
        start=event.trigger.start,
        roots=roots(event.trigger.text),
        refers=is_known_already(event),
    )


def is_known_already(event: Event) -> bool:
    """Return whether an event is named as one that the reader knows already, by a definite noun or by its name."""
    if event.date is not None and event.date.text is not None:
        return False
    first, last = event.trigger.start - event.quote.start, event.trigger.end - event.quote.start
    return (
        _KNOWN.search(event.quote.text[:first]) is not None
        or _NAMED.match(event.quote.text[last:]) is not None
    )


def _side(role: str, p: Participant) -> Side:
    return Side(role, p.country, p.sectors, p.entity_id, stems(p.name or p.text))


def unit(vector: bytes) -> Vector | None:
    """Return a stored vector as float32 of unit length; None for none."""
    if not vector:
        return None
    found = np.frombuffer(vector, dtype=np.int8).astype(np.float32)
    norm = float(np.linalg.norm(found))
    return found / norm if norm else None
