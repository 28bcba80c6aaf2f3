"""An invented relation in a real store: two states that talk for four years, and then fight, told by articles of several outlets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dragoman.ontology import load_ontology
from dragoman.records import Coded
from dragoman.store import open_store

from .store.test_writing import put
from .stories import TOWNS, Story, joined, tell

FIRST_DAY = date(2019, 1, 7)  # a Monday
PEACE_WEEKS, WAR_WEEKS = 150, 12
WAR_DAY = FIRST_DAY + timedelta(weeks=PEACE_WEEKS)
LAST_DAY = WAR_DAY + timedelta(weeks=WAR_WEEKS)
OTHER = ("GEO", "TUR")


def border_stories() -> list[Story]:
    """Return what happened: Kenya and Peru talk every third week until they fight; one of two others gives aid all the while."""
    out: list[Story] = []
    for week in range(PEACE_WEEKS + WAR_WEEKS):
        day = FIRST_DAY + timedelta(weeks=week)
        town = TOWNS[week % len(TOWNS)]
        out.append(Story(len(out), "AID", *OTHER, TOWNS[(week + 3) % len(TOWNS)], day + timedelta(days=1)))
        if week >= PEACE_WEEKS:
            out += [
                Story(
                    len(out) + n,
                    "ASSAULT",
                    "KEN",
                    "PER",
                    TOWNS[(week + n) % len(TOWNS)],
                    day + timedelta(days=n),
                )
                for n in range(5)
            ]
        elif week % 3 == 0:
            out.append(Story(len(out), "CONSULT", "PER", "KEN", town, day + timedelta(days=2)))
    return out


def border_store(path: Path) -> Path:
    """Write a store of it and return its path."""
    ontology = load_ontology()
    batches = []
    for n, story in enumerate(border_stories()):
        (coded,) = tell([story], articles=1, seed=n)
        (event,), (article,) = coded.events, coded.articles
        kind = replace(
            event, quad_class=ontology.quad_class(event.event_type), intensity=ontology.intensity(event.event_type, None),
            counts=event.counts if event.event_type == "ASSAULT" else {},
        )  # fmt: skip
        batches.append(Coded([replace(article, source=f"news.jsonl:{n}", source_id=str(n))], [kind]))
    with open_store(path) as store:
        for at in range(0, len(batches), 200):
            put(
                store,
                joined(batches[at : at + 200]),
                at=datetime(2024, 6, 5, 12, tzinfo=UTC) + timedelta(minutes=at),
            )
    return path
