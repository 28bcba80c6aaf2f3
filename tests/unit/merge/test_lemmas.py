"""Roots of words and lines of like ones: forms of one word are one, other words are not."""

from __future__ import annotations

import pytest

from dragoman.merge.clusters import Said, cluster, pair_of
from dragoman.merge.lemmas import root
from dragoman.merge.words import roots, stem, stems


@pytest.mark.parametrize(
    "forms",
    [
        "stop stops stopped stopping", "fall falls fell fallen falling", "nominate nominated nomination", "say says said saying",
        "murder murders murdered murdering murderer", "decide decided decision", "deny denies denied denial", "die dies died dying death",
        "injure injured injuries injury", "withdraw withdrew withdrawal", "sentence sentences sentenced", "nationalise nationalised nationalisation",
    ],
)  # fmt: skip
def test_forms_of_one_word_have_one_root(forms: str) -> None:
    """Inflected forms and nouns of a verb are one."""
    assert len({root(word) for word in forms.split()}) == 1


def test_other_words_have_other_roots() -> None:
    """A sentence is not sent, a founder is not found, and a threat is no treat."""
    words = "sentence send founder find threat treat arrest release accuse accept".split()
    assert len({root(word) for word in words}) == len(words)


def test_a_word_of_two_lines_gives_both() -> None:
    """A "fire" may be a blaze or shots; a job is lost by being "fired" only."""
    assert stems("fire") & stems("blaze")
    assert stems("fire") & stems("gunfire")
    assert stems("fired") & stems("dismissed")
    assert not stems("blaze") & stems("dismissed")


def test_like_words_share_a_line_but_no_root() -> None:
    """Lines join other words; roots do not, and leave out what says nothing of an act."""
    assert stem("earthquake") == stem("tremors")
    assert root("earthquake") != root("tremors")
    assert roots("checked herself into") == roots("checking in")


def test_only_linked_groups_are_compared() -> None:
    """Two reports that no sure pair links stay apart, and their pair is not asked for unless a group needs it."""
    asked = set()

    def sureness(a: str, b: str) -> float:
        asked.add(pair_of(a, b))
        return 1.0

    said = Said()
    assert cluster("abcd", sureness, threshold=0.5, said=said, linked=[("a", "b")]) == [
        ["a", "b"],
        ["c"],
        ["d"],
    ]
    assert asked == {("a", "b")}
    assert cluster("abc", sureness, threshold=0.5, said=said, linked=[("a", "b"), ("b", "c")]) == [
        ["a", "b", "c"]
    ]
    assert ("a", "c") in asked
