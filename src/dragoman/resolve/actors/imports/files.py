"""Open a file to import: plain, gzip, or a tar archive of dictionaries; and tell its format from what it holds."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final, Literal

from dragoman.errors import InputError, UsageError

Format = Literal["csv", "wikidata", "petrarch", "everypolitician"]
_GZIP: Final = b"\x1f\x8b"
_LOOKED_AT: Final = 500  # lines that a guess looks at
_EVERYPOLITICIAN: Final = frozenset({"name", "sort_name", "group", "term"})


def iter_files(path: Path) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield name and lines of a file, or of each file in a tar archive; bytes that are not UTF-8 become surrogates.

    The lines of a file must be read before the next file is asked for.

    Raises:
        InputError: It cannot be read, or is a broken archive.
    """
    try:
        if path.is_dir():
            raise InputError(f'"{path}" is a folder. Give a file.')
        if tarfile.is_tarfile(path):
            with tarfile.open(path) as archive:
                for member in archive:
                    stream = archive.extractfile(member) if member.isfile() else None
                    if stream is not None:
                        with _text(stream) as text:
                            yield f"{path}/{member.name}", _guarded(text, path)
            return
        with path.open("rb") as plain:
            packed = plain.read(2) == _GZIP
            plain.seek(0)
            unpacked: IO[bytes] = gzip.GzipFile(fileobj=plain) if packed else plain  # type: ignore[assignment]
            with _text(unpacked) as text:
                yield str(path), _guarded(text, path)
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        if isinstance(error, InputError):
            raise
        words = getattr(error, "strerror", None) or error
        raise InputError(f'"{path}" cannot be read: {words}.') from error


def _text(stream: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")


def _guarded(lines: Iterable[str], path: Path) -> Iterator[str]:
    """Yield lines without carriage returns; a file that ends too early or is damaged is told with its name."""
    try:
        for line in lines:
            yield line[:-2] + "\n" if line.endswith("\r\n") else line
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f'"{path}" cannot be read: {error}.') from error


def guess_format(path: Path) -> Format:
    """Return the format that a file is in, from its first lines.

    Raises:
        InputError: It cannot be read.
        UsageError: It is none of the formats.
    """
    with contextlib.closing(iter_files(path)) as files:  # type: ignore[type-var]
        for _, lines in files:
            head = [line for _, line in zip(range(_LOOKED_AT), lines, strict=False)]
            if found := _guess(head):
                return found
    raise UsageError(
        f'the format of "{path}" cannot be told from what it holds. Give --format csv, wikidata, petrarch or everypolitician.'
    )


def _guess(head: list[str]) -> Format | None:
    first = next((line for line in head if line.strip()), "")
    if re.match(r"\s*(?:\{|\[\s*(?:\{|$))", first):
        return "wikidata"
    columns = {cell.strip() for cell in next(csv.reader([first]), [])}
    if columns >= _EVERYPOLITICIAN:
        return "everypolitician"
    if "name" in columns:
        return "csv"
    # A name in capitals, or a blank, then a code in brackets.
    return "petrarch" if any(re.search(r"\[[~A-Z-]{3}[A-Z]*[ \]]", line) for line in head) else None
