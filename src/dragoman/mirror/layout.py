"""The tables of a schema: made when it is new, brought up to date when it is old, left alone when they are not ours or newer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from dragoman.errors import TargetForeign, TargetTooNew
from dragoman.mirror.changes import BEGIN, Totals
from dragoman.mirror.server import Server
from dragoman.mirror.tables import TABLES


@dataclass(frozen=True, slots=True)
class State:
    """Whose copy a schema is, and up to where it is true; the columns of ``export_state``."""

    store_id: str
    mark: datetime
    totals: Totals
    is_indexed: bool


def _layouts() -> list[tuple[int, str]]:
    """Return (number, SQL) of every layout, in order."""
    files = (f for f in resources.files("dragoman.mirror").joinpath("layouts").iterdir() if f.name[:1].isdigit())  # fmt: skip
    return sorted((int(f.name.split("_")[0]), f.read_text("utf-8")) for f in files)


def _indexes() -> str:
    return resources.files("dragoman.mirror").joinpath("layouts/indexes.sql").read_text("utf-8")


def prepare(server: Server) -> None:
    """Make the schema and its tables, or bring older ones up to date, all or nothing.

    Raises:
        TargetForeign: The schema holds tables of something else.
        TargetTooNew: A newer Dragoman made the tables.
        TargetError: The server refuses.
    """
    with server.transaction() as connection:
        row = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [server.schema]).fetchone()
        if row is None:
            connection.execute(f"CREATE SCHEMA {server.schema}")
        done = _layout_of(server)
        for number, sql in _layouts():
            if number > done:
                connection.execute(sql)
                connection.execute("UPDATE export_state SET layout = %s", [number])


def _layout_of(server: Server) -> int:
    connection = server.connection
    names = {r[0] for r in connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'v', 'm', 'p', 'f')",
        [server.schema]).fetchall()}  # fmt: skip
    if not names:
        return 0
    if "export_state" not in names:
        raise TargetForeign(
            f'the schema "{server.schema}" holds something else (tables {", ".join(sorted(names)[:5])}). Give another with --schema.'
        )
    row = connection.execute("SELECT layout FROM export_state").fetchone()
    layout, newest = int(row[0]) if row else 0, _layouts()[-1][0]
    if layout > newest:
        raise TargetTooNew(
            f'the schema "{server.schema}" has layout {layout}, this Dragoman knows up to {newest}. Upgrade dragoman to send to it.'
        )
    return layout


def read_state(server: Server, *, hold: bool = False) -> State:
    """Return the state of a schema; ``hold`` keeps others from changing it until the transaction ends.

    Raises:
        TargetError: The server refuses.
    """
    with server.telling():
        row = server.connection.execute(
            f"SELECT store_id, mark AT TIME ZONE 'UTC', totals, is_indexed FROM export_state{' FOR UPDATE' if hold else ''}"
        ).fetchone()
    if row is None:
        raise TargetForeign(f'the table "export_state" of the schema "{server.schema}" was emptied. Give --replace to send all anew.')  # fmt: skip
    return State(row[0], row[1] or BEGIN, row[2], row[3])


def write_state(server: Server, state: State, *, version: str) -> None:
    """Write the state of a schema, inside the transaction that made it true."""
    values: list[Any] = [
        state.store_id,
        state.mark,
        json.dumps(dict(state.totals)),
        state.is_indexed,
        version,
    ]
    server.connection.execute(
        "UPDATE export_state SET store_id = %s, mark = %s AT TIME ZONE 'UTC', totals = %s, is_indexed = %s, dragoman_version = %s, "
        "exported_at = now()",
        values,
    )


def empty(server: Server) -> None:
    """Take all rows and indexes out; tables, views and the rights on them stay.

    Raises:
        TargetError: The server refuses.
    """
    with server.transaction() as connection:
        names = [words.split()[0] for words in _indexes().split("INDEX IF NOT EXISTS ")[1:]]
        connection.execute(f"DROP INDEX IF EXISTS {', '.join(names)}")
        connection.execute(f"TRUNCATE {', '.join(table.name for table in TABLES)}, export_state")
        connection.execute("INSERT INTO export_state (layout, store_id, totals, is_indexed, dragoman_version) "
                           "VALUES (%s, '', '{}', false, '')", [_layouts()[-1][0]])  # fmt: skip


def make_indexes(server: Server) -> None:
    """Make the indexes and let the server look at the tables, inside a transaction."""
    server.connection.execute(_indexes())
    for table in TABLES:
        server.connection.execute(f"ANALYZE {table.name}")
