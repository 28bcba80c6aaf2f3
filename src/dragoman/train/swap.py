"""Put other names into annotated sentences, so that a name's kind is read off the sentence and not off the name.

The encoder knows the names of few countries by heart; a surname or town that it never saw was often taken for the other kind.
In: sentences with their names. Out: the same sentences with some names replaced by others of their kind, drawn from our
registry, the gazetteer and the names that the training sentences hold themselves.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from importlib import resources

from dragoman.resolve.actors.tables import PACKAGE, TABLES, iter_rows
from dragoman.train.data import Labelled, SentenceExample

_KNOWN = 0.5  # share of the new names that come from the registry and the gazetteer, not from the training sentences


def _column(table: str, column: str) -> list[str]:
    text = resources.files(PACKAGE).joinpath(table).read_text("utf-8")
    return [x for _, row in iter_rows(table, text) for x in row[column].split(";") if x]


class Swapper:
    """Names by kind and by whether they are one word, to draw from.

    Source:
        Mention replacement as in Dai and Adel (2020), "An Analysis of Simple Data Augmentation for Named Entity Recognition".
    """

    def __init__(self, sentences: Iterable[SentenceExample]) -> None:
        places = resources.files("dragoman.resolve.gazetteer").joinpath("names.txt").read_text("utf-8")
        bodies = [table for table, kind in TABLES.items() if kind != "person"]
        known = {
            "PER": _column("leaders.csv", "name"),
            "ORG": [x for table in bodies for column in ("name", "aliases") for x in _column(table, column)],
            "LOC": [x for x in places.splitlines() if 2 < len(x) < 30],
            "NORP": _column("countries.csv", "people"),
        }
        met: dict[str, list[str]] = {kind: [] for kind in known}
        for sentence in sentences:
            for m in sentence.names:
                if m.label in met:
                    met[m.label].append(sentence.text[m.start : m.end])
        # Last names alone, as stories name a person from the second time on.
        known["PER"] += [x.split()[-1] for x in known["PER"]]
        self._known = {kind: self._by_length(names) for kind, names in known.items()}
        self._met = {kind: self._by_length(names) for kind, names in met.items()}

    @staticmethod
    def _by_length(names: Iterable[str]) -> dict[bool, list[str]]:
        out: dict[bool, list[str]] = {True: [], False: []}
        for name in names:
            out[" " in name].append(name)
        return out

    def __call__(self, sentence: SentenceExample, rng: random.Random, share: float = 0.7) -> SentenceExample:
        """Return the sentence with each name replaced with probability ``share``; a word stays a word."""
        text, shift = sentence.text, 0
        names: list[Labelled] = []
        chosen: dict[str, str] = {}
        for m in sorted(sentence.names, key=lambda m: m.start):
            old = sentence.text[m.start : m.end]
            new = chosen.get(old, old)
            pool = (self._known if rng.random() < _KNOWN else self._met).get(m.label, {}).get(" " in old, [])
            if old not in chosen and pool and rng.random() < share:
                new = rng.choice(pool)
            chosen[old] = new
            start = m.start + shift
            text = text[:start] + new + text[m.end + shift :]
            shift += len(new) - len(old)
            names.append(replace(m, start=start, end=start + len(new)))
        return replace(sentence, text=text, names=tuple(names))
