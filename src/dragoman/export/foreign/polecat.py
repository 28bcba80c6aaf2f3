"""Rows of POLECAT: PLOVER already, several sides in a row joined by semicolons, "None" for what is not known.

Types are taken as they are; modes that the manual 2.0 does not have are folded (folds.csv), unknown ones left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dragoman.export.codes import Sides, country_named
from dragoman.export.foreign.cells import Layout, NoRow, fold_mode, to_day, to_float, to_point, to_row
from dragoman.export.layouts import POLECAT
from dragoman.ontology import load_ontology

_NONE: Final = "None"


def _plain(words: str) -> str:
    return "" if words == _NONE else words


def _several(words: str) -> list[str]:
    """Return the entries of a list, an empty one for "None"; they keep their places beside those of other columns."""
    if not words or words == _NONE:
        return []
    return [_plain(w.strip()) for w in words.split(";")]


def _country(code: str) -> str | None:
    if code in load_ontology().special_countries:
        return code
    return country_named(code) if code else None


def _role(cells: Mapping[str, str], role: str) -> list[tuple[str, Sides]]:
    """Return the people of a role; the sectors of all belong to all, as the table does not say whose they are."""
    names, countries = _several(cells[f"{role} Name"]), _several(cells[f"{role} Country"])
    firsts, others = _several(cells[f"Primary {role} Sector"]), _several(cells[f"{role} Sectors"])
    known = load_ontology().sectors
    sectors = tuple(dict.fromkeys(s for s in (*firsts, *others) if s in known))
    pairs = itertools.zip_longest(names, countries, fillvalue="")
    people: list[tuple[str, Sides]] = [(name, (_country(code), ())) for name, code in pairs if name or code]
    if people:
        name, (country, _) = people[0]
        people[0] = (name, (country, sectors))
    return people


def _read(cells: Mapping[str, str]) -> dict[str, Any]:
    event_type = cells["Event Type"].strip().upper()
    ontology = load_ontology()
    if event_type not in ontology.types:
        raise NoRow("bad_code", f'"{event_type[:40]}" is no event type')
    contexts = [c for c in (w.lower() for w in _several(cells["Contexts"])) if c in ontology.contexts]
    place = next(
        (p for name in ("Placename", "City", "District", "Province") if (p := _plain(cells[name]))), ""
    )
    intensity = cells["Intensity"] if "Intensity" in cells else cells["Event Intensity"]
    return to_row(
        dataset="polecat", foreign_id=cells["Event ID"], event_date=to_day(cells["Event Date"]), event_type=event_type,
        mode=fold_mode(event_type, _plain(cells["Event Mode"])), contexts=contexts, actors=_role(cells, "Actor"),
        recipients=_role(cells, "Recipient"), given_intensity=to_float(intensity), place=place,
        country=_country(_plain(cells["Country"])), point=to_point(cells["Latitude"], cells["Longitude"]),
        publisher=_plain(cells["Source"]),
    )  # fmt: skip


_RENAMED: Final = tuple("Event Intensity" if name == "Intensity" else name for name in POLECAT)
LAYOUTS: Final[Sequence[Layout]] = tuple(
    Layout("POLECAT", columns, has_header=True, has_commas=False, read=_read)
    for columns in (POLECAT, _RENAMED)
)
