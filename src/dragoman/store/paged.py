"""Pages of incidents, events and articles: each page begins after the last row of the one before, never at a count of rows.

So a page costs the same wherever it lies, and rows that come in between shift nothing: with ``as_of`` in the filter all pages
together are exactly the rows that held at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dragoman.store.fitting import day_at, days_of, fitting, keys_at, page_among
from dragoman.store.opening import Store, telling
from dragoman.store.overview import Overview
from dragoman.store.queries import (
    EVENT_COLUMNS,
    INCIDENT_COLUMNS,
    EventFilter,
    holds_at,
    incidents_where,
    iter_rows,
    where_of,
    with_reports,
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
    store: Store, wanted: EventFilter, *, limit: int, after: Place | None = None, order: Order = "newest",
    overview: Overview | None = None,
) -> tuple[list[dict[str, Any]], Place | None]:  # fmt: skip
    """Return a page of events in the shape of the JSON, by day and id, and where it ends when there are more.

    Args:
        store: An open store.
        wanted: What they must be.
        limit: At most so many.
        after: Where the page before ended.
        order: By the day of what happened, newest or oldest first; or "reported": by that of publication, newest first.
        overview: Columns of the events of the filter's moment, where there are any: the same is found in a tenth of the time.

    Raises:
        StoreError: The file could not be read.
    """
    if overview is not None and (overview.is_read() or not _is_plain(wanted)):
        found = _among_columns(store, overview, wanted, limit, after, order)
    else:
        found = _among_events(store, wanted, limit, after, order)
    return _whole(found, overview, lambda table: _events(store, table))


def incident_page(
    store: Store, wanted: EventFilter, *, limit: int, after: Place | None = None, order: Order = "newest",
    overview: Overview | None = None,
) -> tuple[list[dict[str, Any]], Place | None]:  # fmt: skip
    """Return a page of incidents as ``find_incidents`` gives them, by day and id, and where it ends when there are more.

    Args:
        store: An open store.
        wanted: What they must be.
        limit: At most so many.
        after: Where the page before ended.
        order: By the day of what happened, newest or oldest first; or "reported": by that of the last report, newest first.
        overview: Columns of the incidents of the filter's moment, where there are any: the same is found in a tenth of the time.

    Raises:
        StoreError: The file could not be read.
    """
    if overview is not None and (overview.is_read() or not _is_plain(wanted)):
        found = _among_columns(store, overview, wanted, limit, after, order)
    else:
        where = incidents_where(wanted)
        found = _page(
            store, "incidents", "incident_id AS id, rowid AS its_row", "last_seen" if order == "reported" else '"date"."from"',
            "incident_id", (str(where), where.values), limit=limit, after=after, newest=order != "oldest",
        )  # fmt: skip
    return _whole(found, overview, lambda table: _incidents(store, table, wanted.as_of))


Found = tuple[list[dict[str, Any]], Place | None]  # rows of "id" and "its_row", and where the page ends


def _is_plain(wanted: EventFilter) -> bool:
    return replace(wanted, as_of=None) == EventFilter()


def _among_events(store: Store, wanted: EventFilter, limit: int, after: Place | None, order: Order) -> Found:
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
        store, table, "event_id AS id, events.rowid AS its_row", day, "event_id", (str(where), values), limit=limit, after=after,
        newest=order != "oldest",
    )  # fmt: skip


def _among_columns(
    store: Store, overview: Overview, wanted: EventFilter, limit: int, after: Place | None, order: Order
) -> Found:
    key = None if after is None else (after.day, after.id)
    at = page_among(store, overview, fitting(store, overview, wanted), limit=limit, order=order, after=key)
    ids = keys_at(store, overview, at)
    rows = [
        {"id": i, "its_row": r} for i, r in zip(ids, overview.flat(store).rowid[at].tolist(), strict=True)
    ]
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], Place(day_at(int(days_of(store, overview, order)[at[limit - 1]])), ids[limit - 1])


def newest_rows(store: Store, overview: Overview, *, most: int) -> NDArray[np.int64]:
    """Return which rows of the columns are the newest, newest first, int64 (n,), n at most ``most``."""
    all_of_them = np.ones(len(overview.flat(store).rowid), np.bool_)
    return page_among(store, overview, all_of_them, limit=most, order="newest")[:most]


def read_rows(store: Store, overview: Overview, at: NDArray[np.int64]) -> None:
    """Read incidents in whole, by their rows in the columns, so that pages that show them need not.

    Raises:
        StoreError: The file could not be read.
    """
    table = dict(zip(keys_at(store, overview, at), overview.flat(store).rowid[at].tolist(), strict=True))
    overview.rows(list(table), lambda missing: _incidents(store, {i: table[i] for i in missing}, overview.as_of))  # fmt: skip


def _whole(
    found: Found, overview: Overview | None, fetch: Callable[[dict[str, int]], dict[str, bytes]]
) -> tuple[list[dict[str, Any]], Place | None]:
    """Return a page of whole rows; ``fetch`` gives them as JSON by id where the overview does not remember them."""
    table = {row["id"]: row["its_row"] for row in found[0]}
    if not table:
        return [], None
    if overview is None:
        rows = fetch(table)
    else:
        rows = overview.rows(list(table), lambda missing: fetch({i: table[i] for i in missing}))
    return [json.loads(rows[i]) for i in table], found[1]


def _incidents(store: Store, table: dict[str, int], as_of: datetime | None) -> dict[str, bytes]:
    # Reports are told in whole anyway, and their column is the slowest to read here and there.
    columns = INCIDENT_COLUMNS.replace("reports, ", "")
    listed = ", ".join(str(rowid) for rowid in table.values())
    # Put in order, rows that lie here and there are brought together before they are written as JSON: half the time.
    found = list(iter_rows(store, f"SELECT {columns} FROM incidents WHERE rowid IN ({listed}) ORDER BY rowid", []))  # fmt: skip
    return {row["incident_id"]: json.dumps(row, ensure_ascii=False).encode() for row in with_reports(store, found, as_of)}  # fmt: skip


def _events(store: Store, table: dict[str, int]) -> dict[str, bytes]:
    listed = ", ".join(str(rowid) for rowid in table.values())
    found = iter_rows(store, f"SELECT {EVENT_COLUMNS} FROM events WHERE rowid IN ({listed}) ORDER BY rowid", [])  # fmt: skip
    return {row["event_id"]: json.dumps(row, ensure_ascii=False).encode() for row in found}


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
