"""Tells from the words round a date whether its clause speaks of the past or of the future.

The verb or phrase nearest before the date in its sentence decides; with none before it, the first one after.
"""

from __future__ import annotations

import re
from typing import Literal

from dragoman.timex.lexicon import load_table

Direction = Literal["past", "future"]

_TABLE = load_table("tense.toml")
_FUTURE = "|".join(
    re.escape(p) for p in sorted([*_TABLE["future"], *_TABLE["announce"]], key=len, reverse=True)
)
_PAST = "|".join(sorted(_TABLE["past"], key=len, reverse=True))
_NOT_PAST = frozenset(_TABLE["not_past"])
_MARKER = re.compile(
    rf"(?P<future>\b(?:{_FUTURE})\b(?:(?:\W\w+){{0,2}}?\W(?:be|been)\W[a-z]+|(?:\W[a-z]+)?\W(?!on\b|in\b)\w+ed\b)?)"
    rf"|(?P<past>\b(?:{_PAST}|[a-z]{{2,}}ed)\b)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"(?<!\b(?:Mr|Ms|Dr|St|Lt))(?<!\b(?:Mrs|Gen|Col|Sen|Rep|Gov|Sgt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
    r"(?<!\b(?:Sept|Capt|Prof))(?<!\b[A-Z]\.[A-Z])\.[\"”’')]*\s|[!?;][\"”’')]*\s|\n|:\s"
)
_REACH_BEFORE, _REACH_AFTER = 140, 90


def direction_at(text: str, start: int, end: int) -> Direction | None:
    """Return "past" or "future" for the clause round ``text[start:end]``, None when no word tells."""
    window = text[max(0, start - _REACH_BEFORE) : start]
    stops = [m.end() for m in _STOP.finditer(window)]
    found: Direction | None = None
    for m in _MARKER.finditer(window, stops[-1] if stops else 0):
        found = _reading(m) or found
    if found is not None:
        return found
    stop = _STOP.search(text, end, end + _REACH_AFTER)
    for m in _MARKER.finditer(text, end, stop.start() if stop else end + _REACH_AFTER):
        found = _reading(m)
        if found is not None:
            return found
    return None


def _reading(m: re.Match[str]) -> Direction | None:
    """Return what a marker says, None for a word that only looks like one."""
    if m.lastgroup == "future":
        return "future"
    word = m.group()
    named = word[0].isupper() and word.endswith("ed")  # "Mohamed", "Reed"
    return None if named or word.lower() in _NOT_PAST else "past"
