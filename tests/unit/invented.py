"""An invented article with its events and incident, built by hand: what a coder returns, without an encoder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dragoman.records import (
    Article,
    Coded,
    Confidence,
    Count,
    Event,
    EventDate,
    Incident,
    Participant,
    Place,
    PublishedEvidence,
    Rejected,
    Section,
    Span,
)
from dragoman.store import begin_run, open_store, write

VERSION, DIGEST = "0.1.0", "00112233aabbccdd"
TEXT = "Keld and Halden hold a drill\nThe navies of Keld and Halden began a joint drill off “Ørsund” on Sunday, officials said.\n"
BODY = TEXT.index("The navies")


def _span(text: str, words: str, *, at: int = 0) -> Span:
    start = text.index(words, at)
    return Span(start, start + len(words), words)


def make_article(name: str, *, published_on: date | None = date(2024, 6, 3)) -> Article:
    """Return an article whose fields are all filled."""
    end = len(TEXT) - 1
    evidence = (
        None
        if published_on is None
        else PublishedEvidence("given", "published_on", published_on, published_on)
    )
    return Article(
        article_id=f"{name:0>16}", text=TEXT, source=f"news.jsonl:{name}", source_id=name, url=f"https://keld-{name}.example/talks",
        outlet="Keld Times", title="Keld and Halden hold a drill", sections=(
            Section("title", 0, BODY - 1, (_span(TEXT, "joint drill"),)), Section("body", BODY, end)),
        language="en", published_on=published_on, published_evidence=evidence,
        fetched_at=datetime(2024, 6, 4, 7, 30), notes=("an emoji was passed over",),
    )  # fmt: skip


def make_event(article: Article, *, event_type: str = "COOPERATE", trigger: str = "joint drill") -> Event:
    """Return an event of the body sentence whose fields are all filled."""
    text, found = article.text, _span(article.text, trigger, at=BODY)

    def side(words: str, country: str) -> Participant:
        span = _span(text, words, at=BODY)
        return Participant(span.text, span.start, span.end, f"{country}.navy", f"Navy of {words}", country, ("MIL",),
                           "head noun “navies”", 0.9)  # fmt: skip

    place, sunday, officials = _span(text, "Ørsund"), _span(text, "Sunday"), _span(text, "officials")
    return Event(
        event_id=f"{event_type[:4].lower()}{article.article_id[4:]}", article_id=article.article_id, source_id=article.source_id,
        section="body", event_type=event_type, mode=None, contexts=("military",), quad_class=2, intensity=9.5,
        cameo="062", status="actual", historical=False, trigger=found, quote=_span(text, text[BODY:-1]),
        actors=(side("Keld", "NOR"), side("Halden", "DNK")), recipients=(),
        place=Place(place.text, place.start, place.end, "Ørsund", "NOR", None, 59.5, 10.25, 2, 3143244, 0.8),
        date=EventDate(sunday.text, sunday.start, sunday.end, date(2024, 6, 2), date(2024, 6, 2), "day", "last Sunday"),
        said_by=Participant(officials.text, officials.start, officials.end, None, None, None, ("GOV",), "head noun", 0.5),
        counts={"crowd": Count("two", 0, 0, 2, None)}, confidence=Confidence(0.9, 0.8, None, 0.8, 0.7),
        reasons={"recipients": "all sides are actors"}, coder_version=VERSION, model_digest=DIGEST, ontology="plover-2.0",
    )  # fmt: skip


def make_incident(*events: Event) -> Incident:
    """Return the incident that events of one article tell of."""
    first = events[0]
    return Incident(
        incident_id=f"i{first.event_id[1:]}", event_type=first.event_type, mode=None, quad_class=first.quad_class,
        status=first.status, historical=first.historical, actors=first.actors, recipients=first.recipients, place=first.place,
        date=first.date, events=tuple(e.event_id for e in events), reports=(first.article_id,), independent_sources=1,
        why=tuple({"event_id": e.event_id, "score": 0.8, "reasons": ["same words"]} for e in events[1:]),
    )  # fmt: skip


def make_coded(*names: str, event_types: tuple[str, ...] = ("COOPERATE",)) -> Coded:
    """Return a batch of one article per name with an event per type, each its own incident."""
    articles = [make_article(name) for name in names]
    events = [make_event(a, event_type=t) for a in articles for t in event_types]
    return Coded(articles, events, [make_incident(e) for e in events], [])


def make_distinct(*names: str) -> Coded:
    """Return a batch of articles with words and days of their own, so that each is its own incident."""
    out = Coded()
    for name in names:
        number = int.from_bytes(name.encode(), "big") % 20_000
        day = date(1000, 1, 1) + timedelta(days=50 * number % 380_000 + number // 7_600)
        article = make_article(name, published_on=day)
        own = " ".join(f"{name}x{n}" for n in range(100))
        article = replace(article, text=f"{article.text}{own}")
        event = make_event(article)
        assert event.date is not None
        out.articles.append(article)
        out.events.append(replace(event, date=replace(event.date, from_=day, to=day)))
    return out


def rejected(name: str, *, reason: str = "empty", detail: str = "there is no text") -> Rejected:
    """Return the rejection of a row."""
    return Rejected(f"news.jsonl:{name}", "clean", reason, detail, name)


def with_confidence(coded: Coded, value: float) -> Coded:
    """Return a batch whose events are all so sure of their type, and of another intensity: confidence alone is no change."""
    events = [
        replace(e, confidence=replace(e.confidence, type=value), intensity=10 * value) for e in coded.events
    ]
    return replace(coded, events=events)


def add_distinct(path: Path, *names: str, day: int) -> None:
    """Write the articles of ``make_distinct`` into a store, on a day of June 2024."""
    at = datetime(2024, 6, day, tzinfo=UTC)
    with open_store(path) as store:
        run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=at)
        write(store, make_distinct(*names), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=at)
