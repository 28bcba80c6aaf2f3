"""What hosts ask of robots is kept for some hours, asked for anew then, and obeyed."""

from __future__ import annotations

import pytest

from dragoman.read.web.fetch import Failed, Fetched, Fetcher, Limits
from dragoman.read.web.robots import Answer, RobotsCache

from .serving import gives, in_turn, page, serving, status

ROBOTS = b"User-agent: dragoman\nDisallow: /private\nCrawl-delay: 0.1\n\nUser-agent: *\nDisallow: /\nSitemap: http://keld.example/s.xml\n"
QUICK = Limits(delay_s=0, attempts=1, timeout_s=2, total_s=4, backoff_s=0)


def fetcher(**more: float) -> Fetcher:
    """Return a fetcher that may reach this machine."""
    return Fetcher(QUICK, allow_private=True, robots_kept_s=more.get("kept_s"))


def test_rules_are_obeyed_and_asked_for_once() -> None:
    """The group that names us counts, and one robots.txt serves many pages."""
    with serving({"/robots.txt": gives(ROBOTS, "text/plain")}, default=page()) as site, fetcher() as f:
        assert isinstance(f.fetch(site.url("/a")), Fetched)
        assert isinstance(f.fetch(site.url("/b")), Fetched)
        refused = f.fetch(site.url("/private/c"))
        assert isinstance(refused, Failed)
        assert (refused.reason, refused.is_transient) == ("robots", False)
        assert site.count("/robots.txt") == 1
        assert site.count("/private/c") == 0
        assert f.find_sitemaps(site.url("/")) == ["http://keld.example/s.xml"]


def test_a_changed_file_is_seen_when_the_old_one_is_too_old() -> None:
    """After its time robots.txt is asked for again and the new rules hold."""
    changing = in_turn(gives(b"", "text/plain"), gives(b"User-agent: *\nDisallow: /a\n", "text/plain"))
    with serving({"/robots.txt": changing}, default=page()) as site, fetcher(kept_s=0) as f:
        assert isinstance(f.fetch(site.url("/a")), Fetched)
        refused = f.fetch(site.url("/a"))
        assert isinstance(refused, Failed)
        assert refused.reason == "robots"
        assert isinstance(f.fetch(site.url("/b")), Fetched)


@pytest.mark.parametrize("number", [404, 403, 410, 401])
def test_no_file_allows_everything(number: int) -> None:
    """A status of the 400s other than 429 means that there are no rules."""
    with serving({"/robots.txt": status(number)}, default=page()) as site, fetcher() as f:
        assert isinstance(f.fetch(site.url("/a")), Fetched)


@pytest.mark.parametrize("number", [500, 503, 429])
def test_a_host_that_cannot_say_forbids_for_now(number: int) -> None:
    """Nothing is fetched, and the host is not asked again for each page."""
    with serving({"/robots.txt": status(number)}, default=page()) as site, fetcher() as f:
        for path in ("/a", "/b"):
            refused = f.fetch(site.url(path))
            assert isinstance(refused, Failed)
            assert (refused.reason, refused.is_transient) == ("robots_unreachable", True)
        assert site.count("/robots.txt") == 1
        assert site.count("/a") == 0


def test_earlier_rules_stand_while_the_host_cannot_say() -> None:
    """A host that answered before is read by its old rules when robots.txt fails."""
    now = [0.0]
    cache = RobotsCache(kept_s=100, clock=lambda: now[0])
    assert not cache.get("o", lambda: Answer("User-agent: *\nDisallow: /a")).allows("http://keld.example/a")
    now[0] = 200
    rules = cache.get("o", lambda: Answer(unreachable="down"))
    assert not rules.allows("http://keld.example/a")
    assert rules.allows("http://keld.example/b")


def test_a_longer_delay_than_sense_is_cut() -> None:
    """A crawl-delay of a day does not stop everything for a day."""
    rules = RobotsCache().get("o", lambda: Answer("User-agent: *\nCrawl-delay: 86400"))
    assert rules.crawl_delay_s == 120


def test_a_huge_file_counts_by_its_beginning() -> None:
    """Rules within the first half megabyte are read, what follows is passed over, and nothing fails."""
    body = ROBOTS + b"# more\n" * 500_000
    with serving({"/robots.txt": gives(body, "text/plain")}, default=page()) as site, fetcher() as f:
        assert isinstance(f.fetch(site.url("/a")), Fetched)
        refused = f.fetch(site.url("/private"))
        assert isinstance(refused, Failed)
        assert refused.reason == "robots"
