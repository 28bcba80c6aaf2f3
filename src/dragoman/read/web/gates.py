"""When a host may be asked again: one queue per host, however many threads ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Gates:
    """The next free moment of each host; may be used from several threads.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait_s(self, host: str) -> float:
        """Return the seconds until the host may be asked again."""
        with self._lock:
            return max(0.0, self._free_at.get(host, 0.0) - self._clock())

    def book(self, host: str, delay_s: float) -> float:
        """Return the seconds to wait before asking a host, and keep ``delay_s`` free after that moment."""
        with self._lock:
            now = self._clock()
            start = max(now, self._free_at.get(host, 0.0))
            self._free_at[host] = start + delay_s
            if len(self._free_at) > 10_000:
                self._free_at = {h: at for h, at in self._free_at.items() if at > now}
            return start - now

    def hold(self, host: str, seconds: float) -> None:
        """Keep a host from being asked for some time, because it said so."""
        with self._lock:
            self._free_at[host] = max(self._free_at.get(host, 0.0), self._clock() + seconds)
