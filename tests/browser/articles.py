"""Invented articles with events marked by hand, and a store of them: what the reader must show, made without an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from dragoman.ontology import load_ontology
from dragoman.records import (
    Article,
    Coded,
    Confidence,
    Event,
    EventDate,
    Participant,
    PublishedEvidence,
    Section,
    Span,
    Status,
)
from dragoman.store import begin_run, end_run, open_store, write

VERSION, DIGEST = "0.1.0", "00112233aabbccdd"
DAY = date(2023, 5, 10)
AT = datetime(2023, 5, 11, 8, 0, tzinfo=UTC)
ONTOLOGY = load_ontology()


@dataclass(frozen=True, slots=True)
class Act:
    """One event: a sentence of the article, the words that say it, and who does it to whom (words and country)."""

    sentence: str
    trigger: str
    event_type: str
    mode: str | None = None
    status: Status = "actual"
    historical: bool = False
    actors: Sequence[tuple[str, str]] = ()
    recipients: Sequence[tuple[str, str]] = ()


def _span(text: str, words: str, at: int = 0) -> Span:
    start = text.index(words, at)
    return Span(start, start + len(words), words)


def make_event(article: Article, act: Act, number: int, *, after: int = 0) -> Event:
    """Return an event of an article; its sentence is looked for from a character on."""
    quote = _span(article.text, act.sentence, after)

    def people(all_of: Sequence[tuple[str, str]]) -> tuple[Participant, ...]:
        spans = [(_span(article.text, words, quote.start), country) for words, country in all_of]
        return tuple(
            Participant(s.text, s.start, s.end, None, None, country, ("GOV",), "name", 0.9)
            for s, country in spans
        )

    return Event(
        event_id=f"{number:04x}{article.article_id[4:]}", article_id=article.article_id, source_id=None, section="body",
        event_type=act.event_type, mode=act.mode, contexts=("diplomatic",), quad_class=ONTOLOGY.quad_class(act.event_type),
        intensity=ONTOLOGY.intensity(act.event_type, act.mode), cameo=ONTOLOGY.cameo(act.event_type, act.mode, ("diplomatic",)),
        status=act.status, historical=act.historical, trigger=_span(article.text, act.trigger, quote.start), quote=quote,
        actors=people(act.actors), recipients=people(act.recipients), place=None,
        date=EventDate(None, None, None, DAY, DAY, "day", "no date in the sentence; publication date"), said_by=None, counts={},
        confidence=Confidence(0.9, 0.9 if act.actors else None, 0.8 if act.recipients else None, None, 0.5, None, 0.95),
        reasons={"place": "no place in the sentence"}, coder_version=VERSION, model_digest=DIGEST, ontology=ONTOLOGY.version,
    )  # fmt: skip


def make_article(
    name: str, text: str, *, title: str, outlet: str = "Keld Times", sections: tuple[Section, ...] = (),
    url: str | None = "https://keld.example/talks",
) -> Article:  # fmt: skip
    """Return an article dated by a field of its page; without sections it is all body."""
    return Article(
        article_id=f"{name:0>16}", text=text, source=f"{name}.html", url=url, outlet=outlet, title=title,
        sections=sections or (Section("body", 0, len(text)),), language="en", published_on=DAY,
        published_evidence=PublishedEvidence("metadata", "JSON-LD datePublished", DAY, DAY), fetched_at=None, notes=(),
    )  # fmt: skip


HEADLINE = "Iran and Keld trade words 🔥"
ACCUSED = "🔥🔥 Iran condemned Armenia over the raid and accused Turkey of shelling."
PLAN = "Keld will impose sanctions on Halden."
DENIED = "Halden did not expel the envoy."
PERHAPS = "Keld may cut ties with Halden."
MISSED = "Later the president of Kenya visited Uganda for talks."
OLD = "In 1990 Keld signed a treaty with Halden."
STORY = "\n\n".join([f"{ACCUSED} {PLAN}", f"{DENIED} {PERHAPS} {OLD}", MISSED])
TEASER = "Ducks return to the lake of Halden"
PAGE = f"{HEADLINE}\nMenu\n{HEADLINE}\n{STORY}\n{TEASER}"
ACTS = (
    Act(ACCUSED, "condemned", "ACCUSE", "disapprove", actors=[("Iran", "IRN")], recipients=[("Armenia", "ARM")]),
    Act(ACCUSED, "condemned", "REJECT", actors=[("Iran", "IRN")], recipients=[("Armenia", "ARM")]),
    Act(ACCUSED, "accused", "ACCUSE", "allege", actors=[("Iran", "IRN")], recipients=[("Turkey", "TUR")]),
    Act(PLAN, "will impose sanctions", "SANCTION", status="future", actors=[("Keld", "NOR")], recipients=[("Halden", "DNK")]),
    Act(DENIED, "did not expel", "SANCTION", status="negated", actors=[("Halden", "DNK")]),
    Act(PERHAPS, "may cut ties", "SANCTION", status="hypothetical", actors=[("Keld", "NOR")], recipients=[("Halden", "DNK")]),
    Act(OLD, "signed a treaty", "SUPPORT", historical=True, actors=[("Keld", "NOR")], recipients=[("Halden", "DNK")]),
)  # fmt: skip

EVIL = (
    'Iran condemned <script>window.evil = 1</script> Keld, <img src=x onerror="window.evil = 2"> officials said. '
    "They said \u202eyadsrev no\u202c that all was well. " + "A" * 600 + "\n"
    'Read on at javascript:evil or <a href="javascript:window.evil = 3">here</a>.'
)
EVIL_TITLE = "<b>Bad</b> news <script>window.evil = 4</script>"
EVIL_ACT = Act(EVIL.split(" They")[0], "condemned", "ACCUSE", actors=[("Iran", "IRN")], recipients=[("<script>window.evil = 1</script> Keld", "NOR")])  # fmt: skip

LONG_MOST = 200_000
_FILLER = "The weather stayed dry, and farmers brought 🌾 to market early while prices held through the week."
_TOLD = "Iran condemned Armenia over the raid."


def _page() -> Coded:
    start, end = PAGE.index(STORY), PAGE.index(STORY) + len(STORY)
    copy = _span(PAGE, HEADLINE, len(HEADLINE))
    sections = (
        Section("title", 0, len(HEADLINE), (copy,)),
        Section("body", start, end),
        Section("teaser", PAGE.index(TEASER), len(PAGE)),
    )
    article = make_article("a11ce", PAGE, title=HEADLINE, sections=sections)
    return Coded([article], [make_event(article, act, n, after=start) for n, act in enumerate(ACTS, 1)])


def _evil() -> Coded:
    article = make_article(
        "e711", EVIL, title=EVIL_TITLE, outlet="<i>Post</i>", url="javascript:window.evil=5"
    )
    return Coded([article], [make_event(article, EVIL_ACT, 1)])


def _long() -> Coded:
    """Return an article of 200,000 characters with an event in every fourth paragraph or so."""
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < LONG_MOST:
        filler = " ".join([_FILLER] * 3)
        paragraphs.append(f"{_TOLD} {filler}" if len(paragraphs) % 2 == 0 else filler)
    article = make_article("106", "\n\n".join(paragraphs), title="A long report")
    act = Act(_TOLD, "condemned", "ACCUSE", actors=[("Iran", "IRN")], recipients=[("Armenia", "ARM")])
    events: list[Event] = []
    at = 0
    while (found := article.text.find(_TOLD, at)) >= 0:
        events.append(make_event(article, act, len(events) + 1, after=found))
        at = found + 1
    return Coded([article], events)


def write_articles(db: Path) -> dict[str, str]:
    """Store the page, the evil and the long article and return their ids by name."""
    coded = {"page": _page(), "evil": _evil(), "long": _long()}
    with open_store(db) as store:
        run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT)
        for batch in coded.values():
            write(store, batch, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)
        end_run(store, run, outcome="done", at=AT)
    return {name: batch.articles[0].article_id for name, batch in coded.items()}
