"""Files, folders and standard input become raw articles, in order, and what cannot be read is told."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import InputError
from dragoman.read import iter_articles
from dragoman.records import RawArticle, Rejected

PAGE = b"<!DOCTYPE html>\n<html><body><p>Talks began in Halden.</p></body></html>"
TEXT = b"Talks began in Halden.\n"
ROW = b'{"id": 7, "text": "Talks began in Halden."}\n'


def read_all(*inputs: Path | str, stdin: bytes = b"", max_bytes: int = 10_000) -> list[RawArticle | Rejected]:
    """Return all that the inputs give."""
    names = [str(item) for item in inputs]
    return list(iter_articles(names, stdin=io.BytesIO(stdin), max_bytes=max_bytes))


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.txt", TEXT, "text/plain"),
        ("a.md", TEXT, "text/plain"),
        ("a.html", PAGE, "text/html"),
        ("a.HTM", PAGE, "text/html"),
        ("a.xhtml", PAGE, "text/html"),
        ("a", PAGE, "text/html"),
        ("a.page", TEXT, "text/plain"),
    ],
)
def test_a_document_is_one_article(tmp_path: Path, name: str, content: bytes, media_type: str) -> None:
    """A text or page is handed on as its bytes, its kind told by its name or else by its first line."""
    path = write(tmp_path, name, content)
    assert read_all(path) == [RawArticle(content, media_type, str(path))]


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.json", "a.csv"])
def test_a_packed_file_reads_as_the_plain_one(tmp_path: Path, name: str) -> None:
    """Each kind of file may be packed with gzip and gives the same articles."""
    content = {
        "a.txt": TEXT,
        "a.html": PAGE,
        "a.jsonl": ROW,
        "a.json": ROW,
        "a.csv": b"id,text\n7,Talks began.\n",
    }[name]
    plain = read_all(write(tmp_path, name, content))
    packed = read_all(write(tmp_path, f"{name}.gz", gzip.compress(content)))
    assert [item.body for item in plain if isinstance(item, RawArticle)] == [
        item.body for item in packed if isinstance(item, RawArticle)
    ]
    assert len(packed) == 1


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    """Folders are read with their folders; hidden files and files of other kinds are passed over."""
    for name in (
        "b/2.txt",
        "b/1.html",
        "a.txt",
        "c.txt.gz",
        ".hidden.txt",
        ".git/x.txt",
        "notes.docx",
        "d.jsonl",
    ):
        write(
            tmp_path,
            name,
            gzip.compress(TEXT) if name.endswith("gz") else ROW if name.endswith("l") else TEXT,
        )
    found = read_all(tmp_path)
    names = [
        Path(item.source).relative_to(tmp_path).as_posix() for item in found if isinstance(item, RawArticle)
    ]
    assert names == ["a.txt", "b/1.html", "b/2.txt", "c.txt.gz", "d.jsonl:1"]


def test_links_in_a_folder_do_not_lead_in_circles(tmp_path: Path) -> None:
    """A link to the folder itself is passed over."""
    write(tmp_path, "a.txt", TEXT)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(read_all(tmp_path)) == 1


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (TEXT, ["text/plain"]),
        (PAGE, ["text/html"]),
        (b"\xef\xbb\xbf<html><p>Talks</p></html>", ["text/html"]),
        (b"\n\n" + ROW + ROW, ["text/plain", "text/plain"]),
        (b'[{"text": "Talks."}, {"html": "<p>Talks.</p>"}]', ["text/plain", "text/html"]),
        (b'{\n "text": "Talks."\n}', ["text/plain"]),
        (b"[Update] Talks began.\n", ["text/plain"]),
        (b"{sic} they said.\n", ["text/plain"]),
        (gzip.compress(ROW), ["text/plain"]),
    ],
)
def test_standard_input_is_looked_into(content: bytes, kinds: list[str]) -> None:
    """Text, pages, JSON lines and JSON are told apart by the first line that is not blank."""
    found = read_all("-", stdin=content)
    assert [item.media_type for item in found if isinstance(item, RawArticle)] == kinds
    assert len(found) == len(kinds)


def test_what_was_looked_at_is_not_lost() -> None:
    """The bytes that told the kind of standard input are part of the article."""
    body = b"\n  \n" + TEXT * 100
    assert read_all("-", stdin=body) == [RawArticle(body, "text/plain", "stdin")]


def test_rows_arrive_while_the_stream_is_open() -> None:
    """The first row of a stream of rows is there before the last one was read."""

    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            self.given += 1
            assert self.given < 100, "the stream is read ahead without end"
            buffer[: len(ROW)] = ROW
            return len(ROW)

    found = iter_articles(["-"], stdin=io.BufferedReader(Endless(), 64))  # type: ignore[type-var]
    assert [next(found).source_id for _ in range(5)] == ["7"] * 5


def test_flags_hold_for_all_articles(tmp_path: Path) -> None:
    """Outlet and date of the caller are on each article, with the flag's name."""
    path = write(tmp_path, "a.txt", TEXT)
    day = date(2024, 6, 3)
    (raw,) = iter_articles([str(path)], outlet="Keld Times", published_on=day, published_field="--published")
    assert isinstance(raw, RawArticle)
    assert (raw.outlet, raw.published_on, raw.published_field) == ("Keld Times", day, "--published")


@pytest.mark.parametrize(
    ("name", "content", "reason", "told"),
    [
        ("a.txt", b"", "empty", "nothing"),
        ("a.jsonl", b"\n\n", "empty", "nothing"),
        ("a.txt.gz", gzip.compress(b""), "empty", "nothing"),
        ("a.txt", b"%PDF-1.7\n%abc", "failed", "a PDF that cannot be read"),
        ("a.jsonl", b"PK\x03\x04 and so on", "failed", "a ZIP archive that cannot be read"),
        ("a.txt", b"abc\x00\x01", "binary", "binary data"),
        ("a.txt", TEXT * 1000, "too_large", "10000 bytes"),
        ("a.json", b"[" + b" " * 300_000 + b"]", "too_large", "one object per line"),
        ("a.json", b'{"text": "Talks', "bad_row", "line 1"),
        ("a.json", b'{"text": "Talks \xff"}', "not_utf8", "byte 16"),
        ("a.json", b'"Talks"', "bad_row", "a string, not an object"),
        ("a.txt.gz", gzip.compress(TEXT * 50)[:-20], "failed", "reading stopped"),
        ("a.txt.gz", b"\x1f\x8b and no more", "failed", "reading stopped"),
    ],
)
def test_bad_files_are_rejected_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str, told: str
) -> None:
    """A file that cannot be read gives one rejection that names it and says why."""
    path = write(tmp_path, name, content)
    (rejected,) = read_all(path)
    assert isinstance(rejected, Rejected)
    assert (rejected.stage, rejected.reason) == ("read", reason)
    assert rejected.detail.startswith(str(path))
    assert told in rejected.detail


def test_after_a_bad_file_reading_goes_on(tmp_path: Path) -> None:
    """The files behind a bad one are read."""
    bad, good = write(tmp_path, "a.txt", b"%PDF-1.7"), write(tmp_path, "b.txt", TEXT)
    assert [type(item) for item in read_all(bad, good)] == [Rejected, RawArticle]


def test_a_long_line_costs_no_memory(tmp_path: Path) -> None:
    """A line of 50 MB is passed over in pieces: no read asks for more than the limit or a megabyte."""

    class Counting(io.BytesIO):
        largest = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            self.largest = max(self.largest, len(line))
            return line

    stream = Counting(b'{"text": "' + b"a" * 50_000_000 + b'"}\n' + ROW)
    found = list(iter_articles(["-"], stdin=stream, max_bytes=2_000_000))
    first, second = found
    assert isinstance(first, Rejected)
    assert (first.reason, first.item_id) == ("too_large", "stdin:1")
    assert "50000013 bytes" in first.detail
    assert isinstance(second, RawArticle)
    assert stream.largest <= 2_000_001


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("@no-such-list.txt", "the list"),
        ("no-such-file.txt", "does not exist"),
    ],
)
def test_inputs_that_are_not_there_are_the_callers_mistake(name: str, told: str) -> None:
    """A missing path or list is an error that names it, raised before anything is read."""
    with pytest.raises(InputError, match=told) as caught:
        iter_articles(["-", name])
    assert name.removeprefix("@") in str(caught.value)


def test_a_folder_without_articles_is_the_callers_mistake(tmp_path: Path) -> None:
    """The error names the folder and the kinds of files that were looked for."""
    write(tmp_path, "notes.docx", b"PK")
    with pytest.raises(InputError, match=r"\.jsonl") as caught:
        iter_articles([str(tmp_path)])
    assert str(tmp_path) in str(caught.value)


def test_a_json_list_numbers_its_items(tmp_path: Path) -> None:
    """Articles of a JSON list carry the file and their number, broken ones too."""
    path = write(tmp_path, "a.json", json.dumps([{"text": "One."}, 2, {"text": "Three."}]).encode())
    found = read_all(path)
    assert [getattr(item, "source", None) or getattr(item, "item_id", None) for item in found] == [
        f"{path}:1",
        f"{path}:2",
        f"{path}:3",
    ]
    assert isinstance(found[1], Rejected)
    assert "item 2" in found[1].detail
