"""The incidents of a pair as columns: what a series counts, without taking any incident apart.

Whoever takes part stands in one short string of each incident (``sides_of``), so that a pair of countries, or of countries with a
sector, is found and told apart by it alone; sides that are words of a name need the participants themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.store.opening import Store, telling
from dragoman.store.overview import NO_DAY
from dragoman.store.queries import holds_at

CODE = re.compile(r"([A-Z]{3})(?:/([A-Z]{3}))?\Z")


def sides_of(row: Mapping[str, Any]) -> str:
    """Return who takes part in an incident, in the shape of the JSON, as one string; the migration that added it writes the same.

    Example:
        >>> sides_of({"actors": [{"country": "ISR", "sectors": ["GOV"]}], "recipients": [{"country": None, "sectors": []}]})
        'ISR/gov>?'
    """
    return ">".join(" ".join(map(_side, row[role] or ())) for role in ("actors", "recipients"))


def _side(person: Mapping[str, Any]) -> str:
    return "/".join([person["country"] or "?", *(s.lower() for s in person["sectors"] or ())])


def people_of(sides: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return actors and recipients with what the string says of them: country and sectors.

    Example:
        >>> people_of("ISR/gov>?")[0]
        [{'country': 'ISR', 'sectors': ['GOV'], 'text': '', 'name': None}]
    """
    actors, recipients = sides.split(">")
    return [_person(p) for p in actors.split()], [_person(p) for p in recipients.split()]


def _person(words: str) -> dict[str, Any]:
    country, *sectors = words.split("/")
    return {"country": None if country == "?" else country, "sectors": [s.upper() for s in sectors], "text": "", "name": None}  # fmt: skip


def takes_part(members: Sequence[str]) -> str | None:
    """Return the condition that a country of one of these members takes part; None if one is words of a name.

    Codes are letters only and stand in the condition as they are.
    """
    found = [CODE.match(member) for member in members]
    if not all(found):
        return None
    return " OR ".join(f"contains(sides, '{code.group(1)}')" for code in found if code)


@dataclass(frozen=True, slots=True)
class Kind:
    """What many incidents of a pair have in common, ``sides`` as ``sides_of`` gives it."""

    event_type: str
    mode: str | None
    quad_class: int
    status: str
    historical: bool
    sides: str


@dataclass(frozen=True, slots=True)
class PairColumns:
    """Incidents in which countries of both sides take part, one entry each; which take part as the sides say, the caller finds.

    Attributes:
        rowid: int64 (n,), the row in the table.
        kinds: What they are; ``kind`` is int64 (n,), places in it.
        first, last, seen: int32 (n,), first and last day of the date and day of the first report, in days since 1970-01-01;
            ``NO_DAY`` for none.
    """

    rowid: NDArray[np.int64]
    kinds: tuple[Kind, ...]
    kind: NDArray[np.int64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    seen: NDArray[np.int32]


def find_columns(
    store: Store, first: Sequence[str], second: Sequence[str], *, as_of: datetime | None = None
) -> PairColumns | None:
    """Return the incidents of two sides as columns; None where a member is words of a name.

    Raises:
        StoreError: The file could not be read.
    """
    one, other = takes_part(first), takes_part(second)
    if one is None or other is None:
        return None
    held, moments = holds_at(as_of)
    kind = "concat_ws(chr(31), event_type, coalesce(mode, ''), quad_class, status, historical, sides)"
    days = (f"coalesce({day} - DATE '1970-01-01', {NO_DAY}) AS {name}" for name, day in
            (("first", '"date"."from"'), ("last", '"date"."to"'), ("seen", "first_seen")))  # fmt: skip
    sql = f"SELECT rowid AS r, {kind} AS kind, {', '.join(days)} FROM incidents WHERE {held} AND ({one}) AND ({other})"
    with telling(store.path):
        found = store.connection.execute(sql, moments).fetchnumpy()
    places: dict[str, int] = {}
    at = [places.setdefault(k, len(places)) for k in found["kind"].tolist()]
    return PairColumns(
        found["r"].astype(np.int64), tuple(map(_kind, places)), np.array(at, np.int64),
        *(found[name].astype(np.int32) for name in ("first", "last", "seen")),
    )  # fmt: skip


def _kind(words: str) -> Kind:
    event_type, mode, quad_class, status, historical, sides = words.split("\x1f")
    return Kind(event_type, mode or None, int(quad_class), status, historical == "true", sides)


def count_newsrooms(store: Store, rows: Iterable[int]) -> dict[str, int]:
    """Return how many of some incidents, by row, each newsroom reports.

    Raises:
        StoreError: The file could not be read.
    """
    sql = (
        "SELECT room, count(*) FROM (SELECT unnest(newsrooms) AS room FROM incidents JOIN "
        "(SELECT unnest(?::BIGINT[]) AS its_row) ON incidents.rowid = its_row) GROUP BY ALL"
    )
    with telling(store.path):
        return {str(room): int(n) for room, n in store.connection.execute(sql, [list(rows)]).fetchall()}
