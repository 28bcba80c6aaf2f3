"""Places by name: memory-mapped tries and records.

In: a name. Out: rows of the table. Opening costs milliseconds and little memory, however large the table is.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import marisa_trie
import numpy as np
import numpy.typing as npt

from dragoman.errors import GazetteerError
from dragoman.resolve.gazetteer.keys import (
    CAPITALS,
    DOTTED,
    KINDS,
    NAMED,
    RECORD,
    TRIE_VALUE,
    name_key,
    shard_of,
)

PACKAGED: Final = Path(__file__).parent
_CACHED_NAMES: Final = 8192


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """One row under one of its names.

    ``country`` is ISO alpha-3 ("" where none owns it), ``population`` a count of people or, for what has none, a
    number that ranks its fame alike. ``named`` tells an own name from an alternate one; ``dotted`` and ``capitals``
    say that this name counts only with its full stop ("Calif.") or only in capitals ("NSW").
    """

    row: int
    name: str
    kind: str
    country: str
    admin1: str | None
    lat: float
    lon: float
    population: int
    geonames_id: int | None
    named: bool
    dotted: bool = False
    capitals: bool = False


class Gazetteer:
    """Places by name. Owned by a Coder; read-only, safe to share between threads and to fork.

    Args:
        folder: Where the files lie; the packaged ones by default.

    Raises:
        GazetteerError: A file is missing or broken.
    """

    def __init__(self, folder: Path = PACKAGED) -> None:
        for name in ("labels.json", "places.npy", "names.txt"):
            if not (folder / name).is_file():
                raise GazetteerError(
                    f'no gazetteer found: "{folder / name}" does not exist. Reinstall dragoman, or build one from '
                    "GeoNames: dragoman gazetteer build allCountries.zip"
                )
        try:
            labels = json.loads((folder / "labels.json").read_text("utf-8"))
            self._codes: list[str] = labels["codes"]
            self._units: list[str] = labels["units"]
            self.table: npt.NDArray[np.void] = np.load(folder / "places.npy", mmap_mode="r")
            with (folder / "names.txt").open("rb") as file:
                self._names = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            paths = [folder / f"names-{n:02}.marisa" for n in range(labels["shards"])]
            self._tries = [marisa_trie.RecordTrie(TRIE_VALUE).mmap(str(p)) for p in paths]
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise GazetteerError(
                f'the gazetteer in "{folder}" is broken ({error}). Reinstall or rebuild it.'
            ) from error
        if self.table.dtype != RECORD:
            raise GazetteerError(
                f'the gazetteer in "{folder}" has another layout. Rebuild it with this version.'
            )
        # Names repeat within an article and between articles of a batch.
        self._find: Callable[[str], tuple[GazetteerPlace, ...]] = lru_cache(_CACHED_NAMES)(self._find_key)

    def __len__(self) -> int:
        return len(self.table)

    def find(self, name: str) -> list[GazetteerPlace]:
        """Return every place of that name, in the table's order; an empty list when there is none."""
        return list(self._find(name_key(name)))

    def find_key(self, key: str) -> tuple[GazetteerPlace, ...]:
        """Return every place under a look-up key; see ``name_key``."""
        return self._find(key)

    def has_key(self, key: str) -> bool:
        """Return whether some place has this look-up key; quicker than to find them."""
        return bool(key) and key in self._tries[shard_of(key, len(self._tries))]

    def country_of(self, row: int) -> str:
        """Return the country (ISO alpha-3) of a row of the table, "" where none owns it."""
        return str(self._codes[self.table[row]["country"]])

    def _find_key(self, key: str) -> tuple[GazetteerPlace, ...]:
        if not key:
            return ()
        trie = self._tries[shard_of(key, len(self._tries))]
        return tuple(self._place(row, flags) for row, flags in trie.get(key, ()))

    def _place(self, row: int, flags: int) -> GazetteerPlace:
        record: Any = self.table[row]
        start = int(record["name"])
        return GazetteerPlace(
            row=row,
            name=self._names[start : self._names.find(b"\n", start)].decode(),
            kind=KINDS[record["kind"]],
            country=self._codes[record["country"]],
            admin1=self._units[record["unit"]] or None,
            lat=round(float(record["lat"]), 5),
            lon=round(float(record["lon"]), 5),
            population=int(record["population"]),
            geonames_id=int(record["geonames_id"]) or None,
            named=bool(flags & NAMED),
            dotted=bool(flags & DOTTED),
            capitals=bool(flags & CAPITALS),
        )
