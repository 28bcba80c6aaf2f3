"""From a URL to its articles: a page is one, a feed, sitemap or list of URLs leads to several.

In: a URL and a ``Fetcher``. Out: raw articles and what could not be read, one at a time; nothing on the network raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dragoman.read.web.feeds import Feed, Unread, find_feed_kind, read_feed
from dragoman.read.web.fetch import Ask, Failed, Fetched, Fetcher
from dragoman.read.web.links import clean_url, shown_url, url_key
from dragoman.records import RawArticle, Rejected

MAX_SITEMAPS = 100  # of one index, the newest first; an archive's index may lead to thousands
MAX_DEPTH = 3
_HTML = {"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"}
_TEXT = {"text/plain", "text/markdown"}
Other = Callable[[Fetched], Iterator[RawArticle | Rejected] | None]


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller knows of all articles behind a URL; ``other`` reads answers that are no text."""

    outlet: str | None = None
    published_on: date | None = None
    published_field: str | None = None
    other: Other | None = None


def iter_url(
    url: str,
    fetcher: Fetcher,
    *,
    outlet: str | None = None,
    published_on: date | None = None,
    published_field: str | None = None,
    other: Other | None = None,
) -> Iterator[RawArticle | Rejected]:
    """Yield the raw articles behind a URL: of the page itself, or of all that a feed, sitemap or list of URLs offers.

    Args:
        url: Any URL; one that is not fetched becomes a ``Rejected``.
        fetcher: What fetches.
        outlet: The outlet of all articles.
        published_on: The publication date of all articles.
        published_field: Where ``published_on`` comes from.
        other: Reads an answer that is neither page nor text nor feed, such as a PDF; None when it cannot.
    """
    given = Given(outlet, published_on, published_field if published_on is not None else None, other)
    yield from _iter_any(url, fetcher, given, depth=0, seen=set())


def iter_urls(
    urls: Iterable[str],
    fetcher: Fetcher,
    *,
    outlet: str | None = None,
    published_on: date | None = None,
    published_field: str | None = None,
    other: Other | None = None,
) -> Iterator[RawArticle | Rejected]:
    """Yield the raw articles of a list of URLs, as ``iter_url`` does; URLs of one article are fetched once."""
    given = Given(outlet, published_on, published_field if published_on is not None else None, other)
    seen: set[str] = set()
    for line in urls:
        url = line.strip()
        if url and not url.startswith("#") and url_key(url) not in seen:
            yield from _iter_any(url, fetcher, given, depth=0, seen=seen)


def _iter_any(
    url: str, fetcher: Fetcher, given: Given, *, depth: int, seen: set[str]
) -> Iterator[RawArticle | Rejected]:
    if depth > MAX_DEPTH:
        yield Rejected(
            shown_url(url),
            "read",
            "too_deep",
            f"{shown_url(url)}: lists of lists are followed {MAX_DEPTH} deep",
        )
        return
    seen.add(url_key(url))
    found = fetcher.fetch(
        clean_url(url), Ask(max_bytes=max(fetcher.limits.max_bytes, fetcher.limits.max_feed_bytes))
    )
    if isinstance(found, Failed):
        yield found.to_rejected()
        return
    if not _may_list(found):
        yield from _iter_document(found, fetcher.limits.max_bytes, given)
        return
    feed = read_feed(
        found.body, url=found.url, charset=found.charset, max_bytes=fetcher.limits.max_feed_bytes
    )
    if isinstance(feed, Unread):
        yield Rejected(url, "read", feed.reason, f"{url}: {feed.detail}")
        return
    yield from _iter_feed(feed, fetcher, given, depth=depth, seen=seen)


def _iter_feed(
    feed: Feed, fetcher: Fetcher, given: Given, *, depth: int, seen: set[str]
) -> Iterator[RawArticle | Rejected]:
    if feed.kind == "sitemap_index":
        for entry in newest_sitemaps(feed):
            if url_key(entry) not in seen:
                yield from _iter_any(entry, fetcher, given, depth=depth + 1, seen=seen)
        return
    for entry_ in feed.entries:
        key = url_key(entry_.url)
        if key in seen:
            continue
        seen.add(key)
        found = fetcher.fetch(entry_.url)
        if isinstance(found, Failed):
            yield found.to_rejected(entry_.url)
            continue
        # Two addresses may lead to one page.
        end = url_key(found.url)
        if end != key and end in seen:
            yield Rejected(
                entry_.url,
                "read",
                "duplicate",
                f"{entry_.url}: it leads to {found.url}, which was read already",
            )
            continue
        seen.add(end)
        yield from _iter_document(found, fetcher.limits.max_bytes, given)


def newest_sitemaps(index: Feed) -> list[str]:
    """Return the sitemaps of an index that are followed, the newest first."""
    rows = sorted(
        index.entries, key=lambda e: e.modified_at.timestamp() if e.modified_at else 0.0, reverse=True
    )
    return [entry.url for entry in rows[:MAX_SITEMAPS]]


def _may_list(found: Fetched) -> bool:
    """Return whether an answer is a feed, sitemap or list of URLs, judged by its first bytes and not by its name."""
    if found.body.startswith(b"\x1f\x8b"):
        return ".xml" in found.url or "sitemap" in found.url
    kind = find_feed_kind(found.body)
    return kind is not None and (kind != "url_list" or found.media_type not in _HTML)


def _iter_document(found: Fetched, max_bytes: int, given: Given) -> Iterator[RawArticle | Rejected]:
    raw = to_raw(found, max_bytes=max_bytes, given=given)
    if isinstance(raw, Rejected) and raw.reason == "not_html" and given.other is not None:
        rows = given.other(found)
        if rows is not None:
            yield from rows
            return
    yield raw


def to_raw(
    found: Fetched, *, max_bytes: int, given: Given | None = None, source: str | None = None
) -> RawArticle | Rejected:
    """Return an answer as a raw article.

    Args:
        found: The answer.
        max_bytes: The most that an article may have.
        given: What the caller knows of it.
        source: Its name; None for its clean URL.
    """
    url, own = clean_url(found.url), given or Given()
    name = source or url
    if len(found.body) > max_bytes:
        return Rejected(name, "read", "too_large", f"{name}: it is larger than {max_bytes} bytes")
    if not found.body.strip():
        return Rejected(name, "read", "empty", f"{name}: the page is empty")
    media_type = _find_media_type(found)
    if media_type is None:
        told = found.media_type or "no media type"
        return Rejected(name, "read", "not_html", f"{name}: this is {told}, neither a page nor text")
    return RawArticle(
        body=found.body, media_type=media_type, source=name, url=url, outlet=own.outlet, published_on=own.published_on,
        published_field=own.published_field, fetched_at=found.fetched_at, charset=found.charset,
    )  # fmt: skip


def _find_media_type(found: Fetched) -> str | None:
    """Return "text/html" or "text/plain" by what the server says, by what stands there when it says nothing useful."""
    head = found.body[:1024].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    looks_html = head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or (
        head.startswith((b"<?xml", b"<!--")) and b"<html" in head
    )
    if found.media_type in _HTML:
        return "text/html" if head.startswith(b"<") or b"<" in head else "text/plain"
    if looks_html:
        return "text/html"
    return "text/plain" if found.media_type in _TEXT and b"\x00" not in found.body[:1024] else None
