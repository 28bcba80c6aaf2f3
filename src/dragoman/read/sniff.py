"""Tell what an input holds, by its name or by its first bytes."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

Kind = Literal["text", "html", "jsonl", "json", "csv", "parquet", "mail", "mbox", "pdf", "warc", "zip"]

KINDS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".eml": "mail",
    ".mbox": "mbox",
    ".pdf": "pdf",
    ".warc": "warc",
    ".zip": "zip",
}
PACKED = (".gz", ".bz2", ".xz", ".zst")

# Source: the file formats' own specifications. What a file begins with counts for more than what it is called.
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),
    (b"WARC/1.", "warc"),
)
# Only those that people mistake for article files.
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|head|body|[a-z][a-z0-9]*[\s>/])", re.IGNORECASE
)
_MAIL = re.compile(
    rb"From \S+ .{0,60}\d{4}\s*$|(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|DKIM-Signature): ?\S",
    re.IGNORECASE,
)
_OBJECT = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{\s*(?:\"|\}|$)")
_ARRAY = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\[\s*(?:\{|\]|$)")


def find_kind_by_name(path: PurePath) -> Kind | None:
    """Return the kind that a file's name tells, without an ending such as ".gz", or None.

    Example:
        >>> find_kind_by_name(PurePath("news.jsonl.zst"))
        'jsonl'
    """
    name = path.with_suffix("") if path.suffix.lower() in PACKED and path.stem else path
    return KINDS.get(name.suffix.lower())


def find_kind_by_magic(head: bytes) -> Kind | None:
    """Return the kind that a stream's first bytes prove, or None."""
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def find_kind_by_head(head: bytes) -> Kind:
    """Return the kind that the first non-empty line of a stream shows.

    Example:
        >>> find_kind_by_head(b'{"text": "Talks began."}')
        'jsonl'
    """
    if _PAGE.match(head):
        return "html"
    if _MAIL.match(head):
        return "mbox" if head.startswith(b"From ") else "mail"
    if _OBJECT.match(head):
        # An object that is not closed on its first line is laid out over several: one JSON document.
        return "jsonl" if head.rstrip().endswith(b"}") or len(head) >= 1 << 16 else "json"
    return "json" if _ARRAY.match(head) else "text"


def find_binary(head: bytes) -> str | None:
    """Return what kind of binary file the first bytes show, in words, or None for text."""
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return words
    if head.startswith(_UTF16_OR_32):
        return None
    return "binary data" if b"\x00" in head else None
