"""Send to a schema what a store has that it lacks, batch by batch, each in one transaction that also moves the mark.

A batch ends at a moment of the store, so that at any time the schema is the store as it stood at its mark. A process that is
killed leaves the last whole batch; the next one goes on from there. The store is let go of between batches.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dragoman import __version__
from dragoman.errors import StoreLocked, TargetBusy, TargetError, TargetForeign, TargetTooNew
from dragoman.mirror import comparing
from dragoman.mirror.changes import (
    BEGIN,
    Due,
    added,
    closed_lines,
    due_since,
    new_lines,
    open_patiently,
    totals,
)
from dragoman.mirror.layout import State, empty, make_indexes, prepare, read_state, write_state
from dragoman.mirror.server import Server
from dragoman.mirror.tables import TABLES, Table
from dragoman.store import Store

BATCH_ROWS = 200_000
_WAIT_S = 60.0  # for a store that is being written; watching lets go of it far more often


@dataclass(frozen=True, slots=True)
class Kept:
    """What one round did: rows sent and closed per table, and the moment up to which the schema is true, None for never."""

    sent: Mapping[str, int]
    closed: Mapping[str, int]
    mark: datetime | None


class Mirror:
    """Keeps one schema in step with one store.

    Args:
        store: The store's file.
        address: The server, as ``address_of`` gives it.
        schema: The schema, made if it is not there.
        batch_rows: Rows of a batch at least.
        wait_s: How long to wait for a store that is being written.
        tell: Called with the mark and the number of rows after each batch.
    """

    def __init__(
        self, store: Path, address: str, schema: str, *, batch_rows: int = BATCH_ROWS, wait_s: float = _WAIT_S,
        tell: Callable[[datetime, int], None] = lambda mark, rows: None,
    ) -> None:  # fmt: skip
        self._path, self._address, self._schema = store, address, schema
        self._batch_rows, self._wait_s, self._tell = batch_rows, wait_s, tell
        self._is_begun = False  # a batch went through, or a round was done

    def keep(self, *, replace_all: bool = False) -> Kept:
        """Bring the schema in step once and return what was done.

        Args:
            replace_all: Empty the schema first, whatever store it is of.

        Raises:
            TargetForeign: The schema is of another store or of something else.
            TargetTooNew: A newer Dragoman made it.
            TargetBusy: Another export sends to it now.
            TargetError: The server is away or refuses; the batches sent before are kept.
            StoreError: The store cannot be read.
        """
        with Server(self._address, self._schema) as server:
            server.lock()
            prepare(server)
            if replace_all:
                with self._opened():  # a store that cannot be read must not cost the copy
                    empty(server)
            return self._round(server)

    def keep_on(self, every_s: float, *, replace_all: bool = False, done: Callable[[Kept], None], failed: Callable[[Exception], None]) -> None:  # fmt: skip
        """Bring the schema in step whenever the store's file has changed, until interrupted.

        Args:
            every_s: Seconds between looks at the file.
            replace_all: Empty the schema first.
            done: Called after each round.
            failed: Called when a round fails for a reason that may pass: the server is away, the store is being written. Before the
                first batch is sent or the first round is done nothing is taken to pass: the address or the rights may be wrong.

        Raises:
            TargetError: It failed before that, or later for a reason that will not pass.
        """
        mark, self._is_begun = None, False
        while True:
            now = _mark_of(self._path)
            if now != mark:
                try:
                    done(self.keep(replace_all=replace_all and not self._is_begun))
                    mark, self._is_begun = now, True
                except (TargetForeign, TargetTooNew):
                    raise
                except (TargetError, TargetBusy, StoreLocked) as error:
                    if not self._is_begun:
                        raise
                    failed(error)
            time.sleep(every_s)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Store]:
        with open_patiently(self._path, wait_s=self._wait_s) as store:
            yield store

    def _round(self, server: Server) -> Kept:
        state = read_state(server)
        with self._opened() as store:
            due = due_since(store, state.mark, store_id=state.store_id, batch_rows=self._batch_rows)
            self._check(server, state, due)
            sent, closed = (
                dict.fromkeys((t.name for t in TABLES), 0),
                dict.fromkeys((t.name for t in TABLES), 0),
            )
            if state.mark != BEGIN and dict(due.totals) != dict(state.totals):
                state = self._compared(server, store, replace(state, totals=due.totals), sent, closed)
        state = replace(state, store_id=due.store_id, totals=due.totals)
        for end in due.moments:
            with self._opened() as store, server.transaction():
                state = self._batch(server, store, state, end, sent, closed)
            self._is_begun = True
            self._tell(end, sum(sent.values()))
        if not state.is_indexed and state.mark != BEGIN:
            with server.transaction():
                make_indexes(server)
                write_state(server, replace(state, is_indexed=True), version=__version__)
        return Kept(sent, closed, None if state.mark == BEGIN else state.mark)

    def _check(self, server: Server, state: State, due: Due) -> None:
        if state.mark != BEGIN and state.store_id != due.store_id:
            raise TargetForeign(
                f'the schema "{server.schema}" is the copy of another store (its first run "{state.store_id}" is none of '
                f'"{self._path}"). Give another --schema, or --replace to send this store in its place.'
            )

    def _compared(self, server: Server, store: Store, state: State, sent: dict[str, int], closed: dict[str, int]) -> State:  # fmt: skip
        with server.transaction():
            _hold(server, state.mark)
            for table in TABLES:
                n, c = comparing.compare(server, store, table, state.mark)
                sent[table.name] += n
                closed[table.name] += c
            write_state(server, state, version=__version__)
        return state

    def _batch(
        self, server: Server, store: Store, state: State, end: datetime, sent: dict[str, int], closed: dict[str, int]
    ) -> State:  # fmt: skip
        _hold(server, state.mark)
        for table in TABLES:
            closed[table.name] += _close(server, table, closed_lines(store, table, state.mark, end))
            sent[table.name] += server.copy(table.name, table.names, new_lines(store, table, state.mark, end))  # fmt: skip
        own = replace(state, mark=end, totals=added(state.totals, totals(store, state.mark, end)))
        write_state(server, own, version=__version__)
        return own


def _hold(server: Server, mark: datetime) -> None:
    """Hold the state of the schema for this transaction.

    Raises:
        TargetBusy: Another export moved it, as one can whose connection was thought lost.
    """
    if read_state(server, hold=True).mark != mark:
        raise TargetBusy(f'another export sent to the schema "{server.schema}" meanwhile. Run this again.')


def _mark_of(path: Path) -> tuple[tuple[int, int, int] | None, ...]:
    """Return what changes whenever a store is written: inode, size and time of the file and of its log."""
    out: list[tuple[int, int, int] | None] = []
    for one in (path, path.with_name(f"{path.name}.wal")):
        try:
            told = one.stat()
        except OSError:
            out.append(None)
        else:
            out.append((told.st_ino, told.st_size, told.st_mtime_ns))
    return tuple(out)


def _close(server: Server, table: Table, lines: Iterable[bytes]) -> int:
    begun = iter(lines)
    first = next(begun, None)
    if first is None:
        return 0
    names = ", ".join((*table.key, "recorded_at", "superseded_at"))
    server.connection.execute(f"CREATE TEMP TABLE closing ON COMMIT DROP AS SELECT {names} FROM {table.name} LIMIT 0")  # fmt: skip
    n = server.copy("closing", names, itertools.chain((first,), begun))
    same = " AND ".join(f"t.{name} = c.{name}" for name in (*table.key, "recorded_at"))
    found = server.connection.execute(f"UPDATE {table.name} t SET superseded_at = c.superseded_at FROM closing c WHERE {same}")  # fmt: skip
    if found.rowcount != n:
        raise TargetForeign(
            f'{n - found.rowcount} rows of the table "{table.name}" in the schema "{server.schema}" are missing: somebody else changed '
            "it. Give --replace to send all anew."
        )
    server.connection.execute("DROP TABLE closing")
    return n
