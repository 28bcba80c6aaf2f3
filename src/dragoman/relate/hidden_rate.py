"""The chance that the next weeks bring at least so many incidents, from a rate that wanders about a pair's usual one.

In: incidents per week and how much was read. Out: chances, exact on a grid of rates; nothing is drawn at random.

The log of the weekly rate follows an autoregression of order one about a mean; counts scatter about rate times exposure as a negative
binomial. Mean, spread, memory and burstiness are not fitted: every combination of a small table is followed at once, and each weighs
as much as it foretold the weeks so far (Bayesian model averaging). At an origin only the weeks before it have entered.

Source:
    Counts with a hidden autoregressive rate: Zeger, S. L. (1988), "A regression model for time series of counts", Biometrika 75,
    621-629. The grid: Kitagawa 1987, see ``grid``. The averaging: Raftery, Karny and Ettler (2010), "Online prediction under model
    uncertainty via dynamic model averaging", Technometrics 52, 52-66.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.grid import Floats

_GRID = np.linspace(np.log(0.002), np.log(150.0), 57)  # log rate per week
# Cases: means of the log rate, their standard deviation around it, weeks after which half of a deviation is gone, negative binomial sizes.
_MEANS = tuple(np.log([0.001, 0.004, 0.015, 0.06, 0.25, 1.0, 4.0]))
_SPREADS = (0.5, 1.4)
_HALF_LIVES = (2.0, 8.0, 40.0)
_SIZES = (0.6, 5.0)
# Cases of a rate that never changes: its log may be anything about this mean.
_STILL_MEAN, _STILL_SPREAD = float(np.log(0.06)), 2.0
# What a case foretold long ago counts less: weights keep this much a week.
_MEMORY = 0.995
_LEAST_EXPOSURE = 0.02


class Walk:
    """The filter over a history; owned by its caller, holds arrays only.

    Attributes:
        before: float64 (T + 1, C, K), the rate of each case before each week is seen.
        weights: float64 (T + 1, C), how much each case is believed then.
    """

    def __init__(self, counts: NDArray[np.int64], exposure: Floats) -> None:
        sizes = range(len(_SIZES))
        self.cases = list(itertools.product(sizes, _MEANS, _SPREADS, _HALF_LIVES))
        self.cases += [(size, _STILL_MEAN, _STILL_SPREAD, np.inf) for size in sizes]
        self.moves = np.stack([autoregression(m, s, h) for _, m, s, h in self.cases])
        now = np.stack([normal(m, s) for _, m, s, _ in self.cases])
        size_of = np.array([size for size, *_ in self.cases])
        told = np.stack([_log_likelihoods(counts, exposure, size) for size in _SIZES])
        self.before = np.empty((len(counts) + 1, *now.shape))
        self.weights = np.empty((len(counts) + 1, len(self.cases)))
        log_weight = np.zeros(len(self.cases))
        self.before[0], self.weights[0] = now, 1 / len(self.cases)
        for t in range(len(counts)):
            joint = now * np.exp(told[:, t])[size_of]
            total = joint.sum(axis=1, keepdims=True)
            log_weight = _MEMORY * log_weight + np.log(total[:, 0])
            now = np.matmul((joint / total)[:, None, :], self.moves)[:, 0]
            self.before[t + 1] = now
            believed = np.exp(log_weight - log_weight.max())
            self.weights[t + 1] = believed / believed.sum()

    def chances(
        self,
        origins: NDArray[np.int64],
        least: Mapping[int, NDArray[np.int64]],
        reading: Mapping[int, Floats],
    ) -> dict[int, Floats]:
        """Return per horizon the chance of at least so many incidents in the weeks from each origin on, float64 (N,).

        Args:
            origins: int64 (N,), each 0 … T: the weeks before it are known.
            least: Weeks of the window → int64 (N,), incidents.
            reading: Weeks of the window → float64 (N,), share of the usual reading to expect in it.
        """
        out = {weeks: np.zeros(len(origins)) for weeks in least}
        most = max((int(n.max(initial=1)) for n in least.values()), default=1)
        levels = {weeks: np.maximum(np.round(share, 1), 0.1) for weeks, share in reading.items()}
        sizes = np.array([_SIZES[size] for size, *_ in self.cases])
        for level in np.unique(np.concatenate(list(levels.values()))):
            for weeks, table in _at_least(self.moves, sizes, float(level), most, sorted(least)):
                rows = np.flatnonzero(levels[weeks] == level)
                if not len(rows):  # this much reading is expected of windows of another length only
                    continue
                believed = self.weights[origins[rows], :, None] * self.before[origins[rows]]  # (n, C, K)
                columns = table.reshape(-1, most + 1).T[least[weeks][rows]]
                out[weeks][rows] = (believed.reshape(len(rows), -1) * columns).sum(axis=1)
        return out


def normal(mean: float, spread: float) -> Floats:
    """Return a normal distribution over the grid of log rates, float64 (K,)."""
    density = np.exp(-0.5 * ((_GRID - mean) / spread) ** 2)
    out: Floats = density / density.sum()
    return out


def autoregression(mean: float, spread: float, half_life: float) -> Floats:
    """Return the probabilities from each log rate (row) to each (column) in a week, float64 (K, K).

    Args:
        mean: Of the log rate in the long run.
        spread: Standard deviation around it in the long run.
        half_life: Weeks after which half of a deviation is gone; infinite for a rate that never changes.
    """
    if np.isinf(half_life):
        still: Floats = np.eye(len(_GRID))
        return still
    keep = 0.5 ** (1 / half_life)
    # Narrower than the grid's step a move would never leave its value.
    step = max(spread * (1 - keep**2) ** 0.5, 0.7 * (_GRID[1] - _GRID[0]))
    centre = mean + keep * (_GRID - mean)
    density = np.exp(-0.5 * ((_GRID[None, :] - centre[:, None]) / step) ** 2)
    out: Floats = density / density.sum(axis=1, keepdims=True)
    return out


def _log_terms(counts: NDArray[np.int64], means: Floats, size: float) -> Floats:
    """Return log probabilities of a negative binomial, float64 (N, K), of counts (N,) under means (N, K) or (K,)."""
    steps = np.arange(int(counts.max(initial=0)))
    rising = np.concatenate([[0.0], np.cumsum(np.log(size + steps) - np.log(1.0 + steps))])
    n = counts[:, None]
    out: Floats = rising[n] + size * np.log(size / (size + means)) + n * np.log(means / (size + means))
    return out


def _log_likelihoods(counts: NDArray[np.int64], exposure: Floats, size: float) -> Floats:
    means = np.exp(_GRID)[None, :] * np.maximum(exposure, _LEAST_EXPOSURE)[:, None]
    out = _log_terms(counts, means, size)
    out[(exposure < _LEAST_EXPOSURE) & (counts == 0)] = 0.0  # nothing read is no news
    return out


def _at_least(
    moves: Floats, sizes: Floats, reading: float, most: int, horizons: Sequence[int]
) -> Iterator[tuple[int, Floats]]:
    """Yield per horizon the chance of at least r incidents given the first week's log rate, float64 (C, K, most + 1).

    Column r of the table for w weeks sums, over the counts of the first week, the chance of what is still missing in the w - 1 after.
    """
    kinds = {size: np.exp(_log_terms(np.arange(most + 1), np.exp(_GRID)[None, :] * reading, size)).T for size in set(sizes)}  # fmt: skip
    n = np.stack([kinds[size] for size in sizes])  # (C, K, most + 1), chances of each count in a week
    more = 1.0 - np.concatenate(
        [np.zeros((*n.shape[:2], 1)), np.cumsum(n, axis=2)[:, :, :-1]], axis=2
    )  # at least r in a week
    table = np.zeros_like(n)
    table[:, :, 0] = 1.0
    for week in range(1, max(horizons) + 1):
        later = np.matmul(moves, table) if week > 1 else table
        now = more.copy()
        for r in range(1, most + 1):
            now[:, :, r] += np.einsum("ckn,ckn->ck", n[:, :, :r], later[:, :, r:0:-1])
        table = now
        if week in horizons:
            yield week, table
