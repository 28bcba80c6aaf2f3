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

from dragoman.errors import UsageError
from dragoman.relate.groups import Group
from dragoman.relate.points import Point, points_of

By = Literal["country", "sector"]
Pair = tuple[str, str]  # in the order of the alphabet
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
        unbalanced: Those that are not, heaviest first.
    """

    triads: int
    share: float | None
    weak: float | None
    weighted: float | None
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
    weight = {frozenset(e[:2]): e[2] for e in graph.edges(data="weight") if e[2] != 0}
    near: dict[str, set[str]] = {}
    for pair in weight:
        for node in pair:
            near.setdefault(node, set()).update(pair - {node})
    triads = []
    for a in sorted(near):
        for b in sorted(n for n in near[a] if n > a):
            for c in sorted(n for n in near[a] & near[b] if n > b):
                weights = [weight[frozenset(pair)] for pair in ((a, b), (a, c), (b, c))]
                signs = tuple(1 if w > 0 else -1 for w in weights)
                triads.append(Triad((a, b, c), (signs[0], signs[1], signs[2]), min(abs(w) for w in weights)))
    whole = sum(t.weight for t in triads)
    unbalanced = sorted((t for t in triads if not t.is_balanced), key=lambda t: (-t.weight, t.nodes))
    return Balance(
        len(triads), 1 - len(unbalanced) / len(triads) if triads else None,
        sum(t.signs.count(-1) != 1 for t in triads) / len(triads) if triads else None,
        1 - sum(t.weight for t in unbalanced) / whole if whole else None, tuple(unbalanced),
    )  # fmt: skip


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
