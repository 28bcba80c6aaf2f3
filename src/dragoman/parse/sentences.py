"""Split the coded sections of an article into sentences with character offsets.

In: an ``Article`` with sections. Out: ``Sentence`` records in text order; none crosses a section or a line break.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from typing import Any

from dragoman.records import Article, Sentence

# A "sentence" of nothing but a rank or a title ("Lt.", "Brig. Gen.") belongs to the next one.
_RANK = re.compile(r"\s*(?:[A-Z][a-z]{0,5}\.\s*)+$")

ALL_BUT_TEASERS = frozenset({"title", "standfirst", "caption", "subheading", "body"})


@functools.cache
def _splitter() -> Any:
    import nupunkt

    return nupunkt.sent_spans


def split_sentences(article: Article, *, kinds: Collection[str] = ALL_BUT_TEASERS) -> list[Sentence]:
    """Return the sentences of the sections of the given kinds."""
    spans = _splitter()
    out: list[Sentence] = []
    for section in article.sections:
        if section.kind not in kinds:
            continue
        start = section.start
        for line in article.text[section.start : section.end].splitlines(keepends=True):
            pieces = spans(line) if len(line) > 60 or section.kind == "body" else [(0, len(line))]
            for a, b in _join_ranks(line, pieces):
                words = line[a:b]
                left = a + len(words) - len(words.lstrip())
                right = a + len(words.rstrip())
                if right > left:
                    out.append(Sentence(start + left, start + right, section.kind))
            start += len(line)
    return out


def _join_ranks(line: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for a, b in pieces:
        if out and _RANK.fullmatch(line[out[-1][0] : out[-1][1]]):
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out
