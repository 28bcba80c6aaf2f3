"""Sort what the coder got wrong on annotated articles, and say what each class of mistake costs.

In: annotated articles and coded events as for ``dragoman.score``. Out: ``Mistake``s, and per class the F1 that mending all
of it would bring, everything else left as it is. The cost is measured, not guessed: the mended events are scored again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dragoman.score import (
    FIGURES,
    Row,
    Tally,
    by_sentence,
    codes,
    figures_of,
    outlet_of,
    overlap,
    same_words,
    tally_sentences,
)

KINDS: Final = {
    "missed": "annotated, not coded",
    "false": "coded, not annotated",
    "wrong type": "coded at the same words as another type",
    "swapped": "actor and recipient stand the wrong way round",
    "wrong actor": "the actors' countries differ",
    "wrong recipient": "the recipients' countries differ",
    "wrong sector": "countries are right, a sector is not",
    "wrong span": "codes are right, the words quoted for a side are not",
    "wrong mode": "the mode differs",
    "wrong status": "the status differs",
}
_SIDES = ("actors", "recipients")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the sentence it stands in, and the annotated and the coded event, None where there is none."""

    kind: str
    article_id: str
    outlet: str
    sentence: str
    start: int
    gold: Row | None
    found: Row | None


@dataclass(frozen=True, slots=True)
class Cost:
    """A class of mistake: how often, and the points of each figure (0–1) that mending it alone would bring."""

    kind: str
    number: int
    gain: dict[str, float]


def _likeness(g: Row, p: Row) -> float:
    """Return how well two events of one type fit together, so that the right two of several are compared."""
    sides = sum(codes(g[s], sector=False) == codes(p[s], sector=False) for s in _SIDES)
    words = sum(same_words(g[s], p[s]) for s in _SIDES)
    return sides + words + 2 * overlap(_words(g.get("trigger")), _words(p.get("trigger")))


def _words(span: Any) -> str:
    return str(span["text"] if isinstance(span, dict) else span or "")


def _same_place(g: Row, p: Row) -> bool:
    """Tell whether two triggers share characters (words, where the annotation has no offsets)."""
    a, b = g.get("trigger"), p.get("trigger")
    if isinstance(a, dict) and isinstance(b, dict):
        return bool(min(a["end"], b["end"]) > max(a["start"], b["start"]))
    return overlap(_words(a), _words(b)) > 0


def match(gold: Sequence[Row], found: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
    """Return annotated and coded events of a sentence side by side: same type first, then same words, then alone."""
    pairs: list[tuple[Row | None, Row | None]] = []
    left, rest = list(range(len(gold))), list(range(len(found)))
    alike = [
        (_likeness(gold[i], found[j]), -i, -j)
        for i in left
        for j in rest
        if gold[i]["event_type"] == found[j]["event_type"]
    ]
    for _, minus_i, minus_j in sorted(alike, reverse=True):
        i, j = -minus_i, -minus_j
        if i in left and j in rest:
            pairs.append((gold[i], found[j]))
            left.remove(i)
            rest.remove(j)
    for i in list(left):
        for j in [j for j in rest if _same_place(gold[i], found[j])][:1]:
            pairs.append((gold[i], found[j]))
            left.remove(i)
            rest.remove(j)
    return [*pairs, *((gold[i], None) for i in left), *((None, found[j]) for j in rest)]


def kinds_of(g: Row | None, p: Row | None) -> list[str]:
    """Return the classes of mistake that an annotated and a coded event show, none where they agree."""
    if p is None:
        return ["missed"]
    if g is None:
        return ["false"]
    if g["event_type"] != p["event_type"]:
        return ["wrong type"]
    out = _of_sides(g, p)
    out += ["wrong mode"] if g.get("mode") != p.get("mode") else []
    return out + (["wrong status"] if g["status"] != p.get("status") else [])


def _of_sides(g: Row, p: Row) -> list[str]:
    wrong = {s: codes(g[s], sector=False) != codes(p[s], sector=False) for s in _SIDES}
    straight = all(same_words(g[s], p[s]) for s in _SIDES)
    # Told by the words: sides of one country have the same code either way round.
    if same_words(g["actors"], p["recipients"]) and same_words(g["recipients"], p["actors"]) and not straight:
        return ["swapped"]
    out = ["wrong actor"] if wrong["actors"] else []
    out += ["wrong recipient"] if wrong["recipients"] else []
    if out:
        return out
    if any(codes(g[s], sector=True) != codes(p[s], sector=True) for s in _SIDES):
        return ["wrong sector"]
    return [] if straight else ["wrong span"]


def find_mistakes(articles: Sequence[Row], events: Iterable[Row]) -> list[Mistake]:
    """Return every mistake, in the order of the articles; an event may have several."""
    out = []
    for article, sentence, pairs in _pairs(articles, events):
        words = article["text"][sentence["start"] : sentence["end"]]
        for g, p in pairs:
            out += [
                Mistake(kind, article["id"], outlet_of(article), words, sentence["start"], g, p)
                for kind in kinds_of(g, p)
            ]
    return out


def _pairs(
    articles: Sequence[Row], events: Iterable[Row]
) -> Iterable[tuple[Row, Row, list[tuple[Row | None, Row | None]]]]:
    own: dict[str, list[Row]] = {a["id"]: [] for a in articles}
    for e in events:
        if e["source_id"] in own:
            own[e["source_id"]].append(e)
    for article in articles:
        found = by_sentence(article, own[article["id"]])
        for sentence, rows in zip(article["sentences"], found, strict=True):
            yield article, sentence, match(sentence["events"], rows)


def pairs_of(articles: Sequence[Row], events: Iterable[Row]) -> Iterable[tuple[Row | None, Row | None]]:
    """Yield every annotated event beside the coded one that it was matched with; None where there is no other side."""
    for _, _, pairs in _pairs(articles, events):
        yield from pairs


def _mended(kind: str, g: Row | None, p: Row | None) -> Row | None:
    """Return the coded event with one class of mistake put right, None where there is no event then."""
    if kind not in kinds_of(g, p):
        return p
    if g is None or p is None:
        return g
    fields: tuple[str, ...] = {
        "wrong type": ("event_type", "mode"), "wrong actor": ("actors",), "wrong recipient": ("recipients",),
        "wrong mode": ("mode",), "wrong status": ("status",),
    }.get(kind, _SIDES)  # fmt: skip
    return {**p, **{name: g[name] for name in fields}}


def costs(articles: Sequence[Row], events: Iterable[Row]) -> list[Cost]:
    """Return the classes of mistake, dearest first: by what mending one would bring over all figures together."""
    pairs = list(_pairs(articles, events))

    def figures(kind: str | None) -> dict[str, float]:
        gold, found = [], []
        for _, _, sentence in pairs:
            gold.append([g for g, _ in sentence if g is not None])
            after = [_mended(kind, g, p) if kind else p for g, p in sentence]
            found.append([p for p in after if p is not None])
        whole: Tally = tally_sentences(gold, found)
        return figures_of([whole])

    before = figures(None)
    numbers = dict.fromkeys(KINDS, 0)
    for _, _, sentence in pairs:
        for g, p in sentence:
            for kind in kinds_of(g, p):
                numbers[kind] += 1
    out = []
    for kind, number in numbers.items():
        if number:
            after = figures(kind)
            out.append(Cost(kind, number, {name: round(after[name] - before[name], 4) for name in FIGURES}))
    return sorted(out, key=lambda c: (-sum(c.gain.values()), c.kind))
