"""One event told twice in a sentence, a war and what was taken in it, and acts that a noun names beyond doubt."""

import numpy as np
import pytest

from dragoman.parse.decode import find_triggers
from dragoman.parse.model import EncoderModel
from dragoman.parse.named_acts import LEAST_NAMED, NAMED_CONFIDENCE, find_named_acts
from dragoman.parse.repeats import drop_repeats
from dragoman.records import Draft, Mention, Span


def draft(
    text: str,
    trigger: str,
    event_type: str,
    *,
    mode: str | None = None,
    actor: str = "Keld",
    sure: float = 0.5,
) -> Draft:
    """Return a draft of a sentence with one actor."""
    at, who = text.index(trigger), text.index(actor)
    return Draft(
        sentence=Span(0, len(text), text), section="body", trigger=Span(at, at + len(trigger), trigger), event_type=event_type,
        mode=mode, status="actual", actors=(Mention(who, who + len(actor), actor, "actor"),), type_confidence=sure,
    )  # fmt: skip


def test_ground_taken_in_a_war_is_the_war() -> None:
    """The war stays, what was taken in it goes; ground taken without a war, or by another side, stays."""
    text = "In 2020, Keld regained control of the coast from Halden following a six-week war."
    seize = draft(text, "regained", "COERCE", mode="seize")
    war = draft(text, "six-week war", "ASSAULT")
    assert drop_repeats([seize, war]) == [war]
    assert drop_repeats([seize]) == [seize]
    other = draft(text, "six-week war", "ASSAULT", actor="Halden")
    assert drop_repeats([seize, other]) == [seize, other]


def test_a_search_beside_a_war_stays() -> None:
    """Only ground is the war's outcome: police who seize files do so beside it."""
    text = "Keld seized the files during the war."
    both = [draft(text, "seized", "COERCE", mode="seize"), draft(text, "war", "ASSAULT")]
    assert drop_repeats(both) == both


def test_the_surer_of_two_tellings_stays() -> None:
    """The same type, mode and sides twice in a sentence is one event."""
    text = "Keld condemned the raid in a statement of condemnation."
    weak = draft(text, "condemnation", "ACCUSE", sure=0.4)
    sure = draft(text, "condemned", "ACCUSE", sure=0.9)
    assert drop_repeats([weak, sure]) == [sure]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It followed a six-week war.", [("ASSAULT", "six-week war")]),
        ("since the 44-day armed conflict", [("ASSAULT", "44-day armed conflict")]),
        ("A three-day war game ended.", []),
        ("the cold war and the war on drugs", []),
        ("leading to a Russia-brokered ceasefire", [("CONSULT", "Russia-brokered ceasefire")]),
        ("the UN-mediated peace talks", [("CONSULT", "UN-mediated peace talks")]),
        ("an insurance broker", []),
    ],
)
def test_what_a_noun_names_beyond_doubt(text: str, found: list[tuple[str, str]]) -> None:
    """Wars with a length and settlements with a broker are named acts; war games and figures of speech are none."""
    assert [(kind, text[a:b]) for kind, a, b in find_named_acts(text)] == found


@pytest.mark.model
def test_a_named_act_needs_little_of_the_encoder() -> None:
    """A weak trigger is taken where a noun names an act of its type, with the share such nouns have, and only there."""
    decoding = EncoderModel().decoding
    p = np.zeros((4, 16), dtype=np.float32)
    p[1:3, 15] = 0.2
    logits = np.zeros(16, dtype=np.float32)
    assert find_triggers(p, logits, decoding) == []
    (found,) = find_triggers(p, logits, decoding, [(15, 0, 3)])
    assert found.named
    assert found.confidence == NAMED_CONFIDENCE > LEAST_NAMED
    assert find_triggers(p, logits, decoding, [(14, 0, 3)]) == []
