"""Turns found as they happen, and alarms that chance alone raises no oftener than asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from math import exp, lgamma, log

import numpy as np
import pytest
from numpy.typing import NDArray

from dragoman.relate.change import alarms_of, find_changes, log_gamma, thresholds_of, trace
from dragoman.relate.series import Series, starts_of

WEEKS = starts_of(date(2010, 1, 4), date(2019, 12, 30), "week")


def series(conflict: NDArray[np.int64], exposure: NDArray[np.float64] | None = None) -> Series:
    """Return weeks with so many conflicts and nothing else."""
    size = len(conflict)
    counts = np.zeros((size, 4), np.int64)
    counts[:, 3] = conflict
    return Series(
        "week", WEEKS[:size], counts, np.where(conflict > 0, -9.0, np.nan), 1.0,
        np.ones(size) if exposure is None else exposure, np.zeros(size, np.int64),
    )  # fmt: skip


def test_log_gamma_is_right() -> None:
    """It agrees with the standard library."""
    x = np.array([1e-3, 0.1, 0.5, 1, 2, 7.3, 100, 1e5])
    assert log_gamma(x) == pytest.approx([lgamma(v) for v in x], rel=1e-9, abs=1e-9)


def test_a_war_is_told_in_its_first_weeks() -> None:
    """Four quiet years, then twelve attacks a week: one alarm within three weeks, dated to the beginning."""
    counts = np.random.default_rng(3).poisson(0.1, 208)
    war = np.concatenate([counts, np.random.default_rng(4).poisson(12, 60)])
    found = [c for c in find_changes(series(war)) if c.rises and c.raised_on >= WEEKS[200]]
    assert len(found) == 1
    assert WEEKS[208] <= found[0].raised_on <= WEEKS[208] + timedelta(days=21)
    assert abs((found[0].since - WEEKS[208]).days) <= 14
    assert found[0].after > 5 * found[0].before
    assert found[0].by_chance_per_year <= 0.5


def test_the_end_of_a_war_is_told_too() -> None:
    """When attacks stop, a lull is told, once."""
    random = np.random.default_rng(3)
    counts = np.concatenate([random.poisson(8, 208), np.zeros(60, np.int64)])
    found = [c for c in find_changes(series(counts)) if c.raised_on >= WEEKS[206]]
    assert [c.rises for c in found] == [False]
    assert found[0].raised_on <= WEEKS[208] + timedelta(days=35)


def test_a_single_incident_is_no_turn() -> None:
    """One attack in ten quiet years raises nothing; three in a week do."""
    one, three = np.zeros(520, np.int64), np.zeros(520, np.int64)
    one[300], three[300] = 1, 3
    assert find_changes(series(one)) == []
    assert len(find_changes(series(three))) == 1


def test_a_broken_feed_raises_nothing() -> None:
    """No incident because nothing was read is no lull."""
    counts = np.concatenate([np.random.default_rng(3).poisson(8, 208), np.zeros(40, np.int64)])
    read = np.concatenate([np.ones(208), np.zeros(40)])
    late = [c for c in find_changes(series(counts, read)) if c.raised_on >= WEEKS[206]]
    assert late == []


def test_time_without_reading_does_not_repeat_an_alarm() -> None:
    """A war is told once though nothing is read in every second week after it, and its beginning is dated right."""
    counts = np.concatenate([np.random.default_rng(3).poisson(0.1, 200), np.tile([10, 0], 30)])
    read = np.concatenate([np.tile([1.0, 0.0], 100), np.tile([1.0, 0.0], 30)])
    late = [c for c in find_changes(series(counts, read)) if c.raised_on >= WEEKS[200]]
    assert len(late) == 1
    assert abs((late[0].since - WEEKS[200]).days) <= 14


def test_more_reading_is_no_burst() -> None:
    """Three times the articles and three times the incidents are the same rate."""
    random = np.random.default_rng(3)
    counts = np.concatenate([random.poisson(2, 208), random.poisson(6, 52)])
    read = np.concatenate([np.ones(208), np.full(52, 3.0)])
    bursts = [c for c in find_changes(series(counts, read)) if c.raised_on >= WEEKS[208]]
    blind = [c for c in find_changes(series(counts)) if c.raised_on >= WEEKS[208]]
    assert not [c for c in bursts if c.rises]
    assert [c for c in blind if c.rises]


@pytest.mark.parametrize(("rate", "dispersion"), [(0.05, 1.0), (0.5, 2.0), (5.0, 3.0)])
def test_false_alarms_are_as_rare_as_asked(rate: float, dispersion: float) -> None:
    """Over 240 years in which nothing changes, with rates between the table's, alarms stay below twice what was asked."""
    random = np.random.default_rng(99)
    shape = (40, 7 * 52)
    if dispersion > 1:
        size = rate / (dispersion - 1)
        counts = random.poisson(random.gamma(size, rate / size, shape))
    else:
        counts = random.poisson(rate, shape)
    found = trace(counts, np.ones(shape[1]))
    alarms = 0
    for row in range(shape[0]):
        levels = thresholds_of(found.usual[row], found.dispersion[row], step="week", per_year=0.5)
        alarms += sum(t >= 52 for t in alarms_of(found, levels, row=row))
    assert alarms / (shape[0] * 6) <= 1.0


def test_more_false_alarms_allowed_never_raise_a_threshold() -> None:
    """Thresholds fall as more false alarms per year are allowed, at any rate and burstiness."""
    usual, dispersion = np.geomspace(0.005, 60, 40), np.linspace(1, 8, 40)
    levels = [thresholds_of(usual, dispersion, step="week", per_year=y) for y in (0.1, 0.3, 0.5, 1.0, 2.0)]
    assert all((a >= b - 1e-12).all() for a, b in itertools.pairwise(levels))
    assert all(((level > 0) & (level < 1)).all() for level in levels)


def test_the_past_is_not_told_anew() -> None:
    """Alarms up to a week do not change when later weeks are added."""
    counts = np.random.default_rng(8).poisson(np.repeat([0.2, 6.0, 0.5, 9.0], 80))
    whole, part = find_changes(series(counts)), find_changes(series(counts[:240]))
    assert [c for c in whole if c.raised_on < WEEKS[239]] == [c for c in part if c.raised_on < WEEKS[239]]


def test_a_count_beyond_all_expectation_stays_a_number() -> None:
    """Six quiet years and then a hundred thousand a week: every probability is one, and the rates are told."""
    counts = np.zeros((1, 400), np.int64)
    counts[0, 300:] = 100_000
    with np.errstate(invalid="raise", divide="raise", over="raise"):
        found = trace(counts, np.ones(400))
    assert np.isfinite(found.before).all()
    assert found.recent[0, 299] < 0.1 < 0.9 < found.recent[0, 300]
    assert found.after[0, 300] == 100_000


@pytest.mark.parametrize("rate", [0.1, 1.5, 30.0])
def test_runs_are_weighed_as_written_down(rate: float) -> None:
    """Period by period, run by run, with the standard library's log gamma: the same probabilities, ages and rates."""
    random = np.random.default_rng(11)
    counts = random.poisson(np.repeat([rate, 5 * rate, 0.2 * rate], 70))
    exposure = random.uniform(0.3, 1.5, len(counts))
    found = trace(counts[None, :], exposure, step="month")
    told = list(one_by_one([int(n) for n in counts], [float(e) for e in exposure]))
    assert len(told[-1][3]) == 37  # runs of three years and more are one by then
    for t, (recent, age, before, _) in enumerate(told):
        assert found.recent[0, t] == pytest.approx(recent, rel=1e-6, abs=1e-12)
        assert found.onset[0, t] == age
        assert found.before[0, t] == pytest.approx(before, rel=1e-6)


def one_by_one(counts: list[int], exposure: list[float]) -> Iterator[tuple[float, int, float, list[float]]]:
    """Yield after each month the chance of a recent change, its age, the rate before it and the probabilities of all runs."""
    a_year, weeks, longest = 12.0, 12.0 / 52.18, 36
    keep, hazard = 1 - 1 / (52.0 * weeks), 1 / (2.0 * a_year)
    usual, jumps, sums, last, dispersion = 1.0 / (52.0 * weeks), 2.0, 1.0, 0.0, 1.0

    def prior() -> float:
        return 0.5 / (3.0 * usual + 0.3 / weeks)

    runs = [(0.0, 0.0, prior())] * (longest + 1)
    chances = [0.0] * longest + [1.0]
    for n, read in zip(counts, exposure, strict=True):
        y, e = n / dispersion, read / dispersion
        told = []
        for seen, over, first in runs:
            a, b = 0.5 + seen / dispersion, first + over / dispersion
            told.append(lgamma(a + y) - lgamma(a) + a * log(b / (b + e)) + y * log(e / (b + e)))
        joint = [c * exp(w - max(told)) for c, w in zip(chances, told, strict=True)]
        joint = [j / sum(joint) for j in joint]
        share = joint[-2] / (joint[-2] + joint[-1])
        ends = tuple(share * x + (1 - share) * z for x, z in zip(runs[-2], runs[-1], strict=True))
        runs = [(0.0, 0.0, prior())] + [(s + n, o + read, f) for s, o, f in [*runs[:-2], ends]]
        chances = [hazard] + [(1 - hazard) * j for j in [*joint[:-2], joint[-2] + joint[-1]]]
        rate = n / max(read, 0.1)
        jumps, sums, last = keep * jumps + (rate - last) ** 2, keep * sums + 2 * rate, rate
        usual = keep * usual + (1 - keep) * rate
        dispersion = min(max(jumps / sums, 1.0), 8.0)
        old = [(c, (0.5 + s) / (f + o)) for c, (s, o, f) in zip(chances[2:], runs[2:], strict=True)]
        whole = sum(c for c, _ in old)
        before = sum(c * r for c, r in old) / whole if whole > 1e-9 else usual
        yield chances[1], 1, before, chances


@pytest.mark.parametrize("size", [0, 1, 5])
def test_nothing_to_see_is_no_turn(size: int) -> None:
    """No period, one, and periods in which nothing was read raise nothing."""
    assert find_changes(series(np.full(size, 9, np.int64), np.zeros(size))) == []
    assert find_changes(series(np.zeros(size, np.int64))) == []


@pytest.mark.parametrize("per_year", [0.01, 50.0])
def test_false_alarms_that_were_not_simulated_are_refused(per_year: float) -> None:
    """The table answers for a tenth to two a year, and for nothing beyond."""
    with pytest.raises(ValueError, match=r"from 0.1 to 2"):
        find_changes(series(np.zeros(60, np.int64)), per_year=per_year)


def test_thresholds_beyond_the_table_are_those_at_its_edge() -> None:
    """Rates and dispersions outside the table take its nearest entry, and all are probabilities."""
    rates, spreads = np.array([0.0, 1e-9, 0.01, 30.0, 1e6]), np.array([0.5, 1.0, 1.0, 8.0, 99.0])
    found = thresholds_of(rates, spreads, step="week", per_year=0.5)
    assert found[0] == found[1] == found[2]
    assert found[3] == found[4]
    assert ((found > 0) & (found < 1)).all()
