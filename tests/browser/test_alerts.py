"""Alerts as a person reads them: what changed with its sentences, filters, the way to the relation, and rules to begin with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from e2e.command import dragoman
from playwright.sync_api import expect

from .sites import Site, copy_store, open_site

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = """
[[rule]]
name = "Armenia and Azerbaijan"
sides = ["ARM", "AZE"]

[[rule]]
name = "The Caucasus and Iran"
sides = ["Caucasus", "IRN"]
per_year = 2

[groups]
Caucasus = ["ARM", "AZE", "GEO"]
"""


@pytest.fixture(scope="module")
def told(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a server over a store in which alerts were told."""
    folder: Path = tmp_path_factory.mktemp("alerts")
    db = copy_store(site.db, folder)
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    done = dragoman("alerts", "rules.toml", "--since", "2015", "--db", db, cwd=folder)
    assert done.returncode == 0, done.stderr
    with open_site(db) as started:
        yield started


def test_alerts_tell_what_changed_and_what_moved_it(page: Page, told: Site) -> None:
    """The newest turn comes first, with its sentences; a sentence leads to its incident."""
    items = told.server.json("/alerts", limit=500)["items"]
    assert items
    page.goto(f"{told.url}/alerts")
    expect(page.get_by_text(f"{len(items)} alert")).to_be_visible()
    first = page.get_by_role("article").first
    expect(first).to_contain_text(f"{'More' if items[0]['rises'] else 'Less'} {items[0]['kind']}")
    moved = next(i for i in items if i["incidents"] and i["incidents"][0]["evidence"])
    quote = page.get_by_role("link", name=moved["incidents"][0]["evidence"][0]["quote"]).first
    quote.click()
    expect(page).to_have_url(re.compile(r"/incidents/[0-9a-f]+"))


def test_filters_leave_what_fits_and_stay_in_the_address(page: Page, told: Site) -> None:
    """Kind and side leave the alerts of that kind and side; the address opens the same again."""
    items = told.server.json("/alerts", limit=500)["items"]
    fits = [i for i in items if i["kind"] == "conflict" and "ARM" in i["sides"]]
    page.goto(f"{told.url}/alerts")
    page.get_by_label("Kind").select_option("conflict")
    page.get_by_label("Side").select_option("ARM")
    expect(page.get_by_text(f"{len(fits)} alert", exact=False)).to_be_visible()
    expect(page).to_have_url(re.compile("kind=conflict&side=ARM"))
    page.reload()
    expect(page.get_by_text(f"of {len(items)}")).to_be_visible()
    for one in page.get_by_role("article").all():
        expect(one).to_contain_text("conflict")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text(f"{len(items)} alert")).to_be_visible()


def test_a_pair_since_a_day(page: Page, told: Site) -> None:
    """Two sides and a day leave the alerts that the API gives for the same question."""
    first = told.server.json("/alerts", limit=500)["items"][0]
    one, other = first["sides"]
    fits = told.server.json("/alerts", side=[one, other], since=first["raised_on"], limit=500)["items"]
    assert fits
    assert first["alert_id"] in [alert["alert_id"] for alert in fits]
    page.goto(f"{told.url}/alerts")
    page.get_by_label("Side").select_option(one)
    page.get_by_label("With").select_option(other)
    page.get_by_label("Sure since").fill(first["raised_on"])
    expect(page).to_have_url(re.compile(f"since={first['raised_on']}"))
    expect(page.get_by_role("article")).to_have_count(len(fits))


def test_a_turn_leads_to_the_relation_of_its_time(page: Page, told: Site) -> None:
    """A group of the rules is asked for by its members, around the time of the turn."""
    page.goto(f"{told.url}/alerts?side=Caucasus")
    link = page.get_by_role("article").first.get_by_role("heading").get_by_role("link")
    expect(link).to_have_attribute(
        "href", re.compile(r"/relations\?first=ARM%2CAZE%2CGEO&second=IRN&since=\d{4}-\d\d-\d\d&until=\d{4}")
    )
    link.click()
    expect(page).to_have_url(re.compile("/relations"))


def test_without_alerts_rules_are_explained(
    page: Page, site: Site, check_axe: Callable[[Page], None]
) -> None:
    """A store without alerts shows a file of rules that can be copied, and the command."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site.url}/alerts")
    expect(page.get_by_role("heading", name="No alert was told yet")).to_be_visible()
    page.get_by_role("button", name="Copy").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "[[rule]]" in page.evaluate("navigator.clipboard.readText()")
    check_axe(page)


def test_the_example_of_rules_is_one_that_the_command_takes(page: Page, site: Site, tmp_path: Path) -> None:
    """What the page shows as an example is read by ``dragoman alerts`` without a complaint."""
    page.goto(f"{site.url}/alerts")
    shown = page.get_by_label("Example of a file of rules").inner_text()
    (tmp_path / "rules.toml").write_text(shown, encoding="utf-8")
    done = dragoman("alerts", "rules.toml", "--dry-run", "--db", site.db, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_narrow_screen_and_axe(
    new_page: Callable[..., Page], told: Site, check_axe: Callable[[Page], None]
) -> None:
    """At 360 pixels nothing runs over the edge, and axe finds nothing serious."""
    page = new_page(viewport={"width": 360, "height": 780})
    page.goto(f"{told.url}/alerts")
    expect(page.get_by_role("article").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    check_axe(page)
