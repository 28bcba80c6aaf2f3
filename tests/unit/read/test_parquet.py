"""Parquet files become articles row by row, within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.read import Limits, Meter
from dragoman.records import Rejected

from .archive_making import articles_of, parquet_file, read_all, reasons_of


def test_rows_become_articles(tmp_path: Path) -> None:
    """Each row is an article with its number, its columns ours or guessed, dates and numbers as written."""
    sql = (
        "SELECT i AS doc_id, 'Talks ' || i AS headline, 'They began.' AS body, DATE '2024-05-06' AS \"date\", 1.5 AS views "
        "FROM range(3) t(i)"
    )
    told: list[str] = []
    path = parquet_file(tmp_path / "a.parquet", sql)
    found = articles_of(read_all(path, meter=Meter(tell=told.append)))
    assert [a.source for a in found] == [f"{path}:{n}" for n in (1, 2, 3)]
    assert [(a.source_id, a.title, str(a.published_on)) for a in found][2] == ("2", "Talks 2", "2024-05-06")
    assert "--columns text=body,title=headline" in told[0]


def test_bytes_are_read_as_utf8(tmp_path: Path) -> None:
    """A column of bytes is text if it is UTF-8, and else a bad row."""
    sql = "SELECT unnest([encode('Müller'), '\\xFF'::BLOB]) AS html"
    found = read_all(parquet_file(tmp_path / "a.parquet", sql))
    assert [a.body for a in articles_of(found)] == ["Müller"]
    assert reasons_of(found) == ["not_utf8"]


def test_a_large_cell_is_rejected_and_reading_goes_on(tmp_path: Path) -> None:
    """A cell above the limit costs its row only."""
    sql = "SELECT repeat('a', unnest([10, 5000, 20])) AS text"
    found = read_all(parquet_file(tmp_path / "a.parquet", sql), limits=Limits(max_bytes=1000))
    assert [len(a.body) for a in articles_of(found)] == [10, 20]
    (rejected,) = (item for item in found if isinstance(item, Rejected))
    assert (rejected.reason, "5000 bytes" in rejected.detail) == ("too_large", True)


def test_a_name_with_stars_is_no_pattern(tmp_path: Path) -> None:
    """Only the named file is read, whatever its name looks like."""
    parquet_file(tmp_path / "ab.parquet", "SELECT 'other' AS text")
    (tmp_path / "ab.parquet").rename(tmp_path / "axb.parquet")
    parquet_file(tmp_path / "plain.parquet", "SELECT 'mine' AS text").rename(tmp_path / "a*b.parquet")
    assert [a.body for a in articles_of(read_all(tmp_path / "a*b.parquet"))] == ["mine"]


def test_null_cells_are_bad_rows(tmp_path: Path) -> None:
    """A row without text is told, with its number."""
    found = read_all(parquet_file(tmp_path / "a.parquet", "SELECT NULL::VARCHAR AS text, 1 AS id"))
    assert reasons_of(found) == ["bad_row"]


@pytest.mark.parametrize("content", [b"PAR1 and no more", b"PAR1" + b"\x00" * 100 + b"PAR1"])
def test_a_broken_file_is_rejected(tmp_path: Path, content: bytes) -> None:
    """What only begins like Parquet gives one rejection."""
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    assert reasons_of(read_all(path)) == ["failed"]


def test_a_table_without_text_names_its_columns(tmp_path: Path) -> None:
    """The rejection says what there is, and the flag to use."""
    (rejected,) = read_all(parquet_file(tmp_path / "a.parquet", "SELECT 1 AS a, 2 AS b"))
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "bad_row"
    assert '"a", "b"' in rejected.detail
    assert "--columns" in rejected.detail
