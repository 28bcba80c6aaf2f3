"""What to expect of a pair: the chance that the next weeks bring more incidents than is usual for it.

In: a pair's incidents per week and how much was read in each week. Out: per origin (a week's beginning; only weeks before it are known)
and horizon the usual level, the chance of more by the model and by two baselines, and, once the weeks have passed, whether it came so.

Usual is the 75th percentile of the counts of windows of the same length in the three years before the origin; above usual is more than
that, so at least one incident. Windows of which too little was read are left out of every count.

Source:
    Baselines as in weather forecasting, Wilks, D. S. (2019), Statistical Methods in the Atmospheric Sciences, 4th edition, chapter 9:
    persistence and climatology.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.grid import Floats
from dragoman.relate.hidden_rate import Walk

HORIZONS = (1, 4, 12)  # weeks
USUAL_SHARE = 0.75
USUAL_WEEKS = 156
LEAST_WEEKS = 104  # of reading before an origin
LEAST_INCIDENTS = 20  # of all kinds before an origin
LEAST_READ = 0.25  # of a window, as a share of the usual reading
# Reading of a week is compared with its mean over the weeks before.
_READING_WEEKS = 52
# A week with less than this share of the mean counts in proportion, others in full: the reading of a small store scatters.
_THIN = 0.25
# Added to hit rates: so many windows at the share of all.
_PRIOR_WINDOWS = 4.0
# The same for seasons. Most pairs have none: with less, climatology forecast worse than the plain share (26 pairs before 2016).
_PRIOR_SEASONS = 24.0
# Climatology looks at the same month when so many years were read, and at windows that begin within so many weeks of it.
_SEASON_YEARS, _SEASON_WEEKS = 5, 3
_A_YEAR = 52.18
_MOST_A_WEEK = 5.0  # of a year's mean; beyond it incidents are counted in lots
_BOUNDS = (0.005, 0.995)  # no forecast is surer than what some hundred windows can teach


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Forecasts of one kind of incident over one horizon, one per origin; all arrays are (N,).

    Attributes:
        weeks: The horizon.
        origins: First day of the first week that is forecast.
        least: int64, incidents that are above usual.
        model, persistence, climatology: float64, chances of that many.
        happened: float64, 1 or 0; NaN where the window is not over or was hardly read.
    """

    weeks: int
    origins: tuple[date, ...]
    least: NDArray[np.int64]
    model: Floats
    persistence: Floats
    climatology: Floats
    happened: Floats


def exposure_then(read: NDArray[np.int64]) -> Floats:
    """Return each week's share of the usual reading, 0 to 1, as it was known then, float64 (T,).

    The usual is the mean of the year before. More than usual counts as usual: a store that grows makes no past week a broken feed.

    Args:
        read: int64 (T,), articles read per week; all zero where nothing is known of reading, and every week then counts in full.
    """
    if not read.any():
        return np.ones(len(read))
    sums = np.concatenate([[0.0], np.cumsum(read)])
    weeks = np.arange(len(read))
    begin = np.maximum(weeks - _READING_WEEKS, 0)
    usual = (sums[weeks] - sums[begin]) / np.maximum(weeks - begin, 1)
    share: Floats = np.where(usual > 0, read / np.maximum(usual, 1e-9) / _THIN, read > 0)
    return np.minimum(share, 1.0)


def forecasts_of(
    counts: NDArray[np.int64], exposure: Floats, starts: Sequence[date], *, all_counts: NDArray[np.int64],
    horizons: Sequence[int] = HORIZONS, first: int | None = None,
) -> Mapping[int, Forecasts]:  # fmt: skip
    """Return the forecasts of a kind at every origin with enough history, by horizon; the last origin is after the last week.

    Args:
        counts: int64 (T,), incidents of the kind per week.
        exposure: float64 (T,), as ``exposure_then`` gives it.
        starts: First day of each week and of the next one, T + 1.
        all_counts: int64 (T,), incidents of every kind: a history is long enough or not for a pair as a whole.
        horizons: In weeks.
        first: Index of the first origin wanted; None for the first with enough history.
    """
    begin = max(first_origin(all_counts, exposure), first or 0)
    origins = list(range(begin, len(counts) + 1))
    windows = {weeks: _Windows(counts, exposure, weeks) for weeks in horizons}
    least = {w: np.array([windows[w].least(t) for t in origins], np.int64) for w in horizons}
    reading = {w: np.array([windows[w].reading(t) for t in origins]) for w in horizons}
    size = _lot(counts)
    lots = np.diff(np.concatenate([[0], np.cumsum(counts)]) // size)
    enough = {w: np.maximum(np.round(n / size), 1).astype(np.int64) for w, n in least.items()}
    chances = Walk(lots, exposure).chances(np.array(origins, np.int64), enough, reading)
    out = {}
    for w in horizons:
        known = [windows[w].baselines(t, int(u)) for t, u in zip(origins, least[w], strict=True)]
        out[w] = Forecasts(
            w, tuple(starts[t] for t in origins), least[w], np.clip(chances[w], *_BOUNDS),
            np.array([p for p, _ in known]), np.array([c for _, c in known]),
            np.array([windows[w].happened(t, int(u)) for t, u in zip(origins, least[w], strict=True)]),
        )  # fmt: skip
    return out


def _lot(counts: NDArray[np.int64]) -> int:
    """Return how many incidents the model counts as one: 1 unless a pair had very many in some year.

    The model's rates end at what a pair of few thousand incidents has, and its sums grow with the square of the counts.
    """
    a_year = _rolling(counts.astype(float), min(52, max(len(counts), 1)))
    return max(1, int(np.ceil(a_year.max(initial=0.0) / 52 / _MOST_A_WEEK)))


def first_origin(all_counts: NDArray[np.int64], exposure: Floats) -> int:
    """Return the first origin with enough history, T + 1 where there is none: two years of reading, and twenty incidents."""
    read = np.concatenate([[0], np.cumsum(exposure > 0)])
    seen = np.concatenate([[0], np.cumsum(all_counts)])
    enough = np.flatnonzero((read >= LEAST_WEEKS) & (seen >= LEAST_INCIDENTS))
    return int(enough[0]) if len(enough) else len(read)


class _Windows:
    """Counts of all windows of one length; window s holds the weeks s … s + weeks - 1."""

    def __init__(self, counts: NDArray[np.int64], exposure: Floats, weeks: int) -> None:
        self.weeks = weeks
        self.sums = _rolling(counts.astype(float), weeks)
        self.read = _rolling(exposure, weeks) / weeks
        self.known = self.read >= LEAST_READ

    def reading(self, t: int) -> float:
        """Return the share of the usual reading to expect of a window that is read: the mean of those of the year before."""
        last = max(0, t - self.weeks + 1)
        recent = slice(max(0, last - _READING_WEEKS), last)
        read = self.read[recent][self.known[recent]]
        return float(read.mean()) if len(read) else 1.0

    def least(self, t: int) -> int:
        """Return the incidents that are above usual at an origin."""
        last = t - self.weeks + 1  # windows that end before the origin
        recent = slice(max(0, last - USUAL_WEEKS), max(0, last))
        sums = self.sums[recent][self.known[recent]]
        return int(np.quantile(sums, USUAL_SHARE, method="inverted_cdf")) + 1 if len(sums) else 1

    def baselines(self, t: int, least: int) -> tuple[float, float]:
        """Return the chances by persistence and by climatology at an origin."""
        last = max(0, t - self.weeks + 1)
        above, known = self.sums[:last] >= least, self.known[:last]
        share = float((above[known].sum() + 0.5) / (known.sum() + 1.0))
        return (
            float(np.clip(self._persistence(above, known, share), *_BOUNDS)),
            float(np.clip(self._climatology(above, known, share, t), *_BOUNDS)),
        )

    def _persistence(self, above: NDArray[np.bool_], known: NDArray[np.bool_], share: float) -> float:
        """Return how often windows followed so, after windows like the last one."""
        if len(above) <= self.weeks or not known[-1]:
            return share
        before, after = slice(None, -self.weeks), slice(self.weeks, None)
        alike = known[before] & known[after] & (above[before] == above[-1])
        hits = float(above[after][alike].sum())
        return (hits + _PRIOR_WINDOWS * share) / (float(alike.sum()) + _PRIOR_WINDOWS)

    def _climatology(self, above: NDArray[np.bool_], known: NDArray[np.bool_], share: float, t: int) -> float:
        """Return the share of past windows above usual; of those of the same season where enough years were read."""
        if len(above) < _SEASON_YEARS * _A_YEAR:
            return share
        off = np.mod(t - np.arange(len(above)) + _A_YEAR / 2, _A_YEAR) - _A_YEAR / 2
        alike = known & (np.abs(off) <= _SEASON_WEEKS)
        hits = float(above[alike].sum())
        # Windows of one season overlap: a whole season of one year tells about as much as one window.
        worth = float(alike.sum()) / (2 * _SEASON_WEEKS + 1)
        mean = hits / max(float(alike.sum()), 1.0)
        return (worth * mean + _PRIOR_SEASONS * share) / (worth + _PRIOR_SEASONS)

    def happened(self, t: int, least: int) -> float:
        """Return 1 or 0, NaN where the window is not over or was hardly read."""
        if t >= len(self.sums) or not self.known[t]:
            return float("nan")
        return float(self.sums[t] >= least)


def _rolling(values: Floats, weeks: int) -> Floats:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    out: Floats = sums[weeks:] - sums[:-weeks] if len(values) >= weeks else np.zeros(0)
    return out
