"""Go through what the caller named: files, folders, archives, addresses, standard input.

In: paths and URLs. Out: raw articles, one at a time, and a ``Rejected`` for what cannot be read. What a file begins with
counts for more than what it is called.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from dragoman.read import mail, pdf, web
from dragoman.read.columns import Columns
from dragoman.read.folders import STDIN, Named, list_inputs
from dragoman.read.limits import MAX_BYTES, Limits, Refused, check_unpacked
from dragoman.read.meter import Meter
from dragoman.read.parquet import iter_parquet
from dragoman.read.rows import Given
from dragoman.read.sniff import (
    Kind,
    find_binary,
    find_kind_by_head,
    find_kind_by_magic,
    find_kind_by_name,
)
from dragoman.read.streams import Readable, Replayed, TooLarge, find_first_line, read_whole
from dragoman.read.tables import iter_csv, iter_json, iter_jsonl
from dragoman.read.unpack import BROKEN, open_unpacked, read_head
from dragoman.read.warc import iter_warc
from dragoman.read.zips import iter_members, open_zip
from dragoman.records import RawArticle, Rejected

_Found = Iterator[RawArticle | Rejected]
_MEDIA_TYPES = {"text": "text/plain", "html": "text/html"}
_TABLES: dict[Kind, Callable[..., _Found]] = {
    "jsonl": iter_jsonl,
    "json": iter_json,
    "csv": iter_csv,
}
_URL_LINE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:https?://|#)", re.IGNORECASE)
_COPY_BYTES = 1 << 20
_HELD_BYTES = 1 << 24  # a stream that must be searched is held in memory up to this, on disk above


@dataclass(frozen=True)
class Reading:
    """How inputs are read; ``fetcher`` makes what fetches URLs, once, when there is one to fetch."""

    columns: Mapping[str, str] = field(default_factory=dict)
    limits: Limits | None = None
    meter: Meter | None = None
    fetcher: Callable[[], Any] | None = None


def iter_articles(
    inputs: Sequence[str],
    *,
    outlet: str | None = None,
    published_on: date | None = None,
    published_field: str | None = None,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
    reading: Reading | None = None,
) -> _Found:
    """Return an iterator over the raw articles of all inputs, in order; folders in order of their names.

    Args:
        inputs: Files, folders, URLs, "@FILE" for a list of these, or "-" for standard input. A file whose name does not
            tell its kind is looked into.
        outlet: The outlet of all articles that do not name their own.
        published_on: The publication date of all articles whose row does not give one.
        published_field: Where ``published_on`` comes from, such as "--published"; kept as evidence.
        stdin: What "-" reads; None for the process's own.
        max_bytes: The size above which an article or a row is rejected as "too_large".
        reading: Columns, limits, and who watches; None for the defaults.

    Raises:
        InputError: An input does not exist, cannot be opened, or is a folder without articles.
    """
    how = reading or Reading()
    meter = how.meter or Meter()
    given = Given(
        outlet,
        published_on,
        published_field if published_on is not None else None,
        Columns(how.columns, meter.tell),
    )
    stream = sys.stdin.buffer if stdin is None else stdin
    reader = _Reader(
        given=given,
        limits=how.limits or Limits(max_bytes),
        meter=meter,
        stdin=stream,
        make_fetcher=how.fetcher,
    )
    return reader.iter_plan(list_inputs(inputs, meter=meter, stdin=stream))


@dataclass
class _Reader:
    """Reads the items of one run; holds what fetches URLs, from the first one to the end."""

    given: Given
    limits: Limits
    meter: Meter
    stdin: BinaryIO
    make_fetcher: Callable[[], Any] | None
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _fetcher: Any = None

    def iter_plan(self, plan: Sequence[Named | Rejected]) -> _Found:
        """Yield what the items of a plan hold, in order."""
        with self._open:
            for item in plan:
                if isinstance(item, Rejected):
                    yield item
                elif item.is_url:
                    yield from web.iter_url(
                        item.name, self._fetch(), **self._told(), other=self._iter_fetched
                    )
                elif item.name == STDIN:
                    yield from self._iter_stream(self.stdin, name="stdin", kind=None)
                else:
                    yield from self._iter_path(Path(item.name))

    def _fetch(self) -> Any:
        if self._fetcher is None:
            self._fetcher = self._open.enter_context((self.make_fetcher or web.Fetcher)())
        return self._fetcher

    def _told(self) -> dict[str, Any]:
        g = self.given
        return {"outlet": g.outlet, "published_on": g.published_on, "published_field": g.published_field}

    def _iter_fetched(self, fetched: Any) -> _Found:
        """Yield what an address holds that is no page: a table, a report, an archive."""
        kind = find_kind_by_name(PurePosixPath(str(fetched.url).split("?", 1)[0].split("#", 1)[0]))
        yield from self._iter_stream(io.BytesIO(fetched.body), name=fetched.url, kind=kind)

    def _iter_path(self, path: Path) -> _Found:
        try:
            opened = path.open("rb")
            size = path.stat().st_size
        except OSError as error:
            told = f"{path}: the file cannot be opened: {error.strerror}"
            yield Rejected(str(path), "read", "failed", told)
            return
        with opened:
            self.meter.begin(opened, size)
            yield from self._iter_stream(opened, name=str(path), kind=find_kind_by_name(path))
            self.meter.end()

    def _iter_stream(
        self, stream: BinaryIO, *, name: str, kind: Kind | None, is_member: bool = False
    ) -> _Found:
        """Yield what a stream holds, or the reason why nothing can be read."""
        try:
            yield from self._read_stream(stream, name=name, kind=kind, is_member=is_member)
        except Refused as error:
            yield Rejected(name, "read", error.reason, f"{name}: {error.detail}")
        except BROKEN as error:
            yield Rejected(name, "read", "failed", f"{name}: reading stopped: {error}")

    def _read_stream(self, stream: BinaryIO, *, name: str, kind: Kind | None, is_member: bool) -> _Found:
        head = read_head(stream)
        packed: BinaryIO = Replayed(head, stream)  # type: ignore[assignment]
        if kind == "warc" or find_kind_by_magic(head) == "warc":
            # The library unpacks archives itself, record by record; it needs to ask for positions, not much else.
            yield from self._iter_warc(stream, head, name=name)
            return
        first, plain = find_first_line(open_unpacked(packed, limits=self.limits))
        proved = find_kind_by_magic(first)
        if proved is None and not first.strip(b"\xef\xbb\xbf \t\r\n\f\v"):
            yield Rejected(name, "read", "empty", f"{name}: there is nothing in it")
        elif proved is None and (binary := find_binary(first)) is not None:
            yield Rejected(name, "read", "binary", f"{name}: this is {binary}, not text")
        elif proved == "zip" and is_member:
            raise Refused("nested", "it is an archive inside an archive; unpack it once")
        elif proved in ("zip", "parquet", "pdf", "warc"):
            yield from self._iter_binary(proved, plain, stream, name=name)
        elif kind in ("zip", "parquet", "pdf"):
            raise Refused("failed", f"the name says {kind}, its first bytes do not")
        else:
            yield from self._iter_text(kind or find_kind_by_head(first), plain, first, name=name)

    def _iter_text(self, kind: Kind, plain: Readable, head: bytes, *, name: str) -> _Found:
        limits = self.limits
        if kind in _TABLES:
            yield from _TABLES[kind](plain, name=name, given=self.given, max_bytes=limits.max_bytes)
        elif kind == "mbox":
            yield from mail.iter_mbox(plain, name=name, given=self.given, limits=limits)
        elif kind == "text" and _URL_LINE.match(head) and web.is_url_list(head):
            body = self._read_body(plain, limits.max_bytes).decode("utf-8", "replace")
            yield from web.iter_urls(body.splitlines(), self._fetch(), **self._told())
        elif kind == "mail":
            body_bytes = self._read_body(plain, limits.max_bytes)
            yield mail.to_article(body_bytes, source=name, where=name, given=self.given)
        else:
            body_bytes = self._read_body(plain, limits.max_bytes)
            yield RawArticle(body=body_bytes, media_type=_MEDIA_TYPES[kind], source=name, **self._told())

    def _iter_binary(self, kind: Kind, plain: Readable, stream: BinaryIO, *, name: str) -> _Found:
        if kind == "pdf":
            limit = pdf.PDF_ITEMS * self.limits.max_bytes
            body = self._read_body(plain, limit)
            yield pdf.to_article(body, source=name, given=self.given, max_bytes=self.limits.max_bytes)
            return
        if kind == "warc":
            archive: Any = plain
            yield from iter_warc(archive, name=name, given=self.given, limits=self.limits, meter=self.meter)
            return
        with contextlib.ExitStack() as held:
            file = _searchable(plain, stream, self.limits, held)
            if kind == "zip":
                yield from self._iter_zip(file, name=name)
            else:
                yield from iter_parquet(_path_of(file, held), name=name, given=self.given, limits=self.limits)

    def _iter_zip(self, file: BinaryIO, *, name: str) -> _Found:
        with open_zip(file, self.limits) as archive:
            for member, stream in iter_members(archive, self.limits):
                source = f"{name}!{member}"
                path = PurePosixPath(member)
                if isinstance(stream, Refused):
                    yield Rejected(source, "read", stream.reason, f"{source}: {stream.detail}")
                elif (kind := find_kind_by_name(path)) is None:
                    self.meter.pass_over(
                        f"{path.suffix.lower()} members" if path.suffix else "members without ending"
                    )
                    stream.close()
                else:
                    yield from self._iter_stream(stream, name=source, kind=kind, is_member=True)
                    stream.close()

    def _iter_warc(self, stream: BinaryIO, head: bytes, *, name: str) -> _Found:
        if not head:
            yield Rejected(name, "read", "empty", f"{name}: there is nothing in it")
            return
        archive: Any = Replayed(head, stream)
        if isinstance(stream, io.IOBase) and stream.seekable():
            stream.seek(0)
            archive = stream
        yield from iter_warc(archive, name=name, given=self.given, limits=self.limits, meter=self.meter)

    def _read_body(self, plain: Readable, limit: int) -> bytes:
        try:
            return read_whole(plain, limit)
        except TooLarge:
            raise Refused("too_large", f"it is larger than {limit} bytes") from None


def _searchable(plain: Readable, stream: BinaryIO, limits: Limits, held: contextlib.ExitStack) -> BinaryIO:
    """Return a file whose parts can be read in any order: the input itself, or a copy of its bytes."""
    if isinstance(stream, io.BufferedReader) and stream.seekable():
        stream.seek(0)
        if find_kind_by_magic(stream.peek(8)) is not None:
            return stream
        stream.seek(0)
        plain = open_unpacked(stream, limits=limits)
    copy: Any = held.enter_context(tempfile.SpooledTemporaryFile(_HELD_BYTES))  # noqa: SIM115
    size = 0
    while piece := plain.read(_COPY_BYTES):
        size += len(piece)
        check_unpacked(size, size, limits)
        copy.write(piece)
    copy.seek(0)
    return copy  # type: ignore[no-any-return]


def _path_of(file: BinaryIO, held: contextlib.ExitStack) -> Path:
    """Return the path of an open file, or that of a copy."""
    if isinstance(file, io.BufferedReader) and isinstance(file.name, str):
        return Path(file.name)
    named = held.enter_context(tempfile.NamedTemporaryFile(suffix=".parquet"))  # noqa: SIM115
    while piece := file.read(_COPY_BYTES):
        named.write(piece)
    named.flush()
    return Path(named.name)
