"""How well reports of one event are merged, on stories and topics that the weights never saw.

    python bench/quality/merging.py [--data data/incidents] [--ecb FOLDER] [--fitted] [--wrong N]

Printed: precision, recall and F1 of pairs of reports that are one event (annotated words and the coder's own events), the
share of incidents that hold two true ones, and on ECB+ topics 31-35 B3 of documents per seminal event and CoNLL F1 (mean of
MUC, B3 and CEAF-e) of mention clusters with the mentions given. --fitted shows the same on what the weights were fitted on.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dragoman.merge.engine import Group, group
from dragoman.merge.scorer import load_scorer
from dragoman.merge.stories import group_articles
from dragoman.merge.words import telling
from dragoman.train.coreference import b_cubed, ceaf_e, clusters_of, muc
from dragoman.train.ecb import iter_reports, load_documents
from dragoman.train.incidents import Reader, Told, load_rows
from dragoman.train.merging import ECB_TOPICS, pair_scores

HELD_TOPICS = (31, 32, 33, 34, 35)
DATA = Path(__file__).resolve().parents[2] / "data" / "incidents"


def over_merged(groups: Sequence[Group], labels: dict[str, str]) -> float:
    """Return the share of incidents that hold events of two different true ones."""
    return sum(len({labels[r.event_id] for r in g.reports}) > 1 for g in groups) / max(1, len(groups))


def show(name: str, told: Sequence[Told], wrong: int) -> None:
    """Print the figures of one set of reports."""
    labels = {t.report.event_id: t.incident for t in told}
    groups = group([t.report for t in told], load_scorer())
    ids = [[r.event_id for r in g.reports] for g in groups]
    precision, recall, f1 = pair_scores(ids, labels)
    print(
        f"{name:34} reports {len(told):5} pairs P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  over-merged {over_merged(groups, labels):.3f}"
        f"  B3 {b_cubed(ids, clusters_of(labels)):.3f}"
    )
    shown = 0
    for g in groups:
        if shown < wrong and len({labels[r.event_id] for r in g.reports}) > 1:
            shown += 1
            for r in g.reports:
                print("   ", labels[r.event_id], r.event_type, r.article.published_on, " ".join(sorted(r.trigger)),
                      [f"{s.role[0]}:{s.country}/{s.sectors[:1]}" for s in r.sides])  # fmt: skip
            print("   ", [(w.score, w.reasons) for w in g.why])


def show_ecb(folder: Path, topics: Sequence[int], name: str, reader: Reader) -> None:
    """Print CoNLL F1 of mention clusters, the mentions given."""
    documents = load_documents(folder, topics)
    told = list(iter_reports(documents, reader.model))
    stories = group_articles({d.name: telling(d.text) for d in documents})
    true_stories = clusters_of({d.name: d.seminal for d in documents})
    print(
        f"{name:34} documents {len(documents)}: stories {len(stories)} of {len(true_stories)}, B3 {b_cubed(stories, true_stories):.3f}"
    )
    # Mentions of two stories are never one; within a story every pair is weighed.
    made = [
        [r.event_id for r in g.reports]
        for story in stories
        for g in group([r for r, _ in told if r.article.article_id in set(story)], load_scorer())
    ]
    true = clusters_of({r.event_id: c for r, c in told})
    scores = muc(made, true), b_cubed(made, true), ceaf_e(made, true)
    print(
        f"{name:34} mentions {len(told)}: MUC {scores[0]:.3f} B3 {scores[1]:.3f} CEAFe {scores[2]:.3f} CoNLL {np.mean(scores):.3f}"
    )


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--ecb", type=Path)
    options.add_argument("--fitted", action="store_true")
    options.add_argument("--wrong", type=int, default=0)
    a = options.parse_args()
    reader = Reader()
    rows = load_rows(a.data)
    for coded, name in ((False, "annotated words"), (True, "the coder's own events")):
        told = reader.read(rows, coded=coded)
        if a.fitted:
            show(f"fitted stories, {name}", [t for t in told if not t.held], a.wrong)
        show(f"held stories, {name}", [t for t in told if t.held], a.wrong)
    if a.ecb:
        if a.fitted:
            show_ecb(a.ecb, ECB_TOPICS, "ECB+ 1-30", reader)
        show_ecb(a.ecb, HELD_TOPICS, "ECB+ 31-35", reader)


if __name__ == "__main__":
    main()
