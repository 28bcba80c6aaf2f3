"""Calendar arithmetic that never raises: a day outside years 1 to 9999 is None."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta

_LAST_ORDINAL = date.max.toordinal()


def make_day(year: int, month: int, day: int) -> date | None:
    """Return that day, or None where the calendar has no such day.

    Example:
        >>> make_day(2019, 2, 29) is None
        True
    """
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def add_days(day: date, days: int) -> date | None:
    """Return the day so many days later (earlier when negative)."""
    ordinal = day.toordinal() + days
    return date.fromordinal(ordinal) if 1 <= ordinal <= _LAST_ORDINAL else None


def add_months(day: date, months: int) -> date | None:
    """Return the same day of the month so many months later, or that month's last day.

    Example:
        >>> add_months(date(2024, 1, 31), 1)
        datetime.date(2024, 2, 29)
    """
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def month_end(year: int, month: int) -> date:
    """Return the last day of a month; the year must lie in 1 to 9999."""
    return date(year, month, calendar.monthrange(year, month)[1])


def monday_of(day: date) -> date:
    """Return the Monday of the day's ISO week (the first of January of year 1 is a Monday)."""
    return day - timedelta(days=day.weekday())


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """Return the nth weekday of a month (0 is Monday); ``nth`` -1 is the last."""
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    if nth < 0:
        last = month_end(year, month)
        return add_days(last, -((last.weekday() - weekday) % 7) + 7 * (nth + 1))
    first = date(year, month, 1)
    return make_day(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def western_easter(year: int) -> date | None:
    """Return Easter Sunday of the western churches.

    Source:
        J. Meeus, Astronomical Algorithms, chapter 8 (after Butcher's rule of 1876).
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return make_day(year, month, day + 1)


def orthodox_easter(year: int) -> date | None:
    """Return Easter Sunday of the eastern churches, as a Gregorian day.

    Source:
        J. Meeus, Astronomical Algorithms, chapter 8 (Julian Easter), moved by the difference of the calendars.
    """
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    julian = make_day(year, month, day + 1)
    return None if julian is None else add_days(julian, year // 100 - year // 400 - 2)


def islamic_day(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day of a day of the tabular Islamic calendar; sightings differ by a day or so.

    Source:
        The civil (Friday) epoch and the 30-year cycle with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29.
    """
    days = day + math.ceil(29.5 * (month - 1)) + (year - 1) * 354 + (3 + 11 * year) // 30
    ordinal = days + 227014  # 1 Muharram 1 AH is 19 July 622 (proleptic Gregorian), ordinal 227015
    return date.fromordinal(ordinal) if 1 <= ordinal <= _LAST_ORDINAL else None


def islamic_years(year: int) -> tuple[int, int, int]:
    """Return the Islamic years that may begin or end in a Gregorian year."""
    first = math.floor((year - 622) * 33 / 32)
    return first, first + 1, first + 2


def hebrew_new_year(hebrew_year: int) -> date | None:
    """Return the Gregorian day of Rosh Hashanah (1 Tishri) of a Hebrew year.

    Source:
        E. Reingold and N. Dershowitz, Calendrical Calculations, chapter on the Hebrew calendar.
    """
    ordinal = _hebrew_elapsed(hebrew_year) + _hebrew_delay(hebrew_year) - 1373427
    return date.fromordinal(ordinal) if 1 <= ordinal <= _LAST_ORDINAL else None


def _hebrew_elapsed(year: int) -> int:
    """Return the days from the Hebrew epoch to the molad's day of Tishri, put off where rules say so."""
    months = (235 * year - 234) // 19
    parts = 12084 + 13753 * months
    days = 29 * months + parts // 25920
    return days + 1 if 3 * (days + 1) % 7 < 3 else days


def _hebrew_delay(year: int) -> int:
    """Return how many days the year's length rules put the new year off (0 to 2)."""
    before, this, after = (_hebrew_elapsed(y) for y in (year - 1, year, year + 1))
    if after - this == 356:
        return 2
    return 1 if this - before == 382 else 0
