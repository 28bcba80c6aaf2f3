"""Regions of the world and the countries that lie in them, from ``regions.csv``; each country lies in one.

Source:
    United Nations Statistics Division, "Standard country or area codes for statistical use" (M49).
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Mapping
from importlib import resources

from dragoman.errors import UnknownCode
from dragoman.ontology.plover import unknown


@functools.cache
def load_regions() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the countries of each region, by its name, in the order of the file."""
    found: dict[str, list[str]] = {}
    with resources.files("dragoman.ontology").joinpath("regions.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            found.setdefault(row["region"], []).append(row["country"])
    return {name: tuple(codes) for name, codes in found.items()}


@functools.cache
def region_by_country() -> Mapping[str, str]:
    """Return the region of each country.

    Example:
        >>> region_by_country()["AZE"]
        'Western Asia'
    """
    return {code: name for name, codes in load_regions().items() for code in codes}


def codes_of(regions: Iterable[str]) -> list[str]:
    """Return the codes of the countries of some regions, given by their exact names."""
    return [code for name in regions for code in load_regions()[name]]


def get_region(words: str) -> str:
    """Return the name of a region as the table writes it; large and small letters count alike.

    Raises:
        UnknownCode: There is no such region.

    Example:
        >>> get_region("western asia")
        'Western Asia'
    """
    known = {name.lower(): name for name in load_regions()}
    found = known.get(" ".join(words.split()).lower())
    if found is None:
        raise UnknownCode(unknown(words, "a region", known.values()))
    return found
