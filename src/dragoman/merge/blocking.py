"""Which reports are compared at all: those that share a key of place, people and days.

In: a ``Report``. Out: keys, the same for the same report in any store. Without keys every report would be compared with
every other; with them a report of today meets a few dozen.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final

from dragoman.merge.features import rarity
from dragoman.merge.views import Report

# Reports of one event are told within days; two grids of twice that width let every pair within it share a key. What is
# dated loosely or told as history meets others in wide windows, by strong keys alone.
_NARROW_DAYS: Final = 6
_WIDE_DAYS: Final = 45
_RARE: Final = 0.55  # least rarity of a name that may bring two reports together by itself
_MOST_NAMES: Final = 6
_RARE_IN_ARTICLE: Final = 0.4  # the same for a name of the article, not of the sentence
_MOST_IN_ARTICLE: Final = 20
_FINE: Final = 3  # least resolution of a place that does so


def _grid(mark: str, day: int, width: int) -> tuple[str, str]:
    return f"{mark}{day // (2 * width)}", f"{mark}{(day + width) // (2 * width)}+"


def windows_of(report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the narrow and the wide stretches of days that a report falls into; those without any day share one."""
    published = report.article.published_on
    if report.days is not None:
        first, last = report.days
        wide = _grid("w", (first + last) // 2, _WIDE_DAYS)
        if last - first > _NARROW_DAYS:
            return (), wide
        return _grid("d", first, _NARROW_DAYS), wide
    if published is not None:
        day = published.toordinal()
        return _grid("d", day, _NARROW_DAYS), _grid("w", day, _WIDE_DAYS)
    return ("-",), ("-",)


def home_of(report: Report) -> str:
    """Return the key of a report's article and type: reports of one article are compared when their types are one.

    Of 4,964 pairs in our stories that share an article and not the type two are of one event.
    """
    return f"={report.article.article_id}|{report.event_type}"


def keys_of(report: Report) -> frozenset[str]:
    """Return the keys of a report; two reports are compared when they share one, or their home."""
    narrow, wide = windows_of(report)
    found = set()
    for strong, what in _subjects(report):
        found |= {f"{window}|{what}" for window in narrow}
        if strong:
            found |= {f"{window}|{what}" for window in wide}
    return frozenset(found)


def _subjects(report: Report) -> Iterator[tuple[bool, str]]:
    """Yield what a report is about, and whether that is telling enough to be looked for in wide windows."""
    # Of 4,251 pairs of one event in our stories 34 have two types: the same act is nearly always read as the same.
    act = report.event_type or "?"
    doers = {s.country for s in report.sides if s.country and s.role == "actor"}
    objects = {s.country for s in report.sides if s.country and s.role == "recipient"}
    everyone = sorted(doers | objects)
    for n, one in enumerate(everyone):
        for two in everyone[n + 1 :]:
            yield True, f"{one}+{two}|{act}"
    for country in everyone:
        for word in report.trigger:
            yield False, f"{country}|{act}|{word}"
        for sector in {s.sectors[0] for s in report.sides if s.sectors and s.country == country}:
            yield False, f"{country}|{sector}|{report.event_type}"
    for entity in {s.entity_id for s in report.sides if s.entity_id}:
        yield True, f"@{entity}|{act}"
    if report.spot is not None and report.spot.resolution >= _FINE:
        yield True, f"*{report.spot.name}|{act}"
    for name in rarest(report.names, _RARE, _MOST_NAMES):
        yield True, f"~{name}|{act}"
    for name in rarest(report.article.names, _RARE_IN_ARTICLE, _MOST_IN_ARTICLE):
        yield False, f"^{name}|{act}"
    # What is told as history often names no side; that both articles are of rare things must do.
    for name in rarest(report.article.names, _RARE, _MOST_NAMES):
        yield True, f"&{name}|{act}"


@functools.lru_cache(maxsize=20_000)
def rarest(names: frozenset[str], least: float, most: int) -> tuple[str, ...]:
    """Return the rarest names of a set, the rarest first, numbers left out; at most so many."""
    words = ((rarity(n), n) for n in names if not n[0].isdigit())
    return tuple(
        n for _, n in sorted((w for w in words if w[0] >= least), key=lambda w: (-w[0], w[1]))[:most]
    )
