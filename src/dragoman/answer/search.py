"""Search the sentences that events rest on: by words, or by meaning with the vectors that the encoder left in the store.

Words: all of them must stand in the sentence; "words in quotes" stand together; case and accents do not count. First come
sentences with more of them, then the newer ones. Meaning: the sentences whose vectors point most nearly the same way as that of
the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from dragoman.answer.sentences import Found, Sentences
from dragoman.errors import UsageError
from dragoman.store import EventFilter, Store
from dragoman.store.opening import telling
from dragoman.store.queries import among, holds_at, iter_rows, where_of

MOST_TERMS = 12
LEAST_LIKENESS = (
    0.3  # below it sentences have no more in common than any two; it cuts a tail that nobody reads
)
_TERM = re.compile(r'"([^"]+)"|(\S+)')
_SENTENCE = (
    'e.event_id, e.article_id, e.event_type, e.status, e."date", e.quote, a.outlet, a.title, a.url, a.published_on, '
    "coalesce(a.published_on::VARCHAR, '') AS day"
)
# A sentence that tells of several events is one hit: its first event by id, and the others beside it.
_FIRST = (
    "first AS (SELECT *, row_number() OVER (PARTITION BY article_id, quote.start ORDER BY event_id) AS nth, list(event_id) OVER "
    "(PARTITION BY article_id, quote.start ORDER BY event_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS told "
    "FROM hits) SELECT * EXCLUDE (nth) FROM first WHERE nth = 1 AND {beyond} ORDER BY score DESC, day DESC, event_id LIMIT {limit}"
)


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a page of hits ended: score, day of publication ("" for none), event id."""

    score: float
    day: str
    id: str


def terms_of(query: str) -> list[str]:
    """Return the words and quoted phrases of a query, folded.

    Raises:
        UsageError: There is none, or there are too many.

    Example:
        >>> terms_of('ambassador "Security Council"')
        ['ambassador', 'security council']
    """
    found = [fold(phrase or word).strip() for phrase, word in _TERM.findall(query)]
    terms = list(dict.fromkeys(t for t in found if any(c.isalnum() for c in t)))
    if not terms:
        raise UsageError(f'q must hold a word to look for; got "{query}".')
    if len(terms) > MOST_TERMS:
        raise UsageError(f"q must hold at most {MOST_TERMS} words; got {len(terms)}.")
    return [" ".join(t.split()) for t in terms]


def fold(words: str) -> str:
    """Return words in small letters without accents, as the search compares them."""
    apart = unicodedata.normalize("NFD", words.lower())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def marks_of(text: str, terms: Sequence[str], *, start: int = 0) -> list[list[int]]:
    """Return where terms stand in a text: pairs of first character and end, counted from ``start``.

    Example:
        >>> marks_of("Perú met Peru", ["peru"], start=100)
        [[100, 104], [109, 113]]
    """
    letters = [fold(c) for c in text]
    begins = np.cumsum([0, *map(len, letters)])
    whole = "".join(letters)
    found = []
    for term in terms:
        at = whole.find(term)
        while at >= 0:
            first = int(np.searchsorted(begins, at, side="right")) - 1
            last = int(np.searchsorted(begins, at + len(term), side="left"))
            found.append([start + first, start + last])
            at = whole.find(term, at + len(term))
    return sorted(found)


def find_sentences(
    store: Store, query: str, wanted: EventFilter, *, limit: int, after: Rank | None = None,
    sentences: Sentences | None = None,
) -> tuple[list[dict[str, Any]], Rank | None]:  # fmt: skip
    """Return a page of sentences that hold all words of a query, and where it ends when there are more.

    Args:
        store: An open store.
        query: Words, and phrases in quotes.
        wanted: What the events of the sentences must be.
        limit: At most so many.
        after: Where the page before ended.
        sentences: Those of the filter's moment in memory, where there are any: the same is found in a tenth of the time.

    Returns:
        Rows of the event that the sentence is evidence of (of several, the one whose own words were looked for, else the first by
        id; ``also`` lists the others), with ``score``, how often the words stand in it, and ``marks``, where, in characters of the article's text.

    Raises:
        UsageError: There is no word in the query.
        StoreError: The file could not be read.
    """
    terms = terms_of(query)
    if sentences is not None and sentences.are_few_enough(store):
        ended = None if after is None else (after.score, after.day, after.id)
        found = sentences.find(store, terms, wanted, limit=limit, after=ended)
        return _hits(store, _rows_of(store, found, wanted.as_of), terms, limit, wanted.as_of)
    # Only phrases mind how words are set apart, and looking for that costs as much as all the rest.
    words = "regexp_replace(quote.text, '\\s+', ' ', 'g')" if any(" " in t for t in terms) else "quote.text"
    folded = f"strip_accents(lower({words}))"
    where = where_of(wanted)
    holds, values = [str(where)], list(where.values)
    for term in terms:
        holds.append("contains(folded, ?)")
        values.append(term)
    scores = " + ".join("(length(folded) - length(replace(folded, ?, ''))) / ?" for _ in terms)
    of_article, moments = holds_at(wanted.as_of, "a")
    beyond, key = _beyond(after)
    sql = (
        f"WITH e AS (SELECT *, {folded} AS folded FROM events WHERE {' AND '.join(holds)}), "
        f"hits AS (SELECT {_SENTENCE}, ({scores})::DOUBLE AS score FROM e "
        f"LEFT JOIN articles a ON a.article_id = e.article_id AND {of_article}), {_FIRST.format(beyond=beyond, limit=limit + 1)}"
    )
    counted = [v for term in terms for v in (term, len(term))]
    rows = list(iter_rows(store, sql, [*values, *counted, *moments, *key]))
    return _hits(store, rows, terms, limit, wanted.as_of)


def _rows_of(store: Store, found: Sequence[Found], as_of: datetime | None) -> list[dict[str, Any]]:
    """Return sentences that were found as rows of a page."""
    of_events, ids = among("e.event_id", [one.event_id for one in found])
    held, moments = holds_at(as_of, "e")
    of_article, more = holds_at(as_of, "a")
    sql = (
        f"SELECT {_SENTENCE} FROM events e LEFT JOIN articles a ON a.article_id = e.article_id AND {of_article} "
        f"WHERE {held} AND {of_events} ORDER BY e.event_id"
    )
    rows = {row["event_id"]: row for row in iter_rows(store, sql, [*more, *moments, *ids])}
    return [
        {**rows[one.event_id], "score": one.score, "told": [one.event_id, *one.also]} for one in found if one.event_id in rows
    ]  # fmt: skip


def _beyond(after: Rank | None) -> tuple[str, list[Any]]:
    if after is None:
        return "true", []
    words = "(score < ? OR (score = ? AND (day < ? OR (day = ? AND event_id > ?))))"
    return words, [after.score, after.score, after.day, after.day, after.id]


def _hits(
    store: Store, rows: list[dict[str, Any]], terms: Sequence[str], limit: int, as_of: datetime | None
) -> tuple[list[dict[str, Any]], Rank | None]:
    last = rows[limit - 1] if len(rows) > limit else None
    end = Rank(last["score"], last["day"], last["event_id"]) if last is not None else None
    out = []
    for row in rows[:limit]:
        told = row.pop("told")
        row.pop("day")
        quote = row["quote"]
        out.append({**row, "also": told, "marks": marks_of(quote["text"], terms, start=quote["start"])})
    return _named(store, out, as_of), end


def _named(store: Store, hits: list[dict[str, Any]], as_of: datetime | None) -> list[dict[str, Any]]:
    """Name of each sentence the event whose own words were looked for; without marks, and of equals, the first by id."""
    several = [e for hit in hits if hit["marks"] and len(hit["also"]) > 1 for e in hit["also"]]
    held, moments = holds_at(as_of)
    of_events, ids = among("event_id", several)
    sql = f'SELECT event_id, event_type, status, "date", "trigger", actors, recipients, place FROM events WHERE {held} AND {of_events} ORDER BY event_id'
    told = {row["event_id"]: row for row in iter_rows(store, sql, [*moments, *ids])} if several else {}
    out = []
    for hit in hits:
        those = [told[e] for e in hit["also"] if e in told]
        best = max(sorted(those, key=lambda e: str(e["event_id"])), key=lambda e: _own(e, hit["marks"]), default=hit)  # fmt: skip
        own = {name: best[name] for name in ("event_id", "event_type", "status", "date")}
        out.append({**hit, **own, "also": [e for e in hit["also"] if e != own["event_id"]]})
    return out


def _own(event: Mapping[str, Any], marks: Sequence[Sequence[int]]) -> tuple[int, int, int]:
    """Return how much of what was looked for an event's own words hold: in the trigger, in any field, and how near the trigger is."""
    trigger, place, when = event["trigger"], event["place"], event["date"]
    spans = [
        trigger,
        *(event["actors"] or ()),
        *(event["recipients"] or ()),
        *(s for s in (place, when) if s),
    ]
    own = [(s["start"], s["end"]) for s in spans if s["start"] is not None]

    def holds(span: tuple[int, int]) -> int:
        return sum(first < span[1] and span[0] < end for first, end in marks)

    in_any = sum(any(first < b and a < end for a, b in own) for first, end in marks)
    away = min((abs(trigger["start"] - first) for first, _ in marks), default=0)
    return holds((trigger["start"], trigger["end"])), in_any, -away


class Meanings:
    """The vectors of a store's sentences in memory: ids, and int8 (n, 384); made once per state of the store."""

    def __init__(self, store: Store, *, as_of: datetime | None = None) -> None:
        held, moments = holds_at(as_of)
        sql = f"SELECT event_id, vector FROM vectors WHERE {held} AND octet_length(vector) = 384 ORDER BY event_id"
        with telling(store.path):
            rows = store.connection.execute(sql, moments).fetchall()
        self.ids = [row[0] for row in rows]
        self.vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.int8).reshape(len(rows), 384)

    def likeness(self, vector: bytes) -> npt.NDArray[np.float32]:
        """Return the cosine of every sentence with a vector, float32 (n,); in parts, so that memory stays small."""
        asked = np.frombuffer(vector, dtype=np.int8).astype(np.float32)
        asked /= max(float(np.linalg.norm(asked)), 1e-9)
        out = np.empty(len(self.ids), dtype=np.float32)
        for at in range(0, len(out), 50_000):
            part = self.vectors[at : at + 50_000].astype(np.float32)
            norms = np.maximum(np.linalg.norm(part, axis=1), 1e-9)
            out[at : at + 50_000] = (part @ asked) / norms
        return out


def find_meanings(
    store: Store, query: str, wanted: EventFilter, *, meanings: Meanings, encode: Callable[[str], bytes], limit: int,
    after: Rank | None = None,
) -> tuple[list[dict[str, Any]], Rank | None]:  # fmt: skip
    """Return a page of sentences by likeness of meaning to a query, and where it ends when there are more.

    Args:
        store: An open store.
        query: A sentence or some words; whole sentences are found better.
        wanted: What the events of the sentences must be.
        meanings: The vectors of this state of the store.
        encode: Gives the vector of a sentence by the encoder that made those of the store.
        limit: At most so many.
        after: Where the page before ended.

    Raises:
        UsageError: There is no word in the query.
        StoreError: The file could not be read.
    """
    terms_of(query[:200])
    scores = np.round(meanings.likeness(encode(query)).astype(np.float64), 4)
    where = where_of(wanted)
    of_article, moments = holds_at(wanted.as_of, "a")
    likely = np.flatnonzero(scores >= LEAST_LIKENESS)
    likely = likely[np.argsort(-scores[likely], kind="stable")][:5000]
    beyond, key = _beyond(after)
    sql = (
        "WITH scored AS (SELECT unnest(?::VARCHAR[]) AS its_id, unnest(?::DOUBLE[]) AS score), "
        f"e AS (SELECT * FROM events JOIN scored ON event_id = its_id WHERE {where}), hits AS (SELECT {_SENTENCE}, score FROM e "
        f"LEFT JOIN articles a ON a.article_id = e.article_id AND {of_article}), {_FIRST.format(beyond=beyond, limit=limit + 1)}"
    )
    ids, numbers = [meanings.ids[i] for i in likely], [float(scores[i]) for i in likely]
    rows = list(iter_rows(store, sql, [ids, numbers, *where.values, *moments, *key]))
    return _hits(store, rows, [], limit, wanted.as_of)
