"""Tables for tools made for POLECAT, ICEWS, GDELT and Phoenix, and GeoJSON: columns, pairs, what is left out."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dragoman.export import Tally, write_events
from dragoman.export.layouts import GDELT_1, GDELT_2, ICEWS, PHOENIX, POLECAT
from dragoman.export.sides import to_number

from .cited import DRILL, HALDEN, KELD, cited, interval, one_sided, side

TABLES = ("polecat", "cameo", "cameo-gdelt", "cameo-gdelt1", "cameo-phoenix")
COLUMNS = {
    "cameo": ICEWS,
    "cameo-icews": ICEWS,
    "polecat": POLECAT,
    "cameo-gdelt": GDELT_2,
    "cameo-gdelt1": GDELT_1,
    "cameo-phoenix": PHOENIX,
}


def rows_of(
    kind: str, events: list[dict[str, Any]], tmp_path: Path, tally: Tally | None = None
) -> list[dict[str, str]]:
    """Return the rows that an export writes, by column."""
    path = tmp_path / "table"
    n = write_events(events, path, kind=kind, tally=tally)
    with path.open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file, delimiter="\t"))
    if not kind.startswith(("cameo-gdelt", "cameo-phoenix")):
        assert tuple(cells.pop(0)) == COLUMNS[kind]
    assert len(cells) == n
    return [dict(zip(COLUMNS[kind], row, strict=True)) for row in cells]


def test_layouts_have_the_published_numbers_of_columns() -> None:
    """GDELT has 58 and 61 columns, ICEWS 20, POLECAT 40, Phoenix 26, none of them twice."""
    assert [len(c) for c in (GDELT_1, GDELT_2, ICEWS, POLECAT, PHOENIX)] == [58, 61, 20, 40, 26]
    assert all(len(set(c)) == len(c) for c in COLUMNS.values())


def test_icews_rows(tmp_path: Path) -> None:
    """Names, sectors and countries in words, the CAMEO code with its zeros and Goldstein's score."""
    (row,) = rows_of("cameo", [cited(one_sided())], tmp_path)
    assert row["Event Date"] == "2024-06-02"
    assert (row["Source Name"], row["Source Sectors"], row["Source Country"]) == (
        "Navy of Keld",
        "Military",
        "Norway",
    )
    assert (row["Target Name"], row["Target Country"]) == ("Navy of Halden", "Denmark")
    assert (row["CAMEO Code"], row["Intensity"], row["Event Text"]) == ("193", "-10.0", "ASSAULT firearms")
    assert (row["Province"], row["City"], row["Country"], row["Latitude"]) == ("Ørsund", "", "Norway", "59.5")
    assert (row["Publisher"], row["Sentence Number"]) == ("Keld Times", "")
    assert hex(int(row["Event ID"]) >> 14) == "0x1"


def test_gdelt_rows(tmp_path: Path) -> None:
    """Actor codes, quad class and score of CAMEO, FIPS country, place with its kind, address; 2.0 has three columns more."""
    (row,) = rows_of("cameo-gdelt", [cited(one_sided())], tmp_path)
    assert (row["SQLDATE"], row["MonthYear"], row["Year"], row["FractionDate"]) == (
        "20240602",
        "202406",
        "2024",
        "2024.4164",
    )
    assert (row["Actor1Code"], row["Actor1CountryCode"], row["Actor1Type1Code"]) == ("NORMIL", "NOR", "MIL")
    assert (row["Actor2Code"], row["Actor2KnownGroupCode"]) == ("DNKMIL", "")
    assert (row["EventCode"], row["EventBaseCode"], row["EventRootCode"], row["QuadClass"], row["GoldsteinScale"]) == ("193", "193", "19", "4", "-10.0")  # fmt: skip
    assert (row["ActionGeo_Type"], row["ActionGeo_FullName"], row["ActionGeo_CountryCode"]) == (
        "5",
        "Ørsund, Norway",
        "NO",
    )
    assert (row["ActionGeo_Lat"], row["ActionGeo_Long"]) == ("59.5", "10.25")
    assert (row["DATEADDED"], row["SOURCEURL"]) == ("20240603000000", "https://keld-1.example/talks")
    (older,) = rows_of("cameo-gdelt1", [cited(one_sided())], tmp_path)
    assert {**older, "DATEADDED": ""} == {k: v for k, v in row.items() if "ADM2" not in k} | {"DATEADDED": ""}
    assert older["DATEADDED"] == "20240603"


def test_phoenix_rows(tmp_path: Path) -> None:
    """Actors in their parts, Phoenix's own classes, an id that leads back to the event."""
    press = side(HALDEN, country="UNO", sectors=("JRN",))
    (row,) = rows_of(
        "cameo-phoenix", [cited(replace(one_sided("SANCTION", "expel"), recipients=(press,)))], tmp_path
    )
    assert row["EventID"] == "000000000001abcd_0"
    assert (row["SourceActorFull"], row["SourceActorEntity"], row["SourceActorRole"]) == (
        "NORMIL",
        "NOR",
        "MIL",
    )
    assert (row["TargetActorFull"], row["TargetActorEntity"], row["TargetActorRole"], row["TargetActorAttribute"]) == ("IGOUNOMED", "IGO", "MED", "UNO")  # fmt: skip
    assert (row["EventCode"], row["EventRootCode"], row["PentaClass"], row["GoldsteinScore"]) == (
        "166",
        "16",
        "3",
        "-8.0",
    )
    assert (row["URLs"], row["NewsSources"], row["CountryCode"]) == (
        "https://keld-1.example/talks",
        "Keld Times",
        "NOR",
    )


def test_polecat_rows(tmp_path: Path) -> None:
    """One row per event: sides are lists with a place for each, what is not known is None."""
    nobody = side(HALDEN, country=None, sectors=(), name=None)
    (row,) = rows_of("polecat", [cited(replace(DRILL, actors=(KELD, nobody)))], tmp_path)
    assert (row["Event Type"], row["Event Mode"], row["Quad Code"]) == (
        "COOPERATE",
        "None",
        "MATERIAL COOPERATION",
    )
    assert (row["Actor Name"], row["Actor Country"], row["Actor COW"]) == (
        "Navy of Keld; Halden",
        "NOR; None",
        "385; None",
    )
    assert (row["Primary Actor Sector"], row["Actor Sectors"], row["Recipient Name"]) == (
        "MIL; None",
        "MIL",
        "None",
    )
    assert (row["Contexts"], row["Intensity"], row["Province"], row["GeoNames ID"]) == (
        "military",
        "9.5",
        "Ørsund",
        "3143244",
    )
    assert (row["Publication Date"], row["Source"], row["Language"], row["Story People"]) == ("2024-06-03", "Keld Times", "English", "None")  # fmt: skip


@pytest.mark.parametrize("kind", ["cameo", "cameo-gdelt", "cameo-phoenix"])
def test_a_mutual_act_gives_a_row_per_unordered_pair(kind: str, tmp_path: Path) -> None:
    """Three sides of a meeting are three rows, not six; two actors against one are two rows; ids differ."""
    third = side(HALDEN, country="SWE", name="Navy of Orla")
    mutual = cited(replace(DRILL, actors=(*DRILL.actors, third)))
    tally = Tally()
    rows = rows_of(kind, [mutual], tmp_path, tally)
    assert (len(rows), tally.events) == (3, 1)
    assert len({next(iter(row.values())) for row in rows}) == 3
    assert len(rows_of(kind, [cited(replace(one_sided(), actors=(KELD, third)))], tmp_path)) == 2
    assert len(rows_of(kind, [cited(replace(one_sided(), recipients=()))], tmp_path)) == 1
    assert len(rows_of(kind, [cited(replace(one_sided(), actors=()))], tmp_path)) == 1


def test_a_side_named_twice_is_one(tmp_path: Path) -> None:
    """Two mentions of one actor make no pair with each other and no second row."""
    again = side(KELD, start=0, end=4)
    assert len(rows_of("cameo", [cited(replace(one_sided(), actors=(KELD, again)))], tmp_path)) == 1


@pytest.mark.parametrize("kind", TABLES)
def test_tables_have_only_what_happened_on_a_day(kind: str, tmp_path: Path) -> None:
    """Future, hypothetical and negated events, wide and missing dates are left out and counted; publication may stand in."""
    events = [
        cited(one_sided()), cited(one_sided(status="future")), cited(one_sided(status="negated")),
        cited(one_sided(date=interval(date(2023, 1, 1), date(2023, 12, 31), "year"))),
        cited(one_sided(date=interval(date(2024, 5, 1), date(2024, 5, 31), "month"))), cited(one_sided(date=None)),
        cited(one_sided(date=None), published_on=None), cited(one_sided(date=None, historical=True)),
    ]  # fmt: skip
    tally = Tally()
    assert len(rows_of(kind, events, tmp_path, tally)) == 3
    assert tally.left_out == {"not_actual": 2, "wide_date": 1, "no_date": 2}
    assert tally.dated_by_article == 1
    assert len(rows_of(kind, events, tmp_path, Tally(any_status=True))) == 5


def test_numbers_of_ids_lead_back_to_the_event() -> None:
    """Ids that are not hexadecimal are hashed; numbers fit in 63 bits and differ by pair."""
    numbers = [
        to_number(name, pair) for name in ("ffffffffffffffff", "coop000000000001", "") for pair in (0, 1)
    ]
    assert len(set(numbers)) == 6
    assert all(0 <= n < 2**63 for n in numbers)
    assert hex(numbers[1] >> 14) == "0xffffffffffff"


def test_geojson_has_a_feature_per_event_with_coordinates(tmp_path: Path) -> None:
    """Longitude stands first, resolution is a property; places without coordinates are counted."""
    place = DRILL.place
    assert place is not None
    bare = replace(one_sided(), place=replace(place, lat=None, lon=None))
    tally = Tally()
    path = tmp_path / "a.geojson"
    assert write_events([cited(one_sided()), cited(bare), cited(replace(DRILL, place=None)), cited(DRILL)], path, kind="geojson", tally=tally) == 2  # fmt: skip
    assert tally.left_out == {"no_coordinates": 2}
    found = json.loads(path.read_text("utf-8"))
    assert (found["type"], [f["type"] for f in found["features"]]) == (
        "FeatureCollection",
        ["Feature", "Feature"],
    )
    first = found["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [10.25, 59.5]}
    assert (first["id"], first["properties"]["resolution"], first["properties"]["incident_id"]) == (
        "000000000001abcd",
        2,
        "i1",
    )
    assert first["properties"]["actors"] == [{"name": "Navy of Keld", "country": "NOR", "sectors": ["MIL"]}]


@pytest.mark.parametrize("kind", [*TABLES, "plover-jsonl", "geojson"])
def test_events_without_their_article_can_be_written(kind: str, tmp_path: Path) -> None:
    """Without what the store joins to them the columns of the article stay empty."""
    event = {k: v for k, v in cited(one_sided()).items() if k not in ("article", "incident_id")}
    assert write_events([event], tmp_path / "a", kind=kind) == 1
