"""Dates stand on pages in many forms; what is before, behind or beside them tells which day is that of publication."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.clean import Cleaner
from dragoman.clean.datelines import UPDATED, is_date_line, rank_date_line, says
from dragoman.clean.published import to_date
from dragoman.records import Article, RawArticle

TITLE = "Arda and Bree exchange prisoners at the ford of Quill"
BODY = (
    "<p>Arda and Bree exchanged forty prisoners at the ford of Quill early in the morning, both governments said.</p>"
    "<p>The prisoners crossed the river one by one, each with a blanket and a loaf, while officers of both sides read out names.</p>"
    "<p>The minister of Arda thanked the monks of the island, who had carried letters across the river for two years.</p>"
)
DAY = date(2024, 3, 5)


def read(around: str, *, head: str = "", lang: str = "en", url: str | None = None) -> Article:
    """Return the article of a page; "@" stands for the headline."""
    body = around.replace("@", f"<h1>{TITLE}</h1>")
    page = f'<html lang="{lang}"><head><title>{TITLE}</title>{head}</head><body>{body}{BODY}</body></html>'
    found = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html", url=url)])[0]
    assert isinstance(found, Article)
    return found


def day_of(around: str, *, head: str = "", lang: str = "en", url: str | None = None) -> date | None:
    """Return the day on which a page was published."""
    return read(around, head=head, lang=lang, url=url).published_on


@pytest.mark.parametrize(
    "around",
    [
        "@<p><span>Published March 5, 2024</span><span>Updated March 6, 2024 07:05am</span></p>",
        "@<div>By <a href='/j'>Jem Stroud</a> <span>March 5, 2024 8:11 AM</span><span>Reading Time: 3 mins read</span></div>",
        "@<div><span>JEM STROUD</span><span>05.03.2024, 07:30</span><span>3 min.</span></div>",
        "@<p>Published - March 05, 2024 08:41 pm IST - QUILL</p>",
        "@<div>PUBLISHED : 5 Mar 2024 at 10:12</div><div>UPDATED : 6 Mar 2024 at 08:00</div>",
        "@<div><i>Source: Ardan Agency</i>| <i>2024-03-05 15:32:47</i>|<i>Editor: jem</i></div>",
        "@<div>Jem Stroud — Tuesday, 5 March 2024, 15:32</div>",
        "@<dl><dt>From:</dt><dd>Foreign Office</dd><dt>Published</dt><dd>5 March 2024</dd><dt>Last updated</dt><dd>9 March 2024</dd></dl>",
        "@<p>Publication date: <strong>5 March 2024</strong></p>",
        "@<div>March 5th, 2024 18:11 JST</div>",
        "@<p>JEM STROUD/ Staff Writer</p><p>March 5, 2024 at 18:11 KST</p>",
        "@<div>Quill ● Tue, March 5, 2024</div>",
        "@<div>Tuesday, March 05, 2024 — updated on March 06, 2024</div>",
        "@<table><tr><td>Last updated</td><td>9 March 2024</td></tr><tr><td>First published</td><td>5 March 2024</td></tr></table>",
        "@<div>Posted 7 March 2024</div><div>Originally published 5 March 2024</div>",
        "@<div>2024年3月5日 15:32</div>",
        "<div>5 March 2024</div><div>Quill Gazette</div>@",
    ],
)
def test_printed_dates_are_found_in_pieces_of_a_line(around: str) -> None:
    """Beside the author, a place, a bar of tools; in a list of particulars; with what was changed later beside it."""
    assert day_of(around) == DAY


@pytest.mark.parametrize(
    ("around", "lang", "url", "day"),
    [
        ("@<div>05/03/2024 - 19:32</div>", "en-GB", None, DAY),
        ("@<div>03/05/2024 - 19:32</div>", "en-US", None, DAY),
        ("@<div>05/03/2024 - 19:32</div>", "uk", None, DAY),
        ("@<div>05/03/2024 - 19:32</div>", "en", "https://gazette.co.ke/a", DAY),
        ("@<div>05/03/2024 - 19:32</div>", "en-US", "https://gazette.vn/a", DAY),
        ("@<div>03/05/2024 - 19:32</div>", "en", "https://gazette.ph/a", DAY),
        ("@<div>05/03/2024</div><ul><li>21/02/2024 The ferry</li></ul>", "en-US", None, DAY),
        ("@<div>03/05/2024</div><ul><li>02/21/2024 The ferry</li></ul>", "en", None, DAY),
        ("@<div>05.03.2024 19:32</div>", "en", None, DAY),
        ("@<div>25/03/2024</div>", "en", None, date(2024, 3, 25)),
        ("@<div>03/25/2024</div>", "en", None, date(2024, 3, 25)),
    ],
)  # fmt: skip
def test_figures_are_read_as_the_page_writes_them(around: str, lang: str, url: str | None, day: date) -> None:
    """Other dates of the page, its country and its language tell day and month apart; dots put the day first."""
    assert day_of(around, lang=lang, url=url) == day


def test_figures_that_could_be_two_days_are_passed_over() -> None:
    """Where nothing tells the order, no day is made up, neither from a line nor from a tag."""
    assert day_of("@<div>by Jem Stroud</div>", head='<meta name="date" content="05/03/2024">') is None
    assert rank_date_line("05/03/2024") is None
    assert is_date_line("05/03/2024")


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="mediator_published_time" content="2024-03-05T18:44:12+03:00">',
        '<meta name="publishedDate" content="2024-03-05T20:12:00"><meta name="lastDate" content="2024-03-15T06:40:00">',
        '<meta name="custom:first-published-at" content="2024-03-05"><meta name="custom:updated-at" content="2024-03-15">',
        '<meta name="article.created" content="2024-03-05">',
        '<meta name="published-date" content="1709650000">',
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-05",}</script>',
        '<script type="application/ld+json"><!-- {"@type":"NewsArticle","datePublished":"2024-03-05"} --></script>',
        '<script type="application/ld+json">//<![CDATA[\n{"@type":"NewsArticle","datePublished":["2024-03-05"]}\n//]]></script>',
        '<script type="application/ld+json; charset=utf-8">{"@type":"NewsArticle","datePublished":"2024-03-05"};</script>',
        '<script type="application/ld+json">{"@type":"NewsArticle" "datePublished":"2024-03-05T10:00:00Z" "x":{"</script>',
        '<script type="application/ld+json">[{"@type":"NewsArticle","headline":"Ferry","datePublished":"2024-03-01"},'
        f'{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"2024-03-05"}}]</script>',
        '<script type="application/ld+json">{"@type":"WebPage","mainEntityOfPage":{"@type":"Article","datePublished":"2024-03-05"}}</script>',
    ],
)  # fmt: skip
def test_tags_are_read_in_the_forms_that_they_have(head: str) -> None:
    """Names in any order of words, JSON-LD with small faults, several articles in one block."""
    assert day_of("@", head=head) == DAY


@pytest.mark.parametrize(
    "around",
    [
        '<div><time datetime="2024-03-01">1 March</time> Ferry runs again</div>@<div><time datetime="2024-03-05">5 March</time></div>',
        '@<dl><dt>Posted</dt><dd><time datetime="2024-03-07">7 March</time></dd>'
        '<dt>Originally published</dt><dd><time datetime="2024-03-05">5 March</time></dd></dl>',
        '@<time datetime="2024-03-09">Updated 9 March 2024</time> <time datetime="2024-03-05">5 March 2024</time>',
        "@<div><time>5 March 2024</time></div>",
    ],
)
def test_time_tags_go_by_their_place_and_label(around: str) -> None:
    """Below the headline before above it; first published before posted; updated never; without an attribute as printed."""
    assert day_of(around) == DAY


@pytest.mark.parametrize(
    "around",
    [
        "@<div>Deadline</div><div>5 March 2024</div>",
        "@<p>The talks of <a href='/t'>5 March 2024</a> had failed.</p>",
        "@<dl><dt>Last updated</dt><dd>5 March 2024</dd></dl>",
    ],
)
def test_other_days_beside_the_headline_are_not_taken(around: str) -> None:
    """A deadline, a date in a sentence, the day of the last change."""
    found = read(around)
    assert found.published_evidence is None or "printed" not in found.published_evidence.detail


def test_labels_of_dates_are_told_from_other_labels() -> None:
    """What says "updated" and nothing else is a label of the last change."""
    assert says("Last updated:") == UPDATED
    assert says("Updated the list of members") is None


def test_seconds_since_1970_are_read() -> None:
    """Systems write seconds or milliseconds."""
    assert to_date("1709650000") == to_date("1709650000123") == DAY
