"""The shared connection: opened when needed, let go of, opened anew when the file changed, waited for when it is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from dragoman.errors import StoreError, StoreLocked
from dragoman.serve.reading import Reading
from dragoman.store import get_counts, open_store

from ..invented import add_distinct

HOLD = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.readline(); c.close()"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of two invented articles."""
    add_distinct(tmp_path / "a.duckdb", "a", "b", day=1)
    return tmp_path / "a.duckdb"


def test_a_change_is_seen(path: Path) -> None:
    """What was written between two views is in the second, with its moment; what was remembered of the first is not."""
    reading = Reading(path, idle_s=0)
    with reading.view() as view:
        assert (get_counts(view.store)["articles"], view.remember("n", lambda: 1)) == (2, 1)
        assert view.remember("n", lambda: 2) == 1
        first = view.changed_at
    add_distinct(path, "c", day=2)
    with reading.view() as view:
        assert (get_counts(view.store)["articles"], view.remember("n", lambda: 2)) == (3, 2)
        assert first == datetime(2024, 6, 1)
        assert view.changed_at == datetime(2024, 6, 2)


def test_a_replaced_file_is_opened_anew(path: Path, tmp_path: Path) -> None:
    """A file put in the place of the old one is read, though the old one was still open and nobody wrote it."""
    other = tmp_path / "b.duckdb"
    add_distinct(other, "x", "y", "z", day=3)
    reading = Reading(path, idle_s=3600)
    with reading.view() as view:
        assert get_counts(view.store)["articles"] == 2
        shutil.move(other, path)
    with reading.view() as view:
        assert get_counts(view.store)["articles"] == 3
    reading.close()


def test_the_file_is_let_go_of(path: Path) -> None:
    """Some time after the last view others can write; while a view is open they cannot."""
    reading = Reading(path, idle_s=0.2)
    with reading.view():
        time.sleep(0.5)
        with pytest.raises(StoreError):
            open_store(path)
    until = time.monotonic() + 20
    while True:
        try:
            add_distinct(path, "c", day=2)
            break
        except StoreError:
            assert time.monotonic() < until
            time.sleep(0.05)
    with reading.view() as view:
        assert get_counts(view.store)["articles"] == 3
    reading.close()


def test_a_writer_is_waited_for(path: Path) -> None:
    """A view waits for who writes, so long and no longer, and all waiters wait at once, not one after another."""
    writer = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == "held\n"
    reading = Reading(path, wait_s=1.0, idle_s=0)
    failed: list[float] = []

    def ask() -> None:
        began = time.monotonic()
        with pytest.raises(StoreLocked), reading.view():
            pass
        failed.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 5
    assert min(failed) >= 1.0
    assert max(failed) < 4.0
    patient = Reading(path, wait_s=60, idle_s=0)
    threading.Timer(0.3, lambda: writer.communicate("go\n")).start()
    with patient.view() as view:
        assert get_counts(view.store)["articles"] == 2


def test_many_threads_share_it(path: Path) -> None:
    """Views of many threads at once each have a cursor of their own and give the same."""
    reading = Reading(path, idle_s=0)
    found: list[int] = []

    def ask() -> None:
        for _ in range(20):
            with reading.view() as view:
                found.append(get_counts(view.store)["events"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 160
