"""Names on hand-made logits, and their agreement within an article."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.parse.decode import Found
from dragoman.parse.names import agree, find_names

KINDS = ["LOC", "ORG", "NORP", "PER"]


def find(text: str, tags: list[int]) -> list[tuple[str, str]]:
    """Return the names of words that an encoder would tag so: 2 k + 1 begins a name of the kind k, 2 k + 2 goes on."""
    offsets = [(0, 0), *((m.start(), m.end()) for m in re.finditer(r"[\w-]+|,", text)), (0, 0)]
    logits = np.full((len(tags) + 2, 1 + 2 * len(KINDS)), -4.0, dtype=np.float32)
    logits[np.arange(len(tags) + 2), [0, *tags, 0]] = 4.0
    return [(text[f.start : f.end], f.label) for f in find_names(logits, KINDS, 0.5, offsets, text)]


@pytest.mark.parametrize(
    ("text", "tags", "names"),
    [
        ("Central America", [1, 1], [("Central America", "LOC")]),
        ("Taipei Government", [1, 3], [("Taipei Government", "ORG")]),
        ("Kyrgyz Muslims", [5, 5], [("Kyrgyz", "NORP"), ("Muslims", "NORP")]),
        ("Iran, Armenia", [1, 0, 1], [("Iran", "LOC"), ("Armenia", "LOC")]),
    ],
)
def test_names_that_cannot_follow_each_other_are_one(
    text: str, tags: list[int], names: list[tuple[str, str]]
) -> None:
    """Two places side by side are one place, two peoples are two; a comma keeps places apart."""
    assert find(text, tags) == names


@pytest.mark.parametrize(
    ("text", "tags", "names"),
    [
        ("Rain in the gulf", [0, 0, 0, 1], []),
        ("rain in the gulf", [0, 0, 0, 1], [("gulf", "LOC")]),
        ("A bag costs K320", [0, 0, 0, 3], []),
        ("A bag costs Rs50", [0, 0, 0, 3], []),
        ("Talks with M23", [0, 0, 3], [("M23", "ORG")]),
        ("The G20 met", [0, 3, 0], [("G20", "ORG")]),
        ("Its led United Nations Command", [0, 3, 4, 4, 4], [("United Nations Command", "ORG")]),
        ("Near al-Bab town", [0, 1, 2], [("al-Bab town", "LOC")]),
        ("Old National Gallery in", [0, 3, 4, 4], [("National Gallery", "ORG")]),
    ],
)
def test_names_are_without_words_that_cannot_be_part_of_one(
    text: str, tags: list[int], names: list[tuple[str, str]]
) -> None:
    """A name has a capital where its sentence has one, is no sum of money, and neither begins nor ends with a small word."""
    assert find(text, tags) == names


def spot(text: str, words: str, label: str, confidence: float = 0.9) -> Found:
    """Return the first place of words as a name."""
    start = text.index(words)
    return Found(start, start + len(words), label, confidence)


def told(texts: list[str], found: list[list[Found]]) -> list[list[tuple[str, str]]]:
    """Return the names of an article's sentences as they agree."""
    return [
        [(text[f.start : f.end], f.label) for f in own]
        for text, own in zip(texts, agree(texts, found), strict=True)
    ]


def test_the_same_words_are_one_kind_of_name_throughout() -> None:
    """The kind with the most confidence in all counts, whatever one sentence says."""
    texts = ["Tete voted.", "In Tete rain fell.", "Tete, again."]
    found = [
        [spot(texts[0], "Tete", "PER", 0.6)],
        [spot(texts[1], "Tete", "LOC")],
        [spot(texts[2], "Tete", "LOC")],
    ]
    assert told(texts, found) == [[("Tete", "LOC")]] * 3


def test_a_family_name_stands_with_the_whole_name() -> None:
    """A surname alone that looks like a place is the person who was introduced with it."""
    texts = ["Mr Joseph Bangui spoke.", "Bangui denied it."]
    found = [[spot(texts[0], "Joseph Bangui", "PER")], [spot(texts[1], "Bangui", "LOC", 0.7)]]
    assert told(texts, found) == [[("Joseph Bangui", "PER")], [("Bangui", "PER")]]


def test_a_sure_name_is_found_where_it_was_overlooked() -> None:
    """Not inside another name, not inside a word, and not when it is unsure itself."""
    texts = ["Conaie marched.", "The Conaie-led march, Conaie Sur, Conaie.", "Paro met.", "Then Paro left."]
    found = [
        [spot(texts[0], "Conaie", "ORG", 0.95)],
        [spot(texts[1], "Conaie Sur", "LOC")],
        [spot(texts[2], "Paro", "LOC", 0.6)],
        [],
    ]
    assert told(texts, found) == [
        [("Conaie", "ORG")], [("Conaie Sur", "LOC"), ("Conaie", "ORG")], [("Paro", "LOC")], []
    ]  # fmt: skip


def test_days_are_left_as_they_are() -> None:
    """The month of May and May the minister do not vote for each other."""
    texts = ["May spoke.", "It ends in May."]
    found = [[spot(texts[0], "May", "PER")], [spot(texts[1], "May", "DATE", 0.99)]]
    assert told(texts, found) == [[("May", "PER")], [("May", "DATE")]]


@given(
    st.lists(
        st.sampled_from(["Ana Ruiz met Ruiz", "Ruiz fell", "in Ana", "the Ruiz of Ana", "nobody"]), max_size=6
    ),
    st.randoms(),
)
def test_names_never_overlap_and_agreement_is_settled(texts: list[str], draw: object) -> None:
    """Whatever was found, names stay apart and in order, and an article that agrees is not changed again."""
    pick = draw.choice  # type: ignore[attr-defined]
    found = [
        [Found(m.start(), m.end(), pick(KINDS), pick([0.5, 0.7, 0.95])) for m in re.finditer(r"Ana Ruiz|Ana|Ruiz", text) if pick([0, 1])]
        for text in texts
    ]  # fmt: skip
    once = agree(texts, found)
    for text, own in zip(texts, once, strict=True):
        assert all(a.end <= b.start for a, b in itertools.pairwise(own))
        assert all(text[f.start : f.end] for f in own)
    again = agree(texts, once)
    assert [[(f.start, f.end, f.label) for f in own] for own in again] == [
        [(f.start, f.end, f.label) for f in own] for own in once
    ]
    kinds = [{(text[f.start : f.end], f.label) for f in own} for text, own in zip(texts, once, strict=True)]
    assert len({words for own in kinds for words, _ in own}) == len({pair for own in kinds for pair in own})
