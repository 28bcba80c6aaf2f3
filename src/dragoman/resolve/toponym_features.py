"""What tells whether a name is one of a place: features of the name, of the encoder's mentions and of the words around.

In: candidates of one text. Out: named numbers per candidate, which ``toponyms`` weighs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dragoman.records import Mention
from dragoman.resolve.gazetteer import GazetteerPlace, name_key
from dragoman.resolve.toponym_words import Words, starts_sentence, word_after, word_before

Features = list[tuple[str, float]]

UNITS_FIRST = frozenset({"country", "continent"})
_ILLNESS = frozenset(
    "virus viruses fever flu disease strain syndrome hemorrhagic haemorrhagic encephalitis".split()
)
_BEFORE_WORDS = frozenset(("of", "the", "and", "with", "for", "by", "a", "an"))
_LISTED = frozenset((", ", " and ", ", and ", " or ", " (", "/", "-"))
_LINKS = (" of ", " of the ", " for ", " in ", " at ")
_NONE: Final = (0.0, 0.0, 0.0)
_AGENCY = re.compile(
    r"\s*(?:,[^.\n]{0,25})?\((?:AP|AFP|Reuters|REUTERS|UPI|CNN|IANS|Xinhua|ANI|PTI|TASS|[A-Z]{2,6})\)\s*[-–—]"
)
_DASH = re.compile(r"\s*(?:,[^.\n]{0,30}?)?\s*(?:--|[–—]|- |: )")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a text that may name a place; ``keys`` are look-up keys, the longest name first."""

    start: int
    end: int
    keys: tuple[str, ...]
    unit: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What the gazetteer says about a name: its best place, the log of its largest population, how it may be written."""

    best: GazetteerPlace
    size: float
    countries: frozenset[str]
    named: bool
    only_dotted: bool
    only_capitals: bool
    dotted: bool

    def fits(self, word: str, after: str) -> bool:
        """Tell whether a name that counts only with its full stop or in capitals is written so."""
        if self.only_dotted and not (word.endswith(".") or after == "."):
            return False
        return not (self.only_capitals and not word.replace(".", "").isupper())


class View:
    """One text with its mentions and candidates: answers what stands around a candidate."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        found: Sequence[Candidate],
        words: Words,
        profiles: Sequence[Profile | None],
    ) -> None:
        self.text, self.found, self.words, self.profiles = text, found, words, profiles
        self.mentions = sorted((m for m in mentions if m.kind != "DATE"), key=lambda m: m.start)
        self._starts = [m.start for m in self.mentions]
        self._named: dict[str, set[str]] = {}
        for m in self.mentions:
            key = name_key(m.text)
            self._named.setdefault(key, set()).add(m.kind)
            if m.kind == "PER" and " " in key:
                self._named.setdefault(key.rsplit(" ", 1)[1], set()).add("surname")
        self._countries = {
            p.best.country
            for p in profiles
            if p is not None and p.best.kind in ("country", "admin1") and p.best.country
        }

    def features(self, index: int) -> Features:
        """Return the features of a candidate."""
        one, profile = self.found[index], self.profiles[index]
        length = len(one.keys[-1].split())
        out: Features = [("bias", 1.0), (f"words {min(length, 3)}", 1.0)]
        if profile is None:
            out.append(("unknown", 1.0))
        else:
            out += [(f"kind {profile.best.kind}", 1.0), ("population", profile.size - 4.0)]
            if not profile.named:
                out.append(("alternate name", 1.0))
            if profile.best.kind not in UNITS_FIRST and not self._countries.isdisjoint(profile.countries):
                out.append(("in a country of the text", 1.0))
        out += self._name_features(one, length, profile)
        out += self._encoder_features(one)
        out += self._context_features(index, one)
        return out

    def _name_features(self, one: Candidate, length: int, profile: Profile | None) -> Features:
        text = self.text[one.start : one.end]
        out: Features = []
        if profile is not None and profile.only_capitals:
            out.append(("code", 1.0))
            if self.text.startswith("$", one.end):
                out.append(("currency", 1.0))
        elif text.isupper() and not self._heads_dateline(one):
            out.append(("short capitals" if len(text) <= 5 else "capitals", 1.0))
        if length == 1:
            plain, person, place = self.words.counts.get(one.keys[-1], (0.0, 0.0, 0.0))
            out += [("plain count", plain), ("person count", person), ("place count", place)]
            if person > place + 0.7:
                out.append(("rather a person", 1.0))
            if len(text) <= 3:
                out.append(("short", 1.0))
        if one.unit:
            out.append((f"unit {one.unit}", 1.0))
        return out

    def _encoder_features(self, one: Candidate) -> Features:
        """Return what the encoder takes the words for, here and elsewhere in the text."""
        out: Features = []
        at = bisect_right(self._starts, one.end)
        over = [m for m in self.mentions[max(0, at - 8) : at] if m.end > one.start and m.start < one.end]
        if not over:
            out.append(("no mention", 1.0))
        kinds = {m.kind: m for m in sorted(over, key=lambda m: m.end - m.start)}
        for kind, m in kinds.items():
            relation = _relation(m, one)
            out.append((f"{kind} {relation}", 1.0))
            if kind == "LOC":
                out.append(("LOC confidence", m.confidence - 0.9))
            elif kind == "ORG" and relation == "around":
                out.append((f"ORG {self._where_in(m, one)}", 1.0))
        elsewhere = self._named.get(one.keys[-1], set()) - kinds.keys()
        out += [(f"elsewhere {kind}", 1.0) for kind in sorted(elsewhere)]
        return out

    def _where_in(self, m: Mention, one: Candidate) -> str:
        before = self.text[m.start : one.start]
        if before.endswith(_LINKS):
            return "after of"
        if before.strip().lower() in ("", "the"):
            return "start"
        return "end" if m.end <= one.end + 1 else "middle"

    def _context_features(self, index: int, one: Candidate) -> Features:
        text, out = self.text, list[tuple[str, float]]()
        if starts_sentence(text, one.start):
            out.append(("sentence start", 1.0))
            if self._heads_dateline(one):
                out.append(("dateline", 1.0))
        else:
            out += self._before(one)
        out += self._after(one)
        out += self._neighbours(index, one)
        return out

    def _heads_dateline(self, one: Candidate) -> bool:
        """Tell whether a name opens a dateline: "BAKU, May 19 (AP) —"."""
        if one.start and not starts_sentence(self.text, one.start):
            return False
        return bool(_AGENCY.match(self.text, one.end) or (one.start == 0 and _DASH.match(self.text, one.end)))

    def _before(self, one: Candidate) -> Features:
        word, gap = word_before(self.text, one.start)
        if gap.strip():
            if gap == "-":
                return [("before hyphen", 1.0)]
            return [("before @", 1.0)] if gap.endswith(("@", "#", "/")) else [("before mark", 1.0)]
        small = word.lower()
        if word in self.words.locative:
            return [("before in" if word in ("in", "at", "near", "from", "to") else "before locative", 1.0)]
        if small in self.words.titles:
            return [("before title", 1.0)]
        if word in _BEFORE_WORDS:
            return [(f"before {word}", 1.0)]
        if word[:1].isupper():
            if small in self.words.organisations or small in self.words.never:
                return [("before organisation word", 1.0)]
            return [("before capital", 1.0), ("before given name", self.words.counts.get(small, _NONE)[1])]
        return [("before word", 1.0)]

    def _after(self, one: Candidate) -> Features:
        text, end = self.text, one.end
        tail = text[end : end + 2]
        if tail in ("'s", "’s"):
            return [("possessive", 1.0)]
        if tail[:1] == "-":
            return [("hyphen based" if text.startswith("-based", end) else "hyphen", 1.0)]
        if tail[:1] == ",":
            return [("comma", 1.0)]
        gap, word = word_after(text, end)
        if gap != " ":
            return []
        small = word.lower()
        if small in _ILLNESS:
            return [("after illness", 1.0)]
        if word[:1].isupper():
            if small in self.words.titles:
                return [("after title", 1.0)]
            if small in self.words.organisations:
                return [("after organisation word", 1.0)]
            return [("after capital", 1.0), ("after surname", self.words.counts.get(small, _NONE)[1])]
        if small in self.words.units:
            return [("after unit", 1.0)]
        return [("after said", 1.0)] if small in ("said", "says", "told", "who") else []

    def _neighbours(self, index: int, one: Candidate) -> Features:
        out: Features = []
        if index + 1 < len(self.found):
            gap = self.text[one.end : self.found[index + 1].start]
            if gap in _LISTED:
                out.append(("next place", 1.0))
                if gap in (", ", " (") and _lies_in(self.profiles[index], self.profiles[index + 1]):
                    out.append(("lies in next", 1.0))
        if index:
            gap = self.text[self.found[index - 1].end : one.start]
            if gap in _LISTED:
                out.append(("previous place", 1.0))
                if gap in (", ", " (") and _lies_in(self.profiles[index - 1], self.profiles[index]):
                    out.append(("holds previous", 1.0))
        return out


def _relation(m: Mention, one: Candidate) -> str:
    if abs(m.start - one.start) <= 1 and abs(m.end - one.end) <= 1:
        return "same"
    if m.start <= one.start and m.end >= one.end:
        return "around"
    return "inside" if one.start <= m.start and m.end <= one.end else "across"


def _lies_in(inner: Profile | None, outer: Profile | None) -> bool:
    """Tell whether some place of the one name lies in the state or unit that the other names."""
    if (
        inner is None
        or outer is None
        or outer.best.kind not in ("country", "admin1")
        or inner.best.kind == "country"
    ):
        return False
    return outer.best.country in inner.countries
