"""Search: terms, marks, ranks, pages, and a sentence of several events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.answer.search import Meanings, find_meanings, find_sentences, fold, marks_of, terms_of
from dragoman.answer.sentences import Sentences
from dragoman.errors import UsageError
from dragoman.records import Event, Span
from dragoman.store import EventFilter, Store, begin_run, open_store, write
from dragoman.store.overview import Overview

from ..invented import DIGEST, VERSION, make_coded
from ..stories import joined, make_stories, tell

AT = datetime(2024, 6, 1, 12, tzinfo=UTC)


def vector(*numbers: float) -> bytes:
    """Return a stored vector that begins with these numbers."""
    whole = np.zeros(384)
    whole[: len(numbers)] = numbers
    return bytes(np.rint(whole / np.linalg.norm(whole) * 127).astype(np.int8).tobytes())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store of invented stories, with vectors, and one sentence that two events rest on."""
    with open_store(tmp_path_factory.mktemp("search") / "a.duckdb") as opened:
        coded = joined([*tell(make_stories(12, 1), articles=20, seed=2), make_coded("1", event_types=("COOPERATE", "CONSULT"))])  # fmt: skip
        events = [replace(e, vector=vector(1, n)) for n, e in enumerate(coded.events)]
        run = begin_run(
            opened, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT
        )
        write(opened, replace(coded, events=events), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)  # fmt: skip
        yield opened


@given(st.text())
def test_marks_quote_the_text(text: str) -> None:
    """Whatever the text, each mark is a stretch of it that reads like the term; terms of the text are found in it."""
    for term in text.split()[:3]:
        folded = fold(term)
        if not folded or folded not in fold(text):
            continue
        marks = marks_of(text, [folded])
        assert all(0 <= a < b <= len(text) for a, b in marks)
        assert all(folded in fold(text[a:b]) for a, b in marks)


def test_terms() -> None:
    """Words and phrases are terms, once each, without case and accents; signs alone are none."""
    assert terms_of('Perú  "Joint   Drill" peru - "!"') == ["peru", "joint drill"]
    for wrong in ("", "  ", '""', "?!"):
        with pytest.raises(UsageError, match="a word to look for"):
            terms_of(wrong)


def test_all_words_must_stand_there(store: Store) -> None:
    """A hit holds every term, and every sentence that does is a hit."""
    hits, end = find_sentences(store, "people Kuvalo", EventFilter(), limit=500)
    assert end is None
    rows = store.connection.execute("SELECT quote.text FROM events WHERE superseded_at IS NULL").fetchall()
    wanted = [text for (text,) in rows if "people" in text and "Kuvalo" in text]
    assert sorted(h["quote"]["text"] for h in hits) == sorted(wanted)
    assert wanted


def test_more_and_newer_come_first(store: Store) -> None:
    """Hits are in order of how often the words stand there, then of the day of publication."""
    hits, _ = find_sentences(store, "of", EventFilter(), limit=500)
    keys = [(h["score"], h["published_on"]) for h in hits]
    assert keys == sorted(keys, reverse=True)
    assert all(h["score"] == len(h["marks"]) for h in hits)


def test_a_sentence_is_one_hit(store: Store) -> None:
    """Two events of one sentence are one hit that names both."""
    hits, _ = find_sentences(store, '"joint drill" navies', EventFilter(), limit=10)
    assert len(hits) == 1
    assert len({hits[0]["event_id"], *hits[0]["also"]}) == 2
    assert find_sentences(store, "navies", EventFilter(event_types=["CONSULT"]), limit=10)[0][0]["also"] == []


@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize(
    ("query", "wanted"),
    [("drill", 0), ("navies", 1), ("began", 2), ("Halden", 2), ("of navies drill began joint", 0), ("officials", 0), ("Keld", 1)],
)  # fmt: skip
def test_a_hit_names_the_event_whose_words_were_looked_for(
    tmp_path: Path, query: str, wanted: int, in_memory: bool
) -> None:
    """Of three events of a sentence the trigger decides, then the other fields, then how near the trigger is."""
    coded = make_coded("1", event_types=("COOPERATE", "CONSULT", "AID"))
    text, (first, second, third) = coded.articles[0].text, coded.events

    def said(event: Event, words: str, side: int) -> Event:
        start = text.index(words, event.quote.start)
        return replace(event, trigger=Span(start, start + len(words), words), actors=event.actors[side : side + 1])  # fmt: skip

    events = [said(first, "joint drill", 0), said(second, "navies", 0), said(third, "began", 1)]
    with open_store(tmp_path / "a.duckdb") as opened:
        run = begin_run(opened, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT)  # fmt: skip
        write(opened, replace(coded, events=events), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)  # fmt: skip
        kept = Sentences(Overview("events")) if in_memory else None
        hits, _ = find_sentences(opened, query, EventFilter(), limit=5, sentences=kept)
    own = events[wanted].event_id
    assert [hit["event_id"] for hit in hits] == [own]
    assert sorted([own, *hits[0]["also"]]) == sorted(e.event_id for e in events)
    assert hits[0]["event_type"] == events[wanted].event_type


def test_meaning_is_by_angle(store: Store) -> None:
    """The nearest direction comes first; pages are the list; a filter holds."""
    meanings = Meanings(store)
    assert meanings.vectors.shape == (len(meanings.ids), 384)

    def ask(*, limit: int, after: object = None) -> tuple[list[dict[str, object]], object]:
        return find_meanings(
            store, "anything", EventFilter(), meanings=meanings, encode=lambda text: vector(1, 0), limit=limit,
            after=after,  # type: ignore[arg-type]
        )  # fmt: skip

    whole, end = ask(limit=500)
    scores = [hit["score"] for hit in whole]
    assert end is None
    assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]
    assert scores[0] == pytest.approx(1, abs=0.01)
    paged, after = ask(limit=3)
    while after is not None:
        more, after = ask(limit=3, after=after)
        paged += more
    assert paged == whole


def test_the_past_is_searched(store: Store, tmp_path: Path) -> None:
    """Before anything was recorded nothing is found."""
    before = EventFilter(as_of=datetime(2024, 1, 1))
    assert find_sentences(store, "people", before, limit=5) == ([], None)
    assert len(Meanings(store, as_of=datetime(2024, 1, 1)).ids) == 0


@pytest.mark.parametrize(
    "wanted", [EventFilter(), EventFilter(event_types=["CONSULT"]), EventFilter(quad_classes=[1, 4])]
)
@pytest.mark.parametrize("query", ["drill", "the", "o", "nn", "ørsund", "ORSUND on", '"joint drill"', '"of keld" navies', '"the  navies"', "zzz", "aa a"])  # fmt: skip
def test_sentences_in_memory_are_those_of_the_store(store: Store, query: str, wanted: EventFilter) -> None:
    """Words, phrases, letters that stand twice: what is found in memory is what SQL finds, page by page."""
    sentences = Sentences(Overview("events"))
    for limit in (3, 200):
        after = None
        while True:
            plain = find_sentences(store, query, wanted, limit=limit, after=after)
            assert (
                find_sentences(store, query, wanted, limit=limit, after=after, sentences=sentences) == plain
            )
            if (after := plain[1]) is None:
                break


def test_white_space_does_not_set_words_apart(tmp_path: Path) -> None:
    """A phrase is found over line feeds and runs of spaces, in memory as in SQL, also where a term overlaps itself."""
    text = "\n\tThe  naval\n\ndrill  began: ananana banana.\x0b"
    coded = make_coded("1", event_types=("COOPERATE", "CONSULT"))
    events = [replace(e, quote=replace(e.quote, text=text)) for e in coded.events]
    with open_store(tmp_path / "a.duckdb") as opened:
        run = begin_run(opened, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT)  # fmt: skip
        write(opened, replace(coded, events=events), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)  # fmt: skip
        for query, score in (
            ('"the naval drill began:"', 1),
            ("ana", 3),
            ('"naval drill" ana', 4),
            ("anan", 2),
        ):
            plain = find_sentences(opened, query, EventFilter(), limit=5)
            assert [(h["score"], len(h["also"])) for h in plain[0]] == [(score, 1)]
            assert find_sentences(opened, query, EventFilter(), limit=5, sentences=Sentences(Overview("events"))) == plain  # fmt: skip


def test_a_store_without_sentences_has_none(tmp_path: Path) -> None:
    """Nothing is found in nothing."""
    with open_store(tmp_path / "a.duckdb") as opened:
        assert find_sentences(opened, "drill", EventFilter(), limit=5, sentences=Sentences(Overview("events"))) == ([], None)  # fmt: skip
