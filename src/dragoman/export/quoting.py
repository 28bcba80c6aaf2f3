"""CSV with every line break inside a field in quotes, and rows that end with a line feed.

Python's own writer quotes a carriage return only where it is part of the row's end; readers take a bare one for the end of a row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, Final, TextIO

_ENDS: Final = "\r\n"


class RowWriter:
    """Writes rows of cells to a file that was opened with ``newline=""``."""

    def __init__(self, file: TextIO, *, delimiter: str = ",") -> None:
        self._file = file
        self._writer = csv.writer(self, delimiter=delimiter, lineterminator=_ENDS)

    def write(self, row: str) -> int:
        """Write one row as the writer of CSV hands it over, its end replaced."""
        return self._file.write(row.removesuffix(_ENDS) + "\n")

    def writerow(self, cells: Iterable[Any]) -> None:
        """Write a row; None is an empty cell."""
        self._writer.writerow(cells)
