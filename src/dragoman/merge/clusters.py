"""Group reports of one event, given how sure each pair is; the same reports give the same groups in any order.

Average linkage: two groups become one while the sum over their pairs, divided by a power of their number, is at least the threshold and no
pair is one that nobody would call one event, so that a vague report does not chain two unlike ones. Power 1 is the mean. Below it many
lukewarm pairs count for more than one: that a report fits eight others a little says more than that it fits one a little. What people said stands
above all: pairs joined by hand start in one group, pairs split by hand never share one.

Source: agglomerative clustering with average linkage (Sokal and Michener 1958), with must-link and cannot-link
constraints (Wagstaff et al. 2001).
"""

from __future__ import annotations

import heapq
import itertools
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
    power: float = 1.0,
    linked: Iterable[Pair] | None = None,
) -> list[list[str]]:
    """Return groups of ids of one component, each sorted; deterministic whatever the order of ``ids``.

    Args:
        ids: Event ids.
        sureness: How sure two of them are one, on any scale; asked only for pairs that a decision needs.
        threshold: Least sum over the pairs of two groups that become one, divided by the number of pairs to the ``power``.
        said: What people said.
        never: A pair less sure than this keeps its groups apart whatever the others say.
        power: 1 for the mean, 0 for the sum.
        linked: Pairs that bring two groups together; two groups without one are not compared. None for all pairs.
    """
    order = sorted(ids)
    inside = set(order)
    groups = components(order, [p for p in said.one if p[0] in inside and p[1] in inside])
    growing = _Groups(groups, sureness, said, never)
    pairs = linked if linked is not None else itertools.combinations(order, 2)
    where = {i: x for x, own in enumerate(groups) for i in own}
    for a, b in pairs:
        if a in where and b in where and where[a] != where[b]:
            growing.near[where[a]].add(where[b])
            growing.near[where[b]].add(where[a])
    _join(growing, threshold, power)
    return sorted(sorted(group) for group in growing.members.values())


class _Groups:
    """Groups while they grow: their members, which stand near which, and the sums over pairs that were asked for."""

    def __init__(
        self, groups: list[list[str]], sureness: Callable[[str, str], float], said: Said, never: float
    ) -> None:
        self.members: dict[int, list[str]] = dict(enumerate(groups))
        self.near: dict[int, set[int]] = {x: set() for x in self.members}
        self._sureness, self._said, self._never = sureness, said, never
        self._sums: dict[tuple[int, int], float | None] = {}
        self._parts: dict[int, tuple[int, int]] = {}
        self._kept: dict[int, list[str]] = dict(self.members)
        self._fresh = len(groups)

    def total(self, x: int, y: int) -> float | None:
        """Return the sum over the pairs of two groups, None where a pair keeps them apart."""
        # The later group is made of two earlier ones; what is known of these is not asked again.
        out = 0.0
        for part in self._parts.get(max(x, y), (max(x, y),)):
            key = (min(x, y), part) if min(x, y) < part else (part, min(x, y))
            if key not in self._sums:
                self._sums[key] = self._summed(*key)
            some = self._sums[key]
            if some is None:
                out = math.nan
                break
            out += some
        found = None if math.isnan(out) else out
        self._sums[min(x, y), max(x, y)] = found
        return found

    def _summed(self, x: int, y: int) -> float | None:
        out = 0.0
        for i in self._kept[x]:
            for j in self._kept[y]:
                sure = self._sureness(i, j)
                if sure < self._never or pair_of(i, j) in self._said.apart:
                    return None
                out += sure
        return out

    def join(self, x: int, y: int) -> int:
        """Make two groups one and return its number."""
        new, self._fresh = self._fresh, self._fresh + 1
        self._kept[new] = self.members[new] = sorted(self.members.pop(x) + self.members.pop(y))
        self._parts[new] = (x, y)
        self.near[new] = (self.near.pop(x) | self.near.pop(y)) - {x, y}
        for z in self.near[new]:
            self.near[z] = (self.near[z] - {x, y}) | {new}
        return new


def _join(groups: _Groups, threshold: float, power: float) -> None:
    """Join groups, the surest first, until none is sure enough; ties go by the smallest ids."""

    def entry(x: int, y: int) -> tuple[float, str, str, int, int] | None:
        total = groups.total(x, y)
        if total is None:
            return None
        sure = total / (len(groups.members[x]) * len(groups.members[y])) ** power
        if sure < threshold:
            return None
        first, second = sorted((groups.members[x][0], groups.members[y][0]))
        return -sure, first, second, x, y

    heap = [e for x, others in groups.near.items() for y in others if x < y and (e := entry(x, y))]
    heapq.heapify(heap)
    while heap:
        _, _, _, x, y = heapq.heappop(heap)
        if x in groups.members and y in groups.members:
            new = groups.join(x, y)
            for z in groups.near[new]:
                found = entry(z, new)
                if found is not None:
                    heapq.heappush(heap, found)
