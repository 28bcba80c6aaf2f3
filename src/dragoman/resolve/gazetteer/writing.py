"""Write a gazetteer's files row by row, in memory bounded by the largest of its tries.

In: places and their names, one by one. Out: the files that ``table.Gazetteer`` opens. The same rows in the same order
give the same bytes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Self

import marisa_trie
import numpy as np

from dragoman.resolve.gazetteer.keys import (
    CAPITALS,
    DOTTED,
    KINDS,
    LONGEST,
    NAMED,
    RECORD,
    SHORTEST,
    TRIE_VALUE,
    name_key,
    shard_of,
)

_CHUNK: Final = 100_000
_MOST: Final = 2**32 - 1


class NewPlace(NamedTuple):
    """A place to be written; ``unit`` is the number of its first-order unit, 0 for none."""

    name: str
    kind: str
    country: str
    lat: float
    lon: float
    population: int = 0
    geonames_id: int = 0
    unit: int = 0


class GazetteerWriter:
    """Collects places and names; use it in a ``with`` block, the files appear in ``out`` when it ends without error.

    Args:
        out: Folder for the files; made when absent.
        shards: Tries that the names are spread over; more of them need less memory.
        told: Called with (tries written, tries in all) while the names are sorted into tries.

    Attributes:
        units: Names of first-order units by number; number 0 is none.
        built: What ``gazetteer info`` tells of the build; empty for the packaged files, which must not change from day to
            day.
    """

    def __init__(
        self, out: Path, *, shards: int = 1, told: Callable[[int, int], None] = lambda done, all: None
    ) -> None:
        self.out = out
        self._told = told
        self.shards = shards
        self.units: list[str] = [""]
        self.built: dict[str, Any] = {}
        self.rows = 0
        self.names = 0
        self._codes: dict[str, int] = {}
        self._buffer: list[tuple[float | int, ...]] = []
        self._at = 0

    def __enter__(self) -> Self:
        self.out.mkdir(parents=True, exist_ok=True)
        self._work = Path(tempfile.mkdtemp(prefix=".building-", dir=self.out))
        self._records: IO[bytes] = (self._work / "records").open("wb")
        self._text: IO[bytes] = (self._work / "names.txt").open("wb")
        self._keys = [(self._work / f"keys-{n:02}").open("w", encoding="ascii") for n in range(self.shards)]
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._flush()
        self._records.close()
        self._text.close()
        for file in self._keys:
            file.close()
        try:
            if error is None:
                self._finish()
        finally:
            shutil.rmtree(self._work)

    def add(self, place: NewPlace) -> int:
        """Add a place and return its row; its names are added by ``add_name``."""
        code = self._codes.setdefault(place.country, len(self._codes))
        self._buffer.append(
            (place.lat, place.lon, min(place.population, _MOST), place.geonames_id, self._at, place.unit, code,
             KINDS.index(place.kind))
        )  # fmt: skip
        name = place.name.replace("\n", " ").encode()
        self._text.write(name + b"\n")
        self._at += len(name) + 1
        self.rows += 1
        if len(self._buffer) >= _CHUNK:
            self._flush()
        return self.rows - 1

    def add_names(self, row: int, names: Iterable[tuple[str, int]]) -> None:
        """Add look-up keys of a row, each once, from names and their flags; too short or long ones are left out."""
        flags: dict[str, int] = {}
        for name, own in names:
            key = name_key(name)
            shortest = 2 if own & (DOTTED | CAPITALS) or (own & NAMED and name.isupper()) else SHORTEST
            if shortest <= len(key) <= LONGEST:
                # An unrestricted name beats the same key as an abbreviation.
                strict = flags.get(key, own) & own & (DOTTED | CAPITALS)
                flags[key] = strict | (flags.get(key, 0) | own) & NAMED
        self.add_keys(row, flags)

    def add_keys(self, row: int, flags: Mapping[str, int]) -> None:
        """Add look-up keys of a row with their flags, as they are."""
        for key, value in sorted(flags.items()):
            self._keys[shard_of(key, self.shards)].write(f"{key}\t{row}\t{value}\n")
            self.names += 1

    def _flush(self) -> None:
        self._records.write(np.array(self._buffer, dtype=RECORD).tobytes())
        self._buffer.clear()

    def _finish(self) -> None:
        for n in range(self.shards):
            trie = marisa_trie.RecordTrie(
                TRIE_VALUE, self._pairs(self._work / f"keys-{n:02}"), order=marisa_trie.LABEL_ORDER
            )
            trie.save(str(self._work / f"names-{n:02}.marisa"))
            del trie
            (self._work / f"keys-{n:02}").unlink()
            self._told(n + 1, self.shards)
        table = np.lib.format.open_memmap(
            self._work / "places.npy", mode="w+", dtype=RECORD, shape=(self.rows,)
        )
        table[:] = (
            np.memmap(self._work / "records", dtype=RECORD, mode="r", shape=(self.rows,)) if self.rows else []
        )
        table.flush()
        del table
        labels: dict[str, Any] = {"shards": self.shards, "codes": list(self._codes), "units": self.units}
        if self.built:
            labels["built"] = self.built
        (self._work / "labels.json").write_text(json.dumps(labels, ensure_ascii=False), "utf-8")
        for old in self.out.glob("names-*.marisa"):
            old.unlink()
        for path in (*sorted(self._work.glob("names-*.marisa")), *(self._work / n for n in _PLAIN)):
            path.replace(self.out / path.name)

    @staticmethod
    def _pairs(path: Path) -> Iterator[tuple[str, tuple[int, int]]]:
        with path.open(encoding="ascii") as file:
            for line in file:
                key, row, flags = line.rstrip("\n").split("\t")
                yield key, (int(row), int(flags))


_PLAIN: Final = ("places.npy", "names.txt", "labels.json")
