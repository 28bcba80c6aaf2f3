"""Mail files → raw articles: newsletters as .eml or many of them as .mbox.

In: the bytes of a message. Out: its HTML part, or else its text, with the subject as title, the sender as outlet and
the day of its Date header. Quoted replies are dropped; attachments are not opened.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from dragoman.read.limits import Limits, Refused
from dragoman.read.rows import Given
from dragoman.read.streams import Lines, Readable, TooLarge
from dragoman.records import RawArticle, Rejected

MOST_PARTS = 200  # newsletters have two to ten
_ATTRIBUTION = re.compile(
    r"^(?:on\b.{5,200}\bwrote:|.{5,120}<[^<>\s]+@[^<>\s]+>\s*(?:wrote|writes):|-{2,}\s*(?:original|forwarded) message\s*-{2,}|"
    r"_{20,})\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")
_QUOTE_TAG = re.compile(
    rb"<(?:blockquote[^>]{0,200}type=[\"']?cite|div[^>]{0,200}class=[\"']?(?:gmail_quote|yahoo_quoted|moz-cite-prefix)|"
    rb"div[^>]{0,200}id=[\"']?(?:divRplyFwdMsg|appendonsend))",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(rb"From \S.{0,200}\d{4}\s*$")


def to_article(body: bytes, *, source: str, where: str, given: Given) -> RawArticle | Rejected:
    """Return the article of a message, or why there is none."""
    try:
        message = email.message_from_bytes(body, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return _to_article(message, source=source, given=given)
    except Refused as error:
        return Rejected(source, "read", error.reason, f"{where}: {error.detail}")
    # The mail library raises errors of many kinds on headers and parts that break the rules.
    except Exception as error:
        told = f"{where}: mail that cannot be read: {type(error).__name__}: {error}"
        return Rejected(source, "read", "failed", told[:500])


def _to_article(message: EmailMessage, *, source: str, given: Given) -> RawArticle:
    _check_parts(message)
    part: Any = message.get_body(preferencelist=("html", "plain"))
    if part is None:
        raise Refused("no_article_text", "the message has no text, only attachments")
    is_html = part.get_content_type() == "text/html"
    content = part.get_payload(decode=True) or b""
    text = _decode(content, part.get_content_charset())
    if not is_html:
        text = drop_quotes(text)
    elif _QUOTE_TAG.search(content):
        text = _without_quoted_parts(text)
    if not text.strip():
        raise Refused("empty", "there is nothing in it but quotes")
    day, header = _find_date(message)
    name, address = parseaddr(str(message.get("From", "")))
    return RawArticle(
        body=text,
        media_type="text/html" if is_html else "text/plain",
        source=source,
        source_id=str(message["Message-ID"]).strip() or None if message["Message-ID"] else None,
        url=_find_url(message),
        outlet=given.outlet or name.strip() or address or None,
        title=" ".join(str(message.get("Subject", "")).split()) or None,
        published_on=day or given.published_on,
        published_field=header if day else given.published_field,
    )


def _check_parts(message: EmailMessage) -> None:
    for count, part in enumerate(message.walk(), 1):
        if count > MOST_PARTS:
            raise Refused("nested", f"the message has more than {MOST_PARTS} parts")
        if part.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
            raise Refused("encrypted", "the message is encrypted")


def _decode(content: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8", "windows-1252"):
        try:
            return content.decode(name or "utf-8").replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("latin-1").replace("\r\n", "\n")


def _find_date(message: EmailMessage) -> tuple[date | None, str | None]:
    """Return the day of the Date header, in the sender's time zone, and the evidence."""
    value = str(message.get("Date", "")).strip()
    try:
        return parsedate_to_datetime(value).date(), f'mail header Date "{value}"'
    except (ValueError, TypeError, IndexError):
        return None, None


def _find_url(message: EmailMessage) -> str | None:
    value = str(message.get("Archived-At", "")).strip().strip("<>")
    return value if value.startswith(("https://", "http://")) else None


def drop_quotes(text: str) -> str:
    r"""Return a message without the lines it quotes, what is below "On … wrote:", and the signature.

    Example:
        >>> drop_quotes("The talks began.\n> When?\n-- \nJane")
        'The talks began.'
    """
    kept: list[str] = []
    for line in text.split("\n"):
        if _ATTRIBUTION.match(line) and kept:
            break
        if _SIGNATURE.match(line):
            break
        if not line.startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def _without_quoted_parts(page: str) -> str:
    import lxml.html  # 0.1 s that other inputs need not pay

    tree = lxml.html.document_fromstring(page)
    quoted = tree.xpath(
        '//blockquote[@type="cite"] | //div[contains(@class, "gmail_quote") or contains(@class, "yahoo_quoted") '
        'or contains(@class, "moz-cite-prefix") or @id="divRplyFwdMsg" or @id="appendonsend"]'
    )
    for element in quoted:
        if element.getparent() is not None:
            element.drop_tree()
    return str(lxml.html.tostring(tree, encoding="unicode"))


def iter_mbox(
    stream: Readable, *, name: str, given: Given, limits: Limits
) -> Iterator[RawArticle | Rejected]:
    """Yield the articles of a mailbox, one message at a time; ``source`` is "path:number", from 1."""
    for number, body in enumerate(_iter_messages(stream, limits), 1):
        source, where = f"{name}:{number}", f"{name}, message {number}"
        if body is None:
            told = f"{where}: it is larger than {limits.max_bytes} bytes"
            yield Rejected(source, "read", "too_large", told)
        else:
            yield to_article(body, source=source, where=where, given=given)


def _iter_messages(stream: Readable, limits: Limits) -> Iterator[bytes | None]:
    """Yield each message without its "From " line; None for one that is too large.

    Source: RFC 4155, appendix A; lines ">From " are unquoted as mboxrd does.
    """
    parts: list[bytes] | None = None
    size = 0
    blank = True
    lines = Lines(stream, limits.max_bytes)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            break
        except TooLarge as error:
            line, size = b"", size + error.size
        if blank and _FROM_LINE.match(line):
            if parts is not None:
                yield b"".join(parts) if size <= limits.max_bytes else None
            parts, size, blank = [], 0, False
            continue
        blank = not line.strip()
        size += len(line)
        if parts is not None and size <= limits.max_bytes:
            parts.append(line[1:] if re.match(rb">+From ", line) else line)
        elif parts is not None:
            parts.clear()
    if parts is not None:
        yield b"".join(parts) if size <= limits.max_bytes else None
