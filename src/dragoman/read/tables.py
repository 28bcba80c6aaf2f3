"""Files of rows → raw articles: JSON lines, JSON documents, CSV.

A broken row is a ``Rejected`` that names file and line; reading goes on after it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from dragoman.read.rows import Given, to_raw
from dragoman.read.streams import Lines, Readable, TooLarge, read_whole
from dragoman.records import RawArticle, Rejected

JSON_FILE_ITEMS = 20  # a JSON document is read whole: it may be as large as this many of the largest articles
_BOM = "\ufeff"


def iter_jsonl(
    stream: Readable, *, name: str, given: Given, max_bytes: int
) -> Iterator[RawArticle | Rejected]:
    """Yield the articles of a file with one JSON object per line; blank lines are passed over."""
    lines = Lines(stream, max_bytes)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except TooLarge as error:
            yield _reject(name, lines.number, "too_large", _say_too_large("the line", error, max_bytes))
            continue
        if line.strip() not in (b"", b"\xef\xbb\xbf"):
            yield _read_line(line, name=name, number=lines.number, given=given)


def _read_line(line: bytes, *, name: str, number: int, given: Given) -> RawArticle | Rejected:
    try:
        row = json.loads(line.rstrip(b"\r\n").decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return _reject(name, number, "not_utf8", f"byte {error.start} of the line is not valid UTF-8")
    except json.JSONDecodeError as error:
        return _reject(name, number, "bad_row", f"not valid JSON at column {error.colno}: {error.msg}")
    except (ValueError, RecursionError) as error:
        return _reject(name, number, "bad_row", f"JSON that cannot be read: {error}")
    return to_raw(row, source=f"{name}:{number}", where=f"{name}, line {number}", given=given)


def iter_json(
    stream: Readable, *, name: str, given: Given, max_bytes: int
) -> Iterator[RawArticle | Rejected]:
    """Yield the articles of a JSON document: one object, or a list of objects."""
    try:
        text = read_whole(stream, JSON_FILE_ITEMS * max_bytes).decode("utf-8-sig")
        document: Any = json.loads(text)
    except TooLarge:
        limit = JSON_FILE_ITEMS * max_bytes
        yield _whole(
            name, "too_large", f"the file is larger than {limit} bytes; write one object per line (.jsonl)"
        )
        return
    except UnicodeDecodeError as error:
        yield _whole(name, "not_utf8", f"byte {error.start} is not valid UTF-8")
        return
    except json.JSONDecodeError as error:
        yield _whole(name, "bad_row", f"line {error.lineno}: not valid JSON: {error.msg}")
        return
    except (ValueError, RecursionError) as error:
        yield _whole(name, "bad_row", f"JSON that cannot be read: {error}")
        return
    if not isinstance(document, list):
        yield to_raw(document, source=name, where=name, given=given)
        return
    for number, row in enumerate(document, 1):
        yield to_raw(row, source=f"{name}:{number}", where=f"{name}, item {number}", given=given)


def iter_csv(stream: Readable, *, name: str, given: Given, max_bytes: int) -> Iterator[RawArticle | Rejected]:
    """Yield the articles of a CSV file whose first row names the columns."""
    # The limit belongs to the csv module as a whole; it is only ever raised, so other readers lose nothing.
    csv.field_size_limit(max(csv.field_size_limit(), max_bytes))
    lines = Lines(stream, max_bytes)
    decoded = _Decoded(lines)
    rows = csv.reader(decoded)
    header: list[str] | None = None
    while True:
        number = lines.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except TooLarge as error:
            yield _reject(name, lines.number, "too_large", _say_too_large("the line", error, max_bytes))
            continue
        except csv.Error as error:
            reason = "too_large" if "field limit" in str(error) else "bad_row"
            yield _reject(name, number, reason, f"not a row of CSV: {error}")
            continue
        if not any(cells):
            continue
        if header is None:
            if (other := _find_delimiter(decoded.first)) != ",":
                rows = csv.reader(decoded, delimiter=other)
                cells = next(csv.reader([decoded.first], delimiter=other))
            header = [cell.strip().removeprefix(_BOM) for cell in cells]
            if not {"text", "html"} & given.columns.find(header, source=name).keys():
                found = ", ".join(f'"{cell[:40]}"' for cell in header[:8])
                told = f'no column is called "text" or "html"; the first row has {found}; name it: --columns text=NAME'
                yield _reject(name, number, "bad_row", told)
                return
            continue
        yield _read_cells(header, cells, name=name, number=number, given=given)


def _find_delimiter(header: str) -> str:
    """Return what separates the cells: a comma, unless the first line has none but tabs, semicolons or bars."""
    if "," in header:
        return ","
    return max("\t;|", key=header.count) if any(mark in header for mark in "\t;|") else ","


class _Decoded:
    """The lines of a CSV file as text; bytes that are not UTF-8 are kept as surrogates, to be told per row."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.first = ""

    def __iter__(self) -> _Decoded:
        return self

    def __next__(self) -> str:
        line = next(self._lines).decode("utf-8", "surrogateescape")
        self.first = self.first if self.first.strip() else line
        return line


def _read_cells(
    header: list[str], cells: list[str], *, name: str, number: int, given: Given
) -> RawArticle | Rejected:
    if len(cells) != len(header):
        detail = f"the row has {len(cells)} columns; the first row has {len(header)}"
        return _reject(name, number, "bad_row", detail)
    for column, cell in zip(header, cells, strict=True):
        if any("\udc80" <= mark <= "\udcff" for mark in cell) if not cell.isascii() else False:
            return _reject(name, number, "not_utf8", f'column "{column}" is not valid UTF-8')
    row = {column: cell or None for column, cell in zip(header, cells, strict=True)}
    return to_raw(row, source=f"{name}:{number}", where=f"{name}, line {number}", given=given)


def _say_too_large(what: str, error: TooLarge, limit: int) -> str:
    return f"{what} has {error.size} bytes; at most {limit} are read"


def _reject(name: str, number: int, reason: str, detail: str) -> Rejected:
    return Rejected(f"{name}:{number}", "read", reason, f"{name}, line {number}: {detail}")


def _whole(name: str, reason: str, detail: str) -> Rejected:
    return Rejected(name, "read", reason, f"{name}: {detail}")
