"""What an analyst comes for, done with mouse and keys from the first page of a store; the guide tells how many clicks each takes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .hand import Hand, told_counts
from .sites import Site, copy_store, open_site, password_of
from .stories import TASKS, add_rows, watch_feeds

expect: Any = pytest.importorskip("playwright.sync_api").expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SLOW_MS = 60_000  # what the encoder, a relation or its brief takes on a busy machine


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site with a story of several reports, plans, a rejected article and a feed that does not answer."""
    folder: Path = tmp_path_factory.mktemp("desk")
    db = copy_store(site.db, folder)
    add_rows(db, TASKS, folder)
    watch_feeds(db)
    with open_site(db) as started:
        yield started


@pytest.fixture
def own_desk(desk: Site, tmp_path: Path) -> Iterator[Site]:
    """Return a copy of that site, for a task that writes."""
    with open_site(copy_store(desk.db, tmp_path)) as started:
        yield started


@pytest.fixture
def hand(page: Page) -> Hand:
    """Return a hand that counts."""
    return Hand(page)


def _start(page: Page, site: Site) -> None:
    """Open the first page: the only address that a task types."""
    page.goto(site.url)
    expect(page.locator("article.incident").first).to_be_visible()


def _view(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Views").get_by_role("link", name=name)


def _search(hand: Hand, words: str) -> None:
    hand.type(hand.page.get_by_role("searchbox", name="Search sentences"), words, "Enter")


def _sign_in(hand: Hand) -> None:
    hand.click(hand.page.get_by_role("button", name="Sign in").first)
    expect(hand.page.get_by_role("dialog", name="Sign in").get_by_label("Name")).to_be_focused()
    hand.type_on("reviewer", "Tab", password_of("reviewer"), "Enter")
    expect(hand.page.get_by_role("button", name="Sign out")).to_be_visible()


def _side(hand: Hand, label: str, name: str) -> None:
    """Type a country into a field for a side and take the first that is offered."""
    field = hand.page.get_by_role("combobox", name=label)
    hand.click(field)
    hand.page.keyboard.type(name)
    expect(hand.page.get_by_role("option", name=re.compile(f"^{name}")).first).to_be_visible()
    hand.type_on("Enter")
    expect(field).to_have_value(name)


def test_the_guide_tells_of_every_task_here(request: pytest.FixtureRequest) -> None:
    """The table of docs/face.md has as many tasks as are done below."""
    text = Path(__file__).read_text(encoding="utf-8")
    done = set(re.findall(r'hand\.done\("([^"]+)"\)', text))
    assert len(done) >= 10
    assert done == set(told_counts())


def test_who_condemned_the_attack_and_where_it_is_said(hand: Hand, desk: Site) -> None:
    """A search leads to the article, where the sentence is marked and the fields say who."""
    page = hand.page
    _start(page, desk)
    _search(hand, "condemned embassy")
    hit = page.locator("main li article", has_text="Aliyev strongly condemned").first
    hand.click(hit.locator("a.open"))
    hand.click(page.locator(".text a[data-event]", has_text="condemned").first)
    fields = page.get_by_role("complementary", name="Events").locator(".fields")
    expect(fields.get_by_text("Ilham Aliyev").first).to_be_visible()
    expect(fields.get_by_text("Accuse").first).to_be_visible()
    expect(page.locator(".text")).to_contain_text(
        "condemned the attack of Friday on Azerbaijan's embassy in Iran"
    )
    hand.done("Who condemned the attack on the embassy, and the sentence that says so")


def test_which_reports_are_one_incident_and_why(hand: Hand, desk: Site) -> None:
    """The incident lists its newsrooms, and each report the reasons for which it was joined."""
    page = hand.page
    _start(page, desk)
    hand.choose(page.get_by_label("Country, of the place or a side"), "COD")
    hand.click(page.locator("article.incident", has_text="Gunmen kill seven soldiers").locator("a.open"))
    hand.click(page.get_by_role("button", name="Why they are one"))
    for outlet in ("Reuters", "Great Lakes Courier"):
        expect(page.get_by_role("article", name=re.compile(f"^{outlet}"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+\s% likely one event with")).first).to_be_visible()
    hand.done("Which reports were taken for one incident, and why")


def test_what_changed_between_two_countries_and_when(hand: Hand, desk: Site) -> None:
    """The relation of two sides names its turning points with their days."""
    page = hand.page
    _start(page, desk)
    hand.click(_view(page, "Relations"))
    _side(hand, "One side", "Armenia")
    _side(hand, "The other side", "Azerbaijan")
    turns = page.locator("section", has=page.get_by_role("heading", name="Turning points"))
    expect(turns.get_by_role("heading", name=re.compile(r"(More|Less) \w+ since \d+ \w+ 20\d\d")).first).to_be_visible(timeout=SLOW_MS)  # fmt: skip
    hand.done("What changed between two countries, and when")


def test_a_brief_of_a_pair(hand: Hand, desk: Site) -> None:
    """The page of a pair has a summary and the sentences it rests on."""
    page = hand.page
    _start(page, desk)
    hand.click(_view(page, "Relations"))
    hand.click(page.locator("a.tile").first)
    hand.click(page.get_by_role("link", name="Brief to print"))
    expect(page.get_by_role("heading", name="In short")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    hand.done("A page on a pair of countries, to print")


def test_which_feed_is_broken_and_since_when(hand: Hand, desk: Site) -> None:
    """The feed in trouble stands first, with the moment of its last good answer."""
    page = hand.page
    _start(page, desk)
    hand.click(_view(page, "Coverage"))
    row = page.get_by_role("region", name="Table of feeds").locator("tbody tr").first
    expect(row).to_contain_text("Voss Avis")
    expect(row).to_contain_text(re.compile(r"does not answer\s+since \d+ \w+ 20\d\d"))
    hand.done("Which feed does not answer, since when and why")


def test_why_an_article_was_rejected(hand: Hand, desk: Site) -> None:
    """A reason lists what was given up on for it, with where that stands."""
    page = hand.page
    _start(page, desk)
    hand.click(_view(page, "Coverage"))
    hand.click(page.get_by_role("button", name=re.compile("^1 .*no text|^1 .*empty")))
    row = page.get_by_role("region", name="Table of rejections").locator("tbody tr").first
    expect(row).to_contain_text("more.jsonl:8: there is no text")
    hand.done("Why an article was rejected")


def test_a_wrong_actor_is_corrected(hand: Hand, own_desk: Site) -> None:
    """Who signs in picks the right words in the text; the event then names them and says who corrected it."""
    page = hand.page
    _start(page, own_desk)
    _sign_in(hand)
    _search(hand, "impose sanctions on Bolivia")
    hand.click(page.locator("main li article a.open").first)
    hand.click(page.get_by_role("button", name=re.compile("^Correct")))
    form = page.get_by_role("form", name="Correct this event")
    hand.click(form.get_by_role("group", name="Actors").get_by_role("button", name="“Peru”"))
    hand.click_word(page.locator(".text"), "president")
    hand.click(form.get_by_role("button", name="Save"))
    expect(page.get_by_text("Corrected by reviewer")).to_be_visible()
    expect(
        page.get_by_role("complementary", name="Events").locator(".fields").get_by_text("president").first
    ).to_be_visible()
    told = own_desk.server.json("/events", recipient="BOL")["items"]
    assert [[who["text"] for who in event["actors"]] for event in told] == [["president"]]
    hand.done("A wrong actor corrected")


def test_a_report_that_does_not_belong_is_split_off(hand: Hand, own_desk: Site) -> None:
    """All sentences of an article leave an incident at once; the page leads to both that there are then."""
    page = hand.page
    _start(page, own_desk)
    _sign_in(hand)
    hand.choose(page.get_by_label("Country, of the place or a side"), "COD")
    hand.click(page.locator("article.incident", has_text="Gunmen kill seven soldiers").locator("a.open"))
    hand.click(page.get_by_role("button", name="Split reports off"))
    arrests = page.get_by_role("article", name=re.compile("^Kivu Gazette"))
    hand.click(arrests.get_by_role("checkbox", name=re.compile("^All 2 sentences")))
    hand.click(page.get_by_role("button", name="Split these off"))
    hand.click(page.get_by_role("button", name="Yes, split them"))
    expect(page.get_by_text(re.compile("^Split. The reports now stand in"))).to_be_visible()
    now = own_desk.server.json("/incidents", type="ASSAULT", country="COD")["items"]
    assert any({r["outlet"] for r in i["reports"]} == {"Kivu Gazette"} for i in now)
    hand.done("A report split off from an incident it does not belong to")


def test_only_what_is_planned_in_a_region(hand: Hand, desk: Site) -> None:
    """Status and region leave what is announced there."""
    page = hand.page
    _start(page, desk)
    hand.choose(page.get_by_label("Region"), "South America")
    hand.choose(page.get_by_label("Did it happen?"), "future")
    rows = page.locator("article.incident")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Peru will impose sanctions on Bolivia in July")
    hand.done("Only what is announced, in one region")


def test_what_is_seen_is_taken_along_as_csv(hand: Hand, desk: Site) -> None:
    """The file holds the incidents of the list."""
    page = hand.page
    _start(page, desk)
    hand.choose(page.get_by_label("Country, of the place or a side"), "COD")
    wanted = desk.server.json("/incidents", country="COD", limit=50)["items"]
    expect(page.locator("article.incident")).to_have_count(len(wanted))
    with page.expect_download() as download:
        hand.click(page.get_by_role("button", name=re.compile("^CSV of")))
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        taken = [row["incident_id"] for row in csv.DictReader(file)]
    assert taken == [item["incident_id"] for item in wanted]
    hand.done("What the list shows, as a CSV file")


def test_a_search_by_meaning(hand: Hand, desk: Site) -> None:
    """Sentences of like meaning are found whose words are others."""
    page = hand.page
    _start(page, desk)
    _search(hand, "educators walked out of work")
    hand.click(page.get_by_role("radio", name="by meaning"))
    expect(page.locator("main li article", has_text="Teachers").first).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text(re.compile("likeness \\d+\\s%")).first).to_be_visible()
    hand.done("Sentences that mean something, whatever their words")


def test_where_people_protested_in_a_month(hand: Hand, desk: Site) -> None:
    """The map with its filters shows the places of one kind of event in one month."""
    page = hand.page
    _start(page, desk)
    hand.click(_view(page, "Map"))
    hand.click(page.get_by_role("button", name="Filters"))
    hand.click(page.get_by_role("button", name="Types of material conflict"))
    hand.click(page.get_by_role("checkbox", name=re.compile("^protest", re.I)))
    hand.date(page.get_by_label("From", exact=True), "2024-05-01")
    hand.date(page.get_by_label("Until", exact=True), "2024-05-31")
    places = page.locator(".list tbody th button")
    expect(places).to_have_count(2)
    assert set(places.all_inner_texts()) == {"Lima", "Yerevan"}
    hand.done("Where people protested in a month")
