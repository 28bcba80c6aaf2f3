"""Incidents and points of invented relations, by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dragoman.ontology import load_ontology
from dragoman.relate.groups import Group
from dragoman.relate.points import Point, points_of

ONTOLOGY = load_ontology()
FIRST, SECOND = Group("NOR", ("NOR",)), Group("DNK", ("DNK",))


def side(country: str | None, *, sectors: tuple[str, ...] = ("GOV",), text: str = "", name: str | None = None) -> dict[str, Any]:  # fmt: skip
    """Return a participant."""
    return {"text": text or country or "somebody", "name": name, "country": country, "sectors": list(sectors)}


def incident(
    on: date | None, event_type: str = "CONSULT", *, actors: tuple[Any, ...] = (side("NOR"),),
    recipients: tuple[Any, ...] = (side("DNK"),), days: int = 0, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return an incident of a day, or of a stretch of days from it."""
    when = (
        None
        if on is None
        else {"from": on.isoformat(), "to": (on + timedelta(days=days)).isoformat(), "precision": "day"}
    )
    name = f"{event_type}-{on}-{more.get('n', 0)}"
    row = {
        "incident_id": name, "event_type": event_type, "mode": None, "quad_class": ONTOLOGY.quad_class(event_type),
        "status": "actual", "historical": False, "actors": list(actors), "recipients": list(recipients), "place": None,
        "date": when, "events": [f"e-{name}"], "reports": [f"a-{name}"], "newsrooms": ["Keld Times"], "independent_sources": 1,
        "first_seen": on and on.isoformat(), "last_seen": on and on.isoformat(),
    }  # fmt: skip
    return {**row, **{k: v for k, v in more.items() if k != "n"}}


def intensity(row: Any) -> float:
    """Return the ontology's intensity."""
    return ONTOLOGY.intensity(row["event_type"], row["mode"])


def points(*rows: dict[str, Any]) -> list[Point]:
    """Return the points of Norway and Denmark."""
    return points_of(rows, FIRST, SECOND, intensity=intensity)


def every_day(first: date, last: date, n: int = 10) -> dict[str, dict[date, int]]:
    """Return a coverage of so many articles of one outlet each day."""
    days = (last - first).days + 1
    return {"Keld Times": {first + timedelta(days=d): n for d in range(days)}}
