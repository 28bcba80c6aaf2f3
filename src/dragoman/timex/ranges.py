"""Joins expressions: ranges of two ends, days within one month, a clock time with its day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dragoman.timex.calendars import add_days, make_day
from dragoman.timex.expression import TimeExpression, Value
from dragoman.timex.matching import Hit, RuleBook
from dragoman.timex.rules_clock import NO_DAY
from dragoman.timex.rules_days import month_day
from dragoman.timex.values import span_value

BOOK = RuleBook()
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SENTENCE_END = re.compile(r"[.!?;]\s|\n")
_JOIN = "(?:DASH|TO|UNTIL|THROUGH|AND)"
_LEAD = "(?:FROM |BETWEEN )?(?:WEEKDAY COMMA? )?(?:THE )?"
_BETWEEN = re.compile(r"\s*(?:-|–|—|to|until|till|through|thru|up to)\s*(?:the\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s+and\s+(?:the\s+|in\s+)?", re.IGNORECASE)
_LEADS = re.compile(r"\b(from|between|in|the)\s+(?:the\s+)?$", re.IGNORECASE)
_DAY_JOIN = re.compile(r"[^\S\n]*,?[^\S\n]*(?:at|around|about|shortly before)?[^\S\n]*", re.IGNORECASE)
_CLOCK_JOIN = re.compile(
    r"[^\S\n]*(?:,|on|local time|local time on|GMT|GMT on|\([^)\n]{1,24}\)|\([^)\n]{1,24}\) on)?[^\S\n]*",
    re.IGNORECASE,
)


@BOOK.rule(
    _LEAD
    + "(?:DAY|ORD) "
    + _JOIN
    + " (?:WEEKDAY COMMA? )?(?:THE )?(?:DAY|ORD) OF? {MONTHNO} (?:COMMA? YEAR)?",
    "(?:FROM |BETWEEN )?{MONTHNO} (?:BETWEEN )?(?:DAY|ORD) "
    + _JOIN
    + " (?:DAY|ORD) (?:COMMA? YEAR)?(?! MONTH)",
    "(?:FROM |BETWEEN )(?:DAY|ORD) " + _JOIN + " {MONTHNO} (?:DAY|ORD) (?:COMMA? YEAR)?",
    "(?:FROM |BETWEEN )?(?:DAY|ORD) " + _JOIN + " (?:DAY|ORD) (?:OF |IN )?(?:THIS|NEXT|LAST) UNIT",
)
def days_of_one_month(hit: Hit) -> Value | None:
    """Read "3–7 May", "between 3 and 7 May", "May 3 to 7, 2024" and "from 4 to 22 this month"."""
    first_day, last_day = hit.values("DAY", "ORD")[:2]
    if hit.has("UNIT"):
        return _days_of_near_month(hit, first_day, last_day)
    number, year = hit.need("MONTH", "MAYMONTH"), hit.value("YEAR")
    if first_day >= last_day or (hit.has("MAYMONTH") and not hit.has("ORD", "YEAR")):
        return None
    last = month_day(hit, number, last_day, year)
    if last is None:
        return None
    if last.to is None:
        first_words = last.timex3[:-2] + f"{first_day:02}"
        return replace(last, precision="interval", timex3=f"{first_words}/{last.timex3}")
    first = make_day(last.to.year, number, first_day)
    return _joined(first, last.to, f"range of days, {last.basis}", anchored=last.anchored)


def _days_of_near_month(hit: Hit, first_day: int, last_day: int) -> Value | None:
    published_on = hit.published_on
    if published_on is None or not hit.text.endswith("month"):
        return None
    step = -1 if hit.has("LAST") else 1 if hit.has("NEXT") else 0
    year, month = divmod(published_on.year * 12 + published_on.month - 1 + step, 12)
    first, last = make_day(year, month + 1, first_day), make_day(year, month + 1, last_day)
    return _joined(first, last, f"range of days counted from {published_on}", anchored=True)


def _joined(first: date | None, last: date | None, basis: str, *, anchored: bool) -> Value | None:
    if first is None or last is None:
        return None
    return span_value(first, last, "interval", f"{first}/{last}", basis, anchored=anchored)


def join_ranges(text: str, found: list[TimeExpression]) -> list[TimeExpression]:
    """Return the expressions with the two ends of each range joined into one.

    "from March 2014 to May 2015" and "2019-2021" join; "Friday and Saturday" joins only after "between".
    """
    joined: list[TimeExpression] = []
    for expression in found:
        if joined:
            both = _range(text, joined[-1], expression) or _timed(text, joined[-1], expression)
            if both is not None:
                joined[-1] = both
                continue
        joined.append(expression)
    return joined


def _range(text: str, left: TimeExpression, right: TimeExpression) -> TimeExpression | None:
    """Return the range from one expression to the next, None where they are no range."""
    if right.start - left.end > 14 or left.parts or right.parts:
        return None
    gap = text[left.end : right.start]
    if "\n" in gap:
        return None
    lead = _LEADS.search(text, max(0, left.start - 14), left.start)
    word = lead.group(1).lower() if lead else ""
    is_range = _BETWEEN.fullmatch(gap) is not None or (word == "between" and _AND.fullmatch(gap) is not None)
    if not is_range or not _fits(left, right):
        return None
    start = lead.start() if lead is not None and word in ("from", "between") else left.start
    left = _agree(left, right)
    if left.from_ is None or right.to is None:
        timex3, first, last = f"{left.timex3}/{right.timex3}", None, None
    elif left.from_ > right.to:
        return None
    else:
        first, last = left.from_, right.to
        same = left.precision == right.precision
        timex3 = f"{left.timex3}/{right.timex3}" if same else f"{left.from_}/{right.to}"
    return TimeExpression(
        start, right.end, text[start : right.end], first, last, "interval", timex3, "DATE",
        f"range from {left.basis} to {right.basis}", left.anchored or right.anchored, None, (left, right),
    )  # fmt: skip


def _fits(left: TimeExpression, right: TimeExpression) -> bool:
    dates = left.timex_type == "DATE" and right.timex_type == "DATE"
    return dates and not {left.timex3, right.timex3} & {"PAST_REF", "FUTURE_REF"}


def _agree(left: TimeExpression, right: TimeExpression) -> TimeExpression:
    """Return the left end in the year that puts it before the right end ("from Feb 1 to March 2019")."""
    if left.from_ is None or left.to is None or right.to is None or not left.anchored:
        return left
    if left.from_ == left.to and left.text.lower().startswith(WEEKDAYS):
        first = add_days(right.to, -((right.to.weekday() - left.from_.weekday()) % 7))
        if first is None or right.precision != "day" or (right.to - left.from_).days >= 0:
            return left
        timex3 = first.isoformat() + left.timex3[10:]
        return replace(
            left, from_=first, to=first, timex3=timex3, basis=f"{left.basis}, week of the other end"
        )
    years = right.to.year - left.from_.year
    if left.precision not in ("day", "month") or ("year" not in left.basis and "month" not in left.basis):
        return left
    for step in (years, years - 1):
        first = make_day(left.from_.year + step, left.from_.month, left.from_.day)
        if first is not None and first <= right.to:
            last = make_day(first.year, left.to.month, min(left.to.day, 28)) or first
            last = first if left.precision == "day" else last
            timex3 = first.isoformat()[: len(left.timex3)]
            return replace(
                left, from_=first, to=last, timex3=timex3, basis=f"{left.basis}, year of the other end"
            )
    return left


def date_clocks(text: str, found: list[TimeExpression]) -> list[TimeExpression]:
    """Return the expressions with each time of day put on the day named beside it in its sentence."""
    return [_dated(text, found, i) if e.basis.endswith(NO_DAY) else e for i, e in enumerate(found)]


def _dated(text: str, found: list[TimeExpression], i: int) -> TimeExpression:
    """Return a time of day on the day that the next or previous expression names, where near."""
    clock = found[i]
    for other in (*found[i + 1 : i + 3], *reversed(found[max(0, i - 2) : i])):
        first, last = (clock.end, other.start) if other.start >= clock.end else (other.end, clock.start)
        near = last - first <= 60 and _SENTENCE_END.search(text, first, last) is None
        if near and other.precision == "day" and other.timex_type == "DATE" and other.from_ == other.to:
            timex3 = other.timex3[:10] + clock.timex3[clock.timex3.index("T") :]
            words = f"{clock.basis.split(' of ')[0]}, with {other.basis}"
            return replace(
                clock, from_=other.from_, to=other.to, timex3=timex3, basis=words, anchored=other.anchored
            )
    return clock


def _timed(text: str, left: TimeExpression, right: TimeExpression) -> TimeExpression | None:
    """Return a clock time and its day as one ("10 p.m. on Saturday", "Saturday at 10 p.m.")."""
    clock, day = (left, right) if left.timex_type == "TIME" else (right, left)
    plain = clock.basis.startswith(("clock time", "part of a day")) and day.timex_type == "DATE"
    if not plain or day.precision != "day" or len(day.timex3) != 10:
        return None
    pattern = _CLOCK_JOIN if clock is left else _DAY_JOIN
    if right.start - left.end > 30 or pattern.fullmatch(text, left.end, right.start) is None:
        return None
    suffix = clock.timex3[clock.timex3.index("T") :] if "T" in clock.timex3 else ""
    return replace(
        day, start=left.start, end=right.end, text=text[left.start : right.end], timex3=day.timex3 + suffix,
        timex_type="TIME", basis=day.basis + ", with its clock time",
    )  # fmt: skip
