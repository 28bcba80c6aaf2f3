"""What of a store is due for a server: whose store it is, up to which moment a copy is true, and the rows between two moments.

A store only ever adds rows and closes them, each at a moment that all rows of one transaction share. So the rows recorded or closed
between two moments are what turns the state of the first into that of the second. Where a clock went back, rows may come to lie
before a moment that was sent already: ``totals`` tells, since it counts and sums all moments up to one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from dragoman.errors import StoreLocked
from dragoman.mirror.tables import TABLES, Table
from dragoman.store import Store, open_store
from dragoman.store.opening import telling

BEGIN = datetime(1, 1, 1)  # before every moment
_LINES = 5000  # of rows that are held at once
_LOOK_S = 0.2
Totals = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Due:
    """What a store has for a copy that is true up to a moment.

    Attributes:
        store_id: What names the store: its first run; "" for one without any.
        totals: Of each table up to that moment: rows recorded, the sum of their moments, rows closed, the sum of theirs.
        moments: Ends of batches, each a moment of the store; the last is its newest.
    """

    store_id: str
    totals: Totals
    moments: tuple[datetime, ...]


def open_patiently(path: Path, *, wait_s: float) -> Store:
    """Return a store opened for reading; while another process writes it, wait.

    Raises:
        StoreLocked: It was still being written after so many seconds.
        StoreError: It cannot be read otherwise.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            return open_store(path, read_only=True)
        except StoreLocked:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK_S)


def due_since(store: Store, mark: datetime, *, store_id: str, batch_rows: int) -> Due:
    """Return what is due for a copy that is true up to a moment.

    Args:
        store: An open store.
        store_id: What named the store when it was sent before, "" for never; it does still if the store knows that run.
        mark: That moment; ``BEGIN`` for an empty copy.
        batch_rows: Rows of a batch at least; a moment is never taken apart.

    Raises:
        StoreError: The file could not be read.
    """
    with telling(store.path):
        row = store.connection.execute("SELECT run_id FROM runs ORDER BY run_id = ? DESC, rowid LIMIT 1", [store_id]).fetchone()  # fmt: skip
        return Due(str(row[0]) if row else "", totals(store, BEGIN, mark), _moments(store, mark, batch_rows))


def totals(store: Store, since: datetime, until: datetime) -> dict[str, list[int]]:
    """Return counts and sums of the moments after one up to another; equal only if the same rows were recorded and closed then."""
    out: dict[str, list[int]] = {}
    for table in TABLES:
        found: list[int] = []
        for column in ("recorded_at", "superseded_at"):
            # Also rows that were superseded at the moment they came, which are not sent: they show that another took their place.
            row = store.connection.execute(
                f"SELECT count(*), coalesce(sum(epoch_us({column}) % 1000000007), 0)::BIGINT FROM {table.name} "
                f"WHERE {column} > $since AND {column} <= $until",
                {"since": since, "until": until},
            ).fetchone()
            found += [int(n) for n in row or (0, 0)]
        out[table.name] = found
    return out


def added(one: Totals, other: Totals) -> Totals:
    """Return the totals of two stretches that follow each other."""
    return {name: [a + b for a, b in zip(one.get(name, (0, 0, 0, 0)), more, strict=True)] for name, more in other.items()}  # fmt: skip


def _moments(store: Store, mark: datetime, batch_rows: int) -> tuple[datetime, ...]:
    parts = " UNION ALL ".join(
        f"SELECT {column} AS moment, count(*) AS n FROM {table.name} WHERE {column} > $mark GROUP BY ALL"
        for table in TABLES
        for column in ("recorded_at", "superseded_at")
    )
    found = store.connection.execute(f"SELECT moment, sum(n)::BIGINT FROM ({parts}) GROUP BY ALL ORDER BY moment", {"mark": mark})  # fmt: skip
    ends: list[datetime] = []
    rows, last = 0, None
    for moment, n in found.fetchall():
        rows, last = rows + n, moment
        if rows >= batch_rows:
            ends.append(moment)
            rows = 0
    if last is not None and (not ends or ends[-1] != last):
        ends.append(last)
    return tuple(ends)


def closed_lines(store: Store, table: Table, since: datetime, until: datetime) -> Iterator[bytes]:
    """Yield lines of key and moments of the rows that a copy up to ``since`` has open and that were closed up to ``until``."""
    sql = (
        f"SELECT {table.key_line('$until', closed=True)} FROM {table.name} WHERE superseded_at > $since AND superseded_at <= $until "
        "AND recorded_at <= $since"
    )
    yield from _lines(store, sql, {"since": since, "until": until})


def new_lines(store: Store, table: Table, since: datetime, until: datetime) -> Iterator[bytes]:
    """Yield lines of the rows recorded after ``since`` up to ``until``, closed if they were by then."""
    sql = (
        f"SELECT {table.line('$until')} FROM {table.name} WHERE recorded_at > $since AND recorded_at <= $until "
        "AND superseded_at IS DISTINCT FROM recorded_at"
    )
    yield from _lines(store, sql, {"since": since, "until": until})


def key_lines(store: Store, table: Table, mark: datetime) -> Iterator[bytes]:
    """Yield lines of key and moments of every row recorded up to a moment, closed if it was by then, and how many share both."""
    names = ", ".join((*table.key, "recorded_at"))
    # Of rows that share key and moment all but the last were superseded at once, and at most one has a later end.
    rows = (
        f"SELECT {names}, nullif(max(coalesce(superseded_at, TIMESTAMP 'infinity')), TIMESTAMP 'infinity') AS superseded_at, "
        f"count(*) AS versions FROM {table.name} WHERE recorded_at <= $until GROUP BY {names}"
    )
    yield from _lines(store, f"SELECT {table.key_line('$until', closed=False)} || ',' || versions FROM ({rows})", {"until": mark})  # fmt: skip


def lines_of_keys(
    store: Store, table: Table, keys: Sequence[Sequence[str]], mark: datetime
) -> Iterator[bytes]:
    """Yield lines of given rows, by key and ``recorded_at`` without a zone, as they were at a moment."""
    names = [*table.key, "recorded_at"]
    shape = ", ".join(f'"{name}": "{"TIMESTAMP" if name == "recorded_at" else "VARCHAR"}"' for name in names)
    told = json.dumps([dict(zip(names, key, strict=True)) for key in keys])
    wanted = " AND ".join(f"t.{name} = w.{name}" for name in names)
    sql = (
        f"SELECT {table.line('$until')} FROM {table.name} t WHERE superseded_at IS DISTINCT FROM recorded_at AND EXISTS "
        f"(SELECT 1 FROM (SELECT unnest(from_json($keys, '[{{{shape}}}]'), max_depth := 2)) w WHERE {wanted})"
    )
    yield from _lines(store, sql, {"until": mark, "keys": told})


def _lines(store: Store, sql: str, values: Mapping[str, Any]) -> Iterator[bytes]:
    with telling(store.path):
        found: duckdb.DuckDBPyConnection = store.connection.cursor().execute(sql, dict(values))
        while rows := found.fetchmany(_LINES):
            yield ("\n".join(line for (line,) in rows) + "\n").encode()
