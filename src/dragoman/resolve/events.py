"""Put the resolved parts of a draft together as an event, with confidences and reasons for what is empty.

In: a ``Draft`` and its participants, place and date. Out: an ``Event`` whose spans have been checked, or a ``Rejected``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dragoman.errors import SpanMismatch
from dragoman.ontology import Ontology
from dragoman.records import (
    Confidence,
    Count,
    Draft,
    Event,
    EventDate,
    Parsed,
    Participant,
    Place,
    Rejected,
    check_event,
)
from dragoman.resolve.actors.spots import FROM_SIDE, LAST_RESORT
from dragoman.resolve.sides import MISSION, OF_MISSIONS, is_handed_over, opens_mission

_FORCES = (("GOV",), ("MIL",), ("COP",), ("SPY",))
# Types whose every side stands in ``actors`` unless one side clearly acts on the other (annotation guide, rule 1).
_MUTUAL = frozenset({"COOPERATE"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """The resolved parts of one draft; ``date_confidence`` goes with ``date``."""

    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    place: Place | None
    date: EventDate | None
    date_confidence: float | None
    historical: bool
    said_by: Participant | None
    counts: dict[str, Count]


def event_id(article_id: str, draft: Draft) -> str:
    """Return the stable id of an event: a hash of article, trigger span and type."""
    words = f"{article_id}|{draft.trigger.start}|{draft.trigger.end}|{draft.event_type}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _least(participants: Sequence[Participant]) -> float | None:
    return round(min(p.confidence for p in participants), 4) if participants else None


def _reasons(draft: Draft, parts: Resolved) -> dict[str, str]:
    reasons: dict[str, str] = {}
    if not parts.actors:
        reasons["actors"] = "no actor in the sentence"
    if not parts.recipients:
        mutual = draft.event_type in ("COOPERATE", "CONSULT", "AGREE") and len(parts.actors) > 1
        reasons["recipients"] = "all sides are actors" if mutual else "no recipient in the sentence"
    if parts.place is None:
        reasons["place"] = "no place in the sentence"
    elif parts.place.lat is None:
        reasons["place"] = "the gazetteer does not hold this name"
    if parts.date is None:
        reasons["date"] = "no date in the sentence and no publication date"
    for role, people in (("actors", parts.actors), ("recipients", parts.recipients)):
        unknown = [p.text for p in people if p.country is None]
        if unknown:
            reasons[f"{role}.country"] = f"country not known of {', '.join(unknown[:3])}"
    return reasons


def join_sides(draft: Draft, parts: Resolved) -> Resolved:
    """Move recipients of a mutual event to its actors; who is handed over by one state to another is on neither side."""
    if draft.event_type in _MUTUAL and parts.recipients and not is_handed_over(draft):
        sides = (
            *parts.actors,
            *(r for r in parts.recipients if r.text not in {a.text for a in parts.actors}),
        )
        return Resolved(sides, (), parts.place, parts.date, parts.date_confidence, parts.historical, parts.said_by,
                        parts.counts)  # fmt: skip
    return parts


def follow_victims(draft: Draft, parts: Resolved) -> Resolved:
    """Give victims whose country was only borrowed from the attacker that of those named beside them.

    "Keldish patrols fired on a Halden vessel and killed a fisherman": the fisherman is Halden's, not Keld's. Militants who kill foreign
    engineers and a driver are at home, and so may the driver be.
    """
    if draft.event_type != "ASSAULT" or not all(a.sectors[:1] in _FORCES for a in parts.actors):
        return parts
    attackers = {a.country for a in parts.actors if a.country}
    named = [r for r in parts.recipients if r.country and r.country not in attackers and not _is_borrowed(r)]
    if not attackers or not named:
        return parts

    def followed(r: Participant) -> Participant:
        beside = next((n for n in reversed(named) if n.start < r.start), None)
        if beside is None or r.country not in attackers or not _is_borrowed(r):
            return r
        return replace(r, country=beside.country, basis=f'{r.basis}; hit together with "{beside.text}"')

    return replace(parts, recipients=tuple(map(followed, parts.recipients)))


def _is_borrowed(p: Participant) -> bool:
    return any(words in p.basis for words in (FROM_SIDE, LAST_RESORT))


def add_host(draft: Draft, parts: Resolved) -> Resolved:
    """Give an embassy that opens, will open or closes its host as the recipient: "opened an embassy in Tel Aviv" is toward Israel.

    A town of the actor's own state is no recipient: nobody opens an embassy towards himself.

    Source: PLOVER manual 2.0, SUPPORT (diplomatic ties are opened with a state) and SANCTION (they are reduced).
    """
    named = MISSION.search(draft.trigger.text) is not None
    told = opens_mission(draft) and any(MISSION.search(r.text) for r in parts.recipients)
    if draft.event_type not in OF_MISSIONS or not (named or told):
        return parts
    own = {a.country for a in parts.actors if a.country}
    parts = replace(parts, recipients=tuple(r for r in parts.recipients if r.country not in own))
    place = parts.place
    if parts.recipients or place is None or not place.country or place.country in own:
        return parts
    host = Participant(
        text=place.text, start=place.start, end=place.end, entity_id=None, name=None, country=place.country,
        sectors=("GOV",), basis=f"host of the mission in {place.name}", confidence=round(0.8 * place.confidence, 4),
    )  # fmt: skip
    return replace(parts, recipients=(host,))


def build_event(
    parsed: Parsed, draft: Draft, parts: Resolved, ontology: Ontology, *, coder_version: str
) -> Event | Rejected:
    """Return the event of a draft, or why it is refused: a span that does not quote the text is never stored."""
    parts = follow_victims(draft, add_host(draft, join_sides(draft, parts)))
    contexts = ontology.contexts_of(draft.event_type, draft.mode, parsed.contexts)
    place_confidence = parts.place.confidence if parts.place is not None else None
    event = Event(
        event_id=event_id(parsed.article.article_id, draft),
        article_id=parsed.article.article_id,
        source_id=parsed.article.source_id,
        section=draft.section,
        event_type=draft.event_type,
        mode=draft.mode,
        contexts=contexts,
        quad_class=ontology.quad_class(draft.event_type),
        intensity=ontology.intensity(draft.event_type, draft.mode),
        cameo=ontology.cameo(draft.event_type, draft.mode, contexts),
        status=draft.status,
        historical=parts.historical,
        trigger=draft.trigger,
        quote=draft.sentence,
        actors=parts.actors,
        recipients=parts.recipients,
        place=parts.place,
        date=parts.date,
        said_by=parts.said_by,
        counts=parts.counts,
        confidence=Confidence(
            draft.type_confidence,
            _least(parts.actors),
            _least(parts.recipients),
            place_confidence,
            parts.date_confidence,
            draft.mode_confidence,
            draft.status_confidence,
        ),
        reasons=_reasons(draft, parts),
        coder_version=coder_version,
        model_digest=parsed.model_digest,
        ontology=ontology.version,
        vector=draft.vector,
    )
    try:
        check_event(parsed.article, event)
    except SpanMismatch as error:
        return Rejected(event.event_id, "resolve", "span_mismatch", str(error), parsed.article.source_id)
    return event
