"""Places from raw text: found, and put where they are, on articles with annotated toponyms.

    python bench/quality/places.py [--data ../shared/data/geo] [--errors N]

Figures are of ``dragoman.find_places``, the function that users call. What counts:

GeoVirus (Wikinews on epidemics): every annotated location.
GeoWebNews (GWN): every toponym with a GeoNames id, of whatever type (literal, modifier, metonymic, mixed, coercive,
    embedded in a name), but for adjectives ("Russian"), which are no places in our records; a second line counts these
    too. Toponyms with coordinates but without an id (mostly shops and halls), and adjectives in the first line, count
    neither as found nor as false. Demonyms, languages, homonyms, non-toponyms and common nouns have no coordinates:
    to return one is a false alarm.

A name is found when it shares a character with an annotated one, each used once; "exact" asks for the same span. End to
end asks that it is also placed within 161 km (100 miles); distances are from point to point, also for states, where
GeoVirus often has another centre than GeoNames. The right country is asked of the names found; places that no one
state owns (continents, seas, regions across borders) are left out of it. The country of an annotated place is that of
its GeoNames id, else of the nearest town. Errors are printed for GeoVirus only, since GWN is kept for reporting.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import statistics
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dragoman import find_places
from dragoman.records import Place
from dragoman.resolve.gazetteer import Gazetteer
from dragoman.resolve.gazetteer.own import distance_km

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "geo"
NEAR_KM = 161.0


@dataclass(frozen=True, slots=True)
class Gold:
    """An annotated toponym; one that does not count is neither found nor false."""

    start: int
    end: int
    lat: float
    lon: float
    geonames_id: int | None
    kind: str
    counts: bool


@dataclass(slots=True)
class Tally:
    """What was counted over the articles of a set."""

    n: collections.Counter[str] = field(default_factory=collections.Counter)
    of_kind: collections.Counter[str] = field(default_factory=collections.Counter)
    missed: collections.Counter[str] = field(default_factory=collections.Counter)
    km: list[float] = field(default_factory=list)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read_geovirus(path: Path) -> list[tuple[str, list[Gold]]]:
    """Return the texts of GeoVirus with their locations; its offsets count from one."""
    out = []
    for article in ET.fromstring(gzip.decompress(path.read_bytes())):
        text, gold = article.findtext("text") or "", []
        for one in article.iter("location"):
            start, name = int(one.findtext("start") or 0), one.findtext("name") or ""
            start -= text[start : start + len(name)] != name
            lat, lon = float(one.findtext("lat") or 0), float(one.findtext("lon") or 0)
            gold.append(Gold(start, start + len(name), lat, lon, None, "location", counts=True))
        out.append((text, gold))
    return out


def read_gwn(path: Path, *, adjectives: bool = False) -> list[tuple[str, list[Gold]]]:
    """Return the texts of GeoWebNews with the toponyms that have coordinates."""
    out = []
    for article in ET.fromstring(gzip.decompress(path.read_bytes())):
        gold = []
        for one in article.iter("toponym"):
            get = {child.tag: (child.text or "").strip() for child in one}
            if not get.get("latitude"):
                continue
            is_adjective = get.get("modifierType") == "Adjective"
            number = int(get.get("geonamesID") or 0) or None
            gold.append(
                Gold(
                    int(get["start"]), int(get["end"]), float(get["latitude"]), float(get["longitude"]), number,
                    get["type"] + (" (adjective)" if is_adjective else ""),
                    counts=number is not None and (adjectives or not is_adjective),
                )
            )  # fmt: skip
        out.append((article.findtext("text") or "", gold))
    return out


class Countries:
    """The country of a point or of a GeoNames id, from the packaged table."""

    def __init__(self) -> None:
        self.gazetteer = Gazetteer()
        table = self.gazetteer.table
        self._rows = np.flatnonzero(table["population"] > 2000)
        lat, lon = np.radians(table["lat"][self._rows]), np.radians(table["lon"][self._rows])
        self._points = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
        self._by_id = {int(n): k for k, n in enumerate(table["geonames_id"]) if n}

    def of(self, gold: Gold, text: str) -> str | None:
        """Return the country of an annotated place; None where no one state owns it."""
        if gold.geonames_id in self._by_id:
            return self.gazetteer.country_of(self._by_id[gold.geonames_id]) or None
        rows = self.gazetteer.find(text[gold.start : gold.end])
        if any(not r.country and distance_km(r.lat, r.lon, gold.lat, gold.lon) < 3000 for r in rows):
            return None
        lat, lon = np.radians(gold.lat), np.radians(gold.lon)
        point = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        return self.gazetteer.country_of(int(self._rows[int(np.argmax(self._points @ point))])) or None


def pair(gold: Sequence[Gold], found: Sequence[Place]) -> list[tuple[Place, Gold | None]]:
    """Return each place found with the annotated one that it shares most characters with, each used once."""
    out: list[tuple[Place, Gold | None]] = []
    free = sorted(gold, key=lambda g: g.start)
    for place in found:
        over = [g for g in free if min(place.end, g.end) > max(place.start, g.start)]
        best = max(
            over,
            key=lambda g: (g.counts, min(place.end, g.end) - max(place.start, g.start)),
            default=None,
        )
        if best is not None:
            free.remove(best)
        out.append((place, best))
    return out


def count(
    tally: Tally, text: str, gold: Sequence[Gold], found: Sequence[Place], countries: Countries
) -> None:
    """Add an article to the tally."""
    pairs = pair(gold, found)
    for place, one in pairs:
        if one is not None and not one.counts:
            continue
        tally.n["found"] += 1
        right = False
        if one is None:
            tally.errors.append(f"false   {shown(text, place.start, place.end)}")
        else:
            right = count_placed(tally, text, one, place, countries)
        if place.lat is not None:
            tally.sure.append((place.confidence, right))
    matched = {id(one) for _, one in pairs}
    for one in gold:
        if one.counts:
            tally.n["gold"] += 1
            tally.of_kind[one.kind] += 1
            if id(one) not in matched:
                tally.missed[one.kind] += 1
                tally.errors.append(f"missed  {shown(text, one.start, one.end)}")


def count_placed(tally: Tally, text: str, one: Gold, place: Place, countries: Countries) -> bool:
    """Add a place that was found, and tell whether it was put where it is."""
    tally.n["matched"] += 1
    tally.n["exact"] += (place.start, place.end) == (one.start, one.end)
    same = place.geonames_id is not None and place.geonames_id == one.geonames_id
    near = False
    if place.lat is None or place.lon is None:
        tally.n["unplaced"] += 1
    else:
        km = distance_km(place.lat, place.lon, one.lat, one.lon)
        tally.km.append(km)
        near = km <= NEAR_KM
    country = countries.of(one, text)
    if country is not None:
        tally.n["states"] += 1
        tally.n["right state"] += place.country == country
    tally.n["near"] += near
    tally.n["near or same id"] += near or same
    if not near:
        tally.errors.append(
            f"far     {shown(text, one.start, one.end)}: {place.name}, {place.country}, {place.lat} {place.lon} "
            f"for {one.lat} {one.lon}"
        )
    return near or same


def shown(text: str, start: int, end: int) -> str:
    """Return a span amid its neighbours."""
    return f"{text[max(0, start - 40) : start]}[{text[start:end]}]{text[end : end + 30]}".replace("\n", " ")


def calibration_error(sure: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return the expected calibration error of confidences over equal bins."""
    out = 0.0
    for b in range(bins):
        own = [(c, r) for c, r in sure if b / bins <= c < (b + 1) / bins or (c == 1.0 and b == bins - 1)]
        if own:
            out += abs(sum(c for c, _ in own) - sum(r for _, r in own)) / len(sure)
    return out


def report(name: str, tally: Tally, *, kinds: bool) -> None:
    """Print the figures of a set."""
    n = tally.n
    both = n["found"] + n["gold"]
    print(
        f"{name}: {n['gold']} toponyms, {n['found']} found\n"
        f"  detection: precision {n['matched'] / n['found']:.3f}  recall {n['matched'] / n['gold']:.3f}  "
        f"F1 {2 * n['matched'] / both:.3f}  exact F1 {2 * n['exact'] / both:.3f}\n"
        f"  end to end within 161 km: F1 {2 * n['near'] / both:.3f}  (or the same GeoNames id: "
        f"{2 * n['near or same id'] / both:.3f}); of those found {n['near'] / n['matched']:.3f}, "
        f"median error {statistics.median(tally.km):.0f} km, without coordinates {n['unplaced']}\n"
        f"  right country: {n['right state'] / n['states']:.3f} of {n['states']};  "
        f"calibration error {calibration_error(tally.sure):.3f}"
    )
    if kinds:
        for kind, total in tally.of_kind.most_common():
            print(f"  missed {tally.missed[kind]:4d} of {total:4d}  {kind}")


def main() -> None:
    """Print the figures of both sets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--errors", type=int, default=0, help="errors to print, of GeoVirus")
    options = parser.parse_args()
    countries = Countries()
    virus = read_geovirus(options.data / "GeoVirus.xml.gz")
    tally = Tally()
    for text, gold in virus:
        count(tally, text, gold, find_places(text), countries)
    report("GeoVirus", tally, kinds=False)
    for line in tally.errors[: options.errors]:
        print("   ", line)
    gwn = read_gwn(options.data / "GWN.xml.gz")
    found = [find_places(text) for text, _ in gwn]
    parts = {
        "GWN": slice(None),
        "GWN, odd articles": slice(1, None, 2),
        "GWN, even articles": slice(0, None, 2),
    }
    for name, part in parts.items():
        tally = Tally()
        for (text, gold), places in zip(gwn[part], found[part], strict=True):
            count(tally, text, gold, places, countries)
        report(name, tally, kinds=name == "GWN")
    tally = Tally()
    for (text, gold), places in zip(
        read_gwn(options.data / "GWN.xml.gz", adjectives=True), found, strict=True
    ):
        count(tally, text, gold, places, countries)
    report("GWN, adjectives counted too", tally, kinds=False)


if __name__ == "__main__":
    main()
