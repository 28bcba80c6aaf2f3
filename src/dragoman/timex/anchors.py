"""Chooses the calendar unit that year-less and relative words mean, given the publication date and the tense.

Newspaper convention: without a sign of the future, a weekday or month is the latest one not after publication.
"""

from __future__ import annotations

from datetime import date

from dragoman.timex.calendars import add_days, add_months, make_day
from dragoman.timex.tense import Direction

# A day or month without a year and without tense is taken ahead when it comes within this many days or months.
_NEAR_DAYS, _NEAR_MONTHS = 90, 2
# However the tense reads: a day this soon is meant when the other one lies this far off, for writers add the year.
_SOON_DAYS, _SLIP_DAYS, _FAR_DAYS = 30, 4, 240


def pick_weekday(published_on: date, weekday: int, direction: Direction | None) -> date | None:
    """Return the weekday nearest before publication, or after it for the future; the day itself counts.

    Example:
        >>> pick_weekday(date(2025, 5, 19), 6, None)
        datetime.date(2025, 5, 18)
    """
    back = (published_on.weekday() - weekday) % 7
    ahead = (weekday - published_on.weekday()) % 7
    return add_days(published_on, ahead if direction == "future" else -back)


def pick_day(published_on: date, month: int, day: int, direction: Direction | None) -> date | None:
    """Return the day of that month whose year fits the tense, None where no near year has such a day."""
    found = [d for y in range(-8, 9) if (d := make_day(published_on.year + y, month, day)) is not None]
    return pick_nearest(published_on, found, direction)


def pick_nearest(published_on: date, days: list[date], direction: Direction | None) -> date | None:
    """Return the day before (one day's grace) or after publication that fits the tense, nearest first."""
    past = max((d for d in days if (d - published_on).days <= 1), default=None)
    ahead = min((d for d in days if (d - published_on).days >= 0), default=None)
    if past is None or ahead is None:
        return past or ahead
    back_days, ahead_days = (published_on - past).days, (ahead - published_on).days
    if direction == "future":
        return past if back_days <= _SLIP_DAYS and ahead_days > _FAR_DAYS else ahead
    limit = _SOON_DAYS if direction == "past" else _NEAR_DAYS
    return ahead if ahead_days <= limit and back_days > _FAR_DAYS else past


def pick_month(published_on: date, month: int, direction: Direction | None) -> int | None:
    """Return the year of the month that fits the tense, None outside the calendar."""
    ahead = (month - published_on.month) % 12
    if direction == "future" or (direction is None and ahead <= _NEAR_MONTHS):
        moved = add_months(published_on.replace(day=1), ahead)
    else:
        moved = add_months(published_on.replace(day=1), -((published_on.month - month) % 12))
    return None if moved is None else moved.year


def full_year(two_digits: int) -> int:
    """Return the year that two figures mean: 1930 to 2029, as Recognizers-Text and POSIX round about do.

    Example:
        >>> full_year(89), full_year(15)
        (1989, 2015)
    """
    return 1900 + two_digits if two_digits >= 30 else 2000 + two_digits
