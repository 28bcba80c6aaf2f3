"""Find the lines of a page that print its date: "Published: 3 June 2024, 14:05 GMT".

In: a text or one line. Out: days with the words that say them. A date inside a sentence is no date line.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib import resources
from typing import Literal

from dragoman.clean.lines import split_lines
from dragoman.records import Span

LAST_SHORT_YEAR = (
    68  # "68" is 2068 and "69" is 1969, as POSIX reads them; a date in the future is passed over later
)
PRINTED_LINES = 25  # a date line stands near the top, below the menus
LONGEST_DATE_LINE = 140  # characters
PUBLISHED, PLAIN, UPDATED, DATELINE, PLACED = range(
    5
)  # how well a line speaks for the day of publication, best first

DayOrder = Literal["dmy", "mdy"] | None  # how figures such as "05/11/2024" are read; None: not known

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CALENDAR = tomllib.loads(resources.files(__package__).joinpath("calendar.toml").read_text("utf-8"))
_FOREIGN = {  # "5 de marzo de 2024", "5. März 2024": the month of each name
    name: number
    for months in _CALENDAR["months"].values()
    for number, names in enumerate(months, 1)
    for name in names.split("|")
}
_FOREIGN_MONTH = "|".join(sorted(map(re.escape, _FOREIGN), key=len, reverse=True))
_WEEKDAY, _FOREIGN_PUBLISHED, _FOREIGN_UPDATED, _FOREIGN_OTHER = (
    re.sub(r"\s*\n\s*", "", words)
    for words in (
        _CALENDAR["weekdays"]["words"],
        _CALENDAR["labels"]["published"],
        _CALENDAR["labels"]["updated"],
        _CALENDAR["labels"]["other"],
    )
)
_PRINTED = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH.format('m1')},?[\s-]+(?P<y1>(?:19|20)\d\d)"
    rf"|{_MONTH.format('m2')}\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)"
    rf"|{_MONTH.format('m7')}\s+(?P<d7>\d{{1,2}}),?\s+\d{{1,2}}:\d\d(?::\d\d)?\s+(?:[A-Z]{{2,5}}\s+)?(?P<y7>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})(?=\D|$|T\d)"
    r"|(?P<n1>\d{1,2})(?P<sep>[-/.])(?P<n2>\d{1,2})(?P=sep)(?P<y4>(?:19|20)\d\d)(?!\d)"
    r"|(?P<n3>\d{1,2})(?P<mark>[./-])(?P<n4>\d{1,2})(?P=mark)(?P<y8>\d\d)(?=,?\s+(?:at )?\d{1,2}:\d\d)"  # a year of two figures
    r"|(?P<y5>(?:19|20)\d\d) ?年 ?(?P<m5>\d{1,2}) ?月 ?(?P<d5>\d{1,2}) ?日"
    r"|(?P<d6>\d{1,2})(?:\.|º|er)?[\s-]+(?:de )?(?P<m6>"
    + _FOREIGN_MONTH
    + r")\.?,?[\s-]+(?:de |del )?(?P<y6>(?:19|20)\d\d))",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:issue|edition|vol(?:ume)?|no|nr|number)\.?\s*\d{1,5}\b|\b\d{1,3}[ -]min(?:ute)?s?(?:[ -]read)?\b|"
    r"\b\d[\d,.]*\s+(?:views|reads|comments|shares)\b|"
    r"\b(?:(?:first|originally)\s+)?(?:published|publication|publish|posted|updated?|last|modified|revised|reviewed|edited|"
    r"created|released?|issued|debated|sitting|delivered|tabled|dated|(?:final|late|city|first|morning|evening) edition|date|added|page|on|at|as|of|time|"
    r"(?:gmt|utc)\s*[+−-]\s*\d{1,2}(?::?\d{2})?|"
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"gmt|utc|bst|est|edt|et|cst|cdt|mst|mdt|pst|pdt|akst|hst|ist|pkt|npt|cet|cest|eet|eest|msk|trt|wat|cat|eat|sast|gst|"
    rf"{_WEEKDAY}|{_FOREIGN_PUBLISHED}|{_FOREIGN_UPDATED}|{_FOREIGN_OTHER}|"
    r"ict|wib|sgt|hkt|pht|jst|kst|aest|aedt|awst|nzst|nzdt|am|pm|a\.m|p\.m|hrs|hours|local|"
    r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:\.\d+)?(?:\s*[ap]m)?|\d{1,2}h\d{2}|\d{1,2}\s*(?:[ap]m)|z|t)\b|[\W_]+",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?:by|written by|reported by|reuters|afp|ap|agencies)\b(?-i:[^.!?]*)", re.IGNORECASE
)
_SAYS = re.compile(
    rf"\b(?:published?|publication|posted|created|released?|issued|{_FOREIGN_PUBLISHED}|"
    rf"(?P<changed>updated?|modified|revised|reviewed|edited|{_FOREIGN_UPDATED}))\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^(?-i:[A-Z][A-Z .'’-]{2,30})(?:,\s*[A-Z][\w. ]{1,20})?[,:]?\s*(?:\([\w /]{2,25}\)\s*)?[—–,-]*\s*$"
)

# "Orm, 17 June 2025", as ministries open their releases
_SIGNED = re.compile(r"\s+by (?:the )?(?-i:[A-Z])[\w.'’-]+(?: [\w.'’-]+){0,4}\s*$")
_CLOCK = re.compile(r"^[\s,]*(?:at\s+)?\d{1,2}[:.]\d\d(?:\s*[ap]\.?m\.?)?")
_PLACE_BEHIND = re.compile(r"^[\s,]+[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}\s*$")
_NAMED_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*$", re.IGNORECASE)
_PLACE = re.compile(r"^[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2},\s*(?:on\s+)?$")


def find_date_lines(text: str, order: DayOrder = None) -> list[tuple[date, Span]]:
    """Return the days printed as the page's own date, best first: lines that say "published", then others.

    A date line holds nothing but a date, a time and a byline; an agency's dateline with a year counts too. A date
    inside a sentence does not.

    Args:
        text: A text, one paragraph per line.
        order: How "05/11/2024" is read; None passes over what could be two days.
    """
    found: list[tuple[int, date, Span]] = []
    for line in split_lines(text[: PRINTED_LINES * 600])[:PRINTED_LINES]:
        match = _PRINTED.search(line.text[:LONGEST_DATE_LINE])
        if match is None or (day := _printed_day(match, order)) is None:
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


def rank_date_line(line: str, order: DayOrder = None) -> int | None:
    """Return how well a line speaks for the day of publication, or None if it is no date line."""
    if (
        len(line) > LONGEST_DATE_LINE
        or (match := _PRINTED.search(line)) is None
        or _printed_day(match, order) is None
    ):
        return None
    return _rank(line, match)


def find_day(value: str, order: DayOrder = None) -> date | None:
    """Return the first day that a text names with its year, or None; also where the order of its figures is not known."""
    match = _PRINTED.search(value)
    return _printed_day(match, order) if match else None


def says(label: str) -> int | None:
    """Return what a label announces: ``PUBLISHED``, ``UPDATED``, or None where it is no label of a date.

    Example:
        >>> says("Last updated:") == UPDATED, says("Date of publication") == PUBLISHED, says("Deadline")
        (True, True, None)
    """
    said = _SAYS.search(label)
    if said is None or _AROUND.sub("", label):
        return None
    return UPDATED if said["changed"] else PUBLISHED


def _rank(line: str, match: re.Match[str]) -> int | None:
    """Return how well a line speaks for the day of publication, or None if it is no date line."""
    before, after = line[: match.start()], line[match.end() :]
    placed = _DATELINE.match(before) or _PLACE.match(_NAMED_DAY.sub("", before))
    if placed and re.match(r"\s*(?:\([^)]{2,30}\)\s*)?[—–:-]", after):
        return DATELINE
    if len(line) > LONGEST_DATE_LINE:
        return None
    is_signed = _BYLINE.match(before) is not None and 2 <= len(before.split()) <= 12
    rest = _PRINTED.sub(" ", after if is_signed else f"{before} {after}")
    if _AROUND.sub("", rest):
        if _SAYS.search(before) and _SIGNED.search(after):  # "Posted on: 15 Feb 2024 by the press office"
            return _rank(line[: match.end()] + _SIGNED.sub("", after), match)
        if not before.strip() and _PLACE_BEHIND.match(_CLOCK.sub("", after)):
            return PLACED
        return PLACED if _PLACE.match(_NAMED_DAY.sub("", before)) and not after.strip(" .") else None
    said = _SAYS.search(before) or (None if _PRINTED.search(after) else _SAYS.search(after))
    if said is None:  # in "5 March 2024, updated 6 March 2024" the label is the second date's
        return PLAIN
    return UPDATED if said["changed"] else PUBLISHED


def _printed_day(found: re.Match[str], order: DayOrder = None) -> date | None:
    if found["d1"]:
        return to_day(int(found["y1"]), MONTHS.index(found["m1"][:3].lower()) + 1, int(found["d1"]))
    if found["d2"]:
        return to_day(int(found["y2"]), MONTHS.index(found["m2"][:3].lower()) + 1, int(found["d2"]))
    if found["y4"]:
        return _figures(
            int(found["n1"]), int(found["n2"]), int(found["y4"]), "dmy" if found["sep"] == "." else order
        )
    if found["y8"]:
        century = 1900 if int(found["y8"]) > LAST_SHORT_YEAR else 2000
        order = "dmy" if found["mark"] == "." else order
        return _figures(int(found["n3"]), int(found["n4"]), century + int(found["y8"]), order)
    if found["d7"]:
        return to_day(int(found["y7"]), MONTHS.index(found["m7"][:3].lower()) + 1, int(found["d7"]))
    if found["d6"]:
        return to_day(int(found["y6"]), _FOREIGN[found["m6"].lower()], int(found["d6"]))
    number = "5" if found["y5"] else "3"
    return to_day(*(int(found[f"{part}{number}"]) for part in "ymd"))


def _figures(first: int, second: int, year: int, order: DayOrder) -> date | None:
    """Return the day of "5/11/2024": one figure above 12 tells the day, else the order does; None where nothing tells."""
    if first == second or first > 12 or order == "dmy":
        return to_day(year, second, first) or (to_day(year, first, second) if second > 12 else None)
    if second > 12 or order == "mdy":
        return to_day(year, first, second)
    return None


def to_day(year: int, month: int, day: int) -> date | None:
    """Return the day of a calendar date, or None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
