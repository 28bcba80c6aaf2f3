"""Laws of the whole path: spans quote the text, batches do not matter, the same again is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.pipeline import Coder
from dragoman.records import RawArticle, check_event

SENTENCES = [
    "Police in Lagos arrested four union leaders on Friday.",
    "The two sides agreed to resume talks in Geneva next month.",
    "Iran’s foreign minister condemned the strike, which killed at least 12 people.",
    "Rain fell on most of the island.",
    "Hundreds of students marched through Dhaka to demand the minister’s resignation.",
    "Ankara recalled its ambassador to Stockholm in 2023.",
    "“We will not withdraw,” General Ito said, and the crowd cheered.",
    "Ürümqi – Zhōngguó: 中国 🙂 the army deployed troops near São Tomé.",
]
articles = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("\n".join)


def row(text: str, n: int = 0) -> RawArticle:
    """Return a verbatim row."""
    return RawArticle(text, "text/plain", f"row:{n}", source_id=str(n), published_on=date(2024, 5, 6),
                      published_field="test", verbatim=True)  # fmt: skip


@pytest.mark.model
@settings(max_examples=15)
@given(st.lists(articles, min_size=1, max_size=4))
def test_every_span_quotes_its_article(coder: Coder, texts: list[str]) -> None:
    """Whatever the text, each span of each event equals the words at its offsets."""
    coded = coder([row(t, n) for n, t in enumerate(texts)])
    by_id = {a.article_id: a for a in coded.articles}
    for event in coded.events:
        check_event(by_id[event.article_id], event)
        assert by_id[event.article_id].text in texts


@pytest.mark.model
@settings(max_examples=8)
@given(articles)
def test_the_same_text_gives_the_same_events(coder: Coder, text: str) -> None:
    """Coding twice changes nothing."""
    assert coder([row(text)]) == coder([row(text)])


@pytest.mark.model
@settings(max_examples=8)
@given(st.lists(articles, min_size=2, max_size=4, unique=True))
def test_what_else_is_in_the_batch_does_not_matter(coder: Coder, texts: list[str]) -> None:
    """An article coded alone gives the very events, to the last digit, that it gives among others."""
    together = coder([row(t, n) for n, t in enumerate(texts)]).events
    alone = [e for n, t in enumerate(texts) for e in coder([row(t, n)]).events]
    assert together == alone


@pytest.mark.model
def test_incidents_hold_every_event_once(coder: Coder) -> None:
    """Merging neither loses nor doubles an event."""
    coded = coder([row("\n".join([*SENTENCES, f"This is report {n}."]), n) for n in range(2)])
    told = [e for i in coded.incidents for e in i.events]
    assert sorted(told) == sorted(e.event_id for e in coded.events)
    assert len(set(told)) == len(told)


@pytest.mark.model
def test_a_page_of_markup_is_read_as_one(coder: Coder) -> None:
    """A string that begins with markup is cleaned as a page."""
    page = f"<html><head><title>Arrests</title></head><body><article><p>{SENTENCES[0]}</p><p>{SENTENCES[4]}</p></article></body></html>"
    coded = coder(page, published_on=date(2024, 5, 6))
    assert coded.articles[0].text.count("<p>") == 0


@pytest.mark.model
def test_a_false_span_is_refused(coder: Coder) -> None:
    """An event whose words are not in the article does not pass the check that building makes."""
    from dragoman.errors import SpanMismatch

    coded = coder([row(SENTENCES[0])])
    event = coded.events[0]
    broken = replace(event, trigger=replace(event.trigger, text="something else"))
    with pytest.raises(SpanMismatch):
        check_event(coded.articles[0], broken)
