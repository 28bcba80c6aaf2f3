"""Search: sentences by words or meaning, with what was searched for marked in them and ways to article, incident and source."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from e2e.command import dragoman, write_rows

from .sites import Site

expect: Any = pytest.importorskip("playwright.sync_api").expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Two letters before the word that count as one character each, but as two units in the language of pages.
BEYOND = {
    "id": "beyond", "outlet": "Harbour Post", "published_on": "2024-05-06", "url": "https://news.example/harbour",
    "text": "France condemned Iran 𝔘𝔎 over the zeppelin arrest of two tourists in Tehran.",
}  # fmt: skip
SCRIPT = {
    "id": "script", "outlet": "Odd Post", "published_on": "2024-05-06", "url": "javascript:alert(1)",
    "text": "Police in Lagos arrested four zeppelin pilots on Friday, officials said.",
}  # fmt: skip


def found(page: Page) -> Locator:
    """Return the sentences that a page shows."""
    return page.locator("main li article")


def quotes(page: Page) -> list[str]:
    """Return them without their quotation marks."""
    return [text.strip()[1:-1] for text in found(page).locator("a.open").all_text_contents()]


def test_words_are_found_and_marked(page: Page, site: Site, check_axe: Callable[[Page], None]) -> None:
    """Mark the words in the sentences and lead to the article at the event."""
    page.goto(f"{site.url}/search")
    page.get_by_role("searchbox", name="Words to search for").fill("foreign ministry")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q=foreign\+ministry"))
    items = site.server.json("/search", q="foreign ministry", limit=50)["items"]
    assert len(items) > 1
    expect(found(page)).to_have_count(len(items))
    assert quotes(page) == [item["quote"]["text"] for item in items]
    for n, item in enumerate(items):
        start = item["quote"]["start"]
        marked = [item["quote"]["text"][a - start : b - start] for a, b in sorted(item["marks"])]
        assert found(page).nth(n).locator("mark").all_inner_texts() == marked
        assert {word.lower() for word in marked} == {"foreign", "ministry"}
    check_axe(page)
    found(page).first.locator("a.open").click()
    page.wait_for_url(re.compile(f"/articles/{items[0]['article_id']}.*event={items[0]['event_id']}"))
    page.go_back()
    expect(found(page)).to_have_count(len(items))


def test_by_meaning_by_the_keyboard(page: Page, site: Site) -> None:
    """Turn to meaning by key, tell the likeness, and page on."""
    page.goto(f"{site.url}/search?q=soldiers+cross+the+border")
    page.get_by_role("radio", name="by words").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("meaning=true"))
    items = site.server.json("/search", q="soldiers cross the border", meaning="true", limit=50)["items"]
    expect(found(page)).to_have_count(len(items), timeout=60_000)
    assert quotes(page) == [item["quote"]["text"] for item in items]
    expect(found(page).first).to_contain_text(f"likeness {round(items[0]['score'] * 100)} %")
    page.get_by_role("button", name="Show more").click()
    expect(found(page)).to_have_count(100)
    page.go_back()
    expect(page.get_by_role("radio", name="by words")).to_be_checked()


def test_the_context_leads_to_the_incident_and_to_other_events(page: Page, site: Site) -> None:
    """Show the surroundings of a sentence, all its events, and its incident."""
    items = [i for i in site.server.json("/search", q="Azerbaijan", limit=50)["items"] if i["also"]]
    assert items, "no sentence of the site has two events"
    hit = items[0]
    page.goto(f"{site.url}/search?q=Azerbaijan")
    row = found(page).filter(has_text=hit["quote"]["text"]).first
    row.get_by_role("button", name=re.compile("^In context")).press("Enter")
    events = row.get_by_role("list", name="Events that rest on this sentence").get_by_role("listitem")
    expect(events).to_have_count(1 + len(hit["also"]))
    told = site.server.json(f"/evidence/{hit['event_id']}", context=240)["evidence"]
    expect(row).to_contain_text(re.sub(r"\s+", " ", told["after"] or told["before"]).strip()[:60])
    row.get_by_role("link", name=re.compile("^To the incident")).click()
    page.wait_for_url(re.compile(f"/incidents/{told['incidents'][0]}"))


def test_filters_hold_for_sentences_too(page: Page, site: Site) -> None:
    """Filter sentences by what their events are."""
    page.goto(f"{site.url}/search?q=Iran")
    expect(found(page).first).to_be_visible()
    kinds = page.get_by_role("group", name="What happened")
    kinds.get_by_role("checkbox", name="verbal conflict").check()
    items = site.server.json("/search", q="Iran", quad=3, limit=50)["items"]
    assert 0 < len(items) < len(site.server.json("/search", q="Iran", limit=500)["items"])
    expect(page.get_by_role("button", name="Take away: verbal conflict")).to_be_visible()
    expect(found(page)).to_have_count(len(items))
    assert quotes(page) == [item["quote"]["text"] for item in items]


def test_examples_and_nothing_found(page: Page, site: Site) -> None:
    """Offer examples before a search, and the meaning where words find nothing."""
    page.goto(f"{site.url}/search")
    page.get_by_role("link", name="ambassador", exact=True).click()
    page.wait_for_url(re.compile("q=ambassador"))
    expect(page.get_by_role("searchbox", name="Words to search for")).to_have_value("ambassador")
    page.goto(f"{site.url}/search?q=zzzzzz&quad=4")
    expect(page.get_by_text("No sentence has all these words.")).to_be_visible()
    page.get_by_role("button", name="Search by meaning instead").click()
    expect(found(page).first).to_be_visible(timeout=60_000)
    assert "meaning=true" in page.url


def test_marks_count_characters_and_only_addresses_of_the_web_are_links(
    page: Page, own_site: Site, tmp_path: Path
) -> None:
    """Mark by characters, also past the basic plane; make no link of a script."""
    late = write_rows(tmp_path / "late.jsonl", [BEYOND, SCRIPT])
    done = dragoman("code", str(late), "--db", str(own_site.db), "--format", "none", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page.goto(f"{own_site.url}/search?q=zeppelin")
    expect(found(page)).to_have_count(2)
    assert found(page).locator("mark").all_inner_texts() == ["zeppelin", "zeppelin"]
    source = found(page).filter(has_text="Harbour Post").get_by_role("link", name="Source")
    expect(source).to_have_attribute("href", "https://news.example/harbour")
    expect(source).to_have_attribute("rel", re.compile("noopener"))
    expect(found(page).filter(has_text="Odd Post").get_by_role("link", name="Source")).to_have_count(0)


def test_on_a_telephone(new_page: Callable[..., Page], site: Site, check_axe: Callable[[Page], None]) -> None:
    """Fit the narrow screen."""
    page = new_page(viewport={"width": 360, "height": 780})
    page.goto(f"{site.url}/search?q=Azerbaijan")
    expect(found(page).first).to_be_visible()
    found(page).first.get_by_role("button", name=re.compile("^In context")).click()
    expect(found(page).first.get_by_role("link", name=re.compile("^To the incident"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    check_axe(page)
