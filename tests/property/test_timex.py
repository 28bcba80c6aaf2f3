"""Laws of the language of dates that hold for every text and every day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from dragoman.timex import TimeExpression, find_dates, infer_published

_WORDS = [
    "Monday",
    "Sunday",
    "Tue.",
    "Sat",
    "May",
    "March",
    "april",
    "June",
    "Sept.",
    "December",
    "1",
    "3",
    "12",
    "22nd",
    "31",
    "5th",
    "2013",
    "2025",
    "1999",
    "0001",
    "9999",
    "247",
    "last",
    "next",
    "this",
    "past",
    "previous",
    "the",
    "that",
    "same",
    "early",
    "late",
    "mid",
    "mid-",
    "earlier",
    "later",
    "end",
    "of",
    "beginning",
    "year",
    "years",
    "month",
    "week",
    "weeks",
    "day",
    "days",
    "decade",
    "century",
    "quarter",
    "weekend",
    "fortnight",
    "summer",
    "fall",
    "winter",
    "in",
    "on",
    "at",
    "by",
    "from",
    "to",
    "until",
    "since",
    "between",
    "and",
    "or",
    "through",
    "for",
    "over",
    "during",
    "within",
    "two",
    "three",
    "hundred",
    "thousand",
    "several",
    "few",
    "a",
    "couple",
    "an",
    "half",
    "another",
    "ago",
    "before",
    "after",
    "hours",
    "minutes",
    "24",
    "48",
    "3",
    "p.m.",
    "14:30",
    "GMT",
    "morning",
    "night",
    "overnight",
    "midnight",
    "today",
    "yesterday",
    "tomorrow",
    "tonight",
    "now",
    "recently",
    "soon",
    "Ramadan",
    "Easter",
    "Christmas",
    "Diwali",
    "Yom",
    "Kippur",
    "9/11",
    "2013-03-22",
    "5/3/2024",
    "2019-21",
    "2013/14",
    "1980s",
    "'90s",
    "nineties",
    "first",
    "third",
    "every",
    "daily",
    "Mondays",
    "fiscal",
    "will",
    "was",
    "said",
    ",",
    ".",
    "-",
    "–",
    "—",
    "(",
    ")",
    "'s",
    "\n",
    "AP",
    "years'",
    "time",
    "9999999999",
    "1e9",
]

_texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join),
    st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=6)), max_size=25).map("".join),
)
_days = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max, date(2024, 2, 29)]))


def _all(found: list[TimeExpression]) -> list[TimeExpression]:
    return [*found, *(part for e in found for part in e.parts)]


@given(_texts, _days)
@example("999999999 years ago, 9999 centuries from now, 31 February 2020", date.max)
@example("last week, two days before yesterday, the past 3 decades, Easter", date.min)
def test_spans_quote_the_text_in_order(text: str, published_on: date | None) -> None:
    """Every expression quotes the text, and expressions stand in order without overlapping."""
    found = find_dates(text, published_on)
    assert all(text[e.start : e.end] == e.text and e.text.strip() for e in _all(found))
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(_texts, _days)
def test_intervals_are_ordered_and_values_present(text: str, published_on: date | None) -> None:
    """The first day is never after the last, and every expression has a TIMEX3 value and a basis."""
    for e in _all(find_dates(text, published_on)):
        assert e.from_ is None or e.to is None or e.from_ <= e.to, e
        assert e.timex3, e
        assert e.basis, e


@given(_texts, _days)
def test_same_text_same_dates(text: str, published_on: date | None) -> None:
    """Reading a text twice gives the same expressions."""
    assert find_dates(text, published_on) == find_dates(text, published_on)


@given(_texts)
def test_without_publication_no_days_are_invented(text: str) -> None:
    """Without a publication date no expression claims to be counted from one."""
    assert not any(e.anchored and e.from_ is not None for e in find_dates(text, None) if e.bound is None)


@given(_texts, st.sampled_from([date(2025, 5, 19), date(2031, 1, 1)]))
def test_inference_never_passes_the_latest_day(text: str, latest: date) -> None:
    """An inferred publication date lies within its own bounds and not after the latest possible day."""
    found = infer_published(text, latest=latest)
    if found is not None:
        assert found.earliest <= found.published_on <= found.latest <= latest
        assert all(text[w.start : w.end] == w.text for w in found.words)
