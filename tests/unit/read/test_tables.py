"""Rows of JSON lines and CSV become raw articles; broken rows are told and passed over."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from dragoman.read.rows import Given
from dragoman.read.tables import iter_csv, iter_jsonl
from dragoman.records import RawArticle, Rejected

LIMIT = 1000


def read_lines(content: bytes, given: Given | None = None) -> list[RawArticle | Rejected]:
    """Return the articles of JSON lines."""
    return list(iter_jsonl(io.BytesIO(content), name="a.jsonl", given=given or Given(), max_bytes=LIMIT))


def read_row(**row: Any) -> RawArticle | Rejected:
    """Return the article of one row."""
    return read_lines(json.dumps(row).encode())[0]


def read_csv(content: str | bytes) -> list[RawArticle | Rejected]:
    """Return the articles of a CSV file."""
    body = content.encode() if isinstance(content, str) else content
    return list(iter_csv(io.BytesIO(body), name="a.csv", given=Given(), max_bytes=LIMIT))


def test_a_row_gives_all_its_fields() -> None:
    """The keys of a row are the article's fields, its text taken verbatim."""
    row = {
        "id": "x1",
        "text": " One.\r\nTwo. ",
        "title": "T",
        "url": "https://keld.example/",
        "outlet": "Keld Times",
    }
    assert read_row(**row, published_on="2024-06-03", extra=1) == RawArticle(
        body=" One.\r\nTwo. ",
        media_type="text/plain",
        source="a.jsonl:1",
        source_id="x1",
        url="https://keld.example/",
        outlet="Keld Times",
        title="T",
        published_on=date(2024, 6, 3),
        published_field="published_on",
        verbatim=True,
    )


def test_a_row_may_hold_a_page() -> None:
    """With "html" in place of "text" the article is a page and not verbatim."""
    raw = read_row(html="<p>Talks.</p>")
    assert isinstance(raw, RawArticle)
    assert (raw.media_type, raw.body, raw.verbatim) == ("text/html", "<p>Talks.</p>", False)


def test_the_row_speaks_before_the_flag() -> None:
    """Date and outlet of the row go before those of the caller, which fill the gaps."""
    given = Given("Flag", date(2024, 1, 1), "--published")
    first, second = read_lines(
        b'{"text": "One.", "outlet": "Row", "published_on": "2024-06-03T10:00:00Z"}\n{"text": "Two."}', given
    )
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert (first.outlet, first.published_on, first.published_field) == (
        "Row",
        date(2024, 6, 3),
        "published_on",
    )
    assert (second.outlet, second.published_on, second.published_field) == (
        "Flag",
        date(2024, 1, 1),
        "--published",
    )


@pytest.mark.parametrize(
    ("line", "reason", "told"),
    [
        (b'{"text": "Talks', "bad_row", "not valid JSON at column 10"),
        (b'["Talks"]', "bad_row", "a list, not an object"),
        (b'{"id": 7}', "bad_row", 'no "text" and no "html"; it has "id"'),
        (b'{"text": null}', "bad_row", 'no "text" and no "html"'),
        (b'{"text": 7}', "bad_row", '"text" is a number'),
        (b'{"text": "Talks.", "title": ["a"]}', "bad_row", '"title" is a list'),
        (b'{"text": "Talks.", "id": true}', "bad_row", '"id" is true or false'),
        (b'{"text": "Talks.", "published_on": "3 June"}', "bad_row", '"published_on" is "3 June"'),
        (b'{"text": "Talks.", "published_on": 20240603}', "bad_row", '"published_on" is a number'),
        (b'{"text": "Talks \xff"}', "not_utf8", "byte 16 of the line"),
        (b"[" * 900, "bad_row", "JSON"),
        (b'{"text": "' + b"a" * LIMIT + b'"}', "too_large", f"at most {LIMIT}"),
    ],
)
def test_a_broken_row_is_told_and_passed_over(line: bytes, reason: str, told: str) -> None:
    """A broken row names file, line and what is wrong; the rows around it are read."""
    good = b'{"text": "Talks."}\n'
    first, broken, third = read_lines(good + line + b"\n" + good)
    assert isinstance(first, RawArticle)
    assert isinstance(third, RawArticle)
    assert isinstance(broken, Rejected)
    assert (broken.stage, broken.reason, broken.item_id) == ("read", reason, "a.jsonl:2")
    assert broken.detail.startswith("a.jsonl, line 2: ")
    assert told in broken.detail


def test_a_rejected_row_keeps_its_id() -> None:
    """The row's own id is on its rejection."""
    rejected = read_row(id=12, title="T")
    assert isinstance(rejected, Rejected)
    assert rejected.source_id == "12"


def test_blank_lines_count_but_give_nothing() -> None:
    """Blank lines are passed over and the line numbers stay those of the file."""
    (raw,) = read_lines(b'\n  \n{"text": "Talks."}\n\n')
    assert isinstance(raw, RawArticle)
    assert raw.source == "a.jsonl:3"


def test_csv_columns_are_found_by_name() -> None:
    """Columns may stand in any order; quoted line breaks belong to the text."""
    found = read_csv('\ufeffurl,id,text\nhttps://keld.example/,1,"One.\nTwo, too."\n,2,Three.\n')
    assert [
        (item.source, item.source_id, item.body, item.url) for item in found if isinstance(item, RawArticle)
    ] == [
        ("a.csv:2", "1", "One.\nTwo, too.", "https://keld.example/"),
        ("a.csv:4", "2", "Three.", None),
    ]


def test_a_csv_without_text_column_is_told_once() -> None:
    """A file without the column names those that it has."""
    (rejected,) = read_csv("id,words\n1,One.\n2,Two.\n")
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "bad_row"
    assert '"id", "words"' in rejected.detail


@pytest.mark.parametrize(
    ("row", "reason", "told"),
    [
        (b"1,One.,more", "bad_row", "3 columns; the first row has 2"),
        (b"1,", "bad_row", 'no "text"'),
        (b"1,Talks \xff", "not_utf8", 'column "text"'),
        (b"1," + b"a" * (LIMIT + 1), "too_large", f"at most {LIMIT}"),
    ],
)
def test_a_broken_csv_row_is_told_and_passed_over(row: bytes, reason: str, told: str) -> None:
    """A broken row names its line; the rows around it are read."""
    first, broken, third = read_csv(b"id,text\n0,Zero.\n" + row + b"\n2,Two.\n")
    assert isinstance(first, RawArticle)
    assert isinstance(third, RawArticle)
    assert isinstance(broken, Rejected)
    assert (broken.reason, broken.item_id) == (reason, "a.csv:3")
    assert told in broken.detail


def test_a_long_csv_text_is_read() -> None:
    """A text longer than the csv module's own limit is read."""
    text = "Talks began. " * 20_000
    body = f"id,text\n1,{text}\n".encode()
    (raw,) = iter_csv(io.BytesIO(body), name="a.csv", given=Given(), max_bytes=len(body))
    assert isinstance(raw, RawArticle)
    assert raw.body == text
