"""Read what lists articles: RSS, Atom, JSON Feed, sitemaps and their indexes, plain lists of URLs. No network.

In: the bytes of an answer. Out: a ``Feed`` with its entries in order, or ``Unread`` with a reason of ``Rejected``. XML that
declares entities of its own is refused before any parser sees it.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from dragoman.read.web.body import BodyRefused, gunzip
from dragoman.read.web.links import clean_url, is_url, join_url

FeedKind = Literal["rss", "atom", "json_feed", "sitemap", "sitemap_index", "url_list"]
MAX_ENTRIES = 50_000  # Source: sitemaps.org protocol: no sitemap holds more
MAX_BYTES = 50_000_000  # the same
MAX_RATIO = 100
MAX_TITLE_CHARS = 1000
_HEAD = 4096
_ROOT = re.compile(r"<(?![?!])\s*(?:[\w.-]+:)?([\w.-]+)")
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_NOISE = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.IGNORECASE | re.DOTALL)
_ROOTS: Mapping[str, FeedKind] = {
    "rss": "rss", "rdf": "rss", "feed": "atom", "urlset": "sitemap", "sitemapindex": "sitemap_index",
}  # fmt: skip
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a feed offers it; ``url`` is clean, times are UTC."""

    url: str
    item_id: str  # the feed's own id of it, else its URL
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed offers; of a sitemap index the entries are sitemaps."""

    kind: FeedKind
    title: str | None
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()

    @property
    def newest(self) -> datetime | None:
        """Return the latest time of an entry, None when none has one."""
        times = [e.modified_at or e.published_at for e in self.entries]
        return max((t for t in times if t is not None), default=None)


@dataclass(frozen=True, slots=True)
class Unread:
    """Why bytes are no feed; ``reason`` is a reason of ``Rejected``."""

    reason: str
    detail: str


def find_feed_kind(body: bytes) -> FeedKind | None:
    """Return what kind of feed unpacked bytes hold, None for none."""
    text = _head_text(body)
    if text.startswith("{"):
        return "json_feed" if "jsonfeed.org/version" in text.replace("\\/", "/") else None
    if text.startswith("<"):
        root = _ROOT.search(_NOISE.sub("", text))
        return _ROOTS.get(root.group(1).lower()) if root is not None else None
    return "url_list" if is_url_list(body[:_HEAD]) else None


def _head_text(body: bytes) -> str:
    head = body[:_HEAD]
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace").lstrip()
    return head.replace(b"\x00", b"").decode("utf-8", "replace").lstrip()


def is_url_list(head: bytes) -> bool:
    """Return whether the first lines of a text are all URLs; blank lines and lines with "#" are passed over."""
    text = head.decode("utf-8-sig", "replace")
    lines = [line.strip() for line in text.splitlines()]
    if len(head) >= _HEAD and len(lines) > 1:
        lines.pop()  # the last one may be cut
    lines = [line for line in lines if line and not line.startswith("#")]
    return bool(lines) and all(is_url(line) and " " not in line for line in lines)


def read_feed(
    body: bytes, *, url: str, charset: str | None = None, max_bytes: int = MAX_BYTES
) -> Feed | Unread:
    """Return what a feed offers.

    Args:
        body: The bytes of the answer; gzip data (``sitemap.xml.gz``) is unpacked.
        url: Where it came from; relative links are taken from there.
        charset: The encoding that the server named.
        max_bytes: The most that is unpacked.
    """
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gunzip(body, max_bytes=max_bytes, max_ratio=MAX_RATIO)
        except BodyRefused as refused:
            return Unread(refused.reason, refused.detail)
    if not body.strip(b"\xef\xbb\xbf \t\r\n"):
        return Unread("empty", "the answer is empty")
    kind = find_feed_kind(body)
    if kind is None:
        if _ENTITY.search(body[:_HEAD].replace(b"\x00", b"")):
            return Unread("entity_bomb", "the XML declares entities of its own, which no feed needs")
        return Unread("not_feed", "this is neither RSS, Atom, JSON Feed, a sitemap nor a list of URLs")
    if kind == "url_list":
        return Feed(
            kind,
            None,
            tuple(Entry(clean_url(u), clean_url(u)) for u in urls_of(body.decode("utf-8-sig", "replace"))),
        )
    if kind == "json_feed":
        return _read_json(body, url)
    if _ENTITY.search(body.replace(b"\x00", b"")):
        return Unread("entity_bomb", "the XML declares entities of its own, which no feed needs")
    if kind in ("sitemap", "sitemap_index"):
        return _read_sitemap(body, kind, url)
    return _read_syndication(body, kind, url, charset)


def urls_of(text: str) -> list[str]:
    """Return the URLs of a list: one a line, blank lines and lines with "#" passed over, each once."""
    lines = (line.strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def _read_syndication(body: bytes, kind: FeedKind, url: str, charset: str | None) -> Feed | Unread:
    import feedparser

    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    try:
        parsed = feedparser.parse(
            body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # broken feeds find ever new ways through a lenient parser
        return Unread("bad_feed", f"the feed cannot be read: {type(error).__name__}: {error}"[:300])
    notes = (f"the XML is broken: {parsed.get('bozo_exception')}"[:300],) if parsed.get("bozo") else ()
    entries = [entry for row in parsed.entries[:MAX_ENTRIES] if (entry := _entry_of(row, url)) is not None]
    if not entries and (parsed.entries or notes):
        return Unread("bad_feed", notes[0] if notes else "no entry of the feed has a link")
    title = parsed.feed.get("title")
    return Feed(kind, _short(title), tuple(entries), notes)


def _entry_of(row: Any, base: str) -> Entry | None:
    links = [link.get("href") for link in row.get("links", ()) if link.get("rel", "alternate") == "alternate"]
    link = row.get("feedburner_origlink") or row.get("link") or next((href for href in links if href), None)
    own_id = str(row.get("id") or "")
    if not link and is_url(own_id):
        link = own_id
    if not link:
        return None
    url = clean_url(join_url(base, str(link)))
    # Asked for past the library, which would give the one for the other.
    published, modified = (_moment(dict.get(row, f"{name}_parsed")) for name in ("published", "updated"))
    return Entry(url, own_id[:1000] or url, _short(row.get("title")), published or modified, modified)


def _moment(parsed: Any) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _short(words: Any) -> str | None:
    flat = " ".join(str(words).split())[:MAX_TITLE_CHARS] if words else ""
    return flat or None


def _read_json(body: bytes, url: str) -> Feed | Unread:
    """Read a JSON Feed. Source: jsonfeed.org, version 1.1."""
    try:
        table = json.loads(body.decode("utf-8-sig"))
        rows = table.get("items") if isinstance(table, dict) else None
    except RecursionError:
        return Unread("too_deep", "the JSON is nested too deep")
    except ValueError as error:
        return Unread("bad_feed", f"the JSON cannot be read: {error}"[:300])
    if not isinstance(rows, list):
        return Unread("bad_feed", 'the JSON Feed has no list "items"')
    entries: list[Entry] = []
    for row in rows[:MAX_ENTRIES]:
        link = row.get("url") or row.get("external_url") if isinstance(row, dict) else None
        if isinstance(link, str) and link.strip():
            clean = clean_url(join_url(url, link))
            entries.append(
                Entry(clean, str(row.get("id") or clean)[:1000], _short(row.get("title")),
                      to_moment(row.get("date_published")), to_moment(row.get("date_modified")))
            )  # fmt: skip
    if rows and not entries:
        return Unread("bad_feed", "no item of the JSON Feed has a URL")
    return Feed("json_feed", _short(table.get("title")), tuple(entries))


def to_moment(words: Any) -> datetime | None:
    """Return a time of RFC 3339 or the W3C's shorter forms as UTC, None for anything else.

    Example:
        >>> to_moment("2024-05-06T10:00:00+02:00").isoformat(), to_moment("2024-05").isoformat(), to_moment("soon")
        ('2024-05-06T08:00:00+00:00', '2024-05-01T00:00:00+00:00', None)
    """
    if not isinstance(words, str):
        return None
    text = words.strip()
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        text += "-01-01" if len(text) == 4 else "-01"
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _read_sitemap(body: bytes, kind: FeedKind, url: str) -> Feed | Unread:
    """Read a sitemap, a news sitemap or an index of sitemaps. Source: sitemaps.org, and Google's news extension."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return Unread("bad_feed", f"the sitemap cannot be read: {error}"[:300])
    if root is None:
        return Unread("bad_feed", "the sitemap holds nothing that can be read")
    entries: list[Entry] = []
    for node in root.iter("{*}url", "{*}sitemap"):
        fields = _fields(node)
        if fields.get("loc") and len(entries) < MAX_ENTRIES:
            clean = clean_url(join_url(url, fields["loc"]))
            published = to_moment(fields.get("publication_date"))
            entries.append(
                Entry(clean, clean, _short(fields.get("title")), published, to_moment(fields.get("lastmod")))
            )
    notes = ("the XML is broken; what could be read is given",) if parser.error_log else ()
    if not entries and notes:
        return Unread("bad_feed", f"the sitemap cannot be read: {parser.error_log[0].message}"[:300])
    return Feed(kind, None, tuple(entries), notes)


def _fields(node: Any) -> dict[str, str]:
    """Return the texts of a sitemap's entry by their names; those of ``news:news`` too, those of images not."""
    out: dict[str, str] = {}
    for child in node:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name in ("loc", "lastmod") and child.text:
            out.setdefault(name, child.text.strip())
        elif name == "news":
            for part in child:
                own = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
                if own in ("publication_date", "title") and part.text:
                    out.setdefault(own, part.text.strip())
    return out
