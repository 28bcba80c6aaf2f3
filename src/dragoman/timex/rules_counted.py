"""Rules for periods counted within longer ones: the third quarter of 2016, the first week of October, Q3, H1."""

from __future__ import annotations

from datetime import date

from dragoman.timex.amounts import Amount, shift
from dragoman.timex.anchors import pick_month
from dragoman.timex.calendars import add_days, add_months, monday_of, nth_weekday
from dragoman.timex.expression import Value
from dragoman.timex.lexicon import UNITS
from dragoman.timex.matching import Hit, RuleBook
from dragoman.timex.rules_periods import year_of_offset
from dragoman.timex.values import (
    century_value,
    half_value,
    open_value,
    quarter_value,
    span_value,
    unit_value,
    week_value,
    year_value,
)

BOOK = RuleBook()


@BOOK.rule(
    "(?:THE )?(?:ORDWORD|ORD|LAST) UNIT (?:OF |IN )?(?:THE )?(?:YEAR|(?:LAST|THIS|NEXT) UNIT)",
    "YEAR (?:THE )?(?:ORDWORD|ORD) UNIT",
    "(?:THE )?(?:ORDWORD|ORD|LAST) UNIT OF (?:THE )?MONTH(?: COMMA? YEAR)?",
    "(?:THE )?(?:ORDWORD|ORD) HALF OF (?:THE )?(?:YEAR|(?:LAST|THIS|NEXT) UNIT|DECADENO)",
    "(?:THE )?(?:ORDWORD|ORD) DASH? UNIT",
)
def counted_unit(hit: Hit) -> Value | None:
    """Read "the third quarter of 2016", "the first week of October", "the first half of 2013", "the third quarter"."""
    nth = hit.value("ORDWORD", "ORD") or -1
    if hit.has("HALF"):
        return _half_of(hit, nth)
    units = [UNITS[v] for v in hit.values("UNIT")]
    unit = units[0]
    if unit == "century":
        return century_value(nth, "century") if len(units) == 1 and 1 <= nth <= 30 else None
    if unit == "quarter":
        return _quarter(hit, nth, len(units) == 2)
    if unit == "week" and hit.has("MONTH"):
        return _week_of_month(hit, nth)
    if unit == "week" and (hit.has("YEAR") or len(units) == 2):
        return _week_in(hit, nth, units)
    return None


def _half_of(hit: Hit, nth: int) -> Value | None:
    if hit.has("DECADENO") or nth not in (1, 2):
        return None
    year = hit.value("YEAR") or year_of_offset(hit)
    return None if year is None else half_value(year, nth, "half of a year", anchored=not hit.has("YEAR"))


def _quarter(hit: Hit, nth: int, relative: bool) -> Value | None:
    """Return a quarter of a named year, of last, this or next year, or the latest that is over."""
    if not 1 <= nth <= 4:
        return None
    year = hit.value("YEAR")
    if year is not None:
        return quarter_value(year, nth, "quarter and year")
    published_on = hit.published_on
    if relative:
        year = year_of_offset(hit)
        return (
            None if year is None else quarter_value(year, nth, f"counted from {published_on}", anchored=True)
        )
    if hit.is_class(0, "OF") or hit.is_class(-1, "FISCAL"):
        return None
    if published_on is None:
        return open_value("quarter", f"XXXX-Q{nth}", "quarter without a year")
    passed = 3 * nth - 2 <= published_on.month
    year = published_on.year if passed or hit.direction() == "future" else published_on.year - 1
    return quarter_value(year, nth, f"quarter nearest {published_on}", anchored=True)


def _week_of_month(hit: Hit, nth: int) -> Value | None:
    """Return the nth week of a month: its weeks are those whose Thursday lies in it (ISO 8601)."""
    number, year = hit.need("MONTH"), hit.value("YEAR")
    if year is None:
        if hit.published_on is None:
            return open_value("week", "XXXX-WXX", "week of a month without a year")
        year = pick_month(hit.published_on, number, hit.direction())
    if year is None:
        return None
    thursday = nth_weekday(year, number, 3, nth)
    if thursday is None or thursday.month != number:
        return None
    return week_value(thursday, "week counted in a month", anchored=not hit.has("YEAR"))


def _week_in(hit: Hit, nth: int, units: list[str]) -> Value | None:
    """Return the nth ISO week of a year or of a month counted from publication."""
    published_on, step = hit.published_on, -1 if "last " in hit.text[6:] else 1 if hit.has("NEXT") else 0
    if len(units) == 2 and units[1] == "month":
        start = None if published_on is None else add_months(published_on.replace(day=1), step)
        thursday = None if start is None else nth_weekday(start.year, start.month, 3, nth)
        return (
            None if thursday is None else week_value(thursday, f"week of a month counted from {published_on}")
        )
    year = hit.value("YEAR") or (year_of_offset(hit) if len(units) == 2 else None)
    if year is None or not 1 <= year < 9999:
        return None
    anchor = date(year, 1, 4) if nth > 0 else date(year, 12, 28)
    day = add_days(monday_of(anchor), 7 * (nth - 1) if nth > 0 else 0)
    return None if day is None else week_value(day, "week counted in a year", anchored=not hit.has("YEAR"))


@BOOK.rule(
    "(?:THE )?(?:ORDWORD|LAST) WEEKDAY (?:OF|IN) (?:THE )?(?:MONTH(?: COMMA? YEAR)?|(?:LAST|THIS|NEXT) UNIT)"
)
def counted_weekday(hit: Hit) -> Value | None:
    """Read "the first Friday of July" and "the second Monday of next month"."""
    nth = hit.value("ORDWORD") or -1
    published_on = hit.published_on
    if hit.has("MONTH"):
        number, year = hit.need("MONTH"), hit.value("YEAR")
        if year is None and published_on is not None:
            year = pick_month(published_on, number, hit.direction())
    elif published_on is not None and hit.text.endswith("month"):
        step = 1 if hit.has("NEXT") else -1 if hit.has("LAST") and hit.has("ORDWORD") else 0
        moved = add_months(published_on.replace(day=1), step)
        year, number = (None, 1) if moved is None else (moved.year, moved.month)
    else:
        return None
    day = None if year is None else nth_weekday(year, number, hit.need("WEEKDAY"), nth)
    return span_value(day, day, "day", str(day), "weekday counted in a month", anchored=not hit.has("YEAR"))


@BOOK.rule("(?:THE )?(?:ORDWORD|LAST) (?:NUMWORD|DAY) UNIT OF (?:THE )?(?:YEAR|(?:LAST|THIS|NEXT)? ?UNIT)")
def counted_stretch(hit: Hit) -> Value | None:
    """Read "the first six months of 2010" and "the last three days of this month"."""
    units = [UNITS[v] for v in hit.values("UNIT")]
    from_start = hit.value("ORDWORD") == 1
    if units[0] not in ("day", "week", "month") or (hit.has("ORDWORD") and not from_start):
        return None
    whole = _whole(hit, units[-1])
    if whole is None or whole.from_ is None or whole.to is None:
        return None
    amount = Amount(hit.need("NUMWORD", "DAY"), units[0])
    after = add_days(whole.to, 1)
    edge = (
        shift(whole.from_, amount, 1) if from_start else None if after is None else shift(after, amount, -1)
    )
    last_day = None if edge is None else add_days(edge, -1)
    first, last = (whole.from_, last_day) if from_start else (edge, whole.to)
    if first is None or last is None:
        return None
    first, last = max(first, whole.from_), min(last, whole.to)
    words = f"{amount.rough:g} {units[0]}s of the {whole.basis}"
    return span_value(first, last, "interval", f"{first}/{last}", words, anchored=whole.anchored)


def _whole(hit: Hit, unit: str) -> Value | None:
    """Return the year or other unit that a stretch is counted in."""
    year, published_on = hit.value("YEAR"), hit.published_on
    if year is not None:
        return year_value(year, "year")
    if published_on is None:
        return None
    step = -1 if "of last" in hit.text else 1 if hit.has("NEXT") else 0
    return unit_value(unit, published_on, step, f"{unit} counted from {published_on}")


@BOOK.rule(
    "QUARTERNO (?:OF )?(?:COMMA)? YEAR",
    "YEAR QUARTERNO",
    "QUARTERNO (?:OF )?(?:LAST|THIS|NEXT) UNIT",
    "QUARTERNO",
)
def quarter_code(hit: Hit) -> Value | None:
    """Read "Q3 2016" and "Q3"."""
    return _quarter(hit, hit.need("QUARTERNO"), hit.has("UNIT"))


@BOOK.rule("HALFNO (?:OF )?YEAR", "YEAR HALFNO")
def half_code(hit: Hit) -> Value | None:
    """Read "H1 2016"."""
    return half_value(hit.need("YEAR"), hit.need("HALFNO"), "half of a year")
