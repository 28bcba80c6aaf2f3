"""Narrow columns of all incidents, or all events, that hold: what finding, counting and drawing them needs, flat in memory.

Asking DuckDB for lists of structures costs a tenth of a second for a hundred thousand rows, most of it for taking them apart; here that
is done once per state of a store. Each part is read when something first needs it. In all an incident takes about 150 bytes (two
sides, two reports), those of a hundred thousand 15 MB; distinct names and places come on top. ``fitting`` finds rows in the columns by a
filter, with the same answers as ``queries``.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from dragoman.ontology.regions import load_regions, region_by_country
from dragoman.store.opening import Store, telling
from dragoman.store.queries import holds_at

NO_DAY = int(np.iinfo(np.int32).min)
STATUSES = ("actual", "future", "hypothetical", "negated")
PLACE = ("name", "country", "lat", "lon", "resolution", "geonames_id")
Kind = Literal["incidents", "events"]
KEYS: Mapping[Kind, str] = {"incidents": "incident_id", "events": "event_id"}
_FEW_IDS = 2000
_MOST_ROWS = 20_000  # whole rows that are kept as well, about 2 kB each
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Flat:
    """One entry per row, in the order of the table.

    Attributes:
        rowid: int64 (n,), rising; the row in the table.
        types: Names of event types; ``type`` is int16 (n,), places in it.
        quad: int8 (n,), 1 to 4.
        status: int8 (n,), places in ``STATUSES``.
        historical: bool (n,).
        first, last: int32 (n,), first and last day of the date in days since 1970-01-01; ``NO_DAY`` for none.
    """

    rowid: NDArray[np.int64]
    types: tuple[str, ...]
    type: NDArray[np.int16]
    quad: NDArray[np.int8]
    status: NDArray[np.int8]
    historical: NDArray[np.bool_]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Told:
    """How each row was told.

    Attributes:
        reported: int32 (n,), day of the last report; of an event, of its article; ``NO_DAY`` for none.
        sources: int32 (n,), newsrooms; of an event, those of its incident, 0 for none.
    """

    reported: NDArray[np.int32]
    sources: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which names belong to which rows: ``names[code[i]]`` to row ``row[i]``; each pair once.

    Attributes:
        names: The names, in order.
        row: int32 (m,).
        code: int32 (m,).
    """

    names: tuple[str, ...]
    row: NDArray[np.int32]
    code: NDArray[np.int32]

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of the chosen rows, bool (n,), each name belongs to, int64 (len(names),)."""
        return np.bincount(self.code[chosen[self.row]], minlength=len(self.names))

    def rows_of(self, wanted: Sequence[bool], size: int) -> NDArray[np.bool_]:
        """Return which of ``size`` rows any of the wanted names belongs to, bool (size,)."""
        out = np.zeros(size, np.bool_)
        if self.names:
            out[self.row[np.array(wanted, np.bool_)[self.code]]] = True
        return out


@dataclass(frozen=True, slots=True)
class Places:
    """Distinct places.

    Attributes:
        rows: Name, country, lat, lon, resolution and geonames_id of each.
        words: Its name and the words of the text in small letters, None where it has no name.
        of: int32 (n,), the place of each row, -1 for none.
    """

    rows: tuple[tuple[Any, ...], ...]
    words: tuple[str | None, ...]
    of: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class People:
    """Distinct participants.

    Attributes:
        words: The words of the text and the name of each, in small letters.
        countries: Its country, None for none.
        sectors: Its sectors.
        row, code: int32 (m,), the row and the participant of each part that is taken.
        receives: bool (m,), whether it is the part of a recipient.
    """

    words: tuple[str | None, ...]
    countries: tuple[str | None, ...]
    sectors: tuple[tuple[str, ...], ...]
    row: NDArray[np.int32]
    code: NDArray[np.int32]
    receives: NDArray[np.bool_]


class Overview:
    """The columns of one state of a store; its parts are read when first asked for; shared by threads.

    Args:
        kind: Of incidents or of events.
        as_of: The state of knowledge at a moment; None for now.
    """

    def __init__(self, kind: Kind = "incidents", *, as_of: datetime | None = None) -> None:
        self.kind = kind
        self.as_of = as_of
        self._parts: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._rows: OrderedDict[str, bytes] = OrderedDict()

    def _part(self, name: str, make: Callable[[], Made]) -> Made:
        with self._lock:
            if name not in self._parts:
                self._parts[name] = make()
            made: Made = self._parts[name]
            return made

    def _read(self, store: Store, sql: str, values: Sequence[Any] = ()) -> dict[str, NDArray[Any]]:
        """Return columns of rows that hold; ``{held}`` in the query becomes that condition, whose values come first."""
        held, moments = holds_at(self.as_of)
        with telling(store.path):
            found = store.connection.execute(
                sql.format(held=held), [*moments * sql.count("{held}"), *values]
            ).fetchnumpy()
        return {name: np.ma.getdata(column) for name, column in found.items()}

    def _fetch(self, store: Store, sql: str) -> list[tuple[Any, ...]]:
        held, moments = holds_at(self.as_of)
        with telling(store.path):
            return store.connection.execute(sql.format(held=held), moments * sql.count("{held}")).fetchall()

    def flat(self, store: Store) -> Flat:
        """Return what every row has one of."""
        return self._part("flat", lambda: self._read_flat(store))

    def is_read(self) -> bool:
        """Whether what every row has was read already; for one question alone that takes longer than asking the store."""
        return "flat" in self._parts

    def _read_flat(self, store: Store) -> Flat:
        types = tuple(r[0] for r in self._fetch(store, f"SELECT DISTINCT event_type FROM {self.kind} WHERE {{held}} ORDER BY 1"))  # fmt: skip
        listed = ", ".join("'" + t.replace("'", "''") + "'" for t in types)
        told = ", ".join(f"'{s}'" for s in STATUSES)
        first, last = _day('"date"."from"'), _day('"date"."to"')
        found = self._read(
            store,
            f"SELECT rowid AS r, list_position([{listed}]::VARCHAR[], event_type) - 1 AS type, quad_class, list_position([{told}], status) - 1 AS status, "
            f"historical, {first} AS first, {last} AS last FROM {self.kind} WHERE {{held}}",
        )
        if (np.diff(found["r"]) < 0).any():  # rows come in the order of the table, but nothing promises it
            order = np.argsort(found["r"])
            found = {name: column[order] for name, column in found.items()}
        return Flat(
            found["r"].astype(np.int64), types, found["type"].astype(np.int16), found["quad_class"].astype(np.int8),
            found["status"].astype(np.int8), found["historical"].astype(np.bool_), found["first"].astype(np.int32),
            found["last"].astype(np.int32),
        )  # fmt: skip

    def told(self, store: Store) -> Told:
        """Return when the rows were last told and by how many."""

        def make() -> Told:
            if self.kind == "incidents":
                found = self._read(store, f"SELECT rowid AS r, {_day('last_seen')} AS d, independent_sources AS n FROM incidents WHERE {{held}}")  # fmt: skip
            else:
                found = self._read(store, _EVENTS_TOLD)
            at, size = self.at(store, found["r"]), len(self.flat(store).rowid)
            reported, sources = np.full(size, NO_DAY, np.int32), np.zeros(size, np.int32)
            reported[at], sources[at] = found["d"], found["n"]
            return Told(reported, sources)

        return self._part("told", make)

    def ids(self, store: Store) -> NDArray[np.bytes_]:
        """Return the ids of the rows, bytes (n,)."""

        def make() -> NDArray[np.bytes_]:
            found = self._read(store, f"SELECT rowid AS r, {KEYS[self.kind]} AS id FROM {self.kind} WHERE {{held}}")  # fmt: skip
            read = np.array(found["id"], dtype=np.bytes_)
            out = np.empty_like(read)
            out[self.at(store, found["r"])] = read
            return out

        return self._part("ids", make)

    def at(self, store: Store, rowid: NDArray[Any]) -> NDArray[np.int32]:
        """Return the places in the columns of rows of the table, int32."""
        known = self.flat(store).rowid
        if len(known) and known[-1] - known[0] == len(known) - 1:  # without gaps, as most tables are
            at: NDArray[np.int32] = (rowid - known[0]).astype(np.int32)
            return at
        return np.searchsorted(known, rowid).astype(np.int32)

    def ids_at(self, store: Store, rows: NDArray[Any]) -> NDArray[np.bytes_]:
        """Return the ids of some rows; of a few they are asked for, so that a first page need not read all."""
        if "ids" in self._parts or len(rows) > _FEW_IDS or not len(rows):
            known: NDArray[np.bytes_] = self.ids(store)[rows]
            return known
        rowid = self.flat(store).rowid[rows]
        listed = ", ".join(map(str, rowid.tolist()))
        found = self._read(store, f"SELECT rowid AS r, {KEYS[self.kind]} AS id FROM {self.kind} WHERE {{held}} AND rowid IN ({listed}) ORDER BY rowid")  # fmt: skip
        own: NDArray[np.bytes_] = np.array(found["id"], dtype=np.bytes_)[np.searchsorted(found["r"], rowid)]
        return own

    def places(self, store: Store) -> Places:
        """Return where the rows happened."""

        def make() -> Places:
            key = "hash(place.text, " + ", ".join(f"place.{c}" for c in PLACE) + ")"
            own = ", ".join(f"any_value(place.{c})" for c in PLACE)
            among = f"FROM {self.kind} WHERE {{held}} AND place IS NOT NULL"
            distinct = self._fetch(store, f"SELECT {key} AS h, any_value(lower(place.name || ' ' || place.text)), {own} {among} GROUP BY h ORDER BY h")  # fmt: skip
            found = self._read(store, f"SELECT rowid AS r, {key} AS h {among}")
            of = np.full(len(self.flat(store).rowid), -1, np.int32)
            of[self.at(store, found["r"])] = _codes(distinct, found["h"])
            return Places(tuple(r[2:] for r in distinct), tuple(r[1] for r in distinct), of)

        return self._part("places", make)

    def people(self, store: Store) -> People:
        """Return who takes part in the rows."""

        def make() -> People:
            parts = " UNION ALL ".join(f"SELECT rowid AS r, {n} AS receives, unnest({c}) AS p FROM {self.kind} WHERE {{held}}" for n, c in enumerate(("actors", "recipients")))  # fmt: skip
            key = "hash(p.text, p.name, p.country, p.sectors)"
            words = "any_value(lower(p.text || ' ' || coalesce(p.name, '')))"
            distinct = self._fetch(store, f"SELECT {key} AS h, {words}, any_value(p.country), any_value(p.sectors) FROM ({parts}) GROUP BY h ORDER BY h")  # fmt: skip
            found = self._read(store, f"SELECT r, receives, {key} AS h FROM ({parts})")
            return People(
                tuple(r[1] for r in distinct), tuple(r[2] for r in distinct), tuple(tuple(r[3] or ()) for r in distinct),
                self.at(store, found["r"]), _codes(distinct, found["h"]), found["receives"].astype(np.bool_),
            )  # fmt: skip

        return self._part("people", make)

    def outlets(self, store: Store) -> Pairs:
        """Return which outlets report the rows."""

        def make() -> Pairs:
            names = [r[0] for r in self._fetch(store, "SELECT DISTINCT outlet FROM articles WHERE {held} AND outlet IS NOT NULL ORDER BY outlet")]  # fmt: skip
            told = "unnest(reports)" if self.kind == "incidents" else "article_id"
            found = self._read(
                store,
                "WITH a AS (SELECT article_id, outlet FROM articles WHERE {held} AND outlet IS NOT NULL), "
                f"m AS (SELECT rowid AS r, {told} AS article_id FROM {self.kind} WHERE {{held}}), "
                "o AS (SELECT unnest(?::VARCHAR[]) AS outlet, generate_subscripts(?::VARCHAR[], 1) - 1 AS code) "
                "SELECT m.r, o.code FROM a JOIN o USING (outlet) JOIN m USING (article_id)",
                [names, names],
            )
            return _distinct(tuple(names), self.at(store, found["r"]), found["code"])

        return self._part("outlets", make)

    def sureness(self, store: Store) -> NDArray[np.float64]:
        """Return the confidence of the type, of incidents the highest of their events, float64 (n,); NaN where none is known."""

        def make() -> NDArray[np.float64]:
            out = np.full(len(self.flat(store).rowid), np.nan)
            if self.kind == "events":
                own = self._read(store, 'SELECT rowid AS r, confidence."type" AS v FROM events WHERE {held} AND confidence."type" IS NOT NULL')  # fmt: skip
                out[self.at(store, own["r"])] = own["v"]
                return out
            by_event = self._read(store, 'SELECT hash(event_id) AS h, confidence."type" AS v FROM events WHERE {held} AND confidence."type" IS NOT NULL ORDER BY h')  # fmt: skip
            found = self._read(store, "SELECT r, hash(e) AS h FROM (SELECT rowid AS r, unnest(events) AS e FROM incidents WHERE {held})")  # fmt: skip
            known = np.searchsorted(by_event["h"], found["h"])
            has = np.flatnonzero(known < len(by_event["h"]))
            has = has[by_event["h"][known[has]] == found["h"][has]]
            np.fmax.at(out, self.at(store, found["r"][has]), by_event["v"][known[has]])
            return out

        return self._part("sureness", make)

    def countries(self, store: Store) -> Pairs:
        """Return the countries of the rows: those of the place and of any side."""

        def make() -> Pairs:
            return _united([self._of_places(store), self._of_sides(store)])

        return self._part("countries", make)

    def regions(self, store: Store) -> Pairs:
        """Return the regions of the rows, by the rule of ``EventFilter``."""

        def make() -> Pairs:
            of_place, of_side = self._of_places(store), self._of_sides(store)
            has = np.zeros(len(self.flat(store).rowid), np.bool_)
            has[of_place.row] = True
            without = ~has[of_side.row]
            rest = Pairs(of_side.names, of_side.row[without], of_side.code[without])
            known = region_by_country()
            return _united([of_place, rest], lambda country: known.get(country), names=tuple(sorted(load_regions())))  # fmt: skip

        return self._part("regions", make)

    def _of_places(self, store: Store) -> Pairs:
        places = self.places(store)
        row = np.flatnonzero(places.of >= 0).astype(np.int32)
        return _named([p[1] for p in places.rows], row, places.of[row])

    def _of_sides(self, store: Store) -> Pairs:
        def make() -> Pairs:
            people = self.people(store)
            named = _named(people.countries, people.row, people.code)
            return _distinct(named.names, named.row, named.code)

        return self._part("countries of sides", make)

    def rows(
        self, keys: Sequence[str], fetch: Callable[[list[str]], Mapping[str, bytes]]
    ) -> dict[str, bytes]:
        """Return whole rows as JSON by their ids; those that were not asked for lately are fetched."""
        with self._lock:
            found = {key: self._rows[key] for key in keys if key in self._rows}
        missing = [key for key in keys if key not in found]
        fresh = fetch(missing) if missing else {}
        with self._lock:
            for key in keys:
                self._rows.pop(key, None)
                row = found.get(key) or fresh.get(key)
                if row is not None:
                    self._rows[key] = found[key] = row
            while len(self._rows) > _MOST_ROWS:
                self._rows.popitem(last=False)
        return found


def _day(column: str) -> str:
    return f"coalesce(date_diff('day', DATE '1970-01-01', {column}), {NO_DAY})::INTEGER"


# Of events, what their article and their incident tell.
_EVENTS_TOLD = (
    "WITH a AS (SELECT article_id, any_value(published_on) AS d FROM articles WHERE {held} GROUP BY article_id), "
    "i AS (SELECT event_id, max(n) AS n FROM (SELECT unnest(events) AS event_id, independent_sources AS n FROM incidents WHERE {held}) GROUP BY event_id), "
    "e AS (SELECT rowid AS r, event_id, article_id FROM events WHERE {held}) "
    f"SELECT r, {_day('d')} AS d, coalesce(n, 0) AS n FROM e LEFT JOIN a USING (article_id) LEFT JOIN i USING (event_id)"
)


def _codes(distinct: Sequence[tuple[Any, ...]], hashes: NDArray[Any]) -> NDArray[np.int32]:
    """Return which of the distinct records each hash is of.

    Two records of one hash would be taken for one: among a million that is one chance in thirty million.
    """
    return np.searchsorted(np.array([r[0] for r in distinct], np.uint64), hashes).astype(np.int32)


def _distinct(names: tuple[str, ...], row: NDArray[Any], code: NDArray[Any]) -> Pairs:
    """Return pairs in order, each once."""
    size = max(len(names), 1)
    both = np.sort(row.astype(np.int64) * size + code)
    both = both[np.diff(both, prepend=-1) != 0]
    row = (both // size).astype(np.int32)
    return Pairs(names, row, (both - row.astype(np.int64) * size).astype(np.int32))


def _named(given: Sequence[str | None], row: NDArray[Any], code: NDArray[Any]) -> Pairs:
    """Return pairs of rows and names, where ``given`` names each code, None for none; a pair that is given twice stays so."""
    names = tuple(sorted({n for n in given if n is not None}))
    at = {name: n for n, name in enumerate(names)}
    mine = np.array([-1 if n is None else at[n] for n in given], np.int32)[code] if len(given) else code
    has = mine >= 0
    return Pairs(names, row[has], mine[has])


def _united(
    parts: Sequence[Pairs], rename: Callable[[str], str | None] = str, *, names: tuple[str, ...] | None = None
) -> Pairs:
    """Return the pairs of several tables together, under other names where asked; names that become None are left out."""
    known = names if names is not None else tuple(sorted({n for part in parts for n in part.names}))
    at: dict[str | None, int] = {name: n for n, name in enumerate(known)}
    codes: list[NDArray[Any]] = [np.array([at.get(rename(n), -1) for n in part.names], np.int64)[part.code] if part.names else part.code for part in parts]  # fmt: skip
    row: NDArray[Any] = np.concatenate([p.row for p in parts])
    code: NDArray[Any] = np.concatenate(codes)
    return _distinct(known, row[code >= 0], code[code >= 0])
