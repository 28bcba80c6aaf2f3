"""Who stands with whom in a period: a signed graph of actors, and what its signs say.

In: points of incidents between anyone (``any_points``). Out: ``Edge``s, a graph of networkx, communities of those who cooperate, triads
that are balanced or not, and how far each actor's position moved between two periods.

A node is a country, or a country and sector such as "IRN/MIL". An incident with recipients links every actor's node with every
recipient's; one without links each two of its actors' nodes once. An incident counts once per pair, however many reports tell of it.
What does not enter the series of a pair (planned, denied, background, undated) does not enter here either. Alliances are not expanded.

Source:
    Communities: Blondel, Guillaume, Lambiotte and Lefebvre (2008), "Fast unfolding of communities in large networks", Journal of
    Statistical Mechanics P10008, on the edges of positive weight. Balance: Heider, F. (1946), "Attitudes and cognitive organization",
    Journal of Psychology 21, 107-112; Cartwright, D. and Harary, F. (1956), "Structural balance", Psychological Review 63, 277-293.
    Weak balance: Davis, J. A. (1967), "Clustering and structural balance in graphs", Human Relations 20, 181-187.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from dragoman.errors import UsageError
from dragoman.relate.groups import Group
from dragoman.relate.points import Point, points_of

By = Literal["country", "sector"]
Pair = tuple[str, str]  # in the order of the alphabet
MOST_LISTED = 500  # unbalanced triads; a dense graph of 250 nodes has a hundred thousand, and nobody reads on
_SEED = 1  # of the communities: the same graph gives the same ones
# Words that stand in every name: any two participants of an incident are then two sides.
_ANYONE = Group("anyone", ("",))


@dataclass(frozen=True, slots=True)
class Edge:
    """What passed between two nodes in a period.

    Attributes:
        first, second: The nodes, in the order of the alphabet.
        counts: Incidents by quad class 1 to 4.
        weight: Sum of the intensities of the single incidents.
    """

    first: str
    second: str
    counts: tuple[int, int, int, int]
    weight: float

    @property
    def incidents(self) -> int:
        """How many incidents there are."""
        return sum(self.counts)

    @property
    def intensity(self) -> float:
        """Mean intensity of an incident, -10 to +10."""
        return self.weight / self.incidents


@dataclass(frozen=True, slots=True)
class Triad:
    """Three nodes of which each two have an edge.

    ``weight`` is the absolute weight of its weakest edge; ``signs`` are those of the edges AB, AC and BC.
    """

    nodes: tuple[str, str, str]
    signs: tuple[int, int, int]
    weight: float

    @property
    def is_balanced(self) -> bool:
        """Whether the product of the signs is positive: friends' friends are friends, enemies' enemies too."""
        return self.signs[0] * self.signs[1] * self.signs[2] > 0


@dataclass(frozen=True, slots=True)
class Balance:
    """The closed triads of a graph.

    Attributes:
        triads: How many there are.
        share: Share of them that is balanced, None without any.
        weak: Share of weakly balanced ones: three enemies are allowed too, two friends of one who fight each other are not.
        weighted: The same, each triad counted by its weight.
        tense: How many are not balanced.
        unbalanced: Those that are not, heaviest first, at most ``MOST_LISTED``.
    """

    triads: int
    share: float | None
    weak: float | None
    weighted: float | None
    tense: int
    unbalanced: tuple[Triad, ...]


def any_points(
    incidents: Iterable[Mapping[str, Any]], *, intensity: Callable[[Mapping[str, Any]], float]
) -> list[Point]:
    """Return the points of incidents with at least two participants, whoever they are."""
    return points_of(incidents, _ANYONE, _ANYONE, intensity=intensity)


def node_of(participant: Mapping[str, Any], by: By) -> str | None:
    """Return the node of a participant: its country, or its country and first sector; None where no country is known."""
    country: str | None = participant["country"]
    sectors = participant["sectors"]
    return f"{country}/{sectors[0]}" if country and by == "sector" and sectors else country


def pairs_of(incident: Mapping[str, Any], by: By) -> set[Pair]:
    """Return the pairs of nodes that an incident links, each once."""
    actors = {node_of(p, by) for p in incident["actors"]} - {None}
    recipients = {node_of(p, by) for p in incident["recipients"]} - {None}
    both = (
        itertools.product(actors, recipients) if incident["recipients"] else itertools.combinations(actors, 2)
    )
    return {(min(a, b), max(a, b)) for a, b in both if a != b and a is not None and b is not None}


def counted(points: Iterable[Point], since: date | None, until: date | None) -> list[Point]:
    """Return the points that enter a series and lie within two days."""
    return [
        p for p in points
        if p.is_counted and p.on is not None and (since is None or p.on >= since) and (until is None or p.on <= until)
    ]  # fmt: skip


def edges_of(points: Iterable[Point], *, by: By = "country", least: int = 1) -> tuple[Edge, ...]:
    """Return the edges between nodes that share at least so many incidents, by name.

    Args:
        points: Points to count, as ``counted`` gives them.
        by: What a node is.
        least: Fewest incidents of an edge.
    """
    counts: dict[Pair, list[int]] = {}
    weights: dict[Pair, float] = {}
    for point in points:
        for pair in pairs_of(point.incident, by):
            counts.setdefault(pair, [0, 0, 0, 0])[point.quad_class - 1] += 1
            weights[pair] = weights.get(pair, 0.0) + point.intensity
    return tuple(
        Edge(*pair, (n[0], n[1], n[2], n[3]), round(weights[pair], 3))
        for pair, n in sorted(counts.items())
        if sum(n) >= least
    )


def graph_of(edges: Iterable[Edge]) -> Any:
    """Return edges as an undirected ``networkx.Graph``, with communities as attributes of its nodes.

    Nodes carry ``incidents``, ``cooperation`` and ``conflict`` (sums of the positive and of the negative weights of their edges) and,
    where they cooperate with anyone, ``community``, counted from 1 by size. Edges carry ``weight``, ``incidents``, ``intensity`` and
    ``quad_1`` … ``quad_4``.

    Raises:
        UsageError: networkx is not installed.
    """
    nx = networkx()
    graph = nx.Graph()
    for edge in edges:
        quads = {f"quad_{q}": n for q, n in enumerate(edge.counts, 1)}
        values = {
            "weight": edge.weight,
            "incidents": edge.incidents,
            "intensity": round(edge.intensity, 3),
            **quads,
        }
        graph.add_edge(edge.first, edge.second, **values)
    for node in graph:
        weights = [values["weight"] for _, _, values in graph.edges(node, data=True)]
        graph.nodes[node].update(
            incidents=sum(values["incidents"] for _, _, values in graph.edges(node, data=True)),
            cooperation=round(sum(w for w in weights if w > 0), 3), conflict=round(sum(w for w in weights if w < 0), 3),
        )  # fmt: skip
    for number, members in enumerate(communities_of(graph), 1):
        for node in members:
            graph.nodes[node]["community"] = number
    return graph


def communities_of(graph: Any) -> tuple[tuple[str, ...], ...]:
    """Return groups of nodes that cooperate with each other more than with others, largest first; each is sorted.

    Only edges of positive weight count. Nodes without any are in no group.
    """
    nx = networkx()
    friends = nx.Graph()
    friends.add_weighted_edges_from(
        sorted((min(a, b), max(a, b), w) for a, b, w in graph.edges(data="weight") if w > 0)
    )
    found = nx.community.louvain_communities(friends, weight="weight", seed=_SEED) if len(friends) else []
    return tuple(sorted((tuple(sorted(c)) for c in found), key=lambda c: (-len(c), c)))


def balance_of(graph: Any) -> Balance:
    """Return how far a signed graph is balanced: its closed triads, with those that are not. Edges of weight 0 have no sign."""
    signed = [e for e in graph.edges(data="weight") if e[2] != 0]
    nodes = sorted({node for e in signed for node in e[:2]})
    at = {node: k for k, node in enumerate(nodes)}
    weight = np.zeros((len(nodes), len(nodes)))
    for first, second, value in signed:
        weight[at[first], at[second]] = weight[at[second], at[first]] = value
    triads = strict = tense = 0
    whole = pulled = 0.0
    kept: list[_Tense] = []
    for a in range(len(nodes)):
        found = _triads_from(weight, a)
        hostile = (found.weights < 0).sum(axis=0)
        least = np.abs(found.weights).min(axis=0) if len(hostile) else np.zeros(0)
        odd = hostile % 2 == 1
        triads, tense, strict = (
            triads + len(hostile),
            tense + int(odd.sum()),
            strict + int((hostile == 1).sum()),
        )
        whole, pulled = whole + float(least.sum()), pulled + float(least[odd].sum())
        best = np.flatnonzero(odd)[np.argsort(-least[odd], kind="stable")[:MOST_LISTED]]
        kept += [
            (-float(least[k]), (a, int(found.second[k]), int(found.third[k])), found.weights[:, k])
            for k in best
        ]
        kept = sorted(kept, key=lambda t: t[:2])[:MOST_LISTED]
    return Balance(
        triads, 1 - tense / triads if triads else None, 1 - strict / triads if triads else None,
        1 - pulled / whole if whole else None, tense,
        tuple(_triad([nodes[k] for k in where], weights, -least) for least, where, weights in kept),
    )  # fmt: skip


_Tense = tuple[float, tuple[int, int, int], Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """Triads of one first node: numbers of the second and third, each (t,), and the weights of AB, AC and BC, (3, t)."""

    second: Any
    third: Any
    weights: Any


def _triads_from(weight: Any, a: int) -> _Found:
    """Return the triads of a node with two later ones, in the order of their numbers."""
    near = np.flatnonzero(weight[a, a + 1 :]) + a + 1
    inner = weight[np.ix_(near, near)]
    b, c = np.nonzero(np.triu(inner, 1))
    return _Found(near[b], near[c], np.stack([weight[a, near[b]], weight[a, near[c]], inner[b, c]]))


def _triad(nodes: Sequence[str], weights: Any, least: float) -> Triad:
    signs = [1 if w > 0 else -1 for w in weights]
    return Triad((nodes[0], nodes[1], nodes[2]), (signs[0], signs[1], signs[2]), least)


def strongest(edges: Sequence[Edge], *, sign: int, most: int = 10) -> list[Edge]:
    """Return the pairs that cooperate (sign +1) or fight (sign -1) most: by weight, heaviest first."""
    ours = [e for e in edges if e.weight * sign > 0]
    return sorted(ours, key=lambda e: (-abs(e.weight), e.first, e.second))[:most]


def networkx() -> Any:
    """Return the module networkx.

    Raises:
        UsageError: It is not installed.
    """
    try:
        import networkx as found
    except ImportError:
        raise UsageError('networks need networkx. Install it: pip install "dragoman[analysis]"') from None
    return found
