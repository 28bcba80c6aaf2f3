"""Read a noun phrase of an article: the phrase alone, on the article's day, with the article's countries in mind."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date

from dragoman.resolve.actors.compose import Reading, compose
from dragoman.resolve.actors.phrase import read_phrase
from dragoman.resolve.actors.registry import Entry, Registry


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

    def weigh(self, entry: Entry) -> float:
        """Return how likely an entry is in this article; -1 for one of a country that plays no part in it."""
        if entry.country in self.alien:
            return -1.0
        return self.share.get(entry.country or "", 0.0)

    def __call__(self, words: str) -> Reading | None:
        """Return what a noun phrase says, or None when it has no word."""
        phrase = read_phrase(words, self.registry)
        return compose(phrase, on=self.on, weigh=self.weigh) if phrase is not None else None
