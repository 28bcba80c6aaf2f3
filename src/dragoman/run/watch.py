"""Keep reading feeds: look, fetch what is new, code it, store it; stop and go on at any moment.

One process owns the store and the coder; threads fetch. What a feed offered is stored with the feed's state in one
transaction, a batch of coded articles with what became of each item in another, so nothing is lost or coded twice.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from dragoman import __version__
from dragoman.errors import StoreLocked
from dragoman.pipeline import Coder
from dragoman.read.web.feedlist import ListedFeed
from dragoman.read.web.feeds import Entry, Feed, Unread, read_feed
from dragoman.read.web.fetch import Ask, Failed, Fetched, Fetcher
from dragoman.read.web.links import BadUrl, parse_url, url_key
from dragoman.read.web.pages import Given, newest_sitemaps, to_raw
from dragoman.records import Coded, RawArticle, Rejected
from dragoman.run.local import code_batch
from dragoman.run.workers import HostWorkers
from dragoman.store import Store, Written, write
from dragoman.store.feeds import (
    FeedState,
    Look,
    Offer,
    Settled,
    Waiting,
    add_feeds,
    add_looks,
    articles_from,
    find_waiting,
    next_try,
    settle,
    stored_articles,
)

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 6  # with the pauses of the default settings this is five hours
MAX_PAUSE_S = 86_400.0
LOOKS_PER_WRITE = 64
FREE_FROM_S = 2.0  # a shorter pause is not worth closing the store for
PATIENCE_S = 60.0
BATCH_ARTICLES = 16  # stored at once, at most: what a feed gave is to be seen soon
MAX_CHILDREN = 10  # sitemaps of an index that are read per look, the newest first


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """How feeds are watched."""

    every_s: float = 900.0
    retry_s: float = 300.0
    threads: int = 16
    batch_articles: int = BATCH_ARTICLES
    max_bytes: int = 10_000_000
    round_s: float = 60.0  # after which feeds are looked at again though articles of slow hosts still wait


@dataclass(slots=True)
class Round:
    """What one round did."""

    looked: int = 0
    failing: int = 0
    new: int = 0
    coded: int = 0
    duplicate: int = 0
    rejected: int = 0
    put_off: int = 0
    written: Written = field(default_factory=Written)


@dataclass(frozen=True, slots=True)
class _Got:
    """A fetched item, ready to be coded, or why not."""

    item: Waiting
    row: RawArticle | Rejected
    failed: Failed | None = None


class Watch:
    """Watches feeds into an open store; belongs to one thread, ``stop`` may be called from anywhere.

    Args:
        store: The store, open for writing.
        feeds: The feeds to watch.
        fetcher: What fetches.
        coder: What codes.
        run_id: The run that is recorded.
        model_digest: Digest of the encoder.
        plan: How often, how much at once.
        clock: Gives the time, UTC.
        tell: Called after each step with the round so far.
    """

    def __init__(
        self,
        store: Store,
        feeds: Sequence[ListedFeed],
        *,
        fetcher: Fetcher,
        coder: Coder,
        run_id: str,
        model_digest: str,
        plan: WatchPlan,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        tell: Callable[[Round], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._coder = coder
        self._own = {"run_id": run_id, "coder_version": __version__, "model_digest": model_digest}
        self._plan = plan
        self._clock = clock
        self._tell = tell
        self._stopping = threading.Event()
        self._feeds = {f.url: f for f in feeds}
        self._states: dict[str, FeedState] = {}

    def stop(self) -> None:
        """End after the batch under way."""
        self._stopping.set()
        self._fetcher.stop()

    @property
    def is_stopping(self) -> bool:
        """Return whether a stop was asked for."""
        return self._stopping.is_set()

    def run(self, *, once: bool = False, rounds: int | None = None) -> Round:
        """Watch until stopped and return what was done in all.

        Args:
            once: Look at every feed that is due, fetch what waits, and end.
            rounds: End after as many rounds; None for no end.

        Raises:
            StoreError: The store could not be written, or is held by somebody else; nothing of the batch was kept.
        """
        total, number = Round(), 0
        while not self.is_stopping:
            done = self.round(patient=once)
            total = _sum(total, done)
            number += 1
            if once or (rounds is not None and number >= rounds):
                break
            self._sleep()
        return total

    def round(self, *, patient: bool = False) -> Round:
        """Look at the feeds that are due, then fetch and code what waits.

        Args:
            patient: Fetch all that waits, however slow its hosts are.
        """
        done, began = Round(), time.monotonic()
        listed = [(f.url, f.outlet, f.country) for f in self._feeds.values()]
        self._states = add_feeds(self._store, listed, at=self._clock())
        due = [s for url, s in self._states.items() if url in self._feeds and s.next_due_at <= self._clock()]
        self._look(due, done)
        self._fetch(
            done,
            is_over=lambda: (
                self.is_stopping or (not patient and time.monotonic() - began > self._plan.round_s)
            ),
        )
        return done

    def _sleep(self) -> None:
        """Wait until a feed or an article is due; the store is free meanwhile, so that other commands can read it."""
        ids = self._watched_ids()
        states = add_feeds(self._store, (), at=self._clock()).values()
        times = [s.next_due_at for s in states if s.feed_id in ids]
        if (retry := next_try(self._store, feeds=ids)) is not None:
            times.append(retry)
        wait = (min(times) - self._clock()).total_seconds() if times else self._plan.every_s
        wait = min(max(wait, 0.2), self._plan.round_s)
        if wait < FREE_FROM_S:
            self._stopping.wait(wait)
            return
        self._store.close()
        try:
            self._stopping.wait(wait)
        finally:
            self._take_store()

    def _take_store(self) -> None:
        """Open the store again; who reads it just now is waited for.

        Raises:
            StoreLocked: Somebody holds it for longer than a minute.
        """
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._store.reopen()
                return
            except StoreLocked:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _watched_ids(self) -> set[str]:
        return {state.feed_id for url, state in self._states.items() if url in self._feeds}

    def _look(self, due: Sequence[FeedState], done: Round) -> None:
        workers: HostWorkers[FeedState, Look] = HostWorkers(
            self._look_at,
            host_of=lambda s: _origin(s.url),
            wait_s=self._fetcher.gates.wait_s,
            threads=self._plan.threads,
        )
        looks: list[Look] = []
        try:
            for got in workers.iter_done(due, is_over=lambda: self.is_stopping):
                if self.is_stopping:
                    break
                if got is not None:
                    looks.append(got[1])
                    done.looked += 1
                    done.failing += got[1].reason is not None
                    self._tell(done)
                if len(looks) >= LOOKS_PER_WRITE:
                    done.new += add_looks(self._store, looks)
                    looks = []
        finally:
            workers.close()
        done.new += add_looks(self._store, looks)

    def _look_at(self, state: FeedState) -> Look:
        """Return what one look at a feed gives; whatever goes wrong is part of it."""
        try:
            return self._ask_feed(state)
        except Exception as error:  # a thread has nobody to raise to
            return self._failed_look(state, "failed", f"{type(error).__name__}: {error}", None)

    def _ask_feed(self, state: FeedState) -> Look:
        ask = Ask(
            etag=state.etag, last_modified=state.last_modified, max_bytes=self._fetcher.limits.max_feed_bytes
        )
        found = self._fetcher.fetch(state.url, ask)
        if isinstance(found, Failed):
            return self._failed_look(state, found.reason, found.detail, found.retry_after_s)
        now = self._clock()
        due = now + timedelta(seconds=self._every_s(state.url))
        if found.not_modified:
            return Look(state.feed_id, now, due, unchanged=True)
        feed = read_feed(found.body, url=found.url, charset=found.charset)
        if isinstance(feed, Unread):
            return self._failed_look(state, feed.reason, feed.detail, None)
        feed, is_whole = self._with_children(feed)
        # What could not be read whole is not remembered as read, so that the next look asks for all of it again.
        marks = (found.etag, found.last_modified) if is_whole else (None, None)
        return Look(
            state.feed_id,
            now,
            due,
            None,
            None,
            False,
            feed.kind,
            feed.title,
            *marks,
            feed.newest,
            _offers(feed),
        )

    def _with_children(self, feed: Feed) -> tuple[Feed, bool]:
        """Return a sitemap index as one sitemap of its newest ones, and whether all of these could be read."""
        if feed.kind != "sitemap_index":
            return feed, True
        entries: list[Entry] = []
        is_whole = True
        for url in newest_sitemaps(feed)[:MAX_CHILDREN]:
            found = self._fetcher.fetch(url, Ask(max_bytes=self._fetcher.limits.max_feed_bytes))
            child = read_feed(found.body, url=found.url) if isinstance(found, Fetched) else None
            if isinstance(child, Feed) and child.kind == "sitemap":
                entries += child.entries
            else:
                is_whole = False
        # A child may change while the index keeps its mark.
        return replace(feed, entries=tuple(entries)), False if entries else is_whole

    def _every_s(self, url: str) -> float:
        every = self._feeds[url].every_s
        return (self._plan.every_s if every is None else every) * random.uniform(0.9, 1.1)

    def _failed_look(self, state: FeedState, reason: str, detail: str, after_s: float | None) -> Look:
        wait = self._every_s(state.url) * 2 ** min(state.failures, 6)
        wait = min(max(wait, after_s or 0.0), MAX_PAUSE_S)
        now = self._clock()
        log.info("feed=%s reason=%s failures=%d wait_s=%.0f", state.url, reason, state.failures + 1, wait)
        return Look(state.feed_id, now, now + timedelta(seconds=wait), reason, detail[:500])

    def _fetch(self, done: Round, *, is_over: Callable[[], bool]) -> None:
        waiting = find_waiting(self._store, at=self._clock(), feeds=self._watched_ids())
        if not waiting:
            return
        workers: HostWorkers[Waiting, _Got] = HostWorkers(
            self._fetch_item,
            host_of=lambda w: _origin(w.url),
            wait_s=self._fetcher.gates.wait_s,
            threads=self._plan.threads,
        )
        batch: list[_Got] = []
        try:
            for got in workers.iter_done(waiting, is_over=is_over):
                if self.is_stopping:
                    break
                if got is not None:
                    batch.append(got[1])
                if len(batch) >= self._plan.batch_articles:
                    self._code(batch, done)
                    batch = []
        finally:
            workers.close()
        if batch and not self.is_stopping:
            self._code(batch, done)

    def _fetch_item(self, item: Waiting) -> _Got:
        try:
            found = self._fetcher.fetch(item.url)
            if isinstance(found, Fetched):
                given = Given(outlet=item.outlet)
                return _Got(item, to_raw(found, max_bytes=self._plan.max_bytes, given=given, source=item.url))
            failed = found
        except Exception as error:  # a thread has nobody to raise to
            failed = Failed(item.url, "failed", f"{type(error).__name__}: {error}")
        return _Got(item, failed.to_rejected(), failed)

    def _code(self, batch: Sequence[_Got], done: Round) -> None:
        """Code a batch and store it with what became of each item, all or nothing."""
        now = self._clock()
        put_off, rows, items = [], [], {}
        for got in batch:
            if got.failed is not None and got.failed.is_transient and got.item.attempts + 1 < MAX_ATTEMPTS:
                put_off.append(self._put_off(got.item, got.failed, now))
                continue
            rows.append(got.row)
            items[got.item.url] = got
        coded = code_batch(self._coder, rows)
        coded, doubled = self._without_doubles(coded)
        settled = [_to_settled(got, coded, doubled, now) for got in items.values()]
        with self._store.transaction():
            done.written += write(self._store, coded, at=now, **self._own)
            settled = self._as_stored(settled, {i.item.url_key: url for url, i in items.items()})
            settle(self._store, [*settled, *put_off], run_id=self._own["run_id"])
        for one in settled:
            setattr(done, one.state, getattr(done, one.state) + 1)
        done.put_off += len(put_off)
        self._tell(done)

    def _as_stored(self, settled: Sequence[Settled], urls: Mapping[str, str]) -> list[Settled]:
        """Return what became of items by what the store made of their articles: it folds the same article of two addresses."""
        coded = [s for s in settled if s.state == "coded" and s.article_id is not None]
        held = stored_articles(self._store, [s.article_id for s in coded if s.article_id is not None])
        folded = [s for s in coded if s.article_id not in held]
        if not folded:
            return list(settled)
        own = articles_from(self._store, [urls[s.url_key] for s in folded])
        told = "the store holds the same article from another address"
        changed = {
            s.url_key: replace(s, article_id=own[urls[s.url_key]])
            if urls[s.url_key] in own
            else replace(s, state="duplicate", reason="duplicate", detail=told, article_id=None)
            for s in folded
        }
        return [changed.get(s.url_key, s) for s in settled]

    def _put_off(self, item: Waiting, failed: Failed, now: datetime) -> Settled:
        wait = max(
            self._plan.retry_s * 2**item.attempts * random.uniform(0.8, 1.2), failed.retry_after_s or 0.0
        )
        at = now + timedelta(seconds=min(wait, MAX_PAUSE_S))
        return Settled(item.feed_id, item.url_key, "waiting", item.attempts + 1, now, failed.reason, failed.detail[:500],
                       next_try_at=at)  # fmt: skip

    def _without_doubles(self, coded: Coded) -> tuple[Coded, dict[str, Rejected]]:
        """Return a batch without articles that the store, or the batch itself, holds from another URL already."""
        known = stored_articles(self._store, [a.article_id for a in coded.articles])
        kept, doubled = [], {}
        for article in coded.articles:
            first = known.setdefault(article.article_id, article.source)
            if first == article.source:
                kept.append(article)
            else:
                detail = f'{article.source}: the text and URL are those of "{first}"'
                doubled[article.source] = Rejected(
                    article.source, "store", "duplicate", detail, article.source_id
                )
        if not doubled:
            return coded, doubled
        # Of two equal articles of one batch the events are equal too, and the store takes each id once.
        ids = {a.article_id for a in kept}
        return Coded(kept, [e for e in coded.events if e.article_id in ids],
                     [i for i in coded.incidents if i.reports[0] in ids], [*coded.rejected, *doubled.values()]), doubled  # fmt: skip


def _to_settled(got: _Got, coded: Coded, doubled: dict[str, Rejected], now: datetime) -> Settled:
    """Return what became of an item."""
    item, source, row = got.item, got.item.url, got.row
    attempts = item.attempts + (got.failed is not None)
    fetched_at = row.fetched_at if isinstance(row, RawArticle) else (now if got.failed is None else None)
    settled = Settled(item.feed_id, item.url_key, "coded", attempts, now, fetched_at=fetched_at)
    article = next((a for a in coded.articles if a.source == source), None)
    if article is not None:
        return replace(settled, article_id=article.article_id)
    why = row if isinstance(row, Rejected) else doubled.get(source)
    why = why or next((r for r in coded.rejected if r.item_id == source), None)
    if why is None:
        why = Rejected(source, "parse", "failed", "the coder gave nothing for it")
    settled = replace(settled, reason=why.reason, detail=why.detail[:500])
    return replace(settled, state="duplicate" if why.reason == "duplicate" else "rejected")


def _offers(feed: Feed) -> tuple[Offer, ...]:
    offers: dict[str, Offer] = {}
    for e in feed.entries:
        key = url_key(e.url)
        offers.setdefault(key, Offer(key, e.url, e.item_id, e.title, e.published_at, e.modified_at))
    return tuple(offers.values())


def _origin(url: str) -> str:
    try:
        return parse_url(url).origin
    except BadUrl:
        return ""


def _sum(a: Round, b: Round) -> Round:
    return Round(
        a.looked + b.looked, b.failing, a.new + b.new, a.coded + b.coded, a.duplicate + b.duplicate,
        a.rejected + b.rejected, a.put_off + b.put_off, a.written + b.written,
    )  # fmt: skip
