"""CSV files → rows: tables in Dragoman's own format, and members of parliaments in the format of EveryPolitician."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from dragoman.resolve.actors.imports.found import Found, Item, Skipped, is_utf8
from dragoman.resolve.actors.own import ActorRow, to_row

_MOST_CELL: Final = 1_000_000  # characters of a cell; longer ones are not names


def iter_own_format(lines: Iterable[str], *, file: str) -> Iterator[Item]:
    """Yield the rows of a table as docs/actors.md describes it; columns that it does not name are passed over."""
    for number, cells in _dicts(lines, file):
        if isinstance(cells, Skipped):
            yield cells
            continue
        row = to_row(cells)
        yield Found(file, number, row) if row.name else Skipped(file, number, "no_name")


def iter_everypolitician(lines: Iterable[str], *, file: str, country: str) -> Iterator[Item]:
    """Yield one row per member and term.

    Args:
        lines: The file's lines, undecodable bytes as surrogates.
        file: The file's name for messages.
        country: ISO 3166-1 alpha-3 code of the parliament's country, which the format does not give.

    Source: EveryPolitician, CSV columns id, name, group, chamber, term, start_date, end_date.
    """
    for number, cells in _dicts(lines, file):
        if isinstance(cells, Skipped):
            yield cells
            continue
        name = " ".join(cells.get("name", "").split())
        if not name:
            yield Skipped(file, number, "no_name")
            continue
        days = [_day(cells.get(column, "")) for column in ("start_date", "end_date")]
        if None in days:
            wrong = " ".join(cells.get(column, "") for column in ("start_date", "end_date"))
            yield Skipped(file, number, "bad_date", f'"{name}": {wrong.strip()}')
            continue
        chamber, group = cells.get("chamber", "").strip(), cells.get("group", "").strip()
        office = f"member of {chamber}" if chamber else "member of parliament"
        office += f", {group}" if group and group.lower() not in ("unknown", "independent") else ""
        since, until = (day or "" for day in days)
        yield Found(file, number, ActorRow(name, country, ("LEG",), "person", "", (), since, until, office))


def _day(words: str) -> str | None:
    """Return a day, month or year as it is, None for other words."""
    words = words.strip()
    try:
        if words:
            date.fromisoformat((words + "-01-01")[:10] if len(words) in (4, 7) else words)
    except ValueError:
        return None
    return words


def _dicts(lines: Iterable[str], file: str) -> Iterator[tuple[int, Mapping[str, str] | Skipped]]:
    """Yield line and cells by column of each row, or why the line is passed over."""
    csv.field_size_limit(max(csv.field_size_limit(), _MOST_CELL))
    reader = csv.reader(lines)
    header: list[str] | None = None
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield reader.line_num, Skipped(file, reader.line_num, "bad_row", f"not a row of CSV: {error}")
            continue
        number = reader.line_num
        if cells is None:
            return
        if header is None:
            header = [cell.strip().removeprefix("\ufeff") for cell in cells]
            yield number, Skipped(file, number, "comment", "the header")
        elif not any(cells) or cells[0].startswith("#"):
            yield number, Skipped(file, number, "comment")
        elif len(cells) != len(header):
            detail = f"{len(cells)} cells; the header has {len(header)}"
            yield number, Skipped(file, number, "bad_row", detail)
        elif not all(is_utf8(cell) for cell in cells):
            yield number, Skipped(file, number, "not_utf8")
        else:
            yield number, dict(zip(header, cells, strict=True))
