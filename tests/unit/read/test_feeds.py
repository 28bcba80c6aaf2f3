"""RSS, Atom, JSON Feed, sitemaps and lists of URLs are read, however untidy; traps are refused."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman.errors import FeedsError
from dragoman.read.web.feedlist import EXAMPLE, load_feeds
from dragoman.read.web.feeds import Feed, Unread, find_feed_kind, is_url_list, read_feed, to_moment

URL = "https://keld.example/feeds/all"
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Keld  Times</title><link>https://keld.example/</link>
<item><title>Strike &amp; talks</title><link>https://keld.example/a?utm_source=rss#x</link><guid isPermaLink="false">17</guid>
<pubDate>Mon, 06 May 2024 10:00:00 +0200</pubDate></item>
<item><title>Relative</title><link>/b</link></item>
<item><guid>https://keld.example/c</guid></item>
<item><title>No link at all</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Halden</title>
<entry><id>tag:1</id><title>One</title><link rel="self" href="https://halden.example/self"/><link href="https://halden.example/1"/>
<published>2024-05-06T10:00:00Z</published><updated>2024-05-07T10:00:00+02:00</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title></channel>
<item rdf:about="https://keld.example/r"><title>R</title><link>https://keld.example/r</link><dc:date>2024-05-06</dc:date></item></rdf:RDF>"""
JSON = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [
    {"id": 1, "url": "https://keld.example/j?fbclid=1", "title": "J1", "date_published": "2024-05-06T10:00:00-01:00"},
    {"id": "2", "external_url": "/x", "date_modified": "2024-05-07T00:00:00Z"}, {"id": "3"}, "nonsense"]}  # fmt: skip
NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>
<loc> https://keld.example/n </loc><lastmod>2024-05-07</lastmod><image:image><image:loc>https://keld.example/n.jpg</image:loc></image:image>
<news:news><news:publication><news:name>Keld</news:name></news:publication><news:publication_date>2024-05-06T08:00+02:00</news:publication_date>
<news:title>N &amp; M</news:title></news:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://keld.example/s1.xml</loc>
<lastmod>2024-05-06</lastmod></sitemap></sitemapindex>"""


def read(body: str | bytes, charset: str | None = None) -> Feed:
    """Return a feed that must be readable."""
    found = read_feed(body.encode() if isinstance(body, str) else body, url=URL, charset=charset)
    assert isinstance(found, Feed), found
    return found


def test_rss() -> None:
    """Links are cleaned and joined, times are UTC, an id that is a URL stands in for a link."""
    feed = read(RSS)
    assert (feed.kind, feed.title) == ("rss", "Keld Times")
    assert [e.url for e in feed.entries] == [
        "https://keld.example/a",
        "https://keld.example/b",
        "https://keld.example/c",
    ]
    first = feed.entries[0]
    assert (first.item_id, first.title, first.published_at) == (
        "17",
        "Strike & talks",
        datetime(2024, 5, 6, 8, tzinfo=UTC),
    )
    assert feed.newest == datetime(2024, 5, 6, 8, tzinfo=UTC)


def test_atom_and_rdf() -> None:
    """The link of the article is taken, published told from updated; the oldest form is read too."""
    (entry,) = read(ATOM).entries
    assert (entry.url, entry.item_id) == ("https://halden.example/1", "tag:1")
    assert (entry.published_at, entry.modified_at) == (
        datetime(2024, 5, 6, 10, tzinfo=UTC),
        datetime(2024, 5, 7, 8, tzinfo=UTC),
    )
    (entry,) = read(RDF).entries
    assert entry.url == "https://keld.example/r"


def test_json_feed() -> None:
    """Items with a URL are entries; others and nonsense are passed over."""
    feed = read(json.dumps(JSON))
    assert (feed.kind, [e.url for e in feed.entries]) == (
        "json_feed",
        ["https://keld.example/j", "https://keld.example/x"],
    )
    assert feed.entries[0].published_at == datetime(2024, 5, 6, 11, tzinfo=UTC)


def test_sitemaps() -> None:
    """News sitemaps give title and time, images are no articles, an index gives its sitemaps."""
    (entry,) = read(NEWS).entries
    assert (entry.url, entry.title) == ("https://keld.example/n", "N & M")
    assert (entry.published_at, entry.modified_at) == (
        datetime(2024, 5, 6, 6, tzinfo=UTC),
        datetime(2024, 5, 7, tzinfo=UTC),
    )
    index = read(INDEX)
    assert (index.kind, index.entries[0].url) == ("sitemap_index", "https://keld.example/s1.xml")
    assert read(gzip.compress(NEWS.encode())).entries == (entry,)


def test_lists_of_urls() -> None:
    """One a line; comments and blank lines are passed over, repeats given once."""
    feed = read("# mine\nhttps://keld.example/a\n\nhttps://keld.example/b\nhttps://keld.example/a\n")
    assert [e.url for e in feed.entries] == ["https://keld.example/a", "https://keld.example/b"]
    assert not is_url_list(b"Talks began in Halden.\nhttps://keld.example/a\n")
    assert not is_url_list(b"")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_encodings_of_feeds(encoding: str) -> None:
    """Declared, marked and served encodings are read."""
    text = RSS.replace("UTF-8", encoding.removesuffix("-sig")).replace("Relative", "Müller")
    assert read(text.encode(encoding)).entries[1].title == "Müller"
    assert (
        read(
            RSS.replace(' encoding="UTF-8"', "").replace("Relative", "Müller").encode("windows-1252"),
            "windows-1252",
        )
        .entries[1]
        .title
        == "Müller"
    )


def test_broken_feeds_give_what_they_have() -> None:
    """A feed that is cut, or holds a bare ampersand, gives its entries with a note."""
    for body in (RSS[: RSS.index("<item><guid>")], RSS.replace("&amp;", "&")):
        feed = read(body)
        assert len(feed.entries) >= 1
        assert feed.notes
    assert len(read(NEWS[: NEWS.index("<news:news>")]).entries) == 1


@pytest.mark.parametrize("body", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_empty_answers(body: bytes) -> None:
    """Nothing is told as nothing."""
    found = read_feed(body, url=URL)
    assert isinstance(found, Unread)
    assert found.reason == "empty"


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><body>hi",
        b"<html><a href='http://keld.example'>",
        b"plain words",
        b'{"a": 1}',
        b"[1, 2]",
        b"%PDF-1.7",
        b"<svg/>",
    ],
)
def test_other_things_are_no_feeds(body: bytes) -> None:
    """Pages, text and other data are told apart."""
    found = read_feed(body, url=URL)
    assert isinstance(found, Unread)
    assert found.reason == "not_feed"


def test_html_before_the_root_is_seen_through() -> None:
    """Declarations and comments may stand before the root element."""
    assert (
        find_feed_kind(b"<?xml version='1.0'?><!-- <html> --><?pi?><!DOCTYPE rss SYSTEM 'x'><rss>") == "rss"
    )


@pytest.mark.parametrize(("words", "iso"), [("2024-05-06T10:00:00Z", "2024-05-06T10:00:00+00:00"), ("2024", "2024-01-01T00:00:00+00:00"),
                                            ("yesterday", None), (17, None), ("9999-12-31T23:59:59-12:00", None)])  # fmt: skip
def test_times(words: object, iso: str | None) -> None:
    """Times become UTC; what is none, or none that UTC knows, is none."""
    found = to_moment(words)
    assert (found.isoformat() if found else None) == iso


def test_the_example_file() -> None:
    """About twenty-five feeds of all continents, each with outlet and country, all switched off, none twice."""
    feeds = load_feeds(EXAMPLE)
    assert len(feeds) >= 25
    assert not any(f.enabled for f in feeds)
    assert all(f.country for f in feeds)
    assert len({f.outlet for f in feeds}) == len(feeds)


def test_a_missing_file_tells_how_to_make_one(tmp_path: Path) -> None:
    """The error names the path and the command."""
    with pytest.raises(FeedsError, match="dragoman feeds example"):
        load_feeds(tmp_path / "none.toml")
