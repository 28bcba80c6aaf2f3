"""Reads amounts of time: how many of which units, as TIMEX3 writes them and as a step of the calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dragoman.timex.calendars import add_days, add_months
from dragoman.timex.lexicon import CODES, LISTS, UNITS, compile_rule
from dragoman.timex.matching import Hit

_LETTERS = dict(zip(UNITS, LISTS["durations"], strict=True))
_DAYS = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_HOUR_LETTERS = ("H", "M", "S")
_HALF_MORE = re.compile(compile_rule("AND AN? HALF"))
_VAGUE = 3.0  # what "a few" stands in for where a rough interval is wanted


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of one unit; ``number`` is None for a vague amount ("several weeks", "decades")."""

    number: float | None
    unit: str  # a calendar unit, or "hour", "minute", "second"

    @property
    def rough(self) -> float:
        """Return the number, or three for a vague one."""
        return _VAGUE if self.number is None else self.number

    @property
    def timex3(self) -> str:
        """Return the TIMEX3 duration.

        Example:
            >>> Amount(2, "week").timex3, Amount(None, "day").timex3
            ('P2W', 'PXD')
        """
        number = self.number
        if number is not None and self.unit in ("fortnight", "quarter"):
            number *= 2 if self.unit == "fortnight" else 3
        written = "X" if number is None else f"{number:g}"
        if self.unit in ("hour", "minute", "second"):
            return f"PT{written}{_HOUR_LETTERS[('hour', 'minute', 'second').index(self.unit)]}"
        return f"P{written}{_LETTERS[self.unit]}"


def shift(day: date, amount: Amount, sign: int) -> date | None:
    """Return the day so much later (``sign`` 1) or earlier (-1); hours count as whole days from 24 up."""
    number = amount.rough
    if number > 4_000_000:
        return None
    if amount.unit in _DAYS:
        return add_days(day, sign * round(number * _DAYS[amount.unit]))
    if amount.unit in _MONTHS:
        whole = add_months(day, sign * int(number * _MONTHS[amount.unit]))
        return whole
    hours = {"hour": number, "minute": number / 60, "second": number / 3600}[amount.unit]
    return add_days(day, sign * int(hours // 24))


def read_amounts(hit: Hit) -> list[Amount]:
    """Return the amounts in a match, one per unit ("1 year and 2 months" gives two)."""
    tokens = hit.scan.tokens
    unit_code, hours_code = CODES["UNIT"], CODES["HOURS"]
    found, first = [], hit.first
    for i in range(hit.first, hit.last):
        code = tokens.codes[i]
        if code not in (unit_code, hours_code):
            continue
        unit = (
            UNITS[tokens.values[i]] if code == unit_code else ("hour", "minute", "second")[tokens.values[i]]
        )
        number = _number(hit, first, i)
        first = i + 1
        if number is not None and _HALF_MORE.match(tokens.codes, first, hit.last):
            number, first = number + 0.5, first + 2
        found.append(Amount(number, unit))
    return found


def _number(hit: Hit, first: int, last: int) -> float | None:
    """Return the number that the tokens of a quantity say, 1 when there is none."""
    tokens = hit.scan.tokens
    total, part, seen, half = 0.0, 0.0, False, False
    for i in range(first, last):
        name, value = tokens.codes[i], tokens.values[i]
        if name in (CODES["VAGUE"], CODES["MORE"]) and name == CODES["VAGUE"]:
            return None
        if name == CODES["HALF"]:
            half = True
        elif name == CODES["COUPLE"]:
            part, seen = part + 2, True
        elif name in (CODES["NUM"], CODES["DAY"], CODES["YEAR"]):
            part, seen = _figures(tokens.word(i)), True
        elif name == CODES["NUMWORD"]:
            seen = True
            if value in (100, 1000, 12):
                part = max(part, 1) * value if value != 12 else part + 12
            else:
                part += value
    total = part
    if half:
        return total + 0.5 if seen else (1.5 if _follows(hit, first, last) else 0.5)
    return total if seen else 1.0


def _figures(words: str) -> float:
    kept = "".join(c for c in words[:12] if c.isdecimal() or c == ".").strip(".")
    whole, _, rest = kept.partition(".")
    return float(f"{int(whole or '0')}.{rest.replace('.', '') or '0'}")


def _follows(hit: Hit, first: int, last: int) -> bool:
    """Return whether a half is added to one ("an hour and a half" keeps its half after the unit)."""
    return CODES["AND"] in hit.scan.tokens.codes[first:last]
