"""One read-only connection to a store for all requests, opened when it is needed and let go of when it is not.

DuckDB lets one process write a file or many read it. So the server holds the file only while it answers and for a moment after:
between requests ``dragoman code`` and ``watch`` find it free. A file that changed or was replaced meanwhile is opened anew. What was
made of a state of it is kept until it changes, also while the file is let go of.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from dragoman.errors import StoreLocked
from dragoman.serve.memory import Memory
from dragoman.store import Store, open_store
from dragoman.store.overview import Kind, Overview
from dragoman.store.paged import last_change

Made = TypeVar("Made")
Mark = tuple[tuple[int, int, int], ...]
RETRY_S = 0.05


@dataclass(slots=True)
class _Opened:
    store: Store
    mark: Mark
    changed_at: datetime | None
    memory: Memory
    users: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A store as one request sees it; ``changed_at`` is when it last changed."""

    store: Store
    changed_at: datetime | None
    opened: _Opened

    @property
    def mark(self) -> Mark:
        """What changes with the file, also where no row tells when it was written."""
        return self.opened.mark

    def overview(self, kind: Kind) -> Overview:
        """Return the columns of what holds now, kept while the store does not change."""
        return self.remember(f"overview of {kind}", lambda: Overview(kind))

    def remember(self, key: str, make: Callable[[], Made]) -> Made:
        """Return what was made before for this state of the store, or make it; one request makes it, the others wait."""
        return self.opened.memory.remember(key, make)

    def answer(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """Return the answer that was given to the same question for this state of the store before, or make it."""
        return self.opened.memory.answer(tag, make)


class Reading:
    """Gives views of a store; shared by all threads. Close it in the end.

    Args:
        path: The store's file.
        wait_s: How long a request waits for a store that another process writes.
        idle_s: After how long without a request the file is let go of; 0 for at once.
    """

    def __init__(self, path: Path, *, wait_s: float = 2.0, idle_s: float = 1.0) -> None:
        self.path = path
        self._wait_s = wait_s
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._memory: tuple[Mark, Memory] | None = None
        self._used_at = 0.0
        self._timer: threading.Timer | None = None
        self._is_away = False

    @contextlib.contextmanager
    def view(self) -> Iterator[View]:
        """Give the store for one request, with a cursor of its own.

        Raises:
            StoreLocked: Another process went on writing it for longer than a request waits.
            StoreError: It cannot be opened.
        """
        opened = self._enter()
        cursor = None
        try:
            cursor = opened.store.connection.cursor()
            yield View(Store(self.path, cursor, is_fixed=True), opened.changed_at, opened)
        finally:
            if cursor is not None:
                cursor.close()
            self._leave(opened)

    def close(self) -> None:
        """Let go of the file; a later view opens it again."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._opened is not None and not self._opened.users:
                self._drop()

    @contextlib.contextmanager
    def away(self, *, until: float) -> Iterator[None]:
        """Keep the file closed, so that this process can open it for writing; views wait until that is over.

        One at a time.

        Args:
            until: How long to wait for the views that are open, in seconds of ``time.monotonic``.

        Raises:
            StoreLocked: They were not done by then.
        """
        with self._lock:
            self._is_away = True
        try:
            while not self._is_closed():
                if time.monotonic() >= until:
                    raise StoreLocked(f'"{self.path}" is being read by other requests. Ask again.')
                time.sleep(RETRY_S)
            yield
        finally:
            with self._lock:
                self._is_away = False

    def look(self) -> tuple[Mark, datetime | None]:
        """Return the file's mark and when it last changed, without waiting and without holding the file.

        Raises:
            StoreLocked: It is being written.
            StoreError: It cannot be opened.
        """
        with self._lock:
            was_open = self._opened is not None
            opened = self._fresh()
            if opened is None:
                raise StoreLocked(f'"{self.path}" is being written. Ask again.')
            told = opened.mark, opened.changed_at
            if not was_open:
                self._drop()
            return told

    def _is_closed(self) -> bool:
        with self._lock:
            if self._opened is None or not self._opened.users:
                self._drop()
                return True
            return False

    def _enter(self) -> _Opened:
        until = time.monotonic() + self._wait_s
        while True:
            with self._lock:
                try:
                    if (opened := self._fresh()) is not None:
                        opened.users += 1
                        return opened
                except StoreLocked:
                    if time.monotonic() >= until:
                        raise
            # Slept outside the lock, so that every request waits its own time and not that of those before it.
            time.sleep(RETRY_S)

    def _fresh(self) -> _Opened | None:
        """Return the open store as the file is now; None while others read a file that was replaced, or we write."""
        if self._is_away:
            return None
        if self._opened is not None and self._opened.mark != mark_of(self.path):
            if self._opened.users:
                return None
            self._drop()
        if self._opened is None:
            mark = mark_of(self.path)
            store = open_store(self.path, read_only=True)
            try:
                memory = self._memory[1] if self._memory and self._memory[0] == mark else Memory()
                changed_at = memory.remember("changed_at", lambda: last_change(store))
                self._opened, self._memory = _Opened(store, mark, changed_at, memory), (mark, memory)
            except BaseException:
                store.close()
                raise
        return self._opened

    def _leave(self, opened: _Opened) -> None:
        with self._lock:
            opened.users -= 1
            self._used_at = time.monotonic()
            if opened.users:
                return
            if self._idle_s <= 0:
                self._drop()
            elif self._timer is None:
                self._start_timer(self._idle_s)

    def _start_timer(self, wait_s: float) -> None:
        self._timer = threading.Timer(wait_s, self._let_go)
        self._timer.daemon = True
        self._timer.start()

    def _let_go(self) -> None:
        with self._lock:
            self._timer = None
            if self._opened is None:
                return
            rest = self._used_at + self._idle_s - time.monotonic()
            if self._opened.users or rest > 0.001:
                self._start_timer(max(rest, RETRY_S))
            else:
                self._drop()

    def _drop(self) -> None:
        if self._opened is not None:
            self._opened.store.close()
            self._opened = None


def mark_of(path: Path) -> Mark:
    """Return what changes when a store's file, or the log beside it, is written or replaced."""
    marks = []
    for file in (path, path.with_name(path.name + ".wal")):
        with contextlib.suppress(OSError):
            told = file.stat()
            marks.append((told.st_ino, told.st_size, told.st_mtime_ns))
    return tuple(marks)
