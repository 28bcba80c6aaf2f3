"""PDF reports → raw articles, by their text layer.

In: the bytes of a file. Out: its text, pages joined, running headers and page numbers left out. Nothing in the file is
run, and one that holds scripts or launches programs is refused; so are encrypted ones and pictures of pages.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from typing import Any

from dragoman.read.limits import Refused
from dragoman.read.rows import Given
from dragoman.records import RawArticle

MOST_PAGES = 2000
PDF_ITEMS = 5  # a file with its pictures may be as large as this many of the largest articles
_FEWEST_LETTERS = 40  # on a page on average; a scan has none, or a stamp
_RUNNING_LINES = 2  # how many lines at the top and bottom of a page may be its header and footer
_LONGEST_RUNNING = 80  # characters
_SCRIPTS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)\b")
_NUMBER = re.compile(r"\d+")
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad]\n(?=[a-z])")
logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False  # what it warns about is told by our rejections


def to_article(body: bytes, *, source: str, given: Given, max_bytes: int) -> RawArticle:
    """Return the article of a PDF file.

    Raises:
        Refused: It is broken, encrypted, holds scripts, or has no text layer.
    """
    import pypdf  # 0.2 s that other inputs need not pay

    try:
        reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted", "the PDF asks for a password")
        _check_scripts(reader, body)
        pages = _read_pages(reader, max_bytes)
        title = _find_title(reader, pages)
    except Refused:
        raise
    # The library raises errors of many kinds, RecursionError among them, on files that break the rules.
    except Exception as error:
        told = f"a PDF that cannot be read: {type(error).__name__}: {error}"
        raise Refused("failed", told[:300]) from error
    letters = sum(mark.isalpha() for page in pages for mark in page)
    if letters < _FEWEST_LETTERS * max(1, len(pages)):
        told = f"{len(pages)} pages hold {letters} letters: pictures of pages; run a text recognition first"
        raise Refused("no_text_layer", told)
    return RawArticle(
        body=_join(_without_running_lines(pages)),
        media_type="text/plain",
        source=source,
        outlet=given.outlet,
        title=title,
        published_on=given.published_on,
        published_field=given.published_field,
        notes=_notes(reader),
    )


def _check_scripts(reader: Any, body: bytes) -> None:
    """Refuse a file with scripts: none is ever run here, but a report does not need any.

    Raises:
        Refused: It holds some.
    """
    root = reader.trailer["/Root"].get_object()
    names = root.get("/Names")
    tree = names.get_object() if names is not None else {}
    action = root.get("/OpenAction")
    opened = action.get_object() if action is not None else None
    starts = isinstance(opened, dict) and opened.get("/S") in ("/JavaScript", "/Launch")
    if starts or "/JavaScript" in tree or "/AA" in root or _SCRIPTS.search(body):
        raise Refused("scripts", "the PDF holds scripts; print it to a plain PDF")


def _read_pages(reader: Any, max_bytes: int) -> list[str]:
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise Refused("too_large", f"the PDF has {count} pages; at most {MOST_PAGES} are read")
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(page.extract_text() or "")
        size += len(pages[-1])
        if size > max_bytes:
            raise Refused("too_large", f"the text of the PDF is larger than {max_bytes} characters")
    return pages


def _find_title(reader: Any, pages: list[str]) -> str | None:
    """Return the title of the file's properties if the first page prints it; many hold a file name instead."""
    words = " ".join(str((reader.metadata or {}).get("/Title") or "").split())
    printed = " ".join(pages[0].split()).casefold() if pages else ""
    return words if len(words.split()) >= 3 and words.casefold() in printed else None


def _notes(reader: Any) -> tuple[str, ...]:
    made = str((reader.metadata or {}).get("/CreationDate") or "")
    found = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", made)
    return (f"the PDF says it was made on {'-'.join(found.groups())}",) if found else ()


def _without_running_lines(pages: list[str]) -> list[str]:
    """Return the pages without the lines that stand at the top or bottom of most of them, and page numbers."""
    split = [[line.rstrip() for line in page.strip().split("\n")] for page in pages]
    ends = [[*lines[:_RUNNING_LINES], *lines[-_RUNNING_LINES:]] for lines in split]
    counts = Counter(key for lines in ends for key in {_NUMBER.sub("#", line.strip()) for line in lines})
    running = {
        key
        for key, count in counts.items()
        if 0 < len(key) <= _LONGEST_RUNNING and count >= 3 and 2 * count > len(pages)
    }
    kept = []
    for lines in split:
        last = len(lines) - _RUNNING_LINES
        kept.append("\n".join(
            line for at, line in enumerate(lines)
            if not ((at < _RUNNING_LINES or at >= last) and
                    (_NUMBER.sub("#", line.strip()) in running or re.fullmatch(r"\W*\d{1,4}\W*", line)))
        ))  # fmt: skip
    return kept


def _join(pages: list[str]) -> str:
    """Return the pages as one text; a sentence that runs on to the next page is not cut, nor is a hyphenated word."""
    text = ""
    for page in filter(None, (page.strip("\n") for page in pages)):
        ends = not text or text.rstrip()[-1:] in '.!?:”"'
        text += ("\n\n" if ends and text else "\n" if text else "") + page
    return _HYPHEN.sub("", text)
