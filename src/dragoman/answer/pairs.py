"""The two ways to count a pair's incidents: as columns, or as points, each with its row, where a side is words of a name.

Both give the same relation. Columns take a pair of tens of thousands of incidents in the time of a hundred points, and only the
incidents that are shown are read in whole.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dragoman.ontology import Ontology
from dragoman.relate.groups import Group
from dragoman.relate.points import MOST_DAYS, Point, direction_of, points_of
from dragoman.relate.series import Coverage, Days, Series, Step, series_of, series_of_days
from dragoman.store import Store
from dragoman.store.overview import NO_DAY
from dragoman.store.pairs import PairColumns, count_newsrooms, find_columns, people_of
from dragoman.store.relating import find_evidence, find_pair, find_rows

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many incidents a pair has in a period, and the mean intensity of those that happened; None for none."""

    incidents: int
    intensity: float | None


class Pair(Protocol):
    """The incidents of a pair, dated."""

    @property
    def first_day(self) -> date | None:
        """The first day of the earliest incident; None for none."""

    @property
    def background(self) -> int:
        """How many are told as background."""

    @property
    def counted_days(self) -> Sequence[date]:
        """Days of those that are counted, or the first and the last of them."""

    @property
    def counted(self) -> int:
        """How many are counted."""

    def series(self, read: Coverage, *, step: Step, since: date, until: date) -> Series:
        """Return them counted per period."""

    def points(self, store: Store, since: date | None, until: date | None) -> tuple[Point, ...]:
        """Return those of a period as points, or the latest of them, read from a store where that is still to be done."""

    def numbers(self, since: date | None, until: date | None) -> Numbers:
        """Return how many a period has."""


def pair_of(
    store: Store, first: Group, second: Group, *, ontology: Ontology, as_of: datetime | None, latest: int | None,
) -> Pair:  # fmt: skip
    """Return the incidents of two sides: as columns where codes say all, else as points.

    Args:
        store: An open store.
        first: One side.
        second: The other side.
        ontology: The codes.
        as_of: The state of knowledge at a moment; None for now.
        latest: Give at most so many points, the latest; None for all.

    Raises:
        StoreError: The file could not be read.
    """
    columns = find_columns(store, first.members, second.members, as_of=as_of)
    if columns is not None and all(is_known(ontology, k.event_type, k.mode) for k in columns.kinds):
        return _Columns(store, columns, first, second, ontology, latest)
    incidents = find_pair(store, first.members, second.members, as_of=as_of)
    points = points_of(incidents, first, second, intensity=Intensities(store, ontology, incidents, as_of))
    return _Points(incidents, points, latest)


def is_known(ontology: Ontology, event_type: str, mode: str | None) -> bool:
    """Return whether the ontology has a type and mode; a type that was taught may be known to the store alone."""
    kind = ontology.types.get(event_type)
    return kind is not None and (mode is None or mode in kind.modes)


class Intensities:
    """An incident's intensity by the ontology; of a type that was taught and is not known here, that of its first event."""

    def __init__(
        self, store: Store, ontology: Ontology, incidents: Iterable[Mapping[str, Any]], as_of: datetime | None = None
    ) -> None:  # fmt: skip
        self.ontology = ontology
        strange = [i["events"][0] for i in incidents if not is_known(ontology, i["event_type"], i["mode"])]
        self.given = {k: float(v["intensity"]) for k, v in find_evidence(store, strange, as_of=as_of).items()} if strange else {}  # fmt: skip

    def __call__(self, incident: Mapping[str, Any]) -> float:
        """Return the intensity, -10 to +10; 0 where nothing tells it."""
        if is_known(self.ontology, incident["event_type"], incident["mode"]):
            return self.ontology.intensity(incident["event_type"], incident["mode"])
        return self.given.get(incident["events"][0], 0.0)


class _Points:
    """Every incident as a point."""

    def __init__(self, incidents: Sequence[Mapping[str, Any]], points: Sequence[Point], latest: int | None) -> None:  # fmt: skip
        self._points, self._latest = points, latest
        self._outlets = [room for row in incidents for room in row["newsrooms"] or ()]
        self.first_day = (points[0].from_ or points[0].on) if points else None
        self.background = sum(p.historical for p in points)
        self.counted_days = [p.on for p in points if p.is_counted and p.on is not None]
        self.counted = len(self.counted_days)

    def series(self, read: Coverage, *, step: Step, since: date, until: date) -> Series:
        return series_of(self._points, read, step=step, since=since, until=until, outlets=self._outlets)

    def points(self, store: Store, since: date | None, until: date | None) -> tuple[Point, ...]:
        found = self._within(since, until)
        return tuple(found if self._latest is None else found[-self._latest :])

    def _within(self, since: date | None, until: date | None) -> list[Point]:
        return [p for p in self._points if _is_within(p, since, until)]

    def numbers(self, since: date | None, until: date | None) -> Numbers:
        found = self._within(since, until)
        done = [p.intensity for p in found if p.status == "actual"]
        return Numbers(len(found), sum(done) / len(done) if done else None)


def _is_within(point: Point, since: date | None, until: date | None) -> bool:
    first, last = point.from_ or point.on, point.to or point.on
    if first is None or last is None:
        return since is None and until is None
    return (since is None or last >= since) and (until is None or first <= until)


class _Columns:
    """Every incident as an entry of columns; those that are asked for as points."""

    def __init__(
        self, store: Store, columns: PairColumns, first: Group, second: Group, ontology: Ontology, latest: int | None
    ) -> None:  # fmt: skip
        self._store, self._sides, self._latest = store, (first, second), latest
        self._intensity: Callable[[Mapping[str, Any]], float] = lambda row: ontology.intensity(row["event_type"], row["mode"])  # fmt: skip
        # Many kinds have the same sides, and only these three things of them say how both stand.
        known = functools.cache(lambda sides, quad, kind: _direction(sides, quad, kind, first, second))
        directions = [known(k.sides, max(k.quad_class, 2), k.event_type == "SANCTION") for k in columns.kinds]
        own = np.array([d is not None for d in directions] or [False])[columns.kind]

        def each(values: Iterable[Any], dtype: Any) -> NDArray[Any]:
            """Return what is said of each kind, for each incident."""
            told = np.array([*values], dtype)
            return told[columns.kind[own]] if len(told) else told

        self._rowid = columns.rowid[own]
        self._from, self._to, seen = columns.first[own], columns.last[own], columns.seen[own]
        self._on = _counted_on(seen, self._from, self._to)
        self._quad = each((k.quad_class for k in columns.kinds), np.int64)
        self._scores = each((ontology.intensity(k.event_type, k.mode) for k in columns.kinds), np.float64)
        self._actual = each((k.status == "actual" for k in columns.kinds), np.bool_)
        self._future = each((k.status == "future" for k in columns.kinds), np.bool_)
        history = each((k.historical for k in columns.kinds), np.bool_)
        together = each((d == "together" for d in directions), np.bool_)
        wide = (
            (self._from != NO_DAY)
            & (self._to != NO_DAY)
            & (self._to.astype(np.int64) - self._from > MOST_DAYS)
        )
        news = self._actual & ~history
        self._counts = news & ~together & ~wide & (self._on != NO_DAY)
        self._undated = int((news & ~self._counts).sum())
        self.background = int(history.sum())
        self.counted = int(self._counts.sum())

    @functools.cached_property
    def first_day(self) -> date | None:
        days = np.where(self._from != NO_DAY, self._from, self._on)
        days = days[days != NO_DAY]
        return _date(int(days.min())) if len(days) else None

    @property
    def counted_days(self) -> Sequence[date]:
        days = self._on[self._counts]
        return [_date(int(days.min())), _date(int(days.max()))] if len(days) else []

    def series(self, read: Coverage, *, step: Step, since: date, until: date) -> Series:
        own, planned = self._counts, self._future & (self._from != NO_DAY)
        # By day and row, so that means are taken in an order that does not depend on the file.
        order = np.lexsort((self._rowid[own], self._on[own]))
        days = Days(
            self._on[own][order].astype(np.int64) + _EPOCH, self._quad[own][order], self._scores[own][order],
            self._from[planned].astype(np.int64) + _EPOCH, self._undated,
        )  # fmt: skip
        # Where all outlets are small they are one, and who of them tells how much weighs nothing.
        outlets = {} if len(read) < 2 else self._newsrooms
        return series_of_days(days, read, step=step, since=since, until=until, outlets=outlets)

    @functools.cached_property
    def _newsrooms(self) -> Mapping[str, int]:
        return count_newsrooms(self._store, self._rowid.tolist())

    def _within(self, since: date | None, until: date | None) -> NDArray[np.bool_]:
        first = np.where(self._from != NO_DAY, self._from, self._on)
        last = np.where(self._to != NO_DAY, self._to, self._on)
        if since is None and until is None:
            return np.ones(len(first), np.bool_)
        known: NDArray[np.bool_] = (first != NO_DAY) & (last != NO_DAY)
        if since is not None:
            known &= last >= since.toordinal() - _EPOCH
        if until is not None:
            known &= first <= until.toordinal() - _EPOCH
        return known

    def points(self, store: Store, since: date | None, until: date | None) -> tuple[Point, ...]:
        own = np.flatnonzero(self._within(since, until))
        most = self._latest
        if most is not None and len(own) > most:
            day = np.where(self._from != NO_DAY, self._from, self._on).astype(np.int64)[own]
            day[day == NO_DAY] = np.iinfo(np.int64).max  # as points have it: those without a day are the last
            # And all of the same day: which are the last of them is for points to say.
            own = own[day >= np.partition(day, -most)[-most]]
        found = points_of(find_rows(store, self._rowid[own].tolist()), *self._sides, intensity=self._intensity)  # fmt: skip
        return tuple(found if most is None else found[-most:])

    def numbers(self, since: date | None, until: date | None) -> Numbers:
        own = self._within(since, until)
        done = self._scores[own & self._actual]
        return Numbers(int(own.sum()), float(done.mean()) if len(done) else None)


def _date(number: int) -> date:
    return date.fromordinal(number + _EPOCH)


def _direction(sides: str, quad_class: int, sanctions: bool, first: Group, second: Group) -> str | None:
    """Return how two sides stand, as ``direction_of`` says; quad classes 1 and 2 are one to it, and so are all types but SANCTION."""
    actors, recipients = people_of(sides)
    row = {
        "actors": actors,
        "recipients": recipients,
        "quad_class": quad_class,
        "event_type": "SANCTION" if sanctions else "",
    }
    return direction_of(row, first, second)


def _counted_on(seen: NDArray[np.int32], first: NDArray[np.int32], last: NDArray[np.int32]) -> NDArray[np.int32]:  # fmt: skip
    """Return the day of the first report, moved into the interval of the date; ``NO_DAY`` where neither is known."""
    late = np.where((last != NO_DAY) & (seen > last), last, seen)
    early = np.where((first != NO_DAY) & (seen < first), first, late)
    out: NDArray[np.int32] = np.where(seen == NO_DAY, first, early)
    return out
