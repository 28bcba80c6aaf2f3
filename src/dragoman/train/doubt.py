"""Leave out newswire sentences whose names are marked otherwise than ours, so that the two do not teach the encoder opposite things.

The newswire's names were marked by machines and corrected in part: "John Danilovich" is a place in it, "Kenya" a person, and "Jewish" is
marked 4 times of 137. An encoder that learned from our own sentences as well finds the first kind, our own marks the second.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable

from dragoman.parse.model import EncoderModel
from dragoman.parse.names import find_names
from dragoman.train.data import SentenceExample

_SURE = 0.8  # mean probability from which the encoder's other kind counts
_CHUNK = 256
_WORD = re.compile(r"[A-Z][\w-]+")
_PEOPLE = "NORP"


def without_other_kinds(sentences: Iterable[SentenceExample], model: EncoderModel) -> list[SentenceExample]:
    """Return the sentences none of whose names the model surely takes for another kind.

    Source:
        Confident learning (Northcutt et al., 2021), reduced to one rule.
    """
    rows = list(sentences)
    out = []
    for at in range(0, len(rows), _CHUNK):
        chunk = rows[at : at + _CHUNK]
        for sentence, tokens in zip(chunk, model.tokenise([s.text for s in chunk]), strict=True):
            logits = model.encode([tokens]).names[0]
            found = find_names(logits, model.labels.names, _SURE, tokens.offsets, sentence.text)
            if not any(
                f.start < m.end and m.start < f.end and f.label != m.label
                for f in found
                for m in sentence.names
            ):
                out.append(sentence)
    return out


def without_unmarked(
    sentences: Iterable[SentenceExample], ours: Iterable[SentenceExample]
) -> list[SentenceExample]:
    """Return the sentences that leave no word unmarked that ours mark as a people, a faith or a party in most places."""
    marked: collections.Counter[str] = collections.Counter()
    written: collections.Counter[str] = collections.Counter()
    for sentence in ours:
        written.update(_WORD.findall(sentence.text))
        marked.update(sentence.text[m.start : m.end] for m in sentence.names if m.label == _PEOPLE)
    peoples = {word for word, n in marked.items() if n >= 0.5 * written[word]}

    def is_marked(sentence: SentenceExample, at: int) -> bool:
        return any(m.start <= at < m.end for m in sentence.names)

    return [
        sentence
        for sentence in sentences
        if all(is_marked(sentence, w.start()) for w in _WORD.finditer(sentence.text) if w.group() in peoples)
    ]
