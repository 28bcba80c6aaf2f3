"""Where a pair turned: bursts and lulls of conflict and of cooperation, found week by week as they would have been at the time.

In: counts and exposure per period. Out: ``Change``s: when an alarm would have been raised, since when the rate has changed, how sure,
and from which rate to which. Several alarms about one change are one.

The false-alarm rate is set on the pair's own history: a history of the same mean and burstiness, in which nothing changes, is made many
times, and the threshold is the lowest at which it raises no more alarms per year than wanted.

Source:
    Adams, R. P. and MacKay, D. J. C. (2007), "Bayesian online changepoint detection", arXiv:0710.3742, with its conjugate gamma prior
    for Poisson counts. Bursts are allowed for by the quasi-likelihood of McCullagh and Nelder (1989), Generalized Linear Models,
    chapter 9: the log likelihood is divided by the dispersion of the counts.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.grid import Floats
from dragoman.relate.series import PERIODS_PER_YEAR, Series, Step, next_start

Kind = Literal["conflict", "cooperation"]
KINDS: tuple[Kind, ...] = ("conflict", "cooperation")
HAZARD_YEARS = 2.0  # a change is expected about so often
RECENT_WEEKS = 5  # a change is news for so long
# A new rate is drawn around a multiple of what was usual, plus a little where nothing was: turns that matter are bursts.
_SHAPE, _TIMES, _PLUS_A_WEEK = 0.5, 3.0, 0.3
# What is usual before there is a history: so many incidents in so many weeks.
_FIRST_INCIDENTS, _FIRST_WEEKS = 1.0, 52.0
_MEMORY_YEARS = 3.0  # run lengths beyond it are one: "longer"
_EWMA_WEEKS = 52.0
_MOST_DISPERSION = 8.0
_LEAST_RATIO = 1.5  # smaller turns are not told
PER_YEAR_RANGE = (0.1, 2.0)  # false alarms per year that ``thresholds.csv`` was simulated for
_MOST_JUDGED = 256  # histories times periods
_LEAST_INCIDENTS = 2  # a single incident is no turn, however quiet it was before


@dataclass(frozen=True, slots=True)
class Change:
    """A turn of one rate.

    Attributes:
        kind: Which incidents: conflict (quad classes 3 and 4) or cooperation (1 and 2).
        rises: Whether there are more of them since.
        raised_on: Last day of the period in which it became sure enough.
        since: First day of the period from which the rate is another.
        confidence: Probability, when raised, that the rate changed within the last weeks.
        before, after: Incidents per period at the usual exposure.
        by_chance_per_year: How often as much would be seen in a year in which nothing changes: at most so often. The probability
            weighs a change against none as the prior has it, one in two years; this does not.
    """

    kind: Kind
    rises: bool
    raised_on: date
    since: date
    confidence: float
    before: float
    after: float
    by_chance_per_year: float


@dataclass(frozen=True, slots=True)
class Trace:
    """What the detector saw after each period; arrays are (S, T): S histories at once.

    ``recent`` is the probability of a change within the last weeks, ``onset`` how many periods ago the likeliest one began,
    ``before`` and ``after`` the rates on its two sides, ``incidents`` how many it has seen since, ``usual`` the slow mean and
    ``dispersion`` the burstiness so far.
    """

    recent: Floats
    onset: NDArray[np.int64]
    before: Floats
    after: Floats
    incidents: Floats
    usual: Floats
    dispersion: Floats


def trace(
    counts: NDArray[np.int64], exposure: Floats, *, step: Step = "week", recent: int | None = None
) -> Trace:
    """Return what the detector knew after each period.

    Args:
        counts: int64 (S, T), incidents per period of S histories.
        exposure: float64 (T,), share of the usual reading, above 0.
        step: Length of a period.
        recent: Periods within which a change is news; None for ``RECENT_WEEKS``.
    """
    a_year = PERIODS_PER_YEAR[step]
    window = recent or max(1, round(RECENT_WEEKS * a_year / 52.18))
    walk = _Walk(
        len(counts), longest=round(_MEMORY_YEARS * a_year), hazard=1 / (HAZARD_YEARS * a_year), a_year=a_year
    )
    out = [np.empty(counts.shape) for _ in range(6)]
    onset = np.empty(counts.shape, np.int64)
    seen = counts.astype(float)
    # Judged many periods at a time, which is faster, and never more than fits in a few megabytes.
    block = max(1, _MOST_JUDGED // max(len(counts), 1))
    for begin in range(0, counts.shape[1], block):
        states = []
        periods = range(begin, min(begin + block, counts.shape[1]))
        for t in periods:
            walk.see(seen[:, t], float(exposure[t]))
            out[4][:, t], out[5][:, t] = walk.usual, walk.dispersion
            states.append((walk.probability.copy(), walk.kept.copy(), walk.usual))
        told = _judge(*(np.stack(parts) for parts in zip(*states, strict=True)), window=window)
        these = slice(periods.start, periods.stop)
        out[0][:, these], onset[:, these], out[1][:, these], out[2][:, these], out[3][:, these] = told
    return Trace(out[0], onset, *out[1:])


class _Walk:
    """The posterior of the time since the last change, for S histories, period by period.

    Arrays are (S, R): the probability of each run length, and in ``kept``, (3, S, R), its incidents, its exposure and the prior rate
    at its start.
    """

    def __init__(self, histories: int, *, longest: int, hazard: float, a_year: float) -> None:
        shape = (histories, longest + 1)
        self.hazard, self.weeks = hazard, a_year / 52.18
        self.probability = np.zeros(shape)
        self.probability[:, -1] = 1.0  # before the first period nothing changed lately
        self.kept = np.zeros((3, *shape))
        self.usual = np.full(histories, _FIRST_INCIDENTS / (_FIRST_WEEKS * self.weeks))
        self.dispersion = np.ones(histories)
        self.kept[2] = self._new_prior()[:, None]
        self._last = np.zeros(histories)
        self._jumps, self._sums = np.full(histories, 2.0), np.full(histories, 1.0)

    def _new_prior(self) -> Floats:
        prior: Floats = _SHAPE / (_TIMES * self.usual + _PLUS_A_WEEK / self.weeks)
        return prior

    def see(self, counts: Floats, exposure: float) -> None:
        """Learn from one period: float64 (S,) counts."""
        scale = self.dispersion[:, None]
        incidents, read, prior = self.kept
        a = _SHAPE + incidents / scale
        b = prior + read / scale
        y, e = counts[:, None] / scale, exposure / scale
        both = b + e
        told = a * np.log(b / both)
        if counts.any():  # else both terms are 0, and most weeks of most pairs are
            # Only histories in which something was seen: of the others both terms are 0 too.
            some = np.flatnonzero(counts)
            gammas = log_gamma(np.stack([(a + y)[some], a[some]]))
            told[some] += gammas[0] - gammas[1] + (y * np.log(e / both))[some]
        told -= told.max(axis=1, keepdims=True)
        joint = self.probability * np.exp(told)
        joint /= joint.sum(axis=1, keepdims=True)
        self._grow(joint, counts, exposure)
        self._learn(counts, exposure)

    def _grow(self, joint: Floats, counts: Floats, exposure: float) -> None:
        """Let each run length grow by the period seen; a change may come before the next one."""
        longest = joint[:, -1] + joint[:, -2]
        # Where both are so unlikely that they vanish, either may stand for "longer"; it must only stay a number.
        share = np.where(longest > 0, joint[:, -2] / np.maximum(longest, 1e-300), 0.5)
        kept = self.kept
        both = share * kept[:, :, -2] + (1 - share) * kept[:, :, -1]
        kept[:, :, 1:] = kept[:, :, :-1].copy()
        kept[:, :, -1] = both
        self.probability[:, 1:] = joint[:, :-1] * (1 - self.hazard)
        self.probability[:, -1] = longest * (1 - self.hazard)
        self.probability[:, 0] = self.hazard
        kept[0, :, 1:] += counts[:, None]
        kept[1, :, 1:] += exposure
        kept[:2, :, 0] = 0.0
        kept[2, :, 0] = self._new_prior()

    def _learn(self, counts: Floats, exposure: float) -> None:
        """Renew what is usual and how bursty it is, by a slow mean and by the steps from period to period."""
        keep = 1 - 1 / (_EWMA_WEEKS * self.weeks)
        rate = counts / max(exposure, 0.1)
        # Steps, not distances from the mean, tell of bursts: a lasting change of rate makes one step only (von Neumann 1941).
        self._jumps = keep * self._jumps + (rate - self._last) ** 2
        self._sums = keep * self._sums + 2 * rate
        self._last = rate
        self.usual = keep * self.usual + (1 - keep) * rate
        self.dispersion = np.clip(self._jumps / np.maximum(self._sums, 1e-9), 1.0, _MOST_DISPERSION)


def _judge(
    probability: Floats, kept: Floats, usual: Floats, *, window: int
) -> tuple[Floats, NDArray[np.int64], Floats, Floats, Floats]:
    """Return how likely a recent change is, its likeliest age in periods, the rates before and after, the incidents since; (S, T) each.

    Args:
        probability: (T, S, R), as ``_Walk`` has it after each period.
        kept: (T, 3, S, R), the same.
        usual: (T, S), the same.
        window: Periods within which a change is news.
    """
    incidents, exposure, prior = kept[:, 0], kept[:, 1], kept[:, 2]
    young = probability[:, :, 1 : window + 1]
    age = young.argmax(axis=2) + 1
    since = np.take_along_axis(incidents, age[:, :, None], axis=2)[:, :, 0]
    after = since / np.maximum(np.take_along_axis(exposure, age[:, :, None], axis=2)[:, :, 0], 1e-9)
    old = probability[:, :, window + 1 :]
    rates = (_SHAPE + incidents[:, :, window + 1 :]) / (
        prior[:, :, window + 1 :] + exposure[:, :, window + 1 :]
    )
    weight = old.sum(axis=2)
    before = (old * rates).sum(axis=2) / np.maximum(weight, 1e-12)
    before = np.where(weight > 1e-9, before, usual)
    return young.sum(axis=2).T, age.T, before.T, after.T, since.T


def log_gamma(x: Floats) -> Floats:
    """Return log gamma of positive numbers, to about ten digits.

    Source:
        Stirling's series after eight steps of the recurrence, Abramowitz and Stegun (1964), 6.1.41; numpy has no log gamma.
    """
    shifted = x + 7.0
    product = x * (x + 1) * (x + 2) * (x + 3) * (x + 4) * (x + 5) * (x + 6)
    inverse = 1 / shifted
    series = inverse * (1 / 12 - inverse**2 * (1 / 360 - inverse**2 / 1260))
    out: Floats = (
        (shifted - 0.5) * np.log(shifted) - shifted + 0.5 * np.log(2 * np.pi) + series - np.log(product)
    )
    return out


def alarms_of(found: Trace, thresholds: Floats, *, row: int = 0) -> list[int]:
    """Return the periods at which alarms are raised: sure enough, large enough, and not about a change told before.

    Args:
        found: The detector's trace.
        thresholds: float64 (T,), least probability of a recent change.
        row: Which history of the trace.
    """
    out: list[int] = []
    last = -1
    sure = found.recent[row] >= thresholds
    for t in np.flatnonzero(sure):
        before, after = found.before[row, t], found.after[row, t]
        large = max(before, after) >= _LEAST_RATIO * min(before, after)
        alone = after > before and found.incidents[row, t] < _LEAST_INCIDENTS
        if large and not alone and t - found.onset[row, t] >= last:
            out.append(int(t))
            last = int(t)
    return out


def find_changes(series: Series, *, per_year: float = 0.5) -> list[Change]:
    """Return the turns of a pair, in the order in which they were raised.

    Args:
        series: The pair's counts; weeks are the usual step.
        per_year: False alarms per year that each of the two kinds may raise when nothing changes, within ``PER_YEAR_RANGE``.

    Raises:
        ValueError: ``per_year`` lies outside it.
    """
    if not PER_YEAR_RANGE[0] <= per_year <= PER_YEAR_RANGE[1]:
        raise ValueError(
            f"per_year must be from {PER_YEAR_RANGE[0]:g} to {PER_YEAR_RANGE[1]:g}; got {per_year!r}."
        )
    # A period in which nothing was read is left out: it tells nothing, and time does not pass for the detector.
    read = np.flatnonzero(series.exposure > 0)
    counts = np.stack([series.conflict, series.cooperation])[:, read]
    found = trace(counts, series.exposure[read], step=series.step)
    out = []
    for row, kind in enumerate(KINDS):
        levels = thresholds_of(found.usual[row], found.dispersion[row], step=series.step, per_year=per_year)
        for t in alarms_of(found, levels, row=row):
            at = (found.usual[row, t : t + 1], found.dispersion[row, t : t + 1], float(found.recent[row, t]))
            before, after = float(found.before[row, t]), float(found.after[row, t])
            out.append(
                Change(
                    kind, after > before, _last_day(series, int(read[t])),
                    series.starts[int(read[max(0, t - int(found.onset[row, t]) + 1)])],
                    float(found.recent[row, t]), before, after, _by_chance(*at, step=series.step, most=per_year),
                )
            )  # fmt: skip
    return sorted(out, key=lambda c: (c.raised_on, c.kind))


def _by_chance(usual: Floats, dispersion: Floats, sure: float, *, step: Step, most: float) -> float:
    """Return the least number of false alarms per year in the table at which this probability would still raise one."""
    budgets = np.exp(_thresholds()[2])
    fit = [b for b in budgets if thresholds_of(usual, dispersion, step=step, per_year=float(b))[0] <= sure]
    return round(float(min([*fit, most])), 4)


def _last_day(series: Series, t: int) -> date:
    return next_start(series.starts[t], series.step) - timedelta(days=1)


def _load_thresholds() -> tuple[Floats, Floats, Floats, Floats]:
    with resources.files("dragoman.relate").joinpath("thresholds.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    axes = [sorted({float(row[name]) for row in rows}) for name in ("per_week", "dispersion", "per_year")]
    table = np.empty([len(axis) for axis in axes])
    for row in rows:
        at = tuple(axis.index(float(row[name])) for axis, name in zip(axes, ("per_week", "dispersion", "per_year"), strict=True))  # fmt: skip
        table[at] = float(row["threshold"])
    return np.log(axes[0]), np.array(axes[1]), np.log(axes[2]), table


@functools.cache
def _thresholds() -> tuple[Floats, Floats, Floats, Floats]:
    return _load_thresholds()


def thresholds_of(usual: Floats, dispersion: Floats, *, step: Step, per_year: float) -> Floats:
    """Return the threshold for a history of a rate and burstiness that raises so many false alarms a year, float64 (T,).

    Args:
        usual: float64 (T,), incidents per period so far.
        dispersion: float64 (T,), variance over mean so far.
        step: Length of a period.
        per_year: False alarms allowed per year.

    Source:
        ``thresholds.csv``, simulated by ``scripts/alarm_thresholds.py`` with this detector, linear between its entries.
    """
    rates, spreads, budgets, table = _thresholds()
    per_week = usual * PERIODS_PER_YEAR[step] / 52.18
    at_budget = _between(budgets, np.array([np.log(per_year)]))
    sliced = (
        table[:, :, at_budget[0][0]] * (1 - at_budget[1][0])
        + table[:, :, at_budget[0][0] + 1] * at_budget[1][0]
    )
    i, u = _between(rates, np.log(np.maximum(per_week, 1e-6)))
    j, v = _between(spreads, dispersion)
    out: Floats = (
        sliced[i, j] * (1 - u) * (1 - v) + sliced[i + 1, j] * u * (1 - v)
        + sliced[i, j + 1] * (1 - u) * v + sliced[i + 1, j + 1] * u * v
    )  # fmt: skip
    return out


def _between(axis: Floats, values: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return for each value the entry of an axis below it and how far it is to the next, 0 to 1."""
    at = np.clip(np.searchsorted(axis, values, side="right") - 1, 0, len(axis) - 2)
    return at, np.clip((values - axis[at]) / (axis[at + 1] - axis[at]), 0.0, 1.0)
