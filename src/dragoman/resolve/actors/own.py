"""The user's own table of actors: rows in, a CSV file that keeps its comments and unknown columns, whole or not at all.

The file has the format that ``tables`` reads. Every row is checked before anything is written; a file that is written
is one that ``load_registry`` accepts.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, get_args

from dragoman.errors import RegistryError
from dragoman.resolve.actors.registry import Kind
from dragoman.resolve.actors.tables import SECTORS, to_day
from dragoman.resolve.actors.words import POSSESSIVE, keys

KINDS: Final = frozenset(get_args(Kind))
# PLOVER manual 2.0, list of non-state "countries"; the states are those of the packaged table.
SPECIAL: Final = frozenset({"IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"})
COLUMNS: Final = ("id", "name", "country", "sectors", "kind", "aliases", "from", "to", "office")
# Line ends as ``str.splitlines`` knows them and other control characters: none may stand in a cell.
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ActorRow:
    """A row of a table of actors as it is written; ``since`` and ``until`` are YYYY, YYYY-MM, YYYY-MM-DD or empty."""

    name: str
    country: str = ""
    sectors: tuple[str, ...] = ()
    kind: str = "institution"
    id: str = ""
    aliases: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    office: str = ""

    @property
    def entity_id(self) -> str:
        """The id, or the one that a row without an id gets.

        Example:
            >>> ActorRow("Ama Quartey", "GHA").entity_id
            'GHA.ama_quartey'
        """
        return self.id or f"{self.country or 'X'}.{self.name.lower().replace(' ', '_')}"

    def same(self) -> tuple[str, ...]:
        """Return what makes two rows the same row: all but their aliases."""
        sectors = ";".join(self.sectors)
        return (
            self.entity_id,
            self.name,
            self.country,
            sectors,
            self.kind,
            self.since,
            self.until,
            self.office,
        )

    def cells(self) -> dict[str, str]:
        """Return the cells by column."""
        return {
            "id": self.entity_id, "name": self.name, "country": self.country, "sectors": ";".join(self.sectors),
            "kind": self.kind, "aliases": ";".join(self.aliases), "from": self.since, "to": self.until,
            "office": self.office,
        }  # fmt: skip


def make_id(name: str, country: str) -> str:
    """Return the id of a new row: country and words of the name.

    Example:
        >>> make_id("Harbour Workers' League", "GHA"), make_id("Bogotá Chamber", "")
        ('GHA.harbour_workers_league', 'X.bogota_chamber')
    """
    return f"{country or 'X'}.{'_'.join(word for word in keys(name) if word != POSSESSIVE)}"


def to_row(cells: Mapping[str, str]) -> ActorRow:
    """Return the row that cells by column hold; columns that are not there are empty."""

    def cell(column: str) -> str:
        return cells.get(column, "").strip()

    def several(column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in cell(column).split(";") if part.strip())

    return ActorRow(
        cell("name"), cell("country"), several("sectors"), cell("kind") or "institution", cell("id"),
        several("aliases"), cell("from"), cell("to"), cell("office"),
    )  # fmt: skip


@functools.lru_cache(maxsize=4096)
def _bounds(where: str, since: str, until: str) -> tuple[str, str] | None:
    """Return the first and the last day as ISO dates when the second lies before the first."""
    first, last = to_day(where, since, last=False), to_day(where, until, last=True)
    return (first.isoformat(), last.isoformat()) if first and last and last < first else None


def check_row(row: ActorRow, states: Collection[str], *, where: str) -> None:
    """Check that a row can be written and will be read.

    Args:
        row: The row.
        states: Codes of the states, ISO 3166-1 alpha-3 and KOS.
        where: File and line, or what the row is, for the message.

    Raises:
        RegistryError: The name is none, a cell cannot be written, or the country, a sector, the kind or a date is not one.
    """
    if not keys(row.name):
        raise RegistryError(f'{where}: the name "{row.name}" holds no word. Give the actor\'s full name.')
    for cell in (row.name, row.country, row.kind, row.id, row.office, *row.sectors, *row.aliases):
        if _CONTROL.search(cell):
            raise RegistryError(f"{where}: {cell!r} holds a line end or a control character. Leave it out.")
    if row.name.startswith("#") or row.id.startswith("#"):
        raise RegistryError(
            f'{where}: "{row.name}": a row that begins with "#" would be a comment. Leave it out.'
        )
    if any(";" in alias for alias in row.aliases):
        raise RegistryError(f"{where}: an alias cannot hold a semicolon, which separates aliases.")
    if row.kind not in KINDS:
        raise RegistryError(f'{where}: "{row.kind}" is not a kind. Kinds are {", ".join(sorted(KINDS))}.')
    if row.country and row.country not in states and row.country not in SPECIAL:
        raise RegistryError(
            f'{where}: "{row.country}" is not a country. Use an ISO 3166 alpha-3 code such as "IRN", or KOS, IGO, UNO, '
            f"EUR, NGO, ISM, IMG or MNC."
        )
    for sector in row.sectors:
        if sector not in SECTORS:
            raise RegistryError(
                f'{where}: "{sector}" is not a sector. Sectors are {", ".join(sorted(SECTORS))}.'
            )
    if (row.since or row.until) and (wrong := _bounds_of(row, where)):
        raise RegistryError(
            f'{where}: the row of "{row.name}" ends on {wrong[1]}, before it begins on {wrong[0]}. Swap "from" and "to".'
        )


def _bounds_of(row: ActorRow, where: str) -> tuple[str, str] | None:
    try:
        return _bounds("", row.since, row.until)
    except RegistryError as error:
        raise RegistryError(f"{where}{error}") from error


@dataclass(slots=True)
class _Record:
    """One piece of the file: a row or a comment, with its own letters; ``text`` is empty for a new row."""

    text: str
    cells: list[str] | None  # None for a comment or a blank line
    line: int = 0


@dataclass(slots=True)
class OwnTable:
    """The user's table in memory; ``write`` puts it back."""

    path: Path
    header: list[str] = field(default_factory=lambda: list(COLUMNS))
    _records: list[_Record] = field(default_factory=list)
    _known: set[tuple[str, ...]] = field(default_factory=set)
    _before: bytes | None = None  # None where there is no file yet
    _end: str = "\n"

    def rows(self) -> list[tuple[int, ActorRow]]:
        """Return line and row of each row, in order; a row that was not written yet has line 0."""
        return [(r.line, self._row(r)) for r in self._records if r.cells is not None]

    def find(self, entity_id: str) -> list[ActorRow]:
        """Return the rows with an id, in order."""
        return [row for _, row in self.rows() if row.entity_id == entity_id]

    def holds(self, row: ActorRow) -> bool:
        """Return whether the table has a row that says the same, aliases aside."""
        return row.same() in self._known

    def add(self, row: ActorRow) -> None:
        """Add a checked row at the end.

        Raises:
            RegistryError: The table has the same row; its line is named.
        """
        if self.holds(row):
            line = next((n for n, other in self.rows() if other.same() == row.same()), 0)
            raise RegistryError(
                f'{self.path}, line {line}: "{row.name}" is there already with the same country, sectors and dates. '
                f"Change it: dragoman actors correct {row.entity_id}"
            )
        self._known.add(row.same())
        self._records.append(_Record("", self._cells(row)))

    def replace(self, entity_id: str, rows: Iterable[ActorRow]) -> None:
        """Put checked rows in the place of those with an id, or at the end where there are none.

        A row takes over the unknown columns of the row at the same place among those of the id.
        """
        new, at = list(rows), 0
        kept: list[_Record] = []
        for record in self._records:
            if record.cells is None or self._row(record).entity_id != entity_id:
                kept.append(record)
            elif at < len(new):
                kept.append(_Record("", self._cells(new[at], record.cells)))
                at += 1
        self._records = [*kept, *(_Record("", self._cells(row)) for row in new[at:])]
        self._known = {row.same() for _, row in self.rows()}

    def remove(self, entity_id: str) -> int:
        """Remove the rows with an id and return how many there were."""
        before = len(self.find(entity_id))
        self.replace(entity_id, ())
        return before

    def write(self) -> None:
        """Write the file whole or not at all, with the same permissions as before.

        Raises:
            RegistryError: It cannot be written, or another program changed it since it was read.
        """
        path = self.path.resolve()
        if (path.read_bytes() if path.exists() else None) != self._before:
            raise RegistryError(
                f'"{self.path}" was changed by another program meanwhile. Run the command again.'
            )
        data = self._text().encode()
        if self._before is not None and self._before.startswith(b"\xef\xbb\xbf"):
            data = b"\xef\xbb\xbf" + data
        write_whole(path, data)
        self._before = data

    def _row(self, record: _Record) -> ActorRow:
        return to_row(dict(zip(self.header, record.cells or (), strict=False)))

    def _cells(self, row: ActorRow, old: Sequence[str] = ()) -> list[str]:
        """Return a row's cells in the order of the header, which grows by what the row needs."""
        cells = row.cells()
        absent = [column for column in cells if column not in self.header]
        if absent:
            usual = {
                "kind": "institution",
                "id": replace(row, id="").entity_id,
            }  # what an absent column means
            for column in absent:
                if cells[column] and cells[column] != usual.get(column):
                    self._widen(column)
        own = dict(zip(self.header, old, strict=False))
        return [cells.get(column, own.get(column, "")) for column in self.header]

    def _widen(self, column: str) -> None:
        """Add an empty column to the header and to every row."""
        self.header.append(column)
        for record in self._records:
            if record.cells is not None:
                record.cells.append("")
                if record.text:
                    body = record.text.rstrip("\r\n")
                    record.text = body + "," + record.text[len(body) :]

    def _text(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator=self._end)
        writer.writerow(self.header)
        for record in self._records:
            if record.cells is not None and not record.text:
                writer.writerow(record.cells)
                continue
            out.write(record.text if record.text.endswith(("\n", "\r")) else record.text + self._end)
        return out.getvalue()


def read_own(path: Path) -> OwnTable:
    """Return the user's table, an empty one where there is no file yet.

    Raises:
        RegistryError: The file cannot be read, or a row has too few or too many cells; file and line are named.
    """
    table = OwnTable(path)
    if not path.exists():
        return table
    try:
        table._before = path.read_bytes()
        text = table._before.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(
            f'the actor table "{path}" cannot be read: {error}. Give a CSV file in UTF-8.'
        ) from error
    if not text.strip():
        return table
    lines = text.splitlines(keepends=True)
    table._end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    reader = csv.reader(line.rstrip("\r\n") for line in lines)
    table.header = _next(reader, path) or []
    if "name" not in table.header:
        raise RegistryError(f'{path}, line 1: the header must name the column "name"; got {table.header}.')
    before = reader.line_num
    while (cells := _next(reader, path)) is not None:
        text = "".join(lines[before : reader.line_num])
        if not cells or cells[0].startswith("#"):
            table._records.append(_Record(text, None, before + 1))
        elif len(cells) != len(table.header):
            raise RegistryError(
                f"{path}, line {reader.line_num}: expected {len(table.header)} cells ({', '.join(table.header)}); "
                f"got {len(cells)}. Put double quotes round a cell that holds a comma."
            )
        else:
            table._records.append(_Record(text, cells, reader.line_num))
        before = reader.line_num
    table._known = {row.same() for _, row in table.rows()}
    return table


def _next(reader: Iterable[list[str]], path: Path) -> list[str] | None:
    try:
        return next(iter(reader), None)
    except csv.Error as error:
        raise RegistryError(f'the actor table "{path}" is not CSV: {error}.') from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that was there keeps its permissions.

    Raises:
        RegistryError: It cannot be written.
    """
    part: str | None = None
    try:
        number, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        else:
            Path(part).chmod(0o666 & ~_umask())
        Path(part).replace(path)
    except OSError as error:
        if part is not None:
            with contextlib.suppress(OSError):
                Path(part).unlink(missing_ok=True)
        raise RegistryError(
            f'"{path}" cannot be written: {error.strerror or error}. Give another file.'
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
