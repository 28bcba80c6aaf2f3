"""A group of reports → the incident that they tell of: canonical fields, who said how many, and why it is one.

In: a ``Group`` of the engine with its events and what is known of their articles. Out: an ``Incident``; the same group gives the
same incident.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dragoman.merge.engine import Group, group
from dragoman.merge.scorer import Scorer
from dragoman.merge.views import report_of, telling_of
from dragoman.records import Article, Event, EventDate, Incident, Participant, to_json

# A date in words that is wider than this says less than the day on which an event was news; such a one is not counted on a day
# (``relate.points.MOST_DAYS``).
_WIDE_DAYS = 31


@dataclass(frozen=True, slots=True)
class Source:
    """What an incident tells of an article; ``newsroom`` is who wrote it, None when not known."""

    article_id: str
    outlet: str | None
    newsroom: str | None
    published_on: date | None


def incident_id_of(first_event_id: str) -> str:
    """Return the id of the incident whose first report is this event."""
    return hashlib.sha256(f"incident|{first_event_id}".encode()).hexdigest()[:16]


def incident_of(
    found: Group, events: Mapping[str, Event], sources: Mapping[str, Source], *, denials: Iterable[Mapping[str, Any]] = ()
) -> Incident:  # fmt: skip
    """Return the incident that a group tells of.

    Args:
        found: Reports in order, and why they are one.
        events: Event id → event, at least those of the group.
        sources: Article id → what is known of it, at least those of the group.
        denials: Who denied it.
    """
    told = [events[r.event_id] for r in found.reports]
    best = _fullest(told)
    articles = list(dict.fromkeys(e.article_id for e in told))
    newsrooms = sorted({room for a in articles if (room := sources[a].newsroom) is not None})
    days = sorted(day for a in articles if (day := sources[a].published_on) is not None)
    places = [e.place for e in told if e.place is not None and e.place.lat is not None]
    return Incident(
        incident_id=incident_id_of(told[0].event_id),
        event_type=best.event_type,
        mode=best.mode or next((e.mode for e in told if e.mode and e.event_type == best.event_type), None),
        quad_class=best.quad_class,
        status="actual" if any(e.status == "actual" for e in told) else best.status,
        historical=all(e.historical for e in told),
        actors=best.actors,
        recipients=best.recipients,
        place=best.place or (places[0] if places else None),
        date=_narrowest(told, sources),
        events=tuple(e.event_id for e in told),
        reports=tuple(articles),
        # Articles that no newsroom is known of are not counted one by one: they may be one newsroom's.
        independent_sources=max(1, len(newsrooms)),
        counts=_counts(told, sources),
        denials=tuple(denials),
        first_seen=days[0] if days else None,
        last_seen=days[-1] if days else None,
        newsrooms=tuple(newsrooms),
        why=tuple(
            {"event_id": w.event_id, "with_event": w.with_event, "score": round(w.score, 4), "reasons": list(w.reasons)}
            for w in found.why
        ),
    )  # fmt: skip


def merge_events(events: Sequence[Event], articles: Sequence[Article], scorer: Scorer) -> list[Incident]:
    """Return the incidents of a batch's events, also across its articles, by their first report.

    Args:
        events: Events of the articles.
        articles: Each article once.
        scorer: How sure a pair is.
    """
    by_id = {e.event_id: e for e in events}
    sources = {a.article_id: Source(a.article_id, a.outlet, a.outlet, a.published_on) for a in articles}
    tellings = {
        a.article_id: telling_of(a.article_id, a.text, newsroom=a.outlet or "", published_on=a.published_on)
        for a in articles
    }
    reports = [report_of(e, tellings[e.article_id]) for e in by_id.values()]
    return [incident_of(found, by_id, sources) for found in group(reports, scorer)]


def _countries(event: Event) -> frozenset[str]:
    return frozenset(p.country for p in (*event.actors, *event.recipients) if p.country)


def _is_explicit(when: EventDate | None) -> bool:
    return when is not None and when.text is not None


def _detail(p: Participant) -> int:
    return len(p.sectors) + (p.entity_id is not None) + (bool(p.sectors) and p.sectors[0] != "GOV")


def _fullest(told: Sequence[Event]) -> Event:
    """Return the event that says most: sides, an explicit date, a place, the body before the headline."""
    return max(
        told,
        key=lambda e: (
            e.status == "actual", len(_countries(e)), _is_explicit(e.date),
            sum(_detail(p) for p in (*e.actors, *e.recipients)), e.place is not None, e.section == "body",
        ),
    )  # fmt: skip


def _narrowest(told: Sequence[Event], sources: Mapping[str, Source]) -> EventDate | None:
    """Return the date that says most: of those in words the narrowest, and of a wide one the day in it on which it was news before.

    "The clashes earlier this year" tells less of when they were than the reports of that February, which say no day because it was theirs.
    """
    said = [e for e in told if e.date is not None and _is_explicit(e.date)]
    dated = [(e.date, e.article_id) for e in said or told if e.date is not None]
    if not dated:
        return None
    best, where = min(dated, key=lambda d: (d[0].to - d[0].from_, d[0].from_, d[1]))
    looks_back = sources[where].published_on
    if (best.to - best.from_).days <= _WIDE_DAYS or looks_back is None:
        return best
    news = [
        e.date
        for e in told
        if e.date is not None and not e.historical and not _is_explicit(e.date)
        and best.from_ <= e.date.from_ <= best.to
        and (day := sources[e.article_id].published_on) is not None and day < looks_back
    ]  # fmt: skip
    return min(news, key=lambda d: d.from_, default=best)


def _counts(told: Sequence[Event], sources: Mapping[str, Source]) -> dict[str, Any]:
    """Return per kind the range of what was said, the latest and the whole history, oldest first."""
    out: dict[str, Any] = {}
    for kind in sorted({kind for e in told for kind in e.counts}):
        history = []
        for event in told:
            count = event.counts.get(kind)
            if count is None:
                continue
            source, by = sources[event.article_id], event.said_by
            history.append({
                "event_id": event.event_id, "article_id": event.article_id, "outlet": source.outlet,
                "published_on": to_json(source.published_on), "said_by": (by.name or by.text) if by else None,
                "low": count.low, "high": count.high, "text": count.text,
            })  # fmt: skip
        lows = [n for h in history if (n := _least(h)) is not None]
        highs = [n for h in history if (n := _most(h)) is not None]
        last = max(h["published_on"] or "" for h in history)
        # Of the figures of the last day the highest: tolls rise in the course of a day.
        latest = max((h for h in history if (h["published_on"] or "") == last), key=lambda h: _most(h) or 0)
        out[kind] = {
            "low": min(lows, default=None), "high": max(highs, default=None), "latest": latest, "history": history
        }  # fmt: skip
    return out


def _least(row: Mapping[str, Any]) -> int | None:
    low: int | None = row["low"]
    high: int | None = row["high"]
    return high if low is None else low


def _most(row: Mapping[str, Any]) -> int | None:
    low: int | None = row["low"]
    high: int | None = row["high"]
    return low if high is None else high
