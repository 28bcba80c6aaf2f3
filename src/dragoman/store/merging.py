"""Keep a store's incidents in step with its events: regroup what new, changed and lost events touch, and nothing else.

The result is that of ``merge.group`` over all current events, whatever the order and size of the batches: what is regrouped are
whole components, events that hang together by sure pairs. ``event_keys`` and ``components`` are indexes of that; they are made
anew when the merging weights change. Rows that did not change are kept.
"""

from __future__ import annotations

import collections
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from dragoman.merge.blocking import home_of
from dragoman.merge.clusters import Pair, Said, pair_of
from dragoman.merge.engine import Comparer, Component, blocks_of, links, regroup
from dragoman.merge.incidents import incident_of
from dragoman.merge.scorer import Scorer
from dragoman.merge.views import Report
from dragoman.records import Article, Event, to_json
from dragoman.store import linking
from dragoman.store.opening import Store
from dragoman.store.pairs import sides_of
from dragoman.store.queries import INCIDENT_COLUMNS, iter_rows
from dragoman.store.reports import Memory, close, hashed_keys, load, memory_of, remember
from dragoman.store.rows import insert

_INSIDE = "(SELECT unnest(?::VARCHAR[]))"
_BULK = 2000  # events that are looked up at once when all are grouped anew


def renew(
    store: Store, *, events: Collection[str], articles: Collection[str] = (), judged: Collection[str] = (),
    written: Iterable[tuple[Article, str | None, Sequence[Event]]] = (), run_id: str, now: str,
) -> None:  # fmt: skip
    """Bring the incidents in step, inside the transaction that changed the events.

    Args:
        store: In a transaction.
        events: Events that are new, changed or gone.
        articles: Articles whose day or newsroom has changed.
        judged: Events of which a person said something, themselves unchanged.
        written: New articles with their newsroom and all their events, which then need not be read back.
        run_id: The run to record with new rows.
        now: The time of recording.
    """
    memory = memory_of(store)
    everything = _is_outdated(store, memory.scorer)
    if everything:
        events = _start_anew(store, memory.scorer)
    memory.forget(events, articles)
    for article, newsroom, own_events in written:
        remember(memory, article, newsroom, own_events)
    said = said_of(store)
    own = _members_of_articles(store, articles)
    own |= set(judged)
    before = _components_of(store, {*events, *own, *_named(said, events)})
    _drop_keys(store, {e for group in before.values() for e in group} & set(events))
    if everything:
        members: set[str] = set()
        for part in _parts(sorted(events), _BULK):
            members |= _joined(store, memory, part, said)
    else:
        members = _joined(store, memory, events, said)
    members |= {e for own in before.values() for e in own} | own
    members |= {e for group in _components_of(store, members).values() for e in group}
    load(store, memory, members)
    current = [memory.reports[e] for e in sorted(members) if e in memory.reports]
    found = regroup(current, memory.comparer(), said)
    _put_components(store, {*members, *events}, found)
    _put_incidents(store, memory, {*members, *events}, found, changed=set(events), run_id=run_id, now=now)


def said_of(store: Store) -> Said:
    """Return what people said of merges and have not taken back, for the events as they are now."""
    rows = store.connection.execute(
        "SELECT kind, event_a, event_b FROM verdicts WHERE withdrawn_at IS NULL"
    ).fetchall()
    pairs: dict[str, set[Pair]] = {"one": set(), "apart": set()}
    now = current_of(store, {e for _, a, b in rows for e in (a, b)})
    for kind, a, b in rows:
        one, two = now.get(a), now.get(b)
        if one is not None and two is not None and one != two:
            pairs[kind].add(pair_of(one, two))
    return Said(frozenset(pairs["one"] - pairs["apart"]), frozenset(pairs["apart"]))


def current_of(store: Store, ids: Collection[str]) -> dict[str, str]:
    """Return event id → the current event that stands for it: itself, else one of its type on its words after a new coding."""
    if not ids:
        return {}
    rows = store.connection.execute(
        f"SELECT DISTINCT event_id FROM events WHERE superseded_at IS NULL AND event_id IN {_INSIDE}", [sorted(ids)]
    ).fetchall()  # fmt: skip
    out = {r[0]: r[0] for r in rows}
    lost = sorted(set(ids) - set(out))
    if lost:
        rows = store.connection.execute(
            'SELECT o.event_id, n.event_id FROM events o JOIN events n ON n.article_id = o.article_id '
            'AND n.superseded_at IS NULL AND n.event_type = o.event_type AND n."trigger"."start" < o."trigger"."end" '
            f'AND o."trigger"."start" < n."trigger"."end" WHERE o.event_id IN {_INSIDE} ORDER BY ALL',
            [lost],
        ).fetchall()  # fmt: skip
        for old, new in rows:
            out.setdefault(old, new)
    return out


def _drop_keys(store: Store, events: Collection[str]) -> None:
    """Take events that were indexed before out of the index."""
    if events:
        store.connection.execute(f"DELETE FROM event_keys WHERE event_id IN {_INSIDE}", [sorted(events)])


def _named(said: Said, events: Collection[str]) -> set[str]:
    wanted = set(events)
    return {e for pair in (*said.one, *said.apart) if wanted & set(pair) for e in pair}


def _is_outdated(store: Store, scorer: Scorer) -> bool:
    row = store.connection.execute("SELECT value FROM store_info WHERE key = 'merge_digest'").fetchone()
    return row is None or row[0] != scorer.digest


def _start_anew(store: Store, scorer: Scorer) -> set[str]:
    """Empty the indexes, note the weights, and return every current event."""
    connection = store.connection
    for sql in ("DELETE FROM event_keys", "DELETE FROM components", "DELETE FROM store_info WHERE key = 'merge_digest'"):  # fmt: skip
        connection.execute(sql)
    connection.execute("INSERT INTO store_info VALUES ('merge_digest', ?)", [scorer.digest])
    rows = connection.execute("SELECT event_id FROM events WHERE superseded_at IS NULL").fetchall()
    return {r[0] for r in rows}


def _parts(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[n : n + size] for n in range(0, len(items), size))


def _members_of_articles(store: Store, articles: Collection[str]) -> set[str]:
    if not articles:
        return set()
    rows = store.connection.execute(
        f"SELECT event_id FROM events WHERE superseded_at IS NULL AND article_id IN {_INSIDE}",
        [sorted(articles)],
    ).fetchall()
    return {r[0] for r in rows}


def _components_of(store: Store, events: Collection[str]) -> dict[str, list[str]]:
    """Return component → its events, of the components that hold one of these events."""
    rows = store.connection.execute(
        "SELECT component, event_id FROM components WHERE component IN "
        f"(SELECT component FROM components WHERE event_id IN {_INSIDE})",
        [sorted(events)],
    ).fetchall()
    out: dict[str, list[str]] = collections.defaultdict(list)
    for component, event_id in rows:
        out[component].append(event_id)
    return out


def _joined(store: Store, memory: Memory, events: Collection[str], said: Said) -> set[str]:
    """Index events and return them with the stored ones that they are linked to by a sure pair or a person's word."""
    load(store, memory, events)
    fresh = {e: memory.reports[e] for e in events if e in memory.reports}
    if not fresh:
        return set()
    compare = memory.comparer()
    keys = {e: hashed_keys(report, compare.keys_of(report)) for e, report in fresh.items()}
    near = _near(store, fresh, keys)
    near |= {e for pair in said.one if set(pair) & fresh.keys() for e in pair}
    load(store, memory, near)
    near &= memory.reports.keys()
    pairs = _pairs(compare, fresh, near - fresh.keys())
    linked = links(pairs, compare, said)
    linked |= {p for p in said.one if set(p) & fresh.keys() and set(p) <= memory.reports.keys()}
    _put_keys(store, fresh, keys)
    return {e for pair in linked for e in pair} | fresh.keys()


def _near(
    store: Store, fresh: Mapping[str, Report], keys: Mapping[str, Sequence[tuple[int, int]]]
) -> set[str]:
    """Return the stored events that share a key or an article with these."""
    rows = store.connection.execute(
        f"SELECT event_id FROM events WHERE superseded_at IS NULL AND article_id IN {_INSIDE}",
        [sorted({r.article.article_id for r in fresh.values()})],
    ).fetchall()
    out = {r[0] for r in rows}
    wanted = sorted({k for own in keys.values() for k in own})
    if not wanted:
        return out
    for recent in (True, False):
        some = [k for k in wanted if (k[0] != 0) == recent]
        if some:
            bounds = f"span BETWEEN {some[0][0]} AND {some[-1][0]}" if recent else "span IS NULL"
            rows = store.connection.execute(
                f'SELECT DISTINCT event_id FROM event_keys WHERE {bounds} AND "key" IN (SELECT unnest(?::BIGINT[]))',
                [[k for _, k in some]],
            ).fetchall()
            out |= {r[0] for r in rows}
    return out


def _pairs(compare: Comparer, fresh: Mapping[str, Report], near: Collection[str]) -> set[Pair]:
    """Return the pairs to compare of which one event at least is new."""
    own = blocks_of((compare.reports[e] for e in fresh), compare.keys_of)
    wanted = frozenset(own)
    others: dict[str, list[str]] = collections.defaultdict(list)
    for event_id in near:
        report = compare.reports[event_id]
        # A stored report has some thirty keys, of which one or two are among those of the new ones.
        for key in compare.keys_of(report) & wanted:
            others[key].append(event_id)
        if (home := home_of(report)) in wanted:
            others[home].append(event_id)
    return {
        pair_of(a, b)
        for key, ids in own.items()
        for n, a in enumerate(ids)
        for b in (*ids[n + 1 :], *others.get(key, ()))
    }


def _put_keys(store: Store, fresh: Mapping[str, Report], keys: Mapping[str, Sequence[tuple[int, int]]]) -> None:  # fmt: skip
    ids = [e for e in fresh for _ in keys[e]]
    if not ids:
        return
    flat = [k for e in fresh for k in keys[e]]
    rows = {
        "span": np.array([k[0] for k in flat], dtype=np.int32), "key": np.array([k[1] for k in flat], dtype=np.int64),
        "event_id": np.array(ids),
    }  # fmt: skip
    store.connection.register("new_keys", rows)
    store.connection.execute('INSERT INTO event_keys SELECT nullif(span, 0), "key", event_id FROM new_keys')
    store.connection.unregister("new_keys")


def _put_components(store: Store, events: Collection[str], found: Iterable[Component]) -> None:
    store.connection.execute(f"DELETE FROM components WHERE event_id IN {_INSIDE}", [sorted(events)])
    rows = [(e, one.ids[0]) for one in found for e in one.ids]
    store.connection.execute(
        "INSERT INTO components SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[e for e, _ in rows], [c for _, c in rows]],
    )


def _put_incidents(
    store: Store, memory: Memory, events: Collection[str], found: Sequence[Component], *,
    changed: set[str], run_id: str, now: str,
) -> None:  # fmt: skip
    """Close the incidents of these events that changed and insert what they are now, with their links and denials."""
    incidents = {}
    for group in (g for one in found for g in one.groups):
        incident = incident_of(group, memory.events, memory.sources)
        incidents[incident.incident_id] = incident
    held = _held(store, events)
    wanted: dict[str, dict[str, Any]] = {k: to_json(i) for k, i in incidents.items()}
    for k, row in wanted.items():
        row["denials"] = held[k]["denials"] if k in held else []
    # A new coding of an event may change what links see of it, although its incident reads as before.
    fresh = [k for k, row in wanted.items() if held.get(k) != row or not changed.isdisjoint(row["events"])]
    gone = [k for k in held if k not in wanted]
    _put_members(store, memory, events, {e: k for k in wanted for e in wanted[k]["events"]}, now)
    denials = linking.renew(store, memory, gone=gone, fresh={k: incidents[k] for k in fresh}, now=now)
    others = _rows(store, [k for k in denials if k not in wanted])
    for k, told in denials.items():
        for table in (wanted, others):
            if k in table:
                table[k] = {**table[k], "denials": told}
    before = {**held, **_rows(store, others)}
    after = {**wanted, **others}
    closed = [k for k, row in before.items() if after.get(k) != row]
    close(store.connection, "incidents", "incident_id", closed, now)
    rows = [
        {**row, "sides": sides_of(row), "run_id": run_id, "recorded_at": now}
        for k, row in after.items()
        if before.get(k) != row
    ]
    insert(store.connection, "incidents", rows)


def _held(store: Store, events: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the current incidents that hold one of these events."""
    rows = store.connection.execute(
        f"SELECT DISTINCT incident_id FROM incident_events WHERE superseded_at IS NULL AND event_id IN {_INSIDE}",
        [sorted(events)],
    ).fetchall()
    return _rows(store, [r[0] for r in rows])


def _rows(store: Store, incidents: Collection[str]) -> dict[str, dict[str, Any]]:
    if not incidents:
        return {}
    sql = f"SELECT {INCIDENT_COLUMNS} FROM incidents WHERE superseded_at IS NULL AND incident_id IN {_INSIDE}"
    return {row["incident_id"]: row for row in iter_rows(store, sql, [sorted(incidents)])}


def _put_members(
    store: Store, memory: Memory, events: Collection[str], wanted: Mapping[str, str], now: str
) -> None:
    """Close and insert rows of ``incident_events`` where an event came to another incident, or has gone."""
    held = dict(store.connection.execute(
        f"SELECT event_id, incident_id FROM incident_events WHERE superseded_at IS NULL AND event_id IN {_INSIDE}",
        [sorted(events)],
    ).fetchall())  # fmt: skip
    close(store.connection, "incident_events", "event_id", [e for e, i in held.items() if wanted.get(e) != i], now)  # fmt: skip
    rows = [
        {"incident_id": i, "event_id": e, "article_id": memory.events[e].article_id, "recorded_at": now}
        for e, i in wanted.items()
        if held.get(e) != i
    ]
    insert(store.connection, "incident_events", rows)
