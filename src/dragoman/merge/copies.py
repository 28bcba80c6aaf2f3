"""Who wrote an article: near copies of one text and credited wire text count as one newsroom.

In: texts of articles. Out: hashes that near copies share, whether two texts are copies, and the agency that a text credits.

Source: resemblance and containment of shingles (Broder 1997), MinHash with banding (Leskovec, Rajaraman and Ullman, Mining of
Massive Datasets, 3.3-3.4); the MinHash is the library rensa's.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal

from rensa import RMinHash

SHINGLE_WORDS: Final = 5
PERMUTATIONS: Final = 128
# Two rows a band: texts that share a fifth of their shingles are compared in 93 of 100 cases, half of them practically always.
_ROWS: Final = 2
_SEED: Final = 42
# One changed word breaks five shingles, so that a wire text with small edits keeps a third of them. Tuned on the wire copies among
# our own incidents (70 % of the stories, 2026-11): there two articles written apart share at most 3 %.
_LEAST_RESEMBLANCE: Final = 0.15
_LEAST_CONTAINMENT: Final = 0.25
_LEAST_SHINGLES: Final = 12  # below, a few stock phrases would make two texts copies
_MOST_CHARACTERS: Final = 20_000
_WORD = re.compile(r"\w+")
Extent = Literal["whole", "partly"]


@dataclass(frozen=True, slots=True)
class Credit:
    """An agency that an article credits: with the whole text, or partly ("with inputs from")."""

    agency: str
    extent: Extent


def shingles_of(text: str) -> frozenset[str]:
    """Return the runs of five words of a text, folded; of a shorter text its words as one run."""
    words = _WORD.findall(text[:_MOST_CHARACTERS].lower())
    if len(words) < SHINGLE_WORDS:
        return frozenset((" ".join(words),)) if words else frozenset()
    return frozenset(" ".join(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1))


def bands_of(text: str) -> list[int]:
    """Return the 64 hashes of a text, signed 64-bit; texts that share one may be copies."""
    shingles = shingles_of(text)
    if len(shingles) < _LEAST_SHINGLES:
        return []
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update(sorted(shingles))
    digest = minhash.digest()
    return [
        int.from_bytes(
            hashlib.blake2b(f"{n}|{digest[n : n + _ROWS]}".encode(), digest_size=8).digest(), "big", signed=True
        )
        for n in range(0, PERMUTATIONS, _ROWS)
    ]  # fmt: skip


def are_copies(a: frozenset[str], b: frozenset[str]) -> bool:
    """Return whether two texts, as shingles, are near copies or one holds most of the other."""
    least = min(len(a), len(b))
    if least < _LEAST_SHINGLES:
        return False
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) >= _LEAST_RESEMBLANCE or shared / least >= _LEAST_CONTAINMENT


@functools.cache
def _agencies() -> tuple[dict[str, str], str]:
    """Return spelling → agency, and a pattern of all spellings, the longest first."""
    text = resources.files("dragoman.merge").joinpath("agencies.csv").read_text("utf-8")
    names: dict[str, str] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        for name in (row["name"], *filter(None, row["aliases"].split(";"))):
            names[name] = row["name"]
    return names, "|".join(re.escape(n) for n in sorted(names, key=lambda n: (-len(n), n)))


@functools.cache
def _patterns() -> tuple[tuple[Extent, re.Pattern[str]], ...]:
    some = rf"(?P<agency>{_agencies()[1]})"
    more = rf"(?:(?:\s*(?:[,/&]|and)\s*)(?:{_agencies()[1]}))*"
    return (
        # "With inputs from Reuters", "With AFP", "AP with staff": the outlet wrote it with an agency's help.
        ("partly", re.compile(rf"(?i:with\s+(?:inputs?|material|files|reporting|reports?|additional reporting|agency inputs)\s+(?:from|by)|additional reporting by|^with)\s+(?:the\s+)?{some}\b|^{some.replace('?P<agency>', '?P<first>')}\s+(?:with|and)\s+(?:staff|own)", re.M)),
        # A line of its own, at the start or end: "AFP", "— Reuters", "Source: AP", "By Associated Press", "(AP)".
        ("whole", re.compile(rf"(?m)^[\s—–\-(\[/©]*(?i:(?:source|credit|by|from|text|report)s?\s*:?\s+)?(?:the\s+)?{some}{more}[\s)\]/.|—–\-]*$")),
        # A dateline: "NAIROBI (Reuters) -", "Paris, 3 May (AFP) –", "BEIRUT, (AP) —".
        ("whole", re.compile(rf"(?m)^[^\n!?]{{0,60}}[(\[]{some}(?:\s+\w+)?[)\]]\s*(?:[-—–:.]|\s[A-Z])")),
        # "… said. (AFP)" or "— AFP" as the last words of a line.
        ("whole", re.compile(rf"(?m)(?:[(\[]{some}[)\]]|[—–]\s?{some.replace('?P<agency>', '?P<last>')})\.?\s*$")),
        # "AFP reported", "told Reuters": at least that much comes from there.
        ("partly", re.compile(rf"\b(?:told\s+{some}|{some.replace('?P<agency>', '?P<first>')}\s+(?:reports|reported|said|was told|quoted|witness|correspondent))\b")),
    )  # fmt: skip


def credit_of(text: str) -> Credit | None:
    """Return the agency that a text credits, None for none.

    The whole text is the agency's when a dateline or a line of its own says so; "with inputs from" or "told Reuters" credit it
    partly, which counts only where the text is a copy.

    Example:
        >>> credit_of("LAGOS (Reuters) - Soldiers took the town on Sunday, residents said.")
        Credit(agency='Reuters', extent='whole')
        >>> credit_of("The envoy told Reuters that talks had begun.")
        Credit(agency='Reuters', extent='partly')
    """
    text = text.rstrip()
    # Most articles name no agency at all, and looking for a hundred spellings as such takes a third of the patterns' time.
    named = any(name in text for name in _agencies()[0])
    for extent, pattern in _patterns() if named else ():
        match = pattern.search(text)
        if match is not None:
            found = next(v for v in match.groupdict().values() if v)
            return Credit(_agencies()[0][found], extent)
    if re.search(r"(?mi)^\W*(?:with\s+)?(?:inputs?\s+from\s+)?(?:news\s+)?agencies\W*$", text[-200:]):
        return Credit("agencies", "partly")
    return None


def agency_of(outlet: str | None) -> str | None:
    """Return the agency that an outlet is, None for a newspaper or station."""
    return _agencies()[0].get(outlet) if outlet else None
