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
_MOST_EXPONENT = 600.0  # of the natural logarithm, so that no number overflows
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
    past = _Past(counts.astype(float), exposure, weeks=a_year / 52.18, longest=round(_MEMORY_YEARS * a_year))
    walk = _Walk(past, hazard=1 / (HAZARD_YEARS * a_year))
    out = [np.empty(counts.shape) for _ in range(4)]
    onset = np.empty(counts.shape, np.int64)
    # Many periods at a time, which is faster, and never more than fits in a few megabytes.
    block = max(1, _MOST_JUDGED // max(len(counts), 1))
    for begin in range(0, counts.shape[1], block):
        these = slice(begin, min(begin + block, counts.shape[1]))
        told = _judge(*walk.go(these), past.usual[:, these.start + 1 : these.stop + 1], window=window)
        out[0][:, these], onset[:, these], out[1][:, these], out[2][:, these], out[3][:, these] = told
    return Trace(out[0], onset, out[1], out[2], out[3], past.usual[:, 1:], past.dispersion[:, 1:])


class _Past:
    """What is known of S histories before each of T periods, and after the last; it depends on no probability.

    Attributes:
        counts, exposure: float64 (S, T) and (T,), what the periods bring.
        longest: The run length that stands for itself and all longer ones, in periods.
        usual, dispersion: float64 (S, T + 1), the slow mean and the burstiness.
    """

    def __init__(self, counts: Floats, exposure: Floats, *, weeks: float, longest: int) -> None:
        self.counts, self.exposure, self.longest = counts, exposure, longest
        histories, periods = counts.shape
        keep = 1 - 1 / (_EWMA_WEEKS * weeks)
        rate = counts / np.maximum(exposure, 0.1)
        # Steps, not distances from the mean, tell of bursts: a lasting change of rate makes one step only (von Neumann 1941).
        steps = np.diff(rate, axis=1, prepend=0.0) ** 2
        news = np.stack([steps, 2 * rate, (1 - keep) * rate])
        slow = np.empty((periods + 1, 3, histories))
        slow[0] = np.array([2.0, 1.0, _FIRST_INCIDENTS / (_FIRST_WEEKS * weeks)])[:, None]
        for t in range(periods):
            slow[t + 1] = keep * slow[t] + news[:, :, t]
        jumps, sums, self.usual = slow.transpose(1, 2, 0)
        self.dispersion = np.clip(jumps / np.maximum(sums, 1e-9), 1.0, _MOST_DISPERSION)
        self.dispersion[:, 0] = 1.0
        # A run that begins after a period draws its rate from what was usual before that period.
        before = self.usual[:, np.maximum(np.arange(periods + 1) - 1, 0)]
        self._prior = _SHAPE / (_TIMES * before + _PLUS_A_WEEK / weeks)
        self._incidents = np.concatenate([np.zeros((histories, 1)), np.cumsum(counts, axis=1)], axis=1)
        self._read = np.concatenate([[0.0], np.cumsum(exposure)])

    def of_runs(self, first: int, last: int) -> Floats:
        """Return incidents, exposure and prior rate of runs, float64 (3, S, N, R), before the periods ``first`` to ``last``.

        R run lengths from 0; those longer than the history begin with it. The last is right while no run is longer.
        """
        t = np.arange(first, last + 1)
        begin = np.maximum(t[:, None] - np.arange(self.longest + 1), 0)
        out = np.empty((3, len(self.counts), *begin.shape))
        out[0] = self._incidents[:, t, None] - self._incidents[:, begin]
        out[1] = self._read[t, None] - self._read[begin]
        out[2] = self._prior[:, begin]
        return out


class _Walk:
    """The posterior of the time since the last change, for S histories, period by period.

    Arrays are (S, R): the probability of each run length. What is known of the last of them, which stands for all longer ones, depends
    on how likely each of those is, and is carried along.
    """

    def __init__(self, past: _Past, *, hazard: float) -> None:
        self._past, self._hazard = past, hazard
        self._probability = np.zeros((len(past.counts), past.longest + 1))
        self._probability[:, -1] = 1.0  # before the first period nothing changed lately
        self._longer: Floats = past.of_runs(0, 0)[:, :, 0, -1]

    def go(self, periods: slice) -> tuple[Floats, Floats]:
        """Learn from some periods; return after each the probabilities, (S, N, R), and what is known of runs, (3, S, N, R)."""
        past, stays = self._past, 1 - self._hazard
        runs = past.of_runs(periods.start, periods.stop)
        counts, read, scale = past.counts[:, periods], past.exposure[periods], past.dispersion[:, periods]
        told = np.empty(runs[0, :, :-1].shape)
        # Apart, since nothing seen is quickly weighed, and most weeks of most pairs are so.
        for some in (counts == 0, counts > 0):
            own = (counts[some], np.broadcast_to(read, counts.shape)[some], scale[some])
            told[some] = _foretold(runs[:, :, :-1][:, some], *(values[:, None] for values in own))
        best = told.max(axis=2)
        likely = np.exp(told - best[:, :, None])
        out = np.empty_like(likely)
        runs[:, :, 0, -1] = self._longer
        for n in range(likely.shape[1]):
            merges = periods.start + n >= past.longest  # until then no run is longer than the history
            if merges:
                longest = _foretold(runs[:, :, n, -1], counts[:, n], read[n], scale[:, n])
                likely[:, n, -1] = np.exp(np.minimum(longest - best[:, n], _MOST_EXPONENT))
            joint = self._probability * likely[:, n]
            joint *= (stays / joint.sum(axis=1))[:, None]
            # Each run grows by the period; a change may come before the next one.
            grown = out[:, n]
            grown[:, 0] = self._hazard
            grown[:, 1:] = joint[:, :-1]
            grown[:, -1] += joint[:, -1]
            if merges:
                # Where both are so unlikely that they vanish, either may stand for "longer"; it must only stay a number.
                share = np.where(grown[:, -1] > 0, joint[:, -2] / np.maximum(grown[:, -1], 1e-300), 0.5)
                longer = runs[:, :, n, -1] + share * (runs[:, :, n, -2] - runs[:, :, n, -1])
                longer[0] += counts[:, n]
                longer[1] += read[n]
                runs[:, :, n + 1, -1] = longer
            self._probability = grown
        self._longer = runs[:, :, -1, -1]
        return out, runs[:, :, 1:]


def _foretold(runs: Floats, counts: Floats, exposure: Floats | float, scale: Floats) -> Floats:
    """Return the log probability of counts in each run, up to what is the same for all runs.

    Args:
        runs: float64 (3, ...), incidents, exposure and prior rate.
        counts, exposure, scale: Of the period, and the burstiness before it, as numpy broadcasts them.
    """
    incidents, read, prior = runs
    a = _SHAPE + incidents / scale
    e = exposure / scale
    b = prior + read / scale
    both = b + e
    out: Floats = a * np.log(b / both)
    if counts.any():  # else both terms are 0
        y = counts / scale
        gammas = log_gamma(np.stack([a + y, a]))
        out += gammas[0] - gammas[1] + y * np.log(e / both)
    return out


def _judge(probability: Floats, runs: Floats, usual: Floats, *, window: int) -> tuple[Floats, NDArray[np.int64], Floats, Floats, Floats]:  # fmt: skip
    """Return how likely a recent change is, its likeliest age in periods, the rates before and after, the incidents since; (S, N) each.

    Args:
        probability: (S, N, R), after each period.
        runs: (3, S, N, R), incidents, exposure and prior rate of each run.
        usual: (S, N).
        window: Periods within which a change is news.
    """
    incidents, exposure, prior = runs
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
    return young.sum(axis=2), age, before, after, since


def log_gamma(x: Floats) -> Floats:
    """Return log gamma of positive numbers, to about ten digits.

    Source:
        Stirling's series after eight steps of the recurrence, Abramowitz and Stegun (1964), 6.1.41; numpy has no log gamma.
    """
    shifted = x + 7.0
    paired = x * (x + 6)  # of the factors x to x + 6 the first and the last; the others pair up alike
    product = paired * (paired + 5) * (paired + 8) * (x + 3)
    inverse = 1 / shifted
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square / 1260))
    out: Floats = (shifted - 0.5) * np.log(shifted) - np.log(product) - shifted + (series + 0.5 * np.log(2 * np.pi))  # fmt: skip
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
