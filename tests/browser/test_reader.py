"""The reader: events marked in an article, stepping by keys, reviewing, hostile text, long text, small screens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from .articles import DENIED, EVIL, EVIL_TITLE, LONG_MOST, MISSED, TEASER, write_articles
from .conftest import sign_in
from .sites import Site, add_users, copy_store, open_site

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Library:
    """A site over invented articles; ``ids`` are those of "page", "evil" and "long"."""

    site: Site
    ids: dict[str, str]

    def open(self, page: Page, name: str = "page", query: str = "") -> None:
        """Open an article and wait until it is there."""
        page.goto(f"{self.site.url}/articles/{self.ids[name]}{query}")
        expect(page.get_by_text(re.compile(r"^\d+ events?")).first).to_be_visible()

    def events(self, **parameters: Any) -> list[dict[str, Any]]:
        """Return the events of the page, as the API tells them."""
        found: list[dict[str, Any]] = self.site.server.json(f"/articles/{self.ids['page']}/events", **parameters)["items"]  # fmt: skip
        return found


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a store of invented articles with its users, and the ids of the articles."""
    db = tmp_path_factory.mktemp("reader") / "site.duckdb"
    ids = write_articles(db)
    add_users(db)
    return db, ids


@pytest.fixture(scope="module")
def library(shelf: tuple[Path, dict[str, str]]) -> Iterator[Library]:
    """Return a site over the articles; tests only read it."""
    with open_site(shelf[0]) as site:
        yield Library(site, shelf[1])


@pytest.fixture
def desk(shelf: tuple[Path, dict[str, str]], tmp_path: Path, page: Page) -> Iterator[Library]:
    """Return a site of its own over the articles; a reviewer is signed in on the page."""
    with open_site(copy_store(shelf[0], tmp_path)) as site:
        page.goto(site.url)
        sign_in(page, "reviewer")
        yield Library(site, shelf[1])


def _trigger(page: Page, words: str) -> Any:
    return page.locator(".text a[data-event]", has_text=re.compile(f"^{words}$"))


def _fields(page: Page) -> Any:
    return page.get_by_role("complementary", name="Events")


def _rows(page: Page) -> Any:
    return page.get_by_role("list", name="Events in the order of the text").get_by_role("listitem")


def test_marks_stand_on_their_words(page: Page, library: Library, check_axe: Callable[[Page], None]) -> None:
    """Every event is marked on the very words of its trigger, with characters beyond the BMP before them, and says its status."""
    library.open(page)
    expect(page.get_by_text("from JSON-LD datePublished")).to_be_visible()
    expect(page.get_by_role("link", name="Original page")).to_have_attribute("rel", "noopener noreferrer")
    marked = page.locator(".text a[data-event]")
    assert set(marked.all_inner_texts()) == {e["trigger"]["text"] for e in library.events()}
    for words, look in (("will impose sanctions", "future"), ("did not expel", "negated"), ("may cut ties", "hypothetical")):  # fmt: skip
        expect(_trigger(page, words)).to_have_class(re.compile(rf"\b{look}\b"))
    expect(_trigger(page, "signed a treaty")).to_have_class(re.compile(r"\bbackground\b"))
    _trigger(page, "accused").click()
    roles = page.locator(".text [data-label]")
    assert [(r.get_attribute("data-label"), r.text_content()) for r in roles.all()] == [("actor", "Iran"), ("recipient", "Turkey")]  # fmt: skip
    check_axe(page)


def test_text_is_whole_and_what_is_not_coded_is_folded(page: Page, library: Library) -> None:
    """All lines of the text are on the page, in order; the teaser and the repeated headline are folded with the reason."""
    library.open(page)
    text = library.site.server.json(f"/articles/{library.ids['page']}")["article"]["text"]
    shown = page.locator(".text .line").all()
    assert [line.text_content() for line in shown] == [line for line in text.split("\n") if line.strip()]
    expect(page.get_by_text(TEASER)).to_be_hidden()
    page.get_by_text("1 teaser for another story: not coded").click()
    expect(page.get_by_text(TEASER)).to_be_visible()


def test_words_of_two_events_lead_to_both(page: Page, library: Library) -> None:
    """A second click on the same words goes to the other event, and the address says which."""
    library.open(page)
    both = [e["event_id"] for e in library.events() if e["trigger"]["text"] == "condemned"]
    seen = []
    for _ in both:
        _trigger(page, "condemned").click()
        expect(page).to_have_url(re.compile(r"event=\w+"))
        seen.append(page.url.split("event=")[1])
    assert sorted(seen) == sorted(both)


def test_kinds_can_be_left_out(page: Page, library: Library) -> None:
    """A filter takes the other events from text and list, and all come back."""
    library.open(page)
    page.get_by_role("button", name="verbal cooperation").click()
    expect(_rows(page)).to_have_count(1)
    expect(page.locator(".text a[data-event]")).to_have_count(1)
    page.get_by_role("button", name="All", exact=True).click()
    expect(_rows(page)).to_have_count(7)


def test_keys_alone(page: Page, library: Library) -> None:
    """J and k step and scroll, Enter goes to the fields, Escape leads out; every step is announced."""
    library.open(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(_rows(page).nth(1).get_by_role("link")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("status").filter(has_text="Event 2 of 7.")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Event 2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="No event is chosen")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()


def test_correction_is_kept_and_the_past_too(page: Page, desk: Library) -> None:
    """Type and recipient are corrected, shown, still there after loading; before that moment the old ones stand."""
    desk.open(page)
    _trigger(page, "will impose sanctions").click()
    page.keyboard.press("c")
    form = page.get_by_role("form", name="Correct this event")
    form.get_by_label("What happened").select_option("THREATEN")
    form.get_by_role("button", name="Take Halden away").click()
    form.get_by_role("button", name="Add recipient").click()
    words = page.get_by_role("group", name="Words of the recipient")
    words.get_by_label("from word").fill("6")
    page.keyboard.press("Tab")
    words.get_by_role("button", name="Take these words").click()
    form.get_by_label("Country").last.fill("Atlantis")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("group", name="Recipients").get_by_role("alert")).to_contain_text("ATLANTIS")
    form.get_by_label("Country").last.fill("Sweden")
    form.get_by_role("button", name="Save").click()
    expect(_fields(page).get_by_text("Corrected by reviewer")).to_be_visible()
    page.reload()
    fields = _fields(page)
    expect(fields.get_by_text("Sweden SWE")).to_be_visible()
    expect(fields.locator(".fields").get_by_text("Threaten").first).to_be_visible()
    now = next(e for e in desk.events() if e["trigger"]["text"] == "will impose sanctions")
    assert (now["event_type"], now["recipients"][0]["country"]) == ("THREATEN", "SWE")
    fields.get_by_role("button", name="how it stood before").click()
    expect(fields.locator(".fields").get_by_text("Sanction").first).to_be_visible()
    expect(fields.get_by_text("Denmark DNK")).to_be_visible()
    expect(fields.get_by_text("Go back to now to review it.")).to_be_visible()


def test_rejected_event_can_be_brought_back(page: Page, desk: Library) -> None:
    """A rejected event stays in view struck through, after loading too, and accepting it brings it back."""
    desk.open(page)
    _trigger(page, "did not expel").click()
    page.keyboard.press("x")
    expect(page.get_by_text("6 events")).to_be_visible()
    expect(_trigger(page, "did not expel")).to_have_class(re.compile(r"\bgone\b"))
    assert len(desk.events()) == 6
    page.reload()
    page.get_by_role("list", name="Events in the order").get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("7 events")).to_be_visible()
    expect(_trigger(page, "did not expel")).not_to_have_class(re.compile(r"\bgone\b"))
    assert len(desk.events()) == 7


def test_missed_event_is_added_by_selecting_its_words(page: Page, desk: Library) -> None:
    """Words selected with the mouse become the trigger, others the sides; the event is then marked like the coded ones."""
    desk.open(page)
    _select(page, "visited")
    page.keyboard.press("n")
    form = page.get_by_role("form", name="Add an event")
    expect(form.get_by_role("button", name="“visited”")).to_be_visible()
    form.get_by_label("What happened").select_option("CONSULT")
    form.get_by_label("How").select_option("visit")
    for add, words, country in (
        ("Add actor", "president of Kenya", "KEN"),
        ("Add recipient", "Uganda", "UGA"),
    ):
        form.get_by_role("button", name=add).click()
        expect(page.locator(".text .picking").first).to_be_visible()
        _select(page, words)
        expect(form.get_by_role("button", name=f"“{words}”")).to_be_visible()
        form.get_by_label("Country").last.fill(country)
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("8 events")).to_be_visible()
    expect(_trigger(page, "visited")).to_be_visible()
    new = next(e for e in desk.events() if e["trigger"]["text"] == "visited")
    sides = [[p["text"] for p in new[side]] for side in ("actors", "recipients")]
    assert (new["event_type"], new["mode"], sides) == (
        "CONSULT",
        "visit",
        [["president of Kenya"], ["Uganda"]],
    )
    assert new["quote"]["text"] == MISSED


def test_words_still_being_picked_are_not_lost_by_saving(page: Page, desk: Library) -> None:
    """Saving with a side begun says so; once picking is cancelled the event is saved without it."""
    desk.open(page)
    _select(page, "visited")
    page.keyboard.press("n")
    form = page.get_by_role("form", name="Add an event")
    form.get_by_label("What happened").select_option("CONSULT")
    form.get_by_role("button", name="Add recipient").click()
    form.get_by_role("button", name="Save").click()
    alert = form.get_by_role("alert")
    expect(alert).to_contain_text("Words are still being picked")
    assert len(desk.events()) == 7
    page.get_by_role("group", name="Words of the recipient").get_by_role("button", name="Cancel").click()
    expect(alert).to_have_count(0)
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("8 events")).to_be_visible()


def test_missed_event_is_added_by_keys_alone(page: Page, desk: Library) -> None:
    """Sentence and words are chosen with arrow keys, the type in the form, and Enter on its button saves."""
    desk.open(page)
    page.keyboard.press("n")
    words = page.get_by_role("group", name="Words of the trigger")
    shown = words.get_by_role("status")
    for _ in range(20):
        if (shown.text_content() or "") == "Later":
            break
        page.keyboard.press("ArrowDown")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(shown).to_have_text("visited Uganda")
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Add an event")
    expect(form.get_by_role("button", name="“visited Uganda”")).to_be_visible()
    expect(page.get_by_role("heading", name="Add an event")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Cons")
    save = form.get_by_role("button", name="Save")
    for _ in range(12):
        if save.evaluate("(button) => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("8 events")).to_be_visible()
    assert any(e["event_type"] == "CONSULT" for e in desk.events())


def test_another_reviewers_change_comes_in(page: Page, desk: Library, new_page: Callable[..., Page]) -> None:
    """Who reads sees what another person changes, without losing the chosen event."""
    desk.open(page)
    other = new_page()
    desk.open(other)
    _trigger(other, "accused").click()
    _trigger(page, "may cut ties").click()
    page.keyboard.press("x")
    expect(other.get_by_text("6 events")).to_be_visible()
    expect(other.get_by_role("heading", name="Event 3")).to_be_visible()


def test_hostile_text_stays_text(page: Page, library: Library) -> None:
    """Markup, script addresses and marks of direction in an article are shown as words and do nothing."""
    library.open(page, "evil")
    lines = [line.text_content() for line in page.locator(".text .line").all()]
    assert lines == EVIL.split("\n")
    expect(page.get_by_role("heading", level=1)).to_have_text(EVIL_TITLE)
    expect(page.get_by_text("2 characters that turn the direction of writing")).to_be_visible()
    page.keyboard.press("j")
    expect(
        _fields(page).locator(".fields").get_by_text("<script>window.evil = 1</script> Keld").first
    ).to_be_visible()
    assert page.locator("main script, main img, main iframe, a[href^='javascript']").count() == 0
    assert page.evaluate("window.evil") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_long_article_stays_quick(page: Page, library: Library) -> None:
    """An article of 200,000 characters opens, and stepping through its events stays within half a second on a busy machine."""
    library.open(page, "long")
    assert sum(map(len, page.locator(".text .line").all_text_contents())) >= LONG_MOST
    took = page.evaluate(
        """async () => {
            const steps = [];
            for (let n = 0; n < 15; n++) {
                const from = performance.now();
                document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
                await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                steps.push(performance.now() - from);
            }
            return steps.sort((a, b) => a - b)[7];
        }"""
    )
    assert took < 500, f"a step takes {took:.0f} ms"
    chosen = page.locator(".text a.own").first
    expect(chosen).to_be_in_viewport()


def test_small_screen_has_a_sheet(new_page: Callable[..., Page], library: Library, check_axe: Callable[[Page], None]) -> None:  # fmt: skip
    """On 360 pixels nothing is wider than the screen; the fields are in a sheet, above which the sentence stands."""
    page = new_page(viewport={"width": 360, "height": 780})
    library.open(page)
    page.get_by_role("button", name="Next event").click()
    expect(page.get_by_role("heading", name="Event 1")).to_be_hidden()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="Event 1")).to_be_visible()
    page.wait_for_function(
        """() => document.querySelector(".text a.own").getBoundingClientRect().bottom
                 <= document.querySelector("aside").getBoundingClientRect().top"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Event 1")).to_be_hidden()
    page.get_by_text(DENIED.split(" expel")[0]).first.scroll_into_view_if_needed()


def _box_of(page: Page, words: str) -> list[float] | None:
    """Return left, right and middle of words of the article, scrolled into view."""
    box: list[float] | None = page.evaluate(
        """(words) => {
            const walker = document.createTreeWalker(document.querySelector(".text"), NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                node.parentElement.scrollIntoView({ block: "center" });
                const box = range.getBoundingClientRect();
                return [box.left, box.right, (box.top + box.bottom) / 2];
            }
        }""",
        words,
    )
    return box


def _select(page: Page, words: str) -> None:
    """Drag the mouse over words of the article, once they have come to rest on the screen."""
    before, box = None, _box_of(page, words)
    while box != before:
        page.wait_for_timeout(50)
        before, box = box, _box_of(page, words)
    assert box is not None, words
    left, right, middle = box
    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle, steps=4)
    page.mouse.move(right - 1, middle, steps=4)
    page.mouse.up()
