"""Does the relation turn when history did? Thirty turning points listed beforehand, against the alarms of a coded world.

    python bench/quality/turning_points.py world.duckdb [--since 2005] [--until 2023]

Prints per point whether an alarm of its pair and direction was raised from its day to thirty days later, how many alarms the same
pairs raised elsewhere per year, and how many months' counts lay inside the 90 % band told the month before, beside what the bands claim.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterable, Iterator
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
    """Print the share of counts inside their bands, what the bands claim, and the share freed of the steps of whole counts.

    A band of whole counts holds at least 90 %, and of small counts much more: the shortest that holds 90 % of a Poisson count of mean 1
    holds 92 %. So beside the share inside stands the mean of what the bands themselves claim, and the share of the randomised
    probability integral transform between 0.05 and 0.95, which is 0.90 of a good forecast whatever the counts.

    Source:
        Czado, C., Gneiting, T. and Held, L. (2009), "Predictive model assessment for count data", Biometrics 65, 1254-1261.
    """
    for name in ("conflict", "cooperation"):
        rows = np.concatenate([list(_band_rows(relation, name)) for relation in relations.values()])
        for words, some in (("all months", rows), ("at least one incident expected", rows[rows[:, 0] >= 1])):
            claimed, inside, freed = some[:, 1:].mean(axis=0)
            print(
                f"next month's {name}, {words} ({len(some)}): {inside:.3f} inside the 90 % band; the bands claim {claimed:.3f}; "
                f"freed of whole counts {freed:.3f}"
            )


def _band_rows(relation: Relation, name: str) -> Iterator[tuple[float, float, bool, float]]:
    """Yield expected count, probability of the band, whether the count lies in it, and the share of its PIT in 0.05 to 0.95."""
    counts, rates = getattr(relation.series, name), getattr(relation, name)
    for t, (first, last) in enumerate(rates.band()[:-1]):
        if t < SETTLING_MONTHS:
            continue
        chances, n = rates.predicted[t], min(int(counts[t]), rates.predicted.shape[1] - 1)
        below, upto = float(chances[:n].sum()), float(chances[: n + 1].sum())
        freed = max(0.0, min(upto, 0.95) - max(below, 0.05)) / max(upto - below, 1e-12)
        yield (
            float(rates.expected[t]),
            float(chances[first : last + 1].sum()),
            bool(first <= counts[t] <= last),
            freed,
        )


if __name__ == "__main__":
    main()
