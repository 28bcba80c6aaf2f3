"""What was rejected and why, in pages and in numbers; with the outlet and address where the store knows them.

A rejection names a file's line, an address, an article or an event. Its outlet is that of the feed that offered the address, else that
of the stored article that it names or that came from there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dragoman.store.opening import Store, telling
from dragoman.store.queries import holds_at, iter_rows

Key = tuple[str, str, str, str]  # recorded_at, item_id, reason, detail
_SAID = "strftime(recorded_at, '%Y-%m-%dT%H:%M:%S.%f')"


def rejection_page(
    store: Store, *, outlet: str | None = None, reason: str | None = None, stage: str | None = None,
    as_of: datetime | None = None, limit: int, after: Key | None = None,
) -> tuple[list[dict[str, Any]], Key | None]:  # fmt: skip
    """Return a page of rejections, the newest first, and where it ends when there are more.

    Args:
        store: An open store.
        outlet: Words of the outlet's name; those without a known outlet do not fit.
        reason: Why.
        stage: Which stage gave up.
        as_of: The state of knowledge at a moment; None for now.
        limit: At most so many.
        after: Where the page before ended.

    Raises:
        StoreError: The file could not be read.
    """
    held, moments = holds_at(as_of)
    conditions, values = [held], list[Any](moments)
    for words, value in (("reason = ?", reason), ("stage = ?", stage)):
        if value is not None:
            conditions.append(words)
            values.append(value)
    beyond, key = "true", list[Any]()
    if after is not None:
        beyond = "(recorded_at < ? OR (recorded_at = ? AND (item_id, reason, detail) > (?, ?, ?)))"
        key = [after[0], *after]
    known = "contains(lower(outlet), lower(?))" if outlet else "true"
    sql = (
        f"WITH r AS (SELECT DISTINCT item_id, stage, reason, detail, {_SAID} AS recorded_at FROM rejections WHERE {' AND '.join(conditions)}), "
        "f AS (SELECT i.url, any_value(f.outlet) AS outlet FROM feed_items i JOIN feeds f USING (feed_id) GROUP BY i.url), "
        f"a AS (SELECT article_id, source, outlet, url FROM articles WHERE {held}), "
        f"e AS (SELECT event_id, article_id FROM events WHERE {held} AND event_id IN (SELECT item_id FROM r)), "
        "named AS (SELECT e.event_id AS item_id, a.outlet, a.url FROM e JOIN a USING (article_id) "
        "UNION ALL SELECT article_id, outlet, url FROM a UNION ALL SELECT source, outlet, url FROM a), "
        "known AS (SELECT item_id, any_value(outlet) AS outlet, any_value(url) AS url FROM named WHERE item_id IN (SELECT item_id FROM r) GROUP BY item_id), "
        "told AS (SELECT r.item_id, r.stage, r.reason, r.detail, coalesce(f.outlet, known.outlet) AS outlet, "
        "CASE WHEN f.url IS NOT NULL OR regexp_matches(r.item_id, '^https?://') THEN r.item_id ELSE known.url END AS url, r.recorded_at "
        "FROM r LEFT JOIN f ON f.url = r.item_id LEFT JOIN known USING (item_id)) "
        f"SELECT * FROM told WHERE {known} AND {beyond} ORDER BY recorded_at DESC, item_id, reason, detail LIMIT {int(limit) + 1}"
    )
    rows = list(iter_rows(store, sql, [*values, *moments, *moments, *([outlet] if outlet else []), *key]))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], (last["recorded_at"], last["item_id"], last["reason"], last["detail"])


def count_rejections(store: Store, *, as_of: datetime | None = None) -> list[dict[str, Any]]:
    """Return how many rejections there are of each stage and reason, the most frequent first.

    Raises:
        StoreError: The file could not be read.
    """
    held, moments = holds_at(as_of)
    sql = f"SELECT stage, reason, count(*) FROM (SELECT DISTINCT item_id, stage, reason, detail, recorded_at FROM rejections WHERE {held}) GROUP BY ALL ORDER BY 3 DESC, 1, 2"
    with telling(store.path):
        found = store.connection.execute(sql, moments).fetchall()
    return [{"stage": stage, "reason": reason, "n": int(n)} for stage, reason, n in found]
