from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.timex import infer_published

LATEST = date(2026, 1, 31)

COMING_END = """Navies Begin Joint Patrols in the Strait
The navies of the two countries began joint patrols on Tuesday, officials said.
The patrols are scheduled to run until 14 March. A first round was held in November 2022.
Relations had been frozen since 2017.
"""
PRINTED_LINE = """Protesters Block Port
By Our Correspondent
Published: 3 April 2023, 10:15 GMT | Updated: 5 April 2023
Dock workers blocked the port on Monday. A similar strike in 2019 lasted a week.
"""
BARE_LINE = """Minister Steps Down
June 7, 2021
The minister resigned on Monday after months of protests.
"""
DATELINE = """TIRANA, Oct. 12 (Agency) — Police arrested five men on Tuesday in connection with the fire.
The fire, which broke out in August 2021, killed two people.
"""
DATELINE_WITH_YEAR = """NAIROBI, Kenya, February 9, 2020 — The two presidents met for talks.
A border post had been shelled a week earlier.
"""
WEEKDAY_WITH_DAY = """Ceasefire Holds on Third Day
The ceasefire that came into force on Thursday, 8 September has held, monitors said on Saturday.
The war began in February 2022.
"""
FRESH_FULL_DATE = """Talks Resume
Delegations met again on Wednesday, 17 January 2024 in the capital, both sides said. They had last met in 2021.
"""
NEW_YEAR = """Envoy Arrives
The envoy arrived on Wednesday for talks that are to end on 4 January. The talks broke down in October 2022.
"""
NOTHING = """A History of the River
The river has flooded its banks many times. Villages along it were moved, and a dam was built.
"""
ONLY_WEEKDAYS = """Bridge Closed
The bridge was closed on Friday. It is to open again on Monday.
"""
ONLY_YEARS = """A Short History
The republic was founded in 1991. It joined the union in 2004 and held its first talks in 2012.
"""
OLD_FULL_DATE = """Who Was the General?
The general served for many years and rose through the ranks. He was a quiet man, who liked horses, and those who
served under him spoke of his calm, of the long evenings in the mess, and of a temper that showed only once. His memoirs
tell little of the campaign. In later years he lived near the coast and wrote to a small circle of friends, and it is in
those letters that most of what we know of the affair can be found. The treaty was signed on 12 May 1998.
"""
YEARLESS_ONLY = """Fire in Market
A fire broke out on 21 May. Shops will stay closed until 25 May.
"""


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [
        (COMING_END, "2023-03-07", "2023-03-14"),
        (PRINTED_LINE, "2023-04-03", "2023-04-03"),
        (BARE_LINE, "2021-06-07", "2021-06-07"),
        (DATELINE, "2021-10-12", "2021-10-13"),
        (DATELINE_WITH_YEAR, "2020-02-09", "2020-02-09"),
        (WEEKDAY_WITH_DAY, "2022-09-10", "2022-09-11"),
        (FRESH_FULL_DATE, "2024-01-17", "2024-01-18"),
        (NEW_YEAR, "2022-12-28", "2023-01-04"),
    ],
)
def test_publication_is_inferred_from_the_words(page: str, first: str, last: str) -> None:
    """A page whose words fix its publication within days gives a day among them."""
    found = infer_published(page, latest=LATEST)
    assert found is not None
    assert date.fromisoformat(first) <= found.published_on <= date.fromisoformat(last), found.detail
    assert all(page[w.start : w.end] == w.text for w in found.words)


@pytest.mark.parametrize(
    "page",
    [NOTHING, ONLY_WEEKDAYS, ONLY_YEARS, OLD_FULL_DATE, YEARLESS_ONLY, ""],
    ids=["nothing", "weekdays", "years", "old", "yearless", "empty"],
)
def test_pages_that_tell_nothing_give_none(page: str) -> None:
    """A page that names no recent year or no day gives no publication date."""
    assert infer_published(page, latest=LATEST) is None


def test_published_beats_updated() -> None:
    """The date behind "published" is taken before the one behind "updated", wherever they stand."""
    page = "Headline\nLast updated: 9 May 2022\nPublished: 2 May 2022\nThe minister left."
    found = infer_published(page, latest=LATEST)
    assert found is not None
    assert found.published_on == date(2022, 5, 2)


def test_a_date_line_after_the_latest_day_is_refused() -> None:
    """A printed date later than the day the page was fetched is no publication date."""
    assert infer_published("Headline\nPublished: 2 May 2032\nThe minister left.", latest=LATEST) is None


def test_the_window_holds_what_the_words_allow() -> None:
    """A weekday in the past and an end still to come bound publication from both sides."""
    found = infer_published(COMING_END, latest=LATEST)
    assert found is not None
    assert found.earliest >= date(2023, 3, 7)
    assert found.latest <= date(2023, 3, 14)


def test_plans_named_by_year_do_not_move_publication() -> None:
    """A year that names a plan ("Vision 2030") is not taken for a year already reached."""
    page = COMING_END + "It is part of the road to 2030.\n"
    assert infer_published(page, latest=date(2035, 1, 1)) == infer_published(
        COMING_END, latest=date(2035, 1, 1)
    )


@pytest.mark.shared
def test_the_reference_page_is_dated_within_its_days(shared: Path) -> None:
    """The reference page without metadata is dated between its Sunday and the end of the drill."""
    page = (shared / "seed" / "aras-2025-page.txt").read_text(encoding="utf-8")
    found = infer_published(page, latest=date(2026, 11, 24))
    assert found is not None
    assert date(2025, 5, 18) <= found.earliest <= found.published_on <= found.latest <= date(2025, 5, 21)


def test_an_open_span_as_the_newest_date_is_no_defect() -> None:
    """The span "since January 2016" has no end; publication is still dated from it and the days told."""
    page = (
        "Union Calls Off Strike\nThe union called off its strike on Tuesday, officials said.\n"
        "Talks are due to end on 14 March.\nThe law has been in force since January 2016.\n"
    )
    found = infer_published(page, latest=LATEST)
    assert found is not None
    assert found.published_on >= date(2016, 1, 1)
