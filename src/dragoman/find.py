"""The resolved names of a text, for people who want only this: its actors and its places.

Names come from the encoder; everything is loaded once, on first use. Dates are found by ``dragoman.timex`` alone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from dragoman.parse import EncoderModel, Parser
from dragoman.records import Article, Mention, Parsed, Participant, Place, Section, Sentence, Span
from dragoman.resolve.actors import ActorResolver, load_registry
from dragoman.resolve.gazetteer import PACKAGED, Gazetteer
from dragoman.resolve.places import PlaceResolver


@functools.cache
def _parser() -> Parser:
    return Parser(EncoderModel())


@functools.lru_cache(maxsize=4)
def _resolvers(tables: tuple[tuple[Path, int], ...], gazetteer: Path) -> tuple[ActorResolver, PlaceResolver]:
    registry = load_registry([path for path, _ in tables])
    return ActorResolver(registry), PlaceResolver(Gazetteer(gazetteer), registry.country_names)


def _tools(
    registry: Sequence[Path] | None, gazetteer: Path | None = None
) -> tuple[ActorResolver, PlaceResolver]:
    """Return the resolvers with one's own tables of actors, which are read anew when they change."""
    tables = [Path(path) for path in registry or ()]
    return _resolvers(
        tuple((path, path.stat().st_mtime_ns if path.exists() else 0) for path in tables),
        gazetteer or PACKAGED,
    )


def _read(text: str, published_on: date | None) -> Parsed:
    article = Article(
        "text", text, "text", sections=(Section("body", 0, len(text)),), published_on=published_on
    )
    parsed = _parser()([article])[0]
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


def find_actors(
    text: str, published_on: date | None = None, *, registry: Sequence[Path] | None = None
) -> list[Participant]:
    """Return the named persons, organisations, peoples and states of a text with country and sectors, in order.

    Args:
        text: The text; spans count its characters.
        published_on: The day it was published; office-holders count at that day.
        registry: CSV files whose actors win over the packaged ones.

    Raises:
        RegistryError: A row of a table is wrong.
    """
    parsed = _read(text, published_on)
    actors = _tools(registry)[0].start(parsed)
    out: list[Participant] = []
    for mention, sentence in _in_sentences(parsed, ("PER", "ORG", "NORP", "LOC")):
        quote = Span(sentence.start, sentence.end, text[sentence.start : sentence.end])
        found = list(actors.resolve(mention, role="actor", sentence=quote, event_type=""))
        out += [p for p in found if mention.kind != "LOC" or p.country]
    return out


def find_places(
    text: str,
    outlet_country: str | None = None,
    *,
    registry: Sequence[Path] | None = None,
    gazetteer: Path | None = None,
) -> list[Place]:
    """Return the places of a text with country and coordinates, in order.

    Args:
        text: The text; spans count its characters.
        outlet_country: Where the outlet is at home, ISO alpha-3; a hint for names that several countries have.
        registry: CSV files whose actors win over the packaged ones; whom a text names tells where it plays.
        gazetteer: Folder that ``dragoman gazetteer build`` made; None for the packaged table.

    Raises:
        RegistryError: A row of a table is wrong.
        GazetteerError: The table of places is missing or broken.
    """
    parsed = _read(text, None)
    actors, places = _tools(registry, gazetteer)
    counted: dict[str, int] = {}
    for country in actors.start(parsed).countries:
        counted[country] = counted.get(country, 0) + 1
    return places.start(parsed, countries=counted, outlet_country=outlet_country).find()
