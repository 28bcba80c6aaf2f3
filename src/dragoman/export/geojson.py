"""Events with coordinates → a GeoJSON feature collection, one feature each.

Source: RFC 7946; longitude stands before latitude, WGS 84.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dragoman.export.sides import Row, Tally


def to_feature(event: Row) -> dict[str, Any] | None:
    """Return the feature of an event, None where its place has no coordinates."""
    place = event["place"] or {}
    if place.get("lat") is None or place.get("lon") is None:
        return None
    when = event["date"] or {}
    article = event.get("article") or {}
    sides = {
        role: [{"name": p["name"] or p["text"], "country": p["country"], "sectors": p["sectors"]} for p in event[role]]
        for role in ("actors", "recipients")
    }  # fmt: skip
    return {
        "type": "Feature", "id": event["event_id"],
        "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]},
        "properties": {
            "event_type": event["event_type"], "mode": event["mode"], "contexts": event["contexts"],
            "quad_class": event["quad_class"], "intensity": event["intensity"], "status": event["status"],
            "historical": event["historical"], "date_from": when.get("from"), "date_to": when.get("to"), **sides,
            "place": place["name"], "country": place["country"], "admin1": place["admin1"], "resolution": place["resolution"],
            "geonames_id": place["geonames_id"], "trigger": event["trigger"]["text"],
            "confidence": event["confidence"]["type"], "article_id": event["article_id"],
            "incident_id": event.get("incident_id"), "outlet": article.get("outlet"), "url": article.get("url"),
        },
    }  # fmt: skip


def write_geojson(events: Iterable[Row], path: Path, tally: Tally) -> int:
    """Write the features, one a line within the collection, and return how many."""
    n = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for event in events:
            feature = to_feature(event)
            if feature is None:
                tally.left_out["no_coordinates"] += 1
                continue
            file.write((",\n" if n else "\n") + json.dumps(feature, ensure_ascii=False))
            tally.events += 1
            n += 1
        file.write("\n]}\n")
    return n
