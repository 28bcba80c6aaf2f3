"""Bring a schema and a store together row by row, where the store has rows before the mark that it had not when they were sent.

That happens when a clock went back, or two transactions bear the same moment. Keys and moments of all rows are compared on the server;
what the schema lacks is sent, what was closed is closed. Rows that only the schema has show that it is the copy of another store.
"""

from __future__ import annotations

from datetime import datetime

from dragoman.errors import TargetForeign
from dragoman.mirror.changes import key_lines, lines_of_keys
from dragoman.mirror.server import Server
from dragoman.mirror.tables import Table
from dragoman.store import Store

_PART = 20_000  # rows that are asked of the store at once


def compare(server: Server, store: Store, table: Table, mark: datetime) -> tuple[int, int]:
    """Make a table equal to that of the store at a moment, in a transaction; return rows sent and rows closed.

    Raises:
        TargetForeign: The schema has rows that the store never had.
        TargetError: The server refuses.
        StoreError: The store cannot be read.
    """
    connection = server.connection
    keys = (*table.key, "recorded_at")
    names = ", ".join((*keys, "superseded_at"))
    same = " AND ".join(f"t.{name} = h.{name}" for name in keys)
    connection.execute(f"CREATE TEMP TABLE held ON COMMIT DROP AS SELECT {names}, 1::bigint AS versions FROM {table.name} LIMIT 0")  # fmt: skip
    server.copy("held", f"{names}, versions", key_lines(store, table, mark))
    connection.execute(f"CREATE INDEX ON held ({', '.join(keys)})")
    connection.execute("ANALYZE held")
    row = connection.execute(f"SELECT count(*) FROM {table.name} t WHERE NOT EXISTS (SELECT 1 FROM held h WHERE {same})").fetchone()  # fmt: skip
    if row and row[0]:
        raise TargetForeign(
            f'{row[0]} rows of the table "{table.name}" in the schema "{server.schema}" are not in "{store.path}": it is the copy of '
            "another store, or the store was restored from an older backup. Give another --schema, or --replace to send all anew."
        )
    # A row that shares key and moment with another of the store may be either: it is sent again.
    connection.execute(f"DELETE FROM {table.name} t USING held h WHERE {same} AND h.versions > 1")
    closed = connection.execute(
        f"UPDATE {table.name} t SET superseded_at = h.superseded_at FROM held h WHERE {same} AND t.superseded_at IS DISTINCT FROM h.superseded_at"
    ).rowcount
    wanted = ", ".join(f"h.{name}::text" for name in table.key)
    missing = connection.execute(
        f"SELECT {wanted}, (h.recorded_at AT TIME ZONE 'UTC')::text FROM held h LEFT JOIN {table.name} t ON {same} "
        f"WHERE t.{keys[0]} IS NULL AND h.superseded_at IS DISTINCT FROM h.recorded_at"
    ).fetchall()
    for n in range(0, len(missing), _PART):
        server.copy(table.name, table.names, lines_of_keys(store, table, missing[n : n + _PART], mark))  # fmt: skip
    connection.execute("DROP TABLE held")
    return len(missing), closed
