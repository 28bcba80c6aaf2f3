"""Go through what the caller named: files, folders, standard input.

In: paths. Out: raw articles, one at a time, and a ``Rejected`` for what cannot be read. Paths are checked before the
first article is read, so that a misspelt last path does not cost the run.
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

from dragoman.errors import InputError
from dragoman.read.rows import Given
from dragoman.read.sniff import KINDS, Kind, find_binary, find_kind_by_head, find_kind_by_name
from dragoman.read.streams import Readable, TooLarge, open_plain, read_whole
from dragoman.read.tables import iter_csv, iter_json, iter_jsonl
from dragoman.records import RawArticle, Rejected

MAX_BYTES = 10_000_000  # the largest saved news pages have about 5 MB, most of it scripts
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
_MEDIA_TYPES = {"text": "text/plain", "html": "text/html"}
_TABLES: dict[Kind, Callable[..., Iterator[RawArticle | Rejected]]] = {
    "jsonl": iter_jsonl,
    "json": iter_json,
    "csv": iter_csv,
}


def iter_articles(
    inputs: Sequence[str],
    *,
    outlet: str | None = None,
    published_on: date | None = None,
    published_field: str | None = None,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[RawArticle | Rejected]:
    """Return an iterator over the raw articles of all inputs, in order; folders in order of their names.

    Args:
        inputs: Files, folders, or "-" for standard input. A file whose name does not tell its kind is looked into.
        outlet: The outlet of all articles that do not name their own.
        published_on: The publication date of all articles whose row does not give one.
        published_field: Where ``published_on`` comes from, such as "--published"; kept as evidence.
        stdin: What "-" reads; None for the process's own.
        max_bytes: The size above which an article or a row is rejected as "too_large".

    Raises:
        InputError: An input does not exist, cannot be opened, is a URL, or is a folder without articles.
    """
    given = Given(outlet, published_on, published_field if published_on is not None else None)
    plan: list[Path | None] = []
    for name in inputs:
        plan += [None] if name == "-" else _list_files(name)
    return _iter_plan(plan, given=given, stdin=stdin, max_bytes=max_bytes)


def _list_files(name: str) -> list[Path]:
    """Return the files of an input.

    Raises:
        InputError: There are none, or it cannot be read.
    """
    if _URL.match(name):
        raise InputError(
            f'"{name}" is a URL; reading from the web is not there yet. Save the page and give the file: '
            "dragoman code page.html"
        )
    path = Path(name)
    if not path.exists():
        raise InputError(f'"{name}" does not exist. Give a file, a folder, or "-" for standard input.')
    if not os.access(path, os.R_OK):
        raise InputError(
            f'"{name}" may not be read by this user. Change its permissions, or run as its owner.'
        )
    if not path.is_dir():
        return [path]
    try:
        files = list(_walk(path))
    except OSError as error:
        raise InputError(f'the folder "{error.filename}" cannot be read: {error.strerror}.') from error
    if not files:
        kinds = ", ".join([*KINDS, "each also with .gz"])
        raise InputError(
            f'the folder "{name}" holds no articles. Looked in all its folders for files {kinds}.'
        )
    return files


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the article files of a folder and its folders in order of their names; hidden ones are passed over."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.is_file() and find_kind_by_name(path) is not None:
            yield path


def _iter_plan(
    plan: Sequence[Path | None], *, given: Given, stdin: BinaryIO | None, max_bytes: int
) -> Iterator[RawArticle | Rejected]:
    for path in plan:
        if path is None:
            stream = sys.stdin.buffer if stdin is None else stdin
            yield from _iter_stream(stream, name="stdin", kind=None, given=given, max_bytes=max_bytes)
            continue
        try:
            opened = path.open("rb")
        except OSError as error:
            yield Rejected(
                str(path), "read", "failed", f"{path}: the file cannot be opened: {error.strerror}"
            )
            continue
        with opened:
            kind = find_kind_by_name(path)
            yield from _iter_stream(opened, name=str(path), kind=kind, given=given, max_bytes=max_bytes)


def _iter_stream(
    stream: BinaryIO, *, name: str, kind: Kind | None, given: Given, max_bytes: int
) -> Iterator[RawArticle | Rejected]:
    try:
        head, plain = open_plain(stream)
        if not head.strip(b"\xef\xbb\xbf \t\r\n\f\v"):
            yield Rejected(name, "read", "empty", f"{name}: there is nothing in it")
            return
        if (binary := find_binary(head)) is not None:
            yield Rejected(name, "read", "binary", f"{name}: this is {binary}, not text")
            return
        kind = kind or find_kind_by_head(head)
        if kind in _TABLES:
            yield from _TABLES[kind](plain, name=name, given=given, max_bytes=max_bytes)
        else:
            yield _read_document(plain, name=name, kind=kind, given=given, max_bytes=max_bytes)
    except (EOFError, zlib.error, OSError) as error:
        yield Rejected(name, "read", "failed", f"{name}: reading stopped: {error}")


def _read_document(
    stream: Readable, *, name: str, kind: Kind, given: Given, max_bytes: int
) -> RawArticle | Rejected:
    try:
        body = read_whole(stream, max_bytes)
    except TooLarge:
        return Rejected(name, "read", "too_large", f"{name}: it is larger than {max_bytes} bytes")
    return RawArticle(
        body=body,
        media_type=_MEDIA_TYPES[kind],
        source=name,
        outlet=given.outlet,
        published_on=given.published_on,
        published_field=given.published_field,
    )
