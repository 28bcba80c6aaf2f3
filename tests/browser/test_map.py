"""The map: marks and their incidents, the list of places, the period, layers, disputed areas, keys, small screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .sites import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

NUMBERS = re.compile(r"[\d,]+ incidents? on the map")


def _open(page: Page, site: Site, query: str = "") -> None:
    page.goto(f"{site.url}/map{query}")
    expect(page.get_by_text(NUMBERS)).to_be_visible()


def _rows(page: Page) -> list[str]:
    """Return the names of the list beside the map."""
    expect(page.locator(".list tbody tr").first).to_be_visible()
    return page.locator(".list tbody th button").all_inner_texts()


def test_numbers_say_what_is_not_on_the_map(
    page: Page, site: Site, check_axe: Callable[[Page], None]
) -> None:
    """The line above the map counts the same incidents as the API, placed and not placed."""
    answer = site.server.get("/map").json()["map"]
    _open(page, site)
    placed = len(answer["incidents"]["id"])
    expect(page.get_by_text(f"{placed:,} incidents on the map")).to_be_visible()
    expect(page.get_by_text(f"{answer['unplaced']:,} of {answer['total']:,} incidents are not placed")).to_be_visible()  # fmt: skip
    assert _rows(page)
    check_axe(page)


def test_place_of_the_list_opens_its_incidents(page: Page, site: Site) -> None:
    """The panel of a place holds as many incidents as its row says, is in the address, and closes by key and by going back."""
    _open(page, site)
    name = _rows(page)[0]
    row = page.locator(".list tbody tr").first
    count = int(row.locator("td").first.inner_text().replace(",", ""))
    row.get_by_role("button").click()
    panel = page.get_by_role("region", name=name)
    expect(panel.get_by_role("heading", name=name)).to_be_focused()
    expect(panel.get_by_role("article")).to_have_count(min(count, 20))
    assert "at=" in page.url
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(row.get_by_role("button")).to_be_focused()


def test_going_back_closes_the_panel(page: Page, site: Site) -> None:
    """Opening a place is a step that can be taken back."""
    _open(page, site)
    page.locator(".list tbody tr").first.get_by_role("button").click()
    expect(page.get_by_role("button", name="Close the panel")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Close the panel")).to_have_count(0)
    expect(page.get_by_text(NUMBERS)).to_be_visible()


def test_map_by_keyboard_only(page: Page, site: Site) -> None:
    """Keys zoom and step through the marks; Enter opens the one that was stepped to."""
    _open(page, site)
    _rows(page)
    frame = page.get_by_role("application", name="Map of incidents")
    frame.focus()
    frame.press("+")
    expect(page).to_have_url(re.compile(r"[?&]z=\d"))
    nearer = page.url
    frame.press("ArrowLeft")
    expect(page).not_to_have_url(nearer)
    frame.press("0")
    expect(page).to_have_url(re.compile(r"[?&]z=1(&|$)"))
    frame.press("j")
    expect(frame.get_by_role("status")).to_have_text(re.compile(r"\d+ incidents?$"))
    frame.press("Enter")
    expect(page.get_by_role("button", name="Close the panel")).to_be_visible()


def test_sight_of_the_address_is_shown_again(page: Page, site: Site) -> None:
    """A shared address shows the same part of the map: only its places are listed."""
    _open(page, site, "?z=1&c=11,25")
    assert "Moscow" in _rows(page)
    _open(page, site, "?z=30&c=49.9,40.4")
    expect(page.get_by_role("heading", name="Places in view")).to_be_visible()
    expect(page.locator(".list tbody th button", has_text=re.compile("^Baku$"))).to_be_visible()
    assert "Moscow" not in _rows(page)
    assert "z=30" in page.url


def test_period_by_keys_counts_less_and_stands_in_the_address(page: Page, site: Site) -> None:
    """A handle moved by keys narrows the period, leaves out what lies before, and can be undone."""
    _open(page, site)
    period = page.get_by_role("region", name="Period")
    expect(period.get_by_role("button", name="All days")).to_be_disabled()
    whole = int(re.sub(r"\D", "", period.get_by_text(re.compile("^[\\d,]+ incident")).inner_text()))
    first = period.get_by_role("slider", name="First day")
    for _ in range(5):
        first.press("PageUp")
    expect(page).to_have_url(re.compile("during=[0-9]{4}"))
    less = int(re.sub(r"\D", "", period.get_by_text(re.compile("^[\\d,]+ incident")).inner_text()))
    assert 0 <= less < whole
    words = first.get_attribute("aria-valuetext")
    page.reload()
    expect(page.get_by_role("slider", name="First day")).to_have_attribute("aria-valuetext", words or "")
    page.get_by_role("region", name="Period").get_by_role("button", name="All days").click()
    expect(page).not_to_have_url(re.compile("during="))


def test_playing_goes_by_steps_for_those_who_want_no_motion(
    new_page: Callable[..., Page], site: Site
) -> None:
    """With reduced motion the window moves by its own length at a time."""
    page = new_page(reduced_motion="reduce")
    _open(page, site, "?window=365&speed=fast")
    handle = page.get_by_role("slider", name="First day")
    lowest = int(handle.get_attribute("aria-valuemin") or "0")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(handle).to_have_attribute("aria-valuenow", str(lowest + 365))
    page.get_by_role("button", name="Pause").click()
    expect(page).to_have_url(re.compile("during="))


def test_countries_are_shaded_and_one_can_be_chosen(
    page: Page, site: Site, check_axe: Callable[[Page], None]
) -> None:
    """The other layer lists countries, tells its classes in numbers, and a country becomes a filter."""
    _open(page, site, "?layer=countries")
    assert "Azerbaijan" in _rows(page)
    expect(page.get_by_text(re.compile("and more$"))).to_be_visible()
    page.get_by_label("shaded by").select_option("balance")
    expect(page.get_by_text("too few to say")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Azerbaijan", exact=True).click()
    expect(page).to_have_url(re.compile("country=AZE"))
    page.get_by_role("button", name="Azerbaijan × take this filter away").click()
    expect(page).not_to_have_url(re.compile("country="))


def test_disputed_areas_are_named_with_their_claimants(page: Page, site: Site) -> None:
    """The legend lists disputed areas with who claims them; those that were settled before the period are left out."""
    _open(page, site)
    page.get_by_text("Disputed areas").click()
    legend = page.get_by_role("region", name="Legend")
    expect(legend.get_by_role("button", name="Kashmir")).to_be_visible()
    expect(legend.get_by_text("India, Pakistan")).to_be_visible()
    expect(legend.get_by_text("They imply no opinion on any claim")).to_be_visible()
    expect(legend.get_by_role("button", name="Nagorno-Karabakh")).to_be_visible()
    _open(page, site, "?during=2025-01-01/..")
    page.get_by_text("Disputed areas").click()
    expect(legend.get_by_role("button", name="Kashmir")).to_be_visible()
    expect(legend.get_by_role("button", name="Nagorno-Karabakh")).to_have_count(0)


def test_nothing_placed_says_what_to_do(page: Page, site: Site) -> None:
    """An answer without places says so and offers to clear the filters."""
    page.goto(f"{site.url}/map?place=Nowhereatall")
    expect(page.get_by_text("No incident with a known place.")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.get_by_text(NUMBERS)).to_be_visible()
    assert _rows(page)


@pytest.mark.parametrize("layer", ["", "?layer=countries"])
def test_small_screen_has_no_sideways_scroll(
    new_page: Callable[..., Page], site: Site, check_axe: Callable[[Page], None], layer: str
) -> None:
    """At 360 px the page fits, and a place opens as a sheet in sight."""
    page = new_page(viewport={"width": 360, "height": 780})
    _open(page, site, layer)
    _rows(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if not layer:
        page.locator(".list tbody tr").first.get_by_role("button").click()
        expect(page.get_by_role("button", name="Close the panel")).to_be_in_viewport()
    check_axe(page)
