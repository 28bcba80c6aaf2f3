"""A relation on one page: sentences composed from records, each with the evidence it rests on.

In: a relation's points, turns and level, and the sentences of its events. Out: a ``Brief`` of sections of sentences. No text is
generated: every sentence is a pattern filled with fields, and ends in references to quotes or to another section.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any

from dragoman.relate.alerts import chance_of
from dragoman.relate.change import Change
from dragoman.relate.groups import Group
from dragoman.relate.points import Point

QUAD_NAMES = {
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}
# What fulfils a promise or carries out a threat, when nothing says that one incident follows from the other.
_KEPT = ("CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT")
_CARRIED_OUT = ("SANCTION", "MOBILIZE", "COERCE", "ASSAULT")
_WITHIN_DAYS = 180
_MOST_SIDES = 4
# A brief is to fit two sheets of A4 with its sources: so much of each section is told, and how much more there is. Of the time line
# these are the newest incidents, and of the older ones those that moved a turn or that most newsrooms told of.
MOST_TOLD, MOST_NEWEST, MOST_TURNS, MOST_OPEN = 24, 8, 5, 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and the events that they rest on; without events, ``section`` is where the evidence stands on the page."""

    text: str
    events: tuple[str, ...] = ()
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A page on a relation; ``evidence`` is event id → sentence, outlet, day, address."""

    title: str
    since: date
    until: date
    sections: tuple[Section, ...]
    evidence: Mapping[str, Mapping[str, Any]]


@functools.cache
def _phrases() -> dict[str, Any]:
    return tomllib.loads(
        resources.files("dragoman.relate").joinpath("phrases.toml").read_text(encoding="utf-8")
    )


def say_date(point: Point) -> str:
    """Return when an incident was, as precisely as it is known, to begin a sentence with."""
    if point.from_ is None or point.to is None:
        return f"By {_day(point.on)}" if point.on else "At a time that is not told"
    if point.precision == "year":
        return f"In {point.from_.year}"
    if point.precision == "month":
        return f"In {point.from_:%B %Y}"
    if point.from_ == point.to:
        return f"On {_day(point.from_)}"
    if point.from_.year == point.to.year and (
        point.from_.month,
        point.from_.day,
        point.to.month,
        point.to.day,
    ) == (1, 1, 12, 31):
        return f"In {point.from_.year}"
    return f"Between {_day(point.from_)} and {_day(point.to)}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def say_sides(people: Sequence[Mapping[str, Any]], names: Mapping[str, str] | None = None) -> str:
    """Return participants as a list in words: their names, or the words of the text made to stand alone.

    Args:
        people: The participants.
        names: Code → name of a country: said instead of "it" or "they", and who "its troops" are of.
    """
    said = list(dict.fromkeys(_say_side(p, names or {}) for p in people))
    if len(said) > _MOST_SIDES:
        left = len(said) - _MOST_SIDES + 1
        said = [*said[: _MOST_SIDES - 1], f"{left} others"]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0] if said else "somebody"


def say_group(side: Group, names: Mapping[str, str], sectors: Mapping[str, str]) -> str:
    """Return a side of a relation in words: countries by their names, sectors in brackets; a group of the user's by the name it has.

    Args:
        side: The side.
        names: Code → name of a country.
        sectors: Code → name of a sector.

    Example:
        >>> say_group(Group("USA/MIL", ("USA/MIL",)), {"USA": "United States"}, {"MIL": "armed forces"})
        'the United States (armed forces)'
    """
    if side.name != ",".join(side.members):
        return side.name
    said = []
    for member in side.members:
        code, _, sector = member.partition("/")
        country = _with_the(names[code]) if code in names else code
        said.append(f"{country} ({sectors.get(sector, sector)})" if sector else country)
    return ", ".join(said)


# Words that stand for a side told of before, and those that say whose somebody is: on a page of single sentences both hang in the air.
_STANDS_FOR = re.compile(
    r"(it|he|she|they|them|him|her|we|us|i|others?|both( sides| men)?|each( other| side| country)?|one another|"
    r"(his|her|its|their|our) (own )?country)\Z",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(r"(his|her|its|their|our|my) (own )?(?=\S)", re.IGNORECASE)
_HAS_ITS_OWN = re.compile(r" (of|from|in|under|for|at) |['’]s ")
_OF_A_NAME = re.compile(r"['’]s ")
_WITHOUT_ARTICLE = re.compile(
    r"(a|an|the|this|these|those|that|some|all|any|no|each|both|his|her|its|their|our|my)\b|\d", re.IGNORECASE
)
# Heads of names that English gives an article, and common nouns in the singular that cannot stand without one.
_THE_NAMED = re.compile(
    r"\b(Union|Nations|States|Emirates|Kingdom|Forces|Force|Guards?|Corps|Army|Navy|Ministry|Council|Court|Agency|League|Commission|"
    r"Organi[sz]ation|Bank|Parliament|Government|Service|Kremlin|Pentagon|White House|Taliban|Houthis|Republic)\Z"
)
_THE_COMMON = re.compile(
    r"(?:[A-Za-z-]+ )?(army|government|ministry|kingdom|court|council|alliance|city|town|base|police|president|minister|ruler|"
    r"committee|parliament|opposition|navy|capital|embassy|consulate|spokesman|spokeswoman|region|junta|cabinet|presidency|"
    r"colleague|counterpart|brother|host|rival|prince|king|cleric|civilian|airport|border)"
    r"(?= |,|\Z)"
)
_THE_OFFICES = re.compile(
    r"(?:[a-z-]+ )?(ministers|presidents|leaders|heads|delegates|envoys|families|directors)\b.* of "
)


def _say_side(person: Mapping[str, Any], names: Mapping[str, str]) -> str:
    words = " ".join((person["name"] or person["text"]).split())
    country = names.get(person["country"] or "")
    if person["name"] is None and _STANDS_FOR.match(words):
        return _with_the(country) if country else words.lower()
    if (whose := _OF_SOMEBODY.match(words)) and person["name"] is None:
        rest = words[whose.end() :]
        if not country:
            return words[0].lower() + words[1:]
        if _HAS_ITS_OWN.search(rest) or "," in rest:
            return _with_the(rest)
        return f"{_with_the(rest)} of {_with_the(country)}"
    return _with_the(words)


def _with_the(words: str) -> str:
    """Return a name or a noun with the article that it needs within a sentence."""
    if _WITHOUT_ARTICLE.match(words):
        return words
    needs = _THE_NAMED.search(words) or _THE_COMMON.match(words) or _THE_OFFICES.match(words)
    return f"the {words}" if needs and not _OF_A_NAME.search(words) else words


def say(incident: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """Return what an incident was, without when; a taught type is said by its name.

    Args:
        incident: Its row.
        names: Code → name of a country, see ``say_sides``.
    """
    patterns = _phrases().get(incident["event_type"])
    acting, receiving = incident["actors"], incident["recipients"]
    if len(acting) > 1:  # "A and B accused A": what both do to one of them they do to each other
        known = {_say_side(p, names or {}) for p in acting}
        receiving = [p for p in receiving if _say_side(p, names or {}) not in known]
    actors, recipients = say_sides(acting, names), say_sides(receiving, names)
    if patterns is None:
        whom = f" towards {recipients}" if receiving else ""
        return f"{actors}: {incident['event_type'].lower().replace('_', ' ')}{whom}"
    closer = patterns.get("modes", {}).get(incident["mode"], patterns)
    key = "to" if receiving else "mutual" if len(acting) > 1 else "alone"
    said: str = closer[key].format(a=actors, b=recipients)
    place = incident.get("place")
    where = (place and place.get("name")) or ""
    # A place told in small letters alone ("near", "border") is a piece of the sentence, not a name.
    return f"{said} ({where})" if any(c.isupper() for c in where) else said


def sentence_of(point: Point, names: Mapping[str, str] | None = None) -> Sentence:
    """Return an incident as a sentence with its events; ``names`` as for ``say_sides``."""
    told = {
        "future": " This is announced.",
        "hypothetical": " This is said to be possible.",
        "negated": " This is told as not done.",
    }
    reports = len(point.incident["reports"])
    many = f", told in {reports} reports" if reports > 1 else ""
    return Sentence(
        f"{say_date(point)} {say(point.incident, names)}{many}.{told.get(point.status, '')}",
        tuple(point.incident["events"][:1]),
    )


def brief_of(
    name: str, points: Sequence[Point], changes: Iterable[Change], moved: Mapping[int, Sequence[Point]], *, since: date,
    until: date, level: tuple[float, float, float] | None, notes: Sequence[str], follows: Mapping[str, Sequence[str]],
    evidence: Mapping[str, Mapping[str, Any]], names: Mapping[str, str] | None = None,
) -> Brief:  # fmt: skip
    """Return the page of a relation.

    Args:
        name: The two sides in words.
        points: All incidents of the period.
        changes: Turns in it.
        moved: Index of a turn → the points that moved it, strongest first.
        since: First day.
        until: Last day.
        level: The last level with its interval, when there is one.
        notes: What is missing or uncertain.
        follows: Incident → those that it follows from.
        evidence: Event id → sentence, outlet, day, address.
        names: Code → name of a country, see ``say_sides``.
    """
    planned = [sentence_of(p, names) for p in points if p.is_planned]
    sections = (
        Section("summary", "In short", tuple(_summary(name, points, level, until, names))),
        Section("turns", "Turning points", _newest(list(_turns(list(changes), moved)), MOST_TURNS, "turns", "turn")),
        Section("timeline", "Time line", _timeline(points, moved, names)),
        Section("open", "Open threats and promises", _newest(list(_open(points, follows, until, names)), MOST_OPEN, "open", "one")),
        Section("planned", "Announced", _newest(planned, MOST_OPEN, "planned", "plan")),
        Section(
            "notes",
            "What is not known",
            tuple(Sentence(f"{n[0].upper()}{n[1:]}.", section="timeline") for n in notes),
        ),
    )  # fmt: skip
    return Brief(name[0].upper() + name[1:], since, until, sections, evidence)


def _newest(sentences: Sequence[Sentence], most: int, key: str, word: str) -> tuple[Sentence, ...]:
    """Return the last so many sentences of a section, after one that counts those before."""
    left = len(sentences) - most
    if left < 2:  # one that is counted takes as much room as one that is told
        return tuple(sentences)
    return (Sentence(f"{left} earlier {word}s are not told here.", section=key), *sentences[left:])


def _timeline(
    points: Sequence[Point], moved: Mapping[int, Sequence[Point]], names: Mapping[str, str] | None
) -> tuple[Sentence, ...]:
    """Return the incidents that are told, by day, after a sentence that counts the others."""
    left = len(points) - MOST_TOLD
    if left < 2:
        return tuple(sentence_of(p, names) for p in points)
    turned = {p.incident_id for of in moved.values() for p in of}
    newest = [p.incident_id for p in points if p.from_ or p.on][-MOST_NEWEST:]
    older = sorted((p for p in points if p.incident_id not in newest), key=lambda p: (
        p.incident_id in turned, p.incident["independent_sources"], abs(p.intensity), p.on or date.min,
    ), reverse=True)  # fmt: skip
    told = {*newest, *(p.incident_id for p in older[: MOST_TOLD - len(newest)])}
    count = Sentence(
        f"{MOST_TOLD} of {len(points)} incidents are told here: the last {len(newest)}, and of those before them the ones that moved "
        "a turn or that most newsrooms told of.", section="timeline",
    )  # fmt: skip
    return (count, *(sentence_of(p, names) for p in points if p.incident_id in told))


def _summary(
    name: str, points: Sequence[Point], level: tuple[float, float, float] | None, until: date, names: Mapping[str, str] | None
) -> Iterable[Sentence]:  # fmt: skip
    done = [p for p in points if p.status == "actual"]
    kinds = ", ".join(
        f"{n} of {QUAD_NAMES[q]}" for q in (1, 2, 3, 4) if (n := sum(p.quad_class == q for p in done))
    )
    yield Sentence(
        f"{len(done)} {'incident' if len(done) == 1 else 'incidents'} between {name} {'is' if len(done) == 1 else 'are'} known{': ' + kinds if kinds else ''}.",
        section="timeline",
    )
    if level is not None:
        mean, low, high = level
        yield Sentence(
            f"The level on {_day(until)} is {mean:+.1f} on the scale from -10 (conflict) to +10 (cooperation); with a "
            f"probability of 0.9 it lies between {low:+.1f} and {high:+.1f}.",
            section="timeline",
        )
    if done:
        last = max(done, key=lambda p: p.to or p.on or date.min)
        yield Sentence(
            f"The last one known: {_lower(sentence_of(last, names).text)}", tuple(last.incident["events"][:1])
        )


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _turns(changes: Sequence[Change], moved: Mapping[int, Sequence[Point]]) -> Iterable[Sentence]:
    for n, change in enumerate(changes):
        points = moved.get(n, ())[:4]
        more = "more" if change.rises else "less"
        noun = "incident" if f"{change.after:.2g}" == "1" else "incidents"
        yield Sentence(
            f"Since {_day(change.since)} there was {more} {change.kind} than before, {change.after:.2g} {noun} a week instead "
            f"of {change.before:.2g} ({chance_of(change)}).",
            tuple(e for p in points for e in p.incident["events"][:1]), "timeline",
        )  # fmt: skip


def _open(
    points: Sequence[Point],
    follows: Mapping[str, Sequence[str]],
    until: date,
    names: Mapping[str, str] | None,
) -> Iterable[Sentence]:
    answered = {other for others in follows.values() for other in others}
    for point in points:
        if point.event_type not in ("AGREE", "THREATEN") or point.status not in ("actual", "future"):
            continue
        what = _KEPT if point.event_type == "AGREE" else _CARRIED_OUT
        if point.incident_id in answered or any(_answers(later, point, what) for later in points):
            continue
        said = "it was kept" if point.event_type == "AGREE" else "it was carried out"
        yield Sentence(
            f"{sentence_of(point, names).text} Nothing read until {_day(until)} shows that {said}.",
            sentence_of(point, names).events,
        )


def _answers(later: Point, point: Point, types: Sequence[str]) -> bool:
    """Return whether a later deed by the same side within half a year may be what was promised or threatened."""
    if later.event_type not in types or later.status != "actual" or later.on is None or point.on is None:
        return False
    same = later.direction in (point.direction, "mutual") or point.direction == "mutual"
    return same and timedelta(0) < later.on - point.on <= timedelta(days=_WITHIN_DAYS)
