"""Rows of ICEWS as the Harvard Dataverse has them: actors by name, sectors and country in words, CAMEO codes of three digits and more.

One id of ICEWS may stand in several rows, as when one story is filed twice; all of them are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dragoman.export.codes import Sides, country_named, read_icews
from dragoman.export.foreign.cells import Layout, cameo_of, to_day, to_float, to_point, to_row
from dragoman.export.layouts import ICEWS


def _actor(cells: Mapping[str, str], role: str) -> list[tuple[str, Sides]]:
    name, country = cells[f"{role} Name"], cells[f"{role} Country"]
    if not name and not country:
        return []
    return [(name, read_icews(name, cells[f"{role} Sectors"], country))]


def _read(cells: Mapping[str, str]) -> dict[str, Any]:
    code, found = cameo_of(cells["CAMEO Code"], roots=False)
    place = next((cells[name] for name in ("City", "District", "Province", "Country") if cells[name]), "")
    return to_row(
        dataset="icews", foreign_id=cells["Event ID"], event_date=to_day(cells["Event Date"]), event_type=found.event_type,
        mode=found.mode, contexts=found.contexts, actors=_actor(cells, "Source"), recipients=_actor(cells, "Target"),
        cameo=code, given_intensity=to_float(cells["Intensity"]), place=place, country=country_named(cells["Country"]),
        point=to_point(cells["Latitude"], cells["Longitude"]), publisher=cells["Publisher"],
    )  # fmt: skip


LAYOUTS: Final[Sequence[Layout]] = (Layout("ICEWS", ICEWS, has_header=True, has_commas=False, read=_read),)
