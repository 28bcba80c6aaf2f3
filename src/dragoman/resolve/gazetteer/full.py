"""Build a large gazetteer from GeoNames dumps, in memory that does not grow with them.

In: files of places, and of alternate names. Out: a folder that ``table.Gazetteer`` opens.

How: the usable rows are streamed into temporary files, spread by a remainder of the GeoNames id; so are the alternate
names. Then each pair of such files is small enough to be joined in memory, and its places are written. The names' keys are
spread over tries in the same way. At most one part is in memory at a time, whatever the size of the whole. All is done in a
folder beside the result, which takes its place at the end.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from dragoman.errors import GazetteerError
from dragoman.resolve.gazetteer.geonames import (
    UNIT_WORDS,
    BadRow,
    BadRows,
    Feature,
    Report,
    Row,
    is_alternate,
    iter_lines,
    load_country_codes,
    load_features,
    load_units,
    parse_name,
    parse_place,
)
from dragoman.resolve.gazetteer.keys import LONGEST, NAMED, SHORTEST, name_key
from dragoman.resolve.gazetteer.own import OwnPlaces, load_own_places
from dragoman.resolve.gazetteer.table import Gazetteer
from dragoman.resolve.gazetteer.writing import GazetteerWriter, NewPlace

# A part of the table of places and its names take some 100 MB joined.
_PART_BYTES: Final = 32_000_000
_MOST_PARTS: Final = 64
_BYTES_PER_KEY: Final = 20
_TRIE_KEYS: Final = 1_000_000
_MOST_TRIES: Final = 99
# A file that holds fewer rows of a country than this, and than this share, has strayed over the border.
_COVERS_ROWS, _COVERS_SHARE = 100, 0.05
# A file of most countries is all of GeoNames: nothing is taken from the packaged table.
_WHOLE_COUNTRIES: Final = 200
_MOST_WEIGHT: Final = 5_000_000
_MOST_UNITS: Final = 2**16 - 1
_OTHER_KIND: Final = {"A": "admin2", "P": "city", "H": "water", "L": "region", "V": "region"}
CLASSES: Final = "AHLPRSTUV"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are taken.

    Attributes:
        classes: Letters of GeoNames feature classes.
        least_population: People below which a town is left out; seats of units and countries stay.
        everything: Whether codes that are left out by default (streams, hills, farms, schools) are taken too.
        alone: Whether countries that the files lack are left out, instead of taken from the packaged gazetteer.
    """

    classes: str = CLASSES
    least_population: int = 0
    everything: bool = False
    alone: bool = False


@dataclass(slots=True)
class Built:
    """What a build gave: counts, what could not be used, and where it lies."""

    out: Path
    places: int = 0
    names: int = 0
    read: int = 0
    left_out: int = 0
    packaged: int = 0
    bad: BadRows = field(default_factory=BadRows)


def build_gazetteer(
    sources: list[Path],
    *,
    out: Path,
    today: date,
    names: Path | None = None,
    units: Iterable[Path] = (),
    wanted: Wanted | None = None,
    report: Report = lambda step, done, size, rows: None,
) -> Built:
    """Build a gazetteer from GeoNames files.

    Args:
        sources: Files of places, zipped or plain.
        out: Folder to make; a gazetteer that lies there is replaced, anything else is refused.
        today: The day to note in it.
        names: File of alternate names; None to use those in the table of places.
        units: ``admin1CodesASCII.txt`` and ``admin2Codes.txt``, where there are.
        wanted: Which rows are taken.
        report: Called as the build goes on.

    Raises:
        GazetteerError: A file cannot be read or written, holds no usable row, or ``out`` is something else.
    """
    check_out(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-building-", dir=out.parent))
    except OSError as error:
        raise GazetteerError(f'"{out}" cannot be made: {error.strerror}.') from error
    try:
        build = _Build(work, sources, wanted or Wanted(), report)
        built = build.run(out, names, list(units), today)
        _put_in_place(work / "result", out)
        return built
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise GazetteerError(
                f'the disk of "{out.parent}" is full; nothing was left there. All of GeoNames needs about 5 GB while '
                "it is built. Give another folder with --out."
            ) from error
        if isinstance(error, GazetteerError):
            raise
        raise GazetteerError(f'the gazetteer cannot be built in "{out.parent}": {error}.') from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def check_out(out: Path) -> None:
    """Check that a folder may be made or replaced.

    Raises:
        GazetteerError: It exists, is not empty and holds no gazetteer.
    """
    if out.exists() and not (out.is_dir() and ((out / "labels.json").is_file() or not any(out.iterdir()))):
        raise GazetteerError(
            f'"{out}" exists and is not a gazetteer. Give a folder that does not exist with --out.'
        )


def _put_in_place(made: Path, out: Path) -> None:
    """Move the finished folder to its place; an old gazetteer there goes last, and comes back when that fails."""
    old = made.parent / "old"
    if out.exists():
        out.rename(old)
    try:
        made.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise


class _Build:
    """One run: temporary files in ``work``, the result in ``work / "result"``."""

    def __init__(self, work: Path, sources: list[Path], wanted: Wanted, report: Report) -> None:
        self.work = work
        self.sources = sources
        self.wanted = wanted
        self.report = report
        self.bad = BadRows()
        self.features: dict[str, Feature] = load_features()
        self.per_country: Counter[str] = Counter()
        self.rows_of: dict[str, int] = {}
        # One bit per GeoNames id: what was taken. Ids go to some 14 million.
        self.taken = bytearray(2_000_000)
        self.left_out = 0
        size = sum(p.stat().st_size * (4 if p.suffix == ".zip" else 1) for p in sources if p.is_file())
        self.parts = max(1, min(_MOST_PARTS, size // _PART_BYTES))

    def run(self, out: Path, names: Path | None, units: list[Path], today: date) -> Built:
        self._spread_places()
        taken = sum(self.per_country.values())
        if not taken:
            raise GazetteerError(
                f"{', '.join(str(p) for p in self.sources)}: no usable row. Expected the 19 columns of GeoNames, "
                f"separated by tabs. {next(iter(self.bad), '')}"
            )
        if names is not None:
            self._spread_names(names)
        extra = {n: words for path in units for n, words in load_units(path, self.bad).items()}
        keys = sum(p.stat().st_size for p in self.work.iterdir()) // _BYTES_PER_KEY
        tries = max(1, min(_MOST_TRIES, keys // _TRIE_KEYS))
        told = lambda done, all: self.report("tries", done, all, 0)  # noqa: E731
        with GazetteerWriter(self.work / "result", shards=tries, told=told) as writer:
            joined = _Joined(writer, self.features, self.wanted, self._covered())
            for part in range(self.parts):
                joined.add_part(
                    self.work / f"places-{part:02}", self.work / f"names-{part:02}", extra, names is not None
                )
                self.report("joining", part + 1, self.parts, writer.rows)
            packaged = joined.finish()
            writer.built = self._about(names, units, today)
        _write_attribution(self.work / "result")
        return Built(out, writer.rows, writer.names, sum(self.rows_of.values()), self.left_out + joined.left_out,
                     packaged, self.bad)  # fmt: skip

    def _covered(self) -> frozenset[str] | None:
        """Return the countries that the files hold; None when they hold the world, or nothing else is wanted."""
        total = sum(self.per_country.values())
        covered = frozenset(
            c for c, n in self.per_country.items() if c and (n >= _COVERS_ROWS or n >= _COVERS_SHARE * total)
        )
        return None if self.wanted.alone or len(covered) >= _WHOLE_COUNTRIES else covered

    def _about(self, names: Path | None, units: list[Path], today: date) -> dict[str, Any]:
        files = [*self.sources, *([names] if names is not None else []), *units]
        return {
            "on": today.isoformat(),
            "from": [
                {"file": p.name, "bytes": p.stat().st_size, "rows": self.rows_of.get(p.name)} for p in files
            ],
            "classes": self.wanted.classes,
            "everything": self.wanted.everything,
            "least_population": self.wanted.least_population,
        }

    def _spread_places(self) -> None:
        countries = load_country_codes()
        with ExitStack() as stack:
            parts = self._open_parts(stack, "places")
            for path in self.sources:
                number = 0
                for number, line in iter_lines(path, f"reading {path.name}", self.report):
                    try:
                        row = parse_place(line, countries)
                        if not self._wants(row):
                            self.left_out += 1
                            continue
                        self._mark(row.geonames_id)
                    except BadRow as error:
                        self.bad.add(path.name, number, str(error))
                        continue
                    self.per_country[row.country] += 1
                    parts[row.geonames_id % self.parts].write(_to_line(row))
                self.rows_of[path.name] = number

    def _wants(self, row: Row) -> bool:
        if row.feature_class not in self.wanted.classes:
            return False
        feature = self.features.get(f"{row.feature_class}.{row.code}")
        if not self.wanted.everything and (feature is None or not feature.taken):
            return False
        few = row.feature_class == "P" and row.population < self.wanted.least_population
        return not few or row.code.startswith(("PPLA", "PPLC"))

    def _mark(self, number: int) -> None:
        at, bit = number >> 3, 1 << (number & 7)
        if at >= len(self.taken):
            self.taken.extend(bytes(at + 1 - len(self.taken)))
        if self.taken[at] & bit:
            raise BadRow("an id that came before")
        self.taken[at] |= bit

    def _spread_names(self, path: Path) -> None:
        taken, parts_n, number = self.taken, self.parts, 0
        with ExitStack() as stack:
            parts = self._open_parts(stack, "names")
            for number, line in iter_lines(path, f"reading {path.name}", self.report):
                try:
                    found = parse_name(line)
                except BadRow as error:
                    self.bad.add(path.name, number, str(error))
                    continue
                if (
                    found is not None
                    and (at := found[0] >> 3) < len(taken)
                    and taken[at] & 1 << (found[0] & 7)
                ):
                    parts[found[0] % parts_n].write(f"{found[0]}\t{found[1]}\n")
        self.rows_of[path.name] = number

    def _open_parts(self, stack: ExitStack, name: str) -> list[IO[str]]:
        paths = [self.work / f"{name}-{part:02}" for part in range(self.parts)]
        return [stack.enter_context(p.open("w", encoding="utf-8", newline="\n")) for p in paths]


class _Joined:
    """Places and their names, put together and written."""

    def __init__(
        self,
        writer: GazetteerWriter,
        features: dict[str, Feature],
        wanted: Wanted,
        covered: frozenset[str] | None,
    ) -> None:
        self.writer = writer
        self.features = features
        self.wanted = wanted
        self.covered = covered
        self.left_out = 0
        own = load_own_places()
        self.own = OwnPlaces([o for o in own if covered is None or o.place.country in covered])
        self.units: dict[tuple[str, str], int] = {}

    def add_part(self, places: Path, names: Path, extra: dict[int, list[str]], named: bool) -> None:
        """Join one part's places with its names and write them; the part is removed."""
        others: dict[int, str] = {}
        if named:
            with names.open(encoding="utf-8", newline="\n") as file:
                for line in file:
                    number, _, name = line.rstrip("\n").partition("\t")
                    known = others.get(key := int(number))
                    others[key] = name if known is None else f"{known}\t{name}"
            names.unlink()
        with places.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                row = _from_line(line)
                spelled = others.get(row.geonames_id)
                alternates = (
                    spelled.split("\t")
                    if spelled
                    else [a for a in row.alternates.split(",") if is_alternate(a)]
                )
                self._add(row, [*extra.get(row.geonames_id, ()), *alternates])
        places.unlink()

    def finish(self) -> int:
        """Write our own rows and, where only some countries were given, the packaged ones; return how many of these."""
        self.own.finish(self.writer)
        return self._add_packaged() if self.covered is not None else 0

    def _add(self, row: Row, alternates: list[str]) -> None:
        feature = self.features.get(f"{row.feature_class}.{row.code}") or Feature(
            _OTHER_KIND.get(row.feature_class, "site"), False, 0, 0
        )
        if len(alternates) < feature.least_names and not self.wanted.everything:
            self.left_out += 1
            return
        names = dict.fromkeys((row.name, row.ascii_name, *alternates))
        if feature.kind in ("admin1", "admin2") and row.country != "USA":
            names |= dict.fromkeys(" ".join(UNIT_WORDS.sub(" ", n).split()) for n in names)
        keys = {key: None for n in names if (key := name_key(n))}
        weight = min(_MOST_WEIGHT, feature.weight * (1 + len(alternates))) if feature.weight else 0
        if feature.kind in ("country", "admin1", "admin2", "city"):
            weight = feature.weight
        unit = self._unit(row)
        place = NewPlace(row.name, feature.kind, row.country, row.lat, row.lon, row.population or weight,
                         row.geonames_id, unit)  # fmt: skip
        place = self.own.fit(place, keys, self.writer.rows)
        if feature.kind == "admin1" and unit and row.code == "ADM1":
            self.writer.units[unit] = place.name
        own_key = name_key(place.name)
        self.writer.add_keys(
            self.writer.add(place),
            {k: NAMED if k == own_key else 0 for k in keys if SHORTEST <= len(k) <= LONGEST}
        )  # fmt: skip

    def _unit(self, row: Row) -> int:
        if not row.unit or row.unit == "00" or not row.country:
            return 0
        key = row.country, row.unit
        number = self.units.get(key)
        if number is None:
            if len(self.writer.units) > _MOST_UNITS:
                return 0
            number = self.units[key] = len(self.writer.units)
            self.writer.units.append("")
        return number

    def _add_packaged(self) -> int:
        """Write the packaged places of countries that the files lack, with their names; return how many."""
        assert self.covered is not None
        packaged = Gazetteer()
        kept = [r for r in range(len(packaged)) if packaged.country_of(r) not in self.covered]
        keys: dict[int, dict[str, int]] = {r: {} for r in kept}
        for key, row, flags in packaged.iter_names():
            if row in keys:
                keys[row][key] = flags
        for row in kept:
            place = packaged.get_place(row)
            unit = self._packaged_unit(place.country, place.admin1)
            number = self.writer.add(
                NewPlace(place.name, place.kind, place.country, place.lat, place.lon, place.population,
                         place.geonames_id or 0, unit)
            )  # fmt: skip
            self.writer.add_keys(number, keys.pop(row))
        return len(kept)

    def _packaged_unit(self, country: str, name: str | None) -> int:
        if name is None or ((number := self.units.get((country, f"={name}"))) is None and self._full()):
            return 0
        if number is None:
            number = self.units[country, f"={name}"] = len(self.writer.units)
            self.writer.units.append(name)
        return number

    def _full(self) -> bool:
        return len(self.writer.units) > _MOST_UNITS


def _to_line(row: Row) -> str:
    return (
        f"{row.geonames_id}\t{row.name}\t{row.ascii_name}\t{row.alternates}\t{row.lat}\t{row.lon}\t{row.feature_class}\t"
        f"{row.code}\t{row.country}\t{row.unit}\t{row.population}\n"
    )


def _from_line(line: str) -> Row:
    number, name, plain, alternates, lat, lon, feature_class, code, country, unit, people = line.rstrip(
        "\n"
    ).split("\t")
    return Row(int(number), name, plain, alternates, float(lat), float(lon), feature_class, code, country, unit,
               int(people))  # fmt: skip


def _write_attribution(folder: Path) -> None:
    (folder / "ATTRIBUTION").write_text(
        "Place names, coordinates and populations: GeoNames (geonames.org), CC BY 4.0.\n"
        "Changed: names reduced to ASCII keys, places without people given a weight by kind and number of names.\n"
        "Regions, waters, sites, disputed areas, aliases and centres of units: written for Dragoman, Apache-2.0.\n"
    )
