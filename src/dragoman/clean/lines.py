"""Cut a text into lines or, where it is wrapped at a fixed width, into paragraphs.

In: a text. Out: ``Line`` records in order, with offsets; blank lines are left out and told by ``gap``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LONGEST_HEADLINE = 170  # characters
MOST_HEADLINE_WORDS = 24
WIDEST_WRAP = 110  # characters; text wrapped by a program has lines of 60 to 100
FEWEST_WRAPPED = 3  # breaks inside sentences that show a text to be wrapped

_LINE = re.compile(r"[^\s\ufeff\u200b](?:[^\n\r]*[^\s\ufeff\u200b])?")
_CLOSERS = "\"'”’»)]}*_"
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "–": "-", "—": "-"})
_BULLET = re.compile(r"[•●▪■◦‣⁃∙·*–—-]\s+|#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, or one wrapped paragraph.

    ``key`` is equal for lines of the same words (case, spaces and quote marks aside). ``gap`` tells whether a blank
    line or the start of the text stands before. ``bullet`` is "#" for a heading mark, "•" for a list mark, else "".
    """

    start: int
    end: int
    text: str
    key: str
    words: int
    gap: bool
    bullet: str = ""

    @property
    def is_sentence(self) -> bool:
        """Whether the line ends as a sentence does."""
        return self.text.rstrip(_CLOSERS)[-1:] in (".", "!", "…", "?")

    @property
    def is_headline(self) -> bool:
        """Whether the line could be a headline: short, no final stop, opening with a capital, figure or quote."""
        text = self.text
        if len(text) > LONGEST_HEADLINE or not 2 <= self.words <= MOST_HEADLINE_WORDS:
            return False
        last = text.rstrip(_CLOSERS)[-1:]
        return bool(last) and last not in ".!…:;," and not text.lstrip("\"'“‘([")[:1].islower()


def to_key(text: str) -> str:
    """Return the words of a text in a form that is equal for repetitions of it.

    Example:
        >>> to_key("Iran’s  DRILL") == to_key("Iran's drill")
        True
    """
    return " ".join(text.translate(_QUOTES).split()).casefold()


def split_lines(text: str) -> list[Line]:
    """Return the lines of a text; wrapped lines come back as one."""
    pieces: list[tuple[int, int, bool]] = []
    reach = 0
    for found in _LINE.finditer(text):
        gap = not pieces or text.count("\n", reach, found.start()) > 1
        pieces.append((found.start(), found.end(), gap))
        reach = found.end()
    if (width := _wrap_width(text, pieces)) is not None:
        pieces = _join_wrapped(text, pieces, width)
    return [_to_line(text, *piece) for piece in pieces]


def _to_line(text: str, start: int, end: int, gap: bool) -> Line:
    bullet = ""
    if (mark := _BULLET.match(text, start, end)) is not None and mark.end() < end:
        bullet = "#" if mark.group().startswith("#") else "•"
        start = mark.end()
    words = text[start:end]
    return Line(start, end, words, to_key(words), len(words.split()), gap, bullet)


def _wrap_width(text: str, pieces: Sequence[tuple[int, int, bool]]) -> int | None:
    """Return the width at which a text is wrapped, or None for a text with one paragraph or sentence per line."""
    longest = max((end - start for start, end, _ in pieces), default=0)
    if not 40 <= longest <= WIDEST_WRAP:
        return None
    inside = full = 0
    for (start, end, _), (after, _, gap) in pairwise(pieces):
        if gap:
            continue
        full += end - start > 0.7 * longest
        broken = text[start:end].rstrip(_CLOSERS)[-1:] not in (".", "!", "?", "…", ":", "|")
        inside += broken and text[after].islower()
    return longest if inside >= FEWEST_WRAPPED and inside * 4 >= full else None


def _join_wrapped(
    text: str, pieces: Sequence[tuple[int, int, bool]], width: int
) -> list[tuple[int, int, bool]]:
    """Join lines that run on: nothing blank between, and the next line's first word did not fit any more."""
    joined: list[tuple[int, int, bool]] = []
    last_line = 0
    for start, end, gap in pieces:
        first_word = len(text[start:end].split(maxsplit=1)[0])
        if (
            joined
            and not gap
            and last_line + 1 + first_word > 0.85 * width
            and not _BULLET.match(text, start, end)
        ):
            joined[-1] = (joined[-1][0], end, joined[-1][2])
        else:
            joined.append((start, end, gap))
        last_line = end - start
    return joined
