"""Events → tables for tools made for ICEWS, GDELT and Phoenix: one row per pair of sides, CAMEO codes, Goldstein's scores.

A mutual act gives one row per unordered pair: the side that the sentence names first is the source. ICEWS has a header and
quotes as CSV; the files of GDELT and Phoenix have neither, so white space inside a field is one blank there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from dragoman.export.codes import (
    cameo_quad,
    entity_code,
    find_cameo,
    fips_of,
    load_actor_codes,
    name_of,
    penta_class,
    write_actor,
    write_icews,
)
from dragoman.export.layouts import GDELT_1, GDELT_2, ICEWS, PHOENIX
from dragoman.export.quoting import RowWriter
from dragoman.export.sides import Row, Side, Tally, day_in_table, published_of, to_number, to_pairs

_Cells = dict[str, Any]
_GROUPS: Final = {"UNO": "UNO", "EUR": "EEC"}  # country → GDELT's KnownGroupCode


def _rows(
    events: Iterable[Row], tally: Tally, make: Callable[[Row, date, int, Side, Side], _Cells]
) -> Iterator[_Cells]:
    for event in events:
        day = day_in_table(event, tally)
        if day is None:
            continue
        for number, (actor, recipient) in enumerate(to_pairs(event)):
            yield make(event, day, number, actor, recipient)


def _goldstein(code: str) -> float | str:
    found = find_cameo(code)
    return "" if found is None else found.goldstein


def _icews(event: Row, day: date, number: int, actor: Side, recipient: Side) -> _Cells:
    article, place = event.get("article") or {}, event["place"] or {}
    level = place.get("resolution")
    source_sectors, source_country = write_icews(actor.country, actor.sectors)
    target_sectors, target_country = write_icews(recipient.country, recipient.sectors)
    return {
        "Event ID": to_number(event["event_id"], number), "Event Date": day.isoformat(), "Source Name": actor.name,
        "Source Sectors": source_sectors, "Source Country": source_country,
        "Event Text": " ".join(w for w in (event["event_type"], event["mode"]) if w), "CAMEO Code": event["cameo"],
        "Intensity": _goldstein(event["cameo"]), "Target Name": recipient.name, "Target Sectors": target_sectors,
        "Target Country": target_country, "Story ID": to_number(event["article_id"]), "Publisher": article.get("outlet"),
        "City": place.get("name") if level in (4, 5) else None, "District": place.get("name") if level == 3 else None,
        "Province": place.get("name") if level == 2 else place.get("admin1"), "Country": name_of(place.get("country")),
        "Latitude": place.get("lat"), "Longitude": place.get("lon"),
    }  # fmt: skip


def _phoenix_actor(role: str, side: Side) -> _Cells:
    entity = {"UNO": "IGO", "EUR": "IGO"}.get(side.country or "", entity_code(side.country))
    full = write_actor(side.country, side.sectors)
    body = "" if side.country not in _GROUPS else entity_code(side.country).removeprefix("IGO")
    return {
        f"{role}ActorFull": full, f"{role}ActorEntity": entity,
        f"{role}ActorRole": full.removeprefix(entity_code(side.country)), f"{role}ActorAttribute": body,
    }  # fmt: skip


def _phoenix(event: Row, day: date, number: int, actor: Side, recipient: Side) -> _Cells:
    article, place, code = event.get("article") or {}, event["place"] or {}, event["cameo"]
    return {
        "EventID": f"{event['event_id']}_{number}", "Date": f"{day:%Y%m%d}", "Year": day.year, "Month": day.month,
        "Day": day.day, **_phoenix_actor("Source", actor), **_phoenix_actor("Target", recipient), "EventCode": code,
        "EventRootCode": code[:2], "PentaClass": penta_class(code), "GoldsteinScore": _goldstein(code), "Lat": place.get("lat"),
        "Lon": place.get("lon"), "LocationName": place.get("name"), "StateName": place.get("admin1"),
        "CountryCode": place.get("country"), "SentenceID": f"{event['article_id']}_{event['quote']['start']}",
        "URLs": article.get("url"), "NewsSources": article.get("outlet"),
    }  # fmt: skip


def _gdelt_actor(n: int, side: Side) -> _Cells:
    written = load_actor_codes()["written"]
    types = [written.get(s, s) for s in side.sectors if s != "UNK"][:3]
    country = entity_code(side.country) if name_of(side.country) else ""
    kind = side.country if side.country and not country and side.country not in _GROUPS else None
    types = [kind, *types][:3] if kind else types
    if side.country in _GROUPS:
        types = ["IGO", *types][:3]
    return {
        f"Actor{n}Code": write_actor(side.country, side.sectors), f"Actor{n}Name": side.name,
        f"Actor{n}CountryCode": country, f"Actor{n}KnownGroupCode": _GROUPS.get(side.country or ""),
        **{f"Actor{n}Type{at}Code": group for at, group in enumerate(types, 1)},
    }  # fmt: skip


def _gdelt_place(place: Row) -> _Cells:
    """Return the columns of the place where it happened; GDELT's kinds of place tell the United States from the world.

    Source: GDELT event codebook, field ActionGeo_Type: 1 country, 2 state of the US, 3 city of the US, 4 city, 5 state.
    """
    level, country = place.get("resolution"), place.get("country")
    if not level:
        return {"ActionGeo_Type": 0}
    kind = (
        1 if level == 1 else (2 if country == "USA" else 5) if level <= 3 else (3 if country == "USA" else 4)
    )
    names = [place.get("name"), place.get("admin1"), name_of(country)]
    return {
        "ActionGeo_Type": kind, "ActionGeo_FullName": ", ".join(dict.fromkeys(n for n in names if n)),
        "ActionGeo_CountryCode": fips_of(country), "ActionGeo_ADM1Code": fips_of(country), "ActionGeo_Lat": place.get("lat"),
        "ActionGeo_Long": place.get("lon"),
    }  # fmt: skip


def _gdelt(event: Row, day: date, number: int, actor: Side, recipient: Side, *, clock: str) -> _Cells:
    code, article = event["cameo"], event.get("article") or {}
    # The fraction is counted in months of 30 days, as GDELT's codebook has it.
    fraction = min(((day.month - 1) * 30 + day.day) / 365, 0.9999)
    return {
        "GLOBALEVENTID": to_number(event["event_id"], number), "SQLDATE": f"{day:%Y%m%d}", "MonthYear": f"{day:%Y%m}",
        "Year": day.year, "FractionDate": f"{day.year + fraction:.4f}", **_gdelt_actor(1, actor), **_gdelt_actor(2, recipient),
        "IsRootEvent": int(event["section"] in ("title", "standfirst")), "EventCode": code, "EventBaseCode": code[:3],
        "EventRootCode": code[:2], "QuadClass": cameo_quad(code), "GoldsteinScale": _goldstein(code), "NumMentions": 1,
        "NumSources": 1, "NumArticles": 1, "Actor1Geo_Type": 0, "Actor2Geo_Type": 0, **_gdelt_place(event["place"] or {}),
        "DATEADDED": f"{published_of(event) or day:%Y%m%d}{clock}", "SOURCEURL": article.get("url") or article.get("outlet"),
    }  # fmt: skip


def _gdelt_1(event: Row, day: date, number: int, actor: Side, recipient: Side) -> _Cells:
    return _gdelt(event, day, number, actor, recipient, clock="")


def _gdelt_2(event: Row, day: date, number: int, actor: Side, recipient: Side) -> _Cells:
    return _gdelt(event, day, number, actor, recipient, clock="000000")


def write_icews_table(events: Iterable[Row], path: Path, tally: Tally) -> int:
    """Write a table in the layout of ICEWS on the Dataverse: tabs and a header; return how many rows."""
    n = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = RowWriter(file, delimiter="\t")
        writer.writerow(ICEWS)
        for cells in _rows(events, tally, _icews):
            writer.writerow(cells.get(name) for name in ICEWS)
            n += 1
    return n


def _write_bare(rows: Iterable[_Cells], path: Path, columns: Sequence[str]) -> int:
    n = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for cells in rows:
            values = ("" if cells.get(name) is None else str(cells[name]) for name in columns)
            file.write("\t".join(" ".join(value.split()) for value in values) + "\n")
            n += 1
    return n


def write_gdelt_2(events: Iterable[Row], path: Path, tally: Tally) -> int:
    """Write a table in the layout of GDELT 2.0, 61 columns without a header; return how many rows."""
    return _write_bare(_rows(events, tally, _gdelt_2), path, GDELT_2)


def write_gdelt_1(events: Iterable[Row], path: Path, tally: Tally) -> int:
    """Write a table in the layout of a day of GDELT 1.0, 58 columns without a header; return how many rows."""
    return _write_bare(_rows(events, tally, _gdelt_1), path, GDELT_1)


def write_phoenix(events: Iterable[Row], path: Path, tally: Tally) -> int:
    """Write a table in the layout of a day of Phoenix, 26 columns without a header; return how many rows."""
    return _write_bare(_rows(events, tally, _phoenix), path, PHOENIX)
