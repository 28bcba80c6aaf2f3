"""Our events written as other people's tables and imported again: what comes back, and what cannot."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.export import write_events
from dragoman.export.foreign import Report, iter_foreign
from dragoman.ontology import load_ontology
from dragoman.records import Event

from .cited import DRILL, HALDEN, KELD, cited, one_sided, side

# Export format → the dataset that reads it.
FORMATS: Mapping[str, str] = {
    "polecat": "polecat", "cameo-icews": "icews", "cameo-gdelt": "gdelt", "cameo-gdelt1": "gdelt", "cameo-phoenix": "phoenix",
}  # fmt: skip
CAMEO = tuple(kind for kind in FORMATS if kind != "polecat")
# What CAMEO has no code for: PLOVER's type and mode → what comes back. Modes that are only lost, the type being the same, are
# not listed; these are acts that CAMEO files elsewhere.
ELSEWHERE: Mapping[tuple[str, str | None], tuple[str, str | None]] = {
    ("RETREAT", "resign"): ("CONCEDE", None),
    ("ASSAULT", "destroy"): ("COERCE", "seize"),
}
# Pairs whose code stands for more than the mode: another mode of the same type, or none, comes back.
MODE_LOST = {
    ("CONSULT", "third-party"), ("CONSULT", "multilateral"), ("REQUEST", "yield"), ("REJECT", "yield"), ("ACCUSE", "allege"), ("THREATEN", "arrest"), ("PROTEST", "strike"),
    ("PROTEST", "vandalize"), ("SANCTION", "convict"), ("MOBILIZE", "weapons"), ("MOBILIZE", "militia"), ("COERCE", "censor"),
    ("COERCE", "withhold"), ("COERCE", "misinformation"), ("COERCE", "cyber"), ("ASSAULT", "primitive"),
    ("ASSAULT", "explosives"), ("ASSAULT", "aerial"), ("ASSAULT", "drone"), ("ASSAULT", "crowd-control"),
}  # fmt: skip
# A type without mode whose code has one.
MODE_GAINED: Mapping[tuple[str, str | None], str | None] = {("ACCUSE", None): "disapprove"}


def there_and_back(kind: str, events: list[Event], folder: Path) -> list[dict[str, Any]]:
    """Return the rows that come back from a table of events; none may be lost on the way."""
    path, report = folder / "table", Report()
    n = write_events(map(cited, events), path, kind=kind)
    rows = list(iter_foreign(path, FORMATS[kind], report))
    assert not report.skipped, report.told
    assert len(rows) == n
    return rows


@pytest.mark.parametrize("kind", list(FORMATS))
def test_date_sides_and_place_come_back(kind: str, tmp_path: Path) -> None:
    """The day, countries and sectors of both sides, coordinates and outlet or address are what they were."""
    press = side(HALDEN, country="KOS", sectors=("JRN",))
    (row,) = there_and_back(kind, [replace(one_sided("COERCE", "arrest"), recipients=(press,))], tmp_path)
    assert row["event_date"] == "2024-06-02"
    assert (row["actor_countries"], row["actor_sectors"]) == (["NOR"], ["MIL"])
    assert (row["recipient_countries"], row["recipient_sectors"]) == (["KOS"], ["JRN"])
    assert (row["event_type"], row["mode"], row["quad_class"], row["intensity"]) == (
        "COERCE",
        "arrest",
        4,
        -7.0,
    )
    assert (row["lat"], row["lon"], row["country"]) == (59.5, 10.25, "NOR")
    assert row["place"].startswith("Ørsund")
    if kind != "cameo-phoenix":  # which has codes in place of names
        assert (row["actors"], row["recipients"]) == (["Navy of Keld"], ["Navy of Halden"])
    assert row["url"] == "https://keld-1.example/talks" or row["publisher"] == "Keld Times"


def pairs() -> list[tuple[str, str | None]]:
    """Return every type with every mode and without."""
    return [(name, mode) for name, kind in load_ontology().types.items() for mode in (None, *kind.modes)]


def test_types_and_modes_come_back_from_polecat(tmp_path: Path) -> None:
    """POLECAT's table is PLOVER: every type and mode is what it was."""
    events = [one_sided(name, mode, number=n) for n, (name, mode) in enumerate(pairs(), 1)]
    rows = there_and_back("polecat", events, tmp_path)
    assert [(r["event_type"], r["mode"]) for r in rows] == pairs()
    assert (
        [r["intensity"] for r in rows]
        == [r["given_intensity"] for r in rows]
        == [e.intensity for e in events]
    )


@pytest.mark.parametrize("kind", CAMEO)
def test_types_and_modes_come_back_from_cameo_where_it_has_a_code(kind: str, tmp_path: Path) -> None:
    """The type is what it was for all pairs but those that CAMEO files elsewhere; the mode for all but those listed."""
    events = [one_sided(name, mode, number=n) for n, (name, mode) in enumerate(pairs(), 1)]
    for pair, row in zip(pairs(), there_and_back(kind, events, tmp_path), strict=True):
        found = (row["event_type"], row["mode"])
        if pair in ELSEWHERE:
            assert found == ELSEWHERE[pair]
        elif pair in MODE_LOST:
            assert found[0] == pair[0]
            assert found != pair, f"{pair} does come back: take it off the list"
        else:
            assert found == (pair[0], MODE_GAINED.get(pair, pair[1]))


@pytest.mark.parametrize("kind", list(FORMATS))
def test_mutual_acts_come_back_with_both_sides(kind: str, tmp_path: Path) -> None:
    """POLECAT keeps both as actors; dyadic tables have the second as the other side, once."""
    (row,) = there_and_back(kind, [DRILL], tmp_path)
    sides = (row["actor_countries"], row["recipient_countries"])
    assert sides == ((["NOR", "DNK"], []) if kind == "polecat" else (["NOR"], ["DNK"]))


@pytest.mark.parametrize("kind", list(FORMATS))
def test_organisations_come_back(kind: str, tmp_path: Path) -> None:
    """Kinds of organisations stand for countries; the United Nations by name in ICEWS."""
    for code in ("UNO", "EUR", "IGO", "NGO", "MNC", "IMG", "ISM"):
        name = {"UNO": "United Nations", "EUR": "European Union"}.get(code, "Orla")
        (row,) = there_and_back(
            kind, [replace(one_sided(), actors=(side(KELD, country=code, sectors=(), name=name),))], tmp_path
        )
        assert row["actor_countries"] == [code], (kind, code)
    # What is lost: an organ of the United Nations is in ICEWS one of some organisation.
    organ = side(KELD, country="UNO", sectors=(), name="Security Council")
    (row,) = there_and_back("cameo-icews", [replace(one_sided(), actors=(organ,))], tmp_path)
    assert row["actor_countries"] == ["IGO"]


def test_a_name_with_a_semicolon_is_one_name_in_polecat(tmp_path: Path) -> None:
    """Lists are joined by semicolons there; one inside a name becomes a comma."""
    odd = side(KELD, name="Keld; Office of the Elder")
    (row,) = there_and_back("polecat", [replace(DRILL, actors=(odd, HALDEN))], tmp_path)
    assert row["actors"] == ["Keld, Office of the Elder", "Navy of Halden"]


def test_events_with_one_side_come_back(tmp_path: Path) -> None:
    """An actor without recipient, and a recipient without actor, keep their roles."""
    for kind in FORMATS:
        first, second = there_and_back(
            kind, [replace(one_sided(), recipients=()), replace(one_sided(number=2), actors=())], tmp_path
        )
        assert (first["actor_countries"], first["recipient_countries"]) == (["NOR"], [])
        assert (second["actor_countries"], second["recipient_countries"]) == ([], ["DNK"])


# Anything but halves of letters, which no file can hold.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
AWKWARD = st.lists(st.sampled_from(["\t", "\n", "\r", '"', "'", ",", "\\", " ", "a", "é", "\u2028", "\x0b", "\x00", "None"]), max_size=12).map("".join)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=AWKWARD | WORDS, outlet=AWKWARD | WORDS)
@pytest.mark.parametrize("kind", list(FORMATS))
def test_odd_text_survives_tables(kind: str, tmp_path: Path, name: str, outlet: str) -> None:
    """Tabs, line breaks and quotes in names: ICEWS gives them back as they were, GDELT with one blank for white space, no row is lost."""
    odd = side(KELD, name=f"x{name}x")
    path = tmp_path / "table"
    events = [cited(replace(one_sided(number=n), actors=(odd,)), outlet=f"o{outlet}o") for n in (1, 2)]
    assert write_events(events, path, kind=kind) == 2
    rows = list(iter_foreign(path, FORMATS[kind], Report()))
    assert [row["event_date"] for row in rows] == ["2024-06-02"] * 2
    assert [row["recipient_countries"] for row in rows] == [["DNK"]] * 2
    for row in rows:
        if kind == "cameo-icews":
            assert (row["actors"], row["publisher"]) == ([odd.name], f"o{outlet}o")
        elif kind == "polecat":
            assert row["publisher"] == f"o{outlet}o"
        elif kind != "cameo-phoenix":
            assert row["actors"] == [" ".join(f"x{name}x".split())]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=AWKWARD | WORDS)
def test_odd_text_survives_csv_and_json(tmp_path: Path, words: str) -> None:
    """A sentence with any letters comes back from CSV, and a name from PLOVER's records and GeoJSON."""
    event = cited(
        replace(one_sided(), actors=(side(KELD, name=words),), quote=replace(DRILL.quote, text=words))
    )
    for kind in ("csv", "plover-jsonl", "geojson"):
        assert write_events([event], tmp_path / kind, kind=kind) == 1
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["quote"] == words
    record = json.loads((tmp_path / "plover-jsonl").read_text("utf-8"))
    assert record["actor"][0]["entity_name"] == words
    (feature,) = json.loads((tmp_path / "geojson").read_text("utf-8"))["features"]
    assert feature["properties"]["actors"][0]["name"] == (words or "Keld")
