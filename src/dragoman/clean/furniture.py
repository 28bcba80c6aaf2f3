"""Recognise the lines of a page that belong to the page and not to the article.

In: one line of text. Out: what kind of furniture it is, or None. The patterns are data: ``furniture.toml``.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any, NamedTuple

LONGEST_FURNITURE = 300  # characters; a longer line is never furniture, which also bounds the patterns' work
FEWEST_CAPTION_WORDS = 4  # "Photo: Jane Doe" is a credit, "Photo: Troops march in Yei" a caption


class Caption(NamedTuple):
    """Where the words of a picture caption stand in its line, without label and credit."""

    start: int
    end: int
    has_words: bool


def load_patterns() -> dict[str, Any]:
    """Return the tables of ``furniture.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("furniture.toml").read_text("utf-8"))


_TABLES = load_patterns()
_Patterns = dict[str, re.Pattern[str]]
_STRONG: _Patterns = {name: re.compile(text, re.IGNORECASE) for name, text in _TABLES["strong"].items()}
_WEAK: _Patterns = {name: re.compile(text, re.IGNORECASE) for name, text in _TABLES["weak"].items()}
_MARKER = re.compile(_TABLES["related"]["marker"], re.IGNORECASE)
_INLINE = re.compile(_TABLES["related"]["inline"], re.IGNORECASE)
_BOX_HEADING = re.compile(_TABLES["boxes"]["heading"], re.IGNORECASE)
_LABEL = re.compile(_TABLES["caption"]["label"], re.IGNORECASE)
_OPENING = re.compile(_TABLES["caption"]["opening"], re.IGNORECASE)
_CREDIT = re.compile(f"(?:{_TABLES['caption']['credit']})$", re.IGNORECASE)
_CREDIT_HINT = re.compile(r"photo|image|pic|credit|file|video|screengrab|/|via|getty", re.IGNORECASE)

STANDFIRST_WORDS = frozenset(_TABLES["standfirst"]["words"])
PUBLISHED_FIELDS: tuple[str, ...] = tuple(_TABLES["meta"]["published"])
STRONG = frozenset(_STRONG)


def find_furniture(line: str) -> str | None:
    """Return the name of the pattern that the whole line fits, strong ones first, or None.

    Example:
        >>> find_furniture("LinkedIn iconPinterest iconFacebook icon")
        'icons'
        >>> find_furniture("Iran and Azerbaijan launched a drill.") is None
        True
    """
    if len(line) > LONGEST_FURNITURE:
        return None
    for patterns in (_STRONG, _WEAK):
        for name, pattern in patterns.items():
            if pattern.fullmatch(line):
                return name
    return None


def is_related_marker(line: str) -> bool:
    """Return whether the line announces other stories, such as "Related stories" or "More from Reuters"."""
    return len(line) <= 60 and _MARKER.fullmatch(line) is not None


def is_box_heading(line: str) -> bool:
    """Return whether a heading is that of a box of contacts, tools or particulars beside an article.

    Example:
        >>> is_box_heading("Media enquiries"), is_box_heading("Who pays")
        (True, False)
    """
    return len(line) <= 60 and _BOX_HEADING.fullmatch(line.strip()) is not None


def find_related_link(line: str) -> int | None:
    """Return where the linked words start in a line such as "Read more: …", or None.

    Example:
        >>> find_related_link("ALSO READ: Five killed in Kandahar blast")
        11
    """
    if len(line) > LONGEST_FURNITURE:
        return None
    found = _INLINE.fullmatch(line)
    return found.start("rest") if found else None


def find_caption(line: str) -> Caption | None:
    """Return the caption that a line holds, judged by its opening words or its picture credit, or None.

    Example:
        >>> find_caption("Smoke rises over the port on Monday. (Photo: Reuters)")
        Caption(start=0, end=38, has_words=True)
    """
    if len(line) > 2 * LONGEST_FURNITURE:
        return None
    label = _LABEL.match(line)
    start = label.end() if label else 0
    tail_from = max(start, len(line) - 140)
    credit = _CREDIT.search(line, tail_from) if _CREDIT_HINT.search(line, tail_from) else None
    if credit is None and label is None and _OPENING.match(line) is None:
        return None
    end = credit.start() if credit is not None else len(line)
    return Caption(start, end, len(line[start:end].split()) >= FEWEST_CAPTION_WORDS)
