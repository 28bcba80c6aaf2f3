"""Codes of other people's tables: the way to PLOVER and back, and the tables behind it."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.export.codes import (
    cameo_quad,
    country_named,
    country_of_fips,
    cow_of,
    find_cameo,
    load_actor_codes,
    load_cameo,
    load_countries,
    load_folds,
    penta_class,
    read_actor,
    read_icews,
    to_cameo_code,
    write_actor,
    write_icews,
)
from dragoman.ontology import load_ontology
from dragoman.resolve.actors.imports.found import load_codes


def test_every_code_leads_to_what_the_ontology_has() -> None:
    """Types, modes and contexts of the CAMEO table exist; scores lie on the scale; roots 03 to 20 are all there."""
    ontology = load_ontology()
    assert len(load_cameo()) >= 270
    for row in load_cameo().values():
        kind = ontology.get_type(row.event_type)
        assert row.mode is None or row.mode in kind.modes, row
        assert set(row.contexts) <= set(ontology.contexts), row
        assert -10 <= row.goldstein <= 10
    assert {code[:2] for code in load_cameo()} == {f"{n:02}" for n in range(3, 21)}


@pytest.mark.parametrize(
    ("code", "event_type", "mode"),
    [("0841", "RETREAT", "release"), ("163", "COERCE", "restrict"), ("112", "ACCUSE", "disapprove"), ("1121", "ACCUSE", "allege"),
     ("0842", "RETREAT", None), ("132", "THREATEN", "restrict"), ("1722", "COERCE", "restrict"), ("1712", "ASSAULT", "destroy"),
     ("185", "ASSAULT", "targeted"), ("202", "ASSAULT", "targeted"), ("203", "ASSAULT", None), ("175", "ASSAULT", None),
     ("1952", "ASSAULT", "heavy-weapons"), ("1649", "SANCTION", "withdraw")],
)  # fmt: skip
def test_a_code_is_what_the_table_says(code: str, event_type: str, mode: str | None) -> None:
    """Rows of the published table, folded modes, and codes below the table's, which take the nearest above."""
    found = find_cameo(code)
    assert found is not None
    assert (found.event_type, found.mode) == (event_type, mode)


def test_statements_and_appeals_have_no_type() -> None:
    """PLOVER drops 01 and 02."""
    assert find_cameo("010") is None
    assert find_cameo("0256") is None


def test_folded_modes_are_modes_of_their_type() -> None:
    """What a mode of an earlier version becomes exists, and the mode itself does not any more."""
    ontology = load_ontology()
    for (event_type, mode), becomes in load_folds().items():
        modes = ontology.get_type(event_type).modes
        assert mode not in modes
        assert becomes is None or becomes in modes


@pytest.mark.parametrize(
    ("words", "roots", "code"),
    [("042", True, "042"), ("42", True, "042"), ("331", True, "0331"), ("13", True, "13"), ("13", False, "013"), ("190", True, "190"),
     ("4", True, "04"), ("20", True, "20"), ("", True, None), ("13y", True, None), ("X", True, None), ("99999", True, None), ("00", True, None),
     ("٣٤", True, None)],
)  # fmt: skip
def test_lost_zeros_come_back(words: str, roots: bool, code: str | None) -> None:
    """A spreadsheet takes the first zero; what is no code stays none."""
    assert to_cameo_code(words, roots=roots) == code


def test_classes_of_roots() -> None:
    """GDELT counts sanctions as material conflict, Phoenix as verbal; statements are neutral for Phoenix."""
    assert [cameo_quad(c) for c in ("010", "057", "06", "0874", "090", "138", "14", "163")] == [
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
    ]
    assert [penta_class(c) for c in ("010", "036", "087", "112", "163", "190")] == [0, 1, 2, 3, 3, 4]


@pytest.mark.parametrize(
    ("code", "sides"),
    [("USAGOV", ("USA", ("GOV",))), ("KSVREB", ("KOS", ("REB",))), ("TMP", ("TLS", ())), ("ISRMED", ("ISR", ("JRN",))),
     ("USAHLH", ("USA", ("MED",))), ("SLBINS", ("SLB", ("REB",))), ("PHLSEP", ("PHL", ("REB",))), ("IGOUNO", ("UNO", ())),
     ("IGOEUREEC", ("EUR", ())), ("IGOAFRAFU", ("IGO", ())), ("EUR", (None, ())), ("COP", (None, ("COP",))),
     ("IRNGOVMIL", ("IRN", ("GOV", "MIL"))), ("MNCUSA", ("USA", ("BUS",))), ("NGO", ("NGO", ())), ("PRI", ("USA", ())),
     ("IRQMOSSHI", ("IRQ", ("REL",))), ("", (None, ())), ("XY", (None, ()))],
)  # fmt: skip
def test_actor_codes_are_read(code: str, sides: Any) -> None:
    """Country and sectors of a CAMEO code; INS and SEP are rebels, MED is the press, HLH is health."""
    assert read_actor(code) == sides


def test_every_country_and_sector_comes_back_from_its_actor_code() -> None:
    """Written as a CAMEO code and read again a side is what it was; dependencies become their state, UNK is not written."""
    ontology = load_ontology()
    states = set(load_countries()) - set(load_actor_codes()["territory"])
    for country in states | set(ontology.special_countries):
        for sector in ontology.sectors.keys() - {"UNK"}:
            assert read_actor(write_actor(country, [sector])) == (country, (sector,)), country
    assert read_actor(write_actor("USA", ["UNK"])) == ("USA", ())


def test_sides_come_back_from_the_words_of_icews() -> None:
    """Each sector that ICEWS has a word for, alone or after another, is read as itself."""
    written = load_actor_codes()["icews_written"]
    assert set(written) == load_ontology().sectors.keys() - {"PRE", "UNK"}
    for sector in written:
        words, country = write_icews("KOS", [sector])
        assert read_icews("x", words, country) == ("KOS", (sector,)), sector
    assert read_icews("United Nations", *write_icews("UNO", ["MIL"])) == ("UNO", ("MIL",))
    assert read_icews("Fishermen's Union", *write_icews("MNC", [])) == ("MNC", ())


def test_countries_have_one_name_and_code_each() -> None:
    """No name, FIPS code or number of two countries is the same; all countries of the actor tables are there."""
    countries = load_countries().values()
    for many in (
        [n.casefold() for c in countries for n in (c.name, *c.aliases)], [f for c in countries for f in c.fips],
        [c.cow for c in countries if c.cow],
    ):  # fmt: skip
        assert len(many) == len(set(many))
    assert len([c for c in countries if c.cow]) >= 190
    assert (country_named("Timor-Leste"), country_named("russia"), country_named("Atlantis")) == (
        "TLS",
        "RUS",
        None,
    )
    assert (country_of_fips("GM"), country_of_fips("GA"), country_of_fips("GG"), country_of_fips("KV")) == (
        "DEU",
        "GMB",
        "GEO",
        "KOS",
    )
    assert (cow_of("DEU"), cow_of("USA"), cow_of("UNO"), cow_of(None)) == ("255", "2", "", "")


def test_actor_codes_agree_with_those_of_the_actor_dictionaries() -> None:
    """The table for PETRARCH dictionaries says the same of every code that both have."""
    here, there = load_actor_codes(), load_codes("cameo.csv")
    for kind in ("sector", "religion", "territory"):
        assert there[kind].items() <= here[kind].items(), kind
    for code, country in there["state"].items():
        assert read_actor(code)[0] == country
