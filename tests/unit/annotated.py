"""A small annotated article and coded events of it, built by hand: what ``score`` and its neighbours compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
SENTENCES = (
    "France condemned Iran over the trial.",
    "Soldiers beat students in Lagos and police arrested two leaders on Friday.",
)
TEXT = " ".join(SENTENCES)


def side(text: str, country: str | None, sector: str | None = None) -> Row:
    """Return a participant as an annotation has it."""
    return {"text": text, "country": country, "sector": sector}


FRANCE, IRAN = side("France", "FRA", "GOV"), side("Iran", "IRN", "GOV")


def _span(words: str) -> Row:
    start = TEXT.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


def annotated(event_type: str, trigger: str, /, **fields: Any) -> Row:
    """Return an annotated event."""
    return {
        "event_type": event_type, "trigger": _span(trigger), "mode": None, "status": "actual", "actors": [],
        "recipients": [], "places": [], "dates": [], **fields,
    }  # fmt: skip


def coded(event_type: str, trigger: str, /, *, source_id: str = "a", sure: float = 0.9, **fields: Any) -> Row:
    """Return a coded event as ``code --format jsonl`` prints it, as far as it is scored; ``sure`` is of its type."""
    for name in {"actors", "recipients"} & set(fields):
        fields[name] = [
            {"text": p["text"], "country": p["country"], "sectors": [p["sector"]] if p["sector"] else []}
            for p in fields[name]
        ]
    return {
        "source_id": source_id, "event_type": event_type, "trigger": _span(trigger), "mode": None, "status": "actual",
        "actors": [], "recipients": [], "place": None, "date": None, "confidence": {"type": sure}, **fields,
    }  # fmt: skip


def article(first: Sequence[Row] = (), second: Sequence[Row] = (), *, name: str = "a", **fields: Any) -> Row:
    """Return an annotated article of the two sentences with their events."""
    at = len(SENTENCES[0]) + 1
    return {
        "id": name, "text": TEXT, "published_on": "2024-05-06", "sentences": [
            {"start": 0, "end": at - 1, "events": list(first)},
            {"start": at, "end": len(TEXT), "events": list(second)},
        ], **fields,
    }  # fmt: skip
