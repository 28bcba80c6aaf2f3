"""Plain-text pages are told apart into headline, standfirst, captions, body, teasers and the rest."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from dragoman.clean.pages import find_sections
from dragoman.records import Section

from .marked_pages import MarkedPage, load_pages, roles_of

PAGES = load_pages()
SEED = Path(__file__).parents[4] / "shared" / "seed"


def words(text: str, sections: tuple[Section, ...], kind: str) -> list[str]:
    """Return the words of the sections of a kind."""
    return [text[section.start : section.end] for section in sections if section.kind == kind]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_line_of_a_page_gets_its_role(page: MarkedPage) -> None:
    """Every line of the written pages has the role that a reader would give it."""
    assert roles_of(page.text, find_sections(page.text)) == page.roles


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_row_that_holds_a_page_loses_no_paragraph(page: MarkedPage) -> None:
    """Taken verbatim, a page keeps all its body lines as body or title."""
    found = roles_of(page.text, find_sections(page.text, verbatim=True))
    kept = [got for (_, role), (_, got) in zip(page.roles, found, strict=True) if role == "body"]
    assert set(kept) <= {"body", "title"}


def test_an_inline_link_leaves_out_its_label() -> None:
    """The teaser of "Read more: …" is the linked words alone."""
    text = (
        "Police fired tear gas near the parliament on Monday.\nRead more: Union leaders call a general strike"
    )
    assert words(text, find_sections(text), "teaser") == ["Union leaders call a general strike"]


def test_a_caption_leaves_out_its_credit() -> None:
    """The words of a caption end before the photographer's credit."""
    text = (
        "Fishermen block the harbour\n"
        "Boats lie across the entrance of the port on Monday. (Photo: Northern Press)\n"
        "Some sixty boats blocked the harbour on Monday."
    )
    assert words(text, find_sections(text), "caption") == [
        "Boats lie across the entrance of the port on Monday."
    ]


def test_a_credit_alone_is_no_caption() -> None:
    """A line that names only the photographer belongs to no section."""
    text = "Photo: Jane Doe\nSome sixty boats blocked the harbour on Monday."
    assert [section.kind for section in find_sections(text)] == ["body"]


def test_a_body_paragraph_may_end_with_an_agency() -> None:
    """The agency's name in brackets does not turn a paragraph into a caption."""
    text = "Some sixty boats blocked the harbour.\nThe police cleared the entrance at noon. (Reuters)"
    assert [section.kind for section in find_sections(text)] == ["body", "body"]


def test_a_verbatim_text_is_title_and_body_only() -> None:
    """A clean row keeps short lines, lists, dates and bylines as body."""
    text = (
        "Minister condemns attack\n"
        "The minister condemned the attack on the harbour.\n"
        "By Jane Doe\n"
        "August 8, 2014\n"
        "What happens next\n"
        "The minister will visit the town on Friday.\n"
        "Photo: the harbour\n"
        "Syria"
    )
    kinds = [section.kind for section in find_sections(text, verbatim=True)]
    assert kinds == ["title"] + ["body"] * 7


def test_a_row_of_one_line_is_body() -> None:
    """A single line without a final stop is body, for nothing else would be left."""
    text = "Explosion kills twelve in the harbour of Port Ansel"
    assert [section.kind for section in find_sections(text, verbatim=True)] == ["body"]


def test_the_given_title_is_found_in_the_text() -> None:
    """A line that equals the row's title is the title, even with a final stop and other quote marks."""
    text = "The minister’s “plan” fails.\nParliament voted against it on Friday."
    sections = find_sections(text, title='The minister\'s "plan" fails.', verbatim=True)
    assert [section.kind for section in sections] == ["title", "body"]


def test_a_text_without_stops_has_no_headlines() -> None:
    """Where sentences lack final stops, a line without one says nothing and stays body."""
    text = "\n".join(
        f"the minister of state number {number} said in the capital on friday that talks would go on for days"
        for number in range(4)
    )
    assert {section.kind for section in find_sections(text, verbatim=True)} == {"body"}


def test_a_heading_mark_is_no_part_of_the_heading() -> None:
    """Markdown headings are title and sub-heading without their marks."""
    text = "# Harbour blocked\n\nSome sixty boats blocked the harbour.\n\n## A long quarrel\n\nFishermen are angry at it."
    sections = find_sections(text)
    assert words(text, sections, "title") == ["Harbour blocked"]
    assert words(text, sections, "subheading") == ["A long quarrel"]


def test_windows_line_ends_make_no_difference() -> None:
    """A page with CR LF has the same sections as with LF."""
    page = next(page for page in PAGES if page.name == "headline_repeated")
    windows = page.text.replace("\n", "\r\n")
    plain = [page.text[s.start : s.end] for s in find_sections(page.text)]
    assert [windows[s.start : s.end] for s in find_sections(windows)] == plain


def test_labels_only_give_no_section() -> None:
    """A page of icon labels and bars has no section at all."""
    assert find_sections("Facebook iconTwitter icon\n|\nShare\n12 comments") == ()


@pytest.mark.shared
@pytest.mark.skipif(not SEED.exists(), reason="the shared seed page is not beside the project")
def test_the_seed_page_is_told_apart() -> None:
    """The seed page has one title, standfirst, caption and sub-heading, fifteen paragraphs and five cards."""
    text = (SEED / "aras-2025-page.txt").read_text("utf-8")
    gold = json.loads((SEED / "aras-2025-gold.json").read_text("utf-8"))["article"]
    sections = find_sections(text)
    counts = Counter(section.kind for section in sections)
    assert counts == {"title": 1, "standfirst": 1, "caption": 1, "subheading": 1, "body": 15, "teaser": 10}
    assert words(text, sections, "title") == [gold["title"]]
    assert words(text, sections, "subheading") == ["Tensions and Cooperation"]
    body = words(text, sections, "body")
    assert body[0].startswith(gold["body_starts"])
    assert body[-1].endswith(gold["body_ends"])
    copied = {section.kind: len(section.copies) for section in sections if section.copies}
    assert copied == {"title": 1, "standfirst": 1, "teaser": 1}
