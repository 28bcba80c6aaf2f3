"""Rules for amounts of time: "two years ago", "the past six months", "within 48 hours", "three days", "every week"."""

from __future__ import annotations

import re
from datetime import date

from dragoman.timex.amounts import Amount, read_amounts, shift
from dragoman.timex.calendars import add_days
from dragoman.timex.expression import Value
from dragoman.timex.lexicon import CODES, LISTS, UNITS
from dragoman.timex.matching import Hit, RuleBook
from dragoman.timex.values import day_value, open_value, span_value, unit_value

BOOK = RuleBook()
_AMOUNT = "{MORE}{QTY} DASH? (?:UNIT|HOURS)(?: AND AN? HALF)?"
_AMOUNTS = _AMOUNT + "(?:(?: COMMA| AND|COMMA AND)? {QTY} (?:UNIT|HOURS)){0,3}"
_PERFECT = re.compile(r"\b(?:has|have|['’]ve)\b(?!.*\b(?:was|were|had|said)\b)", re.IGNORECASE)
_BEFORE_VERB = frozenset(("will", "to", "would", "could", "may", "might", "can", "should", "not"))
_CLOCKED = ("hour", "minute", "second")


def ref(timex3: str, basis: str) -> Value:
    """Return "PRESENT_REF", "PAST_REF" or "FUTURE_REF"."""
    return open_value("interval", timex3, basis)


def duration(amounts: list[Amount], basis: str, first: date | None = None, last: date | None = None) -> Value:
    """Return a DURATION, with the days it fills where they are known."""
    timex3 = amounts[0].timex3
    for amount in amounts[1:]:
        timex3 += amount.timex3[1:]
    if first is None or last is None or first > last:
        return Value(None, None, "interval", timex3, "DURATION", basis, anchored=False)
    return Value(first, last, "interval", timex3, "DURATION", basis, anchored=True)


def _moved(day: date | None, amounts: list[Amount], sign: int) -> date | None:
    for amount in amounts:
        day = None if day is None else shift(day, amount, sign)
    return day


def step_value(anchor: date, amounts: list[Amount], sign: int, basis: str) -> Value | None:
    """Return the day, week, month or year so far before or after the anchor, as coarse as the unit named."""
    moved = _moved(anchor, amounts, sign)
    if moved is None:
        return None
    amount = amounts[0]
    if amount.number is None:
        return _vague_step(anchor, amount, sign, basis)
    if len(amounts) > 1 or amount.unit in (*_CLOCKED, "day"):
        return day_value(moved, basis, anchored=True)
    unit = amount.unit
    if unit == "year" and amount.number % 1:
        unit = "month"
    unit = {"fortnight": "week", "decade": "year", "century": "year", "weekend": "week"}.get(unit, unit)
    return unit_value(unit, moved, 0, basis)


def _vague_step(anchor: date, amount: Amount, sign: int, basis: str) -> Value | None:
    """Return the rough stretch that "a few days ago" means: two to six units away."""
    if amount.unit not in ("day", "week", "month"):
        return ref("PAST_REF" if sign < 0 else "FUTURE_REF", basis)
    near, far = (shift(anchor, Amount(n, amount.unit), sign) for n in (2.0, 6.0))
    if near is None or far is None:
        return None
    timex3 = "PAST_REF" if sign < 0 else "FUTURE_REF"
    return span_value(
        min(near, far), max(near, far), "interval", timex3, basis + ", two to six units", anchored=True
    )


@BOOK.rule(
    "(?<=WITHIN)(?:THE )?(?:NEXT )?" + _AMOUNTS + "(?: FROM (?:DEICTIC|NOW))?",
    "(?<=IN)(?:THE )?(?:NEXT )?" + _AMOUNTS + " POSS? TIME",
)
def within(hit: Hit) -> Value | None:
    """Read "within 48 hours" and "in two weeks' time", counted from publication unless the tense is past."""
    amounts, published_on = read_amounts(hit), hit.published_on
    if hit.has("TIME"):
        if published_on is None:
            return ref("FUTURE_REF", "no publication date to count from")
        return step_value(published_on, amounts, 1, f"{hit.text}, counted from {published_on}")
    if published_on is None or hit.direction() == "past" or hit.is_class(0, "OF"):
        return duration(amounts, "amount of time")
    first, last = published_on, _moved(published_on, amounts, 1)
    return duration(amounts, f"from {published_on} on", first, last)


@BOOK.rule(_AMOUNTS + " AGO", "LONG AGO", "(?:UNIT|HOURS) AGO")
def ago(hit: Hit) -> Value | None:
    """Read "two years ago", "1 month and 21 days ago", "long ago"."""
    amounts = read_amounts(hit)
    if not amounts:
        return ref("PAST_REF", "long ago")
    if hit.codes[0] in (CODES["UNIT"], CODES["HOURS"]):
        amounts = [Amount(None, amounts[0].unit)]
    if hit.published_on is None:
        return ref("PAST_REF", "no publication date to count from")
    return step_value(hit.published_on, amounts, -1, f"{hit.text}, counted from {hit.published_on}")


@BOOK.rule(
    _AMOUNTS + " (?:FROM|AFTER|BEFORE) DEICTIC",
    _AMOUNTS + " (?:EARLIER|LATER|BEFORE|AFTER|HENCE|FROM NOW)",
    "(?:UNIT|HOURS) (?:EARLIER|LATER)",
)
def earlier_later(hit: Hit) -> Value | None:
    """Read "two days later", "a day earlier", "three weeks from now", "two days before yesterday"."""
    amounts = read_amounts(hit)
    if hit.codes[0] in (CODES["UNIT"], CODES["HOURS"]):
        amounts = [Amount(None, amounts[0].unit)]
    sign = -1 if hit.has("EARLIER", "BEFORE") else 1
    if hit.has("AFTER", "BEFORE") and not hit.has("DEICTIC") and not _ends_clause(hit):
        return duration(amounts, "counted from an event that has no date")
    anchor, words = _told(hit, amounts, sign)
    if hit.has("DEICTIC", "NOW", "HENCE"):
        published_on = hit.published_on
        anchor = None if published_on is None else add_days(published_on, hit.value("DEICTIC") or 0)
        words = f"counted from {anchor}"
    if anchor is None:
        return ref("PAST_REF" if sign < 0 else "FUTURE_REF", "nothing to count from")
    if hit.has("UNIT", "HOURS") and amounts[0].number is None and amounts[0].unit in _CLOCKED:
        return day_value(anchor, f"hours from {anchor}", anchored=True)
    return step_value(anchor, amounts, sign, words)


def _told(hit: Hit, amounts: list[Amount], sign: int) -> tuple[date | None, str]:
    """Return the day to count from: the one last mentioned where fine enough, else publication."""
    last = hit.scan.last
    fine = {"day": 1, "hour": 1, "minute": 1, "second": 1, "week": 7, "fortnight": 7, "month": 31}
    if last is not None and last.from_ is not None and last.to is not None:
        width = (last.to - last.from_).days + 1
        if width <= fine.get(amounts[0].unit, 366):
            return last.from_, f"counted from {last.from_}, last mentioned"
    if hit.published_on is None or sign > 0:
        return (
            (hit.published_on, f"counted from {hit.published_on}")
            if hit.direction() == "future"
            else (None, "")
        )
    return hit.published_on, f"counted from {hit.published_on}"


def _ends_clause(hit: Hit) -> bool:
    """Return whether "two days after" stands without the event it is counted from."""
    return hit.last >= len(hit.scan.tokens.codes) or hit.is_class(
        0, "COMMA", "DOT", "BREAK", "NEWLINE", "RPAREN"
    )


@BOOK.rule("(?:THE )?(?:LAST|NEXT) " + _AMOUNTS, "(?:THIS |THE )?(?:LAST) (?:UNIT|HOURS)")
def stretch(hit: Hit) -> Value | None:
    """Read "the past six months", "next 3 days", "last 24 hours", "the past decade"."""
    amounts = read_amounts(hit)
    ahead = hit.has("NEXT")
    published_on = hit.published_on
    verb = hit.has("LAST") and hit.word(-1) in _BEFORE_VERB  # "will last two weeks"
    if verb or hit.value("NEXT") == 2 or hit.scan.tokens.word(hit.where("LAST", "NEXT") + 1) in ("a", "an"):
        return None
    if not ahead and hit.value("LAST") == 2 and hit.scan.last is not None:
        published_on = hit.scan.last.from_
    if published_on is None:
        return duration(amounts, "no date to count from")
    rough = amounts[0].number is None
    if ahead:
        first, last = add_days(published_on, 1), _moved(published_on, amounts, 1)
        words = f"from the day after {published_on} on"
    else:
        first, last = _moved(published_on, amounts, -1), published_on
        words = f"up to {published_on}"
    return duration(amounts, words + (" (roughly)" if rough else ""), first, last)


@BOOK.rule("(?<=IN)" + _AMOUNTS)
def in_amount(hit: Hit) -> Value | None:
    """Read "will meet in two weeks"; in the past tense it is an amount of time."""
    amounts, published_on = read_amounts(hit), hit.published_on
    if (
        published_on is None
        or hit.direction() != "future"
        or amounts[0].number is None
        or hit.is_class(0, "OF")
    ):
        return duration(amounts, "amount of time")
    return step_value(published_on, amounts, 1, f"{hit.text}, counted from {published_on}")


@BOOK.rule(_AMOUNTS, "(?:THE )?ALL DASH? (?:UNIT|HOURS)", "HALF DASH? (?:UNIT|HOURS)")
def amount_of_time(hit: Hit) -> Value | None:
    """Read "three days", "a six-week", "an hour and a half"; ages and rates are none."""
    tokens = hit.scan.tokens
    if hit.word(-1) in ("once", "twice", "times", "per", "aged") or hit.word(0) in ("old", "olds"):
        return None
    if hit.is_class(0, "DASH") and hit.word(1).startswith("old"):
        return None
    if hit.is_class(-1, "DASH", "SLASH") and hit.first >= 1 and tokens.ends[hit.first - 1] == hit.start:
        return None
    amounts = read_amounts(hit)
    if hit.has("ALL"):
        amounts = [Amount(1, amounts[0].unit)]
    elif hit.codes.startswith(CODES["HALF"]):
        amounts = [Amount(0.5, amounts[0].unit)]
    if amounts[0].unit == "weekend":
        return None
    led = hit.is_class(-1, "FOR") or (hit.is_class(-2, "FOR") and hit.is_class(-1, "OVER"))
    if led and hit.published_on is not None and _PERFECT.search(_clause_before(hit)):
        words = f"up to {hit.published_on} (present perfect)"
        return duration(amounts, words, _moved(hit.published_on, amounts, -1), hit.published_on)
    if _is_period_reported(hit):
        words = f"up to {hit.published_on}"
        return duration(amounts, words, _moved(hit.published_on, amounts, -1), hit.published_on)
    return duration(amounts, "amount of time")


def _is_period_reported(hit: Hit) -> bool:
    """Return whether the words are "over a 24-hour period", told of what was: the latest such period."""
    if hit.published_on is None or hit.word(0) not in ("period", "span", "stretch"):
        return False
    led = hit.is_class(-1, "AN") and hit.is_class(-2, "OVER", "IN", "WITHIN")
    return led and hit.direction() != "future"


def _clause_before(hit: Hit) -> str:
    """Return up to 70 characters of the clause before a match."""
    text = hit.scan.tokens.text[max(0, hit.start - 70) : hit.start]
    return re.split(r"[.!?;\n]", text)[-1]


@BOOK.rule(
    "EVERY (?:NUMWORD |ORDWORD |DAY )?(?:UNIT|HOURS|WEEKDAY|DAYPART|MONTH|SEASON)",
    "SETWORD",
    "(?:THE )?WEEKDAYS",
)
def recurring(hit: Hit) -> Value | None:
    """Read "every week", "daily" and "Mondays" as a SET."""
    value = hit.value("SETWORD")
    if value is not None:
        timex3 = LISTS["set_values"][value]
    elif hit.has("WEEKDAY", "WEEKDAYS"):
        timex3 = f"XXXX-WXX-{hit.need('WEEKDAY', 'WEEKDAYS') + 1}"
    elif hit.has("MONTH"):
        timex3 = f"XXXX-{hit.need('MONTH'):02}"
    elif hit.has("SEASON"):
        timex3 = f"XXXX-{LISTS['seasons'][hit.need('SEASON')]}"
    elif hit.has("DAYPART"):
        timex3 = f"XXXX-XX-XX{LISTS['dayparts'][hit.need('DAYPART')]}"
    else:
        number = hit.value("NUMWORD", "ORDWORD", "DAY") or 1
        unit = UNITS[hit.need("UNIT")] if hit.has("UNIT") else ("hour", "minute", "second")[hit.need("HOURS")]
        timex3 = Amount(number, unit).timex3
    return Value(None, None, "interval", timex3, "SET", "recurring", anchored=False)


@BOOK.rule("PASTREF", "(?:THE )?(?:RECENT )?LAST", "IN (?:THE )?LAST (?=COMMA|DOT|BREAK)")
def past_reference(hit: Hit) -> Value | None:
    """Read "recently", "in the past"."""
    if hit.has("LAST"):
        alone = hit.value("LAST") == 1 and hit.has("THE") and hit.is_class(-1, "IN")
        if not alone or not (
            hit.last >= len(hit.scan.tokens.codes) or hit.is_class(0, "COMMA", "DOT", "BREAK", "NEWLINE")
        ):
            return None
    return ref("PAST_REF", "some time before publication")


@BOOK.rule("NOW", "AT (?:THE )?(?:PRESENT|MOMENT)", "AT (?:THE )?PRESENT TIME")
def present_reference(hit: Hit) -> Value | None:
    """Read "now", "at present": the day of publication."""
    day = hit.published_on
    if day is None:
        return ref("PRESENT_REF", "the time of publication")
    return Value(day, day, "day", "PRESENT_REF", "DATE", "the day of publication", anchored=True)


@BOOK.rule("FUTUREREF", "(?<=IN)(?:THE )?(?:NEAR )?FUTURE")
def future_reference(hit: Hit) -> Value | None:
    """Read "soon" and "in the near future"."""
    return ref("FUTURE_REF", "some time after publication")


@BOOK.rule("(?:UNIT|HOURS)(?= OF OTHER)", "(?<=FOR|OVER)UNIT", "VAGUE (?:UNIT|HOURS)")
def bare_plural(hit: Hit) -> Value | None:
    """Read "for decades": an amount nobody counted."""
    amounts = read_amounts(hit)
    word = hit.scan.tokens.word(hit.where("UNIT", "HOURS"))
    if not word.endswith("s"):
        return None
    return duration([Amount(None, amounts[0].unit)], "amount of time, not counted")
