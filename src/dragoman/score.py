"""Score coded events against annotated articles, sentence by sentence, with bootstrap intervals.

In: gold articles (``{"id", "text", "sentences": [{"start", "end", "events"}]}``) and events as ``code --format jsonl``
prints them. Out: figures. A coded event belongs to the sentence that its trigger overlaps most.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Row = Mapping[str, Any]
FIGURES = ("type", "event", "event_sector", "event_text", "event_whole")
# Fields of a type match, as the share that is right.
SHARES = (
    "mode", "status", "actors_country", "actors_sector", "actors_text", "recipients_country", "recipients_sector",
    "recipients_text",
)  # fmt: skip
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Tally:
    """Counts of one article: gold and found events, matches per figure, and of shared fields among type matches."""

    gold: int = 0
    found: int = 0
    right: collections.Counter[str] = field(default_factory=collections.Counter)
    pairs: int = 0
    per_type: dict[str, collections.Counter[str]] = field(default_factory=dict)
    fields: collections.Counter[str] = field(default_factory=collections.Counter)


def overlap(a: str, b: str) -> float:
    """Return the Jaccard overlap of two strings' words.

    Example:
        >>> overlap("the Iranian army", "Iranian army")
        0.6666666666666666
    """
    x, y = set(_WORD.findall(a.lower())), set(_WORD.findall(b.lower()))
    return len(x & y) / max(1, len(x | y))


def codes(participants: Iterable[Row], *, sector: bool) -> tuple[str, ...]:
    """Return the sorted codes of one side, such as ``("IRN/MIL",)`` with sector and ``("IRN",)`` without."""

    def code(p: Row) -> str:
        own = p.get("sector") or next(iter(p.get("sectors") or ()), None)
        return f"{p.get('country')}/{own}" if sector else str(p.get("country"))

    return tuple(sorted({code(p) for p in participants}))


def same_words(gold: Sequence[Row], found: Sequence[Row]) -> bool:
    """Tell whether both sides are empty, or a mention of one shares half of its words with one of the other."""
    if not gold and not found:
        return True
    return any(overlap(g["text"], p["text"]) >= 0.5 for g in gold for p in found)


def pair_up(
    gold: Sequence[Row], found: Sequence[Row], same: Callable[[Row, Row], bool]
) -> list[tuple[Row, Row]]:
    """Return greedy one-to-one pairs of gold and found events, in order of the found."""
    left, pairs = list(gold), []
    for p in found:
        match = next((g for g in left if same(g, p)), None)
        if match is not None:
            pairs.append((match, p))
            left.remove(match)
    return pairs


def _same_type(g: Row, p: Row) -> bool:
    return bool(g["event_type"] == p["event_type"])


def _same_text(g: Row, p: Row) -> bool:
    return (
        _same_type(g, p)
        and same_words(g["actors"], p["actors"])
        and same_words(g["recipients"], p["recipients"])
    )


def by_sentence(article: Row, events: Iterable[Row]) -> list[list[Row]]:
    """Return the events of an article, one list per gold sentence."""
    table: list[list[Row]] = [[] for _ in article["sentences"]]
    for e in events:
        span = e.get("trigger") or e["quote"]
        shared = [min(s["end"], span["end"]) - max(s["start"], span["start"]) for s in article["sentences"]]
        table[max(range(len(shared)), key=shared.__getitem__)].append(e)
    return table


def tally(article: Row, events: Iterable[Row]) -> Tally:
    """Return the counts of one article."""
    return tally_sentences([s["events"] for s in article["sentences"]], by_sentence(article, events))


def tally_sentences(gold: Sequence[Sequence[Row]], found: Sequence[Sequence[Row]]) -> Tally:
    """Return the counts of the sentences of one article, gold events beside found ones."""
    out = Tally()
    for wanted, own in zip(gold, found, strict=True):
        _tally_sentence(out, wanted, own)
    return out


def _tally_sentence(out: Tally, gold: Sequence[Row], found: Sequence[Row]) -> None:
    out.gold += len(gold)
    out.found += len(found)
    types = [collections.Counter(e["event_type"] for e in rows) for rows in (gold, found)]
    for t in types[0].keys() | types[1].keys():
        row = out.per_type.setdefault(t, collections.Counter())
        row["right"] += min(types[0][t], types[1][t])
        row["gold"] += types[0][t]
        row["found"] += types[1][t]
        out.right["type"] += min(types[0][t], types[1][t])
    for name, key in _KEYS.items():
        out.right[name] += (
            collections.Counter(map(key, gold)) & collections.Counter(map(key, found))
        ).total()
    out.right["event_text"] += len(pair_up(gold, found, _same_text))
    pairs = pair_up(gold, found, _same_type)
    out.pairs += len(pairs)
    for g, p in pairs:
        _tally_fields(out, g, p)
    _tally_words(out, gold, found)


def _key(e: Row, *, sector: bool) -> tuple[Any, ...]:
    return e["event_type"], codes(e["actors"], sector=sector), codes(e["recipients"], sector=sector)


_KEYS: Mapping[str, Callable[[Row], tuple[Any, ...]]] = {
    "event": lambda e: _key(e, sector=False),
    "event_sector": lambda e: _key(e, sector=True),
    "event_whole": lambda e: (*_key(e, sector=True), e.get("mode"), e.get("status")),
}


def _tally_fields(out: Tally, g: Row, p: Row) -> None:
    """Count which fields of a type match are right; a gold sentence may hold several of its type, so this is a floor."""
    out.fields["mode"] += g.get("mode") == p.get("mode")
    out.fields["status"] += g["status"] == p.get("status")
    for side in ("actors", "recipients"):
        out.fields[f"{side}_country"] += codes(g[side], sector=False) == codes(p[side], sector=False)
        out.fields[f"{side}_sector"] += codes(g[side], sector=True) == codes(p[side], sector=True)
        out.fields[f"{side}_text"] += same_words(g[side], p[side])


def _tally_words(out: Tally, gold: Sequence[Row], found: Sequence[Row]) -> None:
    for many, one in (("places", "place"), ("dates", "date")):
        wanted = [{"text": t} for t in dict.fromkeys(m["text"] for g in gold for m in g[many])]
        said = [
            {"text": t}
            for t in dict.fromkeys(p[one]["text"] for p in found if p.get(one) and p[one].get("text"))
        ]
        out.fields[f"{one}_right"] += len(
            pair_up(wanted, said, lambda g, p: overlap(g["text"], p["text"]) >= 0.5)
        )
        out.fields[f"{one}_gold"] += len(wanted)
        out.fields[f"{one}_found"] += len(said)


def f1(right: float, gold: float, found: float) -> float:
    """Return the harmonic mean of precision and recall, 0 where there is nothing."""
    return 2 * right / (gold + found) if gold + found else 0.0


def figures_of(tallies: Sequence[Tally]) -> dict[str, float]:
    """Return the figures over some articles: F1 per level, precision and recall of type, shares right of fields."""
    gold, found, pairs = (sum(getattr(t, k) for t in tallies) for k in ("gold", "found", "pairs"))
    right: collections.Counter[str] = sum((t.right for t in tallies), collections.Counter())
    fields: collections.Counter[str] = sum((t.fields for t in tallies), collections.Counter())
    out = {k: f1(right[k], gold, found) for k in FIGURES}
    out["type_precision"] = right["type"] / max(1, found)
    out["type_recall"] = right["type"] / max(1, gold)
    per = [row for row in per_type(tallies).values() if row["gold"]]
    out["type_macro"] = sum(r["f1"] for r in per) / max(1, len(per))
    for name in SHARES:
        out[name] = fields[name] / max(1, pairs)
    for one in ("place", "date"):
        out[one] = f1(fields[f"{one}_right"], fields[f"{one}_gold"], fields[f"{one}_found"])
    return out


def per_type(tallies: Sequence[Tally]) -> dict[str, dict[str, float]]:
    """Return gold, found, right and F1 per event type."""
    total: dict[str, collections.Counter[str]] = {}
    for t in tallies:
        for name, row in t.per_type.items():
            total.setdefault(name, collections.Counter()).update(row)
    return {
        name: {
            **{k: float(r[k]) for k in ("gold", "found", "right")},
            "f1": f1(r["right"], r["gold"], r["found"]),
        }
        for name, r in sorted(total.items())
    }


def bootstrap(
    tallies: Sequence[Tally], *, rounds: int = 1000, seed: int = 1
) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of each figure, resampling whole articles.

    Source:
        Efron & Tibshirani, An Introduction to the Bootstrap (1993), percentile interval.
    """
    rng = np.random.default_rng(seed)
    draws: dict[str, list[float]] = collections.defaultdict(list)
    for _ in range(rounds):
        chosen = rng.integers(0, len(tallies), len(tallies))
        for name, value in figures_of([tallies[k] for k in chosen]).items():
            draws[name].append(value)
    return {k: (float(np.quantile(v, 0.025)), float(np.quantile(v, 0.975))) for k, v in draws.items()}


def score(articles: Sequence[Row], events: Iterable[Row]) -> list[Tally]:
    """Return a tally per article, in order; events of unknown ``source_id`` are left out."""
    table: dict[str, list[Row]] = collections.defaultdict(list)
    for e in events:
        table[e["source_id"]].append(e)
    return [tally(a, table[a["id"]]) for a in articles]


def outlet_of(article: Row) -> str:
    """Return who published an annotated article, as far as its row says."""
    return str(article.get("outlet") or article.get("source") or "not given")


def per_outlet(articles: Sequence[Row], tallies: Sequence[Tally]) -> dict[str, dict[str, float]]:
    """Return the figures and numbers of articles and gold events of each outlet, largest first."""
    groups: dict[str, list[Tally]] = collections.defaultdict(list)
    for a, t in zip(articles, tallies, strict=True):
        groups[outlet_of(a)].append(t)
    rows = {
        name: {
            **figures_of(own),
            "articles": float(len(own)),
            "gold": float(sum(t.gold for t in own)),
        }
        for name, own in groups.items()
    }
    return dict(sorted(rows.items(), key=lambda item: (-item[1]["gold"], item[0])))
