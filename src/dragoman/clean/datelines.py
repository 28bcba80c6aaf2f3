"""Find the lines of a page that print its date: "Published: 3 June 2024, 14:05 GMT".

In: a text or one line. Out: days with the words that say them. A date inside a sentence is no date line.
"""

from __future__ import annotations

import re
from datetime import date

from dragoman.clean.lines import split_lines
from dragoman.records import Span

PRINTED_LINES = 25  # a date line stands near the top, below the menus
LONGEST_DATE_LINE = 140  # characters
PUBLISHED, PLAIN, UPDATED, DATELINE, PLACED = range(
    5
)  # how well a line speaks for the day of publication, best first

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_PRINTED = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH.format('m1')},?[\s-]+(?P<y1>(?:19|20)\d\d)"
    rf"|{_MONTH.format('m2')}\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})(?=\D|$|T\d))",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:issue|edition|vol(?:ume)?|no|nr|number)\.?\s*\d{1,5}\b|\b\d{1,3}[ -]min(?:ute)?s?(?:[ -]read)?\b|"
    r"\b\d[\d,.]*\s+(?:views|reads|comments|shares)\b|"
    r"\b(?:first\s+)?(?:published|posted|updated|last|modified|created|released|issued|date|on|at|as|of|time|"
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"gmt|utc|bst|est|edt|et|pst|pdt|ist|cet|cest|eet|msk|am|pm|a\.m|p\.m|hrs|\d{1,2}[:.]\d{2}(?::\d{2})?(?:\.\d+)?|"
    r"\d{1,2}\s*(?=[ap]m)|z|t)\b|[\W_]+",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?:by|written by|reported by|reuters|afp|ap|agencies)\b(?-i:[^.!?]*)", re.IGNORECASE
)
_SAYS = re.compile(r"\b(?:published|posted|created|updated|released|issued)\b", re.IGNORECASE)
_DATELINE = re.compile(
    r"^(?-i:[A-Z][A-Z .'’-]{2,30})(?:,\s*[A-Z][\w. ]{1,20})?[,:]?\s*(?:\([\w /]{2,25}\)\s*)?[—–,-]*\s*$"
)

# "Orm, 17 June 2025", as ministries open their releases
_PLACE = re.compile(r"^[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2},\s*(?:on\s+)?$")


def find_date_lines(text: str) -> list[tuple[date, Span]]:
    """Return the days printed as the page's own date, best first: lines that say "published", then others.

    A date line holds nothing but a date, a time and a byline; an agency's dateline with a year counts too. A date
    inside a sentence does not.
    """
    found: list[tuple[int, date, Span]] = []
    for line in split_lines(text[: PRINTED_LINES * 600])[:PRINTED_LINES]:
        match = _PRINTED.search(line.text[:LONGEST_DATE_LINE])
        if match is None or (day := _printed_day(match)) is None:
            continue
        rank = _rank(line.text, match)
        if rank is not None:
            start = line.start + match.start()
            found.append((rank, day, Span(start, start + len(match.group()), match.group())))
    return [(day, span) for _, day, span in sorted(found, key=lambda item: (item[0], item[2].start))]


def is_date_line(line: str) -> bool:
    """Return whether a line holds nothing but a date, with a time or a byline at most.

    Example:
        >>> is_date_line("Mon, 8 April 2024 10:15"), is_date_line("On 8 April 2024 the talks began.")
        (True, False)
    """
    if len(line) > LONGEST_DATE_LINE or (match := _PRINTED.search(line)) is None:
        return False
    return _rank(line, match) in (PUBLISHED, PLAIN, UPDATED, PLACED)


def rank_date_line(line: str) -> int | None:
    """Return how well a line speaks for the day of publication, or None if it is no date line."""
    if (
        len(line) > LONGEST_DATE_LINE
        or (match := _PRINTED.search(line)) is None
        or _printed_day(match) is None
    ):
        return None
    return _rank(line, match)


def find_day(value: str) -> date | None:
    """Return the first day that a text names with its year, or None."""
    match = _PRINTED.search(value)
    return _printed_day(match) if match else None


def _rank(line: str, match: re.Match[str]) -> int | None:
    """Return how well a line speaks for the day of publication, or None if it is no date line."""
    before, after = line[: match.start()], line[match.end() :]
    if _DATELINE.match(before) and re.match(r"\s*(?:\([^)]{2,30}\)\s*)?[—–:-]", after):
        return DATELINE
    if len(line) > LONGEST_DATE_LINE:
        return None
    is_signed = _BYLINE.match(before) is not None and 2 <= len(before.split()) <= 12
    rest = _PRINTED.sub(" ", after if is_signed else f"{before} {after}")
    if _AROUND.sub("", rest):
        return PLACED if _PLACE.match(before) and not after.strip(" .") else None
    said = _SAYS.search(line)
    if said is None:
        return PLAIN
    return UPDATED if said.group().lower() == "updated" else PUBLISHED


def _printed_day(found: re.Match[str]) -> date | None:
    if found["d1"]:
        return to_day(int(found["y1"]), MONTHS.index(found["m1"][:3].lower()) + 1, int(found["d1"]))
    if found["d2"]:
        return to_day(int(found["y2"]), MONTHS.index(found["m2"][:3].lower()) + 1, int(found["d2"]))
    return to_day(int(found["y3"]), int(found["m3"]), int(found["d3"]))


def to_day(year: int, month: int, day: int) -> date | None:
    """Return the day of a calendar date, or None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
