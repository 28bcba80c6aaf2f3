"""Verify a whole store: spans quote their articles, references lead somewhere, digests fit, histories do not overlap.

Out: each fault in words. Nothing is changed. All versions of rows are looked at, not only those that hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dragoman.merge.incidents import incident_id_of
from dragoman.records import to_json
from dragoman.store.opening import Store, telling
from dragoman.store.queries import EVENT_COLUMNS, iter_rows
from dragoman.store.rows import article_from_row, event_from_row
from dragoman.store.writing import content_digest

_MOST_TOLD = 20  # of one kind of fault; the rest is counted
_HISTORIES = {
    "articles": ("article_id",), "events": ("event_id",), "vectors": ("event_id",), "incidents": ("incident_id",),
    "incident_events": ("event_id",), "links": ("incident_id", "kind", "other_incident_id"),
    "participants": ("event_id", "role", "place_in_list"),
}  # fmt: skip
_SPANS = {
    "trigger": '[e."trigger"]', "quote": "[e.quote]", "actors": "e.actors", "recipients": "e.recipients", "place": "[e.place]",
    "said_by": "[e.said_by]", "date": '[e."date"]', "counts": "map_values(e.counts)",
}  # fmt: skip
# What must lead somewhere: words, and a query of the ids that do not.
_REFERENCES: tuple[tuple[str, str], ...] = (
    ("event {0} is of no stored article", "SELECT DISTINCT event_id FROM events WHERE article_id NOT IN (SELECT article_id FROM articles)"),
    ("event {0} holds, its article {1} does not", "SELECT event_id, article_id FROM events WHERE superseded_at IS NULL AND article_id NOT IN (SELECT article_id FROM articles WHERE superseded_at IS NULL)"),
    ("a participant is of event {0}, which does not hold", "SELECT DISTINCT event_id FROM participants WHERE superseded_at IS NULL AND event_id NOT IN (SELECT event_id FROM events WHERE superseded_at IS NULL)"),
    ("event {0} has {1} participants in its row and {2} of their own", "SELECT e.event_id, len(e.actors) + len(e.recipients) AS said, count(p.event_id) AS found FROM events e LEFT JOIN participants p ON p.event_id = e.event_id AND p.superseded_at IS NULL WHERE e.superseded_at IS NULL GROUP BY ALL HAVING coalesce(said, 0) <> found"),
    ("a vector is of event {0}, which was never stored", "SELECT DISTINCT event_id FROM vectors WHERE event_id NOT IN (SELECT event_id FROM events)"),
    ("event {0} stands in no incident", "SELECT event_id FROM events WHERE superseded_at IS NULL AND event_id NOT IN (SELECT event_id FROM incident_events WHERE superseded_at IS NULL)"),
    ("incident {0} has event {1}, which does not hold", "SELECT incident_id, event_id FROM incident_events WHERE superseded_at IS NULL AND event_id NOT IN (SELECT event_id FROM events WHERE superseded_at IS NULL)"),
    ("event {1} stands in incident {0}, which does not hold", "SELECT incident_id, event_id FROM incident_events WHERE superseded_at IS NULL AND incident_id NOT IN (SELECT incident_id FROM incidents WHERE superseded_at IS NULL)"),
    ("incident {0} lists other events than stand in it", "SELECT i.incident_id FROM incidents i LEFT JOIN (SELECT incident_id, list_sort(list(event_id)) AS own FROM incident_events WHERE superseded_at IS NULL GROUP BY ALL) m USING (incident_id) WHERE i.superseded_at IS NULL AND list_sort(i.events) IS DISTINCT FROM m.own"),
    ("incident {0} is reported by article {1}, which does not hold", "SELECT incident_id, article FROM (SELECT incident_id, unnest(reports) AS article FROM incidents WHERE superseded_at IS NULL) WHERE article NOT IN (SELECT article_id FROM articles WHERE superseded_at IS NULL)"),
    ("a link of kind {1} joins {0} and {2}, of which one does not hold", "SELECT incident_id, kind, other_incident_id FROM links WHERE superseded_at IS NULL AND (incident_id NOT IN (SELECT incident_id FROM incidents WHERE superseded_at IS NULL) OR other_incident_id NOT IN (SELECT incident_id FROM incidents WHERE superseded_at IS NULL))"),
    ("a verdict is of event {0}, which was never stored", "SELECT DISTINCT event FROM (SELECT event_a AS event FROM verdicts UNION ALL SELECT event_b FROM verdicts) WHERE event NOT IN (SELECT event_id FROM events)"),
    ("a review is of event {0}, which was never stored", "SELECT DISTINCT event_id FROM reviews WHERE event_id NOT IN (SELECT event_id FROM events)"),
    ("article {0} is a copy of {1}, which does not hold", "SELECT article_id, copy_of FROM articles WHERE superseded_at IS NULL AND copy_of IS NOT NULL AND copy_of NOT IN (SELECT article_id FROM articles WHERE superseded_at IS NULL)"),
    ("article {0} is of run {1}, which is not recorded", "SELECT DISTINCT article_id, run_id FROM articles WHERE run_id NOT IN (SELECT run_id FROM runs)"),
)  # fmt: skip
_INDEX = (
    ("event {0} is not in the index of merging", "SELECT event_id FROM events WHERE superseded_at IS NULL AND event_id NOT IN (SELECT event_id FROM components)"),
    ("the index of merging holds event {0}, which does not hold", "SELECT event_id FROM components WHERE event_id NOT IN (SELECT event_id FROM events WHERE superseded_at IS NULL)"),
    ("event {0} stands in the index of merging {1} times", "SELECT event_id, count(*) FROM components GROUP BY ALL HAVING count(*) > 1"),
)  # fmt: skip


def find_faults(store: Store, article_id_of: Callable[[str, str | None], str] | None = None) -> Iterator[str]:
    """Yield every fault of a store in words, at most twenty of a kind and then their number.

    Args:
        store: An open store.
        article_id_of: Text and URL of an article → its id; None to leave ids of articles alone.

    Raises:
        StoreError: The file could not be read.
    """
    checks: list[Iterator[str]] = [
        _spans(store),
        _references(store),
        _histories(store),
        _digests(store, article_id_of),
    ]
    for check in checks:
        yield from check


def _told(store: Store, words: str, sql: str, values: Sequence[Any] = ()) -> Iterator[str]:
    with telling(store.path):
        rows = store.connection.execute(sql, list(values)).fetchall()
    for row in rows[:_MOST_TOLD]:
        yield words.format(*row)
    if len(rows) > _MOST_TOLD:
        yield f"… and {len(rows) - _MOST_TOLD} more of these: {words.format('…', '…', '…', '…')}"


def _spans(store: Store) -> Iterator[str]:
    """Every span of every version of an event quotes its article."""
    for name, column in _SPANS.items():
        sql = (
            'SELECT DISTINCT event_id, s."start", s."end", s."text", substring(article, s."start" + 1, s."end" - s."start") AS found '
            f"FROM (SELECT e.event_id, a.article, unnest({column}) AS s FROM events e JOIN "
            "(SELECT article_id, any_value(text) AS article FROM articles GROUP BY ALL) a USING (article_id)) "
            'WHERE s IS NOT NULL AND s."text" IS NOT NULL AND s."start" IS NOT NULL AND found IS DISTINCT FROM s."text" ORDER BY ALL'
        )
        yield from _told(store, f'{name} {{1}}–{{2}} of event {{0}} is "{{3}}", its article reads "{{4}}" there', sql)  # fmt: skip


def _references(store: Store) -> Iterator[str]:
    for words, sql in _REFERENCES:
        yield from _told(store, words, f"{sql} ORDER BY ALL")
    row = store.connection.execute("SELECT 1 FROM store_info WHERE key = 'merge_digest'").fetchone()
    for words, sql in _INDEX if row is not None else ():
        yield from _told(store, words, f"{sql} ORDER BY ALL")


def _histories(store: Store) -> Iterator[str]:
    """Of each id one row holds at a time, and none ends before it begins."""
    for table, columns in _HISTORIES.items():
        key = ", ".join(columns)
        name = " || ' ' || ".join(f"{c}::VARCHAR" for c in columns)
        yield from _told(
            store, f"{table}: {{0}} has {{1}} rows that hold",
            f"SELECT {name}, count(*) FROM {table} WHERE superseded_at IS NULL GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL",
        )  # fmt: skip
        yield from _told(
            store, f"{table}: a row of {{0}} ends before it begins",
            f"SELECT DISTINCT {name} FROM {table} WHERE superseded_at < recorded_at ORDER BY ALL",
        )  # fmt: skip
        yield from _told(
            store, f"{table}: two rows of {{0}} hold at {{1}}",
            f"SELECT {name}, recorded_at FROM (SELECT *, max(coalesce(superseded_at, TIMESTAMP 'infinity')) OVER (PARTITION BY {key} "
            "ORDER BY recorded_at, coalesce(superseded_at, TIMESTAMP 'infinity'), rowid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) "
            f"AS until FROM (SELECT *, rowid FROM {table} WHERE superseded_at IS DISTINCT FROM recorded_at)) "
            "WHERE until > recorded_at ORDER BY ALL",
        )  # fmt: skip


def _digests(store: Store, article_id_of: Callable[[str, str | None], str] | None) -> Iterator[str]:
    """Ids and digests are those of the content."""
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT incident_id, events[1] FROM incidents WHERE superseded_at IS NULL ORDER BY ALL"
        ).fetchall()
    for incident_id, first in rows:
        # Incidents of a store that is to be grouped anew may bear ids of an earlier kind.
        if first is None or incident_id_of(first) != incident_id:
            yield f"incident {incident_id} does not have the id that follows from its first event {first}"
    reviewed = {
        r[0]
        for r in store.connection.execute(
            "SELECT e.article_id FROM reviews r JOIN events e USING (event_id)"
        ).fetchall()
    }
    sql = (
        "SELECT article_id, text, source, source_id, url, outlet, title, sections, language, published_on, content_digest "
        "FROM articles WHERE superseded_at IS NULL ORDER BY article_id"
    )
    for row in iter_rows(store, sql, []):
        if article_id_of is not None and article_id_of(row["text"], row["url"]) != row["article_id"]:
            yield f"article {row['article_id']} does not have the id that follows from its text and URL"
        if row["article_id"] not in reviewed and _digest(store, row) != row["content_digest"]:
            yield f"article {row['article_id']}: what is stored of its events is not what was coded (content_digest differs)"


def _digest(store: Store, row: dict[str, Any]) -> str:
    article = article_from_row(row)
    sql = f"SELECT {EVENT_COLUMNS} FROM events WHERE superseded_at IS NULL AND article_id = ? ORDER BY rowid"
    events = [event_from_row(event) for event in iter_rows(store, sql, [article.article_id])]
    return content_digest(article.published_on, [to_json(e) for e in events])
