"""What speaks for and against two reports being of one event, as numbers with names.

In: two ``Report``s. Out: values of about -1 to 1 in the order of ``NAMES``; 0 where a side says nothing. Each is
something that can be told to a person; ``scorer`` weighs them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Set
from typing import Final

from dragoman.merge.context import NAMES as CONTEXT
from dragoman.merge.context import context
from dragoman.merge.rarity import Rarities, rarities_of
from dragoman.merge.views import Report, Spot
from dragoman.merge.words import stem

NAMES: Final = (
    "same type", "kindred types", "types apart", "modes differ", "same status", "dates overlap", "days apart",
    "said dates overlap", "said dates apart", "published near", "published far apart", "one is history",
    "actors' countries", "recipients' countries", "countries apart", "sides swapped", "same entity", "sides' words",
    "sectors differ", "same place", "places near", "places apart", "figures agree", "figures disagree",
    "trigger words", "sentence words", "shared names", "rare names", "meaning", "meaning squared", "articles' names",
    "one leads", "both sides same", "stories alike", "one story and type", "one story and place", "acts of one kind",
    "one says again", "same day", *CONTEXT,
)  # fmt: skip
# Types that one act may be read as by two coders; from the confusions of our annotations.
_KINDRED: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        "CONSULT AGREE", "CONSULT COOPERATE", "AGREE COOPERATE", "AGREE SUPPORT", "AGREE CONCEDE", "AGREE AID", "AID COOPERATE",
        "AID SUPPORT", "COERCE ASSAULT", "COERCE SANCTION", "COERCE ACCUSE", "ACCUSE REJECT", "ACCUSE REQUEST",
        "ACCUSE THREATEN", "REJECT REQUEST", "REJECT SANCTION", "PROTEST REQUEST", "PROTEST ASSAULT", "PROTEST ACCUSE",
        "MOBILIZE ASSAULT", "MOBILIZE COOPERATE", "MOBILIZE COERCE", "MOBILIZE THREATEN", "CONCEDE RETREAT", "SUPPORT CONSULT",
        "SUPPORT REQUEST", "THREATEN REQUEST", "SANCTION ACCUSE", "SANCTION RETREAT",
    )
)  # fmt: skip
_NEAR_KM, _APART_KM, _FINE = 60.0, 150.0, 3
_LAG_DAYS = 6  # news without a date is of the last week


@functools.cache
def _rarities(power: int = 1) -> Rarities:
    return rarities_of("name_counts.csv", power=power)


def rarity(name: str) -> float:
    """Return how rare a folded name or number is in news, 0 (in every item) to 1 (never counted)."""
    return _rarities()[name]


def _sum(names: Set[str], power: int = 1) -> float:
    """Return the sum of rarities; exact (``fsum``), since the order of a set may differ between two runs."""
    return math.fsum(map(_rarities(power).__getitem__, names))


@functools.lru_cache(maxsize=20_000)
def _weight(names: frozenset[str]) -> float:
    return _sum(names)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the rarity that two sets share, as a part of the poorer one's."""
    shared = a & b
    if not shared:
        return 0.0
    return _sum(shared) / min(_weight(a), _weight(b))


# Every pair of events of two articles asks for the names of both articles.
_overlap_of_articles = functools.lru_cache(maxsize=20_000)(_overlap)


def _agreement(a: Set[str], b: Set[str]) -> float:
    """Return 1 for one set within the other, -1 for disjoint ones, 0 where one is empty."""
    if not a or not b:
        return 0.0
    return 2.0 * len(a & b) / min(len(a), len(b)) - 1.0


@functools.lru_cache(maxsize=20_000)
def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the cosine of two sets of names and numbers, each weighed by its rarity squared, 0 to 1."""
    shared = _sum(a & b, 4)
    return shared / math.sqrt(_power(a) * _power(b)) if shared else 0.0


@functools.lru_cache(maxsize=20_000)
def _power(names: frozenset[str]) -> float:
    return _sum(names, 4)


def kilometres(a: Spot, b: Spot) -> float | None:
    """Return the distance between two places along the earth; None where one has no coordinates."""
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return None
    p, q = math.radians(a.lat), math.radians(b.lat)
    h = (
        math.sin((q - p) / 2) ** 2
        + math.cos(p) * math.cos(q) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 12742.0 * math.asin(math.sqrt(min(1.0, h)))


def features(a: Report, b: Report) -> list[float]:
    """Return the values of ``NAMES`` for two reports; the order of the two does not matter."""
    cosine = float(a.vector @ b.vector) if a.vector is not None and b.vector is not None else 0.0
    return [
        *_codes(a, b),
        *_times(a, b),
        *_sides(a, b),
        *_places(a, b),
        *_figures(a, b),
        *_words(a, b, cosine),
        *_story(a, b),
        *context(a, b, cosine),
    ]


def _codes(a: Report, b: Report) -> list[float]:
    known = a.event_type is not None and b.event_type is not None
    same = known and a.event_type == b.event_type
    kindred = known and not same and frozenset((a.event_type or "", b.event_type or "")) in _KINDRED
    return [
        float(same), float(kindred), float(known and not same and not kindred),
        float(same and a.mode is not None and b.mode is not None and a.mode != b.mode and not _is_one_mode(a, b)),
        float(a.status == b.status),
    ]  # fmt: skip


# Modes that outlets choose freely for one act; from the stories of ``data/incidents``.
_ONE_MODE: Final = frozenset({"targeted", "primitive", "firearms", "explosives", "crowd-control", "beat"})


def _is_one_mode(a: Report, b: Report) -> bool:
    return a.mode in _ONE_MODE and b.mode in _ONE_MODE


def told_days(report: Report) -> tuple[int, int] | None:
    """Return the days in which an event may lie: without words for it, up to a week before publication."""
    if report.days is None or report.explicit or report.historical:
        return report.days
    return report.days[0] - _LAG_DAYS, report.days[1]


def days_between(a: tuple[int, int], b: tuple[int, int]) -> int:
    """Return how many days lie between two intervals; 0 when they overlap."""
    return max(0, a[0] - b[1], b[0] - a[1])


def _times(a: Report, b: Report) -> list[float]:
    overlap = apart = said_overlap = said_apart = 0.0
    if a.days and b.days:
        gap = days_between(told_days(a) or a.days, told_days(b) or b.days)
        # A year that holds a day says little for it.
        narrow = 1.0 / (1.0 + max(a.days[1] - a.days[0], b.days[1] - b.days[0]) / 7.0)
        overlap = narrow if gap == 0 else 0.0
        apart = min(gap, 14) / 14.0
        if a.explicit and b.explicit:
            said_overlap = overlap
            said_apart = min(gap, 4) / 4.0
    near = far = 0.0
    p, q = a.article.published_on, b.article.published_on
    if p and q:
        days = abs((p - q).days)
        near, far = math.exp(-days / 3.0), min(days, 30) / 30.0
    return [overlap, apart, said_overlap, said_apart, near, far, float(a.historical != b.historical)]


def _sides(a: Report, b: Report) -> list[float]:
    one, two = a.seen, b.seen
    doers, objects = _agreement(one.doers, two.doers), _agreement(one.objects, two.objects)
    here, there = a.countries, b.countries
    apart = bool(here) and bool(there) and here.isdisjoint(there)
    swapped = (
        doers < 0 and objects < 0
        and not one.doers.isdisjoint(two.objects) and not one.objects.isdisjoint(two.doers)
    )  # fmt: skip
    shared = (
        len(one.words & two.words) / min(len(one.words), len(two.words)) if one.words and two.words else 0.0
    )
    differ = 0.5 * (
        _disjoint(one.doers_sectors, two.doers_sectors) + _disjoint(one.objects_sectors, two.objects_sectors)
    )
    entity = not one.entities.isdisjoint(two.entities)
    return [doers, objects, float(apart), float(swapped), float(entity), shared, differ]


def _disjoint(a: Set[str], b: Set[str]) -> float:
    return float(bool(a) and bool(b) and a.isdisjoint(b))


def _places(a: Report, b: Report) -> list[float]:
    if a.spot is None or b.spot is None:
        return [0.0, 0.0, 0.0]
    if a.spot.name == b.spot.name:
        return [1.0, 1.0, 0.0]
    km = kilometres(a.spot, b.spot)
    if km is None:
        return [0.0, 0.0, 0.0]
    if min(a.spot.resolution, b.spot.resolution) >= _FINE:
        return [0.0, math.exp(-km / _NEAR_KM), float(km > _APART_KM)]
    # A country or province may hold the town; another country cannot.
    other = a.spot.country is not None and b.spot.country is not None and a.spot.country != b.spot.country
    return [0.0, 0.0, float(other)]


def _figures(a: Report, b: Report) -> list[float]:
    agree = disagree = 0.0
    for kind in a.counts.keys() & b.counts.keys():
        (low, high), (least, most) = a.counts[kind], b.counts[kind]
        top_a, top_b = (
            high if high is not None else (low or 0) * 3,
            most if most is not None else (least or 0) * 3,
        )
        if (low or 0) <= top_b and (least or 0) <= top_a:
            agree = 1.0
        else:
            # Tolls rise: twice as many is another hour, ten times as many is another attack.
            big, small = max(low or 0, least or 0, 1), max(1, min(top_a, top_b))
            disagree = max(disagree, min(1.0, math.log(big / small) / math.log(10)))
    return [agree, disagree]


def _words(a: Report, b: Report, cosine: float) -> list[float]:
    shared = a.names & b.names
    rare = max(map(rarity, shared), default=0.0)
    sides = a.seen.codes == b.seen.codes
    leads = ("title", "standfirst", "caption")
    return [
        float(bool(a.trigger & b.trigger)),
        len(a.quote & b.quote) / max(1, min(len(a.quote), len(b.quote))),
        _overlap(a.names, b.names), rare,
        cosine, cosine * cosine,
        _overlap_of_articles(a.article.names, b.article.names),
        float((a.section in leads) != (b.section in leads)), float(sides and bool(a.sides)),
    ]  # fmt: skip


# Lines of ``words`` that tell of one attack: striking, bombing, shelling, killing, wounding, shooting.
_VIOLENT: Final = frozenset(
    stem(w) for w in "attack bomb shell kill wound shoot ambush clash fought beat".split()
)
_AGAIN: Final = frozenset(
    "second third fourth fifth sixth another again fresh latest renewed repeated repeat further new next previous earlier last".split()
)


def _story(a: Report, b: Report) -> list[float]:
    alike = likeness(a.article.names, b.article.names)
    same = float(a.event_type is not None and a.event_type == b.event_type)
    spot = float(a.spot is not None and b.spot is not None and a.spot.name == b.spot.name)
    kind = float(bool(a.trigger & _VIOLENT) and bool(b.trigger & _VIOLENT) and not a.trigger & b.trigger)
    again = float(bool(a.quote & _AGAIN) != bool(b.quote & _AGAIN))
    day = float(a.days is not None and a.days == b.days and a.days[0] == a.days[1])
    return [alike, alike * same, alike * spot, kind, again, day]
