"""A hundred hostile inputs: each is refused with its reason, in time, and nothing crashes or leaks."""

from __future__ import annotations

import re
import resource
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman.read.web import Fetcher, Limits, iter_url, read_feed
from dragoman.read.web.feeds import Unread
from dragoman.records import REASONS, Rejected

from .hostile import ANSWERS, FEEDS, HOSTS, URLS, rows
from .serving import QUICK as FETCHING
from .serving import Behaviour, serving

QUICK = replace(FETCHING, max_feed_bytes=200_000, backoff_s=0, max_wait_s=Limits().max_wait_s)


def refused(url: str, fetcher: Fetcher) -> Rejected:
    """Return the one rejection that a URL gives, within two seconds."""
    began = time.monotonic()
    with fetcher as f:
        (found,) = iter_url(url, f)
    assert isinstance(found, Rejected), found
    assert time.monotonic() - began < 2.5
    assert "secret" not in found.detail + found.item_id
    return found


def test_there_are_a_hundred() -> None:
    """The list is as long as it says, and every reason is one of the fixed list."""
    assert len(URLS) + len(HOSTS) + len(ANSWERS) + len(FEEDS) >= 100
    assert {reason for *_, reason in (*URLS, *HOSTS, *ANSWERS, *FEEDS)} <= set(REASONS)


def test_the_documentation_lists_them_all() -> None:
    """Every input stands in the documentation with its reason, and nothing that is not tested."""
    page = (Path(__file__).resolve().parents[3] / "docs/hostile-inputs.md").read_text("utf-8")
    listed = re.findall(r"^\| \d+ \| (.+) \| `(\w+)` \|$", page, re.MULTILINE)
    assert listed == rows()


@pytest.mark.parametrize(
    ("url", "reason"), URLS, ids=[u[:60].encode("unicode_escape").decode() for u, _ in URLS]
)
def test_urls(url: str, reason: str) -> None:
    """A hostile URL is refused before anything is sent."""
    assert refused(url, Fetcher(QUICK)).reason == reason


@pytest.mark.parametrize(("addresses", "reason"), HOSTS, ids=[",".join(a) or "none" for a, _ in HOSTS])
def test_hosts(addresses: list[str], reason: str) -> None:
    """A name that leads where it must not is refused."""
    assert refused("http://evil.example/", Fetcher(QUICK, resolver=lambda *_: addresses)).reason == reason


@pytest.mark.parametrize(("name", "answer", "reason"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_answers(name: str, answer: Behaviour, reason: str) -> None:
    """A hostile answer is refused, and the memory of the process does not grow by what was sent packed."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serving({"/": answer}) as site:
        found = refused(site.url("/"), Fetcher(QUICK, allow_private=True, robots=False))
    assert found.reason == reason, found
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 25_000


@pytest.mark.parametrize(("name", "body", "reason"), FEEDS, ids=[f[0] for f in FEEDS])
def test_feeds(name: str, body: bytes, reason: str) -> None:
    """A hostile feed is refused quickly."""
    began = time.monotonic()
    found = read_feed(body, url="https://keld.example/feed")
    assert isinstance(found, Unread), found
    assert found.reason == reason, found
    assert time.monotonic() - began < 2
