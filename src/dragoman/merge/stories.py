"""Articles about the same thing, whether or not an event of it was coded: stories.

In: what articles tell (names and numbers with their rarity) and the meaning of their sentences. Out: groups of article ids, by
average linkage as for reports. A story may hold several incidents; an incident lies in one story.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence

from dragoman.merge.clusters import Said, cluster, components, pair_of
from dragoman.merge.features import likeness

# Least likeness of two articles of one story; set on ECB+ topics 1 to 30.
THRESHOLD = 0.15


def group_articles(
    names: Mapping[str, frozenset[str]],
    incidents: Sequence[Sequence[str]] = (),
    *,
    threshold: float = THRESHOLD,
) -> list[list[str]]:
    """Return the stories of articles, each sorted.

    Args:
        names: Per article id the names and numbers of its text (``words.telling``).
        incidents: Article ids of every incident; articles of one incident are of one story.
        threshold: Least mean likeness.
    """
    blocks: dict[str, list[str]] = collections.defaultdict(list)
    for article, own in names.items():
        for name in own:
            blocks[name].append(article)
    same = {pair_of(a, b) for ids in incidents for n, a in enumerate(ids) for b in ids[n + 1 :] if a != b}
    pairs = {pair_of(a, b) for ids in blocks.values() for n, a in enumerate(ids) for b in ids[n + 1 :]}
    known = {p: likeness(names[p[0]], names[p[1]]) for p in pairs}
    linked = {p for p, value in known.items() if value >= threshold} | same
    out: list[list[str]] = []
    for ids in components(names, linked):
        out += cluster(
            ids,
            lambda a, b: known.get(pair_of(a, b), 0.0),
            threshold=threshold,
            said=Said(one=frozenset(same)),
            never=0.0,  # two reports of one story may share no name
        )
    return sorted(out)
