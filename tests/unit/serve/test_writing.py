"""Opening the store for writing beside its readers, in one process."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dragoman.errors import StoreError, StoreLocked
from dragoman.serve.reading import Reading
from dragoman.serve.writing import Writing
from dragoman.store import get_counts

from ..invented import add_distinct
from .test_reading import HOLD


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of one invented article."""
    add_distinct(tmp_path / "a.duckdb", "a", day=1)
    return tmp_path / "a.duckdb"


def test_writers_and_readers_take_turns(path: Path) -> None:
    """Readers before a writer are waited for, readers after it wait, and each sees what was written before it began."""
    reading = Reading(path, idle_s=3600, wait_s=20)
    writing = Writing(reading, wait_s=20)
    seen: list[int] = []
    failed: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(15):
                with reading.view() as view:
                    seen.append(len(view.store.connection.execute("SELECT * FROM store_info WHERE key LIKE 'turn%'").fetchall()))  # fmt: skip
        except BaseException as error:
            failed.append(error)

    def write(turn: int) -> None:
        try:
            with writing.open() as store, store.transaction() as connection:
                connection.execute("INSERT INTO store_info VALUES (?, ?)", [f"turn {turn}", "x"])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    threads += [threading.Thread(target=write, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set(seen) <= set(range(5))
    with reading.view() as view:
        rows = view.store.connection.execute("SELECT * FROM store_info WHERE key LIKE 'turn%'").fetchall()
    assert len(rows) == 4
    reading.close()


def test_a_writer_waits_so_long(path: Path) -> None:
    """A reader that does not end, another process, or another correction is waited for so long and no longer."""
    reading = Reading(path, idle_s=0, wait_s=0.2)
    writing = Writing(reading, wait_s=0.3)
    with reading.view():
        began = time.monotonic()
        with pytest.raises(StoreLocked, match="being read"), writing.open():
            pass
        assert 0.3 <= time.monotonic() - began < 20
    with writing.open(), pytest.raises(StoreLocked, match="another correction"), writing.open():
        pass
    writer = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == "held\n"
    with pytest.raises(StoreLocked, match="process"), writing.open():
        pass
    writer.communicate("go\n")
    with writing.open() as store:
        assert get_counts(store)["articles"] == 1
    with reading.view() as view:
        assert get_counts(view.store)["articles"] == 1


def test_no_store_is_made(tmp_path: Path) -> None:
    """Writing a store that is not there makes none."""
    path = tmp_path / "none.duckdb"
    with pytest.raises(StoreError, match="there is no store"), Writing(Reading(path)).open():
        pass
    assert not path.exists()
