"""A store that grows batch by batch, for tests of its copy on a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unit.store.test_writing import put
from unit.stories import joined, make_stories, tell

from dragoman.mirror import Kept, Mirror
from dragoman.store import open_store

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ARTICLES = tell(make_stories(14, 3), articles=40, seed=4)


def fill(path: Path, first: int, last: int, *, at: datetime = NOON, size: int = 5) -> None:
    """Store some of the articles, a batch an hour."""
    with open_store(path) as store:
        for n in range(first, last, size):
            put(store, joined(ARTICLES[n : min(n + size, last)]), at=at + n * HOUR)


def keep(path: Path, server: str, **more: Any) -> Kept:
    """Bring the schema in step once, in small batches."""
    return Mirror(path, server, "dragoman", batch_rows=60).keep(**more)
