"""Level and rates: what they must do on data whose truth is known."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from dragoman.relate.grid import evidences, filter_and_smooth, quantiles, transition
from dragoman.relate.level import level_of
from dragoman.relate.rates import rates_of, shortest
from dragoman.relate.series import Series, starts_of

MONTHS = starts_of(date(2014, 1, 1), date(2023, 12, 31), "month")


def series(intensity: list[float], n: list[int] | None = None, exposure: list[float] | None = None) -> Series:
    """Return a series of months with so many incidents of a mean intensity; None of them is NaN."""
    size = len(intensity)
    counts = np.zeros((size, 4), np.int64)
    counts[:, 0] = n if n is not None else [0 if np.isnan(v) else 5 for v in intensity]
    return Series(
        "month",
        MONTHS[:size],
        counts,
        np.array(intensity),
        5.0,
        np.array(exposure or [1.0] * size),
        np.zeros(size, np.int64),
    )


class TestGrid:
    def test_probabilities_stay_probabilities(self) -> None:
        """Transitions, filtered and smoothed posteriors sum to one."""
        grid = np.linspace(0, 10, 21)
        moves = transition(grid, drift=0.5, jump=0.1)
        seen = -0.5 * (np.array([2.0, 2.5, 9.0, 9.0])[:, None] - grid) ** 2
        found = filter_and_smooth(grid, np.full(21, 1 / 21), moves, seen)
        for rows in (moves, found.predicted, found.filtered, found.smoothed):
            assert rows.sum(axis=1) == pytest.approx(1)
        assert found.smoothed[-1] == pytest.approx(found.filtered[-1])

    def test_evidence_is_the_same_both_ways(self) -> None:
        """Weighing many assumptions at once gives what weighing one alone gives."""
        grid = np.linspace(0, 10, 21)
        start = np.full(21, 1 / 21)
        kinds = np.stack([transition(grid, drift=d, jump=0.1) for d in (0.3, 2.0)])
        seen = -0.5 * (np.array([2.0, 2.5, 9.0, 9.0])[:, None] - grid) ** 2
        kinds_of_seeing = np.stack([seen, 0.3 * seen, np.zeros_like(seen)])
        together = evidences(start, kinds, kinds_of_seeing)
        alone = [[filter_and_smooth(grid, start, k, s).evidence for s in kinds_of_seeing] for k in kinds]
        assert together == pytest.approx(np.array(alone))

    def test_quantiles_of_a_flat_posterior(self) -> None:
        """Of an even posterior from 0 to 10 the quantiles are where they should be."""
        grid = np.linspace(0, 10, 101)
        assert quantiles(grid, np.full((1, 101), 1 / 101), (0.05, 0.5, 0.95))[0] == pytest.approx(
            [0.5, 5.0, 9.5], abs=0.1
        )


class TestLevel:
    def test_the_level_turns_where_the_news_turns(self) -> None:
        """Five years of conflict and five of cooperation: the level crosses zero within two months of the turn."""
        found = level_of(series([-6.0] * 60 + [5.0] * 60))
        crossed = int(np.argmax(found.mean > 0))
        assert abs(crossed - 60) <= 2
        assert found.mean[30] == pytest.approx(-6, abs=0.7)
        assert found.mean[90] == pytest.approx(5, abs=0.7)

    def test_silence_widens_the_interval_and_moves_nothing(self) -> None:
        """Three years without a word: the level stays, and the interval grows until there is news again."""
        found = level_of(
            series(
                [4.0, 1.0, -2.0, 3.0, 6.0, -1.0] * 6 + [np.nan] * 36 + [4.0, 1.0, -2.0, 3.0, 6.0, -1.0] * 6
            )
        )
        width = found.high - found.low
        assert width[54] > 1.3 * width[18]
        assert np.all(np.diff(found.now_high[37:70] - found.now_low[37:70]) > -1e-6)
        assert abs(found.mean[54] - found.mean[20]) < 1.0

    def test_many_incidents_narrow_it(self) -> None:
        """Forty incidents a month say more than one a month."""
        few = level_of(series([3.0] * 24, n=[1] * 24))
        many = level_of(series([3.0] * 24, n=[40] * 24))
        assert (many.high - many.low)[12] < 0.7 * (few.high - few.low)[12]

    def test_without_any_news_nothing_is_claimed(self) -> None:
        """No incident at all: the interval is nearly as wide as the scale."""
        found = level_of(series([np.nan] * 24))
        assert (found.high - found.low).min() > 12
        assert np.abs(found.mean).max() < 0.5

    def test_the_past_is_known_by_what_came_before_it(self) -> None:
        """``now_mean`` of a period does not change when later periods are added."""
        whole = series([-6.0] * 30 + [5.0] * 30)
        part = series([-6.0] * 30 + [5.0] * 5)
        assert level_of(part).now_mean[:30] == pytest.approx(level_of(whole).now_mean[:30], abs=0.5)


class TestRates:
    def test_the_band_holds_what_it_promises(self) -> None:
        """Of counts drawn at drifting rates with bursts, 85 to 97 of 100 lie in the 90 % band told the month before."""
        random = np.random.default_rng(5)
        inside = []
        for _ in range(12):
            rate = np.exp(np.cumsum(random.normal(0, 0.15, 120)) + np.log(6))
            counts = random.poisson(random.gamma(3.0, rate / 3.0))
            found = rates_of(counts.astype(np.int64), np.ones(120), step="month")
            band = found.band()[24:-1]
            inside += ((band[:, 0] <= counts[24:]) & (counts[24:] <= band[:, 1])).tolist()
        assert 0.85 <= np.mean(inside) <= 0.97

    def test_a_broken_feed_is_not_peace(self) -> None:
        """No incident in half a year: with the usual reading the rate falls, with none read it stays and is less sure."""
        counts = np.array([8] * 48 + [0] * 6, np.int64)
        read = rates_of(counts, np.ones(54), step="month")
        blind = rates_of(counts, np.array([1.0] * 48 + [0.0] * 6), step="month")
        assert read.mean[-1] < 1.0
        assert blind.mean[-1] > 5.0
        assert blind.high[-1] - blind.low[-1] > blind.high[40] - blind.low[40]

    def test_half_the_reading_explains_half_the_counts(self) -> None:
        """A rate is per usual reading: with half of it and half the incidents it is the same."""
        found = rates_of(
            np.array([10] * 40 + [5] * 40, np.int64), np.array([1.0] * 40 + [0.5] * 40), step="month"
        )
        assert found.mean[70] == pytest.approx(found.mean[10], rel=0.15)
        assert found.expected[75] == pytest.approx(5, rel=0.25)

    def test_predictions_are_distributions(self) -> None:
        """Each row of predicted counts sums to one, and the last is one period ahead."""
        found = rates_of(np.array([0, 3, 1, 50, 2], np.int64), np.array([1, 1, 0, 2, 1.0]), step="week")
        assert found.predicted.shape[0] == 6
        assert found.predicted.sum(axis=1) == pytest.approx(1)
        assert (found.predicted >= 0).all()

    def test_predictions_are_negative_binomials(self) -> None:
        """A rate that is known as well as a grid can give predicts counts as the textbook's formula has them."""
        counts, read = np.array([40] * 60, np.int64), np.array([1.0] * 59 + [0.5])
        found = rates_of(counts, read, step="day")
        size, rate = found.size, found.expected[-1]
        told = [math.exp(math.lgamma(n + size) - math.lgamma(size) - math.lgamma(n + 1) + size * math.log(size / (size + rate)) + n * math.log(rate / (size + rate))) for n in range(80)]  # fmt: skip
        assert found.predicted[-1][:80] == pytest.approx(np.array(told), abs=0.004)
        assert found.predicted[-2] @ np.arange(140) == pytest.approx(found.expected[-2], rel=1e-3)

    def test_the_shortest_band_holds_its_share(self) -> None:
        """The band is the shortest of all that hold the share."""
        assert shortest(np.array([0.05, 0.5, 0.42, 0.03]), 0.9) == (1, 2)
        assert shortest(np.array([1.0]), 0.9) == (0, 0)

    def test_an_incident_of_an_unread_time_is_no_war(self) -> None:
        """One incident of a month in which nothing was read, told later, gives about one a month."""
        found = rates_of(np.array([1] + [0] * 24, np.int64), np.array([0.0] + [1.0] * 24), step="month")
        assert 0.1 < found.mean[0] < 3

    @pytest.mark.parametrize("size", [0, 1])
    def test_next_to_no_periods_are_enough(self, size: int) -> None:
        """No period and one give levels and rates of that length, and a band for the period to come."""
        counts = np.zeros(size, np.int64)
        found = rates_of(counts, np.zeros(size), step="week")
        assert len(found.mean) == size
        assert found.band().shape == (size + 1, 2)
        assert len(level_of(series([np.nan] * size)).mean) == size
