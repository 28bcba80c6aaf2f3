"""What relations need of a store: the incidents of two sides, and what was read per outlet and day.

Rows of incidents here are light: what a point of a relation needs, without reasons, counts and history. Quotes are fetched for
the incidents that are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dragoman.store.opening import Store, telling
from dragoman.store.pairs import CODE
from dragoman.store.queries import EVENT_COLUMNS, among, holds_at, iter_rows

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
    # First which rows, then those rows alone: what is not of the pair is not taken apart.
    return find_rows(store, _rows_of_pair(store, first, second, as_of))


def find_rows(store: Store, rows: Sequence[int]) -> list[dict[str, Any]]:
    """Return incidents by their rows in the table, oldest first, as ``find_pair`` does.

    Raises:
        StoreError: The file could not be read.
    """
    sql = (
        f"SELECT {_COLUMNS} FROM incidents JOIN (SELECT unnest(?::BIGINT[]) AS its_row) ON incidents.rowid = its_row "
        'ORDER BY "date"."from" NULLS LAST, incident_id'
    )
    return list(iter_rows(store, sql, [rows]))


def _rows_of_pair(
    store: Store, first: Sequence[str], second: Sequence[str], as_of: datetime | None
) -> list[int]:
    condition, values = holds_at(as_of)
    a, of_a = _takes_part(first)
    b, of_b = _takes_part(second)
    with telling(store.path):
        found = store.connection.execute(
            f"SELECT rowid FROM incidents WHERE {condition} AND ({a}) AND ({b})", [*values, *of_a, *of_b]
        )
        return [row for (row,) in found.fetchall()]


def _takes_part(members: Sequence[str]) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for member in members:
        code = CODE.match(member)
        if code is not None and code.group(2) is None:
            conditions.append(f"contains(sides, '{code.group(1)}')")
            continue
        for column in ("actors", "recipients"):
            if code is None:
                inside = "contains(lower(p.text || ' ' || coalesce(p.name, '')), lower(?))"
                values.append(member)
            else:
                inside = "p.country = ? AND list_contains(p.sectors, ?)"
                values += code.groups()
            takes_part = f"len(list_filter({column}, lambda p: {inside})) > 0"
            conditions.append(
                takes_part if code is None else f"(contains(sides, '{code.group(1)}') AND {takes_part})"
            )
    return " OR ".join(conditions), values


def read_per_day(store: Store, *, as_of: datetime | None = None, least_share: float = 0.0) -> dict[str, dict[date, int]]:  # fmt: skip
    """Return how many articles were read per outlet and day of publication; outlets not known are "".

    The same for all pairs, so a store that is open for reading only keeps it.

    Args:
        store: An open store.
        as_of: The state of knowledge at a moment; None for now.
        least_share: Outlets with a smaller share of all articles are taken together as "".

    Raises:
        StoreError: The file could not be read.
    """
    kept = store.memory.setdefault("read per day", {}) if store.is_fixed else {}
    assert isinstance(kept, dict)
    key = (as_of, least_share)
    if key not in kept:
        kept[key] = _read_per_day(store, as_of, least_share)
    found: dict[str, dict[date, int]] = kept[key]
    return found


def _read_per_day(store: Store, as_of: datetime | None, least_share: float) -> dict[str, dict[date, int]]:
    condition, values = holds_at(as_of)
    read = f"FROM articles WHERE {condition} AND published_on IS NOT NULL"
    out: dict[str, dict[date, int]] = {}
    with telling(store.path):
        sums = store.connection.execute(f"SELECT coalesce(outlet, ''), count(*) {read} GROUP BY ALL", values).fetchall()  # fmt: skip
        least = least_share * sum(n for _, n in sums)
        large = [name for name, n in sums if n >= least and name]
        if not least_share:
            name, listed = "coalesce(outlet, '')", []
        elif large:  # no more than fit into a whole
            name, listed = "CASE WHEN list_contains(?, outlet) THEN outlet ELSE '' END", [large]
        else:  # days alone are counted in a third of the time
            name, listed = "''", []
        sql = f"SELECT {name}, published_on, count(*) {read} GROUP BY ALL"
        for outlet, day, n in store.connection.execute(sql, [*listed, *values]).fetchall():
            out.setdefault(outlet, {})[day] = int(n)
    return out


def read_in_order(
    store: Store, *, since: date | None = None, until: date | None = None, outlet: str | None = None,
    as_of: datetime | None = None, limit: int, after: tuple[str, str] | None = None,
) -> list[tuple[date, str, int]]:  # fmt: skip
    """Return how many articles were read per day of publication and outlet ("" for none known), by day, then outlet.

    Args:
        store: An open store.
        since: First day.
        until: Last day.
        outlet: Words of the outlet's name.
        as_of: The state of knowledge at a moment; None for now.
        limit: At most so many.
        after: Day and outlet after which to begin.

    Raises:
        StoreError: The file could not be read.
    """
    condition, moments = holds_at(as_of)
    values: list[Any] = [*moments]
    conditions = [condition, "published_on IS NOT NULL"]
    for words, value in (("published_on >= ?", since), ("published_on <= ?", until),
                         ("contains(lower(coalesce(outlet, '')), lower(?))", outlet)):  # fmt: skip
        if value:
            conditions.append(words)
            values.append(value)
    if after is not None:
        conditions.append("(published_on > ?::DATE OR (published_on = ?::DATE AND coalesce(outlet, '') > ?))")
        values += [after[0], *after]
    sql = (
        f"SELECT published_on, coalesce(outlet, '') AS o, count(*) FROM articles WHERE {' AND '.join(conditions)} GROUP BY ALL "
        f"ORDER BY 1, 2 LIMIT {int(limit)}"
    )
    with telling(store.path):
        return [(day, str(name), int(n)) for day, name, n in store.connection.execute(sql, values).fetchall()]


def find_evidence(store: Store, events: Sequence[str], *, as_of: datetime | None = None) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return per event the sentence it rests on and where that stands.

    Raises:
        StoreError: The file could not be read.
    """
    found = _of_ids(store, "events", 'event_id, article_id, intensity, quote, "trigger"', events, as_of)
    told = {row["article_id"] for row in found.values()}
    articles = _of_ids(
        store, "articles", "article_id, outlet, title, url, published_on, newsroom", told, as_of
    )
    nothing = dict.fromkeys(("outlet", "title", "url", "published_on", "newsroom"))
    return {key: {**row, **articles.get(row["article_id"], nothing)} for key, row in found.items()}


def _of_ids(
    store: Store, table: str, columns: str, ids: Iterable[str], as_of: datetime | None
) -> dict[str, dict[str, Any]]:
    """Return rows of a table by the id that is the first of the columns, in its order.

    They lie here and there in the file: half of them are read beside the other half.
    """
    key = columns.partition(",")[0]
    held, moments = holds_at(as_of)

    def read(one: Store, some: Sequence[str]) -> list[dict[str, Any]]:
        if not some:
            return []
        of_some, values = among(key, some)
        sql = f"SELECT {columns} FROM {table} WHERE {held} AND {of_some} ORDER BY {key}"
        return list(iter_rows(one, sql, [*moments, *values]))

    every = sorted(set(ids))
    half = len(every) // 2
    second = store.beside(lambda other: read(other, every[half:]))
    return {row[key]: row for row in [*read(store, every[:half]), *second()]}


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
