"""Points of a pair counted per day, week or month, beside how much was read in that time.

In: points and what was read per outlet and day. Out: a ``Series`` of arrays that all have one entry per period.

Exposure says how much of the usual reading a period had: 1 is as always, 0 is nothing read, so that a broken feed is not peace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.points import Point

Step = Literal["day", "week", "month"]
STEPS: tuple[Step, ...] = ("day", "week", "month")
PERIODS_PER_YEAR: Mapping[Step, float] = {"day": 365.25, "week": 52.18, "month": 12.0}
# Outlets with less than this share of all articles are taken together: alone their days are too few to say what is usual.
LEAST_SHARE = 0.1
# Added to the number of a pair's reports of each outlet before shares are taken, in reports.
_PRIOR_REPORTS = 10.0
# Of an outlet with a few articles per period a period with none is chance; where many are usual, it is a gap in the reading.
_FEW, _MANY = 3.0, 10.0

Coverage = Mapping[str, Mapping[date, int]]  # outlet → day → articles read


@dataclass(frozen=True, slots=True)
class Series:
    """What a pair did per period.

    Attributes:
        step: Length of a period.
        starts: First day of each period, T of them, without gaps.
        counts: int64 (T, 4), incidents by quad class 1 to 4.
        intensity: float64 (T,), mean intensity of the incidents, NaN where there is none.
        spread: float64, standard deviation of the intensities of single incidents.
        exposure: float64 (T,), share of the usual reading.
        planned: int64 (T,), announced incidents, by the day announced for.
        undated: How many incidents could not be put on a day.
    """

    step: Step
    starts: tuple[date, ...]
    counts: NDArray[np.int64]
    intensity: NDArray[np.float64]
    spread: float
    exposure: NDArray[np.float64]
    planned: NDArray[np.int64]
    undated: int = 0

    @property
    def conflict(self) -> NDArray[np.int64]:
        """Incidents of quad classes 3 and 4, int64 (T,)."""
        total: NDArray[np.int64] = self.counts[:, 2:].sum(axis=1)
        return total

    @property
    def cooperation(self) -> NDArray[np.int64]:
        """Incidents of quad classes 1 and 2, int64 (T,)."""
        total: NDArray[np.int64] = self.counts[:, :2].sum(axis=1)
        return total


def start_of(day: date, step: Step) -> date:
    """Return the first day of the period that holds a day; weeks begin on Monday."""
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def next_start(start: date, step: Step) -> date:
    """Return the first day of the period after the one that begins at ``start``."""
    if step == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start + timedelta(days=7 if step == "week" else 1)


def starts_of(since: date, until: date, step: Step) -> tuple[date, ...]:
    """Return the first days of all periods from that of ``since`` to that of ``until``."""
    out, start = [], start_of(since, step)
    while start <= until:
        out.append(start)
        start = next_start(start, step)
    return tuple(out)


def series_of(
    points: Sequence[Point], coverage: Coverage, *, step: Step, since: date, until: date,
    outlets: Iterable[str] = (),
) -> Series:  # fmt: skip
    """Count points per period.

    Args:
        points: Points of the pair.
        coverage: Articles read per outlet and day, of the whole store and not of the pair alone.
        step: Length of a period.
        since: A day of the first period.
        until: A day of the last period.
        outlets: The outlet of each report of the pair: those that report more of it weigh more in the exposure.
    """
    starts = starts_of(since, until, step)
    place = {start: t for t, start in enumerate(starts)}
    counts = np.zeros((len(starts), 4), np.int64)
    planned = np.zeros(len(starts), np.int64)
    sums = np.zeros(len(starts))
    values: list[float] = []
    undated = 0
    for point in points:
        if point.is_planned and point.from_ is not None:
            t = place.get(start_of(point.from_, step))
            planned[t if t is not None else 0] += t is not None
        if not point.is_counted:
            undated += point.status == "actual" and not point.historical
            continue
        t = place.get(start_of(point.on, step)) if point.on is not None else None
        if t is not None:
            counts[t, point.quad_class - 1] += 1
            sums[t] += point.intensity
            values.append(point.intensity)
    total = counts.sum(axis=1)
    return Series(
        step, starts, counts, np.where(total > 0, sums / np.maximum(total, 1), np.nan),
        float(np.std(values)) if len(values) > 1 else 5.0, exposure_of(coverage, starts, step, outlets), planned, undated,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """Incidents of a pair as days, for counting many at once.

    Attributes:
        on: int64 (n,), ordinals of the days at which incidents are counted.
        quad: int64 (n,), their quad classes.
        intensity: float64 (n,), their intensities.
        planned: int64 (m,), ordinals of the first days of announced incidents.
        undated: How many could not be put on a day.
    """

    on: NDArray[np.int64]
    quad: NDArray[np.int64]
    intensity: NDArray[np.float64]
    planned: NDArray[np.int64]
    undated: int


def series_of_days(
    days: Days, coverage: Coverage, *, step: Step, since: date, until: date, outlets: Mapping[str, int]
) -> Series:  # fmt: skip
    """Count days per period, as ``series_of`` counts points; ``outlets`` says how many reports of the pair each outlet has."""
    starts = starts_of(since, until, step)
    edges = _edges(starts, step)
    t = np.searchsorted(edges, days.on, side="right") - 1
    inside = (t >= 0) & (t < len(starts))
    t, quad, values = t[inside], days.quad[inside], days.intensity[inside]
    counts = np.bincount(t * 4 + quad - 1, minlength=4 * len(starts)).reshape(-1, 4).astype(np.int64)
    sums = np.bincount(t, weights=values, minlength=len(starts))
    at = np.searchsorted(edges, days.planned, side="right") - 1
    planned = np.bincount(at[(at >= 0) & (at < len(starts))], minlength=len(starts)).astype(np.int64)
    total = counts.sum(axis=1)
    return Series(
        step, starts, counts, np.where(total > 0, sums / np.maximum(total, 1), np.nan),
        float(np.std(values)) if len(values) > 1 else 5.0, exposure_of(coverage, starts, step, outlets), planned, days.undated,
    )  # fmt: skip


def exposure_of(coverage: Coverage, starts: Sequence[date], step: Step, outlets: Iterable[str] | Mapping[str, int] = ()) -> NDArray[np.float64]:  # fmt: skip
    """Return the share of the usual reading that each period had, float64 (T,).

    Of each outlet the articles of a period are divided by its mean over the periods from its first article to its last; outlets are
    weighed by how many of the pair's reports come from them. Before the first article of all and after the last nothing was read.
    Without any coverage known, every period counts as usual.
    """
    edges = _edges(starts, step)
    read = {name: _per_period(days, edges) for name, days in _pooled(coverage).items()}
    read = {name: n for name, n in read.items() if n.any()}
    if not read:
        return np.zeros(len(starts)) if any(coverage.values()) else np.ones(len(starts))
    told = dict.fromkeys(read, 0.0)
    for outlet, n in (outlets if isinstance(outlets, Mapping) else Counter(outlets)).items():
        name = outlet if outlet in read else _OTHERS
        if name in told:
            told[name] += n
    articles = sum(n.sum() for n in read.values())
    out = np.zeros(len(starts))
    weights = {name: told[name] + _PRIOR_REPORTS * n.sum() / articles for name, n in read.items()}
    whole = sum(weights.values())
    for name, n in read.items():
        out += weights[name] / whole * _share(n)
    first, last = np.flatnonzero(np.sum(list(read.values()), axis=0))[[0, -1]]
    out[:first], out[last + 1 :] = 0.0, 0.0
    return out


def _share(n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each period's articles over the usual number, drawn towards 1 where so few are usual that chance moves them."""
    first, last = np.flatnonzero(n)[[0, -1]]
    usual = n[first : last + 1].mean()
    share: NDArray[np.float64] = (n + _FEW) / (usual + _FEW)
    share[(n == 0) & (usual >= _MANY)] = 0.0
    return share


_OTHERS = ""


def _pooled(coverage: Coverage) -> dict[str, list[Mapping[date, int]]]:
    """Return per outlet its days; those of outlets with a small share of all articles stand together."""
    sums = {outlet: sum(days.values()) for outlet, days in coverage.items()}
    least = LEAST_SHARE * sum(sums.values())
    out: dict[str, list[Mapping[date, int]]] = {}
    for outlet, days in coverage.items():
        out.setdefault(outlet if sums[outlet] >= least else _OTHERS, []).append(days)
    return out


def _edges(starts: Sequence[date], step: Step) -> NDArray[np.int64]:
    """Return the ordinals of the first days of periods and of the day after the last, int64 (T + 1,); of no period, one 0."""
    if not starts:
        return np.zeros(1, np.int64)
    return np.array([*(s.toordinal() for s in starts), next_start(starts[-1], step).toordinal()], np.int64)


def _per_period(parts: Sequence[Mapping[date, int]], edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how many of dated things fall into each period, float64 (T,)."""
    periods = len(edges) - 1
    on = np.array([day.toordinal() for days in parts for day in days], np.int64)
    t = np.searchsorted(edges, on, side="right") - 1
    inside = (t >= 0) & (t < periods)
    n = np.array([n for days in parts for n in days.values()], np.float64)
    return np.bincount(t[inside], weights=n[inside], minlength=periods).astype(np.float64)
