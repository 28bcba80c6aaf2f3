"""Finds every time expression of a text, in reading order."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

from dragoman.records import Precision
from dragoman.timex import (
    ranges,
    rules_amounts,
    rules_clock,
    rules_counted,
    rules_days,
    rules_periods,
    rules_relative,
)
from dragoman.timex.expression import Bound, TimeExpression, TimexType, Value
from dragoman.timex.lexer import cut
from dragoman.timex.lexicon import CODES, LISTS
from dragoman.timex.matching import Hit, Scan, compile_rules
from dragoman.timex.rules_clock import NO_DAY
from dragoman.timex.tense import Direction
from dragoman.timex.values import narrow

# The order is the priority: what names most comes first.
_RULES = [
    *ranges.BOOK.rules,
    *rules_days.BOOK.rules,
    *rules_counted.BOOK.rules,
    *rules_periods.BOOK.rules,
    *rules_relative.BOOK.rules,
    *rules_amounts.BOOK.rules,
    *rules_clock.BOOK.rules,
]
_EARLY, _PART, _OF, _THE, _DASH, _DOT = (CODES[n] for n in ("EARLY", "PART", "OF", "THE", "DASH", "DOT"))
_PREFIX = re.compile(f"(?:{_THE}?{_EARLY}{_DASH}?{_THE}?|{_THE}?{_PART}{_OF}{_THE}?)$")
_BOUND = re.compile(
    r"\b(since|until|till|through|thru|by|before|prior to|after)\s+(?:at least\s+|about\s+|the\s+)?$",
    re.IGNORECASE,
)
_BOUNDS: dict[str, Bound] = {
    "since": "since",
    "before": "before",
    "by": "before",
    "prior to": "before",
    "after": "after",
}
_PATTERN, _BUILDERS = compile_rules(_RULES)


def find_dates(
    text: str, published_on: date | None = None, *, tense: Direction | None = None
) -> list[TimeExpression]:
    """Return the time expressions of an English news text, in order and without overlaps.

    Weekdays, months and days without a year are resolved by tense from the publication date; "that December" and
    "two days later" from the date last mentioned. Never raises, whatever the text.

    Args:
        text: The text; spans count its characters.
        published_on: The day the text was published; without it relative expressions stay unresolved.
        tense: The tense to take where no word tells it ("Talks Monday in Geneva"); None is the newspaper's past.

    Example:
        >>> [(d.text, d.timex3) for d in find_dates("It began on Sunday.", date(2025, 5, 19))]
        [('Sunday', '2025-05-18')]
    """
    scan = Scan(cut(text), published_on, tense=tense)
    codes = scan.tokens.codes
    found: list[TimeExpression] = []
    position = taken = 0
    while (m := _PATTERN.search(codes, position)) is not None:
        hit, value = _read(scan, m)
        position = m.start() + 1
        if value is None:
            continue
        first, value = _with_prefix(scan, hit.first, taken, _truly_anchored(scan, value))
        start, end = scan.tokens.starts[first], hit.end
        found.append(TimeExpression(start, end, text[start:end], *_fields(value)))
        if (
            value.timex_type in ("DATE", "TIME")
            and value.from_ is not None
            and not value.basis.endswith(NO_DAY)
        ):
            scan.last, scan.last_end = value, end
        position = taken = hit.last
    joined = ranges.date_clocks(text, ranges.join_ranges(text, found))
    return [_bounded(text, expression, published_on) for expression in joined]


def _read(scan: Scan, m: re.Match[str]) -> tuple[Hit, Value | None]:
    """Return what the first rule that accepts its match makes of it."""
    index = int((m.lastgroup or "r0")[1:])
    hit = _hit(scan, m)
    value = _BUILDERS[index](hit)
    while value is None:
        index += 1
        if index >= len(_RULES):
            return hit, None
        other = _alone(index).match(scan.tokens.codes, m.start())
        if other is not None:
            hit = _hit(scan, other)
            value = _BUILDERS[index](hit)
    return hit, value


@cache
def _alone(index: int) -> re.Pattern[str]:
    """Return one rule's pattern by itself; compiled when first needed, for a quick import."""
    return re.compile(_RULES[index].pattern)


def _truly_anchored(scan: Scan, value: Value) -> Value:
    """Return the value marked as counted from publication only where it is, not from a date that stands by itself."""
    if not value.anchored:
        return value
    told = scan.last is not None and value.basis.endswith("last mentioned") and not scan.last.anchored
    return replace(value, anchored=False) if told or scan.published_on is None else value


def _hit(scan: Scan, m: re.Match[str]) -> Hit:
    """Return the matched tokens without the full stop of the sentence at their end."""
    first, last = m.span()
    return Hit(scan, first, last - 1 if scan.tokens.codes[last - 1] == _DOT else last)


def _with_prefix(scan: Scan, first: int, taken: int, value: Value) -> tuple[int, Value]:
    """Return the value narrowed by "early", "mid-" or "the end of" before it, and where it then starts."""
    if value.timex_type not in ("DATE", "TIME") or "REF" in value.timex3:
        return first, value
    m = _PREFIX.search(scan.tokens.codes, max(taken, first - 4), first)
    if m is None:
        return first, value
    for i in range(m.start(), first):
        if scan.tokens.codes[i] in (_EARLY, _PART):
            value = narrow(value, LISTS["parts"][scan.tokens.values[i]])
    return m.start(), value


def _fields(value: Value) -> tuple[date | None, date | None, Precision, str, TimexType, str, bool]:
    return (
        value.from_, value.to, value.precision, value.timex3, value.timex_type, value.basis, value.anchored
    )  # fmt: skip


def _bounded(text: str, expression: TimeExpression, published_on: date | None) -> TimeExpression:
    """Return the expression opened to publication where "since" or "until" stands before it."""
    m = _BOUND.search(text, max(0, expression.start - 22), expression.start)
    if m is None or expression.timex_type not in ("DATE", "TIME") or "REF" in expression.timex3:
        return expression
    bound = _BOUNDS.get(m.group(1).lower(), "until")
    if bound == "since":
        late = (
            published_on
            if published_on is None or expression.from_ is None
            else max(published_on, expression.from_)
        )
        return replace(expression, bound=bound, to=late, basis=f"since {expression.basis}, to publication")
    if bound == "until":
        first = published_on
        if published_on is not None and expression.to is not None and published_on > expression.to:
            first = expression.from_
        return replace(expression, bound=bound, from_=first, basis=f"until {expression.basis}")
    return replace(expression, bound=bound)
