"""Rules for months, seasons, quarters, years, decades and centuries, and for weeks and days counted in them."""

from __future__ import annotations

import re
from datetime import date

from dragoman.timex.anchors import full_year, pick_month
from dragoman.timex.expression import Value
from dragoman.timex.lexicon import LISTS, UNITS
from dragoman.timex.matching import Hit, RuleBook
from dragoman.timex.values import (
    SEASONS,
    decade_value,
    month_value,
    open_value,
    season_value,
    span_value,
    year_value,
)

BOOK = RuleBook()
_STOP = re.compile(r"[.!?;\n]")
_AMBIGUOUS = frozenset(LISTS["ambiguous_months"])
_COUNTED = frozenset(LISTS["count_nouns"])
_COUNTING = frozenset(LISTS["quantity_words"])
_SET_FOR = frozenset(("set", "scheduled", "planned", "slated", "due", "called", "expected"))
_AFTER_MAY = frozenset(("government", "cabinet", "administration", "premiership", "against"))
_YEAR_WORDS = frozenset(LISTS["year_words"])
OFFSET = r"(?:OF )?(?:THE )?(?:LAST|THIS|NEXT) UNIT"
# Words after which a bare "May" or "March" is a month and not a name or verb.
_MONTH_LEADS = (
    "IN",
    "SINCE",
    "UNTIL",
    "EARLY",
    "OVER",
    "BETWEEN",
    "FROM",
    "THROUGH",
    "LAST",
    "THIS",
    "NEXT",
    "THAT",
)
_MONTH_LEADS_MORE = (
    "BY",
    "AFTER",
    "BEFORE",
    "FOR",
    "OF",
    "AND",
    "TO",
    "ON",
    "AT",
    "EARLIER",
    "LATER",
    "DASH",
)


def year_of_offset(hit: Hit) -> int | None:
    """Return the year that "last year", "this year" or "next year" in a match means."""
    if hit.published_on is None or not hit.has("UNIT") or UNITS[hit.need("UNIT")] != "year":
        return None
    return hit.published_on.year + (-1 if hit.has("LAST") else 1 if hit.has("NEXT") else 0)


@BOOK.rule(
    "{MONTHNO} (?:COMMA|OF|DASH|SLASH)? YEAR",
    "YEAR COMMA? (?:MONTH|MAYMONTH)",
    "MONTH " + OFFSET,
    "(?:LAST|THIS|NEXT|THAT) (?:LAST |NEXT )?(?:MONTH|MAYMONTH)(?! DAY)",
    "MONTH",
)
def month(hit: Hit) -> Value | None:
    """Read "March 2025", "June next year", "last September", "that December" and a bare "December"."""
    number = hit.need("MONTH", "MAYMONTH")
    year = hit.value("YEAR")
    if year is not None:
        return month_value(year, number, "month and year")
    if hit.has("UNIT"):
        year = year_of_offset(hit)
        if year is None:
            return None
        return month_value(year, number, f"month of a year counted from {hit.published_on}", anchored=True)
    if hit.has("MAYMONTH") and hit.text.endswith((" may", " march", " mar")):
        return None  # "the last may be", "this march"
    if hit.value("NEXT") == 2 and not hit.is_class(-1, "THE"):
        return None  # "following June's vote"
    if hit.has("THAT") or hit.value("NEXT") == 2:
        return _narrated_month(hit, number)
    if not hit.has("LAST", "THIS", "NEXT") and not _is_month(hit):
        return None
    published_on = hit.published_on
    ahead = hit.year_ahead(number)
    if ahead is not None and not hit.has("LAST", "THIS", "NEXT"):
        return month_value(ahead, number, f"month of {ahead}, the year named next")
    if published_on is None:
        return open_value("month", f"XXXX-{number:02}", "month without a year")
    return _month_near(hit, published_on, number)


def _month_near(hit: Hit, published_on: date, number: int) -> Value | None:
    """Return a month without a year, by "last", "this", "next", by the year just told, or by tense."""
    told = _told_year(hit)
    if told is not None:
        return month_value(told, number, f"month of {told}, the year just named")
    if hit.has("LAST"):
        year = published_on.year if number < published_on.month else published_on.year - 1
        words = "last before"
    elif hit.has("NEXT"):
        year = published_on.year if number > published_on.month else published_on.year + 1
        words = "next after"
    elif hit.has("THIS"):
        year, words = published_on.year, "of the year of"
    else:
        direction = hit.direction()
        found = pick_month(published_on, number, direction)
        if found is None:
            return None
        year, words = found, {"future": "next after", "past": "last before"}.get(direction or "", "nearest")
    return month_value(year, number, f"month {words} {published_on}", anchored=True)


def _narrated_month(hit: Hit, number: int) -> Value | None:
    """Return "that December": of the year of the date last mentioned, or the latest."""
    last = hit.scan.last
    if last is not None and last.from_ is not None:
        year = last.from_.year + (1 if hit.has("NEXT") and number <= last.from_.month else 0)
        basis = f"month of {year}, counted from {last.from_}, last mentioned"
        return month_value(year, number, basis, anchored=last.anchored)
    if hit.published_on is None:
        return open_value("month", f"XXXX-{number:02}", "month without a year")
    latest = pick_month(hit.published_on, number, "past")
    if latest is None:
        return None
    return month_value(latest, number, f"last before {hit.published_on}", anchored=True)


def _told_year(hit: Hit) -> int | None:
    """Return a year named shortly before in the same sentence ("in 2005, first in March …")."""
    last = hit.scan.last
    if last is None or last.from_ is None or last.anchored or last.precision not in ("month", "year"):
        return None
    text, told_end = hit.scan.tokens.text, hit.scan.last_end
    near = hit.start - told_end < 60 and not _STOP.search(text, told_end, hit.start)
    return last.from_.year if near and not hit.has("LAST", "THIS", "NEXT") else None


def _is_month(hit: Hit) -> bool:
    """Return whether a bare month name is a month, not a person, a verb or part of a name."""
    word = hit.text
    written = hit.scan.tokens.text[hit.start : hit.end]
    if hit.word(-1) == "black":
        return False  # "Black September"
    of_part = hit.is_class(-1, "OF") and hit.is_class(-2, "PART", "UNIT", "ORDWORD")
    lead = hit.is_class(-1, *_MONTH_LEADS) or of_part
    if len(word) == 3 and word != "may":
        return (
            written[0].isupper()
            and (lead or hit.is_class(-1, *_MONTH_LEADS_MORE))
            and not hit.is_class(0, "NAME", "OTHER")
        )
    if word in ("may", "march"):
        return written[0].isupper() and (lead or _is_may(hit))
    if word in _AMBIGUOUS:
        more = hit.is_class(-1, *_MONTH_LEADS_MORE)
        if hit.is_class(-1, "AND") and not hit.is_class(-2, "MONTH"):
            more = False  # "April Smith and June Jones"
        named = hit.is_class(0, "NAME") or (
            hit.is_class(-1, "NAME") and not hit.is_class(-2, "DOT", "NEWLINE")
        )
        return lead or more or not named
    return True


def _is_may(hit: Hit) -> bool:
    """Return whether "May" or "March" without a plain lead is a month: "set for May", "the March elections"."""
    if hit.is_class(0, "POSS"):
        return False
    if hit.is_class(-1, "AFTER", "BEFORE"):
        return True
    if hit.is_class(-1, "FOR"):
        return hit.word(-2) in _SET_FOR
    return hit.is_class(-1, "THE") and hit.is_class(0, "OTHER") and hit.word(0) not in _AFTER_MAY


@BOOK.rule(
    "(?:THE )?SEASON (?:OF )?YEAR",
    "(?:THE )?SEASON " + OFFSET,
    "(?:LAST|THIS|NEXT|THAT) (?:LAST |NEXT )?SEASON",
    "(?:THE )?SEASON",
)
def season(hit: Hit) -> Value | None:
    """Read "summer of 2016", "last winter", "this spring" and "in the summer"."""
    name = SEASONS[hit.need("SEASON")]
    year = hit.value("YEAR")
    if hit.capitalised(-1) and hit.is_class(-1, "NAME"):
        return None  # "Arab Spring", "Prague Spring"
    if year is not None:
        return season_value(year, name, "season and year")
    bare = not hit.has("LAST", "THIS", "NEXT", "THAT", "UNIT")
    if bare and not _is_season(hit):
        return None
    if hit.published_on is None:
        return open_value("season", f"XXXX-{name}", "season without a year")
    year = year_of_offset(hit)
    if year is None and hit.has("UNIT"):
        return None
    if year is None:
        year = _season_year(hit, name, hit.published_on)
    return season_value(year, name, f"season nearest {hit.published_on}", anchored=True)


def _is_season(hit: Hit) -> bool:
    """Return whether a bare season word is one: after "in", "during", "early" …, and "fall" after "the" only."""
    word = hit.scan.tokens.word(hit.last - 1)
    led = hit.is_class(
        -1, "IN", "OVER", "EARLY", "SINCE", "UNTIL", "BY", "OF", "LATER", "EARLIER", "AFTER", "BEFORE"
    )
    if hit.scan.tokens.text[hit.end - len(word)].isupper() or hit.is_class(0, "OF", "NAME"):
        return False
    return led and (word not in ("fall", "spring") or hit.has("THE") or hit.is_class(-1, "EARLY"))


def _season_year(hit: Hit, name: str, published_on: date) -> int:
    """Return the year in which the season meant begins."""
    year = published_on.year
    current = season_value(year, name, "")
    before = season_value(year - 1, name, "")
    if current is None or current.from_ is None or current.to is None:
        return year
    within_earlier = before is not None and before.to is not None and before.to >= published_on
    if hit.has("NEXT"):
        return year if current.from_ > published_on else year + 1
    if hit.has("LAST"):
        return year if current.to < published_on else year - 1
    if within_earlier:
        return year - 1
    if hit.has("THIS") or hit.direction() == "future":
        return year
    return year if current.from_ <= published_on else year - 1


@BOOK.rule("(?:THE )?(?:NUMWORD NUMWORD? DASH?)? (?:DECADE|DECADENO)")
def decade(hit: Hit) -> Value | None:
    """Read "the 1980s", "the '80s", "the nineties" and "the nineteen seventies"; ages are none."""
    written = hit.value("DECADE", "DECADENO")
    assert written is not None
    if hit.is_class(-1, "MY") or (
        hit.first == hit.last - 1 and hit.has("DECADE") and not hit.is_class(-1, "IN", "EARLY")
    ):
        return None
    if (
        written < 100
        and not hit.text.startswith(("'", "’"))
        and not hit.has("THE")
        and not hit.is_class(-1, "IN", "EARLY")
    ):
        return None
    start = written if written >= 1000 else full_year(written)
    if hit.has("NUMWORD") and hit.need("NUMWORD") in (18, 19):
        start = hit.need("NUMWORD") * 100 + written % 100
    return decade_value(start, "decade")


@BOOK.rule("(?:THE )?FISCAL (?:UNIT )?YEAR", "(?:THE )?YEARPAIR", "(?:LAST|THIS|NEXT|THE) FISCAL UNIT")
def fiscal(hit: Hit) -> Value | None:
    """Read "fiscal 2023" and "2023/24": years whose first day differs from country to country."""
    if not hit.has("YEARPAIR"):
        year = hit.value("YEAR")
        timex3 = "XXXX" if year is None else f"{year:04}"
        return open_value("year", timex3, "fiscal or academic year, its first day not known")
    first, last = divmod(hit.need("YEARPAIR"), 100)
    words = hit.text
    if last == (first + 1) % 100 and not any(sign in words for sign in "–"):
        return open_value("year", f"{first:04}", "season, fiscal or academic year, its first day not known")
    final = first // 100 * 100 + last
    return span_value(
        date(first, 1, 1), date(final, 12, 31), "interval", f"{first:04}/{final:04}", "range of years"
    )


@BOOK.rule("YEARMONTH")
def year_month(hit: Hit) -> Value | None:
    """Read "2013-03"."""
    number, month_number = divmod(hit.need("YEARMONTH"), 100)
    return month_value(number, month_number, "year and month in figures")


@BOOK.rule("YEAR")
def year(hit: Hit) -> Value | None:
    """Read a year in figures where it is no amount, no number of a flight and no part of a name."""
    number = hit.need("YEAR")
    before, after = hit.word(-1), hit.word(0)
    if (
        after in _COUNTED
        or before in _COUNTING
        or (hit.is_class(0, "DASH") and hit.is_class(1, "UNIT", "HOURS"))
    ):
        return None
    if hit.is_class(0, "UNIT", "HOURS", "ZONE", "DAYPART") or after in ("b", "bc", "bce"):
        return None
    if not 1900 <= number <= 2050 and not hit.is_class(
        -1, "IN", "SINCE", "UNTIL", "FROM", "TO", "BETWEEN", "OF"
    ):
        return None
    named = hit.is_class(-1, "NAME") and before not in _YEAR_WORDS
    if named and hit.is_class(0, "OTHER") and not hit.is_class(-2, "LPAREN"):
        return year_value(number, "year")
    return year_value(number, "year")
