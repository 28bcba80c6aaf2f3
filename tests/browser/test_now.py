"""The first page: a list that is filtered, read through, kept and taken along, and does not move while news come in."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from e2e.command import dragoman, write_rows

from .sites import Site

expect: Any = pytest.importorskip("playwright.sync_api").expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NARROW = {"width": 360, "height": 780}
# A title that a spreadsheet would run, and a sentence that a page would, if either took outside words for its own.
HOSTILE = {
    "id": "late", "outlet": "Late Wire", "published_on": "2026-02-03", "title": "=1+1",
    "text": "Police in Lagos arrested four <img src=x onerror=alert(1)> union leaders on Friday, officials said.",
}  # fmt: skip


def asked(page: Page) -> dict[str, list[str]]:
    """Return what the address of a page asks."""
    return parse_qs(urlsplit(page.url).query)


def rows(page: Page) -> Locator:
    """Return the rows of the list."""
    return page.locator("article.incident")


def quotes(page: Page) -> list[str]:
    """Return the sentences of the rows, without their quotation marks."""
    return [text.strip()[1:-1] for text in rows(page).locator("a.open").all_text_contents()]


def listed(page: Page, site: Site, **filters: Any) -> None:
    """Check that a page shows the first incidents that the API gives, and tells how many there are."""
    total = site.server.json("/incidents/facets", **filters)["facets"]["total"]
    word = "incident" if total == 1 else "incidents"
    expect(page.get_by_role("status").filter(has_text=f"{total:,} {word}").first).to_be_visible()
    first = site.server.json("/incidents", limit=50, **filters)["items"]
    expect(rows(page)).to_have_count(len(first))
    assert quotes(page) == [item["reports"][0]["quote"] for item in first]


def test_what_happened_stands_under_its_days(
    page: Page, site: Site, check_axe: Callable[[Page], None]
) -> None:
    """Show the newest incidents under headings of their days, one of which stays in sight."""
    page.goto(site.url)
    listed(page, site)
    newest = site.server.json("/incidents", limit=1)["items"][0]["date"]["from"]
    heading = page.locator("section h2").filter(has_text=str(int(newest[8:]))).filter(has_text=newest[:4]).first  # fmt: skip
    expect(heading).to_be_visible()
    # The heading of the day that is read stays below the bar; a row at the top has its day there, wherever gaps between days lie.
    # Rows may still be coming in when it is brought to the top for the first time.
    page.wait_for_function(
        "row => { row.scrollIntoView({ block: 'start' }); const bar = document.querySelector('header.bar').getBoundingClientRect().bottom;"
        " return [...document.querySelectorAll('.rows h2')].some(h => Math.abs(h.getBoundingClientRect().top - bar) < 4); }",
        arg=rows(page).nth(30).element_handle(),
    )
    page.locator("main").evaluate("() => scrollTo(0, 0)")
    check_axe(page)


def test_filters_by_the_keyboard_go_to_the_address_and_back(page: Page, site: Site) -> None:
    """Set and take away filters by key; the address holds them, and stepping back works."""
    page.goto(site.url)
    expect(rows(page).first).to_be_visible()
    kinds = page.get_by_role("group", name="What happened")
    kinds.get_by_role("checkbox", name="material conflict").focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("quad=4"))
    listed(page, site, quad=4)
    page.get_by_role("combobox", name="Who takes part").focus()
    page.keyboard.type("azerb")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("participant=AZE"))
    listed(page, site, quad=4, participant="AZE")
    # The last chip is taken away by itself, and stepping back brings it again.
    page.get_by_role("button", name="Take away: Azerbaijan").press("Enter")
    listed(page, site, quad=4)
    page.go_back()
    listed(page, site, quad=4, participant="AZE")
    page.reload()
    listed(page, site, quad=4, participant="AZE")
    page.get_by_role("button", name="Clear all", exact=True).click()
    listed(page, site)
    assert not asked(page)


def test_types_that_make_up_a_class_are_asked_for_as_that_class(page: Page, site: Site) -> None:
    """Ask for a quad class once all of its types are chosen, and for types otherwise."""
    page.goto(site.url)
    kinds = page.get_by_role("group", name="What happened")
    kinds.get_by_role("button", name="Types of verbal conflict").click()
    kinds.get_by_role("checkbox", name="Accuse").check()
    listed(page, site, type="ACCUSE")
    assert asked(page) == {"type": ["ACCUSE"]}
    # Other types still say how many there would be.
    n = site.server.json("/incidents/facets")["facets"]["event_types"]["REQUEST"]
    expect(kinds.get_by_role("checkbox", name=re.compile(rf"^Request\s*{n}$"))).to_be_visible()
    for name in ("Request", "Reject", "Threaten"):
        kinds.get_by_role("checkbox", name=name).check()
    page.wait_for_url(re.compile("quad=3"))
    assert asked(page) == {"quad": ["3"]}
    listed(page, site, quad=3)
    kinds.get_by_role("checkbox", name="Reject").uncheck()
    listed(page, site, type=["REQUEST", "ACCUSE", "THREATEN"])


def test_bars_choose_a_time_by_key_and_by_pointer(page: Page, site: Site) -> None:
    """Set since and until by a stretch of bars."""
    page.goto(site.url)
    bars = page.get_by_role("listbox", name="Incidents over time")
    expect(bars.get_by_role("option").first).to_be_attached()
    bars.focus()
    for key in ("End", "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    expect(bars.get_by_role("option", selected=True)).to_have_count(3)
    n = int(page.locator("figcaption .says").inner_text().rpartition(": ")[2].split()[0].replace(",", ""))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("since=.*until="))
    chosen = {name: asked(page)[name][0] for name in ("since", "until")}
    listed(page, site, **chosen)
    assert site.server.json("/incidents/facets", **chosen)["facets"]["total"] == n
    page.get_by_role("button", name="Show all times").click()
    listed(page, site)

    box = bars.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 40, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("since=.*until="))
    drawn = {name: asked(page)[name][0] for name in ("since", "until")}
    assert drawn["since"] < drawn["until"]
    listed(page, site, **drawn)


def test_the_list_is_found_again_where_it_was_left(page: Page, site: Site) -> None:
    """Keep the pages that were loaded, and the place in them, when somebody steps back."""
    page.goto(site.url)
    expect(rows(page)).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(rows(page)).to_have_count(100)
    before = quotes(page)
    items = site.server.json("/incidents", limit=100)["items"]
    assert before == [item["reports"][0]["quote"] for item in items]
    link = rows(page).nth(80).locator("a.open")
    link.scroll_into_view_if_needed()
    at = page.evaluate("scrollY")
    assert at > 1000
    link.click()
    page.wait_for_url(re.compile("/incidents/"))
    page.go_back()
    expect(rows(page)).to_have_count(100)
    assert quotes(page) == before
    page.wait_for_function("at => Math.abs(scrollY - at) < 60", arg=at)
    # It was opened, so it is read.
    expect(rows(page).nth(80)).not_to_have_class(re.compile("unread"))


def test_reading_by_keys_marks_what_is_read(page: Page, site: Site) -> None:
    """Go through the list by j and k, mark by u, and keep the marks."""
    page.goto(site.url)
    expect(rows(page)).to_have_count(50)
    page.keyboard.press("j")
    expect(rows(page).nth(0).locator("a.open")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("u")
    expect(rows(page).nth(1)).not_to_have_class(re.compile("unread"))
    page.keyboard.press("k")
    expect(rows(page).nth(0).locator("a.open")).to_be_focused()
    page.reload()
    expect(rows(page)).to_have_count(50)
    expect(page.locator("article.incident.unread")).to_have_count(49)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("article.incident.unread")).to_have_count(0)
    # Those of other pages as well; and one can be made unread again.
    page.get_by_role("button", name="Show more").click()
    expect(rows(page)).to_have_count(100)
    expect(page.locator("article.incident.unread")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("u")
    expect(page.locator("article.incident.unread")).to_have_count(1)
    opened = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(opened)))


def test_a_saved_search_is_opened_renamed_and_deleted(page: Page, site: Site) -> None:
    """Keep a search by name and tell how many incidents it has more."""
    page.goto(f"{site.url}/?quad=4&participant=AZE")
    expect(rows(page).first).to_be_visible()
    page.get_by_role("button", name="Save this").click()
    page.get_by_role("textbox", name="Name of the search").fill("Baku <b>")
    page.keyboard.press("Enter")
    saved = page.get_by_role("region", name="Saved searches")
    expect(saved.get_by_role("link", name="Baku <b>")).to_have_attribute("aria-current", "true")
    # Somebody looked when there were two fewer.
    page.evaluate(
        "() => { const all = JSON.parse(localStorage['dragoman-saved']); all[0].total -= 2;"
        " localStorage['dragoman-saved'] = JSON.stringify(all); }"
    )
    page.goto(site.url)
    link = saved.get_by_role("link", name="Baku <b>")
    expect(link).to_contain_text("2 new")
    link.click()
    listed(page, site, quad=4, participant="AZE")
    expect(link).not_to_contain_text("new")
    saved.get_by_role("button", name="Rename or delete Baku <b>").click()
    saved.get_by_role("textbox").fill("Baku")
    page.keyboard.press("Enter")
    page.reload()
    expect(saved.get_by_role("link", name="Baku", exact=True)).to_be_visible()
    saved.get_by_role("button", name="Rename or delete Baku").click()
    saved.get_by_role("button", name="Delete").click()
    expect(saved.get_by_role("link")).to_have_count(0)


def test_the_list_as_csv_and_json(page: Page, site: Site, tmp_path: Path) -> None:
    """Write the rows that are loaded as CSV, and lead to the same question as JSON."""
    page.goto(f"{site.url}/?participant=ARM&order=oldest")
    expect(rows(page).first).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("button", name=re.compile("^CSV of")).click()
    assert re.fullmatch(
        r"dragoman-incidents-\d+(-of-\d+)?-\d{4}-\d\d-\d\d\.csv", coming.value.suggested_filename
    )
    coming.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    wanted = site.server.json("/incidents", participant="ARM", order="oldest", limit=50)["items"]
    told = [(row["incident_id"], row["event_type"], row["date_from"], row["quote"]) for row in table]
    assert told == [
        (i["incident_id"], i["event_type"], (i["date"] or {}).get("from", ""), i["reports"][0]["quote"])
        for i in wanted
    ]
    href = page.get_by_role("link", name="JSON").get_attribute("href")
    assert href is not None
    same = site.server.client.get(f"{site.url}{href}").json()["items"]
    assert [i["incident_id"] for i in same[:50]] == [i["incident_id"] for i in wanted]


def test_news_wait_until_they_are_wanted(page: Page, own_site: Site, tmp_path: Path) -> None:
    """Leave the list where it is while news come in; outside words stay words."""
    page.goto(own_site.url)
    expect(rows(page)).to_have_count(50)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("article.incident.unread")).to_have_count(0)
    before = quotes(page)
    third = rows(page).nth(3)
    top = third.bounding_box()
    late = write_rows(tmp_path / "late.jsonl", [HOSTILE])
    done = dragoman("code", str(late), "--db", str(own_site.db), "--format", "none", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    waiting = page.get_by_role("button", name=re.compile(r"^\d+ new incidents?$"))
    expect(waiting).to_be_visible(timeout=30_000)
    assert quotes(page) == before
    assert third.bounding_box() == top
    waiting.press("Enter")
    expect(waiting).to_have_count(0)
    expect(rows(page).first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(rows(page).first).to_have_class(re.compile("unread"))
    expect(rows(page).first.locator("a.open")).to_be_focused()
    assert page.locator("main img").count() == 0
    with page.expect_download() as coming:
        page.get_by_role("button", name=re.compile("^CSV of")).click()
    coming.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(iter(csv.DictReader(file)))["title"] == "'=1+1"


def test_on_a_telephone_filters_stand_in_a_drawer(
    new_page: Callable[..., Page], site: Site, check_axe: Callable[[Page], None]
) -> None:
    """Filter in a drawer on a narrow screen."""
    page = new_page(viewport=NARROW)
    page.goto(f"{site.url}/?quad=3&quad=4")
    expect(rows(page).first).to_be_visible()
    opens = page.get_by_role("button", name=re.compile("^Filters"))
    expect(opens).to_have_text(re.compile(r"Filters\s*2"))
    opens.press("Enter")
    drawer = page.get_by_role("dialog", name="Filters")
    drawer.get_by_label("Country, of the place or a side").select_option("AZE")
    n = site.server.json("/incidents/facets", quad=[3, 4], country="AZE")["facets"]["total"]
    expect(drawer.get_by_role("button", name=f"Show {n} incidents")).to_be_visible()
    check_axe(page)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opens).to_be_focused()
    listed(page, site, quad=[3, 4], country="AZE")
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_dates_of_the_data_and_dates_that_are_none(page: Page, site: Site) -> None:
    """Offer the last year of the data; tell what is wrong with a date, and what to do when nothing fits."""
    page.goto(site.url)
    page.get_by_role("button", name="Last 1 year of the data").click()
    page.wait_for_url(re.compile("until="))
    last = site.server.json("/incidents", order="reported", limit=1)["items"][0]["last_seen"]
    assert asked(page)["until"] == [last]
    listed(page, site, since=asked(page)["since"][0], until=last)
    page.goto(f"{site.url}/?since=yesterday")
    expect(page.get_by_role("alert")).to_contain_text('got "yesterday"')
    page.get_by_role("button", name="Take away: since yesterday").click()
    listed(page, site)
    page.goto(f"{site.url}/?participant=nobody+of+that+name")
    expect(page.get_by_text("No incident fits all these filters.")).to_be_visible()
    page.get_by_role("button", name="clear all filters", exact=True).click()
    listed(page, site)
