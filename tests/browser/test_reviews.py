"""The list of reviews: what was said, what it changed, and the files for teaching."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from e2e.command import dragoman

from .conftest import sign_in
from .sites import Site, copy_store, open_site

if TYPE_CHECKING:
    from playwright.sync_api import Page


def say(db: Path, *words: str, by: str) -> None:
    """Review an event on the command line."""
    done = dragoman("review", *words, "--by", by, "--db", str(db), cwd=db.parent)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def said(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, Any]]]:
    """Return a site with three reviews of two people, and the events by verdict as they were before."""
    items = site.server.json("/events", type="ACCUSE", limit=20)["items"]
    events = {verdict: items[n] for n, verdict in enumerate(("accepted", "rejected", "corrected"))}
    db = copy_store(site.db, tmp_path_factory.mktemp("said"))
    say(db, events["accepted"]["event_id"], "--accept", by="anna")
    say(db, events["rejected"]["event_id"], "--reject", by="anna")
    say(db, events["corrected"]["event_id"], "--set", "event_type=REQUEST", by="boris")
    with open_site(db) as started:
        yield started, events


def open_reviews(page: Page, site: Site, query: str = "") -> None:
    """Open the list of reviews and wait for its count."""
    page.goto(f"{site.url}/reviews{query}")
    page.get_by_role("status").filter(has_text=re.compile(r"^\s*\d+ reviews?")).wait_for()


def test_reviews_are_listed_newest_first(
    page: Page, said: tuple[Site, dict[str, Any]], check_axe: Callable[[Page], None]
) -> None:
    """Each with verdict, sentence and who said so; the corrected one with the old and the new type."""
    site, events = said
    open_reviews(page, site)
    rows = page.get_by_role("article")
    names = [rows.nth(n).get_attribute("aria-label") or "" for n in range(rows.count())]
    assert [name.partition(":")[0] for name in names] == ["corrected", "rejected", "accepted"]
    corrected = rows.first
    corrected.locator("del").first.wait_for()
    assert corrected.locator("del").first.inner_text() == "Accuse"
    assert corrected.locator("ins").first.inner_text() == "Request"
    assert events["corrected"]["quote"]["text"][:60] in corrected.inner_text()
    assert "boris" in corrected.inner_text()
    check_axe(page)


def test_filters_are_in_the_address(page: Page, said: tuple[Site, dict[str, Any]]) -> None:
    """Verdict and reviewer narrow the list; the address alone gives the same list; clearing brings all back."""
    site, _ = said
    open_reviews(page, site)
    page.get_by_role("button", name="rejected").click()
    page.get_by_text("1 review", exact=True).wait_for()
    assert "verdict=rejected" in page.url
    open_reviews(page, site, "?reviewer=anna")
    assert page.get_by_role("article").count() == 2
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("3 reviews", exact=True).wait_for()
    open_reviews(page, site, "?reviewer=nobody")
    assert page.get_by_text("No review fits these filters.").is_visible()


def test_keys_open_the_article(page: Page, said: tuple[Site, dict[str, Any]]) -> None:
    """Key j selects a review and Enter opens its article at the event."""
    site, events = said
    open_reviews(page, site)
    page.keyboard.press("j")
    page.locator('article[aria-current="true"]').wait_for()
    page.keyboard.press("Enter")
    event = events["corrected"]
    page.wait_for_url(f"**/articles/{event['article_id']}?event={event['event_id']}")


def test_files_can_be_downloaded(page: Page, said: tuple[Site, dict[str, Any]], tmp_path: Path) -> None:
    """The examples are those of the command line, line for line; the gold file comes too."""
    site, _ = said
    open_reviews(page, site)
    with page.expect_download() as started:
        page.get_by_role("link", name="Download examples.jsonl").click()
    got = Path(started.value.path()).read_text(encoding="utf-8")
    assert started.value.suggested_filename == "examples.jsonl"
    own = tmp_path / "examples.jsonl"
    # Of a copy: the server may hold the store just now.
    db = copy_store(site.db, tmp_path)
    done = dragoman("review", "--examples", str(own), "--db", str(db), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in got.splitlines()] == [
        json.loads(line) for line in own.read_text(encoding="utf-8").splitlines()
    ]
    with page.expect_download() as started:
        page.get_by_role("link", name="Download gold.jsonl").click()
    assert started.value.suggested_filename == "gold.jsonl"


def test_an_empty_list_says_how_to_begin(page: Page, site: Site, check_axe: Callable[[Page], None]) -> None:
    """Where nobody reviewed anything the page tells the keys and asks to sign in; signed in it does not ask."""
    page.goto(f"{site.url}/reviews")
    page.get_by_text("Nobody has reviewed an event yet.").wait_for()
    main = page.get_by_role("main")
    assert main.get_by_role("button", name="Sign in").is_visible()
    check_axe(page)
    sign_in(page, "reviewer")
    main.get_by_role("button", name="Sign in").wait_for(state="detached")


def test_it_fits_a_small_screen(
    new_page: Callable[..., Page], said: tuple[Site, dict[str, Any]], check_axe: Callable[[Page], None]
) -> None:
    """At 360 pixels nothing runs over the side."""
    page = new_page(viewport={"width": 360, "height": 780}, color_scheme="dark")
    open_reviews(page, said[0])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_axe(page)
