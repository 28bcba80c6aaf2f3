"""The resolved names of a text, for people who want only this: its actors and its places.

Names come from the encoder; everything is loaded once, on first use. Dates are found by ``dragoman.timex`` alone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date

from dragoman.parse import EncoderModel, Parser
from dragoman.records import Article, Mention, Parsed, Participant, Place, Section, Sentence, Span
from dragoman.resolve.actors import ActorResolver, load_registry
from dragoman.resolve.gazetteer import Gazetteer
from dragoman.resolve.places import PlaceResolver


@functools.cache
def _tools() -> tuple[Parser, ActorResolver, PlaceResolver]:
    registry = load_registry()
    return Parser(EncoderModel()), ActorResolver(registry), PlaceResolver(Gazetteer(), registry.country_names)


def _read(text: str, published_on: date | None) -> Parsed:
    parser, _, _ = _tools()
    article = Article(
        "text", text, "text", sections=(Section("body", 0, len(text)),), published_on=published_on
    )
    parsed = parser([article])[0]
    assert isinstance(parsed, Parsed)  # the parser gives one per article, before any rejected sentence
    return parsed


def _in_sentences(parsed: Parsed, kinds: Iterable[str]) -> list[tuple[Mention, Sentence]]:
    wanted = frozenset(kinds)
    return [
        (m, s)
        for m in parsed.mentions
        if m.kind in wanted
        for s in parsed.sentences
        if s.start <= m.start and m.end <= s.end
    ]


def find_actors(text: str, published_on: date | None = None) -> list[Participant]:
    """Return the named persons, organisations, peoples and states of a text with country and sectors, in order.

    Args:
        text: The text; spans count its characters.
        published_on: The day it was published; office-holders count at that day.
    """
    parsed = _read(text, published_on)
    actors = _tools()[1].start(parsed)
    out: list[Participant] = []
    for mention, sentence in _in_sentences(parsed, ("PER", "ORG", "NORP", "LOC")):
        quote = Span(sentence.start, sentence.end, text[sentence.start : sentence.end])
        found = list(actors.resolve(mention, role="actor", sentence=quote, event_type=""))
        out += [p for p in found if mention.kind != "LOC" or p.country]
    return out


def find_places(text: str, outlet_country: str | None = None) -> list[Place]:
    """Return the places of a text with country and coordinates, in order.

    Args:
        text: The text; spans count its characters.
        outlet_country: Where the outlet is at home, ISO alpha-3; a hint for names that several countries have.
    """
    parsed = _read(text, None)
    _, actors, places = _tools()
    counted: dict[str, int] = {}
    for country in actors.start(parsed).countries:
        counted[country] = counted.get(country, 0) + 1
    own = places.start(parsed, countries=counted, outlet_country=outlet_country)
    return [
        own.resolve(mention, sentence=Span(s.start, s.end, text[s.start : s.end]))
        for mention, s in _in_sentences(parsed, ("LOC",))
    ]
