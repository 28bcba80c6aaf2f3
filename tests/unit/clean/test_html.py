"""HTML pages give the blocks of their article with the roles that the page shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.clean import Cleaner
from dragoman.records import Article, RawArticle, Rejected

FOLDER = Path(__file__).parent / "html_pages"
TODAY = date(2025, 6, 1)


def clean(name: str, **fields: str) -> Article | Rejected:
    """Return what the cleaner makes of a page in ``html_pages/``."""
    raw = RawArticle((FOLDER / name).read_bytes(), "text/html", name, **fields)  # type: ignore[arg-type]
    return Cleaner(today=TODAY)([raw])[0]


def read(name: str) -> Article:
    """Return the article of a page that has one."""
    article = clean(name)
    assert isinstance(article, Article)
    return article


def words(article: Article, kind: str) -> list[str]:
    """Return the words of an article's sections of a kind."""
    return [article.text[s.start : s.end] for s in article.sections if s.kind == kind]


def test_a_page_gives_its_sections() -> None:
    """Title, standfirst, caption and sub-heading come from the page's own tags, paragraphs in order."""
    article = read("json_ld.html")
    assert words(article, "title") == ["Marenia frees forty prisoners ahead of talks"]
    assert words(article, "standfirst") == [
        "The release is the first since the truce of October, the mediator says."
    ]
    assert words(article, "caption") == ["A bus with freed prisoners arrives in Port Ansel on Monday."]
    assert words(article, "subheading") == ["A first step"]
    body = words(article, "body")
    assert [paragraph.split()[0] for paragraph in body] == ["Marenia", "The", "The", "A"]
    assert words(article, "teaser") == ["Rebels refuse to leave the harbour of Orrin"]


def test_menus_related_stories_and_footers_are_left_out() -> None:
    """Nothing of the page around the article reaches its text."""
    text = read("json_ld.html").text
    for stray in (
        "Storm cuts power",
        "Home",
        "All rights reserved",
        "Facebook",
        "Jane Doe",
        "Northern Press",
    ):
        assert stray not in text


def test_json_ld_tells_the_date_and_outlet() -> None:
    """The day of publication is the one printed in JSON-LD, not that of the last change."""
    article = read("json_ld.html")
    assert article.published_on == date(2024, 6, 3)
    assert article.published_evidence is not None
    assert article.published_evidence.basis == "metadata"
    assert article.published_evidence.detail == 'JSON-LD datePublished "2024-06-03T14:05:00+02:00"'
    assert article.outlet == "Northern Daily"
    assert article.url == "https://northern-daily.example/world/marenia-frees-prisoners"


def test_open_graph_tells_title_and_date() -> None:
    """Without JSON-LD the OpenGraph tags and the h1 speak, and the outlet's name is cut off."""
    article = read("open_graph.html")
    assert article.title == "Rustan shells border village, killing four"
    assert article.published_on == date(2023, 11, 17)
    assert words(article, "caption") == ["Smoke rises over the village of Ulm after the shelling"]


def test_a_paragraph_printed_twice_stands_once() -> None:
    """The text of a page holds each paragraph once."""
    article = read("open_graph.html")
    assert article.text.count("killing four farmers") == 1
    assert words(article, "body")[-1].startswith('"We slept in the cellar')


def test_an_old_page_of_tables_is_read() -> None:
    """A page laid out with tables and line breaks gives its printed headline, date and paragraphs."""
    article = read("old_tables.html")
    assert article.title == "Strike closes mines of Vessen"
    assert article.published_on == date(2003, 5, 14)
    assert len(words(article, "body")) == 3


def test_nothing_but_menus_is_no_article() -> None:
    """A page of links is rejected and its rejection names the page."""
    rejected = clean("only_menus.html")
    assert isinstance(rejected, Rejected)
    assert (rejected.stage, rejected.reason) == ("clean", "no_article_text")
    assert "only_menus.html" in rejected.detail


@pytest.mark.parametrize(
    "page", ["<html></html>", "<!DOCTYPE html>", "<p></p>", "<script>var a = 1;</script>"]
)
def test_a_page_without_text_is_no_article(page: str) -> None:
    """Pages without any words are rejected."""
    rejected = Cleaner(today=TODAY)([RawArticle(page, "text/html", "stdin")])[0]
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "no_article_text"


def test_the_given_title_wins() -> None:
    """A title that the input names stands in place of the page's own."""
    article = clean("open_graph.html", title="Four farmers killed at the border")
    assert isinstance(article, Article)
    assert article.title == "Four farmers killed at the border"
    assert words(article, "title") == ["Four farmers killed at the border"]


def test_broken_json_ld_is_noted() -> None:
    """JSON-LD that cannot be read leaves a note and the rest of the page counts."""
    page = (FOLDER / "open_graph.html").read_text("utf-8")
    page = page.replace("</head>", '<script type="application/ld+json">{"headline": </script></head>')
    article = Cleaner(today=TODAY)([RawArticle(page, "text/html", "stdin")])[0]
    assert isinstance(article, Article)
    assert article.notes == ("JSON-LD block 1 of the page is not valid JSON",)


def test_deep_nesting_is_survived() -> None:
    """Ten thousand nested elements give an answer and no crash."""
    page = (
        "<div>" * 10_000 + "<p>The talks began in Halden on Monday, officials said.</p>" + "</div>" * 10_000
    )
    answer = Cleaner(today=TODAY)([RawArticle(page, "text/html", "stdin")])[0]
    assert isinstance(answer, (Article, Rejected))
