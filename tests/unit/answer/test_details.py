"""Reports of an incident in pages, and alerts by whom and what they tell of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dragoman.answer.alerts import alerts_like
from dragoman.answer.details import find_reports, get_incident
from dragoman.store import EventFilter, Store, begin_run, find_incidents, open_store, write
from dragoman.store.relating import note_alerts

from ..invented import DIGEST, VERSION
from ..stories import joined, make_stories, tell

AT = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store of a few stories that many articles tell, and of alerts on them."""
    with open_store(tmp_path_factory.mktemp("details") / "a.duckdb") as opened:
        run = begin_run(
            opened, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT
        )
        coded = joined(tell(make_stories(2, 1), articles=40, seed=2))
        write(opened, coded, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)
        rows = [
            _alert("1", ["ARM", "AZE"], None, "conflict", True, date(2024, 1, 5)),
            _alert("2", ["Caucasus", "IRN"], [["ARM", "AZE"], ["IRN"]], "cooperation", False, date(2024, 3, 5)),
        ]  # fmt: skip
        note_alerts(opened, rows, at=AT)
        yield opened


def _alert(
    key: str, sides: list[str], members: list[list[str]] | None, kind: str, rises: bool, on: date
) -> dict[str, Any]:
    body = {"alert_id": key, "sides": sides, **({"members": members} if members else {})}
    return {
        "alert_id": key, "rule": key, "kind": kind, "rises": rises, "since": on, "raised_on": on, "message": key,
        "incidents": [], "outputs": [], "body": body,
    }  # fmt: skip


def test_pages_of_reports_hold_all_of_them_once_in_order(store: Store) -> None:
    """Page after page gives every event of an incident once, by day; the incident itself holds the first of them."""
    row = max(find_incidents(store, EventFilter()), key=lambda i: len(i["events"]))
    assert len(row["events"]) > 7
    got: list[dict[str, Any]] = []
    after = None
    while True:
        items, after = find_reports(store, row["incident_id"], most=3, after=after)
        assert 0 < len(items) <= 3
        got += items
        if after is None:
            break
    assert sorted(one["event_id"] for one in got) == sorted(row["events"])
    days = [str(one["published_on"] or "9999") for one in got]
    assert days == sorted(days)
    assert all(one["told"]["event_id"] == one["event_id"] for one in got)
    short = get_incident(store, row["incident_id"], most=5)
    assert [one["event_id"] for one in short["evidence"]] == [one["event_id"] for one in got[:5]]
    assert [one["event_id"] for one in short["told"]] == [one["event_id"] for one in got[:5]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "12"), ({"sides": ["arm"]}, "12"), ({"sides": ["IRN"]}, "2"), ({"sides": ["Caucasus"]}, "2"),
        ({"sides": ["AZE", "ARM"]}, "1"), ({"sides": ["IRN", "AZE"]}, "2"), ({"sides": ["IRN", "GEO"]}, ""),
        ({"kind": "conflict"}, "1"), ({"rises": False}, "2"), ({"since": date(2024, 2, 1)}, "2"),
        ({"until": date(2024, 1, 5)}, "1"), ({"sides": ["ARM"], "kind": "cooperation"}, "2"),
    ],
)  # fmt: skip
def test_alerts_are_found_by_sides_kind_and_day(store: Store, asked: dict[str, Any], found: str) -> None:
    """All conditions must hold; a member counts as its side, and two sides must stand on either side."""
    assert "".join(one["alert_id"] for one in alerts_like(store, **asked)) == found
