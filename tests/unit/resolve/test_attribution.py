"""Speakers of sentences whose encoder marked none."""

from __future__ import annotations

import pytest

from dragoman.records import Draft, Mention, Span
from dragoman.resolve.attribution import find_speaker


def draft(text: str, trigger: str, *, actor: str | None = None) -> Draft:
    """Return a draft of a sentence that begins at offset 5 of its article."""
    at = 5 + text.index(trigger)
    actors: tuple[Mention, ...] = ()
    if actor is not None:
        start = 5 + text.index(actor)
        actors = (Mention(start, start + len(actor), actor, "actor"),)
    return Draft(
        sentence=Span(5, 5 + len(text), text), section="body", trigger=Span(at, at + len(trigger), trigger),
        event_type="ASSAULT", mode=None, status="actual", actors=actors,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Police said rebels attacked the village.", "Police"),
        ("The police say that rebels attacked the village.", "police"),
        ("Rebels attacked the village, police said.", "police"),
        ("Rebels attacked the village, said the army.", "army"),
        ("According to Human Rights Watch, rebels attacked the village.", "Human Rights Watch"),
        ("Rebels attacked the village, according to residents.", "residents"),
        ("Rebels attacked the village on Friday, state media reported.", "state media"),
        ("Reuters reported that rebels attacked the village.", "Reuters"),
        ("Sources told AFP that rebels attacked the village.", "Sources"),
        (
            "The ministry's spokesman, Ana Ruiz, said rebels attacked the village.",
            "ministry's spokesman, Ana Ruiz",
        ),
        (
            "Rebels attacked the village, the ministry's spokesman, Ana Ruiz, said.",
            "ministry's spokesman, Ana Ruiz",
        ),
        ("Rebels attacked the village, its mayor told reporters on Friday.", "its mayor"),
        ("In a statement on Friday, the army said rebels attacked the village.", "army"),
        ("Ana Ruiz, who fled, said rebels attacked the village.", "Ana Ruiz"),
        ("The village, officials said, was attacked by rebels.", "officials"),
        ("“Rebels attacked us while we slept,” Ruiz said in a radio interview.", "Ruiz"),
        ("He added that rebels attacked the village.", "He"),
        ("There are reports that rebels attacked the village.", "reports"),
        ("Army spokesman: rebels attacked the village", "Army spokesman"),
        ("But police on Monday said rebels attacked the village.", "police"),
    ],
)
def test_a_reporting_frame_names_the_speaker(text: str, speaker: str) -> None:
    """The noun phrase of a frame around the event is its speaker, without a leading article."""
    found = find_speaker(draft(text, "attacked"))
    assert found is not None
    assert (found.text, found.kind) == (speaker, "said_by")
    assert text[found.start - 5 : found.end - 5] == speaker


@pytest.mark.parametrize(
    ("text", "trigger", "actor"),
    [
        ("Rebels attacked the village.", "attacked", "Rebels"),
        ("The minister said she condemned it.", "condemned", "she"),
        ("Rebels said they attacked the village.", "attacked", "they"),
        ("The army said it attacked the village.", "attacked", "The army"),
        ("The minister told Iran to leave.", "told", "The minister"),
        ("The court ruled according to the law and jailed rebels.", "jailed", None),
        ("A truce announced by Iran ended as rebels attacked.", "attacked", None),
        ("Police said the base, which was attacked in May, is open.", "attacked", None),
        ("Rebels attacked the village; police said roads were open.", "attacked", None),
        ("The report was late and rebels attacked.", "attacked", None),
    ],
)
def test_no_frame_or_its_own_actor_gives_no_speaker(text: str, trigger: str, actor: str | None) -> None:
    """The event's own actor, the statement itself, asides and other clauses give nobody."""
    assert find_speaker(draft(text, trigger, actor=actor)) is None
