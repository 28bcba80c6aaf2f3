"""A relation on one page: sentences composed from records, each with the evidence it rests on.

In: a relation's points, turns and level, and the sentences of its events. Out: a ``Brief`` of sections of sentences. No text is
generated: every sentence is a pattern filled with fields, and ends in references to quotes or to another section.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any

from dragoman.relate.alerts import chance_of
from dragoman.relate.change import Change
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


def say_sides(people: Sequence[Mapping[str, Any]]) -> str:
    """Return participants as a list in words: their names, or the words of the text."""
    names = list(dict.fromkeys(" ".join((p["name"] or p["text"]).split()) for p in people))
    if len(names) > _MOST_SIDES:
        names = [*names[:_MOST_SIDES], f"{len(names) - _MOST_SIDES} others"]
    return (
        names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "somebody"
    )


def say(incident: Mapping[str, Any]) -> str:
    """Return what an incident was, without when; a taught type is said by its name."""
    patterns = _phrases().get(incident["event_type"])
    actors, recipients = say_sides(incident["actors"]), say_sides(incident["recipients"])
    if patterns is None:
        whom = f" towards {recipients}" if incident["recipients"] else ""
        return f"{actors}: {incident['event_type'].lower().replace('_', ' ')}{whom}"
    closer = patterns.get("modes", {}).get(incident["mode"], patterns)
    key = "to" if incident["recipients"] else "mutual" if len(incident["actors"]) > 1 else "alone"
    said: str = closer[key].format(a=actors, b=recipients)
    place = incident.get("place")
    return f"{said} ({place['name']})" if place and place.get("name") else said


def sentence_of(point: Point) -> Sentence:
    """Return an incident as a sentence with its events."""
    told = {
        "future": " This is announced.",
        "hypothetical": " This is said to be possible.",
        "negated": " This did not happen.",
    }
    reports = len(point.incident["reports"])
    many = f", told in {reports} reports" if reports > 1 else ""
    return Sentence(
        f"{say_date(point)} {say(point.incident)}{many}.{told.get(point.status, '')}",
        tuple(point.incident["events"][:3]),
    )


def brief_of(
    name: str, points: Sequence[Point], changes: Iterable[Change], moved: Mapping[int, Sequence[Point]], *, since: date,
    until: date, level: tuple[float, float, float] | None, notes: Sequence[str], follows: Mapping[str, Sequence[str]],
    evidence: Mapping[str, Mapping[str, Any]],
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
    """
    sections = (
        Section("summary", "In short", tuple(_summary(name, points, level, until))),
        Section("turns", "Turning points", tuple(_turns(list(changes), moved))),
        Section("timeline", "Time line", tuple(sentence_of(p) for p in points)),
        Section("open", "Open threats and promises", tuple(_open(points, follows, until))),
        Section("planned", "Announced", tuple(sentence_of(p) for p in points if p.is_planned)),
        Section(
            "notes",
            "What is not known",
            tuple(Sentence(f"{n[0].upper()}{n[1:]}.", section="timeline") for n in notes),
        ),
    )
    return Brief(name, since, until, sections, evidence)


def _summary(name: str, points: Sequence[Point], level: tuple[float, float, float] | None, until: date) -> Iterable[Sentence]:  # fmt: skip
    done = [p for p in points if p.status == "actual"]
    kinds = ", ".join(
        f"{n} of {QUAD_NAMES[q]}" for q in (1, 2, 3, 4) if (n := sum(p.quad_class == q for p in done))
    )
    yield Sentence(
        f"{len(done)} incidents between {name} are known{': ' + kinds if kinds else ''}.", section="timeline"
    )
    if level is not None:
        mean, low, high = level
        yield Sentence(
            f"The level at the end, {_day(until)}, is {mean:+.1f} on the scale from -10 (conflict) to +10 (cooperation); with a "
            f"probability of 0.9 it lies between {low:+.1f} and {high:+.1f}.",
            section="timeline",
        )
    if done:
        last = max(done, key=lambda p: p.to or p.on or date.min)
        yield Sentence(
            f"The last that is known: {_lower(sentence_of(last).text)}", tuple(last.incident["events"][:3])
        )


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _turns(changes: Sequence[Change], moved: Mapping[int, Sequence[Point]]) -> Iterable[Sentence]:
    for n, change in enumerate(changes):
        points = moved.get(n, ())[:4]
        more = "more" if change.rises else "less"
        yield Sentence(
            f"Since {_day(change.since)} there was {more} {change.kind} than before, {change.after:.2g} incidents a week instead "
            f"of {change.before:.2g} ({chance_of(change)}).",
            tuple(e for p in points for e in p.incident["events"][:1]), "timeline",
        )  # fmt: skip


def _open(points: Sequence[Point], follows: Mapping[str, Sequence[str]], until: date) -> Iterable[Sentence]:
    answered = {other for others in follows.values() for other in others}
    for point in points:
        if point.event_type not in ("AGREE", "THREATEN") or point.status not in ("actual", "future"):
            continue
        what = _KEPT if point.event_type == "AGREE" else _CARRIED_OUT
        if point.incident_id in answered or any(_answers(later, point, what) for later in points):
            continue
        said = "promise" if point.event_type == "AGREE" else "threat"
        yield Sentence(
            f"{sentence_of(point).text} Nothing until {_day(until)} shows that the {said} was followed.",
            sentence_of(point).events,
        )


def _answers(later: Point, point: Point, types: Sequence[str]) -> bool:
    """Return whether a later deed by the same side within half a year may be what was promised or threatened."""
    if later.event_type not in types or later.status != "actual" or later.on is None or point.on is None:
        return False
    same = later.direction in (point.direction, "mutual") or point.direction == "mutual"
    return same and timedelta(0) < later.on - point.on <= timedelta(days=_WITHIN_DAYS)
