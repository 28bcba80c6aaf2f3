"""Feeds as they stand now: whether they answer, what they offered in all, and what became of it."""

from __future__ import annotations

from typing import Any

from dragoman.store.opening import Store
from dragoman.store.queries import iter_rows

# A feed that answers and offered nothing new for so long before its last good answer is quiet.
QUIET_DAYS = 7
_STAMP = "strftime({}, '%Y-%m-%dT%H:%M:%S')"


def feed_page(
    store: Store, *, outlet: str | None = None, limit: int, after: tuple[str, str] | None = None
) -> tuple[list[dict[str, Any]], tuple[str, str] | None]:
    """Return a page of feeds by outlet and address, and where it ends when there are more.

    Args:
        store: An open store.
        outlet: Words of the outlet's name.
        limit: At most so many.
        after: Outlet and address of the last row of the page before.

    Returns:
        Rows whose ``state`` is ok, quiet (it answers and offered nothing new for ``QUIET_DAYS`` days), broken (it failed the last
        time) or waiting (it was not asked yet).

    Raises:
        StoreError: The file could not be read.
    """
    names = {
        name: _STAMP.format(f"f.{column}")
        for name, column in (("last_try", "last_polled_at"), ("last_good", "last_success_at"), ("next_try", "next_due_at"))
    }  # fmt: skip
    stamps = ", ".join(f"{words} AS {name}" for name, words in names.items())
    sums = "count(*) AS offered, count(fetched_at) AS fetched, " + ", ".join(
        f"count(*) FILTER (state = '{s}') AS {s}" for s in ("coded", "rejected", "duplicate", "waiting")
    )
    state = (
        "CASE WHEN f.last_polled_at IS NULL THEN 'waiting' WHEN f.failures > 0 THEN 'broken' "
        f"WHEN n.newest IS NULL OR n.newest < f.last_success_at - INTERVAL {QUIET_DAYS} DAY THEN 'quiet' ELSE 'ok' END"
    )
    columns = ", ".join(f"coalesce(n.{s}, 0) AS {s}" for s in ("offered", "fetched", "coded", "rejected", "duplicate", "waiting"))  # fmt: skip
    conditions, values = ["true"], list[Any]()
    if outlet:
        conditions.append("contains(lower(f.outlet), lower(?))")
        values.append(outlet)
    if after is not None:
        conditions.append("(f.outlet, f.url) > (?, ?)")
        values += after
    sql = (
        f"WITH n AS (SELECT feed_id, max(offered_at) AS newest, {sums} FROM feed_items GROUP BY feed_id) "
        f"SELECT f.feed_id, f.url, f.outlet, f.country, f.kind, f.title, {state} AS state, {stamps}, f.failures, {columns}, f.reason, f.detail "
        f"FROM feeds f LEFT JOIN n USING (feed_id) WHERE {' AND '.join(conditions)} ORDER BY f.outlet, f.url LIMIT {int(limit) + 1}"
    )
    rows = list(iter_rows(store, sql, values))
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], (rows[limit - 1]["outlet"], rows[limit - 1]["url"])
