"""Read a stream in pieces of bounded size.

In: a binary stream. Out: whole documents or lines, or the news that one is larger than the limit; memory never holds
more than one item.
"""

from __future__ import annotations

from typing import Protocol

_CHUNK_BYTES = 1 << 20


class Readable(Protocol):
    """The two methods of a binary stream that reading needs."""

    def read(self, size: int, /) -> bytes: ...  # noqa: D102
    def readline(self, size: int, /) -> bytes: ...  # noqa: D102


class TooLarge(Exception):
    """An item is larger than the limit; ``size`` is the number of bytes seen, for a line its whole length."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Replayed:
    """A stream whose first bytes were looked at already and are read once more."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes."""
        taken, self._head = self._head[:size], self._head[size:]
        return taken + self._rest.read(size - len(taken)) if len(taken) < size else taken

    def readline(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, no further than the next line end."""
        end = self._head.find(b"\n", 0, size) + 1
        if end:
            taken, self._head = self._head[:end], self._head[end:]
            return taken
        taken, self._head = self._head[:size], self._head[size:]
        return taken + self._rest.readline(size - len(taken)) if len(taken) < size else taken


def find_first_line(plain: Readable) -> tuple[bytes, Readable]:
    """Return the first non-empty line of a stream (64 KiB at most) and the whole stream."""
    head = b""
    while len(head) < _CHUNK_BYTES // 16:
        line = plain.readline(_CHUNK_BYTES // 16)
        head += line
        if not line or line.strip():
            break
    return head, Replayed(head, plain)


def read_whole(stream: Readable, limit: int) -> bytes:
    """Return all bytes of a stream.

    Raises:
        TooLarge: There are more than ``limit`` bytes; the rest is left unread.
    """
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(min(_CHUNK_BYTES, limit + 1 - size)):
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise TooLarge(size)
    return b"".join(parts)


class Lines:
    """The lines of a stream, each at most ``limit`` bytes; ``number`` is that of the last one, from 1.

    A longer line is passed over in small pieces and raises ``TooLarge``; iteration can go on after that.
    """

    def __init__(self, stream: Readable, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self.number = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> bytes:
        line = self._stream.readline(self._limit + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) <= self._limit:
            return line
        size = len(line)
        while not line.endswith(b"\n") and (line := self._stream.readline(_CHUNK_BYTES)):
            size += len(line)
        raise TooLarge(size)
