"""Invented news of many outlets, made by rule from a seed: stories, each told by several articles, without an encoder."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date, timedelta

from dragoman.records import (
    Article,
    Coded,
    Confidence,
    Count,
    Event,
    EventDate,
    Participant,
    Place,
    Section,
    Span,
)

from .invented import DIGEST, VERSION

COUNTRIES = ("NGA", "KEN", "IND", "PAK", "FRA", "TUR", "GEO", "ARM", "COL", "PER", "EGY", "SDN")
TOWNS = ("Kuvalo", "Merrindi", "Tasholm", "Bregovia", "Ondirra", "Pelkaza", "Rumdara", "Vintosk")
ACTS = {
    "ASSAULT": ("attacked", "shelled", "stormed"), "COERCE": ("arrested", "detained"), "CONSULT": ("met", "held talks"),
    "ACCUSE": ("condemned", "denounced"), "PROTEST": ("rallied", "marched"), "AID": ("delivered aid", "sent relief"),
}  # fmt: skip
DAY = date(2024, 3, 1)


@dataclass(frozen=True)
class Story:
    """What happened: an act of one country towards another, in a town, on a day."""

    number: int
    event_type: str
    doer: str
    object: str
    town: str
    day: date


def make_stories(count: int, seed: int) -> list[Story]:
    """Return so many stories over a few weeks, some of them alike."""
    draw = random.Random(seed)
    out = []
    for n in range(count):
        doer, other = draw.sample(COUNTRIES[: 4 + count // 4], 2)
        day = DAY + timedelta(days=draw.randrange(25))
        out.append(Story(n, draw.choice(list(ACTS)), doer, other, draw.choice(TOWNS), day))
    return out


def tell(stories: list[Story], *, articles: int, seed: int) -> list[Coded]:
    """Return so many articles, each a batch of its own that tells one to three of the stories."""
    draw = random.Random(seed)
    return [
        _article(n, draw.sample(stories, draw.randint(1, min(3, len(stories)))), draw)
        for n in range(articles)
    ]


def joined(batches: list[Coded]) -> Coded:
    """Return several batches as one."""
    out = Coded()
    for one in batches:
        out.articles.extend(one.articles)
        out.events.extend(one.events)
    return out


def _article(number: int, told: list[Story], draw: random.Random) -> Coded:
    outlet = f"Outlet {number % 7}"
    published = max(s.day for s in told) + timedelta(days=draw.randrange(3))
    text, spans = "", []
    for story in told:
        act = draw.choice(ACTS[story.event_type])
        toll = draw.randrange(3, 30)
        sentence = f"Forces of {story.doer} {act} people of {story.object} near {story.town} on {story.day:%d %B}, leaving {toll} dead, officials {number} said."
        spans.append((len(text), sentence, story, act, toll))
        text += sentence + "\n"
    text += " ".join(draw.choice(TOWNS).lower() + str(draw.randrange(9999)) for _ in range(40))
    article_id = hashlib.sha256(f"{number}|{text}".encode()).hexdigest()[:16]
    article = Article(
        article_id, text, f"news.jsonl:{number}", str(number), None, outlet, f"Article {number}",
        (Section("body", 0, len(text)),), "en", published,
    )  # fmt: skip
    return Coded([article], [_event(article, *span) for span in spans])


def _event(article: Article, start: int, sentence: str, story: Story, act: str, toll: int) -> Event:
    def span(words: str) -> Span:
        at = start + sentence.index(words)
        return Span(at, at + len(words), words)

    def side(words: str, country: str, sector: str) -> Participant:
        found = span(words)
        return Participant(found.text, found.start, found.end, None, words, country, (sector,), "test", 0.9)

    trigger, town, day, dead = span(act), span(story.town), span(f"{story.day:%d %B}"), span(f"{toll} dead")
    key = f"{article.article_id}|{trigger.start}|{story.event_type}"
    return Event(
        event_id=hashlib.sha256(key.encode()).hexdigest()[:16], article_id=article.article_id, source_id=article.source_id,
        section="body", event_type=story.event_type, mode=None, contexts=(), quad_class=4, intensity=-9.0, cameo="190",
        status="actual", historical=False, trigger=trigger, quote=Span(start, start + len(sentence), sentence),
        actors=(side(f"Forces of {story.doer}", story.doer, "MIL"),),
        recipients=(side(f"people of {story.object}", story.object, "CVL"),),
        place=Place(town.text, town.start, town.end, story.town, story.object, None, 5.0 + len(story.town), 9.0, 3, None, 0.8),
        date=EventDate(day.text, day.start, day.end, story.day, story.day, "day", "said"), said_by=None,
        counts={"dead": Count(dead.text, dead.start, dead.end, toll, toll)}, confidence=Confidence(0.9, 0.9, 0.9, 0.8, 0.8),
        reasons={}, coder_version=VERSION, model_digest=DIGEST, ontology="plover-2.0",
    )  # fmt: skip
