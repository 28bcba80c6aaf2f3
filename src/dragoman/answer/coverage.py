"""What was read: articles per outlet and day of publication, beside how the outlet's feeds answered on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from dragoman.store import Store
from dragoman.store.feeds import find_coverage
from dragoman.store.relating import read_in_order

_AT_ONCE = 5000  # rows of a page when all are wanted


def coverage_page(
    store: Store, *, today: date, since: date | None = None, until: date | None = None, outlet: str | None = None,
    as_of: datetime | None = None, limit: int, after: tuple[str, str] | None = None,
) -> tuple[list[dict[str, Any]], tuple[str, str] | None]:  # fmt: skip
    """Return a page of one row per day and outlet, by day, then outlet, and where it ends when there are more.

    Args:
        store: An open store.
        today: The last day for which feeds are told of when ``until`` is None.
        since: First day.
        until: Last day.
        outlet: Words of the outlet's name.
        as_of: The state of knowledge of articles at a moment; what feeds did is told as it stands now.
        limit: At most so many.
        after: Day and outlet of the last row of the page before.

    Returns:
        Rows of ``outlet``, ``day``, ``articles`` (stored, published on that day) and ``feeds``: what its feeds offered on that
        day and how they answered, None where no feed of it was watched.

    Raises:
        StoreError: The file could not be read.
    """
    read = read_in_order(
        store, since=since, until=until, outlet=outlet, as_of=as_of, limit=limit + 1, after=after
    )
    rows: dict[tuple[str, str], dict[str, Any]] = {
        (day.isoformat(), name): {"outlet": name, "day": day.isoformat(), "articles": number, "feeds": None}
        for day, name, number in read
    }
    for one in find_coverage(store, until=until or today, since=since, outlet=outlet):
        key = (one.day.isoformat(), one.outlet)
        if after is None or key > after:
            told = {k: v for k, v in asdict(one).items() if k not in ("outlet", "day")}
            rows.setdefault(key, {"outlet": one.outlet, "day": key[0], "articles": 0})["feeds"] = told
    keys = sorted(rows)
    return [rows[key] for key in keys[:limit]], keys[limit - 1] if len(keys) > limit else None


def iter_coverage(
    store: Store, *, today: date, since: date | None = None, until: date | None = None, outlet: str | None = None,
    as_of: datetime | None = None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield all rows of ``coverage_page``, page by page.

    Raises:
        StoreError: The file could not be read.
    """
    after: tuple[str, str] | None = None
    while True:
        rows, after = coverage_page(
            store,
            today=today,
            since=since,
            until=until,
            outlet=outlet,
            as_of=as_of,
            limit=_AT_ONCE,
            after=after,
        )
        yield from rows
        if after is None:
            return
