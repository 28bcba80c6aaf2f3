"""Processes that are killed while they merge: nothing is lost or doubled, whatever the moment."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import StoreForeign
from dragoman.store import EventFilter, find_events, find_incidents, open_store
from dragoman.store.integrity import find_faults

TESTS = Path(__file__).resolve().parents[1]
KILLS = 200 if os.environ.get("DRAGOMAN_LONG_TESTS") else 8
# Writes invented articles batch by batch and passes over what is stored, as ``dragoman code --resume`` does.
RUN = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from unit.invented import DIGEST, VERSION
from unit.stories import joined, make_stories, tell
from dragoman.store import begin_run, end_run, open_store, write
from dragoman.store.queries import known_sources
articles = tell(make_stories(10, 5), articles=30, seed=6)
print("ready", flush=True)
with open_store(Path(sys.argv[1])) as store:
    own = {"coder_version": VERSION, "model_digest": DIGEST}
    run = begin_run(store, command="code", settings={}, at=datetime.now(UTC), **own)
    known = known_sources(store, **own)
    left = [a for a in articles if a.articles[0].source not in known]
    for n in range(0, len(left), 3):
        write(store, joined(left[n : n + 3]), run_id=run, at=datetime.now(UTC), **own)
        print(n, flush=True)
    end_run(store, run, outcome="done", at=datetime.now(UTC))
"""


def start(path: Path) -> subprocess.Popen[str]:
    """Return a process that codes into a store, when it is about to open it."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(path), str(TESTS)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def finish(path: Path) -> float:
    """Let a run come to its end and return how many seconds it took after its start."""
    with start(path) as process:
        began = time.monotonic()
        _, err = process.communicate()
    assert process.returncode == 0, err
    return time.monotonic() - began


def content(path: Path) -> dict[str, Any]:
    """Return what a store holds, faults included."""
    with open_store(path, read_only=True) as store:
        rows = store.connection.execute
        return {
            "events": sorted(json.dumps(e, sort_keys=True) for e in find_events(store, EventFilter())),
            "incidents": sorted(json.dumps(i, sort_keys=True) for i in find_incidents(store, EventFilter())),
            "links": sorted(rows("SELECT * EXCLUDE (recorded_at, superseded_at) FROM links WHERE superseded_at IS NULL").fetchall(), key=str),
            "articles": sorted(rows("SELECT article_id, newsroom, copy_of FROM articles WHERE superseded_at IS NULL").fetchall(), key=str),
            "faults": list(find_faults(store)),
        }  # fmt: skip


@pytest.mark.timeout(3600 if KILLS > 50 else 300)
def test_kills_while_merging_lose_and_double_nothing(tmp_path: Path) -> None:
    """Runs are killed at random moments and gone on with; in the end the store is that of a run that nothing stopped.

    DRAGOMAN_LONG_TESTS=1 makes it two hundred kills. A store that is complete is begun anew, so that every kill meets work.
    """
    seconds = finish(tmp_path / "whole.duckdb")
    whole = content(tmp_path / "whole.duckdb")
    assert whole["faults"] == []
    assert any(len(json.loads(i)["events"]) > 2 for i in whole["incidents"])
    draw, path, rounds = random.Random(11), tmp_path / "killed-0.duckdb", 0
    for _ in range(KILLS):
        with start(path) as process:
            time.sleep(draw.random() * seconds * 0.8)
            process.kill()
        if process.returncode == 0 or (path.exists() and _is_complete(path, whole)):
            finish(path)
            assert content(path) == whole
            rounds += 1
            path = tmp_path / f"killed-{rounds}.duckdb"
    finish(path)
    assert content(path) == whole


def _is_complete(path: Path, whole: dict[str, Any]) -> bool:
    """Return whether a store that a killed process left has every event; it must have no fault in any case."""
    try:
        now = content(path)
    except StoreForeign:
        # Killed while it made the file: there are no tables yet, and the next run makes them.
        return False
    assert now["faults"] == []
    return bool(now["events"] == whole["events"])
