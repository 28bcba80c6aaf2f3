"""Find names of places in a text: runs of capitalised words that the gazetteer holds, weighed by what stands around them.

In: the text and the encoder's mentions. Out: ``Toponym``s in order, none overlapping. The weights are those of a
logistic regression, fitted by ``scripts/fit_places.py``; every feature is a plain fact about the name or its
neighbours. Adjectives ("Kenyan"), peoples and languages are not places and are never returned.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dragoman.records import Mention
from dragoman.resolve.gazetteer import Gazetteer, name_key
from dragoman.resolve.toponym_features import UNITS_FIRST, Candidate, Features, Profile, View
from dragoman.resolve.toponym_words import (
    Token,
    load_weights,
    load_words,
    runs_of,
    starts_sentence,
    word_after,
    word_before,
)

_LONGEST: Final = 6
_SPELLINGS = {"st": "saint", "mt": "mount", "ft": "fort", "ste": "sainte"}
_DIRECTIONS = frozenset(
    "north south east west northern southern eastern western northeast northwest southeast southwest central upper lower "
    "greater north-east north-west".split()
)
_TAKEN_SITES = frozenset({"airport", "square", "bridge", "park", "camp"})
# Units in form, but in capitals rather parts of a state's bodies.
_BODIES = frozenset({"department", "division", "republic", "commune"})
_BEFORE_UNITS = frozenset("lake mount fort cape camp port point mt ft river gulf".split())


@dataclass(frozen=True, slots=True)
class Toponym:
    """A name of a place in a text: where it stands, the names to look up, best first, and how sure it is one.

    ``unit`` is the kind of place that a word at the name says ("Nyanza province", "Lake X"), None for none.
    """

    start: int
    end: int
    text: str
    keys: tuple[str, ...]
    unit: str | None
    confidence: float


def _keys(run: Sequence[Token], first: int, last: int) -> list[str]:
    return [
        f"{t.key}s" if t.has_s and k < last else t.key for k, t in enumerate(run[first : last + 1], first)
    ]


class ToponymFinder:
    """Finds names of places; shared by all articles, holds no text.

    Args:
        gazetteer: The table of places.
        weights: Feature weights; the packaged ones by default.
    """

    def __init__(self, gazetteer: Gazetteer, weights: Mapping[str, float] | None = None) -> None:
        self.gazetteer = gazetteer
        self.words = load_words()
        self.weights = load_weights()["find"] if weights is None else weights
        self.profile = lru_cache(8192)(self._profile)

    def find(self, text: str, mentions: Sequence[Mention], *, least: float = 0.5) -> list[Toponym]:
        """Return the names of places in a text, in order.

        Args:
            text: The text.
            mentions: The encoder's names in it.
            least: The least probability that a name is one of a place.
        """
        out = []
        for one, features in self.candidates(text, mentions):
            confidence = _logistic(sum(self.weights.get(n, 0.0) * v for n, v in features))
            if confidence >= least:
                out.append(
                    Toponym(
                        one.start,
                        one.end,
                        text[one.start : one.end],
                        one.keys,
                        one.unit,
                        round(confidence, 3),
                    )
                )
        return out

    def candidates(self, text: str, mentions: Sequence[Mention]) -> list[tuple[Candidate, Features]]:
        """Return what may be names of places, with their features; none overlap."""
        found = [c for run in runs_of(text) for c in self._in_run(text, run)]
        found = _join_capital(text, found)
        found += self._unknown(mentions, [(c.start, c.end) for c in found])
        found.sort(key=lambda c: c.start)
        view = View(text, mentions, found, self.words, [self._profile_of(c) for c in found])
        return [(c, view.features(k)) for k, c in enumerate(found)]

    def _in_run(self, text: str, run: Sequence[Token]) -> Iterator[Candidate]:
        if len(run) == 1 and (run[0].key in self.words.never or run[0].key in self.words.demonyms):
            return
        k = 0
        while k < len(run):
            last = self._longest(text, run, k)
            if last is None:
                k += 1
                continue
            _, last, one = self._extend(text, run, k, last)
            yield one
            k = last + 1

    def _longest(self, text: str, run: Sequence[Token], first: int) -> int | None:
        if not run[first].is_capital and (first or len(run) == 1):
            return None
        for last in range(min(len(run), first + _LONGEST) - 1, first - 1, -1):
            if run[last].is_capital and self._holds(text, run, first, last):
                return last
        return None

    def _holds(self, text: str, run: Sequence[Token], first: int, last: int) -> bool:
        if first == last:
            token = run[first]
            if token.key in self.words.never or token.key in self.words.demonyms:
                return False
            profile = self.profile(token.key)
            return profile is not None and profile.fits(token.text, text[token.end : token.end + 1])
        keys = _keys(run, first, last)
        key = " ".join(keys)
        if not self.gazetteer.has_key(key) and self._respell(keys) is None:
            return False
        return key not in self.words.demonyms and key not in self.words.never

    def _respell(self, keys: Sequence[str]) -> str | None:
        if keys[0] in _SPELLINGS:
            key = " ".join((_SPELLINGS[keys[0]], *keys[1:]))
            if self.gazetteer.has_key(key):
                return key
        return None

    def _extend(self, text: str, run: Sequence[Token], first: int, last: int) -> tuple[int, int, Candidate]:
        """Take in capitalised words for its kind ("Lagos State", "Lake Tana", "North Darfur")."""
        words = _keys(run, first, last)
        keys = [" ".join(words)]
        if (other := self._respell(words)) is not None:
            keys.append(other)
        profile = self.profile(keys[-1])
        unit, end = None, run[last].end
        if run[last].has_s and first < last and self.gazetteer.has_key(f"{keys[0]}s"):  # "St. John's"
            end, keys = end + 2, [f"{keys[0]}s"]
        after = run[last + 1] if last + 1 < len(run) and run[last + 1].start == end + 1 else None
        if text[end : end + 1] == "." and first == last and profile is not None and profile.dotted:
            end += 1
        elif after is not None and (profile is None or profile.best.kind not in UNITS_FIRST):
            unit = self.words.units.get(after.key)
            if unit and (unit != "site" or after.key in _TAKEN_SITES) and after.key not in _BODIES:
                last, end = last + 1, after.end
                keys.insert(0, f"{keys[0]} {after.key}")
            else:
                unit = None
        before = run[first - 1] if first and run[first - 1].end == run[first].start - 1 else None
        if before is not None and before.key in _BEFORE_UNITS:
            unit = unit or self.words.units.get(before.key, "site")
            first -= 1
            keys.insert(0, f"{before.key} {keys[0]}")
        elif before is not None and before.key in _DIRECTIONS and not starts_sentence(text, before.start):
            first -= 1
            keys.insert(0, f"{before.key} {keys[0]}")
        if unit is None:
            unit, word = self._unit_near(text, run[first].start, end)
            if word and self.gazetteer.has_key(f"{keys[0]} {word}"):  # "Danube delta"
                keys.insert(0, f"{keys[0]} {word}")
        return first, last, Candidate(run[first].start, end, tuple(keys), unit)

    def _unit_near(self, text: str, start: int, end: int) -> tuple[str | None, str]:
        """Return the kind of place that a small word at a name says, and the word if it follows.

        "Nyanza province" and "the city of Kitaakita" say admin1 and city.
        """
        gap, word = word_after(text, end)
        if gap == " " and (unit := self.words.units.get(word)):
            return unit, word
        if text.endswith(" of ", max(0, start - 4), start):
            return self.words.units.get(word_before(text, start - 4)[0].lower()), ""
        return None, ""

    def _unknown(self, mentions: Sequence[Mention], taken: list[tuple[int, int]]) -> Iterator[Candidate]:
        """Yield places of the encoder that the gazetteer does not hold."""
        for m in mentions:
            if m.kind != "LOC" or not m.text[:1].isupper() or m.confidence < 0.6:
                continue
            if any(s < m.end and m.start < e for s, e in taken):
                continue
            taken.append((m.start, m.end))
            key = name_key(m.text)
            if m.text.lower() not in self.words.never and key not in self.words.demonyms:
                yield Candidate(m.start, m.end, (key,), None)

    def _profile_of(self, one: Candidate) -> Profile | None:
        return next((p for key in one.keys if (p := self.profile(key)) is not None), None)

    def _profile(self, key: str) -> Profile | None:
        if not self.gazetteer.has_key(key):
            return None
        rows = self.gazetteer.find_key(key)
        best = max(rows, key=lambda r: (r.kind in UNITS_FIRST, r.population))
        return Profile(
            best=best,
            size=math.log10(max(r.population for r in rows) + 10),
            countries=frozenset(r.country for r in rows),
            named=any(r.named for r in rows),
            only_dotted=all(r.dotted for r in rows),
            only_capitals=all(r.capitals for r in rows),
            dotted=any(r.dotted for r in rows),
        )


def _join_capital(text: str, found: list[Candidate]) -> list[Candidate]:
    """Join "Washington" and "D.C.", the one name that has a comma in it."""
    out: list[Candidate] = []
    for one in found:
        last = out[-1] if out else None
        if (
            last is not None
            and last.keys[-1] == "washington"
            and one.keys[-1] == "dc"
            and text[last.end : one.start] in (", ", " ")
        ):
            out[-1] = Candidate(last.start, one.end, ("washington dc",), None)
        else:
            out.append(one)
    return out


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))
