"""Names of persons, bodies, places and peoples: decoded sentence by sentence, then made to agree within an article.

In: logits of sentences, or what was found in each sentence of an article. Out: ``Found`` per sentence, spans in characters of it.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dragoman.parse.decode import Floats, Found, find_spans

# Names that are one name when a single space is between them, and of what kind: "Central" and "America" are one place, "Taipei"
# belongs to its "City Government" ("Kyrgyz Muslims" are two peoples).
_ONE_NAME: Final = {
    ("PER", "PER"): "PER",
    ("ORG", "ORG"): "ORG",
    ("LOC", "LOC"): "LOC",
    ("LOC", "ORG"): "ORG",
}
_DATE: Final = "DATE"
# A sum ("K320", "N$40", "Rs 50") is no name, though it begins with a capital; the G20 and the M23 are bodies.
_SUM: Final = re.compile(
    r"(?:[A-Z]{0,3}\$\s?\d|[A-Z]\d{3}|[A-Z]\d+[.,]\d|(?:Rs|Rp|RM|Sh|KSh|Tk|KD|Nu|NIS)\.?\s?\d)[\d.,]*(?:m|bn|k)?"
)
# Small words before a name that are no part of it ("led United Nations Command"), and those that may be ("al-", "de", "van").
_BEFORE: Final = re.compile(r"(?:[a-z][\w’'-]*\s+)+(?=[A-Z])")
_PART: Final = frozenset(
    "al el bin ibn bint van von de del della di da dos das du la le les den der ter ten af av y abu ben st of".split()
)
_BEHIND: Final = re.compile(r"(?:\s+(?:of|in|and|the|for|on|at|by|to|with|from|&))+$")
# A name that is as sure as this somewhere in an article is the same name wherever its words stand; chosen on our own tuning tenth, where
# 0.6 to 0.9 gave the same.
_SURE: Final = 0.8
_LESS_SURE: Final = 0.9  # times the confidence elsewhere
_WORD: Final = re.compile(r"\w+")
_MOST_PARTS: Final = 4  # words of a person's name whose last is the family's


def find_names(
    logits: Floats, labels: Sequence[str], least: float, offsets: Sequence[tuple[int, int]], text: str
) -> list[Found]:
    """Return names from BIO logits (n, 1 + 2 × kinds), without the words that cannot be part of one.

    Those that cannot follow each other directly are one name.

    Source:
        Among the 17,000 names of our own sentences one such pair stands side by side.
    """
    out: list[Found] = []
    for name in find_spans(logits, labels, {"": least}, offsets, text):
        last = out[-1] if out else None
        kind = last and text[last.end : name.start] == " " and _ONE_NAME.get((last.label, name.label))
        if last and kind:
            out[-1] = Found(last.start, name.end, kind, min(last.confidence, name.confidence))
        else:
            out.append(name)
    return [trimmed for name in out if (trimmed := _trimmed(name, text)) is not None]


def _trimmed(name: Found, text: str) -> Found | None:
    """Return a name without the small words around it, None for what cannot be one."""
    words = text[name.start : name.end]
    if name.label == _DATE:
        return name
    if not _has_capital(words, text) or _SUM.fullmatch(words):
        return None
    before = _BEFORE.match(words)
    first = 0
    if before and not any(w in _PART or "-" in w for w in before.group().split()):
        first = before.end()
    behind = _BEHIND.search(words, first)
    last = behind.start() if behind else len(words)
    return replace(name, start=name.start + first, end=name.start + last)


def _has_capital(words: str, text: str) -> bool:
    """Return whether a stretch has a capital, or letters of a text that has none."""
    return any(c.isupper() for c in words) or (
        any(c.isalpha() for c in words) and not any(c.isupper() for c in text)
    )


def agree(texts: Sequence[str], found: Sequence[Sequence[Found]]) -> list[list[Found]]:
    """Return the names of an article's sentences when the same words are the same name throughout.

    Of several kinds that words were taken for the one with most confidence in all counts; a family name stands with the whole name. What is
    sure in one sentence is found in those where it was overlooked.

    Args:
        texts: The sentences.
        found: What was found in each.
    """
    kinds = _kinds(texts, found)
    sure: dict[str, float] = {}
    out = []
    for text, names in zip(texts, found, strict=True):
        own = []
        for name in names:
            words = text[name.start : name.end]
            if name.label != _DATE:
                name = replace(name, label=kinds[words])
                sure[words] = max(sure.get(words, 0.0), name.confidence)
            own.append(name)
        out.append(own)
    # By their first word, so that a long document asks of each sentence only for the names that may stand in it.
    known: dict[str, dict[str, float]] = collections.defaultdict(dict)
    for words, confidence in sure.items():
        if confidence >= _SURE and _is_telling(words):
            known[_WORD.findall(words)[0]][words] = confidence
    return [_completed(text, own, known, kinds) for text, own in zip(texts, out, strict=True)]


def _kinds(texts: Sequence[str], found: Sequence[Sequence[Found]]) -> dict[str, str]:
    """Return the kind of each name of an article, by its words."""
    votes: dict[str, dict[str, float]] = collections.defaultdict(lambda: collections.defaultdict(float))
    for text, names in zip(texts, found, strict=True):
        for name in names:
            if name.label != _DATE:
                votes[text[name.start : name.end]][name.label] += name.confidence
    for words, own in list(votes.items()):
        parts = words.split()
        if 1 < len(parts) <= _MOST_PARTS and parts[-1] in votes and _likeliest(own) == "PER":
            votes[parts[-1]]["PER"] += own["PER"]
    return {words: _likeliest(own) for words, own in votes.items()}


def _likeliest(votes: dict[str, float]) -> str:
    """Return the kind with most confidence, the first by name of those that have as much."""
    return max(sorted(votes), key=votes.__getitem__)


def _is_telling(words: str) -> bool:
    return len(words) > 2 and words[0].isupper()


def _completed(
    text: str, own: list[Found], known: dict[str, dict[str, float]], kinds: dict[str, str]
) -> list[Found]:
    """Return the names of a sentence with those that other sentences are sure of, the longest before those inside them."""
    out = own
    asked = {
        w: c
        for first in set(_WORD.findall(text)) & known.keys()
        for w, c in known[first].items()
        if w in text
    }
    for words, confidence in sorted(asked.items(), key=lambda item: (-len(item[0]), item[0])):
        for match in re.finditer(rf"(?<![\w-]){re.escape(words)}(?![\w-])", text):
            if not any(f.start < match.end() and match.start() < f.end for f in out):
                added = Found(match.start(), match.end(), kinds[words], round(_LESS_SURE * confidence, 4))
                out = sorted([*out, added], key=lambda f: f.start)
    return out
