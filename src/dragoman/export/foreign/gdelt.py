"""Rows of GDELT 1.0 and 2.0. Their day is that of the event as GDELT has it, which often is the day of the report.

Source: GDELT event codebooks 1.03 and 2.0.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dragoman.export.codes import Sides, country_of_fips, load_actor_codes, read_actor
from dragoman.export.foreign.cells import Layout, cameo_of, to_day, to_float, to_point, to_row
from dragoman.export.layouts import GDELT_1, GDELT_1_OLD, GDELT_2


@functools.lru_cache(maxsize=200_000)
def _sides(code: str, country: str, group: str) -> Sides:
    state, sectors = read_actor(code)
    # The groups stand in the code, too, all but the country of what is no state's.
    body = load_actor_codes()["body"].get(group)
    return body or state or read_actor(country)[0], sectors


def _actor(cells: Mapping[str, str], n: str) -> list[tuple[str, Sides]]:
    code, name = cells[f"Actor{n}Code"], cells[f"Actor{n}Name"]
    if not code and not name:
        return []
    return [(name, _sides(code, cells[f"Actor{n}CountryCode"], cells[f"Actor{n}KnownGroupCode"]))]


def _read(cells: Mapping[str, str]) -> dict[str, Any]:
    code, found = cameo_of(cells["EventCode"])
    url = cells.get("SOURCEURL", "")
    return to_row(
        dataset="gdelt", foreign_id=cells["GLOBALEVENTID"], event_date=to_day(cells["SQLDATE"]),
        event_type=found.event_type, mode=found.mode, contexts=found.contexts, actors=_actor(cells, "1"),
        recipients=_actor(cells, "2"), cameo=code, given_intensity=to_float(cells["GoldsteinScale"]),
        place=cells["ActionGeo_FullName"], country=country_of_fips(cells["ActionGeo_CountryCode"]),
        point=to_point(cells["ActionGeo_Lat"], cells["ActionGeo_Long"]), url=url if "/" in url else "",
        publisher="" if "/" in url else url,
    )  # fmt: skip


LAYOUTS: Final[Sequence[Layout]] = tuple(
    Layout(name, columns, has_header=False, has_commas=False, read=_read)
    for name, columns in (("GDELT 2.0", GDELT_2), ("GDELT 1.0", GDELT_1), ("GDELT 1.0 before April 2013", GDELT_1_OLD))
)  # fmt: skip
