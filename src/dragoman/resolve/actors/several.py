"""Sides that are of several states at once: "Iranian and Omani navies", "the presidents of Egypt and Sudan", "both ambassadors".

In: the words of a side and the names before it. Out: the same words once for each state, or the two states that stand for it. Each
of them takes part: a drill of two navies is one between two states.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dragoman.resolve.actors.registry import Hit, Registry
from dragoman.resolve.actors.spots import NO_STATE, Spot
from dragoman.resolve.actors.words import Token, fold, tokenize

_STATE_KINDS: Final = frozenset({"country", "people", "capital"})
# What stands between two states of a list: "Egypt, the Sudan", "Greek, Italian and Cypriot".
_LISTED: Final = re.compile(r"\s*(?:,|,?\s+and\b|,?\s+or\b|\s*&|/)\s*(?:also\s+|the\s+)*", re.I)
_AND: Final = re.compile(r"\band\b|&|/|\bor\b", re.I)
_OF: Final = re.compile(r"\b(?:of|from|in)\s+(?:the\s+|both\s+)?$", re.I)
# Group words that stand for the last two sides named.
_SIDES: Final = re.compile(
    r"^(?:the\s+)?(?:two|both|either|neither)\s+(?:of the\s+)?(?:neighbou?ring\s+|rival\s+|warring\s+|former\s+|belligerent\s+)?"
    r"(?:sides?|countries|nations|parties|states|neighbou?rs|capitals?|powers|rivals|allies|governments)\b"
    r"|^(?:both|each other|one another|the pair|the neighbou?rs|each(?:\s+(?:side|country|nation|party|state|capital|government))?)$",
    re.I,
)
# "Each country accused the other", "each army blamed the other".
_OTHER: Final = re.compile(r"^(?:the\s+)?other(?:\s+side)?$", re.I)
_EACH: Final = re.compile(r"\beach\b[^.;]*$", re.I)
_KOREAS: Final = re.compile(r"\b(North|South)(?=\s+and\s+(?:North|South)\s+Korea\b)")
# People and bodies of two states: only where they are known already ("the two", "both", "their").
_PEOPLE: Final = re.compile(
    r"^(?:the\s+)?(?P<how>two|both|their|each)\s+(?:of the\s+)?"
    r"(?:(?:neighbou?ring|rival|warring|former|defen[cs]e|foreign|prime|deputy|interior|trade|finance|energy|general|police|coast|armed|air|"
    r"naval|security|special|military|respective)\s+){0,2}"
    r"(?:leaders|presidents|premiers|ministers|men|ambassadors|envoys|delegations|negotiators|monarchs|heads of (?:state|government)|"
    r"armies|navies|militaries|forces|staffs|guards|services|parliaments|ministries|central banks|army|navy|president|minister|parliament)$",
    re.I,
)
_NAME: Final = re.compile(r"[\w’'.-]+(?:\s+[A-Z][\w’'.-]*)*")
# From one of two to the other: "Egypt and the Sudan", "Ilham Aliyev of Azerbaijan and Armenia's Nikol Pashinyan".
_JOINED: Final = re.compile(r"(?:[\s,]+[^\s,.;:!?]+){0,4}\s+and\s+(?:[^\s,.;:!?]+\s+){0,3}", re.I)
_REACH: Final = 400  # characters before "their ministers" in which the two are named together


@dataclass(frozen=True, slots=True)
class Share:
    """A state's share in a side: the words with that state alone, its code and the name as it stands."""

    words: str
    country: str
    name: str


def shares_of(words: str, registry: Registry) -> list[Share]:
    """Return a side once for each state of a list in it; empty where it lists none.

    Example: "Iranian and Omani navies" becomes "Iranian navies" and "Omani navies", "leaders of Chad and Niger" becomes
    "leaders of Chad" and "leaders of Niger".
    """
    if _AND.search(words) is None:
        return []
    words = _KOREAS.sub(r"\1 Korea", words)
    tokens = tokenize(words)
    run = _longest_list(words, tokens, [h for h in registry.find_names(tokens) if _code(h)])
    if len({_code(hit) for hit in run}) < 2:
        return []
    start, end = tokens[run[0].first].start, tokens[run[-1].last - 1].end
    before, behind = words[:start], words[end:]
    if _OF.search(before):
        behind = ""  # "the presidents of Egypt and Sudan, Sisi and Burhan": whose name is whose is not told
    elif before.strip(" 0123456789") and not before[0].islower():
        return []
    if not (behind.strip() or _OF.search(before)):
        return []  # "Malaysia and the Philippines": two sides that were read as one
    spans = [(tokens[hit.first].start, tokens[hit.last - 1].end, _code(hit)) for hit in run]
    return [Share(f"{before}{words[a:b]}{behind}", code, words[a:b]) for a, b, code in spans]


def _code(hit: Hit) -> str:
    """Return the state that a name is, "" for none."""
    entry = next((e for e in hit.entries if e.kind in _STATE_KINDS), None)
    return entry.country if entry is not None and entry.country and entry.country not in NO_STATE else ""


def _longest_list(words: str, tokens: Sequence[Token], hits: Sequence[Hit]) -> list[Hit]:
    """Return the longest run of states with nothing but commas and "and" between them."""
    best: list[Hit] = []
    run: list[Hit] = []
    for hit in hits:
        joined = run and _LISTED.fullmatch(words, tokens[run[-1].last - 1].end, tokens[hit.first].start)
        run = [*run, hit] if joined else [hit]
        if len(run) > len(best):
            best = run
    return best if len(best) > 1 else []


def stands_for_two(words: str, text: str, start: int) -> bool:
    """Return whether a side is the two last named: "both sides", "the two presidents".

    Args:
        words: The side.
        text: The article.
        start: Where the side starts in it.
    """
    if names_states(words) or (_OTHER.match(words) and _EACH.search(text[max(0, start - 120) : start])):
        return True
    match = _PEOPLE.match(words)
    if match is None or fold(match["how"]) == "their":
        return False
    return fold(match["how"]) in ("both", "each") or words[:4].lower() == "the " or text[:start].endswith(("the ", "The "))  # fmt: skip


def names_states(words: str) -> bool:
    """Return whether a side names two states as such: "both sides", not their people or bodies."""
    return _SIDES.match(words.strip()) is not None or _OTHER.match(words.strip()) is not None


def belongs_to_two(words: str) -> bool:
    """Return whether a side is of several that were named before it: "their foreign ministers"."""
    match = _PEOPLE.match(words)
    return match is not None and fold(match["how"]) == "their"


def joined_before(spots: Sequence[Spot], starts: Sequence[int], text: str, start: int) -> tuple[Spot, Spot] | None:  # fmt: skip
    """Return the last two states that are named together before a place, by their own names or their people's.

    Args:
        spots: Names with a country, in text order.
        starts: Where they start.
        text: The article.
        start: The place.
    """
    last = bisect.bisect_left(starts, start)
    for n in range(last - 1, 0, -1):
        one, two = spots[n - 1], spots[n]
        if two.start < start - _REACH:
            return None
        if one.country == two.country or {one.country, two.country} & NO_STATE:
            continue
        name = _NAME.match(text, one.start, two.start)
        if name is not None and _JOINED.fullmatch(text, name.end(), two.start):
            return one, two
    return None
