"""Packed files, archives, lists and folders become the articles that they hold."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from dragoman.read import Meter, iter_articles
from dragoman.records import RawArticle, Rejected

from .archive_making import PAGE, TEXT, articles_of, parquet_file, pdf_file, read_all, reasons_of

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}
ROWS = b'{"id": 1, "text": "Talks began."}\n{"id": 2, "text": "They end."}\n'


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize(
    ("name", "content", "count"), [("a.txt", TEXT.encode(), 1), ("a.html", PAGE, 1), ("a.jsonl", ROWS, 2)]
)
def test_packed_files_read_as_plain_ones(
    tmp_path: Path, suffix: str, name: str, content: bytes, count: int
) -> None:
    """Each way of packing gives the same articles, also in several pieces, and from standard input."""
    packed = PACKERS[suffix](content[:20]) + PACKERS[suffix](content[20:])
    path = tmp_path / f"{name}{suffix}"
    path.write_bytes(packed)
    assert len(articles_of(read_all(path))) == count
    found = list(iter_articles(["-"], stdin=io.BytesIO(packed)))
    assert len([item for item in found if isinstance(item, RawArticle)]) == count


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_packed_file_that_ends_early_is_told(tmp_path: Path, suffix: str) -> None:
    """Rows before the break are read, and the break is a rejection."""
    path = tmp_path / f"a.jsonl{suffix}"
    noise = "".join(f"{n * 7919 % 1000:03d}" for n in range(50_000))
    rows = ROWS + b"".join(
        b'{"text": "Talks %d %s"}\n' % (n, noise[n * 50 : n * 50 + 200].encode()) for n in range(2000)
    )
    path.write_bytes(PACKERS[suffix](rows)[:-100])
    found = read_all(path)
    assert reasons_of(found)[-1] in ("failed", "bad_row")


@pytest.mark.parametrize("name", ["a.parquet", "a.pdf"])
def test_packed_tables_and_reports_are_read(tmp_path: Path, name: str) -> None:
    """What must be searched is searched in a copy."""
    path = tmp_path / name
    if name == "a.parquet":
        parquet_file(path, "SELECT 'Talks began.' AS text")
    else:
        path.write_bytes(pdf_file([TEXT * 2]))
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert len(articles_of(read_all(packed))) == 1
    assert len(articles_of(list(iter_articles(["-"], stdin=io.BytesIO(path.read_bytes()))))) == 1


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """Write a ZIP archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_members_of_an_archive_are_read_in_order(tmp_path: Path) -> None:
    """Every kind of file may stand in an archive, packed once more at most; others are counted."""
    table = parquet_file(tmp_path / "t.parquet", "SELECT 'Talks began.' AS text").read_bytes()
    meter = Meter()
    path = zipped(tmp_path / "a.zip", {
        "b/a.txt": TEXT.encode(), "rows.jsonl.gz": gzip.compress(ROWS), "t.parquet": table, "r.pdf": pdf_file([TEXT * 2]),
        "pic.jpg": b"\xff\xd8\xff", "__MACOSX/b/a.txt": b"x", ".hidden.txt": b"x", "empty.txt": b"",
    })  # fmt: skip
    found = read_all(path, meter=meter)
    names = [a.source.removeprefix(f"{path}!") for a in articles_of(found)]
    assert names == ["b/a.txt", "rows.jsonl.gz:1", "rows.jsonl.gz:2", "t.parquet:1", "r.pdf"]
    assert reasons_of(found) == ["empty"]
    assert meter.summary() == "passed over: 1 .jpg members"


def test_an_archive_comes_through_a_pipe() -> None:
    """A ZIP archive on standard input is read from a copy."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.txt", TEXT)
    (article,) = articles_of(list(iter_articles(["-"], stdin=io.BytesIO(held.getvalue()))))
    assert article.source == "stdin!a.txt"


def test_an_office_document_is_told_as_such(tmp_path: Path) -> None:
    """A text document of an office program is no archive of articles."""
    found = read_all(
        zipped(tmp_path / "a.zip", {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    )
    assert reasons_of(found) == ["binary"]
    assert isinstance(found[0], Rejected)
    assert "office document" in found[0].detail


def test_a_list_names_inputs(tmp_path: Path) -> None:
    """A list after "@" reads what its lines name; a lost file costs its line only."""
    for name in ("a.txt", "b c.txt"):
        (tmp_path / name).write_text(TEXT)
    names = tmp_path / "names"
    names.write_text(f"# today\n{tmp_path}/a.txt\n\n{tmp_path}/lost.txt\n{tmp_path}/b c.txt\r\n")
    found = read_all(f"@{names}")
    assert [Path(a.source).name for a in articles_of(found)] == ["a.txt", "b c.txt"]
    assert reasons_of(found) == ["missing"]
    assert isinstance(found[-2], Rejected)
    assert "line 4" in found[-2].detail


def test_what_a_folder_holds_besides_is_counted(tmp_path: Path) -> None:
    """Files of other kinds are told at the end, by their endings."""
    for name in ("a.txt", "b.jpg", "c.jpg", "d.css", "e"):
        (tmp_path / name).write_text(TEXT)
    meter = Meter()
    assert len(read_all(tmp_path, meter=meter)) == 1
    assert meter.summary() == "passed over: 2 .jpg files, 1 .css files, 1 files without ending"


def test_progress_is_known_while_reading(tmp_path: Path) -> None:
    """The bytes behind us grow to the bytes of all inputs."""
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(ROWS * 5000)
    meter = Meter()
    seen = []
    from dragoman.read import Reading

    for count, _ in enumerate(iter_articles([str(tmp_path)], reading=Reading(meter=meter))):
        if count % 2000 == 0:
            seen.append(meter.done())
    assert meter.total == 2 * 5000 * len(ROWS)
    assert seen == sorted(seen)
    assert seen[0] < seen[-1] <= meter.done() == meter.total
