"""Files of many kinds made by hand: web archives, mail, PDF, Parquet."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from dragoman.read import Limits, Meter, Reading, iter_articles
from dragoman.records import RawArticle, Rejected

PAGE = b"<!DOCTYPE html><html><body><p>Talks began in Halden on Monday, officials said.</p></body></html>"
TEXT = "Talks began in Halden on Monday, officials said.\n"


def read_all(
    *inputs: Path | str,
    columns: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    meter: Meter | None = None,
) -> list[RawArticle | Rejected]:
    """Return all that the inputs give."""
    how = Reading(columns=columns or {}, limits=limits, meter=meter)
    return list(iter_articles([str(item) for item in inputs], reading=how))


def articles_of(found: Sequence[RawArticle | Rejected]) -> list[RawArticle]:
    """Return the articles among what was read."""
    return [item for item in found if isinstance(item, RawArticle)]


def reasons_of(found: Sequence[RawArticle | Rejected]) -> list[str]:
    """Return the reasons of the rejections among what was read."""
    return [item.reason for item in found if isinstance(item, Rejected)]


def warc_record(
    url: str,
    body: bytes = PAGE,
    *,
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    headers: str = "",
    kind: str = "response",
    length: int | None = None,
    warc_headers: str = "",
) -> bytes:
    """Return a record of a web archive; ``length`` lies about its size."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{headers}\r\n".encode() + body
    digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-06T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()}>\r\n"
        f"WARC-Payload-Digest: sha1:{digest}\r\n{warc_headers}"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length or len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def pdf_file(pages: Sequence[str], *, root: str = "", extra: Sequence[str] = ()) -> bytes:
    """Return a PDF file with the lines of each page; ``root`` is added to its catalogue, ``extra`` are further objects."""
    first_extra = 4 + 2 * len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root.format(extra=first_extra)} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        lines = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T* " for line in text.split("\n"))
        stream = f"BT /F1 11 Tf 14 TL 72 760 Td {lines}ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects += extra
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def parquet_file(path: Path, sql: str) -> Path:
    """Write what a query gives as a Parquet file."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path
