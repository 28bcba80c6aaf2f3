"""Fit the merging weights: ``python -m dragoman.train.merging --data data/incidents [--ecb FOLDER] --out weights.json``.

Logistic regressions with ridge over the features of candidate pairs; stories kept for measuring (and ECB+ topics after 30)
are never seen. The threshold is the one with the best pair F1 on the fitted stories among
those that make few incidents of two true ones.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dragoman.merge.engine import candidates, group
from dragoman.merge.features import NAMES, features
from dragoman.merge.scorer import ruled_out, scorer_from
from dragoman.merge.stories import group_articles
from dragoman.merge.views import Report
from dragoman.train.ecb import iter_reports, load_documents
from dragoman.train.incidents import Reader, Told, load_rows

RIDGE = 2.0
MOST_OVER = 0.055  # share of incidents that may hold two true ones: the worst mistake of merging
MOST_PAIRS = 150_000
ECB_TOPICS = tuple(range(1, 31))
Floats = npt.NDArray[np.float64]


def fit_logistic(x: Floats, y: Floats, *, ridge: float = RIDGE, steps: int = 40) -> tuple[Floats, float]:
    """Return weights and constant of a ridge logistic regression, by Newton's method.

    Args:
        x: (n, k) values.
        y: (n,) 0 or 1.
        ridge: Strength of the penalty on the weights; the constant is free.
        steps: Most steps.
    """
    ones = np.hstack([x, np.ones((len(x), 1))])
    beta = np.zeros(ones.shape[1])
    penalty = np.full(ones.shape[1], ridge)
    penalty[-1] = 1e-6
    for _ in range(steps):
        p = 1.0 / (1.0 + np.exp(-np.clip(ones @ beta, -30, 30)))
        slope = ones.T @ (p - y) + penalty * beta
        curve = (ones * (p * (1 - p))[:, None]).T @ ones + np.diag(penalty)
        move = np.linalg.solve(curve, slope)
        beta -= move
        if float(np.abs(move).max()) < 1e-6:
            break
    return beta[:-1], float(beta[-1])


def table_of(
    reports: Sequence[Report], labels: dict[str, str]
) -> tuple[list[tuple[str, str]], Floats, Floats, npt.NDArray[np.bool_]]:
    """Return candidate pairs, their features, whether they are one, and whether they stand in one article."""
    by_id = {r.event_id: r for r in reports}
    pairs = sorted(p for p in candidates(reports) if not ruled_out(by_id[p[0]], by_id[p[1]]))
    x = np.array([features(by_id[a], by_id[b]) for a, b in pairs])
    y = np.array([float(labels[a] == labels[b]) for a, b in pairs])
    inside = np.array([by_id[a].article.article_id == by_id[b].article.article_id for a, b in pairs])
    return pairs, x, y, inside


def table_by_story(ecb: Sequence[tuple[Report, str]]) -> tuple[None, Floats, Floats]:
    """Return the features of pairs of mentions within a story and whether they are one; stories are those of the text alone."""
    names = {r.article.article_id: r.article.names for r, _ in ecb}
    story = {article: n for n, ids in enumerate(group_articles(names)) for article in ids}
    own: dict[int, list[tuple[Report, str]]] = {}
    for report, label in ecb:
        own.setdefault(story[report.article.article_id], []).append((report, label))
    pairs = [(a, b) for told in own.values() for n, a in enumerate(told) for b in told[n + 1 :]]
    kept = pairs[:: max(1, len(pairs) // MOST_PAIRS)]
    x = np.array([features(a[0], b[0]) for a, b in kept])
    return None, x, np.array([float(a[1] == b[1]) for a, b in kept])


def pair_scores(groups: Sequence[Sequence[str]], labels: dict[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the pairs that groups make one."""
    made = {(a, b) for ids in groups for n, a in enumerate(sorted(ids)) for b in sorted(ids)[n + 1 :]}
    by_label: dict[str, list[str]] = {}
    for event_id, label in labels.items():
        by_label.setdefault(label, []).append(event_id)
    true = {
        (a, b) for ids in by_label.values() for n, a in enumerate(sorted(ids)) for b in sorted(ids)[n + 1 :]
    }
    right = len(made & true)
    precision, recall = right / max(1, len(made)), right / max(1, len(true))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def fit(
    annotated: Sequence[Told], coded: Sequence[Told], ecb: Sequence[tuple[Report, str]]
) -> dict[str, Any]:
    """Return the content of ``weights.json``: fitted on both, the threshold set on what the coder found."""
    card: dict[str, Any] = {}
    tables = [table_of([t.report for t in told], _labels(told)) for told in (annotated, coded)]
    x, y, inside = (np.concatenate([table[k] for table in tables]) for k in (1, 2, 3))
    untyped = table_by_story(ecb) if ecb else None
    for name, values, truth in (
        ("inside", x[inside], y[inside]), ("across", x[~inside], y[~inside]),
        ("untyped", untyped[1] if untyped else x, untyped[2] if untyped else y),
    ):  # fmt: skip
        weights, constant = fit_logistic(values, truth)
        card[name] = {n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=True)}
        card[f"{name}_constant"] = round(constant, 4)
        print(f"{name}: {len(truth)} pairs, {int(truth.sum())} of one event", file=sys.stderr)
    best = (0.0, 0.7)
    for threshold in np.arange(0.3, 0.86, 0.05):
        scorer = scorer_from({**card, "threshold": float(threshold)})
        labels = _labels(coded)
        groups = [[r.event_id for r in g.reports] for g in group([t.report for t in coded], scorer)]
        precision, recall, f1 = pair_scores(groups, labels)
        over = sum(len({labels[e] for e in ids}) > 1 for ids in groups) / len(groups)
        print(
            f"threshold {threshold:.2f}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} over-merged {over:.3f}",
            file=sys.stderr,
        )
        if over <= MOST_OVER:
            best = max(best, (f1, float(round(threshold, 2))))
    card["threshold"] = best[1]
    card["digest"] = hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()[:16]
    return card


def _labels(told: Sequence[Told]) -> dict[str, str]:
    return {t.report.event_id: t.incident for t in told}


def main(arguments: list[str] | None = None) -> int:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with our stories")
    parser.add_argument("--ecb", type=Path, help="folder with the topics of ECB+")
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args(arguments)
    reader = Reader()
    rows = load_rows(a.data)
    annotated, coded = ([t for t in reader.read(rows, coded=own) if not t.held] for own in (False, True))
    ecb = list(iter_reports(load_documents(a.ecb, ECB_TOPICS), reader.model)) if a.ecb else []
    card = fit(annotated, coded, ecb)
    a.out.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
