"""Decoding rules on hand-made logits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.parse.decode import find_runs, find_spans, softmax, trim, whole_words


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
