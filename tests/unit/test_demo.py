"""The sample world: what its rows promise."""

from __future__ import annotations

import collections
import json
from datetime import date

from dragoman.demo import world_file


def rows() -> list[dict[str, str]]:
    """Return the rows of the world."""
    with world_file() as path:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_rows_are_whole_and_in_order() -> None:
    """Each row has an id of its own, an outlet, a title, a text of a few sentences and a day; oldest first, 2015 to 2025."""
    found = rows()
    assert len(found) >= 1000
    assert len({row["id"] for row in found}) == len({row["text"] for row in found}) == len(found)
    days = [date.fromisoformat(row["published_on"]) for row in found]
    assert days == sorted(days)
    assert (days[0].year, days[-1].year) == (2015, 2025)
    for row in found:
        assert set(row) - {"story"} == {"id", "outlet", "title", "text", "published_on"}
        assert 20 <= len(row["text"].split()) <= 95, row["id"]


def test_stories_are_told_by_several_items() -> None:
    """An item has a story only where another tells it too, within two weeks of it."""
    told = collections.defaultdict(list)
    for row in rows():
        if "story" in row:
            told[row["story"]].append(date.fromisoformat(row["published_on"]))
    assert len(told) >= 90
    assert all(len(days) > 1 for days in told.values())
    assert all((max(days) - min(days)).days <= 21 for days in told.values())
