"""Group reports of one event, given how sure each pair is; the same reports give the same groups in any order.

Average linkage: two groups become one while the mean over their pairs is at least the threshold and no
pair is one that nobody would call one event, so that a vague report does not chain two unlike ones. What people said stands
above all: pairs joined by hand start in one group, pairs split by hand never share one.

Source: agglomerative clustering with average linkage (Sokal and Michener 1958), with must-link and cannot-link
constraints (Wagstaff et al. 2001).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of reports: pairs of event ids that are one incident, and pairs that are not; smaller id first."""

    one: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()


def pair_of(a: str, b: str) -> Pair:
    """Return two ids as a key, smaller first."""
    return (a, b) if a < b else (b, a)


def components(ids: Iterable[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """Return the connected groups of ids, each sorted, by their first ids."""
    parent = {i: i for i in ids}

    def find(i: str) -> str:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs:
        if a in parent and b in parent:
            x, y = find(a), find(b)
            if x != y:
                parent[max(x, y)] = min(x, y)
    groups: dict[str, list[str]] = {}
    for i in sorted(parent):
        groups.setdefault(find(i), []).append(i)
    return [groups[k] for k in sorted(groups)]


def cluster(
    ids: Collection[str],
    sureness: Callable[[str, str], float],
    *,
    threshold: float,
    said: Said,
    never: float = -math.inf,
) -> list[list[str]]:
    """Return groups of ids of one component, each sorted; deterministic whatever the order of ``ids``.

    Args:
        ids: Event ids.
        sureness: How sure two of them are one, on any scale; asked once per pair.
        threshold: Least mean between two groups that become one.
        said: What people said.
        never: A pair less sure than this keeps its groups apart whatever the mean.
    """
    order = sorted(ids)
    inside = set(order)
    groups = components(order, [p for p in said.one if p[0] in inside and p[1] in inside])
    members: dict[int, list[str]] = dict(enumerate(groups))
    sums: dict[tuple[int, int], float] = {}
    blocked: set[tuple[int, int]] = set()
    keys = list(members)
    for x in keys:
        for y in keys[x + 1 :]:
            pairs = {pair_of(i, j): sureness(i, j) for i in members[x] for j in members[y]}
            sums[x, y] = sum(pairs.values())
            if min(pairs.values()) < never or not said.apart.isdisjoint(pairs):
                blocked.add((x, y))
    _join(members, sums, blocked, threshold)
    return sorted(sorted(group) for group in members.values())


def _join(
    members: dict[int, list[str]],
    sums: dict[tuple[int, int], float],
    blocked: set[tuple[int, int]],
    threshold: float,
) -> None:
    """Join groups, the surest first, until none is sure enough; ties go by the smallest ids."""

    def entry(x: int, y: int) -> tuple[float, str, str, int, int]:
        mean = sums[x, y] / (len(members[x]) * len(members[y]))
        first, second = sorted((members[x][0], members[y][0]))
        return -mean, first, second, x, y

    def key(x: int, y: int) -> tuple[int, int]:
        return (x, y) if x < y else (y, x)

    heap = [entry(x, y) for (x, y) in sums if (x, y) not in blocked]
    heapq.heapify(heap)
    fresh = max(members, default=-1) + 1
    while heap:
        negative, _, _, x, y = heapq.heappop(heap)
        if x not in members or y not in members:
            continue
        if -negative < threshold:
            return
        joined = sorted(members.pop(x) + members.pop(y))
        for z in list(members):
            sums[z, fresh] = sums[key(x, z)] + sums[key(y, z)]
            if key(x, z) in blocked or key(y, z) in blocked:
                blocked.add((z, fresh))
        members[fresh] = joined
        for z in list(members):
            if z != fresh and (z, fresh) not in blocked:
                heapq.heappush(heap, entry(z, fresh))
        fresh += 1
