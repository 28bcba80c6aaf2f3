"""Narrow columns of all incidents that hold, flat in memory: what counting and drawing them needs, read once per state of a store.

An incident takes about 60 bytes here, so that those of a hundred thousand fit in 6 MB and those of a million in 60 MB. Which of them
fit a filter is asked of the store, in the words of every other question; ``rows_of`` gives their places in the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.ontology.regions import load_regions, region_by_country
from dragoman.store.opening import Store, telling
from dragoman.store.queries import EventFilter, holds_at, incidents_where

NO_DAY = np.iinfo(np.int32).min
STATUSES = ("actual", "future", "hypothetical", "negated")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which names belong to which incidents: ``names[code[i]]`` to the incident at place ``row[i]``; each pair once.

    Attributes:
        names: The names, in order.
        row: int32 (m,).
        code: int16 or int32 (m,).
    """

    names: tuple[str, ...]
    row: NDArray[np.int32]
    code: NDArray[np.int32]

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of the chosen incidents each name belongs to, int64 (len(names),).

        Args:
            chosen: bool (n,), per incident.
        """
        return np.bincount(self.code[chosen[self.row]], minlength=len(self.names))


@dataclass(frozen=True, slots=True)
class Overview:
    """Incidents in columns of n rows, in the order of the table.

    Attributes:
        rowid: int64 (n,), rising; the row in the table.
        ids: bytes (n,), incident ids.
        types: Names of event types; ``type`` is int16 (n,), places in it.
        quad: int8 (n,), 1 to 4.
        status: int8 (n,), places in ``STATUSES``.
        day: int32 (n,), first day of the date in days since 1970-01-01; ``NO_DAY`` for none.
        places: Rows of name, country, lat, lon, resolution, geonames_id; ``place`` is int32 (n,), places in it, -1 for none.
        countries: Countries of the place or of any side.
        regions: By the rule of ``EventFilter``.
        outlets: Outlets of its reports.
    """

    rowid: NDArray[np.int64]
    ids: NDArray[np.bytes_]
    types: tuple[str, ...]
    type: NDArray[np.int16]
    quad: NDArray[np.int8]
    status: NDArray[np.int8]
    day: NDArray[np.int32]
    places: tuple[tuple[Any, ...], ...]
    place: NDArray[np.int32]
    countries: Pairs
    regions: Pairs
    outlets: Pairs

    @property
    def size_bytes(self) -> int:
        """How much memory the columns take."""
        columns = (self.rowid, self.ids, self.type, self.quad, self.status, self.day, self.place)
        pairs = (self.countries, self.regions, self.outlets)
        return sum(c.nbytes for c in columns) + sum(p.row.nbytes + p.code.nbytes for p in pairs)


PLACE = ("name", "country", "lat", "lon", "resolution", "geonames_id")


def read_overview(store: Store, *, as_of: datetime | None = None) -> Overview:
    """Return the incidents that hold at a moment, None for now.

    Raises:
        StoreError: The file could not be read.
    """
    held, moments = holds_at(as_of)
    with telling(store.path):
        types = tuple(r[0] for r in _all(store, f"SELECT DISTINCT event_type FROM incidents WHERE {held} ORDER BY 1", moments))  # fmt: skip
        flat = store.connection.execute(
            "SELECT rowid, incident_id, (list_position(?, event_type) - 1)::SMALLINT AS type, quad_class::TINYINT AS quad, "
            f"(list_position(?, status) - 1)::TINYINT AS status, coalesce(date_diff('day', DATE '1970-01-01', \"date\".\"from\"), {NO_DAY})::INTEGER AS day "
            f"FROM incidents WHERE {held} ORDER BY rowid",
            [list(types), list(STATUSES), *moments],
        ).fetchnumpy()
        rowid = _filled(flat["rowid"], np.int64)
        places, place = _places(store, rowid, held, moments)
        sides = _countries_of_sides(store, rowid, held, moments)
        outlets = _outlets(store, rowid, held, moments)
    own = _codes([p[1] for p in places])
    return Overview(
        rowid, np.array(flat["incident_id"], dtype=np.bytes_), types, _filled(flat["type"], np.int16),
        _filled(flat["quad"], np.int8), _filled(flat["status"], np.int8), _filled(flat["day"], np.int32), places, place,
        _united(sides, own, place), _regions(sides, own, place), outlets,
    )  # fmt: skip


def rows_of(store: Store, overview: Overview, wanted: EventFilter) -> NDArray[np.bool_]:
    """Return which incidents of the columns fit a filter, bool (n,); its ``as_of`` must be that of the columns.

    Raises:
        StoreError: The file could not be read.
    """
    chosen = np.zeros(len(overview.rowid), np.bool_)
    where = incidents_where(wanted)
    if len(where.conditions) == 1:  # that of holding alone
        chosen[:] = True
        return chosen
    with telling(store.path):
        found = store.connection.execute(f"SELECT rowid FROM incidents WHERE {where}", where.values).fetchnumpy()  # fmt: skip
    chosen[np.searchsorted(overview.rowid, _filled(found["rowid"], np.int64))] = True
    return chosen


def _all(store: Store, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql, list(values)).fetchall()


def _filled(column: Any, kind: Any) -> NDArray[Any]:
    """Return a column without a mask; none of those read here has nulls."""
    return np.asarray(column, dtype=kind)


def _places(
    store: Store, rowid: NDArray[np.int64], held: str, moments: Sequence[Any]
) -> tuple[tuple[tuple[Any, ...], ...], NDArray[np.int32]]:
    columns = ", ".join(f"place.{name} AS p{n}" for n, name in enumerate(PLACE))
    keys = ", ".join(f"p{n}" for n in range(len(PLACE)))
    found = _all(
        store,
        f"SELECT {keys}, list(r) FROM (SELECT rowid AS r, {columns} FROM incidents WHERE {held} AND place IS NOT NULL) "
        f"GROUP BY {keys} ORDER BY {keys}",
        moments,
    )
    place = np.full(len(rowid), -1, np.int32)
    for code, row in enumerate(found):
        place[np.searchsorted(rowid, np.array(row[-1], np.int64))] = code
    return tuple(row[:-1] for row in found), place


def _countries_of_sides(store: Store, rowid: NDArray[np.int64], held: str, moments: Sequence[Any]) -> Pairs:
    codes = "list_distinct(list_transform(list_concat(actors, recipients), lambda p: p.country))"
    found = _all(
        store,
        f"SELECT c, list(r) FROM (SELECT rowid AS r, unnest({codes}) AS c FROM incidents WHERE {held}) WHERE c IS NOT NULL GROUP BY c ORDER BY c",
        moments,
    )
    return _pairs(rowid, found)


def _outlets(store: Store, rowid: NDArray[np.int64], held: str, moments: Sequence[Any]) -> Pairs:
    found = _all(
        store,
        f"WITH a AS (SELECT article_id, outlet FROM articles WHERE {held} AND outlet IS NOT NULL), "
        f"m AS (SELECT incident_id, article_id FROM incident_events WHERE {held}), "
        f"i AS (SELECT incident_id, rowid AS r FROM incidents WHERE {held}) "
        "SELECT outlet, list(DISTINCT r) FROM m JOIN a USING (article_id) JOIN i USING (incident_id) GROUP BY outlet ORDER BY outlet",
        [*moments, *moments, *moments],
    )
    return _pairs(rowid, found)


def _pairs(rowid: NDArray[np.int64], found: Sequence[tuple[Any, ...]]) -> Pairs:
    rows = [np.searchsorted(rowid, np.array(r, np.int64)) for _, r in found]
    code = np.repeat(np.arange(len(found)), [len(r) for r in rows])
    row = np.concatenate(rows) if rows else np.zeros(0)
    return Pairs(tuple(name for name, _ in found), row.astype(np.int32), code.astype(np.int32))


def _codes(countries: Sequence[str | None]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the countries of places without repeats, and per place which it is, -1 for none."""
    names = tuple(sorted({c for c in countries if c}))
    at = {name: n for n, name in enumerate(names)}
    return names, np.array([at.get(c or "", -1) for c in countries], np.int32)


def _of_places(own: NDArray[np.int32], place: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return per incident which country its place has, -1 for none; ``own`` is per place."""
    out = np.full(len(place), -1, np.int32)
    out[place >= 0] = own[place[place >= 0]]
    return out


def _unique(names: tuple[str, ...], row: NDArray[Any], code: NDArray[Any]) -> Pairs:
    both = np.unique(row.astype(np.int64) * max(len(names), 1) + code)
    return Pairs(names, (both // max(len(names), 1)).astype(np.int32), (both % max(len(names), 1)).astype(np.int32))  # fmt: skip


def _united(sides: Pairs, own: tuple[tuple[str, ...], NDArray[np.int32]], place: NDArray[np.int32]) -> Pairs:
    """Return the countries of the place or of any side."""
    names = tuple(sorted({*sides.names, *own[0]}))
    at = {name: n for n, name in enumerate(names)}
    of_side = np.array([at[n] for n in sides.names], np.int32)
    of_place = np.array([at[n] for n in own[0]], np.int32)
    its = _of_places(own[1], place)
    has = np.flatnonzero(its >= 0)
    row = np.concatenate([sides.row, has])
    code = np.concatenate([of_side[sides.code], of_place[its[has]]])
    return _unique(names, row, code)


def _regions(sides: Pairs, own: tuple[tuple[str, ...], NDArray[np.int32]], place: NDArray[np.int32]) -> Pairs:  # fmt: skip
    """Return the region of the place's country; where the place has no country, those of the sides' countries."""
    names = tuple(sorted(load_regions()))
    at = {name: n for n, name in enumerate(names)}
    known = region_by_country()

    def regions(countries: Sequence[str]) -> NDArray[np.int32]:
        return np.array([at[known[c]] if c in known else -1 for c in countries], np.int32)

    its = _of_places(own[1], place)
    has = np.flatnonzero(its >= 0)
    without = its[sides.row] < 0
    row = np.concatenate([has, sides.row[without]])
    code = np.concatenate([regions(own[0])[its[has]], regions(sides.names)[sides.code[without]]])
    return _unique(names, row[code >= 0], code[code >= 0])
