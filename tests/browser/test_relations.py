"""What somebody does with a pair of sides: look, zoom, step, read, compare, take away."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

import pytest
from pypdf import PdfReader

from .sites import Site, make_store, open_site

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PAIR = "/relations?first=IRN&second=AZE"
SVG = "{http://www.w3.org/2000/svg}"


def asked(site: Site, path: str) -> Any:
    """Return what the API says, as the pages get it."""
    return site.server.client.get(path).json()


def open_pair(page: Page, site: Site, query: str = "") -> Locator:
    """Open the pair and return its timeline once it is drawn."""
    page.set_default_timeout(30_000)  # a relation and its back-test take a busy machine their time
    page.goto(f"{site.url}{PAIR}{query}")
    timeline = page.get_by_role("slider", name="Incidents on the timeline")
    timeline.wait_for()
    return timeline


def query_of(page: Page) -> dict[str, list[str]]:
    """Return the state that the address of a page holds."""
    return parse_qs(urlparse(page.url).query)


def test_pairs_in_the_news_lead_to_their_relation(page: Page, site: Site) -> None:
    """The start page names the busiest pairs; a click opens one."""
    from playwright.sync_api import expect

    page.goto(f"{site.url}/relations")
    tile = page.locator("a.tile").first
    expect(tile).to_contain_text("on average")
    tile.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(" and ")
    expect(page.get_by_role("heading", name="Turning points")).to_be_visible()
    assert {"first", "second"} <= set(query_of(page))


def test_the_level_is_told_with_its_uncertainty_and_what_is_missing(page: Page, site: Site) -> None:
    """The heading says level, interval and counts of the API; its notes stand by the figure."""
    from playwright.sync_api import expect

    open_pair(page, site)
    relation = asked(site, "/relations?first=IRN&second=AZE&step=month")["relation"]
    level = relation["series"][-1]["level"]
    words = [f"{abs(level[key]):.1f}" for key in ("mean", "low", "high")]
    told = page.locator("header.head")
    expect(told).to_contain_text(re.compile(".*".join(re.escape(word) for word in words), re.S))
    counted = sum(point["counted"] for point in relation["points"])
    expect(told).to_contain_text(f"{counted} incident")
    for note in relation["notes"]:
        expect(page.locator(".notes")).to_contain_text(note)


def test_keys_go_from_incident_to_incident_and_open_one(page: Page, site: Site) -> None:
    """End, arrow and Enter open the card of an incident with its sentence; Escape leads back to the figure."""
    from playwright.sync_api import expect

    timeline = open_pair(page, site)
    timeline.focus()
    page.keyboard.press("End")
    last = int(timeline.get_attribute("aria-valuenow") or 0)
    page.keyboard.press("ArrowLeft")
    expect(timeline).to_have_attribute("aria-valuenow", str(last - 1))
    page.keyboard.press("Enter")
    at = query_of(page)["at"][0]
    point = next(
        p for p in asked(site, "/relations?first=IRN&second=AZE&step=month")["relation"]["points"]
        if p["incident_id"] == at
    )  # fmt: skip
    card = page.locator("section.card")
    expect(card).to_contain_text(point["evidence"][0]["quote"]["text"])
    expect(card.get_by_role("link", name="Open the incident")).to_have_attribute(
        "href", re.compile(f"/incidents/{at}")
    )
    expect(card.get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(timeline).to_be_focused()


def test_a_brush_looks_closer_and_back_leads_out(page: Page, site: Site) -> None:
    """Dragging over the figure sets since and until; the browser's back button takes them away."""
    from playwright.sync_api import expect

    timeline = open_pair(page, site)
    timeline.scroll_into_view_if_needed()
    box = timeline.bounding_box()
    assert box
    y = box["y"] + 60
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, y, steps=4)
    page.mouse.up()
    page.wait_for_url("**since=**")
    chosen = query_of(page)
    assert chosen["since"][0] < chosen["until"][0]
    expect(page.get_by_label("From", exact=True)).to_have_value(chosen["since"][0])
    since, until = chosen["since"][0], chosen["until"][0]
    within = asked(site, f"/relations?first=IRN&second=AZE&since={since}&until={until}")["relation"]["points"]
    told = len([p for p in within if not p["planned"]])
    expect(page.locator("section[aria-labelledby=incidents] [role=status]")).to_contain_text(
        f"{told} incident"
    )
    page.go_back()
    assert "since" not in query_of(page)
    expect(page.get_by_label("From", exact=True)).to_have_value("")


def test_a_kind_can_be_looked_at_alone(page: Page, site: Site) -> None:
    """A press on a kind of the legend leaves its incidents; the address says so."""
    from playwright.sync_api import expect

    open_pair(page, site)
    page.get_by_role("button", name=re.compile("material conflict")).click()
    assert query_of(page)["quad"] == ["4"]
    points = asked(site, "/relations?first=IRN&second=AZE&step=month")["relation"]["points"]
    own = [p for p in points if p["quad_class"] == 4 and not p["planned"]]
    assert 0 < len(own) < len(points)
    expect(page.locator("section[aria-labelledby=incidents] [role=status]")).to_contain_text(
        f"{len(own)} incident"
    )


def test_table_and_csv_hold_the_series(page: Page, site: Site) -> None:
    """The table has a row per period, and the file the same numbers as the API."""
    from playwright.sync_api import expect

    open_pair(page, site)
    series = asked(site, "/relations?first=IRN&second=AZE&step=month")["relation"]["series"]
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert [row["start"] for row in rows] == [period["start"] for period in series]
    assert float(rows[-1]["level_mean"]) == series[-1]["level"]["mean"]
    assert sum(int(row["material_conflict"]) for row in rows) == sum(p["counts"][3] for p in series)
    page.get_by_role("button", name="Show as table").click()
    table = page.get_by_role("region", name="The figure as a table")
    expect(table.locator("tbody tr")).to_have_count(min(120, len(series)))
    assert query_of(page)["table"] == ["true"]


def test_the_figure_can_be_taken_away_as_svg(page: Page, site: Site) -> None:
    """The file stands alone: well formed, with a title, and no colour that only the pages know."""
    open_pair(page, site)
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG").click()
    drawing = Path(download.value.path()).read_text(encoding="utf-8")
    assert "var(" not in drawing
    root = ET.fromstring(drawing)
    assert "Iran" in (root.findtext(f"{SVG}title") or "")
    assert len(root.findall(f"{SVG}svg")) >= 3


def test_pairs_are_compared_on_one_scale(page: Page, site: Site) -> None:
    """Two pairs stand beside each other; a third is added by keys alone, one is taken out; the cursor is shared."""
    from playwright.sync_api import expect

    page.goto(f"{site.url}/relations?pair=IRN~AZE&pair=ARM~AZE")
    expect(page.locator("article .drawn svg")).to_have_count(2, timeout=30_000)
    page.get_by_role("slider", name="Cursor over all").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("article .over")).to_have_count(2)
    page.get_by_role("combobox", name="Add a pair: one side").fill("IRN")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="The other side").fill("ARM")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Iran and Armenia")).to_be_visible()
    assert query_of(page)["pair"] == ["IRN~AZE", "ARM~AZE", "IRN~ARM"]
    page.get_by_role("button", name="Take Armenia and Azerbaijan out").click()
    expect(page.locator("article .drawn svg")).to_have_count(2, timeout=30_000)
    assert query_of(page)["pair"] == ["IRN~AZE", "IRN~ARM"]


def test_the_outlook_says_what_the_server_says(page: Page, site: Site) -> None:
    """Each chance stands there with its baseline; where too little is known, that is said instead."""
    from playwright.sync_api import expect

    open_pair(page, site)
    panel = page.locator("section[aria-labelledby=outlook]")
    panel.scroll_into_view_if_needed()
    outlook = asked(site, "/outlook?first=IRN&second=AZE")["outlook"]
    for words in outlook["missing"]:
        expect(panel).to_contain_text(words)
    baselines = [e for e in outlook["expectations"] if e["shown"] != "model"]
    if outlook["expectations"]:
        expect(panel.locator(".chance")).to_have_count(len(outlook["expectations"]), timeout=30_000)
    expect(panel.get_by_text("baseline shown")).to_have_count(len(baselines))


def test_the_brief_leads_to_its_evidence(page: Page, site: Site) -> None:
    """The page holds the server's sentences and sources; a number leads to the article; paper shows no navigation."""
    from playwright.sync_api import expect

    page.goto(f"{site.url}{PAIR}&brief=true")
    written = site.server.client.get("/brief?first=IRN&second=AZE").text
    sources = len(re.findall(r'^- <a id="s\d+">', written, re.M))
    expect(page.locator(".sources li")).to_have_count(sources, timeout=30_000)
    expect(page.get_by_role("heading", name="In short")).to_be_visible()
    assert "](#" not in page.locator("article.brief").inner_text()
    event = re.search(r'<a id="s1"></a>.*\(event (\w+)\)', written)
    assert event
    first = page.locator("a.ref", has_text=re.compile(r"^\s*source\s*1\s*$")).first
    expect(first).to_have_attribute("href", re.compile(rf"/articles/\w+\?event={event[1]}"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == written
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Views")).to_be_hidden()


def test_the_brief_prints_on_two_sheets(page: Page, site: Site, tmp_path: Path) -> None:
    """The pair with most incidents of the site takes two pages of A4, figure and sources included."""
    page.set_default_timeout(60_000)
    page.goto(f"{site.url}/relations?first=ARM&second=AZE&brief=true")
    page.get_by_role("heading", name="Sources").wait_for()
    page.locator("figure svg").first.wait_for()
    page.pdf(path=tmp_path / "brief.pdf", prefer_css_page_size=True)
    sheets = PdfReader(tmp_path / "brief.pdf").pages
    assert len(sheets) <= 2
    assert [round(float(side)) for side in sheets[0].mediabox[2:]] == [595, 842]


@pytest.mark.parametrize("path", ["/relations", PAIR, f"{PAIR}&table=true", f"{PAIR}&brief=true", "/relations?pair=IRN~AZE&pair=ARM~AZE"])  # fmt: skip
def test_a_phone_needs_no_sideways_scrolling(new_page: Callable[..., Page], site: Site, path: str) -> None:
    """Nothing is wider than a screen of 360 pixels."""
    page = new_page(viewport={"width": 360, "height": 780})
    page.goto(site.url + path)
    page.locator("main h1").wait_for()
    page.wait_for_load_state("load")
    page.locator("main svg, main table, main .sources").first.wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/relations", PAIR, f"{PAIR}&brief=true", "/relations?pair=IRN~AZE&pair=ARM~AZE"])  # fmt: skip
def test_nothing_serious_for_axe(
    new_page: Callable[..., Page], site: Site, check_axe: Callable[[Page], None], path: str, scheme: str
) -> None:
    """Names, roles and contrast hold in both themes."""
    page = new_page(color_scheme=scheme)
    page.goto(site.url + path)
    page.locator("main .tile, main .drawn svg").first.wait_for()
    check_axe(page)


def test_words_of_articles_stay_words(page: Page, tmp_path: Path) -> None:
    """Markup in a title, an outlet or a sentence is shown as it is, in the figure's card, the list and the brief."""
    from playwright.sync_api import expect

    bad = "<img src=x onerror=alert(1)>"
    rows = [
        {
            "id": str(n), "title": f"{bad} Talks", "outlet": f"[x](#s1){bad}", "published_on": f"2023-0{n}-10", "url": "javascript:alert(1)",
            "text": f"Iran's foreign minister met Azerbaijan's foreign minister {bad} in Baku on Monday.",
        }
        for n in (1, 2, 3)
    ]  # fmt: skip
    db = make_store(tmp_path, rows)
    with open_site(db) as own:
        page.goto(f"{own.url}{PAIR}")
        expect(page.locator("section[aria-labelledby=incidents] .said").first).to_contain_text("met")
        assert page.locator("main img, main a[href^=javascript]").count() == 0
        page.goto(f"{own.url}{PAIR}&brief=true")
        expect(page.locator(".sources li").first).to_contain_text(bad)
        assert page.locator("main img, main a[href^=javascript]").count() == 0
