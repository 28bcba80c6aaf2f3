"""How far two readers agree: the second reading in ``data/agreement`` against the first in ``data``.

    python bench/quality/agreement.py --data FOLDER                  # newswire and our own articles
    python bench/quality/agreement.py --data FOLDER --second items   # dated items of current events

Each figure is an F1 over the events of the doubly read sentences, as ``dragoman eval`` computes it with the first reader
as gold. Newswire texts are joined from the data folder; without one only our own articles are compared.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.mistakes import costs
from dragoman.score import bootstrap, figures_of, score
from dragoman.train.standoff import join, read_newswire, read_world

OWN = Path(__file__).resolve().parents[2] / "data"


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the JSON lines of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def first_readings(ids: set[str], texts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the first reader's articles."""
    for path in sorted((OWN / "newsroom").glob("*.jsonl")):
        yield from (a for a in rows(path) if a["id"] in ids)
    for path in sorted((OWN / "annotations").glob("*.jsonl")):
        yield from join([r for r in rows(path) if r["doc"] in texts], texts)


def texts_of(articles: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the sentences of whole articles by id."""
    return {
        a["id"]: {"sentences": [a["text"][s["start"] : s["end"]] for s in a["sentences"]], "published": None}
        for a in articles
    }


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, help="folder with ner/gmb.jsonl.gz and world/wcep_2002_2026.jsonl.gz"
    )
    parser.add_argument("--second", default="second", help="name of the file in data/agreement [second]")
    a = parser.parse_args()
    standoff = rows(OWN / f"agreement/{a.second}.jsonl")
    ids = {r["doc"] for r in standoff}
    newswire = {i for i in ids if i.startswith("gmb")} if a.data else set()
    wire = read_newswire(a.data / "ner/gmb.jsonl.gz", newswire) if a.data else {}
    items = [r for r in standoff if r["doc"].startswith("wcep")] if a.data else []
    wire |= read_world(a.data / "world/wcep_2002_2026.jsonl.gz", items) if items else {}
    first = list(first_readings(ids, wire))
    texts = {**wire, **texts_of([x for x in first if x["id"] not in wire])}
    second = {x["id"]: x for x in join([r for r in standoff if r["doc"] in texts], texts)}
    events = [
        {**e, "source_id": x["id"]} for x in second.values() for s in x["sentences"] for e in s["events"]
    ]
    tallies = score(first, events)
    intervals = bootstrap(tallies)
    for name, value in figures_of(tallies).items():
        if name in ("place", "date"):  # of resolved events, not of annotations
            continue
        print(f"{name:20} {value:.3f}   {intervals[name][0]:.3f}–{intervals[name][1]:.3f}")
    for c in costs(first, events):
        print(f"{c.kind:16} {c.number:4}")
    print(f"{len(first)} texts, {sum(len(x['sentences']) for x in first)} sentences, "
          f"{sum(t.gold for t in tallies)} events by the first reader, {len(events)} by the second")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
