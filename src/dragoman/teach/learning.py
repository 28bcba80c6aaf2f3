"""Fit a light head per taught type on the encoder's frozen states, and say by cross-validation how good it is.

In: lessons, examples and the encoder. Out: taught types and a ``Report`` each. A head is a ridge-penalised logistic
regression over the word pieces of the examples; news sentences of our own stand in as further counter-examples, so that
a handful of examples does not make it fire everywhere.

Source:
    Newton's method for penalised logistic regression: Hastie, Tibshirani & Friedman, The Elements of Statistical
    Learning (2009), 4.4.1. Calibration of the peak scores: Platt, Probabilistic Outputs for Support Vector Machines (1999).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from dragoman.errors import LessonError
from dragoman.parse.model import MAX_PIECES, EncoderModel
from dragoman.parse.pieces import token_range
from dragoman.parse.taught import TaughtType, features_of, runs_above
from dragoman.teach.lessons import Example, Lesson

Floats = npt.NDArray[np.float32]
MIN_EXAMPLES = 5
RIDGES = (10.0, 100.0)
MOST_NEGATIVES = 4000  # pieces; more change nothing and cost time
# Positive pieces weigh together a quarter of the negative ones, however few they are.
POSITIVE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Report:
    """How a taught type did on sentences that its head had not seen; ``interval`` is of F1, 95 %, over sentences."""

    name: str
    examples: int
    precision: float
    recall: float
    f1: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence's features (n, 768) and the pieces of each lesson's triggers; background sentences have none."""

    features: Floats
    pieces: dict[str, list[tuple[int, int]]]


def load_background() -> list[str]:
    """Return the packaged news sentences, written by us, that no taught type should fire on."""
    text = resources.files("dragoman.teach").joinpath("background.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line.strip()]


def teach(
    model: EncoderModel, lessons: Sequence[Lesson], examples: Sequence[Example], *, folds: int = 5, seed: int = 1,
    tell: Callable[[str], None] = lambda words: None,
) -> tuple[list[TaughtType], list[Report]]:  # fmt: skip
    """Return a head per lesson and how it did in cross-validation.

    Args:
        model: The encoder; its weights stay as they are.
        lessons: Types to learn.
        examples: Sentences; those without an event of a lesson are its counter-examples.
        folds: Parts of the cross-validation, at least 2.
        seed: Of the split.
        tell: Called with a line of progress.

    Raises:
        LessonError: A lesson has fewer than five examples, or the words of one are nothing that the encoder reads.
    """
    for lesson in lessons:
        number = sum(lesson.name in e.spans for e in examples)
        if number < MIN_EXAMPLES:
            raise LessonError(
                f'type "{lesson.name}" has {number} example{"" if number == 1 else "s"}, it needs at least {MIN_EXAMPLES}; '
                "20 to 200 are better."
            )
    sentences = _read(model, examples, lessons, tell)
    out, reports = [], []
    for lesson in lessons:
        tell(f"{lesson.name}: learning")
        head, report = _teach_one(lesson, sentences, folds, seed)
        out.append(head)
        reports.append(report)
    return out, reports


def _read(
    model: EncoderModel, examples: Sequence[Example], lessons: Sequence[Lesson], tell: Callable[[str], None]
) -> list[_Sentence]:
    words = {e.text[a:b].lower() for e in examples for spans in e.spans.values() for a, b in spans}
    background = [s for s in load_background() if not any(w in s.lower() for w in words)]
    everything = [*examples, *(Example(s, {}) for s in background)]
    out = []
    for number, example in enumerate(everything):
        if number % 200 == 0:
            tell(f"reading sentence {number} of {len(everything)}")
        tokens = model.tokenise([example.text])[0]
        features = features_of(model.encode([tokens]), 0, len(tokens.ids))
        pieces: dict[str, list[tuple[int, int]]] = {}
        for name, spans in example.spans.items():
            ranges = [token_range(tokens.offsets, a, b) for a, b in spans]
            for (a, b), (first, last) in zip(spans, ranges, strict=True):
                if first >= last:
                    raise LessonError(_unread(name, example.text, example.text[a:b]))
            pieces[name] = [(a - 1, b - 1) for a, b in ranges]  # the first piece is a special one
        out.append(_Sentence(features, pieces))
    return out


def _unread(name: str, text: str, trigger: str) -> str:
    return (
        f'type "{name}": the encoder cannot read the trigger "{trigger}" of "{text[:60]}"; it must hold letters and stand '
        f"among the first {MAX_PIECES} word pieces."
    )


def _teach_one(
    lesson: Lesson, sentences: Sequence[_Sentence], folds: int, seed: int
) -> tuple[TaughtType, Report]:
    rng = np.random.default_rng(seed)
    parts = _split(lesson.name, sentences, folds, rng)
    trials = []
    for ridge in RIDGES:
        scored = _cross_validate(lesson.name, sentences, parts, ridge)
        slope, shift = _platt(scored)
        threshold, f1 = _best_threshold(scored, slope, shift)
        trials.append((f1, ridge, slope, shift, threshold, scored))
    _, ridge, slope, shift, threshold, scored = max(trials, key=lambda t: t[:2])
    weights, constant = _fit(lesson.name, sentences, ridge, rng)
    head = TaughtType(
        name=lesson.name, like=lesson.like, is_mode=lesson.is_mode, means=lesson.means, quad_class=lesson.quad_class,
        score=lesson.score, cameo=lesson.cameo, weights=tuple(round(float(w), 6) for w in weights),
        constant=round(constant, 6), slope=round(slope, 5), shift=round(shift, 5), threshold=round(threshold, 3),
    )  # fmt: skip
    return head, _report(lesson.name, scored, slope, shift, threshold, rng)


def _split(
    name: str, sentences: Sequence[_Sentence], folds: int, rng: np.random.Generator
) -> list[npt.NDArray[np.int64]]:
    """Return the sentence numbers of each fold, the same share of examples of the type in each."""
    out: list[list[int]] = [[] for _ in range(folds)]
    has = [bool(s.pieces.get(name)) for s in sentences]
    for wanted in (True, False):
        own = rng.permutation([k for k, h in enumerate(has) if h == wanted])
        for place, k in enumerate(own):
            out[place % folds].append(int(k))
    return [np.array(sorted(part)) for part in out]


@dataclass(frozen=True, slots=True)
class _Scored:
    """What a head that had not seen a sentence makes of it: peak and whether right of each run, and triggers in it."""

    runs: tuple[tuple[float, bool], ...]
    gold: int


def _cross_validate(
    name: str, sentences: Sequence[_Sentence], parts: Sequence[npt.NDArray[np.int64]], ridge: float
) -> list[_Scored]:
    out = []
    for number, part in enumerate(parts):
        inside = set(part.tolist())
        rest = [s for k, s in enumerate(sentences) if k not in inside]
        weights, constant = _fit(name, rest, ridge, np.random.default_rng(number))
        for k in part:
            out.append(_score(name, sentences[k], weights, constant))
    return out


def _score(name: str, sentence: _Sentence, weights: Floats, constant: float) -> _Scored:
    left = list(sentence.pieces.get(name, ()))
    runs = []
    for first, last, peak in sorted(runs_above(sentence.features @ weights + constant), key=lambda r: -r[2]):
        hit = next(((a, b) for a, b in left if a < last and first < b), None)
        if hit is not None:
            left.remove(hit)
        runs.append((peak, hit is not None))
    return _Scored(tuple(runs), len(sentence.pieces.get(name, ())))


def _fit(
    name: str, sentences: Sequence[_Sentence], ridge: float, rng: np.random.Generator
) -> tuple[Floats, float]:
    """Return the weights (768,) and constant of the head that tells a type's trigger pieces from all others."""
    positive, negative = [], []
    for s in sentences:
        inside = np.zeros(len(s.features), dtype=bool)
        for a, b in s.pieces.get(name, ()):
            inside[a:b] = True
        positive.append(s.features[inside])
        negative.append(s.features[~inside])
    yes, no = np.concatenate(positive), np.concatenate(negative)
    if len(no) > MOST_NEGATIVES:
        no = no[rng.choice(len(no), MOST_NEGATIVES, replace=False)]
    x = np.concatenate([yes, no])
    x = np.hstack([x, np.ones((len(x), 1), dtype=np.float32)])
    y = np.concatenate([np.ones(len(yes)), np.zeros(len(no))])
    weight = np.concatenate([np.full(len(yes), POSITIVE_SHARE * len(no) / len(yes)), np.ones(len(no))])
    return _newton(x, y, weight, ridge)


def _newton(
    x: npt.NDArray[Any], y: npt.NDArray[np.float64], weight: npt.NDArray[np.float64], ridge: float
) -> tuple[Floats, float]:
    """Return weights and constant; the large product is taken in the precision of ``x``, the rest in double."""
    w = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 1e-6  # the constant is free
    for _ in range(12):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (weight * (p - y)) + penalty * w
        curvature = weight * np.maximum(p * (1 - p), 1e-6)
        hessian = ((x * curvature[:, None].astype(x.dtype)).T @ x).astype(np.float64)
        step = np.linalg.solve(hessian + np.diag(penalty), gradient)
        w -= step
        if np.abs(step).max() < 1e-3:
            break
    return w[:-1].astype(np.float32), float(w[-1])


def _platt(scored: Sequence[_Scored]) -> tuple[float, float]:
    """Return slope and shift that turn a peak score into the share that is right."""
    rows = [r for s in scored for r in s.runs]
    x = np.array([[peak, 1.0] for peak, _ in rows])
    y = np.array([float(right) for _, right in rows])
    # Platt's targets keep a small sample from claiming certainty.
    yes, no = y.sum(), len(y) - y.sum()
    target = np.where(y > 0, (yes + 1) / (yes + 2), 1 / (no + 2))
    weights, constant = _newton(x, target, np.ones(len(y)), 1e-3)
    # A head that knows nothing must not be read backwards.
    return max(float(weights[0]), 1e-3), constant


def _counts(scored: Sequence[_Scored], slope: float, shift: float, threshold: float) -> npt.NDArray[np.int64]:
    """Return (right, found, gold) per sentence."""
    rows = []
    for s in scored:
        kept = [right for peak, right in s.runs if 1 / (1 + np.exp(-(slope * peak + shift))) >= threshold]
        rows.append((sum(kept), len(kept), s.gold))
    return np.array(rows, dtype=np.int64)


def _f1(counts: npt.NDArray[np.int64]) -> float:
    right, found, gold = counts.sum(axis=0)
    return float(2 * right / max(1, found + gold))


def _best_threshold(scored: Sequence[_Scored], slope: float, shift: float) -> tuple[float, float]:
    tried = [
        (_f1(_counts(scored, slope, shift, t)), -abs(t - 0.5), float(t)) for t in np.arange(0.1, 0.91, 0.05)
    ]
    f1, _, threshold = max(tried)
    return threshold, f1


def _report(
    name: str,
    scored: Sequence[_Scored],
    slope: float,
    shift: float,
    threshold: float,
    rng: np.random.Generator,
) -> Report:
    counts = _counts(scored, slope, shift, threshold)
    right, found, gold = (int(v) for v in counts.sum(axis=0))
    draws = [_f1(counts[rng.integers(0, len(counts), len(counts))]) for _ in range(500)]
    return Report(
        name=name,
        examples=sum(s.gold > 0 for s in scored),
        precision=round(right / max(1, found), 4),
        recall=round(right / max(1, gold), 4),
        f1=round(_f1(counts), 4),
        interval=(round(float(np.quantile(draws, 0.025)), 4), round(float(np.quantile(draws, 0.975)), 4)),
    )
