"""What the sentences of an article together take its persons for.

One sentence says "the businessman", the next five only the surname. In: the sides of an article with the encoder's guesses.
Out: a sector per surname where the guesses agree.
"""

from __future__ import annotations

import collections
from collections.abc import Sequence

from dragoman.records import Mention, Parsed
from dragoman.resolve.actors.words import keys

# Share of a person's guesses, weighted by their confidence, that one sector must have; set on our newsroom articles.
LEAST_AGREEMENT = 0.5
LEAST_SUM = 0.3  # confidence of all its guesses together: one weak guess is none


def vote_callings(parsed: Parsed, persons: Sequence[Mention]) -> dict[str, tuple[str, float]]:
    """Return the sector that most sentences take each surname for, with its share (0 to 1) of the confidence.

    Args:
        parsed: The article; its drafts' sides carry the encoder's guesses.
        persons: Names of persons in it.
    """
    names = {(p.start, p.end): keys(p.text)[-1] for p in persons if keys(p.text)}
    votes: dict[str, dict[str, float]] = collections.defaultdict(lambda: collections.defaultdict(float))
    for draft in parsed.drafts:
        for side in (*draft.actors, *draft.recipients, *draft.said_by):
            if side.sector is None or side.sector_confidence <= 0:
                continue
            inside = [n for (start, end), n in names.items() if side.start <= start and end <= side.end]
            if len(inside) == 1:
                votes[inside[0]][side.sector] += side.sector_confidence
    found = {}
    for name, sectors in votes.items():
        sector, most = max(sectors.items(), key=lambda s: s[1])
        share = most / sum(sectors.values())
        if share >= LEAST_AGREEMENT and most >= LEAST_SUM:
            found[name] = sector, share
    return found
