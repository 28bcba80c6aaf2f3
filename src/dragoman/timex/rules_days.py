"""Rules for days written out: figures, day and month with and without a year, feasts."""

from __future__ import annotations

import re
from datetime import date

from dragoman.timex.anchors import full_year, pick_day, pick_nearest
from dragoman.timex.calendars import add_days, make_day
from dragoman.timex.expression import Value
from dragoman.timex.holidays import HOLIDAYS, Holiday
from dragoman.timex.lexicon import CODES
from dragoman.timex.matching import Hit, RuleBook
from dragoman.timex.values import day_value, open_value, span_value

BOOK = RuleBook()
_STOP = re.compile(r"[.!?;\n]")
_FIGURES = re.compile(r"\d+")
_NAMED_AFTER = frozenset(
    (
        "island",
        "islands",
        "agreement",
        "accord",
        "accords",
        "war",
        "offensive",
        "uprising",
        "rising",
        "massacre",
        "pact",
    )
)
_ALLIANCES = frozenset(
    ("alliance", "coalition", "movement", "bloc", "forces", "camp")
)  # Lebanon's "March 14"


@BOOK.rule("{WEEKDAY}? ISO")
def iso_day(hit: Hit) -> Value | None:
    """Read 2024-03-05, 2024/3/5 and 2024.3.5, with or without a time."""
    i = hit.where("ISO")
    words = hit.scan.tokens.word(i)
    year, month, day = (int(p) for p in _FIGURES.findall(words)[:3])
    clock = re.search(r"t(\d\d:\d\d)", words)
    suffix = f"T{clock.group(1)}" if clock else ""
    return day_value(make_day(year, month, day), "date in figures", suffix=suffix)


@BOOK.rule("{WEEKDAY}? NUMDATE")
def figures_day(hit: Hit) -> Value | None:
    """Read 5/3/2024: the month first, unless only the day first gives a day."""
    words = hit.scan.tokens.word(hit.where("NUMDATE"))
    first, second, year = (int(p) for p in _FIGURES.findall(words)[:3])
    if year < 100:
        year = full_year(year)
    month_first = make_day(year, first, second)
    day_first = make_day(year, second, first)
    if "." in words and day_first is not None:
        return day_value(day_first, "date in figures, day first (dots)")
    if month_first is not None:
        doubt = "" if day_first is None or day_first == month_first else " (or day first)"
        return day_value(month_first, "date in figures, month first" + doubt)
    return day_value(day_first, "date in figures, day first")


@BOOK.rule(
    "{WEEKDAY}? {DAYNO} (?:OF|DASH|DOT)? {MONTHNO} (?:COMMA|OF|DASH)? YEAR",
    "{WEEKDAY}? {DAYNO} (?:OF|DASH)? {MONTHNO}",
    "{WEEKDAY}? {MONTHNO} (?:DASH|SLASH|COMMA)? {DAYNO} (?:LPAREN)? (?:COMMA|OF)? YEAR (?:RPAREN)?",
    "{WEEKDAY}? {MONTHNO} (?:DASH|SLASH)? {DAYNO}",
    "YEAR (?:DASH|SLASH) {MONTHNO} (?:DASH|SLASH) DAY",
)
def day_and_month(hit: Hit) -> Value | None:
    """Read a day with its month, and a year where one is given ("5 March 2024", "Monday, March 5", "the 5th of May")."""
    month, day = hit.need("MONTH", "MAYMONTH"), day_number(hit)
    if (
        hit.has("MAYMONTH")
        and not hit.has("YEAR", "ORD", "ORDWORD")
        and hit.text.startswith(("may ", "march "))
    ):
        return None
    if hit.word(0) in _ALLIANCES or (hit.is_class(0, "DASH") and hit.is_class(1, "UNIT", "HOURS")):
        return None
    return month_day(hit, month, day, hit.value("YEAR"))


def day_number(hit: Hit) -> int:
    """Return the day of the month that figures or words in a match name."""
    figures = hit.value("DAY", "ORD")
    if figures is not None:
        return figures
    tens = hit.value("NUMWORD") or 0
    return tens + (hit.value("ORDWORD") or 0)


def month_day(hit: Hit, month: int, day: int, year: int | None) -> Value | None:
    """Return a day of a month, its year chosen by the text, the tense and the weekday where none is given."""
    if year is not None:
        return day_value(make_day(year, month, day), "day, month and year")
    if make_day(2000, month, day) is None:
        return None
    ahead = hit.year_ahead(month)
    if ahead is not None:
        return day_value(make_day(ahead, month, day), f"day and month of {ahead}, the year named next")
    told = _year_told(hit)
    if told is not None:
        return day_value(make_day(told, month, day), f"day and month of {told}, the year just named")
    published_on = hit.published_on
    if published_on is None:
        return open_value("day", f"XXXX-{month:02}-{day:02}", "day and month without a year")
    weekday = hit.value("WEEKDAY", "WDABBR")
    direction = hit.direction()
    if weekday is not None:
        years = range(published_on.year - 6, published_on.year + 7)
        days = [d for y in years if (d := make_day(y, month, day)) is not None and d.weekday() == weekday]
        near = min(days, key=lambda d: abs((d - published_on).days), default=None)
        if near is not None and abs((near - published_on).days) < 366:
            return day_value(near, f"day and month with weekday nearest {published_on}", anchored=True)
    found = pick_day(published_on, month, day, direction)
    return day_value(found, f"day and month {_nearest(direction)} {published_on}", anchored=True)


def _nearest(direction: str | None) -> str:
    return {"future": "next after", "past": "last before"}.get(direction or "", "nearest")


def _year_told(hit: Hit) -> int | None:
    """Return the year of the date last mentioned where the sentence goes on from it ("in 2005, on 3 March …")."""
    last, text = hit.scan.last, hit.scan.tokens.text
    if last is None or last.from_ is None or last.anchored or last.precision not in ("day", "month", "year"):
        return None
    if last.from_.year != (last.to or last.from_).year or hit.direction() == "future":
        return None
    near = hit.start - hit.scan.last_end < 80 and not _STOP.search(text, hit.scan.last_end, hit.start)
    return last.from_.year if near else None


@BOOK.rule("MONTHDAY")
def figures_month_day(hit: Hit) -> Value | None:
    """Read 4/22 where a date may stand; elsewhere it is a fraction."""
    dated = hit.is_class(-1, "ON", "FROM", "SINCE", "UNTIL", "BY", "BETWEEN", "WEEKDAY", "WDABBR")
    if not dated and not (hit.is_class(-1, "TO", "DASH") and hit.is_class(-2, "MONTHDAY")):
        return None
    first, second = divmod(hit.need("MONTHDAY"), 100)
    month, day = (first, second) if 1 <= first <= 12 and second <= 31 else (second, first)
    return month_day(hit, month, day, None)


@BOOK.rule(
    "{WEEKDAY} THE (?:ORD|(?:NUMWORD DASH? )?ORDWORD)", "THE? ORD (?:OF )?(?:THIS|LAST|NEXT) UNIT", "THE ORD"
)
def day_of_month(hit: Hit) -> Value | None:
    """Read "Friday the 22nd", "the 20th of next month", and "on the 27th" where no noun follows."""
    day = day_number(hit)
    if not 1 <= day <= 31:
        return None
    published_on, step = hit.published_on, 0
    if hit.has("UNIT"):
        if not hit.text.endswith("month"):
            return None
        step = -1 if hit.has("LAST") else 1 if hit.has("NEXT") else 0
    elif not hit.has("WEEKDAY", "WDABBR") and not _stands_alone(hit):
        return None
    if published_on is None:
        return open_value("day", f"XXXX-XX-{day:02}", "day of a month without the month")
    near = range(-2, 3) if not hit.has("UNIT") else (step,)
    months = [divmod(published_on.year * 12 + published_on.month - 1 + s, 12) for s in near]
    days = [d for year, month in months if (d := make_day(year, month + 1, day)) is not None]
    weekday = hit.value("WEEKDAY", "WDABBR")
    if weekday is not None:
        days = [d for d in days if d.weekday() == weekday]
    found = days[0] if len(days) == 1 else pick_nearest(published_on, days, hit.direction() or "past")
    return day_value(found, f"day of the month nearest {published_on}", anchored=True)


def _stands_alone(hit: Hit) -> bool:
    """Return whether "the 27th" is a day: after "on", "for" or a range word, before no noun."""
    tokens = hit.scan.tokens
    after = tokens.codes[hit.last] if hit.last < len(tokens.codes) else ""
    ends = after in (
        "",
        *(CODES[n] for n in ("COMMA", "DOT", "BREAK", "NEWLINE", "AND", "TO", "UNTIL", "DASH")),
    )
    return ends and hit.is_class(-1, "ON", "FOR", "UNTIL", "SINCE", "BY", "FROM", "TO")


@BOOK.rule(
    "HOLIDAY (?:OF )?YEAR", "HOLIDAY (?:OF )?(?:THIS|LAST|NEXT) UNIT", "(?:THIS|LAST|NEXT) HOLIDAY", "HOLIDAY"
)
def holiday(hit: Hit) -> Value | None:
    """Read a feast or named day, in a given year or the one that tense tells."""
    feast = HOLIDAYS[hit.need("HOLIDAY")]
    person = feast.name == "Ramadan" and not hit.is_class(
        -1, "IN", "OVER", "OF", "SINCE", "UNTIL", "BY", "AFTER", "BEFORE"
    )
    if hit.is_class(0, "NAME") and (hit.word(0) in _NAMED_AFTER or person):
        return None  # "Good Friday Agreement", "Ramzan Mengal"
    published_on, year = hit.published_on, hit.value("YEAR")
    if feast.kind == "once":
        return day_value(feast.rule["date"], f"named day: {feast.name}")
    if year is None and published_on is None:
        return open_value("day", "XXXX-XX-XX", f"{feast.name} without a year")
    if year is None and published_on is not None and hit.has("UNIT"):
        year = published_on.year + (-1 if hit.has("LAST") else 1 if hit.has("NEXT") else 0)
    if year is not None:
        return _feast(feast, min(feast.days_in(year), default=None), f"{feast.name} {year}", anchored=False)
    assert published_on is not None
    days = [d for y in range(published_on.year - 1, published_on.year + 2) for d in feast.days_in(y)]
    direction = "future" if hit.has("NEXT") else "past" if hit.has("LAST") else hit.direction()
    if hit.has("LAST"):
        days = [d for d in days if d < published_on]
    started = [d for d in days if 0 <= (published_on - d).days < feast.length] if feast.length > 1 else []
    found = started[0] if started else pick_nearest(published_on, sorted(days), direction)
    return _feast(feast, found, f"{feast.name} {_nearest(direction)} {published_on}", anchored=True)


def _feast(feast: Holiday, first: date | None, basis: str, *, anchored: bool) -> Value | None:
    """Return a feast's days; ±1 day is said in the basis where sightings differ."""
    if first is None:
        return None
    if feast.near:
        basis += ", reckoned by table, ±1 day"
    if feast.length == 1:
        return day_value(first, basis, anchored=anchored)
    last = add_days(first, feast.length - 1)
    return span_value(first, last, "interval", f"{first}/{last}", basis, anchored=anchored)
