"""How many requests a client may make: a token bucket per address, the fullest forgotten first.

A bucket holds at most ``burst`` requests and gains ``per_second`` of them each second.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CLIENTS = 10_000


class RateLimit:
    """Counts requests; shared by all threads.

    Args:
        per_second: Requests a second in the long run.
        burst: Requests at once.
        clock: Seconds that never go back.
    """

    def __init__(self, *, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str) -> float:
        """Take one request from a client's bucket; return 0, or how long it must wait when the bucket is empty."""
        with self._lock:
            now = self._clock()
            held, at = self._buckets.pop(client, (float(self._burst), now))
            held = min(float(self._burst), held + (now - at) * self._per_second)
            wait = 0.0 if held >= 1 else (1 - held) / self._per_second
            self._buckets[client] = (held - 1 if wait == 0 else held, now)
            # The longest unseen goes first: its bucket is the likeliest to be full again.
            while len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
            return wait

    def retry_after(self, client: str) -> int | None:
        """Take one request; return None, or the whole seconds after which to ask again."""
        wait = self.wait_s(client)
        return None if wait == 0 else max(1, math.ceil(wait))
