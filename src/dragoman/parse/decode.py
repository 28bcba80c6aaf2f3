"""Turn the encoder's logits into triggers, roles, names and contexts: decoding rules, no model here.

In: logits of one sentence and its pieces' offsets. Out: plain tuples with character offsets into the sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dragoman.parse.model import Decoding
from dragoman.parse.named_acts import LEAST_NAMED, NAMED_CONFIDENCE

Floats = npt.NDArray[np.float32]

_LEAD = re.compile(r"^(?:(?:the|a|an)\s+|[\s\"'“”‘’(\[,;:–—-]+)+", re.I)
_TAIL = re.compile(r"(?:[\s\"“”,;:.–—-]|['’]s\b|(?<=s)['’])+$")


_STOP_BEFORE = re.compile(r"\.\s+(?=\w)")  # the last one of "U.S. killing"
_ARTICLE_BEHIND = re.compile(r"(?<=[\w.])\s+(?:[Tt]he|an?)$")
_NUMBER = re.compile(r"\d[\d.,]*")
_ABBREVIATION = re.compile(r"\b[A-Z]\.[A-Z]?\.?$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr)\.$")
_CUT_POSSESSIVE = re.compile(r"['’]s\s(?=\w)")
_LEAST = ("least ", "most ")

_SIDES = frozenset({"actor", "recipient"})
# What may stand between two halves of one noun phrase.
_GAP = re.compile(r"\s?(?:['’]s?)?[\s-]?")

# "the former minister's younger brother" is a brother; the act is not the minister's.
_KIN_BEHIND = re.compile(
    r"(?:['’]s?\s|(?<=['’]s)\s|(?<=s['’])\s)(?:(?:younger|older|elder|eldest|late|former|twin|half|own|teenage|young|two|three|first|second|ex)[\s-])*"
    r"(?:half-|step|grand)?(?:brothers?|sisters?|wife|husband|widow|sons?|daughters?|children|nephews?|nieces?|cousins?|uncles?|aunts?|fathers?|mothers?|"
    r"parents|family|relatives|in-laws|son-in-law|brother-in-law|lawyers?|bodyguards?|driver|supporters|followers|girlfriend|boyfriend|fianc[eé]e?)\b"
)

# No noun phrase consists of one of these.
_FUNCTION_WORDS = frozenset(
    "in of on at by with to for from and or but as the a an that than over after before during against into".split()
)
# The noun with its modifiers before "of": "Friday prayer leader" of "leader of Ardabil"; a verb ("claimed") is none.
_HEAD_BEFORE = re.compile(
    r"(?<![\w’'-])(?:(?!(?:the|a|an|by|with|to|and|from|in|on|for|that|who|of|at)\b|[a-z]+ed\b)[A-Za-z’'-]+\s+){1,4}$"
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger in pieces (first, last + 1), with its type's index and calibrated probability.

    ``named`` tells that a noun names the act beyond doubt, so that little of the encoder's own belief is asked.
    """

    first: int
    last: int
    event_type: int
    confidence: float
    named: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled stretch of a sentence in characters."""

    start: int
    end: int
    label: str
    confidence: float


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Return probabilities along the last axis."""
    # One sentence is a small array: what is saved here are calls and copies, not arithmetic.
    scaled = logits if temperature == 1.0 else logits / temperature
    out: Floats = np.subtract(scaled, np.maximum.reduce(scaled, axis=-1, keepdims=True))
    np.exp(out, out=out)
    out /= np.add.reduce(out, axis=-1, keepdims=True)
    return out


def sigmoid(x: float) -> float:
    """Return the logistic function of ``x``."""
    return float(1.0 / (1.0 + np.exp(-x)))


def type_probabilities(logits: Floats) -> Floats:
    """Return (n, 16): probability that a piece belongs to a trigger of each type, from (n, 33) BIO logits."""
    p = softmax(logits)
    out: Floats = p[..., 1::2] + p[..., 2::2]
    return out


def trigger_features(peak: float, sentence_logit: float) -> tuple[float, float]:
    """Return the two inputs of the trigger's logistic regression: logit of the peak, and the sentence's logit."""
    clipped = min(max(peak, 1e-6), 1 - 1e-6)
    return float(np.log(clipped / (1 - clipped))), float(sentence_logit)


def find_runs(p: Floats, least: float) -> list[tuple[int, int, int, float]]:
    """Return runs (first, last + 1, type, peak) of pieces that share their best type with probability ≥ ``least``."""
    top = p.max(axis=-1)
    live = np.flatnonzero(top >= least).tolist()
    if not live:
        return []
    best = p.argmax(axis=-1).tolist()
    out: list[tuple[int, int, int, float]] = []
    first = last = live[0]
    for k in (*live[1:], len(p) + 1):
        if k == last + 1 and best[k] == best[first]:
            last = k
            continue
        out.append((first, last + 1, best[first], float(top[first : last + 1].max())))
        first = last = k
    return out


# How far below the threshold a trigger may be before its sides are read, which may lift it; reading sides costs time.
_BENEFIT = 0.03


def second_look(confidence: float, *, has_actor: bool, has_recipient: bool, decoding: Decoding) -> float:
    """Return the probability of an event once its sides are read: one without any is rarely one.

    Source:
        A logistic regression on the tuning split; see the model card.
    """
    w_first, w_actor, w_recipient, w_constant = decoding.side_weights
    clipped = min(max(confidence, 1e-6), 1 - 1e-6)
    logit = float(np.log(clipped / (1 - clipped)))
    return sigmoid(w_first * logit + w_actor * has_actor + w_recipient * has_recipient + w_constant)


def find_triggers(
    p: Floats,
    sentence_logits: Floats,
    decoding: Decoding,
    named: Sequence[tuple[int, int, int]] = (),
) -> list[Trigger]:
    """Return the triggers of a sentence that may pass once their sides are read, in order.

    Args:
        p: Type probabilities per piece, (n, 16), special pieces left out or at zero.
        sentence_logits: Logit per type that the sentence holds an event of it, (16,).
        decoding: Weights and thresholds from the model card.
        named: (type, first, last + 1) of pieces that name an act beyond doubt.
    """
    w_peak, w_sentence, w_constant = decoding.trigger_weights
    out = []
    for first, last, kind, peak in find_runs(p, decoding.candidate):
        x, y = trigger_features(peak, float(sentence_logits[kind]))
        confidence = sigmoid(w_peak * x + w_sentence * y + w_constant + decoding.type_bias[kind])
        if confidence >= decoding.thresholds[kind] - _BENEFIT:
            out.append(Trigger(first, last, kind, confidence))
        elif confidence >= LEAST_NAMED and any(kind == k and first < b and a < last for k, a, b in named):
            out.append(Trigger(first, last, kind, max(confidence, NAMED_CONFIDENCE), named=True))
    return out


def find_spans(
    logits: Floats,
    labels: Sequence[str],
    thresholds: Mapping[str, float],
    offsets: Sequence[tuple[int, int]],
    text: str,
    *,
    temperature: float = 1.0,
) -> list[Found]:
    """Return labelled stretches from BIO logits (n, 1 + 2 × labels), trimmed to whole words.

    A stretch runs over pieces whose best label is the same; a piece that rather begins than continues starts a new
    one. ``thresholds`` hold the least mean probability per label ("" for all others).
    """
    p = softmax(logits, temperature)
    begin, inside = p[:, 1::2], p[:, 2::2]
    both = begin + inside
    best, top = both.argmax(axis=-1), both.max(axis=-1)
    least = _least(tuple(labels), tuple(thresholds.items()))
    live = np.flatnonzero(top >= least[best] * 0.8).tolist()
    if not live:
        return []
    kinds, on = best.tolist(), set(live)
    out: list[Found] = []
    taken, n = 0, len(offsets)
    for k in live:
        if k < taken or k >= n or offsets[k][1] <= offsets[k][0]:
            continue
        label, last = kinds[k], k
        while (
            last + 1 < n
            and last + 1 in on
            and kinds[last + 1] == label
            and offsets[last + 1][1] > offsets[last + 1][0]
            and (
                begin[last + 1, label] <= inside[last + 1, label] or _inside_word(text, offsets[last + 1][0])
            )
        ):
            last += 1
        confidence = float(both[k : last + 1, label].mean())
        if confidence >= least[label]:
            start, end = trim(text, *whole_words(text, offsets[k][0], offsets[last][1]))
            if end > start:
                out.append(Found(start, end, labels[label], round(confidence, 4)))
        taken = last + 1
    return out


@functools.lru_cache(maxsize=16)
def _least(labels: tuple[str, ...], thresholds: tuple[tuple[str, float], ...]) -> Floats:
    """Return the least mean probability of each label."""
    given = dict(thresholds)
    return np.array([given.get(name, given.get("", 0.5)) for name in labels], dtype=np.float32)


def _settle_words(found: Sequence[Found]) -> list[Found]:
    """Give a word whose pieces were taken for both sides to the surer one: nobody acts upon himself."""
    out: list[Found] = []
    for one in found:
        last = out[-1] if out else None
        same = last is not None and (last.start, last.end) == (one.start, one.end)
        if last is not None and same and {last.label, one.label} <= _SIDES:
            out[-1] = max(last, one, key=lambda f: f.confidence)
        else:
            out.append(one)
    return out


def _join_broken(found: Sequence[Found], names: Sequence[Found], text: str) -> list[Found]:
    """Join stretches of one label that are one noun phrase.

    Nothing stands between them but a blank, a hyphen or a possessive, or they are parts of one name ("Al-Jaber
    Al-" + "Sabah").
    """
    out: list[Found] = []
    for one in found:
        last = out[-1] if out else None
        if last is not None and last.label == one.label and _is_one(last, one, names, text):
            mean = round((last.confidence + one.confidence) / 2, 4)
            out[-1] = Found(last.start, one.end, one.label, mean)
        else:
            out.append(one)
    return out


def _is_one(last: Found, one: Found, names: Sequence[Found], text: str) -> bool:
    if _GAP.fullmatch(text[last.end : one.start]):
        return True
    return any(n.label != "DATE" and n.start < last.end and one.start < n.end for n in names)


def widen(found: Sequence[Found], names: Sequence[Found], text: str) -> list[Found]:
    """Join stretches that break a noun phrase, and widen those that cut a name, a kinsman off or begin with "of", unless that would touch another stretch.

    Args:
        found: Roles of a sentence.
        names: Names of the same sentence, of which one may be cut.
        text: The sentence.
    """
    # A lone apostrophe would stand between the halves of "Israel's prime minister".
    found = [f for f in found if _can_be(f.label, text[f.start : f.end])]
    found = _join_broken(_settle_words(found), names, text)
    found = [f for f in found if text[f.start : f.end].lower() not in _FUNCTION_WORDS]
    found = _mend_names(found, names)
    out = []
    for one in found:
        start, end = one.start, one.end
        for name in names:
            if name.label != "DATE" and name.start < end and start < name.end:
                start, end = min(start, name.start), max(end, name.end)
        if text[start : start + 3] == "of ":
            head = _HEAD_BEFORE.search(text[:start])
            start = head.start() if head else start + 3
        others = [o for o in found if o is not one and (o.start, o.end) != (one.start, one.end)]
        if any(o.start < end and start < o.end for o in others):
            start, end = one.start, one.end
        kin = _KIN_BEHIND.match(text, end) if one.label in _SIDES else None
        if kin is not None and not any(o.start < kin.end() and start < o.end for o in others):
            end = kin.end()
        out.append(Found(start, end, one.label, one.confidence))
    return out


def _can_be(label: str, words: str) -> bool:
    """Return whether words can be what they were taken for: a side is named, or a number ("killed 26"), not a score such as "6-0)"."""
    if label in ("actor", "recipient") and not any(c.isalpha() for c in words):
        return _NUMBER.fullmatch(words) is not None
    return any(c.isalnum() for c in words)


def _mend_names(found: Sequence[Found], names: Sequence[Found]) -> list[Found]:
    """Give a name that was cut into stretches of several roles whole to each: "Tel" (where) and "Aviv" (to whom).

    Of actor and recipient the surer one gets it: nobody acts upon himself.
    """
    out = list(found)
    for name in names:
        parts = [f for f in out if name.start <= f.start and f.end <= name.end]
        if name.label == "DATE" or len(parts) < 2:
            continue
        surest: dict[str, Found] = {}
        for f in sorted(parts, key=lambda f: -f.confidence):
            surest.setdefault("side" if f.label in _SIDES else f.label, f)
        out = [f for f in out if f not in parts]
        out += [Found(name.start, name.end, f.label, f.confidence) for f in surest.values()]
    return sorted(out, key=lambda f: (f.start, f.end))


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isalnum() and text[at].isalnum()


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch so that it cuts no word."""
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Take leading articles and quotes and trailing punctuation and possessives off a stretch.

    A possessive's "s" at its start goes too ("s ministers"), and "least" takes its "at" back.

    Example:
        >>> trim("the army's", 0, 10)
        (4, 8)
    """
    cut = _CUT_POSSESSIVE.match(text, start, end) or (start and _CUT_POSSESSIVE.match(text, start - 1, end))
    if cut:
        start = cut.end()
    elif text.startswith(_LEAST, start) and text[max(0, start - 3) : start].lower() == "at ":
        start -= 3
    if text[end - 1 : end] in ("'", "’") and text[end : end + 1] == "s":
        end -= 1  # "party'" of "party's"
    words = text[start:end]
    lead = _LEAD.match(words)
    if lead and lead.end() < len(words):
        start += lead.end()
        words = text[start:end]
    tail = _TAIL.search(words)
    if tail and tail.start() > 0 and not _ABBREVIATION.search(words):
        end -= len(words) - tail.start()
    return start, end


def trim_trigger(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim a trigger like any stretch, and take a full stop before it and a lone article behind it off.

    Example:
        >>> trim_trigger("Keld suspends the treaty", 5, 17)
        (5, 13)
    """
    start, end = trim(text, start, end)
    lead = _STOP_BEFORE.match(text, start, end)
    tail = _ARTICLE_BEHIND.search(text[start:end])
    return (lead.end() if lead else start), (start + tail.start() if tail else end)
