"""Exported files: what goes in can be read back, and a file is there whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dragoman.errors import UsageError
from dragoman.export import FORMATS, flat_row, write_events
from dragoman.export.files import COLUMNS
from dragoman.records import to_json

from ..invented import make_article, make_event

FULL = make_event(make_article("1"))
BARE = replace(
    make_event(make_article("2")), source_id=None, contexts=(), actors=(), place=None, date=None, said_by=None, counts={}, reasons={}
)  # fmt: skip
EVENTS: list[dict[str, Any]] = [to_json(FULL), to_json(BARE)]


def broken() -> Iterator[dict[str, Any]]:
    """Yield an event, then fail."""
    yield EVENTS[0]
    raise RuntimeError("the source broke")


def test_jsonl_keeps_the_records_whole(tmp_path: Path) -> None:
    """Each line is one event exactly as it was, letters as they are."""
    path = tmp_path / "a.jsonl"
    assert write_events(iter(EVENTS), path, kind="jsonl") == 2
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == EVENTS
    assert "“Ørsund”" in lines[0]


def test_csv_has_one_flat_line_per_event(tmp_path: Path) -> None:
    """The header names the columns; sides are country/sector, empty fields are empty cells."""
    path = tmp_path / "a.csv"
    assert write_events(EVENTS, path, kind="csv") == 2
    with path.open(encoding="utf-8", newline="") as file:
        full, bare = csv.DictReader(file)
    assert (full["actors"], full["actor_words"]) == ("NOR/MIL;DNK/MIL", "Keld;Halden")
    assert (full["date_from"], full["date_to"], full["date_precision"]) == ("2024-06-02", "2024-06-02", "day")
    assert (full["place"], full["lat"], full["lon"]) == ("Ørsund", "59.5", "10.25")
    assert (full["crowd_low"], full["crowd_high"], full["dead_low"]) == ("2", "", "")
    assert full["quote"] == FULL.quote.text
    assert {bare[k] for k in ("source_id", "contexts", "actors", "date_from", "place", "lat", "said_by")} == {
        ""
    }


def test_csv_survives_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    """Whatever stands in the sentence comes back from the file as it was."""
    words = 'He said: "Go, now"\nand left;\r\nso'
    event = {**EVENTS[0], "quote": {**EVENTS[0]["quote"], "text": words}}
    write_events([event], tmp_path / "a.csv", kind="csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["quote"] == words


def test_parquet_keeps_nested_columns(tmp_path: Path) -> None:
    """Read back with DuckDB the events are what they were, with dates as dates and lists as lists."""
    path = tmp_path / "it's.parquet"
    assert write_events(EVENTS, path, kind="parquet") == 2
    name = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT to_json(r)::VARCHAR FROM '{name}' r").fetchall()
        days = connection.execute(f"""SELECT "date"."from" FROM '{name}'""").fetchall()
    assert [json.loads(line) for (line,) in rows] == EVENTS
    assert days == [(date(2024, 6, 2),), (None,)]


def test_parquet_columns_are_the_fields_of_the_record() -> None:
    """Columns and keys of the JSON are one list in one order."""
    assert list(COLUMNS) == list(EVENTS[0])


@pytest.mark.parametrize("kind", list(FORMATS))
def test_no_events_give_a_file_of_no_rows(tmp_path: Path, kind: str) -> None:
    """An empty export is a valid file; tables still have their header, Parquet its columns."""
    path = tmp_path / f"a.{kind}"
    assert write_events([], path, kind=kind) == 0
    if kind == "csv":
        assert path.read_text("utf-8").splitlines() == [",".join(flat_row(EVENTS[0]))]
    elif kind == "parquet":
        with duckdb.connect() as connection:
            columns = connection.execute(f"DESCRIBE FROM '{path}'").fetchall()
        assert [c[0] for c in columns] == list(COLUMNS)
    elif kind in ("polecat", "cameo", "cameo-icews"):
        assert path.read_text("utf-8").startswith("Event ID\tEvent Date\t")
        assert path.read_text("utf-8").count("\n") == 1
    elif kind == "geojson":
        assert json.loads(path.read_text("utf-8")) == {"type": "FeatureCollection", "features": []}
    else:
        assert path.read_bytes() == b""


@pytest.mark.parametrize("kind", list(FORMATS))
def test_a_failed_export_leaves_no_file(tmp_path: Path, kind: str) -> None:
    """When the events break off there is neither the file nor a rest of it."""
    with pytest.raises(RuntimeError, match="the source broke"):
        write_events(broken(), tmp_path / f"a.{kind}", kind=kind)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", list(FORMATS))
def test_a_failed_export_leaves_the_old_file(tmp_path: Path, kind: str) -> None:
    """A file that was there keeps its content when the new one cannot be finished."""
    path = tmp_path / f"a.{kind}"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError, match="the source broke"):
        write_events(broken(), path, kind=kind)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_that_name_is_replaced(tmp_path: Path) -> None:
    """A finished export takes the place of the old file and leaves nothing beside it."""
    path = tmp_path / "a.jsonl"
    path.write_text("old", encoding="utf-8")
    write_events(EVENTS[:1], path, kind="jsonl")
    assert len(path.read_text("utf-8").splitlines()) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_jsonl_has_nothing_that_was_joined_to_the_events(tmp_path: Path) -> None:
    """The article and incident that other formats want are no part of an event's record."""
    cited = {**EVENTS[0], "incident_id": "i1", "article": {"url": "https://keld.example"}}
    write_events([cited], tmp_path / "a.jsonl", kind="jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text("utf-8")) == EVENTS[0]


def test_a_missing_folder_is_the_systems_error(tmp_path: Path) -> None:
    """A folder that is not there is told by the system's own error, with nothing written."""
    with pytest.raises(FileNotFoundError):
        write_events(EVENTS, tmp_path / "none" / "a.csv", kind="csv")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_lists_the_known_ones(tmp_path: Path) -> None:
    """The error quotes the format and names those that exist."""
    with pytest.raises(UsageError, match=r'"xlsx".*jsonl, csv, parquet'):
        write_events(EVENTS, tmp_path / "a.xlsx", kind="xlsx")
