"""Rules for days and periods counted from publication or from the date last mentioned."""

from __future__ import annotations

from datetime import date

from dragoman.records import Precision
from dragoman.timex.anchors import pick_weekday
from dragoman.timex.calendars import add_days, monday_of
from dragoman.timex.expression import Value
from dragoman.timex.lexicon import LISTS, UNITS
from dragoman.timex.matching import Hit, RuleBook
from dragoman.timex.rules_days import day_number, month_day
from dragoman.timex.values import (
    day_value,
    narrow,
    open_value,
    span_value,
    unit_value,
    week_value,
    weekend_value,
)

BOOK = RuleBook()
_DAYPARTS = LISTS["dayparts"]
_NOT_WEEKDAYS = frozenset(
    (
        "times",
        "telegraph",
        "mirror",
        "mail",
        "express",
        "herald",
        "post",
        "prayer",
        "sermon",
        "league",
        "imam",
        "leader",
    )
)
_ROUGH_DAYS = {"day": 7, "week": 42, "month": 183}  # how far "recent days", "recent weeks" … reach, roughly
_PRECISIONS: dict[str, Precision] = {
    "day": "day", "month": "month", "quarter": "quarter", "year": "year", "decade": "decade", "century": "century",
}  # fmt: skip
_UNKNOWN = {"day": "XXXX-XX-XX", "week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX"}


def daypart_suffix(hit: Hit) -> str:
    """Return the TIMEX3 time of day in a match ("TNI"), empty when there is none."""
    value = hit.value("DAYPART")
    return "" if value is None else _DAYPARTS[value]


def narrative_day(hit: Hit) -> date | None:
    """Return the day last mentioned, where the text named one."""
    last = hit.scan.last
    return last.from_ if last is not None and last.from_ is not None and last.from_ == last.to else None


def unknown(hit: Hit, unit: str) -> Value:
    """Return a value for a relative expression that has no anchor."""
    return open_value(
        _PRECISIONS.get(unit, "week"), _UNKNOWN.get(unit, "XXXX"), "no publication date to count from"
    )


@BOOK.rule("(?:THE )?UNIT (?:BEFORE|AFTER) DEICTIC")
def day_before_yesterday(hit: Hit) -> Value | None:
    """Read "the day before yesterday" and "the day after tomorrow"."""
    if UNITS[hit.need("UNIT")] != "day" or hit.need("DEICTIC") == 0:
        return None
    if hit.published_on is None:
        return unknown(hit, "day")
    step = hit.need("DEICTIC") + (1 if hit.has("AFTER") else -1)
    return day_value(add_days(hit.published_on, step), f"counted from {hit.published_on}", anchored=True)


@BOOK.rule("(?:EARLIER |LATER |EARLY )?DEICTIC (?:DAYPART)?", "(?:EARLIER |LATER )(?:IN |ON )(?:THE )UNIT")
def deictic(hit: Hit) -> Value | None:
    """Read "today", "yesterday morning", "tonight", "later in the day"."""
    published_on = hit.published_on
    if hit.has("UNIT") and UNITS[hit.need("UNIT")] != "day":
        return part_of_unit(hit)
    if published_on is None:
        return unknown(hit, "day")
    if hit.has("UNIT"):
        told = narrative_day(hit) or published_on
        return day_value(told, f"the day {told}, last mentioned or of publication", anchored=True)
    suffix = "TNI" if "tonight" in hit.text else daypart_suffix(hit)
    day = add_days(published_on, hit.need("DEICTIC"))
    word = hit.scan.tokens.word(hit.where("DEICTIC"))
    return day_value(day, f"{word} counted from {published_on}", anchored=True, suffix=suffix)


@BOOK.rule(
    "WEEKDAY DAYPART? (?:COMMA )?(?:OF |IN )?(?:LAST|THIS|NEXT) UNIT",
    "(?:LAST|THIS|NEXT) UNIT (?:ON )?WEEKDAY",
    "(?:(?:THE )?(?:LAST|THIS|NEXT|THAT) )(?:LAST |NEXT )?WEEKDAY DAYPART?",
    "(?:EARLY |EARLIER |LATER )?WEEKDAY (?:EARLY )?(?:DAYPART )?",
    "WDABBR",
)
def weekday(hit: Hit) -> Value | None:
    """Read a weekday by tense, by "last", "this" and "next", and within a week counted from publication."""
    number = hit.need("WEEKDAY", "WDABBR")
    if not _is_weekday(hit):
        return None
    published_on, suffix = hit.published_on, daypart_suffix(hit)
    name = hit.scan.tokens.word(hit.where("WEEKDAY", "WDABBR")).capitalize()
    if published_on is None:
        return open_value("day", f"XXXX-WXX-{number + 1}{suffix}", "weekday without a publication date")
    if hit.has("UNIT"):
        if UNITS[hit.need("UNIT")] != "week":
            return None
        step = -7 if hit.has("LAST") else 7 if hit.has("NEXT") else 0
        day = add_days(monday_of(published_on), step + number)
        return day_value(day, f"{name} of a week counted from {published_on}", anchored=True, suffix=suffix)
    day, basis = _weekday_near(hit, published_on, number, name)
    return day_value(day, basis, anchored=True, suffix=suffix)


def _weekday_near(hit: Hit, published_on: date, number: int, name: str) -> tuple[date | None, str]:
    """Return the day a weekday means and the rule in words."""
    if hit.has("LAST"):
        back = (published_on.weekday() - number - 1) % 7 + 1
        return add_days(published_on, -back), f"last {name} before {published_on}"
    if hit.has("NEXT"):
        if hit.need("NEXT") == 0:
            return add_days(
                monday_of(published_on), 7 + number
            ), f"{name} of the week after that of {published_on}"
        ahead = (number - published_on.weekday() - 1) % 7 + 1
        return add_days(published_on, ahead), f"next {name} after {published_on}"
    if hit.has("THIS"):
        return add_days(monday_of(published_on), number), f"{name} of the week of {published_on}"
    told = narrative_day(hit)
    if hit.has("THAT") and told is not None:
        return add_days(
            told, (number - told.weekday()) % 7
        ), f"{name} on or after {told}, the day last mentioned"
    direction = hit.direction()
    day = pick_weekday(published_on, number, direction)
    if day == published_on:
        return day, f"{name} {published_on}, the day of publication"
    if direction == "future":
        return day, f"next {name} after {published_on} (future tense)"
    return day, f"last {name} before {published_on}"


def _is_weekday(hit: Hit) -> bool:
    """Return whether a weekday's name is a day here, not part of a newspaper's or cleric's title."""
    i = hit.where("WEEKDAY", "WDABBR")
    follows = hit.scan.tokens.word(i + 1) if i + 1 < len(hit.scan.tokens.codes) else ""
    if follows in _NOT_WEEKDAYS and (hit.capitalised() or follows in ("prayer", "sermon", "imam")):
        return False
    if hit.has("WDABBR"):
        return hit.is_class(
            -1, "ON", "LAST", "THIS", "NEXT", "FROM", "UNTIL", "SINCE", "TO", "AND", "BETWEEN"
        )
    before = hit.word(-1)
    return before not in ("bloody", "black", "super", "ruby") and not (
        before == "on" and hit.word(-2) == "mail"
    )


@BOOK.rule(
    "(?:THE )?(?:LAST|THIS|NEXT|THAT) DAYPART",
    "EARLY HOURS OF (?:EARLY )?(?:WEEKDAY|DEICTIC|THIS)(?: DAYPART)?",
)
def daypart(hit: Hit) -> Value | None:
    """Read "last night", "this morning" and "early hours of Sunday morning"."""
    published_on = hit.published_on
    if published_on is None:
        return unknown(hit, "day")
    suffix = daypart_suffix(hit) or "TMO"
    number = hit.value("WEEKDAY")
    if number is not None:
        day = pick_weekday(published_on, number, hit.direction())
        return day_value(day, f"weekday nearest {published_on}", anchored=True, suffix=suffix)
    if hit.has("THAT"):
        day = narrative_day(hit)
        return None if day is None else day_value(day, f"of {day}, last mentioned", suffix=suffix)
    if hit.has("LAST") and suffix != "TNI":
        return None
    step = -1 if hit.has("LAST") else 1 if hit.has("NEXT") else hit.value("DEICTIC") or 0
    return day_value(
        add_days(published_on, step), f"counted from {published_on}", anchored=True, suffix=suffix
    )


@BOOK.rule(
    "(?:EARLIER|LATER) (?:IN )?(?:THIS |THE |LAST |NEXT |THAT )UNIT",
    "(?:EARLIER|LATER) (?:IN |THIS )(?:THE )?(?:SEASON|MONTH)",
    "PART OF (?:THE )?UNIT",
    "UNIT POSS PART",
    "(?:THE )?REST OF? (?:THE |THIS |MY )?UNIT",
)
def part_of_unit(hit: Hit) -> Value | None:
    """Read "earlier this year", "later this month", "the end of the month" and "the rest of the week"."""
    published_on = hit.published_on
    if hit.has("SEASON", "MONTH"):
        return None
    unit = UNITS[hit.need("UNIT")]
    if published_on is None:
        return unknown(hit, unit)
    step = -1 if hit.has("LAST") else 1 if hit.has("NEXT") else 0
    whole = unit_value(unit, published_on, step, f"{unit} of {published_on}")
    if whole is None or whole.from_ is None or whole.to is None or unit == "day":
        return whole
    if hit.has("PART"):
        return narrow(whole, LISTS["parts"][hit.need("PART")])
    if step:
        return narrow(whole, "early" if hit.has("EARLIER") else "late")
    first, last, words = published_on, whole.to, "rest"
    if hit.has("EARLIER"):
        first, last, words = whole.from_, published_on, "part before"
    elif not hit.has("LATER") and unit == "weekend":
        first = min(published_on, whole.to)
    basis = f"{words} of the {unit} of {published_on}"
    return span_value(min(first, last), last, whole.precision, whole.timex3, basis, anchored=True)


@BOOK.rule("(?:THE )?UNIT (?:AFTER|BEFORE) (?:THE )?(?:NEXT|LAST)")
def unit_after_next(hit: Hit) -> Value | None:
    """Read "the week after next" and "the month before last"."""
    unit = UNITS[hit.need("UNIT")]
    if hit.published_on is None:
        return unknown(hit, unit)
    return unit_value(
        unit, hit.published_on, 2 if hit.has("NEXT") else -2, f"counted from {hit.published_on}"
    )


@BOOK.rule(
    "(?:THE )?(?:LAST|THIS|NEXT|THAT) (?:LAST |NEXT |ORDWORD |THAT )?(?:FISCAL )?UNIT",
    "(?:THE )UNIT (?:BEFORE|AFTER)",
)
def near_unit(hit: Hit) -> Value | None:
    """Read "last week", "this month", "the following day", "that year", "the previous day", "the day before"."""
    written = hit.scan.tokens.word(hit.where("UNIT"))
    unit = UNITS[hit.need("UNIT")]
    if hit.has("FISCAL"):
        return open_value("year", "XXXX", "fiscal or academic year, its first day not known")
    if hit.value("NEXT") == 2 and hit.has("LAST"):
        return None  # "following last year's vote"
    if hit.has("ORDWORD") or (hit.has("BEFORE", "AFTER") and not _ends_clause(hit)):
        return None
    if written.endswith("s") or written == "centuries":
        return _plural_unit(hit, unit)
    told = hit.has("THAT", "BEFORE", "AFTER") or (
        hit.value("LAST", "NEXT") == 2 or (unit == "day" and hit.has("NEXT"))
    )
    if told and not hit.has("THIS"):
        return _told_unit(hit, unit)
    if hit.published_on is None:
        return unknown(hit, unit)
    if hit.value("LAST") == 1 or (hit.has("LAST") and hit.has("THE") and unit != "day" and _is_stretch(hit)):
        return None  # "the past week" is a stretch: rules_amounts
    if hit.has("THIS") and hit.has("LAST"):
        return None
    step = -1 if hit.has("LAST") else 1 if hit.has("NEXT") else 0
    if unit == "weekend" and not hit.has("NEXT"):
        return _weekend(hit, hit.published_on, step)
    return unit_value(unit, hit.published_on, step, f"{hit.text} counted from {hit.published_on}")


def _is_stretch(hit: Hit) -> bool:
    return hit.is_class(-1, "OVER", "IN", "FOR", "WITHIN", "BY")


def _ends_clause(hit: Hit) -> bool:
    """Return whether "the day before" stands without a noun after it."""
    return hit.last >= len(hit.scan.tokens.codes) or hit.is_class(
        0, "COMMA", "DOT", "BREAK", "NEWLINE", "AND"
    )


def _plural_unit(hit: Hit, unit: str) -> Value | None:
    """Return "the coming days" and "past years": before or after now, nobody knows how far."""
    if (hit.has("THIS", "THAT") and not hit.has("LAST", "NEXT")) or hit.value("NEXT", "LAST") == 2:
        return None
    return rough_stretch(hit, unit, ahead=hit.has("NEXT"))


def rough_stretch(hit: Hit, unit: str, *, ahead: bool) -> Value:
    """Return "recent weeks" or "the coming days": a rough stretch up to or from publication, unknown for years."""
    basis = f"{hit.text}: the number of {unit}s is not said"
    timex3, days = ("FUTURE_REF" if ahead else "PAST_REF"), _ROUGH_DAYS.get(unit)
    published_on = hit.published_on
    if days is None or published_on is None:
        return open_value("interval", timex3, basis)
    first, last = (
        (published_on, add_days(published_on, days))
        if ahead
        else (add_days(published_on, -days), published_on)
    )
    found = span_value(first, last, "interval", timex3, f"{basis}; roughly {days} days", anchored=True)
    return found or open_value("interval", timex3, basis)


def _told_unit(hit: Hit, unit: str) -> Value | None:
    """Return a unit counted from the date last mentioned, or from publication when there is none."""
    last = hit.scan.last
    anchor = last.from_ if last is not None else None
    fine = (
        last is not None
        and (unit != "day" or last.from_ == last.to)
        and (unit != "week" or last.precision in ("day", "week"))
    )
    words = f"counted from {anchor}, last mentioned"
    if anchor is None or not fine:
        anchor, words = hit.published_on, f"counted from {hit.published_on}"
    if anchor is None:
        return unknown(hit, unit)
    step = 1 if hit.has("NEXT", "AFTER") else -1 if hit.has("LAST", "BEFORE") else 0
    return unit_value(unit, anchor, step, words)


def _weekend(hit: Hit, published_on: date, step: int) -> Value | None:
    """Return last weekend or this weekend; on a Saturday or Sunday "last weekend" is the one before."""
    if hit.has("THAT"):
        day = narrative_day(hit) or published_on
        return weekend_value(day, f"weekend of the week of {day}")
    if hit.has("THIS") and published_on.weekday() < 4 and hit.direction() == "past":
        step = -1
    return unit_value("weekend", published_on, step, f"weekend nearest {published_on}")


@BOOK.rule("(?:MORE |THE )?RECENT UNIT")
def recent_units(hit: Hit) -> Value | None:
    """Read "in recent weeks"."""
    return rough_stretch(hit, UNITS[hit.need("UNIT")], ahead=False)


@BOOK.rule("(?:THE )?UNIT")
def bare_unit(hit: Hit) -> Value | None:
    """Read "over the weekend": the last one, or the coming one for the future."""
    if UNITS[hit.need("UNIT")] != "weekend" or not hit.is_class(
        -1, "OVER", "AT", "ON", "EARLY", "THROUGH", "FOR"
    ):
        return None
    if hit.published_on is None:
        return unknown(hit, "weekend")
    late = hit.published_on.weekday() >= 5
    step = 0 if late or hit.direction() == "future" else -1
    return unit_value("weekend", hit.published_on, step, f"weekend nearest {hit.published_on}")


@BOOK.rule("(?:THE )?UNIT (?:OF |STARTING ON? ?|PART ON? ?)(?:THE )?(?:{MONTHNO} {DAYNO}|{DAYNO} OF? MONTH)")
def week_of(hit: Hit) -> Value | None:
    """Read "the week of May 5"."""
    if UNITS[hit.need("UNIT")] != "week" or hit.published_on is None:
        return None
    inner = month_day(hit, hit.need("MONTH", "MAYMONTH"), day_number(hit), None)
    return None if inner is None or inner.from_ is None else week_value(inner.from_, f"week of {inner.from_}")
