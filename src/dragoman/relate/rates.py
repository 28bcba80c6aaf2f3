"""How often something happens between two sides: the usual rate of incidents, and the band in which the next count will lie.

In: counts and exposure per period. Out: ``Rates``. The rate is hidden and drifts or jumps; counts scatter about rate times exposure as
a negative binomial, since incidents come in bursts. Exposure 0 says nothing about the rate.

Source:
    Kitagawa 1987, see ``grid``; the negative binomial for event counts: King, G. (1989), "Variance specification in event count
    models", American Journal of Political Science 33, 762-784.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.grid import Floats, evidences, filter_and_smooth, quantiles, transition
from dragoman.relate.series import PERIODS_PER_YEAR, Step

_GRID = np.linspace(np.log(0.003), np.log(600.0), 90)  # log rate per period at the usual exposure
_DRIFTS = (0.05, 0.15, 0.4)  # steps of the log rate in a month
_JUMP = 0.15  # chance of a jump in a year
_SIZES = (0.7, 2.0, 8.0, 100.0)  # of the negative binomial: variance = mean + mean squared / size
_LEAST_EXPOSURE = 0.02
CREDIBLE = 0.9


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates per period at the usual exposure.

    Attributes:
        mean: float64 (T,), smoothed rate.
        low, high: float64 (T,), 90 % credible interval of it.
        expected: float64 (T + 1,), mean count predicted for each period from those before it; the last is the next period, at usual
            exposure.
        predicted: float64 (T + 1, N), probabilities of the counts 0 … N - 1 before each period was seen; the last count also stands
            for more.
        size: Size of the negative binomial that the evidence prefers.
    """

    mean: Floats
    low: Floats
    high: Floats
    expected: Floats
    predicted: Floats
    size: float

    def band(self, share: float = CREDIBLE) -> NDArray[np.int64]:
        """Return the predicted band of each period's count, int64 (T + 1, 2), both ends inside.

        The band is the shortest stretch of counts that holds at least the share.
        """
        return np.array([shortest(row, share) for row in self.predicted])


def rates_of(counts: NDArray[np.int64], exposure: Floats, *, step: Step) -> Rates:
    """Return the rates that counts speak of.

    Args:
        counts: int64 (T,), incidents per period.
        exposure: float64 (T,), share of the usual reading.
        step: Length of a period.
    """
    start = np.full(len(_GRID), 1 / len(_GRID))
    per_month = 12.0 / PERIODS_PER_YEAR[step]
    jump = 1 - (1 - _JUMP) ** (per_month / 12)
    moves = np.stack([transition(_GRID, drift=max(d * per_month**0.5, 0.04), jump=jump) for d in _DRIFTS])
    seen = np.stack([_likelihoods(counts, exposure, size) for size in _SIZES])
    i, j = divmod(int(np.argmax(evidences(start, moves, seen))), len(_SIZES))
    found = filter_and_smooth(_GRID, start, moves[i], seen[j])
    rates = np.exp(_GRID)
    sides = np.exp(quantiles(_GRID, found.smoothed, ((1 - CREDIBLE) / 2, (1 + CREDIBLE) / 2)))
    read = np.append(exposure, 1.0)
    return Rates(
        found.smoothed @ rates, sides[:, 0], sides[:, 1], (found.predicted @ rates) * read,
        _predicted(found.predicted, read, _SIZES[j], int(counts.max(initial=0))), _SIZES[j],
    )  # fmt: skip


def log_gamma_steps(size: float, most: int) -> Floats:
    """Return log gamma(size + n) - log gamma(size) for n = 0 … most, float64 (most + 1,)."""
    return np.concatenate([[0.0], np.cumsum(np.log(size + np.arange(most)))]) if most else np.zeros(1)


def _log_probabilities(counts: NDArray[np.int64], means: Floats, size: float) -> Floats:
    """Return the log probability of counts under means, negative binomial; shapes as numpy broadcasts them."""
    most = int(counts.max(initial=0))
    rising, factorial = log_gamma_steps(size, most), log_gamma_steps(1.0, most)
    out: Floats = (
        rising[counts] - factorial[counts] + size * np.log(size / (size + means)) + counts * np.log(means / (size + means))
    )  # fmt: skip
    return out


def _likelihoods(counts: NDArray[np.int64], exposure: Floats, size: float) -> Floats:
    # Next to nothing was read: no incident is then no news. An incident told all the same was read of later, in the usual reading; to
    # divide it by the little that was read then would make one incident a war.
    unread = exposure < _LEAST_EXPOSURE
    means = np.exp(_GRID)[None, :] * np.where(unread, 1.0, exposure)[:, None]
    out = _log_probabilities(counts[:, None], means, size)
    out[unread & (counts == 0)] = 0.0
    return out


def _predicted(weights: Floats, exposure: Floats, size: float, most: int) -> Floats:
    top = 3 * most + 20
    steps = (size + np.arange(top - 1)) / np.arange(1, top)
    out = np.empty((len(weights), top))
    # Of few articles a day exposures repeat, so a table for each that there is. The chance of a count follows from that of the one
    # before it, which takes a quarter of the time of its logarithm.
    for share in set(exposure.tolist()):
        means = np.exp(_GRID) * max(share, _LEAST_EXPOSURE)
        table = np.empty((len(_GRID), top))
        table[:, 0] = np.exp(size * np.log(size / (size + means)))
        np.multiply.outer(means / (size + means), steps, out=table[:, 1:])
        rows = exposure == share
        out[rows] = weights[rows] @ np.cumprod(table, axis=1)
    out[:, -1] += 1 - out.sum(axis=1)
    return out


def shortest(probabilities: Floats, share: float) -> tuple[int, int]:
    """Return the shortest run of counts (first, last) whose probabilities sum to at least a share."""
    size = len(probabilities)
    sums = np.concatenate([[0.0], np.cumsum(probabilities)])
    begin = sums[:-1]
    last = np.minimum(np.searchsorted(sums, begin + share) - 1, size)
    # A sum and a difference round otherwise: what counts is the difference.
    last -= (last > 0) & (sums[last] - begin >= share)
    last += (last < size) & (sums[np.minimum(last + 1, size)] - begin < share)
    length = np.where(last < size, last - np.arange(size), size)
    first = int(length.argmin())
    return (first, int(last[first])) if length[first] < size - 1 else (0, size - 1)
