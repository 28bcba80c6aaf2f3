"""How fast web archives are read before coding, beside the plain library on the same file, and whether memory is flat.

    python bench/speed/warc.py               # 200 MB of packed archive
    python bench/speed/warc.py --mb 2000     # the archive that the figures are asked for
    python bench/speed/warc.py --file CC.warc.gz

The archive is made of invented pages whose sizes and share of other responses are those of news crawls; each page is
another one. The archive is deleted at the end. Every reader runs in a process of its own on one core. The plain library goes through the same records,
takes the HTTP headers apart and reads the bodies of pages; ours gives the articles that ``code`` would clean.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

WORDS = (
    "talks harbour minister rebels truce border council ferry soldiers village agreement police strike court valley bridge "
    "observers election protest company tariff doctors convoy river prison mediator army parliament mayor union reporters"
).split()
PAGE_BYTES = (20_000, 160_000)  # unpacked; news pages with their scripts
OTHER_SHARE = 0.1  # of the responses: redirects and pictures
LEAST_SHARE = 0.6


def make_page(chance: random.Random, number: int) -> bytes:
    """Return a page that no other equals."""

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(8, 24))).capitalize() + "."

    paragraphs = "".join(
        f"<p>{' '.join(sentence() for _ in range(3))}</p>\n" for _ in range(chance.randint(5, 15))
    )
    head = f"<!DOCTYPE html><html><head><title>Report {number}</title></head><body><article><h1>Report {number}</h1>"
    page = f"{head}{paragraphs}</article>"
    fill = chance.randint(*PAGE_BYTES) - len(page)
    # Scripts and menus that repeat, with a part that does not: such a page packs to about a sixth, as crawled ones do.
    block = ";".join(f"var {word}=document.getElementById('{word}')" for word in WORDS[:14])
    script = "\n".join(f"{block};k='{chance.randbytes(65).hex()}'" for _ in range(max(1, fill // 700)))
    return f"{page}<script>{script}</script></body></html>".encode()


def make_record(chance: random.Random, number: int) -> bytes:
    """Return a packed record."""
    is_other = chance.random() < OTHER_SHARE
    body = b"" if is_other else make_page(chance, number)
    status, kind = ("301 Moved", "text/html") if is_other else ("200 OK", "text/html; charset=utf-8")
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://keld.example/{number}\r\n"
        f"WARC-Date: 2024-05-06T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
        f"WARC-Payload-Digest: sha1:{number:032d}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", 5)


def make_archive(path: Path, size: int) -> None:
    """Write an archive of a size; after the first 16 MB its members are repeated, which no reader here notices."""
    chance = random.Random(6)
    members: list[bytes] = []
    written = number = 0
    with path.open("wb") as out:
        while written < size:
            number += 1
            if written < 16_000_000:
                members.append(make_record(chance, number))
            written += out.write(members[number % len(members)] if written >= 16_000_000 else members[-1])


def read_plain(path: Path) -> Iterator[int]:
    """Yield the size of each page as the plain library gives it."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            if record.http_headers.status_code == 200 and record.http_content_type == "text/html":
                yield len(record.reader.read())


def read_ours(path: Path) -> Iterator[int]:
    """Yield the size of each page as our reader gives it."""
    from dragoman.read import iter_articles
    from dragoman.records import RawArticle

    for article in iter_articles([str(path)]):
        if isinstance(article, RawArticle):
            yield len(article.body)


READERS = {"plain": read_plain, "ours": read_ours}


def measure(reader: str, path: Path, expected: int) -> dict[str, Any]:
    """Return what one reader does: seconds of the processor, pages, bytes of pages, and peak memory on the way.

    Args:
        reader: A name of ``READERS``.
        path: The archive.
        expected: How many pages it holds; the peak so far is noted at each quarter of them, and after 500.
    """
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import fastwarc.warc  # loaded once a run, whatever the size of the archive

    import dragoman.read

    assert fastwarc.warc
    assert dragoman.read
    pages = size = early = 0
    marks = [quarter * expected // 4 for quarter in (1, 2, 3)]
    quarters: list[int] = []
    began = time.process_time()
    for page in READERS[reader](path):
        pages += 1
        size += page
        if pages == 500:
            early = peak_kb()
        if pages in marks:
            quarters.append(peak_kb())
    seconds = time.process_time() - began
    late = peak_kb()
    return {
        "seconds": seconds, "pages": pages, "bytes": size, "early_kb": early or late, "late_kb": late, "quarters_kb": [*quarters, late]
    }  # fmt: skip


def peak_kb() -> int:
    """Return the most memory that this process has held so far, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run(reader: str, path: Path, expected: int = 0) -> dict[str, Any]:
    """Return the measurement of a process of its own."""
    command = [sys.executable, __file__, "--reader", reader, "--file", str(path), "--expected", str(expected)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def fastest(reader: str, path: Path, rounds: int, expected: int = 0) -> dict[str, Any]:
    """Return the fastest of several runs."""
    return min((run(reader, path, expected) for _ in range(rounds)), key=lambda found: found["seconds"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; exit 1 where ours is slower than asked or its memory grows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=int, default=200, help="size of the packed archive")
    parser.add_argument("--file", type=Path, help="an archive of your own")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many")
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--expected", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.reader:
        print(json.dumps(measure(options.reader, options.file, options.expected)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder, "a.warc.gz")
        if options.file is None:
            make_archive(path, options.mb * 1_000_000)
        best = {"plain": fastest("plain", path, options.rounds)}
        best["ours"] = fastest("ours", path, options.rounds, int(best["plain"]["pages"]))
        packed = path.stat().st_size
    for reader, found in best.items():
        seconds = found["seconds"]
        print(
            f"{reader:6} {found['pages']:7.0f} pages  {packed / seconds / 1e6:6.1f} MB/s packed  "
            f"{found['bytes'] / seconds / 1e6:7.1f} MB/s of pages  {found['pages'] / seconds:7.0f} pages/s  "
            f"memory {found['early_kb'] / 1000:.0f} MB after 500 pages, {found['late_kb'] / 1000:.0f} MB at the end"
        )
    share = best["plain"]["seconds"] / best["ours"]["seconds"]
    at = ", ".join(f"{kb / 1000:.0f}" for kb in best["ours"]["quarters_kb"])
    print(f"our peak memory at a quarter, half, three quarters and the end: {at} MB")
    grown = best["ours"]["late_kb"] - best["ours"]["early_kb"]
    print(
        f"ours reads at {share:.0%} of the plain library's speed (asked {LEAST_SHARE:.0%}); memory grew by {grown / 1000:.0f} MB"
    )
    same = best["plain"]["pages"] == best["ours"]["pages"]
    return int(share < LEAST_SHARE or grown > 20_000 or not same)


if __name__ == "__main__":
    sys.exit(main())
