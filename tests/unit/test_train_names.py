"""Names of training sentences: put into others, and left out where they are marked otherwise than ours."""

from __future__ import annotations

import random

import pytest

from dragoman.parse import EncoderModel
from dragoman.train.data import Labelled, SentenceExample
from dragoman.train.doubt import without_other_kinds, without_unmarked
from dragoman.train.swap import Swapper


def sentence(text: str, **kinds: str) -> SentenceExample:
    """Return a sentence with names; ``kinds`` are kind=words, words apart by ``|``."""
    names = [
        Labelled(text.index(words), text.index(words) + len(words), kind)
        for kind, all_words in kinds.items()
        for words in all_words.split("|")
    ]
    return SentenceExample(text, "a", "ner", names=tuple(sorted(names, key=lambda m: m.start)))


@pytest.mark.parametrize("seed", range(20))
def test_other_names_keep_kind_place_and_length(seed: int) -> None:
    """Every name is replaced by one of its kind, words by words, and what stands around stays."""
    before = sentence(
        "Mr Odinga of the Green Union met Ana Costa in Praia.",
        PER="Odinga|Ana Costa",
        ORG="Green Union",
        LOC="Praia",
    )
    after = Swapper([before])(before, random.Random(seed), share=1.0)
    assert [m.label for m in after.names] == ["PER", "ORG", "PER", "LOC"]
    words = [after.text[m.start : m.end] for m in after.names]
    assert [" " in w for w in words] == [False, True, True, False]
    frame = after.text
    for m, word in reversed(list(zip(after.names, words, strict=True))):
        assert frame[m.start : m.end] == word
        frame = frame[: m.start] + "_" + frame[m.end :]
    assert frame == "Mr _ of the _ met _ in _."


def test_one_name_is_replaced_alike_in_a_sentence() -> None:
    """A person named twice stays one person."""
    text = "Odinga said that Odinga would win."
    twice = SentenceExample(text, "a", "ner", names=(Labelled(0, 6, "PER"), Labelled(17, 23, "PER")))
    after = Swapper([twice])(twice, random.Random(1), share=1.0)
    one, two = (after.text[m.start : m.end] for m in after.names)
    assert one == two


def test_words_that_ours_mark_and_the_newswire_does_not_leave_it_out() -> None:
    """An unmarked "Jewish" teaches the opposite of our own sentences; "Jewish" inside a name does not."""
    ours = [
        sentence("Jewish leaders met.", NORP="Jewish"),
        sentence("A Jewish school opened.", NORP="Jewish"),
    ]
    unmarked = sentence("Jewish settlers left Gaza.", LOC="Gaza")
    marked = sentence("Jewish settlers left.", NORP="Jewish")
    inside = sentence("The Jewish Agency said so.", ORG="Jewish Agency")
    assert without_unmarked([unmarked, marked, inside], ours) == [marked, inside]


def test_a_kind_that_the_encoder_is_sure_is_another_leaves_the_sentence_out() -> None:
    """Kenya marked as a person is left out, Kenya as a place and a name that is merely missed are kept."""
    wrong = sentence("The president of Kenya travelled to Geneva on Monday.", PER="Kenya", LOC="Geneva")
    right = sentence("The president of Kenya travelled to Geneva on Monday.", LOC="Kenya|Geneva")
    bare = sentence("Nothing was found in the village.", LOC="village")
    assert without_other_kinds([wrong, right, bare], EncoderModel(threads=1)) == [right, bare]
