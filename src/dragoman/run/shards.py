"""Shards: what was coded from a part of the input, as one Parquet file that travels between machines.

A row is a record: its batch, its kind, its JSON, and of an event the meaning of its sentence. A shard is written beside its name and
then renamed, so that a file of that name is always whole; the name follows from input, coder and settings, so that coding it again
makes the same file.
"""

from __future__ import annotations

import base64
import itertools
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from dragoman.errors import ShardBroken
from dragoman.records import Article, Coded, PublishedEvidence, Rejected, Section, Span, to_json
from dragoman.store.rows import event_from_row

_COLUMNS = "batch INTEGER, size INTEGER, kind VARCHAR, record VARCHAR, vector VARCHAR"
_MOST_ROWS = 2000  # held as JSON text at once


def write_shard(path: Path, batches: Iterable[tuple[int, Coded]]) -> int:
    """Write a shard and return how many items were coded into it.

    Args:
        path: Its name; it appears there when it is whole.
        batches: (number of items, what they gave), as ``code_batch`` gives it.

    Raises:
        OSError: The folder cannot be written.
    """
    items = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE rows ({_COLUMNS})")
        rows: list[dict[str, Any]] = []
        for number, (size, coded) in enumerate(batches):
            items += size
            rows += _rows(number, size, coded)
            if len(rows) >= _MOST_ROWS:
                _insert(connection, rows)
                rows = []
        _insert(connection, rows)
        try:
            connection.execute(
                "COPY (SELECT * FROM rows ORDER BY rowid) TO $to (FORMAT parquet, COMPRESSION zstd)", {"to": str(unfinished)}
            )  # fmt: skip
            unfinished.replace(path)
        except (duckdb.Error, OSError) as error:
            unfinished.unlink(missing_ok=True)
            raise OSError(f'the shard "{path}" could not be written: {error}') from error
    return items


def read_shard(path: Path) -> Iterator[tuple[int, Coded]]:
    """Yield the batches of a shard as they were written; incidents are not in it, the store makes them.

    Raises:
        ShardBroken: The file is missing, or none that ``write_shard`` wrote.
    """
    try:
        with duckdb.connect() as connection:
            found = connection.execute(
                "SELECT batch, size, kind, record, vector FROM read_parquet($path)", {"path": str(path)}
            )
            for (_, size), rows in itertools.groupby(_fetched(found), key=lambda row: (row[0], row[1])):
                yield size, _coded(rows)
    except (duckdb.Error, ValueError, KeyError, TypeError) as error:
        raise ShardBroken(
            f'"{path}" is no shard that this version wrote ({error}). Delete it and code its input again.'
        ) from error


def _fetched(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := found.fetchmany(_MOST_ROWS):
        yield from rows


def _rows(number: int, size: int, coded: Coded) -> Iterator[dict[str, Any]]:
    own = {"batch": number, "size": size, "vector": None}
    yield {**own, "kind": "batch", "record": "{}"}
    for article in coded.articles:
        yield {**own, "kind": "article", "record": json.dumps(to_json(article))}
    for event in coded.events:
        vector = base64.b64encode(event.vector).decode() if event.vector else None
        yield {**own, "kind": "event", "record": json.dumps(to_json(event)), "vector": vector}
    for rejected in coded.rejected:
        yield {**own, "kind": "rejected", "record": json.dumps(to_json(rejected))}


def _insert(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    if rows:
        columns = [[row[name] for row in rows] for name in ("batch", "size", "kind", "record", "vector")]
        connection.execute(
            "INSERT INTO rows SELECT unnest(?::INTEGER[]), unnest(?::INTEGER[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            columns,
        )


def _coded(rows: Iterable[tuple[Any, ...]]) -> Coded:
    coded = Coded()
    for _, _, kind, record, vector in rows:
        told = json.loads(record)
        if kind == "article":
            coded.articles.append(_article(told))
        elif kind == "event":
            event = event_from_row(told)
            coded.events.append(replace(event, vector=base64.b64decode(vector)) if vector else event)
        elif kind == "rejected":
            coded.rejected.append(Rejected(**told))
        elif kind != "batch":
            raise ValueError(f'a row of the unknown kind "{kind}"')
    return coded


def _article(told: Mapping[str, Any]) -> Article:
    """Return an article from its JSON, whole."""
    evidence = told["published_evidence"]
    return Article(**{
        **told,
        "sections": tuple(Section(**{**s, "copies": tuple(Span(**c) for c in s["copies"])}) for s in told["sections"]),
        "published_on": _day(told["published_on"]),
        "published_evidence": evidence and PublishedEvidence(**{
            **evidence, "earliest": _day(evidence["earliest"]), "latest": _day(evidence["latest"]),
            "words": tuple(Span(**w) for w in evidence["words"]),
        }),
        "fetched_at": datetime.fromisoformat(told["fetched_at"]) if told["fetched_at"] else None,
        "notes": tuple(told["notes"]),
    })  # fmt: skip


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
