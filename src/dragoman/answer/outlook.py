"""What to expect of a pair in the next weeks, and how such forecasts fared in the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dragoman.answer.pairs import Intensities
from dragoman.ontology import Ontology
from dragoman.relate.backtest import LEAST_ABOVE, LEAST_TESTED, METHODS, Method, Scores, scores_of
from dragoman.relate.groups import Group
from dragoman.relate.outlook import (
    HORIZONS,
    LEAST_INCIDENTS,
    LEAST_WEEKS,
    Forecasts,
    exposure_then,
    forecasts_of,
)
from dragoman.relate.points import points_of
from dragoman.relate.series import Coverage, next_start, series_of, start_of
from dragoman.store import Store
from dragoman.store.relating import find_pair, read_per_day

Kind = Literal["material_conflict", "material_cooperation"]
QUADS: Mapping[Kind, int] = {"material_conflict": 4, "material_cooperation": 2}
_MOST_DAYS = (
    30 * 366
)  # what lies before tells nothing of today, and a stray old article must not cost a century of empty weeks


@dataclass(frozen=True, slots=True)
class History:
    """A pair week by week, as forecasts need it; whole weeks only.

    Attributes:
        starts: First day of each week and of the next one, T + 1.
        counts: int64 (T, 4), incidents by quad class.
        exposure: float64 (T,), share of the usual reading as it was known then.
    """

    starts: tuple[date, ...]
    counts: NDArray[np.int64]
    exposure: NDArray[np.float64]

    def missing(self) -> tuple[str, ...]:
        """Return what is lacking for an outlook; nothing where there is enough."""
        read, seen = int((self.exposure > 0).sum()), int(self.counts.sum())
        out = []
        if read < LEAST_WEEKS:
            out.append(f"{read} whole weeks were read; at least {LEAST_WEEKS} are needed")
        if seen < LEAST_INCIDENTS:
            out.append(f"{seen} incidents of the pair are counted; at least {LEAST_INCIDENTS} are needed")
        return tuple(out)

    def forecasts(self, kind: Kind, horizons: Sequence[int] = HORIZONS, *, first: int | None = None) -> Mapping[int, Forecasts]:  # fmt: skip
        """Return the forecasts of a kind at every origin with enough history, by horizon."""
        return forecasts_of(
            self.counts[:, QUADS[kind] - 1], self.exposure, self.starts, all_counts=self.counts.sum(axis=1),
            horizons=horizons, first=first,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expectation:
    """The chance that a kind of incident is above usual in the next weeks.

    Attributes:
        kind: Of the incidents.
        weeks: How many weeks from ``Outlook.origin`` on.
        least: Incidents that are above usual.
        shown: The method whose chance is shown: the model only where it beat both baselines before.
        chances: By method.
        tested: The scores of all past forecasts of the pair over this horizon.
    """

    kind: Kind
    weeks: int
    least: int
    shown: Method
    chances: Mapping[Method, float]
    tested: Scores

    @property
    def chance(self) -> float:
        """The chance to show."""
        return self.chances[self.shown]

    @property
    def why(self) -> str:
        """Why the model, or a baseline, is shown."""
        t = self.tested
        if self.shown == "model":
            return (
                f"Brier skill {t.skill('persistence'):+.3f} over persistence and {t.skill('climatology'):+.3f} over climatology "
                f"in {t.n} past forecasts"
            )
        other = f"baseline; the model says {percent(self.chances['model'])} and"
        if t.n < LEAST_TESTED or t.above < LEAST_ABOVE:
            return (
                f"{other} is not proven: {t.above} of {t.n} past windows were above usual, at least {LEAST_ABOVE} of {LEAST_TESTED} "
                "are needed"
            )
        return (
            f"{other} did not beat it in {t.n} past forecasts: Brier skill {t.skill(t.better_baseline):+.3f}"
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to expect of a pair.

    Attributes:
        first, second: The sides.
        origin: First day of the weeks that are foretold; only what lies before it is used.
        missing: What is lacking; there are then no expectations.
        expectations: By kind and horizon.
    """

    first: Group
    second: Group
    origin: date
    missing: tuple[str, ...]
    expectations: tuple[Expectation, ...]


def get_history(
    store: Store, first: Group, second: Group, *, ontology: Ontology, until: date | None = None, as_of: datetime | None = None,
    coverage: Coverage | None = None,
) -> History:  # fmt: skip
    """Return a pair week by week, up to the last whole week that was read.

    Args:
        store: An open store.
        first: One side.
        second: The other side.
        ontology: The codes, with taught types.
        until: Last day that may be known; None for the last day of which anything was read.
        as_of: The state of knowledge at a moment; None for now.
        coverage: What was read per outlet and day, when the caller has it already.

    Raises:
        StoreError: The file could not be read.
    """
    incidents = find_pair(store, first.members, second.members, as_of=as_of)
    points = points_of(incidents, first, second, intensity=Intensities(store, ontology, incidents, as_of))
    read = read_per_day(store, as_of=as_of) if coverage is None else coverage
    days = [day for outlet in read.values() for day in outlet] or [
        p.on for p in points if p.is_counted and p.on is not None
    ]
    last = until or max(days, default=date(2000, 1, 1))
    end = start_of(last + timedelta(days=1), "week") - timedelta(days=1)  # a Sunday
    begin = max(min([day for day in days if day <= last], default=last), end - timedelta(days=_MOST_DAYS))
    if begin > end:
        return History((end + timedelta(days=1),), np.zeros((0, 4), np.int64), np.zeros(0))
    series = series_of(points, {}, step="week", since=begin, until=end)
    per_week = dict.fromkeys(series.starts, 0)
    for outlet in read.values():
        for day, n in outlet.items():
            if (start := start_of(day, "week")) in per_week:
                per_week[start] += n
    exposure = exposure_then(np.array(list(per_week.values()), np.int64))
    return History((*series.starts, next_start(series.starts[-1], "week")), series.counts, exposure)


def get_outlook(
    store: Store, first: Group, second: Group, *, ontology: Ontology, horizons: Sequence[int] = HORIZONS,
    until: date | None = None, as_of: datetime | None = None,
) -> Outlook:  # fmt: skip
    """Return what to expect of a pair in the next weeks.

    Args:
        store: An open store.
        first: One side.
        second: The other side.
        ontology: The codes, with taught types.
        horizons: In weeks.
        until: Last day that may be known; None for the last day of which anything was read.
        as_of: The state of knowledge at a moment; None for now.

    Raises:
        StoreError: The file could not be read.
    """
    history = get_history(store, first, second, ontology=ontology, until=until, as_of=as_of)
    missing = history.missing()
    found = [] if missing else [
        expectation_of(kind, forecasts) for kind in QUADS for forecasts in history.forecasts(kind, horizons).values()
    ]  # fmt: skip
    return Outlook(first, second, history.starts[-1], missing, tuple(found))


def expectation_of(kind: Kind, forecasts: Forecasts) -> Expectation:
    """Return what the last of a series of forecasts says, with the method that the ones before it speak for."""
    tested = scores_of([forecasts])
    shown: Method = "model" if tested.model_is_better else tested.better_baseline
    chances = {m: float(getattr(forecasts, m)[-1]) for m in METHODS}
    return Expectation(kind, forecasts.weeks, int(forecasts.least[-1]), shown, chances, tested)


def percent(chance: float) -> str:
    """Return a chance in words for people; none is 0 or 1.

    Example:
        >>> percent(0.344), percent(0.006), percent(0.994)
        ('34%', '<1%', '>99%')
    """
    return "<1%" if chance < 0.01 else ">99%" if chance > 0.99 else f"{chance:.0%}"


def to_rows(outlook: Outlook) -> dict[str, Any]:
    """Return an outlook in the shape of the JSON."""
    return {
        "first": {"name": outlook.first.name, "members": list(outlook.first.members)},
        "second": {"name": outlook.second.name, "members": list(outlook.second.members)},
        "origin": outlook.origin.isoformat(), "missing": list(outlook.missing),
        "expectations": [
            {
                "kind": e.kind, "weeks": e.weeks, "until": (outlook.origin + timedelta(days=7 * e.weeks - 1)).isoformat(),
                "usual": e.least - 1, "chance": round(e.chance, 4), "shown": e.shown, "why": e.why,
                "chances": {m: round(p, 4) for m, p in e.chances.items()}, "tested": scores_row(e.tested),
            }
            for e in outlook.expectations
        ],
    }  # fmt: skip


def scores_row(scores: Scores) -> dict[str, Any]:
    """Return scores in the shape of the JSON; what was not tested is null."""
    return {
        "n": scores.n, "above": scores.above,
        "brier": {m: _number(v) for m, v in scores.brier.items()},
        "log": {m: _number(v) for m, v in scores.log.items()},
        "skill": {m: _number(scores.skill(m)) for m in METHODS if m != "model"},
        "calibration": {m: [{k: _number(v) for k, v in asdict(b).items()} for b in bins] for m, bins in scores.calibration.items()},
    }  # fmt: skip


def _number(value: float) -> float | None:
    return None if value != value else round(value, 4)
