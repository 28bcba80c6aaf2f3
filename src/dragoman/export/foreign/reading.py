"""A file of a foreign table → rows for the store; lines that give none are counted by reason, the first of them kept to be told.

The layout is known by the header, or by the number of columns and the first rows where there is none. A file that fits none is
refused before a row of it is given.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dragoman.errors import InputError
from dragoman.export.foreign import gdelt, icews, phoenix, polecat
from dragoman.export.foreign.cells import Layout, NoRow
from dragoman.export.foreign.lines import Cells, Line, first_rows, iter_commas, iter_lines, iter_tabs

DATASETS: Final[Mapping[str, Sequence[Layout]]] = {
    "gdelt": gdelt.LAYOUTS, "icews": icews.LAYOUTS, "polecat": polecat.LAYOUTS, "phoenix": phoenix.LAYOUTS,
}  # fmt: skip
_LOOKED_AT: Final = 20  # first rows of a file without a header, one of which must be of the table
_TOLD: Final = 5  # lines that are told of each reason


@dataclass(slots=True)
class Report:
    """What became of the lines of a file; its caller owns and reads it."""

    layout: str = ""
    rows: int = 0
    skipped: collections.Counter[str] = field(default_factory=collections.Counter)
    told: dict[str, list[str]] = field(
        default_factory=dict
    )  # reason → "file:line: detail", the first of them

    @property
    def kept(self) -> int:
        """How many rows give an event."""
        return self.rows - self.skipped.total()

    def skip(self, row: Cells, reason: str, detail: str) -> None:
        """Count a row that gives no event."""
        self.skipped[reason] += 1
        own = self.told.setdefault(reason, [])
        if len(own) < _TOLD:
            own.append(f"{row.file}:{row.number}" + (f": {detail}" if detail else ""))


def check_file(path: Path, dataset: str) -> Layout:
    """Return the layout of a file.

    Raises:
        InputError: The file cannot be read, is empty, or is no table of the dataset.
    """
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f'"{path}" {what}. Give a file of {dataset}.')
    first = first_rows(path, _LOOKED_AT)
    if not first:
        raise InputError(f'"{path}" is empty. Give a file of {dataset}.')
    for layout in DATASETS[dataset]:
        if _fits(first, layout):
            return layout
    found = first[0].count("\t") + 1
    expected = ", ".join(dict.fromkeys(f"{layout.name} ({_say(layout)})" for layout in DATASETS[dataset]))
    other = [name for name, layouts in DATASETS.items() if any(_fits(first, one) for one in layouts)]
    hint = f" It looks like {other[0]}: dragoman foreign import {other[0]} {path}" if other else ""
    raise InputError(
        f'"{path}" is no table of {dataset}: its first line has {found} cells between tabs. Expected: {expected}.{hint}'
    )


def _say(layout: Layout) -> str:
    between = "commas" if layout.has_commas else "tabs"
    header = "a header with all its columns" if layout.has_header else "no header"
    return f"{len(layout.columns)} columns between {between}, {header}"


def _fits(first: Sequence[str], layout: Layout) -> bool:
    rows = [words.removesuffix("\r") for words in first]
    if layout.has_header:
        names = _header(rows[0], layout)
        return set(layout.columns) <= set(names)
    for row in rows:
        cells = row.split("\t")
        if len(cells) == len(layout.columns):
            try:
                layout.read(dict(zip(layout.columns, cells, strict=True)))
            except NoRow as error:
                if error.reason in ("no_type", "no_sides"):
                    return True
            else:
                return True
    return False


def _header(words: str, layout: Layout) -> list[str]:
    between = "," if layout.has_commas else "\t"
    return [name.strip().strip('"') for name in words.split(between)]


def iter_foreign(path: Path, dataset: str, report: Report) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file for the store, and count in the report what gives none.

    Raises:
        InputError: The file cannot be read, is empty, or is no table of the dataset.
    """
    layout = check_file(path, dataset)
    report.layout = layout.name
    for file, lines in itertools.groupby(iter_lines(path), key=lambda line: line.file):
        columns: Sequence[str] = layout.columns
        for n, row in enumerate(_cut(lines, layout)):
            if n == 0 and layout.has_header:
                columns = [name.strip() for name in row.cells]
                if not set(layout.columns) <= set(columns):
                    raise InputError(
                        f'"{file}" has not the header of {layout.name}, as the files before it have. Unpack it.'
                    )
                continue
            report.rows += 1
            found = _row(row, columns, layout, report)
            if found is not None:
                yield {**found, "file": file, "line": row.number}


def _cut(lines: Iterable[Line], layout: Layout) -> Iterator[Cells]:
    if layout.has_commas:
        return iter_commas(lines)
    return iter_tabs(lines, None if layout.has_header else len(layout.columns))


def _row(row: Cells, columns: Sequence[str], layout: Layout, report: Report) -> dict[str, Any] | None:
    if row.wrong or len(row.cells) != len(columns):
        report.skip(row, "bad_row", row.wrong or f"{len(row.cells)} cells, expected {len(columns)}")
        return None
    try:
        return layout.read(dict(zip(columns, row.cells, strict=True)))
    except NoRow as error:
        report.skip(row, error.reason, error.detail)
        return None
