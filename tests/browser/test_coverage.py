"""Coverage as a person looks at it: strips of outlets, feeds in trouble, rejections with their reasons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from e2e.command import dragoman, write_rows
from playwright.sync_api import expect

from .sites import Site, copy_store, open_site
from .stories import watch_feeds

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def watched(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a server over a store with a feed that answers, one that does not, and two rejected rows."""
    folder: Path = tmp_path_factory.mktemp("coverage")
    db = copy_store(site.db, folder)
    rows: list[dict[str, str] | str] = [{"id": "empty", "text": "", "outlet": "Keld Times"}, "this is no row"]
    write_rows(folder / "bad.jsonl", rows)
    assert dragoman("code", "bad.jsonl", "--db", db, "--format", "none", cwd=folder).returncode in (0, 1)
    watch_feeds(db)
    with open_site(db) as started:
        yield started


def open_coverage(page: Page, site: Site, query: str = "") -> None:
    """Open the view and wait until its strips or its table are there."""
    page.goto(f"{site.url}/coverage{query}")
    expect(page.get_by_text(re.compile(r"articles? of \d+ outlets?"))).to_be_visible()


def test_numbers_are_those_of_the_store(page: Page, watched: Site) -> None:
    """Totals are those of /counts, and the articles of an outlet add up to those of the calendar."""
    counts = watched.server.json("/counts")["counts"]
    calendar = watched.server.json("/coverage/calendar")["calendar"]
    at = calendar["columns"].index("articles")
    largest = max(calendar["outlets"], key=lambda o: sum(c[at] for c in o["cells"]))
    open_coverage(page, watched, "?show=table")
    expect(page.get_by_label("What the store holds")).to_contain_text(f"{counts['incidents']:,}")
    row = page.get_by_role("region", name="Outlets in numbers").locator("tbody tr").first
    expect(row).to_contain_text(largest["outlet"])
    expect(row.locator("td").first).to_have_text(str(sum(c[at] for c in largest["cells"])))


def test_strips_are_read_and_opened_by_keyboard(page: Page, watched: Site) -> None:
    """Arrow keys say each cell in words; Enter looks closer, and on a day opens what was reported."""
    open_coverage(page, watched)
    strips = page.get_by_role("application", name=re.compile("What was read"))
    strips.focus()
    page.keyboard.press("ArrowLeft")
    words = page.get_by_text(re.compile(r"^.+, .*\d{4}: "))
    expect(words).to_be_visible()
    before = words.inner_text()
    page.keyboard.press("ArrowDown")
    expect(words).not_to_have_text(before)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"since=\d{4}-\d\d-\d\d&until=\d{4}-\d\d-\d\d"))
    expect(page.get_by_text("by day")).to_be_visible()
    strips.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?outlet=.*since="))


def test_a_click_on_a_strip_looks_closer(page: Page, watched: Site) -> None:
    """The pointer says what a cell holds, a click zooms to its period, and a button goes back to all."""
    open_coverage(page, watched)
    strips = page.get_by_role("application", name=re.compile("What was read"))
    strips.hover(position={"x": 40, "y": 10})
    expect(page.get_by_text(re.compile(r"\d{4}: (no article|\d+ articles?|nothing known)"))).to_be_visible()
    strips.click(position={"x": 40, "y": 10})
    expect(page).to_have_url(re.compile("since="))
    page.get_by_role("button", name="Look at all of the time").first.click()
    expect(page).not_to_have_url(re.compile("since="))


def test_feeds_in_trouble_come_first(page: Page, watched: Site) -> None:
    """The broken feed stands first and says why; the other one answers."""
    open_coverage(page, watched)
    expect(page.get_by_text("1 in trouble")).to_be_visible()
    rows = page.get_by_role("region", name="Table of feeds").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Voss Avis")
    expect(rows.first).to_contain_text(re.compile("does not answer since .*20"))
    expect(rows.first).to_contain_text("it took too long")


def test_rejections_say_why(page: Page, watched: Site) -> None:
    """Each reason is told in words with its number; choosing one lists its items with their detail."""
    counts = watched.server.json("/rejections/counts")["counts"]
    empty = next(c for c in counts if c["reason"] == "empty")
    open_coverage(page, watched)
    page.get_by_role("button", name=f"{empty['n']} {empty['means']}").click()
    expect(page).to_have_url(re.compile("reason=empty"))
    rows = page.get_by_role("region", name="Table of rejections").locator("tbody tr")
    expect(rows).to_have_count(empty["n"])
    expect(rows.first).to_contain_text("empty")


def test_without_feeds_it_says_how_to_watch(page: Page, site: Site) -> None:
    """A store that nobody watches feeds for tells the commands, and that nothing was rejected."""
    open_coverage(page, site)
    expect(page.get_by_text("No feed is watched.")).to_be_visible()
    expect(page.get_by_text("dragoman watch feeds.toml")).to_be_visible()


def test_a_narrow_screen_and_axe(
    new_page: Callable[..., Page], watched: Site, check_axe: Callable[[Page], None]
) -> None:
    """At 360 pixels nothing runs over the edge; axe finds nothing serious in strips and in numbers."""
    page = new_page(viewport={"width": 360, "height": 780})
    open_coverage(page, watched)
    expect(page.get_by_role("region", name="Table of feeds")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    check_axe(page)
    page.get_by_role("button", name="Numbers").click()
    expect(page.get_by_role("region", name="Outlets in numbers")).to_be_visible()
    check_axe(page)
