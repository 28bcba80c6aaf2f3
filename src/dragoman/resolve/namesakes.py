"""A unit that shares its name with the seat of its state's government elsewhere: Washington the state and the capital.

In: the rows of a name, scored. Out: the same, with the capital first where nothing in the text speaks for the unit. A paper
that means the unit says so: by its word ("Washington state"), by a town in it, by a list of its like.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

from dragoman.resolve.gazetteer import GazetteerPlace, name_key

Scored = Sequence[tuple[float, GazetteerPlace]]


@functools.cache
def _capitals() -> Mapping[str, frozenset[str]]:
    """Return the look-up keys of the capital of each state by its code, from the actors' table of states."""
    table = resources.files("dragoman.resolve.registry").joinpath("countries.csv")
    with table.open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {
            row["country"]: frozenset(name_key(name) for name in row["capital"].split(";"))
            for row in rows
            if row["id"] == row["country"]
        }


def seat_first(
    scored: Scored, key: str, near: Iterable[GazetteerPlace]
) -> list[tuple[float, GazetteerPlace]]:
    """Return scored rows with a capital before a unit of its name that nothing in the text speaks for.

    Args:
        scored: Rows of a name with their scores, best first.
        key: The name's look-up key.
        near: The other places of the article that are sure.
    """
    out = list(scored)
    if not out or out[0][1].kind not in ("admin1", "admin2"):
        return out
    unit = out[0][1]
    towns = [row for _, row in out if row.kind == "city" and row.country == unit.country]
    if any(_is_inside(place, unit) for place in (*near, *towns)):
        return out  # Tehran lies in the province of Tehran
    largest = max(towns, key=lambda row: row.population, default=None)
    seat = next((n for n, (_, row) in enumerate(out) if row == largest and _is_seat(row, unit, key)), None)
    if seat is None:
        return out
    row = out.pop(seat)[1]
    return [(scored[0][0] + 1.0, row), *out]


def _is_inside(place: GazetteerPlace, unit: GazetteerPlace) -> bool:
    return (
        place.row != unit.row
        and place.kind != "country"
        and place.country == unit.country
        and place.admin1 is not None
        and place.admin1 in (unit.admin1, unit.name)
    )


def _is_seat(row: GazetteerPlace, unit: GazetteerPlace, key: str) -> bool:
    """Return whether a row is the capital of the unit's state that lies outside the unit."""
    return (
        row.kind == "city"
        and row.country == unit.country
        and row.admin1 not in (unit.admin1, unit.name)
        and key in _capitals().get(row.country, ())
    )
