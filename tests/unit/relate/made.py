"""Incidents made by hand, in the shape of the JSON."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any

_numbers = itertools.count(1)
QUADS = {"CONSULT": 1, "COOPERATE": 2, "REJECT": 3, "ASSAULT": 4}
INTENSITIES = {"CONSULT": 2.0, "COOPERATE": 6.0, "REJECT": -3.0, "ASSAULT": -9.0}


def side(code: str) -> dict[str, Any]:
    """Return a participant of "IRN", "IRN/MIL" or, of no country, "?"."""
    country, _, sector = code.partition("/")
    return {
        "text": code, "name": None, "country": None if country == "?" else country, "sectors": [sector] if sector else [],
    }  # fmt: skip


def incident(
    kind: str, actors: str, recipients: str = "", on: date = date(2020, 6, 1), **more: Any
) -> dict[str, Any]:
    """Return an incident of one day; sides are codes with spaces between them."""
    day = {"from": on.isoformat(), "to": on.isoformat(), "precision": "day"}
    return {
        "incident_id": f"i{next(_numbers):05}", "event_type": kind, "mode": None, "quad_class": QUADS[kind], "status": "actual",
        "historical": False, "actors": [side(c) for c in actors.split()], "recipients": [side(c) for c in recipients.split()],
        "date": day, "first_seen": on.isoformat(), **more,
    }  # fmt: skip


def intensity(row: Mapping[str, Any]) -> float:
    """Return the intensity of a made incident."""
    return INTENSITIES[row["event_type"]]
