"""One article and its versions: the same page read again, changed since, or found under another address.

In: the articles that a batch would add. Out: which of them are new, which take the place of an older version (it stays
in the store, superseded), and which are duplicates, told with their other address. An article without URL is left alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import duckdb

from dragoman.read.web.links import url_key
from dragoman.records import Article, Rejected
from dragoman.store.rows import insert

# Set on pairs of invented versions (tests/unit/store/test_versions.py): a lead that grew to a report keeps most of its
# own five-word runs, a page that was given to another story keeps none. Nothing else depends on them.
SAME_PAGE_SHARE = 0.3  # of the shorter text's runs, at one address
SAME_TEXT_SHARE = 0.8  # of all runs, at two addresses of one host
RUN_WORDS = 5
_WORD = re.compile(r"\w+")
_ENTRY_NOTE = "entry of the live blog"


@dataclass
class Folded:
    """What became of the new articles of a batch.

    ``older`` are articles whose place was taken, ``versions`` those that took it, ``same`` those that are older versions
    already stored; ``duplicates`` tell what was the article of another address.
    """

    kept: set[str] = field(default_factory=set)
    versions: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    same: int = 0
    duplicates: list[Rejected] = field(default_factory=list)
    addresses: list[dict[str, Any]] = field(default_factory=list)


class _Seen(NamedTuple):
    """What is compared of an article that holds."""

    article_id: str
    source: str
    url: str
    title: str | None
    text: str
    fetched_at: str | None


class _Keys(NamedTuple):
    url: str
    text: str | None


def fold_versions(connection: duckdb.DuckDBPyConnection, articles: Sequence[Article]) -> Folded:
    """Return what the store makes of articles it does not hold, in order; nothing is written.

    Args:
        connection: In a transaction.
        articles: Those whose ids no row that holds has.
    """
    keys = {a.article_id: _keys_of(a) for a in articles if a.url}
    by_url, by_text = _find_seen(connection, keys.values())
    superseded = _find_superseded(connection, [a.article_id for a in articles])
    folded = Folded()
    for article in articles:
        if article.article_id in superseded:
            folded.same += 1
        elif not article.url:
            folded.kept.add(article.article_id)
        else:
            _fold(article, keys[article.article_id], by_url, by_text, folded)
    return folded


def note_addresses(connection: duckdb.DuckDBPyConnection, folded: Folded, now: str) -> None:
    """Record under which addresses the articles of a batch were seen."""
    urls = [row["url"] for row in folded.addresses]
    known = set(connection.execute(
        "SELECT article_id, url FROM addresses WHERE url IN (SELECT unnest(?::VARCHAR[]))", [urls]).fetchall())  # fmt: skip
    rows = {(row["article_id"], row["url"]): row for row in folded.addresses}
    insert(
        connection,
        "addresses",
        [{**row, "recorded_at": now} for key, row in rows.items() if key not in known],
    )


def _fold(
    article: Article, keys: _Keys, by_url: dict[str, _Seen], by_text: dict[str, _Seen], folded: Folded
) -> None:
    """Settle one article, and let the ones behind it find it."""
    seen = by_url.get(keys.url)
    at_one_page = seen is not None
    if seen is None and keys.text is not None:
        seen = by_text.get(keys.text)
    verdict = "new" if seen is None else _compare(article, seen, at_one_page=at_one_page)
    if seen is not None and verdict == "duplicate":
        folded.addresses.append(_address(article, keys, seen.article_id))
        if seen.source == article.source:
            folded.same += 1
        else:
            told = f'{article.source}: the same article as "{seen.source}", there at {seen.url}, here at {article.url}'
            folded.duplicates.append(Rejected(article.source, "store", "duplicate", told, article.source_id))
        return
    if seen is not None and verdict == "version":
        folded.older.append(seen.article_id)
        folded.versions.append(article.article_id)
    folded.kept.add(article.article_id)
    folded.addresses.append(_address(article, keys, article.article_id))
    fetched = _stamp(article) or None
    own = _Seen(article.article_id, article.source, article.url or "", article.title, article.text, fetched)
    by_url[keys.url] = own
    if keys.text is not None:
        by_text[keys.text] = own


def _compare(article: Article, seen: _Seen, *, at_one_page: bool) -> str:
    """Return what an article is beside one that holds: "duplicate", "version" or "new".

    At one address a text that shares enough with the old one, or its headline, is a version of it, unless it was
    fetched earlier; what shares nothing is another article. At two addresses only the same text is the same article.
    """
    new, old = _runs(article.text), _runs(seen.text)
    if new == old:
        return "duplicate"
    both = len(new & old)
    if not at_one_page:
        return "duplicate" if both >= SAME_TEXT_SHARE * len(new | old) else "new"
    same_title = _words(article.title or "") == _words(seen.title or "") != []
    if not same_title and both < SAME_PAGE_SHARE * max(1, min(len(new), len(old))):
        return "new"
    is_earlier = (
        article.fetched_at is not None and seen.fetched_at is not None and _stamp(article) < seen.fetched_at
    )
    return "duplicate" if is_earlier else "version"


def _stamp(article: Article) -> str:
    return article.fetched_at.replace(tzinfo=None).isoformat(sep=" ") if article.fetched_at else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return the runs of five words of a text; a shorter one is one run."""
    words = _words(text)
    return {tuple(words[at : at + RUN_WORDS]) for at in range(max(1, len(words) - RUN_WORDS + 1))}


def _keys_of(article: Article) -> _Keys:
    """Return what an article is looked up by; entries of a live blog are told apart by their anchor."""
    url = article.url or ""
    is_entry = any(note.startswith(_ENTRY_NOTE) for note in article.notes)
    anchor = url.partition("#")[2] or hashlib.sha256(article.text.encode()).hexdigest()[:16]
    key = f"{url_key(url)}#{anchor}" if is_entry else url_key(url)
    first = next((s for s in article.sections if s.kind == "body"), None)
    if first is None or is_entry:
        return _Keys(key, None)
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("amp.").removeprefix("m.")
    words = [host, *_words(article.title or ""), "|", *_words(article.text[first.start : first.end])]
    return _Keys(key, hashlib.sha256(" ".join(words).encode()).hexdigest()[:16])


def _address(article: Article, keys: _Keys, article_id: str) -> dict[str, Any]:
    return {"article_id": article_id, "url": article.url, "url_key": keys.url, "text_key": keys.text}


def _find_seen(
    connection: duckdb.DuckDBPyConnection, keys: Iterable[_Keys]
) -> tuple[dict[str, _Seen], dict[str, _Seen]]:
    """Return the articles that hold, by address and by the words they begin with; the latest of several."""
    wanted = list(keys)
    found: list[Mapping[str, _Seen]] = []
    for column, values in (
        ("url_key", {k.url for k in wanted}),
        ("text_key", {k.text for k in wanted if k.text}),
    ):
        rows = connection.execute(
            f"SELECT d.{column}, a.article_id, a.source, a.url, a.title, a.text, a.fetched_at::VARCHAR FROM addresses d "
            f"JOIN articles a USING (article_id) WHERE a.superseded_at IS NULL AND d.{column} IN (SELECT unnest(?::VARCHAR[])) "
            "ORDER BY a.recorded_at",
            [sorted(values)],
        ).fetchall() if values else []  # fmt: skip
        found.append({row[0]: _Seen(*row[1:]) for row in rows})
    return dict(found[0]), dict(found[1])


def _find_superseded(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> set[str]:
    """Return which articles are stored as older versions: read again, they change nothing."""
    rows = connection.execute(
        "SELECT DISTINCT article_id FROM articles WHERE article_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(ids)],
    ).fetchall()
    return {row[0] for row in rows}
