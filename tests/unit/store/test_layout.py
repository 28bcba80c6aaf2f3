"""The columns of a store: documented, and named as the records' fields."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dragoman.records import (
    Article,
    Confidence,
    Event,
    EventDate,
    Incident,
    Participant,
    Place,
    Rejected,
    Span,
)
from dragoman.store import Store, open_store

# What a table adds to its record: who coded it, with what, when, and until when it held.
HISTORY = {"run_id", "recorded_at", "superseded_at"}
OWN = {
    "articles": HISTORY
    | {"coder_version", "model_digest", "content_digest", "copy_of", "credit", "newsroom"},
    "events": HISTORY,
    "incidents": HISTORY | {"sides"},
    "rejections": HISTORY,
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    with open_store(tmp_path / "a.duckdb") as opened:
        yield opened


def fields_of(record: Any) -> list[str]:
    """Return a record's fields as they are called in the JSON."""
    return [f.name.rstrip("_") for f in dataclasses.fields(record) if f.metadata.get("json", True)]


def test_every_table_and_column_has_a_comment(store: Store) -> None:
    """Who opens the file with DuckDB alone reads what each table and column means."""
    rows = store.connection.execute(
        "SELECT table_name, NULL, comment FROM duckdb_tables() UNION ALL "
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    assert len(rows) > 100
    assert [(table, column) for table, column, comment in rows if not comment] == []


@pytest.mark.parametrize(
    ("table", "record"), [("articles", Article), ("events", Event), ("incidents", Incident), ("rejections", Rejected)]
)  # fmt: skip
def test_a_record_and_its_table_have_the_same_names(store: Store, table: str, record: Any) -> None:
    """Fields of the record, which are the keys of the JSON, and columns of the table are the same words."""
    columns = {r[0] for r in store.connection.execute(f"DESCRIBE {table}").fetchall()}
    assert columns == set(fields_of(record)) | OWN[table]


@pytest.mark.parametrize(
    ("column", "record"),
    [("trigger", Span), ("quote", Span), ("actors", Participant), ("recipients", Participant), ("said_by", Participant),
     ("place", Place), ("date", EventDate), ("confidence", Confidence)],
)  # fmt: skip
def test_nested_records_have_the_same_names(store: Store, column: str, record: Any) -> None:
    """The parts of a nested column are the nested record's fields, in order."""
    types = {r[0]: r[1] for r in store.connection.execute("DESCRIBE events").fetchall()}
    names = re.findall(r'[(,]\s*"?(\w+)"? [A-Z]', types[column])
    assert names == fields_of(record)
