"""Which rows of an overview fit a filter, and which of them a page holds: the answers of ``queries`` and ``paged`` without asking the store.

Words are compared in small letters as DuckDB makes them, so that both ways find the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.store.opening import Store, telling
from dragoman.store.overview import NO_DAY, STATUSES, Overview
from dragoman.store.queries import EventFilter, incidents_where, where_of

_EPOCH = date(1970, 1, 1).toordinal()
_LAST = np.iinfo(np.int64).max


def fitting(store: Store, overview: Overview, wanted: EventFilter) -> NDArray[np.bool_]:
    """Return which rows fit a filter, bool (n,); its moment must be that of the overview.

    Raises:
        StoreError: The file could not be read.
    """
    flat = overview.flat(store)
    chosen = np.ones(len(flat.rowid), np.bool_)
    if wanted.event_types:
        chosen &= np.array([t in wanted.event_types for t in flat.types] or [False])[flat.type]
    if wanted.quad_classes:
        chosen &= np.isin(flat.quad, list(wanted.quad_classes))
    if wanted.status:
        chosen &= flat.status == (STATUSES.index(wanted.status) if wanted.status in STATUSES else -9)
    if wanted.historical is not None:
        chosen &= flat.historical == wanted.historical
    if wanted.since:
        chosen &= (flat.last >= _number(wanted.since)) & (flat.last != NO_DAY)
    if wanted.until:
        chosen &= (flat.first <= _number(wanted.until)) & (flat.first != NO_DAY)
    if wanted.min_sources is not None:
        chosen &= overview.told(store).sources >= wanted.min_sources
    if wanted.min_confidence is not None:
        chosen &= overview.sureness(store) >= wanted.min_confidence
    _keep_sides(store, overview, wanted, chosen)
    _keep_places(store, overview, wanted, chosen)
    if wanted.article_id or wanted.incident_ids:
        chosen &= _rarely(store, overview, wanted)
    return chosen


def _number(day: date) -> int:
    return day.toordinal() - _EPOCH


def _lower(store: Store, *words: str) -> list[str]:
    with telling(store.path):
        row = store.connection.execute("SELECT list_transform(?::VARCHAR[], lambda w: lower(w))", [list(words)]).fetchone()  # fmt: skip
    return [str(w) for w in row[0]] if row else []


def _keep_sides(store: Store, overview: Overview, wanted: EventFilter, chosen: NDArray[np.bool_]) -> None:
    for words, role in ((wanted.actor, False), (wanted.recipient, True), (wanted.participant, None)):
        if not words:
            continue
        people = overview.people(store)
        code, _, sector = words.partition("/")
        if code.isupper() and len(code) == 3:
            is_one = [c == code and (not sector or sector in s) for c, s in zip(people.countries, people.sectors, strict=True)]  # fmt: skip
        else:
            (small,) = _lower(store, words)
            is_one = [w is not None and small in w for w in people.words]
        fits = np.array(is_one, np.bool_)[people.code] if is_one else np.zeros(0, np.bool_)
        if role is not None:
            fits = fits & (people.receives == role)
        takes_part = np.zeros(len(chosen), np.bool_)
        takes_part[people.row[fits]] = True
        chosen &= takes_part


def _keep_places(store: Store, overview: Overview, wanted: EventFilter, chosen: NDArray[np.bool_]) -> None:
    size = len(chosen)
    if wanted.place:
        places, (small,) = overview.places(store), _lower(store, wanted.place)
        named = np.array(
            [*(w is not None and small in w for w in places.words), False]
        )  # the last is of no place
        chosen &= named[places.of]
    if wanted.country:
        pairs = overview.countries(store)
        chosen &= pairs.rows_of([n == wanted.country for n in pairs.names], size)
    if wanted.regions:
        pairs = overview.regions(store)
        chosen &= pairs.rows_of([n in wanted.regions for n in pairs.names], size)
    if wanted.outlet:
        pairs = overview.outlets(store)
        small, *names = _lower(store, wanted.outlet, *pairs.names)
        chosen &= pairs.rows_of([small in n for n in names], size)


def _rarely(store: Store, overview: Overview, wanted: EventFilter) -> NDArray[np.bool_]:
    """Return which rows are of an article or among given incidents, asked of the store."""
    some = EventFilter(article_id=wanted.article_id, incident_ids=wanted.incident_ids, as_of=wanted.as_of)
    if overview.kind == "incidents":
        where = incidents_where(some)
    else:
        where = where_of(some)
        where.add("article_id = ?", wanted.article_id)
    with telling(store.path):
        found = store.connection.execute(f"SELECT rowid AS r FROM {overview.kind} WHERE {where}", where.values).fetchnumpy()  # fmt: skip
    out = np.zeros(len(overview.flat(store).rowid), np.bool_)
    out[overview.at(store, np.ma.getdata(found["r"]))] = True
    return out


def page_among(
    store: Store, overview: Overview, chosen: NDArray[np.bool_], *, limit: int, order: str,
    after: tuple[date | None, str] | None = None,
) -> NDArray[np.int64]:  # fmt: skip
    """Return the rows of a page and the one after it, if there is one: by day, then id; those without a day are the last.

    Args:
        store: An open store.
        overview: The columns.
        chosen: bool (n,), among which rows.
        limit: Rows of a page.
        order: "newest", "oldest" or "reported".
        after: Day and id of the last row of the page before.
    """
    day = days_of(store, overview, order).astype(np.int64)
    rank = np.where(day == NO_DAY, _LAST, day if order == "oldest" else -day)
    if after is not None:
        at = _LAST if after[0] is None else _number(after[0]) * (1 if order == "oldest" else -1)
        ties = np.flatnonzero(chosen & (rank == at))
        beyond = rank > at
        beyond[ties[overview.ids_at(store, ties) > np.bytes_(after[1].encode())]] = True
        chosen = chosen & beyond
    found = np.flatnonzero(chosen)
    if len(found) > limit + 1:
        least = np.partition(rank[found], limit)[limit]
        found = found[rank[found] <= least]
    return found[np.lexsort((overview.ids_at(store, found), rank[found]))][: limit + 1]


def days_of(store: Store, overview: Overview, order: str) -> NDArray[np.int32]:
    """Return the day of each row that an order goes by, int32 (n,)."""
    return overview.told(store).reported if order == "reported" else overview.flat(store).first


def day_at(number: int) -> date | None:
    """Return the day of a column, None for ``NO_DAY``.

    Example:
        >>> day_at(0), day_at(int(NO_DAY))
        (datetime.date(1970, 1, 1), None)
    """
    return None if number == NO_DAY else date.fromordinal(number + _EPOCH)


def keys_at(store: Store, overview: Overview, rows: NDArray[Any]) -> Sequence[str]:
    """Return the ids of rows."""
    return [i.decode() for i in overview.ids_at(store, rows).tolist()]
