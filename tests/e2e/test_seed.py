"""The typical page, when the shared folder is there: events found, false ones, teasers, the inferred date."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dragoman.pipeline import Coder
from dragoman.records import RawArticle

from .command import dragoman, rows_of

BENCH = Path(__file__).resolve().parents[2] / "bench/quality/seed.py"


def comparison() -> Any:
    """Return the bench's own module, so that test and report agree."""
    spec = importlib.util.spec_from_file_location("bench_seed", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(shared: Path, published: date | None) -> RawArticle:
    """Return the page as a raw article."""
    page = (shared / "seed/aras-2025-page.txt").read_bytes()
    given = "--published" if published else None
    return RawArticle(page, "text/plain", "page", published_on=published, published_field=given)


@pytest.mark.model
def test_the_date_is_inferred(coder: Coder, shared: Path) -> None:
    """A page without a date is dated from its text, marked so, within four days."""
    article = coder([read(shared, None)]).articles[0]
    assert article.published_evidence is not None
    assert article.published_evidence.basis == "inferred"
    assert date(2025, 5, 18) <= (article.published_on or date.min) <= date(2025, 5, 21)


@pytest.mark.model
def test_no_teaser_is_coded(coder: Coder, shared: Path) -> None:
    """The five teasers give no event, and what is coded lies in the article."""
    coded = coder([read(shared, date(2025, 5, 19))])
    report = comparison().compare(coded, json.loads((shared / "seed/aras-2025-gold.json").read_text("utf-8")))
    assert report["teaser_events"] == 0
    assert coded.events


@pytest.mark.model
def test_the_drill_is_one_incident(coder: Coder, shared: Path) -> None:
    """Title, standfirst, caption and body tell of one drill: one incident holds all four mentions."""
    coded = coder([read(shared, date(2025, 5, 19))])
    report = comparison().compare(coded, json.loads((shared / "seed/aras-2025-gold.json").read_text("utf-8")))
    assert report["drill_incidents"] == 1
    assert report["drill_mentions"] >= 4


# The eight dated points of the Iran-Azerbaijan relation that the page holds: types, and days that the date must lie within.
POINTS = [
    ({"ACCUSE"}, "2022-01-01", "2022-12-31"),
    ({"COOPERATE"}, "2023-01-01", "2023-12-31"),
    ({"ACCUSE"}, "2024-12-01", "2024-12-31"),
    ({"ACCUSE"}, "2024-12-01", "2024-12-31"),
    ({"CONSULT"}, "2025-01-01", "2025-01-31"),
    ({"REQUEST"}, "2025-01-01", "2025-01-31"),
    ({"THREATEN", "ACCUSE"}, "2025-01-01", "2025-05-19"),
    ({"COOPERATE"}, "2025-05-18", "2025-05-21"),
]


@pytest.mark.model
def test_the_relation_holds_its_eight_points(shared: Path, tmp_path: Path) -> None:
    """``relations`` and ``brief`` on the page show the eight dated points of the pair, conflict before cooperation in 2025."""
    page = shared / "seed/aras-2025-page.txt"
    done = dragoman("code", page, "--published", "2025-05-19", "--format", "none", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = rows_of(dragoman("relations", "IRN", "AZE", "--format", "jsonl", cwd=tmp_path))
    left = list(rows)
    for types, first, last in POINTS:
        hit = next(
            (
                r
                for r in left
                if r["event_type"] in types and first <= r["date"]["from"] and r["date"]["to"] <= last
            ),
            None,
        )
        assert hit is not None, (types, first)
        left.remove(hit)
    assert all(r["evidence"] for r in rows)
    brief = dragoman("brief", "IRN", "AZE", "--since", "2022", cwd=tmp_path).stdout
    timeline = brief[brief.index("Time line") : brief.index("Sources")]
    for words in ("In 2022", "In 2023", "In December 2024", "In January 2025", "18 May 2025"):
        assert words in timeline, words
    assert "Iran and Azerbaijan cooperated" in timeline
