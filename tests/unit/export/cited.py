"""Invented events with the article they stand in, as exports want them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dragoman.ontology import load_ontology
from dragoman.records import Event, EventDate, Participant, to_json

from ..invented import make_article, make_event

ARTICLE = make_article("1")
DRILL = make_event(ARTICLE)  # mutual: Keld (NOR/MIL) and Halden (DNK/MIL)
KELD, HALDEN = DRILL.actors


def side(person: Participant, **changes: Any) -> Participant:
    """Return a participant with other fields."""
    return replace(person, **changes)


def one_sided(
    event_type: str = "ASSAULT", mode: str | None = "firearms", *, number: int = 1, **changes: Any
) -> Event:
    """Return an event of Keld against Halden, with the codes that follow from type and mode."""
    ontology = load_ontology()
    return replace(
        DRILL, event_id=f"{number:012x}abcd", event_type=event_type, mode=mode, actors=(KELD,), recipients=(HALDEN,),
        contexts=(), quad_class=ontology.quad_class(event_type), intensity=ontology.intensity(event_type, mode),
        cameo=ontology.cameo(event_type, mode, ()), **changes,
    )  # fmt: skip


def interval(first: date, last: date, precision: str = "interval") -> EventDate:
    """Return a date of an event that no words say."""
    return EventDate(None, None, None, first, last, precision, "test")  # type: ignore[arg-type]


def cited(event: Event, *, published_on: str | None = "2024-06-03", **article: Any) -> dict[str, Any]:
    """Return an event as the store gives it to exports."""
    about = {
        "url": ARTICLE.url,
        "outlet": ARTICLE.outlet,
        "title": ARTICLE.title,
        "language": "en",
        "published_on": published_on,
    }
    return {**to_json(event), "incident_id": "i1", "article": {**about, **article}}
