"""Where: names of places to rows of the gazetteer, by name, size, neighbours and the countries an article speaks of.

In: an article with its mentions. Out: ``Place``s; coordinates are None where no row fits. Which row is meant is decided
by a conditional logit over the rows of a name, how sure that is by a logistic regression on its probability; both were
fitted by ``scripts/fit_places.py``. Within one article a name means one place, unless it is qualified ("Paris, Texas").
"""

from __future__ import annotations

import collections
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dragoman.records import Mention, Parsed, Place, Span
from dragoman.resolve.gazetteer import Gazetteer, GazetteerPlace, name_key
from dragoman.resolve.namesakes import seat_first
from dragoman.resolve.place_parts import AROUND, names_in
from dragoman.resolve.toponym_words import load_weights
from dragoman.resolve.toponyms import Toponym, ToponymFinder

_INSIDE_CITY = re.compile(
    r"\b(?:airport|street|square|avenue|road|bridge|hospital|university|stadium|market|mosque|church|station|"
    r"embassy|prison|palace|neighbou?rhood|suburb|camp|base|port)\b",
    re.I,
)
_RESOLUTION: Final = {
    "country": 1,
    "continent": 1,
    "region": 2,
    "admin1": 2,
    "admin2": 3,
    "water": 2,
    "city": 4,
    "site": 5,
}
_UNITS: Final = frozenset({"country", "admin1"})
# Rows of a name that are weighed: the largest, and the largest of the countries the article speaks of.
_MOST, _MOST_AT_HOME = 12, 8
_ANCHORS: Final = 14
_ANCHOR_LEAST: Final = 0.7
_NEAR_KM: Final = (30.0, 100.0, 300.0, 1000.0)
_BIG_CITY: Final = 400_000
# People of a town that is taken for the place when only a part of a longer name is its name. Of 72 such parts in 168 newsroom
# articles six were right.
_LEAST_KNOWN: Final = 50_000


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A place of the article that is sure enough to draw others of its name to it."""

    start: int
    key: str
    row: GazetteerPlace


@dataclass(frozen=True, slots=True)
class _Peer:
    """What the other names of a list are: states, or the units of a state."""

    kind: str
    country: str | None

    def is_like(self, row: GazetteerPlace) -> bool:
        """Return whether a row is of that kind."""
        return row.kind == self.kind and self.country in (None, row.country)


class PlaceResolver:
    """Resolves places of articles against a gazetteer.

    Args:
        gazetteer: The table of places.
        country_names: Look-up keys (lower case) of country names and aliases to ISO alpha-3.
        weights: The fitted weights ``find``, ``choose`` and ``sure``; the packaged ones by default.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        country_names: Mapping[str, str],
        *,
        weights: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self.gazetteer = gazetteer
        self.country_names = country_names
        self.weights = load_weights() if weights is None else weights
        self.finder = ToponymFinder(gazetteer, self.weights["find"])

    def country_of(self, name: str) -> str | None:
        """Return the country of a name whose largest place is at least three times as large as any in another country."""
        if name.lower() in self.finder.words.never:
            return None
        rows = [r for r in self.gazetteer.find(name) if r.country]
        if not rows:
            return None
        best = max(rows, key=lambda r: r.population)
        rivals = [r.population for r in rows if r.country != best.country]
        return best.country if not rivals or best.population > 3 * max(rivals) else None

    def start(
        self, parsed: Parsed, *, countries: Mapping[str, int], outlet_country: str | None = None
    ) -> ArticlePlaces:
        """Return the resolver of one article; nothing is looked up before it is asked.

        Args:
            parsed: The article with its mentions.
            countries: How often each country (ISO alpha-3) is named in the article.
            outlet_country: Where the outlet is at home.
        """
        weights = collections.Counter(dict(countries))
        if outlet_country:
            weights[outlet_country] += 1
        total = sum(weights.values())
        share = {c: n / total for c, n in weights.items()} if total else {}
        return ArticlePlaces(self, parsed, share)

    def rows_of(self, key: str) -> list[GazetteerPlace]:
        """Return the rows of a look-up key, each once, own names before alternate ones."""
        rows: dict[int, GazetteerPlace] = {}
        for r in self.gazetteer.find_key(key):
            if r.row not in rows or r.named:
                rows[r.row] = r
        code = self.country_names.get(key)
        if code and not any(r.kind == "country" for r in rows.values()):
            for r in self._country_row(code):
                rows[r.row] = r
        return list(rows.values())

    def _country_row(self, code: str) -> list[GazetteerPlace]:
        for name, own in self.country_names.items():
            if own == code:
                found = [r for r in self.gazetteer.find(name) if r.kind == "country" and r.country == code]
                if found:
                    return found[:1]
        return []


class ArticlePlaces:
    """Places of one article."""

    def __init__(self, resolver: PlaceResolver, parsed: Parsed, share: Mapping[str, float]) -> None:
        self._resolver = resolver
        self._text = parsed.article.text
        self._mentions = parsed.mentions
        self._share = share
        self._weights = resolver.weights["choose"]
        self._known: dict[object, tuple[GazetteerPlace, float] | None] = {}
        self._pools: dict[tuple[str, ...], list[GazetteerPlace]] = {}

    @cached_property
    def toponyms(self) -> list[Toponym]:
        """The names of places in the article, in order."""
        return self._resolver.finder.find(self._text, self._mentions)

    @cached_property
    def anchors(self) -> list[_Anchor]:
        """The places that are sure without looking at their neighbours."""
        out: dict[int, _Anchor] = {}
        for k, t in enumerate(self.toponyms):
            scored = self.scored(t, self.around(k), (), self.peer(k))
            if scored and scored[0][1].row not in out and share_of_best(scored) >= _ANCHOR_LEAST:
                out[scored[0][1].row] = _Anchor(t.start, t.keys[-1], scored[0][1])
        return list(out.values())

    def find(self) -> list[Place]:
        """Return every place of the article, in order."""
        return [self._place(t.text, t.start, t.end, t, k, t.confidence) for k, t in enumerate(self.toponyms)]

    def resolve(self, mention: Mention, *, sentence: Span) -> Place:
        """Return the place of a mention; ``country`` and coordinates are None when no row of the table fits.

        A mention that cuts a name short ("Aviv") is widened to the name ("Tel Aviv"); of several names in it the
        finest counts, if it lies in the country of the others.
        """
        inside = [
            (k, t) for k, t in enumerate(self.toponyms) if t.start < mention.end and mention.start < t.end
        ]
        places = [
            self._place(
                self._text[(start := min(mention.start, t.start)) : (end := max(mention.end, t.end))],
                start,
                end,
                t,
                k,
                mention.confidence,
            )
            for k, t in inside
        ]
        known = [p for p in places if p.lat is not None]
        if known:
            return _finest(known)
        for name in names_in(mention.text):
            toponym = Toponym(mention.start, mention.end, mention.text, (name_key(name),), None, 1.0)
            if self._may_be_meant(toponym, is_whole=name == mention.text):
                return self._place(mention.text, mention.start, mention.end, toponym, None, mention.confidence)  # fmt: skip
        return places[0] if places else _unknown(mention.text, mention.start, mention.end)

    def _may_be_meant(self, name: Toponym, *, is_whole: bool) -> bool:
        """Return whether what did not look like a name of a place in the text, or is a part of a longer one, may be one.

        It must be a state, a unit or a town of some size; a part of a longer name also of a state that the article speaks of:
        "Galle Face" in an article on Sri Lanka is in Galle, "Justice Palace" is in no town of that name.
        """
        words = self._resolver.finder.words
        if name.keys[0] in words.never or name.keys[0] in words.demonyms:
            return False
        best = self._best(name, None, self.anchors)
        if best is None or not (best[0].kind in _UNITS or best[0].population >= _LEAST_KNOWN):
            return False
        return is_whole or best[0].country in self._share

    def resolve_first(self, mentions: Sequence[Mention], *, sentence: Span, trigger: Span) -> Place | None:
        """Return an event's own place: the one nearest to the trigger, or a finer one of the sentence inside its country."""
        ordered = sorted(mentions, key=lambda m: _distance(m, trigger))
        places = [self.resolve(m, sentence=sentence) for m in ordered]
        known = [p for p in places if p.lat is not None]
        # "Libya" in "Souk Libya market" is no place of its own where the sentence gives another.
        whole = [p for p in known if not _is_part_of_name(p)]
        if known:
            return _finest(whole or known)
        return places[0] if places else None

    def _place(
        self, text: str, start: int, end: int, toponym: Toponym, index: int | None, confidence: float
    ) -> Place:
        best = self._best(toponym, index, self.anchors)
        if best is None:
            return _unknown(text, start, end)
        row, sure = best
        resolution = _RESOLUTION[row.kind]
        if row.kind == "city" and _INSIDE_CITY.search(text):
            resolution = 5
        return Place(
            text, start, end, row.name, row.country or None, row.admin1, row.lat, row.lon,
            resolution, row.geonames_id, round(sure * confidence, 3),
        )  # fmt: skip

    def _best(
        self, toponym: Toponym, index: int | None, anchors: Sequence[_Anchor]
    ) -> tuple[GazetteerPlace, float] | None:
        around = self.around(index) if index is not None else (None, None)
        peer = self.peer(index) if index is not None else None
        said = (
            None if around == (None, None) else (around[0] and around[0].keys, around[1] and around[1].keys)
        )
        memo = (toponym.keys, toponym.unit, said, peer, bool(anchors))
        if memo not in self._known:
            scored = self.scored(toponym, around, anchors, peer)
            self._known[memo] = self._sure(scored) if scored else None
        return self._known[memo]

    def scored(
        self, toponym: Toponym, around: tuple[Toponym | None, Toponym | None], anchors: Sequence[_Anchor],
        peer: _Peer | None = None,
    ) -> list[tuple[float, GazetteerPlace]]:  # fmt: skip
        """Return the rows of a name with their scores, best first."""
        weights = self._weights
        if peer is not None:
            around = (None, None)  # in "Niger, Nigeria and Togo" none holds another
        weighed = self.weighed(toponym, around, anchors)
        like = [w for w in weighed if peer is not None and peer.is_like(w[0])]
        out = [(sum(weights.get(n, 0.0) * v for n, v in features), row) for row, features in like or weighed]
        out.sort(key=lambda s: -s[0])
        alone = peer is None and around == (None, None) and toponym.unit is None
        return seat_first(out, toponym.keys[-1], [a.row for a in anchors]) if alone else out

    def weighed(
        self, toponym: Toponym, around: tuple[Toponym | None, Toponym | None], anchors: Sequence[_Anchor]
    ) -> list[tuple[GazetteerPlace, list[tuple[str, float]]]]:
        """Return the rows that a name may mean with the features of each."""
        rows = self._pool(toponym.keys)
        if not rows:
            return []
        holders = self._holders(around[1])
        held = self._held(around[0])
        near = [a for a in anchors if a.key != toponym.keys[-1]]
        near = sorted(near, key=lambda a: abs(a.start - toponym.start))[:_ANCHORS]
        big = {r.country for r in rows if r.kind == "city" and r.population >= _BIG_CITY}
        drawn = collections.Counter(a.row.country for a in anchors if a.key != toponym.keys[-1])
        largest = max(r.population for r in rows)
        return [(r, self._features(r, toponym, holders, held, near, big, largest, drawn)) for r in rows]

    def _features(
        self,
        row: GazetteerPlace,
        toponym: Toponym,
        holders: Sequence[GazetteerPlace],
        held: Sequence[GazetteerPlace],
        anchors: Sequence[_Anchor],
        big: set[str],
        largest: int,
        drawn: collections.Counter[str],
    ) -> list[tuple[str, float]]:
        kind = row.kind
        size = "unit population" if kind in ("admin1", "admin2") else "population"
        out = [(f"kind {kind}", 1.0), (size, math.log10(row.population + 10))]
        if row.population == largest:
            out.append(("largest", 1.0))
        if row.named:
            out.append(("own name", 1.0))
        share = self._share.get(row.country, 0.0)
        if share:
            out += [("country named", 1.0), ("country share", share)]
        if toponym.unit:
            out.append((f"unit {'fits' if _fits(toponym.unit, kind) else 'differs'}", 1.0))
        if kind in ("admin1", "admin2") and row.country in big:
            out.append(("unit of a big city", 1.0))
        if holders and any(_holds(h, row) for h in holders):
            out.append(("qualified", 1.0))
        if held and kind in _UNITS and any(_holds(row, h) for h in held):
            out.append(("qualifies", 1.0))
        if drawn[row.country] and kind != "country":
            out += [("anchors in country", 1.0), ("anchor share", drawn[row.country] / drawn.total())]
        out += _nearness(row, anchors)
        return out

    def _pool(self, keys: tuple[str, ...]) -> list[GazetteerPlace]:
        if keys not in self._pools:
            rows: list[GazetteerPlace] = []
            for key in keys:
                rows = self._resolver.rows_of(key)
                if rows:
                    break
            if len(rows) > _MOST:
                rows.sort(key=lambda r: (r.kind in _UNITS, r.population), reverse=True)
                home = [r for r in rows[_MOST:] if r.country in self._share]
                rows = rows[:_MOST] + home[:_MOST_AT_HOME]
            self._pools[keys] = rows
        return self._pools[keys]

    def around(self, index: int) -> tuple[Toponym | None, Toponym | None]:
        """Return the names that stand right before and after, with a comma or bracket between, else None."""
        own, all_ = self.toponyms[index], self.toponyms
        before = all_[index - 1] if index else None
        after = all_[index + 1] if index + 1 < len(all_) else None
        if before is not None and self._text[before.end : own.start] not in _JOINTS:
            before = None
        if after is not None and self._text[own.end : after.start] not in _JOINTS:
            after = None
        return before, after

    def peer(self, index: int) -> _Peer | None:
        """Return what the other names of a list are, if all are states, or all units of one state; None where that is not so.

        "Georgia, Oklahoma, Pennsylvania and Wisconsin" are four states of one country, and no Oklahoma in Pennsylvania is meant.
        """
        others = [*self._listed(index, -1), *self._listed(index, 1)]
        if len(others) < 2:
            return None
        kinds = set()
        for other in others:
            rows = self._pool(other.keys)
            largest = max(rows, key=lambda r: r.population, default=None)
            if largest is None or largest.kind not in _UNITS:
                return None
            kinds.add(_Peer(largest.kind, largest.country if largest.kind == "admin1" else None))
        return kinds.pop() if len(kinds) == 1 else None

    def _listed(self, index: int, step: int) -> list[Toponym]:
        """Return the names before (-1) or after (1) one that are parted from it and each other by no more than comma and "and"."""
        out: list[Toponym] = []
        all_, at = self.toponyms, index
        while 0 <= at + step < len(all_) and len(out) < _MOST_LISTED:
            first, second = sorted((all_[at], all_[at + step]), key=lambda t: t.start)
            if self._text[first.end : second.start] not in _LISTING:
                break
            at += step
            out.append(all_[at])
        return out

    def _holders(self, after: Toponym | None) -> list[GazetteerPlace]:
        return [r for r in self._pool(after.keys) if r.kind in _UNITS] if after is not None else []

    def _held(self, before: Toponym | None) -> list[GazetteerPlace]:
        return [r for r in self._pool(before.keys) if r.kind != "country"] if before is not None else []

    def _sure(self, scored: Sequence[tuple[float, GazetteerPlace]]) -> tuple[GazetteerPlace, float]:
        """Return the best row and the probability that it is right."""
        row = scored[0][1]
        p = share_of_best(scored)
        weights = self._resolver.weights["sure"]
        x = sum(weights.get(n, 0.0) * v for n, v in sure_features(p, row, row.country in self._share))
        return row, 1.0 / (1.0 + math.exp(-x))


_LISTING = frozenset((", ", " and ", ", and ", " or ", ", or ", ", the ", " and the ", ", and the "))
_MOST_LISTED: Final = 6
_JOINTS = frozenset((", ", " (", ", in ", " in ", ", the ", "-"))


def share_of_best(scored: Sequence[tuple[float, GazetteerPlace]]) -> float:
    """Return the probability of the best of scored rows among them."""
    return 1.0 / sum(math.exp(s - scored[0][0]) for s, _ in scored)


def sure_features(p: float, row: GazetteerPlace, is_named: bool) -> list[tuple[str, float]]:
    """Return what tells whether the chosen row is right: its probability among the rows, its size and kind."""
    clipped = min(max(p, 0.02), 0.98)
    return [
        ("bias", 1.0),
        ("logit", math.log(clipped / (1 - clipped))),
        ("population", math.log10(row.population + 10) - 4.0),
        ("country named", float(is_named)),
        ("city", float(row.kind == "city")),
    ]


def _fits(unit: str, kind: str) -> bool:
    if unit == kind:
        return True
    if unit in ("admin1", "admin2", "region"):
        return kind in ("admin1", "admin2", "region")
    return unit in ("site", "water") and kind in ("site", "water")


def _holds(outer: GazetteerPlace, inner: GazetteerPlace) -> bool:
    """Tell whether a state or unit holds a place."""
    if outer.country != inner.country or outer.row == inner.row:
        return False
    return outer.kind == "country" or (
        inner.admin1 is not None and inner.admin1 in (outer.admin1, outer.name)
    )


def _nearness(row: GazetteerPlace, anchors: Sequence[_Anchor]) -> list[tuple[str, float]]:
    if row.kind in ("country", "continent"):
        return []
    out = []
    best = 1e9
    for a in anchors:
        other = a.row
        if other.row == row.row or other.kind in ("country", "continent", "region", "water"):
            continue
        x = (other.lon - row.lon + 180.0) % 360.0 - 180.0
        x *= math.cos(math.radians((other.lat + row.lat) / 2))
        best = min(best, x * x + (other.lat - row.lat) ** 2)
    km = math.sqrt(best) * 111.2
    for limit in _NEAR_KM:
        if km <= limit:
            out.append((f"near {limit:.0f}", 1.0))
    if any(a.row.admin1 == row.admin1 and a.row.country == row.country for a in anchors if row.admin1):
        out.append(("in the same unit", 1.0))
    if any(a.row.country == row.country for a in anchors if a.row.kind == "country"):
        out.append(("in a named country", 1.0))
    return out


def _distance(mention: Mention, trigger: Span) -> int:
    """Return how many characters lie between a mention and a trigger; one after it counts less than one before."""
    if mention.start >= trigger.end:
        return mention.start - trigger.end
    return max(0, trigger.start - mention.end) + 5


def _is_part_of_name(place: Place) -> bool:
    """Tell whether a state or unit was read out of a longer name that it is only a part of."""
    if place.resolution not in (1, 2):
        return False
    known = {word.lower() for word in (place.name.split() + (place.admin1 or "").split())}
    return any(
        word[:1].isupper() and word.lower() not in known and not AROUND.fullmatch(word)
        for word in place.text.split()
    ) and name_key(place.name) in name_key(place.text)


def _finest(places: Sequence[Place]) -> Place:
    """Return the finest of places, given nearest first, that lies in the country of the nearest."""
    first = places[0]
    inside = [p for p in places if p.country == first.country or first.country is None]
    return max(inside, key=lambda p: (p.resolution or 0, p is first, p.confidence))


def _unknown(text: str, start: int, end: int) -> Place:
    return Place(text, start, end, text, None, None, None, None, None, None, 0.2)
