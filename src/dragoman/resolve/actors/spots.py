"""Names with a country, as they stand in an article, and the country in which it seems to be at home.

In: the article with its names and the registry. Out: ``Spot``s in text order, and a country with its share of the votes.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dragoman.records import Parsed
from dragoman.resolve.actors.identity import is_other_person
from dragoman.resolve.actors.phrase import is_qualified
from dragoman.resolve.actors.registry import PLACE_KINDS, Entry, Registry, has_common_words, is_common_party
from dragoman.resolve.actors.words import tokenize

# "Countries" of the codebook that are no state.
NO_STATE: Final = frozenset("UNO IGO EUR NGO IMG MNC ISM".split())
# How the basis of a side says that its country was borrowed from what stands around it.
FROM_SIDE: Final = "side in the sentence"
LAST_RESORT: Final = "last resort"
# What a name counts for the country at home, by the kind of its entry: those who hold its offices and its towns tell more than the names of
# states, which are often others'. A country with a single name in the article counts half, since it is mostly passed through. Chosen on
# 1,575 of our newsroom articles: the country with most sides is found in 0.890 of them, on either half of them as on the other (0.858 before).
_COUNTS: Final = MappingProxyType(
    {"country": 1.0, "ethnic": 1.0, "people": 0.5, "person": 4.0, "surname": 2.0}
)
_INNER, _SINGLE, _IN_LEAD, _LEAST_HOME = 3.0, 0.5, 1.5, 0.2
_MONEY, _MOST_MONEY = 2.0, 3  # what a sum in a state's own money counts, and how many such sums count
_OUTLET = 2.0  # what the outlet counts: more than a state named once at the start, less than a town
# Where the whole world posts: "in a Facebook post" says nothing of the country at home.
_PLATFORMS: Final = frozenset(
    "Facebook Twitter YouTube Google WhatsApp Instagram TikTok Telegram WeChat Weibo Zoom Meta Skype LinkedIn Reddit".split()
)
_LEAST_FIRM = 0.5  # share of the country at home at which it is beyond doubt


@dataclass(frozen=True, slots=True)
class Spot:
    """A name with a country at a place in the text; ``kind`` is its entry's, or "place" for one of the gazetteer.

    ``words`` are as many as stand in the text: a surname alone is known less surely than a whole name.
    """

    start: int
    country: str
    kind: str
    name: str
    entry: Entry | None
    words: int = 1


def outlet_country(registry: Registry, outlet: str | None) -> str | None:
    """Return the state of an outlet that is named for a place ("Tehran Morning News"), else None.

    An outlet known to the media table is not asked: those with names known abroad write about all the world.
    """
    hits = registry.find_names(tokenize(outlet or ""))
    entries = [e for hit in hits for e in hit.entries if e.kind in ("capital", "city", "country")]
    countries = {e.country for e in entries if e.country} - NO_STATE
    return countries.pop() if len(countries) == 1 else None


def find_home(
    spots: Sequence[Spot],
    lead: int,
    *,
    outlet: str | None = None,
    money: Mapping[str, int] = MappingProxyType({}),
) -> tuple[str, float] | None:
    """Return the country in which an article seems to be at home and its share, when one stands out.

    Office-holders, towns, regions and a state's own bodies tell more than names of countries, which are often those of others.

    Args:
        spots: Names with a country.
        lead: End of the first sentences, whose names count half as much again.
        outlet: Country of the outlet, if its name tells; it counts more than one name of another state, less than a town.
        money: How often the article counts in the money of each state.
    """
    votes: dict[str, float] = collections.defaultdict(float)
    names = collections.Counter(spot.country for spot in spots)
    for spot in spots:
        if spot.country not in NO_STATE and not (spot.kind == "company" and spot.name in _PLATFORMS):
            kind = "surname" if spot.kind == "person" and spot.words == 1 else spot.kind
            weight = _COUNTS.get(kind, _INNER) * (_IN_LEAD if spot.start < lead else 1.0)
            votes[spot.country] += weight if names[spot.country] > 1 else _SINGLE * weight
    if outlet is not None:
        votes[outlet] += _OUTLET
    for country, sums in money.items():
        votes[country] += _MONEY * min(sums, _MOST_MONEY)
    if not any(votes.values()):
        return None
    country, most = max(votes.items(), key=lambda v: v[1])
    share = most / sum(votes.values())
    return (country, share) if share >= _LEAST_HOME else None


def find_alien(spots: Sequence[Spot], home: tuple[str, float] | None) -> frozenset[str]:
    """Return countries that no place or people in the article speaks for, only bodies' names, when it is at home elsewhere.

    "DPP" in a paper about Lilongwe is not the party of Taipei.
    """
    if home is None or home[1] < _LEAST_FIRM:
        return frozenset()
    placed = {s.country for s in spots if s.kind in PLACE_KINDS or s.kind in ("place", "person")}
    return frozenset({s.country for s in spots} - placed - {home[0]} - NO_STATE)


def find_spots(registry: Registry, parsed: Parsed, located: Sequence[tuple[int, str, str]]) -> list[Spot]:
    """Return every name with a country in the coded sentences, in text order."""
    text = parsed.article.text
    inside = [(m.start, m.end) for m in parsed.mentions if m.kind == "PER"]
    spots = {start: Spot(start, country, "place", name, None) for start, country, name in located}
    common: set[int] = set()
    for sentence in parsed.sentences:
        tokens = tokenize(text[sentence.start : sentence.end], offset=sentence.start)
        for hit in registry.find_names(tokens):
            entry = next((e for e in hit.entries if e.kind in PLACE_KINDS), None) or hit.entries[0]
            start = tokens[hit.first].start
            words = text[start : tokens[hit.last - 1].end]
            if entry.kind == "institution" and has_common_words(words):
                continue
            if is_qualified(text, start, tokens[hit.last - 1].end):
                continue  # "US-backed rebels" are not the US
            if entry.kind in ("city", "region", "capital") and any(a <= start < b for a, b in inside):
                continue  # Sheikh Al-Sabah is not in Sabah, Valeska Paris not in Paris
            if entry.kind == "country" and any(a <= start < b and b - a > len(words) for a, b in inside):
                continue  # Jordan Henderson
            if entry.kind == "person" and _is_namesake(entry, start, text, inside, registry):
                continue  # Linda Lavrov, a seamstress, speaks for no state
            if entry.country and (entry.kind in PLACE_KINDS or len({e.country for e in hit.entries}) == 1):
                spots[start] = Spot(start, entry.country, entry.kind, entry.name, entry, hit.last - hit.first)
                if entry.kind == "party" and is_common_party(words):
                    common.add(start)
    # The minister of labour is of no party, where the article speaks of other states than that party's.
    states = {s.country for start, s in spots.items() if start not in common} - NO_STATE
    return [
        s for start, s in sorted(spots.items()) if start not in common or not states or s.country in states
    ]


def _is_namesake(
    entry: Entry, start: int, text: str, persons: Sequence[tuple[int, int]], registry: Registry
) -> bool:
    """Return whether a name in a text is that of somebody who only shares the surname of a known person."""
    name = next((text[a:b] for a, b in persons if a <= start < b), None)
    return name is not None and is_other_person(name, entry, registry)
