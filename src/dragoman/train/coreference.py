"""How well clusters of mentions agree with true ones: MUC, B3, CEAF-e, and their mean, which is known as CoNLL F1.

In: clusters of ids, made and true, over the same ids. Out: F1, 0 to 1.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Clusters = Sequence[Sequence[str]]


def b_cubed(made: Clusters, true: Clusters) -> float:
    """Return B3 F1 (Bagga and Baldwin 1998)."""
    own = {i: set(c) for c in made for i in c}
    gold = {i: set(c) for c in true for i in c}
    precision = sum(len(own[i] & gold[i]) / len(own[i]) for i in own) / len(own)
    recall = sum(len(own[i] & gold[i]) / len(gold[i]) for i in gold) / len(gold)
    return 2 * precision * recall / (precision + recall)


def muc(made: Clusters, true: Clusters) -> float:
    """Return MUC F1 (Vilain et al. 1995)."""

    def share(a: Clusters, b: Clusters) -> float:
        where = {i: n for n, c in enumerate(b) for i in c}
        kept = sum(len(c) - len({where[i] for i in c}) for c in a)
        return kept / max(1, sum(len(c) - 1 for c in a))

    recall, precision = share(true, made), share(made, true)
    return 2 * precision * recall / max(1e-9, precision + recall)


def best_alignment(value: npt.NDArray[np.float64]) -> float:
    """Return the greatest sum of values of which no two share a row or a column.

    Source: the Hungarian method in its form of shortest augmenting paths (Jonker and Volgenant 1987).
    """
    cost = -value if value.shape[0] <= value.shape[1] else -value.T
    rows, columns = cost.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)
    match = np.zeros(columns + 1, dtype=np.int64)  # row of a column, from 1; 0 for none
    for row in range(1, rows + 1):
        match[0], at = row, 0
        least, way = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=np.int64)
        used = np.zeros(columns + 1, dtype=bool)
        while match[at]:
            used[at] = True
            reached = cost[match[at] - 1] - of_row[match[at]] - of_column[1:]
            better = np.flatnonzero(~used[1:] & (reached < least[1:])) + 1
            least[better], way[better] = reached[better - 1], at
            following = int(np.argmin(np.where(used, np.inf, least)[1:])) + 1
            step = least[following]
            of_row[match[used]] += step
            of_column[used] -= step
            least[~used] -= step
            at = following
        while at:
            match[at] = match[way[at]]
            at = int(way[at])
    return float(-sum(cost[match[c] - 1, c - 1] for c in range(1, columns + 1) if match[c]))


def ceaf_e(made: Clusters, true: Clusters) -> float:
    """Return entity-based CEAF F1 (Luo 2005), by the best alignment one to one."""
    where: dict[str, int] = {i: n for n, c in enumerate(true) for i in c}
    likeness = np.zeros((len(made), len(true)))
    for m, own in enumerate(made):
        for n, shared in collections.Counter(where[i] for i in own).items():
            likeness[m, n] = 2 * shared / (len(own) + len(true[n]))
    total = best_alignment(likeness)
    precision, recall = total / len(made), total / len(true)
    return 2 * precision * recall / (precision + recall)


def clusters_of(labels: Mapping[str, str]) -> list[list[str]]:
    """Return the ids of each label."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for key, label in labels.items():
        found[label].append(key)
    return list(found.values())
