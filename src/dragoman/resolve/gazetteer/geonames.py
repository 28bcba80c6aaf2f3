"""Read the files that GeoNames gives out: places, alternate names, names of units; zipped or plain.

In: ``allCountries.zip`` or one country's file, ``alternateNamesV2.zip``, ``admin1CodesASCII.txt``, ``admin2Codes.txt``.
Out: rows, streamed; a row that cannot be used is counted by file and reason, with its first line numbers.

Source: the readme of the GeoNames export folder (columns and their order).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final, NamedTuple

from dragoman.errors import GazetteerError
from dragoman.resolve.gazetteer.keys import KINDS, is_latin

_FOLDER: Final = Path(__file__).parent
_PLACE_COLUMNS: Final = 19
# alternateNames.txt has eight columns, alternateNamesV2.txt ten; those after the fourth may be missing.
_NAME_COLUMNS: Final = 4
# "Languages" of the table of alternate names that are codes, links or notations.
_NO_LANGUAGE: Final = frozenset({"link", "post", "wkdt", "unlc", "iata", "icao", "faac", "tcid", "phon"})
_LARGEST_ID: Final = 2**32 - 1
_LINES_TOLD: Final = 3
_LONGEST_LINE: Final = 1 << 20
_REPORT_ROWS: Final = 50_000
_BESIDE: Final = frozenset({"readme.txt", "iso-languagecodes.txt"})
_SHORTEST_ALTERNATE: Final = 4
UNIT_WORDS: Final = re.compile(
    r"(?i)\b(province|state|region|oblast|governorate|district|prefecture|department|kray|krai|republic of|autonomous|"
    r"wilaya|provincia de|departamento de|estado de|canton of|muhafazat|province of|departement d[eu]s?( la| l)?|sheng|"
    r"shi|provincia di|city of|county of)\b"
)


class BadRow(ValueError):
    """A row cannot be used; its words are the reason."""


@dataclass(frozen=True, slots=True)
class Feature:
    """What becomes of a feature code: our kind, whether it is taken by default, and how its fame is reckoned.

    ``weight`` ranks a place without people, times the number of its other names; ``least_names`` is how many other
    names it needs to be taken by default.
    """

    kind: str
    taken: bool
    weight: int
    least_names: int


class Row(NamedTuple):
    """A usable row of the table of places; ``country`` is ISO alpha-3, "" for none."""

    geonames_id: int
    name: str
    ascii_name: str
    alternates: str
    lat: float
    lon: float
    feature_class: str
    code: str
    country: str
    unit: str
    population: int


@dataclass(slots=True)
class BadRows:
    """Rows that could not be used, by file and reason, with the numbers of the first few lines."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    lines: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, file: str, line: int, reason: str) -> None:
        """Count a row."""
        self.counts[file, reason] = self.counts.get((file, reason), 0) + 1
        first = self.lines.setdefault((file, reason), [])
        if len(first) < _LINES_TOLD:
            first.append(line)

    def __len__(self) -> int:
        return sum(self.counts.values())

    def __iter__(self) -> Iterator[str]:
        for (file, reason), n in sorted(self.counts.items()):
            lines = ", ".join(map(str, self.lines[file, reason]))
            more = ", …" if n > _LINES_TOLD else ""
            yield f"{file}: {n} {'row' if n == 1 else 'rows'} left out, {reason} (line {lines}{more})"


# Called with the name of a step, what is done and what there is to do (both in the step's own unit), and the rows so far.
Report = Callable[[str, int, int, int], None]


def load_features() -> dict[str, Feature]:
    """Load what becomes of each feature code ("P.PPL")."""
    with (_FOLDER / "feature_codes.csv").open(encoding="utf-8", newline="") as file:
        found = {
            f"{r['class']}.{r['code']}": Feature(r["kind"], r["taken"] == "yes", int(r["weight"]), int(r["least_names"]))
            for r in csv.DictReader(file)
        }  # fmt: skip
    assert all(f.kind in KINDS for f in found.values())
    return found


def load_country_codes() -> dict[str, str]:
    """Load ISO alpha-2 to alpha-3; "" is for what no country owns."""
    with (_FOLDER / "country_codes.csv").open(encoding="utf-8", newline="") as file:
        return {"": "", **{r["alpha2"]: r["alpha3"] for r in csv.DictReader(file)}}


def iter_lines(path: Path, step: str, report: Report) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, line without its end) of a text file or of the text file in a zip.

    Raises:
        GazetteerError: The file cannot be opened, is no GeoNames zip, or is cut off.
    """
    done = number = 0
    try:
        with _open(path) as (file, size):
            # A line of a file that is no text could be endless.
            for number, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), 1):
                done += len(line)
                if number % _REPORT_ROWS == 0:
                    report(step, done, size, number)
                yield number, line.rstrip(b"\r\n")
            report(step, size, size, number)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        where = f" after line {number:,}" if number else ""
        raise GazetteerError(
            f'"{path}" is cut off or damaged{where} ({error}). Download it again.'
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise GazetteerError(
            f'"{path}" cannot be unzipped: {error}. Unzip it and give the .txt file.'
        ) from error


@contextmanager
def _open(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    if not path.is_file():
        raise GazetteerError(
            f'"{path}" does not exist. Files of GeoNames: https://download.geonames.org/export/dump/'
        )
    if path.suffix.lower() != ".zip":
        with path.open("rb") as file:
            yield file, path.stat().st_size
        return
    with zipfile.ZipFile(path) as archive:
        texts = [
            m for m in archive.infolist() if m.filename.endswith(".txt") and m.filename.lower() not in _BESIDE
        ]
        own = [m for m in texts if Path(m.filename).stem == path.stem]
        member = next(iter(own or sorted(texts, key=lambda m: -m.file_size)), None)
        if member is None:
            raise GazetteerError(
                f'"{path}" holds no table of GeoNames; expected "{path.stem}.txt" in it, found: '
                f"{', '.join(archive.namelist()[:5]) or 'nothing'}."
            )
        with archive.open(member) as file:
            # Lines of a zip's own reader cost twice as much.
            yield io.BufferedReader(file, _LONGEST_LINE), member.file_size  # type: ignore[type-var]


def parse_place(line: bytes, countries: dict[str, str]) -> Row:
    """Return the place of a line.

    Raises:
        BadRow: The line is not a usable row; its words tell the reason.
    """
    try:
        cells = line.decode().split("\t")
    except UnicodeDecodeError:
        raise BadRow("not UTF-8") from None
    if len(cells) != _PLACE_COLUMNS:
        raise BadRow(f"not {_PLACE_COLUMNS} columns")
    number = _to_id(cells[0])
    try:
        lat, lon = float(cells[4]), float(cells[5])
    except ValueError:
        raise BadRow("coordinates that are no numbers") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadRow("coordinates out of range")
    if not cells[1]:
        raise BadRow("no name")
    country = countries.get(cells[8])
    if country is None:
        raise BadRow("a country code that is not one")
    people = cells[14]
    if people and not (people.isascii() and people.isdigit()):
        raise BadRow("a population that is no number")
    return Row(
        number, cells[1], cells[2], cells[3], lat, lon, cells[6], cells[7], country, cells[10], int(people or 0)
    )  # fmt: skip


def parse_name(line: bytes) -> tuple[int, str] | None:
    """Return (GeoNames id, name) of a line of alternate names; None for codes, links and other scripts.

    Raises:
        BadRow: The line is not a usable row; its words tell the reason.
    """
    try:
        cells = line.decode().split("\t", _NAME_COLUMNS)
    except UnicodeDecodeError:
        raise BadRow("not UTF-8") from None
    if len(cells) < _NAME_COLUMNS:
        raise BadRow(f"fewer than {_NAME_COLUMNS} columns")
    number, name = _to_id(cells[1]), cells[3]
    if not name:
        raise BadRow("no name")
    return None if cells[2] in _NO_LANGUAGE or not is_alternate(name) else (number, name)


def load_units(path: Path, bad: BadRows) -> dict[int, list[str]]:
    """Load GeoNames id → names from ``admin1CodesASCII.txt`` or ``admin2Codes.txt``.

    Raises:
        GazetteerError: The file cannot be read.
    """
    found: dict[int, list[str]] = {}
    for number, line in iter_lines(path, "units", lambda *_: None):
        try:
            cells = line.decode().split("\t")
            if len(cells) != 4:
                raise BadRow("not 4 columns")
            found[_to_id(cells[3])] = [n for n in dict.fromkeys(cells[1:3]) if n]
        except UnicodeDecodeError:
            bad.add(path.name, number, "not UTF-8")
        except BadRow as error:
            bad.add(path.name, number, str(error))
    return found


def is_alternate(name: str) -> bool:
    """Tell whether an alternate name is one that news in Latin letters could use; three letters are codes."""
    return len(name) >= _SHORTEST_ALTERNATE and is_latin(name)


def _to_id(words: str) -> int:
    if not (words.isascii() and words.isdigit()) or not 0 < (number := int(words)) <= _LARGEST_ID:
        raise BadRow("an id that is no number")
    return number
