"""The evidence of an event: its sentence in its surroundings, where it stands, and a check that it stands there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dragoman.errors import NotFound
from dragoman.store import Store
from dragoman.store.queries import holds_at, iter_rows

CONTEXT = 300


def get_evidence(
    store: Store, event_id: str, *, context: int = CONTEXT, as_of: datetime | None = None
) -> dict[str, Any]:
    """Return the sentence that an event rests on, its offsets, the text around it and the article it stands in.

    Args:
        store: An open store.
        event_id: The event, or a beginning that only one has.
        context: Characters to show before and after, cut between words.
        as_of: The state of knowledge at a moment; None for now.

    Returns:
        A row whose ``verified`` tells whether the article's text reads exactly so at the offsets.

    Raises:
        NotFound: No event, or more than one, begins so.
        StoreError: The file could not be read.
    """
    held, moments = holds_at(as_of, "e")
    of_article, more = holds_at(as_of, "a")
    sql = (
        'SELECT e.event_id, e.article_id, e.event_type, e.status, e.quote, e."trigger", e.section, a.text, a.outlet, a.title, a.url, '
        "a.published_on, a.language, a.newsroom FROM events e LEFT JOIN articles a ON a.article_id = e.article_id AND "
        f"{of_article} WHERE {held} AND starts_with(e.event_id, ?) ORDER BY e.event_id <> ? LIMIT 2"
    )
    found = list(iter_rows(store, sql, [*more, *moments, event_id, event_id])) if event_id.strip() else []
    if not found or (len(found) > 1 and found[0]["event_id"] != event_id):
        raise NotFound(f'no event "{event_id}" (or more than one begins so).')
    row = found[0]
    text: str = row.pop("text") or ""
    start, end = row["quote"]["start"], row["quote"]["end"]
    row["verified"] = all(text[s["start"] : s["end"]] == s["text"] for s in (row["quote"], row["trigger"]))
    row["before"] = _tail(text[:start], context)
    row["after"] = _head(text[end:], context)
    row["incidents"] = _incidents_of(store, row["event_id"], as_of)
    return row


def _incidents_of(store: Store, event_id: str, as_of: datetime | None) -> list[str]:
    held, moments = holds_at(as_of)
    sql = f"SELECT incident_id FROM incident_events WHERE {held} AND event_id = ? ORDER BY incident_id"
    return [row["incident_id"] for row in iter_rows(store, sql, [*moments, event_id])]


def _tail(text: str, most: int) -> str:
    """Return the last characters of a text, from the beginning of a word."""
    if len(text) <= most:
        return text
    cut = text[len(text) - most :] if most else ""
    at = next((n for n, c in enumerate(cut) if c.isspace()), -1)
    return cut[at + 1 :]


def _head(text: str, most: int) -> str:
    """Return the first characters of a text, to the end of a word."""
    if len(text) <= most:
        return text
    cut = text[:most]
    at = next((n for n in range(len(cut) - 1, -1, -1) if cut[n].isspace()), len(cut))
    return cut[:at]
