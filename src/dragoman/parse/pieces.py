"""Word pieces and characters: casing classes and the way from character spans to pieces.

The encoder's base is uncased; a casing class per word piece gives back what lower-casing takes away.
"""

from __future__ import annotations

from collections.abc import Sequence

LOWER, TITLE, UPPER, DIGIT, OTHER = range(5)


def _casing(word: str) -> int:
    first = word[0]
    if first.isdigit():
        return DIGIT
    if first.islower():
        return LOWER
    if first.isupper():
        return UPPER if len(word) > 1 and word.isupper() else TITLE
    return OTHER


def casing_of(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Return a casing class per piece; pieces of one word share the class of the whole word.

    Args:
        text: The sentence.
        offsets: Character offsets of its pieces; (0, 0) for special pieces.

    Example:
        >>> casing_of("Iran said", [(0, 0), (0, 4), (5, 9), (0, 0)])
        [4, 1, 0, 4]
    """
    out = [OTHER] * len(offsets)
    k, n = 0, len(offsets)
    while k < n:
        start, end = offsets[k]
        if end <= start:
            k += 1
            continue
        last = k
        if text[start].isalnum():
            while last + 1 < n and offsets[last + 1][0] == end and text[end : end + 1].isalnum():
                last += 1
                end = offsets[last][1]
        out[k : last + 1] = [_casing(text[start:end])] * (last + 1 - k)
        k = last + 1
    return out


def token_range(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return the half-open range of pieces that overlap the characters ``start`` to ``end``; empty is (0, 0)."""
    inside = [k for k, (a, b) in enumerate(offsets) if b > a and a < end and b > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
