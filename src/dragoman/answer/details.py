"""One incident, event or article with all that belongs to it; and the articles, events and coverage around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dragoman.errors import Gone, NotFound
from dragoman.store import EventFilter, Store, find_events, find_incidents, get_article
from dragoman.store.queries import find_by_id, holds_at, iter_rows
from dragoman.store.relating import find_evidence, find_told
from dragoman.store.verdicts import find_incident

# Events are whole and large; an incident told by hundreds of reports gives the others in pages.
MOST_TOLD = 100


def get_incident(
    store: Store, incident_id: str, *, as_of: datetime | None = None, most: int = MOST_TOLD
) -> dict[str, Any]:
    """Return an incident with its reports, sentences, events, reasons, what it follows from and what follows from it.

    Args:
        store: An open store.
        incident_id: Its id, or a beginning that only one has.
        as_of: The state of knowledge at a moment; None for now.
        most: Sentences and events at most, those that were published first; ``find_reports`` gives the others.

    Raises:
        NotFound: No incident, or more than one, begins so.
        Gone: It was merged, split or withdrawn since.
        StoreError: The file could not be read.
    """
    key = _incident_id(store, incident_id, as_of)
    row = next(find_incidents(store, EventFilter(incident_ids=(key,), as_of=as_of)))
    row["evidence"], row["told"], _ = _reports(store, row["events"], as_of, most=most, after=None)
    row["followed_by"] = _followed_by(store, key, as_of)
    return row


def find_reports(
    store: Store,
    incident_id: str,
    *,
    most: int,
    after: Sequence[Any] | None = None,
    as_of: datetime | None = None,
) -> tuple[list[dict[str, Any]], list[Any] | None]:
    """Return sentences of an incident, each with its event under ``told``, by day of publication; and where they end.

    Args:
        store: An open store.
        incident_id: Its id, or a beginning that only one has.
        most: At most so many.
        after: Where the ones before ended; None for the first.
        as_of: The state of knowledge at a moment; None for now.

    Returns:
        The sentences, and what is to be asked for ``after`` them; None after the last.

    Raises:
        NotFound: No incident, or more than one, begins so.
        Gone: It was merged, split or withdrawn since.
        StoreError: The file could not be read.
    """
    key = _incident_id(store, incident_id, as_of)
    row = next(find_incidents(store, EventFilter(incident_ids=(key,), as_of=as_of)))
    evidence, told, end = _reports(store, row["events"], as_of, most=most, after=after)
    events = {event["event_id"]: event for event in told}
    return [{**one, "told": events[one["event_id"]]} for one in evidence if one["event_id"] in events], end


def _reports(
    store: Store, events: Sequence[str], as_of: datetime | None, *, most: int, after: Sequence[Any] | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Any] | None]:
    """Return sentences and events of an incident in one order, and where they end."""
    evidence = sorted(find_evidence(store, events, as_of=as_of).values(), key=_place_of)
    left = [one for one in evidence if after is None or _place_of(one) > list(after)]
    shown = left[:most]
    told = find_told(store, [one["event_id"] for one in shown], as_of=as_of)
    end = _place_of(shown[-1]) if len(left) > most else None
    return shown, [told[one["event_id"]] for one in shown if one["event_id"] in told], end


def _place_of(sentence: Mapping[str, Any]) -> list[Any]:
    """Return what sentences of an incident are sorted by: those without a day of publication come last."""
    return [
        str(sentence["published_on"] or "9999"),
        sentence["article_id"],
        sentence["quote"]["start"],
        sentence["event_id"],
    ]


def _incident_id(store: Store, beginning: str, as_of: datetime | None) -> str:
    if not beginning.strip():
        raise NotFound('no incident "".')
    held, moments = holds_at(as_of)
    sql = f"SELECT incident_id FROM incidents WHERE {held} AND starts_with(incident_id, ?) ORDER BY incident_id LIMIT 2"
    found = [row["incident_id"] for row in iter_rows(store, sql, [*moments, beginning])]
    if beginning in found or len(found) == 1:
        return str(found[0])
    former = find_incident(store, beginning) if not found else None
    if former is not None and former.moved:
        raise Gone(former.incident_id, former.current)
    raise NotFound(f'no incident "{beginning}" (or more than one begins so).')


def _followed_by(store: Store, incident_id: str, as_of: datetime | None) -> list[dict[str, Any]]:
    held, moments = holds_at(as_of)
    sql = (
        f"SELECT incident_id, score, reasons FROM links WHERE {held} AND kind = 'follows' AND other_incident_id = ? "
        "ORDER BY score DESC, incident_id"
    )
    return list(iter_rows(store, sql, [*moments, incident_id]))


def get_event(store: Store, event_id: str, *, as_of: datetime | None = None) -> dict[str, Any]:
    """Return an event in the shape of the JSON; a beginning of its id that only one has is enough.

    Raises:
        NotFound: No event, or more than one, begins so.
        StoreError: The file could not be read.
    """
    kind, row = (find_by_id(store, event_id, as_of) if event_id.strip() else None) or ("", {})
    if kind != "event":
        raise NotFound(f'no event "{event_id}" (or more than one begins so).')
    return row


def get_article_with_events(
    store: Store, article_id: str, *, as_of: datetime | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return an article with its text, and its events in the order of the text.

    Raises:
        NotFound: No article, or more than one, begins so.
        StoreError: The file could not be read.
    """
    row = get_article(store, article_id, as_of) if article_id.strip() else None
    if row is None:
        raise NotFound(f'no article "{article_id}" (or more than one begins so).')
    events = list(find_events(store, EventFilter(article_id=row["article_id"], as_of=as_of)))
    return row, sorted(events, key=lambda e: (e["trigger"]["start"], e["event_id"]))
