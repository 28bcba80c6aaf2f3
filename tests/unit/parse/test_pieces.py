"""Word pieces and characters."""

from hypothesis import given
from hypothesis import strategies as st

from dragoman.parse.pieces import DIGIT, LOWER, OTHER, TITLE, UPPER, casing_of, token_range


def test_pieces_of_one_word_share_its_casing() -> None:
    """A word split into pieces has one casing class."""
    text = "NATO Azerbaijan 21 met"
    offsets = [(0, 0), (0, 2), (2, 4), (5, 8), (8, 15), (16, 18), (19, 22), (0, 0)]
    assert casing_of(text, offsets) == [OTHER, UPPER, UPPER, TITLE, TITLE, DIGIT, LOWER, OTHER]


def test_token_range_covers_overlapping_pieces() -> None:
    """A character span takes every piece it touches, and nothing when it touches none."""
    offsets = [(0, 0), (0, 4), (5, 9), (10, 12), (0, 0)]
    assert token_range(offsets, 2, 6) == (1, 3)
    assert token_range(offsets, 4, 5) == (0, 0)


@given(st.lists(st.text(alphabet="aB3-é", min_size=1, max_size=4), min_size=1, max_size=8))
def test_casing_gives_one_class_per_piece(words: list[str]) -> None:
    """There are as many classes as pieces, whatever the text."""
    text, offsets = "", []
    for word in words:
        offsets.append((len(text), len(text) + len(word)))
        text += word + " "
    classes = casing_of(text, offsets)
    assert len(classes) == len(offsets)
    assert set(classes) <= {LOWER, TITLE, UPPER, DIGIT, OTHER}
