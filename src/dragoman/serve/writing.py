"""Opening the store for writing, for one correction at a time: the server lets go of its reading, writes, and lets go again.

DuckDB lets one process write a file or many read it, and a process either reads it or writes it. So a correction waits for the
requests that read, keeps new ones waiting, and holds the file for its one transaction.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from dragoman.errors import StoreError, StoreLocked
from dragoman.serve.reading import RETRY_S, Reading
from dragoman.store import Store, open_store


class Writing:
    """Gives the store for writing; shared by all threads.

    Args:
        reading: What holds the file for reading.
        wait_s: How long a correction waits for those who read or write the file.
    """

    def __init__(self, reading: Reading, *, wait_s: float = 2.0) -> None:
        self._reading = reading
        self._wait_s = wait_s
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def open(self) -> Iterator[Store]:
        """Give the store for writing.

        Raises:
            StoreLocked: Others held it for longer than a correction waits.
            StoreError: It is not there or cannot be opened or written.
        """
        until = time.monotonic() + self._wait_s
        if not self._lock.acquire(timeout=self._wait_s):
            raise StoreLocked("another correction is being stored. Send this one again.")
        try:
            with self._reading.away(until=until), self._opened(until) as store:
                yield store
        finally:
            self._lock.release()

    def _opened(self, until: float) -> Store:
        path = self._reading.path
        while True:
            # Opening for writing would make a store that is not there.
            if not path.exists():
                raise StoreError(f'there is no store "{path}".')
            try:
                return open_store(path)
            except StoreLocked:
                if time.monotonic() >= until:
                    raise
            time.sleep(RETRY_S)
