"""Builds the values of calendar units: a day, a week, a month, the third quarter, the early 1990s."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dragoman.records import Precision
from dragoman.timex.calendars import add_days, add_months, make_day, monday_of, month_end
from dragoman.timex.expression import Value

SEASONS = ("SP", "SU", "FA", "WI")
_SEASON_START = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # meteorological, northern half


def day_value(day: date | None, basis: str, *, anchored: bool = False, suffix: str = "") -> Value | None:
    """Return one day; ``suffix`` is a time of day as TIMEX3 writes it ("TNI", "T14:30")."""
    if day is None:
        return None
    kind = "TIME" if suffix else "DATE"
    return Value(
        day, day, "day", day.isoformat() + suffix, "TIME" if kind == "TIME" else "DATE", basis, anchored
    )


def span_value(
    first: date | None,
    last: date | None,
    precision: Precision,
    timex3: str,
    basis: str,
    *,
    anchored: bool = False,
) -> Value | None:
    """Return a stretch of days as a DATE, or None where either end lies outside the calendar."""
    if first is None or last is None or first > last:
        return None
    return Value(first, last, precision, timex3, "DATE", basis, anchored)


def open_value(precision: Precision, timex3: str, basis: str) -> Value:
    """Return a DATE whose days are not known."""
    return Value(None, None, precision, timex3, "DATE", basis, anchored=False)


def week_value(day: date, basis: str, *, anchored: bool = True) -> Value | None:
    """Return the ISO week that holds a day."""
    year, week, _ = day.isocalendar()
    start = monday_of(day)
    return span_value(start, add_days(start, 6), "week", f"{year:04}-W{week:02}", basis, anchored=anchored)


def weekend_value(day: date, basis: str, *, anchored: bool = True) -> Value | None:
    """Return Saturday and Sunday of the ISO week that holds a day."""
    year, week, _ = day.isocalendar()
    start = monday_of(day)
    saturday, sunday = add_days(start, 5), add_days(start, 6)
    return span_value(saturday, sunday, "week", f"{year:04}-W{week:02}-WE", basis, anchored=anchored)


def month_value(year: int, month: int, basis: str, *, anchored: bool = False) -> Value | None:
    """Return a month."""
    first = make_day(year, month, 1)
    if first is None:
        return None
    timex3 = f"{year:04}-{month:02}"
    return span_value(first, month_end(year, month), "month", timex3, basis, anchored=anchored)


def quarter_value(year: int, quarter: int, basis: str, *, anchored: bool = False) -> Value | None:
    """Return a quarter (1 to 4) of a calendar year."""
    first = make_day(year, 3 * quarter - 2, 1)
    if first is None:
        return None
    last = month_end(year, 3 * quarter)
    return span_value(first, last, "quarter", f"{year:04}-Q{quarter}", basis, anchored=anchored)


def half_value(year: int, half: int, basis: str, *, anchored: bool = False) -> Value | None:
    """Return the first or second half of a year."""
    first = make_day(year, 6 * half - 5, 1)
    if first is None:
        return None
    last = month_end(year, 6 * half)
    return span_value(first, last, "interval", f"{year:04}-H{half}", basis, anchored=anchored)


def season_value(year: int, season: str, basis: str, *, anchored: bool = False) -> Value | None:
    """Return a season ("SP", "SU", "FA", "WI") of the northern half; a winter begins in its year's December."""
    first = make_day(year, _SEASON_START[season], 1)
    last_start = None if first is None else add_months(first, 2)
    if first is None or last_start is None:
        return None
    last = month_end(last_start.year, last_start.month)
    return span_value(first, last, "season", f"{year:04}-{season}", basis, anchored=anchored)


def year_value(year: int, basis: str, *, anchored: bool = False) -> Value | None:
    """Return a calendar year."""
    first, last = make_day(year, 1, 1), make_day(year, 12, 31)
    return span_value(first, last, "year", f"{year:04}", basis, anchored=anchored)


def decade_value(first_year: int, basis: str, *, anchored: bool = False) -> Value | None:
    """Return the ten years that share their first three digits."""
    start = first_year // 10 * 10
    first, last = make_day(max(start, 1), 1, 1), make_day(start + 9, 12, 31)
    return span_value(first, last, "decade", f"{start // 10:03}", basis, anchored=anchored)


def century_value(century: int, basis: str, *, anchored: bool = False) -> Value | None:
    """Return a century as people count it: the 19th is 1800 to 1899 (TIMEX3 "18")."""
    start = (century - 1) * 100
    first, last = make_day(max(start, 1), 1, 1), make_day(start + 99, 12, 31)
    return span_value(first, last, "century", f"{century - 1:02}", basis, anchored=anchored)


def unit_value(unit: str, anchor: date, offset: int, basis: str) -> Value | None:
    """Return the calendar unit so many units after the one that holds the anchor (before when negative).

    Args:
        unit: "day", "week", "fortnight", "weekend", "month", "quarter", "year", "decade" or "century".
        anchor: The day to count from.
        offset: How many units later.
        basis: The rule and anchor in words.
    """
    if unit in ("day", "week", "weekend", "fortnight"):
        day = add_days(anchor, offset * {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}[unit])
        if day is None:
            return None
        if unit == "day":
            return day_value(day, basis, anchored=True)
        return weekend_value(day, basis) if unit == "weekend" else week_value(day, basis)
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    day = add_months(anchor.replace(day=1), offset * months)
    if day is None:
        return None
    if unit == "month":
        return month_value(day.year, day.month, basis, anchored=True)
    if unit == "quarter":
        return quarter_value(day.year, (day.month + 2) // 3, basis, anchored=True)
    if unit == "year":
        return year_value(day.year, basis, anchored=True)
    if unit == "decade":
        return decade_value(day.year, basis, anchored=True)
    return century_value(day.year // 100 + 1, basis, anchored=True)


def narrow(value: Value, part: str) -> Value:
    """Return the part of a value that "early", "mid", "late", "start", "middle" or "end" names.

    Halves for "early" and "late" of weeks, months and years, thirds for the year's "start", "middle" and "end", the
    middle third for "mid": wide enough to hold what writers mean. A day, a night and a weekend stay whole; the TIMEX3
    value stays.
    """
    if value.from_ is None or value.to is None or (value.to - value.from_).days < 2:
        return value
    days = (value.to - value.from_).days + 1
    first, last = 0, days - 1
    if value.precision == "year" and days > 360:
        return _narrow_year(value, part)
    if value.precision == "decade":
        return _narrow_decade(value, part)
    if part in ("mid", "middle"):
        first, last = round(days / 3), round(days * 2 / 3) - 1
        if days == 7:
            first, last = 1, 4
    elif value.precision == "week":
        first, last = (0, 2) if part in ("early", "start") else (3, days - 1)
    elif value.precision == "month":
        first, last = (0, 14) if part in ("early", "start") else (15, days - 1)
    elif part in ("early", "start"):
        last = max(0, days * 2 // 5 - 1)
    else:
        first = min(last, days * 3 // 5)
    narrowed = replace(value, from_=add_days(value.from_, first), to=add_days(value.from_, last))
    return replace(narrowed, basis=f"{part} part of {value.basis}")


def _narrow_year(value: Value, part: str) -> Value:
    """Return half a year for "early" and "late", a third for "start" and "end"."""
    assert value.from_ is not None
    assert value.to is not None
    months = {
        "early": (1, 6),
        "start": (1, 4),
        "late": (7, 12),
        "end": (9, 12),
        "mid": (5, 8),
        "middle": (5, 8),
    }[part]
    year = value.from_.year
    first, last = date(year, months[0], 1), month_end(year, months[1])
    return replace(value, from_=first, to=last, basis=f"{part} part of {value.basis}")


def _narrow_decade(value: Value, part: str) -> Value:
    """Return four years for "early" and "late", the fifth to seventh for "mid"."""
    assert value.from_ is not None
    first, last = {"early": (0, 3), "start": (0, 3), "mid": (4, 6), "middle": (4, 6)}.get(part, (6, 9))
    start = value.from_.year // 10 * 10
    days = date(max(1, start + first), 1, 1), date(start + last, 12, 31)
    return replace(value, from_=days[0], to=days[1], basis=f"{part} part of {value.basis}")
