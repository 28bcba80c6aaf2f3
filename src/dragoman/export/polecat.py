"""Events → the table of POLECAT's public files: tabs, a header, one row per event; several sides are joined by "; ".

What is not known is "None", as it is there. Fields with tabs, line breaks or quotes stand in quotes, as CSV has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from dragoman.export.codes import cow_of
from dragoman.export.layouts import POLECAT
from dragoman.export.quoting import RowWriter
from dragoman.export.sides import Row, Tally, day_in_table, published_of

NONE: Final = "None"
QUADS: Final = {
    1: "VERBAL COOPERATION",
    2: "MATERIAL COOPERATION",
    3: "VERBAL CONFLICT",
    4: "MATERIAL CONFLICT",
}
_LANGUAGES: Final = {"en": "English"}


def to_row(event: Row, tally: Tally) -> list[str] | None:
    """Return the row of an event, or None and count why there is none."""
    day = day_in_table(event, tally)
    if day is None:
        return None
    article = event.get("article") or {}
    place = event["place"] or {}
    level = place.get("resolution")
    published = published_of(event)
    language = article.get("language") or ""
    values = {
        "Event ID": event["event_id"], "Event Date": day.isoformat(), "Event Type": event["event_type"],
        "Event Mode": event["mode"], "Intensity": event["intensity"], "Quad Code": QUADS[event["quad_class"]],
        "Contexts": _joined(event["contexts"] or ()), **_side("Actor", event["actors"]),
        **_side("Recipient", event["recipients"]), "Placename": place.get("name"),
        "City": place.get("name") if level in (4, 5) else None, "District": place.get("name") if level == 3 else None,
        "Province": place.get("name") if level == 2 else place.get("admin1"), "Country": place.get("country"),
        "Latitude": place.get("lat"), "Longitude": place.get("lon"), "GeoNames ID": place.get("geonames_id"),
        "Raw Placename": place.get("text"), "Source": article.get("outlet"),
        "Publication Date": published.isoformat() if published else None,
        "Language": _LANGUAGES.get(language, language), "Version": f"dragoman {event['coder_version']}",
    }  # fmt: skip
    return [NONE if values.get(name) in (None, "") else str(values[name]) for name in POLECAT]


def _joined(words: Iterable[str]) -> str:
    # A semicolon inside a name would make two of it.
    return "; ".join(word.replace(";", ",") for word in words)


def _side(role: str, people: Sequence[Row]) -> dict[str, str | None]:
    """Return the columns of a role; each list has an entry per person, "None" where it is not known."""
    sectors = [list(p["sectors"] or ()) for p in people]
    identities = [p["entity_id"] or "" for p in people]
    lists = {
        f"{role} Name": [p["name"] or p["text"] for p in people], f"{role} Country": [p["country"] for p in people],
        f"{role} COW": [cow_of(p["country"]) for p in people],
        f"Primary {role} Sector": [own[0] if own else None for own in sectors], f"{role} Name Raw": [p["text"] for p in people],
        f"Wikipedia {role} ID": [i if i[:1] == "Q" and i[1:].isdigit() else None for i in identities],
    }  # fmt: skip
    every = dict.fromkeys(s for own in sectors for s in own)
    return {
        **{name: _joined(value or NONE for value in values) for name, values in lists.items()},
        f"{role} Sectors": _joined(every),
    }


def write_polecat(events: Iterable[Row], path: Path, tally: Tally) -> int:
    """Write a header and a row per event; return how many rows."""
    n = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = RowWriter(file, delimiter="\t")
        writer.writerow(POLECAT)
        for event in events:
            row = to_row(event, tally)
            if row is not None:
                writer.writerow(row)
                n += 1
    return n
