"""Which column of a table holds what: told by the caller, or guessed from the names and shown.

In: a row with any keys. Out: the row with the keys that ``rows`` reads. A row that has ``text`` or ``html`` already
speaks our language and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dragoman.errors import UsageError

KEYS = ("id", "text", "html", "title", "url", "outlet", "published_on")
# Names that tables of news use, likeliest first; written from the public tables we know.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "body", "content", "article", "article_text", "article_body", "full_text", "fulltext", "maintext", "main_text",
        "plain_text", "cleaned_text", "text_content", "story", "story_text", "news", "news_text",
    ),
    "html": ("raw_html", "page", "html_content", "page_html", "content_html", "body_html"),
    "title": ("headline", "head", "heading", "article_title", "news_title", "subject"),
    "url": ("link", "uri", "article_url", "source_url", "web_url", "permalink", "canonical_url", "target_uri"),
    "outlet": ("source", "source_name", "publisher", "publication", "newspaper", "site", "site_name", "domain", "media", "agency"),
    "published_on": (
        "date", "published", "published_at", "publish_date", "publication_date", "date_published", "date_publish", "pubdate",
        "pub_date", "published_date", "publication_day", "datetime", "timestamp", "created_at", "day",
    ),
    "id": ("article_id", "doc_id", "document_id", "news_id", "story_id", "uuid", "guid"),
}  # fmt: skip
MOST_NAMES = 12  # of the columns of a row, in a message
Tell = Callable[[str], None]


def parse_columns(words: str | None) -> dict[str, str]:
    """Return key → column of a flag such as "text=body,title=headline".

    Raises:
        UsageError: A part is no pair, names no key of ours, or names one twice.

    Example:
        >>> parse_columns("text=body, published_on=date")
        {'text': 'body', 'published_on': 'date'}
    """
    columns: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in (words or "").split(","))):
        key, equals, name = (side.strip() for side in part.partition("="))
        if not equals or not name or key not in KEYS or key in columns:
            raise UsageError(
                f'--columns must be pairs such as "text=body,title=headline"; got "{part}". '
                f"Left of the sign, once each: {', '.join(KEYS)}."
            )
        columns[key] = name
    if columns and not {"text", "html"} & columns.keys():
        raise UsageError('--columns must say which column holds the text: "text=…" or "html=…".')
    return columns


def guess_columns(names: Sequence[str]) -> dict[str, str]:
    """Return key → column as the names of the columns suggest; empty where none could hold the text.

    Example:
        >>> guess_columns(["Headline", "Body", "Pub-Date", "views"])
        {'text': 'Body', 'title': 'Headline', 'published_on': 'Pub-Date'}
    """
    plain = _plain_names(names)
    columns: dict[str, str] = {}
    for key, guesses in _NAMES.items():
        found = next((plain[guess] for guess in (key, *guesses) if guess in plain), None)
        if found is not None and found not in columns.values():
            columns[key] = found
    return columns if {"text", "html"} & columns.keys() else {}


def _plain_names(names: Iterable[str]) -> dict[str, str]:
    """Return column names by their form in small letters with underscores."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(re.sub(r"[\s.-]+", "_", name.strip()).lower(), name)
    return plain


class Columns:
    """The mapping of one run: the caller's, or a guess per set of names, told once each.

    Args:
        given: Key → column, from the flag; empty to guess.
        tell: Takes a line for the user when columns were guessed.
    """

    def __init__(self, given: Mapping[str, str] | None = None, tell: Tell | None = None) -> None:
        self._given = dict(given or {})
        self._tell = tell
        self._guessed: dict[tuple[str, ...], dict[str, str]] = {}
        self._hinted = False

    def find(self, names: Sequence[str], *, source: str) -> dict[str, str]:
        """Return key → column for a table with these names; ours stay as they are called."""
        if self._given:
            return self._given
        if "text" in names or "html" in names:
            return {key: key for key in KEYS if key in names}
        known = tuple(names)
        if known not in self._guessed:
            guess = guess_columns(names)
            if len(self._guessed) >= 100:  # rows of ever other keys are no table
                return guess
            self._guessed[known] = guess
            if guess and self._tell is not None:
                pairs = ",".join(f"{key}={name}" for key, name in guess.items())
                self._tell(f"{source}: columns guessed: --columns {pairs}")
        return self._guessed[known]

    def explain_missing(self, row: Mapping[Any, Any]) -> str:
        """Return why a row has no text, with the columns that it does have, and what to do."""
        names = ", ".join(f'"{str(name)[:40]}"' for name in list(row)[:MOST_NAMES]) or "no columns"
        asked = [f'"{name}"' for key, name in self._given.items() if key in ("text", "html")]
        if asked:
            return f"the row has nothing in the column {' or '.join(asked)} that --columns names for its text; it has {names}"
        return (
            f'the row has no "text" and no "html"; it has {names}. '
            "If one of these holds the article, say so: --columns text=NAME"
        )

    def map(self, row: Mapping[Any, Any], *, source: str) -> Mapping[Any, Any]:
        """Return a row under our keys, or as it is where nothing tells which key holds the text."""
        if not self._given and ("text" in row or "html" in row):
            self._hint_at_day(row, source)
            return row
        columns = self.find([str(name) for name in row], source=source)
        if not columns:
            return row
        return {key: row.get(name) for key, name in columns.items()}

    def _hint_at_day(self, row: Mapping[Any, Any], source: str) -> None:
        """Say once that a day under another name is not used: without its day an article's "on Monday" says nothing."""
        if self._hinted or self._tell is None or "published_on" in row:
            return
        plain = _plain_names(str(name) for name in row)
        name = next((plain[n] for n in _NAMES["published_on"] if n in plain and row[plain[n]]), None)
        if name is not None:
            self._hinted = True
            # The flag stands for all columns: those that were used without it must be named, or they would be lost.
            pairs = [f"{key}={key}" for key in KEYS if key in row] + [f"published_on={name}"]
            self._tell(
                f'{source}: rows have no "published_on"; their "{name}" is not used. '
                f"If it is the day of publication, say so: --columns {','.join(pairs)}"
            )
