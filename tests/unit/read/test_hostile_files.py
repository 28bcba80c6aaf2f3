"""Files made to do harm are refused with their reason; none crashes, leaks or leads out of its folder."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from dragoman.errors import InputError
from dragoman.read import Limits, Meter, iter_articles
from dragoman.records import RawArticle, Rejected

from .archive_making import TEXT, articles_of, parquet_file, pdf_file, read_all, reasons_of, warc_record

GOOD = TEXT.encode()
BOMB = b"0" * 60_000_000


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(content)
    return path


def zip_of(folder: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    """Write a ZIP archive with a good member and what ``change`` adds."""
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.txt", GOOD)
        change(archive)
    return path


def overlapping(copies: int) -> bytes:
    """Return a ZIP archive whose directory names the same bytes many times."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", b"0" * 5_000_000)
    content = held.getvalue()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end]
    directory = b"".join(entry.replace(b"0.txt", b"%d.txt" % (n % 10)) for n in range(copies))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(directory), start, 0)
    return content[:start] + directory + tail


def quoted_overlap() -> bytes:
    """Return a ZIP archive whose first member's bytes are a second member's header and bytes.

    Source:
        D. Fifield, "A better zip bomb", USENIX WOOT 2019, section "quoted overlap".
    """
    kernel = zlib.compress(b"0" * 1_000_000, 9)[2:-4]
    crc = zlib.crc32(b"0" * 1_000_000)

    def local(name: bytes, size: int, packed: int, sum_: int) -> bytes:
        return (
            struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, sum_, packed, size, len(name), 0) + name
        )

    inner = local(b"b.txt", 1_000_000, len(kernel), crc) + kernel
    quote = struct.pack("<BHH", 0, len(inner) - len(kernel), (len(inner) - len(kernel)) ^ 0xFFFF)
    header = inner[: len(inner) - len(kernel)]
    body = quote + header + kernel
    total = header + b"0" * 1_000_000
    first = local(b"a.txt", len(total), len(body), zlib.crc32(total))

    def entry(name: bytes, size: int, packed: int, sum_: int, at: int) -> bytes:
        numbers = (b"PK\x01\x02", 20, 20, 0, 8, 0, 0, sum_, packed, size, len(name), 0, 0, 0, 0, 0, at)
        return struct.pack("<4s6H3L5H2L", *numbers) + name

    content = first + body
    directory = entry(b"a.txt", len(total), len(body), zlib.crc32(total), 0)
    directory += entry(b"b.txt", 1_000_000, len(kernel), crc, len(first) + len(quote))
    return (
        content
        + directory
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), len(content), 0)
    )


def patched(archive: bytes, *, flags: int = 0, method: int | None = None) -> bytes:
    """Return a ZIP archive whose second member has other flags or another method."""
    content = bytearray(archive)
    for magic, flag_at, method_at in ((b"PK\x03\x04", 6, 8), (b"PK\x01\x02", 8, 10)):
        at = content.index(magic, content.index(magic) + 4)
        content[at + flag_at] |= flags
        if method is not None:
            content[at + method_at] = method
    return bytes(content)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/evil.txt",
        "a/../../evil.txt",
        "C:\\evil.txt",
        "..\\evil.txt",
        "\\\\host\\evil.txt",
    ],
)
def test_zip_slip(tmp_path: Path, name: str) -> None:
    """A member whose path leads out is refused, the others are read, and nothing is written anywhere."""
    folder = tmp_path / "in"
    folder.mkdir()
    path = zip_of(folder, lambda a: a.writestr(name, GOOD))
    before = sorted(p for p in tmp_path.rglob("*"))
    found = read_all(path)
    assert reasons_of(found) == ["unsafe_path"]
    assert len(articles_of(found)) == 1
    assert sorted(p for p in tmp_path.rglob("*")) == before


def test_a_link_in_an_archive(tmp_path: Path) -> None:
    """A member that is a link is refused."""

    def add(archive: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert reasons_of(read_all(zip_of(tmp_path, add))) == ["unsafe_path"]


def test_a_zip_bomb(tmp_path: Path) -> None:
    """An archive that would fill the memory is refused before it is unpacked."""
    path = zip_of(tmp_path, lambda a: a.writestr("bomb.txt", BOMB))
    tracemalloc.start()
    assert reasons_of(read_all(path)) == ["unpacks_too_far"]
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    """An entry that says it is small gives no more than it says."""
    path = zip_of(tmp_path, lambda a: a.writestr("bomb.txt", BOMB))
    content = path.read_bytes().replace(struct.pack("<L", len(BOMB)), struct.pack("<L", 100))
    found = read_all(write(tmp_path, "b.zip", content))
    assert all(len(a.body) <= 100 for a in articles_of(found))


def test_overlapping_members(tmp_path: Path) -> None:
    """One kernel named many times over is refused as a whole."""
    assert reasons_of(read_all(write(tmp_path, "a.zip", overlapping(500)))) == ["unpacks_too_far"]


def test_a_quoted_overlap_bomb(tmp_path: Path) -> None:
    """A member that holds the header of the next one inside its own bytes is refused."""
    content = quoted_overlap()
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["a.txt", "b.txt"]
    (rejected,) = read_all(write(tmp_path, "a.zip", content))
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "unpacks_too_far"
    assert "overlap" in rejected.detail


def test_too_many_members(tmp_path: Path) -> None:
    """An archive of more files than allowed is refused as a whole."""

    def add(archive: zipfile.ZipFile) -> None:
        for n in range(50):
            archive.writestr(f"{n}.txt", b"")

    assert reasons_of(read_all(zip_of(tmp_path, add), limits=Limits(max_members=20))) == ["too_many_members"]


def test_encrypted_members(tmp_path: Path) -> None:
    """A member that needs a password is refused, the others are read."""
    path = zip_of(tmp_path, lambda a: a.writestr("secret.txt", GOOD))
    found = read_all(write(tmp_path, "b.zip", patched(path.read_bytes(), flags=1)))
    assert reasons_of(found) == ["encrypted"]
    assert len(articles_of(found)) == 1


def test_an_unknown_way_of_packing(tmp_path: Path) -> None:
    """A member that Python cannot unpack is told, the others are read."""
    path = zip_of(tmp_path, lambda a: a.writestr("odd.txt", GOOD))
    found = read_all(write(tmp_path, "b.zip", patched(path.read_bytes(), method=97)))
    assert reasons_of(found) == ["failed"]
    assert len(articles_of(found)) == 1


@pytest.mark.parametrize("name", ["inner.zip", "inner.txt"])
def test_an_archive_inside_an_archive(tmp_path: Path, name: str) -> None:
    """Nesting is refused, whatever the inner archive is called."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", GOOD)
    assert reasons_of(read_all(zip_of(tmp_path, lambda a: a.writestr(name, inner.getvalue())))) == ["nested"]


@pytest.mark.parametrize("outer", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
@pytest.mark.parametrize("inner", [gzip.compress, zstandard.compress])
def test_a_packed_file_inside_a_packed_file(
    tmp_path: Path, outer: Callable[[bytes], bytes], inner: Callable[[bytes], bytes]
) -> None:
    """Gzip of gzip and the like are refused."""
    assert reasons_of(read_all(write(tmp_path, "a.txt.gz", outer(inner(GOOD))))) == ["nested"]


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstandard.compress)],
)
def test_decompression_bombs(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    """A line without end that packs to nothing is refused soon, in little memory."""
    path = write(tmp_path, f"a.jsonl.{suffix}", pack(b'{"text": "' + BOMB))
    assert path.stat().st_size < 100_000
    (rejected,) = read_all(path, limits=Limits(max_bytes=100_000_000))
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "unpacks_too_far"


def test_an_xz_header_that_asks_for_much_memory(tmp_path: Path) -> None:
    """A dictionary of more than 256 MB is refused."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    path = write(tmp_path, "a.txt.xz", lzma.compress(GOOD, filters=filters))
    assert reasons_of(read_all(path)) == ["failed"]


def test_a_total_that_grows_too_large(tmp_path: Path) -> None:
    """What comes out of one input is bounded whatever its ratio."""
    rows = b"".join(b'{"text": "%d"}\n' % (n * n) for n in range(20_000))
    path = write(tmp_path, "a.jsonl.gz", gzip.compress(rows))
    found = read_all(path, limits=Limits(max_unpacked_bytes=100_000))
    assert reasons_of(found) == ["unpacks_too_far"]


def test_a_page_bomb_in_a_web_archive(tmp_path: Path) -> None:
    """A page that its server packed a thousandfold costs one record."""
    bomb = warc_record(
        "https://keld.example/x", gzip.compress(b"<p>" + BOMB), headers="Content-Encoding: gzip\r\n"
    )
    found = read_all(write(tmp_path, "a.warc", bomb + warc_record("https://keld.example/2")))
    assert len(articles_of(found)) == 1
    assert reasons_of(found)[0] in ("decompression", "too_large")


@pytest.mark.parametrize(
    "deep", ["[" * 200_000, '{"a":' * 200_000, '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}"]
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_deep_json(tmp_path: Path, deep: str, name: str) -> None:
    """Nesting that would exhaust the stack is a bad row."""
    assert set(reasons_of(read_all(write(tmp_path, name, deep.encode())))) == {"bad_row"}


def test_json_numbers_of_a_million_figures(tmp_path: Path) -> None:
    """A number that takes hours to read is a bad row."""
    content = b'{"text": "Talks.", "n": ' + b"9" * 1_000_000 + b"}\n" + json.dumps({"text": TEXT}).encode()
    found = read_all(write(tmp_path, "a.jsonl", content))
    assert reasons_of(found) == ["bad_row"]
    assert len(articles_of(found)) == 1


class Endless(io.RawIOBase):
    """A stream that says the same for a given number of bytes, without holding them."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        super().__init__()
        self._parts: Iterator[bytes] = iter([head, *[b"a" * (1 << 20)] * (size >> 20), tail])
        self._rest = b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        """Give what is left of a part."""
        if not self._rest:
            self._rest = next(self._parts, b"")
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def test_a_csv_line_of_a_gigabyte(tmp_path: Path) -> None:
    """A line of 1 GB is passed over in pieces, and the next row is read."""
    stream = io.BufferedReader(Endless(b"id;text\n1;", 1 << 30, b"\n2;Talks began.\n"))  # type: ignore[type-var]
    tracemalloc.start()
    found = list(iter_articles(["-"], stdin=stream, max_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert reasons_of(found) == [] or reasons_of(found) == ["too_large"]
    del found
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1," + "a" * 3_000_000 + "\n2,Talks began.\n")
    found = list(iter_articles([str(path)], max_bytes=1_000_000))
    assert reasons_of(found) == ["too_large"]
    assert [a.source_id for a in articles_of(found)] == ["2"]


def test_a_csv_quote_that_never_closes(tmp_path: Path) -> None:
    """A cell that swallows the rest of the file is bounded."""
    content = b'id,text\n1,"' + b"never closed\n" * 200_000
    assert set(
        reasons_of(list(iter_articles([str(write(tmp_path, "a.csv", content))], max_bytes=100_000)))
    ) <= {
        "too_large",
        "bad_row",
    }
    assert csv.field_size_limit() >= 100_000


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv", "a.eml"])
def test_zeros_in_a_file(tmp_path: Path, name: str) -> None:
    """A file with NUL bytes is no text, and none of its bytes are handed on as one."""
    content = (
        b"\x00".join([b"id,text\n1,Talks", b"began.\n"])
        if name == "a.csv"
        else b"From: a\n\nTalks\x00 began.\n" * 20
    )
    from datetime import date

    from dragoman.clean import Cleaner

    found = read_all(write(tmp_path, name, content))
    cleaned = Cleaner(today=date(2025, 1, 1))(articles_of(found))
    assert [item for item in cleaned if not isinstance(item, Rejected)] == []
    assert reasons_of(found) or cleaned


def test_links_out_of_a_folder(tmp_path: Path) -> None:
    """A link in a folder to a file outside is refused; one that stays inside is read."""
    outside = write(tmp_path, "secret.txt", b"The key is 1234.")
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, "a.txt", GOOD)
    (folder / "b.txt").symlink_to(outside)
    (folder / "c.txt").symlink_to(folder / "a.txt")
    (folder / "d.txt").symlink_to(folder / "gone.txt")
    (folder / "e.txt").symlink_to(folder / "e.txt")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    meter = Meter()
    found = read_all(folder, meter=meter)
    assert [Path(a.source).name for a in articles_of(found)] == ["a.txt", "c.txt"]
    assert reasons_of(found) == ["unsafe_path", "missing", "missing"]
    assert meter.passed == {"links to folders": 1}


def test_devices_and_pipes(tmp_path: Path) -> None:
    """A device is a mistake of the caller's; a pipe in a folder is refused without waiting for it."""
    with pytest.raises(InputError, match="device"):
        iter_articles(["/dev/zero"])
    os.mkfifo(tmp_path / "a.txt")
    assert reasons_of(read_all(tmp_path)) == ["not_a_file"]


@pytest.mark.parametrize(
    "words", ["/dev/zero\n", "a\x00b.txt\n", "x" * 9000 + "\n", "@list\n", "~/../../etc/shadow-\n"]
)
def test_lists_that_name_what_they_should_not(tmp_path: Path, words: str) -> None:
    """A line of a list that names a device, a path that cannot be, or a list, is a rejection."""
    names = write(tmp_path, "names", words.encode())
    assert set(reasons_of(read_all(f"@{names}"))) == {"missing"}


def test_reports_with_scripts(tmp_path: Path) -> None:
    """A PDF with a script is refused as such, with nothing run."""
    script = "<< /Type /Action /S /JavaScript /JS (app.launchURL) >>"
    content = pdf_file([TEXT * 2], root="/OpenAction {extra} 0 R", extra=[script])
    assert reasons_of(read_all(write(tmp_path, "a.pdf", content))) == ["scripts"]


def test_mail_of_a_thousand_parts(tmp_path: Path) -> None:
    """Parts inside parts without end cost one rejection."""
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1500))
    (rejected,) = read_all(write(tmp_path, "a.eml", b"From: a@b.example\n" + deep + b"\nTalks\n"))
    assert isinstance(rejected, Rejected)
    assert rejected.reason in ("nested", "failed", "no_article_text")


def test_scripts_and_includes_of_a_page_are_not_run(tmp_path: Path) -> None:
    """Entities, includes and scripts of a page read no file and reach no text."""
    from datetime import date

    from dragoman.clean import Cleaner
    from dragoman.records import Article

    secret = write(tmp_path, "secret", b"hunter2")
    page = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><head><script>document.write("pwned")</script></head>'
        f"<body><article><h1>Talks begin in Halden</h1><p>&x; Talks began in Halden on Monday, officials of both sides said.</p>"
        f'<xi:include href="file://{secret}"/><p>The mediator hopes for an agreement before the end of the week.</p></article></body></html>'
    )
    (article,) = Cleaner(today=date(2025, 1, 1))([RawArticle(page, "text/html", "a")])
    assert isinstance(article, Article)
    assert "hunter2" not in article.text
    assert "pwned" not in article.text


def test_a_parquet_table_of_one_huge_repeated_cell(tmp_path: Path) -> None:
    """A table whose cells are one large text many times over is read within its bounds."""
    path = parquet_file(tmp_path / "a.parquet", "SELECT repeat('a', 2000000) AS text FROM range(300)")
    found = read_all(path, limits=Limits(max_bytes=1_000_000))
    assert set(reasons_of(found)) == {"too_large"}


@pytest.mark.parametrize(
    "name", ["a.zip", "a.pdf", "a.parquet", "a.warc", "a.warc.gz", "a.eml", "a.mbox", "a.jsonl.zst", "a.xz"]
)
@pytest.mark.parametrize("seed", range(4))
def test_noise_under_any_name(tmp_path: Path, name: str, seed: int) -> None:
    """Random bytes, with or without a true beginning, are rejected and raise nothing."""
    import random

    noise = random.Random(seed).randbytes(20_000)
    head = [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"PAR1"][seed]
    found = read_all(write(tmp_path, name, head + noise))
    # Under a name that tells nothing the bytes may pass for text here; the cleaner refuses them as binary.
    assert articles_of(found) == [] or name in ("a.eml", "a.mbox", "a.xz")
