"""What relations need of a store: the incidents of two sides, and what was read per outlet and day.

Rows of incidents here are light: what a point of a relation needs, without reasons, counts and history. Quotes are fetched for
the incidents that are shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dragoman.store.opening import Store, telling
from dragoman.store.queries import EVENT_COLUMNS, holds_at, iter_rows

_CODE = re.compile(r"([A-Z]{3})(?:/([A-Z]{3}))?\Z")
_COLUMNS = (
    "incident_id, event_type, mode, quad_class, status, historical, actors, recipients, "
    'CASE WHEN place IS NULL THEN NULL ELSE struct_pack(name := place.name, country := place.country) END AS place, "date", '
    "events, reports, newsrooms, independent_sources, first_seen, last_seen"
)


def find_pair(
    store: Store, first: Sequence[str], second: Sequence[str], *, as_of: datetime | None = None
) -> list[dict[str, Any]]:
    """Return the incidents in which a member of each of two sides takes part, oldest first.

    Args:
        store: An open store.
        first: Members of one side, each "IRN", "IRN/MIL" or words of a name.
        second: Members of the other side.
        as_of: The state of knowledge at a moment; None for now.

    Raises:
        StoreError: The file could not be read.
    """
    condition, values = holds_at(as_of)
    a, of_a = _takes_part(first)
    b, of_b = _takes_part(second)
    sql = f'SELECT {_COLUMNS} FROM incidents WHERE {condition} AND ({a}) AND ({b}) ORDER BY "date"."from" NULLS LAST, incident_id'
    return list(iter_rows(store, sql, [*values, *of_a, *of_b]))


def _takes_part(members: Sequence[str]) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for member in members:
        code = _CODE.match(member)
        for column in ("actors", "recipients"):
            if code is not None and code.group(2) is None:
                # One field taken out of the list is half again as fast to search as the list is by a condition.
                conditions.append(f"list_contains(list_transform({column}, lambda p: p.country), ?)")
                values.append(code.group(1))
                continue
            if code is None:
                inside = "contains(lower(p.text || ' ' || coalesce(p.name, '')), lower(?))"
                values.append(member)
            else:
                inside = "p.country = ? AND list_contains(p.sectors, ?)"
                values += code.groups()
            conditions.append(f"len(list_filter({column}, lambda p: {inside})) > 0")
    return " OR ".join(conditions), values


def read_per_day(store: Store, *, as_of: datetime | None = None, least_share: float = 0.0) -> dict[str, dict[date, int]]:  # fmt: skip
    """Return how many articles were read per outlet and day of publication; outlets not known are "".

    Args:
        store: An open store.
        as_of: The state of knowledge at a moment; None for now.
        least_share: Outlets with a smaller share of all articles are taken together as "".

    Raises:
        StoreError: The file could not be read.
    """
    condition, values = holds_at(as_of)
    sql = (
        f"WITH read AS (SELECT coalesce(outlet, '') AS o, published_on AS d, count(*) AS n FROM articles "
        f"WHERE {condition} AND published_on IS NOT NULL GROUP BY ALL), "
        "large AS (SELECT o FROM read GROUP BY o HAVING sum(n) >= ? * (SELECT sum(n) FROM read)) "
        "SELECT CASE WHEN o IN (SELECT o FROM large) THEN o ELSE '' END AS o, d, sum(n) FROM read GROUP BY ALL"
    )
    out: dict[str, dict[date, int]] = {}
    with telling(store.path):
        for outlet, day, n in store.connection.execute(sql, [*values, least_share]).fetchall():
            out.setdefault(outlet, {})[day] = int(n)
    return out


def find_evidence(store: Store, events: Sequence[str], *, as_of: datetime | None = None) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return per event the sentence it rests on and where that stands.

    Raises:
        StoreError: The file could not be read.
    """
    held, moments = holds_at(as_of, "e")
    of_article, more = holds_at(as_of, "a")
    sql = (
        'SELECT e.event_id, e.article_id, e.intensity, e.quote, e."trigger", a.outlet, a.title, a.url, a.published_on, a.newsroom '
        f"FROM events e LEFT JOIN articles a ON a.article_id = e.article_id AND {of_article} "
        f"WHERE {held} AND e.event_id IN (SELECT unnest(?::VARCHAR[]))"
    )
    return {row["event_id"]: row for row in iter_rows(store, sql, [*more, *moments, list(events)])}


def find_told(
    store: Store, events: Sequence[str], *, as_of: datetime | None = None
) -> dict[str, dict[str, Any]]:
    """Return whole events by id, in the shape of the JSON.

    Raises:
        StoreError: The file could not be read.
    """
    held, moments = holds_at(as_of)
    sql = f"SELECT {EVENT_COLUMNS} FROM events WHERE {held} AND event_id IN (SELECT unnest(?::VARCHAR[]))"
    return {row["event_id"]: row for row in iter_rows(store, sql, [*moments, list(events)])}


def note_alerts(store: Store, alerts: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Note alerts as told and where they were sent; of one noted before the places are renewed.

    Args:
        store: A store open for writing.
        alerts: Rows with ``alert_id, rule, kind, rises, since, raised_on, message, incidents, outputs`` and the whole as ``body``.
        at: Now, UTC.

    Raises:
        StoreError: The file could not be written.
    """
    with store.transaction() as connection:
        for alert in alerts:
            connection.execute(
                "INSERT INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (alert_id) DO UPDATE SET outputs = excluded.outputs",
                [
                    alert["alert_id"], alert["rule"], alert["kind"], alert["rises"], alert["since"], alert["raised_on"],
                    alert["message"], list(alert["incidents"]), json.dumps(alert["body"], ensure_ascii=False),
                    list(alert["outputs"]), at,
                ],
            )  # fmt: skip


def find_alerts(store: Store) -> list[dict[str, Any]]:
    """Return the alerts that were told, newest last; ``since`` and ``raised_on`` are dates.

    Raises:
        StoreError: The file could not be read.
    """
    names = (
        "alert_id",
        "rule",
        "kind",
        "rises",
        "since",
        "raised_on",
        "message",
        "incidents",
        "body",
        "outputs",
    )
    sql = f"SELECT {', '.join(names)} FROM alerts ORDER BY recorded_at, raised_on, alert_id"
    with telling(store.path):
        rows = store.connection.execute(sql).fetchall()
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [{**row, "body": json.loads(row["body"])} for row in found]


def busiest_pairs(store: Store, *, since: date, most: int) -> list[tuple[str, str, int]]:
    """Return the pairs of countries with most incidents that are news since a day: two codes in order, and how many.

    Raises:
        StoreError: The file could not be read.
    """
    sql = (
        "WITH sides AS (SELECT incident_id, list_distinct(list_filter(list_transform(list_concat(actors, recipients), "
        "lambda p: p.country), lambda c: c IS NOT NULL)) AS codes FROM incidents "
        "WHERE superseded_at IS NULL AND status = 'actual' AND NOT historical AND first_seen >= ?), "
        "one AS (SELECT incident_id, unnest(codes) AS code FROM sides WHERE len(codes) BETWEEN 2 AND 12) "
        "SELECT a.code, b.code, count(*) AS n FROM one a JOIN one b USING (incident_id) WHERE a.code < b.code "
        "GROUP BY ALL ORDER BY n DESC, a.code, b.code LIMIT ?"
    )
    with telling(store.path):
        return [
            (str(a), str(b), int(n)) for a, b, n in store.connection.execute(sql, [since, most]).fetchall()
        ]
