"""Filter and smoother of one hidden number over time, on a grid of its possible values.

In: how likely each value is to give what was seen in each period. Out: the posterior over the grid in each period, from all periods up
to it (filtered) or from all periods (smoothed), and the evidence for the assumptions.

Source:
    Kitagawa, G. (1987), "Non-Gaussian state-space modeling of nonstationary time series", Journal of the American Statistical
    Association 82, 1032-1041. Its system noise with heavy tails lets the number drift most of the time and jump now and then, so
    that a turn is not smeared over the months around it. No statistics package carries it; on a grid it is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Posterior:
    """Posteriors over the grid.

    Attributes:
        grid: float64 (K,), the values.
        predicted: float64 (T + 1, K), before each period is seen; the last row is for the period after the last.
        filtered: float64 (T, K), after each period is seen.
        smoothed: float64 (T, K), given all periods.
        evidence: Log likelihood of all periods.
    """

    grid: Floats
    predicted: Floats
    filtered: Floats
    smoothed: Floats
    evidence: float


def transition(grid: Floats, *, drift: float, jump: float) -> Floats:
    """Return the probabilities from each value (row) to each (column), float64 (K, K).

    Args:
        grid: Values at equal distances.
        drift: Standard deviation of the usual step, in units of the grid.
        jump: Probability that the next value is anywhere on the grid.
    """
    steps = np.exp(-0.5 * ((grid[:, None] - grid[None, :]) / drift) ** 2)
    steps /= steps.sum(axis=1, keepdims=True)
    return (1 - jump) * steps + jump / len(grid)


def filter_and_smooth(grid: Floats, start: Floats, moves: Floats, seen: Floats) -> Posterior:
    """Return the posteriors of a hidden number.

    Args:
        grid: float64 (K,), the values.
        start: float64 (K,), probabilities before the first period.
        moves: float64 (K, K), as ``transition`` gives them.
        seen: float64 (T, K), log likelihood of each period's data under each value; a row of zeros says nothing.
    """
    periods, size = seen.shape
    predicted, filtered = np.empty((periods + 1, size)), np.empty((periods, size))
    predicted[0] = start
    evidence = 0.0
    for t in range(periods):
        best = seen[t].max()
        joint = predicted[t] * np.exp(seen[t] - best)
        total = joint.sum()
        evidence += float(np.log(total) + best)
        filtered[t] = joint / total
        predicted[t + 1] = filtered[t] @ moves
    smoothed = filtered.copy()
    for t in range(periods - 2, -1, -1):
        smoothed[t] = filtered[t] * (moves @ (smoothed[t + 1] / predicted[t + 1]))
        smoothed[t] /= smoothed[t].sum()
    return Posterior(grid, predicted, filtered, smoothed, evidence)


def evidences(start: Floats, moves: Floats, seen: Floats) -> Floats:
    """Return the log likelihood of data under several assumptions at once, float64 (M, N).

    Args:
        start: float64 (K,), probabilities before the first period.
        moves: float64 (M, K, K), transitions to try.
        seen: float64 (N, T, K), log likelihoods to try with each of them.
    """
    cases, periods, size = seen.shape
    best = seen.max(axis=2)
    likely = np.ascontiguousarray(np.exp(seen - best[:, :, None]).transpose(1, 0, 2))
    now = np.broadcast_to(start, (len(moves), cases, size))
    totals = np.empty((periods, len(moves), cases))
    for t in range(periods):
        joint = now * likely[t]
        totals[t] = total = joint.sum(axis=2)
        now = np.matmul(joint / total[:, :, None], moves)
    out: Floats = best.sum(axis=1) + np.log(totals).sum(axis=0)
    return out


def quantiles(grid: Floats, posterior: Floats, shares: tuple[float, ...]) -> Floats:
    """Return quantiles of posteriors over a grid, float64 (T, len(shares)), linear between grid values."""
    sums = np.cumsum(posterior, axis=1)
    out = np.empty((len(posterior), len(shares)))
    middle = sums - 0.5 * posterior  # a value stands for the stretch around it
    for t in range(len(posterior)):
        out[t] = np.interp(shares, middle[t], grid)
    return out
