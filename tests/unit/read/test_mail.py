"""Newsletters as mail files become articles without quotes, signatures and attachments."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from dragoman.read import Limits
from dragoman.read.mail import drop_quotes
from dragoman.records import RawArticle

from .archive_making import articles_of, read_all, reasons_of


def letter(text: str = "The talks began.\n", html: str | None = None, **headers: str) -> EmailMessage:
    """Return a message."""
    message = EmailMessage()
    given = {"From": "The Delta Letter <letter@delta.example>", "Subject": "Talks begin", "Message-ID": "<1@delta.example>",
             "Date": "Mon, 06 May 2024 23:30:00 -0500"}  # fmt: skip
    for name, value in (given | {k.replace("_", "-"): v for k, v in headers.items()}).items():
        message[name] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def read(path: Path, message: EmailMessage) -> RawArticle:
    """Return the article of a message in a file."""
    path.write_bytes(message.as_bytes())
    (article,) = articles_of(read_all(path))
    return article


def test_headers_tell_title_outlet_and_day(tmp_path: Path) -> None:
    """The day is that of the sender's clock, and the header is the evidence."""
    article = read(tmp_path / "a.eml", letter(Archived_At="<https://delta.example/7>"))
    assert (article.title, article.outlet, article.published_on) == (
        "Talks begin",
        "The Delta Letter",
        date(2024, 5, 6),
    )
    assert article.published_field == 'mail header Date "Mon, 06 May 2024 23:30:00 -0500"'
    assert (article.url, article.source_id) == ("https://delta.example/7", "<1@delta.example>")
    assert (article.media_type, article.body) == ("text/plain", "The talks began.")


def test_the_html_part_goes_first(tmp_path: Path) -> None:
    """Of two forms of the same letter the one with tags is read, in its own encoding."""
    message = letter(html="<p>The talks began in Ørsund.</p>")
    article = read(tmp_path / "a.eml", message)
    assert article.media_type == "text/html"
    assert "Ørsund" in str(article.body)


def test_attachments_are_not_opened(tmp_path: Path) -> None:
    """A message of nothing but an attachment has no text."""
    message = EmailMessage()
    message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="../a.bin")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    assert reasons_of(read_all(tmp_path / "a.eml")) == ["no_article_text"]


def test_quotes_and_signatures_are_dropped() -> None:
    """What was written by another is not told again, in text."""
    text = "The talks began.\n> When do they begin?\nThey end on Friday.\n\nOn Mon, 6 May 2024 at 10:00, Jane Doe wrote:\nold\n"
    assert drop_quotes(text) == "The talks began.\nThey end on Friday."


def test_quoted_parts_of_a_page_are_dropped(tmp_path: Path) -> None:
    """What was written by another is not told again, in HTML; a quotation of the letter's own stays."""
    html = '<p>The talks began.</p><blockquote>A wise word.</blockquote><div class="gmail_quote">On Monday Jane wrote: old</div>'
    body = str(read(tmp_path / "a.eml", letter(html=html)).body)
    assert "wise word" in body
    assert "old" not in body


def test_an_unknown_charset_costs_nothing(tmp_path: Path) -> None:
    """A letter with a wrong name of its encoding is read all the same."""
    path = tmp_path / "a.eml"
    path.write_bytes(
        b'From: a@b.example\nSubject: Talks\nContent-Type: text/plain; charset="klingon"\n\nM\xfcller spoke.\n'
    )
    (article,) = articles_of(read_all(path))
    assert article.body == "Müller spoke.\n".strip()


def test_a_mailbox_is_read_message_by_message(tmp_path: Path) -> None:
    """Each message is an article with its number; a line "From " inside a text does not cut it."""
    path = tmp_path / "a.mbox"
    parts = []
    for n in range(3):
        message = letter(f"Letter {n}.\n\n>From the delta we hear little.\n", Subject=f"Letter {n}")
        parts.append(b"From letter@delta.example Mon May  6 10:00:00 2024\n" + message.as_bytes() + b"\n")
    path.write_bytes(b"".join(parts))
    found = articles_of(read_all(path))
    assert [(a.source, a.title) for a in found] == [(f"{path}:{n + 1}", f"Letter {n}") for n in range(3)]
    assert "From the delta" in str(found[0].body)


def test_a_large_message_costs_itself_only(tmp_path: Path) -> None:
    """A message above the limit is rejected and the next one is read."""
    path = tmp_path / "a.mbox"
    head = b"From a@b.example Mon May  6 10:00:00 2024\n"
    small = letter("The talks began.\n").as_bytes()
    path.write_bytes(head + letter("word " * 2000).as_bytes() + b"\n" + head + small)
    found = read_all(path, limits=Limits(max_bytes=2000))
    assert reasons_of(found) == ["too_large"]
    assert len(articles_of(found)) == 1


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("Content-Type: application/pkcs7-mime", "encrypted"),
        ("Content-Type: multipart/encrypted; boundary=b", "encrypted"),
    ],
)
def test_encrypted_mail_is_refused(tmp_path: Path, head: str, reason: str) -> None:
    """What only the addressee can read is rejected as such."""
    path = tmp_path / "a.eml"
    path.write_text(f"From: a@b.example\nMIME-Version: 1.0\n{head}\n\nabc\n")
    assert reasons_of(read_all(path)) == [reason]


def test_mail_without_ending_is_known_by_its_headers(tmp_path: Path) -> None:
    """A saved message of any name is read as mail."""
    path = tmp_path / "letter"
    path.write_bytes(b"Return-Path: <a@b.example>\n" + letter().as_bytes())
    (article,) = articles_of(read_all(path))
    assert article.title == "Talks begin"
