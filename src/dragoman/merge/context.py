"""What two reports say by the way: the words of their articles, where they stand, who is told of and who is left out.

In: two ``Report``s. Out: values of about -1 to 1 in the order of ``NAMES``. Sentences of one event share few words; that the one's words
stand in the other's article says more.
"""

from __future__ import annotations

import functools
import math
from typing import Final

from dragoman.merge.rarity import Rarities, rarities_of
from dragoman.merge.views import Report, Telling
from dragoman.merge.words import stems

NAMES: Final = (
    "rare words of the sentences", "each told in the other's article", "one told in the other's article", "articles' words",
    "both in headlines", "headlines of one story", "doers' countries apart", "objects' countries apart", "doers are others",
    "a doer is not told", "one without sides", "far apart in the text", "both stand early", "one says when", "one day within the other",
    "rare act", "rare act of one story", "place in the other's article", "doers' words", "objects' words", "meaning of one story",
    "told with another delay", "both give figures", "headlines' words", "act in the other's headline", "history",
    "same word for the act", "act told otherwise", "other towns", "all words of the act",
    "act in the other's sentence", "common words for the act",
)  # fmt: skip
_EARLY: Final = 300  # characters: the headline and the first sentence
_LONG: Final = 1000
_LATE_DAYS: Final = 10
_FINE: Final = 3
Words = frozenset[str]


@functools.cache
def _rarities(power: int = 1) -> Rarities:
    return rarities_of("word_counts.csv", power=power)


def _sum(words: Words, power: int) -> float:
    """Return the sum of rarities to a power; exact (``fsum``), since the order of a set may differ between two runs."""
    return math.fsum(map(_rarities(power).__getitem__, words))


@functools.lru_cache(maxsize=20_000)
def _weight(words: Words) -> float:
    return _sum(words, 2)


@functools.lru_cache(maxsize=20_000)
def _power(words: Words) -> float:
    return _sum(words, 4)


@functools.lru_cache(maxsize=20_000)
def _part(some: Words, whole: Words) -> float:
    """Return the part of the rarity of words that another set holds, 0 to 1."""
    weight = _weight(some)
    return _sum(some & whole, 2) / weight if weight else 0.0


def _overlap(a: Words, b: Words) -> float:
    """Return the rarity that two sets share, as a part of the poorer one's."""
    shared = a & b
    least = min(_weight(a), _weight(b)) if shared else 0.0
    return _sum(shared, 2) / least if least else 0.0


@functools.lru_cache(maxsize=20_000)
def _alike(a: Words, b: Words) -> float:
    """Return the cosine of the words of two articles, the rare ones counted most, 0 to 1."""
    shared = _sum(a & b, 4)
    return shared / math.sqrt(_power(a) * _power(b)) if shared else 0.0


def articles_alike(a: Telling, b: Telling) -> float:
    """Return how alike the words of two articles are, 0 for one and the same; the order of the two does not matter."""
    if a.article_id == b.article_id:
        return 0.0
    return _alike(a.words, b.words) if a.article_id < b.article_id else _alike(b.words, a.words)


@functools.lru_cache(maxsize=20_000)
def _name(name: str) -> Words:
    return stems(name)


def _agreement(a: Words, b: Words) -> float:
    if not a or not b:
        return 0.0
    return 2.0 * len(a & b) / min(len(a), len(b)) - 1.0


def _apart(a: Words, b: Words) -> float:
    return float(bool(a) and bool(b) and a.isdisjoint(b))


def context(a: Report, b: Report, cosine: float) -> list[float]:
    """Return the values of ``NAMES`` for two reports, given how near their meanings are; the order of the two does not matter."""
    alike = articles_alike(a.article, b.article)
    same = a.trigger & b.trigger
    act = _sum(same, 1) if same else 0.0
    one, two = a.seen, b.seen
    return [
        _overlap(a.rest, b.rest),
        *_across(a, b, alike),
        _apart(one.doers, two.doers), _apart(one.objects, two.objects), _apart(one.doing_entities, two.doing_entities),
        float(not one.doers or not two.doers), float(not a.sides or not b.sides),
        min(abs(a.start - b.start), _LONG) / _LONG, float(a.start < _EARLY and b.start < _EARLY),
        float(a.explicit != b.explicit), _holds(a, b),
        act, alike * (act > 0.0), _spot_told(a, b),
        _agreement(one.doers_words, two.doers_words), _agreement(one.objects_words, two.objects_words),
        cosine * alike, _delay(a, b), float(bool(a.counts) and bool(b.counts)),
        *_headlines(a, b), float(a.historical or b.historical),
        float(not a.roots.isdisjoint(b.roots)), _told_otherwise(a, b), _other_towns(a, b), *_acts(a, b),
    ]  # fmt: skip


def _across(a: Report, b: Report, alike: float) -> list[float]:
    """Return what the articles as wholes say; nothing within one article."""
    both = float(a.section == "title" and b.section == "title")
    if a.article.article_id == b.article.article_id:
        return [0.0, 0.0, 0.0, both, 0.0]
    here, there = _part(a.quote, b.article.words), _part(b.quote, a.article.words)
    return [min(here, there), max(here, there), alike, both, both * alike]


def _holds(a: Report, b: Report) -> float:
    """Return 1 where both dates are said in words and one lies within the other."""
    if not (a.explicit and b.explicit and a.days and b.days):
        return 0.0
    (p, q), (r, s) = a.days, b.days
    return float((p <= r and s <= q) or (r <= p and q <= s))


def _spot_told(a: Report, b: Report) -> float:
    """Return 1 where the town of one is named in the other's article."""
    if a.article.article_id == b.article.article_id:
        return 0.0
    for one, two in ((a, b), (b, a)):
        if one.spot is not None and one.spot.resolution >= _FINE:
            name = _name(one.spot.name)
            if name and name <= two.article.words:
                return 1.0
    return 0.0


def _delay(a: Report, b: Report) -> float:
    """Return how much later after the event the one was published than the other, 1 for ten days and more."""
    p, q = a.article.published_on, b.article.published_on
    if not (a.days and b.days and p and q):
        return 0.0
    return min(abs((p.toordinal() - a.days[1]) - (q.toordinal() - b.days[1])), _LATE_DAYS) / _LATE_DAYS


def _headlines(a: Report, b: Report) -> list[float]:
    if a.article.article_id == b.article.article_id:
        return [0.0, 0.0]
    here, there = a.article.head, b.article.head
    act = not a.trigger.isdisjoint(there) or not b.trigger.isdisjoint(here)
    return [_overlap(here, there), float(act)]


def _told_otherwise(a: Report, b: Report) -> float:
    """Return how far the act of each stands in the other's article in words that the other's mention has not: 0, 0.5 or 1."""
    if not a.trigger.isdisjoint(b.trigger) or a.article.article_id == b.article.article_id:
        return 0.0
    return 0.5 * ((not a.trigger.isdisjoint(b.article.words)) + (not b.trigger.isdisjoint(a.article.words)))


def _other_towns(a: Report, b: Report) -> float:
    """Return 1 where two reports of two articles name towns of which the other's article tells nothing."""
    p, q = a.spot, b.spot
    if p is None or q is None or p.name == q.name or min(p.resolution, q.resolution) < _FINE:
        return 0.0
    return float(a.article.article_id != b.article.article_id and _spot_told(a, b) == 0.0)


def _acts(a: Report, b: Report) -> list[float]:
    """Return whether the acts are told in the very same words, whether one stands in the other's sentence, and how common their words are."""
    same = float(a.roots == b.roots and bool(a.roots))
    apart = a.trigger.isdisjoint(b.trigger)
    inside = apart and not (a.trigger.isdisjoint(b.rest) and b.trigger.isdisjoint(a.rest))
    return [same, float(inside), 1.0 - min(map(_rarities().__getitem__, a.trigger | b.trigger), default=1.0)]
