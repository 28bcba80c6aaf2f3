"""Watching feeds as a process: what is new is coded once, over restarts, signals and kills."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest
from unit.read.serving import Handler, Site, gives, in_turn, page, redirect, serving, slow, status

from .command import TEXT, dragoman, environment, rows_of

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = int(os.environ.get("WATCH_KILLS", "4"))  # how often the test of kills kills; more take longer
ITEMS = 30


def story(n: int | str) -> str:
    """Return a page with a text of its own."""
    return (
        f"<html><head><title>Held {n}</title><meta property='article:published_time' content='2024-05-06'></head><body><article>"
        f"<h1>Held {n}</h1><p>{TEXT} It was report {n}.</p><p>The arrests on Friday came after weeks of strikes in the ports, in "
        "which thousands of workers took part.</p></article></body></html>"
    )


def feed(*links: str) -> bytes:
    """Return an RSS feed."""
    items = "".join(f"<item><guid>{link}</guid><link>{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


def write_feeds(folder: Path, *feeds: tuple[str, str]) -> Path:
    """Write a file of feeds: (URL, outlet)."""
    path = folder / "feeds.toml"
    path.write_text("".join(f'[[feeds]]\nurl = "{u}"\noutlet = "{o}"\n' for u, o in feeds), encoding="utf-8")
    return path


@pytest.fixture
def site() -> Iterator[Site]:
    """Give a server with a feed of stories."""
    with serving() as opened:
        for n in range(ITEMS):
            opened.paths[f"/{n}"] = page(story(n))
        opened.paths["/feed"] = gives(
            feed(*(opened.url(f"/{n}") for n in range(ITEMS))), "text/xml", headers={"ETag": '"1"'}
        )
        yield opened


def start(feeds: Path, *flags: str) -> subprocess.Popen[bytes]:
    """Start watching with the stand-in for the coder."""
    words = [sys.executable, "-m", "e2e.watching", str(feeds), str(feeds.parent / "a.duckdb"), *flags]
    env = environment(PYTHONPATH=os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)


def watch(feeds: Path, *flags: str) -> None:
    """Watch to the end."""
    process = start(feeds, *flags)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on the store."""
    with duckdb.connect(str(folder / "a.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def states(folder: Path) -> dict[str, int]:
    """Return how many items are in each state."""
    return dict(ask(folder, "SELECT state, count(*) FROM feed_items GROUP BY ALL"))


def check_once(folder: Path, number: int) -> None:
    """Check that each of so many articles is held exactly once, was coded exactly once, and that its item says so.

    A row of history tells of another newsroom, when a copy of the text came; never of another coding.
    """
    ((rows, ids, sources),) = ask(
        folder,
        "SELECT count(*), count(DISTINCT article_id), count(DISTINCT source) FROM articles WHERE superseded_at IS NULL",
    )
    assert (rows, ids, sources) == (number, number, number)
    ((ever, codings),) = ask(
        folder,
        "SELECT count(DISTINCT article_id), count(DISTINCT (article_id, source, content_digest, run_id)) FROM articles",
    )
    assert (ever, codings) == (number, number)
    ((same,),) = ask(
        folder,
        "SELECT count(*) FROM feed_items i JOIN articles a USING (article_id) WHERE i.state = 'coded' AND a.source = i.url "
        "AND a.superseded_at IS NULL",
    )
    assert same == number


class TestRounds:
    """What feeds offer over time."""

    def test_only_what_is_new_is_fetched(self, tmp_path: Path, site: Site) -> None:
        """An unchanged feed is asked for by its mark and costs nothing more; a new entry is fetched alone."""
        feeds = write_feeds(tmp_path, (site.url("/feed"), "Keld Times"))

        def conditional(h: Handler) -> None:
            if h.headers.get("If-None-Match") == '"1"':
                h.give(b"", status=304)
            else:
                h.give(
                    feed(*(site.url(f"/{n}") for n in range(ITEMS))), kind="text/xml", headers={"ETag": '"1"'}
                )

        site.paths["/feed"] = conditional
        watch(feeds, "--rounds", "3")
        assert (site.count("/feed"), site.count("/3")) == (3, 1)
        site.paths["/new"] = page(story("new"))
        site.paths["/feed"] = gives(
            feed(site.url("/new"), site.url("/0"), site.url("/1?utm_source=rss")), "text/xml"
        )
        watch(feeds)
        assert (site.count("/new"), site.count("/0"), site.count("/1")) == (1, 1, 1)
        check_once(tmp_path, ITEMS + 1)
        assert ask(tmp_path, "SELECT polls, answered, unchanged, reason FROM feed_polls") == [(4, 4, 2, None)]

    def test_trouble_is_met_and_told(self, tmp_path: Path, site: Site) -> None:
        """What may pass is tried again, what will not is rejected with its reason, doubles are told, broken feeds too."""
        site.paths |= {
            "/0": in_turn(status(503), status(500), page(story(0))), "/1": status(404), "/2": redirect("/3"),
            "/4": page("<p>PAYWALL</p>"), "/5": redirect("http://169.254.169.254/"), "/bad": gives(b"<html>no feed</html>"),
            "/other": gives(feed(site.url("/6"), site.url("/6/amp")), "text/xml"),
        }  # fmt: skip
        feeds = write_feeds(
            tmp_path,
            (site.url("/feed"), "Keld Times"),
            (site.url("/bad"), "Halden Post"),
            (site.url("/other"), "Other"),
        )
        watch(feeds, "--rounds", "2")
        assert states(tmp_path) == {"coded": ITEMS - 4, "rejected": 3, "duplicate": 2}
        reasons = dict(
            ask(tmp_path, "SELECT reason, count(*) FROM feed_items WHERE reason IS NOT NULL GROUP BY ALL")
        )
        assert reasons == {"http_status": 1, "paywall": 1, "forbidden_address": 1, "duplicate": 2}
        (broken,) = ask(tmp_path, "SELECT failures, reason, kind FROM feeds WHERE outlet = 'Halden Post'")
        assert broken == (2, "not_feed", None)

    def test_a_changed_article_is_fetched_again(self, tmp_path: Path, site: Site) -> None:
        """An entry that says it was updated gives a second version; one that does not, none."""

        def atom(day: int) -> bytes:
            rows = "".join(
                f"<entry><id>{n}</id><link href='{site.url(f'/{n}')}'/><updated>2024-05-0{d}T00:00:00Z</updated></entry>"
                for n, d in ((0, day), (1, 1))
            )
            return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title>{rows}</feed>".encode()

        feeds = write_feeds(tmp_path, (site.url("/feed"), "Keld Times"))
        site.paths["/feed"] = in_turn(gives(atom(1), "text/xml"), gives(atom(2), "text/xml"))
        site.paths["/0"] = in_turn(page(story("before")), page(story("after")))
        watch(feeds, "--rounds", "3")
        assert (site.count("/0"), site.count("/1")) == (2, 1)
        assert ask(tmp_path, "SELECT version FROM feed_items ORDER BY url") == [(2,), (1,)]

    def test_the_same_text_at_two_addresses_is_one_article(self, tmp_path: Path, site: Site) -> None:
        """What the store folds with an article of another address is a duplicate in the coverage too."""
        long = story("same").replace(
            "</article>", f"<p>{' '.join(f'word{n}' for n in range(300))}</p></article>"
        )
        site.paths |= {"/0": page(long), "/1": page(long)}
        site.paths["/feed"] = gives(feed(site.url("/0"), site.url("/1"), site.url("/2")), "text/xml")
        watch(write_feeds(tmp_path, (site.url("/feed"), "Keld Times")), "--batch", "1")
        assert states(tmp_path) == {"coded": 2, "duplicate": 1}
        check_once(tmp_path, 2)


class TestStops:
    """Stops of every kind lose nothing and double nothing."""

    def test_kills_at_random_points(self, tmp_path: Path, site: Site) -> None:
        """After kill -9 at any point the next run goes on, and in the end each article was coded once."""
        feeds = write_feeds(tmp_path, (site.url("/feed"), "Keld Times"))
        for n in range(ITEMS):
            site.paths[f"/{n}"] = slow(0.02, page(story(n)))
        rng = random.Random(7)
        for _ in range(KILLS):
            before = len(site.asked)
            process = start(feeds)
            until = time.monotonic() + 60
            # Some kills come before the first request, most between two batches.
            goal = before + rng.randint(0, max(1, ITEMS // KILLS + 2))
            while len(site.asked) < goal and process.poll() is None and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(rng.uniform(0, 0.05))
            process.kill()
            process.communicate()
        watch(feeds)
        assert states(tmp_path) == {"coded": ITEMS}
        check_once(tmp_path, ITEMS)

    def test_others_can_read_between_two_looks(self, tmp_path: Path, site: Site) -> None:
        """While it waits for the next look the store is free, and it goes on though somebody reads just then."""
        feeds = write_feeds(tmp_path, (site.url("/feed"), "Keld Times"))
        process = start(feeds, "--rounds", "2", "--every", "8")
        until, found = time.monotonic() + 60, dict[str, int]()
        while found.get("coded") != ITEMS and time.monotonic() < until:
            time.sleep(0.1)
            with contextlib.suppress(duckdb.Error):
                found = states(tmp_path)
        assert process.poll() is None
        hold = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1], read_only=True); print(1, flush=True); time.sleep(9)"
        with subprocess.Popen(
            [sys.executable, "-c", hold, str(tmp_path / "a.duckdb")], stdout=subprocess.PIPE
        ) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline()
            _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err.decode()
        assert ask(tmp_path, "SELECT polls FROM feed_polls") == [(2,)]

    def test_sigterm_ends_cleanly(self, tmp_path: Path, site: Site) -> None:
        """A run that is asked to end does so soon, with whole batches stored and its outcome written down."""
        for n in range(ITEMS):
            site.paths[f"/{n}"] = slow(0.2, page(story(n)))
        feeds = write_feeds(tmp_path, (site.url("/feed"), "Keld Times"))
        process = start(feeds, "--rounds", "99")
        until = time.monotonic() + 60
        while len(site.asked) < 12 and time.monotonic() < until:
            time.sleep(0.01)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err.decode()
        assert time.monotonic() - began < 10
        found = states(tmp_path)
        assert sum(found.values()) == ITEMS
        assert 0 < found.get("coded", 0) < ITEMS
        watch(feeds)
        check_once(tmp_path, ITEMS)


@pytest.mark.model
class TestCommand:
    """The commands, with the real coder."""

    SETTINGS: ClassVar = {"DRAGOMAN_READ_DELAY_S": "0", "DRAGOMAN_READ_FEED_MINUTES": "0"}

    def test_watch_once_codes_and_coverage_tells(self, tmp_path: Path, site: Site) -> None:
        """Events of the articles are in the store, coverage adds up, and a second run finds nothing new."""
        site.paths["/feed"] = gives(feed(*(site.url(p) for p in ("/0", "/1", "/2", "/none"))), "text/xml")
        feeds = write_feeds(
            tmp_path, (site.url("/feed"), "Keld Times"), (site.url("/nothing"), "Halden Post")
        )
        done = dragoman("watch", feeds, "--once", "--allow-private", cwd=tmp_path, settings=self.SETTINGS)
        assert done.returncode == 0, done.stderr
        assert "3 coded" in done.stderr
        events = rows_of(dragoman("events", "--format", "jsonl", cwd=tmp_path))
        assert {"COERCE", "ACCUSE"} <= {e["event_type"] for e in events}
        told = dragoman("coverage", cwd=tmp_path).stdout
        assert "http_status:1" in told
        assert [line.split()[3:10] for line in told.splitlines() if line.startswith("Keld")] == [
            ["ok", "4", "3", "3", "0", "1", "0"]
        ]
        assert [line.split()[3] for line in told.splitlines() if line.startswith("Halden")] == ["broken"]
        again = dragoman("watch", feeds, "--once", "--allow-private", cwd=tmp_path, settings=self.SETTINGS)
        assert "0 articles offered, 0 coded" in again.stderr

    def test_ctrl_c_has_its_status(self, tmp_path: Path, site: Site) -> None:
        """Ctrl-C ends a running watch with 130 and without a traceback."""
        feeds = write_feeds(tmp_path, (site.url("/feed"), "Keld Times"))
        words = [sys.executable, "-m", "dragoman.cli", "watch", str(feeds), "--allow-private"]
        with subprocess.Popen(
            words, cwd=tmp_path, stderr=subprocess.PIPE, env=environment(**self.SETTINGS)
        ) as process:
            until = time.monotonic() + 90
            while len(site.asked) < 6 and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err.decode()
        assert b"Traceback" not in err


class TestFeedsCommand:
    """The file of feeds, its example and its check."""

    def test_the_example_is_a_file_of_feeds_all_switched_off(self, tmp_path: Path) -> None:
        """It can be read, nothing of it is watched as it stands, and that is said."""
        (tmp_path / "feeds.toml").write_text(
            dragoman("feeds", "example", cwd=tmp_path).stdout, encoding="utf-8"
        )
        done = dragoman("watch", "feeds.toml", "--once", cwd=tmp_path)
        assert done.returncode == 1
        assert "no feed of" in done.stderr
        assert not (tmp_path / "dragoman.duckdb").exists()

    def test_check_tells_each_feed(self, tmp_path: Path, site: Site) -> None:
        """Kind, items and trouble of each feed stand in a table; trouble is status 1."""
        site.paths["/robots.txt"] = gives(b"User-agent: *\nDisallow: /shut\n", "text/plain")
        feeds = write_feeds(tmp_path, *((site.url(p), p) for p in ("/feed", "/none", "/shut")))
        done = dragoman(
            "feeds", "check", feeds, "--allow-private", cwd=tmp_path, settings={"DRAGOMAN_READ_DELAY_S": "0"}
        )
        assert done.returncode == 1
        lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
        assert lines["/feed"][:3] == ["ok", "rss", str(ITEMS)]
        assert lines["/none"][0] == lines["/shut"][0] == "FAILED"
        assert "forbidden" in lines["/shut"]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[[feeds]]\nurl = 'ftp://keld.example'\n", "feed 1"), ("[[feeds]]\noutlet = 'Keld'\n", 'needs a "url"'),
            ("[[feeds]]\nurl = 'http://keld.example'\noutlt = 'a'\n", 'Did you mean "outlet"'), ("feeds = 3\n", "[[feeds]]"), ("[[feeds]\n", "not TOML"),
            ("[[feeds]]\nurl = 'http://keld.example'\ncountry = 'NO'\n", '"country"'), ("[[feeds]]\nurl = 'http://a.example'\n" * 2, "feed 2"),
            ("[[feeds]]\nurl = 'http://keld.example'\nevery_minutes = -1\n", "every_minutes"), ("[[feeds]]\nurl = 3\n", '"url"'),
            ("[[feeds]]\nurl = 'http://a:secret@keld.example'\n", "feed 1"),
        ],
    )  # fmt: skip
    def test_a_wrong_file_is_told(self, tmp_path: Path, text: str, told: str) -> None:
        """The message names the feed and what is wrong with it, and never a password."""
        (tmp_path / "feeds.toml").write_text(text, encoding="utf-8")
        done = dragoman("watch", "feeds.toml", "--once", cwd=tmp_path)
        assert done.returncode == 1
        assert told in done.stderr
        assert "secret" not in done.stderr
