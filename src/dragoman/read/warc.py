"""Web archives (WARC, also packed with gzip or zstd) → raw articles, record by record, nothing unpacked to disk.

In: a stream of records. Out: the HTML pages that answered with status 200, with address, time and digest kept; what is
of another kind is counted and passed over. A broken or truncated record is a rejection of its own, and in a file that
can be searched reading goes on behind it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from dragoman.read.limits import Limits
from dragoman.read.meter import Meter
from dragoman.read.rows import Given
from dragoman.read.web.body import BodyRefused, read_body
from dragoman.records import RawArticle, Rejected

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_SEARCH_BYTES = 1 << 20
_OVERLAP = 16
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})(?:;[^\r\n]{0,200})?\r\n")
MOST_BREAKS = 1000  # a file with more broken places is not worth the search
# Where a record may begin behind a broken one: a member of a gzip file, a frame of a zstd file, or its first line.
_BEGINNINGS = re.compile(rb"\x1f\x8b\x08[\x00\x04]|\x28\xb5\x2f\xfd|WARC/1\.[01]\r\n")


def iter_warc(
    stream: BinaryIO, *, name: str, given: Given, limits: Limits, meter: Meter
) -> Iterator[RawArticle | Rejected]:
    """Yield the articles of a web archive; ``source`` is "path:position of the record".

    Args:
        stream: The archive; one that cannot be searched ends at its first broken record.
        name: What to call it.
        given: What holds for all articles.
        limits: The largest page.
        meter: Counts what is passed over.
    """
    source = stream if isinstance(stream, io.IOBase) and stream.seekable() else _Counted(stream)
    start = 0
    for _ in range(MOST_BREAKS):
        reached = start
        try:
            if start:
                source.seek(start)
            for record in _records(source):
                reached = record.stream_pos
                found = _read(record, f"{name}:{reached}", given=given, limits=limits, meter=meter)
                if found is not None:
                    yield found
            return
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        # The library raises OSError on broken bytes, others where headers break the rules, and where it fails itself
        # an exception that is no Exception.
        except BaseException as error:
            told = f"{name}, behind byte {reached}: a broken record: {error}"
            yield Rejected(f"{name}:after:{reached}", "read", "bad_record", told)
        following = _find_beginning(source, reached + 1) if source is stream else None
        if following is None:
            return
        start = following


def _records(stream: Any) -> Iterator[Any]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    return iter(ArchiveIterator(
        stream, record_types=WarcRecordType.response, parse_http=False, strict_mode=False
    ))  # fmt: skip


class _Counted:
    """A stream that cannot be searched and tells where it is, as the library asks."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes."""
        piece: bytes = self._stream.read(size)
        self._at += len(piece)
        return piece

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Refuse, but for the place where the stream is."""
        if whence == 0 and offset == self._at:
            return offset
        raise OSError("the stream cannot be searched")


def _read(
    record: Any, source: str, *, given: Given, limits: Limits, meter: Meter
) -> RawArticle | Rejected | None:
    """Return what a record holds: an article, a rejection, or None for what is no page."""
    record.parse_http(strict_mode=False)
    http = record.http_headers
    if http is None or http.status_code != 200 or record.http_content_type not in _HTML:
        meter.pass_over(_kind_of(record))
        return None
    headers, answer = _to_dict(record.headers), _to_dict(http)
    url = headers.get("warc-target-uri")
    where = f"{source} ({url})"
    body = record.reader.read(min(record.content_length, limits.max_bytes) + 1)
    if len(body) > limits.max_bytes:
        told = f"{where}: the page is larger than {limits.max_bytes} bytes"
        return Rejected(source, "read", "too_large", told)
    cut = headers.get("warc-truncated")
    if cut or len(body) < record.content_length:
        told = f"{where}: the page ends early ({cut or f'{len(body)} of {record.content_length} bytes'})"
        return Rejected(source, "read", "truncated", told)
    try:
        body = _unpacked(body, answer, limits)
    except BodyRefused as error:
        return Rejected(source, "read", error.reason, f"{where}: {error.detail}")
    if not body or body.isspace():
        return Rejected(source, "read", "empty", f"{where}: there is nothing in it")
    return RawArticle(
        body=body,
        media_type="text/html",
        source=source,
        url=url.strip("<>") if url else None,
        outlet=given.outlet,
        published_on=given.published_on,
        published_field=given.published_field,
        fetched_at=_fetched_at(record),
        charset=record.http_charset,
        notes=_notes(headers),
    )


def _to_dict(headers: Any) -> dict[str, str]:
    """Return headers by their names in lower case; asking the library for one at a time takes as long as unpacking."""
    return {name.lower(): value for name, value in headers.to_dict().items()}


def _unpacked(body: bytes, answer: Mapping[str, str], limits: Limits) -> bytes:
    """Return a page without its encodings; some archives keep the headers of those they have undone.

    Raises:
        BodyRefused: It is broken, or unpacks too far.
    """
    if "transfer-encoding" in answer and _CHUNK.match(body):
        body = _dechunk(body)
    encoding = answer.get("content-encoding") or ""
    if not encoding or (encoding.strip().lower() in ("gzip", "x-gzip") and not body.startswith(b"\x1f\x8b")):
        return body
    return read_body([body], encoding, max_bytes=limits.max_bytes, max_ratio=limits.max_ratio)


def _dechunk(body: bytes) -> bytes:
    """Return the bytes of a body sent in chunks.

    Raises:
        BodyRefused: It ends early.

    Source:
        RFC 9112, section 7.1.
    """
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found.group(1), 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[found.end() : found.end() + size])
        at = found.end() + size + 2
    raise BodyRefused("truncated", "the page ends early (its last chunk is missing)")


def _kind_of(record: Any) -> str:
    status = record.http_headers.status_code if record.http_headers is not None else None
    if status is None:
        return "responses that are no HTTP"
    return (
        f"responses of status {status}"
        if status != 200
        else f"{record.http_content_type or 'untyped'} responses"
    )


def _fetched_at(record: Any) -> datetime | None:
    try:
        at = record.record_date
    except (ValueError, OverflowError):
        return None
    return at if isinstance(at, datetime) else None


def _notes(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return what identifies the page in its archive: record id and digest."""
    named = (("record", "warc-record-id"), ("digest", "warc-payload-digest"))
    return tuple(f"archive {word} {value}" for word, key in named if (value := headers.get(key)))


def _find_beginning(stream: BinaryIO, start: int) -> int | None:
    """Return where the next record may begin, or None where there is none or the stream cannot be searched."""
    if not stream.seekable():
        return None
    stream.seek(start)
    position, rest = start, b""
    while piece := stream.read(_SEARCH_BYTES):
        held = rest + piece
        if found := _BEGINNINGS.search(held):
            return position + found.start()
        rest = held[-_OVERLAP:]
        position += len(held) - len(rest)
    return None
