"""Laws of finding places that hold for every text."""

from __future__ import annotations

import functools

from hypothesis import given
from hypothesis import strategies as st

from dragoman.records import Article, Mention, Parsed, Section, Span
from dragoman.resolve.gazetteer import Gazetteer
from dragoman.resolve.places import PlaceResolver

_WORDS = (
    "Paris Texas , . ( ) in near of the Lake Tana U.S. D.C. Washington County Bank St. Louis Prince George's al-Qaim "
    "Côte d'Ivoire New York virus said Kenyan Kenya İstanbul Łódź - – ' ’ \n 7 EU $ @ and Democratic Republic Congo"
).split(" ")


@functools.cache
def _resolver() -> PlaceResolver:
    return PlaceResolver(Gazetteer(), {"kenya": "KEN"})


@st.composite
def _read(draw: st.DrawFn) -> Parsed:
    text = draw(st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join) | st.text(max_size=60))
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(1, 12)), max_size=4))
    mentions = tuple(
        Mention(a, min(len(text), a + n), text[a : a + n], kind, 0.9)
        for (a, n), kind in zip(spans, ("LOC", "PER", "ORG", "NORP"), strict=False)
        if text[a : a + n].strip()
    )
    return Parsed(
        Article("a", text, "t", sections=(Section("body", 0, len(text)),)), (), mentions, (), (), ""
    )


@given(_read())
def test_places_quote_the_text_in_order_without_overlap(parsed: Parsed) -> None:
    """Every place quotes its text; places stand in order and share no character; confidences are probabilities."""
    text = parsed.article.text
    places = _resolver().start(parsed, countries={}).find()
    at = 0
    for place in places:
        assert text[place.start : place.end] == place.text
        assert place.start >= at
        assert 0.0 <= place.confidence <= 1.0
        assert (place.lat is None) == (place.resolution is None)
        at = place.end


@given(_read())
def test_a_mention_resolves_to_a_place_that_holds_it(parsed: Parsed) -> None:
    """The place of a mention quotes the text and covers the mention."""
    text = parsed.article.text
    own = _resolver().start(parsed, countries={})
    for mention in parsed.mentions:
        place = own.resolve(mention, sentence=Span(0, len(text), text))
        assert text[place.start : place.end] == place.text
        assert place.start <= mention.start
        assert place.end >= mention.end
