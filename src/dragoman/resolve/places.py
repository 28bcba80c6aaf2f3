"""Where: a place mention to a row of the gazetteer, by name, article context and size.

In: a ``Mention`` and what the article says around it. Out: a ``Place``; coordinates are None where no row fits.
"""

from __future__ import annotations

import collections
import math
import re
from collections.abc import Iterator, Mapping, Sequence

from dragoman.records import Mention, Parsed, Place, Span
from dragoman.resolve.gazetteer import Gazetteer, GazetteerPlace

# Words around a name that say what kind of place it is; they are not part of the name in the table.
_AROUND = re.compile(
    r"\b(?:north(?:ern|east(?:ern)?|west(?:ern)?)?|south(?:ern|east(?:ern)?|west(?:ern)?)?|east(?:ern)?|west(?:ern)?|"
    r"central|upper|lower|inner|outer|downtown|near|outside|greater|coastal|rural|mainland|occupied|mid|"
    r"the|a|an|its|their|in|at|on|from|of|city|town|village|capital|port|province|region|state|district|county|area|"
    r"governorate|prefecture|oblast|territory|municipality|suburb|outskirts|border|neighbou?rhood|enclave|soil)\b",
    re.I,
)
_UNIT = re.compile(
    r"\b(?:province|state|region|governorate|prefecture|oblast|district|county|territory|krai)\b", re.I
)
_INSIDE_CITY = re.compile(
    r"\b(?:airport|street|square|avenue|road|bridge|hospital|university|stadium|market|mosque|church|station|"
    r"embassy|prison|palace|neighbou?rhood|suburb|camp|base|port)\b",
    re.I,
)
_QUALIFIER = re.compile(r"^\s*,\s*(?:in\s+)?(?:the\s+)?((?:[A-Z][\w.’'-]*\s?){1,4})")
_NAME = re.compile(
    r"[A-Z][\w’'.-]*(?:[\s-]+(?:(?:de|del|la|el|al|of|and|the|du|des|da|do|di|le|les)\s+)?[A-Z][\w’'.-]*)*"
)

# Weights chosen by reading the errors on GeoVirus (news on epidemics); the gate must be rerun when one moves.
_POPULATION, _NAMED, _COUNTRY, _UNIT_FIT, _QUALIFIED, _COMPANY = 0.75, 2.0, 3.0, 4.0, 8.0, 1.5
_KIND = {
    "country": 6.0,
    "continent": 7.0,
    "region": 4.5,
    "water": 3.5,
    "site": 2.0,
    "admin1": 0.6,
    "admin2": 0.2,
    "city": 0.0,
}
_RESOLUTION = {
    "country": 1,
    "continent": 1,
    "region": 2,
    "admin1": 2,
    "admin2": 3,
    "water": 2,
    "city": 4,
    "site": 5,
}


class PlaceResolver:
    """Resolves places of articles against a gazetteer.

    Args:
        gazetteer: The table of places.
        country_names: Look-up keys (lower case) of country names and aliases to ISO alpha-3.
    """

    def __init__(self, gazetteer: Gazetteer, country_names: Mapping[str, str]) -> None:
        self.gazetteer = gazetteer
        self.country_names = country_names

    def country_of(self, name: str) -> str | None:
        """Return the country of a name whose largest place is at least three times as large as any in another country."""
        rows = [r for r in self.gazetteer.find(name) if r.country]
        if not rows:
            return None
        best = max(rows, key=lambda r: r.population)
        rivals = [r.population for r in rows if r.country != best.country]
        return best.country if not rivals or best.population > 3 * max(rivals) else None

    def start(
        self, parsed: Parsed, *, countries: Mapping[str, int], outlet_country: str | None = None
    ) -> ArticlePlaces:
        """Return the resolver of one article.

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
        return ArticlePlaces(self, parsed.article.text, share)


class ArticlePlaces:
    """Places of one article; one name means one place throughout it."""

    def __init__(self, resolver: PlaceResolver, text: str, share: Mapping[str, float]) -> None:
        self._resolver = resolver
        self._text = text
        self._share = share
        self._known: dict[str, tuple[GazetteerPlace, float]] = {}
        self._units: collections.Counter[tuple[str, str | None]] = collections.Counter()

    def resolve(self, mention: Mention, *, sentence: Span) -> Place:
        """Return the place of a mention; ``country`` and coordinates are None when no row of the table fits."""
        best = self._best(mention)
        if best is None:
            return Place(
                mention.text,
                mention.start,
                mention.end,
                mention.text,
                None,
                None,
                None,
                None,
                None,
                None,
                0.2,
            )
        row, confidence = best
        resolution = _RESOLUTION[row.kind]
        if row.kind == "city" and _INSIDE_CITY.search(mention.text):
            resolution = 5
        return Place(
            mention.text, mention.start, mention.end, row.name, row.country or None, row.admin1, row.lat, row.lon,
            resolution, row.geonames_id, round(confidence * mention.confidence, 3),
        )  # fmt: skip

    def resolve_first(self, mentions: Sequence[Mention], *, sentence: Span, trigger: Span) -> Place | None:
        """Return the finest resolvable place among an event's mentions, nearest to the trigger first."""
        ordered = sorted(mentions, key=lambda m: abs(m.start - trigger.start))
        places = [self.resolve(m, sentence=sentence) for m in ordered]
        known = [p for p in places if p.lat is not None]
        if known:
            return max(known, key=lambda p: (p.resolution or 0, p.confidence))
        return places[0] if places else None

    def _best(self, mention: Mention) -> tuple[GazetteerPlace, float] | None:
        words = mention.text
        if words in self._known:
            return self._known[words]
        qualifier = _QUALIFIER.match(self._text[mention.end : mention.end + 60])
        for name in _names_in(words):
            rows = self._candidates(name)
            if not rows:
                continue
            scored = sorted(((self._score(r, words, qualifier), r) for r in rows), key=lambda s: -s[0])
            top, row = scored[0]
            runner = scored[1][0] if len(scored) > 1 else top - 6.0
            # The margin over the runner-up is what tells a safe answer from a guess.
            confidence = 1.0 / (1.0 + math.exp(-0.8 * (top - runner) - 0.4))
            self._known[words] = (row, confidence)
            self._units[row.country, row.admin1] += 1
            return row, confidence
        return None

    def _candidates(self, name: str) -> list[GazetteerPlace]:
        rows = self._resolver.gazetteer.find(name)
        code = self._resolver.country_names.get(name.lower().removeprefix("the ").strip())
        if code:
            countries = [r for r in rows if r.kind == "country"] or self._country_row(code)
            return countries + [r for r in rows if r.kind != "country"]
        return rows

    def _country_row(self, code: str) -> list[GazetteerPlace]:
        for name, own in self._resolver.country_names.items():
            if own == code:
                found = [
                    r
                    for r in self._resolver.gazetteer.find(name)
                    if r.kind == "country" and r.country == code
                ]
                if found:
                    return found
        return []

    def _score(self, row: GazetteerPlace, words: str, qualifier: re.Match[str] | None) -> float:
        score = _KIND[row.kind] + _POPULATION * math.log10(row.population + 10)
        score += _NAMED * row.named + _COUNTRY * self._share.get(row.country, 0.0)
        score += 1.0 * (row.country in self._share)
        if row.kind in ("admin1", "admin2") and _UNIT.search(words):
            score += _UNIT_FIT
        if self._units[row.country, row.admin1] and row.admin1:
            score += _COMPANY
        if qualifier:
            said = qualifier.group(1).strip().lower().rstrip(".")
            code = self._resolver.country_names.get(said)
            if code == row.country or (row.admin1 and said == row.admin1.lower()):
                score += _QUALIFIED
        return score


def _names_in(words: str) -> Iterator[str]:
    """Yield what may be the name in a mention: the whole, without the words around it, then its capitalised parts."""
    yield words
    plain = " ".join(_AROUND.sub(" ", words).split())
    if plain and plain != words:
        yield plain
    parts = sorted((m.group() for m in _NAME.finditer(words)), key=len, reverse=True)
    for part in parts:
        if part != words:
            yield part
        stripped = " ".join(_AROUND.sub(" ", part).split())
        if stripped not in (part, plain, ""):
            yield stripped
    for part in parts:
        for word in part.split():
            if len(word) > 3 and word != part and not _AROUND.fullmatch(word):
                yield word
