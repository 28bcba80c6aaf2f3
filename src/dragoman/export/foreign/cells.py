"""What all foreign tables have in common: a row's cells by column, days, numbers, and the row that comes of them.

A row that gives none raises ``NoRow`` with a reason from ``REASONS``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dragoman.export.codes import Cameo, Sides, find_cameo, load_folds, to_cameo_code
from dragoman.ontology import load_ontology

# Why a line gives no event; the words are never renamed.
REASONS: Final[Mapping[str, str]] = {
    "bad_row": "not a row of the table",
    "bad_date": "the day is not one",
    "bad_code": "the event code or type is not one",
    "no_type": "CAMEO 01 and 02, statements and appeals, which PLOVER does not code",
    "no_sides": "neither actor nor recipient is named",
}


class NoRow(Exception):
    """A line that gives no event: a reason and a detail."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table and what makes an event of its cells.

    ``read`` takes the cells of a row by column, each column there, and returns a row of the store without file and line.
    """

    name: str
    columns: tuple[str, ...]
    has_header: bool
    has_commas: bool
    read: Callable[[Mapping[str, str]], dict[str, Any]]


@functools.lru_cache(maxsize=50_000)
def to_day(words: str) -> str:
    """Return a day such as 20240603, 2024-06-03 or "2024-06-03 00:00:00" as 2024-06-03.

    Raises:
        NoRow: It is not a day.
    """
    day = words.strip().split(" ")[0].split("T")[0]
    if len(day) == 8 and day.isdigit():
        day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    try:
        if len(day) != 10:
            raise ValueError
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise NoRow("bad_date", f'"{words[:40]}" is not a day') from None


def to_float(words: str) -> float | None:
    """Return a number, None for words that are none."""
    try:
        number = float(words)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def to_point(lat: str, lon: str) -> tuple[float | None, float | None]:
    """Return latitude and longitude, None and None where they are not a point of the earth."""
    y, x = to_float(lat), to_float(lon)
    if y is None or x is None or not (-90 <= y <= 90 and -180 <= x <= 180):
        return None, None
    return y, x


def cameo_of(words: str, *, roots: bool = True) -> tuple[str, Cameo]:
    """Return a code with its zeros and what it is in PLOVER.

    Raises:
        NoRow: It is no code, or PLOVER has no type for it.
    """
    code = to_cameo_code(words.strip(), roots=roots)
    if code is None:
        raise NoRow("bad_code", f'"{words[:40]}" is not a CAMEO code')
    found = find_cameo(code)
    if found is None:
        raise NoRow("no_type", code)
    return code, found


def fold_mode(event_type: str, words: str) -> str | None:
    """Return the mode of a type, one of an earlier version folded into the nearest, None for none and for an unknown one."""
    mode = words.strip().lower().replace(" ", "-").replace("_", "-")
    if (event_type, mode) in load_folds():
        return load_folds()[event_type, mode]
    return mode if mode in load_ontology().types[event_type].modes else None


@functools.cache
def _scores(event_type: str, mode: str | None) -> tuple[int, float]:
    ontology = load_ontology()
    return ontology.quad_class(event_type), ontology.intensity(event_type, mode)


def to_row(
    *,
    dataset: str,
    foreign_id: str,
    event_date: str,
    event_type: str,
    mode: str | None,
    contexts: Sequence[str],
    actors: Sequence[tuple[str, Sides]],
    recipients: Sequence[tuple[str, Sides]],
    cameo: str | None = None,
    given_intensity: float | None = None,
    place: str = "",
    country: str | None = None,
    point: tuple[float | None, float | None] = (None, None),
    url: str = "",
    publisher: str = "",
) -> dict[str, Any]:
    """Return a row of the store, in the order of its columns; quad class and intensity are those of type and mode in PLOVER.

    Raises:
        NoRow: No side is named, or the row has no id.
    """
    if not foreign_id:
        raise NoRow("bad_row", "there is no id")
    if not actors and not recipients:
        raise NoRow("no_sides")
    quad_class, intensity = _scores(event_type, mode)
    return {
        "dataset": dataset, "foreign_id": foreign_id, "event_date": event_date, **_role("actor", actors),
        **_role("recipient", recipients), "event_type": event_type, "mode": mode, "contexts": list(contexts), "cameo": cameo,
        "quad_class": quad_class, "intensity": intensity, "given_intensity": given_intensity, "place": place or None,
        "country": country, "lat": point[0], "lon": point[1], "url": url or None, "publisher": publisher or None,
    }  # fmt: skip


def _role(role: str, people: Sequence[tuple[str, Sides]]) -> dict[str, list[str]]:
    if len(people) == 1:  # nearly always, and the fast way
        name, (country, sectors) = people[0]
        return {
            f"{role}s": [name] if name else [], f"{role}_countries": [country] if country else [],
            f"{role}_sectors": list(sectors),
        }  # fmt: skip
    return {
        f"{role}s": [name for name, _ in people if name],
        f"{role}_countries": list(dict.fromkeys(c for _, (c, _) in people if c)),
        f"{role}_sectors": list(dict.fromkeys(s for _, (_, own) in people for s in own)),
    }
