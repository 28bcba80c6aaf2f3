"""What was made of one state of a store and is kept while that state lasts: columns, vectors, and whole answers.

Answers are kept up to ``MOST_BYTES``, those that were not asked for longest forgotten first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")
MOST_BYTES = 64_000_000


class Memory:
    """What is kept of one state; shared by all requests."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._made: dict[str, Any] = {}
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def remember(self, key: str, make: Callable[[], Made]) -> Made:
        """Return what was made before, or make it; one request makes it, others that ask for the same wait."""
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
            made: Made = self._made[key]
            return made

    def answer(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """Return the answer that was given under a tag before, or make it."""
        with self._guard:
            found = self._answers.get(tag)
            if found is not None:
                self._answers.move_to_end(tag)
                return found
        made = make()
        with self._guard:
            if tag not in self._answers and len(made) <= self._most_bytes // 4:
                self._answers[tag] = made
                self._bytes += len(made)
            while self._bytes > self._most_bytes:
                self._bytes -= len(self._answers.popitem(last=False)[1])
        return made
