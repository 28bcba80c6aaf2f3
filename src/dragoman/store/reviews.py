"""What people say of events, kept for good and applied at once; nothing is overwritten.

A review is a row of ``reviews``. Its effect is made of rows that supersede others, in the same transaction: a rejected event
has no current row, a corrected one has a new row with the same id, an added one is a row that no coder made. The incidents
of the article follow. When an article is coded anew its reviews are applied again.
"""

from __future__ import annotations

import collections
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from dragoman.errors import Conflict, UsageError
from dragoman.ontology import Ontology, load_ontology
from dragoman.records import Event, to_json
from dragoman.store.corrections import added_event, patched, to_patch
from dragoman.store.merging import renew
from dragoman.store.opening import Store, telling
from dragoman.store.queries import (
    EVENT_COLUMNS,
    EventFilter,
    get_article,
    iter_rows,
    where_of,
)
from dragoman.store.rows import article_from_row, event_from_row, insert_events, to_stamp

Verdict = Literal["accepted", "corrected", "rejected", "added"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
_NEWEST = "superseded_at IS NULL DESC, recorded_at DESC, rowid DESC"


@dataclass(frozen=True, slots=True)
class _Coding:
    """The row that holds of an article, as far as its events repeat it."""

    article_id: str
    run_id: str
    source_id: str | None
    coder_version: str
    model_digest: str


@dataclass(frozen=True, slots=True)
class _Said:
    """One review of an event."""

    event_id: str
    article_id: str
    verdict: Verdict
    correction: Mapping[str, Any]


def add_review(
    store: Store, *, event_id: str | None, verdict: Verdict, correction: Mapping[str, Any] | None = None,
    reviewer: str | None, at: datetime, ontology: Ontology | None = None,
) -> Event | None:  # fmt: skip
    """Record what a person says of an event, apply it, and return the event as it now is, None when rejected.

    Args:
        store: Open for writing.
        event_id: The event; None for an added one, whose id follows from article, trigger and type.
        verdict: What is said. The newest of an event holds: accepting a rejected event brings it back.
        correction: For "corrected" the fields as they should be: event_type, mode, status, actors, recipients, trigger. For
            "added" the same and article_id; event_type and trigger are needed. Actors and recipients are lists of {"text",
            "country", "sectors"} with words of the sentence; a trigger is words, or {"start", "end"}.
        reviewer: Who says so.
        at: When.
        ontology: The codes; None for the packaged ones.

    Raises:
        UsageError: There is no such event or article, or the correction does not fit the verdict or the sentence.
        Conflict: The event to add is there already.
        UnknownCode: A type, mode, status, country or sector does not exist.
        StoreError: The file could not be written; nothing was stored.
    """
    if verdict not in VERDICTS:
        raise UsageError(f'a verdict is {", ".join(VERDICTS)}; got "{verdict}".')
    if correction and verdict in ("accepted", "rejected"):
        raise UsageError(f"an event that is {verdict} takes no correction; use the verdict corrected.")
    codes, wanted, now = ontology or load_ontology(), dict(correction or {}), to_stamp(at)
    patch: Mapping[str, Any] = {}
    before: Event | None = None
    after: Event | None
    with store.transaction() as connection:
        if verdict == "added":
            new, coding = _added(store, wanted, codes)
            after, patch, key = new, to_json(new), new.event_id
        else:
            key = event_id or ""
            before, last = _find_event(store, key)
            if verdict == "corrected":
                patch = to_patch(last, wanted, codes)
            coding = _get_coding(store, last.article_id)
            after = _said(verdict, last, patch)
        connection.execute(
            "INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?)",
            [uuid.uuid4().hex[:16], key, verdict, json.dumps(patch) if patch else None, reviewer, now],
        )
        if after != before:
            _replace(store, key, after, coding, now)
            renew(store, events=[key], run_id=coding.run_id, now=now)
    return after


def reapply(store: Store, article_ids: Sequence[str], *, run_id: str, now: str) -> set[str]:
    """Apply the reviews of newly coded articles again and return the events that they changed.

    Runs inside the transaction that stored the new rows; the caller brings the incidents in step.

    Args:
        store: In a transaction.
        article_ids: Articles whose new rows are in.
        run_id: The run that coded them.
        now: The time of recording.
    """
    moved: set[str] = set()
    for article_id, said in _reviews(store, article_ids).items():
        coding = _get_coding(store, article_id)
        coded = {e.event_id: e for e in _current(store, article_id)}
        for key, own in said.items():
            before = after = last = coded.get(key)
            for one in own:
                if one.verdict == "added":
                    after = last = replace(
                        event_from_row(one.correction), source_id=coding.source_id,
                        coder_version=coding.coder_version, model_digest=coding.model_digest,
                    )  # fmt: skip
                elif last is not None:
                    after = _said(one.verdict, last, one.correction)
                    last = after or last
            if after != before:
                moved.add(key)
                _replace(store, key, after, coding, now)
            if after is None and last is not None and last != before:
                # What a rejected event would be, for whoever takes the rejection back.
                insert_events(store.connection, [last], run_id=run_id, now=now, until=now)
    return moved


def _said(verdict: Verdict, last: Event, patch: Mapping[str, Any]) -> Event | None:
    """Return what a verdict makes of an event."""
    if verdict == "rejected":
        return None
    return patched(last, patch) if verdict == "corrected" else last


def _added(store: Store, wanted: dict[str, Any], ontology: Ontology) -> tuple[Event, _Coding]:
    article_id = wanted.pop("article_id", None)
    row = get_article(store, article_id) if isinstance(article_id, str) and article_id else None
    if row is None:
        raise UsageError(
            f'no article "{article_id}" (or more than one begins so). Find its id in: dragoman show EVENT_ID'
        )
    current = _current(store, row["article_id"])
    # The contexts are the article's: those that all its events have, without what a mode brought along.
    contexts = [c for c in current[0].contexts if all(c in e.contexts for e in current)] if current else []
    event = added_event(
        article_from_row(row), wanted, ontology, contexts=contexts, coder_version=row["coder_version"],
        model_digest=row["model_digest"],
    )  # fmt: skip
    if any(e.event_id == event.event_id for e in current):
        raise Conflict(
            f'"{event.trigger.text}" is {event.event_type} in this article already. '
            f"Correct it: dragoman review {event.event_id} --set FIELD=VALUE"
        )
    return event, _get_coding(store, event.article_id)


def _get_coding(store: Store, article_id: str) -> _Coding:
    row = store.connection.execute(
        "SELECT run_id, source_id, coder_version, model_digest FROM articles WHERE superseded_at IS NULL AND article_id = ?",
        [article_id],
    ).fetchone()
    if row is None:
        raise UsageError(f'the article "{article_id}" of the event is not stored any more.')
    return _Coding(article_id, *row)


def _find_event(store: Store, event_id: str) -> tuple[Event | None, Event]:
    """Return an event as it is now, None when a person rejected it, and as it was last.

    Raises:
        UsageError: There is no such event.
    """
    sql = (
        f"SELECT {EVENT_COLUMNS}, superseded_at IS NULL AS holds FROM events WHERE event_id = ? "
        f"ORDER BY {_NEWEST} LIMIT 1"
    )
    row = next(iter_rows(store, sql, [event_id]), None)
    if row is None or not (row["holds"] or event_id in _rejected(store, event_id)):
        raise _no_event(event_id)
    last = event_from_row({k: v for k, v in row.items() if k != "holds"})
    return (last if row["holds"] else None), last


def _no_event(words: str) -> UsageError:
    return UsageError(f'no event "{words}". List ids: dragoman events')


def _rejected(store: Store, beginning: str) -> set[str]:
    """Return the events whose id begins so and whose newest review rejects them."""
    rows = store.connection.execute(
        "SELECT event_id FROM reviews WHERE starts_with(event_id, ?) GROUP BY event_id "
        "HAVING last(verdict ORDER BY recorded_at, rowid) = 'rejected'",
        [beginning],
    ).fetchall()
    return {r[0] for r in rows}


def get_event_id(store: Store, beginning: str) -> str:
    """Return the id of the event, current or rejected by a person, whose id begins so.

    Raises:
        UsageError: None begins so, or several.
        StoreError: The file could not be read.
    """
    if not beginning.strip():
        raise _no_event(beginning)
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT DISTINCT event_id FROM events WHERE superseded_at IS NULL AND starts_with(event_id, ?)",
            [beginning],
        ).fetchall()
        found = sorted({r[0] for r in rows} | _rejected(store, beginning))
    if not found:
        raise _no_event(beginning)
    if len(found) > 1 and beginning not in found:
        some = ", ".join(found[:3]) + (", …" if len(found) > 3 else "")
        raise UsageError(f'{len(found)} events begin with "{beginning}" ({some}). Give more of the id.')
    return beginning if beginning in found else str(found[0])


def find_unreviewed(store: Store, wanted: EventFilter, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield events that nobody has reviewed, in the shape of the JSON, those whose type is least sure first.

    Raises:
        StoreError: The file could not be read.
    """
    where = where_of(wanted)
    where.add("event_id NOT IN (SELECT event_id FROM reviews)")
    if wanted.article_id:
        where.add("article_id = ?", wanted.article_id)
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    order = 'abs(confidence."type" - 0.5), article_id, "trigger"."start", event_id'
    sql = f"SELECT {EVENT_COLUMNS} FROM events WHERE {where} ORDER BY {order}{tail}"
    yield from iter_rows(store, sql, where.values)


def find_reviewed(store: Store) -> Iterator[tuple[Verdict, dict[str, Any]]]:
    """Yield the newest verdict on each reviewed event and the event as it is, or was last, by article and position.

    An event that a new coding lost is given as it was when somebody reviewed it.

    Raises:
        StoreError: The file could not be read.
    """
    columns = ", ".join(f"e.{c.strip()}" for c in EVENT_COLUMNS.split(","))
    sql = (
        f"SELECT * EXCLUDE n FROM (SELECT {columns}, v.verdict, row_number() OVER (PARTITION BY e.event_id ORDER BY "
        "e.superseded_at IS NULL DESC, e.recorded_at DESC, e.rowid DESC) AS n FROM events e JOIN "
        "(SELECT event_id, last(verdict ORDER BY recorded_at, rowid) AS verdict FROM reviews GROUP BY event_id) v "
        'USING (event_id)) WHERE n = 1 ORDER BY article_id, "trigger"."start", event_id'
    )
    for row in iter_rows(store, sql, []):
        yield row.pop("verdict"), row


def _reviews(store: Store, article_ids: Sequence[str]) -> dict[str, dict[str, list[_Said]]]:
    """Return article → event → its reviews, oldest first."""
    rows = iter_rows(
        store,
        "SELECT r.event_id, e.article_id, r.verdict, r.correction FROM reviews r JOIN (SELECT DISTINCT event_id, article_id "
        "FROM events WHERE article_id IN (SELECT unnest(?::VARCHAR[]))) e USING (event_id) ORDER BY r.recorded_at, r.rowid",
        [list(article_ids)],
    )
    out: dict[str, dict[str, list[_Said]]] = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows if article_ids else ():
        out[row["article_id"]][row["event_id"]].append(
            _Said(**{**row, "correction": row["correction"] or {}})
        )
    return out


def _current(store: Store, article_id: str) -> list[Event]:
    """Return the events of an article as they are, in text order."""
    sql = (
        f"SELECT {EVENT_COLUMNS} FROM events WHERE superseded_at IS NULL AND article_id = ? "
        'ORDER BY quote."start", "trigger"."start", rowid'
    )
    return [event_from_row(row) for row in iter_rows(store, sql, [article_id])]


def _replace(store: Store, event_id: str, after: Event | None, coding: _Coding, now: str) -> None:
    """Close an event's current rows and insert it as it is now."""
    for table in ("events", "participants"):
        store.connection.execute(
            f"UPDATE {table} SET superseded_at = ? WHERE superseded_at IS NULL AND event_id = ?",
            [now, event_id],
        )
    if after is not None:
        insert_events(store.connection, [after], run_id=coding.run_id, now=now)
