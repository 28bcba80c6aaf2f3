"""Bytes become text or a reason."""

from __future__ import annotations

import codecs

import pytest

from dragoman.clean.decode import Undecoded, decode
from dragoman.records import RawArticle

TEXT = "Šibenik’s mayor met Müller."


def plain(body: bytes | str, *, verbatim: bool = False) -> str | Undecoded:
    """Return what becomes of a plain-text body."""
    return decode(RawArticle(body, "text/plain", "stdin", verbatim=verbatim))


def page(body: bytes) -> str | Undecoded:
    """Return what becomes of an HTML body."""
    return decode(RawArticle(body, "text/html", "stdin"))


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-8"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding(mark: bytes, encoding: str) -> None:
    """Text is read in the encoding of its mark, and the mark is no part of it."""
    assert plain(mark + TEXT.encode(encoding)) == TEXT


def test_line_ends_are_made_equal() -> None:
    """CR LF becomes LF in a page."""
    assert plain("One.\r\nTwo.\n") == "One.\nTwo.\n"


def test_a_verbatim_text_is_not_touched() -> None:
    """A verbatim text is the body exactly, line ends included."""
    assert plain("One.\r\nTwo.\n", verbatim=True) == "One.\r\nTwo.\n"


def test_invalid_utf8_names_the_byte() -> None:
    """The rejection of invalid UTF-8 says where it starts, counted from the start of the file."""
    found = plain(codecs.BOM_UTF8 + b"abc\xff")
    assert isinstance(found, Undecoded)
    assert found.reason == "not_utf8"
    assert "byte 6 (0xff)" in found.detail


@pytest.mark.parametrize(
    "head",
    [
        b'<meta charset="iso-8859-1">',
        b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
        b"<?xml version='1.0' encoding='latin-1'?>",
    ],
)
def test_a_page_is_read_in_its_declared_encoding(head: bytes) -> None:
    """Windows-1252 is understood under the names that pages give it."""
    assert page(head + b"<p>M\xfcller \x96 mayor</p>") == head.decode() + "<p>Müller – mayor</p>"


def test_a_declaration_of_utf16_in_plain_letters_is_not_believed() -> None:
    """A page that can be read as ASCII is read as UTF-8 whatever it says."""
    assert page(b'<meta charset="utf-16"><p>Talks</p>') == '<meta charset="utf-16"><p>Talks</p>'


def test_an_unknown_encoding_is_read_as_utf8() -> None:
    """A declaration that names no encoding is passed over."""
    assert page(b'<meta charset="klingon"><p>Talks</p>') == '<meta charset="klingon"><p>Talks</p>'


@pytest.mark.parametrize(
    "body", [b"abc\x00def", bytes(range(1, 9)) * 40 + b"\xff", "abc\x00def", "\x01\x02" * 40]
)
def test_what_is_no_text_is_binary(body: bytes | str) -> None:
    """Zeros and control codes are the sign of a binary file."""
    found = plain(body)
    assert isinstance(found, Undecoded)
    assert found.reason == "binary"


def test_half_a_surrogate_is_rejected() -> None:
    """Text that cannot be stored as UTF-8 is rejected with its place."""
    found = plain("Talks \ud83d end")
    assert isinstance(found, Undecoded)
    assert (found.reason, found.detail) == ("not_utf8", "character 6 is half of a surrogate pair")
