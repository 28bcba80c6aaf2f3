"""Figures on the newsroom articles that the encoder was not fitted on, by beat and by part of the world.

    python bench/quality/newsroom.py [--model FOLDER]

They are the tenth of the articles on which thresholds and calibration were set, written by the same kind of hand as the
articles that it was fitted on: good for telling strong parts from weak ones, too kind as an estimate for other papers.
"""

from __future__ import annotations

import argparse
import collections
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from babel.core import get_global

from dragoman.calibration import curve, reliability
from dragoman.mistakes import costs
from dragoman.pipeline import load
from dragoman.records import RawArticle, to_json
from dragoman.score import Tally, bootstrap, figures_of, per_type, score
from dragoman.train.data import fold_of

OWN = Path(__file__).resolve().parents[2] / "data/newsroom"
SHOWN = ("type", "type_precision", "event", "event_sector", "event_text", "mode", "status")


def part_of_the_world(article: Mapping[str, Any]) -> str:
    """Return the part of the world of the country that most annotated sides of an article have."""
    sides = [
        m["country"]
        for s in article["sentences"]
        for e in s["events"]
        for m in (*e["actors"], *e["recipients"])
        if m["country"]
    ]
    short = {three: two[0] for three, two in get_global("territory_aliases").items() if len(three) == 3}
    for country, _ in collections.Counter(sides).most_common():
        zones = get_global("territory_zones").get(short.get(country, ""), [])
        if zones:
            return str(zones[0].split("/")[0])
    return "none"


def table(
    title: str, articles: Sequence[Mapping[str, Any]], tallies: Sequence[Tally], key: Callable[[Any], str]
) -> None:
    """Print the figures of the groups of articles that have one key."""
    groups: dict[str, list[Tally]] = collections.defaultdict(list)
    for a, t in zip(articles, tallies, strict=True):
        groups[key(a)].append(t)
    print(f"\n{title:12} {'articles':>8} {'events':>6} " + " ".join(f"{k:>14}" for k in SHOWN))
    for name, own in sorted(groups.items()):
        figures = figures_of(own)
        values = " ".join(f"{figures[k]:14.3f}" for k in SHOWN)
        print(f"{name:12} {len(own):8} {sum(t.gold for t in own):6} {values}")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path)
    a = parser.parse_args()
    rows = [
        json.loads(line)
        for path in sorted(OWN.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    articles = [r for r in rows if fold_of(r["id"], 10) == 0]
    coder = load(model=a.model)
    events = []
    for r in articles:
        raw = RawArticle(r["text"], "text/plain", r["id"], source_id=r["id"], verbatim=True,
                         published_on=date.fromisoformat(r["published_on"]), published_field="published_on")  # fmt: skip
        events += [to_json(e) for e in coder([raw]).events]
    tallies = score(articles, events)
    intervals = bootstrap(tallies)
    for name, value in figures_of(tallies).items():
        print(f"{name:20} {value:.3f}   {intervals[name][0]:.3f}–{intervals[name][1]:.3f}")
    table("beat", articles, tallies, lambda r: str(r["id"])[5])
    table("part", articles, tallies, part_of_the_world)
    print(f"\n{'type':10} {'F1':>5} {'gold':>5} {'found':>5} {'right':>5}")
    for name, row in per_type(tallies).items():
        print(f"{name:10} {row['f1']:5.2f} {row['gold']:5.0f} {row['found']:5.0f} {row['right']:5.0f}")
    for c in costs(articles, events):
        print(f"{c.kind:16} {c.number:4} " + " ".join(f"{k} {v:+.3f}" for k, v in c.gain.items()))
    for name, row in reliability(articles, events).items():
        print(
            f"{name:12} error {row['error']:.3f} said {row['confidence']:.3f} right {row['right']:.3f} of {row['number']}"
        )
    for row in curve(articles, events):
        print(row)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
