"""What hosts ask of robots: robots.txt per origin, kept for some hours, asked for anew when it may have changed.

Source: RFC 9309. No file (status 4xx) allows everything. A host that cannot say (status 5xx, 429, no answer) forbids
everything for a while, unless an earlier answer is known, which then stands.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 512_000  # RFC 9309, section 2.5: at least 500 KiB are parsed; what follows is passed over
PRODUCT = "dragoman"  # the name that a robots.txt may address
KEPT_S = 4 * 3600.0  # RFC 9309, section 2.4: at most a day
KEPT_UNREACHABLE_S = 600.0
MAX_CRAWL_DELAY_S = 120.0  # a longer one would be a way to say no, for which there are better ones


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for a robots.txt: its text, None when there is none; or why the host could not say."""

    text: str | None = None
    unreachable: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What an origin allows; ``unreachable`` tells why nothing is allowed for now."""

    parsed: Protego | None
    expires_at: float
    unreachable: str | None = None

    def allows(self, url: str) -> bool:
        """Return whether a URL may be fetched."""
        if self.unreachable is not None:
            return False
        return self.parsed is None or bool(self.parsed.can_fetch(url, PRODUCT))

    @property
    def crawl_delay_s(self) -> float:
        """Return the seconds that the origin wants between two requests."""
        delay = self.parsed.crawl_delay(PRODUCT) if self.parsed is not None else None
        return min(float(delay), MAX_CRAWL_DELAY_S) if delay and delay > 0 else 0.0

    @property
    def sitemaps(self) -> list[str]:
        """Return the sitemaps that the file names."""
        return list(self.parsed.sitemaps) if self.parsed is not None else []


class RobotsCache:
    """Rules per origin; may be used from several threads, of which one asks and the others wait.

    Args:
        kept_s: How long an answer holds.
        clock: Seconds that only grow.
    """

    def __init__(self, *, kept_s: float = KEPT_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept_s = kept_s
        self._clock = clock
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, origin: str, ask: Callable[[], Answer]) -> Rules:
        """Return the rules of an origin, from ``ask`` when none are kept or they are too old."""
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._rules.get(origin)
            if known is not None and self._clock() < known.expires_at:
                return known
            answer = ask()
            self._rules[origin] = self._to_rules(answer, known)
            return self._rules[origin]

    def _to_rules(self, answer: Answer, known: Rules | None) -> Rules:
        now = self._clock()
        if answer.unreachable is not None:
            until = now + min(KEPT_UNREACHABLE_S, self._kept_s)
            if known is not None and known.unreachable is None:
                return Rules(known.parsed, until)
            return Rules(None, until, answer.unreachable)
        parsed = Protego.parse(answer.text) if answer.text else None
        return Rules(parsed, now + self._kept_s)
