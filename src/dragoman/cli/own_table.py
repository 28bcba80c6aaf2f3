"""Where the user's own table of actors stands, and whether the coder reads it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.cli.terms import settings_with
from dragoman.config import OWN_ACTORS, Loaded

if TYPE_CHECKING:
    from dragoman.resolve.actors.own import OwnTable


def own_tables(loaded: Loaded) -> list[Path]:
    """Return the CSV files of the user's own actors that the settings name."""
    return [Path(p) for p in loaded.settings.resolve.registry.split(";") if p]


def path_of(registry: Path | None) -> Path:
    """Return the user's own table: the flag's, the settings' first, else the one beside the settings."""
    return registry or next(iter(own_tables(settings_with())), Path(OWN_ACTORS))


def open_own(path: Path, states: Iterable[str]) -> OwnTable:
    """Return the user's table with its rows checked.

    Raises:
        RegistryError: A row is wrong; file and line are named.
    """
    from dragoman.resolve.actors.own import check_row, read_own

    table, known = read_own(path), frozenset(states)
    for line, row in table.rows():
        check_row(row, known, where=f"{path}, line {line}")
    return table


def tell_use(path: Path, what: str) -> None:
    """Tell where rows went, and how to use them where no setting reads the file."""
    used = path.absolute() in {p.absolute() for p in own_tables(settings_with())}
    hint = "dragoman code uses it from now on" if used else f"to use it, set DRAGOMAN_RESOLVE_REGISTRY={path}"
    print(f"{what}: {path}; {hint}", file=sys.stderr)
