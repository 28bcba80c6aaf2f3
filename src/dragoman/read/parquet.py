"""Parquet files → raw articles, row by row, through DuckDB.

In: a path. Out: one article per row; ``source`` is "path:row", from 1. Only the columns that are needed are read, and
the engine's memory is bounded.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dragoman.read.limits import Limits, Refused
from dragoman.read.rows import Given, to_raw
from dragoman.records import RawArticle, Rejected

_ROWS_AT_ONCE = 64
_MEMORY = "1GB"
_GLOB = frozenset("*?[]{}")
# The file itself is all that is read: no extension is fetched, nothing else on this machine is looked at.
_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": _MEMORY,
    "threads": "1",
}


def iter_parquet(path: Path, *, name: str, given: Given, limits: Limits) -> Iterator[RawArticle | Rejected]:
    """Yield the articles of a Parquet file.

    Raises:
        Refused: It is broken, encrypted, or no column could hold the text.
    """
    import duckdb  # 0.1 s that other inputs need not pay

    with tempfile.TemporaryDirectory() as folder:
        if _GLOB & set(str(path)):  # DuckDB takes such a path for a pattern
            link = Path(folder, "table.parquet")
            link.symlink_to(path.resolve())
            path = link
        with duckdb.connect(config=dict(_SETTINGS, temp_directory=folder)) as connection:
            try:
                yield from _iter_rows(connection, str(path), name=name, given=given, limits=limits)
            except duckdb.Error as error:
                words = str(error).splitlines()[0].replace(str(path), "the file")
                raise Refused(
                    "encrypted" if "encrypt" in words.lower() else "failed",
                    f"Parquet that cannot be read: {words}",
                ) from error


def _iter_rows(
    connection: Any, path: str, *, name: str, given: Given, limits: Limits
) -> Iterator[RawArticle | Rejected]:
    described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
    types = {row[0]: str(row[1]) for row in described}
    columns = {k: c for k, c in given.columns.find(list(types), source=name).items() if c in types}
    if not {"text", "html"} & columns.keys():
        found = ", ".join(f'"{column[:40]}"' for column in list(types)[:8])
        raise Refused(
            "bad_row",
            f'no column is called "text" or "html"; there are {found}; name it: --columns text=NAME',
        )
    keys = list(columns)
    parts = ", ".join(_select(columns[key], types[columns[key]], limits.max_bytes) for key in keys)
    rows = connection.execute(f"SELECT {parts} FROM read_parquet(?)", [path])
    number = 0
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        for values in batch:
            number += 1
            yield _to_raw(dict(zip(keys, values, strict=True)), number, name=name, given=given, limits=limits)


def _select(column: str, kind: str, max_bytes: int) -> str:
    """Return the SQL for a column: text as text, its size in its place where it is too large, the rest as written."""
    quoted = '"' + column.replace('"', '""') + '"'
    if kind == "BLOB":
        return f"CASE WHEN octet_length({quoted}) > {max_bytes} THEN encode('\\x00' || octet_length({quoted})) ELSE {quoted} END"
    text = quoted if kind == "VARCHAR" else f"{quoted}::VARCHAR"
    return f"CASE WHEN strlen({text}) > {max_bytes} THEN '\\x00' || strlen({text}) ELSE {text} END"


def _to_raw(
    values: Mapping[str, Any], number: int, *, name: str, given: Given, limits: Limits
) -> RawArticle | Rejected:
    source, where = f"{name}:{number}", f"{name}, row {number}"
    row: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, (bytes, bytearray)):
            try:
                value = bytes(value).decode("utf-8")
            except UnicodeDecodeError as error:
                return Rejected(source, "read", "not_utf8", f'{where}: byte {error.start} of "{key}" is not valid UTF-8')  # fmt: skip
        if isinstance(value, str) and value.startswith("\\x00") and value[4:].isdigit():
            told = f'{where}: "{key}" has {value[4:]} bytes; at most {limits.max_bytes} are read'
            return Rejected(source, "read", "too_large", told)
        row[key] = value
    plain = Given(given.outlet, given.published_on, given.published_field)  # the keys are ours already
    return to_raw(row, source=source, where=where, given=plain)
