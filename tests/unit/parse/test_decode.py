"""Decoding rules on hand-made logits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.parse.decode import (
    Found,
    find_runs,
    find_spans,
    find_triggers,
    second_look,
    softmax,
    trim,
    trim_trigger,
    whole_words,
    widen,
)
from dragoman.parse.model import Decoding


def _logits(tags: list[int], labels: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    out = np.full((len(tags), 1 + 2 * labels), -4.0, dtype=np.float32)
    out[np.arange(len(tags)), tags] = 4.0
    return out


def test_neighbouring_spans_of_one_label_are_told_apart_by_begin() -> None:
    """A piece that rather begins than continues starts a new span."""
    text = "Iran Armenia met"
    offsets = [(0, 0), (0, 4), (5, 12), (13, 16), (0, 0)]
    found = find_spans(_logits([0, 1, 1, 0, 0], 2), ["actor", "place"], {"": 0.5}, offsets, text)
    assert [text[f.start : f.end] for f in found] == ["Iran", "Armenia"]


def test_span_never_cuts_a_word() -> None:
    """A span that the encoder ends inside a word is widened to the word."""
    text = "Azerbaijanis met"
    offsets = [(0, 0), (0, 10), (10, 12), (13, 16), (0, 0)]
    found = find_spans(_logits([0, 1, 0, 0, 0], 1), ["actor"], {"": 0.5}, offsets, text)
    assert [text[f.start : f.end] for f in found] == ["Azerbaijanis"]


def test_runs_join_pieces_of_one_type() -> None:
    """Pieces with one best type form one run with the highest probability as its peak."""
    p = np.array([[0.1, 0.0], [0.6, 0.1], [0.9, 0.0], [0.0, 0.7]], dtype=np.float32)
    assert [(a, b, t) for a, b, t, _ in find_runs(p, 0.3)] == [(1, 3, 0), (3, 4, 1)]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("the army's", "army"),
        ("“the rebels”", "rebels"),
        ("President Aliyev,", "President Aliyev"),
        ("U.S.", "U.S."),
        ("students’", "students"),
        ("An official", "official"),
    ],
)
def test_trim_leaves_the_name(words: str, kept: str) -> None:
    """Articles, quotes, possessives and commas are no part of a mention."""
    start, end = trim(words, 0, len(words))
    assert words[start:end] == kept


@pytest.mark.parametrize("words", ["'s air defence zone", "s air defence zone"])
def test_trim_takes_a_cut_possessive_off(words: str) -> None:
    """A mention that begins inside "Taiwan's" begins behind it."""
    text = "into Taiwan's air defence zone on Monday"
    start = text.index(words)
    a, b = trim(text, start, start + len(words))
    assert text[a:b] == "air defence zone"


@given(st.text(max_size=40), st.data())
def test_trim_and_widen_stay_inside_the_text(text: str, data: st.DataObject) -> None:
    """Trimming never leaves the stretch, widening never leaves the text."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    a, b = trim(text, start, end)
    assert start <= a <= b <= end
    c, d = whole_words(text, start, end)
    assert 0 <= c <= start
    assert end <= d <= len(text)


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=6), st.floats(0.2, 5))
def test_softmax_is_a_distribution(row: list[float], temperature: float) -> None:
    """Probabilities are positive and sum to one at any temperature."""
    p = softmax(np.array(row, dtype=np.float32), temperature)
    assert p.min() >= 0
    assert abs(float(p.sum()) - 1) < 1e-4


def _decoding(**changes: object) -> Decoding:
    values: dict[str, object] = {
        "trigger_weights": (1.0, 0.0, 0.0), "type_bias": (0.0, 0.0), "thresholds": (0.5, 0.5), "candidate": 0.06,
        "role_thresholds": {"": 0.5}, "role_temperature": 1.0, "mode_temperature": 1.0, "status_temperature": 1.0,
        "context_threshold": 0.3, "name_threshold": 0.5, "pair_temperature": 1.0,
        "pair_bias": (0.0, 0.0),
        "sector_temperature": 1.0, "side_weights": (1.0, 0.0, 0.0, 0.0),
    }  # fmt: skip
    return Decoding(**{**values, **changes})  # type: ignore[arg-type]


def test_second_look_counts_sides() -> None:
    """With weights for sides an event that has both is surer than one that has none; without, nothing changes."""
    weighed = _decoding(side_weights=(1.0, 0.5, 1.0, -0.5))
    both = second_look(0.5, has_actor=True, has_recipient=True, decoding=weighed)
    none = second_look(0.5, has_actor=False, has_recipient=False, decoding=weighed)
    assert none < 0.5 < both
    plain = _decoding()
    for actor in (True, False):
        assert second_look(0.3, has_actor=actor, has_recipient=actor, decoding=plain) == pytest.approx(0.3)


@given(st.floats(0, 1))
def test_second_look_stays_a_probability(confidence: float) -> None:
    """Any first probability, also 0 and 1, gives a probability."""
    decoding = _decoding(side_weights=(1.1, 0.3, 0.4, -0.2))
    assert 0 <= second_look(confidence, has_actor=True, has_recipient=False, decoding=decoding) <= 1


def test_a_trigger_just_below_the_threshold_gets_its_second_look() -> None:
    """A candidate a little below its threshold is kept until its sides are read; one far below is not."""
    sentence = np.zeros(2, dtype=np.float32)
    p = np.array([[0.48, 0.0], [0.0, 0.0], [0.0, 0.4]], dtype=np.float32)
    found = find_triggers(p, sentence, _decoding())
    assert [(t.first, t.event_type) for t in found] == [(0, 0)]


def test_a_name_cut_between_roles_is_mended() -> None:
    """Where "Tel" is the place and "Aviv" the recipient, both are Tel Aviv."""
    text = "opened an embassy in Tel Aviv"
    names = [Found(21, 29, "LOC", 0.9)]
    found = widen([Found(21, 24, "place", 0.7), Found(25, 29, "recipient", 0.8)], names, text)
    assert sorted((text[f.start : f.end], f.label) for f in found) == [
        ("Tel Aviv", "place"),
        ("Tel Aviv", "recipient"),
    ]


def test_a_name_is_not_both_sides() -> None:
    """Of two sides in one name the surer one gets all of it."""
    text = "condemned Hassan Ameli"
    found = widen(
        [Found(10, 16, "recipient", 0.8), Found(17, 22, "actor", 0.6)], [Found(10, 22, "PER", 0.9)], text
    )
    assert [(text[f.start : f.end], f.label) for f in found] == [("Hassan Ameli", "recipient")]


def test_widen_drops_marks_without_a_letter() -> None:
    """An apostrophe that was taken for a side neither is one nor parts the words around it."""
    text = "a plan that Israel's prime minister supports"
    found = widen(
        [Found(12, 18, "actor", 0.9), Found(18, 19, "recipient", 0.4), Found(19, 35, "actor", 0.7)], [], text
    )
    assert [(text[f.start : f.end], f.label) for f in found] == [("Israel's prime minister", "actor")]


def test_a_number_can_be_a_side_and_a_score_cannot() -> None:
    """Of "killed 26" the number tells of people; that of "6-0)" of votes."""
    text = "voted (6-0) after 26 were held on 3/4"
    score, number, day = text.index("6-0"), text.index("26"), text.index("3/4")
    found = [Found(score, score + 4, "actor", 0.9), Found(number, number + 2, "recipient", 0.9), Found(day, day + 3, "date", 0.9)]  # fmt: skip
    assert [text[f.start : f.end] for f in widen(found, [], text)] == ["26", "3/4"]


def test_a_noun_before_of_is_taken_whole() -> None:
    """The words before "of" begin at a word and hold no verb: neither "hat claimed tens" nor "he leader"."""
    text = "It claimed tens of thousands; the leader of Ardabil spoke."
    found = [
        Found(text.index("of thousands"), text.index("; the"), "recipient", 0.9),
        Found(text.index("of Ardabil"), text.index(" spoke"), "actor", 0.9),
    ]
    assert [text[f.start : f.end] for f in widen(found, [], text)] == [
        "tens of thousands",
        "leader of Ardabil",
    ]


def test_parts_of_one_name_are_joined() -> None:
    """A name that the encoder cut at a hyphen is one side; a word whose pieces went to both sides goes to the surer."""
    text = "Mishal Al-Jaber Al-Sabah met Dr Daki"
    name = Found(0, 24, "PER", 0.9)
    cut = [Found(0, 15, "actor", 0.8), Found(19, 24, "actor", 0.7)]
    assert [text[f.start : f.end] for f in widen(cut, [name], text)] == ["Mishal Al-Jaber Al-Sabah"]
    both = [Found(29, 31, "recipient", 0.5), Found(32, 36, "actor", 0.52), Found(32, 36, "recipient", 0.6)]
    assert [(text[f.start : f.end], f.label) for f in widen(both, [], text)] == [("Dr Daki", "recipient")]


@pytest.mark.parametrize(
    ("words", "start", "end", "left"),
    [
        ("Mnangagwa's ministers", 10, 21, "ministers"),
        ("the party's committee", 4, 10, "party"),
        ("at least six villas", 3, 19, "at least six villas"),
    ],
)
def test_trim_mends_what_was_cut_at_a_possessive(words: str, start: int, end: int, left: str) -> None:
    """A possessive's "s" is no word, and "least" has its "at"."""
    first, last = trim(words, start, end)
    assert words[first:last] == left


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [
        ("Keld suspends the treaty.", "suspends the", "suspends"),
        ("After the U.S. killing of a general", ". killing", "killing"),
        ("A call for the end", "call for", "call for"),
        ("The attack. The end", "attack. The", "attack."),
        ("Deputies approved Plan A today.", "approved Plan A", "approved Plan A"),
    ],
)
def test_a_trigger_ends_with_a_word_of_its_own(text: str, words: str, kept: str) -> None:
    """An article behind a trigger belongs to what follows, a full stop before it to the name before."""
    start = text.index(words)
    first, last = trim_trigger(text, start, start + len(words))
    assert text[first:last] == kept


@pytest.mark.parametrize(
    ("text", "owner", "side"),
    [
        (
            "Police held the former minister's younger brother on Monday.",
            "former minister",
            "former minister's younger brother",
        ),
        ("Police held the workers' lawyers on Monday.", "workers'", "workers' lawyers"),
        ("Police raided the former minister's house on Monday.", "former minister", "former minister"),
    ],
)
def test_kin_and_lawyers_behind_a_side_are_the_side(text: str, owner: str, side: str) -> None:
    """Who was held is the brother; a house is nobody."""
    start = text.index(owner)
    (found,) = widen([Found(start, start + len(owner), "recipient", 0.9)], [], text)
    assert text[found.start : found.end] == side


def test_kin_that_are_a_side_of_their_own_stay_apart() -> None:
    """Where the brother acts upon the minister, both are sides."""
    text = "The minister's brother accused him."
    found = widen([Found(4, 12, "recipient", 0.9), Found(15, 22, "actor", 0.9)], [], text)
    assert [text[f.start : f.end] for f in found] == ["minister", "brother"]
