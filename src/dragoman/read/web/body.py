"""Unpack what comes over the network, piece by piece, and stop at limits of size and of growth."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ENCODINGS = ("gzip", "deflate")
UNCHECKED_GROWTH = 1_000_000  # below a megabyte growth harms nobody: empty tables pack a thousand to one
_PIECE = 1 << 16


class BodyRefused(Exception):
    """A body that is not taken; ``reason`` is a reason of ``Rejected``."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def read_body(
    chunks: Iterable[bytes], encoding: str, *, max_bytes: int, max_ratio: int, truncate: bool = False
) -> bytes:
    """Return the unpacked bytes of an answer.

    Args:
        chunks: The bytes as they come.
        encoding: The value of Content-Encoding; empty for none.
        max_bytes: The most that is taken, packed or unpacked.
        max_ratio: The most unpacked bytes per packed byte, past the first megabyte.
        truncate: Give the first ``max_bytes`` of a longer body instead of refusing it.

    Raises:
        BodyRefused: It is too large, grows too much, is broken or packed in an unknown way.
    """
    names = [name.strip() for name in encoding.lower().split(",") if name.strip() not in ("", "identity")]
    if len(names) > 1 or any(name.removeprefix("x-") not in ENCODINGS for name in names):
        raise BodyRefused(
            "decompression", f'the answer is packed as "{encoding[:60]}"; gzip and deflate are read'
        )
    seen = _Counter(chunks)
    pieces = _unpack(seen, names[0].removeprefix("x-")) if names else iter(seen)
    out = bytearray()
    for piece in pieces:
        out += piece
        if len(out) > max_bytes or seen.size > max_bytes:
            if truncate:
                return bytes(out[:max_bytes])
            raise BodyRefused("too_large", f"the answer is larger than {max_bytes} bytes")
        if len(out) > UNCHECKED_GROWTH and len(out) > max_ratio * seen.size:
            raise BodyRefused(
                "decompression",
                f"{seen.size} packed bytes grew to {len(out)}; at most {max_ratio} to one are taken",
            )
    return bytes(out)


def gunzip(data: bytes, *, max_bytes: int, max_ratio: int) -> bytes:
    """Return the content of gzip data within limits.

    Raises:
        BodyRefused: As for ``read_body``.
    """
    pieces = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    return read_body(pieces, "gzip", max_bytes=max_bytes, max_ratio=max_ratio)


class _Counter:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            yield chunk


def _unpack(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield pieces of at most 64 kB, so that the caller can stop before much memory is taken."""
    unpacker, started = _unpacker(name, b""), False
    for chunk in chunks:
        if not started and chunk:
            unpacker, started = _unpacker(name, chunk), True
        rest = chunk
        while rest:
            if unpacker.eof:
                # A gzip file may hold several members; after a deflate stream nothing counts.
                if name != "gzip" or not rest.startswith(b"\x1f\x8b"):
                    break
                unpacker = _unpacker(name, rest)
            try:
                yield unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise BodyRefused("decompression", f"the packed answer is broken ({error})") from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while started and not unpacker.eof and (piece := unpacker.decompress(b"", _PIECE)):
        yield piece
    if started and not unpacker.eof:
        raise BodyRefused("decompression", "the packed answer ends too early")


def _unpacker(name: str, head: bytes) -> zlib._Decompress:
    if name == "gzip":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # Servers send both forms under the name "deflate": with a zlib header, whose first nibble is 8, and bare.
    is_zlib = head[:1] and head[0] & 0x0F == 8 and (len(head) < 2 or (head[0] * 256 + head[1]) % 31 == 0)
    return zlib.decompressobj() if is_zlib else zlib.decompressobj(-zlib.MAX_WBITS)
