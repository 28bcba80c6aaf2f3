"""How far reading is, and what was passed over: kept while a run reads, asked by who shows progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass
class Meter:
    """The bytes of all inputs and those behind us; owned by the caller of ``iter_articles``.

    ``total`` is None where an input has no size, such as standard input. ``tell`` takes lines for the user.
    """

    total: int | None = None
    tell: Callable[[str], None] | None = None
    passed: Counter[str] = field(default_factory=Counter)
    _behind: int = 0
    _size: int = 0
    _stream: BinaryIO | None = None
    _furthest: int = 0

    def begin(self, stream: BinaryIO | None, size: int) -> None:
        """Note that a file of a size is being read; None where its position cannot be asked."""
        self._stream, self._size, self._furthest = stream, size, 0

    def end(self) -> None:
        """Note that the file is done."""
        self._behind += self._size
        self._stream, self._size, self._furthest = None, 0, 0

    def done(self) -> int:
        """Return how many bytes of the inputs are read."""
        if self._stream is not None and not self._stream.closed:
            try:
                at = self._stream.tell()
            except (OSError, ValueError):
                at = 0
            self._furthest = max(self._furthest, min(at, self._size))
        return self._behind + self._furthest

    def pass_over(self, kind: str) -> None:
        """Count something that is of no kind we read."""
        self.passed[kind] += 1

    def summary(self) -> str | None:
        """Return what was passed over, in words, or None where nothing was.

        Example:
            >>> Meter(passed=Counter({".jpg files": 2})).summary()
            'passed over: 2 .jpg files'
        """
        most = self.passed.most_common(6)
        if not most:
            return None
        rest = sum(self.passed.values()) - sum(count for _, count in most)
        words = ", ".join(f"{count} {kind}" for kind, count in most)
        return f"passed over: {words}{f', {rest} others' if rest else ''}"
