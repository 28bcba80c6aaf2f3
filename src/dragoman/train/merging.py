"""Fit the merging weights; needed anew whenever the encoder, the words or the rules of merging change.

    python -m dragoman.train.merging --data data/incidents --newsroom data/newsroom --ecb FOLDER \
        --words src/dragoman/merge/word_counts.csv --out src/dragoman/merge/weights.json

Logistic regressions with ridge over the features of candidate pairs; stories kept for measuring (and ECB+ topics after 30)
are never seen. The threshold is the one with the best pair F1 in cross-validation on
the fitted stories among those that make few incidents of two true ones.

The words are counted first: the features weigh words by the packaged ``word_counts.csv``. Then the articles are read by the packaged
encoder, which takes most of the time (some five minutes on two cores).
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dragoman.merge.clusters import Pair, Said
from dragoman.merge.engine import Comparer, candidates, partition
from dragoman.merge.features import NAMES, features
from dragoman.merge.rarity import digest_of
from dragoman.merge.scorer import KINDS, kind_of, logit, ruled_out, scorer_from
from dragoman.merge.stories import group_articles
from dragoman.merge.views import Report
from dragoman.merge.words import stems
from dragoman.train.data import is_held
from dragoman.train.ecb import iter_reports, load_documents
from dragoman.train.incidents import Reader, Told, load_rows

RIDGE = 6.0
# A kind's weights are the common ones and a deviation, which is shrunk more: penalty RIDGE / DEVIATION**2.
DEVIATION = 0.6
# Share of incidents that may hold two true ones, by cross-validation on the fitted stories: what issue 5 asks for.
MOST_OVER = 0.03
# Mentions without a type (ECB+) have no such limit: they are joined from this probability on, the best for CoNLL F1 on topics 1 to 30 by
# cross-validation over topics.
UNTYPED_THRESHOLD = 0.46
# What only mentions without a type are weighed by; with it reports that have one did worse by 0.005 in cross-validation.
UNTYPED_ONLY = ("all words of the act", "act in the other's sentence", "common words for the act")
FOLDS = 5
THRESHOLDS = np.arange(0.5, 0.91, 0.02)
MOST_PAIRS = 60_000
ECB_TOPICS = tuple(range(1, 31))
Floats = npt.NDArray[np.float64]


def fit_logistic(x: Floats, y: Floats, *, ridge: float = RIDGE, steps: int = 12) -> tuple[Floats, float]:
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


def fit_kinds(x: Floats, y: Floats, kinds: Sequence[str]) -> dict[str, tuple[Floats, float]]:
    """Return weights and constant per kind of act: common ones, and for each kind but "other" a deviation of its own.

    Args:
        x: (n, k) values.
        y: (n,) 0 or 1.
        kinds: (n,) kinds of act.
    """
    own = [np.array([float(k == kind) for k in kinds])[:, None] for kind in KINDS[1:]]
    wide = np.hstack([x, *(DEVIATION * x * k for k in own), *own])
    weights, constant = fit_logistic(wide, y)
    width = x.shape[1]
    out = {KINDS[0]: (weights[:width], constant)}
    for n, kind in enumerate(KINDS[1:], 1):
        deviation = DEVIATION * weights[n * width : (n + 1) * width]
        out[kind] = (weights[:width] + deviation, constant + float(weights[len(KINDS) * width + n - 1]))
    return out


@dataclass(frozen=True, slots=True)
class Table:
    """Candidate pairs: their features (n, k), whether they are one, stand in one article, their kinds, and the folds they touch."""

    x: Floats
    y: Floats
    inside: npt.NDArray[np.bool_]
    kinds: tuple[str, ...]
    folds: tuple[frozenset[int], ...]


def table_of(told: Sequence[Told]) -> Table:
    """Return the candidate pairs of reports."""
    by_id, labels = {t.report.event_id: t.report for t in told}, _labels(told)
    fold = {t.report.event_id: fold_of(t.story) for t in told}
    pairs = sorted(p for p in candidates(by_id.values()) if not ruled_out(by_id[p[0]], by_id[p[1]]))
    return Table(
        np.array([features(by_id[a], by_id[b]) for a, b in pairs]),
        np.array([float(labels[a] == labels[b]) for a, b in pairs]),
        np.array([by_id[a].article.article_id == by_id[b].article.article_id for a, b in pairs]),
        tuple(kind_of(by_id[a], by_id[b]) for a, b in pairs),
        tuple(frozenset((fold[a], fold[b])) for a, b in pairs),
    )


def count_words(rows: Iterable[Mapping[str, Any]], *, least: int = 8) -> str:
    """Return the content of ``word_counts.csv``: in how many of our own articles each stem stands, the common ones first.

    Args:
        rows: Articles of the newsroom and of the stories, as their files hold them; stories kept for measuring are passed over.
        least: Stems in fewer articles are left out.
    """
    counts: collections.Counter[str] = collections.Counter()
    articles = 0
    for row in rows:
        if "story" not in row or not is_held(row["story"]):
            articles += 1
            counts.update(stems(row["text"]))
    kept = sorted(((w, n) for w, n in counts.items() if n >= least), key=lambda kv: (-kv[1], kv[0]))
    return f"stem,articles\n,{articles}\n" + "".join(f"{w},{n}\n" for w, n in kept)


def table_by_story(ecb: Sequence[tuple[Report, str]]) -> tuple[Floats, Floats]:
    """Return the features of pairs of mentions within a story and whether they are one; stories are those of the text alone."""
    names = {r.article.article_id: r.article.names for r, _ in ecb}
    story = {article: n for n, ids in enumerate(group_articles(names)) for article in ids}
    own: dict[int, list[tuple[Report, str]]] = {}
    for report, label in ecb:
        own.setdefault(story[report.article.article_id], []).append((report, label))
    pairs = [(a, b) for told in own.values() for n, a in enumerate(told) for b in told[n + 1 :]]
    kept = pairs[:: max(1, len(pairs) // MOST_PAIRS)]
    x = np.array([features(a[0], b[0]) for a, b in kept])
    return x, np.array([float(a[1] == b[1]) for a, b in kept])


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
    tables = [table_of(told) for told in (annotated, coded)]
    card = _typed(tables)
    x, y = table_by_story(ecb) if ecb else (tables[0].x, tables[0].y)
    print(f"untyped: {len(y)} pairs, {int(y.sum())} of one event", file=sys.stderr)
    card["threshold"] = _threshold((annotated, coded), tables)
    # One threshold serves all: the constant of mentions without a type is moved to it.
    weights, constant = fit_logistic(x, y)
    _put(card, "untyped", weights, constant + logit(card["threshold"]) - logit(UNTYPED_THRESHOLD))
    card["digest"] = hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()[:16]
    return card


def _typed(tables: Sequence[Table], *, without: int = -1) -> dict[str, Any]:
    """Return the weights for reports with a type, fitted without the pairs of a fold."""
    card: dict[str, Any] = {}
    kept = np.concatenate([[without not in f for f in table.folds] for table in tables])
    x, y = np.concatenate([t.x for t in tables]), np.concatenate([t.y for t in tables])
    x[:, [NAMES.index(name) for name in UNTYPED_ONLY]] = 0.0
    inside = np.concatenate([t.inside for t in tables])
    kinds = np.array([kind for t in tables for kind in t.kinds])
    for place, own in (("inside", inside & kept), ("across", ~inside & kept)):
        for kind, (weights, constant) in fit_kinds(x[own], y[own], list(kinds[own])).items():
            _put(card, f"{place} {kind}", weights, constant)
        print(f"{place}: {int(own.sum())} pairs, {int(y[own].sum())} of one event", file=sys.stderr)
    return card


def _put(card: dict[str, Any], name: str, weights: Floats, constant: float) -> None:
    card[name] = {n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=True)}
    card[f"{name}_constant"] = round(constant, 4)


def fold_of(story: str) -> int:
    """Return the fold of a story, 0 to 4; near misses go with the story they stand beside."""
    return hashlib.sha256(f"fold|{story.rstrip('x')}".encode()).digest()[0] % FOLDS


def _threshold(sets: Sequence[Sequence[Told]], tables: Sequence[Table]) -> float:
    """Return the threshold of the best pair F1 that over-merges little; each fold is grouped with weights that never saw its stories."""
    sums = {float(round(t, 3)): np.zeros(5) for t in THRESHOLDS}
    unused = {"untyped": dict.fromkeys(NAMES, 0.0), "untyped_constant": 0.0}
    for fold in range(FOLDS):
        card = _typed(tables, without=fold) | unused
        for told in sets:
            mine = [t for t in told if fold_of(t.story) == fold]
            reports, labels = [t.report for t in mine], _labels(mine)
            known: dict[Pair, float] = {}
            for threshold, tally in sums.items():
                scorer = scorer_from({**card, "threshold": threshold})
                compare = Comparer(scorer, {r.event_id: r for r in reports}, known)
                tally += _tally(
                    [ids for _, groups in partition(reports, compare, Said()) for ids in groups], labels
                )
    best = (0.0, max(sums))
    for threshold, (hit, made, true, over, groups) in sums.items():
        f1 = 2 * hit / max(1.0, made + true)
        print(
            f"threshold {threshold:.3f}: precision {hit / max(1, made):.3f} recall {hit / true:.3f} F1 {f1:.3f} over-merged {over / groups:.3f}",
            file=sys.stderr,
        )
        if over / groups <= MOST_OVER:
            best = max(best, (f1, threshold))
    return best[1]


def _tally(groups: Sequence[Sequence[str]], labels: dict[str, str]) -> Floats:
    """Return how many pairs are right, were made and are true, and how many groups hold two incidents, of how many."""
    own = [collections.Counter(labels[e] for e in ids) for ids in groups]
    true = collections.Counter(labels.values())
    return np.array([
        sum(math.comb(n, 2) for c in own for n in c.values()), sum(math.comb(c.total(), 2) for c in own),
        sum(math.comb(n, 2) for n in true.values()), sum(len(c) > 1 for c in own), len(own),
    ], dtype=np.float64)  # fmt: skip


def _labels(told: Sequence[Told]) -> dict[str, str]:
    return {t.report.event_id: t.incident for t in told}


def main(arguments: list[str] | None = None) -> int:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with our stories")
    parser.add_argument("--ecb", type=Path, help="folder with the topics of ECB+")
    parser.add_argument("--out", type=Path, help="fit, and write weights.json here")
    parser.add_argument(
        "--words", type=Path, help="write word_counts.csv from --data and --newsroom here first"
    )
    parser.add_argument("--newsroom", type=Path, help="folder with the newsroom's articles, for --words")
    a = parser.parse_args(arguments)
    rows = load_rows(a.data)
    if a.words:
        newsroom = load_rows(a.newsroom) if a.newsroom else []
        a.words.write_text(count_words([*newsroom, *rows]), encoding="utf-8")
    if a.out is None:
        return 0
    reader = Reader()
    annotated, coded = ([t for t in reader.read(rows, coded=own) if not t.held] for own in (False, True))
    ecb = list(iter_reports(load_documents(a.ecb, ECB_TOPICS), reader.model)) if a.ecb else []
    card = fit(annotated, coded, ecb) | {"word_counts": digest_of("word_counts.csv")}
    a.out.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
