"""Cut sides where they begin and end: no dateline before one, no preposition left behind it, no name cut in two.

In: mentions as the encoder found them. Out: the same, shorter, or joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dragoman.records import Mention

_DATELINE: Final = re.compile(
    r"[A-Z][A-Z.'’]+(?:[ ,/]+[A-Z][\w.'’]*){0,4}(?:\s+\([^)]{2,20}\))?\s+[-–—]+\s+(?=\w)"
)
_HANGING: Final = re.compile(
    r"(?<=\w)[\s,]+(?:(?:of|in|from|at|for|by|with|near|against|and|or|the|inside|across|between|to)[\s,]*)+$"
)


_WITHIN: Final = re.compile(r"\s+(?:of|from)\s+(?:the\s+)?", re.I)


def join_cut(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Return the sides of one role with those joined that one phrase was cut into: "warships" + "of the Keld Navy".

    Args:
        mentions: Sides of one role of an event.
        text: The article's text.
    """
    out: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: m.start):
        last = out[-1] if out else None
        if (
            last is not None
            and last.end <= mention.start
            and (
                _WITHIN.fullmatch(text, last.end, mention.start)
                or (text[last.end : mention.start] == " " and _WITHIN.match(f" {mention.text}"))
            )
        ):
            out[-1] = replace(last, end=mention.end, text=text[last.start : mention.end])
        else:
            out.append(mention)
    return out


def trim_side(mention: Mention) -> Mention:
    """Return a side without a dateline in front and without a preposition, "and" or "the" at its end.

    Example: "LAGOS - Police in" becomes "Police".
    """
    dateline = _DATELINE.match(mention.text)
    first = dateline.end() if dateline else 0
    hanging = _HANGING.search(mention.text, first)
    last = hanging.start() if hanging else len(mention.text)
    if not mention.text[first:last].strip() or (first, last) == (0, len(mention.text)):
        return mention
    return replace(
        mention, start=mention.start + first, end=mention.start + last, text=mention.text[first:last]
    )
