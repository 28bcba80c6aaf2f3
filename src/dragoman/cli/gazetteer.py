"""Commands on the table of places: which one is used, what it says of a name, and building a large one."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cyclopts import App

from dragoman.cli.terms import settings_with
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.resolve.gazetteer import Gazetteer

Format = Literal["table", "jsonl"]
app = App(name="gazetteer", help_flags=["--help", "-h"])
# Seconds between two lines of progress where standard error is no terminal.
_LOG_EVERY_S, _DRAW_EVERY_S = 15.0, 0.3


@app.default
def gazetteer() -> int:
    """Tell which table of places is used, look names up in it, or build a large one from GeoNames.

    Example: dragoman gazetteer look-up "El Fasher"

    Example: dragoman gazetteer build allCountries.zip --names alternateNamesV2.zip
    """
    return info()


@app.command
def info(*, format: Format = "table") -> int:
    """Tell which table of places is used, where it lies, what it holds and what it was made from.

    Example: dragoman gazetteer info

    Parameters
    ----------
    format
        table for people, jsonl for programs.
    """
    opened = _open()
    built = opened.built
    files = [
        p
        for p in sorted(opened.folder.iterdir())
        if p.suffix in (".npy", ".marisa", ".txt") or p.name == "labels.json"
    ]
    found: dict[str, Any] = {
        "folder": str(opened.folder), "packaged": not built, "places": len(opened), "names": opened.count_names(),
        "kinds": opened.count_kinds(), "bytes": sum(p.stat().st_size for p in files), "built": built or None,
    }  # fmt: skip
    if format == "jsonl":
        print(json.dumps(found, ensure_ascii=False))
        return 0
    kind = "packaged" if not built else "built"
    print(f"gazetteer   {opened.folder} ({kind}, {found['bytes'] / 1e6:.0f} MB)")
    print(f"places      {found['places']:,}")
    print(f"names       {found['names']:,}")
    for name, n in sorted(found["kinds"].items(), key=lambda k: -k[1]):
        print(f"  {name:9} {n:,}")
    if not built:
        print(
            "made from   GeoNames towns of 500 people and more, and our own tables; see ATTRIBUTION beside it"
        )
        return 0
    print(f"built on    {built['on']}")
    for one in built["from"]:
        rows = f"{one['rows']:,} rows, " if one["rows"] is not None else ""
        print(f"  from      {one['file']} ({rows}{one['bytes'] / 1e6:.1f} MB)")
    return 0


@app.command
def look_up(name: str, *, country: str | None = None, format: Format = "table") -> int:
    """Show the places of a name, best first: those whose own name it is, then by people.

    Example: dragoman gazetteer look-up Zalingei --country SDN

    Parameters
    ----------
    name
        A name; case, accents and hyphens do not matter.
    country
        Only places of that country, ISO alpha-3.
    format
        table for people, jsonl for programs.
    """
    from dragoman.records import to_json

    if country is not None and not (len(country) == 3 and country.isalpha()):
        raise UsageError(f'--country must be three letters such as SDN; got "{country}".')
    found = _open().find(name)
    if country is not None:
        found = [p for p in found if p.country == country.upper()]
    found.sort(key=lambda p: (not p.named, -p.population, p.row))
    for p in found:
        if format == "jsonl":
            sys.stdout.write(json.dumps(to_json(p), ensure_ascii=False) + "\n")
            continue
        where = ", ".join(w for w in (p.admin1, p.country) if w)
        number = f"geonames {p.geonames_id}" if p.geonames_id else ""
        print(
            f"{p.name:28} {p.kind:9} {where:32} {p.lat:9.4f} {p.lon:9.4f} {p.population:12,}  {number}".rstrip()
        )
    print(f"{len(found)} found", file=sys.stderr)
    return 0 if found else 1


@app.command
def build(
    *files: Path,
    names: Path | None = None,
    out: Path | None = None,
    classes: str | None = None,
    least_population: int = 0,
    everything: bool = False,
    alone: bool = False,
    admin1: Path | None = None,
    admin2: Path | None = None,
) -> int:
    """Build a large gazetteer from GeoNames files, zipped or plain, and tell how to use it.

    The files are at https://download.geonames.org/export/dump/: allCountries.zip or single countries such as SD.zip, and
    alternateNamesV2.zip. Where only some countries are given, the others come from the packaged gazetteer.

    Example: dragoman gazetteer build allCountries.zip --names alternateNamesV2.zip --out places

    Parameters
    ----------
    files
        Tables of places: allCountries.zip, or those of single countries.
    names
        Table of alternate names; without it, those in the tables of places are used.
    out
        Folder to make; a gazetteer there is replaced [the user's data folder].
    classes
        Feature classes to take, separated by commas: A units, H waters, L areas, P towns, R roads, S sites, T mountains and
        islands, U undersea, V forests [all].
    least_population
        People below which a town is left out; seats of units stay.
    everything
        Take streams, hills, farms, schools and what else is left out by default.
    alone
        Leave out the countries that the files lack.
    admin1
        admin1CodesASCII.txt [the file of that name beside the first table, where there is one].
    admin2
        admin2Codes.txt [the same].
    """
    from dragoman.resolve.gazetteer.full import Wanted, build_gazetteer

    if not files:
        raise UsageError(
            "nothing to build from. Give a file of GeoNames: dragoman gazetteer build allCountries.zip"
        )
    if least_population < 0:
        raise UsageError(f"--least-population must be 0 or more; got {least_population}.")
    where = out if out is not None else _default_out()
    units = [_beside(files[0], "admin1CodesASCII.txt", admin1), _beside(files[0], "admin2Codes.txt", admin2)]
    progress = _Progress()
    try:
        built = build_gazetteer(
            list(files), out=where.absolute(), today=date.today(), names=names, units=[u for u in units if u is not None],
            wanted=Wanted(_classes(classes), least_population, everything, alone), report=progress,
        )  # fmt: skip
    except KeyboardInterrupt:
        progress.close()
        print("dragoman: stopped; nothing was left behind.", file=sys.stderr)
        return 130
    finally:
        progress.close()
    for line in built.bad:
        print(line, file=sys.stderr)
    from_packaged = f", {built.packaged:,} of them from the packaged gazetteer" if built.packaged else ""
    print(f"{built.places:,} places under {built.names:,} names{from_packaged}")
    print(
        f"{built.read:,} rows read, {built.left_out:,} of kinds that are not taken, {len(built.bad):,} not usable"
    )
    print(f"gazetteer: {where}")
    print(f'use it: put gazetteer = "{where.absolute()}" under [resolve] in dragoman.toml,')
    print(f"or set DRAGOMAN_RESOLVE_GAZETTEER={where.absolute()}")
    return 0


def _open() -> Gazetteer:
    from dragoman.resolve.gazetteer import PACKAGED, Gazetteer

    folder = settings_with().settings.resolve.gazetteer
    return Gazetteer(Path(folder) if folder else PACKAGED)


def _default_out() -> Path:
    from platformdirs import user_data_path

    return user_data_path("dragoman") / "gazetteer"


def _classes(words: str | None) -> str:
    from dragoman.resolve.gazetteer.full import CLASSES

    letters = [w.strip().upper() for w in (words or "").split(",") if w.strip()]
    for letter in letters:
        if len(letter) != 1 or letter not in CLASSES:
            raise UsageError(f'--classes takes letters of {",".join(CLASSES)}; got "{letter}".')
    return "".join(letters) or CLASSES


def _beside(first: Path, name: str, given: Path | None) -> Path | None:
    if given is not None:
        return given
    path = first.parent / name
    return path if path.is_file() else None


class _Progress:
    """Prints what a build does, how fast and how long it will take: one line that is redrawn, or a line now and then."""

    def __init__(self) -> None:
        self._step = ""
        self._began = self._told = time.monotonic()
        self._width = 0
        self._ended = False
        self._terminal = sys.stderr.isatty()

    def __call__(self, step: str, done: int, size: int, rows: int) -> None:
        """Tell that of a step ``done`` of ``size`` is done, with so many rows."""
        now = time.monotonic()
        ends = done >= size
        if step != self._step:
            self._step, self._began = step, now
        elif self._ended or (
            not ends and now - self._told < (_DRAW_EVERY_S if self._terminal else _LOG_EVERY_S)
        ):
            return
        self._told, self._ended = now, ends
        spent = now - self._began
        share = done / size if size else 1.0
        left = f", {_duration(spent * (1 - share) / share)} left" if spent > 1 and 0 < share < 1 else ""
        speed = f", {rows / spent:,.0f} a second" if rows and spent > 1 else ""
        counted = f", {rows:,} rows" if rows else ""
        self._print(f"{step}: {share:4.0%}{counted}{speed}{left}", ends=ends)

    def close(self) -> None:
        """End the line that is being redrawn."""
        if self._width:
            print(file=sys.stderr)
            self._width = 0

    def _print(self, line: str, *, ends: bool) -> None:
        if not self._terminal:
            print(line, file=sys.stderr, flush=True)
            return
        print("\r" + line.ljust(self._width), end="\n" if ends else "", file=sys.stderr, flush=True)
        self._width = 0 if ends else len(line)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
