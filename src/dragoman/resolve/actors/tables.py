"""Read the packaged tables and the user's own into a ``Registry``.

Every table is a CSV file with a header. A row that cannot be used stops the loading with a ``RegistryError`` that
names the file and the line: a silently dropped alias would be a silently wrong country.
"""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Final, cast

from dragoman.errors import RegistryError
from dragoman.resolve.actors.registry import Entry, Kind, Registry, Role, RoleKind, is_country_code, surname

SECTORS: Final = frozenset(
    "AGR BUS COP CRM CVL EDU ELI GOV JRN JUD LAB LEG MED MIL OPP PRE PRM PTY REB REF REL SOC SPY UAF UNK".split()
)
TABLES: Final[Mapping[str, Kind]] = {
    # Groups first: a name that is also a government's since some date is the group's where no date is known.
    "armed_groups.csv": "group",
    "institutions.csv": "institution",
    "igos.csv": "igo",
    "parties.csv": "party",
    "ngos.csv": "ngo",
    "media.csv": "media",
    "companies.csv": "company",
    "leaders.csv": "person",
}
_KINDS: Final = frozenset({*TABLES.values(), "country", "capital", "region", "city", "people", "ethnic"})
COUNTRY_COLUMNS: Final[tuple[tuple[str, Kind], ...]] = (
    ("aliases", "country"),
    ("people", "people"),
    ("ethnic", "ethnic"),
    ("capital", "capital"),
    ("regions", "region"),
    ("cities", "city"),
)
PACKAGE: Final = "dragoman.resolve.registry"


def load_registry(paths: Sequence[Path] = ()) -> Registry:
    """Return the registry: the packaged tables, then the user's CSV files, which win.

    Args:
        paths: CSV files with the columns name, country, sectors, and if wanted id, aliases, from, to, office, kind;
            aliases and sectors are separated by semicolons, dates are YYYY, YYYY-MM or YYYY-MM-DD.

    Raises:
        RegistryError: A row cannot be used; the message names the file and the line.
    """
    # Half a million small objects are made and none is garbage: the collector would only look at them again and again.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _load(paths)
    finally:
        if was_on:
            gc.enable()


def _load(paths: Sequence[Path]) -> Registry:
    registry = Registry()
    folder = resources.files(PACKAGE)
    for where, row in iter_rows("countries.csv", folder.joinpath("countries.csv").read_text("utf-8")):
        _add_country(registry, where, row)
    for where, row in iter_rows("role_words.csv", folder.joinpath("role_words.csv").read_text("utf-8")):
        _add_role(registry, where, row)
    for name, kind in TABLES.items():
        for where, row in iter_rows(name, folder.joinpath(name).read_text("utf-8")):
            _add_entry(registry, where, row, kind, rank=1)
    for path in paths:
        for where, row in iter_rows(str(path), _read_user_file(path)):
            _add_entry(registry, where, row, cast("Kind", row.get("kind") or "institution"), rank=0)
    registry.sort()
    return registry


def _read_user_file(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(
            f'the actor table "{path}" cannot be read: {error}. Give a CSV file in UTF-8.'
        ) from error


def iter_rows(name: str, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row with the words "file, line n" that an error message needs."""
    reader = csv.reader(text.splitlines())
    header = next(reader, None)
    if not header or ("name" not in header and "word" not in header):
        raise RegistryError(f'{name}, line 1: the header must name the column "name"; got {header}.')
    for cells in reader:
        if not cells or cells[0].startswith("#"):
            continue
        if len(cells) != len(header):
            raise RegistryError(
                f"{name}, line {reader.line_num}: expected {len(header)} cells ({', '.join(header)}); "
                f"got {len(cells)}. Put double quotes round a cell that holds a comma."
            )
        yield f"{name}, line {reader.line_num}", dict(zip(header, cells, strict=True))


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _add_country(registry: Registry, where: str, row: dict[str, str]) -> None:
    """Add a state or a territory with every name that stands for it."""
    state = Entry(row["id"], row["name"], "country", row["country"], _sectors(where, row["sectors"]))
    if row["id"] == row["country"]:
        registry.states[row["id"]] = state
    registry.add_name(row["name"], state)
    if row["id"] == row["country"]:  # Nagorno-Karabakh lies in a state and is not one
        for alias in (row["name"], *_split(row["aliases"])):
            registry.country_names.setdefault(alias.lower(), row["country"])
    for column, kind in COUNTRY_COLUMNS:
        for alias in _split(row[column]):
            plural = (
                kind in ("people", "ethnic") and alias.endswith(("s", "men")) and not alias.endswith("ss")
            )
            named = state if kind == "country" else Entry(
                row["id"], row["name"] if kind in ("people", "ethnic") else alias, kind,
                row["country"], state.sectors, plural=plural,
            )  # fmt: skip
            registry.add_name(alias, named)


def _add_role(registry: Registry, where: str, row: dict[str, str]) -> None:
    """Add a role word and, for a singular noun, its regular plural."""
    sector = row["sector"] or None
    if sector is not None and sector not in SECTORS:
        raise RegistryError(f'{where}: "{sector}" is not a sector. Sectors are {", ".join(sorted(SECTORS))}.')
    if row["weight"] not in ("0", "1", "2", "3"):
        raise RegistryError(f'{where}: the weight must be 0, 1, 2 or 3; got "{row["weight"]}".')
    kind = cast("RoleKind", row["kind"])
    if kind not in ("person", "people", "org", "thing", "quantity", "modifier"):
        raise RegistryError(
            f'{where}: the kind must be person, people, org, thing, quantity or modifier; got "{kind}".'
        )
    word, weight = row["word"], int(row["weight"])
    registry.add_role(Role(word, sector, weight, kind, row["number"] == "p"))
    if row["number"] == "s" and kind in ("person", "org", "thing"):
        registry.add_role(Role(_plural(word), sector, weight, "people" if kind == "person" else kind, True))


def _plural(word: str) -> str:
    """Return the regular plural of a noun or of the head of "minister of …".

    Example:
        >>> _plural("agency"), _plural("minister of defence"), _plural("boss")
        ('agencies', 'ministers of defence', 'bosses')
    """
    head, of, rest = word.partition(" of ")
    if head.endswith("y") and head[-2] not in "aeiou":
        head = head[:-1] + "ies"
    elif head.endswith(("s", "x", "ch", "sh")):
        head += "es"
    elif head.endswith("man") and head not in ("human", "ombudsman"):
        head = head[:-3] + "men"
    else:
        head += "s"
    return head + of + rest


def _add_entry(registry: Registry, where: str, row: dict[str, str], kind: Kind, *, rank: int) -> None:
    """Add a named actor with its aliases.

    Raises:
        RegistryError: The name is empty, or the country, a sector, the kind or a date is not one.
    """
    name, country = row["name"].strip(), row.get("country", "").strip() or None
    if not name:
        raise RegistryError(f"{where}: the name is empty. Give the actor's full name.")
    if kind not in _KINDS:
        raise RegistryError(f'{where}: "{kind}" is not a kind. Kinds are {", ".join(sorted(_KINDS))}.')
    if country is not None and not is_country_code(country, registry):
        raise RegistryError(
            f'{where}: "{country}" is not a country. Use an ISO 3166 alpha-3 code such as "IRN", or KOS, IGO, UNO, '
            f"EUR, NGO, ISM, IMG or MNC."
        )
    entry = Entry(
        entity_id=row.get("id") or f"{country or 'X'}.{name.lower().replace(' ', '_')}",
        name=name,
        kind=kind,
        country=country,
        sectors=_sectors(where, row.get("sectors", "")),
        since=to_day(where, row.get("from", ""), last=False),
        until=to_day(where, row.get("to", ""), last=True),
        office=row.get("office") or None,
        rank=rank,
    )
    for alias in (name, *_split(row.get("aliases", ""))):
        registry.add_name(alias, entry)
    if kind == "person":
        registry.persons.setdefault(entry.entity_id, []).append(entry)
        registry.surnames.setdefault(surname(name), []).append(entry)


def _sectors(where: str, cell: str) -> tuple[str, ...]:
    sectors = tuple(_split(cell))
    for sector in sectors:
        if sector not in SECTORS:
            raise RegistryError(
                f'{where}: "{sector}" is not a sector. Sectors are {", ".join(sorted(SECTORS))}.'
            )
    return sectors


def to_day(where: str, cell: str, *, last: bool) -> date | None:
    """Return the first or the last day that "2019", "2019-05" or "2019-05-29" stands for."""
    if not cell:
        return None
    try:
        parts = [int(part) for part in cell.split("-")]
        if not 1 <= len(parts) <= 3:
            raise ValueError(cell)
        year, month, day = parts[0], *(parts[k] if len(parts) > k else None for k in (1, 2))
        if day is not None and month is not None:
            return date(year, month, day)
        if not last:
            return date(year, month or 1, 1)
        return (
            date(year, 12, 31)
            if month in (None, 12)
            else date.fromordinal(date(year, month + 1, 1).toordinal() - 1)
        )
    except (TypeError, ValueError) as error:
        raise RegistryError(f'{where}: "{cell}" is not a date. Write YYYY, YYYY-MM or YYYY-MM-DD.') from error
