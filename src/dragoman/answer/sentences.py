"""The sentences of a store in memory, folded for search: which hold some words, how often, and which of them a page shows.

Asking DuckDB takes a second to fold two hundred thousand sentences and look for a frequent word; here they are folded once per state of a
store, as one string of about 120 bytes a sentence. It finds what ``search.find_sentences`` finds in SQL.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.store import EventFilter, Store
from dragoman.store.fitting import day_at, fitting
from dragoman.store.opening import telling
from dragoman.store.overview import NO_DAY, Overview

# Beyond this, sentences are looked for in the store itself, however long that takes.
MOST_BYTES = 400_000_000
_FOLDED = "strip_accents(lower(CASE WHEN regexp_matches(quote.text, '[\\t\\n\\r\\f\\v]|  ') THEN regexp_replace(quote.text, '\\s+', ' ', 'g') ELSE quote.text END))"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that was found: its first event by id, the others that rest on it, its score, and its article's day ("" for none)."""

    event_id: str
    also: tuple[str, ...]
    score: float
    day: str


@dataclass(frozen=True, slots=True)
class _Text:
    """Folded sentences: uint8 (b,) of all, each ended by a line feed; where each ends, int64 (n,); how often each byte stands there."""

    whole: NDArray[np.uint8]
    ends: NDArray[np.int64]
    often: NDArray[np.int64]


class Sentences:
    """The sentences of the events of an overview, in its order; read when first asked for; shared by threads.

    Args:
        events: The columns of the events, as they hold now.
    """

    def __init__(self, events: Overview) -> None:
        self.events = events
        self._lock = threading.Lock()
        self._text: _Text | None = None
        self._sentence: NDArray[np.int64] | None = None
        self._rank: NDArray[np.int64] | None = None

    def are_few_enough(self, store: Store) -> bool:
        """Whether they are kept in memory."""
        if self._text is not None:
            return True
        with telling(store.path):
            row = store.connection.execute("SELECT coalesce(sum(strlen(quote.text)), 0) FROM events WHERE superseded_at IS NULL").fetchone()  # fmt: skip
        return row is not None and int(row[0]) <= MOST_BYTES

    def find(
        self, store: Store, terms: Sequence[str], wanted: EventFilter, *, limit: int, after: tuple[float, str, str] | None = None
    ) -> list[Found]:  # fmt: skip
        """Return the sentences of a page that hold all terms, and the one after it if there is one: most of them first, then the newer.

        Args:
            store: An open store.
            terms: Folded words and phrases.
            wanted: What the events of the sentences must be.
            limit: Sentences of a page.
            after: Score, day and event of the last one of the page before.

        Raises:
            StoreError: The file could not be read.
        """
        text, sentence, rank = self._read(store)
        scores = np.zeros(len(text.ends), np.int64)
        fits = fitting(store, self.events, wanted)
        for term in terms:
            numbers = _count(text, term.encode())
            fits &= numbers > 0
            scores += numbers
        rows = np.flatnonzero(fits)
        # The first event of each sentence by id, and where its others begin.
        rows = rows[np.argsort(sentence[rows] * len(rank) + rank[rows], kind="stable")]
        begins = np.flatnonzero(np.diff(sentence[rows], prepend=-1))
        first = rows[begins]
        days = self.events.told(store).reported.astype(np.int64)
        order = np.lexsort((rank[first], -days[first], -scores[first]))
        ids = self.events.ids(store)
        if after is not None:
            order = order[_beyond(scores[first[order]], days[first[order]], ids[first[order]], after)]
        shown = order[: limit + 1]
        upto = np.append(begins[1:], len(rows))
        return [
            Found(
                ids[first[n]].decode(), tuple(i.decode() for i in ids[rows[begins[n] + 1 : upto[n]]]), float(scores[first[n]]),
                _day(int(days[first[n]])),
            )
            for n in shown
        ]  # fmt: skip

    def _read(self, store: Store) -> tuple[_Text, NDArray[np.int64], NDArray[np.int64]]:
        with self._lock:
            if self._text is None or self._sentence is None or self._rank is None:
                held = "superseded_at IS NULL ORDER BY rowid"
                with telling(store.path):
                    found = store.connection.execute(f"SELECT hash(article_id, quote.start) AS s, {_FOLDED} AS t FROM events WHERE {held}").fetchnumpy()  # fmt: skip
                texts = np.ma.getdata(found["t"])
                whole = ("\n".join(texts.tolist()) + "\n" if len(texts) else "").encode()
                letters = np.frombuffer(whole, np.uint8)
                ends = np.flatnonzero(letters == ord("\n"))
                _, codes = np.unique(np.ma.getdata(found["s"]), return_inverse=True)
                ranks = np.empty(len(codes), np.int64)
                ranks[np.argsort(self.events.ids(store), kind="stable")] = np.arange(len(codes))
                self._sentence, self._rank = codes.astype(np.int64), ranks
                self._text = _Text(letters, ends, np.bincount(letters, minlength=256))
            return self._text, self._sentence, self._rank


def _count(text: _Text, term: bytes) -> NDArray[np.int64]:
    """Return how often a term stands in each sentence, int64 (n,); where it overlaps itself, from the left."""
    letters = np.frombuffer(term, np.uint8)
    if any(term[:n] == term[-n:] for n in range(1, len(term))):
        at = np.array([m.start() for m in re.finditer(re.escape(term), text.whole.data)], np.int64)
    else:
        # The rarest letter leaves the fewest places to look at.
        rarest = int(np.argmin(text.often[letters]))
        at = np.flatnonzero(text.whole == letters[rarest]) - rarest
        at = at[(at >= 0) & (at + len(letters) <= len(text.whole))]
        for n, letter in enumerate(letters):
            if n != rarest:
                at = at[text.whole[at + n] == letter]
    return np.bincount(np.searchsorted(text.ends, at), minlength=len(text.ends))


def _beyond(
    scores: NDArray[np.int64], days: NDArray[np.int64], ids: NDArray[np.bytes_], after: tuple[float, str, str]
) -> NDArray[np.bool_]:
    """Return which sentences come after one in the order of a page."""
    score, day, key = after
    number = int(np.datetime64(day, "D").astype(np.int64)) if day else NO_DAY
    same = (scores == score) & ((days < number) | ((days == number) & (ids > np.bytes_(key.encode()))))
    out: NDArray[np.bool_] = (scores < score) | same
    return out


def _day(number: int) -> str:
    day = day_at(number)
    return day.isoformat() if day else ""
