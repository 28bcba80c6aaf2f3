"""What a row of a frame holds where it is no table of the store: columns with their types in Arrow, and answers made flat.

In: rows in the shape of the JSON. Out: rows of single values and lists of strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]

POINTS: Mapping[str, str] = {
    "incident_id": "string", "on": "date32", "from": "date32", "to": "date32", "event_type": "string", "mode": "string",
    "quad_class": "int32", "status": "string", "historical": "bool_", "counted": "bool_", "planned": "bool_",
    "intensity": "float64", "direction": "string", "actors": "strings", "recipients": "strings", "place": "string",
    "independent_sources": "int32", "newsrooms": "strings", "events": "strings", "event_id": "string",
    "article_id": "string", "quote": "string", "outlet": "string", "url": "string",
}  # fmt: skip
PERIODS: Mapping[str, str] = {
    "start": "date32", "verbal_cooperation": "int64", "material_cooperation": "int64", "verbal_conflict": "int64",
    "material_conflict": "int64", "planned": "int64", "exposure": "float64", "intensity": "float64", "level": "float64",
    "level_low": "float64", "level_high": "float64", "conflict_rate": "float64", "conflict_low": "float64",
    "conflict_high": "float64", "cooperation_rate": "float64", "cooperation_low": "float64", "cooperation_high": "float64",
}  # fmt: skip
TURNS: Mapping[str, str] = {
    "raised_on": "date32", "since": "date32", "kind": "string", "rises": "bool_", "confidence": "float64", "before": "float64",
    "after": "float64", "by_chance_per_year": "float64", "incidents": "strings",
}  # fmt: skip
EXPECTATIONS: Mapping[str, str] = {
    "kind": "string", "weeks": "int64", "until": "date32", "usual": "int64", "chance": "float64", "shown": "string",
    "model": "float64", "persistence": "float64", "climatology": "float64", "tested": "int64", "skill_persistence": "float64",
    "skill_climatology": "float64", "why": "string",
}  # fmt: skip
EDGES: Mapping[str, str] = {
    "first": "string", "second": "string", "incidents": "int64", "verbal_cooperation": "int64", "material_cooperation": "int64",
    "verbal_conflict": "int64", "material_conflict": "int64", "intensity": "float64", "weight": "float64",
    "first_community": "int64", "second_community": "int64",
}  # fmt: skip
FOREIGN: Mapping[str, str] = {
    "dataset": "string", "foreign_id": "string", "on": "date32", "event_type": "string", "mode": "string", "quad_class": "int32",
    "intensity": "float64", "cameo": "string", "given_intensity": "float64", "actors": "strings", "actor_countries": "strings",
    "recipients": "strings", "recipient_countries": "strings", "place": "string", "country": "string", "url": "string",
    "publisher": "string", "file": "string", "line": "int64",
}  # fmt: skip
HITS: Mapping[str, str] = {
    "score": "float64", "quote": "string", "event_id": "string", "also": "strings", "event_type": "string", "status": "string",
    "from": "date32", "to": "date32", "article_id": "string", "start": "int64", "end": "int64", "outlet": "string", "title": "string",
    "url": "string", "published_on": "date32",
}  # fmt: skip
READ: Mapping[str, str] = {
    "day": "date32", "outlet": "string", "articles": "int64", "watched": "bool_", "offered": "int64", "fetched": "int64",
    "coded": "int64", "rejected": "int64",
}  # fmt: skip
ALERTS: Mapping[str, str] = {
    "alert_id": "string", "rule": "string", "sides": "strings", "kind": "string", "rises": "bool_", "since": "date32",
    "raised_on": "date32", "confidence": "float64", "before": "float64", "after": "float64", "message": "string",
    "incidents": "strings", "missing": "strings",
}  # fmt: skip
_QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")


def point_of(point: Mapping[str, Any]) -> Row:
    """Return an incident of a relation with its first sentence."""
    when, place, said = point["date"] or {}, point["place"] or {}, (point["evidence"] or [{}])[0]
    row = {
        **point, "from": when.get("from"), "to": when.get("to"), "place": place.get("name"),
        "actors": [p["name"] or p["text"] for p in point["actors"] or ()],
        "recipients": [p["name"] or p["text"] for p in point["recipients"] or ()],
        "event_id": said.get("event_id"), "article_id": said.get("article_id"), "outlet": said.get("outlet"),
        "url": said.get("url"), "quote": (said.get("quote") or {}).get("text"),
    }  # fmt: skip
    return {name: row[name] for name in POINTS}


def period_of(period: Mapping[str, Any]) -> Row:
    """Return a period of a series."""
    level, conflict, cooperation = period["level"], period["conflict"], period["cooperation"]
    row = {
        **period, **dict(zip(_QUADS, period["counts"], strict=True)), "level": level["mean"], "level_low": level["low"],
        "level_high": level["high"], "conflict_rate": conflict["rate"], "conflict_low": conflict["low"],
        "conflict_high": conflict["high"], "cooperation_rate": cooperation["rate"], "cooperation_low": cooperation["low"],
        "cooperation_high": cooperation["high"],
    }  # fmt: skip
    return {name: row[name] for name in PERIODS}


def expectation_of(expectation: Mapping[str, Any]) -> Row:
    """Return a chance of an outlook with how such chances fared."""
    tested = expectation["tested"]
    row = {
        **expectation, **expectation["chances"], "tested": tested["n"],
        **{f"skill_{name}": tested["skill"][name] for name in ("persistence", "climatology")},
    }  # fmt: skip
    return {name: row[name] for name in EXPECTATIONS}


def edge_of(edge: Mapping[str, Any], communities: Mapping[str, int | None]) -> Row:
    """Return a pair of a network with the communities of both."""
    first, second = sorted((edge["source"], edge["target"]))
    row = {
        **edge, "first": first, "second": second, **{name: edge[f"quad_{q}"] for q, name in enumerate(_QUADS, 1)},
        "first_community": communities[first], "second_community": communities[second],
    }  # fmt: skip
    return {name: row[name] for name in EDGES}


def hit_of(hit: Mapping[str, Any]) -> Row:
    """Return a sentence that was found, with the event whose words they are."""
    when, quote = hit["date"] or {}, hit["quote"]
    row = {**hit, **{name: when.get(name) for name in ("from", "to")}, "quote": quote["text"], "start": quote["start"],
           "end": quote["end"]}  # fmt: skip
    return {name: row[name] for name in HITS}


def read_of(day: Mapping[str, Any]) -> Row:
    """Return what was read of an outlet on a day; what its feeds did is None where none was watched."""
    feeds = day["feeds"] or {}
    row = {**{name: feeds.get(name) for name in READ}, "watched": day["feeds"] is not None}
    return row | {name: day[name] for name in ("day", "outlet", "articles")}


def alert_of(alert: Mapping[str, Any]) -> Row:
    """Return an alert that was told, with the ids of the incidents that moved it."""
    body = alert["body"]
    row = {**body, "incidents": [one["incident_id"] for one in body["incidents"]]}
    return {name: row[name] for name in ALERTS}
