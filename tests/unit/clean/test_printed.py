"""The date printed beside the headline dates a page whose tags say nothing; days of events and of visits do not."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.clean import Cleaner
from dragoman.clean.datelines import is_date_line
from dragoman.records import Article, RawArticle

TITLE = "Ministers of Arda and Bree to meet in Quill"
BODY = (
    "<p>The foreign ministers of Arda and Bree will meet in the port of Quill to talk about the fishing grounds that both claim.</p>"
    "<p>Bree offered to free two sailors whom its coastguard has held since the quarrel began in the spring of last year.</p>"
    "<p>The minister of Arda thanked the hosts and said that she would bring her own maps of the bank and of the coast.</p>"
)


def day_of(around: str, head: str = "") -> date | None:
    """Return the day on which a page was published; "@" stands for the headline."""
    body = around.replace("@", f"<h1>{TITLE}</h1>")
    page = f"<html><head><title>{TITLE}</title>{head}</head><body>{body}{BODY}</body></html>"
    found = Cleaner(today=date(2026, 1, 1))([RawArticle(page, "text/html", "page.html")])[0]
    assert isinstance(found, Article)
    return found.published_on


@pytest.mark.parametrize(
    "around",
    [
        '@<div class="q1">Created <em>21 May 2024 - 19:04</em></div>',
        "@<ul><li>Author: Jem Stroud</li><li>Published: 21 May 2024, 17:30</li><li>Updated: 23 May 2024</li></ul>",
        "<div>Issue 118 · Tuesday, 21 May 2024</div>@",
        "<div>Quill, 21 May 2024</div>@",
        "@<div>21 May 2024 | 15:10 | 4,118 views</div>",
        "@<div>May 21, 2024 · 3 min read</div>",
    ],
)
def test_a_date_line_beside_the_headline_dates_the_page(around: str) -> None:
    """Lines with "created", "published", an issue, a place, views or the time that reading takes."""
    assert day_of(around) == date(2024, 5, 21)


@pytest.mark.parametrize(
    "event",
    [
        '<time class="event-card__when" datetime="2024-06-14">14 June</time>',
        '<time itemprop="startDate" datetime="2024-06-14">14 June</time>',
    ],
)
def test_the_day_of_an_event_is_not_the_day_of_publication(event: str) -> None:
    """A time tag of an event is passed over, and a line that says "published" goes before a nameless time tag."""
    assert day_of(f"@<div>Published: 21 May 2024</div><div>{event}</div>") == date(2024, 5, 21)
    assert day_of(f"@<div><time datetime='2024-05-21'>21 May</time></div><div>{event}</div>") == date(
        2024, 5, 21
    )


def test_the_footer_of_an_article_may_hold_its_own_date() -> None:
    """Some systems print author and date in a footer above the text; a time in a side column is of another story."""
    around = (
        '@<article><footer class="node__meta"><time datetime="2024-05-21">21 May</time></footer></article>'
        '<div class="views-row"><time datetime="2024-05-25">25 May</time></div>'
    )
    assert day_of(around) == date(2024, 5, 21)


def test_the_line_that_says_published_goes_before_the_day_of_the_visit() -> None:
    """A site prints today's date above; the date of the article stands below its headline."""
    assert day_of("<div>Saturday, 25 May 2024</div>@<div>21 May 2024</div>") == date(2024, 5, 21)


def test_a_place_before_a_date_makes_a_date_line() -> None:
    """A place and a date alone are a date line; a sentence or a weekday list is not."""
    assert is_date_line("Orm, 17 June 2025")
    assert not is_date_line("The castle of Orm, 17 June 2025")
    assert not is_date_line("Talks in Orm began on 17 June 2025")


def test_a_time_in_a_box_that_is_set_to_the_right_counts() -> None:
    """Words of lay-out such as "text-end" do not make a time tag the end of an event."""
    assert day_of("@<div class='text-end'><time datetime='2024-05-21'>21 May</time></div>") == date(
        2024, 5, 21
    )
