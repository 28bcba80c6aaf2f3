"""What people say of merges: these reports are one incident, that one is another. Kept for good, applied at once and ever after.

A verdict is about two events. It wins over the scorer in every later grouping; the newest word on a pair holds. When an article is
coded anew and an event gets another id, the event of its type on the same words stands for it.
"""

from __future__ import annotations

import collections
import itertools
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dragoman.errors import Conflict, UsageError
from dragoman.merge.clusters import Pair, pair_of
from dragoman.store.merging import current_of, renew
from dragoman.store.opening import Store, telling
from dragoman.store.queries import iter_rows
from dragoman.store.rows import insert, to_stamp

Kind = Literal["one", "apart"]
_INSIDE = "(SELECT unnest(?::VARCHAR[]))"


@dataclass(frozen=True, slots=True)
class Named:
    """What an id of an incident names now: its current incidents; ``moved`` when that id itself is no more."""

    incident_id: str
    current: tuple[str, ...]
    moved: bool


def find_incident(store: Store, beginning: str) -> Named | None:
    """Return the incidents that an id, current or former, or a unique beginning of one names; None for none.

    Raises:
        UsageError: Several ids begin so.
        StoreError: The file could not be read.
    """
    if not beginning.strip():
        return None
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT incident_id, bool_or(superseded_at IS NULL) FROM incidents WHERE starts_with(incident_id, ?) GROUP BY ALL",
            [beginning],
        ).fetchall()
    holds = sorted(i for i, current in rows if current)
    found = holds or sorted(i for i, _ in rows)
    if not found:
        return None
    if len(found) > 1 and beginning not in found:
        some = ", ".join(found[:3]) + (", …" if len(found) > 3 else "")
        raise UsageError(f'{len(found)} incidents begin with "{beginning}" ({some}). Give more of the id.')
    key = beginning if beginning in found else found[0]
    return Named(key, (key,), False) if holds else Named(key, _successors(store, key), True)


def _successors(store: Store, incident_id: str) -> tuple[str, ...]:
    """Return the current incidents of the events that an incident had last."""
    with telling(store.path):
        row = store.connection.execute(
            "SELECT events FROM incidents WHERE incident_id = ? ORDER BY superseded_at DESC, recorded_at DESC LIMIT 1",
            [incident_id],
        ).fetchone()
        events = list(current_of(store, row[0] if row else []).values())
        return incidents_of(store, events)


def incidents_of(store: Store, events: Sequence[str]) -> tuple[str, ...]:
    """Return the current incidents that events stand in.

    Raises:
        StoreError: The file could not be read.
    """
    with telling(store.path):
        rows = store.connection.execute(
            f"SELECT DISTINCT incident_id FROM incident_events WHERE superseded_at IS NULL AND event_id IN {_INSIDE} ORDER BY ALL",
            [list(events)],
        ).fetchall()
    return tuple(r[0] for r in rows)


def get_incident(store: Store, beginning: str) -> str:
    """Return the one current incident that an id names.

    Raises:
        UsageError: None, or several, of which the error tells.
    """
    found = find_incident(store, beginning)
    if found is None:
        raise UsageError(f'no incident "{beginning}". List ids: dragoman incidents')
    if len(found.current) != 1:
        now = ", ".join(found.current)
        raise UsageError(
            f'the incident "{found.incident_id}" is no more: '
            + (f"its events now stand in {now}. Give one of these." if now else "its events were withdrawn.")
        )
    return found.current[0]


def split(
    store: Store, incident_id: str, events: Sequence[str] = (), *, reviewer: str | None, at: datetime
) -> list[str]:
    """Take events, or all, out of their incident; return the incidents that its events now stand in.

    Args:
        store: Open for writing.
        incident_id: The incident, or a beginning or former id of it.
        events: Events to take out, or beginnings of their ids; those taken out together stay together. None for every event by
            itself.
        reviewer: Who says so.
        at: When.

    Raises:
        UsageError: There is no such incident or event, or all events would be taken out.
        Conflict: The incident has one event.
        StoreError: The file could not be written; nothing was stored.
    """
    with store.transaction():
        key = get_incident(store, incident_id)
        members = _members(store, key)
        if len(members) < 2:
            raise Conflict(f'the incident "{key}" has one event; there is nothing to split.')
        out = [_member(members, e, key) for e in events]
        if len(set(out)) == len(members):
            raise UsageError(
                f'these are all events of "{key}"; leave --event out to split it into single events.'
            )
        if out:
            rest = [e for e in members if e not in out]
            apart = {pair_of(a, b) for a in out for b in rest}
            one = {pair_of(a, b) for a, b in itertools.combinations(sorted(set(out)), 2)}
        else:
            apart = {pair_of(a, b) for a, b in itertools.combinations(members, 2)}
            one = set()
        _say(store, "one", one, reviewer, at)
        _say(store, "apart", apart, reviewer, at)
        return _applied(store, members, at)


def merge(store: Store, incident_ids: Sequence[str], *, reviewer: str | None, at: datetime) -> list[str]:
    """Make several incidents one; return the incidents that their events now stand in, which is one.

    Raises:
        UsageError: One is not there.
        Conflict: They are fewer than two.
        StoreError: The file could not be written; nothing was stored.
    """
    with store.transaction():
        keys = sorted({get_incident(store, i) for i in incident_ids})
        if len(keys) < 2:
            raise Conflict("give two incidents or more to merge; these are one.")
        members = [_members(store, key) for key in keys]
        everyone = [e for own in members for e in own]
        _withdraw(store, "apart", {pair_of(a, b) for a, b in itertools.combinations(everyone, 2)}, at)
        first = everyone[0]
        _say(store, "one", {pair_of(first, e) for e in everyone[1:]}, reviewer, at)
        return _applied(store, everyone, at)


def _members(store: Store, incident_id: str) -> list[str]:
    row = store.connection.execute(
        "SELECT events FROM incidents WHERE superseded_at IS NULL AND incident_id = ?", [incident_id]
    ).fetchone()
    return list(row[0]) if row else []


def _member(members: Sequence[str], beginning: str, incident_id: str) -> str:
    found = [e for e in members if e.startswith(beginning)] if beginning.strip() else []
    if len(found) != 1 and beginning not in found:
        told = "no event begins" if not found else f"{len(found)} events begin"
        raise UsageError(
            f'{told} with "{beginning}" in the incident "{incident_id}". See: dragoman show {incident_id}'
        )
    return beginning if beginning in found else found[0]


def _opposite(kind: Kind) -> Kind:
    return "apart" if kind == "one" else "one"


def _say(store: Store, kind: Kind, pairs: Collection[Pair], reviewer: str | None, at: datetime) -> None:
    """Record verdicts and take back what was said of these pairs before."""
    _withdraw(store, _opposite(kind), pairs, at)
    held = set(store.connection.execute(
        "SELECT event_a, event_b FROM verdicts WHERE withdrawn_at IS NULL AND kind = ?", [kind]
    ).fetchall())  # fmt: skip
    rows = [
        {"verdict_id": uuid.uuid4().hex[:16], "kind": kind, "event_a": a, "event_b": b, "reviewer": reviewer,
         "recorded_at": to_stamp(at)}
        for a, b in sorted(pairs) if (a, b) not in held
    ]  # fmt: skip
    insert(store.connection, "verdicts", rows)


def _withdraw(store: Store, kind: Kind, pairs: Collection[Pair], at: datetime) -> None:
    """Take back verdicts on these pairs; former ids of the events count as the events."""
    rows = store.connection.execute(
        "SELECT verdict_id, event_a, event_b FROM verdicts WHERE withdrawn_at IS NULL AND kind = ?", [kind]
    ).fetchall()
    now = current_of(store, {e for _, a, b in rows for e in (a, b)})
    gone = [v for v, a, b in rows if pair_of(now.get(a, a), now.get(b, b)) in pairs]
    store.connection.execute(
        f"UPDATE verdicts SET withdrawn_at = ? WHERE verdict_id IN {_INSIDE}", [to_stamp(at), gone]
    )


def _applied(store: Store, events: Sequence[str], at: datetime) -> list[str]:
    row = store.connection.execute(
        f"SELECT run_id FROM events WHERE superseded_at IS NULL AND event_id IN {_INSIDE} ORDER BY recorded_at DESC LIMIT 1",
        [list(events)],
    ).fetchone()
    renew(store, events=(), judged=events, run_id=row[0] if row else "", now=to_stamp(at))
    return list(incidents_of(store, events))


def find_verdicts(store: Store) -> Iterator[dict[str, Any]]:
    """Yield what people said and have not taken back, oldest first, with the sentences: pairs to train merging on.

    Raises:
        StoreError: The file could not be read.
    """
    sql = (
        "SELECT v.verdict_id, v.kind, v.event_a, v.event_b, v.reviewer, v.recorded_at FROM verdicts v "
        "WHERE v.withdrawn_at IS NULL ORDER BY v.recorded_at, v.event_a, v.event_b"
    )
    rows = list(iter_rows(store, sql, []))
    events = _last_events(store, sorted({r[k] for r in rows for k in ("event_a", "event_b")}))
    for row in rows:
        yield {**row, "a": events.get(row["event_a"]), "b": events.get(row["event_b"])}


def _last_events(store: Store, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    sql = (
        'SELECT e.event_id, e.article_id, e.event_type, e."trigger", e.quote, e."date", e.superseded_at IS NULL AS holds, '
        f"e.recorded_at FROM events e WHERE e.event_id IN {_INSIDE} ORDER BY holds, recorded_at"
    )
    latest: dict[str, dict[str, Any]] = collections.OrderedDict()
    for row in iter_rows(store, sql, [list(ids)]):
        latest[row["event_id"]] = {k: v for k, v in row.items() if k not in ("holds", "recorded_at")}
    return latest
