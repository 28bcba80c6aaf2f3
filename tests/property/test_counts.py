"""Laws of counts and speakers on any sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.records import Draft, Mention, Span
from dragoman.resolve.attribution import find_speaker
from dragoman.resolve.counts import count_mentions, parse_count, resolve_counts
from dragoman.resolve.counts_words import find_figures

WORDS = [
    "at least", "12", "dozens", "of", "thousands", "people", "were", "killed", "and", "wounded", "30", ",", "police", "said",
    "that", "according to", "a woman", "her two", "sons", "including", "between", "8", "20", "to", "from", "rose", "toll",
    "-", "arrested", "who", "when", "after", "half a million", "\"", "”", "it", "was", "İ", "3 lakh", "the", "displaced", ".",
]  # fmt: skip
SENTENCES = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join)
)


def drafts(text: str, cut: int) -> list[Draft]:
    """Return three events of one sentence at offset 7, whose triggers stand at a cut and at the start."""
    at = cut % (len(text) + 1)
    end = min(len(text), at + 6)
    sentence = Span(7, 7 + len(text), text)
    kinds = [
        ("ASSAULT", None, at, end),
        ("COERCE", "arrest", 0, min(4, len(text))),
        ("PROTEST", "demo", at, end),
    ]
    return [
        Draft(
            sentence=sentence, section="body", trigger=Span(7 + a, 7 + b, text[a:b]), event_type=event_type, mode=mode,
            status="actual", actors=(Mention(7 + at, 7 + end, text[at:end], "actor"),),
        )
        for event_type, mode, a, b in kinds
    ]  # fmt: skip


@given(SENTENCES, st.integers(min_value=0, max_value=200))
def test_counts_are_ordered_and_quote_their_sentence(text: str, cut: int) -> None:
    """Nothing raises; low is not above high; the words are those at the offsets, inside the sentence."""
    events = drafts(text, cut)
    for event in events:
        for count in resolve_counts(count_mentions(event, events), sentence=event.sentence).values():
            assert count.low is None or count.high is None or 0 <= count.low <= count.high
            assert 7 <= count.start < count.end <= 7 + len(text)
            assert text[count.start - 7 : count.end - 7] == count.text


@given(SENTENCES, st.integers(min_value=0, max_value=200))
def test_speakers_quote_their_sentence(text: str, cut: int) -> None:
    """Nothing raises, and a speaker's words are those at its offsets and not the trigger."""
    for event in drafts(text, cut):
        found = find_speaker(event)
        if found is not None:
            assert text[found.start - 7 : found.end - 7] == found.text
            assert found.end <= event.trigger.start or event.trigger.end <= found.start


@given(SENTENCES)
def test_figures_stand_in_order_and_apart(text: str) -> None:
    """Figures do not overlap, and each reads as an ordered range."""
    last = 0
    for figure in find_figures(text):
        assert last <= figure.start < figure.end <= len(text)
        assert figure.low is None or figure.high is None or figure.low <= figure.high
        last = figure.end


@given(SENTENCES)
def test_words_read_as_an_ordered_range(text: str) -> None:
    """Any words give an ordered range or nothing."""
    low, high = parse_count(text)
    assert low is None or high is None or low <= high
