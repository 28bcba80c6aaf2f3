"""Feasts and named days: their names in a text and the day they fall on in a year."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from dragoman.timex.calendars import (
    add_days,
    hebrew_new_year,
    islamic_day,
    islamic_years,
    make_day,
    nth_weekday,
    orthodox_easter,
    western_easter,
)
from dragoman.timex.lexicon import load_table
from dragoman.timex.moons import diwali, lunar_new_year, nowruz

_MOONS: dict[str, Callable[[int], date | None]] = {
    "nowruz": nowruz,
    "lunar_new_year": lunar_new_year,
    "diwali": diwali,
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A feast; ``rule`` holds the rest of its row in ``holidays.toml``."""

    name: str
    kind: str
    length: int
    near: bool
    rule: dict[str, Any]

    def days_in(self, year: int) -> list[date]:
        """Return the first days on which it falls in a Gregorian year: one, none or (Islamic feasts) two."""
        rule, offset = self.rule, int(self.rule.get("offset", 0))
        found: list[date | None]
        if self.kind == "fixed":
            found = [make_day(year, rule["month"], rule["day"])]
        elif self.kind == "nth":
            found = [_moved(nth_weekday(year, rule["month"], rule["weekday"], rule["nth"]), offset)]
        elif self.kind == "easter":
            found = [_moved(western_easter(year), offset)]
        elif self.kind == "orthodox":
            found = [_moved(orthodox_easter(year), offset)]
        elif self.kind == "islamic":
            found = [islamic_day(y, rule["month"], rule["day"]) for y in islamic_years(year) if y > 0]
        elif self.kind == "hebrew":
            found = [_moved(hebrew_new_year(year + 3761 + step), offset) for step in (0, 1)]
        elif self.kind == "moon":
            found = [_MOONS[rule["rule"]](year)]
        else:
            found = [rule["date"]]
        return [d for d in found if d is not None and d.year == year]


def _moved(day: date | None, days: int) -> date | None:
    return None if day is None else add_days(day, days)


def _load() -> tuple[list[Holiday], dict[str, int]]:
    holidays, names = [], {}
    for i, row in enumerate(load_table("holidays.toml")["holiday"]):
        holidays.append(
            Holiday(row["names"][0], row["kind"], row.get("length", 1), row.get("near", False), row)
        )
        names.update({_folded(name): i for name in row["names"]})
    return holidays, names


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name.lower().replace("’", "'"))


HOLIDAYS, _INDEX = _load()
_LONGEST_FIRST = sorted(_INDEX, key=len, reverse=True)
_PATTERN = re.compile(
    "(?:"
    + "|".join(re.escape(n).replace(r"\ ", r"[^\S\n]+").replace("'", "['’]") for n in _LONGEST_FIRST)
    + r")(?!\w)",
    re.IGNORECASE,
)
HOLIDAY_STARTS = frozenset(re.split(r"[\W_]", name)[0] for name in _INDEX) - {"", "9"}


def match_holiday(text: str, start: int) -> tuple[int, int] | None:
    """Return the index in ``HOLIDAYS`` of the feast named at a place and where its name ends, or None."""
    m = _PATTERN.match(text, start)
    return None if m is None else (_INDEX[_folded(m.group())], m.end())
