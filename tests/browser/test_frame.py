"""What every view has: keys, theme, the address, signing in, word of changes, a server that goes away, other hosts never asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from e2e.command import dragoman, write_rows

from .conftest import sign_in
from .sites import Site, copy_store, make_store, open_site

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page, Request

VIEWS = ("/", "/relations", "/map", "/network", "/search?q=embassy", "/alerts", "/coverage", "/reviews")
PAIR = "/relations?first=ARM&second=AZE"


def _settled(page: Page, url: str) -> None:
    """Open an address and wait for its heading and for the questions it asks."""
    page.goto(url)
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")


def _more_views(site: Site) -> tuple[str, ...]:
    incident = site.server.json("/incidents", participant="AZE", limit=1)["items"][0]
    report = incident["reports"][0]
    return (f"/incidents/{incident['incident_id']}", f"/articles/{report['article_id']}?event={report['event_id']}", PAIR)  # fmt: skip


def test_keys_lead_to_every_view(page: Page, site: Site) -> None:
    """Pressing "g" and a letter opens a view, "/" the search, "?" the list of keys; Esc closes it."""
    from playwright.sync_api import expect

    _settled(page, site.url)
    for key, path in (("r", "/relations"), ("m", "/map"), ("c", "/coverage"), ("n", "/")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page).to_have_url(site.url + path)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("embassy")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/search?q=embassy")


def test_back_and_a_shared_address_show_the_same(page: Page, site: Site) -> None:
    """The address is the state: going back, loading anew, and opening it elsewhere show the same view."""
    from playwright.sync_api import expect

    _settled(page, f"{site.url}/?quad=4")
    page.get_by_role("link", name="Map").click()
    expect(page).to_have_url(f"{site.url}/map")
    page.go_back()
    expect(page).to_have_url(f"{site.url}/?quad=4")
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Now")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Material conflict")).to_be_checked()


def test_the_state_of_a_day_goes_along(page: Page, site: Site) -> None:
    """An as_of in the address is told above every view, goes along with links, and can be left."""
    from playwright.sync_api import expect

    _settled(page, f"{site.url}/?as_of=2020-01-01")
    expect(page.get_by_text("as known on 1 Jan 2020")).to_be_visible()
    page.get_by_role("link", name="Coverage").click()
    expect(page).to_have_url(f"{site.url}/coverage?as_of=2020-01-01")
    page.get_by_role("button", name="back to now").click()
    expect(page.get_by_text("as known on")).to_have_count(0)


def test_the_theme_stays(page: Page, site: Site) -> None:
    """Light and dark can be chosen, and the choice outlives the page."""
    _settled(page, site.url)
    before = page.evaluate(
        "() => getComputedStyle(document.body).backgroundColor + document.documentElement.dataset.theme"
    )
    page.get_by_role("button", name="Theme").click()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.reload()
    page.get_by_role("heading", level=1).first.wait_for()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert "light" in before


def test_what_is_not_there_is_told(page: Page, site: Site) -> None:
    """A path of no view, and an id of no incident, say so and lead on."""
    from playwright.sync_api import expect

    page.goto(f"{site.url}/nowhere")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.goto(f"{site.url}/incidents/ffffffffffffffff")
    expect(page.get_by_role("alert")).to_contain_text("ffffffffffffffff")


def test_signing_in_and_out(page: Page, own_site: Site) -> None:
    """A wrong password is told, the right one lets in, signing out ends it; reading needs none of it."""
    from playwright.sync_api import expect

    _settled(page, own_site.url)
    page.get_by_role("button", name="Sign in").click()
    dialogue = page.get_by_role("dialog", name="Sign in")
    dialogue.get_by_label("Name").fill("reviewer")
    dialogue.get_by_label("Password").fill("not the password")
    dialogue.get_by_role("button", name="Sign in").click()
    expect(dialogue.get_by_role("alert")).to_be_visible()
    dialogue.get_by_role("button", name="Cancel").click()
    sign_in(page, "reviewer")
    expect(page.get_by_text("(reviewer)")).to_be_visible()
    page.reload()
    expect(page.get_by_text("(reviewer)")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert "password" not in page.url


def test_a_server_with_a_token_shows_nothing_without_it(
    new_page: Callable[..., Page], site: Site, tmp_path: Path
) -> None:
    """Pages load without the token, but hold nothing until it is given."""
    from playwright.sync_api import expect

    token = "a-token-of-this-very-test"
    with open_site(copy_store(site.db, tmp_path), settings={"DRAGOMAN_SERVE_TOKEN": token}) as guarded:
        page = new_page()
        page.goto(guarded.url)
        dialogue = page.get_by_role("dialog", name="Sign in")
        expect(dialogue).to_be_visible()
        assert page.locator("article").count() == 0
        dialogue.get_by_label("token of this server").fill(token)
        dialogue.get_by_role("button", name="Sign in").click()
        expect(page.locator("article").first).to_be_visible()
        assert token not in page.url
        page.reload()
        expect(page.locator("article").first).to_be_visible()


def test_what_another_process_codes_is_offered(page: Page, own_site: Site, tmp_path: Path) -> None:
    """While the page is open another process codes an article; the page hears of it and shows it when asked."""
    from playwright.sync_api import expect

    _settled(page, own_site.url)
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    text = "The foreign ministers of Norway and Denmark signed an agreement on fishing in Bergen on Monday, officials said."
    write_rows(
        tmp_path / "new.jsonl",
        [{"id": "new", "text": text, "outlet": "Fjord Post", "published_on": "2026-02-03"}],
    )
    done = dragoman("code", "new.jsonl", "--db", str(own_site.db), "--format", "none", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page.get_by_role("button", name="new incident").click()
    expect(page.get_by_text("signed an agreement on fishing").first).to_be_visible()


def test_a_server_that_stops_is_told_and_found_again(page: Page, site: Site, tmp_path: Path) -> None:
    """A question and a view that the stopped server cannot give are told in words; both are there when it is back."""
    from playwright.sync_api import expect

    db = copy_store(site.db, tmp_path)
    with open_site(db) as first:
        _settled(page, first.url)
        first.server.stop()
        page.get_by_role("checkbox", name="Material conflict").check()
        expect(page.get_by_role("alert").first).to_contain_text("does not answer")
        page.get_by_role("link", name="Alerts").click()
        expect(page.get_by_role("alert").first).to_contain_text("could not be loaded")
        with open_site(db, port=int(first.url.rsplit(":", 1)[1])):
            page.get_by_role("button", name="Load the page again").click()
            expect(page.get_by_role("heading", level=1, name="Alerts")).to_be_visible()
            page.go_back()
            expect(page.get_by_role("checkbox", name="Material conflict")).to_be_checked()
            expect(page.get_by_role("alert")).to_have_count(0)


def test_no_other_host_is_asked(new_page: Callable[..., Page], site: Site) -> None:
    """Every view loads from this server alone."""
    page = new_page()
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((site.url, "data:", "blob:")):
            asked.append(request.url)

    page.on("request", note)
    for path in (*VIEWS, *_more_views(site)):
        _settled(page, site.url + path)
    assert not asked


@pytest.mark.parametrize("width", [360, 2560])
def test_no_view_scrolls_sideways(new_page: Callable[..., Page], site: Site, width: int) -> None:
    """On a telephone and on a wall every view fits its width."""
    page = new_page(viewport={"width": width, "height": 800})
    wide = []
    for path in (*VIEWS, *_more_views(site)):
        _settled(page, site.url + path)
        if (
            page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            > 1
        ):
            wide.append(path)
    assert not wide


def test_a_telephone_shows_that_there_are_more_views(new_page: Callable[..., Page], site: Site) -> None:
    """The row of views is cut within a name, so that one sees it moves; the last view is reached in it."""
    from playwright.sync_api import expect

    page = new_page(viewport={"width": 360, "height": 780})
    _settled(page, site.url)
    boxes = [link.bounding_box() for link in page.get_by_role("navigation", name="Views").locator("a.view").all()]  # fmt: skip
    edge = page.evaluate("document.documentElement.clientWidth")
    cut = [box for box in boxes if box and box["x"] < edge - 12 and box["x"] + box["width"] > edge + 12]
    assert len(cut) == 1
    page.get_by_role("link", name="Reviews").click()
    expect(page).to_have_url(f"{site.url}/reviews")


def test_no_two_countries_have_one_name(page: Page, site: Site) -> None:
    """Both states on the Congo can be told apart, and names are those that people write."""
    from playwright.sync_api import expect

    _settled(page, f"{site.url}/relations?first=COD&second=COG")
    expect(page.get_by_role("heading", level=1)).to_have_text("DR Congo and Republic of the Congo")
    _settled(page, f"{site.url}/relations?first=SYR&second=MDA")
    expect(page.get_by_role("heading", level=1)).to_have_text("Syria and Moldova")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    new_page: Callable[..., Page], site: Site, check_axe: Callable[[Page], None], theme: str
) -> None:
    """Every view passes axe without serious or critical findings, in both themes."""
    page = new_page(color_scheme=theme)
    found = []
    for path in (*VIEWS, *_more_views(site)):
        _settled(page, site.url + path)
        try:
            check_axe(page)
        except AssertionError as error:
            found.append((path, str(error)[:600]))
    assert not found, found


HOSTILE = [
    {
        "id": "x<script>1", "outlet": "<img src=x onerror=alert(1)> Times", "title": "<script>alert('title')</script> France condemned Iran",
        "url": "javascript:alert(1)//", "published_on": "2026-01-05",
        "text": "France condemned Iran over the arrest of <script>alert('text')</script> two tourists in <b onmouseover=alert(2)>Tehran</b>.",
    },
    {
        "id": "y", "outlet": "\u202eReversed\u202c \"'><svg onload=alert(3)>", "title": "{{7*7}} ${alert(4)} \U0001f4a5 talks",
        "url": "https://example.org/a?<script>", "published_on": "2026-01-06",
        "text": "\U0001f4a5 The presidents of Kenya and Uganda met in \"><iframe src=javascript:alert(5)> Nairobi on Monday to discuss trade.",
    },
]  # fmt: skip


def test_articles_cannot_act_on_the_pages(new_page: Callable[..., Page], tmp_path: Path) -> None:
    """Markup and script in text, title, outlet and address of an article stay words on every view that shows them."""
    db = make_store(tmp_path, HOSTILE)
    page = new_page()
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    with open_site(db) as hostile:
        articles = {
            r["article_id"]: r for i in hostile.server.json("/incidents")["items"] for r in i["reports"]
        }
        incidents = [i["incident_id"] for i in hostile.server.json("/incidents")["items"]]
        assert articles
        paths = [*VIEWS, "/search?q=condemned", "/relations?first=FRA&second=IRN", *(f"/articles/{a}" for a in articles),
                 *(f"/incidents/{i}" for i in incidents)]  # fmt: skip
        for path in paths:
            _settled(page, hostile.url + path)
            strange = page.evaluate(
                """() => [...document.querySelectorAll('main script, main iframe, main img[onerror], [onmouseover], a[href^="javascript:"]')]
                    .map((e) => e.outerHTML)"""
            )
            assert not strange, (path, strange)
    assert not opened
