"""Copy a store to a file and back, whole and verified.

A copy is made while nothing else writes, next to its place and moved there when it is complete, so that a failure leaves no half.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

import duckdb

from dragoman.errors import StoreError, StoreForeign, StoreFull, UsageError
from dragoman.store.opening import check_magic, telling


def backup(path: Path, to: Path, *, force: bool = False) -> dict[str, int]:
    """Copy a store to a file, verify the copy, and return how many rows each table has in it.

    The store is not changed, nor brought to a newer layout.

    Raises:
        UsageError: The file is there already and ``force`` is not given, or its folder is not.
        StoreError: There is no store, it cannot be read, or the copy is not equal.
        StoreLocked: Another process writes to it.
        StoreFull: There is no room for the copy.
    """
    _check_target(to, path, force=force)
    if not path.exists():
        raise StoreError(f'there is no store "{path}" to back up.')
    check_magic(path)
    # Open for writing, so that nobody else can be; the log that a killed process left is put into the file.
    with telling(path):
        connection = duckdb.connect(str(path))
        try:
            before = _count(connection, path)
            connection.execute("CHECKPOINT")
            return _copy(path, to, before)
        finally:
            connection.close()


def restore(backed_up: Path, to: Path) -> dict[str, int]:
    """Make a new store of a backup and return how many rows each table has.

    Raises:
        UsageError: The new store is there already, or its folder is not.
        StoreError: There is no such backup, it is not a store, or the copy is not equal.
        StoreFull: There is no room.
    """
    _check_target(to, backed_up, force=False)
    if not backed_up.exists():
        raise StoreError(f'there is no backup "{backed_up}".')
    check_magic(backed_up)
    with telling(backed_up), duckdb.connect(str(backed_up), read_only=True) as connection:
        before = _count(connection, backed_up)
    return _copy(backed_up, to, before)


def _check_target(to: Path, source: Path, *, force: bool) -> None:
    if not to.parent.is_dir():
        raise UsageError(f'the folder "{to.parent}" does not exist. Make it first.')
    if to.is_dir():
        raise UsageError(f'"{to}" is a folder. Give a file.')
    if to.exists() and source.exists() and to.samefile(source):
        raise UsageError(f'"{to}" is the store itself. Give another file.')
    if to.exists() and not force:
        raise UsageError(f'"{to}" is there already and is not overwritten. Give another file.')


def _copy(path: Path, to: Path, before: dict[str, int]) -> dict[str, int]:
    part = to.with_name(f".{to.name}.part")
    try:
        with path.open("rb") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        if _digest(part) != _digest(path):
            raise StoreError(f'the copy of "{path}" is not equal to it. Try again, or another disk.')
        with telling(part), duckdb.connect(str(part), read_only=True) as connection:
            after = _count(connection, part)
        if after != before:
            raise StoreError(f'the copy of "{path}" does not hold the same rows. Try again, or another disk.')
        part.replace(to)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        raise StoreFull(f'"{to}" could not be written: {error.strerror}. Nothing was kept.') from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return after


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def _count(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, int]:
    names = [
        r[0]
        for r in connection.execute(
            "SELECT table_name FROM information_schema.tables ORDER BY ALL"
        ).fetchall()
    ]
    if "store_info" not in names:
        raise StoreForeign(f'"{path}" is a DuckDB file of something else, not a Dragoman store.')
    out = {}
    for name in names:
        row = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        out[name] = int(row[0]) if row else 0
    return out
