"""Words as the registry compares them: text in, tokens with offsets and folded forms out.

Names are compared word by word without case, accents or punctuation, so that "al-Qaeda", "Al Qaeda" and
"Al-Qaida" need one alias per spelling and not one per hyphen. The possessive "'s" is a token of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyascii import anyascii

POSSESSIVE = "'s"
_TOKEN = re.compile(r"['’]s\b|(?<=s)['’](?!\w)|\w+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its offsets, its own letters and its folded form."""

    start: int
    end: int
    text: str
    key: str

    @property
    def is_capital(self) -> bool:
        """Whether the word starts with a capital letter."""
        return self.text[0].isupper()


def fold(word: str) -> str:
    """Return the form in which two spellings of a word are compared.

    Example:
        >>> fold("Bogotá"), fold("’s")
        ('bogota', "'s")
    """
    lower = word.lower()
    if lower.isascii():
        return POSSESSIVE if lower == "'" else lower
    if lower in ("’s", "’"):
        return POSSESSIVE
    return anyascii(lower).lower()


def tokenize(text: str, *, offset: int = 0) -> list[Token]:
    """Return the words of a text; ``offset`` is added to every position.

    Example:
        >>> [t.key for t in tokenize("Iran’s U.S. envoy")]
        ['iran', "'s", 'u', 's', 'envoy']
    """
    return [
        Token(m.start() + offset, m.end() + offset, m.group(), fold(m.group())) for m in _TOKEN.finditer(text)
    ]


def keys(text: str) -> tuple[str, ...]:
    """Return the folded words of an alias."""
    if text.isascii():
        lower = text.lower()
        return tuple(POSSESSIVE if w == "'" else w for w in _TOKEN.findall(lower))
    return tuple(fold(word) for word in _TOKEN.findall(text))
