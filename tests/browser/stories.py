"""Invented stories that browser tests code, and feeds of which one does not answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from e2e.command import dragoman, write_rows

from dragoman.store import open_store
from dragoman.store.feeds import Look, Offer, add_feeds, add_looks, feed_id_of

WIRE = """Gunmen kill seven soldiers in attack on Goma barracks

GOMA, 3 May (Reuters) - Gunmen attacked an army barracks in Goma on Friday and killed seven Congolese soldiers, the army said.

The shooting went on for three hours and smoke rose over the barracks. The army spokesman said that the men came in boats over
the lake and fled towards the hills when helicopters arrived. Schools were closed and the governor imposed a curfew from six in
the evening. Families waited at the gate of the hospital for news of the wounded, nurses said.
"""
OWN = """Twelve dead in raid on Goma barracks

Gunmen attacked the army barracks in Goma on Friday and killed twelve Congolese soldiers, hospital officials said.

Two boats were found on the shore. The mayor asked people to stay at home and shops stayed shut.
"""
ARRESTS = """Police arrest four over Goma attack

Congolese police arrested four suspects on Sunday over the attack on the army barracks in Goma, in which soldiers were killed.
"""
OTHER = """Teachers strike in Lima

Teachers in Lima went on strike on Monday and demanded higher pay from the government of Peru.
"""


def row(key: str, text: str, outlet: str, day: str) -> dict[str, Any]:
    """Return an item as `dragoman code` reads it; its first line is its title."""
    return {
        "id": key, "text": text, "outlet": outlet, "published_on": day, "url": f"https://{key}.example/story",
        "title": text.partition("\n")[0],
    }  # fmt: skip


# One story: a wire text, its copy, another newsroom with another toll, what followed; and a strike elsewhere.
ATTACK = [
    row("w1", WIRE, "Reuters", "2024-05-03"),
    row("w2", WIRE.replace("Schools were closed and the", "The"), "Nile Observer", "2024-05-03"),
    row("o1", OWN, "Great Lakes Courier", "2024-05-04"),
    row("o2", ARRESTS, "Kivu Gazette", "2024-05-06"),
    row("x1", OTHER, "Lima Herald", "2024-05-07"),
]

PLANS = """Envoys of Kenya and Ethiopia to meet

The foreign ministers of Kenya and Ethiopia met in Nairobi on Monday and spoke about the border.
"""
SANCTIONS = """Peru turns on Bolivia

Peru will impose sanctions on Bolivia in July, the president said on Tuesday.
"""
# Something that is only planned, and something that has no text to read.
TASKS = [
    *ATTACK,
    row("p1", PLANS, "Savanna Post", "2024-05-21"),
    row("p2", SANCTIONS, "Andes Post", "2024-05-21"),
    {"id": "nothing", "text": "", "outlet": "Keld Times", "url": "https://keld.example/empty"},
]
GOOD, BROKEN = "https://keld.example/rss", "https://voss.example/rss"


def add_rows(db: Path, rows: list[dict[str, Any]], folder: Path) -> None:
    """Code more rows into a store; some may be rejected."""
    write_rows(folder / "more.jsonl", rows)
    done = dragoman("code", "more.jsonl", "--db", db, "--format", "none", cwd=folder)
    assert done.returncode in (0, 1), done.stderr


def watch_feeds(db: Path) -> datetime:
    """Let a store know a feed that answers and one that did, until the moment that is returned, and no longer does."""
    at = datetime.now(UTC) - timedelta(days=2)
    offer = Offer("keld.example/1", "https://keld.example/1", "1", "One", None, None)
    with open_store(db) as store:
        add_feeds(store, [(GOOD, "Keld Times", "NOR"), (BROKEN, "Voss Avis", None)], at=at)
        looks = [
            Look(feed_id_of(GOOD), at, at + timedelta(hours=1), kind="rss", offers=(offer,)),
            Look(feed_id_of(BROKEN), at, at + timedelta(hours=1), kind="rss"),
            Look(feed_id_of(BROKEN), at + timedelta(hours=1), at + timedelta(hours=2), "timeout", "it took too long"),
        ]  # fmt: skip
        add_looks(store, looks)
    return at
