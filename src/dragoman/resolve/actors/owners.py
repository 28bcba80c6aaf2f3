"""Whose a side is that is told only by somebody else: "its ambassador", "their allies", "three other states".

In: the words of a side, and what the sentence names before it. Out: the name it belongs to, or that it belongs to nobody
named. An ally or enemy of a state is of another one, and so are "three others" after a list of states.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Sequence
from typing import Final

from dragoman.resolve.actors.compose import Reading
from dragoman.resolve.actors.spots import NO_STATE, Spot
from dragoman.resolve.actors.words import keys

_OWNED: Final = re.compile(r"\b(?:its|their)\s+(?:\w+\s+){0,2}$", re.I)
_OWNED_INSIDE: Final = re.compile(r"^(?:its|their)\s", re.I)
_APART: Final = frozenset(
    "ally allies neighbour neighbours neighbor neighbors enemy enemies rival rivals foe foes adversary adversaries opponent "
    "opponents partner partners backers creditors lenders donors patrons".split()
)
# Of these a state has one that is meant, in a text about two states.
_OPPOSITE: Final = frozenset("neighbour neighbor rival foe enemy adversary".split())
_LEAST_TOLD: Final = 2
# Words that say that an actor is not from here.
_ABROAD: Final = frozenset(
    "foreign foreigner foreigners expatriate expatriates western international".split()
)
_STATES: Final = frozenset("state states country countries nation nations powers capitals".split())
_SEVERAL: Final = re.compile(
    r"\b(?:other|others|several|many|some|various|all|most|more|numerous|dozens?|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|\d+|european|western|african|asian|arab|muslim|neighbou?ring|foreign|member)\b",
    re.I,
)
_OTHERS: Final = re.compile(r"^(?:at least\s+|some\s+)?(?:\w+|\d+)\s+(?:others|more|of them)$|^others$", re.I)
_LISTED: Final = re.compile(
    r"^(?:,|\s+and|,\s+and|\s+with|\s+as well as|\s+plus)\s+(?:the\s+|at least\s+)?$", re.I
)
_NAME: Final = re.compile(r"[\w.’'-]+(?: [A-Z][\w.’'-]*)*")
# Role words so tied to a country that the article's own country is a fair guess.
_DOMESTIC: Final = frozenset(
    "GOV COP JUD LEG MIL OPP PTY LAB EDU CVL AGR SOC MED JRN BUS REL CRM SPY".split()
)
_LOCAL: Final = frozenset(["REB", "UAF", "PRM", "REF", "ELI"])
_BARE_STATES: Final = (("country",), ("nation",))
_STATE_KINDS: Final = frozenset({"country", "people", "capital"})


def is_apart(words: str, head: str | None, named: Sequence[Spot], text: str, start: int) -> bool:
    """Return whether a side is of no state that the sentence or the article tells.

    Args:
        words: The side.
        head: Its head noun, None where it has none.
        named: Names with a country in its sentence, in text order.
        text: The article.
        start: Where the side starts in it.
    """
    last = keys(words)[-1:] or ("",)
    before = [s for s in named if s.start < start]
    if head in _STATES and last[0] in _STATES - {"state", "country", "nation"} and _SEVERAL.search(words):
        return True
    if not before or before[-1].kind not in _STATE_KINDS:
        return False
    if _OTHERS.match(words):
        name = before[-1]
        return _LISTED.match(text[name.start + len(_word(text, name.start)) : start]) is not None
    return last[0] in _APART and _is_owned(words, text, start)


def other_state(words: str, named: Sequence[Spot], start: int, countries: Sequence[str]) -> str | None:
    """Return the state that "its neighbour" or "its rival" is where the article tells of one beside the owner above all others.

    Args:
        words: The side.
        named: Names with a country in its sentence, in text order.
        start: Where the side starts in the article.
        countries: The country of each name of the article.
    """
    before = [s for s in named if s.start < start and s.country not in NO_STATE]
    owners = {s.country for s in before}
    if any(s.kind not in ("country", "capital") for s in before):
        return None  # a firm's or party's rival is no state
    if len(owners) != 1 or (keys(words)[-1:] or ("",))[0] not in _OPPOSITE:
        return None  # of two that are named before it, either may be the owner
    told = collections.Counter(c for c in countries if c not in owners | NO_STATE).most_common(2)
    clear = bool(told) and told[0][1] >= _LEAST_TOLD and (len(told) == 1 or told[0][1] >= 2 * told[1][1])
    return told[0][0] if clear else None


def owner_of(words: str, text: str, start: int, named: Sequence[Spot]) -> Spot | None:
    """Return the state whose "its ambassador" or "their leader" is, the first that the sentence names before it, or that "the country" is."""
    if keys(words) in _BARE_STATES:
        return _state_meant(named, start)
    if not _is_owned(words, text, start) or (keys(words)[-1:] or ("",))[0] in _APART:
        return None
    before = [s for s in named if s.start < start and s.country not in NO_STATE and s.kind != "person"]
    return before[0] if before else None


def _state_meant(named: Sequence[Spot], start: int) -> Spot | None:
    """Return the state that the sentence is about as far as it was read: the first it names as such, else the first adjective's."""
    before = [s for s in named if s.start < start and s.kind in _STATE_KINDS and s.country not in NO_STATE]
    return next((s for s in before if s.kind == "country"), before[0] if before else None)


def _is_owned(words: str, text: str, start: int) -> bool:
    before = text[max(0, start - 40) : start]
    return _OWNED_INSIDE.match(words) is not None or _OWNED.search(before) is not None


def _word(text: str, start: int) -> str:
    found = _NAME.match(text, start)
    return found.group() if found else ""


def is_from_abroad(words: str, reading: Reading) -> bool:
    """Return whether people or several bodies are called foreign; the "foreign minister", "foreign ministry" and names are not meant."""
    head = reading.head
    if reading.is_name or head is None:
        return False
    said, noun = keys(words), keys(head.word)
    if head.kind in ("person", "people"):
        return bool(_ABROAD & (set(said) - set(noun)))
    before = said[: said.index(noun[-1])] if noun[-1] in said else ()  # not "firms in foreign hands"
    return head.plural and "foreign" in set(before) - set(noun)


def may_borrow(reading: Reading) -> bool:
    """Return whether the country of the surroundings may be taken: not for international bodies and bare words."""
    return not reading.sectors or reading.sectors[0] in _DOMESTIC | _LOCAL


def is_foreign_kind(reading: Reading) -> bool:
    """Return whether an actor is rather tied to the sides of its sentence than to the article's own country."""
    return reading.sectors[:1] != () and reading.sectors[0] in _LOCAL
