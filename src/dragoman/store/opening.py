"""Open a store: a new or existing DuckDB file, its layout brought up to date, its errors told in words.

One process may write; readers open read-only and cannot while somebody writes.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import duckdb

from dragoman.errors import StoreError, StoreForeign, StoreFull, StoreLocked, StoreTooNew
from dragoman.store.migrations import apply_migrations, latest

Read = TypeVar("Read")
DEFAULT_DB = Path("dragoman.duckdb")
# Files stay readable by both supported lines of DuckDB.
_FORMAT = "v1.5.0"
_FULL = re.compile(r"no space left|file too large|disk quota|disk full", re.I)
_WAIT_S = 3.0  # of a writer; a server lets go of the file a second after the last question
_PID = re.compile(r"PID (\d+)")
# Every DuckDB file says so at this place. Asked first, because DuckDB itself takes other databases for work and goes
# to the network for an extension that reads them.
_MAGIC, _MAGIC_AT = b"DUCK", 8


class Store:
    """An open store; close it, or use it as a context manager."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, *, is_fixed: bool = False) -> None:
        self.path = path
        self.connection = connection
        # Opened for reading it stays as it is until it is closed: no other process can write it meanwhile.
        self.is_fixed = is_fixed
        self._depth = 0
        # What writing remembers from one transaction to the next, to read less; a failed one makes it untrue. Of a store that is
        # fixed, what was read of it and is asked for again and again.
        self.memory: dict[str, object] = {}

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left to the file and let go of it."""
        with telling(self.path):
            self.connection.close()

    def reopen(self) -> None:
        """Open the file for writing again after ``close``, so that others could read it meanwhile.

        Raises:
            StoreLocked: Somebody reads or writes it now.
        """
        self.connection = open_store(self.path).connection
        self.memory.clear()  # others may have written meanwhile

    def beside(self, read: Callable[[Store], Read]) -> Callable[[], Read]:
        """Begin to read in a thread of its own, and return what waits for it; of a store that may be written to, read at once.

        Another connection would not see what a transaction that is not done has written.
        """
        if not self.is_fixed:
            found = read(self)
            return lambda: found
        with telling(self.path):
            other = Store(self.path, self.connection.cursor(), is_fixed=True)

        def read_and_close() -> Read:
            with other:  # a cursor that is left open keeps the file from who writes
                return read(other)

        pool = ThreadPoolExecutor(1)
        begun = pool.submit(read_and_close)
        pool.shutdown(wait=False)
        return begun.result

    @contextlib.contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give the connection; all or nothing of what is done with it is kept.

        A transaction inside another joins it, so that several writes stand or fall together.

        Raises:
            StoreFull: The disk is full; nothing was kept.
            StoreError: The file could not be written otherwise.
        """
        if self._depth:
            yield self.connection
            return
        with telling(self.path):
            self.connection.execute("BEGIN")
            self._depth = 1
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                self.memory.clear()
                with contextlib.suppress(duckdb.Error):
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn DuckDB's errors on a file into ours."""
    try:
        yield
    except duckdb.Error as error:
        raise _translated(path, error) from error


def _translated(path: Path, error: duckdb.Error) -> StoreError:
    words = str(error)
    if "lock" in words.lower() and isinstance(error, duckdb.IOException):
        pid = _PID.search(words)
        who = f"process {pid.group(1)}" if pid else "another process"
        return StoreLocked(
            f'"{path}" is open for writing in {who}. Wait until it is done or stop it, or give another file with --db.'
        )
    if _FULL.search(words):
        return StoreFull(
            f'the disk is full: "{path}" could not be written. Nothing of this batch was stored; make room and go on '
            "with --resume."
        )
    if "not a valid duckdb database" in words.lower():
        return _foreign(path)
    if "newer version" in words.lower() or "storage version" in words.lower():
        return StoreTooNew(f'"{path}" was written by a newer DuckDB than the one installed. Upgrade duckdb.')
    first = words.splitlines()[0] if words else type(error).__name__
    return StoreError(f'the store "{path}" cannot be used: {first}')


def _connect(path: Path, *, read_only: bool, config: dict[str, str | bool | int | float | list[str]]) -> duckdb.DuckDBPyConnection:  # fmt: skip
    """Open the file; a writer waits a little for those who read it, since a server lets go of it between questions."""
    until = time.monotonic() + (0.0 if read_only else _WAIT_S)
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=config)
        except duckdb.IOException as error:
            if "lock" not in str(error).lower() or time.monotonic() >= until:
                raise
        time.sleep(0.1)


def _foreign(path: Path) -> StoreForeign:
    return StoreForeign(
        f'"{path}" is not a Dragoman store: it is not a DuckDB file. Give another file with --db.'
    )


def check_magic(path: Path) -> None:
    """Check that an existing file is DuckDB's.

    Raises:
        StoreForeign: It is not.
        StoreError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_AT + len(_MAGIC))
    except OSError as error:
        raise StoreError(
            f'the store "{path}" cannot be read: {error.strerror}. Change its permissions, or give another file with --db.'
        ) from error
    if head[_MAGIC_AT:] != _MAGIC:
        raise _foreign(path)


def open_store(path: Path, *, read_only: bool = False) -> Store:
    """Return an open store; a new file is made unless ``read_only``.

    Raises:
        StoreError: The file is not there (when reading), or its folder is not, or it cannot be used.
        StoreLocked: Another process writes to it.
        StoreForeign: It is not a Dragoman store.
        StoreTooNew: A newer Dragoman or DuckDB wrote it.
        StoreFull: There is no room to make it.
    """
    if read_only and not path.exists():
        raise StoreError(f'there is no store "{path}". Make one: dragoman code INPUT --db {path}')
    if not path.parent.is_dir():
        raise StoreError(f'the folder "{path.parent}" of the store does not exist. Make it first.')
    if path.is_dir():
        raise StoreForeign(f'"{path}" is a folder, not a Dragoman store. Give a file with --db.')
    is_new = not path.exists()
    if not is_new:
        check_magic(path)
    with telling(path):
        config: dict[str, str | bool | int | float | list[str]] = (
            {} if read_only else {"storage_compatibility_version": _FORMAT}
        )
        connection = _connect(path, read_only=read_only, config=config)
    try:
        with telling(path):
            is_old = _check_layout(path, connection, is_new=is_new, read_only=read_only)
    except BaseException:
        with contextlib.suppress(duckdb.Error):
            connection.close()
        if is_new and not read_only:
            path.unlink(missing_ok=True)
        raise
    if is_old:
        connection.close()
        _renew(path)
        return open_store(path, read_only=True)
    return Store(path, connection, is_fixed=read_only)


def _renew(path: Path) -> None:
    """Bring an older layout up to date, so that it can be read.

    Raises:
        StoreLocked: Another process writes to it.
        StoreError: The file cannot be written.
    """
    if not os.access(path, os.W_OK):
        raise StoreError(
            f'"{path}" was written by an older Dragoman and may not be changed here, so its layout cannot be brought up to date. '
            "Make it writable once, or read a copy."
        )
    open_store(path).close()


def _check_layout(
    path: Path, connection: duckdb.DuckDBPyConnection, *, is_new: bool, read_only: bool
) -> bool:
    """Check that a file is a store and bring its layout up to date; return whether that is still to be done."""
    connection.execute("SET TimeZone = 'UTC'")
    version = _version_of(connection)
    if version is None:
        tables = [r[0] for r in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()]  # fmt: skip
        if not tables and not read_only:
            apply_migrations(connection, done=0)
            return False
        raise StoreForeign(
            f'"{path}" is a DuckDB file of something else (tables {", ".join(sorted(tables)[:5]) or "none"}). '
            "Give another file with --db."
        )
    if version > latest():
        raise StoreTooNew(
            f'"{path}" has layout {version}, this Dragoman knows up to {latest()}. Upgrade dragoman to read it.'
        )
    if version < latest() and not read_only:
        apply_migrations(connection, done=version)
    return version < latest() and read_only


def _version_of(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the layout of a store; None for what is none. Asked outright, which is ten times as fast as asking for all tables."""
    try:
        row = connection.execute("SELECT value FROM store_info WHERE key = 'version'").fetchone()
    except duckdb.CatalogException:
        return None
    return int(row[0]) if row else 0
