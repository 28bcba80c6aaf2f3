"""Who stands with whom: the network of a store's period, as rows, node-link JSON or GraphML."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from dragoman.answer.pairs import Intensities
from dragoman.ontology import Ontology
from dragoman.relate.network import (
    Balance,
    By,
    Edge,
    any_points,
    balance_of,
    communities_of,
    counted,
    edges_of,
    graph_of,
    networkx,
    strongest,
)
from dragoman.relate.position import LEAST_INCIDENTS, Move, moves_of
from dragoman.store import Store
from dragoman.store.linked import find_linked

Period = tuple[date | None, date | None]  # first and last day, both inside


@dataclass(frozen=True, slots=True)
class Network:
    """The network of a period.

    Attributes:
        period: First and last day, None where it is open.
        by: What a node is.
        edges: By name.
        graph: The same as a ``networkx.Graph``.
        communities: Largest first.
        balance: Of its closed triads.
        earlier: The period that positions are compared with, None without.
        moves: How far actors moved since, farthest beyond chance first.
    """

    period: Period
    by: By
    edges: tuple[Edge, ...]
    graph: Any
    communities: tuple[tuple[str, ...], ...]
    balance: Balance
    earlier: Period | None
    moves: tuple[Move, ...]


def get_network(
    store: Store, *, ontology: Ontology, since: date | None = None, until: date | None = None, by: By = "country",
    least: int = 1, earlier: Period | None = None, as_of: datetime | None = None,
) -> Network:  # fmt: skip
    """Return the network of a period.

    Args:
        store: An open store.
        ontology: The codes, with taught types.
        since: First day; None for the beginning.
        until: Last day; None for the end.
        by: What a node is: a country, or a country and sector.
        least: Fewest incidents of an edge; positions are told by all incidents.
        earlier: The period to compare positions with; None for no comparison.
        as_of: The state of knowledge at a moment; None for now.

    Raises:
        UsageError: networkx is not installed.
        StoreError: The file could not be read.
    """
    networkx()  # told before the store is read
    now = _points(store, ontology, (since, until), as_of)
    edges = edges_of(now, by=by, least=least)
    graph = graph_of(edges)
    moves = moves_of(_points(store, ontology, earlier, as_of), now, by=by) if earlier else []
    return Network(
        (since, until), by, edges, graph, communities_of(graph), balance_of(graph), earlier, tuple(moves)
    )


def _points(store: Store, ontology: Ontology, period: Period, as_of: datetime | None) -> Any:
    rows = find_linked(store, since=period[0], until=period[1], as_of=as_of)
    return counted(any_points(rows, intensity=Intensities(store, ontology, rows, as_of)), *period)


def to_rows(network: Network) -> dict[str, Any]:
    """Return a network in the shape of the JSON: node-link data of networkx, with what was found under "graph"."""
    graph = network.graph.copy()
    graph.graph.update(
        since=_day(network.period[0]), until=_day(network.period[1]), by=network.by,
        communities=[list(c) for c in network.communities], balance=_balance(network.balance),
        cooperate_most=[[e.first, e.second] for e in strongest(network.edges, sign=1)],
        fight_most=[[e.first, e.second] for e in strongest(network.edges, sign=-1)],
    )  # fmt: skip
    if network.earlier:
        graph.graph["compared_with"] = [_day(day) for day in network.earlier]
        graph.graph["least_incidents"] = LEAST_INCIDENTS
        graph.graph["moves"] = [_move(m) for m in network.moves]
    out: dict[str, Any] = networkx().node_link_data(graph, edges="edges")
    return out


def to_graphml(network: Network) -> bytes:
    """Return a network as GraphML, UTF-8."""
    out = io.BytesIO()
    networkx().write_graphml(network.graph, out)
    return out.getvalue()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _balance(balance: Balance) -> dict[str, Any]:
    return {
        "triads": balance.triads, "share": _rounded(balance.share), "weak": _rounded(balance.weak), "weighted": _rounded(balance.weighted), "tense": balance.tense,
        "unbalanced": [{"nodes": list(t.nodes), "signs": list(t.signs), "weight": round(t.weight, 3)} for t in balance.unbalanced],
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _move(move: Move) -> dict[str, Any]:
    partners = [
        {"partner": p, "sign": s, "before": round(a, 4), "after": round(b, 4)} for p, s, a, b in move.partners
    ]
    numbers = {
        k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(move).items() if k != "partners"
    }
    return {**numbers, "incidents": list(move.incidents), "partners": partners}
