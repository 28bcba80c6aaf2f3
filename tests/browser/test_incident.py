"""The page of an incident: what it says, who says so, and splitting and merging for those who may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from unit.invented import DIGEST, VERSION
from unit.stories import joined, make_stories, tell

from dragoman.store import begin_run, open_store, write

from .conftest import sign_in
from .sites import Site, copy_store, make_store, open_site
from .stories import ATTACK

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site of one story: a wire text, its copy, another newsroom with another toll, and what followed."""
    with open_site(make_store(tmp_path_factory.mktemp("told"), ATTACK)) as started:
        yield started


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site of one story that 130 articles tell."""
    db = tmp_path_factory.mktemp("many") / "site.duckdb"
    at = datetime(2024, 6, 1, tzinfo=UTC)
    with open_store(db) as store:
        run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=at)
        coded = joined(tell(make_stories(1, 1), articles=130, seed=2))
        write(store, coded, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=at)
    with open_site(db) as started:
        yield started


@pytest.fixture
def own_told(told: Site, tmp_path: Path) -> Iterator[Site]:
    """Return a copy of that site, for a test that writes."""
    with open_site(copy_store(told.db, tmp_path)) as started:
        yield started


def attack_of(site: Site) -> dict[str, Any]:
    """Return the incident of the attack, the one with most reports."""
    items = site.server.json("/incidents", type="ASSAULT", limit=100)["items"]
    found: dict[str, Any] = max(items, key=lambda i: len(i["reports"]))
    assert len(found["newsrooms"]) >= 2, found["newsrooms"]
    whole: dict[str, Any] = site.server.json(f"/incidents/{found['incident_id']}")["incident"]
    return whole


def open_incident(page: Page, site: Site, incident_id: str, query: str = "") -> None:
    """Open the page of an incident and wait for its facts."""
    page.goto(f"{site.url}/incidents/{incident_id}{query}")
    page.get_by_role("heading", name="Key facts").wait_for()


def test_it_says_what_who_where_and_when(page: Page, told: Site, check_axe: Callable[[Page], None]) -> None:
    """Headline, facts and sentences are those of the API, each with its basis; nothing serious for axe."""
    incident = attack_of(told)
    open_incident(page, told, incident["incident_id"])
    heading = page.get_by_role("heading", level=1)
    assert heading.count() == 1
    words = heading.inner_text()
    assert incident["actors"][0]["text"] in words
    assert "3 May 2024" in words
    assert "Goma" in words
    facts = page.locator("section", has=page.get_by_role("heading", name="Key facts"))
    assert incident["actors"][0]["basis"] in facts.inner_text()
    assert "the day of publication" in facts.inner_text()
    for sentence in incident["evidence"]:
        assert page.get_by_text(sentence["quote"]["text"][:80]).count() >= 1, sentence["quote"]
    marks = page.locator("#main mark").all_inner_texts()
    assert {e["trigger"]["text"] for e in incident["evidence"]} <= set(marks)
    check_axe(page)


def test_copies_lie_under_who_wrote_them(page: Page, told: Site) -> None:
    """The copy of the wire text is folded under the agency's article, counted, and its link leads to the original page."""
    incident = attack_of(told)
    assert next(e["newsroom"] for e in incident["evidence"] if e["outlet"] == "Nile Observer") == "Reuters"
    open_incident(page, told, incident["incident_id"])
    wire = page.get_by_role("article", name=re.compile("^Reuters"))
    copies = wire.get_by_text("1 copy of this text: Nile Observer")
    copies.wait_for()
    copy = page.get_by_role("article", name=re.compile("^Nile Observer"))
    assert not copy.is_visible()
    copies.click()
    assert copy.is_visible()
    original = copy.get_by_role("link", name=re.compile("original"))
    assert original.get_attribute("href") == "https://w2.example/story"
    assert original.get_attribute("rel") == "noopener noreferrer"
    newsrooms = len(incident["newsrooms"])
    assert page.get_by_text(re.compile(rf"articles of {newsrooms} newsrooms")).is_visible()


def test_claims_that_disagree_are_told_with_who_said_them(page: Page, told: Site) -> None:
    """The range of the toll, and each figure with its words and who said it."""
    incident = attack_of(told)
    dead = incident["counts"]["dead"]
    assert (dead["low"], dead["high"]) == (7, 12)
    open_incident(page, told, incident["incident_id"])
    claims = page.locator("section", has=page.get_by_role("heading", name="Claims that disagree"))
    assert claims.get_by_role("heading", name="7 to 12 dead").is_visible()
    table = claims.get_by_role("table", name="Who said how many dead")
    for claim in dead["history"]:
        assert table.get_by_text(f"“{claim['text']}”", exact=True).count() >= 1, claim
    assert table.get_by_text("latest").count() == 1


def test_why_reports_are_one_is_told_in_words(page: Page, told: Site) -> None:
    """Each report that joined says how likely it belongs and which reasons spoke for and against; the address keeps that open."""
    incident = attack_of(told)
    open_incident(page, told, incident["incident_id"])
    page.get_by_role("button", name="Why they are one").click()
    page.wait_for_url(re.compile("why=1"))
    opened = page.locator("details[open] > summary", has_text="belongs here")
    opened.first.wait_for()
    shown = page.locator("#main").inner_text()
    assert re.search(r"\d+\s% likely one event with", shown)
    assert "for, " in shown
    page.reload()
    opened.first.wait_for()


def test_keys_step_through_reports(page: Page, told: Site) -> None:
    """Keys j and k move over the reports, Enter opens the article at the event, going back returns to the report."""
    from playwright.sync_api import expect

    incident = attack_of(told)
    open_incident(page, told, incident["incident_id"])
    page.keyboard.press("j")
    first = page.locator('article[aria-current="true"]')
    first.wait_for()
    one = first.get_attribute("id") or ""
    page.keyboard.press("j")
    expect(first).not_to_have_id(one)
    page.keyboard.press("k")
    expect(first).to_have_id(one)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/articles/\w+\?event=\w+"))
    page.go_back()
    first.wait_for()
    assert first.get_attribute("id") == one


def test_hundreds_of_reports_come_when_they_are_wanted(page: Page, many: Site) -> None:
    """The first hundred are there at once, the heading counts all, and "Show more" goes on to the last; splitting has all to choose from."""
    from playwright.sync_api import expect

    whole = many.server.json("/incidents", limit=1)["items"][0]
    assert len(whole["events"]) > 120
    first = many.server.json(f"/incidents/{whole['incident_id']}")["incident"]
    assert len(first["told"]) == 100 < len(whole["events"])
    open_incident(page, many, whole["incident_id"])
    reports = page.locator("article.telling")
    expect(page.get_by_role("heading", name=f"{len(whole['events'])} reports")).to_be_visible()
    expect(reports).to_have_count(30)
    more = page.get_by_role("button", name="Show more")
    for shown in (60, 90, 120, len(whole["events"])):
        more.click()
        expect(reports).to_have_count(shown)
    expect(more).to_have_count(0)
    # Who comes back to a report that is not among the first finds it.
    last = (reports.last.get_attribute("id") or "").removeprefix("report-")
    page.goto(f"{many.url}/incidents/{whole['incident_id']}?report={last}")
    expect(page.locator(f"#report-{last}")).to_have_attribute("aria-current", "true")


def test_it_fits_a_small_screen(
    new_page: Callable[..., Page], told: Site, check_axe: Callable[[Page], None]
) -> None:
    """At 360 pixels nothing runs over the side, and axe finds nothing serious, in the dark too."""
    page = new_page(viewport={"width": 360, "height": 780}, color_scheme="dark")
    open_incident(page, told, attack_of(told)["incident_id"], "?why=1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_axe(page)


def test_what_followed_is_linked(page: Page, told: Site) -> None:
    """An incident that followed stands in the chain with its reasons, and leads to its page."""
    linked = [i for i in told.server.json("/incidents", limit=100)["items"] if i["follows"]]
    if not linked:
        pytest.fail("the story has no incident that follows from another")
    later, earlier = linked[0], linked[0]["follows"][0]
    open_incident(page, told, earlier["incident_id"])
    chain = page.locator("section", has=page.get_by_role("heading", name="What led to it"))
    chain.get_by_text("was followed by").wait_for()
    chain.locator("summary").first.click()
    assert chain.get_by_text(earlier["reasons"][0]).first.is_visible()
    chain.get_by_role("link", name=later["reports"][0]["quote"][:60]).first.click()
    page.wait_for_url(f"**/incidents/{later['incident_id']}")
    page.get_by_text("follows from", exact=True).wait_for()


def test_an_earlier_state_can_be_looked_at(page: Page, told: Site) -> None:
    """The day goes to the address; before the incident was stored the page says so and leads back."""
    incident = attack_of(told)
    open_incident(page, told, incident["incident_id"])
    page.get_by_label("How this stood on").fill("2020-01-01")
    page.wait_for_url(re.compile("as_of=2020-01-01"))
    page.get_by_role("heading", name="Not known yet on 1 Jan 2020").wait_for()
    page.get_by_role("button", name="Back to now", exact=True).click()
    page.get_by_role("heading", name="Key facts").wait_for()
    assert "as_of" not in page.url


def test_who_only_reads_sees_no_buttons(page: Page, told: Site) -> None:
    """Without signing in, and as a reader, nothing can be split or merged; the page says what is needed."""
    incident = attack_of(told)
    open_incident(page, told, incident["incident_id"], "?do=split")
    assert page.get_by_role("button", name="Split reports off").count() == 0
    assert page.get_by_role("checkbox").count() == 0
    page.get_by_role("button", name="Sign in to change it").click()
    page.get_by_role("dialog", name="Sign in").wait_for()
    page.keyboard.press("Escape")
    sign_in(page, "reader")
    page.get_by_text("Reviewers can split and merge; reader may read.").wait_for()
    assert page.get_by_role("button", name="Split reports off").count() == 0


def test_a_reviewer_splits_and_takes_it_back(page: Page, own_told: Site) -> None:
    """Chosen sentences become an incident of their own, said with links; taking it back makes them one again."""
    incident = attack_of(own_told)
    open_incident(page, own_told, incident["incident_id"])
    sign_in(page, "reviewer")
    page.get_by_role("button", name="Split reports off").click()
    split = page.get_by_role("button", name="Split these off")
    assert split.is_disabled()
    courier = page.get_by_role("article", name=re.compile("^Great Lakes Courier"))
    boxes = courier.get_by_role("checkbox")
    for n in range(boxes.count()):
        boxes.nth(n).check()
    split.click()
    page.get_by_role("heading", name=re.compile("^Goes:")).wait_for()
    page.get_by_role("heading", name=re.compile("^Stays:")).wait_for()
    page.get_by_role("button", name="Yes, split them").click()
    notice = page.get_by_text(re.compile("^Split. The reports now stand in"))
    notice.wait_for()
    now = own_told.server.json("/incidents", type="ASSAULT", limit=100)["items"]
    apart = [i for i in now if {r["outlet"] for r in i["reports"]} == {"Great Lakes Courier"}]
    assert apart
    assert page.get_by_role("link", name=apart[0]["incident_id"]).is_visible()
    page.get_by_role("button", name="Take it back").click()
    notice.wait_for(state="detached")
    again = attack_of(own_told)
    assert sorted(again["events"]) == sorted(incident["events"])


def test_a_reviewer_merges_and_old_links_lead_on(page: Page, own_told: Site) -> None:
    """Another incident is found by words, looked at beside this one, and made one with it; its address says where it went."""
    incident = attack_of(own_told)
    strikes = [i["incident_id"] for i in own_told.server.json("/incidents", country="PER")["items"]]
    assert strikes
    open_incident(page, own_told, incident["incident_id"])
    sign_in(page, "reviewer")
    page.get_by_role("button", name="Merge with another incident").click()
    page.get_by_label("Words of its sentences, or its id").fill("teachers strike Lima")
    page.get_by_role("search", name="Incident to merge with").get_by_role("button", name="Search").click()
    found = page.get_by_role("button", name=re.compile("^Compare with"))
    page.get_by_text(re.compile(r"^\s*\d+ incidents? found")).wait_for()
    found.first.click()
    page.get_by_role("heading", name="Are these one?").wait_for()
    assert page.get_by_text(re.compile("^Look twice:")).is_visible()
    page.get_by_role("button", name="Yes, make them one").click()
    page.get_by_text(re.compile("^Merged. The reports now stand in")).wait_for()
    gone = next(
        i for i in (*strikes, incident["incident_id"])
        if own_told.server.get(f"/incidents/{i}").status_code == 410
    )  # fmt: skip
    current = own_told.server.get(f"/incidents/{gone}").json()["current"]
    page.goto(f"{own_told.url}/incidents/{gone}")
    page.get_by_role("heading", name="This incident now stands as another").wait_for()
    page.locator(f'a[href^="/incidents/{current[0]}"]').first.click()
    page.get_by_role("heading", name="Key facts").wait_for()
