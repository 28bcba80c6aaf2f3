"""Events → records of PLOVER, one JSON object a line, valid by the manual; all that PLOVER has no field for stands under "dragoman".

Entities carry both dialects: the manual's (code, sector, entity_text, identifier_id) and that of POLECAT's example (raw_text,
entity_name, wikidata_id, country_name, sector_code, other_sector_codes). The sentence itself is not written: a text may not be
ours to publish. Where it stands is told, and ``jsonl`` has it.

Source: PLOVER manual 2.0, chapter on data fields.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from dragoman.export.codes import name_of
from dragoman.export.sides import Row, Tally, to_days

_AUXILIARY: Final = {"future": "future", "hypothetical": "hypothetical", "negated": "negation"}
_COUNTS: Final = ("dead", "injured", "arrested")
_OWN: Final = (
    "source_id", "section", "status", "historical", "trigger", "cameo", "intensity", "said_by", "counts", "confidence", "reasons",
    "coder_version", "model_digest",
)  # fmt: skip
_QID: Final = re.compile(r"Q\d+")


def to_record(event: Row, tally: Tally) -> dict[str, Any] | None:
    """Return the PLOVER record of an event, or None and count why there is none.

    Its date is the first day; without one it is that of publication, and "comment" says so. What did not happen or is background
    has the auxiliary mode in its context, as the manual has it.
    """
    days = to_days(event)
    if days is None:
        tally.left_out["no_date"] += 1
        return None
    tally.events += 1
    tally.dated_by_article += days.by_article
    auxiliary = [_AUXILIARY[event["status"]]] if event["status"] in _AUXILIARY else []
    auxiliary += ["historical"] if event["historical"] else []
    record: dict[str, Any] = {"id": event["event_id"], "date": days.first.isoformat()}
    if days.last != days.first:
        record["enddate"] = days.last.isoformat()
    record |= {
        "event": [event["event_type"]], "mode": [event["mode"]] if event["mode"] else [],
        "context": [*(event["contexts"] or ()), *auxiliary], "actor": [_entity(p) for p in event["actors"]] or [_unknown()],
        "recipient": [_entity(p) for p in event["recipients"]], "has_event": True, "event_loc": _location(event["place"]),
        "event_text": [event["trigger"]["text"]], "quad_code": event["quad_class"], "event_scale": event["intensity"],
        **_sizes(event), "text_info": {"start": event["quote"]["start"], "end": event["quote"]["end"]},
        "cite_info": _citation(event), "comment": _comment(event, by_article=days.by_article),
        "dragoman": {**{name: event[name] for name in _OWN}, **_extras(event)},
    }  # fmt: skip
    return {name: value for name, value in record.items() if value not in (None, [], {}, "")}


def _entity(person: Row) -> dict[str, Any]:
    sectors = list(person["sectors"] or ())
    first = sectors[0] if sectors else None
    identity = person["entity_id"] or ""
    wikidata = identity if _QID.fullmatch(identity) else None
    entity = {
        "code": person["country"], "sector": first, "entity_text": person["text"], "identifier_id": wikidata,
        "identifier_text": person["name"] if wikidata else None,
        "raw_text": person["text"], "entity_name": person["name"], "wikidata_id": wikidata,
        "country_name": name_of(person["country"]) or None, "sector_code": first, "other_sector_codes": sectors[1:] or None,
    }  # fmt: skip
    return {name: value for name, value in entity.items() if value is not None}


def _unknown() -> dict[str, Any]:
    return {"sector": "UNK", "sector_code": "UNK"}


def _location(place: Row | None) -> dict[str, Any] | None:
    if not place:
        return None
    level = place["resolution"]
    location = {
        "extracted_place": place["text"], "resolved_place": place["name"], "geonameid": place["geonames_id"],
        "lat": place["lat"], "lon": place["lon"], "city": place["name"] if level == 4 else None,
        "district": place["name"] if level == 3 else None,
        "province": place["name"] if level == 2 else place["admin1"], "country": name_of(place["country"]) or None,
        "country_code": place["country"], "resolution": level,
    }  # fmt: skip
    return {name: value for name, value in location.items() if value is not None}


def _sizes(event: Row) -> dict[str, int]:
    """Return the least number of each count, for which PLOVER has a field; ranges stand in the extras."""
    counts = event["counts"] or {}
    return {what: number for what in _COUNTS if (number := (counts.get(what) or {}).get("low")) is not None}


def _citation(event: Row) -> dict[str, Any]:
    article = event.get("article") or {}
    citation = {
        "url": article.get("url"), "title": article.get("title"), "language": article.get("language"),
        "publication": article.get("outlet"), "coder": f"dragoman {event['coder_version']}",
        "codebook": event["ontology"].rsplit("-", 1)[0], "version": event["ontology"].rsplit("-", 1)[-1],
    }  # fmt: skip
    return {name: value for name, value in citation.items() if value is not None}


def _comment(event: Row, *, by_article: bool) -> str:
    told = []
    if by_article:
        told.append("The date is that of publication: the text gives none.")
    elif event["date"]["precision"] != "day":
        told.append(f"The date is known to the {event['date']['precision']}.")
    if not event["actors"]:
        told.append("The text names no actor.")
    return " ".join(told)


def _extras(event: Row) -> dict[str, Any]:
    """Return what no field of the record holds: ids, the article, and per side and place what it was made from."""
    article = event.get("article") or {}
    own = ("start", "end", "entity_id", "sectors", "basis", "confidence")
    place = event["place"] or {}
    return {
        "event_id": event["event_id"], "incident_id": event.get("incident_id"), "article_id": event["article_id"],
        "published_on": article.get("published_on"),
        "actors": [{name: p[name] for name in own} for p in event["actors"]],
        "recipients": [{name: p[name] for name in own} for p in event["recipients"]],
        "place": {name: place[name] for name in ("start", "end", "admin1", "confidence")} if place else None,
        "date": event["date"],
    }  # fmt: skip


def write_plover(events: Any, path: Path, tally: Tally) -> int:
    """Write a record per event and return how many."""
    n = 0
    with path.open("w", encoding="utf-8") as file:
        for event in events:
            record = to_record(event, tally)
            if record is not None:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                n += 1
    return n
