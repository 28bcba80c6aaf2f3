"""Ask for each feed of a list once and tell what it gives; nothing is stored or coded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dragoman.read.web.feedlist import ListedFeed
from dragoman.read.web.feeds import Unread, read_feed
from dragoman.read.web.fetch import Ask, Failed, Fetcher
from dragoman.read.web.links import parse_url
from dragoman.run.workers import HostWorkers

_THREADS = 8


def check_feeds(feeds: Sequence[ListedFeed], fetcher: Fetcher) -> list[dict[str, Any]]:
    """Return a row per feed, in order: whether it can be read, its kind, items, newest entry, and what robots.txt says."""
    workers: HostWorkers[ListedFeed, dict[str, Any]] = HostWorkers(
        lambda feed: _check(feed, fetcher), host_of=lambda f: parse_url(f.url).origin, wait_s=fetcher.gates.wait_s,
        threads=_THREADS,
    )  # fmt: skip
    try:
        rows = {
            got[0].url: got[1] for got in workers.iter_done(feeds, is_over=lambda: False) if got is not None
        }
    finally:
        workers.close()
    return [rows[feed.url] for feed in feeds]


def _check(feed: ListedFeed, fetcher: Fetcher) -> dict[str, Any]:
    row: dict[str, Any] = {
        "outlet": feed.outlet, "url": feed.url, "enabled": feed.enabled, "kind": None, "items": 0, "newest": None,
        "robots": "allowed", "reason": None, "detail": None, "notes": [],
    }  # fmt: skip
    try:
        found = fetcher.fetch(feed.url, Ask(max_bytes=fetcher.limits.max_feed_bytes))
        if isinstance(found, Failed):
            robots = {"robots": "forbidden", "robots_unreachable": "no answer"}.get(found.reason, "allowed")
            return row | {"robots": robots, "reason": found.reason, "detail": found.detail}
        read = read_feed(found.body, url=found.url, charset=found.charset)
    except Exception as error:  # a thread has nobody to raise to
        return row | {"reason": "failed", "detail": f"{type(error).__name__}: {error}"}
    if isinstance(read, Unread):
        return row | {"reason": read.reason, "detail": read.detail}
    newest = read.newest.isoformat() if read.newest else None
    return row | {"kind": read.kind, "items": len(read.entries), "newest": newest, "notes": list(read.notes)}
