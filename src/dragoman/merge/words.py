"""Words as merging compares them: stems of triggers, and the telling words of sentences and articles.

In: text. Out: folded stems and sets of names and numbers. A drill and an exercise are one word here.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Final

from dragoman.merge.lemmas import root

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_TELLING: Final = re.compile(r"(?<![\w.,])(?:[A-Z][\w’'-]*[\w]|\d[\d,.]*\d|\d)(?![\w])")
_START: Final = re.compile(r"(?:^|[.!?:\n“\"]\s*)([A-Z][\w’'-]*)")
# Words that say nothing of what was done when they stand in a trigger ("checked herself into").
_EMPTY: Final = frozenset(
    "the and for with into onto from out off over down away back about after against upon his her hers him himself herself its itself their "
    "theirs them themselves this that these those was were been being has have had not who which what where when will would could should "
    "may might can shall must does did more most all any some one new own".split()
)


@functools.cache
def _lines() -> dict[str, tuple[str, ...]]:
    """Return root → the lines of ``word_lines.txt`` that it stands in: words that newspapers use for the same act."""
    text = resources.files("dragoman.merge").joinpath("word_lines.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    for n, row in enumerate(rows):
        for key in dict.fromkeys(_key(word) for word in row.split()):
            found.setdefault(key, []).append(f"#{n}")
    return {key: tuple(tags) for key, tags in found.items()}


def _key(word: str) -> str:
    # A word marked with "=" is meant in this form alone: "dead" stands for a toll, "fires" for a blaze.
    return word if word.startswith("=") else root(word)


@functools.lru_cache(maxsize=200_000)
def tags(word: str) -> tuple[str, ...]:
    """Return the lines of like words that a word stands in, else its root alone."""
    own = (*_lines().get(f"={word.lower()}", ()), *_lines().get(root(word), ()))
    return own or (root(word),)


def stem(word: str) -> str:
    """Return the root of a word, or the name of the first line of like words that it stands in.

    Example:
        >>> stem("drills") == stem("manoeuvre"), stem("nationalised")
        (True, 'nationalis')
    """
    return tags(word)[0]


def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words of three letters and more; a word of two lines ("fire") gives both."""
    return frozenset(tag for word in _WORD.findall(text) for tag in tags(word))


def roots(text: str) -> frozenset[str]:
    """Return the roots of a trigger's words, without those that say nothing of the act."""
    words = _WORD.findall(text)
    return frozenset(root(w) for w in words if w.lower() not in _EMPTY)


def telling(text: str) -> frozenset[str]:
    """Return the names and numbers of a text, folded; a capital at the start of a sentence tells nothing by itself."""
    starts = {m.start(1) for m in _START.finditer(text)}
    inner = {m.group().lower() for m in _TELLING.finditer(text) if m.start() not in starts}
    # A word at a start counts when it is capitalised elsewhere too.
    return frozenset(w.replace("’s", "").replace("'s", "") for w in inner)
