"""Boxes of a page are known by what they hold: links, a sign-up field, a closing note; a list of links is no article."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.clean import Cleaner
from dragoman.records import Article, RawArticle, Rejected

BODY = (
    "<p>Soldiers of Arda occupied the harbour of Quill on Monday and sent the customs officers home.</p>"
    "<p>The governor of Quill asked the capital for help and closed the schools for a week.</p>"
    "<p>Fishermen gathered on the quay and shouted at the soldiers until it grew dark and cold.</p>"
)
TITLE = "Soldiers of Arda occupy the harbour of Quill"


def clean(body: str) -> Article | Rejected:
    """Return what the cleaner makes of a page with a headline and this body."""
    page = f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>"
    return Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])[0]


def told(found: Article | Rejected) -> str:
    """Return the words of the sections besides title and teasers."""
    assert isinstance(found, Article)
    return " ".join(found.text[s.start : s.end] for s in found.sections if s.kind not in ("title", "teaser"))


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ('<div class="x1"><a href="/a">Harvest feast ends early</a> <a href="/b">Old mill for sale</a></div>', "mill"),
        ('<blockquote><a href="/a">The week of the harbour.<br>An account by the quay.</a></blockquote>', "account"),
        ('<div class="x2"><div>Arda by mail</div><div>One letter a week on the sea.</div><button>Subscribe</button></div>', "letter"),
        ('<div class="x3"><h4>Quill on Sunday</h4><p>The week at the harbour.</p><form><input type="email"></form></div>', "Sunday"),
        ("<p><em>Iva Wald is a columnist for the Quill Gazette and sails.</em></p>", "columnist"),
    ],
)  # fmt: skip
def test_a_box_inside_the_text_is_left_out(box: str, words: str) -> None:
    """Blocks of links, linked quotations, sign-up boxes and notes on the author are not the article."""
    first, rest = BODY.split("</p>", 1)
    found = told(clean(f'<h1>{TITLE}</h1><div class="x0">{first}</p>{box}{rest}</div>'))
    assert words not in found
    assert "customs officers" in found
    assert "grew dark" in found


def test_a_column_of_links_beside_the_text_is_left_out() -> None:
    """In a lay-out table the cell that is mostly links is a column beside the article."""
    side = '<td>19.06.2025<br><a href="/1">Passport office shut on holiday</a><br>12.06.2025<br><a href="/2">New lorries</a></td>'
    found = told(clean(f"<table><tr><td><h1>{TITLE}</h1>{BODY}</td>{side}</tr></table>"))
    assert "Passport" not in found
    assert "customs officers" in found


def test_paragraphs_with_links_stay() -> None:
    """A paragraph with links in it is text, and so is a quotation with a linked word."""
    linked = '<p>The <a href="/q">harbour of Quill</a> is the <a href="/l">largest of the coast</a>, said the mayor.</p>'
    quoted = '<blockquote>I shall <a href="/s">stay</a> on my quay until they leave, said a fisherman.</blockquote>'
    found = told(clean(f"<h1>{TITLE}</h1>{BODY}{linked}{quoted}"))
    assert "largest of the coast" in found
    assert "on my quay" in found


def test_the_article_stays_whatever_stands_in_it() -> None:
    """A sign-up field inside the article's own element does not take the article with it."""
    found = told(clean(f'<div class="x0">{BODY}<input type="email"></div>'))
    assert "customs officers" in found


def test_a_list_of_stories_is_rejected() -> None:
    """A page of linked headlines with short summaries holds no article."""
    cards = "".join(
        f'<div><h3><a href="/{n}">Storm number {n} reaches the coast</a></h3><p>Boats number {n} stayed in the harbour.</p></div>'
        for n in range(8)
    )
    found = clean(f"<h1>Weather</h1>{cards}")
    assert isinstance(found, Rejected)
    assert found.reason == "no_article_text"


def test_an_article_above_a_list_of_stories_is_read() -> None:
    """Linked headlines below an article do not make it a list."""
    cards = "".join(f'<h3><a href="/{n}">Storm number {n} reaches the coast</a></h3>' for n in range(8))
    assert "customs officers" in told(
        clean(f"<h1>{TITLE}</h1>{BODY}{BODY.replace('Monday', 'Friday')}{cards}")
    )


def test_a_gallery_tells_its_news_in_captions() -> None:
    """A page of pictures is an article of captions, without credits and share bars."""
    words = ["Soldiers of Arda stand on the quay of Quill after the harbour was occupied on Monday.",
             "The governor of Quill asks the capital for help in a speech from her balcony.",
             "Fishermen gather on the quay and shout at the soldiers until it grows dark."]  # fmt: skip
    slides = "".join(
        f'<div class="pic-caption"><p>{w}</p><p class="pic-credit">Jo Finn / Seapix</p><ul class="pic-share"><li>Pin</li></ul></div>'
        for w in words
    )
    found = told(clean(f"<h1>{TITLE}</h1>{slides}"))
    assert all(w in found for w in words)
    assert "Seapix" not in found.replace("Jo Finn / Seapix", "", 1)
    assert "Pin" not in found


def test_the_headline_may_be_printed_in_a_plain_element() -> None:
    """An element called a title is the headline where the h1 is the outlet's name or there is none."""
    page = f'<html><head><title>Quill 24 mobile: {TITLE}</title></head><body><h1>Quill 24</h1><div class="art-ttl">{TITLE}</div>{BODY}</body></html>'
    found = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])[0]
    assert isinstance(found, Article)
    assert found.title == TITLE


@pytest.mark.parametrize(
    "printed",
    [
        '<h3 itemprop="headline">@</h3>',
        '<h1>Quill</h1><h3 class="post-title">@</h3>',
        '<div class="pr-title">@</div>',
    ],
)
@pytest.mark.parametrize("window", ["Foreign Office of Arda: @", "@ - Quill 24"])
def test_the_headline_is_printed_without_the_outlet(printed: str, window: str) -> None:
    """Before or behind the headline the window's title has the outlet's name, which is not printed with it."""
    page = f"<html><head><title>{window}</title></head><body>{printed}{BODY}</body></html>".replace(
        "@", TITLE
    )
    found = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])[0]
    assert isinstance(found, Article)
    assert found.title == TITLE


def test_a_printed_headline_goes_before_the_name_of_a_site() -> None:
    """A window's title that names the site only is not the headline; the text has more of the printed one's words."""
    rows = "".join(f"<div>{line}</div>" for line in BODY.replace("<p>", "").split("</p>") if line)
    page = f'<html><head><title>Pages of the Foreign Office, release 112</title></head><body><div class="pr-title">{TITLE}</div>{rows}</body></html>'
    found = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])[0]
    assert isinstance(found, Article)
    assert found.title == TITLE


def test_rows_that_open_with_a_clock_are_entries_of_a_live_blog() -> None:
    """A page whose JSON-LD says that it is a live blog is cut at its times, whatever its classes are called."""
    rows = "".join(
        f'<li class="q{n}"><span>1{n}:30</span><h2>Ship {n} leaves</h2><p>The ship number {n} has left the harbour of Quill.</p></li>'
        for n in range(3)
    )
    data = '{"@type": "LiveBlogPosting", "datePublished": "2025-03-04T09:00:00Z"}'
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body><h1>Harbour live</h1><ol>{rows}</ol></body></html>'
    found = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])
    articles = [item for item in found if isinstance(item, Article)]
    assert [article.title for article in articles] == ["Ship 0 leaves", "Ship 1 leaves", "Ship 2 leaves"]
    assert {article.published_on for article in articles} == {date(2025, 3, 4)}


def test_a_paragraph_with_a_drop_cap_is_no_caption() -> None:
    """Class names that only end like those of captions are not taken for them."""
    body = BODY.replace("<p>", '<p class="has-drop-cap">', 1)
    found = clean(f"<h1>{TITLE}</h1>{body}")
    assert isinstance(found, Article)
    assert "caption" not in {section.kind for section in found.sections}


def test_the_title_of_a_side_box_is_not_the_headline() -> None:
    """Without an h1, the window's title stands where a box above the text is called a title."""
    box = '<div class="widget-title">Latest letters from our readers</div>'
    found = clean(f"{box}{BODY}")
    assert isinstance(found, Article)
    assert found.title == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "Corrections minister Jane Doe said: we shall not release them before the harbour is free.",
        "Press officers of Arda were sent home from the harbour by the soldiers on Monday.",
        "Media workers in Quill struck on Monday because soldiers had shut their office.",
    ],
)
def test_sentences_that_open_like_furniture_stay(line: str) -> None:
    """Lines of contact and correction are known by their form, not by their first word."""
    assert line in told(
        clean(f"<h1>{TITLE}</h1>{BODY}<p>{line}</p><p>The soldiers did not answer any questions.</p>")
    )


@pytest.mark.parametrize(
    "line",
    [
        "Press and Public Relations Department",
        "Tel.: +99 2 4859 2201, fax: +99 2 4859 2210",
        "Correction, 23 May 2024: An earlier version of this article gave the wrong rank.",
        "Ada Moss in Bree contributed to this report.",
        "[1] http://quill.example/topics/harbour",
    ],
)
def test_lines_below_an_article_are_left_out(line: str) -> None:
    """Contacts, corrections, contributors and numbered addresses are not the article."""
    assert line not in told(clean(f"<h1>{TITLE}</h1>{BODY}<p>{line}</p>"))


def test_a_form_around_the_whole_page_is_no_box() -> None:
    """Pages of some systems stand in one form; headline, date line and text are found in it."""
    rows = "".join(f"<div>{line}</div>" for line in BODY.replace("<p>", "").split("</p>") if line)
    page = f'<html><head><title>Pages - release-112</title></head><body><form><div class="pr-title">{TITLE}</div><div>11 April 2025</div>{rows}</form></body></html>'
    found = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])[0]
    assert isinstance(found, Article)
    assert (found.title, found.published_on) == (TITLE, date(2025, 4, 11))
    assert len([section for section in found.sections if section.kind == "body"]) == 3
