"""Ask a store: events and incidents by filters, articles by id, counts. Every answer is plain rows as in the JSON.

A state of knowledge is asked for with ``as_of``: rows recorded by then and not yet superseded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from dragoman.ontology.regions import codes_of
from dragoman.store.opening import Store, telling

EVENT_COLUMNS = (
    "event_id, article_id, source_id, section, event_type, mode, contexts, quad_class, intensity, cameo, status, historical, "
    '"trigger", quote, actors, recipients, place, "date", said_by, counts, confidence, reasons, coder_version, model_digest, ontology'
)
INCIDENT_COLUMNS = (
    'incident_id, event_type, mode, quad_class, status, historical, actors, recipients, place, "date", events, reports, '
    "independent_sources, why, counts, denials, first_seen, last_seen, newsrooms"
)
_FEW = 1000  # DuckDB looks up to about two thousand values up in an index


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What to look for; None and empty mean anything.

    ``actor`` and ``recipient`` are "IRN", "IRN/MIL" or words of a name; ``place`` is words of its name, ``outlet`` words of that of an
    outlet that reports it. ``regions`` are exact names: the region of a record is that of its place's country, where its place has
    none those of the countries of its sides. ``min_sources`` asks for as many newsrooms; of an event, for those of its incident.
    """

    actor: str | None = None
    recipient: str | None = None
    participant: str | None = None
    event_types: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    place: str | None = None
    country: str | None = None
    status: str | None = None
    min_confidence: float | None = None
    article_id: str | None = None
    historical: bool | None = None
    quad_classes: Sequence[int] = ()
    regions: Sequence[str] = ()
    outlet: str | None = None
    min_sources: int | None = None
    as_of: datetime | None = None
    incident_ids: Sequence[str] = ()  # of incidents only


class Where:
    """Conditions that must all hold, with the values of their question marks in order."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.conditions) or "true"


def _side(where: Where, column: str, words: str) -> None:
    """Add the condition that a list of participants holds a country, a country with sector, or a name."""
    code, _, sector = words.partition("/")
    if code.isupper() and len(code) == 3:
        if sector:
            where.add(
                f"len(list_filter({column}, lambda p: p.country = ? AND list_contains(p.sectors, ?))) > 0",
                code,
                sector,
            )
        else:
            where.add(f"len(list_filter({column}, lambda p: p.country = ?)) > 0", code)
    else:
        where.add(
            f"len(list_filter({column}, lambda p: contains(lower(p.text || ' ' || coalesce(p.name, '')), lower(?)))) > 0",
            words,
        )


def holds_at(as_of: datetime | None, table: str = "") -> tuple[str, list[datetime]]:
    """Return the condition that a row holds at a moment, None for now, and its values."""
    own = f"{table}." if table else ""
    if as_of is None:
        return f"{own}superseded_at IS NULL", []
    condition = f"{own}recorded_at <= ? AND ({own}superseded_at IS NULL OR {own}superseded_at > ?)"
    return condition, [as_of, as_of]


def _where_of_both(wanted: EventFilter) -> Where:
    """Return the conditions that are asked of the same columns of events and of incidents."""
    where = Where()
    condition, moments = holds_at(wanted.as_of)
    where.add(condition, *moments)
    if wanted.actor:
        _side(where, "actors", wanted.actor)
    if wanted.recipient:
        _side(where, "recipients", wanted.recipient)
    if wanted.participant:
        _side(where, "list_concat(actors, recipients)", wanted.participant)
    if wanted.event_types:
        where.add("event_type IN (SELECT unnest(?::VARCHAR[]))", list(wanted.event_types))
    if wanted.since:
        where.add('"date"."to" >= ?', wanted.since)
    if wanted.until:
        where.add('"date"."from" <= ?', wanted.until)
    if wanted.place:
        where.add("contains(lower(place.name || ' ' || place.text), lower(?))", wanted.place)
    if wanted.country:
        where.add(
            "(place.country = ? OR len(list_filter(list_concat(actors, recipients), lambda p: p.country = ?)) > 0)",
            wanted.country,
            wanted.country,
        )
    if wanted.status:
        where.add("status = ?", wanted.status)
    if wanted.historical is not None:
        where.add("historical = ?", wanted.historical)
    if wanted.quad_classes:
        where.add("quad_class IN (SELECT unnest(?::INTEGER[]))", list(wanted.quad_classes))
    if wanted.regions:
        codes = codes_of(wanted.regions)
        where.add(
            "CASE WHEN place.country IS NULL THEN list_has_any(list_transform(list_concat(actors, recipients), lambda p: p.country), ?) "
            "ELSE list_contains(?, place.country) END",
            codes,
            codes,
        )
    return where


def where_of(wanted: EventFilter) -> Where:
    """Return the conditions of a filter on events, save ``article_id`` and ``incident_ids``."""
    where = _where_of_both(wanted)
    if wanted.min_confidence is not None:
        where.add('confidence."type" >= ?', wanted.min_confidence)
    held, moments = holds_at(wanted.as_of)
    if wanted.outlet:
        where.add(
            f"article_id IN (SELECT article_id FROM articles WHERE {held} AND contains(lower(outlet), lower(?)))",
            *moments,
            wanted.outlet,
        )
    if wanted.min_sources is not None:
        where.add(
            f"event_id IN (SELECT unnest(events) FROM incidents WHERE {held} AND independent_sources >= ?)",
            *moments,
            wanted.min_sources,
        )
    return where


def among(column: str, values: Collection[str]) -> tuple[str, list[Any]]:
    """Return the condition that a column holds one of some values, and its values.

    Few are written out one by one: only so does DuckDB look them up in an index instead of reading the whole column.
    """
    if 0 < len(values) <= _FEW:
        return f"{column} IN ({', '.join('?' * len(values))})", sorted(values)
    return f"{column} IN (SELECT unnest(?::VARCHAR[]))", [sorted(values)]


def iter_rows(store: Store, sql: str, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a query as the JSON has them."""
    with telling(store.path):
        cursor = store.connection.execute(f"SELECT to_json(r)::VARCHAR FROM ({sql}) r", list(values))
        while batch := cursor.fetchmany(1000):
            for (line,) in batch:
                yield msgspec.json.decode(line)


def find_events(store: Store, wanted: EventFilter, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield events that fit, in the shape of the JSON, oldest first, then by article and position.

    Raises:
        StoreError: The file could not be read.
    """
    where = where_of(wanted)
    if wanted.article_id:
        where.add("article_id = ?", wanted.article_id)
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    sql = f'SELECT {EVENT_COLUMNS} FROM events WHERE {where} ORDER BY "date"."from" NULLS LAST, article_id, "trigger"."start", event_id{tail}'
    yield from iter_rows(store, sql, where.values)


def find_cited_events(store: Store, wanted: EventFilter) -> Iterator[dict[str, Any]]:
    """Yield events as ``find_events`` does, in the same order, each with "incident_id" and "article", for exports.

    The article has url, outlet, title, language and published_on, as they held at the filter's moment.

    Raises:
        StoreError: The file could not be read.
    """
    where = where_of(wanted)
    if wanted.article_id:
        where.add("article_id = ?", wanted.article_id)
    now, moments = holds_at(wanted.as_of)
    article = "struct_pack(url := a.url, outlet := a.outlet, title := a.title, language := a.language, published_on := a.published_on)"
    sql = (
        f"SELECT e.*, m.incident_id, {article} AS article FROM (SELECT {EVENT_COLUMNS} FROM events WHERE {where}) e "
        f"LEFT JOIN (SELECT article_id, url, outlet, title, language, published_on FROM articles WHERE {now}) a USING (article_id) "
        f"LEFT JOIN (SELECT event_id, incident_id FROM incident_events WHERE {now}) m USING (event_id) "
        'ORDER BY e."date"."from" NULLS LAST, e.article_id, e."trigger"."start", e.event_id'
    )
    yield from iter_rows(store, sql, [*where.values, *moments, *moments])


def incidents_where(wanted: EventFilter) -> Where:
    """Return the conditions of a filter on incidents."""
    where = _where_of_both(wanted)
    if wanted.article_id:
        where.add("list_contains(reports, ?)", wanted.article_id)
    if wanted.outlet:
        held, moments = holds_at(wanted.as_of)
        where.add(
            f"incident_id IN (SELECT incident_id FROM incident_events WHERE {held} AND article_id IN "
            f"(SELECT article_id FROM articles WHERE {held} AND contains(lower(outlet), lower(?))))",
            *moments,
            *moments,
            wanted.outlet,
        )
    if wanted.min_sources is not None:
        where.add("independent_sources >= ?", wanted.min_sources)
    if wanted.incident_ids:
        where.add("incident_id IN (SELECT unnest(?::VARCHAR[]))", list(wanted.incident_ids))
    if wanted.min_confidence is not None:
        held, moments = holds_at(wanted.as_of, "e")
        where.add(
            f'EXISTS (SELECT 1 FROM events e WHERE {held} AND list_contains(incidents.events, e.event_id) AND e.confidence."type" >= ?)',
            *moments,
            wanted.min_confidence,
        )
    return where


def find_incidents(
    store: Store, wanted: EventFilter, *, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield incidents that fit, oldest first; ``reports`` tells article, source and outlet of each event.

    ``follows`` lists the incidents that one follows from, with score and reasons.

    Raises:
        StoreError: The file could not be read.
    """
    where = incidents_where(wanted)
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    sql = f'SELECT {INCIDENT_COLUMNS} FROM incidents WHERE {where} ORDER BY "date"."from" NULLS LAST, incident_id{tail}'
    yield from with_reports(store, list(iter_rows(store, sql, where.values)), wanted.as_of)


def with_reports(store: Store, found: Sequence[dict[str, Any]], as_of: datetime | None = None) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield incidents, rows of ``INCIDENT_COLUMNS``, with their reports in whole and what they follow from.

    Raises:
        StoreError: The file could not be read.
    """
    reports = _reports(store, [e for incident in found for e in incident["events"]], as_of)
    follows = _follows(store, [incident["incident_id"] for incident in found], as_of)
    for incident in found:
        yield {
            **incident, "reports": [reports[e] for e in incident["events"] if e in reports],
            "follows": follows.get(incident["incident_id"], []),
        }  # fmt: skip


def _follows(store: Store, incidents: Sequence[str], as_of: datetime | None) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    holds, moments = holds_at(as_of)
    sql = (
        f"SELECT incident_id, other_incident_id, score, reasons FROM links WHERE {holds} AND kind = 'follows' "
        "AND incident_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY score DESC, other_incident_id"
    )
    out: dict[str, list[dict[str, Any]]] = {}
    for row in iter_rows(store, sql, [*moments, list(incidents)]):
        link = {"incident_id": row["other_incident_id"], "score": row["score"], "reasons": row["reasons"]}
        out.setdefault(row["incident_id"], []).append(link)
    return out


def _reports(store: Store, events: Sequence[str], as_of: datetime | None) -> dict[str, dict[str, Any]]:
    holds, moments = holds_at(as_of)
    of_events, ids = among("event_id", events)
    sql = f"SELECT event_id, article_id, source_id, quote.text AS quote, section, intensity FROM events WHERE {holds} AND {of_events} ORDER BY event_id"
    found = {row["event_id"]: row for row in iter_rows(store, sql, [*moments, *ids])}
    of_articles, ids = among("article_id", {row["article_id"] for row in found.values()})
    sql = (
        f"SELECT article_id, outlet, title FROM articles WHERE {holds} AND {of_articles} ORDER BY article_id"
    )
    articles = {row["article_id"]: row for row in iter_rows(store, sql, [*moments, *ids])}
    for row in found.values():
        article = articles.get(row["article_id"], {})
        row["outlet"], row["title"] = article.get("outlet"), article.get("title")
    return found


def get_article(store: Store, article_id: str, as_of: datetime | None = None) -> dict[str, Any] | None:
    """Return a stored article in the shape of the JSON, or None; a unique beginning of the id is enough."""
    holds, moments = holds_at(as_of)
    sql = (
        "SELECT article_id, source_id, url, outlet, title, text, source, sections, language, published_on, published_evidence, "
        f"fetched_at, notes, coder_version, model_digest FROM articles WHERE {holds} AND starts_with(article_id, ?) LIMIT 2"
    )
    found = list(iter_rows(store, sql, [*moments, article_id]))
    return found[0] if len(found) == 1 else None


def find_by_id(
    store: Store, some_id: str, as_of: datetime | None = None
) -> tuple[str, dict[str, Any]] | None:
    """Return what an id, a unique beginning of one, or a ``source_id`` names: ("article" | "event" | "incident", row)."""
    holds, moments = holds_at(as_of)
    found: list[tuple[str, dict[str, Any]]] = []
    for kind, table, column in (("article", "articles", "article_id"), ("event", "events", "event_id"),
                                ("incident", "incidents", "incident_id"), ("article", "articles", "source_id")):  # fmt: skip
        match = f"{column} = ?" if column == "source_id" else f"starts_with({column}, ?)"
        sql = f"SELECT * EXCLUDE (recorded_at, superseded_at, run_id) FROM {table} WHERE {holds} AND {match} LIMIT 2"
        rows = iter_rows(store, sql, [*moments, some_id])
        found += [(kind, {k: v for k, v in row.items() if k != "sides"}) for row in rows]
        if found:
            break
    return found[0] if len(found) == 1 else None


def known_sources(store: Store, *, coder_version: str, model_digest: str) -> set[str]:
    """Return the sources that need no second look: coded with this version, or rejected.

    What merely failed may have been the machine's fault, such as a full disk, and is looked at again.
    """
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT source FROM articles WHERE superseded_at IS NULL AND coder_version = ? AND model_digest = ? "
            "UNION SELECT r.item_id FROM rejections r JOIN runs USING (run_id) "
            "WHERE r.superseded_at IS NULL AND r.reason <> 'failed' AND runs.coder_version = ? AND runs.model_digest = ?",
            [coder_version, model_digest, coder_version, model_digest],
        ).fetchall()
    return {r[0] for r in rows}


def get_counts(store: Store) -> dict[str, int]:
    """Return how many current rows each table holds."""
    out = {}
    with telling(store.path):
        for table in ("articles", "events", "incidents", "rejections"):
            row = store.connection.execute(
                f"SELECT count(*) FROM {table} WHERE superseded_at IS NULL"
            ).fetchone()
            out[table] = int(row[0]) if row else 0
        row = store.connection.execute("SELECT count(*) FROM runs").fetchone()
        out["runs"] = int(row[0]) if row else 0
    return out


def find_rejections(store: Store) -> Iterator[dict[str, Any]]:
    """Yield what was rejected and why, oldest first."""
    sql = "SELECT item_id, source_id, stage, reason, detail FROM rejections WHERE superseded_at IS NULL ORDER BY recorded_at, item_id"
    yield from iter_rows(store, sql, [])
