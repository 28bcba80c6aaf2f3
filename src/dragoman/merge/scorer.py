"""How sure it is that two reports are of one event, and why.

Logistic regressions over ``features``: for reports of one article and of two, each for what is said, for violence and for other acts, and
for mentions without a type. What is said by two speakers is never one; two tellings of an attack often name other sides. The weights stand in
``weights.json`` and were fitted by ``python -m dragoman.train.merging``; what people said of merges can be added to what it learns from.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from operator import mul
from typing import Final

from dragoman.merge.features import NAMES, features, kilometres
from dragoman.merge.views import Report
from dragoman.merge.words import stem

# Below this nobody would call them one; used to keep unlike reports from being chained together.
NEVER = 0.02
# At most so many reasons are kept with a merge, the weightiest first.
_MOST_REASONS = 5
_LEAST_REASON = 0.25  # in logits
# Two reports that say their days so far apart, or a day apart in towns so far apart, are never one. A reporter errs by a day or two, a
# drill or summit is told by its first day and by its last, and a town is taken for the next one; set by reason, not fitted.
_DAYS_APART, _DAYS_OF_ATTACKS_APART, _KM_APART, _TOWN = 7, 3, 40.0, 3
# An act that its article names as known already ("the drill") is the one told before; set by reason, not fitted.
_REFERS: Final = 0.9
_NAMED_ACTS: Final = frozenset({"COOPERATE", "MOBILIZE"})
_NO_ACT: Final = frozenset(
    stem(w) for w in "joint military launch begin began held hold start started commenced conduct".split()
)
# Two reports that know the countries on both ends and share none are as good as never one, whatever their words: two unions that suspend,
# two pairs that accuse. Acts that all sides do together are named by any of them. Set by reason: on the fitted stories 1 of 100 true
# pairs is of this kind (sides that were read wrongly) and no figure moved by more than 0.004.
_OTHERS: Final = 0.1
_TOGETHER: Final = frozenset({"AGREE", "CONSULT", "COOPERATE"})
# Two reports in which doer and sufferer have changed places: of the fitted stories' pairs of this kind that all else makes likelier than
# even, 5 of 11 (annotated) and 3 of 8 (coded) are one act, a border fight that each side tells its way. A fight with both as doers is none.
_SWAPPED: Final = 0.4
# Grows with every change of these rules or of what an incident tells, so that stores make theirs anew.
_RULES: Final = 3
# Kinds of act with weights of their own.
_KINDS: Final = {
    **dict.fromkeys(("ACCUSE", "REJECT", "REQUEST", "SUPPORT", "THREATEN", "CONCEDE"), "said"), "ASSAULT": "violent"
}  # fmt: skip
KINDS: Final = ("other", "said", "violent")
PLACES: Final = ("inside", "across")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probability that two reports are of one event, and the weightiest reasons for and against in words."""

    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """One fitted regression: a weight per name of ``NAMES`` and a constant."""

    values: tuple[float, ...]
    constant: float

    def logit(self, values: Sequence[float]) -> float:
        """Return the logit of a pair's features."""
        return self.constant + float(sum(map(mul, self.values, values)))


@dataclass(frozen=True, slots=True)
class Scorer:
    """The fitted weights by ``table_name``: for reports of one article and of two by kind of act, and for mentions without a type."""

    tables: Mapping[str, Weights]
    threshold: float
    digest: str = ""

    def probability(self, a: Report, b: Report) -> float:
        """Return how likely two reports are of one event; 0 for what is ruled out."""
        if ruled_out(a, b):
            return 0.0
        found = _logistic(self._weights(a, b).logit(features(a, b)))
        if are_others(a, b):
            return min(found, _OTHERS)
        if are_swapped(a, b):
            return min(found, _SWAPPED)
        return max(found, _REFERS) if refers_back(a, b) else found

    def judge(self, a: Report, b: Report) -> Judgement:
        """Return the probability with reasons."""
        against = ruled_out(a, b)
        if against:
            return Judgement(0.0, (against,))
        values = features(a, b)
        weights = self._weights(a, b)
        parts = sorted(
            (
                (w * x, name)
                for w, x, name in zip(weights.values, values, NAMES, strict=True)
                if abs(w * x) >= _LEAST_REASON
            ),
            key=lambda part: -abs(part[0]),
        )
        reasons = tuple(f"{name} ({part:+.1f})" for part, name in parts[:_MOST_REASONS])
        found = _logistic(weights.logit(values))
        if found > _OTHERS and are_others(a, b):
            return Judgement(_OTHERS, ("others on both ends", *reasons[: _MOST_REASONS - 1]))
        if found > _SWAPPED and are_swapped(a, b):
            return Judgement(_SWAPPED, ("doer and sufferer swapped", *reasons[: _MOST_REASONS - 1]))
        if found < _REFERS and refers_back(a, b):
            return Judgement(_REFERS, ("named as one known already", *reasons[: _MOST_REASONS - 1]))
        return Judgement(round(found, 4), reasons)

    def _weights(self, a: Report, b: Report) -> Weights:
        return self.tables[table_name(a, b)]


def are_others(a: Report, b: Report) -> bool:
    """Return whether both reports know the countries of doers and recipients and share none, in an act that is not done together."""
    one, two = a.seen, b.seen
    return (
        bool(one.doers and two.doers and one.objects and two.objects)
        and a.countries.isdisjoint(b.countries)
        and _TOGETHER.isdisjoint((a.event_type or "", b.event_type or ""))
    )


def are_swapped(a: Report, b: Report) -> bool:
    """Return whether the doers of either report are of the other's sufferers' countries, and nobody is on the same side in both."""
    one, two = a.seen, b.seen
    return (
        bool(one.doers and two.doers and one.objects and two.objects)
        and one.doers.isdisjoint(two.doers)
        and one.objects.isdisjoint(two.objects)
        and not one.doers.isdisjoint(two.objects)
        and not one.objects.isdisjoint(two.doers)
        and _TOGETHER.isdisjoint((a.event_type or "", b.event_type or ""))
    )


def refers_back(a: Report, b: Report) -> bool:
    """Return whether the later of two reports of one article names the act of the earlier as known: "the drill".

    Only acts that are named by a noun and that both sides do together or one prepares; statements and attacks follow each other
    too closely in one text for a noun to tell which is meant.
    """
    first, later = (a, b) if a.start <= b.start else (b, a)
    return (
        a.article.article_id == b.article.article_id
        and a.event_type == b.event_type
        and a.event_type in _NAMED_ACTS
        and later.refers
        and not first.historical
        and bool(later.countries)
        and later.countries <= first.countries
        and bool(_acts(first) & _acts(later))
    )


def _acts(report: Report) -> frozenset[str]:
    """Return the nouns of an act that a trigger names."""
    return report.trigger - _NO_ACT


def table_name(a: Report, b: Report) -> str:
    """Return the name of the weights for two reports."""
    if a.event_type is None or b.event_type is None:
        return "untyped"
    place = "inside" if a.article.article_id == b.article.article_id else "across"
    return f"{place} {kind_of(a, b)}"


def kind_of(a: Report, b: Report) -> str:
    """Return the kind of act of two reports, "other" where their types differ."""
    return _KINDS.get(a.event_type or "", "other") if a.event_type == b.event_type else "other"


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))


def logit(probability: float) -> float:
    """Return the logit of a probability, at most that of 998 in 1,000 either way."""
    p = min(0.998, max(0.002, probability))
    return math.log(p / (1.0 - p))


def ruled_out(a: Report, b: Report) -> str:
    """Return why two reports cannot be of one event, "" where nothing rules it out.

    An act that is denied, or told as possible only, is no report of it (design section 2: one status each).
    """
    if {a.status, b.status} & {"negated", "hypothetical"} and a.status != b.status:
        return f"one is {a.status}, one {b.status}"
    if a.article.article_id == b.article.article_id and a.event_id == b.event_id:
        return "the same report"
    return _on_other_days(a, b)


def _on_other_days(a: Report, b: Report) -> str:
    """Return why two reports that both say their day are not of one event: days that lie apart, or other towns on other days.

    A war is told in sentences that differ in nothing but town, day and toll; no likeness of the words makes two such days one.
    """
    if a.event_type is None or b.event_type is None or not (a.explicit and b.explicit and a.days and b.days):
        return ""
    gap = max(a.days[0], b.days[0]) - min(a.days[1], b.days[1])
    attack = a.event_type == b.event_type == "ASSAULT"
    if gap >= (_DAYS_OF_ATTACKS_APART if attack else _DAYS_APART) and all(
        last - first <= 1 for first, last in (a.days, b.days)
    ):
        return f"said to be {gap} days apart"
    if (
        gap >= 1
        and a.spot is not None
        and b.spot is not None
        and min(a.spot.resolution, b.spot.resolution) >= _TOWN
    ):
        apart = kilometres(a.spot, b.spot)
        if apart is not None and apart >= _KM_APART:
            return f"said to be on other days, in towns {apart:.0f} km apart"
    return ""


def scorer_from(card: Mapping[str, object]) -> Scorer:
    """Return a scorer from the content of ``weights.json``.

    Raises:
        ValueError: A feature's weight is missing.
    """

    def weights(kind: str) -> Weights:
        table = card.get(kind, {})
        assert isinstance(table, dict)
        missing = [name for name in NAMES if name not in table]
        if missing:
            raise ValueError(f"the merging weights lack {', '.join(missing)}. Fit them anew.")
        constant = card[f"{kind}_constant"]
        assert isinstance(constant, float)
        return Weights(tuple(float(table[name]) for name in NAMES), constant)

    names = [f"{place} {kind}" for place in PLACES for kind in KINDS]
    tables = {name: weights(name) for name in (*names, "untyped")}
    threshold = card["threshold"]
    assert isinstance(threshold, float)
    return Scorer(tables, threshold, f"{card.get('digest', '')}-{_RULES}")


def load_scorer() -> Scorer:
    """Return the packaged scorer."""
    return scorer_from(
        json.loads(resources.files("dragoman.merge").joinpath("weights.json").read_text("utf-8"))
    )
