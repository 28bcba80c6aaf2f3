"""Fetching from real servers in trouble of every kind: each ends in time with its reason, and politely."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from datetime import UTC, datetime

import pytest

from dragoman.clean.decode import decode
from dragoman.read.web import Ask, Failed, Fetched, Limits, iter_url, iter_urls
from dragoman.read.web.fetch import retry_after_s
from dragoman.records import RawArticle, Rejected

from .serving import (
    PAGE,
    PATIENT,
    Handler,
    cut_in_the_middle,
    dripping,
    endless,
    fail,
    fetcher,
    gives,
    in_turn,
    page,
    raw,
    redirect,
    serving,
    slow,
    status,
)


class TestAnswers:
    """What comes is taken as it is, with what the server says of it."""

    def test_a_page_is_fetched_with_its_marks(self) -> None:
        """Body, kind, encoding and marks are handed on; the request names us and asks for what we can unpack."""
        answer = gives(
            b"<p>Hi",
            "Text/HTML; Charset=ISO-8859-1",
            headers={"ETag": '"1"', "Last-Modified": "Mon, 06 May 2024 10:00:00 GMT"},
        )
        with serving({"/a": answer}) as site, fetcher() as f:
            found = f.fetch(site.url("/a"))
            assert isinstance(found, Fetched)
            assert (found.body, found.media_type, found.charset, found.etag) == (
                b"<p>Hi",
                "text/html",
                "iso-8859-1",
                '"1"',
            )
            assert found.last_modified == "Mon, 06 May 2024 10:00:00 GMT"
            assert found.fetched_at.tzinfo is UTC
            headers = site.asked[0][1]
            assert headers["user-agent"].startswith("dragoman/")
            assert headers["host"] == f"127.0.0.1:{site.port}"
            assert headers["accept-encoding"] == "gzip, deflate"

    def test_what_is_known_is_not_sent_again(self) -> None:
        """The marks of the last answer are sent back, and 304 is told."""

        def conditional(h: Handler) -> None:
            if h.headers.get("If-None-Match") == '"1"' or h.headers.get("If-Modified-Since"):
                h.give(b"", status=304)
            else:
                h.give(b"<p>new", headers={"ETag": '"2"'})

        with serving({"/": conditional}) as site, fetcher() as f:
            for ask in (Ask(etag='"1"'), Ask(last_modified="Mon, 06 May 2024 10:00:00 GMT")):
                found = f.fetch(site.url("/"), ask)
                assert isinstance(found, Fetched)
                assert found.not_modified
            found = f.fetch(site.url("/"), Ask(etag='"0"'))
            assert isinstance(found, Fetched)
            assert (found.not_modified, found.etag) == (False, '"2"')

    @pytest.mark.parametrize("name", ["gzip", "deflate", "x-gzip", "bare deflate", "two members"])
    def test_packed_answers_are_unpacked(self, name: str) -> None:
        """Both packings, both forms of deflate and several gzip members are read."""
        body = PAGE.encode() * 20
        bare = zlib.compressobj(wbits=-15)
        packed = {
            "gzip": gzip.compress(body), "x-gzip": gzip.compress(body), "deflate": zlib.compress(body),
            "bare deflate": bare.compress(body) + bare.flush(), "two members": gzip.compress(body[:50]) + gzip.compress(body[50:]),
        }[name]  # fmt: skip
        encoding = {"bare deflate": "deflate", "two members": "gzip"}.get(name, name)
        with serving({"/": gives(packed, headers={"Content-Encoding": encoding})}) as site, fetcher() as f:
            found = f.fetch(site.url("/"))
            assert isinstance(found, Fetched)
            assert found.body == body

    def test_no_cookies_are_kept(self) -> None:
        """What a server wants remembered is forgotten, also over a redirect."""
        with (
            serving(
                {
                    "/": status(302, Location="/b", Set_Cookie="id=1"),
                    "/b": page(headers={"Set-Cookie": "id=2"}),
                }
            ) as site,
            fetcher() as f,
        ):
            f.fetch(site.url("/"))
            f.fetch(site.url("/b"))
            assert all("cookie" not in headers for _, headers in site.asked)


class TestTrouble:
    """Trouble ends with its reason, in time."""

    def test_slow_servers(self) -> None:
        """An answer that begins too late, and one that drips without end, are given up."""
        with serving({"/late": slow(1.5, page()), "/drip": dripping}) as site:
            assert fail(site, "/late").reason == "timeout"
            assert fail(site, "/drip").reason == "timeout"

    def test_headers_that_drip_are_given_up(self) -> None:
        """The time for the whole answer counts from the first byte of its headers."""

        def drip_headers(h: Handler) -> None:
            h.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for n in range(100):
                h.wfile.write(b"X-%d: 1\r\n" % n)
                h.wfile.flush()
                time.sleep(0.1)

        with serving({"/": drip_headers}) as site:
            assert fail(site).reason == "timeout"

    def test_cut_connections(self) -> None:
        """A connection that ends before the answer, or in its middle, is told as such and may pass."""
        with serving(
            {"/middle": cut_in_the_middle, "/begin": lambda h: h.cut(), "/nothing": raw(b"")}
        ) as site:
            for path in ("/middle", "/begin", "/nothing"):
                found = fail(site, path)
                assert (found.reason, found.is_transient) == ("cut_off", True)

    def test_nobody_listens(self) -> None:
        """A closed port is unreachable."""
        with serving() as site:
            pass
        assert fail(site).reason == "unreachable"

    @pytest.mark.parametrize(
        "answer",
        [
            b"SSH-2.0-OpenSSH\r\n",
            b"\x00\x01\x02",
            b"HTTP/1.1 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        ],
    )
    def test_what_is_not_http(self, answer: bytes) -> None:
        """Another protocol on the port is told."""
        with serving({"/": raw(answer)}) as site:
            assert fail(site).reason in ("broken_answer", "cut_off")

    def test_a_server_without_tls(self) -> None:
        """No secure connection to a server that has none."""
        with serving() as site, fetcher() as f:
            found = f.fetch(site.url("/").replace("http:", "https:"))
            assert isinstance(found, Failed)
            assert found.reason == "tls"

    @pytest.mark.parametrize(
        ("number", "transient"),
        [(404, False), (410, False), (403, False), (401, False), (500, True), (503, True), (429, True)],
    )
    def test_a_status_is_told(self, number: int, transient: bool) -> None:
        """What may pass is told from what will not."""
        with serving({"/": status(number)}) as site:
            found = fail(site)
            assert (found.reason, found.status, found.is_transient) == ("http_status", number, transient)

    def test_5xx_is_tried_again(self) -> None:
        """An answer after two failures is taken; a page that is not there is asked for once."""
        with (
            serving({"/": in_turn(status(502), cut_in_the_middle, page()), "/no": status(404)}) as site,
            fetcher(PATIENT) as f,
        ):
            assert isinstance(f.fetch(site.url("/")), Fetched)
            assert site.count("/") == 3
            f.fetch(site.url("/no"))
            assert site.count("/no") == 1

    def test_retry_after_is_kept_to(self) -> None:
        """After 429 with Retry-After the next attempt comes no sooner."""
        with serving({"/": in_turn(status(429, Retry_After="1"), page())}) as site, fetcher(PATIENT) as f:
            began = time.monotonic()
            assert isinstance(f.fetch(site.url("/")), Fetched)
            assert time.monotonic() - began >= 0.99

    def test_a_long_pause_is_left_to_the_caller(self) -> None:
        """A pause of an hour is told and not sat out, and no other page of the host is asked for meanwhile."""
        with serving({"/": status(429, Retry_After="3600"), "/b": page()}) as site, fetcher(PATIENT) as f:
            for path in ("/", "/b"):
                found = f.fetch(site.url(path))
                assert isinstance(found, Failed)
                assert found.retry_after_s is not None
                assert 3590 < found.retry_after_s <= 3600
            assert site.count("/b") == 0

    def test_retry_after_may_be_a_date(self) -> None:
        """Seconds, dates and nonsense; never more than a day, never negative."""
        now = datetime(2024, 5, 6, 10, tzinfo=UTC)
        assert retry_after_s("Mon, 06 May 2024 10:02:00 GMT", now=now) == 120
        assert retry_after_s("Mon, 06 May 2024 09:00:00 GMT", now=now) == 0
        assert retry_after_s("999999999999", now=now) == 86_400
        assert retry_after_s("soon", now=now) is None
        assert retry_after_s(None, now=now) is None

    def test_a_stop_ends_pauses(self) -> None:
        """A fetcher that is stopped does not sit out its pause."""
        with serving({"/": status(503, Retry_After="2")}) as site, fetcher(PATIENT) as f:
            threading.Timer(0.2, f.stop).start()
            began = time.monotonic()
            assert isinstance(f.fetch(site.url("/")), Failed)
            assert time.monotonic() - began < 1.5


class TestSize:
    """What is too large is given up before it is all there."""

    def test_endless_and_long_bodies(self) -> None:
        """By its announced length, or when the limit is reached."""
        with serving({"/endless": endless, "/long": gives(b"x" * 300_000)}) as site:
            assert fail(site, "/endless").reason == "too_large"
            assert fail(site, "/long").reason == "too_large"

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    def test_bombs(self, encoding: str) -> None:
        """Fifty megabytes in fifty kilobytes are refused, by ratio or by size, and little of it is unpacked."""
        zeros = b"\x00" * 50_000_000
        bomb = gzip.compress(zeros) if encoding == "gzip" else zlib.compress(zeros)
        with serving({"/": gives(bomb, headers={"Content-Encoding": encoding})}) as site:
            assert fail(site).reason == "too_large"
            assert (
                fail(site, limits=Limits(max_bytes=100_000_000, attempts=1, delay_s=0)).reason
                == "decompression"
            )

    @pytest.mark.parametrize(
        ("body", "encoding"),
        [
            (gzip.compress(b"x" * 9999)[:40], "gzip"),
            (b"no gzip at all", "gzip"),
            (b"<p>", "br"),
            (b"<p>", "gzip, gzip"),
            (b"<p>", "zstd"),
        ],
    )
    def test_broken_and_unknown_packings(self, body: bytes, encoding: str) -> None:
        """Cut or false gzip data, a packing that was not asked for, and packings in packings are refused."""
        with serving({"/": gives(body, headers={"Content-Encoding": encoding})}) as site:
            assert fail(site).reason == "decompression"

    @pytest.mark.parametrize("lines", [1, 3000])
    def test_long_headers(self, lines: int) -> None:
        """One endless header and very many short ones are refused."""
        head = (
            b"HTTP/1.1 200 OK\r\n"
            + (b"X-A: " + b"a" * 300_000 + b"\r\n" if lines == 1 else b"X-Abc: aaaaaaaa\r\n" * lines)
            + b"\r\n"
        )
        with serving({"/": raw(head)}) as site:
            assert fail(site).reason == "headers_too_large"


class TestEncodings:
    """Wrong and missing encodings do not spoil the text."""

    TEXT = "<html><head>{}</head><body><p>Präsident Müller traf Żółw, “so” – sagte er.</p></body></html>"

    @pytest.mark.parametrize(
        ("real", "said", "meta"),
        [
            ("utf-8", "utf-8", ""), ("utf-8", "iso-8859-1", ""), ("utf-8", None, ""), ("utf-8", "nonsense", ""), ("utf-8", "windows-1252", "windows-1252"),
            ("windows-1250", "windows-1250", ""), ("windows-1250", "utf-8", "windows-1250"), ("windows-1250", None, "windows-1250"),
            ("utf-16", "utf-16", ""), ("utf-16", None, ""), ("utf-8-sig", "iso-8859-1", ""), ("gb18030", "gb2312", "gb18030"),
        ],
    )  # fmt: skip
    def test_the_text_is_read(self, real: str, said: str | None, meta: str) -> None:
        """Byte order mark, header, page and the bytes themselves are weighed."""
        body = self.TEXT.format(f'<meta charset="{meta}">' if meta else "").encode(real)
        kind = "text/html" + (f"; charset={said}" if said else "")
        with serving({"/": gives(body, kind)}) as site, fetcher() as f:
            (article,) = iter_url(site.url("/"), f)
        assert isinstance(article, RawArticle)
        text = decode(article)
        assert isinstance(text, str), text
        assert "Präsident Müller traf Żółw, “so” – sagte er." in text


class TestArticles:
    """From a URL to its articles."""

    def test_a_feed_leads_to_its_articles(self) -> None:
        """Each entry is fetched once, duplicates and what fails are told, in the order of the feed."""
        with serving({"/a": page(), "/b": page(), "/moved": redirect("/b")}) as site, fetcher() as f:
            items = "".join(
                f"<item><link>{site.url(p)}</link></item>"
                for p in ("/a", "/a?utm_source=rss", "/gone", "/b", "/moved")
            )
            site.paths["/feed"] = gives(
                f"<rss version='2.0'><channel><title>Keld</title>{items}</channel></rss>".encode(), "text/xml"
            )
            found = list(iter_url(site.url("/feed"), f, outlet="Keld Times"))
        assert [(type(x).__name__, getattr(x, "reason", None)) for x in found] == [
            ("RawArticle", None), ("Rejected", "http_status"), ("RawArticle", None), ("Rejected", "duplicate"),
        ]  # fmt: skip
        assert all(x.outlet == "Keld Times" for x in found if isinstance(x, RawArticle))
        assert site.count("/a") == 1

    def test_an_index_of_sitemaps_leads_to_articles(self) -> None:
        """Also a packed one, and one that leads back to itself ends."""
        with serving({"/a": page(), "/b": page()}) as site, fetcher() as f:
            maps = "".join(
                f"<sitemap><loc>{site.url(p)}</loc></sitemap>" for p in ("/index", "/one.xml", "/two.xml.gz")
            )
            site.paths["/index"] = gives(f"<sitemapindex>{maps}</sitemapindex>".encode(), "text/xml")
            site.paths["/one.xml"] = gives(
                f"<urlset><url><loc>{site.url('/a')}</loc></url></urlset>".encode(), "text/xml"
            )
            packed = gzip.compress(f"<urlset><url><loc>{site.url('/b')}</loc></url></urlset>".encode())
            site.paths["/two.xml.gz"] = gives(packed, "application/x-gzip")
            found = list(iter_url(site.url("/index"), f))
        assert [x.url for x in found if isinstance(x, RawArticle)] == [site.url("/a"), site.url("/b")]
        assert len(found) == 2

    def test_a_list_of_urls(self) -> None:
        """Comments and blank lines are passed over; what is no URL is told."""
        with serving({"/a": page()}) as site, fetcher() as f:
            lines = ["# my list", "", site.url("/a"), site.url("/a#top"), "ftp://keld.example/b"]
            found = list(iter_urls(lines, f))
            assert [getattr(x, "reason", "article") for x in found] == ["article", "scheme"]

    @pytest.mark.parametrize(
        ("body", "kind", "expected"),
        [
            (PAGE.encode(), "text/html", "text/html"), (PAGE.encode(), "application/octet-stream", "text/html"), (PAGE.encode(), "", "text/html"),
            (PAGE.encode(), "text/plain", "text/html"), (b"Talks began in Halden.", "text/plain", "text/plain"), (b"%PDF-1.7", "application/pdf", "not_html"),
            (b"\x89PNG\r\n\x1a\n\x00", "image/png", "not_html"), (b'{"a": 1}', "application/json", "not_html"), (b"  \n ", "text/html", "empty"),
        ],
    )  # fmt: skip
    def test_kinds_of_answers(self, body: bytes, kind: str, expected: str) -> None:
        """Pages and text are articles, whatever the server calls them; other things are told."""
        with serving({"/": gives(body, kind)}) as site, fetcher() as f:
            (found,) = iter_url(site.url("/"), f)
        assert (found.reason if isinstance(found, Rejected) else found.media_type) == expected

    def test_other_kinds_can_be_read_by_the_caller(self) -> None:
        """What is neither page nor feed goes to who can read it."""
        with serving({"/": gives(b"%PDF-1.7", "application/pdf")}) as site, fetcher() as f:
            (found,) = iter_url(
                site.url("/"), f, other=lambda got: iter([RawArticle(got.body, "text/plain", got.url)])
            )
        assert isinstance(found, RawArticle)
        assert found.body == b"%PDF-1.7"
