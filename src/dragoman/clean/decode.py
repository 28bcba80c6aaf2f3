"""Bytes from outside → text, or the reason why not.

In: a ``RawArticle``. Out: its text, with no character changed but for the byte order mark and, unless the article is
verbatim, line ends (CR LF becomes LF).
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from dragoman.records import RawArticle

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PRESCAN_BYTES = 4096  # a page declares its encoding early; the HTML standard asks for the first 1024 bytes
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']""", re.IGNORECASE)
# Source: WHATWG Encoding Standard, names and labels: these names stand for windows-1252 on the web.
_LATIN_1 = frozenset({"ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "iso_8859-1"})
_SEVEN_BITS = ("iso-2022", "iso2022", "hz", "utf-7", "utf7")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Undecoded(NamedTuple):
    """Why bytes did not become text; ``reason`` is a reason of ``Rejected``."""

    reason: str
    detail: str


def decode(raw: RawArticle) -> str | Undecoded:
    """Return the text of a raw article, or why there is none."""
    text = _decode_bytes(raw) if isinstance(raw.body, bytes) else raw.body
    if isinstance(text, Undecoded):
        return text
    if found := _find_flaw(text):
        return found
    return text if raw.verbatim else text.replace("\r\n", "\n")


def _decode_bytes(raw: RawArticle) -> str | Undecoded:
    body = bytes(raw.body) if not isinstance(raw.body, str) else b""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decode_as(body[len(mark) :], encoding, skipped=len(mark))
    if b"\x00" in body:
        return Undecoded("binary", f"byte {body.index(0)} is zero; that does not occur in text")
    if raw.media_type != "text/html":
        return _decode_as(body, _known(raw.charset) or "utf-8", skipped=0)
    return _decode_page(body, raw.charset)


def _decode_page(body: bytes, charset: str | None) -> str | Undecoded:
    """Return the text of a page: in the encoding that the server or the page names, where its bytes bear that out.

    Encodings of seven bits that meet a byte above are named wrongly. What is no valid UTF-8 is in windows-1252, as far
    as the web goes, unless most of its other characters are valid: then single bytes were cut or mixed in.

    Source:
        WHATWG HTML Standard, "Determining the character encoding": the server's word goes before the page's.
    """
    has_high = not body.isascii()
    for name in (_known(charset), _declared_encoding(body)):
        if name is None or (has_high and name.startswith(_SEVEN_BITS)):
            continue
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    found = _decode_as(body, "utf-8", skipped=0)
    if isinstance(found, Undecoded) and found.reason != "binary":
        return _mend(body)
    return found


def _mend(body: bytes) -> str | Undecoded:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(mark > "\x7f" for mark in text) - broken
    if sound > 20 * broken:
        return text
    try:
        return body.decode("windows-1252")
    except UnicodeDecodeError:
        return _decode_as(body, "utf-8", skipped=0)


def _known(name: str | None) -> str | None:
    """Return an encoding that a server names, as Python knows it, or None; those of ASCII stand for windows-1252."""
    if not name:
        return None
    plain = name.strip().strip("\"'").lower()
    if plain in _LATIN_1:
        return "windows-1252"
    return plain if _is_text_encoding(plain) else None


def _declared_encoding(body: bytes) -> str | None:
    """Return the encoding that a page declares for itself, if Python knows it and it is not a Unicode one."""
    head = body[:_PRESCAN_BYTES]
    found = _XML.match(head.lstrip()) or _META.search(head)
    if found is None:
        return None
    name = found.group(1).decode("ascii", "replace").lower()
    if name in _LATIN_1:
        return "windows-1252"
    # A page whose declaration could be read as ASCII is not in UTF-16; the HTML standard reads it as UTF-8.
    return None if name.startswith(("utf", "ucs")) or not _is_text_encoding(name) else name


def _is_text_encoding(name: str) -> bool:
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError):
        return False
    return True


def _decode_as(body: bytes, encoding: str, *, skipped: int) -> str | Undecoded:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        where = error.start + skipped
        what = body[error.start : error.start + 1].hex()
        if encoding == "utf-8" and _looks_binary(body):
            return Undecoded("binary", f"the bytes are not text (first at byte {where}: 0x{what})")
        return Undecoded(
            "not_utf8",
            f"byte {where} (0x{what}) is not valid {encoding}; save the text as UTF-8",
        )


def _looks_binary(body: bytes) -> bool:
    """Return whether one byte in twenty of the first kilobyte is a control code that text does not use."""
    head = body[:1024]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return controls * 20 > len(head)


def _find_flaw(text: str) -> Undecoded | None:
    """Return why decoded characters are no text that can be stored: zeros, control codes, halves of surrogates."""
    zero = text.find("\x00")
    if zero >= 0:
        return Undecoded("binary", f"character {zero} is zero; that does not occur in text")
    if len(_CONTROL.findall(text[:1024])) * 20 > len(text[:1024]):
        return Undecoded("binary", "more than one character in twenty is a control code")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return Undecoded("not_utf8", f"character {error.start} is half of a surrogate pair")
    return None
