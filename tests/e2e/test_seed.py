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
