"""Read a noun phrase of an article: the phrase alone, on the article's day, with the article's countries in mind."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from dragoman.resolve.actors.compose import Reading, compose
from dragoman.resolve.actors.phrase import read_phrase
from dragoman.resolve.actors.registry import Entry, Registry
from dragoman.resolve.actors.words import tokenize

_SOMEBODY: Final = "Zzyx"  # stands for a person's name while the words around it are read; no table has it


class Reader:
    """Reads noun phrases for one article.

    Args:
        registry: Names and role words.
        on: The article's publication date; office-holders count at that day.
        share: How much of the article each country (ISO alpha-3) has, 0 to 1.
        alien: Countries that only bodies' names in the article stand for, where it is clearly at home elsewhere.
    """

    def __init__(
        self, registry: Registry, *, on: date | None, share: Mapping[str, float], alien: Container[str] = ()
    ) -> None:
        self.registry = registry
        self.on = on
        self.share = share
        self.alien = alien
        self._read: dict[str, Reading | None] = {}  # an article says "the president" many times

    def weigh(self, entry: Entry) -> float:
        """Return how likely an entry is in this article; -1 for one of a country that plays no part in it."""
        if entry.country in self.alien:
            return -1.0
        return self.share.get(entry.country or "", 0.0)

    def __call__(self, words: str) -> Reading | None:
        """Return what a noun phrase says, or None when it has no word."""
        if words not in self._read:
            phrase = read_phrase(words, self.registry)
            self._read[words] = None if phrase is None else compose(phrase, on=self.on, weigh=self.weigh)
        return self._read[words]

    def around(self, words: str, first: int, last: int) -> Reading | None:
        """Return what a phrase says around a person's name, no part of which names a body or a place.

        "Dr Alfred Muturi-Kuria" has nothing to do with the Kúria of Budapest. A person of the registry, and a name
        that a body or place has in full, are read as they are.

        Args:
            words: The phrase.
            first: Where the name starts in it.
            last: Where the name ends, exclusive.
        """
        name = words[first:last]
        tokens = tokenize(name)
        hits = self.registry.find_names(tokens)
        known = any(e.kind == "person" for hit in hits for e in hit.entries)
        named = [n for n, token in enumerate(tokens) if token.is_capital]
        whole = any(hit.first <= named[0] and named[-1] < hit.last for hit in hits) if named else True
        if not hits or known or whole:
            return self(words)
        reading = self(f"{words[:first]}{_SOMEBODY}{words[last:]}")
        if reading is None or reading.name is None:
            return reading
        return replace(
            reading,
            name=reading.name.replace(_SOMEBODY, name),
            why=tuple(w.replace(_SOMEBODY, name) for w in reading.why),
        )
