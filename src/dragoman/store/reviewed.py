"""Pages of what people said of events, the newest first, each with the event's type and sentence and the article's title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dragoman.store.opening import Store
from dragoman.store.queries import iter_rows

# The row that holds of an id, else the last that held.
_LATEST = "QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY superseded_at IS NULL DESC, recorded_at DESC, rowid DESC) = 1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reviews: all that are given must fit; ``article_id`` may be a beginning."""

    reviewer: str | None = None
    verdict: str | None = None
    article_id: str | None = None


def review_page(
    store: Store, wanted: Wanted, *, limit: int, after: tuple[str, str] | None = None
) -> tuple[list[dict[str, Any]], tuple[str, str] | None]:
    """Return a page of reviews and where it ends, None for the last page.

    Args:
        store: An open store.
        wanted: Which reviews.
        limit: At most so many.
        after: Where the page before ended: time of recording and id.

    Raises:
        StoreError: The file could not be read.
    """
    conditions, values = ["true"], list[Any]()
    for condition, value in (
        ("r.reviewer = ?", wanted.reviewer), ("r.verdict = ?", wanted.verdict), ("starts_with(e.article_id, ?)", wanted.article_id),
    ):  # fmt: skip
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if after is not None:
        conditions.append(
            "(r.recorded_at < ?::TIMESTAMP OR (r.recorded_at = ?::TIMESTAMP AND r.review_id < ?))"
        )
        values += [after[0], after[0], after[1]]
    sql = (
        "SELECT r.review_id, r.event_id, e.article_id, r.verdict, r.correction, r.reviewer, "
        "strftime(r.recorded_at, '%Y-%m-%dT%H:%M:%S.%f') AS recorded_at, e.event_type, "
        "e.quote.text AS quote, a.title FROM reviews r "
        "LEFT JOIN (SELECT event_id, article_id, event_type, quote FROM events WHERE event_id IN (SELECT event_id FROM reviews) "
        f"{_LATEST.format(key='event_id')}) e USING (event_id) "
        "LEFT JOIN (SELECT article_id, title FROM articles WHERE article_id IN (SELECT article_id FROM events WHERE event_id IN "
        f"(SELECT event_id FROM reviews)) {_LATEST.format(key='article_id')}) a ON a.article_id = e.article_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY r.recorded_at DESC, r.review_id DESC LIMIT {int(limit) + 1}"
    )
    rows = list(iter_rows(store, sql, values))
    items = rows[:limit]
    return items, (items[-1]["recorded_at"], items[-1]["review_id"]) if len(rows) > limit else None
