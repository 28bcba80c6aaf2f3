"""Sentences of an article's sections."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.parse.sentences import split_sentences
from dragoman.records import Article, Section, SectionKind


def article(*parts: tuple[SectionKind, str]) -> Article:
    """Return an article whose sections follow one another, a blank line between."""
    text, sections = "", []
    for kind, words in parts:
        text += "\n\n" if text else ""
        sections.append(Section(kind, len(text), len(text) + len(words)))
        text += words
    return Article("a", text, "test", sections=tuple(sections))


def sentences(*parts: tuple[SectionKind, str]) -> list[str]:
    """Return the words of the sentences."""
    whole = article(*parts)
    return [whole.text[s.start : s.end] for s in split_sentences(whole)]


def test_abbreviations_do_not_end_a_sentence() -> None:
    """Ranks, titles and initials with full stops stay inside their sentence."""
    body = "Lt. Gen. Omar Ali met Sen. J. Smith in the U.S. on Tuesday. They signed a pact at 3 p.m. on Tues. Sept. 3."
    assert len(sentences(("body", body))) == 2


def test_sections_and_lines_are_borders() -> None:
    """A headline without a full stop does not run into the next section, nor a line into the next."""
    found = sentences(("title", "Police arrest four"), ("body", "First line without stop\nSecond line."))
    assert found == ["Police arrest four", "First line without stop", "Second line."]


def test_teasers_are_left_out() -> None:
    """Related-story teasers are not read unless asked for."""
    whole = article(("body", "One sentence here."), ("teaser", "Another story altogether"))
    assert len(split_sentences(whole)) == 1
    assert len(split_sentences(whole, kinds={"body", "teaser"})) == 2


@given(st.text(max_size=300))
def test_sentences_stand_in_order_and_never_overlap(body: str) -> None:
    """Sentences are non-empty, in order, apart from each other and inside the text."""
    whole = article(("body", body))
    at = 0
    for s in split_sentences(whole):
        assert at <= s.start < s.end <= len(body)
        assert whole.text[s.start : s.end].strip() == whole.text[s.start : s.end]
        at = s.end
