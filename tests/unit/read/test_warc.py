"""Web archives are read record by record, and a broken record costs itself only."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from dragoman.read import Limits, Meter, iter_articles
from dragoman.records import RawArticle, Rejected

from .archive_making import PAGE, articles_of, read_all, reasons_of, warc_record

ONE, TWO, THREE = (warc_record(f"https://keld.example/{n}") for n in (1, 2, 3))


def read(folder: Path, content: bytes, *, name: str = "a.warc", **how: object) -> list[RawArticle | Rejected]:
    """Return what an archive gives."""
    path = folder / name
    path.write_bytes(content)
    return read_all(path, **how)  # type: ignore[arg-type]


def urls_of(found: list[RawArticle | Rejected]) -> list[str | None]:
    """Return the last part of the addresses of the articles."""
    return [a.url.rpartition("/")[2] if a.url else None for a in articles_of(found)]


def test_address_time_and_digest_are_kept(tmp_path: Path) -> None:
    """A page keeps where and when it was fetched, its encoding, and what identifies it in its archive."""
    (article,) = articles_of(read(tmp_path, ONE))
    assert article.url == "https://keld.example/1"
    assert article.fetched_at == datetime(2024, 5, 6, 10, tzinfo=UTC)
    assert (article.body, article.media_type, article.charset) == (PAGE, "text/html", "utf-8")
    assert article.source == f"{tmp_path / 'a.warc'}:0"
    assert [note.split(" ")[1] for note in article.notes] == ["record", "digest"]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.warc", b"".join),
        ("a.warc.gz", lambda parts: b"".join(map(gzip.compress, parts))),
        ("a.warc.gz", lambda parts: gzip.compress(b"".join(parts))),
        ("a.warc.zst", lambda parts: b"".join(map(zstandard.compress, parts))),
        ("archive", lambda parts: b"".join(map(gzip.compress, parts))),
    ],
)
def test_packed_archives_read_as_plain_ones(tmp_path: Path, name: str, pack: object) -> None:
    """Packed by record or as a whole, and whatever the name, the pages are the same."""
    assert urls_of(read(tmp_path, pack([ONE, TWO, THREE]), name=name)) == ["1", "2", "3"]  # type: ignore[operator]


def test_standard_input_is_read_as_it_comes() -> None:
    """An archive on a pipe cannot be searched and is read all the same."""
    for content in (ONE + TWO, gzip.compress(ONE) + gzip.compress(TWO)):

        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

        assert urls_of(list(iter_articles(["-"], stdin=Pipe(content)))) == ["1", "2"]


def test_only_pages_that_answered_are_read(tmp_path: Path) -> None:
    """Other kinds and other answers are counted and passed over."""
    meter = Meter()
    other = [
        warc_record("https://keld.example/a", b"png", content_type="image/png"),
        warc_record("https://keld.example/b", status="404 Not Found"),
        warc_record("https://keld.example/c", status="301 Moved", headers="Location: /1\r\n"),
        warc_record("https://keld.example/d", kind="request"),
    ]
    found = read(tmp_path, b"".join([ONE, *other, TWO]), meter=meter)
    assert urls_of(found) == ["1", "2"]
    assert reasons_of(found) == []
    assert meter.passed == {
        "image/png responses": 1,
        "responses of status 404": 1,
        "responses of status 301": 1,
    }


def test_encodings_of_the_wire_are_undone(tmp_path: Path) -> None:
    """Pages sent in chunks, with gzip or deflate come out plain; a header without its encoding does no harm."""
    chunked = b"%x\r\n" % len(PAGE) + PAGE + b"\r\n0\r\n\r\n"
    records = [
        warc_record("https://keld.example/1", gzip.compress(PAGE), headers="Content-Encoding: gzip\r\n"),
        warc_record("https://keld.example/2", zlib.compress(PAGE), headers="Content-Encoding: deflate\r\n"),
        warc_record("https://keld.example/3", chunked, headers="Transfer-Encoding: chunked\r\n"),
        warc_record(
            "https://keld.example/4", PAGE, headers="Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        ),
    ]
    found = read(tmp_path, b"".join(records))
    assert [a.body for a in articles_of(found)] == [PAGE] * 4


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (
            warc_record(
                "https://keld.example/x", gzip.compress(PAGE)[:-9], headers="Content-Encoding: gzip\r\n"
            ),
            "decompression",
        ),
        (warc_record("https://keld.example/x", PAGE, headers="Content-Encoding: br\r\n"), "decompression"),
        (
            warc_record("https://keld.example/x", b"ff\r\n<p>", headers="Transfer-Encoding: chunked\r\n"),
            "truncated",
        ),
        (warc_record("https://keld.example/x", warc_headers="WARC-Truncated: length\r\n"), "truncated"),
        (warc_record("https://keld.example/x", b"  \n"), "empty"),
        (warc_record("https://keld.example/x", b"a" * 20_000), "too_large"),
        (b"rubbish between the records\r\n\r\n", "bad_record"),
        (warc_record("https://keld.example/x", b"<p>x</p>" * 90, length=200)[250:], "bad_record"),
    ],
)
def test_a_broken_record_costs_itself_only(tmp_path: Path, broken: bytes, reason: str) -> None:
    """The records before and behind it are read, and it is rejected with its place."""
    found = read(tmp_path, ONE + broken + TWO, limits=Limits(max_bytes=10_000))
    assert urls_of(found) == ["1", "2"]
    (rejected,) = (item for item in found if isinstance(item, Rejected))
    assert rejected.reason == reason
    assert str(len(ONE)) in rejected.item_id or ":after:" in rejected.item_id


def test_a_broken_member_of_a_packed_archive_is_stepped_over(tmp_path: Path) -> None:
    """A member whose bytes were altered does not end the archive."""
    middle = bytearray(gzip.compress(TWO))
    middle[len(middle) // 2] ^= 0xFF
    content = gzip.compress(ONE) + bytes(middle) + gzip.compress(THREE)
    found = read(tmp_path, content, name="a.warc.gz")
    assert urls_of(found)[0] == "1"
    assert urls_of(found)[-1] == "3"
    assert set(reasons_of(found)) <= {"bad_record", "truncated"}
    assert reasons_of(found)


@pytest.mark.parametrize("cut", [40, 300, len(ONE) - 20])
@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_that_ends_early_gives_what_is_whole(tmp_path: Path, cut: int, packed: bool) -> None:
    """A download that was cut off gives its whole pages, and never half of one."""
    content = gzip.compress(ONE) + gzip.compress(TWO)[: cut // 3] if packed else ONE + TWO[:cut]
    found = read(tmp_path, content, name="a.warc.gz" if packed else "a.warc")
    assert urls_of(found) == ["1"]
    assert set(reasons_of(found)) <= {"truncated", "bad_record", "empty"}


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    """Ten times the records take the same memory."""
    peaks = []
    for count in (200, 2000):
        path = tmp_path / f"{count}.warc.gz"
        path.write_bytes(gzip.compress(warc_record("https://keld.example/1", PAGE * 100)) * count)
        tracemalloc.start()
        assert sum(1 for _ in iter_articles([str(path)])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000
