"""Who a name stands for: every row of the tables that has it as an alias, where the row stands, and which one counts.

In: a name and a day. Out: ``Candidate``s, the one that counts first. The order is that of ``compose``: the user's own
rows, then rows that hold on the day, then, in an article, the country that it writes about; else the order of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from dragoman.resolve.actors.own import ActorRow, to_row
from dragoman.resolve.actors.registry import Entry, Registry
from dragoman.resolve.actors.tables import COUNTRY_COLUMNS, PACKAGE, TABLES, iter_rows, to_day
from dragoman.resolve.actors.words import keys, tokenize

_COUNTRIES: Final = "countries.csv"
_NEAR: Final = 80.0  # least likeness of a suggestion, 0 to 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that has the name as an alias; ``table`` is its file, ``why`` says why it counts or does not."""

    entry: Entry
    table: str
    line: int
    holds: bool
    wins: bool
    why: str


def look_up(name: str, registry: Registry, *, on: date | None, paths: Sequence[Path] = ()) -> list[Candidate]:
    """Return every row that has a name as an alias, the one that counts first.

    Args:
        name: The name as an article would write it; capitals count as they do there.
        registry: The packaged tables and the user's own.
        on: The day at which rows must hold, None for any.
        paths: The user's own tables that the registry was loaded with.
    """
    words = keys(name)
    if not words:
        return []
    entries = [
        entry for known, _, several in registry.names.get(words[0], ()) if known == words for entry in several
    ]
    heard = _heard(name, registry)
    order = {entry: n for n, entry in enumerate(heard)}
    ranked = sorted(
        dict.fromkeys(entries),
        key=lambda e: (e not in order, e.rank, not _holds(e, on), order.get(e, len(order))),
    )
    places = _Places(paths)
    out = []
    for n, entry in enumerate(ranked):
        wins = n == 0 and entry in order
        why = _why(entry, ranked, on) if wins else _why_not(entry, ranked[0], on, heard=entry in order)
        table, line = places.find(entry, words)
        out.append(Candidate(entry, table, line, _holds(entry, on), wins, why))
    return out


def near_names(name: str, registry: Registry, *, most: int = 5) -> list[str]:
    """Return names of the tables that are spelt much like a name, the likest first."""
    wanted = " ".join(keys(name))
    aliases = {
        " ".join(known): entries[0].name for rows in registry.names.values() for known, _, entries in rows
    }
    found = process.extract(wanted, aliases.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=4 * most)
    return list(dict.fromkeys(aliases[alias] for alias, _, _ in found))[:most]


def _heard(name: str, registry: Registry) -> tuple[Entry, ...]:
    """Return the entries that the coder would find for the name as it is written, capitals included."""
    tokens = tokenize(name)
    hits = registry.find_names(tokens)
    return hits[0].entries if len(hits) == 1 and hits[0].last - hits[0].first == len(tokens) else ()


def _holds(entry: Entry, on: date | None) -> bool:
    return on is None or entry.is_valid(on)


def _why(first: Entry, ranked: Sequence[Entry], on: date | None) -> str:
    others = ranked[1:]
    if not others:
        return "the only row with this name" + (
            "" if _holds(first, on) else f", though it does not hold on {on}"
        )
    if first.rank == 0 and any(other.rank for other in others):
        return "your own rows come first"
    if on is not None and _holds(first, on) and not any(_holds(other, on) for other in others):
        return f"the only row that holds on {on}"
    day = f" that hold on {on}" if on is not None and _holds(first, on) else ""
    if any(other.country != first.country for other in others):
        return f"first of the rows{day}; in an article the country that it writes about most decides"
    return f"first of the rows{day}"


def _why_not(entry: Entry, first: Entry, on: date | None, *, heard: bool) -> str:
    if not heard:
        return "the name is written with other capitals there"
    if entry.rank > first.rank:
        return "a row of your own comes first"
    if not _holds(entry, on):
        return f"does not hold on {on}"
    return "stands behind the first"


class _Places:
    """Finds the file and line that an entry comes from."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def find(self, entry: Entry, words: tuple[str, ...]) -> tuple[str, int]:
        """Return the table and line of an entry that has an alias; ("", 0) when it is not there any more."""
        for table, where, row in self._own() if entry.rank == 0 else _packaged():
            line = int(where.rsplit(" ", 1)[-1])
            if _is_row_of(row, entry, where, words, is_country=table == _COUNTRIES):
                return table, line
        return "", 0

    def _own(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        for path in self._paths:
            for where, row in iter_rows(str(path), path.read_text("utf-8-sig")):
                yield str(path), where, row


def _packaged() -> Iterator[tuple[str, str, dict[str, str]]]:
    folder = resources.files(PACKAGE)
    for name in (_COUNTRIES, *TABLES):
        for where, row in iter_rows(name, folder.joinpath(name).read_text("utf-8")):
            yield name, where, row


def _is_row_of(
    row: dict[str, str], entry: Entry, where: str, words: tuple[str, ...], *, is_country: bool
) -> bool:
    if is_country:
        columns = ["name", *(column for column, kind in COUNTRY_COLUMNS if kind == entry.kind)]
        return row["id"] == entry.entity_id and any(
            keys(alias) == words for column in columns for alias in row[column].split(";")
        )
    if row["name"].strip() != entry.name or (row.get("country", "").strip() or None) != entry.country:
        return False
    if row.get("id") and row["id"] != entry.entity_id:
        return False
    return (
        to_day(where, row.get("from", ""), last=False) == entry.since
        and to_day(where, row.get("to", ""), last=True) == entry.until
        and (row.get("office") or None) == entry.office
    )


def find_packaged(entity_id: str) -> list[ActorRow]:
    """Return the rows of the packaged tables with an id, in the order of the tables; a state's row has its names only."""
    out = []
    for table, _, row in _packaged():
        if row["id"] == entity_id:
            kind = "country" if table == _COUNTRIES else TABLES[table]
            out.append(to_row({**row, "kind": kind}))
    return out


def packaged_ids() -> list[str]:
    """Return the ids of the packaged tables."""
    return list(dict.fromkeys(row["id"] for _, _, row in _packaged()))
