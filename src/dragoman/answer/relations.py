"""How two sides get on: fetched from a store, counted, smoothed, with its turns and the sentences that say so."""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.answer.pairs import Pair, pair_of
from dragoman.errors import UnknownCode, UsageError
from dragoman.ontology import Ontology
from dragoman.records import to_json
from dragoman.relate.brief import say_group
from dragoman.relate.change import Change, find_changes
from dragoman.relate.groups import Group
from dragoman.relate.kept import once
from dragoman.relate.level import Level, level_of
from dragoman.relate.points import Point
from dragoman.relate.rates import Rates, rates_of
from dragoman.relate.series import LEAST_SHARE, Coverage, Series, Step, start_of
from dragoman.store import Store
from dragoman.store.relating import find_evidence, read_per_day

# A store that was read for less than this says nothing about turns: there is no usual yet.
LEAST_HISTORY_DAYS = 182
# What lies longer than this before the first day asked for changes no turn: the detector remembers three years and learns in one.
HISTORY_DAYS = 5 * 365
MOST_YEARS = 60
PER_YEAR = 0.5
_NO_COUNTRIES = {
    "IGO": "International organisations", "UNO": "United Nations", "EUR": "European Union", "NGO": "Non-governmental organisations",
    "ISM": "Islamic State", "IMG": "International militants", "MNC": "Multinational companies",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """A pair's relation in a period.

    ``points`` are all incidents of the period, counted or not, or the latest of them; ``incidents`` is how many there are, and
    ``intensity`` the mean of those that happened. ``series``, ``level``, ``conflict`` and ``cooperation`` have one entry
    per step, ``changes`` the turns raised in it. ``notes`` say what is missing or uncertain.
    """

    first: Group
    second: Group
    since: date
    until: date
    points: tuple[Point, ...]
    series: Series
    level: Level
    conflict: Rates
    cooperation: Rates
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    incidents: int
    intensity: float | None


def get_relation(
    store: Store, first: Group, second: Group, *, ontology: Ontology, since: date | None = None, until: date | None = None,
    step: Step = "month", as_of: datetime | None = None, per_year: float = PER_YEAR, coverage: Coverage | None = None,
    latest: int | None = None,
) -> Relation:  # fmt: skip
    """Return how two sides get on.

    Args:
        store: An open store.
        first: One side.
        second: The other side.
        ontology: The codes, with taught types.
        since: First day to tell of; what lies before still shapes the level. None for the first incident.
        until: Last day to tell of; None for the last day of which anything was read. Counts end there in any case: what was not read
            is no peace.
        step: Length of a period of the series.
        as_of: The state of knowledge at a moment; None for now.
        per_year: False alarms per year and kind that changes may raise.
        coverage: What was read per outlet and day, when the caller has it already.
        latest: Give at most so many points, the latest; all are counted. None for all. Few make a pair of many incidents fast.

    Raises:
        StoreError: The file could not be read.
    """
    pair = pair_of(store, first, second, ontology=ontology, as_of=as_of, latest=latest)
    # What is shown lies here and there in the file, and reading it takes as long as counting.
    points = store.beside(lambda other: pair.points(other, since, until))
    read = read_per_day(store, as_of=as_of, least_share=LEAST_SHARE) if coverage is None else coverage
    begin, end = extent_of(pair.counted_days, read, since, until)
    series = pair.series(read, step=step, since=begin, until=end)
    from_day = begin if since is None else max(begin, since - timedelta(days=HISTORY_DAYS))
    weekly = pair.series(read, step="week", since=from_day, until=end)
    level = once(lambda: level_of(series), "level", series)
    conflict = once(lambda: rates_of(series.conflict, series.exposure, step=step), "conflict", series)
    cooperation = once(lambda: rates_of(series.cooperation, series.exposure, step=step), "cooperation", series)  # fmt: skip
    long_enough = (end - begin).days >= LEAST_HISTORY_DAYS
    changes = once(lambda: find_changes(weekly, per_year=per_year), "changes", weekly, per_year) if long_enough else []  # fmt: skip
    shown, numbers = since or pair.first_day or begin, pair.numbers(since, until)
    return Relation(
        first, second, shown, max(shown, end), points(),
        *_cut(series, level, conflict, cooperation, shown, end),
        tuple(c for c in changes if shown <= c.raised_on <= end), tuple(_notes(pair, series, begin, end, shown)),
        numbers.incidents, numbers.intensity,
    )  # fmt: skip


@functools.cache
def country_names() -> Mapping[str, str]:
    """Return the name of each country by its code, with PLOVER's codes for those who are none."""
    file = resources.files("dragoman.resolve").joinpath("registry/countries.csv")
    with file.open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {
            **_NO_COUNTRIES,
            **{row["country"]: row["name"] for row in rows if row["id"] == row["country"]},
        }


def say_side(side: Group, ontology: Ontology) -> str:
    """Return a side in words: its countries by their names; a group of the user's by the name it has.

    Example:
        >>> from dragoman.ontology import load_ontology
        >>> say_side(Group("SAU", ("SAU",)), load_ontology())
        'Saudi Arabia'
    """
    return say_group(side, country_names(), ontology.sectors)


def check_side(side: Group, ontology: Ontology) -> None:
    """Check the codes that a side's members hold.

    Raises:
        UnknownCode: A country or a sector does not exist, or a code is written in small letters.
        UsageError: A group is called as a country is.
    """
    names = country_names()
    if side.name in names and side.members != (side.name,):
        raise UsageError(f'"{side.name}" is the code of a country and cannot be the name of a group.')
    for member in side.members:
        code, slash, sector = member.partition("/")
        if code.upper() in names and not code.isupper():
            raise UnknownCode(f'"{member}" is not a country. Did you mean "{member.upper()}"?')
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            continue
        if code not in names:
            raise UnknownCode(
                f'"{code}" is not a country. Use an ISO 3166 alpha-3 code such as "IRN"; '
                f'write a name that looks like one in small letters: "{code.lower()}".'
            )
        if slash:
            ontology.check_sector(sector)


def extent_of(counted: Sequence[date], read: Coverage, since: date | None, until: date | None) -> tuple[date, date]:  # fmt: skip
    """Return the days from and to which a relation is computed: all that was read, and what is asked for.

    Days more than ``MOST_YEARS`` before the last are left out: one article dated to the year 1000 would make a series of centuries.
    """
    days = [day for outlet in read.values() for day in outlet]
    days += counted
    first = min(days, default=since or until or date(2000, 1, 1))
    known = max(days, default=None)
    last = min(until or known, known) if known else until or since or first
    first = max(first, last - timedelta(days=366 * MOST_YEARS)) if last.year > MOST_YEARS + 1 else first
    return min(first, since or first, last), last


def _cut(
    series: Series, level: Level, conflict: Rates, cooperation: Rates, since: date, until: date
) -> tuple[Series, Level, Rates, Rates]:
    """Leave out the periods before the one that holds ``since``."""
    at = next(
        (t for t, start in enumerate(series.starts) if start >= start_of(since, series.step)),
        len(series.starts),
    )
    cut = replace(
        series, starts=series.starts[at:], counts=series.counts[at:], intensity=series.intensity[at:],
        exposure=series.exposure[at:], planned=series.planned[at:],
    )  # fmt: skip
    levels = Level(*(getattr(level, name)[at:] for name in Level.__dataclass_fields__))
    return cut, levels, _cut_rates(conflict, at), _cut_rates(cooperation, at)


def _cut_rates(rates: Rates, at: int) -> Rates:
    return replace(
        rates, mean=rates.mean[at:], low=rates.low[at:], high=rates.high[at:], expected=rates.expected[at:],
        predicted=rates.predicted[at:],
    )  # fmt: skip


def _notes(pair: Pair, series: Series, begin: date, end: date, shown: date) -> Iterable[str]:
    if shown > end or not series.exposure.any():
        yield "nothing was read in this time"
        return
    if not pair.numbers(None, None).incidents:
        yield "no incident in which both take part"
        return
    if pair.background:
        yield f"{incidents_of(pair.background)} told as background: on the time line and not in the counts"
    if series.undated:
        yield f"{incidents_of(series.undated)} without a day within a month: not in the counts"
    if 0 < pair.counted < 10:
        yield f"only {incidents_of(pair.counted)} counted: the level is little more than a guess, and its interval says so"
    if 0 <= (end - begin).days < LEAST_HISTORY_DAYS:
        yield f"read from {begin} to {end} only: turns need half a year of reading"
    thin = int((series.exposure < 0.25).sum())
    if thin:
        yield f"{thin} of {len(series.starts)} {series.step}s were read for less than a quarter of the usual"


def incidents_of(n: int) -> str:
    """Return a number of incidents in words.

    Example:
        >>> incidents_of(1), incidents_of(2)
        ('1 incident', '2 incidents')
    """
    return f"{n} incident" if n == 1 else f"{n} incidents"


def to_rows(relation: Relation, *, evidence: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Return a relation in the shape of the JSON.

    Args:
        relation: The relation.
        evidence: Event id → its sentence, as ``find_evidence`` gives it, for the points; None leaves the sentences out.
    """
    series, level = relation.series, relation.level
    bands = {"conflict": relation.conflict.band(), "cooperation": relation.cooperation.band()}
    return {
        "first": {"name": relation.first.name, "members": list(relation.first.members)},
        "second": {"name": relation.second.name, "members": list(relation.second.members)},
        "since": relation.since.isoformat(), "until": relation.until.isoformat(), "step": series.step,
        "points": [point_row(p, evidence or {}) for p in relation.points],
        "series": [
            {
                "start": start.isoformat(), "counts": [int(n) for n in series.counts[t]],
                "intensity": _number(series.intensity[t]), "exposure": _number(series.exposure[t]),
                "planned": int(series.planned[t]),
                "level": {"mean": _number(level.mean[t]), "low": _number(level.low[t]), "high": _number(level.high[t])},
                "conflict": _rate(relation.conflict, bands["conflict"], t),
                "cooperation": _rate(relation.cooperation, bands["cooperation"], t),
            }
            for t, start in enumerate(series.starts)
        ],
        "next": {
            kind: {"expected": _number(rates.expected[-1]), "low": int(bands[kind][-1][0]), "high": int(bands[kind][-1][1])}
            for kind, rates in (("conflict", relation.conflict), ("cooperation", relation.cooperation))
        },
        "changes": [change_row(c, relation) for c in relation.changes],
        "notes": list(relation.notes),
    }  # fmt: skip


def _rate(rates: Rates, band: NDArray[np.int64], t: int) -> dict[str, Any]:
    return {
        "rate": _number(rates.mean[t]), "low": _number(rates.low[t]), "high": _number(rates.high[t]),
        "band": [int(band[t][0]), int(band[t][1])],
    }  # fmt: skip


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 4)


def point_row(point: Point, evidence: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a point as a row: the incident, its place in the relation, and its sentences as far as they were fetched."""
    return {
        **point.incident, "intensity": point.intensity, "direction": point.direction, "counted": point.is_counted,
        "planned": point.is_planned, "on": to_json(point.on),
        "evidence": [evidence[e] for e in point.incident["events"] if e in evidence],
    }  # fmt: skip


def change_row(change: Change, relation: Relation) -> dict[str, Any]:
    """Return a turn as a row, with the ids of the incidents that moved it, strongest first."""
    return {
        "kind": change.kind, "rises": change.rises, "raised_on": change.raised_on.isoformat(), "since": change.since.isoformat(),
        "confidence": round(change.confidence, 4), "before": round(change.before, 4), "after": round(change.after, 4),
        "by_chance_per_year": change.by_chance_per_year,
        "incidents": [p.incident_id for p in moved_by(change, relation.points)],
    }  # fmt: skip


def moved_by(change: Change, points: Iterable[Point]) -> list[Point]:
    """Return the counted points of a turn's kind from its beginning to the day it was raised, strongest first.

    Of a lull, where nothing moves it, the last points before it.
    """
    ours = [
        p
        for p in points
        if p.is_counted and p.on is not None and (p.quad_class > 2) == (change.kind == "conflict")
    ]
    first = change.since if change.rises else change.since - timedelta(days=90)
    last = change.raised_on if change.rises else change.since
    found = [p for p in ours if first <= p.on <= last]  # type: ignore[operator]
    return sorted(found, key=lambda p: (-abs(p.intensity), -len(p.incident["reports"]), p.on or date.max))


def evidence_of(store: Store, points: Iterable[Point], *, as_of: datetime | None = None, most: int = 3) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return the sentences of points, at most so many per incident."""
    events = [e for p in points for e in p.incident["events"][:most]]
    return find_evidence(store, events, as_of=as_of) if events else {}
