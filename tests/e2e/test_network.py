"""``dragoman network``, as a process, on a store that was coded from texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from .command import dragoman, write_rows

ROWS: list[Any] = [
    {"id": "1", "published_on": "2021-03-02", "text": "Iranian forces shelled Israeli positions on Monday, Israel said."},
    {"id": "2", "published_on": "2022-06-07", "text": "The navies of Norway and Denmark began a joint naval exercise off Bergen on Sunday."},
    {"id": "3", "published_on": "2022-06-10", "text": "Israeli jets bombed Iranian positions near Damascus on Thursday."},
    {"id": "4", "published_on": "2022-07-14", "text": "Norway and Denmark signed an agreement on fisheries in Oslo on Wednesday."},
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of four short texts."""
    path = tmp_path_factory.mktemp("network")
    rows = [{**row, "outlet": "Keld Times"} for row in ROWS]
    assert dragoman("code", write_rows(path / "a.jsonl", rows), cwd=path).returncode == 0
    return path


@pytest.mark.model
def test_the_table_names_friends_and_enemies(folder: Path) -> None:
    """Who cooperates and who fights stand in their own lists; another period has other pairs."""
    done = dragoman("network", "--since", "2022", "--until", "2022-12-31", cwd=folder)
    assert done.returncode == 0, done.stderr
    friends, enemies = done.stdout.split("who fights most")
    assert "DNK NOR" in friends
    assert "IRN ISR" in enemies.split("actors")[0]
    before = dragoman("network", "--until", "2021-12-31", cwd=folder)
    assert "DNK NOR" not in before.stdout
    assert "IRN ISR" in before.stdout


@pytest.mark.model
def test_json_and_graphml_are_read_by_networkx(folder: Path) -> None:
    """Both formats hold the same graph, on the terminal or in a file."""
    done = dragoman("network", "--format", "json", "--since", "2022", "--compare-since", "2021", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    graph = nx.node_link_graph(told, edges="edges")
    assert graph.edges["DNK", "NOR"]["weight"] > 0 > graph.edges["IRN", "ISR"]["weight"]
    assert ["DNK", "NOR"] in told["graph"]["communities"]
    assert told["graph"]["compared_with"] == ["2021-01-01", "2021-12-31"]
    assert told["graph"]["moves"] == []
    done = dragoman("network", "--format", "graphml", "--since", "2022", "--output", "n.graphml", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    back = nx.read_graphml(folder / "n.graphml")
    assert {frozenset(e) for e in back.edges} == {frozenset(e) for e in graph.edges}
    assert back.nodes["NOR"] == graph.nodes["NOR"]
    sectors = dragoman("network", "--by", "sector", "--format", "json", cwd=folder)
    assert any("/" in node["id"] for node in json.loads(sectors.stdout)["nodes"])


@pytest.mark.model
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--since", "2022", "--until", "2021"], "--until must not lie before --since"),
        (["--min-incidents", "0"], "--min-incidents must be at least 1"),
        (["--compare-since", "2020"], "has no end"),
        (
            ["--since", "2022", "--compare-since", "2020", "--compare-until", "2023"],
            "must end before --since",
        ),
        (["--since", "2022", "--compare-since", "2022-06-01"], "must not end before it begins"),
        (["--since", "soon"], "--since must be a date"),
    ],
)
def test_mistakes_in_usage_are_told(folder: Path, words: list[str], told: str) -> None:
    """Each says which option is wrong and how."""
    done = dragoman("network", *words, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.model
def test_a_file_that_cannot_be_written_is_told(folder: Path) -> None:
    """The folder is not there; nothing is half written. A period without incidents is no mistake."""
    done = dragoman("network", "--output", "nowhere/n.json", "--format", "json", cwd=folder)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    empty = dragoman("network", "--since", "2030", cwd=folder)
    assert empty.returncode == 0
    assert "no pair" in empty.stdout
