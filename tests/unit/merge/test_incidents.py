"""A batch's events to incidents: one story told several times, what speaks against, and what an incident tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dragoman.merge import load_scorer, merge_events
from dragoman.merge.engine import Group
from dragoman.merge.incidents import Source, incident_id_of, incident_of
from dragoman.merge.views import report_of, telling_of
from dragoman.records import (
    Article,
    Confidence,
    Count,
    Event,
    EventDate,
    Incident,
    Participant,
    SectionKind,
    Span,
)

DRILL = "Iran and Azerbaijan began a joint military exercise near the border of Nakhchivan on Sunday, officials said."


def person(text: str, country: str | None, sector: str = "MIL") -> Participant:
    """Return a participant that stands at the start of the text."""
    return Participant(text, 0, len(text), None, text, country, (sector,), "test", 0.9)


def event(
    start: int, trigger: str, *, article: str = "a", event_type: str = "COOPERATE", countries: tuple[str, ...] = ("IRN", "AZE"),
    section: SectionKind = "body", when: EventDate | None = None, historical: bool = False, quote: str = DRILL,
) -> Event:  # fmt: skip
    """Return an event whose quote starts at ``start``."""
    return Event(
        event_id=f"{article}{start:015d}", article_id=article, source_id=None, section=section, event_type=event_type, mode=None,
        contexts=(), quad_class=2, intensity=9.5, cameo="062", status="actual", historical=historical,
        trigger=Span(start, start + len(trigger), trigger), quote=Span(start, start + len(quote), quote),
        actors=tuple(person(c, c) for c in countries), recipients=(), place=None, date=when, said_by=None, counts={},
        confidence=Confidence(0.9), reasons={}, coder_version="0", model_digest="0", ontology="plover-2.0",
    )  # fmt: skip


def day(n: int, text: str | None = "Sunday") -> EventDate:
    """Return a day of May 2025, said in the text unless ``text`` is None."""
    when = date(2025, 5, n)
    return EventDate(
        text, None if text is None else 0, None if text is None else 6, when, when, "day", "test"
    )


def article(
    name: str, outlet: str | None = "Keld Times", published_on: date | None = date(2025, 5, 19)
) -> Article:
    """Return an article of the drill."""
    return Article(name, DRILL, f"{name}.txt", outlet=outlet, published_on=published_on)


def merge(*events: Event, articles: list[Article] | None = None) -> list[Incident]:
    """Return the incidents of events, by default of one article."""
    return merge_events(events, articles or [article("a")], load_scorer())


def test_headline_and_body_of_one_drill_are_one_incident() -> None:
    """Headline, standfirst, caption and body that tell of one drill give one incident with four events."""
    events = [
        event(0, "Joint Military Drill", section="title", when=day(18, None)),
        event(100, "commenced a joint military exercise", section="standfirst", when=day(18, None)),
        event(300, "begin Aras-2025 military drill", section="caption", when=day(18, None)),
        event(500, "joint military exercise", when=day(18)),
    ]
    incidents = merge(*events)
    assert [i.events for i in incidents] == [tuple(e.event_id for e in events)]
    (drill,) = incidents
    assert drill.date is not None
    assert drill.date.from_ == date(2025, 5, 18)
    assert [w["event_id"] for w in drill.why] == [e.event_id for e in events[1:]]
    assert all(0 < w["score"] <= 1 and w["reasons"] and w["with_event"] for w in drill.why)


@pytest.mark.parametrize(
    "change", [
        {"event_type": "ASSAULT"}, {"status": "negated"}, {"status": "hypothetical"},
        {"actors": (person("Russia", "RUS"), person("China", "CHN"))},
        {"date": EventDate("2023", 0, 4, date(2023, 1, 1), date(2023, 12, 31), "year", "test"), "historical": True},
    ],
)  # fmt: skip
def test_what_differs_stays_apart(change: dict[str, Any]) -> None:
    """Another kind of act, other parties, another year, or a denial is another incident."""
    other = "China and Russia sent ships to the Sea of Okhotsk for Vostok-2025, the Kremlin wrote."
    second = replace(event(500, "sent ships", quote=other, when=day(18)), **change)
    assert len(merge(event(0, "joint exercise", when=day(18)), second)) == 2


def test_merging_neither_loses_nor_doubles_an_event() -> None:
    """Every event stands in exactly one incident, also when it was given twice."""
    events = [
        event(k * 100, "joint exercise", countries=("IRN", "AZE") if k % 2 else ("RUS", "CHN"))
        for k in range(6)
    ]
    merged = [e for i in merge(*events, events[0]) for e in i.events]
    assert sorted(merged) == sorted(e.event_id for e in events)


def test_the_order_of_events_does_not_matter() -> None:
    """The same events in another order give the same incidents, with the same ids."""
    events = [event(k * 100, "joint exercise", when=day(12 + k)) for k in range(6)]
    assert merge(*events) == merge(*reversed(events))


class TestAcrossArticles:
    """What an incident tells of several articles."""

    ARTICLES = (
        article("a"), article("b", "Halden Post", date(2025, 5, 20)), article("c", None, date(2025, 5, 21)),
    )  # fmt: skip

    def told(self) -> list[Event]:
        """Return one drill as three articles tell it, each with its own count of injured."""
        officials = replace(person("officials", None), name=None)
        out = []
        for name, (low, high), by in (("a", (2, 2), None), ("b", (3, None), officials), ("c", (5, 5), None)):
            one = event(0, "joint military exercise", article=name, when=day(18))
            out.append(replace(one, counts={"injured": Count(f"{low} hurt", 0, 6, low, high)}, said_by=by))
        return out

    def test_reports_of_one_drill_are_one_incident(self) -> None:
        """Three articles are three reports; an unknown outlet is no newsroom of its own."""
        (drill,) = merge(*self.told(), articles=list(self.ARTICLES))
        assert drill.reports == ("a", "b", "c")
        assert drill.newsrooms == ("Halden Post", "Keld Times")
        assert drill.independent_sources == 2
        assert drill.first_seen == date(2025, 5, 19)
        assert drill.last_seen == date(2025, 5, 21)
        assert drill.incident_id == incident_id_of(drill.events[0])

    def test_counts_are_a_range_with_who_said_them(self) -> None:
        """The range, the latest figure and the history of claims."""
        (drill,) = merge(*self.told(), articles=list(self.ARTICLES))
        injured = drill.counts["injured"]
        assert (injured["low"], injured["high"]) == (2, 5)
        assert injured["latest"]["article_id"] == "c"
        assert [(h["published_on"], h["said_by"], h["low"], h["high"]) for h in injured["history"]] == [
            ("2025-05-19", None, 2, 2), ("2025-05-20", "officials", 3, None), ("2025-05-21", None, 5, 5),
        ]  # fmt: skip


def date_of(*events: Event, published: dict[str, date | None]) -> EventDate | None:
    """Return the date of the incident that events are, whether or not they would be joined."""
    tellings = {a: telling_of(a, DRILL, newsroom="", published_on=day) for a, day in published.items()}
    found = Group(tuple(report_of(e, tellings[e.article_id]) for e in events), ())
    sources = {a: Source(a, None, None, day) for a, day in published.items()}
    return incident_of(found, {e.event_id: e for e in events}, sources).date


def test_a_wide_date_in_words_gives_way_to_the_day_it_was_news() -> None:
    """A drill of "earlier this year" was when it was news: the report of its day names none, because it is its own."""
    year = EventDate("this year", 0, 9, date(2025, 1, 1), date(2025, 9, 1), "year", "test")
    told = event(0, "joint drill", when=day(18, None))
    later = event(500, "joint drill", article="b", when=year)
    days: dict[str, date | None] = {"a": date(2025, 5, 19), "b": date(2025, 9, 1)}
    assert date_of(told, later, published=days) == told.date
    narrow = replace(year, from_=date(2025, 5, 12), to=date(2025, 5, 18))
    assert date_of(told, replace(later, date=narrow), published=days) == narrow
    assert date_of(replace(told, historical=True), replace(later, historical=True), published=days) == year


def test_the_day_of_a_later_telling_is_not_when_it_was() -> None:
    """What the article of "earlier this year", or one after it, says without a day was not on that article's day."""
    year = EventDate("this year", 0, 9, date(2025, 1, 1), date(2025, 5, 19), "year", "test")
    told, wide = event(0, "joint drill", when=day(18, None)), event(500, "joint drill", when=year)
    assert date_of(told, wide, published={"a": date(2025, 5, 19)}) == year
    after = event(0, "joint drill", article="b", when=day(18, None))
    assert date_of(wide, after, published={"a": date(2025, 5, 19), "b": date(2025, 6, 1)}) == year
    assert date_of(wide, after, published={"a": None, "b": date(2025, 3, 1)}) == year
