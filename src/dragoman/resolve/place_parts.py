"""What may be the name in words that the encoder read as a place: "the border" has none, "the town of Xelha" has one.

In: the words. Out: parts of them that begin with a capital, without what only says where or what kind of place it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Words around a name that say what kind of place it is; they are not part of the name in the table.
AROUND = re.compile(
    r"\b(?:north(?:ern|east(?:ern)?|west(?:ern)?)?|south(?:ern|east(?:ern)?|west(?:ern)?)?|east(?:ern)?|west(?:ern)?|"
    r"central|upper|lower|inner|outer|downtown|near|outside|greater|coastal|rural|mainland|occupied|mid|"
    r"the|a|an|its|their|in|at|on|from|of|city|town|village|capital|port|province|region|state|district|county|area|"
    r"governorate|prefecture|oblast|territory|municipality|suburb|outskirts|border|neighbou?rhood|enclave|soil)\b",
    re.I,
)
_NAME = re.compile(
    r"[A-Z][\w’'.-]*(?:[\s-]+(?:(?:de|del|la|el|al|of|and|the|du|des|da|do|di|le|les)\s+)?[A-Z][\w’'.-]*)*"
)


def names_in(words: str) -> Iterator[str]:
    """Yield what may be the name in a mention: the whole, without the words around it, then its capitalised parts."""
    plain = " ".join(AROUND.sub(" ", words).split())
    yield from (w for w in dict.fromkeys((words, plain)) if _is_named(w))
    parts = sorted((m.group() for m in _NAME.finditer(words)), key=len, reverse=True)
    for part in parts:
        stripped = " ".join(AROUND.sub(" ", part).split())
        yield from (w for w in dict.fromkeys((part, stripped)) if w not in (words, plain) and _is_named(w))
    for part in parts:
        for word in part.split():
            if len(word) > 3 and word != part and _is_named(word):
                yield word


def _is_named(words: str) -> bool:
    """Return whether a word other than those around names begins with a capital: "the border" and "the North" name nothing."""
    return any(word[:1].isupper() and not AROUND.fullmatch(word) for word in words.split())
