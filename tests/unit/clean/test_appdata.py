"""The article of a page that carries it as data alone is read from there, and nothing else is."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from dragoman.clean import Cleaner
from dragoman.records import Article, RawArticle, Rejected

MOST_SECONDS = 10  # of the processor; a slow pattern takes minutes
TITLE = "Miners of Orlo block the road to the capital"
TEXT = [
    "Some four hundred miners of Orlo blocked the road to the capital on Tuesday and demanded wages that are five months late.",
    "The energy minister, Olga Brand, promised to pay half of the sum by Friday. The miners rejected the offer.",
    "Police fired tear gas in the evening and arrested the leader of their union, Anton Rusk.",
]
STATE = {
    "props": {
        "mostRead": [
            {"headline": "Ten soups for autumn", "body": ["A soup is a letter to the stomach. " * 9]}
        ],
        "article": {
            "headline": TITLE,
            "publishedAt": "2024-10-08T09:00:00Z",
            "author": {"bio": "Jem Stroud writes about coal."},
            "body": [{"type": "paragraph", "text": text} for text in TEXT],
            "related": [{"headline": "Why coal is dear", "text": "It is dear since nobody digs it."}],
        },
    }
}


def clean(scripts: str, body: str = "<div id='root'>Loading</div>") -> Article | Rejected:
    """Return what the cleaner makes of a page with these scripts."""
    page = f"<html><head><title>{TITLE} | Orlo Post</title>{scripts}</head><body>{body}</body></html>"
    (found,) = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])
    return found


def body_of(article: Article | Rejected) -> list[str]:
    """Return the paragraphs of an article without its title."""
    assert isinstance(article, Article)
    return [article.text[s.start : s.end] for s in article.sections if s.kind != "title"]


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{}</script>',
        "<script>window.__INITIAL_STATE__ = {}; window.boot();</script>",
    ],
)
def test_the_state_of_a_program_is_read(script: str) -> None:
    """Paragraphs and date are the article's own; related stories, biographies and other articles stay out."""
    article = clean(script.replace("{}", json.dumps(STATE)))
    assert body_of(article) == TEXT
    assert isinstance(article, Article)
    assert article.published_on == date(2024, 10, 8)
    assert article.published_evidence is not None
    assert article.published_evidence.detail == 'page data publishedAt "2024-10-08T09:00:00Z"'


def test_tags_and_runs_inside_the_data_are_undone() -> None:
    """A body of HTML gives its paragraphs, and the runs of one paragraph are joined."""
    runs = [{"text": TEXT[1][:20]}, {"text": f"{TEXT[1][20:]} ", "bold": True}]
    node = {"title": TITLE, "storyHTML": f"<p>{TEXT[0]}</p><p>{TEXT[2]}</p>", "blocks": [{"children": runs}]}
    script = f'<script type="application/json">{json.dumps({"page": node})}</script>'
    assert sorted(body_of(clean(script))) == sorted(TEXT)


@pytest.mark.parametrize(
    "state", ["window.__STATE__ = {broken", "window.__NUXT__=(function(a){return {}}(1))", "[" * 5000]
)
def test_what_is_no_json_is_passed_over(state: str) -> None:
    """A program's state that is not JSON is neither run nor a failure."""
    found = clean(f"<script>{state}</script>")
    assert isinstance(found, Rejected)
    assert found.reason == "no_article_text"


@pytest.mark.parametrize("filler", ["A", " ", "_", "STATE=", "<p", "A_STATE = {"])
def test_long_scripts_cost_no_time(filler: str) -> None:
    """A script made to be slow to look through is looked through once."""
    script = f"<script>{filler * (2_000_000 // len(filler))}</script>"
    began = time.process_time()
    assert isinstance(clean(script), Rejected)
    assert time.process_time() - began < MOST_SECONDS


def test_the_data_of_another_headline_is_not_taken() -> None:
    """A page that shows its own article is read as shown, whatever stories its data holds."""
    shown = "".join(f"<p>{text}</p>" for text in TEXT)
    other = json.dumps(STATE).replace(TITLE, "Quite another story of the day")
    article = clean(
        f'<script type="application/json">{other}</script>', f"<article><h1>{TITLE}</h1>{shown}</article>"
    )
    assert body_of(article) == TEXT


def test_linked_data_counts_where_the_page_shows_other_stories_only() -> None:
    """``articleBody`` is the article where the page prints none of it."""
    data = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "datePublished": "2024-10-08",
        "articleBody": "\n".join(TEXT),
    }
    cards = "".join(
        f"<article><h3><a href='/{n}'>Story number {n} of the day</a></h3><p>It is told in nine words or a few more.</p></article>"
        for n in range(9)
    )
    article = clean(f'<script type="application/ld+json">{json.dumps(data)}</script>', cards)
    assert body_of(article) == TEXT
