"""What looks like an event and is none by the codebook."""

from dataclasses import replace

import pytest

from dragoman.records import Event, Participant, SectionKind, Span
from dragoman.resolve.sift import why_no_event

from ..invented import make_article, make_event


def told(
    text: str, trigger: str, event_type: str, *, section: SectionKind = "body", actor: str | None = None,
    recipient: str | None = None, sector: str = "CVL",
) -> Event:  # fmt: skip
    """Return an event of a sentence."""

    def sides(words: str | None) -> tuple[Participant, ...]:
        if words is None:
            return ()
        at = text.index(words)
        return (Participant(words, at, at + len(words), None, None, "KEN", (sector,), "", 0.5),)

    at = text.index(trigger)
    return replace(
        make_event(make_article("a")), event_type=event_type, mode=None, section=section, trigger=Span(at, at + len(trigger), trigger),
        quote=Span(0, len(text), text), actors=sides(actor), recipients=sides(recipient),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "trigger", "event_type"),
    [
        ("Keld supplies a fifth of Halden's gas.", "supplies", "AID"),
        ("The party opposes the mine.", "opposes", "REJECT"),
        ("He was charged with assault and resisting arrest.", "resisting arrest", "COERCE"),
        ("She won the seat by beating the mayor with 54 percent of the votes.", "beating", "ASSAULT"),
        ("He took office after a closely fought battle with a veteran.", "closely fought battle", "ASSAULT"),
        ("The two banks are in a legal battle over fees.", "legal battle", "ASSAULT"),
        ("The fight against malaria is central to the plan.", "fight", "ASSAULT"),
        ("The actor was captured by a news crew on video outside.", "captured", "COERCE"),
        ("The matter was postponed to 1 August for a bail application.", "postponed", "CONCEDE"),
    ],
)
def test_words_that_tell_no_event_are_refused(text: str, trigger: str, event_type: str) -> None:
    """States of things, charges, contests, aims, pictures and court dates are no events."""
    assert why_no_event(told(text, trigger, event_type))


@pytest.mark.parametrize(
    ("text", "trigger", "event_type", "section"),
    [
        ("Opposition supports government on the border", "supports", "SUPPORT", "title"),
        ("Keld supplied rifles to Halden.", "supplied", "AID", "body"),
        ("Police beat voters outside a polling station.", "beat", "ASSAULT", "body"),
        ("The army fought rebels near the election office.", "fought", "ASSAULT", "body"),
        ("Rebels captured two soldiers near the film school.", "captured", "COERCE", "body"),
        ("The president postponed the criminal code after protests.", "postponed", "CONCEDE", "body"),
        ("Police arrested nine people who had resisted eviction.", "arrested", "COERCE", "body"),
    ],
)
def test_events_that_look_alike_stay(text: str, trigger: str, event_type: str, section: SectionKind) -> None:
    """Headlines in the present, real violence and real concessions stay."""
    assert why_no_event(told(text, trigger, event_type, section=section)) is None


def test_a_crime_between_private_persons_is_no_event() -> None:
    """One private person and a relative: none; a soldier, or a crowd, is a public actor."""
    text = "Baraka assaulted his girlfriend in January, soldiers said."
    assert why_no_event(told(text, "assaulted", "ASSAULT", actor="Baraka", recipient="his girlfriend"))
    assert not why_no_event(
        told(text, "assaulted", "ASSAULT", actor="soldiers", recipient="his girlfriend", sector="MIL")
    )
