"""The readings of sides that are of several states, in one article; how they are told stands in ``several``."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from typing import Final

from dragoman.records import Mention
from dragoman.resolve.actors.compose import Reading
from dragoman.resolve.actors.reading import Reader
from dragoman.resolve.actors.registry import Registry
from dragoman.resolve.actors.several import (
    belongs_to_two,
    joined_before,
    names_states,
    shares_of,
    stands_for_two,
)
from dragoman.resolve.actors.spots import NO_STATE, Spot
from dragoman.resolve.actors.words import fold

_HALF: Final = re.compile(r"(?:[Tt]he\s+)?(North|South)(?=$|['’]s\b)")  # of Korea
_THEM: Final = frozenset({"they", "them"})


class Groups:
    """Reads sides of several states in one article.

    Args:
        spots: Its names with a country, in text order.
        text: Its text.
        registry: Names of states.
        reader: Reads noun phrases.
    """

    def __init__(self, spots: Sequence[Spot], text: str, registry: Registry, reader: Reader) -> None:
        self._spots, self._text, self._registry, self._reader = spots, text, registry, reader
        self._starts = [s.start for s in spots]

    def whole_name(self, words: str) -> str:
        """Return "the North" and "the South" as the Korea that is meant, where the article is about both; else the words."""
        half = _HALF.match(words)
        if half is None or not {"PRK", "KOR"} <= {s.country for s in self._spots}:
            return words
        return f"{half.group(1)} Korea{words[half.end() :]}"

    def readings(self, mention: Mention, last: range | None) -> list[tuple[Reading, str]]:
        """Return the readings of a side that is of several states, and why; empty for a side of one.

        Args:
            mention: The side.
            last: The characters of the side before it in the article; None for none.
        """
        words = mention.text.strip()
        if fold(words) in _THEM and (named := self._last_pair(mention.start, last)) is not None:
            return [self._of_two(spot, mention) for spot in named]
        if stands_for_two(words, self._text, mention.start) or belongs_to_two(words):
            pair = joined_before(self._spots, self._starts, self._text, mention.start)
            if pair is None and not belongs_to_two(words):
                pair = self._two_before(mention.start)
            if pair is not None:
                return [self._of_two(spot, mention) for spot in pair]
        shares = shares_of(words, self._registry)
        readings = [(self._reader(share.words), share) for share in shares]
        if not readings or any(r is None or r.country != share.country for r, share in readings):
            return []
        return [(r, f'"{share.name}" in "{mention.text}"') for r, share in readings if r is not None]

    def _last_pair(self, start: int, last: range | None) -> tuple[Spot, Spot] | None:
        """Return the two states that were named together, if the second of them is the last side before a place."""
        pair = joined_before(self._spots, self._starts, self._text, start)
        if pair is None or last is None or "." not in self._text[pair[1].start : start]:
            return None
        return pair if pair[1].start in last else None

    def _of_two(self, spot: Spot, mention: Mention) -> tuple[Reading, str]:
        """Return the reading of one of two sides that a mention stands for: the state itself, or its people or body."""
        why = (f"named before: {spot.name}",)
        if names_states(mention.text) or fold(mention.text.strip()) in _THEM:
            state = Reading(spot.country, ("GOV",), spot.entry, spot.name, why, strength=0.65)
            return state, f'"{mention.text}" are the two last named'
        own = self._reader(mention.text.strip()) or Reading()
        people = Reading(spot.country, own.sectors or ("GOV",), head=own.head, why=why, strength=0.65)
        return people, f'"{mention.text}" are of the two last named'

    def _two_before(self, start: int) -> tuple[Spot, Spot] | None:
        """Return the two last countries named before a place in the text, in text order; headlines count."""
        last = bisect.bisect_left(self._starts, start)
        seen: dict[str, Spot] = {}
        for spot in reversed(self._spots[:last]):
            if spot.kind in ("country", "people", "capital") and spot.country not in NO_STATE:
                seen.setdefault(spot.country, spot)
            if len(seen) == 2:
                later, earlier = seen.values()
                return earlier, later
        return None
