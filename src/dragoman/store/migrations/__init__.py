"""Numbered changes of the store's layout, as SQL files applied in the order of their names, each in one transaction."""

from __future__ import annotations

from importlib import resources

import duckdb


def list_migrations() -> list[tuple[int, str]]:
    """Return (number, SQL) of every migration, in order."""
    files = (f for f in resources.files("dragoman.store.migrations").iterdir() if f.name.endswith(".sql"))
    return sorted((int(f.name.split("_")[0]), f.read_text("utf-8")) for f in files)


def latest() -> int:
    """Return the number of the newest migration."""
    return list_migrations()[-1][0]


def apply_migrations(connection: duckdb.DuckDBPyConnection, *, done: int) -> int:
    """Apply what is missing after migration ``done`` and return the version reached."""
    for number, sql in list_migrations():
        if number <= done:
            continue
        connection.execute("BEGIN")
        try:
            for statement in _statements(sql):
                connection.execute(statement)
            connection.execute("DELETE FROM store_info WHERE key = 'version'")
            connection.execute("INSERT INTO store_info VALUES ('version', ?)", [str(number)])
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        done = number
    return done


def _statements(sql: str) -> list[str]:
    lines = (line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [s for part in "\n".join(lines).split(";\n") if (s := part.strip().rstrip(";"))]
