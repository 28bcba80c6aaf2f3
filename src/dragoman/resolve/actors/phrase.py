"""Take a noun phrase apart: its words, its names and role words, its segments and its head.

"Lebanese Prime Minister Saad Hariri of the Future Movement" has the segments "Lebanese Prime Minister Saad Hariri"
and "the Future Movement" (linked by "of"); the head of the first is the name, its title "Prime Minister". No parser:
the words before the first preposition, comma or bracket hold the head, and the last name or role word there is it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dragoman.resolve.actors.registry import PLACE_KINDS, Entry, Hit, Registry
from dragoman.resolve.actors.words import Token, tokenize

LINKERS: Final = frozenset(
    "of from in at near within inside across on for to by with against between about over outside under "
    "who whom which that including and or as after during since amid around among throughout along led "
    "wearing holding suspected accused armed".split()
)
_SKIP_BEFORE: Final = frozenset({"pro", "anti", "ex", "non"})
_SKIP_AFTER: Final = frozenset(
    "backed supported allied controlled occupied trained held funded made run administered armed aligned "
    "sponsored bound speaking friendly linked inspired ruled".split()
)
_BACKED: Final = frozenset("backed supported sponsored aligned allied funded".split())
_HONORIFICS: Final = frozenset(
    "mr mrs ms miss dr sheikh president minister king queen prince princess general colonel captain "
    "senator sir lord lady justice judge professor prof governor chancellor pope cardinal bishop "
    "archbishop imam ayatollah comrade".split()
)
# "men suspected of fraud" splits at the participle, "suspected militants" does not.
_PARTICIPLES: Final = frozenset({"suspected", "accused", "armed", "led"})
_AFTER_PARTICIPLE: Final = frozenset({"of", "in", "with", "by", "to"})
_COMPOUND: Final = re.compile(rf"[-–](?:{'|'.join(sorted(_SKIP_AFTER))})\b", re.I)
_PREFIX: Final = re.compile(rf"\b(?:{'|'.join(sorted(_SKIP_BEFORE))})-$", re.I)
PLAIN: Final = frozenset(
    "the a an this that these those his her its their our my your at least about around some other "
    "another more than several two three four five six seven eight nine ten dozen hundred thousand "
    "million new old young senior top local first second third only just up to nearly almost over under "
    "many both all each every any no".split()
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words of a phrase, the word or mark that links it to what comes before, and its hits."""

    linker: str
    first: int
    last: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase taken apart; positions are indexes into ``tokens``."""

    text: str
    tokens: tuple[Token, ...]
    segments: tuple[Segment, ...]

    @property
    def main(self) -> Segment:
        """The segment with the head."""
        return self.segments[0]

    def key(self, at: int) -> str:
        """Return the folded word at a position, or "" outside the phrase."""
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def words(self, hit: Hit) -> str:
        """Return a hit's words as they stand in the phrase."""
        base = self.tokens[0].start
        return self.text[self.tokens[hit.first].start - base : self.tokens[hit.last - 1].end - base]

    def gap(self, at: int) -> str:
        """Return what stands between the word at a position and the one before it."""
        if not 0 < at < len(self.tokens):
            return ""
        base = self.tokens[0].start
        return self.text[self.tokens[at - 1].end - base : self.tokens[at].start - base]

    def is_qualified(self, hit: Hit) -> bool:
        """Return whether a hit is half of a compound such as "US-backed" or "pro-Russian"."""
        before = self.gap(hit.first) == "-" and self.key(hit.first - 1) in _SKIP_BEFORE
        after = self.gap(hit.last) in ("-", "–") and self.key(hit.last) in _SKIP_AFTER
        # Some write "Iran backed militias"; as a verb the word has no place within a side.
        apart = (
            self.gap(hit.last) == " " and self.key(hit.last) in _BACKED and hit.last + 1 < len(self.tokens)
        )
        return before or after or apart


def is_qualified(text: str, start: int, end: int) -> bool:
    """Return whether a name in a text is half of a compound such as "US-backed" or "pro-Russian"."""
    behind = _COMPOUND.match(text[end : end + 16])
    before = _PREFIX.search(text[max(0, start - 5) : start])
    return behind is not None or before is not None


def read_phrase(text: str, registry: Registry) -> Phrase | None:
    """Return a noun phrase taken apart, or None when it has no word."""
    tokens = tokenize(text)
    if not tokens:
        return None
    text = text[tokens[0].start :]
    shifted = tokens if tokens[0].start == 0 else tokenize(text)
    hits = registry.find(shifted)
    bare = Phrase(text, tuple(shifted), ())
    taken = {at for hit in hits for at in range(hit.first, hit.last)}
    hits = [kept for hit in hits if (kept := _checked(bare, hit, taken)) is not None]
    return Phrase(text, tuple(shifted), tuple(_segments(bare, hits)))


def _checked(phrase: Phrase, hit: Hit, taken: set[int]) -> Hit | None:
    """Return a hit, or None for one that is part of a longer unknown name ("Lloyd Austin", "Poon Man-kay")."""
    if hit.role is not None and not hit.entries and _is_half_name(phrase, hit):
        return None
    if hit.entries and _is_half_surname(phrase, hit, taken):
        return None
    if not hit.entries or all(entry.kind not in PLACE_KINDS for entry in hit.entries):
        return hit
    before = hit.first - 1
    if all(entry.kind in ("city", "region") for entry in hit.entries) and phrase.key(before) in _HONORIFICS:
        return None  # "President Lagos", "Sheikh Sabah"
    follows_name = (
        before >= 0
        and before not in taken
        and hit.last == len(phrase.tokens)
        and phrase.gap(hit.first) == " "
        and phrase.tokens[before].is_capital
        and len(phrase.tokens[before].text) > 1
        and phrase.key(before) not in PLAIN
        and hit.last - hit.first == 1
    )
    return None if follows_name else hit


def _is_half_name(phrase: Phrase, hit: Hit) -> bool:
    """Return whether a role word is the first half of a given name, as in "Maggie Poon Man-kay"."""
    return (
        hit.first > 0
        and phrase.tokens[hit.first].is_capital
        and phrase.tokens[hit.first - 1].is_capital
        and phrase.gap(hit.last) == "-"
        and phrase.key(hit.last) not in _SKIP_AFTER
        and phrase.tokens[hit.last].text.islower()
    )


def _is_half_surname(phrase: Phrase, hit: Hit, taken: set[int]) -> bool:
    """Return whether a known person's surname is half of another's, as in "Marcia Samuda-Blair"; "Kim-Trump" are two known ones."""
    if hit.last - hit.first > 1 or any(entry.kind != "person" for entry in hit.entries):
        return False
    beside = [(at, phrase.gap(max(at, hit.first))) for at in (hit.first - 1, hit.last)]
    return any(
        gap == "-" and at not in taken and 0 <= at < len(phrase.tokens) and phrase.tokens[at].is_capital
        for at, gap in beside
    )


def _segments(phrase: Phrase, hits: Sequence[Hit]) -> list[Segment]:
    """Split a phrase at prepositions, relative words, commas and brackets outside its hits."""
    inside = {at for hit in hits for at in range(hit.first + 1, hit.last)}
    starts: list[tuple[str, int, int]] = [
        ("", 0, 0)
    ]  # linker, first word of the segment, end of the one before
    for at in range(1, len(phrase.tokens)):
        if at in inside:
            continue
        gap = phrase.gap(at)
        mark = next((m for m in (",", "(", ")", ";", ":", "—", "–") if m in gap and gap.strip() != ""), "")
        if mark and gap not in ("-", "–") and not _in_number(phrase, at):
            starts.append((mark, at, at))
        if (
            phrase.key(at) in LINKERS
            and phrase.tokens[at].text.islower()
            and not (phrase.key(at) in _PARTICIPLES and phrase.key(at + 1) not in _AFTER_PARTICIPLE)
            and at + 1 < len(phrase.tokens)
            and gap != "-"
            and not _joins_name(phrase, hits, at)
        ):
            starts.append((phrase.key(at), at + 1, at))
    segments: list[Segment] = []
    for index, (linker, first, _) in enumerate(starts):
        last = starts[index + 1][2] if index + 1 < len(starts) else len(phrase.tokens)
        held = tuple(hit for hit in hits if first <= hit.first < last)
        if first < last or not segments:
            segments.append(Segment(linker, first, last, held))
    return segments


def _in_number(phrase: Phrase, at: int) -> bool:
    """Return whether the mark before a word stands inside a number ("1,600 troops")."""
    return phrase.gap(at) == "," and phrase.key(at - 1).isdigit() and phrase.key(at).isdigit()


def _joins_name(phrase: Phrase, hits: Sequence[Hit], at: int) -> bool:
    """Return whether an "and" stands inside a name ("National Security and Foreign Policy Committee")."""
    return (
        phrase.key(at) == "and"
        and phrase.tokens[at - 1].is_capital
        and phrase.tokens[at + 1].is_capital
        and not any(hit.first < at for hit in hits)
        and any(hit.first > at and hit.role is not None and hit.role.kind == "org" for hit in hits)
    )


def places_of(hit: Hit) -> tuple[Entry, ...]:
    """Return a hit's entries that name a country or something in one."""
    return tuple(entry for entry in hit.entries if entry.kind in PLACE_KINDS)
