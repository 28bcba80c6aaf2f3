"""Columns of tables are mapped as told, or guessed from their names and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.read import Meter
from dragoman.read.columns import Columns, guess_columns, parse_columns

from .archive_making import articles_of, read_all, reasons_of


@pytest.mark.parametrize("words", ["text", "body=text", "text=a,text=b", "text=", "title=headline", "=a"])
def test_a_flag_that_is_no_mapping_is_a_mistake_of_usage(words: str) -> None:
    """Each part must be one of our keys and a column, and the text must be among them."""
    with pytest.raises(UsageError, match="--columns must"):
        parse_columns(words)


def test_a_column_may_have_spaces() -> None:
    """Only commas part the pairs."""
    assert parse_columns("text=Full text, title=Head line") == {"text": "Full text", "title": "Head line"}


def test_nothing_is_guessed_where_no_column_could_hold_the_text() -> None:
    """A table of figures stays what it is."""
    assert guess_columns(["date", "title", "count"]) == {}


def test_rows_that_speak_our_language_are_left_alone() -> None:
    """With "text" there, a column called "date" is not taken for the publication date."""
    row = {"text": "Talks.", "date": "2024-05-06"}
    assert Columns().map(row, source="a") is row


def test_a_day_under_another_name_is_hinted_at_once(tmp_path: Path) -> None:
    """A row with "text" keeps its meaning, but the user learns that its day is not used and how to have it used."""
    told: list[str] = []
    path = tmp_path / "a.jsonl"
    rows = [
        '{"text": "They began.", "date": "2024-05-06"}',
        '{"text": "They end.", "published": "2024-05-07"}',
    ]
    path.write_text("\n".join(rows) + "\n")
    found = articles_of(read_all(path, meter=Meter(tell=told.append)))
    assert [a.published_on for a in found] == [None, None]
    assert told == [
        f'{path}: rows have no "published_on"; their "date" is not used. If it is the day of publication, say so: '
        "--columns text=text,published_on=date"
    ]


def test_the_flag_hinted_at_loses_no_column(tmp_path: Path) -> None:
    """Whoever follows the hint has the day, and everything else as before."""
    told: list[str] = []
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"Pub Date": "6 May 2024", "text": "They began.", "url": "https://a.example/1", "title": "Talks", "id": 7, "outlet": "A"}\n'
    )
    (before,) = articles_of(read_all(path, meter=Meter(tell=told.append)))
    flag = told[0].split("--columns ")[1]
    (after,) = articles_of(read_all(path, columns=parse_columns(flag)))
    assert str(after.published_on) == "2024-05-06"
    for name in ("body", "url", "title", "source_id", "outlet"):
        assert getattr(after, name) == getattr(before, name)


@pytest.mark.parametrize(
    "row", ['{"text": "a", "published_on": "2024-05-06", "date": "x"}', '{"text": "a", "date": null}']
)
def test_no_hint_where_nothing_is_lost(tmp_path: Path, row: str) -> None:
    """A row with its day, or without any, needs no hint."""
    told: list[str] = []
    path = tmp_path / "a.jsonl"
    path.write_text(row + "\n")
    assert len(articles_of(read_all(path, meter=Meter(tell=told.append)))) == 1
    assert told == []


def test_a_guess_is_told_once_and_used(tmp_path: Path) -> None:
    """The guess is shown as the flag that would say the same."""
    told: list[str] = []
    path = tmp_path / "a.csv"
    path.write_text(
        "Headline;Article Text;Pub Date\nTalks;They began.;6 May 2024\nMore;They end.;2024-05-07\n"
    )
    found = articles_of(read_all(path, meter=Meter(tell=told.append)))
    assert [(a.body, a.title, str(a.published_on)) for a in found] == [
        ("They began.", "Talks", "2024-05-06"),
        ("They end.", "More", "2024-05-07"),
    ]
    assert told == [
        f"{path}: columns guessed: --columns text=Article Text,title=Headline,published_on=Pub Date"
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_columns_as_told_are_used_in_every_table(tmp_path: Path, name: str) -> None:
    """The flag holds for JSON lines, JSON and CSV, and goes before names of ours."""
    content = {
        "a.jsonl": '{"words": "They began.", "text": "no", "n": 7}\n',
        "a.json": '[{"words": "They began.", "text": "no", "n": 7}]',
        "a.csv": "words,text,n\nThey began.,no,7\n",
    }[name]
    path = tmp_path / name
    path.write_text(content)
    (article,) = articles_of(read_all(path, columns={"text": "words", "id": "n"}))
    assert (article.body, article.source_id) == ("They began.", "7")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-05-06", "2024-05-06"),
        ("2024-05-06T10:00:00Z", "2024-05-06"),
        ("2024/05/06", "2024-05-06"),
        ("20240506", "2024-05-06"),
        ("Mon, 06 May 2024 10:00:00 +0200", "2024-05-06"),
        ("6 May 2024", "2024-05-06"),
        ("May 6, 2024", "2024-05-06"),
        ("05/06/2024", None),
        ("yesterday", None),
    ],
)
def test_dates_of_tables_are_read_where_they_can_mean_one_day(
    tmp_path: Path, value: str, day: str | None
) -> None:
    """Days with the month in words or the year first are read; figures in an unknown order are refused."""
    path = tmp_path / "a.tsv"
    path.write_text(f"text\tpublished_on\nThey began.\t{value}\n")
    found = read_all(path)
    if day is None:
        assert reasons_of(found) == ["bad_row"]
    else:
        assert [str(a.published_on) for a in articles_of(found)] == [day]
