"""``dragoman code --engine dask``: a real scheduler, real workers, one of them killed; the store is what one process makes."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import EngineError, ShardBroken
from dragoman.read import iter_articles
from dragoman.records import Coded
from dragoman.run.dask import Cluster, iter_shards
from dragoman.run.local import Plan, code_batch
from dragoman.run.shards import read_shard, write_shard
from dragoman.run.units import Given, Unit, file_units, item_units
from dragoman.store import open_store

from .command import dragoman, environment, rows_of, write_rows

pytest.importorskip("distributed", reason="dask is not installed")
pytestmark = [pytest.mark.model, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent.parent
PLAN = Plan(workers=1, threads=1, today=date(2026, 11, 24))
TOLD = {
    "articles": "article_id, source_id, text, published_on",
    "events": 'event_id, article_id, event_type, mode, status, actors, recipients, place, "date"',
    # How an incident grew on the way depends on where batches end; what it is in the end does not.
    "incidents WHERE superseded_at IS NULL": "incident_id, event_type, events, reports, why, counts",
    "vectors": "event_id, vector",
    "rejections": "item_id, stage, reason",
}


def _rows(n: int) -> list[str]:
    lines = (ROOT / "src/dragoman/demo/world.jsonl").read_text(encoding="utf-8").splitlines()
    return [*lines[:n], '{"id": "broken"', json.dumps({"id": "empty", "text": ""})]


def _told(db: Path) -> dict[str, list[str]]:
    """Return what a store holds, whatever the order in which it came."""
    with open_store(db, read_only=True) as store:
        return {
            table: sorted(map(str, store.connection.execute(f"SELECT {columns} FROM {table}").fetchall()))
            for table, columns in TOLD.items()
        }


@contextlib.contextmanager
def _process(*words: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    own = subprocess.Popen([sys.executable, "-m", *words], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           text=True, env=environment())  # fmt: skip
    try:
        yield own
    finally:
        own.kill()
        own.wait()


@contextlib.contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Start a scheduler and workers as a user does, and give its address and the worker processes."""
    file = folder / "scheduler.json"
    with contextlib.ExitStack() as stack:
        quiet = ("--no-dashboard",)
        stack.enter_context(_process("distributed.cli.dask_scheduler", "--scheduler-file", str(file), "--host", "127.0.0.1", "--port", "0", *quiet, cwd=folder))  # fmt: skip
        own = [
            stack.enter_context(_process("distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", *quiet, cwd=folder))
            for _ in range(workers)
        ]  # fmt: skip
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], own


def test_a_cluster_that_loses_a_worker_stores_what_one_process_stores(tmp_path: Path) -> None:
    """Two workers, one killed while it codes: row by row the same articles, events, incidents and rejections."""
    from distributed import Client

    write_rows(tmp_path / "a.jsonl", _rows(160))
    own = {"DRAGOMAN_RUN_BATCH_ARTICLES": "8"}
    alone = dragoman(
        "code", "a.jsonl", "--db", "alone.duckdb", "--format", "none", cwd=tmp_path, settings=own
    )
    assert alone.returncode == 0, alone.stderr
    with _cluster(tmp_path, 2) as (address, workers):
        with Client(address, timeout=60) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(2, timeout=60)
        command = [sys.executable, "-m", "dragoman.cli", "code", "a.jsonl", "--db", "cluster.duckdb", "--format", "none",
                   "--engine", "dask", "--scheduler", address, "--shards", "shards"]  # fmt: skip
        run = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment(**own, DRAGOMAN_RUN_PART_ARTICLES="20"))  # fmt: skip
        until = time.monotonic() + 120
        while not list((tmp_path / "shards").glob("*.parquet")) and time.monotonic() < until:
            time.sleep(0.05)
        workers[0].send_signal(signal.SIGKILL)
        _, told = run.communicate(timeout=200)
    assert run.returncode == 0, told
    assert _told(tmp_path / "cluster.duckdb") == _told(tmp_path / "alone.duckdb")
    with open_store(tmp_path / "cluster.duckdb", read_only=True) as store:
        noted = store.connection.execute("SELECT count(*), sum(items) FROM shards").fetchone()
    assert noted == (len(list((tmp_path / "shards").glob("*.parquet"))), 162)


def test_many_files_and_objects_are_read_by_workers(tmp_path: Path) -> None:
    """Objects of a storage and files of a list give what the same rows in one file give, with their own names as sources."""
    rows = _rows(40)[:40]
    for n in range(0, 40, 10):
        write_rows(tmp_path / f"part{n}.jsonl", rows[n : n + 10])
    units = file_units([f"file://{tmp_path}/part*.jsonl"])
    shards = list(_run(units, tmp_path / "out"))
    one = write_rows(tmp_path / "all.jsonl", rows)
    whole = code_batch(PLAN.load(), list(iter_articles([str(one)])))
    assert [len(c.articles) for c in shards] == [10, 10, 10, 10]
    assert [e.event_id for c in shards for e in c.events] == [e.event_id for e in whole.events]
    assert shards[0].articles[0].source == f"file://{tmp_path}/part0.jsonl:1"


def _run(units: list[Unit], out: Path, known: set[str] | None = None) -> Iterator[Coded]:
    for shard in iter_shards(
        units, PLAN, Cluster(workers=1, shards=out), given=Given(), coder="test", known=known or ()
    ):
        for _, coded in shard.batches:
            yield coded


def test_a_shard_that_is_there_is_not_coded_again(tmp_path: Path) -> None:
    """The name of a shard follows from its input and the coder; a known one is passed over, one in the folder is only read."""
    items = list(iter_articles([str(write_rows(tmp_path / "a.jsonl", _rows(6)[:6]))]))
    units = list(item_units(items, 3))
    keys = [u.shard_id(coder="test", given=Given()) for u in units]
    assert keys == [u.shard_id(coder="test", given=Given()) for u in item_units(items, 3)]
    assert len({*keys, units[0].shard_id(coder="newer", given=Given()), units[0].shard_id(coder="test", given=Given("Times"))}) == 4  # fmt: skip
    write_shard(tmp_path / f"{keys[1]}.parquet", [(3, Coded())])
    assert list(_run(units, tmp_path, known={keys[0]})) == [Coded()]


def test_a_shard_gives_back_what_was_coded(tmp_path: Path) -> None:
    """Articles, events and rejections of a shard are those that were written, meanings of sentences among them."""
    rows = _rows(12)
    items = list(iter_articles([str(write_rows(tmp_path / "a.jsonl", rows))], published_on=date(2024, 5, 3), published_field="--published"))  # fmt: skip
    coded = code_batch(PLAN.load(), items)
    assert write_shard(tmp_path / "s.parquet", [(len(items), coded), (0, Coded())]) == len(items)
    (size, first), (_, empty) = read_shard(tmp_path / "s.parquet")
    assert (size, empty) == (len(items), Coded())
    assert first == Coded(coded.articles, coded.events, [], coded.rejected)
    assert [e.vector for e in first.events] == [e.vector for e in coded.events]
    assert all(e.vector for e in first.events)


def test_what_is_no_shard_is_told(tmp_path: Path) -> None:
    """A file that is missing, torn or of something else gives an error that names it."""
    (tmp_path / "torn.parquet").write_bytes(b"PAR1")
    for name in ("torn.parquet", "missing.parquet"):
        with pytest.raises(ShardBroken, match=name):
            list(read_shard(tmp_path / name))


def test_a_cluster_that_does_not_answer_is_told(tmp_path: Path) -> None:
    """No scheduler, no workers, flags without the engine: a message, no traceback, nothing stored."""
    write_rows(tmp_path / "a.jsonl", _rows(1)[:1])
    done = dragoman("code", "a.jsonl", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", cwd=tmp_path)
    assert (done.returncode, rows_of(done)) == (1, [])
    assert "no Dask scheduler answers" in done.stderr
    with _cluster(tmp_path, 0) as (address, _), pytest.raises(EngineError, match="no workers"):
        list(iter_shards([], PLAN, replace(Cluster(), scheduler=address), given=Given(), coder="test"))
    assert dragoman("code", "a.jsonl", "--scheduler", "tcp://127.0.0.1:9", cwd=tmp_path).returncode == 2
