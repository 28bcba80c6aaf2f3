"""A file of a table, plain, gzipped or zipped → its lines, and lines → rows of cells.

Lines that are not UTF-8 are read as Windows-1252, as older tables were written.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import itertools
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from dragoman.errors import InputError

_LONGEST: Final = 1_000_000  # bytes of a line; a longer one is no row of a table
_MOST_BROKEN: Final = 50  # lines that one quoted row may stand on
_TOO_LONG: Final = f"longer than {_LONGEST:,} bytes"


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the file, of a zip with its member, the number in it, and the words without the line feed."""

    file: str
    number: int
    words: str
    is_too_long: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """A row and where it begins; ``wrong`` says why it is none."""

    file: str
    number: int
    cells: list[str]
    wrong: str = ""


def iter_lines(path: Path) -> Generator[Line, None, None]:
    """Yield the lines of a file, of all members of a zip one after the other.

    Raises:
        InputError: The file cannot be read or unpacked.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    if not member.is_dir() and not member.filename.startswith("__MACOSX"):
                        with archive.open(member) as stream:
                            yield from _lines(stream, f"{path}/{member.filename}")
            return
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            yield from _lines(stream, str(path))
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise InputError(f'"{path}" cannot be unpacked: {error}. Fetch it again.') from error
    except (RuntimeError, NotImplementedError) as error:  # what zipfile raises where a member is encrypted
        raise InputError(f'"{path}" cannot be unpacked: {error}. Unpack it first.') from error
    except OSError as error:
        raise InputError(f'"{path}" cannot be read: {error.strerror or error}.') from error


def _lines(stream: IO[bytes] | io.BufferedIOBase, name: str) -> Iterator[Line]:
    for number in itertools.count(1):
        line = stream.readline(_LONGEST)
        if not line:
            return
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(_LONGEST)
            yield Line(name, number, "", is_too_long=True)
            continue
        try:
            words = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            words = line.decode("cp1252", "replace")
        yield Line(name, number, words.removesuffix("\n"))


def iter_tabs(lines: Iterable[Line], width: int | None) -> Iterator[Cells]:
    """Yield the rows of a table with tabs, as publishers write them: quoted as in CSV, or not quoted at all.

    A cell that begins with a quote is quoted when the row then has the right number of cells, if need be with the lines that
    follow; else its quote is a letter like others.

    Args:
        lines: The lines.
        width: Cells of a row; None where the first row, a header, tells.
    """
    waiting = iter(lines)
    pushed: list[Line] = []
    while (line := pushed.pop() if pushed else next(waiting, None)) is not None:
        if line.is_too_long:
            yield Cells(line.file, line.number, [], _TOO_LONG)
            continue
        if not line.words.strip():
            continue
        cells = _plain(line.words)
        if width is None:
            cells = _unquoted(line.words) or cells
            width = len(cells)
        elif '"' in line.words and any(c.startswith('"') for c in cells):
            cells = _quoted(line, width, waiting, pushed)
        yield Cells(line.file, line.number, cells)


def _quoted(line: Line, width: int, waiting: Iterator[Line], pushed: list[Line]) -> list[str]:
    """Return the cells of a row with quotes; lines that were read and do not belong to it are put back."""
    plain = _plain(line.words)
    read: list[Line] = []
    words = line.words
    while True:
        cells = _unquoted(words)
        if cells is not None and len(cells) == width:
            return cells
        # A row that has all its cells as it stands is not carried on: its quotes are letters.
        if len(plain) == width or len(read) >= _MOST_BROKEN or (more := next(waiting, None)) is None:
            pushed += reversed(read)
            return plain
        read.append(more)
        if more.file != line.file or more.is_too_long:
            pushed += reversed(read)
            return plain
        words += "\n" + more.words


def _plain(words: str) -> list[str]:
    return words.removesuffix("\r").split("\t")


def _unquoted(words: str) -> list[str] | None:
    """Return the cells of one row of CSV with tabs, None where its quotes do not close."""
    lines = io.StringIO(words.removesuffix("\r"), newline="\n")
    try:
        rows = list(csv.reader(lines, delimiter="\t", strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def iter_commas(lines: Iterable[Line]) -> Iterator[Cells]:
    """Yield the rows of a table with commas."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    for file, own in itertools.groupby(lines, key=lambda line: line.file):
        source = _Numbered(own)
        reader = csv.reader(source)
        while True:
            start = source.number + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield Cells(file, start, [], str(error))
                continue
            if cells is None:
                break
            if any(cells):
                yield Cells(file, start, cells)


class _Numbered:
    """Gives lines to the reader of CSV and knows how many it gave."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number = line.number
        if line.is_too_long:
            raise csv.Error(_TOO_LONG)
        return line.words + "\n"


def first_rows(path: Path, most: int) -> list[str]:
    """Return the first lines of a file that are not blank.

    Raises:
        InputError: The file cannot be read or unpacked.
    """
    with contextlib.closing(iter_lines(path)) as lines:
        return list(itertools.islice((line.words for line in lines if line.words.strip()), most))
