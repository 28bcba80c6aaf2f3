from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.timex.calendars import (
    add_days,
    add_months,
    hebrew_new_year,
    islamic_day,
    make_day,
    monday_of,
    nth_weekday,
    orthodox_easter,
    western_easter,
)
from dragoman.timex.moons import diwali, lunar_new_year, nowruz


def test_easter_falls_on_the_days_of_the_church_tables() -> None:
    """Easter of both churches falls on the days that the churches kept."""
    assert [western_easter(y) for y in (2008, 2011, 2018, 2024)] == [
        date(2008, 3, 23), date(2011, 4, 24), date(2018, 4, 1), date(2024, 3, 31),
    ]  # fmt: skip
    assert [orthodox_easter(y) for y in (2008, 2011, 2021, 2024)] == [
        date(2008, 4, 27), date(2011, 4, 24), date(2021, 5, 2), date(2024, 5, 5),
    ]  # fmt: skip


def test_hebrew_new_year_falls_on_its_days() -> None:
    """Rosh Hashanah falls on the days that were kept."""
    days = {
        5767: date(2006, 9, 23),
        5778: date(2017, 9, 21),
        5784: date(2023, 9, 16),
        5785: date(2024, 10, 3),
    }
    assert {y: hebrew_new_year(y) for y in days} == days


@pytest.mark.parametrize(
    ("islamic", "kept"),
    [
        ((1441, 9, 1), date(2020, 4, 24)),
        ((1445, 10, 1), date(2024, 4, 10)),
        ((1444, 12, 10), date(2023, 6, 28)),
    ],
)
def test_islamic_days_are_at_most_a_day_off(islamic: tuple[int, int, int], kept: date) -> None:
    """The tabular calendar is within a day of what was kept in Mecca."""
    found = islamic_day(*islamic)
    assert found is not None
    assert abs((found - kept).days) <= 1


def test_feasts_of_the_moon_fall_on_their_days() -> None:
    """Lunar New Year falls on its day, Diwali and Nowruz within a day of theirs."""
    lunar = [date(1985, 2, 20), date(2015, 2, 19), date(2020, 1, 25), date(2023, 1, 22), date(2025, 1, 29)]
    assert [lunar_new_year(d.year) for d in lunar] == lunar
    for kept, found in (
        (date(2018, 11, 7), diwali(2018)), (date(2023, 11, 12), diwali(2023)), (date(2020, 3, 20), nowruz(2020)),
        (date(2019, 3, 21), nowruz(2019)),
    ):  # fmt: skip
        assert found is not None
        assert abs((found - kept).days) <= 1


def test_counted_weekdays_fall_in_their_month() -> None:
    """The nth weekday of a month is counted from its first day, the last from its end."""
    assert nth_weekday(2024, 11, 3, 4) == date(2024, 11, 28)
    assert nth_weekday(2024, 5, 0, -1) == date(2024, 5, 27)
    assert nth_weekday(2024, 2, 3, 5) == date(2024, 2, 29)
    assert nth_weekday(2023, 2, 3, 5) is None


@given(st.dates(), st.integers(-(10**7), 10**7))
def test_adding_and_taking_days_are_inverse(day: date, days: int) -> None:
    """Going some days ahead and back ends where it began, or leaves the calendar."""
    moved = add_days(day, days)
    assert moved is None or add_days(moved, -days) == day


@given(st.dates(), st.integers(-150000, 150000))
def test_adding_months_keeps_the_day_or_ends_the_month(day: date, months: int) -> None:
    """So many months later is the same day of the month, or the month's last day where it is shorter."""
    moved = add_months(day, months)
    if moved is not None:
        assert moved.day == day.day or (
            moved.day < day.day and make_day(moved.year, moved.month, moved.day + 1) is None
        )


@given(st.dates())
def test_weeks_begin_on_monday(day: date) -> None:
    """The Monday of a day's week is a Monday at most six days before."""
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert 0 <= (day - monday).days <= 6
