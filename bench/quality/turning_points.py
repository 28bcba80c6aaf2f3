"""Does the relation turn when history did? Thirty turning points listed beforehand, against the alarms of a coded world.

    python bench/quality/turning_points.py world.duckdb [--since 2005] [--until 2023]

Prints per point whether an alarm of its pair and direction was raised from its day to thirty days later, how many alarms the same
pairs raised elsewhere per year, and how many months' counts lay inside the 90 % band told the month before.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from dragoman.answer.relations import Relation, get_relation
from dragoman.ontology import load_ontology
from dragoman.relate.groups import Group
from dragoman.store import open_store
from dragoman.store.relating import read_per_day

POINTS = Path(__file__).with_name("turning_points.toml")
DAYS = 30
SETTLING_MONTHS = 24  # before a band is judged


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--since", type=int, default=2005)
    parser.add_argument("--until", type=int, default=2023)
    parser.add_argument("--per-year", type=float, default=0.5, help="false alarms per year and kind")
    parser.add_argument("--show", action="store_true", help="print every alarm elsewhere")
    asked = parser.parse_args()
    points = tomllib.loads(POINTS.read_text(encoding="utf-8"))["point"]
    pairs = sorted({tuple(p["pair"]) for p in points})
    ontology = load_ontology()
    with open_store(asked.store, read_only=True) as store:
        coverage = read_per_day(store)
        relations = {
            (a, b): get_relation(
                store, Group(a, (a,)), Group(b, (b,)), ontology=ontology, since=date(asked.since, 1, 1),
                until=date(asked.until, 12, 31), per_year=asked.per_year, coverage=coverage,
            )
            for a, b in pairs
        }  # fmt: skip
    _show_points(points, relations)
    _show_elsewhere(points, relations, years=asked.until - asked.since + 1, show=asked.show)
    _show_bands(relations)


def _show_points(points: Iterable[Any], relations: dict[tuple[str, str], Relation]) -> None:
    found = near = 0
    for p in points:
        alarms = [c for c in relations[tuple(p["pair"])].changes if c.rises and c.kind == p["towards"]]
        hit = next((c for c in alarms if timedelta(0) <= c.raised_on - p["on"] <= timedelta(days=DAYS)), None)
        close = hit or next((c for c in alarms if abs(c.raised_on - p["on"]) <= timedelta(days=DAYS)), None)
        found, near = found + (hit is not None), near + (close is not None)
        told = f"raised {close.raised_on}, since {close.since}" if close else "not found"
        print(f"{'yes' if hit else 'near' if close else 'no':5}{'-'.join(p['pair'])} {p['on']} {p['towards']:12}{told:40} {p['what']}")  # fmt: skip
    print(
        f"\nfound within {DAYS} days: {found} of {len(list(points))}; within {DAYS} days before or after: {near}"
    )


def _show_elsewhere(points: Iterable[Any], relations: dict[tuple[str, str], Relation], *, years: int, show: bool) -> None:  # fmt: skip
    bursts = lulls = 0
    for pair, relation in relations.items():
        days = [p["on"] for p in points if tuple(p["pair"]) == pair]
        other = [
            c for c in relation.changes if all(abs(c.raised_on - d) > timedelta(days=DAYS) for d in days)
        ]
        bursts += sum(c.rises for c in other)
        lulls += sum(not c.rises for c in other)
        if show:
            for c in other:
                print(
                    "   ",
                    "-".join(pair),
                    c.raised_on,
                    c.kind,
                    "more" if c.rises else "less",
                    f"{c.before:.2g} → {c.after:.2g}",
                )
    total = len(relations) * years
    print(f"alarms elsewhere per pair and year ({total} pair-years): {(bursts + lulls) / total:.2f}, of which more {bursts / total:.2f}, less {lulls / total:.2f}")  # fmt: skip


def _show_bands(relations: dict[tuple[str, str], Relation]) -> None:
    for name in ("conflict", "cooperation"):
        inside, busy = [], []
        for relation in relations.values():
            counts = getattr(relation.series, name)
            rates = getattr(relation, name)
            band = rates.band()[:-1]
            held = (band[:, 0] <= counts) & (counts <= band[:, 1])
            inside += held[SETTLING_MONTHS:].tolist()
            busy += held[SETTLING_MONTHS:][rates.expected[SETTLING_MONTHS:-1] >= 1].tolist()
        print(
            f"next month's {name} inside the 90 % band: {np.mean(inside):.3f} of {len(inside)} months; "
            f"{np.mean(busy):.3f} of {len(busy)} months with at least one incident expected"
        )


if __name__ == "__main__":
    main()
