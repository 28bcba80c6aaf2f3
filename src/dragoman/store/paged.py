"""Pages of incidents, events and articles: each page begins after the last row of the one before, never at a count of rows.

So a page costs the same wherever it lies, and rows that come in between shift nothing: with ``as_of`` in the filter all pages
together are exactly the rows that held at that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from dragoman.store.opening import Store, telling
from dragoman.store.queries import (
    EVENT_COLUMNS,
    EventFilter,
    find_incidents,
    holds_at,
    incidents_where,
    iter_rows,
    where_of,
)

Order = Literal["newest", "oldest", "reported"]
ARTICLE_COLUMNS = "article_id, source_id, url, outlet, title, language, published_on, newsroom, copy_of, length(text) AS characters"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the day of its last row, None for an undated one, and its id."""

    day: date | None
    id: str


def last_change(store: Store) -> datetime | None:
    """Return when the store last changed, UTC without a zone; None when it is empty.

    What holds now and what held at that moment are the same rows.
    """
    parts = " UNION ALL ".join(
        f"SELECT max(recorded_at), max(superseded_at) FROM {table}"
        for table in ("articles", "events", "incidents", "links")
    )
    with telling(store.path):
        rows = store.connection.execute(parts).fetchall()
    return max((moment for row in rows for moment in row if moment is not None), default=None)


def _after(column: str, key: str, after: Place | None, *, newest: bool) -> tuple[str, list[Any]]:
    """Return the condition that a row comes after a place; rows without a day are the last in either order."""
    if after is None:
        return "true", []
    if after.day is None:
        return f"({column} IS NULL AND {key} > ?)", [after.id]
    beyond = "<" if newest else ">"
    words = f"({column} {beyond} ? OR {column} IS NULL OR ({column} = ? AND {key} > ?))"
    return words, [after.day, after.day, after.id]


def _page(
    store: Store, table: str, columns: str, day: str, key: str, where: tuple[str, Sequence[Any]],
    *, limit: int, after: Place | None, newest: bool,
) -> tuple[list[dict[str, Any]], Place | None]:  # fmt: skip
    """Return the rows of a page, and where it ends when there are more."""
    beyond, values = _after(day, key, after, newest=newest)
    sql = (
        f"SELECT {columns}, {day} AS its_day, {key} AS its_key FROM {table} WHERE {where[0]} AND {beyond} "
        f"ORDER BY {day} {'DESC' if newest else 'ASC'} NULLS LAST, {key} LIMIT {int(limit) + 1}"
    )
    rows = list(iter_rows(store, sql, [*where[1], *values]))
    ends = [(row.pop("its_day"), row.pop("its_key")) for row in rows]
    if len(rows) <= limit:
        return rows, None
    day_, id_ = ends[limit - 1]
    return rows[:limit], Place(None if day_ is None else date.fromisoformat(day_), id_)


def event_page(
    store: Store, wanted: EventFilter, *, limit: int, after: Place | None = None, order: Order = "newest"
) -> tuple[list[dict[str, Any]], Place | None]:
    """Return a page of events in the shape of the JSON, by day and id, and where it ends when there are more.

    Args:
        store: An open store.
        wanted: What they must be.
        limit: At most so many.
        after: Where the page before ended.
        order: By the day of what happened, newest or oldest first; or "reported": by that of publication, newest first.

    Raises:
        StoreError: The file could not be read.
    """
    where = where_of(wanted)
    if wanted.article_id:
        where.add("article_id = ?", wanted.article_id)
    day, table, values = '"date"."from"', "events", list(where.values)
    if order == "reported":
        held, moments = holds_at(wanted.as_of)
        day = "its_article.told_on"
        table = (
            f"events LEFT JOIN (SELECT article_id AS told_in, published_on AS told_on FROM articles WHERE {held}) its_article "
            "ON told_in = article_id"
        )
        values = [*moments, *values]
    return _page(
        store, table, EVENT_COLUMNS, day, "event_id", (str(where), values), limit=limit, after=after, newest=order != "oldest"
    )  # fmt: skip


def incident_page(
    store: Store, wanted: EventFilter, *, limit: int, after: Place | None = None, order: Order = "newest"
) -> tuple[list[dict[str, Any]], Place | None]:
    """Return a page of incidents as ``find_incidents`` gives them, by day and id, and where it ends when there are more.

    Args:
        store: An open store.
        wanted: What they must be.
        limit: At most so many.
        after: Where the page before ended.
        order: By the day of what happened, newest or oldest first; or "reported": by that of the last report, newest first.

    Raises:
        StoreError: The file could not be read.
    """
    where = incidents_where(wanted)
    found, end = _page(
        store, "incidents", "incident_id", "last_seen" if order == "reported" else '"date"."from"', "incident_id",
        (str(where), where.values), limit=limit, after=after, newest=order != "oldest",
    )  # fmt: skip
    ids = [row["incident_id"] for row in found]
    if not ids:
        return [], None
    whole = EventFilter(incident_ids=ids, as_of=wanted.as_of)
    rows = {row["incident_id"]: row for row in find_incidents(store, whole)}
    return [rows[i] for i in ids], end


def article_page(
    store: Store, *, since: date | None = None, until: date | None = None, outlet: str | None = None,
    as_of: datetime | None = None, limit: int, after: Place | None = None, newest: bool = True,
) -> tuple[list[dict[str, Any]], Place | None]:  # fmt: skip
    """Return a page of articles without their texts, by day of publication and id, and where it ends when there are more.

    Raises:
        StoreError: The file could not be read.
    """
    condition, values = articles_where(since=since, until=until, outlet=outlet, as_of=as_of)
    return _page(
        store, "articles", ARTICLE_COLUMNS, "published_on", "article_id", (condition, values), limit=limit, after=after,
        newest=newest,
    )  # fmt: skip


def articles_where(
    *, since: date | None, until: date | None, outlet: str | None, as_of: datetime | None
) -> tuple[str, list[Any]]:
    """Return the condition on articles of a period and outlet, and its values."""
    held, moments = holds_at(as_of)
    conditions, values = [held], list[Any](moments)
    for words, value in (("published_on >= ?", since), ("published_on <= ?", until),
                         ("contains(lower(outlet), lower(?))", outlet)):  # fmt: skip
        if value:
            conditions.append(words)
            values.append(value)
    return " AND ".join(conditions), values
