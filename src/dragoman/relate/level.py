"""The level of a relation: where between conflict (-10) and cooperation (+10) two sides stand, with credible intervals.

In: a ``Series``. Out: ``Level``, one entry per period. The level is hidden; the mean intensity of a period's incidents shows it with an
error that shrinks with their number. A period without incidents says nothing, so the interval widens until there is news again.

Source:
    Kitagawa 1987, see ``grid``. The scale of intensity is PLOVER's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dragoman.relate.grid import Floats, evidences, filter_and_smooth, quantiles, transition
from dragoman.relate.series import PERIODS_PER_YEAR, Series

_GRID = np.linspace(-10.0, 10.0, 81)
# Standard deviation of the level before anything is known, around neither: wide, yet an incident alone is not believed whole.
_PRIOR_SPREAD = 5.0
# Incidents of one period are not independent of each other: the mean of many still errs by this much.
_SHARED_ERROR = 1.5
# A side's spread of intensities is mixed with that of a usual pair (measured on thirty pairs of a world corpus), worth so many
# incidents, since few incidents do not tell it.
_USUAL_SPREAD, _USUAL_WEIGHT = 5.5, 20
# Assumptions that are weighed by the evidence: steps of the level in a month, and the chance of a jump in a year. Steps below 0.3 are
# left out: they would have a level that nobody spoke of for years be as sure as on the day it was last seen.
_DRIFTS, _JUMPS = (0.3, 0.6, 1.2), (0.1, 0.4)
CREDIBLE = 0.9


@dataclass(frozen=True, slots=True)
class Level:
    """The level per period, float64 (T,) each, in units of intensity.

    ``low`` and ``high`` hold the level with a probability of 0.9. ``now_*`` use only what was known by the end of each period.
    """

    mean: Floats
    low: Floats
    high: Floats
    now_mean: Floats
    now_low: Floats
    now_high: Floats


def level_of(series: Series) -> Level:
    """Return the level of a pair in each period, smoothed over all periods and as it was known then."""
    seen = _likelihoods(series)
    start = np.exp(-0.5 * (_GRID / _PRIOR_SPREAD) ** 2)
    start /= start.sum()
    per_month = 12.0 / PERIODS_PER_YEAR[series.step]
    moves = np.stack([
        transition(_GRID, drift=max(drift * per_month**0.5, 0.05), jump=1 - (1 - jump) ** (per_month / 12))
        for drift in _DRIFTS
        for jump in _JUMPS
    ])  # fmt: skip
    weighed = evidences(start, moves, seen[None])[:, 0]
    found = filter_and_smooth(_GRID, start, moves[int(np.argmax(weighed))], seen)
    edges = ((1 - CREDIBLE) / 2, (1 + CREDIBLE) / 2)
    after, then = quantiles(_GRID, found.smoothed, edges), quantiles(_GRID, found.filtered, edges)
    return Level(
        found.smoothed @ _GRID, after[:, 0], after[:, 1], found.filtered @ _GRID, then[:, 0], then[:, 1]
    )


def _likelihoods(series: Series) -> Floats:
    """Return the log likelihood of each period's mean intensity under each level, float64 (T, K)."""
    n = series.counts.sum(axis=1).astype(float)
    told = float(n.sum())
    variance = (told * series.spread**2 + _USUAL_WEIGHT * _USUAL_SPREAD**2) / (told + _USUAL_WEIGHT)
    error = _SHARED_ERROR**2 + variance / np.maximum(n, 1)
    off = np.nan_to_num(series.intensity)[:, None] - _GRID[None, :]
    out: Floats = np.where(n[:, None] > 0, -0.5 * off**2 / error[:, None], 0.0)
    return out
