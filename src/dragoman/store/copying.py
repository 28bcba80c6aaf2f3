"""Find who wrote the articles of a batch: copies of stored texts, credited agencies; stored articles follow where a copy's source changes.

The same articles give the same newsrooms whatever the order: of a group of copies the one published first stands for the text.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import duckdb

from dragoman.merge.clusters import Pair, components, pair_of
from dragoman.merge.copies import agency_of, are_copies, bands_of, credit_of, shingles_of
from dragoman.records import Article

_MOST_CANDIDATES = 200  # a text that shares a band with more is boilerplate


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote an article: the article it copies, the agency it credits, and the newsroom that counts."""

    copy_of: str | None
    credit: str | None
    newsroom: str | None


@dataclass(frozen=True, slots=True)
class _Text:
    article_id: str
    text: str
    outlet: str | None
    url: str | None
    published: str
    copy_of: str | None = None

    @property
    def order(self) -> tuple[bool, str, str]:
        """Sort key: what was published first, undated texts last."""
        return not self.published, self.published, self.article_id


def outlet_of(outlet: str | None, url: str | None) -> str | None:
    """Return the name of an outlet, else the host of the address."""
    host = urlsplit(url).hostname if url else None
    return outlet or (host.removeprefix("www.") if host else None)


def authorships(
    connection: duckdb.DuckDBPyConnection, fresh: Sequence[Article]
) -> tuple[dict[str, Authorship], dict[str, Authorship]]:
    """Return who wrote new or changed articles, and the stored ones for which that is now another.

    Args:
        connection: In a transaction; the articles' own rows may be there already or not.
        fresh: Articles that are new, or whose coding has changed.
    """
    own = {
        a.article_id: _Text(a.article_id, a.text, a.outlet, a.url, a.published_on.isoformat() if a.published_on else "")
        for a in fresh
    }  # fmt: skip
    hashes = {key: bands_of(text.text) for key, text in own.items()}
    _insert_bands(connection, hashes)
    texts = {**_alike(connection, own, hashes), **own}
    texts = {**_groups_of(connection, texts, own), **texts}
    groups = components(texts, [*_copies(texts, own, hashes), *_known(texts, own)])
    made = {key: value for group in groups for key, value in _authors([texts[k] for k in group]).items()}
    stored = _stored(connection, [k for k in texts if k not in own])
    moved = {k: made[k] for k, before in stored.items() if made[k] != before}
    return {k: made[k] for k in own}, moved


def _insert_bands(connection: duckdb.DuckDBPyConnection, hashes: Mapping[str, Sequence[int]]) -> None:
    known = connection.execute(
        "SELECT DISTINCT article_id FROM bands WHERE article_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(hashes)],
    )
    there = {r[0] for r in known.fetchall()}
    rows = [(h, key) for key, own in hashes.items() if key not in there for h in own]
    connection.execute(
        "INSERT INTO bands SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[])",
        [[h for h, _ in rows], [key for _, key in rows]],
    )


def _alike(
    connection: duckdb.DuckDBPyConnection, own: Mapping[str, _Text], hashes: Mapping[str, Sequence[int]]
) -> dict[str, _Text]:
    """Return stored articles that share a band with one of these."""
    wanted = sorted({h for one in hashes.values() for h in one})
    found = connection.execute(
        'SELECT DISTINCT article_id FROM bands WHERE "hash" IN (SELECT unnest(?::BIGINT[]))', [wanted]
    )
    return _load(connection, [r[0] for r in found.fetchall() if r[0] not in own])


def _groups_of(
    connection: duckdb.DuckDBPyConnection, texts: Mapping[str, _Text], own: Mapping[str, _Text]
) -> dict[str, _Text]:
    """Return the other copies of what the given texts were copies of, as far as stored."""
    heads = {t.copy_of or t.article_id for t in texts.values()}
    rows = connection.execute(
        "SELECT article_id, copy_of FROM articles WHERE superseded_at IS NULL AND (copy_of IN (SELECT unnest(?::VARCHAR[])) "
        "OR article_id IN (SELECT unnest(?::VARCHAR[])))",
        [sorted(heads | set(own)), sorted(heads)],
    ).fetchall()
    return _load(connection, [r[0] for r in rows if r[0] not in texts])


def _load(connection: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> dict[str, _Text]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = connection.execute(
        "SELECT article_id, text, outlet, url, coalesce(published_on::VARCHAR, ''), copy_of FROM articles "
        "WHERE superseded_at IS NULL AND article_id IN (SELECT unnest(?::VARCHAR[]))",
        [wanted],
    ).fetchall()
    return {r[0]: _Text(*r) for r in rows}


def _copies(
    texts: Mapping[str, _Text], own: Mapping[str, _Text], hashes: Mapping[str, Sequence[int]]
) -> set[Pair]:
    """Return the pairs of copies that a new text makes with others."""
    holders: dict[int, list[str]] = collections.defaultdict(list)
    bands = {**{k: bands_of(t.text) for k, t in texts.items() if k not in own}, **hashes}
    for key in sorted(bands):
        for h in bands[key]:
            holders[h].append(key)
    shingles = {key: shingles_of(t.text) for key, t in texts.items()}
    out: set[Pair] = set()
    for key in own:
        others = {o for h in hashes[key] for o in holders[h][:_MOST_CANDIDATES] if o != key}
        out |= {pair_of(key, o) for o in others if are_copies(shingles[key], shingles[o])}
    return out


def _known(texts: Mapping[str, _Text], own: Mapping[str, _Text]) -> set[Pair]:
    """Return the pairs that hold among stored texts: each copy with what it copies."""
    # What stood for a text may itself be coded anew; its copies stay together.
    return {
        pair_of(t.article_id, t.copy_of)
        for t in texts.values()
        if t.copy_of is not None and t.copy_of in texts and t.article_id not in own
    }


def _authors(group: Sequence[_Text]) -> dict[str, Authorship]:
    """Return who wrote the articles of a group of copies."""
    ordered = sorted(group, key=lambda t: t.order)
    first = ordered[0]
    credits = {t.article_id: credit_of(t.text) for t in group}
    named = [agency_of(t.outlet) for t in ordered] + [c.agency for c in credits.values() if c is not None]
    agencies = collections.Counter(name for name in named if name is not None and name != "agencies")
    shared = None
    if len(group) > 1:
        shared = (
            min(agencies, key=lambda n: (-agencies[n], n)) if agencies else outlet_of(first.outlet, first.url)
        )
    out = {}
    for text in ordered:
        credit = credits[text.article_id]
        whole = credit.agency if credit is not None and credit.extent == "whole" else None
        own = agency_of(text.outlet) or outlet_of(text.outlet, text.url)
        out[text.article_id] = Authorship(
            None if text is first else first.article_id,
            credit.agency if credit else None,
            shared or whole or own,
        )
    return out


def _stored(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, Authorship]:
    rows = connection.execute(
        "SELECT article_id, copy_of, credit, newsroom FROM articles WHERE superseded_at IS NULL "
        "AND article_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(ids)],
    ).fetchall()
    return {r[0]: Authorship(*r[1:]) for r in rows}


def move(connection: duckdb.DuckDBPyConnection, moved: Mapping[str, Authorship], now: str) -> None:
    """Give stored articles new rows with who wrote them; the old rows are kept with their end."""
    for key, who in moved.items():
        row = connection.execute(
            "SELECT rowid FROM articles WHERE superseded_at IS NULL AND article_id = ?", [key]
        ).fetchone()
        if row is None:
            continue
        connection.execute(
            "INSERT INTO articles SELECT * REPLACE (? AS copy_of, ? AS credit, ? AS newsroom, ?::TIMESTAMP AS recorded_at) "
            "FROM articles WHERE rowid = ?",
            [who.copy_of, who.credit, who.newsroom, now, row[0]],
        )
        connection.execute("UPDATE articles SET superseded_at = ? WHERE rowid = ?", [now, row[0]])
