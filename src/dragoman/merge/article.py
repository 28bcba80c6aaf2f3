"""Merge the events of one article that tell of the same thing: headline, standfirst, caption and body.

In: the events of one article in text order. Out: incidents, each with the events it stands on and a reason per merge.
Rules, not a model: inside one article names, dates and places are consistent, so simple agreement decides.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dragoman.records import Event, EventDate, Incident, Participant

_LEADS = frozenset({"title", "standfirst", "caption"})
_WORD = re.compile(r"[a-z]{3,}")
# Two mentions with less in common than this stay apart: participants agree (0.5) and one more sign.
_LEAST_SCORE = 0.7
# A drill and an exercise are one thing; words of one line count as the same word.
_SAME_WORDS = (
    frozenset({"drill", "drills", "exercise", "exercises", "manoeuvres", "maneuvers", "wargames"}),
    frozenset(
        {"talks", "meeting", "met", "meets", "meet", "negotiations", "summit", "visit", "visited", "visits"}
    ),
    frozenset(
        {"attack", "attacks", "attacked", "strike", "strikes", "raid", "bombing", "killed", "kills", "kill"}
    ),
    frozenset({"arrest", "arrested", "arrests", "detained", "detain", "held", "detention"}),
    frozenset({"condemn", "condemned", "condemns", "criticised", "criticism", "denounced", "slammed"}),
    frozenset(
        {"protest", "protests", "protested", "demonstration", "demonstrated", "rally", "rallied", "march"}
    ),
    frozenset({"sentenced", "jailed", "convicted", "found guilty", "sentence", "prison"}),
)


@dataclass(slots=True)
class _Group:
    events: list[Event] = field(default_factory=list)
    why: list[dict[str, Any]] = field(default_factory=list)


def _countries(event: Event) -> frozenset[str]:
    return frozenset(p.country for p in (*event.actors, *event.recipients) if p.country)


def _stem(word: str) -> str:
    for line, words in enumerate(_SAME_WORDS):
        if word in words:
            return f"#{line}"
    return re.sub(r"(?:ing|ed|es|s|ment|ion)$", "", word)


def _words(event: Event) -> frozenset[str]:
    return frozenset(_stem(w) for w in _WORD.findall(event.trigger.text.lower()))


def _is_explicit(when: EventDate | None) -> bool:
    return when is not None and when.text is not None


def _dates_agree(a: Event, b: Event) -> bool | None:
    """Tell whether two events' dates overlap; None when one of them is not said in the text."""
    if a.date is None or b.date is None or not (_is_explicit(a.date) and _is_explicit(b.date)):
        if a.historical != b.historical:
            return False
        return None
    return a.date.from_ <= b.date.to and b.date.from_ <= a.date.to


def _participants_agree(a: Event, b: Event) -> bool:
    """Tell whether one event's countries are among the other's, or, without countries, whether a name is shared."""
    one, two = _countries(a), _countries(b)
    if one and two:
        return one <= two or two <= one
    names = [{p.name or p.text for p in (*e.actors, *e.recipients)} for e in (a, b)]
    return bool(names[0] & names[1]) or not (names[0] and names[1])


def same_event(a: Event, b: Event) -> tuple[float, list[str]]:
    """Return how sure it is that two events of one article are one, and the reasons.

    Returns 0 when anything speaks against it: another type, status or mode, dates apart, other countries.
    """
    if a.event_type != b.event_type or a.status != b.status:
        return 0.0, []
    if a.mode and b.mode and a.mode != b.mode:
        return 0.0, []
    if a.quote.start == b.quote.start or not _participants_agree(a, b):
        return 0.0, []
    dates = _dates_agree(a, b)
    if dates is False:
        return 0.0, []
    reasons = ["same type, status and countries"]
    score = 0.5
    if dates:
        reasons.append("dates overlap")
        score += 0.15
    if _words(a) & _words(b):
        reasons.append("the triggers share a word")
        score += 0.3
    if a.section in _LEADS and a.section != b.section:
        reasons.append(f"the {a.section} tells of the same as the {b.section}")
        score += 0.2
    if a.place and b.place and a.place.name == b.place.name:
        reasons.append(f"both at {a.place.name}")
        score += 0.1
    return min(score, 1.0), reasons


def _detail(p: Participant) -> tuple[int, float]:
    return (
        len(p.sectors) + (p.entity_id is not None) + (bool(p.sectors) and p.sectors[0] != "GOV"),
        p.confidence,
    )


def _fullest(group: Sequence[Event]) -> Event:
    """Return the event that says most: sides, an explicit date, a place, the body before the headline."""
    return max(
        group,
        key=lambda e: (
            len(_countries(e)), _is_explicit(e.date), sum(_detail(p)[0] for p in (*e.actors, *e.recipients)),
            e.place is not None, e.section == "body",
        ),
    )  # fmt: skip


def _narrowest(group: Sequence[Event]) -> EventDate | None:
    said = [e.date for e in group if e.date is not None and _is_explicit(e.date)]
    dates = said or [e.date for e in group if e.date is not None]
    return min(dates, key=lambda d: (d.to - d.from_, d.from_)) if dates else None


def _incident(group: _Group) -> Incident:
    best = _fullest(group.events)
    places = [e.place for e in group.events if e.place is not None and e.place.lat is not None]
    first = group.events[0].event_id
    return Incident(
        incident_id=hashlib.sha256(f"incident|{first}".encode()).hexdigest()[:16],
        event_type=best.event_type,
        mode=best.mode or next((e.mode for e in group.events if e.mode), None),
        quad_class=best.quad_class,
        status=best.status,
        historical=best.historical,
        actors=best.actors,
        recipients=best.recipients,
        place=best.place or (places[0] if places else None),
        date=_narrowest(group.events),
        events=tuple(e.event_id for e in group.events),
        reports=tuple(dict.fromkeys(e.article_id for e in group.events)),
        independent_sources=1,
        why=tuple(group.why),
    )


def merge_article(events: Sequence[Event]) -> list[Incident]:
    """Return the incidents of one article's events, in order of first mention."""
    groups: list[_Group] = []
    for event in events:
        best: tuple[float, list[str], _Group | None] = (0.0, [], None)
        for group in groups:
            scores = [same_event(earlier, event) for earlier in group.events]
            # Every member must allow the merge, so that a vague headline does not chain two different events.
            if all(s > 0 for s, _ in scores):
                score, reasons = max(scores, key=lambda s: s[0])
                if score > best[0]:
                    best = (score, reasons, group)
        if best[2] is not None and best[0] >= _LEAST_SCORE:
            best[2].events.append(event)
            best[2].why.append({"event_id": event.event_id, "score": round(best[0], 2), "reasons": best[1]})
        else:
            groups.append(_Group([event]))
    return [_incident(g) for g in groups]
