"""Counts per period and what was read in it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.answer.relations import extent_of
from dragoman.relate.series import STEPS, Step, exposure_of, next_start, series_of, start_of, starts_of

from .telling import every_day, incident, points, side

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@given(day=DAYS, step=st.sampled_from(STEPS))
def test_every_day_is_in_one_period(day: date, step: Step) -> None:
    """A period begins on or before the day and ends after it."""
    start = start_of(day, step)
    assert start <= day < next_start(start, step)
    assert start_of(next_start(start, step), step) == next_start(start, step)


@given(day=DAYS, days=st.integers(0, 800), step=st.sampled_from(STEPS))
def test_periods_have_no_gaps(day: date, days: int, step: Step) -> None:
    """Each period begins where the one before ends, and they hold the first and the last day."""
    starts = starts_of(day, day + timedelta(days=days), step)
    assert starts[0] <= day
    assert all(next_start(a, step) == b for a, b in itertools.pairwise(starts))
    assert next_start(starts[-1], step) > day + timedelta(days=days)


def test_an_incident_counts_once_however_many_report_it() -> None:
    """Five reports of one incident are one in its quad class; what is announced stands apart."""
    told = incident(date(2024, 5, 6), "ACCUSE", reports=list("abcde"), events=list("vwxyz"))
    planned = incident(date(2024, 6, 6), "CONSULT", status="future")
    found = series_of(
        points(told, planned), {}, step="month", since=date(2024, 5, 1), until=date(2024, 6, 30)
    )
    assert found.counts.tolist() == [[0, 0, 1, 0], [0, 0, 0, 0]]
    assert found.planned.tolist() == [0, 1]
    assert found.conflict.tolist() == [1, 0]
    assert found.intensity[0] == pytest.approx(-3.0, abs=0.6)
    assert np.isnan(found.intensity[1])


def test_exposure_is_the_share_of_the_usual_reading() -> None:
    """A month in which nothing was read has none; without any coverage known every month counts as usual."""
    coverage = every_day(date(2024, 1, 1), date(2024, 4, 30))
    for day in [d for d in coverage["Keld Times"] if d.month == 3]:
        del coverage["Keld Times"][day]
    starts = starts_of(date(2024, 1, 1), date(2024, 4, 30), "month")
    found = exposure_of(coverage, starts, "month")
    assert found[2] == 0
    assert (
        found[[0, 1, 3]].min() > 1
    )  # the usual is the mean of the months from first to last, the empty one among them
    assert exposure_of({}, starts, "month").tolist() == [1.0] * 4


def test_the_outlets_that_report_a_pair_weigh_most() -> None:
    """When the only outlet that reports a pair falls silent, exposure falls, though the others go on."""
    first, last = date(2024, 1, 1), date(2024, 4, 30)
    coverage = {
        **every_day(first, last),
        "Halden Post": dict(every_day(first, date(2024, 3, 31))["Keld Times"]),
    }
    starts = starts_of(first, last, "month")
    blind = exposure_of(coverage, starts, "month")
    ours = exposure_of(coverage, starts, "month", ["Halden Post"] * 90)
    assert ours[3] < 0.2 < 0.4 < blind[3] < 0.9


def test_rare_outlets_are_taken_together() -> None:
    """Hundreds of outlets with one article each, on one day each, still make an even exposure."""
    first = date(2024, 1, 1)
    coverage = {f"outlet {d}": {first + timedelta(days=d): 1} for d in range(360)}
    found = exposure_of(coverage, starts_of(first, first + timedelta(days=359), "month"), "month")
    assert found.min() > 0.75
    assert found.max() < 1.2


def test_undated_incidents_are_told() -> None:
    """What happened and has no day within a month is counted as such."""
    rows = points(
        incident(date(2024, 1, 1), days=365), incident(None, actors=(side("DNK"),), recipients=(side("NOR"),))
    )
    found = series_of(rows, {}, step="month", since=date(2024, 1, 1), until=date(2024, 3, 1))
    assert found.undated == 2
    assert found.counts.sum() == 0


def test_outside_of_all_reading_nothing_was_read() -> None:
    """Before the first article, after the last, and in years without any, exposure is 0, however few are usual."""
    coverage = every_day(date(2024, 3, 1), date(2024, 5, 31), n=1)
    starts = starts_of(date(2024, 1, 1), date(2024, 7, 31), "week")
    found = exposure_of(coverage, starts, "week")
    assert found[0] == found[-1] == 0
    assert found[12] > 0.5
    assert not exposure_of(coverage, starts_of(date(1960, 1, 1), date(1969, 12, 31), "month"), "month").any()
    assert (exposure_of({}, starts, "week") == 1).all()


def test_one_stray_date_makes_no_series_of_centuries() -> None:
    """An article dated to the year 1000 is left out of the time that a relation is computed for."""
    coverage = {"Keld Times": {date(1000, 1, 1): 1, date(2024, 5, 1): 9}}
    first, last = extent_of([], coverage, None, None)
    assert last == date(2024, 5, 1)
    assert 50 <= (last - first).days / 365.25 <= 61
