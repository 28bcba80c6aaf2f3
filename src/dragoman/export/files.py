"""Write events to a file: JSONL, CSV and Parquet here, other people's formats by the modules beside.

In: events in the shape of the JSON. Out: a file that appears under its name when it is complete, and the number of rows.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from dragoman.errors import UsageError
from dragoman.export.cameo import write_gdelt_1, write_gdelt_2, write_icews_table, write_phoenix
from dragoman.export.geojson import write_geojson
from dragoman.export.plover import write_plover
from dragoman.export.polecat import write_polecat
from dragoman.export.quoting import RowWriter
from dragoman.export.sides import Tally

Row = Mapping[str, Any]
_SPAN = 'STRUCT(start INTEGER, "end" INTEGER, text VARCHAR)'
_SIDE = 'STRUCT(text VARCHAR, start INTEGER, "end" INTEGER, entity_id VARCHAR, "name" VARCHAR, country VARCHAR, sectors VARCHAR[], basis VARCHAR, confidence DOUBLE)'
# Columns of a Parquet file of events, in the order of the record.
COLUMNS: Mapping[str, str] = {
    "event_id": "VARCHAR", "article_id": "VARCHAR", "source_id": "VARCHAR", "section": "VARCHAR", "event_type": "VARCHAR",
    "mode": "VARCHAR", "contexts": "VARCHAR[]", "quad_class": "INTEGER", "intensity": "DOUBLE", "cameo": "VARCHAR",
    "status": "VARCHAR", "historical": "BOOLEAN", "trigger": _SPAN, "quote": _SPAN, "actors": f"{_SIDE}[]",
    "recipients": f"{_SIDE}[]",
    "place": 'STRUCT(text VARCHAR, start INTEGER, "end" INTEGER, "name" VARCHAR, country VARCHAR, admin1 VARCHAR, lat DOUBLE, lon DOUBLE, resolution INTEGER, geonames_id BIGINT, confidence DOUBLE)',
    "date": 'STRUCT(text VARCHAR, start INTEGER, "end" INTEGER, "from" DATE, "to" DATE, "precision" VARCHAR, basis VARCHAR)',
    "said_by": _SIDE, "counts": "JSON",
    "confidence": 'STRUCT("type" DOUBLE, actors DOUBLE, recipients DOUBLE, place DOUBLE, "date" DOUBLE, mode DOUBLE, status DOUBLE)',
    "reasons": "JSON", "coder_version": "VARCHAR", "model_digest": "VARCHAR", "ontology": "VARCHAR",
}  # fmt: skip


def _sides(people: Iterable[Row]) -> str:
    return ";".join(
        f"{p['country'] or '?'}/{p['sectors'][0]}" if p["sectors"] else p["country"] or "?" for p in people
    )


def flat_row(event: Row) -> dict[str, Any]:
    """Return an event as one flat line; sides are "IRN/MIL;AZE/MIL", several words are joined by semicolons."""
    place, when = event["place"] or {}, event["date"] or {}
    said_by = event["said_by"] or {}
    counts = {
        what: (event["counts"] or {}).get(what) or {}
        for what in ("dead", "injured", "arrested", "displaced", "crowd")
    }
    return {
        "event_id": event["event_id"], "article_id": event["article_id"], "source_id": event["source_id"],
        "section": event["section"], "event_type": event["event_type"], "mode": event["mode"],
        "contexts": ";".join(event["contexts"] or ()), "quad_class": event["quad_class"], "intensity": event["intensity"],
        "cameo": event["cameo"], "status": event["status"], "historical": event["historical"],
        "date_from": when.get("from"), "date_to": when.get("to"), "date_precision": when.get("precision"),
        "actors": _sides(event["actors"]), "actor_words": ";".join(p["text"] for p in event["actors"]),
        "recipients": _sides(event["recipients"]), "recipient_words": ";".join(p["text"] for p in event["recipients"]),
        "place": place.get("name"), "place_country": place.get("country"), "lat": place.get("lat"), "lon": place.get("lon"),
        "resolution": place.get("resolution"), "said_by": said_by.get("text"),
        **{f"{what}_{end}": c.get(end) for what, c in counts.items() for end in ("low", "high")},
        "trigger": event["trigger"]["text"], "quote": event["quote"]["text"], "quote_start": event["quote"]["start"],
        "quote_end": event["quote"]["end"], "confidence": event["confidence"]["type"],
        "coder_version": event["coder_version"], "model_digest": event["model_digest"], "ontology": event["ontology"],
    }  # fmt: skip


def _bare(event: Row) -> dict[str, Any]:
    """Return an event without what is joined to it for other formats."""
    return {name: value for name, value in event.items() if name in COLUMNS}


def _write_jsonl(events: Iterable[Row], path: Path, tally: Tally) -> int:
    with path.open("w", encoding="utf-8") as file:
        for event in events:
            file.write(json.dumps(_bare(event), ensure_ascii=False) + "\n")
            tally.events += 1
    return tally.events


_EMPTY: Row = {
    **dict.fromkeys(COLUMNS), "actors": [], "recipients": [], "trigger": {"text": ""}, "contexts": [], "counts": {},
    "quote": {"text": "", "start": 0, "end": 0}, "confidence": {"type": 0},
}  # fmt: skip


def _write_csv(events: Iterable[Row], path: Path, tally: Tally) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = RowWriter(file)
        writer.writerow(flat_row(_EMPTY))
        for event in events:
            writer.writerow(flat_row(event).values())
            tally.events += 1
    return tally.events


def _write_parquet(events: Iterable[Row], path: Path, tally: Tally) -> int:
    lines = path.with_suffix(".rows")
    try:
        n = _write_jsonl(events, lines, tally)
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
        with duckdb.connect() as connection:
            rows = f"read_json('{_quoted(lines)}', format = 'newline_delimited', columns = {{{columns}}}, maximum_object_size = 100000000)"
            connection.execute(
                f"COPY (SELECT * FROM {rows}) TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)"
            )
    finally:
        lines.unlink(missing_ok=True)
    return n


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


FORMATS: Mapping[str, Callable[[Iterable[Row], Path, Tally], int]] = {
    "jsonl": _write_jsonl, "csv": _write_csv, "parquet": _write_parquet, "plover-jsonl": write_plover,
    "polecat": write_polecat, "cameo": write_icews_table, "cameo-icews": write_icews_table, "cameo-gdelt": write_gdelt_2,
    "cameo-gdelt1": write_gdelt_1, "cameo-phoenix": write_phoenix, "geojson": write_geojson,
}  # fmt: skip


def write_events(events: Iterable[Row], path: Path, *, kind: str, tally: Tally | None = None) -> int:
    """Write events to a file and return how many rows; the file is there only when it is complete.

    Args:
        events: Events in the shape of the JSON, which other people's formats want with "article" and "incident_id" as
            ``dragoman.store.find_cited_events`` gives them. They are read one by one.
        path: The file; one of that name is replaced.
        kind: A key of ``FORMATS``.
        tally: A fresh one, which learns what was left out and why.

    Raises:
        UsageError: There is no such format.
        OSError: The file cannot be written.
    """
    if kind not in FORMATS:
        raise UsageError(f'"{kind}" is not an export format. Formats: {", ".join(FORMATS)}.')
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent or Path())
    os.close(number)
    temporary = Path(name)
    try:
        n = FORMATS[kind](events, temporary, tally if tally is not None else Tally())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return n
