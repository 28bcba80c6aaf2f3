"""Our own tables of places (``own_places.csv`` and ``own_places_conflict.csv``) merged into a gazetteer that is being written.

A row of ours that names a country, a first-order unit, a town, or a region, water or site that the source holds too
adds its aliases to that row; what the source lacks becomes a row of its own. Centres of countries and
units come from our table, since the sources give capitals or means of towns.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dragoman.errors import GazetteerError
from dragoman.resolve.gazetteer.keys import KINDS, NAMED, name_flags, name_key
from dragoman.resolve.gazetteer.writing import GazetteerWriter, NewPlace

_FOLDER: Final = Path(__file__).parent
# The second holds villages, camps and front lines of wars, which lists of towns of 500 people lack.
OWN_TABLES: Final = (_FOLDER / "own_places.csv", _FOLDER / "own_places_conflict.csv")
_COLUMNS: Final = ["name", "kind", "country", "lat", "lon", "weight", "aliases"]
# A town of ours and one of the source are the same when they share a name and lie this close.
_SAME_TOWN_KM: Final = 60.0
# Villages of one name lie closer to each other than that.
_VILLAGE, _SAME_VILLAGE_KM = 20_000, 20.0
# Regions and waters are wide, and their middle is a matter of taste.
_SAME_AREA_KM: Final = {"region": 400.0, "water": 400.0, "site": 25.0}
_DEFAULT_WEIGHT: Final = 500_000
_UNITS: Final = frozenset({"country", "admin1"})


@dataclass(slots=True)
class OwnPlace:
    """A row of our table; ``row`` is the source's row that it merged into, None until one is found."""

    place: NewPlace
    aliases: list[str]
    row: int | None = None
    merged_rank: tuple[int, float] = (-1, 0.0)
    keys: frozenset[str] = field(default_factory=frozenset)

    def names(self) -> list[tuple[str, int]]:
        """Return the names with their flags; all count as the place's own."""
        return [(n, NAMED | name_flags(n)) for n in (self.place.name, *self.aliases)]


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance between two points in kilometres.

    Example:
        >>> round(distance_km(51.5, -0.1, 48.9, 2.4))
        339
    """
    a, b, c, d = map(math.radians, (lat1, lon1, lat2, lon2))
    x = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(x)))


def load_own_places(paths: Iterable[Path] = OWN_TABLES) -> list[OwnPlace]:
    """Load our tables.

    Raises:
        GazetteerError: The header or a row is wrong; file and line are named.
    """
    return [own for path in paths for own in _load(path)]


def _load(path: Path) -> list[OwnPlace]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise GazetteerError(f"{path.name}, line 1: the header must be {','.join(_COLUMNS)}.")
        return [_parse(path, reader.line_num, row) for row in reader]


def _parse(path: Path, line: int, row: dict[str, str]) -> OwnPlace:
    try:
        if None in row or None in row.values() or row["kind"] not in KINDS or not row["name"]:
            raise ValueError("a cell too few or too many, no name, or an unknown kind")
        lat, lon = float(row["lat"]), float(row["lon"])
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise ValueError("a coordinate is out of range")
        place = NewPlace(row["name"], row["kind"], row["country"], lat, lon, int(row["weight"] or 0))
    except ValueError as error:
        raise GazetteerError(
            f"{path.name}, line {line}: the row cannot be used: {error}. Row: {row}."
        ) from error
    aliases = [a for a in row["aliases"].split("|") if a]
    return OwnPlace(place, aliases, keys=frozenset(name_key(n) for n in (row["name"], *aliases)))


class OwnPlaces:
    """Merges our rows into a writer: ``fit`` before a row of the source is added, ``finish`` after the last."""

    def __init__(self, places: list[OwnPlace]) -> None:
        self.places = places
        self._by_key: dict[str, list[OwnPlace]] = {}
        for own in places:
            for key in sorted(own.keys):
                self._by_key.setdefault(key, []).append(own)

    def fit(self, place: NewPlace, keys: Collection[str], row: int) -> NewPlace:
        """Return the source's place as it should be written, and remember it where one of ours is the same place.

        Args:
            place: The source's place.
            keys: The look-up keys of its names, in the order of its names.
            row: The row that it will get.
        """
        own = self._match(place, keys)
        if own is None:
            return place
        # Of several that fit, the one with most people; of villages without a count, the nearest.
        rank = (place.population, -distance_km(own.place.lat, own.place.lon, place.lat, place.lon))
        if rank <= own.merged_rank:
            return place
        own.row, own.merged_rank = row, rank
        if place.kind == "city":
            return place
        return NewPlace(
            own.place.name, place.kind if place.kind in _UNITS else own.place.kind, own.place.country, own.place.lat,
            own.place.lon, max(place.population, own.place.population), place.geonames_id, place.unit,
        )  # fmt: skip

    def finish(self, writer: GazetteerWriter) -> int:
        """Write the aliases of merged rows and the rows that merged into none; return how many those are."""
        added = 0
        for own in self.places:
            row = own.row
            if row is None:
                place = own.place
                row = writer.add(NewPlace(place.name, place.kind, place.country, place.lat, place.lon,
                                          place.population or _DEFAULT_WEIGHT))  # fmt: skip
                added += 1
            writer.add_names(row, own.names())
        return added

    def _match(self, place: NewPlace, keys: Collection[str]) -> OwnPlace | None:
        for key in keys:
            for own in self._by_key.get(key, ()):
                if _same(own, place, key):
                    return own
        return None


def _same(own: OwnPlace, place: NewPlace, key: str) -> bool:
    kind = own.place.kind
    if kind in _SAME_AREA_KM and place.kind in _SAME_AREA_KM:
        if own.place.country and place.country and own.place.country != place.country:
            return False
        within = min(_SAME_AREA_KM[kind], _SAME_AREA_KM[place.kind])
        return distance_km(own.place.lat, own.place.lon, place.lat, place.lon) < within
    if own.place.country != place.country:
        return False
    if place.kind in _UNITS:
        return kind == place.kind or (kind == "region" and key == name_key(own.place.name))
    if place.kind == "city" and kind == "city":
        within = _SAME_VILLAGE_KM if 0 < own.place.population < _VILLAGE else _SAME_TOWN_KM
        return distance_km(own.place.lat, own.place.lon, place.lat, place.lon) < within
    return False
