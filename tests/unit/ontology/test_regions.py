"""The table of regions: every country lies in one, and words name them."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from dragoman.errors import UnknownCode
from dragoman.ontology import load_ontology
from dragoman.ontology.regions import codes_of, get_region, load_regions, region_by_country

# Countries that are no more.
FORMER = {"ANT", "SCG"}


def codes_in(package: str, name: str, column: str) -> set[str]:
    """Return the codes of a table of ours."""
    with resources.files(package).joinpath(name).open(encoding="utf-8") as lines:
        return {row[column] for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


def test_every_country_lies_in_one_region() -> None:
    """Each code of ISO 3166-1 and each country of the registry stands in the table, once; organisations do not."""
    listed = [code for codes in load_regions().values() for code in codes]
    assert len(listed) == len(set(listed)) == len(region_by_country())
    assert codes_in("dragoman.resolve.gazetteer", "country_codes.csv", "alpha3") - FORMER <= set(listed)
    assert codes_in("dragoman.resolve", "registry/countries.csv", "country") <= set(listed)
    assert set(load_ontology().special_countries) & set(listed) == {"KOS"}


def test_neighbours_lie_together() -> None:
    """Some regions as everybody knows them."""
    assert codes_of(["Central Asia"]) == ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
    assert {"IRN", "PAK", "IND"} <= set(load_regions()["Southern Asia"])
    assert {"ARM", "AZE", "TUR", "ISR", "PSE"} <= set(load_regions()["Western Asia"])


def test_words_name_a_region() -> None:
    """Letters and spaces do not matter; a name that is none is told with the nearest one."""
    assert get_region(" western  ASIA ") == "Western Asia"
    with pytest.raises(UnknownCode, match=r'"Western Aisa" is not a region\. Did you mean "Western Asia"'):
        get_region("Western Aisa")
