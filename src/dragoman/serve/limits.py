"""How many requests a client may make: a token bucket per address; and how often one may fail, per address or name.

A bucket holds at most ``burst`` requests and gains ``per_second`` of them each second; the fullest is forgotten first.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

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


class Attempts:
    """Counts what failed, such as sign-ins, per key; so many in a span of time, then the key must wait.

    Args:
        most: Failures in a span.
        span_s: Its length, seconds.
        clock: Seconds that never go back.
    """

    def __init__(
        self, *, most: int = 5, span_s: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._span_s = span_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def begin(self, keys: Sequence[str]) -> int | None:
        """Count an attempt as failed until ``forgive``; return None, or the whole seconds that it must wait.

        It counts before it is tried: so many attempts at once are no more than so many one after another.
        """
        with self._lock:
            now = self._clock()
            waits = [self._wait_s(key, now) for key in keys]
            if any(waits):
                return max(1, math.ceil(max(waits)))
            for key in keys:
                self._failed.setdefault(key, []).append(now)
                self._failed.move_to_end(key)
            while len(self._failed) > MOST_CLIENTS:
                self._failed.popitem(last=False)
            return None

    def forgive(self, keys: Sequence[str]) -> None:
        """Take back the newest attempt of each key: it did not fail."""
        with self._lock:
            for key in keys:
                if self._failed.get(key):
                    self._failed[key].pop()

    def _wait_s(self, key: str, now: float) -> float:
        recent = [t for t in self._failed.get(key, ()) if now - t < self._span_s]
        if key in self._failed:
            self._failed[key] = recent
        return recent[-self._most] + self._span_s - now if len(recent) >= self._most else 0.0
