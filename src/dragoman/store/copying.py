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

# Of the texts that share a band so many are compared, the first by id: more share it because of a stock phrase, or are copies of these.
_MOST_CANDIDATES = 200


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
    candidates = _candidates(connection, hashes)
    others = {o for found in candidates.values() for o in found}
    texts = {**_load(connection, others - own.keys()), **own}
    copies = _copies(texts, candidates)
    texts = {key: texts[key] for key in own.keys() | {key for pair in copies for key in pair}}
    texts = {**_groups_of(connection, texts, own), **texts}
    groups = components(texts, [*copies, *_known(texts, own)])
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


def _candidates(
    connection: duckdb.DuckDBPyConnection, hashes: Mapping[str, Sequence[int]]
) -> dict[str, set[str]]:
    """Return for each of these articles the others, stored or of these, that share a band with it."""
    wanted = sorted({h for one in hashes.values() for h in one})
    rows = connection.execute(
        'SELECT "hash", article_id FROM bands WHERE "hash" IN (SELECT unnest(?::BIGINT[])) '
        'QUALIFY row_number() OVER (PARTITION BY "hash" ORDER BY article_id) <= ?',
        [wanted, _MOST_CANDIDATES],
    ).fetchall()
    holders: dict[int, list[str]] = collections.defaultdict(list)
    for band, key in rows:
        holders[band].append(key)
    return {key: {o for h in own for o in holders[h] if o != key} for key, own in hashes.items()}


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


def _copies(texts: Mapping[str, _Text], candidates: Mapping[str, set[str]]) -> set[Pair]:
    """Return the pairs of copies among new texts and their candidates."""
    pairs = {pair_of(key, o) for key, others in candidates.items() for o in others if o in texts}
    shingles = {key: shingles_of(texts[key].text) for key in {k for pair in pairs for k in pair}}
    return {(a, b) for a, b in pairs if are_copies(shingles[a], shingles[b])}


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
    if not moved:
        return
    found = connection.execute(
        "SELECT rowid, article_id FROM articles WHERE superseded_at IS NULL AND article_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(moved)],
    ).fetchall()
    rows = [row for row, _ in found]
    who = [moved[key] for _, key in found]
    connection.execute(
        "INSERT INTO articles SELECT a.* REPLACE (w.copy_of AS copy_of, w.credit AS credit, w.newsroom AS newsroom, "
        "?::TIMESTAMP AS recorded_at) FROM articles a JOIN (SELECT unnest(?::BIGINT[]) AS its_row, unnest(?::VARCHAR[]) AS copy_of, "
        "unnest(?::VARCHAR[]) AS credit, unnest(?::VARCHAR[]) AS newsroom) w ON a.rowid = w.its_row ORDER BY w.its_row",
        [now, rows, [w.copy_of for w in who], [w.credit for w in who], [w.newsroom for w in who]],
    )
    connection.execute(
        "UPDATE articles SET superseded_at = ? WHERE rowid IN (SELECT unnest(?::BIGINT[]))", [now, rows]
    )
