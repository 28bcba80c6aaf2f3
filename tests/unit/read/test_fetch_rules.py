"""Where fetching may be led and how polite it is: redirects, names and passwords, robots.txt, one request at a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from dragoman.read.web import Failed, Fetched, Limits, iter_url
from dragoman.read.web.credentials import load_credentials
from dragoman.records import RawArticle

from .serving import (
    PAGE,
    QUICK,
    Handler,
    fail,
    fetcher,
    gives,
    page,
    redirect,
    serving,
)


class TestRedirects:
    """Redirects are followed step by step, each checked anew."""

    def test_the_end_is_told(self) -> None:
        """The address of the page is that after all redirects."""
        with (
            serving(
                {"/a": redirect("/b", 301), "/b": redirect("c?utm_source=x", 308), "/c?utm_source=x": page()}
            ) as site,
            fetcher() as f,
        ):
            found = f.fetch(site.url("/a"))
            assert isinstance(found, Fetched)
            assert found.url == site.url("/c?utm_source=x")
            (article,) = iter_url(site.url("/a"), f)
            assert isinstance(article, RawArticle)
            assert article.url == site.url("/c")

    def test_circles_and_long_ways(self) -> None:
        """A circle is seen at once, an endless way after some steps."""

        def onward(h: Handler) -> None:
            h.give(b"", status=302, headers={"Location": h.path + "x"})

        with serving(
            {"/a": redirect("/b"), "/b": redirect("/a"), "/self": redirect("/self")}, default=onward
        ) as site:
            assert fail(site, "/a").reason == "redirects"
            assert fail(site, "/self").reason == "redirects"
            assert fail(site, "/on").reason == "redirects"
            assert sum(path.startswith("/on") for path, _ in site.asked) == QUICK.redirects + 1

    @pytest.mark.parametrize(
        ("to", "reason"),
        [
            ("http://169.254.169.254/latest/meta-data/", "forbidden_address"), ("http://[fe80::1]/", "forbidden_address"),
            ("http://0xa9fea9fe/", "forbidden_address"), ("http://[::ffff:169.254.169.254]/", "forbidden_address"),
            ("file:///etc/passwd", "scheme"), ("ftp://keld.example/", "scheme"), ("gopher://127.0.0.1:25/", "scheme"),
            ("http://reader:secret@127.0.0.1/", "credentials_in_url"), ("http://[::1", "bad_url"),
        ],
    )  # fmt: skip
    def test_forbidden_ends(self, to: str, reason: str) -> None:
        """A redirect to a forbidden address or scheme is not followed."""
        with serving({"/": redirect(to)}) as site:
            assert fail(site).reason == reason

    def test_private_ends_from_a_public_host(self) -> None:
        """A host that counts as public cannot lead to this machine."""
        with serving({"/secret": page()}) as inner, fetcher(allow_private=False) as f:
            found = f.fetch(inner.url("/secret"))
            assert isinstance(found, Failed)
            assert found.reason == "forbidden_address"
            assert inner.asked == []

    def test_a_name_that_changes_its_address_gains_nothing(self) -> None:
        """The name is resolved once per connection, checked, and the connection goes to the checked address (DNS rebinding)."""
        answers = [["127.0.0.1"], ["169.254.169.254"], ["127.0.0.1", "169.254.169.254"]]
        asked: list[str] = []

        def rebinding(host: str, port: int) -> list[str]:
            asked.append(host)
            return answers[min(len(asked), len(answers)) - 1]

        close = gives(PAGE.encode(), headers={"Connection": "close"})
        with serving({"/": close}) as site, fetcher(resolver=rebinding) as f:
            url = site.url("/", "rebind.example")
            assert isinstance(f.fetch(url), Fetched)
            assert len(asked) == 1
            for _ in range(2):
                found = f.fetch(url)
                assert isinstance(found, Failed)
                assert found.reason == "forbidden_address"
            assert len(site.asked) == 1
            assert site.asked[0][1]["host"] == f"rebind.example:{site.port}"

    def test_credentials_stay_with_their_origin(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """They are sent to the origin they belong to, and not after a redirect elsewhere, even to an origin that has some too; and never logged."""
        caplog.set_level("DEBUG")
        with serving({"/b": page()}) as other, serving({"/same": redirect("/a"), "/a": page()}) as site:
            site.paths["/away"] = redirect(other.url("/b"))
            path = tmp_path / "c.toml"
            path.write_text(
                f'["{site.url("")}"]\ntoken = "s3cret"\n["{other.url("")}"]\ntoken = "other"\n',
                encoding="utf-8",
            )
            path.chmod(0o600)
            with fetcher(credentials=load_credentials(path)) as f:
                f.fetch(site.url("/same"))
                f.fetch(site.url("/away"))
            assert [h.get("authorization") for _, h in site.asked] == ["Bearer s3cret"] * 3
            assert [h.get("authorization") for _, h in other.asked] == [None]
            assert "s3cret" not in caplog.text


class TestPoliteness:
    """Hosts are asked one after the other, with pauses."""

    def test_pauses_between_requests_to_one_host(self) -> None:
        """Three requests from three threads are two pauses apart."""
        limits = Limits(delay_s=0.2, attempts=1)
        with serving(default=page()) as site, fetcher(limits) as f:
            began = time.monotonic()
            threads = [threading.Thread(target=f.fetch, args=(site.url(f"/{n}"),)) for n in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert time.monotonic() - began >= 0.39

    def test_our_own_pauses_are_sat_out(self) -> None:
        """A long pause between two pages is no reason to reject the second."""
        with serving(default=page()) as site, fetcher(Limits(delay_s=0.4, max_wait_s=0.1, attempts=1)) as f:
            assert all(isinstance(f.fetch(site.url(path)), Fetched) for path in ("/a", "/b"))

    def test_a_crawl_delay_is_kept_to(self) -> None:
        """A host that wants longer pauses gets them."""
        with (
            serving(
                {"/robots.txt": gives(b"User-agent: *\nCrawl-delay: 0.3\n", "text/plain")}, default=page()
            ) as site,
            fetcher(robots=True) as f,
        ):
            f.fetch(site.url("/a"))
            began = time.monotonic()
            f.fetch(site.url("/b"))
            assert time.monotonic() - began >= 0.25
