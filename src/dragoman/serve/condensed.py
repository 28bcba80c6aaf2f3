"""Rows → few words for an agent: what matters of an incident, relation or sentence, each statement with the id of its evidence.

Ids under ``evidence`` are those of events: the tool ``evidence`` shows the sentence in its surroundings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
MOST_QUOTES = 3


def without_empty(row: Row) -> dict[str, Any]:
    """Return a row without what is null or empty."""
    return {k: v for k, v in row.items() if v is not None and v != [] and v != {} and v != ""}


def people_of(participants: Iterable[Row] | None) -> list[str]:
    """Return participants in words, such as "Iran (IRN/GOV)"."""
    out = []
    for p in participants or ():
        code = "/".join(x for x in (p["country"], next(iter(p["sectors"] or ()), None)) if x)
        out.append((p["name"] or p["text"]) + (f" ({code})" if code else ""))
    return out


def day_of(when: Row | None) -> str | None:
    """Return a day, or the first and last day of an interval, in words."""
    if when is None:
        return None
    return str(when["from"]) if when["from"] == when["to"] else f"{when['from']} to {when['to']}"


def quotes_of(sentences: Iterable[Row]) -> list[dict[str, Any]]:
    """Return sentences with the ids of the events that rest on them, each sentence once."""
    out: dict[tuple[str, str], dict[str, Any]] = {}
    for s in sentences:
        quote = s["quote"] if isinstance(s["quote"], str) else s["quote"]["text"]
        told = out.setdefault((s["article_id"], quote), {
            "evidence": [], "quote": " ".join(quote.split()), "outlet": s.get("outlet"), "title": s.get("title"),
            "published_on": s.get("published_on"), "url": s.get("url"), "article_id": s["article_id"],
        })  # fmt: skip
        told["evidence"].append(s["event_id"])
    return [without_empty(told) for told in out.values()]


def incident_of(row: Row, *, quotes: int = MOST_QUOTES) -> dict[str, Any]:
    """Return an incident as ``find_incidents`` gives it, with at most so many of its sentences."""
    told = quotes_of(row["reports"])
    place = row["place"]
    return without_empty({
        "incident_id": row["incident_id"], "type": _type(row), "status": row["status"], "background": row["historical"] or None,
        "date": day_of(row["date"]), "actors": people_of(row["actors"]), "recipients": people_of(row["recipients"]),
        "place": ", ".join(x for x in (place["name"], place["country"]) if x) if place else None,
        "newsrooms": row["newsrooms"], "counts": _counts(row.get("counts")), "denied_by": _denials(row.get("denials")),
        "said": told[:quotes], "more_reports": len(told) - quotes if len(told) > quotes else None,
    })  # fmt: skip


def _type(row: Row) -> str:
    return f"{row['event_type']}/{row['mode']}" if row["mode"] else str(row["event_type"])


def _counts(counts: Mapping[str, Row] | None) -> dict[str, Any]:
    out = {}
    for kind, told in (counts or {}).items():
        said = [
            without_empty({
                "low": c["low"], "high": c["high"], "outlet": c["outlet"], "published_on": c["published_on"],
                "said_by": c["said_by"], "evidence": c["event_id"],
            })
            for c in told["history"]
        ]  # fmt: skip
        out[kind] = without_empty({"low": told["low"], "high": told["high"], "said": said})
    return out


def _denials(denials: Sequence[Row] | None) -> list[dict[str, Any]]:
    return [{"by": d["by"], "quote": d["quote"], "evidence": d["event_id"]} for d in denials or ()]


def hit_of(row: Row) -> dict[str, Any]:
    """Return a sentence that was found."""
    return without_empty({
        "evidence": [row["event_id"], *row["also"]], "type": row["event_type"], "status": row["status"],
        "date": day_of(row["date"]), "quote": " ".join(row["quote"]["text"].split()), "outlet": row["outlet"],
        "title": row["title"], "published_on": row["published_on"], "url": row["url"], "article_id": row["article_id"],
        "score": round(row["score"], 3),
    })  # fmt: skip


def relation_of(row: Row, *, points: int, periods: int) -> dict[str, Any]:
    """Return a relation as ``to_rows`` gives it: its turns, its newest incidents, and its newest periods."""
    events = {p["incident_id"]: p["events"] for p in row["points"]}
    newest = [p for p in row["points"] if p["on"] or p["date"]][-points:][::-1]
    turns = [
        {
            "kind": c["kind"], "rises": c["rises"], "since": c["since"], "confidence": c["confidence"],
            "rate_before": c["before"], "rate_after": c["after"],
            "moved_by": [{"incident_id": i, "evidence": events.get(i, [])[:MOST_QUOTES]} for i in c["incidents"][:5]],
        }
        for c in row["changes"]
    ]  # fmt: skip
    return {
        "first": row["first"], "second": row["second"], "since": row["since"], "until": row["until"],
        "notes": row["notes"], "turns": turns, "incidents": len(row["points"]), "newest": [_point(p) for p in newest],
        "series": {
            "step": row["step"],
            "columns": ["start", "cooperation", "conflict", "level", "level_low", "level_high", "share_read"],
            "rows": [
                [s["start"], sum(s["counts"][:2]), sum(s["counts"][2:]), s["level"]["mean"], s["level"]["low"],
                 s["level"]["high"], s["exposure"]]
                for s in row["series"][-periods:]
            ],
        },
    }  # fmt: skip


def _point(point: Row) -> dict[str, Any]:
    said = quotes_of(point["evidence"])
    return without_empty({
        "incident_id": point["incident_id"], "date": day_of(point["date"]), "type": _type(point), "status": point["status"],
        "intensity": point["intensity"], "actors": people_of(point["actors"]), "recipients": people_of(point["recipients"]),
        "evidence": point["events"], "quote": said[0]["quote"] if said else None, "newsrooms": point["newsrooms"],
    })  # fmt: skip
