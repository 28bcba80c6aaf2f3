"""Add what a batch gave to the store, in one transaction; the same again changes nothing.

An article whose coding is equal to the stored one is passed over. A differing one supersedes the old rows: they keep
their interval ``recorded_at`` … ``superseded_at``, so that the state of any day can be asked for. The same text from
two sources of one run is stored once, for the source read first; the other is recorded as a duplicate. What people said
of the events of a changed article is applied again, and the incidents that the batch touches are made anew (``merging``).
"""

from __future__ import annotations

import collections
import dataclasses
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from dragoman.merge import load_scorer
from dragoman.records import Article, Coded, Event, Rejected, to_json
from dragoman.store.copying import Authorship, authorships, move
from dragoman.store.merging import renew
from dragoman.store.opening import Store
from dragoman.store.reviews import reapply
from dragoman.store.rows import insert, insert_events, to_stamp
from dragoman.store.versions import fold_versions, note_addresses


@dataclass(frozen=True, slots=True)
class Written:
    """How many articles were new, changed, or stored already."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(self.new + other.new, self.changed + other.changed, self.same + other.same)


@dataclass(frozen=True, slots=True)
class _Coding:
    """An article with all that was coded from it."""

    article: Article
    events: tuple[Event, ...]
    rows: list[dict[str, Any]]  # the events as ``to_json`` gives them
    digest: str


@dataclass(frozen=True, slots=True)
class _Known:
    """The row that holds of a stored article, as far as a new coding is compared with it."""

    digest: str
    source: str
    source_id: str | None
    run_id: str
    coder: tuple[str, str]  # version and model digest


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The articles of a batch by what the store makes of them; ``duplicates`` with the source that was read first."""

    new: list[_Coding]
    changed: list[_Coding]
    same: list[_Coding]
    duplicates: list[tuple[Article, str]]


def begin_run(
    store: Store,
    *,
    command: str,
    coder_version: str,
    model_digest: str,
    settings: Mapping[str, Any],
    at: datetime,
) -> str:
    """Record the start of a run and return its id."""
    run_id = uuid.uuid4().hex[:16]
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO runs VALUES (?, ?, NULL, NULL, ?, ?, ?, ?, ?)",
            [
                run_id,
                to_stamp(at),
                command,
                coder_version,
                model_digest,
                json.dumps(dict(settings)),
                load_scorer().digest,
            ],
        )
    return run_id


def end_run(store: Store, run_id: str, *, outcome: str, at: datetime) -> None:
    """Record how a run ended: done, stopped or failed."""
    with store.transaction() as connection:
        connection.execute(
            "UPDATE runs SET ended_at = ?, outcome = ? WHERE run_id = ?", [to_stamp(at), outcome, run_id]
        )


def write(
    store: Store, coded: Coded, *, run_id: str, coder_version: str, model_digest: str, at: datetime
) -> Written:
    """Store a batch in one transaction and return what was new.

    Args:
        store: An open store.
        coded: What a coder returned for a batch.
        run_id: The run, from ``begin_run``.
        coder_version: Version of Dragoman.
        model_digest: Digest of the encoder.
        at: The time of recording.

    Raises:
        StoreFull: The disk is full; nothing of the batch was stored.
        StoreError: The file could not be written.
    """
    now = to_stamp(at)
    own = {"coder_version": coder_version, "model_digest": model_digest}
    with store.transaction() as connection:
        found = _sort(connection, _codings(coded), run_id, (coder_version, model_digest))
        folded = fold_versions(connection, [c.article for c in found.new])
        found.new[:] = [c for c in found.new if c.article.article_id in folded.kept]
        fresh = [*found.new, *found.changed]
        if fresh:
            wrote, others = authorships(connection, [c.article for c in fresh])
            lost = _supersede(connection, [c.article.article_id for c in found.changed], now)
            _insert_codings(connection, fresh, wrote, own, run_id, now)
            lost = lost | _supersede(connection, folded.older, now)
            move(connection, others, now)
            said = reapply(store, [c.article.article_id for c in found.changed], run_id=run_id, now=now)
            moved = {e.event_id for c in fresh for e in c.events} | lost | said
            touched = {c.article.article_id for c in found.changed} | others.keys() | set(folded.older)
            # Corrections are put on what is coded anew; what is new stands as it was written.
            written = [
                (c.article, wrote[c.article.article_id].newsroom, c.events)
                for c in found.new
                if c.article.article_id not in folded.older
            ]
            renew(store, events=moved, articles=touched, written=written, run_id=run_id, now=now)
        note_addresses(connection, folded, now)
        _insert_rejections(connection, [*coded.rejected, *folded.duplicates], found, run_id, now)
        _insert_coverage(connection, coded, run_id, now)
    versions, known = len(folded.versions), folded.same + len(folded.duplicates)
    same = len(found.same) + len(found.duplicates) + known
    return Written(len(found.new) - versions, len(found.changed) + versions, same)


def _without_confidence(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's row without the confidences in it and in its sides and place."""

    def bare(part: Any) -> Any:
        return {k: v for k, v in part.items() if k != "confidence"} if isinstance(part, dict) else part

    people = {role: [bare(p) for p in row[role]] for role in ("actors", "recipients")}
    parts = {name: bare(row[name]) for name in ("said_by", "place")}
    return {**bare(row), **people, **parts}


def _codings(coded: Coded) -> list[_Coding]:
    """Return what was coded from each article, in order; an event counts once."""
    events: dict[str, dict[str, Event]] = collections.defaultdict(dict)
    for event in coded.events:
        events[event.article_id].setdefault(event.event_id, event)
    out: list[_Coding] = []
    for article in coded.articles:
        own = tuple(events[article.article_id].values())
        rows = [to_json(e) for e in own]
        out.append(_Coding(article, own, rows, content_digest(article.published_on, rows)))
    return out


def content_digest(published_on: date | None, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the hash of what was coded from an article: its day and its events in order, without ids of input rows.

    Confidences move in the last digits with what else is in the encoder's batch: that is no change.

    Args:
        published_on: The article's day.
        rows: Its events as ``to_json`` gives them.
    """
    told = [{**_without_confidence(row), "source_id": None} for row in rows]
    words = json.dumps([to_json(published_on), told], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _sort(
    connection: duckdb.DuckDBPyConnection, codings: Sequence[_Coding], run_id: str, coder: tuple[str, str]
) -> _Sorted:
    """Return what is new, changed, stored already, or given by a second source of this run."""
    known = _known(connection, [c.article.article_id for c in codings])
    noted = _noted_duplicates(connection, [c.article.source for c in codings])
    found = _Sorted([], [], [], [])
    for coding in codings:
        article = coding.article
        row = known.get(article.article_id)
        if row is None:
            found.new.append(coding)
        elif row.source != article.source and (
            row.run_id == run_id or (article.source in noted and row.coder == coder)
        ):
            found.duplicates.append((article, row.source))
            continue
        elif row.run_id == run_id or (
            row.digest == coding.digest
            and (row.source != article.source or row.source_id == article.source_id)
        ):
            found.same.append(coding)
            continue
        else:
            found.changed.append(coding)
        known[article.article_id] = _Known(coding.digest, article.source, article.source_id, run_id, coder)
    return found


def _known(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, _Known]:
    rows = connection.execute(
        "SELECT article_id, content_digest, source, source_id, run_id, coder_version, model_digest FROM articles "
        "WHERE superseded_at IS NULL AND article_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(ids)],
    ).fetchall()
    return {r[0]: _Known(r[1], r[2], r[3], r[4], (r[5], r[6])) for r in rows}


def _noted_duplicates(connection: duckdb.DuckDBPyConnection, sources: Sequence[str]) -> set[str]:
    rows = connection.execute(
        "SELECT item_id FROM rejections WHERE superseded_at IS NULL AND reason = 'duplicate' "
        "AND item_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(sources)],
    ).fetchall()
    return {r[0] for r in rows}


def _supersede(connection: duckdb.DuckDBPyConnection, ids: Sequence[str], now: str) -> set[str]:
    """Close the rows of articles whose coding has changed and return their events; incidents are brought in step later."""
    if not ids:
        return set()
    articles = list(ids)
    inside = "(SELECT unnest(?::VARCHAR[]))"
    # Those that a person rejected too: their vectors were kept in case the rejection is taken back.
    rows = connection.execute(
        f"SELECT DISTINCT event_id FROM events WHERE article_id IN {inside}", [articles]
    ).fetchall()
    events = [r[0] for r in rows]
    for table, column, values in (
        ("participants", "event_id", events),
        ("vectors", "event_id", events),
        ("events", "article_id", articles),
        ("articles", "article_id", articles),
    ):
        connection.execute(
            f"UPDATE {table} SET superseded_at = ? WHERE superseded_at IS NULL AND {column} IN {inside}",
            [now, values],
        )
    return set(events)


def _insert_codings(
    connection: duckdb.DuckDBPyConnection,
    fresh: Sequence[_Coding],
    wrote: Mapping[str, Authorship],
    own: dict[str, str],
    run_id: str,
    now: str,
) -> None:
    stamp = {"run_id": run_id, "recorded_at": now}
    articles = [
        {**to_json(c.article), **dataclasses.asdict(wrote[c.article.article_id]), **own, "content_digest": c.digest, **stamp}
        for c in fresh
    ]  # fmt: skip
    insert(connection, "articles", articles)
    events, rows = [e for c in fresh for e in c.events], [row for c in fresh for row in c.rows]
    insert_events(connection, events, rows=rows, run_id=run_id, now=now)


def _insert_rejections(
    connection: duckdb.DuckDBPyConnection, rejected: Sequence[Rejected], found: _Sorted, run_id: str, now: str
) -> None:
    """Add rejections that are not stored already, and close those whose item was read after all."""
    read = [c.article.source for c in (*found.new, *found.changed, *found.same)]
    connection.execute(
        "UPDATE rejections SET superseded_at = ? WHERE superseded_at IS NULL AND item_id IN (SELECT unnest(?::VARCHAR[]))",
        [now, read],
    )
    duplicates = [
        Rejected(
            a.source,
            "store",
            "duplicate",
            f'{a.source}: the text and URL are those of "{first}"',
            a.source_id,
        )
        for a, first in found.duplicates
    ]
    items = [r.item_id for r in (*rejected, *duplicates)]
    known = set(connection.execute(
        "SELECT item_id, reason, detail FROM rejections WHERE superseded_at IS NULL AND item_id IN (SELECT unnest(?::VARCHAR[]))",
        [items]).fetchall())  # fmt: skip
    new = [r for r in (*rejected, *duplicates) if (r.item_id, r.reason, r.detail) not in known]
    insert(connection, "rejections", [{**to_json(r), "run_id": run_id, "recorded_at": now} for r in new])


def _insert_coverage(connection: duckdb.DuckDBPyConnection, coded: Coded, run_id: str, now: str) -> None:
    coded_by: collections.Counter[tuple[str | None, str | None]] = collections.Counter(
        (a.outlet, to_json(a.published_on)) for a in coded.articles
    )
    lost = sum(r.stage in ("read", "clean") for r in coded.rejected)
    rows = [
        {"outlet": outlet, "published_on": day, "offered": n, "coded": n, "rejected": 0, "run_id": run_id, "recorded_at": now}
        for (outlet, day), n in coded_by.items()
    ]  # fmt: skip
    if lost:
        rows.append({"outlet": None, "published_on": None, "offered": lost, "coded": 0, "rejected": lost,
                     "run_id": run_id, "recorded_at": now})  # fmt: skip
    insert(connection, "coverage", rows)
