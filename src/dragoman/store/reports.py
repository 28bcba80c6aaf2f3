"""Stored events as merging compares them: read once, remembered while a store is written to, and found by their keys."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from dragoman.merge.clusters import Pair
from dragoman.merge.engine import Comparer
from dragoman.merge.follow import LINK_DAYS, link_keys_of
from dragoman.merge.incidents import Source
from dragoman.merge.scorer import Scorer, load_scorer
from dragoman.merge.views import Report, Telling, report_of, telling_of
from dragoman.records import Article, Event
from dragoman.store.copying import outlet_of
from dragoman.store.opening import Store
from dragoman.store.queries import EVENT_COLUMNS, iter_rows
from dragoman.store.rows import event_from_row

_INSIDE = "(SELECT unnest(?::VARCHAR[]))"
_MOST_REMEMBERED = 4_000  # events, about 100 MB; the half that was read last is kept
_MOST_PAIRS = 500_000
_TELLING_CHARACTERS = 4000
# Days of a stretch by the first letter of a key: those of news and of what follows from news.
_STEPS = {"d": 12, "l": 2 * LINK_DAYS}


@dataclass
class Memory:
    """What was read of a store's events; forgotten when a transaction fails."""

    scorer: Scorer
    events: dict[str, Event] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    tellings: dict[str, Telling] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    known: dict[Pair, float] = field(default_factory=dict)
    keys: dict[str, frozenset[str]] = field(default_factory=dict)

    def comparer(self) -> Comparer:
        """Return what compares the reports and remembers what it found here."""
        return Comparer(self.scorer, self.reports, self.known, self.keys)

    def forget(self, events: Iterable[str], articles: Iterable[str]) -> None:
        """Forget events and articles that changed."""
        for article_id in articles:
            self.tellings.pop(article_id, None)
            self.sources.pop(article_id, None)
        gone = False
        for event_id in events:
            gone = self.reports.pop(event_id, None) is not None or gone
            self.events.pop(event_id, None)
            self.keys.pop(event_id, None)
        if gone or len(self.known) > _MOST_PAIRS:
            self.known.clear()
        if len(self.reports) > _MOST_REMEMBERED:
            self._forget_older_half()

    def _forget_older_half(self) -> None:
        """Forget what was read longest ago: news comes in the order of days, and what is near today was read last."""
        for event_id in list(self.reports)[: len(self.reports) // 2]:
            del self.reports[event_id]
            self.events.pop(event_id, None)
            self.keys.pop(event_id, None)
        self.known.clear()
        kept = {event.article_id for event in self.events.values()}
        for table in (self.tellings, self.sources):
            for article_id in table.keys() - kept:
                del table[article_id]


def memory_of(store: Store) -> Memory:
    """Return what is remembered of a store."""
    found = store.memory.get("merging")
    if not isinstance(found, Memory):
        found = store.memory["merging"] = Memory(load_scorer())
    return found


def hashed_keys(report: Report, keys: frozenset[str]) -> list[tuple[int, int]]:
    """Return the keys by which a report is found, those of merging and of links, as ``hashed`` gives them."""
    return hashed(keys | link_keys_of(report))


def hashed(keys: Iterable[str]) -> list[tuple[int, int]]:
    """Return keys as (first day of the stretch, 0 for history and none; signed 64-bit hash).

    Only the keys of the news itself carry a day, so that a look-up can pass over what is far from it in time.
    """
    return [_hashed(words) for words in sorted(keys)]


# The events of an article share most of their keys.
@functools.lru_cache(maxsize=100_000)
def _hashed(words: str) -> tuple[int, int]:
    window = words.partition("|")[0]
    digits = window.strip("dhl+-")
    day = int(digits) * _STEPS[window[0]] if digits and window[0] in _STEPS else 0
    return day, int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)


def load(store: Store, memory: Memory, events: Collection[str]) -> None:
    """Read current events with their articles that are not remembered yet; those that are gone stay unknown."""
    # Of known events the newsroom may have changed, which says nothing of what they are compared by.
    load_articles(store, memory, {memory.events[e].article_id for e in events if e in memory.reports})
    wanted = sorted(e for e in events if e not in memory.reports)
    if not wanted:
        return
    vectors = dict(store.connection.execute(
        f"SELECT event_id, vector FROM vectors WHERE superseded_at IS NULL AND event_id IN {_INSIDE}", [wanted]
    ).fetchall())  # fmt: skip
    sql = f"SELECT {EVENT_COLUMNS} FROM events WHERE superseded_at IS NULL AND event_id IN {_INSIDE}"
    found = [event_from_row(row) for row in iter_rows(store, sql, [wanted])]
    load_articles(store, memory, {e.article_id for e in found})
    for event in found:
        whole = replace(event, vector=vectors.get(event.event_id, b""))
        memory.events[event.event_id] = whole
        memory.reports[event.event_id] = report_of(whole, memory.tellings[event.article_id])


def remember(memory: Memory, article: Article, newsroom: str | None, events: Iterable[Event]) -> None:
    """Note an article that was just written, and its events, as ``load`` would read them back.

    Args:
        memory: What is remembered of the store.
        article: A new one.
        newsroom: Who wrote it, as its row says.
        events: All that were coded from it.
    """
    room = newsroom or outlet_of(article.outlet, article.url)
    key, day = article.article_id, article.published_on
    memory.sources[key] = Source(key, article.outlet, room, day)
    memory.tellings[key] = telling_of(key, article.text[:_TELLING_CHARACTERS], newsroom=room or "", published_on=day)  # fmt: skip
    for event in events:
        memory.events[event.event_id] = event
        memory.reports[event.event_id] = report_of(event, memory.tellings[key])


def load_articles(store: Store, memory: Memory, articles: Collection[str]) -> None:
    """Read what merging needs of articles that are not remembered yet."""
    wanted = sorted(a for a in articles if a not in memory.tellings)
    if not wanted:
        return
    rows = store.connection.execute(
        f"SELECT article_id, text[:{_TELLING_CHARACTERS}], outlet, url, newsroom, published_on FROM articles "
        f"WHERE superseded_at IS NULL AND article_id IN {_INSIDE}",
        [wanted],
    ).fetchall()
    for article_id, text, outlet, url, newsroom, day in rows:
        room = newsroom or outlet_of(outlet, url)
        memory.sources[article_id] = Source(article_id, outlet, room, day)
        memory.tellings[article_id] = telling_of(article_id, text, newsroom=room or "", published_on=day)


def close(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, values: Sequence[str], now: str
) -> None:
    """Close the current rows of these values."""
    if values:
        connection.execute(
            f"UPDATE {table} SET superseded_at = ? WHERE superseded_at IS NULL AND {column} IN {_INSIDE}",
            [now, list(values)],
        )
