"""Records ⇄ rows: insert rows by name, and read an event or article back as its record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from dragoman.records import (
    Article,
    Confidence,
    Count,
    Event,
    EventDate,
    Participant,
    Place,
    Section,
    Span,
    to_json,
)

Row = Mapping[str, Any]


def to_stamp(at: datetime) -> str:
    """Return a moment as the store keeps it: UTC, without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Insert rows by the names of their keys; one statement per table, which is what DuckDB is fast at.

    Raises:
        KeyError: A row has a key that is not a column.
    """
    if not rows:
        return
    types = {r[0]: r[1] for r in connection.execute(f"DESCRIBE {table}").fetchall()}
    used = dict.fromkeys(k for row in rows for k in row)
    shape = json.dumps([{name: types[name] for name in used}])
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT unnest(from_json(?, ?), max_depth := 2)",
        [json.dumps(rows), shape],
    )


def insert_events(
    connection: duckdb.DuckDBPyConnection, events: Sequence[Event], *, run_id: str, now: str, until: str | None = None,
    rows: Sequence[Row] | None = None,
) -> None:  # fmt: skip
    """Insert events with their participants and entities.

    Args:
        connection: In a transaction.
        events: What to insert.
        run_id: The run that coded them.
        now: The time of recording.
        until: When they were superseded; None while they hold.
        rows: The events as ``to_json`` gives them, where the caller has them.
    """
    stamp = {"recorded_at": now, "superseded_at": until}
    told = [to_json(e) for e in events] if rows is None else rows
    insert(connection, "events", [{**row, "run_id": run_id, **stamp} for row in told])
    insert(connection, "participants", [{**row, **stamp} for e in events for row in _participants(e)])
    vectors = [e for e in events if e.vector]
    connection.execute(
        "INSERT INTO vectors SELECT unnest(?::VARCHAR[]), unnest(?::BLOB[]), ?::TIMESTAMP, ?::TIMESTAMP",
        [[e.event_id for e in vectors], [e.vector for e in vectors], now, until],
    )
    _insert_entities(connection, events, now)


def _participants(event: Event) -> list[dict[str, Any]]:
    rows = []
    for role, people in (("actor", event.actors), ("recipient", event.recipients)):
        for place, p in enumerate(people):
            rows.append({
                "event_id": event.event_id, "role": role, "place_in_list": place, "text": p.text, "entity_id": p.entity_id,
                "name": p.name, "country": p.country, "sectors": list(p.sectors), "confidence": p.confidence,
            })  # fmt: skip
    return rows


def _insert_entities(connection: duckdb.DuckDBPyConnection, events: Iterable[Event], now: str) -> None:
    seen = {
        p.entity_id: {"entity_id": p.entity_id, "name": p.name or p.text, "country": p.country,
                      "sectors": list(p.sectors), "first_seen": now}
        for e in events for p in (*e.actors, *e.recipients) if p.entity_id
    }  # fmt: skip
    known = {r[0] for r in connection.execute(
        "SELECT entity_id FROM entities WHERE entity_id IN (SELECT unnest(?::VARCHAR[]))", [list(seen)]).fetchall()}  # fmt: skip
    insert(connection, "entities", [row for key, row in seen.items() if key not in known])


def participant_from_row(row: Row) -> Participant:
    """Return a participant from its JSON."""
    return Participant(**{**row, "sectors": tuple(row["sectors"] or ())})


def _date_from_row(row: Row) -> EventDate:
    bounds = {"from_": date.fromisoformat(row["from"]), "to": date.fromisoformat(row["to"])}
    return EventDate(**{k: v for k, v in row.items() if k != "from"} | bounds)


def event_from_row(row: Row) -> Event:
    """Return the event of a row in the shape of the JSON, as ``find_events`` gives it."""
    return Event(**{
        **row,
        "contexts": tuple(row["contexts"] or ()),
        "trigger": Span(**row["trigger"]),
        "quote": Span(**row["quote"]),
        "actors": tuple(map(participant_from_row, row["actors"] or ())),
        "recipients": tuple(map(participant_from_row, row["recipients"] or ())),
        "place": Place(**row["place"]) if row["place"] else None,
        "date": _date_from_row(row["date"]) if row["date"] else None,
        "said_by": participant_from_row(row["said_by"]) if row["said_by"] else None,
        "counts": {what: Count(**count) for what, count in (row["counts"] or {}).items()},
        "confidence": Confidence(**row["confidence"]),
        "reasons": dict(row["reasons"] or {}),
    })  # fmt: skip


def article_from_row(row: Row) -> Article:
    """Return what sentences and dates need of a stored article, from a row as ``get_article`` gives it."""
    sections = tuple(
        Section(s["kind"], s["start"], s["end"], tuple(Span(**c) for c in s["copies"] or ()))
        for s in row["sections"] or ()
    )
    published_on = date.fromisoformat(row["published_on"]) if row["published_on"] else None
    return Article(
        row["article_id"], row["text"], row["source"], row["source_id"], row["url"], row["outlet"], row["title"], sections,
        row["language"] or "en", published_on,
    )  # fmt: skip
