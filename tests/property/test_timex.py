"""Laws of the language of dates that hold for every text and every day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal

from hypothesis import example, given
from hypothesis import strategies as st

from dragoman.records import Article, Mention
from dragoman.resolve.dates import is_historical, resolve_date
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


@given(_texts, _days, st.booleans(), st.data())
def test_event_dates_hold_for_any_words(
    text: str, published_on: date | None, future: bool, data: st.DataObject
) -> None:
    """Whatever words are marked, an event's date quotes the text, is in order, and is the same a second time."""
    article = Article("a", text, "test", published_on=published_on)
    place = st.integers(0, len(text))
    spans = [sorted((data.draw(place), data.draw(place))) for _ in range(data.draw(st.integers(1, 3)))]
    (trigger, *marked) = [article.span(first, last) for first, last in spans]
    mentions = [Mention(s.start, s.end, s.text, "DATE") for s in marked]

    found, again = (
        resolve_date(
            mentions,
            article=article,
            sentence=article.span(0, len(text)),
            trigger=trigger,
            tense_future=future,
        )
        for _ in range(2)
    )
    assert found == again
    is_historical(found, article=article, sentence=article.span(0, len(text)), trigger=trigger)
    if found is not None:
        assert found.from_ <= found.to
        if found.start is not None and found.end is not None:
            assert text[found.start : found.end] == found.text


@given(_texts, _days, st.sampled_from(["past", "future", None]))
@example("MID OVERNIGHT", date(2000, 1, 1), "past")
def test_a_given_tense_keeps_every_law(
    text: str, published_on: date | None, tense: Literal["past", "future"] | None
) -> None:
    """With any tense given, expressions still quote the text in order and run forward."""
    found = find_dates(text, published_on, tense=tense)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for e in _all(found):
        assert text[e.start : e.end] == e.text
        assert e.from_ is None or e.to is None or e.from_ <= e.to, e
