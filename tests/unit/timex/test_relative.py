from __future__ import annotations

from datetime import date

import pytest

from dragoman.timex import find_dates

WEDNESDAY = date(2024, 5, 22)


def _days(text: str, published_on: date | None = WEDNESDAY) -> list[tuple[str, str, str]]:
    return [(e.text, str(e.from_), str(e.to)) for e in find_dates(text, published_on)]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("He was arrested on Sunday.", "Sunday", "2024-05-19"),
        ("He arrived Wednesday.", "Wednesday", "2024-05-22"),
        ("He will arrive on Sunday.", "Sunday", "2024-05-26"),
        ("The vote is scheduled for Sunday.", "Sunday", "2024-05-26"),
        ("The talks are to be held on Friday.", "Friday", "2024-05-24"),
        ("The deal, due on Friday, is dead.", "Friday", "2024-05-24"),
        ("On Friday, the two leaders will meet.", "Friday", "2024-05-24"),
        ("He was arrested last Wednesday.", "last Wednesday", "2024-05-15"),
        ("They meet this Friday.", "this Friday", "2024-05-24"),
        ("They meet next Friday.", "next Friday", "2024-05-31"),
        ("They meet this coming Friday.", "this coming Friday", "2024-05-24"),
        ("It fell on Friday of last week.", "Friday of last week", "2024-05-17"),
        ("He left yesterday.", "yesterday", "2024-05-21"),
        ("He leaves tomorrow.", "tomorrow", "2024-05-23"),
        ("He left the day before yesterday.", "the day before yesterday", "2024-05-20"),
        ("Prices were fixed three days ago.", "three days ago", "2024-05-19"),
        ("He left two days before yesterday.", "two days before yesterday", "2024-05-19"),
    ],
)
def test_days_are_counted_from_publication_by_tense(text: str, words: str, day: str) -> None:
    """A weekday or "yesterday" is one day, before publication unless the clause speaks of the future."""
    assert _days(text) == [(words, day, day)]


@pytest.mark.parametrize(
    ("text", "timex3"),
    [
        ("It rained on Monday night.", "2024-05-20TNI"),
        ("It rained last night.", "2024-05-21TNI"),
        ("It rained tonight.", "2024-05-22TNI"),
        ("It rained this morning.", "2024-05-22TMO"),
        ("It rained in the early hours of Sunday morning.", "2024-05-19TMO"),
        ("He died at 3 p.m. on Saturday.", "2024-05-18T15:00"),
        ("He died on Saturday at 14:30.", "2024-05-18T14:30"),
    ],
)
def test_times_of_day_stand_on_their_day(text: str, timex3: str) -> None:
    """A part of a day or a clock time has the TIMEX3 value of the day beside it."""
    found = find_dates(text, WEDNESDAY)
    assert [(e.timex3, e.timex_type) for e in found] == [(timex3, "TIME")]


@pytest.mark.parametrize(
    ("text", "timex3", "first", "last"),
    [
        ("Prices fell last week.", "2024-W20", "2024-05-13", "2024-05-19"),
        ("Prices fell this month.", "2024-05", "2024-05-01", "2024-05-31"),
        ("Prices fell last year.", "2023", "2023-01-01", "2023-12-31"),
        ("Prices will fall next quarter.", "2024-Q3", "2024-07-01", "2024-09-30"),
        ("Prices fell over the weekend.", "2024-W20-WE", "2024-05-18", "2024-05-19"),
        ("Prices fell last summer.", "2023-SU", "2023-06-01", "2023-08-31"),
        ("Prices fell earlier this year.", "2024", "2024-01-01", "2024-05-22"),
        ("Prices will fall later this month.", "2024-05", "2024-05-22", "2024-05-31"),
        ("Prices fell two years ago.", "2022", "2022-01-01", "2022-12-31"),
        ("Prices fell two weeks ago.", "2024-W19", "2024-05-06", "2024-05-12"),
        ("Prices fell late last month.", "2024-04", "2024-04-16", "2024-04-30"),
        ("Prices fell the year before last.", "2022", "2022-01-01", "2022-12-31"),
        ("Prices fell in December.", "2023-12", "2023-12-01", "2023-12-31"),
        ("Prices will fall in December.", "2024-12", "2024-12-01", "2024-12-31"),
        ("Prices fell last June.", "2023-06", "2023-06-01", "2023-06-30"),
        ("Prices fell at the end of last year.", "2023", "2023-09-01", "2023-12-31"),
    ],
)
def test_periods_are_counted_from_publication(text: str, timex3: str, first: str, last: str) -> None:
    """The words "last week", "earlier this year" and their like name calendar periods with a TIMEX3 value."""
    found = find_dates(text, WEDNESDAY)
    assert [(e.timex3, str(e.from_), str(e.to)) for e in found] == [(timex3, first, last)]


@pytest.mark.parametrize(
    ("text", "days_meant"),
    [
        ("In 2014, Crimea was annexed. That December, talks failed.", ("2014-12-01", "2014-12-31")),
        ("He was shot on 3 March 2012. Two days later, he died.", ("2012-03-05", "2012-03-05")),
        ("He was shot on 3 March 2012 and died the same day.", ("2012-03-03", "2012-03-03")),
        ("He was shot on 3 March 2012. The following week he died.", ("2012-03-05", "2012-03-11")),
        ("He was shot on 3 March 2012. A day earlier he had fled.", ("2012-03-02", "2012-03-02")),
        ("The war began in 1998. The following year it ended.", ("1999-01-01", "1999-12-31")),
    ],
)
def test_narrated_dates_are_counted_from_the_last_one(text: str, days_meant: tuple[str, str]) -> None:
    """Where the text narrates, "that December" and "two days later" count from the date last mentioned."""
    last = find_dates(text, WEDNESDAY)[-1]
    assert (str(last.from_), str(last.to)) == days_meant


def test_dates_counted_from_a_full_date_do_not_hang_on_publication() -> None:
    """What is counted from a date that stands by itself is the same whenever the text was published."""
    text = "He was shot on 3 March 2012. Two days later, he died."
    assert find_dates(text, WEDNESDAY)[-1] == find_dates(text, date(2030, 1, 1))[-1]
    assert not find_dates(text, WEDNESDAY)[-1].anchored


def test_without_publication_nothing_relative_has_days() -> None:
    """Without a publication date no relative expression has days or claims an anchor."""
    text = "On Sunday, last week, two years ago, yesterday, this month, in recent weeks and in December it rained."
    found = find_dates(text, None)
    assert len(found) >= 6
    assert all(e.from_ is None and e.to is None and not e.anchored for e in found)


def test_a_given_tense_stands_in_where_no_word_tells() -> None:
    """The caller's tense decides only where the clause has no sign of its own."""
    assert find_dates("Talks Friday in Geneva", WEDNESDAY)[0].timex3 == "2024-05-17"
    assert find_dates("Talks Friday in Geneva", WEDNESDAY, tense="future")[0].timex3 == "2024-05-24"
    assert find_dates("They met Friday in Geneva", WEDNESDAY, tense="future")[0].timex3 == "2024-05-17"


def test_basis_names_rule_and_anchor() -> None:
    """The basis says in words which rule and which day an expression was counted by."""
    assert find_dates("It began on Sunday.", date(2025, 5, 19))[0].basis == "last Sunday before 2025-05-19"


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("It rained overnight.", "overnight", "2024-05-21", "2024-05-22"),
        ("It was late last weekend.", "late last weekend", "2024-05-18", "2024-05-19"),
        ("Shops will open overnight.", "overnight", "2024-05-22", "2024-05-22"),
        ("They shelled it over a 24-hour period.", "24-hour", "2024-05-21", "2024-05-22"),
        ("He went following last year's vote.", "last year", "2023-01-01", "2023-12-31"),
        ("Curbs are extended until July 31 by an enhanced order.", "July 31", "2024-05-22", "2024-07-31"),
    ],
)
def test_stretches_beside_publication(text: str, words: str, first: str, last: str) -> None:
    """A night, a period told of, a year after "following" and an open end lie where the words put them."""
    assert _days(text) == [(words, first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "On Friday, Mohamed and Ahmed are to travel.",
        "It is over,” he said. ”On Friday, Reed will travel.",
        'The guards were freed." On Friday, the rest will follow.',
    ],
)
def test_names_and_closed_quotes_tell_no_tense(text: str) -> None:
    """Neither a name in -ed nor a sentence that ends with its quotation marks makes a later clause past."""
    assert _days(text) == [("Friday", "2024-05-24", "2024-05-24")]


def test_an_abbreviation_ends_no_sentence() -> None:
    """The verb before "Oct." still tells the tense of its day."""
    found = find_dates(
        "The drill was held from April 27 to May 1 -- ahead of a vote.", WEDNESDAY
    ) + find_dates("A drill held from Apr. 2 to May 1 comes ahead of a vote.", WEDNESDAY)
    assert [(str(e.from_), str(e.to)) for e in found] == [
        ("2024-04-27", "2024-05-01"),
        ("2024-04-02", "2024-05-01"),
    ]
