"""The last resort for words that say when: dateparser, on words the encoder has marked.

A module of its own because dateparser takes a tenth of a second to load; ``dates`` loads it on first need.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time

from dateparser.date import DateDataParser

from dragoman.records import Precision

_PERIODS: dict[str, Precision] = {
    "time": "day",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
}


def read_words(
    words: str, *, published_on: date, future: bool, language: str
) -> tuple[date, date, Precision] | None:
    """Return the days that dateparser reads in marked words and their precision, None when it reads none.

    Args:
        words: The marked words, never a whole sentence: dateparser finds dates where there are none.
        published_on: The day to count from.
        future: Whether a date without a year lies ahead.
        language: Two-letter language code of the words; one that dateparser does not know gives None.
    """
    settings: dict[str, object] = {
        "RELATIVE_BASE": datetime.combine(published_on, time(12)),
        "PREFER_DATES_FROM": "future" if future else "past",
        "REQUIRE_PARTS": [],
    }
    try:
        parsed = DateDataParser(languages=[language], settings=settings).get_date_data(words)
    except (ValueError, OverflowError):  # a language it does not know; a day outside the calendar
        return None
    if parsed.date_obj is None:
        return None
    day, precision = parsed.date_obj.date(), _PERIODS.get(parsed.period, "day")
    if precision == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]), precision
    if precision == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31), precision
    return day, day, precision
