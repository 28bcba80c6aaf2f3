"""What an extractor leaves out of the middle of an article is put back; what stands round an article stays out."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.clean import Cleaner
from dragoman.records import Article, RawArticle, Rejected

TITLE = "Dockers of Quill end their strike after a night of talks"
FIRST = (
    "<p>The dockers of Quill ended their strike on Monday after a night of talks with the harbour company, both sides said.</p>"
    "<p>The company agreed to hire eighty men whom it had dismissed in the spring, and to pay half of the wages that they lost.</p>"
)
LAST = "<p>Eleven ships that had waited outside the harbour were brought in by pilots before the evening, the harbour master told reporters.</p>"


def read(body: str, *, head: str = "", title: str = TITLE) -> Article | Rejected:
    """Return what the cleaner makes of a page."""
    page = f"<html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])[0]


def told(body: str, *, head: str = "") -> str:
    """Return the words of the sections besides title and teasers, one section a line."""
    found = read(body, head=head)
    assert isinstance(found, Article), found
    return "\n".join(found.text[s.start : s.end] for s in found.sections if s.kind not in ("title", "teaser"))


def test_text_in_several_boxes_of_one_name_is_read_whole() -> None:
    """Pages that put an advertisement or a link between parts of the text cut its box in two."""
    part = '<div class="block"><div class="words">{}</div></div>'
    link = '<div class="link"><a href="/x">Ferry fares to rise in summer</a></div>'
    found = told(
        f"<main><h1>{TITLE}</h1>{part.format(FIRST)}{link}{part.format('<h2>Ships</h2>' + LAST)}</main>"
    )
    assert "Eleven ships" in found
    assert "Ships\n" in found
    assert "Ferry fares" not in found


def test_points_and_headings_between_paragraphs_stay() -> None:
    """A list inside the text is text, also where the extractor takes paragraphs only."""
    points = "<h3>What was agreed</h3><ul><li>Eighty men are hired again by the company.</li><li>Half of the wages are paid.</li></ul>"
    found = told(f"<div class='row'><h1>{TITLE}</h1><div class='rte'>{FIRST}{points}{LAST}</div></div>")
    assert "What was agreed" in found
    assert "Eighty men" in found
    assert found.index("Half of the wages") < found.index("Eleven ships")


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ('<aside class="pullquote"><p>“The company agreed to hire eighty men”</p></aside>', "“The company agreed to hire eighty men”\n"),
        ('<div id="wm-ipp-base"><p>The Archive has 12 captures of this page from 5 Oct 2011 to 17 Mar 2016.</p></div>', "captures"),
        ('<dl><dt>Format</dt><dd>News</dd><dt>Origin</dt><dd>Harbour Union</dd></dl>', "Origin"),
        ('<div class="post-views">7380</div>', "7380"),
        ('<div class="x"><h3>Media enquiries</h3><p>Telephone the office of the harbour, which is staffed at night.</p></div>', "staffed"),
        ('<p data-testid="promo-box">The Quill letter tells you all that there is to know before breakfast.</p>', "breakfast"),
        ('<div class="z"><h4>Quill needs you.</h4><p>Help us to report on the harbour for another year.</p><a class="btn" href="/g">Give now</a></div>', "another year"),
        ('<p><a href="/jem">Jem Stroud</a> is a Gazette reporter covering the harbour and its people.</p>', "covering"),
        ('<div class="v"><p>To view this video please enable JavaScript in your browser.</p><h4>Quill at night</h4></div>', "Quill at night"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_left_out_of_its_middle(part: str, word: str) -> None:
    """Quotations that repeat the text, toolbars, particulars, counters, contacts, appeals, notes on the author."""
    found = told(f"<article><h1>{TITLE}</h1>{FIRST}{part}{LAST}</article>")
    assert word not in found
    assert "Eleven ships" in found
    assert "eighty men" in found


def test_marks_of_footnotes_are_left_out() -> None:
    """A raised number that links to a note is no word of the sentence."""
    found = told(f"<article><h1>{TITLE}</h1>{FIRST}<p>The talks took nine hours<sup><a href='#n1'>1</a></sup> and two meals.</p>{LAST}</article>")  # fmt: skip
    assert "nine hours and two meals" in found


def test_a_company_describes_itself_below_its_release() -> None:
    """From "About the company" on a press release is no news."""
    about = "<p><b>About Quill Harbours</b></p><p>Quill Harbours runs six ports and employs 4,100 people in three countries.</p>"
    found = told(f"<article><h1>{TITLE}</h1>{FIRST}{LAST}{about}</article>")
    assert "employs 4,100" not in found
    assert "Eleven ships" in found


@pytest.mark.parametrize(
    "deck",
    [
        "<p><em>The company agrees to hire eighty men again.</em></p>",
        "<h2>The company agrees to hire eighty men again</h2>",
    ],
)
def test_a_sentence_between_headline_and_text_is_the_standfirst(deck: str) -> None:
    """Its place tells it where its name does not."""
    found = read(
        f"<main><header><h1>{TITLE}</h1>{deck}<p>By Jem Stroud</p></header><div>{FIRST}{LAST}</div></main>"
    )
    assert isinstance(found, Article)
    kinds = {found.text[s.start : s.end].rstrip("."): s.kind for s in found.sections}
    assert kinds["The company agrees to hire eighty men again"] in ("standfirst", "subheading")


def test_the_headline_of_a_blog_is_not_the_name_of_the_blog() -> None:
    """Where the window says "Site: headline" and the h1 is the site, the element called a title is the headline."""
    body = f'<h1><a href="/">Letters from the quay of Quill</a></h1><div class="post"><h3 class="post-title">{TITLE}</h3>{FIRST}{LAST}</div>'
    found = read(body, title=f"Letters from the quay of Quill: {TITLE}")
    assert isinstance(found, Article)
    assert found.title == TITLE


def test_a_page_that_says_it_is_missing_is_no_article() -> None:
    """Servers give such pages with status 200."""
    found = read("<main><h1>Page not found</h1><p>The page that you are looking for is not here, or was moved.</p></main>", title="Page not found")  # fmt: skip
    assert isinstance(found, Rejected)
    assert found.reason == "no_article_text"


def test_a_locked_part_that_is_shown_is_read() -> None:
    """A subscriber's copy says that its article is not free, and holds it."""
    lock = (
        '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false,'
        '"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paid"}}</script>'
    )
    text = (FIRST + LAST).replace("<p>", '<p class="paid">')
    assert "Eleven ships" in told(f"<article><h1>{TITLE}</h1>{text}</article>", head=lock)
    short = read(
        f"<article><h1>{TITLE}</h1>{FIRST}</article>".replace("<p>", '<p class="lead">'),
        title=TITLE,
        head=lock,
    )
    assert isinstance(short, Rejected)
    assert short.reason == "paywall"
