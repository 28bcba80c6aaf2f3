"""What users write must check: read by mypy, never run."""

from __future__ import annotations

from datetime import date

import dragoman


def series_of_a_pair(path: str) -> list[float]:
    """Return the level of a pair, as a user would write it."""
    with dragoman.open(path) as news:
        frame = news.series("ARM", "AZE", since=date(2020, 1, 1), step="week").to_polars()
        rows = news.incidents(actor="ARM", types=["ASSAULT"], status="actual").rows()
        assert len(rows) >= news.relation("ARM", "AZE").to_arrow().num_rows
        assert news.articles(text=True).to_pandas().shape[0] > 0
        levels: list[float] = frame["level"].to_list()
        return levels


def events_of_a_text(text: str) -> list[dragoman.Event]:
    """Return the events of a text, as a user would write it."""
    coder = dragoman.load(today=date(2026, 1, 1))
    return coder(text, published_on=date(2024, 5, 3)).events
