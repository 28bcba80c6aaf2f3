"""The seed page and five rewrites of it by other outlets: the drill is one incident, whoever tells it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from dragoman.pipeline import Coder
from dragoman.records import RawArticle

REWRITES = Path(__file__).resolve().parents[2] / "data/incidents/seed/aras.jsonl"


def outlets(shared: Path) -> list[RawArticle]:
    """Return the page and its rewrites as raw articles of six outlets."""
    page = (shared / "seed/aras-2025-page.txt").read_bytes()
    rows = [json.loads(line) for line in REWRITES.read_text("utf-8").splitlines()]
    return [
        RawArticle(page, "text/plain", "page", outlet="page", published_on=date(2025, 5, 19), published_field="--published"),
        *(
            RawArticle(r["text"], "text/plain", r["id"], outlet=r["outlet"], published_field="published_on",
                       published_on=date.fromisoformat(r["published_on"]))
            for r in rows
        ),
    ]  # fmt: skip


@pytest.mark.model
@pytest.mark.shared
def test_six_outlets_tell_of_one_drill(coder: Coder, shared: Path) -> None:
    """The drill of May 2025 is one incident with its reports, and no other incident of it is told by two outlets."""
    raw = outlets(shared)
    assert len(raw) == 6
    coded = coder(raw)
    drills = [
        i for i in coded.incidents
        if i.event_type == "COOPERATE" and i.date is not None and i.date.to >= date(2025, 5, 1)
    ]  # fmt: skip
    drills.sort(key=lambda i: -len(i.reports))
    assert len(drills[0].reports) == 6
    assert drills[0].independent_sources == len(drills[0].reports)
    assert {"AZE", "IRN"} <= {p.country for p in (*drills[0].actors, *drills[0].recipients)}
    assert all(len(i.reports) == 1 for i in drills[1:])
