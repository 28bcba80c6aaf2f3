"""Which forecasts are best: the hidden rate as it is, the same recalibrated, or a logistic regression on recent counts.

    python bench/quality/outlook_choice.py STORE --pairs ISR-PSE RUS-UKR … --until 2015-12-31

Every second pair is used for fitting and the others for testing, then the other way round; printed is the Brier skill over the better
of the two baselines, on the pairs tested. The hidden rate needs no fitting.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np

from dragoman.answer.outlook import QUADS, History, get_history
from dragoman.ontology import load_ontology
from dragoman.relate.groups import group_of
from dragoman.relate.outlook import HORIZONS, Forecasts
from dragoman.store import open_store
from dragoman.store.relating import read_per_day

PAST = (1, 4, 12, 52)  # weeks whose counts the regression sees
PENALTY = 20.0


def logit(p: np.ndarray) -> np.ndarray:
    """Return log odds."""
    return np.log(p / (1 - p))


def features(history: History, kind: str, one: Forecasts) -> np.ndarray:
    """Return what the regression sees at each origin, float64 (N, 8): recent counts of the kind and of all kinds, and the usual."""
    own = np.concatenate([[0], np.cumsum(history.counts[:, QUADS[kind] - 1])])
    every = np.concatenate([[0], np.cumsum(history.counts.sum(axis=1))])
    at = np.array([history.starts.index(o) for o in one.origins])
    recent = [
        np.log1p(sums[at] - sums[np.maximum(at - w, 0)])
        for sums, past in ((own, PAST), (every, (4, 26)))
        for w in past
    ]
    return np.column_stack([np.ones(len(at)), *recent, np.log(one.least)])


def fit(x: np.ndarray, y: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression drawn towards a start (ridge), by Newton's method."""
    w = start.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (p - y) + PENALTY * (w - start)
        w = w - np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + PENALTY * np.eye(len(w)), slope)
    return w


def main() -> None:
    """Print the comparison."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("store", type=Path)
    words.add_argument("--pairs", nargs="+", required=True)
    words.add_argument("--until", type=date.fromisoformat, required=True)
    given = words.parse_args()
    with open_store(given.store, read_only=True) as store:
        read, ontology = read_per_day(store), load_ontology()
        sides = [[group_of(side) for side in pair.split("-")] for pair in given.pairs]
        found = [
            get_history(store, a, b, ontology=ontology, until=given.until, coverage=read) for a, b in sides
        ]
    histories = [h for h in found if not h.missing()]
    print(
        f"{len(histories)} pairs with enough history\n{'kind':<21} {'weeks':>5} {'n':>6} {'hidden rate':>12} {'recalibrated':>12} {'regression':>12}"
    )
    for kind in QUADS:
        made = [h.forecasts(kind) for h in histories]
        for weeks in HORIZONS:
            rows = []
            for h, many in zip(histories, made, strict=True):
                one = many[weeks]
                known = ~np.isnan(one.happened)
                seen = np.column_stack([np.ones(len(known)), logit(one.model)])
                rows.append((seen[known], features(h, kind, one)[known], np.stack([one.model, one.persistence, one.climatology, one.happened])[:, known]))  # fmt: skip
            errors, n = np.zeros(5), 0
            for half in (0, 1):
                learn = [
                    np.concatenate(c, axis=-1 if k == 2 else 0)
                    for k, c in enumerate(zip(*rows[1 - half :: 2], strict=True))
                ]
                test = [
                    np.concatenate(c, axis=-1 if k == 2 else 0)
                    for k, c in enumerate(zip(*rows[half::2], strict=True))
                ]
                again = 1 / (1 + np.exp(-test[0] @ fit(learn[0], learn[2][3], np.array([0.0, 1.0]))))
                counts = 1 / (1 + np.exp(-test[1] @ fit(learn[1], learn[2][3], np.zeros(test[1].shape[1]))))
                errors += ((np.stack([*test[2][:3], again, counts]) - test[2][3]) ** 2).sum(axis=1)
                n += test[2].shape[1]
            skills = 1 - errors[[0, 3, 4]] / errors[1:3].min()
            print(f"{kind:<21} {weeks:>5} {n:>6} " + " ".join(f"{s:>+12.3f}" for s in skills))


if __name__ == "__main__":
    main()
