"""Places by name: memory-mapped tries and records.

In: a name. Out: rows of the table. Opening costs milliseconds and little memory, however large the table is.
"""

from __future__ import annotations

import collections
import json
import mmap
from collections.abc import Callable, Iterator
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
# In a table of all of GeoNames "San José" has thousands of rows. Above the first number, only the most peopled few of
# each kind, country and unit are given: what an article says of where it is tells these apart, and no more than these.
_MANY, _PER_UNIT = 256, 2


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

    Attributes:
        folder: Where the files lie.
        table: The records, memory-mapped.
        built: When and from what ``dragoman gazetteer build`` made it; empty for the packaged one.
    """

    def __init__(self, folder: Path = PACKAGED) -> None:
        self.folder = folder
        for name in ("labels.json", "places.npy", "names.txt"):
            if not (folder / name).is_file():
                raise GazetteerError(
                    f'no gazetteer found: "{folder / name}" does not exist. Reinstall dragoman, build one from '
                    "GeoNames (dragoman gazetteer build allCountries.zip), or empty the setting resolve.gazetteer."
                )
        try:
            labels = json.loads((folder / "labels.json").read_text("utf-8"))
            self.built: dict[str, Any] = labels.get("built", {})
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
        """Return the places of that name, in no particular order; an empty list when there is none."""
        return list(self._find(name_key(name)))

    def find_key(self, key: str) -> tuple[GazetteerPlace, ...]:
        """Return every place under a look-up key; see ``name_key``."""
        return self._find(key)

    def has_key(self, key: str) -> bool:
        """Return whether some place has this look-up key; quicker than to find them."""
        return bool(key) and key in self._tries[shard_of(key, len(self._tries))]

    def count_names(self) -> int:
        """Return how many names lead to a row, each counted once per row."""
        return sum(len(trie) for trie in self._tries)

    def count_kinds(self) -> dict[str, int]:
        """Return how many places of each kind there are."""
        counts = np.bincount(self.table["kind"], minlength=len(KINDS))
        return {kind: int(n) for kind, n in zip(KINDS, counts, strict=True)}

    def iter_names(self) -> Iterator[tuple[str, int, int]]:
        """Yield every (look-up key, row, flags)."""
        for trie in self._tries:
            for key, (row, flags) in trie.iteritems():
                yield key, row, flags

    def get_place(self, row: int) -> GazetteerPlace:
        """Return a row under its own name."""
        return self._place(row, NAMED)

    def country_of(self, row: int) -> str:
        """Return the country (ISO alpha-3) of a row of the table, "" where none owns it."""
        return str(self._codes[self.table[row]["country"]])

    def _find_key(self, key: str) -> tuple[GazetteerPlace, ...]:
        if not key:
            return ()
        trie = self._tries[shard_of(key, len(self._tries))]
        found = trie.get(key, ())
        if len(found) > _MANY:
            found = self._thin(found)
        return tuple(self._place(row, flags) for row, flags in found)

    def _thin(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the most peopled rows of each kind, country and unit."""
        records = self.table[[row for row, _ in found]]
        order = np.argsort(-records["population"].astype(np.int64), kind="stable")
        taken: collections.Counter[tuple[int, int, int]] = collections.Counter()
        kept: list[int] = []
        for at in order.tolist():
            one: Any = records[at]
            group = int(one["kind"]), int(one["country"]), int(one["unit"])
            taken[group] += 1
            if taken[group] <= _PER_UNIT:
                kept.append(at)
        return [found[at] for at in sorted(kept)]

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
