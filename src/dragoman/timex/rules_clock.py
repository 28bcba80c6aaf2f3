"""Rules for clock times and parts of the day without a date."""

from __future__ import annotations

from dataclasses import replace

from dragoman.timex.calendars import add_days
from dragoman.timex.expression import Value
from dragoman.timex.lexicon import LISTS
from dragoman.timex.matching import Hit, RuleBook

BOOK = RuleBook()
NO_DAY = "no day named"
_PLACE = "(?: (?:LOCAL TIME|ZONE|TIME))?"


@BOOK.rule("CLOCK" + _PLACE, "(?:DAY|NUMWORD) OCLOCK" + _PLACE, "(?:YEAR|NUM) ZONE")
def clock(hit: Hit) -> Value | None:
    """Read "3 p.m.", "14:30 GMT", "four o'clock"; the day comes from the words beside it or from publication."""
    minutes = hit.value("CLOCK")
    if minutes is None:
        hour = hit.value("DAY", "NUMWORD")
        figures = hit.value("YEAR", "NUM") or 0
        if hour is None and len(hit.text.split()[0]) != 4:
            return None
        minutes = hour * 60 if hour is not None else figures // 100 * 60 + figures % 100
    if minutes > 24 * 60:
        return None
    return _time(hit, f"T{minutes // 60:02}:{minutes % 60:02}", "clock time")


@BOOK.rule("DAYPART")
def bare_daypart(hit: Hit) -> Value | None:
    """Read "overnight", "at dawn", "in the morning", "shortly before midnight"."""
    word = hit.text
    led = hit.is_class(-1, "AT", "BEFORE", "AFTER", "BY", "UNTIL", "SINCE", "DASH", "EARLY", "ABOUT")
    in_the = hit.is_class(-1, "THE") and hit.is_class(-2, "IN", "OVER", "EARLY", "LATER")
    if word == "overnight":
        return _overnight(hit)
    if led or in_the:
        return _time(hit, LISTS["dayparts"][hit.need("DAYPART")], "part of a day")
    return None


def _time(hit: Hit, suffix: str, basis: str) -> Value:
    """Return a time of the publication day, or of no known day."""
    day = hit.published_on
    if day is None:
        return Value(None, None, "day", f"XXXX-XX-XX{suffix}", "TIME", basis, anchored=False)
    basis = f"{basis} of {day}, {NO_DAY}"
    return Value(day, day, "day", day.isoformat() + suffix, "TIME", basis, anchored=True)


def _overnight(hit: Hit) -> Value:
    """Return the night that ends on the day of publication: the day before and that day."""
    value = _time(hit, LISTS["dayparts"][hit.need("DAYPART")], "part of a day")
    before = None if value.from_ is None else add_days(value.from_, -1)
    if before is None or hit.direction() == "future":
        return value
    basis = f"night to {value.to}, {NO_DAY}"
    return replace(value, from_=before, timex3=f"{before}TNI", basis=basis)
