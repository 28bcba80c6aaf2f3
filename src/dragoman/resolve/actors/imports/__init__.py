"""Other people's tables of actors → rows of the user's own table.

``files`` opens a file and tells its format; ``rows`` (CSV), ``petrarch`` and ``wikidata`` each read one format into
``found`` rows and skipped lines; here the rows are checked against the packaged tables and the user's own.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from dragoman.errors import RegistryError
from dragoman.resolve.actors.imports.files import Format, guess_format, iter_files
from dragoman.resolve.actors.imports.found import REASONS, Found, Item, Skipped
from dragoman.resolve.actors.imports.petrarch import States, iter_petrarch
from dragoman.resolve.actors.imports.rows import iter_everypolitician, iter_own_format
from dragoman.resolve.actors.imports.wikidata import iter_wikidata
from dragoman.resolve.actors.own import ActorRow, OwnTable, check_row, make_id
from dragoman.resolve.actors.registry import Entry, Registry
from dragoman.resolve.actors.words import keys, tokenize

__all__ = ["REASONS", "Format", "Importer", "Packaged", "Report", "Skipped", "guess_format", "read_file"]


@dataclass(slots=True)
class Report:
    """What an import did: lines (items of a JSON document) read, rows taken, what was passed over and why."""

    lines: int = 0
    taken: int = 0
    differ: int = 0  # rows taken whose name the packaged tables give to other countries only
    skipped: collections.Counter[str] = field(default_factory=collections.Counter)


class Packaged:
    """What the packaged tables say about names.

    Args:
        registry: The packaged tables alone.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._entries: dict[tuple[str, ...], list[Entry]] = collections.defaultdict(list)
        self.acronyms: set[str] = set()
        for rows in registry.names.values():
            for known, case, entries in rows:
                self._entries[known] += entries
                if case == 2:  # matched in capitals only
                    self.acronyms.add("".join(known).upper())
        self._sectors: dict[str, str | None] = {}
        self.states = {code: state.name for code, state in registry.states.items()}

    def countries(self, name: str) -> set[str | None]:
        """Return the countries that the tables give to a name; empty where they do not have it."""
        return {entry.country for entry in self._entries.get(keys(name), ())}

    def with_id(self, row: ActorRow) -> ActorRow:
        """Return a row with an id: its own, that of the same person in the tables, or one made of country and name."""
        if row.id:
            return row
        same = (
            entry.entity_id
            for entry in self._entries.get(keys(row.name), ())
            if row.kind == entry.kind == "person" and entry.country == row.country
        )
        return replace(row, id=next(same, "") or make_id(row.name, row.country))

    def sector_of(self, words: str) -> str | None:
        """Return the sector of the first role word in the name of an office."""
        if words not in self._sectors:  # the same few offices over and over
            hits = self._registry.find(tokenize(words))
            roles = (hit.role.sector for hit in hits if hit.role is not None and hit.role.sector)
            self._sectors[words] = next(roles, None)
        return self._sectors[words]


def read_file(
    path: Path, format: Format, packaged: Packaged, *, country: str = "", report: Report
) -> Iterator[Item]:
    """Yield the rows of a file and the lines that give none.

    Args:
        path: The file, which may be gzipped, or a tar archive.
        format: What it holds.
        packaged: What the packaged tables say.
        country: For members of a parliament, the country, ISO alpha-3.
        report: Counts the lines that are read.

    Raises:
        InputError: The file cannot be read.
    """
    for name, plain in iter_files(path):
        lines = _counted(plain, report)
        if format == "petrarch":
            states = States(packaged.states, packaged.acronyms, packaged.countries)
            yield from iter_petrarch(lines, file=name, states=states)
        elif format == "wikidata":
            yield from iter_wikidata(lines, file=name, sector_of=packaged.sector_of)
        elif format == "everypolitician":
            yield from iter_everypolitician(lines, file=name, country=country)
        else:
            yield from iter_own_format(lines, file=name)


def _counted(lines: Iterable[str], report: Report) -> Iterator[str]:
    for line in lines:
        report.lines += 1
        yield line


class Importer:
    """Puts found rows into the user's table; the table is not written here.

    Args:
        table: The user's table, which grows.
        packaged: What the packaged tables say.
        keep_known: Whether rows are taken too that the packaged tables have for the same country.
    """

    def __init__(self, table: OwnTable, packaged: Packaged, *, keep_known: bool) -> None:
        self.table = table
        self.report = Report()
        self._packaged = packaged
        self._keep_known = keep_known

    def __call__(self, items: Iterable[Item]) -> Iterator[Item]:
        """Take rows; yield each row that was taken and each line that was passed over, as it comes."""
        for item in items:
            told = self._take(item) if isinstance(item, Found) else item
            if isinstance(told, Skipped):
                self.report.skipped[told.reason] += 1
            yield told

    def _take(self, found: Found) -> Item:
        row = found.row
        known = self._packaged.countries(row.name) if not self._keep_known else set()
        own = row.country or None
        if row.kind != "country" and own in known:
            return self._skip(found, "known", f'"{row.name}" for {row.country or "no country"}')
        row = self._packaged.with_id(row)
        if row.aliases and not self._keep_known:
            aliases = (a for a in row.aliases if own not in self._packaged.countries(a))
            row = replace(row, aliases=tuple(aliases))
        try:
            check_row(row, self._packaged.states, where=f"{found.file}, line {found.line}")
        except RegistryError as error:
            words = str(error).removeprefix(f"{found.file}, line {found.line}: ")
            reason = "bad_date" if "date" in words or "ends on" in words else "bad_value"
            return self._skip(found, reason, words)
        if self.table.holds(row):
            return self._skip(found, "duplicate", f'"{row.name}"')
        self.table.add(row)
        self.report.taken += 1
        if known and own not in known:
            self.report.differ += 1
        return replace(found, row=row)

    def _skip(self, found: Found, reason: str, detail: str) -> Skipped:
        return Skipped(found.file, found.line, reason, detail)
