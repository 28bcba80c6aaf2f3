"""What stands around an article: cards of other stories, kickers, frames in other languages, and what sites call a headline."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.clean import Cleaner
from dragoman.clean.datelines import find_day, rank_date_line
from dragoman.clean.furniture import find_furniture
from dragoman.records import Article, RawArticle

TITLE = "Dockers of Harsund end their strike after six days"
TEXT = [
    "The dockers of Harsund went back to work on Monday after the port had promised to keep all jobs until 2027.",
    "Their union called the promise a victory. The company said that it had only repeated what it said in May.",
    "On Friday police had arrested four strikers who threw bottles at a bus.",
]


def clean(
    before: str = "", after: str = "", heading: str = f"<h1>{TITLE}</h1>", window: str = TITLE
) -> Article:
    """Return the article of a page with something before and behind its text."""
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    page = f"<html><head><title>{window}</title></head><body>{before}<div class='x'>{heading}{text}</div>{after}</body></html>"
    (found,) = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])
    assert isinstance(found, Article)
    return found


def body_of(article: Article) -> list[str]:
    """Return the paragraphs of an article without its title."""
    return [article.text[s.start : s.end] for s in article.sections if s.kind != "title"]


@pytest.mark.parametrize("tag", ["div", "li", "article"])
def test_cards_of_other_stories_are_left_out(tag: str) -> None:
    """Boxes of one make that each open with a linked headline are no part of the text, whatever they are called."""
    cards = "".join(
        f"<{tag} class='q7'><h3><a href='/{n}'>Old bridge number {n} reopens</a></h3>"
        f"<p>Bridge {n} was closed for eleven years and is now free of charge.</p></{tag}>"
        for n in range(4)
    )
    assert body_of(clean(after=f"<div class='z'>{cards}</div>")) == TEXT


def test_two_paragraphs_with_links_are_no_cards() -> None:
    """Paragraphs that open with a link stay: cards are boxes, and at least three."""
    linked = "<p><a href='/u'>The union of dockers</a> was founded in 1921 and has four thousand members in the town.</p>"
    assert "The union of dockers was founded" in clean(after=f"<div class='x'>{linked}{linked}</div>").text


@pytest.mark.parametrize(
    ("before", "heading", "window"),
    [
        ("<h1>Baltia Post</h1>", f"<h1>{TITLE}</h1>", f"{TITLE} | Baltia Post"),
        ("", f"<h1><span>Harsund: </span><span>{TITLE}</span></h1>", TITLE),
        ("<b>Menu</b>", f"<b>{TITLE}</b>", f"Ministry of Ports - {TITLE}"),
        (
            "",
            "<h1>Dockers of Harsund end their strike after six days, and bury the hatchet</h1>",
            f"{TITLE} - Post",
        ),
    ],
)
def test_the_headline_is_told_from_names_and_kickers(before: str, heading: str, window: str) -> None:
    """A site's name, a kicker and a shorter title for others are not the headline that the page prints."""
    title = clean(before, heading=heading, window=window).title
    assert title is not None
    assert title.startswith(TITLE)
    assert "Baltia" not in title


def test_a_frame_in_another_language_is_left_out() -> None:
    """A closing line in another language is the frame's."""
    frame = "<p>Grunden i vår journalistik är trovärdighet och opartiskhet, och vi är oberoende av alla intressen i samhället.</p>"
    assert body_of(clean(after=f"<div class='x'>{frame}</div>")) == TEXT


def test_chapters_set_as_headlines_are_kept() -> None:
    """A report whose chapters are all h1 is one article; an endless page has text before the next headline."""
    chapters = "".join(f"<h1>Chapter {n}</h1><p>{TEXT[0]} {n}</p><p>{TEXT[1]} {n}</p>" for n in range(3))
    page = f"<html><head><title>{TITLE}</title></head><body><main><h1>{TITLE}</h1><div>{chapters}</div></main></body></html>"
    (found,) = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])
    assert isinstance(found, Article)
    assert all(f"{TEXT[1]} {n}" in found.text for n in range(3))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Yayın tarihi: 5 Mart 2024 07:00", date(2024, 3, 5)),
        ("Publicado el 5 de marzo de 2024", date(2024, 3, 5)),
        ("Veröffentlicht am 5. März 2024, 14:05 Uhr", date(2024, 3, 5)),
        ("Publié le 1er août 2023", date(2023, 8, 1)),
        ("Опубликовано: 5 марта 2024", date(2024, 3, 5)),
        ("Friday, July 19, 2024 16:12 [GMT+7]", date(2024, 7, 19)),
        ("Mon Nov 14 21:07:33 CET 2005", date(2005, 11, 14)),
        ("28.02.23 23:58", date(2023, 2, 28)),
        ("Posted On: 15 FEB 2024 11:58PM by PIB Dehlipur", date(2024, 2, 15)),
    ],
)
def test_date_lines_in_the_manner_of_the_country(line: str, day: date) -> None:
    """Months, labels and forms of other countries are read."""
    assert rank_date_line(line) is not None
    assert find_day(line) == day


@pytest.mark.parametrize(
    "line", ["El 5 de marzo de 2024 murieron dos mineros en Orlo", "Am 5. März 2024 trat er zurück"]
)
def test_a_sentence_in_another_language_is_no_date_line(line: str) -> None:
    """A date inside a sentence is no date line."""
    assert rank_date_line(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Police urged residents to download the warning app before the storm reached the coast.",
        "While citing progress, the minister condemned the attack on the convoy.",
        "When using force the officers had warned nobody, the court found.",
        "The editor of the paper was arrested at the airport on Monday.",
        "References from two employers were demanded by the ministry.",
        "For more than a year the two sides have not spoken.",
    ],
)
def test_sentences_of_articles_are_no_furniture(line: str) -> None:
    """Lines that open as notices of sites do, but tell something, stay."""
    assert find_furniture(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Take the news with you! Download the Quire 24 app",
        "When using materials a link to the agency is mandatory.",
        "(ATTN: UPDATES with remarks in paras 4-5)",
        "For media comment: Office of Mr Lang (02) 5550 1182",
        "Translation: Mario Nunes - Edition: Lilian Berg",
        "Kindly share this story:",
        "BYLINE: PAUL KEANE, FOREIGN EDITOR",
        "jem.stroud@quire.example",
    ],
)
def test_notices_of_sites_are_furniture(line: str) -> None:
    """Notices, credits and labels of databases are left out."""
    assert find_furniture(line) is not None
