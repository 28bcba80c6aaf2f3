"""How good outlooks are, pooled over pairs of a store: scores against the baselines, calibration, and the same where the model is shown.

    python bench/quality/outlook.py STORE --pairs ISR-PSE RUS-UKR … [--since 2016-01-01] [--until 2023-12-31] [--plot FILE]

Every forecast uses only the weeks before it. "shown" are the forecasts for which the model had beaten both baselines on the pair's
windows that were over by then.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from dragoman.answer.outlook import QUADS, get_history
from dragoman.cli.calibration_plot import draw
from dragoman.ontology import load_ontology
from dragoman.relate.backtest import METHODS, Scores, scores_of, shown_at
from dragoman.relate.groups import group_of
from dragoman.relate.outlook import HORIZONS, Forecasts
from dragoman.store import open_store
from dragoman.store.relating import read_per_day


def where(one: Forecasts, wanted: np.ndarray) -> Forecasts:
    """Return forecasts with the outcome of all others taken as unknown."""
    return replace(one, happened=np.where(wanted, one.happened, np.nan))


def line(name: str, kind: str, weeks: int, s: Scores, many: list[Forecasts], of: int) -> str:
    """Return a line of the table."""
    if not s.n:
        return f"{name:<6} {kind:<21} {weeks:>3} {0:>6}"
    brier = " ".join(f"{s.brier[m]:>7.4f}" for m in METHODS)
    log = " ".join(f"{s.log[m]:>6.3f}" for m in METHODS)
    ranges = skill_ranges(many)
    skill = "  ".join(
        f"{s.skill(m):>+6.3f} ({low:+.2f} to {high:+.2f})"
        for m, (low, high) in zip(METHODS[1:], ranges, strict=True)
    )
    return f"{name:<6} {kind:<21} {weeks:>3} {s.n:>6} {s.n / of:>5.0%} {s.above / s.n:>6.3f}  {brier}  {log}  {skill}"


def skill_ranges(many: list[Forecasts], draws: int = 1000) -> list[tuple[float, float]]:
    """Return 90 % intervals of the skill over each baseline, from years of pairs drawn anew: windows of a year are not independent."""
    sums: dict[tuple[int, int], np.ndarray] = {}
    for pair, one in enumerate(many):
        errors = np.stack([(getattr(one, m) - one.happened) ** 2 for m in METHODS])
        for t in np.flatnonzero(~np.isnan(one.happened)):
            sums.setdefault((pair, one.origins[t].year), np.zeros(3))
            sums[pair, one.origins[t].year] += errors[:, t]
    blocks = np.array(list(sums.values()))
    drawn = blocks[np.random.default_rng(1).integers(len(blocks), size=(draws, len(blocks)))].sum(axis=1)
    skills = 1 - drawn[:, :1] / drawn[:, 1:]
    return [(float(low), float(high)) for low, high in np.quantile(skills, [0.05, 0.95], axis=0).T]


def within(one: Forecasts, since: date | None, until: date | None) -> Forecasts:
    """Return forecasts with the outcome of those outside two days taken as unknown."""
    days = np.array([(since is None or o >= since) and (until is None or o <= until) for o in one.origins])
    return where(one, days)


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("store", type=Path)
    words.add_argument("--pairs", nargs="+", required=True)
    words.add_argument("--since", type=date.fromisoformat)
    words.add_argument("--until", type=date.fromisoformat)
    words.add_argument("--plot", type=Path)
    given = words.parse_args()
    found: dict[tuple[str, int], list[Forecasts]] = {(k, w): [] for k in QUADS for w in HORIZONS}
    with open_store(given.store, read_only=True) as store:
        read, ontology = read_per_day(store), load_ontology()
        for pair in given.pairs:
            a, b = (group_of(side) for side in pair.split("-"))
            history = get_history(store, a, b, ontology=ontology, coverage=read)
            if missing := history.missing():
                print(f"{pair}: {'; '.join(missing)}")
                continue
            for kind in QUADS:
                for weeks, one in history.forecasts(kind).items():
                    found[kind, weeks].append(one)
    print(f"{'':<6} {'kind':<21} {'wks':>3} {'n':>6} {'of':>5} {'above':>6}  Brier: model, pers., clim.  log score             skill over persistence, climatology")  # fmt: skip
    whole = {}
    for (kind, weeks), many in found.items():
        shown = [where(one, np.array(shown_at(one)) == "model") for one in many]
        for name, rows in (("all", many), ("shown", shown)):
            told = [within(one, given.since, given.until) for one in rows]
            scores = scores_of(told)
            if name == "all":
                whole[kind, weeks] = scores
            print(line(name, kind, weeks, scores, told, whole[kind, weeks].n or 1))
    print(f"\n{'calibration of the model':<25} {'weeks':>5}   chance    {'n':>6} {'mean':>6} {'came':>6}")
    for (kind, weeks), s in whole.items():
        for b in s.calibration["model"]:
            print(
                f"{kind:<25} {weeks:>5}   {b.low:.1f}-{b.high:.1f}   {b.n:>6} {b.said:>6.3f} {b.came:>6.3f}"
            )
    if given.plot:
        draw(whole, given.plot, title=f"{len(next(iter(found.values())))} pairs")


if __name__ == "__main__":
    main()
