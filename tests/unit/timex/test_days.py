from __future__ import annotations

from datetime import date

import pytest

from dragoman.timex import TimeExpression, find_dates

MONDAY = date(2025, 5, 19)


def _only(text: str, published_on: date | None = MONDAY) -> TimeExpression:
    found = find_dates(text, published_on)
    assert len(found) == 1, [e.text for e in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "words", "timex3"),
    [
        ("They met on 5 March 2024 in Oslo.", "5 March 2024", "2024-03-05"),
        ("They met on March 5, 2024, in Oslo.", "March 5, 2024", "2024-03-05"),
        ("They met on the 5th of March 2024.", "the 5th of March 2024", "2024-03-05"),
        ("They met on Tuesday, March 5, 2024.", "Tuesday, March 5, 2024", "2024-03-05"),
        ("They met on Sept. 5, 2024.", "Sept. 5, 2024", "2024-09-05"),
        ("They met on 2024-03-05.", "2024-03-05", "2024-03-05"),
        ("They met on 2024/3/5.", "2024/3/5", "2024-03-05"),
        ("They met on 5/3/2024.", "5/3/2024", "2024-05-03"),
        ("They met on 25/3/2024.", "25/3/2024", "2024-03-25"),
        ("They met on 5.3.2024.", "5.3.2024", "2024-03-05"),
        ("They met on May twenty-first.", "May twenty-first", "2025-05-21"),
        ("They met on the fourth of May.", "the fourth of May", "2025-05-04"),
        ("They met on March 5.", "March 5", "2025-03-05"),
        ("They met on 28 November.", "28 November", "2024-11-28"),
        ("They will meet on 28 November.", "28 November", "2025-11-28"),
        ("They met on Friday the 16th.", "Friday the 16th", "2025-05-16"),
        ("They met on the 16th.", "the 16th", "2025-05-16"),
        ("They met on the 20th of last month.", "the 20th of last month", "2025-04-20"),
    ],
)
def test_written_days_have_their_value(text: str, words: str, timex3: str) -> None:
    """A day written in any usual form is found whole and has one value."""
    found = _only(text)
    assert (found.text, found.timex3) == (words, timex3)
    assert found.from_ == found.to == date.fromisoformat(timex3)
    assert found.precision == "day"


def test_a_weekday_picks_the_year_that_agrees() -> None:
    """A day with its weekday lies in the near year in which they agree, whatever the tense."""
    assert _only("On Saturday, 5 July, they had met.", date(2025, 7, 1)).timex3 == "2025-07-05"
    assert _only("They met on Friday, 5 July.", date(2025, 2, 1)).timex3 == "2024-07-05"


def test_a_day_soon_after_publication_is_not_a_year_old() -> None:
    """A day without a year that comes within weeks is not taken for last year's, whatever the words before it."""
    text = "The plan to ease related restrictions beginning on September 1 was praised."
    assert _only(text, date(2021, 8, 27)).timex3 == "2021-09-01"


def test_a_day_without_year_and_anchor_keeps_what_it_says() -> None:
    """Without a publication date a day without a year has no days but says month and day."""
    found = _only("They met on 5 March.", None)
    assert (found.timex3, found.from_, found.to) == ("XXXX-03-05", None, None)


@pytest.mark.parametrize(
    "text", ["February 30, 2020 never came.", "On 2020-02-31 it was dark.", "On 2/29/2019 it was."]
)
def test_days_that_do_not_exist_are_no_days(text: str) -> None:
    """A date that the calendar does not have gives no day."""
    assert all(e.precision != "day" for e in find_dates(text, MONDAY))


def test_ambiguous_figures_say_so() -> None:
    """Figures that could be day first or month first are read month first and the basis tells the doubt."""
    assert "day first" in _only("on 5/3/2024").basis
    assert "day first" not in _only("on 5/23/2024").basis


@pytest.mark.parametrize(
    ("text", "published_on", "first", "last"),
    [
        ("It happened at Christmas.", date(2025, 1, 10), "2024-12-25", "2024-12-25"),
        ("It will open on Christmas Eve.", date(2025, 5, 19), "2025-12-24", "2025-12-24"),
        ("He fled on Easter Sunday 2018.", MONDAY, "2018-04-01", "2018-04-01"),
        ("He fled on Good Friday.", MONDAY, "2025-04-18", "2025-04-18"),
        ("Families met for Thanksgiving.", date(2024, 12, 1), "2024-11-28", "2024-11-28"),
        ("The march was held on May Day.", MONDAY, "2025-05-01", "2025-05-01"),
        ("The truce was kept during Ramadan.", date(2025, 3, 15), "2025-03-01", "2025-03-30"),
        ("Prayers were held for Eid al-Fitr.", date(2024, 4, 12), "2024-04-10", "2024-04-10"),
        ("Nowruz was celebrated.", date(2025, 4, 1), "2025-03-21", "2025-03-21"),
        ("They marked Lunar New Year.", date(2024, 3, 1), "2024-02-10", "2024-02-10"),
        ("It closed for Yom Kippur.", date(2024, 11, 1), "2024-10-12", "2024-10-12"),
        ("Celebrations for Diwali turned violent.", date(2022, 11, 1), "2022-10-24", "2022-10-24"),
    ],
)
def test_feasts_fall_on_their_days(text: str, published_on: date, first: str, last: str) -> None:
    """A feast is found on its day of the year that the tense tells."""
    found = _only(text, published_on)
    assert (str(found.from_), str(found.to)) == (first, last)


def test_feasts_by_table_say_a_day_of_doubt() -> None:
    """A feast that hangs on a sighting says that it may be a day off."""
    assert "±1 day" in _only("during Ramadan 2024").basis


def test_named_days_keep_their_year() -> None:
    """The attacks of 11 September and 7 October are those of 2001 and 2023 whenever the text was published."""
    assert _only("since the September 11 attacks").timex3 == "2001-09-11"
    assert _only("Since the Oct. 7 attack, much has changed.").timex3 == "2023-10-07"
