"""A pronoun never stands for the one who acts on it."""

from datetime import date
from types import SimpleNamespace

import pytest

from dragoman import Coder
from dragoman.records import Mention, Span
from dragoman.resolve.actors.antecedents import Side, is_body, office_before
from dragoman.resolve.actors.compose import Reading

TEXT = (
    "Brigadier Grace Wanjiru of the Kenya Army took over the mapping project on Monday.\n\n"
    "President William Ruto congratulated her on Friday."
)


@pytest.mark.model
def test_nobody_congratulates_herself(coder: Coder) -> None:
    """The person named last is the actor of the same event, so the pronoun means the one before."""
    events = [
        e for e in coder(TEXT, published_on=date(2024, 5, 6)).events if "congratulated" in e.trigger.text
    ]
    assert len(events) == 1
    assert [r.text for r in events[0].recipients] == ["her"]
    (her,), (ruto,) = events[0].recipients, events[0].actors
    assert ruto.name is not None
    assert her.name != ruto.name
    assert "Ruto" not in her.basis
    assert "Wanjiru" in her.basis


@pytest.mark.model
def test_he_is_the_one_told_by_office(coder: Coder) -> None:
    """Who is told by office in the sentence goes before a person that an earlier sentence named."""
    text = "Chancellor Olaf Scholz spoke in Berlin. Chad expelled the Polish ambassador, accusing him of impolite behaviour."
    (event,) = [e for e in coder(text, published_on=date(2024, 3, 6)).events if e.event_type == "ACCUSE"]
    him = next(r for r in event.recipients if r.text == "him")
    assert (him.country, him.sectors) == ("POL", ("GOV",))
    assert "Polish ambassador" in him.basis


def side(start: int, text: str, kind: str = "person") -> Side:
    """Return a participant whose head word is of a kind."""
    return Side(start, Reading(country="POL", head=SimpleNamespace(kind=kind)), text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sides", "named", "apart", "found"),
    [
        ([side(40, "the Polish ambassador")], 5, (), "the Polish ambassador"),
        ([side(40, "the Polish ambassador")], 60, (), None),  # a name stands nearer
        ([side(10, "the Polish ambassador")], 5, (), None),  # in another sentence
        ([side(40, "the Polish army", "org")], 5, (), None),  # nobody is "him"
        ([side(40, "the Polish ambassador")], 5, ("the Polish ambassador",), None),  # he acts on "him"
        ([side(50, "the envoy"), side(40, "the ambassador")], 5, (), "the envoy"),
    ],
)
def test_the_office_before_a_pronoun(
    sides: list[Side], named: int, apart: tuple[str, ...], found: str | None
) -> None:
    """The last single person of the sentence told by office, if no name stands behind it."""
    him = Mention(90, 93, "him", "recipient", 0.9)
    got = office_before(him, Span(30, 120, ""), sides, named, apart)
    assert (got.text if got else None) == found


def test_he_is_no_state() -> None:
    """The pronoun passes over a capital that acts and a body, to somebody who can be meant."""
    capital = Reading(country="COD", entity=SimpleNamespace(kind="capital"))  # type: ignore[arg-type]
    assert is_body(Side(60, capital, "Kinshasa"))
    assert is_body(side(60, "the army", "org"))
    assert not is_body(side(40, "the Polish ambassador"))
    chief = Reading(country="IGO", entity=SimpleNamespace(kind="igo"))  # type: ignore[arg-type]
    assert not is_body(Side(60, chief, "NATO chief"))
