"""Networks: what links whom, signs, communities, balance, and how far positions moved."""

from __future__ import annotations

import builtins
import itertools
import json
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from dragoman.answer.network import Network, to_graphml, to_rows
from dragoman.errors import UsageError
from dragoman.relate.network import (
    MOST_LISTED,
    Edge,
    any_points,
    balance_of,
    communities_of,
    counted,
    edges_of,
    graph_of,
    pairs_of,
    strongest,
)
from dragoman.relate.points import Point
from dragoman.relate.position import jensen_shannon, moves_of

from .made import incident, intensity


def points(
    rows: Iterable[Mapping[str, Any]], since: date | None = None, until: date | None = None
) -> list[Point]:
    """Return the counted points of incidents."""
    return counted(any_points(rows, intensity=intensity), since, until)


def friends(a: str, b: str, weight: float = 10.0) -> Edge:
    """Return an edge of a weight, positive or negative."""
    return Edge(a, b, (0, 2, 0, 0) if weight > 0 else (0, 0, 0, 2), weight)


@pytest.mark.parametrize(
    ("row", "pairs"),
    [
        (incident("ASSAULT", "IRN", "ISR"), {("IRN", "ISR")}),
        (incident("ASSAULT", "ISR USA", "IRN"), {("IRN", "ISR"), ("IRN", "USA")}),
        (incident("CONSULT", "FRA DEU POL"), {("DEU", "FRA"), ("FRA", "POL"), ("DEU", "POL")}),
        (incident("CONSULT", "FRA FRA DEU"), {("DEU", "FRA")}),
        (incident("ASSAULT", "IRN", "IRN"), set()),
        (incident("ASSAULT", "IRN ISR", "?"), set()),
        (incident("ASSAULT", "?", "IRN"), set()),
    ],
)
def test_an_incident_links_each_pair_once(row: dict[str, Any], pairs: set[tuple[str, str]]) -> None:
    """Actors and recipients are linked across; without recipients each two sides once; nobody is linked with itself."""
    assert pairs_of(row, "country") == pairs


def test_sectors_are_nodes_of_their_own() -> None:
    """By sector a country's army and government are two, and may be linked."""
    row = incident("CONSULT", "IRN/MIL IRN/GOV FRA")
    assert pairs_of(row, "sector") == {("IRN/GOV", "IRN/MIL"), ("FRA", "IRN/MIL"), ("FRA", "IRN/GOV")}
    assert pairs_of(row, "country") == {("FRA", "IRN")}


def test_only_what_happened_and_was_news_counts() -> None:
    """Planned, denied, background and undated incidents are left out, and those outside the period."""
    vague = {"from": "2020-01-01", "to": "2020-12-31", "precision": "year"}
    rows = [
        incident("ASSAULT", "IRN", "ISR"), incident("ASSAULT", "IRN", "ISR", status="future"),
        incident("ASSAULT", "IRN", "ISR", status="negated"), incident("ASSAULT", "IRN", "ISR", historical=True),
        incident("ASSAULT", "IRN", "ISR", date=vague), incident("COOPERATE", "IRN", "ISR", on=date(2021, 1, 1)),
    ]  # fmt: skip
    assert edges_of(points(rows, date(2020, 6, 1), date(2020, 12, 31))) == (
        Edge("IRN", "ISR", (0, 0, 0, 1), -9.0),
    )
    both = edges_of(points(rows))[0]
    assert (both.counts, both.weight, both.incidents, both.intensity) == ((0, 1, 0, 1), -3.0, 2, -1.5)


def test_pairs_with_few_incidents_can_be_left_out() -> None:
    """The least number of incidents is of a pair."""
    rows = [
        incident("ASSAULT", "IRN", "ISR"),
        incident("ASSAULT", "ISR", "IRN"),
        incident("CONSULT", "FRA DEU"),
    ]
    assert [(e.first, e.second) for e in edges_of(points(rows), least=2)] == [("IRN", "ISR")]


def test_two_camps_are_two_communities_and_balanced() -> None:
    """Friends within and enemies across: Cartwright and Harary's two camps."""
    camps = (("A", "B", "C"), ("D", "E", "F"))
    edges = [friends(x, y) for camp in camps for x in camp for y in camp if x < y]
    edges += [friends(x, y, -10.0) for x in camps[0] for y in camps[1]]
    graph = graph_of(edges)
    assert communities_of(graph) == camps
    balance = balance_of(graph)
    assert (balance.triads, balance.share, balance.weak, balance.weighted) == (20, 1.0, 1.0, 1.0)
    assert graph.nodes["A"] == {"incidents": 10, "cooperation": 20.0, "conflict": -30.0, "community": 1}


def test_unbalanced_triads_are_listed_by_weight() -> None:
    """A triad with one or three hostile edges is unbalanced; it weighs as much as its weakest edge."""
    edges = [friends("A", "B", 3.0), friends("A", "C", 5.0), friends("B", "C", -4.0)]
    edges += [friends("D", "E", -8.0), friends("D", "F", -9.0), friends("E", "F", -7.0)]
    edges += [friends("G", "H", 2.0), friends("G", "I", 2.0), friends("H", "I", 2.0)]
    balance = balance_of(graph_of(edges))
    assert [(t.nodes, t.signs, t.weight) for t in balance.unbalanced] == [
        (("D", "E", "F"), (-1, -1, -1), 7.0), (("A", "B", "C"), (1, 1, -1), 3.0),
    ]  # fmt: skip
    assert balance.tense == 2
    assert balance.share == pytest.approx(1 / 3)
    assert balance.weak == pytest.approx(2 / 3)
    assert balance.weighted == pytest.approx(2 / 12)


def test_many_triads_are_counted_as_one_by_one_would() -> None:
    """In a dense graph the figures are those of a plain loop, and of the tense triads the heaviest are listed."""
    draw = random.Random(3)
    names = [f"{k:02}" for k in range(26)]
    edges = [
        friends(x, y, draw.choice((-1, 1)) * draw.randint(1, 9))
        for x in names
        for y in names
        if x < y and draw.random() < 0.8
    ]
    weight = {(e.first, e.second): e.weight for e in edges}
    wanted = []
    for a, b, c in itertools.combinations(names, 3):
        if all(pair in weight for pair in ((a, b), (a, c), (b, c))):
            three = [weight[a, b], weight[a, c], weight[b, c]]
            wanted.append((min(map(abs, three)), (a, b, c), sum(w < 0 for w in three)))
    tense = sorted((-w, nodes) for w, nodes, hostile in wanted if hostile % 2)
    balance = balance_of(graph_of(edges))
    assert balance.triads == len(wanted)
    assert balance.tense == len(tense) > MOST_LISTED
    assert balance.weak == pytest.approx(1 - sum(h == 1 for *_, h in wanted) / len(wanted))
    assert balance.weighted == pytest.approx(1 + sum(w for w, _ in tense) / sum(w for w, *_ in wanted))
    assert [(-t.weight, t.nodes) for t in balance.unbalanced] == tense[:MOST_LISTED]
    assert not any(t.is_balanced for t in balance.unbalanced)


def test_an_edge_that_sums_to_nothing_has_no_sign() -> None:
    """It closes no triad and joins no community."""
    graph = graph_of([friends("A", "B"), friends("A", "C"), Edge("B", "C", (0, 1, 0, 1), 0.0)])
    assert balance_of(graph).triads == 0
    assert balance_of(graph).share is None
    lone = graph_of([friends("A", "B", -1.0)])
    assert communities_of(lone) == ()
    assert "community" not in lone.nodes["A"]


def test_strongest_pairs_come_first() -> None:
    """Those who cooperate and those who fight are two lists, heaviest first."""
    edges = [friends("A", "B", 1.0), friends("A", "C", 7.0), friends("B", "C", -2.0), friends("B", "D", -5.0)]
    assert [e.weight for e in strongest(edges, sign=1)] == [7.0, 1.0]
    assert [e.weight for e in strongest(edges, sign=-1, most=1)] == [-5.0]


def whole(edges: tuple[Edge, ...]) -> Network:
    """Return the network of edges."""
    graph = graph_of(edges)
    return Network(
        (date(2020, 1, 1), None), "country", edges, graph, communities_of(graph), balance_of(graph), None, ()
    )


def test_graphml_and_json_come_back_the_same(tmp_path: Path) -> None:
    """Nodes, edges and their values survive writing and reading by networkx."""
    network = whole((friends("A", "B", 2.5), friends("A", "Ç", -4.0), Edge("B", "Ç", (1, 0, 3, 0), -7.25)))
    path = tmp_path / "a.graphml"
    path.write_bytes(to_graphml(network))
    for back in (
        nx.read_graphml(path),
        nx.node_link_graph(json.loads(json.dumps(to_rows(network))), edges="edges"),
    ):
        assert dict(back.nodes(data=True)) == dict(network.graph.nodes(data=True))
        assert {frozenset(e[:2]): e[2] for e in back.edges(data=True)} == {
            frozenset(e[:2]): e[2] for e in network.graph.edges(data=True)
        }
    assert to_rows(network)["graph"]["balance"]["triads"] == 1
    assert to_rows(network)["graph"]["fight_most"][0] == ["B", "Ç"]


def test_without_networkx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "networkx":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"dragoman\[analysis\]"):
        graph_of([friends("A", "B")])


def test_jensen_shannon_is_a_distance() -> None:
    """The same is 0, nothing in common is 1, and the order does not matter."""
    p, q, r = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.5, 0.5]), np.array([0.5, 0.5, 0.0])
    assert jensen_shannon(p, p) == 0.0
    assert jensen_shannon(p, q) == 1.0
    assert jensen_shannon(p, r) == jensen_shannon(r, p)
    assert jensen_shannon(p, q) <= jensen_shannon(p, r) + jensen_shannon(r, q)
    # Half of the mass moved: 0.5 log2(4/3) + 0.25 log2(2/3) + 0.25, worked out by hand.
    assert jensen_shannon(p, r) ** 2 == pytest.approx(0.5 * np.log2(4 / 3) + 0.25 * np.log2(2 / 3) + 0.25)


def test_who_changed_sides_moved_most() -> None:
    """An actor that turns from a friend to an enemy moved beyond chance; one that goes on as before did not."""

    def months(kind: str, a: str, b: str, year: int) -> list[dict[str, Any]]:
        return [incident(kind, a, b, on=date(year, 1, 1) + timedelta(days=20 * n)) for n in range(12)]

    rows = months("COOPERATE", "A", "B", 2020) + months("ASSAULT", "A", "B", 2021)
    rows += [
        r for year in (2020, 2021) for kind in ("COOPERATE", "ASSAULT") for r in months(kind, "C", "D", year)
    ]
    rows += [incident("ASSAULT", "E", "F", on=date(2020, 3, 1))]
    moves = moves_of(points(rows, None, date(2020, 12, 31)), points(rows, date(2021, 1, 1), None))
    assert [m.actor for m in moves] == ["A", "B", "C", "D"]
    assert moves[0].distance == 1.0
    assert moves[0].chance < 0.01
    assert moves[0].incidents == (12, 12)
    assert set(moves[0].partners) == {("B", 1, 1.0, 0.0), ("B", -1, 0.0, 1.0)}
    assert moves[2].distance == 0.0
    assert moves[2].chance == 1.0
    assert moves[2].partners == ()


def test_chance_alone_is_told_as_such() -> None:
    """Where nothing changed, distances lie about the expected one and are seldom called unlikely."""
    rng = np.random.default_rng(3)
    unlikely, beyond = 0, []
    for _ in range(40):
        rows = [
            incident("ASSAULT", "A", str(rng.choice(["B", "C", "D", "E"])), on=date(2020 + n % 2, 5, 1))
            for n in range(60)
        ]
        made = moves_of(points(rows, None, date(2020, 12, 31)), points(rows, date(2021, 1, 1), None))
        move = next(m for m in made if m.actor == "A")
        unlikely += move.chance <= 0.05
        beyond.append(move.distance - move.expected)
    assert unlikely <= 6
    assert abs(float(np.mean(beyond))) < 0.03
