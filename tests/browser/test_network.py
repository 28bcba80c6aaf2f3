"""Who stands with whom, as a person looks at it: picture, table, window of time, files, keyboard only, narrow, without WebGL."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from .sites import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"


def open_network(page: Page, site: Site, query: str = "") -> None:
    """Open the view and wait until its table is there."""
    page.goto(f"{site.url}/network{query}")
    expect(page.get_by_role("region", name="Table of pairs").get_by_role("link").first).to_be_visible()


def test_the_table_says_what_the_server_says(page: Page, site: Site) -> None:
    """Pairs stand by number of incidents; a filter leaves those of a name; a click on a column sorts by it."""
    told = site.server.json("/network", least=2)["network"]
    most = max(edge["incidents"] for edge in told["edges"])
    open_network(page, site)
    table = page.get_by_role("region", name="Table of pairs")
    expect(page.get_by_text(f"{len(told['nodes'])} sides, {len(told['edges'])} pairs")).to_be_visible()
    expect(table.locator("tbody tr").first.locator("td").first).to_have_text(str(most))

    page.get_by_label("Filter pairs by name").fill("Azerb")
    for row in table.locator("tbody tr").all():
        expect(row).to_contain_text("Azerbaijan")
    expect(page).to_have_url(re.compile("find=Azerb"))

    table.get_by_role("button", name="Conflict").click()
    expect(table.get_by_role("columnheader", name="Conflict")).to_have_attribute("aria-sort", "descending")
    numbers = [int(text) for text in table.locator("tbody tr td:nth-child(4)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)


def test_the_picture_is_drawn_and_leads_on(page: Page, site: Site) -> None:
    """Names stand on the canvas; what the pointer finds in it is a side, which opens beside it, or a pair, which opens its relation."""
    open_network(page, site)
    picture = page.get_by_role("img", name=re.compile("Picture of"))
    expect(page.get_by_text("Drawing…")).to_have_count(0)
    painted = """() => { const c = document.querySelector('canvas.sigma-names');
        return c && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0) }"""
    page.wait_for_function(painted)
    box = picture.bounding_box()
    assert box is not None
    found = False
    for y in range(60, int(box["height"]) - 20, 17):
        for x in range(30, int(box["width"]) - 20, 17):
            page.mouse.move(box["x"] + x, box["y"] + y)
            found = bool(picture.evaluate("host => host.style.cursor === 'pointer'"))
            if found:
                break
        if found:
            break
    assert found, "nothing in the picture can be pointed at"
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"node=|/relations\?first="))


def test_a_side_shows_its_friends_and_foes(page: Page, site: Site) -> None:
    """A side is chosen in the list; its strongest pairs are listed, and a link goes to the relation."""
    open_network(page, site)
    page.get_by_label("Look at one side").select_option("AZE")
    panel = page.get_by_role("region", name="One side")
    expect(panel.get_by_role("heading", name="Azerbaijan")).to_be_visible()
    expect(panel.get_by_role("heading", name="Fights most with")).to_be_visible()
    expect(page).to_have_url(re.compile("node=AZE"))
    page.go_back()
    expect(panel).to_have_count(0)
    page.go_forward()
    panel.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/relations\?first=AZE&second="))


def test_a_window_moves_over_time(page: Page, site: Site) -> None:
    """A year is compared with the one before; the next year has other numbers; playing goes on by itself."""
    open_network(page, site, "?since=2020-01-01&until=2020-12-31&step=year")
    expect(page.get_by_text("Compared with 1 Jan 2019 to 31 Dec 2019")).to_be_visible()
    page.get_by_role("button", name="Window after").click()
    expect(page).to_have_url(re.compile("since=2021-01-01&until=2021-12-31"))
    expect(page.get_by_text("Compared with 1 Jan 2020 to 31 Dec 2020")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(page).to_have_url(re.compile("since=2022-01-01"))
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("Length of the window").select_option("all")
    expect(page.get_by_text("Choose a window of time")).to_be_visible()


def test_files_hold_the_network(page: Page, site: Site, tmp_path: Path) -> None:
    """GraphML and JSON have the pairs that the server tells."""
    told = site.server.json("/network", least=2)["network"]
    open_network(page, site)
    with page.expect_download() as graphml:
        page.get_by_role("button", name="GraphML").click()
    assert graphml.value.suggested_filename == "network-country.graphml"
    graphml.value.save_as(tmp_path / "a.graphml")
    root = ET.parse(tmp_path / "a.graphml").getroot()
    assert len(root.findall(f".//{NAMESPACE}node")) == len(told["nodes"])
    ends = {(e.get("source"), e.get("target")) for e in root.findall(f".//{NAMESPACE}edge")}
    assert ends == {(e["source"], e["target"]) for e in told["edges"]}
    with page.expect_download() as plain:
        page.get_by_role("button", name="JSON").click()
    plain.value.save_as(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == told


def test_everything_opens_by_keyboard(page: Page, site: Site) -> None:
    """From the filter field the Tab key leads to the pairs; Enter opens the relation."""
    open_network(page, site)
    field = page.get_by_label("Filter pairs by name")
    field.focus()
    page.keyboard.type("Armenia and Azerbaijan")
    link = page.get_by_role("region", name="Table of pairs").get_by_role(
        "link", name="Armenia and Azerbaijan"
    )
    expect(page.get_by_role("region", name="Table of pairs").locator("tbody tr")).to_have_count(1)
    for _ in range(12):
        page.keyboard.press("Tab")
        if link.evaluate("a => a === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/relations\?first=ARM&second=AZE"))


def test_without_webgl_the_table_is_left(new_page: Callable[..., Page], site: Site) -> None:
    """A browser that has no WebGL shows a note and the table."""
    page = new_page()
    page.add_init_script(
        "const own = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        " return /webgl/.test(kind) ? null : own.call(this, kind, ...more); };"
    )
    open_network(page, site)
    expect(page.get_by_text("This browser cannot draw the picture")).to_be_visible()


def test_a_narrow_screen_and_axe(
    new_page: Callable[..., Page], site: Site, check_axe: Callable[[Page], None]
) -> None:
    """At 360 pixels nothing runs over the edge; axe finds nothing serious, with a side chosen or not."""
    page = new_page(viewport={"width": 360, "height": 780})
    open_network(page, site)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    check_axe(page)
    page.get_by_label("Look at one side").select_option("AZE")
    expect(page.get_by_role("region", name="One side")).to_be_visible()
    check_axe(page)


def test_nothing_found_says_what_to_do(page: Page, site: Site) -> None:
    """Too high a number of incidents gives an empty state that leads back."""
    page.goto(f"{site.url}/network?least=5000")
    page.get_by_role("button", name="Show pairs with one incident").click()
    expect(page.get_by_role("region", name="Table of pairs").get_by_role("link").first).to_be_visible()
