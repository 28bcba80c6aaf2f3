"""Calibrate an exported model and choose its decision thresholds, on the tenth of articles kept out of the fit.

In: the int8 model as users run it, and tuning sentences. Out: the ``decoding`` table of the card and the figures that
go with it. Nothing here sees ``events/dev``.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from dragoman.calibration import expected_error
from dragoman.parse.decode import Found, find_runs, find_spans, softmax, trigger_features, type_probabilities
from dragoman.parse.model import Encoded, EncoderModel, Tokens
from dragoman.parse.pieces import token_range
from dragoman.train.data import (
    PAIR_TYPES,
    ROLES,
    SECTORS,
    STATUSES,
    TYPE_MODES,
    TYPES,
    PairExample,
    SentenceExample,
)

CANDIDATE = 0.06
WORTH_READING = 0.12  # first probability from which on the sides of a candidate are read
DEFAULT_DECODING: dict[str, Any] = {
    "trigger_weights": [1.0, 0.0, 0.0],
    "type_bias": [0.0] * len(TYPES),
    "thresholds": [0.3] * len(TYPES),
    "candidate": CANDIDATE,
    "role_thresholds": {"": 0.5},
    "role_temperature": 1.0,
    "mode_temperature": 1.0,
    "status_temperature": 1.0,
    "context_threshold": 0.3,
    "name_threshold": 0.5,
    "pair_temperature": 1.0,
    "pair_bias": [0.0] * len(PAIR_TYPES),
    "sector_temperature": 1.0,
    "side_weights": [1.0, 0.0, 0.0, 0.0],
}


@dataclass(slots=True)
class _Sentence:
    example: SentenceExample
    tokens: Tokens
    encoded: Encoded
    row: int


def _batches(model: EncoderModel, examples: Sequence[SentenceExample]) -> Iterator[_Sentence]:
    tokens = model.tokenise([e.text for e in examples])
    order = sorted(range(len(examples)), key=lambda k: len(tokens[k].ids))
    # One by one, as the parser runs it: dynamic int8 takes one scale for a whole run.
    for at in range(len(order)):
        chunk = order[at : at + 1]
        encoded = model.encode([tokens[k] for k in chunk])
        for row, k in enumerate(chunk):
            yield _Sentence(examples[k], tokens[k], encoded, row)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A run of pieces that may be a trigger, its two scores, and whether an annotated event of its type is left for it."""

    sentence: _Sentence
    first: int
    last: int
    kind: int
    peak: float
    said: float
    right: int


def _candidates(s: _Sentence) -> list[_Candidate]:
    """Return every candidate run of a sentence, the likeliest first."""
    n = len(s.tokens.ids)
    p = type_probabilities(s.encoded.triggers[s.row, 1 : n - 1])
    left = collections.Counter(TYPES.index(e.event_type) for e in s.example.events)
    out = []
    for first, last, kind, peak in sorted(find_runs(p, CANDIDATE), key=lambda r: -r[3]):
        right = int(left[kind] > 0)
        left[kind] -= right
        features = trigger_features(peak, float(s.encoded.sentence_types[s.row, kind]))
        out.append(_Candidate(s, first, last, kind, *features, right))
    return out


def _with_sides(
    model: EncoderModel, candidates: Sequence[_Candidate], p: np.ndarray, roles: dict[str, float]
) -> np.ndarray:
    """Return (k, 4): logit of the first probability, actor found, recipient found, right; of candidates worth reading."""
    rows = []
    for c, own in zip(candidates, p, strict=True):
        if own < WORTH_READING:
            continue
        s = c.sentence
        read = model.read_roles(s.encoded, [s.row], [(c.first + 1, c.last + 1)], [c.kind])
        size = len(s.tokens.ids)
        spots = find_spans(read.roles[0, :size], ROLES, roles, s.tokens.offsets, s.example.text)
        labels = {f.label for f in spots}
        clipped = min(max(float(own), 1e-6), 1 - 1e-6)
        rows.append((np.log(clipped / (1 - clipped)), "actor" in labels, "recipient" in labels, c.right))
    return np.array(rows, dtype=np.float64)


def _fit_sides(rows: np.ndarray) -> tuple[list[float], np.ndarray]:
    """Return the four weights of the second regression and its probabilities."""
    x, y = torch.tensor(rows[:, :3]), torch.tensor(rows[:, 3])
    w = torch.tensor([1.0, 0.0, 0.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w[:3] + w[3], y)
        loss.backward()
        return loss

    optimiser.step(closure)
    with torch.no_grad():
        p = torch.sigmoid(x @ w[:3] + w[3]).numpy()
    return [round(float(v), 5) for v in w], p


def _fit_trigger(rows: np.ndarray) -> tuple[list[float], list[float], np.ndarray]:
    kinds = torch.tensor(rows[:, 0], dtype=torch.long)
    x = torch.tensor(rows[:, 1:3], dtype=torch.float32)
    y = torch.tensor(rows[:, 3], dtype=torch.float32)
    w = torch.tensor([1.0, 0.1], requires_grad=True)
    c = torch.zeros((), requires_grad=True)
    bias = torch.zeros(len(TYPES), requires_grad=True)
    optimiser = torch.optim.LBFGS([w, c, bias], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        logits = x @ w + c + bias[kinds]
        # The prior on the per-type constants is worth about 20 observations of each type.
        loss = (
            torch.nn.functional.binary_cross_entropy_with_logits(logits, y)
            + 10.0 / len(y) * bias.pow(2).sum()
        )
        loss.backward()
        return loss

    optimiser.step(closure)
    with torch.no_grad():
        p = torch.sigmoid(x @ w + c + bias[kinds]).numpy()
    weights = [float(w[0]), float(w[1]), float(c)]
    return [round(v, 5) for v in weights], [round(float(b), 5) for b in bias], p


_NOISE = 0.002  # differences of F1 that one event in a thousand makes


def _best_threshold(p: np.ndarray, right: np.ndarray, gold: int) -> tuple[float, float]:
    """Return the threshold in the middle of those with nearly the best F1, and its F1.

    The curve is flat over a tenth of the scale, where the best of all is chance; at its lower end more than needed is false.
    """
    f1 = {}
    for threshold in np.arange(0.1, 0.7, 0.01):
        kept = p >= threshold
        f1[float(threshold)] = float(2 * right[kept].sum() / max(1, gold + kept.sum()))
    near = [threshold for threshold, value in f1.items() if value >= max(f1.values()) - _NOISE]
    middle = near[len(near) // 2]
    return middle, f1[middle]


def _temperature(logits: list[np.ndarray], wanted: list[int]) -> float:
    """Return the temperature with the lowest log loss."""

    def loss(t: float) -> float:
        return -float(np.mean([np.log(softmax(x, t)[w] + 1e-9) for x, w in zip(logits, wanted, strict=True)]))

    return float(min(np.arange(0.5, 3.01, 0.1), key=loss)) if logits else 1.0


def _overlap(a: Found, start: int, end: int) -> bool:
    shared = min(a.end, end) - max(a.start, start)
    return shared > 0 and shared / (max(a.end, end) - min(a.start, start)) >= 0.5


@dataclass(slots=True)
class _GoldRead:
    """One annotated event read with its own trigger and type given."""

    sentence: _Sentence
    event: Any
    roles: np.ndarray
    status: np.ndarray
    modes: np.ndarray
    sectors: np.ndarray


def _read_gold(model: EncoderModel, sentences: Sequence[_Sentence]) -> list[_GoldRead]:
    out = []
    for s in sentences:
        for e in s.example.events:
            a, b = token_range(s.tokens.offsets, e.start, e.end)
            if a < b:
                read = model.read_roles(s.encoded, [s.row], [(a, b)], [TYPES.index(e.event_type)])
                out.append(_GoldRead(s, e, read.roles[0], read.statuses[0], read.modes[0], read.sectors[0]))
    return out


def _sides(reads: Sequence[_GoldRead]) -> tuple[list[np.ndarray], list[int]]:
    """Return the sector logits of annotated sides, the mean over their pieces, and the sectors they have."""
    logits, wanted = [], []
    for r in reads:
        for side in r.event.roles:
            first, last = token_range(r.sentence.tokens.offsets, side.start, side.end)
            if side.sector is not None and first < last:
                logits.append(r.sectors[first:last].mean(axis=0))
                wanted.append(SECTORS.index(side.sector))
    return logits, wanted


def _role_thresholds(reads: Sequence[_GoldRead]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the threshold per role that finds most spans right, and that F1."""
    chosen: dict[str, float] = {}
    scores: dict[str, float] = {}
    for label in ROLES:
        best = (-1.0, 0.5)
        # Not above 0.5: a side that is left out spoils the whole event, which costs more than a side too many
        # (whole events by country on the tuning split: 0.368 at 0.6, 0.376 at 0.5).
        for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
            right = gold = found = 0
            for r in reads:
                n = len(r.sentence.tokens.ids)
                spots = [f for f in find_spans(r.roles[:n], ROLES, {"": threshold}, r.sentence.tokens.offsets,
                                               r.sentence.example.text) if f.label == label]  # fmt: skip
                wanted = [w for w in r.event.roles if w.label == label]
                gold, found = gold + len(wanted), found + len(spots)
                right += sum(any(_overlap(f, w.start, w.end) for f in spots) for w in wanted)
            best = max(best, (2 * right / max(1, gold + found), threshold))
        # A figure on a handful of spans is noise: rare roles keep the middle.
        wanted_n = sum(w.label == label for r in reads for w in r.event.roles)
        chosen[label] = best[1] if wanted_n >= 30 else 0.5
        scores[label] = round(best[0], 4)
    chosen[""] = 0.5
    return chosen, scores


def _context_threshold(sentences: Sequence[_Sentence], labels: Sequence[str]) -> tuple[float, float]:
    articles: dict[str, list[np.ndarray]] = collections.defaultdict(list)
    gold: dict[str, set[str]] = {}
    for s in sentences:
        articles[s.example.article_id].append(1 / (1 + np.exp(-s.encoded.contexts[s.row])))
        gold[s.example.article_id] = set(s.example.contexts)
    best = (0.0, 0.3)
    for threshold in np.arange(0.1, 0.6, 0.02):
        right = found = wanted = 0
        for key, rows in articles.items():
            mean = np.mean(rows, axis=0)
            kept = {labels[k] for k in np.argsort(-mean)[:4] if mean[k] >= threshold}
            right, found, wanted = right + len(kept & gold[key]), found + len(kept), wanted + len(gold[key])
        best = max(best, (2 * right / max(1, found + wanted), float(threshold)))
    return best[1], best[0]


def pair_logits(model: EncoderModel, pairs: Sequence[PairExample]) -> list[np.ndarray]:
    """Return the logits (15,) of each pair."""
    out = []
    for pair in pairs:
        tokens = model.tokenise([pair.text])
        marks = np.zeros((1, len(tokens[0].ids)), dtype=np.int64)
        for mark, spans in ((1, pair.actors), (2, pair.recipients)):
            for start, end in spans:
                a, b = token_range(tokens[0].offsets, start, end)
                marks[0, a:b] = mark
        out.append(model.read_pairs(model.encode(tokens, marks), marks)[0])
    return out


def pair_figures(logits: Sequence[np.ndarray], pairs: Sequence[PairExample]) -> dict[str, Any]:
    """Return macro F1 and F1 per type of given pairs."""
    right, gold, found = (collections.Counter[str]() for _ in range(3))
    for x, pair in zip(logits, pairs, strict=True):
        guess = PAIR_TYPES[int(x.argmax())]
        gold[pair.pair_type] += 1
        found[guess] += 1
        right[guess] += guess == pair.pair_type
    per = {t: round(2 * right[t] / (gold[t] + found[t]), 3) for t in PAIR_TYPES if gold[t]}
    return {
        "pair_macro_f1": round(sum(per.values()) / max(1, len(per)), 4),
        "pair_f1": per,
        "pairs": len(pairs),
    }


def choose_bias(
    logits: Sequence[np.ndarray], tune: Sequence[PairExample], fitted: Sequence[PairExample]
) -> np.ndarray:
    """Return what to add to the pair logits, (15,): minus the log share of each type in the fit, scaled on ``tune``.

    Of the scales with the best macro F1 the middle one is taken.

    Source:
        Menon et al., Long-tail Learning via Logit Adjustment (ICLR 2021).
    """
    counts = collections.Counter(p.pair_type for p in fitted)
    share = np.array([max(1, counts[t]) / max(1, len(fitted)) for t in PAIR_TYPES])
    scales = [round(0.1 * k, 1) for k in range(11)]
    scores = [pair_figures([x - t * np.log(share) for x in logits], tune)["pair_macro_f1"] for t in scales]
    best = [t for t, score in zip(scales, scores, strict=True) if score == max(scores)]
    bias = -best[len(best) // 2] * np.log(share)
    return np.round(bias - bias.mean(), 4)


def calibrate(
    model: EncoderModel,
    tune: Sequence[SentenceExample],
    pairs_held: Sequence[PairExample],
    pairs_tune: Sequence[PairExample],
    pairs_fitted: Sequence[PairExample],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the card's ``decoding`` table and the figures measured on the tuning sentences."""
    sentences = list(_batches(model, tune))
    candidates = [c for s in sentences for c in _candidates(s)]
    rows = np.array([(c.kind, c.peak, c.said, c.right) for c in candidates], dtype=np.float64)
    gold = sum(len(s.example.events) for s in sentences)
    weights, bias, p = _fit_trigger(rows)
    reads = _read_gold(model, sentences)
    roles, role_scores = _role_thresholds(reads)
    sided = _with_sides(model, candidates, p, roles)
    side_weights, p_sided = _fit_sides(sided)
    first_f1 = _best_threshold(p, rows[:, 3], gold)[1]
    threshold, type_f1 = _best_threshold(p_sided, sided[:, 3], gold)
    own_modes = [[k for k, (t, _) in enumerate(TYPE_MODES) if t == r.event.event_type] for r in reads]
    modes = [r.modes[own] for r, own in zip(reads, own_modes, strict=True)]
    wanted = [
        own.index(TYPE_MODES.index((r.event.event_type, r.event.mode)))
        for r, own in zip(reads, own_modes, strict=True)
    ]
    context_threshold, context_f1 = _context_threshold(sentences, model.labels.contexts)
    tuned = pair_logits(model, pairs_tune)
    pair_bias = choose_bias(tuned, pairs_tune, pairs_fitted)
    tuned = [x + pair_bias for x in tuned]
    sectors, sectors_wanted = _sides(reads)
    decoding = {
        **DEFAULT_DECODING,
        "trigger_weights": weights,
        "type_bias": bias,
        "side_weights": side_weights,
        "thresholds": [round(threshold, 3)] * len(TYPES),
        "role_thresholds": roles,
        "mode_temperature": _temperature(modes, wanted),
        "status_temperature": _temperature(
            [r.status for r in reads], [STATUSES.index(r.event.status) for r in reads]
        ),
        "sector_temperature": _temperature(sectors, sectors_wanted),
        "context_threshold": round(context_threshold, 3),
        "pair_bias": [float(b) for b in pair_bias],
        "pair_temperature": _temperature(tuned, [PAIR_TYPES.index(x.pair_type) for x in pairs_tune]),
    }
    kept = p_sided >= threshold
    figures = {
        "tune_sentences": len(sentences), "tune_events": gold, "type_f1": round(type_f1, 4),
        "type_f1_before_sides": round(first_f1, 4),
        "type_precision": round(float(sided[kept, 3].mean()), 4),
        "type_calibration_error": expected_error(p_sided[kept].tolist(), sided[kept, 3].tolist()),
        "roles_given_trigger_f1": role_scores,
        "mode_given_trigger": round(float(np.mean([m.argmax() == w for m, w in zip(modes, wanted, strict=True)])), 4),
        "status_given_trigger": round(float(np.mean([r.status.argmax() == STATUSES.index(r.event.status) for r in reads])), 4),
        "sector_given_side": round(float(np.mean([x.argmax() == w for x, w in zip(sectors, sectors_wanted, strict=True)])), 4),
        "context_f1": round(context_f1, 4),
        **pair_figures([x + pair_bias for x in pair_logits(model, pairs_held)], pairs_held),
    }  # fmt: skip
    return decoding, figures
