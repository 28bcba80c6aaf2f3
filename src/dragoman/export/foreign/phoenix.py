"""Rows of Phoenix: the daily files of the Open Event Data Alliance (tabs, no header) and the Cline Center's histories (commas).

Actors are CAMEO codes, which stand for their names, too.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dragoman.export.codes import Sides, country_named, read_actor
from dragoman.export.foreign.cells import Layout, cameo_of, to_day, to_float, to_point, to_row
from dragoman.export.layouts import PHOENIX, PHOENIX_HISTORICAL

_Names = Mapping[str, str]
# What our words for the columns are in the two layouts.
_DAILY: Final[_Names] = {
    "id": "EventID", "day": "Date", "actor": "SourceActorFull", "recipient": "TargetActorFull", "code": "EventCode",
    "goldstein": "GoldsteinScore", "lat": "Lat", "lon": "Lon", "place": "LocationName", "unit": "StateName",
    "country": "CountryCode", "url": "URLs", "publisher": "NewsSources",
}  # fmt: skip
_HISTORY: Final[_Names] = {
    "id": "eid", "day": "story_date", "actor": "source", "recipient": "target", "code": "code", "goldstein": "goldstein",
    "lat": "lat", "lon": "lon", "place": "placename", "unit": "statename", "country": "countryname", "url": "",
    "publisher": "process",
}  # fmt: skip
_NEVER: Final = frozenset({"", "---", "NA", "NULL"})


def _actor(code: str) -> list[tuple[str, Sides]]:
    return [] if code in _NEVER else [(code, read_actor(code))]


def _day(words: str) -> str:
    """Return a day; the histories have 1/31/1979 as well."""
    parts = words.strip().split("/")
    if len(parts) == 3 and all(p.isdigit() for p in parts) and len(parts[2]) == 4:
        words = f"{parts[2]}-{parts[0]:0>2}-{parts[1]:0>2}"
    return to_day(words)


def _known(words: str) -> str:
    return "" if words in _NEVER else words


def _read(cells: Mapping[str, str], *, names: _Names, dataset: str) -> dict[str, Any]:
    def cell(what: str) -> str:
        return cells[names[what]] if names[what] else ""

    code, found = cameo_of(cell("code"))
    return to_row(
        dataset=dataset, foreign_id=cell("id"), event_date=_day(cell("day")), event_type=found.event_type, mode=found.mode,
        contexts=found.contexts, actors=_actor(cell("actor")), recipients=_actor(cell("recipient")), cameo=code,
        given_intensity=to_float(cell("goldstein")), place=_known(cell("place")) or _known(cell("unit")),
        country=country_named(cell("country")) if _known(cell("country")) else None,
        point=to_point(cell("lat"), cell("lon")), url=_known(cell("url")), publisher=_known(cell("publisher")),
    )  # fmt: skip


LAYOUTS: Final[Sequence[Layout]] = (
    Layout("Phoenix", PHOENIX, has_header=False, has_commas=False, read=functools.partial(_read, names=_DAILY, dataset="phoenix")),
    Layout("historical Phoenix", PHOENIX_HISTORICAL, has_header=True, has_commas=True,
           read=functools.partial(_read, names=_HISTORY, dataset="phoenix")),
)  # fmt: skip
