"""Merging the events of one article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dragoman.merge import merge_article
from dragoman.merge.article import same_event
from dragoman.records import Confidence, Event, EventDate, Participant, SectionKind, Span


def person(text: str, country: str | None, sector: str = "GOV") -> Participant:
    """Return a participant that stands at the start of the text."""
    return Participant(text, 0, len(text), None, text, country, (sector,), "test", 0.9)


def event(
    start: int, trigger: str, *, event_type: str = "COOPERATE", countries: tuple[str, ...] = ("IRN", "AZE"),
    section: SectionKind = "body", when: EventDate | None = None, historical: bool = False,
) -> Event:  # fmt: skip
    """Return an event whose quote starts at ``start``."""
    return Event(
        event_id=f"{start:016d}", article_id="a", source_id=None, section=section, event_type=event_type, mode=None,
        contexts=(), quad_class=2, intensity=9.5, cameo="062", status="actual", historical=historical,
        trigger=Span(start, start + len(trigger), trigger), quote=Span(start, start + 80, "x" * 80),
        actors=tuple(person(c, c) for c in countries), recipients=(), place=None, date=when, said_by=None, counts={},
        confidence=Confidence(0.9), reasons={}, coder_version="0", model_digest="0", ontology="plover-2.0",
    )  # fmt: skip


def day(n: int, text: str | None = "Sunday") -> EventDate:
    """Return a day of May 2025, said in the text unless ``text`` is None."""
    when = date(2025, 5, n)
    return EventDate(
        text, None if text is None else 0, None if text is None else 6, when, when, "day", "test"
    )


def test_headline_and_body_of_one_drill_are_one_incident() -> None:
    """Headline, standfirst, caption and body that tell of one drill give one incident with four events."""
    events = [
        event(0, "Joint Military Drill", section="title"),
        event(100, "commenced a joint military exercise", section="standfirst"),
        event(300, "begin Aras-2025 military drill", section="caption"),
        event(500, "joint military exercise", when=day(18)),
    ]
    incidents = merge_article(events)
    assert [i.events for i in incidents] == [tuple(e.event_id for e in events)]
    assert incidents[0].date is not None
    assert incidents[0].date.from_ == date(2025, 5, 18)
    assert len(incidents[0].why) == 3


def test_events_of_different_days_stay_apart() -> None:
    """A similar exercise two years earlier is another incident."""
    earlier = EventDate("2023", 0, 4, date(2023, 1, 1), date(2023, 12, 31), "year", "test")
    assert (
        len(
            merge_article(
                [event(0, "joint exercise", when=day(18)), event(100, "similar exercise", when=earlier)]
            )
        )
        == 2
    )


def test_other_type_status_or_country_speaks_against() -> None:
    """Any one disagreement gives a score of nought."""
    first = event(0, "joint exercise")
    assert same_event(first, event(100, "joint exercise"))[0] > 0
    assert same_event(first, event(100, "joint exercise", event_type="CONSULT"))[0] == 0
    assert same_event(first, replace(event(100, "joint exercise"), status="future"))[0] == 0
    assert same_event(first, event(100, "joint exercise", countries=("RUS", "CHN")))[0] == 0


def test_merging_neither_loses_nor_doubles_an_event() -> None:
    """Every event stands in exactly one incident."""
    events = [
        event(k * 100, "joint exercise", countries=("IRN", "AZE") if k % 2 else ("RUS", "CHN"))
        for k in range(6)
    ]
    merged = [e for i in merge_article(events) for e in i.events]
    assert sorted(merged) == sorted(e.event_id for e in events)


def test_a_vague_headline_does_not_chain_two_events() -> None:
    """An event joins an incident only when it agrees with every event in it."""
    events = [
        event(0, "arrested", event_type="COERCE", countries=("KEN",), section="title"),
        event(100, "arrested", event_type="COERCE", countries=("KEN",), when=day(12)),
        event(200, "arrested", event_type="COERCE", countries=("KEN",), when=day(20)),
    ]
    assert len(merge_article(events)) == 2
