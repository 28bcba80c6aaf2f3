"""How far confidences can be trusted: reliability per field, and precision against coverage.

In: annotated articles and coded events as for ``dragoman.score``. Out: plain figures, ready for a table or JSON.

Source:
    Expected calibration error: Naeini, Cooper & Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian
    Binning (AAAI 2015), with ten bins of equal width. Of few events it is well above zero even where every confidence is true:
    Vaicenavicius et al., Evaluating Model Calibration in Classification (AISTATS 2019), draw outcomes to say how far.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from dragoman.mistakes import pairs_of
from dragoman.score import Row, codes, f1

BINS = 10
_DRAWS = 200  # the mean of so many moves by a thousandth
STEPS = tuple(round(0.3 + 0.05 * k, 2) for k in range(14))
# Fields with a confidence of their own, and what makes one right once the type is.
_FIELDS = ("mode", "status", "actors", "recipients")


def expected_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the mean distance of confidence from the share that is right, over ten bins weighted by their size.

    Example:
        >>> expected_error([0.9, 0.9], [True, False])
        0.4
    """
    gap = 0.0
    for low in range(BINS):
        own = [k for k, c in enumerate(confidences) if min(int(c * BINS), BINS - 1) == low]
        if own:
            said = sum(confidences[k] for k in own) / len(own)
            held = sum(right[k] for k in own) / len(own)
            gap += abs(said - held) * len(own) / len(confidences)
    return round(gap, 4)


def error_by_chance(confidences: Sequence[float]) -> float:
    """Return the calibration error to expect of these confidences if every one were true: the mean over drawn outcomes.

    An error near this one tells nothing against the confidences. The draws are the same each time.

    Example:
        >>> error_by_chance([1.0, 0.0])
        0.0
    """
    drawn = random.Random(0)
    outcomes = ([drawn.random() < c for c in confidences] for _ in range(_DRAWS))
    return _mean([expected_error(confidences, right) for right in outcomes])


def _right(name: str, g: Row, p: Row) -> bool:
    if name in ("mode", "status"):
        return bool(g.get(name) == p.get(name))
    return codes(g[name], sector=True) == codes(p[name], sector=True)


def reliability(articles: Sequence[Row], events: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """Return per field the expected calibration error, that of chance, mean confidence, share right and number; type is of all events.

    The other fields are judged where the type is right and the field has a confidence. A bin of ``bins`` is
    (mean confidence, share right, number).
    """
    rows: dict[str, list[tuple[float, bool]]] = {name: [] for name in ("type", *_FIELDS)}
    for g, p in pairs_of(articles, events):
        if p is None:
            continue
        same = g is not None and g["event_type"] == p["event_type"]
        rows["type"].append((p["confidence"]["type"], same))
        for name in _FIELDS:
            said = p["confidence"].get(name)
            if g is not None and same and said is not None:
                rows[name].append((said, _right(name, g, p)))
    return {name: _reliability(own) for name, own in rows.items() if own}


def _reliability(rows: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    confidences, right = [c for c, _ in rows], [r for _, r in rows]
    bins = []
    for low in range(BINS):
        own = [(c, r) for c, r in rows if min(int(c * BINS), BINS - 1) == low]
        if own:
            bins.append((_mean([c for c, _ in own]), _mean([r for _, r in own]), len(own)))
    return {
        "error": expected_error(confidences, right), "by_chance": error_by_chance(confidences), "confidence": _mean(confidences),
        "right": _mean(right), "number": len(rows), "bins": bins,
    }  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / max(1, len(values)), 4)


def curve(articles: Sequence[Row], events: Iterable[Row]) -> list[dict[str, float]]:
    """Return per least confidence how much is kept and how good it is, from 0.3 up.

    ``coverage`` is the share of coded events kept, ``precision``, ``recall`` and ``f1`` are of the type.
    """
    pairs = list(pairs_of(articles, events))
    gold = sum(g is not None for g, _ in pairs)
    found = [
        (p["confidence"]["type"], g is not None and g["event_type"] == p["event_type"])
        for g, p in pairs
        if p is not None
    ]
    out = []
    for least in STEPS:
        kept = [right for confidence, right in found if confidence >= least]
        out.append({
            "min_confidence": least,
            "coverage": round(len(kept) / max(1, len(found)), 4),
            "precision": round(sum(kept) / max(1, len(kept)), 4),
            "recall": round(sum(kept) / max(1, gold), 4),
            "f1": round(f1(sum(kept), gold, len(kept)), 4),
        })  # fmt: skip
    return out
