"""Works out when a page without metadata was published, from the dates that its text names.

First a printed date line near the top. Else every day that the named years allow is weighed: a weekday is rarely
more than two days back, "21 May" without a year lies near, what is told as past lies before publication. The weights
are rough and general; they were set by hand, not fitted to data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dragoman.records import Span
from dragoman.timex.anchors import pick_nearest
from dragoman.timex.calendars import add_days, make_day
from dragoman.timex.expression import TimeExpression
from dragoman.timex.tagger import find_dates
from dragoman.timex.tense import Direction, direction_at

# Chance that a weekday told as past lies 0 to 6 days before publication, and one told as future 0 to 6 days after.
_PAST_WEEKDAY = (0.34, 0.35, 0.12, 0.08, 0.05, 0.03, 0.03)
_FUTURE_WEEKDAY = (0.15, 0.20, 0.17, 0.15, 0.13, 0.10, 0.10)
_DATELINE_LAG = {0: 0.75, 1: 0.22, 2: 0.03}  # days from a dateline's day to publication
_NEAR_SCALE = (
    4.0  # days: a day without a year grows e times less likely with every so many days from publication
)
_FRESH_SCALE = 4.0  # the same for a full date in the lead
_YEAR_SCALE = {
    "day": 120.0,
    "month": 150.0,
    "year": 250.0,
}  # days since the newest past date that names its year
_IMPOSSIBLE = -9.0
_WINDOW_SHARE = 0.75  # share of the weight that the window from earliest to latest must hold
_WIDEST_DAYS = 31  # a wider window is no answer
_REACH_DAYS = 430  # how long after the newest past date publication may lie
_LONGEST_LINE = 120  # characters of a line that can be a date line
_TOP_CHARACTERS, _LEAD_CHARACTERS = 1500, 600
_LABEL = re.compile(
    r"\b(published|posted|updated|modified|issued|released|date|first published|created)\b", re.IGNORECASE
)
_UPDATED = re.compile(r"\b(updated|modified)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(published|posted|updated|modified|last|first|issued|released|date|created|on|at|by|am|pm|gmt|utc|est|edt|bst|"
    r"ist|time|min|mins|minutes|read|of|the|monday|tuesday|wednesday|thursday|friday|saturday|sunday|hrs)\b|[\W\d_]+",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"(?:^|\n)[^\n]{0,10}[A-Z][A-Z .'’-]+(?:,[A-Za-z .]+)?,\s*$")
_PLANNED = re.compile(r"(?:\bto|\bby|\bvision|\bagenda|\bfor|\bplan|-)\s*$", re.IGNORECASE)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Inferred:
    """A publication date worked out from a text: the best day, the days it may be, the words used, the reasoning."""

    published_on: date
    earliest: date
    latest: date
    words: tuple[Span, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class _Clue:
    """An expression and what it says about publication."""

    kind: str  # "weekday", "day", "dateline", "fresh"
    span: Span
    direction: Direction | None
    weekday: int | None = None
    month: int = 0
    day: int = 0
    full: date | None = None


def infer_published(text: str, *, latest: date) -> Inferred | None:
    """Return the publication date that a text gives away, None when it gives none within a month.

    Args:
        text: The page's text.
        latest: The last day it can have been published: the day it was fetched.
    """
    expressions = find_dates(text, None)
    return _printed(text, expressions, latest) or _weighed(text, expressions, latest)


def _printed(text: str, expressions: list[TimeExpression], latest: date) -> Inferred | None:
    """Return the date of a printed date line: a full date that stands nearly alone, or behind a label."""
    found: list[tuple[int, TimeExpression]] = []
    for expression in expressions:
        if _is_full_day(expression) and expression.from_ is not None and expression.from_ <= latest:
            rank = _line_rank(text, expression)
            if rank is not None:
                found.append((rank, expression))
    if not found:
        return None
    _, best = min(found, key=lambda pair: pair[0])
    assert best.from_ is not None
    words = (Span(best.start, best.end, best.text),)
    return Inferred(best.from_, best.from_, best.from_, words, f'printed date line "{best.text}"')


def _line_rank(text: str, expression: TimeExpression) -> int | None:
    """Return how well an expression's line serves as a date line: 0 labelled, 1 alone or dateline, 2 "updated"."""
    start = text.rfind("\n", max(0, expression.start - _LONGEST_LINE), expression.start) + 1
    end = text.find("\n", expression.end, expression.end + _LONGEST_LINE)
    end = len(text) if end < 0 else end
    top = expression.start < _TOP_CHARACTERS
    if end - start < _LONGEST_LINE:
        before = text[start : expression.start]
        rest = len(_FILLER.sub("", before + text[expression.end : end]))
        if _LABEL.search(before) is not None and rest < 40:
            return 2 if _UPDATED.search(before) else 0
        if top and end - start < 90 and rest < 30 and len(before) < 45:
            return 1
    return 1 if top and _DATELINE.search(text[max(0, start - 1) : expression.start]) else None


def _is_full_day(expression: TimeExpression) -> bool:
    whole = (
        expression.precision == "day"
        and not expression.anchored
        and expression.timex_type in ("DATE", "TIME")
    )
    return whole and expression.timex3[:4].isdecimal() and not expression.parts


def _weighed(text: str, expressions: list[TimeExpression], latest: date) -> Inferred | None:
    """Return the day that fits best with all clues, if they narrow publication down to a month."""
    newest = _newest_told(text, expressions, latest)
    clues = list(_clues(text, expressions, newest, latest))
    if (
        newest is None
        or newest.from_ is None
        or not any(c.kind in ("day", "dateline", "fresh") for c in clues)
    ):
        return None
    days = [
        newest.from_ + timedelta(days=n) for n in range(min(_REACH_DAYS, (latest - newest.from_).days) + 1)
    ]
    scores = [_newest_weight(newest, day) + sum(_weight(clue, day) for clue in clues) for day in days]
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    best = scores.index(top)
    first, last = _window(weights, best)
    if last - first >= _WIDEST_DAYS or top < _IMPOSSIBLE * 2:
        return None
    spans = sorted(
        [*(c.span for c in clues), Span(newest.start, newest.end, newest.text)], key=lambda s: s.start
    )
    detail = "; ".join(_told(clue, days[best]) for clue in clues)
    detail = f'not before "{newest.text}" ({newest.from_}); {detail}; {days[first]} to {days[last]}'
    return Inferred(days[best], days[first], days[last], tuple(spans), detail)


def _newest_told(text: str, expressions: list[TimeExpression], latest: date) -> TimeExpression | None:
    """Return the newest expression with its own year that the text does not put into the future."""
    newest: TimeExpression | None = None
    for expression in expressions:
        named = expression.precision in _YEAR_SCALE and not expression.anchored and not expression.parts
        start = expression.from_
        if start is None or not named or start > latest or expression.timex_type not in ("DATE", "TIME"):
            continue
        if not _is_told(text, expression):
            continue
        if newest is None or newest.from_ is None or start >= newest.from_:
            newest = expression
    return newest


def _is_told(text: str, expression: TimeExpression) -> bool:
    """Return whether the text speaks of the expression as past; a bare year ("Vision 2030") needs a sign of it."""
    direction = direction_at(text, expression.start, expression.end)
    if direction == "future" or expression.bound in ("until", "before"):
        return False
    if expression.precision != "year":
        return True
    return (
        direction == "past" and _PLANNED.search(text, max(0, expression.start - 12), expression.start) is None
    )


def _clues(
    text: str, expressions: list[TimeExpression], newest: TimeExpression | None, latest: date
) -> Iterable[_Clue]:
    """Yield each weekday and each day without a year once per tense, datelines, and a fresh full date."""
    seen: set[tuple[object, ...]] = set()
    for expression in (part for e in expressions for part in (e.parts or (e,))):
        if expression.bound == "since" or expression.timex_type not in ("DATE", "TIME"):
            continue
        clue = _clue(text, expression, newest, latest)
        if clue is None:
            continue
        key = (clue.kind, clue.direction, clue.weekday, clue.month, clue.day, clue.full)
        if key not in seen:
            seen.add(key)
            yield clue


def _clue(text: str, expression: TimeExpression, newest: TimeExpression | None, latest: date) -> _Clue | None:
    """Return what one expression says about publication, None when nothing."""
    span = Span(expression.start, expression.end, expression.text)
    direction = direction_at(text, expression.start, expression.end)
    if direction is None and expression.bound == "until":
        direction = "future"
    timex3 = expression.timex3
    bare = not re.search(r"\b(last|next)\b", expression.text, re.IGNORECASE)
    if timex3.startswith("XXXX-WXX-") and timex3[9:10].isdecimal() and bare:
        return _Clue("weekday", span, direction, weekday=int(timex3[9]) - 1)
    m = re.match(r"XXXX-(\d\d)-(\d\d)", timex3)
    weekday = next(
        (i for i, name in enumerate(_WEEKDAYS) if name[:3] in expression.text.lower().split(" ")[0]), None
    )
    if m is not None:
        head = expression.start < _LEAD_CHARACTERS and _DATELINE.search(text[: expression.start]) is not None
        kind = "dateline" if head else "day"
        if "/" in timex3:
            direction = direction or "past"
        return _Clue(kind, span, direction, weekday, int(m.group(1)), int(m.group(2)))
    fresh = weekday is not None or expression.start < _LEAD_CHARACTERS // 2
    if fresh and expression is newest and _is_full_day(expression) and direction != "future":
        return _Clue("fresh", span, direction, weekday, full=expression.from_)
    return None


def _newest_weight(newest: TimeExpression, day: date) -> float:
    """Return the weight of a day by its distance from the newest date that names its year; "since March 2021" is open."""
    last = newest.to or newest.from_
    assert last is not None  # the caller has checked the start
    return -max(0, (day - last).days) / _YEAR_SCALE[newest.precision]


def _weight(clue: _Clue, day: date) -> float:
    """Return the logarithm of how well a publication day fits a clue."""
    if clue.kind == "weekday":
        assert clue.weekday is not None
        if clue.direction == "future":
            return math.log(_FUTURE_WEEKDAY[(clue.weekday - day.weekday()) % 7])
        return math.log(_PAST_WEEKDAY[(day.weekday() - clue.weekday) % 7])
    if clue.kind == "fresh":
        assert clue.full is not None
        lag = (day - clue.full).days
        return -lag / _FRESH_SCALE if lag >= 0 else _IMPOSSIBLE
    meant = _meant(clue, day)
    if meant is None or (clue.weekday is not None and meant.weekday() != clue.weekday):
        return _IMPOSSIBLE
    lag = (day - meant).days
    if clue.kind == "dateline":
        return math.log(_DATELINE_LAG[lag]) if lag in _DATELINE_LAG else _IMPOSSIBLE
    return max(-abs(lag) / _NEAR_SCALE, _IMPOSSIBLE)


def _meant(clue: _Clue, day: date) -> date | None:
    """Return the day that a clue without a year would mean on a page published that day."""
    near = [d for y in (-1, 0, 1) if (d := make_day(day.year + y, clue.month, clue.day)) is not None]
    if clue.kind == "dateline":
        return max((d for d in near if d <= day), default=None)
    if clue.direction == "future":
        return min((d for d in near if d >= day), default=None)
    if clue.direction == "past":
        return max((d for d in near if d <= day), default=None)
    return pick_nearest(day, near, None)


def _window(weights: list[float], best: int) -> tuple[int, int]:
    """Return the narrowest run of days round the best that holds the wanted share of the weight."""
    first = last = best
    total, held = sum(weights), weights[best]
    while held < _WINDOW_SHARE * total:
        before = weights[first - 1] if first > 0 else -1.0
        after = weights[last + 1] if last + 1 < len(weights) else -1.0
        if before > after:
            first -= 1
            held += before
        else:
            last += 1
            held += max(after, 0.0)
    return first, last


def _told(clue: _Clue, best: date) -> str:
    """Return what a clue means with the best day, in words."""
    tense = {"past": "told as past", "future": "told as coming"}.get(clue.direction or "", "without tense")
    if clue.kind == "weekday":
        assert clue.weekday is not None
        step = (
            (clue.weekday - best.weekday()) % 7
            if clue.direction == "future"
            else -((best.weekday() - clue.weekday) % 7)
        )
        return f'"{clue.span.text}" {tense}: {add_days(best, step)}'
    meant = clue.full or _meant(clue, best)
    return f'"{clue.span.text}" {"in the dateline" if clue.kind == "dateline" else tense}: {meant}'
