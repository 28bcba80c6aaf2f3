"""Keep the links between incidents in step with them, and tell each incident who denied it."""

from __future__ import annotations

import collections
from collections.abc import Collection, Mapping
from typing import Any

from dragoman.merge.follow import Link, Told, link_keys_of, links_between
from dragoman.records import Incident
from dragoman.store.opening import Store
from dragoman.store.reports import Memory, hashed, load
from dragoman.store.rows import insert

_INSIDE = "(SELECT unnest(?::VARCHAR[]))"


def renew(
    store: Store, memory: Memory, *, gone: Collection[str], fresh: Mapping[str, Incident], now: str
) -> dict[str, list[dict[str, Any]]]:
    """Bring the links of changed incidents in step and return, per incident concerned, who denied it.

    Args:
        store: In a transaction; ``incident_events`` is in step already.
        memory: What is remembered of the events; holds those of ``fresh``.
        gone: Incidents that are no more.
        fresh: Incidents that are new or changed.
        now: The time of recording.
    """
    before = _links(store, {*gone, *fresh})
    mine = {k: _told(memory, k, i.event_type, i.status, i.events) for k, i in fresh.items()}
    after: dict[tuple[str, str, str], Link] = {
        (x.incident_id, x.kind, x.other_incident_id): x for x in _found(store, memory, mine)
    }
    changed = {k for k, x in before.items() if after.get(k) != x}
    _close(store, changed, now)
    rows = [
        {"incident_id": x.incident_id, "kind": x.kind, "other_incident_id": x.other_incident_id, "score": x.score,
         "reasons": list(x.reasons), "recorded_at": now}
        for k, x in sorted(after.items()) if before.get(k) != x
    ]  # fmt: skip
    insert(store.connection, "links", rows)
    denied = {other for _, kind, other in (*before, *after) if kind == "denies"} | fresh.keys()
    return _denials(store, memory, denied - set(gone))


def _links(store: Store, incidents: Collection[str]) -> dict[tuple[str, str, str], Link]:
    """Return the current links that one of these incidents is an end of."""
    ids = sorted(incidents)
    rows = store.connection.execute(
        "SELECT incident_id, kind, other_incident_id, score, reasons FROM links WHERE superseded_at IS NULL "
        f"AND (incident_id IN {_INSIDE} OR other_incident_id IN {_INSIDE})",
        [ids, ids],
    ).fetchall()
    return {(r[0], r[1], r[2]): Link(r[0], r[1], r[2], r[3], tuple(r[4])) for r in rows}


def _close(store: Store, links: Collection[tuple[str, str, str]], now: str) -> None:
    if links:
        store.connection.execute(
            "UPDATE links SET superseded_at = ? WHERE superseded_at IS NULL "
            f"AND incident_id || ' ' || kind || ' ' || other_incident_id IN {_INSIDE}",
            [now, [" ".join(k) for k in sorted(links)]],
        )


def _told(memory: Memory, key: str, event_type: str, status: str, events: Collection[str]) -> Told:
    reports = tuple(memory.reports[e] for e in events)
    return Told(key, event_type, status, reports, tuple(memory.events[e].quote.text for e in events))


def _keys(told: Told) -> set[str]:
    articles = {f"={r.article.article_id}" for r in told.reports}
    return {k for r in told.reports for k in link_keys_of(r)} | articles


def _found(store: Store, memory: Memory, mine: Mapping[str, Told]) -> list[Link]:
    """Return every link of these incidents with each other and with stored ones."""
    own = {k: _keys(told) for k, told in mine.items()}
    all_told = {**_neighbours(store, memory, mine), **mine}
    blocks: dict[str, list[str]] = collections.defaultdict(list)
    for k, told in all_told.items():
        for key in own.get(k) or _keys(told):
            blocks[key].append(k)
    pairs = {(min(k, o), max(k, o)) for k, keys in own.items() for key in keys for o in blocks[key] if o != k}
    return [link for a, b in sorted(pairs) for link in links_between(all_told[a], all_told[b])]


def _neighbours(store: Store, memory: Memory, mine: Mapping[str, Told]) -> dict[str, Told]:
    """Return the stored incidents that share a rare name or an article with these."""
    keys = sorted({k for told in mine.values() for r in told.reports for k in hashed(link_keys_of(r))})
    articles = sorted({r.article.article_id for told in mine.values() for r in told.reports})
    if not articles:
        return {}
    low, high = (keys[0][0], keys[-1][0]) if keys else (0, 0)
    rows = store.connection.execute(
        "SELECT incident_id FROM incident_events WHERE superseded_at IS NULL AND (event_id IN (SELECT event_id FROM event_keys "
        f'WHERE span BETWEEN ? AND ? AND "key" IN (SELECT unnest(?::BIGINT[]))) OR article_id IN {_INSIDE})',
        [low, high, [k for _, k in keys], articles],
    ).fetchall()
    others = sorted({r[0] for r in rows} - mine.keys())
    return told_of(store, memory, others)


def told_of(store: Store, memory: Memory, incidents: Collection[str]) -> dict[str, Told]:
    """Return stored incidents as links see them, read by their current events."""
    if not incidents:
        return {}
    rows = store.connection.execute(
        f"SELECT incident_id, event_type, status, events FROM incidents WHERE superseded_at IS NULL AND incident_id IN {_INSIDE}",
        [sorted(incidents)],
    ).fetchall()
    load(store, memory, {e for r in rows for e in r[3]})
    return {r[0]: _told(memory, *r) for r in rows}


def _denials(store: Store, memory: Memory, incidents: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return incident → who denied it: the first event of each denying incident."""
    out: dict[str, list[dict[str, Any]]] = {k: [] for k in sorted(incidents)}
    rows = store.connection.execute(
        "SELECT other_incident_id, incident_id FROM links WHERE superseded_at IS NULL AND kind = 'denies' "
        f"AND other_incident_id IN {_INSIDE} ORDER BY ALL",
        [sorted(incidents)],
    ).fetchall()
    first = _first_events(store, memory, {denial for _, denial in rows})
    for key, denial in rows:
        event = memory.events[first[denial]]
        out[key].append({
            "incident_id": denial, "event_id": event.event_id, "article_id": event.article_id,
            "by": [p.name or p.text for p in event.actors], "countries": sorted({p.country for p in event.actors if p.country}),
            "quote": event.quote.text,
        })  # fmt: skip
    return out


def _first_events(store: Store, memory: Memory, incidents: Collection[str]) -> dict[str, str]:
    """Return incident → the event that appeared first of those that are its members now."""
    if not incidents:
        return {}
    rows = store.connection.execute(
        f"SELECT incident_id, event_id FROM incident_events WHERE superseded_at IS NULL AND incident_id IN {_INSIDE}",
        [sorted(incidents)],
    ).fetchall()
    load(store, memory, {e for _, e in rows})
    out: dict[str, str] = {}
    for key, event_id in rows:
        if key not in out or memory.reports[event_id].order < memory.reports[out[key]].order:
            out[key] = event_id
    return out
