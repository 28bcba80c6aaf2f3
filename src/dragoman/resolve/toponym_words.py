"""The words of a text that may be names of places, and the word lists that tell what stands around them.

In: a text. Out: stretches of capitalised words as tokens with look-up keys, and single words before and after a spot.
"""

from __future__ import annotations

import csv
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from dragoman.resolve.gazetteer import PACKAGED, name_key

_INNER_WORDS: Final = (
    "de del della di do da dos das du des la le les los las el al ul ed en es sur upon on of and the y kwa am im an bin ibn "
    "ou und van au aux"
).split()
_CAPITAL: Final = "".join(c for c in map(chr, range(0x41, 0x250)) if c.isupper())
_WORD: Final = rf"(?:[A-Z]\.){{2,}}(?![a-z])|(?:[dl]['’])?[{_CAPITAL}]\w*(?:['’`ʻ](?!s\b)[^\W\d_]+)*"
_GAP: Final = r"(?:[ \u00a0-]|(?<=\b[SFM]t)\. |–|['’]s )"
_RUN = re.compile(
    rf"(?<!\w)(?:(?:al|el|an|ar|as|ash|at|ad|az|ed|es)-)?(?:{_WORD})"
    rf"(?:{_GAP}(?:(?:{'|'.join(_INNER_WORDS)}){_GAP}){{0,2}}(?:{_WORD}))*"
)
_TOKEN = re.compile(rf"{_WORD}|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a stretch of capitalised words."""

    start: int
    end: int
    text: str
    key: str
    is_capital: bool
    has_s: bool  # "'s" follows: "Prince George's County", or a possessive


@dataclass(frozen=True, slots=True)
class Words:
    """Words around names of places; see the files of the gazetteer folder."""

    never: frozenset[str]
    titles: frozenset[str]
    locative: frozenset[str]
    units: Mapping[str, str]
    organisations: frozenset[str]
    demonyms: frozenset[str]
    counts: Mapping[str, tuple[float, float, float]]  # log of plain, person, place counts


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def load_words(folder: Path = PACKAGED) -> Words:
    """Load the word lists: words that name no place, titles, units, organisations, demonyms and name counts."""
    lists = tomllib.loads((folder / "place_words.toml").read_text("utf-8"))
    units: dict[str, str] = {}
    for kind, words in lists["units"].items():
        for word in words:
            units.setdefault(word, kind)
    demonyms = {
        name_key(w)
        for row in _rows(folder / "demonyms.csv")
        for w in (*row["adjectives"].split(";"), *row["people"].split(";"))
    }
    counts = {
        row["word"]: (
            math.log1p(int(row["plain"])),
            math.log1p(int(row["given"]) + int(row["surname"])),
            math.log1p(int(row["place"])),
        )
        for row in _rows(folder / "name_words.csv")
    }
    return Words(
        frozenset(w.lower() for w in lists["never"]),
        frozenset(w.lower() for w in lists["titles"]),
        frozenset(lists["locative"]),
        units,
        frozenset(lists["organisations"]["words"]),
        frozenset(demonyms - {""}),
        counts,
    )


@cache
def load_weights(folder: Path = PACKAGED) -> Mapping[str, Mapping[str, float]]:
    """Load the fitted weights: ``find`` (is it a place), ``choose`` (which) and ``sure`` (is the choice right)."""
    weights: dict[str, dict[str, float]] = json.loads((folder / "place_weights.json").read_text("utf-8"))
    return weights


def runs_of(text: str) -> Iterator[list[Token]]:
    """Yield the stretches of capitalised words of a text, with the small words within names, as tokens."""
    for run in _RUN.finditer(text):
        word = run.group()
        if word.isalnum() and word.isascii():  # most runs are one plain word
            at, end = run.span()
            yield [Token(at, end, word, word.lower(), True, text.startswith(("'s", "’s"), end))]
            continue
        out: list[Token] = []
        for m in _TOKEN.finditer(text, run.start(), run.end()):
            word = m.group()
            if word.isascii() and word.isalnum():
                key = word.lower()
            else:
                key = word.replace(".", "").lower() if word[1:2] == "." else name_key(word)
            has_s = text.startswith(("'s", "’s"), m.end())
            if word != "s" or not out or not out[-1].has_s:
                out.append(Token(m.start(), m.end(), word, key, not word.islower(), has_s))
        yield out


def word_before(text: str, at: int) -> tuple[str, str]:
    """Return the word before a place in a text, and what stands between."""
    end = at
    while end and not text[end - 1].isalnum():
        end -= 1
        if at - end > 4:
            return "", text[end:at]
    start = end
    while start and (text[start - 1].isalnum() or text[start - 1] in "-."):
        start -= 1
    return text[start:end], text[end:at]


def word_after(text: str, at: int) -> tuple[str, str]:
    """Return what stands between a place in a text and the next word, and that word."""
    start, n = at, len(text)
    while start < n and not text[start].isalnum():
        start += 1
        if start - at > 2:
            return text[at:start], ""
    end = start
    while end < n and text[end].isalnum():
        end += 1
    return text[at:start], text[start:end]


def starts_sentence(text: str, at: int) -> bool:
    """Tell whether a place in a text is the start of a sentence, a line or a point of a list."""
    while at and text[at - 1] in " \"'“‘(\t":
        at -= 1
    return not at or text[at - 1] in ".!?\n:•"
