"""Reading ahead: the newest incidents in whole, fetched after the first list was asked for, so that filters over it need not fetch them.

Fifty rows that lie here and there in the store take DuckDB longer than all the rest of an answer; a thousand in one go take little more
than that. What was read is kept with the columns of one state of the store, and goes with it; a store that is written
to all the time is not read ahead more often than every ``rest_s``.
"""

from __future__ import annotations

import logging
import threading
import time

from dragoman.errors import DragomanError
from dragoman.serve.reading import Mark, Reading, View
from dragoman.store.paged import newest_rows, read_rows

MOST = 4000  # incidents, about 2 kB each
AT_ONCE = 1000
_log = logging.getLogger(__name__)


class Ahead:
    """Reads ahead in a thread of its own, one at a time; shared by all requests.

    Args:
        reading: How the store is read.
        most: So many incidents, the newest.
        wait_s: How long after the first list it begins: what else a page asks for comes first.
        rest_s: How long after it began before it begins again.
    """

    def __init__(
        self, reading: Reading, *, most: int = MOST, wait_s: float = 0.5, rest_s: float = 60.0
    ) -> None:
        self._reading = reading
        self._most, self._wait_s, self._rest_s = most, wait_s, rest_s
        self._lock = threading.Lock()
        self._began_at = -rest_s
        self._mark: Mark | None = None

    def want(self, view: View) -> None:
        """Read ahead what this view shows, unless that was done or something was read a moment ago."""
        with self._lock:
            now = time.monotonic()
            if not self._most or view.mark == self._mark or now < self._began_at + self._rest_s:
                return
            self._began_at, self._mark = now, view.mark
        timer = threading.Timer(self._wait_s, self._read, (view.mark,))
        timer.daemon = True
        timer.start()

    def _read(self, mark: Mark) -> None:
        for begin in range(0, self._most, AT_ONCE):
            try:
                with self._reading.view() as view:
                    # Another state has rows of its own: whoever asks for them next has them read.
                    if view.mark != mark or not self._part(view, begin):
                        return
            except DragomanError as error:
                _log.info("not read ahead: %s", error)
                with self._lock:
                    self._mark = None
                return

    def _part(self, view: View, begin: int) -> bool:
        """Read some rows; return whether there may be more."""
        columns = view.overview("incidents")
        at = view.remember("newest incidents", lambda: newest_rows(view.store, columns, most=self._most))
        part = at[begin : begin + AT_ONCE]
        read_rows(view.store, columns, part)
        return len(part) == AT_ONCE
