"""Unpack gzip, bzip2, xz and zstd streams as they are read, within limits.

In: a binary stream. Out: the stream, unpacked if its first bytes show that it is packed. Nothing is unpacked to memory
or disk as a whole, and a stream that was packed twice is refused: no tool writes one.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from typing import Any, BinaryIO

import zstandard

from dragoman.read.limits import Limits, Refused, check_unpacked
from dragoman.read.streams import Readable, Replayed

_CHUNK_BYTES = 1 << 18
_XZ_MEMORY_BYTES = 1 << 28  # the strongest preset of xz needs 65 MB
_ZSTD_WINDOW_BYTES = 1 << 27  # what "zstd --long" needs
PACKINGS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_HEAD_BYTES = 8
# What a broken packed stream raises, whatever packed it.
BROKEN: tuple[type[Exception], ...] = (EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


def find_packing(head: bytes) -> str | None:
    """Return how a stream is packed, by its first bytes, or None.

    Example:
        >>> find_packing(gzip.compress(b"Talks began."))
        'gzip'
    """
    return next((name for magic, name in PACKINGS.items() if head.startswith(magic)), None)


def open_unpacked(stream: Readable, *, limits: Limits) -> Readable:
    """Return a stream that gives the plain bytes; one that is not packed is handed on as it is.

    Raises:
        Refused: It is packed twice.
    """
    head = read_head(stream)
    packing = find_packing(head)
    if packing is None:
        return Replayed(head, stream)
    plain = io.BufferedReader(_Guarded(_Counted(Replayed(head, stream)), packing, limits), _CHUNK_BYTES)
    try:
        inner = find_packing(plain.peek(_HEAD_BYTES))
    except BROKEN:
        inner = None  # whoever reads it is told
    if inner is not None:
        raise Refused("nested", f"this is {inner} inside {packing}; unpack it once")
    return plain


def read_head(stream: Readable) -> bytes:
    """Return the first bytes of a stream that tell whether it is packed; a pipe may give them one by one."""
    head = b""
    while len(head) < _HEAD_BYTES and (more := stream.read(_HEAD_BYTES - len(head))):
        head += more
        if not any(magic.startswith(head) for magic in PACKINGS):
            break
    return head


class _Counted(io.RawIOBase):
    """The packed bytes, counted as they are read."""

    def __init__(self, stream: Readable) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self.count += len(piece)
        return len(piece)


class _Guarded(io.RawIOBase):
    """The plain bytes of a packed stream; reading stops where they grow too many."""

    def __init__(self, packed: _Counted, packing: str, limits: Limits) -> None:
        super().__init__()
        self._packed = packed
        self._plain = _open(packing, io.BufferedReader(packed, _CHUNK_BYTES))
        self._limits = limits
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._plain.read1(len(buffer))
        buffer[: len(piece)] = piece
        self._count += len(piece)
        check_unpacked(self._packed.count, self._count, self._limits)
        return len(piece)


def _open(packing: str, stream: BinaryIO) -> Any:
    if packing == "gzip":
        return gzip.GzipFile(fileobj=stream, mode="rb")
    if packing == "bzip2":
        return bz2.BZ2File(stream)
    if packing == "xz":
        return _Xz(stream)
    opener = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    return opener.stream_reader(stream, read_across_frames=True)


class _Xz:
    """An xz stream with a bound on the memory that its header may ask for, which ``lzma.LZMAFile`` does not have."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._opener = lzma.LZMADecompressor(memlimit=_XZ_MEMORY_BYTES)

    def read1(self, size: int) -> bytes:
        """Return up to ``size`` plain bytes.

        Raises:
            EOFError: The stream ends early.
            LZMAError: It is broken.
        """
        while True:
            if self._opener.eof:
                rest = (self._opener.unused_data or self._stream.read(_HEAD_BYTES)).lstrip(b"\x00")
                if not rest:
                    return b""
                self._opener = lzma.LZMADecompressor(memlimit=_XZ_MEMORY_BYTES)
                piece = self._opener.decompress(rest, size)
            else:
                packed = self._stream.read(_CHUNK_BYTES) if self._opener.needs_input else b""
                if not packed and self._opener.needs_input:
                    raise EOFError("Compressed file ended before the end-of-stream marker was reached")
                piece = self._opener.decompress(packed, size)
            if piece:
                return piece
