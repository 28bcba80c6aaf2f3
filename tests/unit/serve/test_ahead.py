"""Incidents read ahead: in memory soon after the first list, gone with their state, and no trouble to who writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dragoman.errors import StoreError
from dragoman.serve.ahead import Ahead
from dragoman.serve.reading import Reading
from dragoman.store import EventFilter, open_store
from dragoman.store.paged import incident_page

from ..invented import add_distinct


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of thirty invented articles, each an incident."""
    add_distinct(tmp_path / "a.duckdb", *map(str, range(30)), day=1)
    return tmp_path / "a.duckdb"


def wait_for(holds: Callable[[], bool]) -> bool:
    """Return whether something comes true within ten seconds."""
    until = time.monotonic() + 10
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.02)
    return held


def added(path: Path, name: str, day: int) -> bool:
    """Write one more article, and return whether it could be: who reads ahead may hold the file for a moment."""
    try:
        add_distinct(path, name, day=day)
    except StoreError:
        return False
    return True


def kept(reading: Reading) -> int:
    """Return how many of all incidents are in memory, without reading one."""
    with reading.view() as view:
        found = view.store.connection.execute("SELECT incident_id FROM incidents WHERE superseded_at IS NULL")
        return len(view.overview("incidents").rows([r[0] for r in found.fetchall()], lambda _: {}))


def want(ahead: Ahead, reading: Reading) -> None:
    """Ask for what is shown now to be read ahead."""
    with reading.view() as view:
        ahead.want(view)


def test_the_newest_are_read_and_are_what_a_page_has(path: Path) -> None:
    """After the first list all are in memory, up to the bound, and a page of them is the same as one that was read."""
    reading = Reading(path, idle_s=0)
    want(Ahead(reading, wait_s=0), reading)
    assert wait_for(lambda: kept(reading) == 30)
    with reading.view() as view:
        columns = view.overview("incidents")
        told = incident_page(view.store, EventFilter(quad_classes=[1, 2, 3, 4]), limit=20, overview=columns)
        assert told == incident_page(view.store, EventFilter(quad_classes=[1, 2, 3, 4]), limit=20)
        newest = [row["incident_id"] for row in told[0][:7]]
    few = Reading(path, idle_s=0)
    want(Ahead(few, most=7, wait_s=0), few)
    assert wait_for(lambda: kept(few) == 7)
    with few.view() as view:
        assert set(view.overview("incidents").rows(newest, lambda _: {})) == set(newest)


def test_another_state_is_read_anew_but_not_at_once(path: Path) -> None:
    """What was read of a state is not kept for the next, which is read when the rest is over."""
    reading = Reading(path, idle_s=0)
    ahead = Ahead(reading, wait_s=0, rest_s=1.0)
    want(ahead, reading)
    assert wait_for(lambda: kept(reading) == 30)
    assert wait_for(lambda: added(path, "late", 2))
    want(ahead, reading)
    assert kept(reading) == 0
    time.sleep(1.1)
    assert kept(reading) == 0
    want(ahead, reading)
    assert wait_for(lambda: kept(reading) == 31)


def test_a_store_that_is_written_is_left_alone(path: Path) -> None:
    """Nothing is read while somebody writes, nobody hears of it, and the next list has it read."""
    reading = Reading(path, wait_s=0.1, idle_s=0)
    ahead = Ahead(reading, wait_s=0.5, rest_s=0)
    want(ahead, reading)
    with open_store(path):
        time.sleep(1.2)
    want(ahead, reading)
    assert wait_for(lambda: kept(reading) == 30)
