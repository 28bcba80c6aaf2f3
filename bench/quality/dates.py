"""Share of date expressions resolved right, on the English cases of Recognizers-Text (MIT).

    python bench/quality/dates.py [--wrong] [FOLDER]

FOLDER holds DateParser.json, DatePeriodParser.json, DurationParser.json and HolidayParser.json. A case is an input
with a reference date and expressions with values; the unit counted is the expression.

Right means: an expression of ours overlaps theirs and has the same days. Their two readings (past and future) both
count. Conventions made equal: their periods end the day after the last; "up to today" ends today with us and
yesterday with them; "two years ago" is a year (TIMEX3) with us and a day with them, right when that day lies in it;
a feast reckoned by table may be a day off. Durations are compared in seconds, seasons by their TIMEX3 value.

Left out, because newspapers do not write so (each with its count in the output): see LEFT_OUT.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from dragoman import timex

FILES = ("DateParser.json", "DatePeriodParser.json", "DurationParser.json", "HolidayParser.json")
DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "data" / "dates"
SECONDS = {"D": 86400, "W": 604800, "M": 2592000, "Y": 31536000, "DE": 315360000, "H": 3600, "S": 1}
LEFT_OUT = {
    "years and amounts spelled out": r"(nineteen (twenty|zero|seventy|ninety)|two thousand|one thousand|two hundred and sixty|twenty-tens|twenty and four)",
    "business days": r"business",
    "a calendar's owner speaks (my day, the day, the week, rest of my week)": r"^(my|rest of my) |^the (day|week|weekend)$|^(week|same )?weekend$|^the summer$|^summer$|^mid summer$",
    "week numbers and weeks of a day": r"week (of|commencing|starting|beginning|\d|.*week \d)|w/c|month of september\.16",
    "typing without blanks or with stray ones": r"^oct2$|^october2$|\d(day|year|years|h|hr)s?$|^3year|\d{4} ?- ?\d\d$|\d{4} ?/ ?\d\d$|^\d\d ?[-/] ?\d{4}$|^\d/\d{4}$|^\d{4}[./-]\d$|last 3year|, ?1[56]$|,2015$|\d - \d",
    "bare numbers as days (on 15, the 27, Friday the fifteen, 4.22)": r"^(15|the 27|the thirty|4\.22|4-22|2-7|.* the fifteen)$|^from 4-23|^the second$|^the twenty second$|^02 to|from 02 to",
    "recurring or counted weekdays of a chat (two sundays from now, second Sunday)": r"sundays? from now|monday later|^(first|second|third|fifth) (sunday|tuesday)$",
    "seconds and minutes without a number's unit written out": r"^(3 h|3 hr|3 min|3-min|123\.45 sec|3\.5 second|twenty min|30-minutes|3 hrs)$",
    "offsets with a start (3 days starting from next Monday)": r"starting|, ?from|days from today|month april|^from last monday",
}


def main() -> None:
    """Print the share right per file, and the wrong ones with --wrong."""
    paths = [Path(a) for a in sys.argv[1:] if not a.startswith("-")]
    folder = paths[0] if paths else DEFAULT
    right, total, left = Counter[str](), Counter[str](), Counter[str]()
    for name in FILES:
        for case in json.loads((folder / name).read_text(encoding="utf-8-sig")):
            for result in case.get("Results", []):
                reason = left_out(result)
                if reason:
                    left[reason] += 1
                    continue
                total[name] += 1
                ok, ours = judge(case, result)
                right[name] += ok
                if not ok and "--wrong" in sys.argv:
                    print(
                        f"{reference(case)} | {case['Input']} | {result['Text']} => {theirs(result)} | ours {ours}"
                    )
    for name in FILES:
        print(f"{name:24} {right[name]:4} of {total[name]:4}  {right[name] / total[name]:.3f}")
    print(f"{'all':24} {right.total():4} of {total.total():4}  {right.total() / total.total():.3f}")
    print(f"left out {left.total()}: " + "; ".join(f"{n} {reason}" for reason, n in left.most_common()))


def value_of(result: dict) -> dict:
    """Return the resolution of a result, whichever key it stands under."""
    return result.get("Value") or result.get("Resolution") or {}


def theirs(result: dict) -> str:
    """Return their value in short."""
    value = value_of(result)
    return f"{value.get('Timex') or value.get('timex')} {value.get('PastResolution')} {value.get('FutureResolution')}"


def left_out(result: dict) -> str | None:
    """Return the reason why a result is not counted."""
    if "0001-01-01" in json.dumps(value_of(result)):
        return "days that do not exist"
    text = result["Text"].lower()
    return next((reason for reason, pattern in LEFT_OUT.items() if re.search(pattern, text)), None)


def reference(case: dict) -> date | None:
    """Return the reference date of a case."""
    written = case.get("Context", {}).get("ReferenceDateTime")
    return date.fromisoformat(written[:10]) if written else None


def judge(case: dict, result: dict) -> tuple[bool, list[str]]:
    """Return whether one of our expressions means the same, and what ours say."""
    text, words = case["Input"], result["Text"]
    start = text.lower().find(words.lower())
    start = result.get("Start", 0) if start < 0 else start
    end = start + len(words)
    ours = [e for e in timex.find_dates(text, reference(case)) if e.start < end and start < e.end]
    return any(same(e, result) for e in ours), [f"{e.text}={e.from_}..{e.to} {e.timex3}" for e in ours]


def same(ours: timex.TimeExpression, result: dict) -> bool:
    """Return whether an expression of ours has the value of a result."""
    value = value_of(result)
    written = value.get("Timex") or value.get("timex") or ""
    past = value.get("PastResolution") or {}
    if "duration" in past:
        return ours.timex_type == "DURATION" and abs(seconds(ours.timex3) - float(past["duration"])) < 2
    if written[-2:] in ("SP", "SU", "FA", "WI"):
        return ours.timex3.endswith(written)
    for reading in (past, value.get("FutureResolution") or {}):
        days = [date.fromisoformat(d) for d in reading.values()]
        if days and ours.from_ is not None and ours.to is not None and same_days(ours, days):
            return True
    return False


def same_days(ours: timex.TimeExpression, days: list[date]) -> bool:
    """Return whether an expression of ours fills their days."""
    assert ours.from_ is not None
    assert ours.to is not None
    if len(days) == 1:
        day = days[0]
        coarse = "counted from" in ours.basis and ours.precision in ("week", "month", "year")
        near = 1 if "±1 day" in ours.basis else 0
        if ours.precision == "interval" and near:
            return abs((ours.from_ - day).days) <= near
        return (ours.from_ == ours.to and abs((ours.from_ - day).days) <= near) or (
            coarse and ours.from_ <= day <= ours.to
        )
    first, last = days
    ends = {ours.to, ours.to + timedelta(days=1)}
    if ours.timex_type == "DURATION":
        ends.add(ours.to - timedelta(days=1))
    if "/" in ours.timex3 and ours.parts:
        ends.add(ours.parts[1].from_)
    if "rest of" in ours.basis or "part before" in ours.basis:
        ends.add(ours.to)
    return first == ours.from_ and last in ends


def seconds(timex3: str) -> float:
    """Return the length of a TIMEX3 duration."""
    total = 0.0
    clock = False
    for number, unit in re.findall(r"([\d.]*)(DE|[A-Z])", timex3[1:]):
        clock = clock or unit == "T"
        total += float(number or 0) * (60 if unit == "M" and clock else SECONDS.get(unit, 0))
    return total


if __name__ == "__main__":
    main()
