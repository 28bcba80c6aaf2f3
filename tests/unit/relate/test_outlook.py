"""Outlooks: what is usual, no look into the future, chances that come true, and a baseline where the model has no skill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from dragoman.answer.outlook import History, expectation_of, percent, scores_row
from dragoman.relate import hidden_rate
from dragoman.relate.backtest import METHODS, Scores, calibration_of, score, scores_of, shown_at
from dragoman.relate.grid import Floats
from dragoman.relate.hidden_rate import Walk
from dragoman.relate.outlook import (
    LEAST_INCIDENTS,
    LEAST_WEEKS,
    Forecasts,
    exposure_then,
    first_origin,
    forecasts_of,
)

Counts = NDArray[np.int64]
WEEKS = 470


def starts(weeks: int) -> tuple[date, ...]:
    """Return the Mondays of so many weeks and of the next one."""
    return tuple(date(2010, 1, 4) + timedelta(days=7 * n) for n in range(weeks + 1))


def forecast(
    counts: Counts, exposure: Floats | None = None, *, horizons: tuple[int, ...] = (1, 4, 12)
) -> Mapping[int, Forecasts]:
    """Return the forecasts of a pair that has incidents of this kind only, and enough of them from the start."""
    read = np.ones(len(counts)) if exposure is None else exposure
    return forecasts_of(counts, read, starts(len(counts)), all_counts=counts + 1, horizons=horizons)


def wandering(seed: int, *, mean: float = 0.3, weeks: int = WEEKS) -> Counts:
    """Return counts under a hidden rate that wanders: spells of conflict and of quiet."""
    rng = np.random.default_rng(seed)
    keep, out, x = 0.5 ** (1 / 12), np.empty(weeks, np.int64), 0.0
    for t in range(weeks):
        x = keep * x + 1.1 * (1 - keep**2) ** 0.5 * rng.standard_normal()
        out[t] = rng.poisson(mean * np.exp(x))
    return out


def noise(seed: int, *, mean: float = 0.4, weeks: int = WEEKS) -> Counts:
    """Return counts under a rate that never changes."""
    return np.random.default_rng(seed).poisson(mean, weeks)


def test_reading_is_compared_with_the_year_before() -> None:
    """A growing store has no thin weeks; a feed that breaks has; what comes later changes nothing before."""
    read = np.full(120, 20, np.int64)
    read[60:] = 80
    read[100], read[101] = 0, 4
    share = exposure_then(read)
    assert (np.delete(share, (100, 101)) == 1).all()
    assert share[100] == 0
    assert 0.1 < share[101] < 0.4
    assert (exposure_then(read[:80]) == share[:80]).all()
    assert (exposure_then(np.zeros(5, np.int64)) == 1).all()


def test_a_history_must_be_long_enough() -> None:
    """Two years that were read, and twenty incidents; both are needed, and what is missing is told."""
    many, read = np.ones(300, np.int64), np.ones(300)
    assert first_origin(many, read) == LEAST_WEEKS
    late = many.copy()
    late[:200] = 0
    assert first_origin(late, read) == 200 + LEAST_INCIDENTS
    gap = read.copy()
    gap[10:60] = 0
    assert first_origin(many, gap) == LEAST_WEEKS + 50
    assert first_origin(many[:50], read[:50]) == 51
    short = History(starts(50), np.ones((50, 4), np.int64) * 0, np.ones(50))
    assert [words.split()[0] for words in short.missing()] == ["50", "0"]
    assert History(starts(300), np.ones((300, 4), np.int64), read).missing() == ()


def test_usual_is_what_three_of_four_windows_did_not_exceed() -> None:
    """Above usual is more than the 75th percentile of three years, so at least one incident."""
    counts = np.tile(np.array([0, 0, 1, 3], np.int64), 100)
    found = forecast(counts)
    assert set(found[1].least[20:].tolist()) == {2}
    assert set(found[4].least[20:].tolist()) == {5}
    quiet = np.zeros(300, np.int64)
    quiet[::50] = 1
    assert set(forecast(quiet)[1].least.tolist()) == {1}


def test_outcomes_are_those_of_the_weeks_after_the_origin() -> None:
    """A window counts from its origin on; one that is not over has no outcome."""
    counts = np.zeros(200, np.int64)
    counts[150] = 1
    found = forecast(counts)
    of = {w: dict(zip(f.origins, f.happened, strict=True)) for w, f in found.items()}
    monday = starts(200)
    assert [of[1][monday[t]] for t in (149, 150, 151)] == [0, 1, 0]
    assert [of[4][monday[t]] for t in (146, 147, 150, 151)] == [0, 1, 1, 0]
    assert np.isnan([of[1][monday[200]], of[4][monday[197]], of[12][monday[189]]]).all()
    assert of[12][monday[188]] == 0


def test_nothing_is_known_of_the_future() -> None:
    """The forecast at an origin is the same whatever comes after it."""
    counts = wandering(5, weeks=300)
    exposure = exposure_then(np.random.default_rng(1).poisson(9, 300))
    whole = forecast(counts, exposure)
    then = forecast(counts[:220], exposure[:220])
    for weeks, cut in then.items():
        n = len(cut.origins)
        assert cut.origins == whole[weeks].origins[:n]
        for name in ("least", *METHODS):
            np.testing.assert_allclose(getattr(cut, name), getattr(whole[weeks], name)[:n], rtol=1e-9)
        assert shown_at(cut) == shown_at(whole[weeks])[:n]


def test_chances_are_those_of_the_process() -> None:
    """The exact chances before anything is known equal the shares among many drawn histories."""
    walk = Walk(np.zeros(0, np.int64), np.zeros(0))
    rng = np.random.default_rng(2)
    draws, grid = 40_000, hidden_rate._GRID
    sums = np.zeros((draws, 4))
    cases = rng.integers(len(walk.cases), size=draws)
    for case, (size, mean, spread, _) in enumerate(walk.cases):
        mine = np.flatnonzero(cases == case)
        at = rng.choice(len(grid), size=len(mine), p=hidden_rate.normal(mean, spread))
        for week in range(4):
            r = hidden_rate._SIZES[size]
            sums[mine, week] = rng.negative_binomial(r, r / (r + np.exp(grid[at]) * 0.5))
            steps = np.cumsum(walk.moves[case], axis=1)[at]
            at = np.minimum((steps < rng.random(len(mine))[:, None]).sum(axis=1), len(grid) - 1)
    for least in (1, 3, 8):
        wanted = {1: np.array([least]), 4: np.array([least])}
        found = walk.chances(np.array([0]), wanted, dict.fromkeys(wanted, np.array([0.5])))
        assert found[1][0] == pytest.approx((sums[:, 0] >= least).mean(), abs=0.01)
        assert found[4][0] == pytest.approx((sums.sum(axis=1) >= least).mean(), abs=0.01)


@pytest.fixture(scope="module")
def pooled() -> dict[int, list[Forecasts]]:
    """Return the forecasts of many pairs whose rates wander."""
    made = [forecast(wandering(seed, mean=(0.1, 0.3, 1.0)[seed % 3])) for seed in range(18)]
    return {weeks: [one[weeks] for one in made] for weeks in (1, 4, 12)}


@pytest.mark.slow
def test_chances_come_true(pooled: dict[int, list[Forecasts]]) -> None:
    """On pairs whose rate wanders, what is given a chance comes so as often, and the model beats both baselines."""
    for weeks, many in pooled.items():
        found = scores_of(many)
        came = found.above / found.n
        said = sum(b.said * b.n for b in found.calibration["model"]) / found.n
        assert said == pytest.approx(came, abs=0.025), weeks
        for b in found.calibration["model"]:
            if b.n >= 300:
                assert b.came == pytest.approx(b.said, abs=0.1), (weeks, b)
        assert found.skill("persistence") > 0, weeks
        assert found.skill("climatology") > 0.02, weeks


@pytest.mark.slow
def test_the_model_is_shown_where_it_has_skill(pooled: dict[int, list[Forecasts]]) -> None:
    """Of pairs whose rate wanders, most show the model for the next week."""
    shown = [expectation_of("material_conflict", one).shown for one in pooled[1]]
    assert shown.count("model") > len(shown) / 2


def test_noise_gives_no_skill_and_then_the_baseline() -> None:
    """Where nothing can be foretold the model gains nothing, and a pair on which it loses shows the baseline, marked."""
    many = [forecast(noise(seed), horizons=(4,))[4] for seed in range(8)]
    found = scores_of(many)
    assert -0.05 < found.skill("climatology") < 0.02
    told = [expectation_of("material_conflict", one) for one in many]
    lost = [e for e in told if e.tested.brier["model"] >= min(e.tested.brier[m] for m in METHODS[1:])]
    assert lost
    for e in lost:
        assert e.shown == e.tested.better_baseline != "model"
        assert e.chance == e.chances[e.shown]
        assert e.why.startswith("baseline")


def test_too_few_tests_show_the_baseline() -> None:
    """A model that was hardly tested is not shown, however well it did."""
    counts = np.zeros(LEAST_WEEKS + 40, np.int64)
    counts[-30::10] = 1
    e = expectation_of("material_cooperation", forecast(counts, horizons=(1,))[1])
    assert e.shown != "model"
    assert "not proven" in e.why


def test_a_broken_feed_is_not_peace() -> None:
    """Weeks that nobody read lower no chance, have no outcome, and count in no baseline."""
    counts = noise(4, mean=1.5, weeks=300)
    exposure = np.ones(300)
    counts[250:290], exposure[250:290] = 0, 0.0
    broken, quiet = forecast(counts, exposure, horizons=(1,))[1], forecast(counts, horizons=(1,))[1]
    at = broken.origins.index(starts(300)[289])
    assert np.isnan(broken.happened[at])
    assert quiet.happened[at] == 0
    assert broken.least[at] == quiet.least[at] == broken.least[at - 45]
    assert broken.model[at] > quiet.model[at] + 0.1
    assert broken.climatology[at] > quiet.climatology[at]


def test_windows_may_expect_different_reading() -> None:
    """How much reading is expected may differ by the length of the window; each keeps the chance it has alone."""
    origins, least = np.array([0, 0]), np.array([1, 1])
    reading = {1: np.array([1.0, 1.0]), 4: np.array([0.5, 1.0])}
    walk = Walk(np.zeros(0, np.int64), np.zeros(0))
    together = walk.chances(origins, {1: least, 4: least}, reading)
    for weeks, shares in reading.items():
        np.testing.assert_allclose(
            together[weeks], walk.chances(origins, {weeks: least}, {weeks: shares})[weeks]
        )
    assert together[4][0] < together[4][1]


def test_a_pair_with_very_many_incidents_is_counted_in_lots() -> None:
    """Thousands of incidents cost no more time, and spells among them are still told from quiet."""
    many = [forecast(wandering(seed, mean=150.0), horizons=(1, 12)) for seed in range(3)]
    week, quarter = (scores_of([one[weeks] for one in many]) for weeks in (1, 12))
    assert min(one[12].least.max() for one in many) > 500
    assert week.skill("climatology") > 0.1
    assert quarter.skill("climatology") > 0


def test_no_chance_is_told_as_none_or_certain() -> None:
    """Small and large chances are told as bounds."""
    assert [percent(p) for p in (0.006, 0.01, 0.344, 0.99, 0.994)] == ["<1%", "1%", "34%", "99%", ">99%"]


def hand_made(model: list[float], happened: list[float], *, weeks: int = 1) -> Forecasts:
    """Return forecasts with even baselines."""
    n = len(model)
    half = np.full(n, 0.5)
    return Forecasts(
        weeks, starts(n - 1), np.ones(n, np.int64), np.array(model), half, half, np.array(happened)
    )


def test_scores_by_hand() -> None:
    """Brier, log score, skill and bins of three forecasts."""
    found = score(
        {m: np.array([0.8, 0.3, 0.35] if m == "model" else [0.5] * 3) for m in METHODS},
        np.array([1.0, 0.0, 1.0]),
    )
    assert found.brier["model"] == pytest.approx((0.04 + 0.09 + 0.4225) / 3)
    assert found.log["model"] == pytest.approx(-(np.log(0.8) + np.log(0.7) + np.log(0.35)) / 3)
    assert found.skill("climatology") == pytest.approx(1 - 0.5525 / 0.75)
    assert [(b.low, b.n, b.came) for b in found.calibration["model"]] == [(0.3, 2, 0.5), (0.8, 1, 1.0)]
    assert calibration_of(np.array([1.0]), np.array([1.0]))[0].low == 0.9
    row = scores_row(found)
    assert (row["n"], row["above"], row["skill"]["persistence"]) == (3, 2, 0.2633)


def test_what_has_no_outcome_is_not_scored() -> None:
    """Windows that are not over, or that lie outside the days asked for, are left out; nothing at all has no score."""
    one = hand_made([0.9, 0.9, 0.9], [1.0, 0.0, np.nan])
    assert (scores_of([one]).n, scores_of([one]).above) == (2, 1)
    assert scores_of([one], since=one.origins[1]).n == 1
    assert scores_of([one], until=one.origins[0]).brier["model"] == pytest.approx(0.01)
    empty = scores_of([one], since=date(2099, 1, 1))
    assert (empty.n, empty.model_is_better) == (0, False)
    assert scores_row(empty)["brier"]["model"] is None
    assert isinstance(empty, Scores)


def test_the_method_shown_is_chosen_by_windows_that_were_over() -> None:
    """The model is shown once its tests suffice, later by the horizon, and no longer when it fails."""
    happened = [1.0, 0.0] * 60
    good = [0.9 if h else 0.1 for h in happened]
    assert [
        shown_at(hand_made(good, happened)).index("model"),
        shown_at(hand_made(good, happened, weeks=4)).index("model"),
    ] == [52, 55]
    fails = [1 - p for p in good]
    mixed = hand_made(good[:60] + fails[60:], happened)
    shown = shown_at(mixed)
    assert shown[59] == "model"
    assert shown[-1] == "climatology"
    unknown = replace(mixed, happened=np.full(120, np.nan))
    assert set(shown_at(unknown)) == {"climatology"}
