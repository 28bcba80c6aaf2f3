"""What watching keeps in the store: feeds, what they offered, how often they answered; and coverage by outlet and day.

State and articles are written in one transaction (``Store.transaction`` joins an outer one), so that after a kill at any
moment each article is either coded and settled, or neither.
"""

from __future__ import annotations

import collections
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import duckdb

from dragoman.store.opening import Store, telling
from dragoman.store.rows import insert, to_stamp

ItemState = Literal["waiting", "coded", "rejected", "duplicate"]


def feed_id_of(url: str) -> str:
    """Return the id of a feed by its URL."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed as the store knows it; times are UTC."""

    feed_id: str
    url: str
    etag: str | None
    last_modified: str | None
    next_due_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that a feed offers."""

    url_key: str
    url: str
    item_id: str
    title: str | None
    published_at: datetime | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a feed gave; ``reason`` is None when it answered well."""

    feed_id: str
    at: datetime
    next_due_at: datetime
    reason: str | None = None
    detail: str | None = None
    unchanged: bool = False
    kind: str | None = None
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    newest_at: datetime | None = None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that is to be fetched."""

    feed_id: str
    url_key: str
    url: str
    outlet: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an article that was offered; ``next_try_at`` when it goes on waiting."""

    feed_id: str
    url_key: str
    state: ItemState
    attempts: int
    at: datetime
    reason: str | None = None
    detail: str | None = None
    article_id: str | None = None
    fetched_at: datetime | None = None
    next_try_at: datetime | None = None


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else to_stamp(at)


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


def add_feeds(
    store: Store, feeds: Iterable[tuple[str, str, str | None]], *, at: datetime
) -> dict[str, FeedState]:
    """Add feeds (URL, outlet, country) that are not known, bring outlets up to date, and return the state of each by URL."""
    with store.transaction() as connection:
        known = {r[0]: r for r in connection.execute("SELECT url, outlet, country FROM feeds").fetchall()}
        rows = []
        for url, outlet, country in dict.fromkeys(feeds):
            if url not in known:
                rows.append({"feed_id": feed_id_of(url), "url": url, "outlet": outlet, "country": country, "first_seen_at": _stamp(at),
                             "next_due_at": _stamp(at), "failures": 0})  # fmt: skip
            elif known[url][1:] != (outlet, country):
                connection.execute(
                    "UPDATE feeds SET outlet = ?, country = ? WHERE url = ?", [outlet, country, url]
                )
        insert(connection, "feeds", rows)
        found = connection.execute(
            "SELECT feed_id, url, etag, last_modified, next_due_at, failures FROM feeds"
        ).fetchall()
    return {r[1]: FeedState(r[0], r[1], r[2], r[3], r[4].replace(tzinfo=UTC), r[5]) for r in found}


def add_looks(store: Store, looks: Sequence[Look]) -> int:
    """Record looks at feeds with what was offered, in one transaction, and return how many articles are new.

    An article that another feed offered before, under whatever URL, is a duplicate at once. One that its own feed says to
    have changed since waits to be fetched again.
    """
    if not looks:
        return 0
    with store.transaction() as connection:
        _update_feeds(connection, looks)
        for look in looks:
            _count_look(connection, look)
        return _add_offers(connection, looks)


def _update_feeds(connection: duckdb.DuckDBPyConnection, looks: Sequence[Look]) -> None:
    for look in looks:
        if look.reason is not None:
            connection.execute(
                "UPDATE feeds SET last_polled_at = ?, next_due_at = ?, failures = failures + 1, reason = ?, detail = ? "
                "WHERE feed_id = ?",
                [_stamp(look.at), _stamp(look.next_due_at), look.reason, look.detail, look.feed_id],
            )
            continue
        connection.execute(
            "UPDATE feeds SET last_polled_at = $at, last_success_at = $at, next_due_at = $due, failures = 0, reason = NULL, "
            "detail = NULL WHERE feed_id = $id",
            {"at": _stamp(look.at), "due": _stamp(look.next_due_at), "id": look.feed_id},
        )
        if not look.unchanged:
            connection.execute(
                "UPDATE feeds SET kind = ?, title = ?, etag = ?, last_modified = ?, newest_at = ? WHERE feed_id = ?",
                [look.kind, look.title, look.etag, look.last_modified, _stamp(look.newest_at), look.feed_id],
            )


def _count_look(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    values = [
        int(look.reason is None),
        int(look.unchanged),
        look.reason,
        look.feed_id,
        look.at.astimezone(UTC).date(),
    ]
    found = connection.execute(
        "UPDATE feed_polls SET polls = polls + 1, answered = answered + ?, unchanged = unchanged + ?, "
        "reason = coalesce(?, reason) WHERE feed_id = ? AND polled_on = ? RETURNING 1",
        values,
    ).fetchall()
    if not found:
        connection.execute("INSERT INTO feed_polls VALUES ($4, $5, 1, $1, $2, $3)", values)


def _add_offers(connection: duckdb.DuckDBPyConnection, looks: Sequence[Look]) -> int:
    keys = list({o.url_key for look in looks for o in look.offers})
    rows = connection.execute(
        "SELECT feed_id, url_key, modified_at, state FROM feed_items WHERE url_key IN (SELECT unnest(?::VARCHAR[]))",
        [keys],
    ).fetchall()
    own = {(r[0], r[1]): (_utc(r[2]), r[3]) for r in rows}
    taken = {r[1] for r in rows}
    fresh: list[dict[str, Any]] = []
    changed: list[tuple[Look, Offer]] = []
    for look in looks:
        for offer in look.offers:
            key = (look.feed_id, offer.url_key)
            if key in own:
                before, state = own[key]
                if (
                    state in ("coded", "rejected")
                    and offer.modified_at
                    and before
                    and offer.modified_at > before
                ):
                    changed.append((look, offer))
                    own[key] = (offer.modified_at, "waiting")
                continue
            first = offer.url_key not in taken
            taken.add(offer.url_key)
            own[key] = (offer.modified_at, "waiting")
            fresh.append(_item_row(look, offer, first=first))
    insert(connection, "feed_items", fresh)
    for look, offer in changed:
        connection.execute(
            "UPDATE feed_items SET state = 'waiting', version = version + 1, modified_at = ?, attempts = 0, next_try_at = NULL, "
            "reason = NULL, detail = NULL WHERE feed_id = ? AND url_key = ?",
            [_stamp(offer.modified_at), look.feed_id, offer.url_key],
        )
    return len([row for row in fresh if row["state"] == "waiting"]) + len(changed)


def _item_row(look: Look, offer: Offer, *, first: bool) -> dict[str, Any]:
    row = {
        "feed_id": look.feed_id, "url_key": offer.url_key, "url": offer.url, "item_id": offer.item_id, "title": offer.title,
        "published_at": _stamp(offer.published_at), "modified_at": _stamp(offer.modified_at), "version": 1,
        "offered_at": _stamp(look.at), "state": "waiting", "reason": None, "detail": None, "settled_at": None, "attempts": 0,
    }  # fmt: skip
    if not first:
        row |= {"state": "duplicate", "reason": "duplicate", "detail": "another feed offered it before",
                "settled_at": _stamp(look.at)}  # fmt: skip
    return row


def find_waiting(store: Store, *, at: datetime, feeds: Iterable[str]) -> list[Waiting]:
    """Return the articles of some feeds that are to be fetched by now, the first offered first."""
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT i.feed_id, i.url_key, i.url, f.outlet, i.attempts FROM feed_items i JOIN feeds f USING (feed_id) "
            "WHERE i.state = 'waiting' AND (i.next_try_at IS NULL OR i.next_try_at <= ?) "
            "AND i.feed_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY i.offered_at, i.url",
            [_stamp(at), list(feeds)],
        ).fetchall()
    return [Waiting(*row) for row in rows]


def next_try(store: Store, *, feeds: Iterable[str]) -> datetime | None:
    """Return when the next waiting article is to be fetched, None when none waits."""
    with telling(store.path):
        row = store.connection.execute(
            "SELECT min(coalesce(next_try_at, offered_at)) FROM feed_items WHERE state = 'waiting' "
            "AND feed_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(feeds)],
        ).fetchone()
    return _utc(row[0]) if row else None


def settle(store: Store, settled: Sequence[Settled], *, run_id: str) -> None:
    """Record what became of articles; to be called in the transaction that stores them."""
    if not settled:
        return
    rows = [
        {"feed_id": s.feed_id, "url_key": s.url_key, "state": s.state, "reason": s.reason, "detail": s.detail,
         "article_id": s.article_id, "attempts": s.attempts, "next_try_at": _stamp(s.next_try_at),
         "fetched_at": _stamp(s.fetched_at), "settled_at": None if s.state == "waiting" else _stamp(s.at), "run_id": run_id}
        for s in settled
    ]  # fmt: skip
    names = [name for name in rows[0] if name not in ("feed_id", "url_key")]
    with store.transaction() as connection:
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS settled_now AS SELECT * FROM feed_items LIMIT 0")
        connection.execute("DELETE FROM settled_now")
        insert(connection, "settled_now", rows)
        connection.execute(
            f"UPDATE feed_items SET {', '.join(f'{n} = s.{n}' for n in names)} FROM settled_now s "
            "WHERE feed_items.feed_id = s.feed_id AND feed_items.url_key = s.url_key"
        )


def stored_articles(store: Store, ids: Sequence[str]) -> dict[str, str]:
    """Return the source of each stored article by its id."""
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT article_id, source FROM articles WHERE superseded_at IS NULL AND article_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(ids)],
        ).fetchall()
    return dict(rows)


def articles_from(store: Store, sources: Sequence[str]) -> dict[str, str]:
    """Return the id of the article that holds of each source that has one."""
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT source, any_value(article_id) FROM articles WHERE superseded_at IS NULL "
            "AND source IN (SELECT unnest(?::VARCHAR[])) GROUP BY source",
            [list(sources)],
        ).fetchall()
    return dict(rows)


@dataclass(slots=True)
class Covered:
    """What an outlet gave on a day; ``state`` is ok, quiet (answered, nothing new), broken (never answered) or gap (not asked)."""

    outlet: str
    day: date
    state: str = "gap"
    offered: int = 0
    fetched: int = 0
    coded: int = 0
    duplicate: int = 0
    rejected: int = 0
    waiting: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    polls: int = 0
    answered: int = 0
    feeds: int = 0
    broken: list[str] = field(default_factory=list)


def find_coverage(
    store: Store, *, until: date, since: date | None = None, outlet: str | None = None
) -> list[Covered]:
    """Return what was offered, fetched, coded and rejected per outlet and day, days without any answer included.

    Args:
        store: An open store.
        until: The last day, usually today.
        since: The first day; None for the day on which each feed was first watched.
        outlet: Words of the outlet's name.
    """
    with telling(store.path):
        ask = store.connection.execute
        if not ask("SELECT 1 FROM duckdb_tables() WHERE table_name = 'feeds'").fetchone():
            return []
        feeds = ask("SELECT feed_id, url, outlet, first_seen_at FROM feeds ORDER BY outlet, url").fetchall()
        polls = ask(
            "SELECT feed_id, polled_on, sum(polls), sum(answered) FROM feed_polls GROUP BY ALL"
        ).fetchall()
        items = ask(
            "SELECT feed_id, offered_at::DATE, state, reason, count(*), count(fetched_at) FROM feed_items GROUP BY ALL"
        ).fetchall()
    if outlet:
        feeds = [f for f in feeds if outlet.lower() in f[2].lower()]
    asked = {(r[0], r[1]): (int(r[2]), int(r[3])) for r in polls}
    table: dict[tuple[str, date], Covered] = {}
    names = {f[0]: f[2] for f in feeds}
    for feed_id, url, name, first_seen_at in feeds:
        day = max(since or first_seen_at.date(), first_seen_at.date())
        while day <= until:
            row = table.setdefault((name, day), Covered(name, day))
            number, answered = asked.get((feed_id, day), (0, 0))
            row.feeds += 1
            row.polls += number
            row.answered += answered
            if number and not answered:
                row.broken.append(url)
            day += timedelta(days=1)
    for feed_id, day, state, reason, number, fetched in items:
        if (row_ := table.get((names.get(feed_id, ""), day))) is not None:
            _count(row_, state, reason, number, fetched)
    for row in table.values():
        row.state = _state(row)
    return sorted(table.values(), key=lambda r: (r.outlet, r.day))


def _count(row: Covered, state: str, reason: str | None, number: int, fetched: int) -> None:
    row.offered += number
    row.fetched += fetched
    setattr(row, state, getattr(row, state) + number)
    if reason is not None:
        row.reasons[reason] = row.reasons.get(reason, 0) + number


def _state(row: Covered) -> str:
    if row.polls == 0:
        return "gap"
    if row.answered == 0:
        return "broken"
    return "ok" if row.offered else "quiet"


def sum_coverage(rows: Iterable[Covered]) -> Mapping[str, int]:
    """Return the sums of the counted columns."""
    total: collections.Counter[str] = collections.Counter()
    for row in rows:
        for name in ("offered", "fetched", "coded", "duplicate", "rejected", "waiting"):
            total[name] += getattr(row, name)
    return total
