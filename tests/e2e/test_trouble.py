"""The command line in trouble: a machine that fails it, and runs that are stopped, killed and gone on with."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dragoman.parse.model import PACKAGED

from .command import TEXT, dragoman, environment, rows_of, write_rows


@pytest.mark.model
class TestMachineTrouble:
    """What is wrong with the machine stops the run with the way out, and never harms the store."""

    @pytest.fixture
    def page(self, tmp_path: Path) -> Path:
        """Return a text file."""
        path = tmp_path / "page.txt"
        path.write_text(TEXT, encoding="utf-8")
        return path

    def test_a_locked_store_names_the_process(self, tmp_path: Path, page: Path) -> None:
        """While another process writes to the store both writing and reading say who it is."""
        assert dragoman("code", page, cwd=tmp_path).returncode == 0
        hold = (
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", hold, str(tmp_path / "dragoman.duckdb")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:  # fmt: skip
            assert holder.stdout is not None
            holder.stdout.readline()
            for words in (["code", page], ["events"]):
                done = dragoman(*words, cwd=tmp_path)
                assert done.returncode == 1
                assert f"process {holder.pid}" in done.stderr
            assert holder.stdin is not None
            holder.stdin.close()
        assert dragoman("events", cwd=tmp_path).returncode == 0

    def test_a_foreign_database_is_left_alone(self, tmp_path: Path, page: Path) -> None:
        """A database of something else is refused with its tables named."""
        with duckdb.connect(str(tmp_path / "weather.duckdb")) as connection:
            connection.execute("CREATE TABLE rain AS SELECT 1 AS mm")
        before = (tmp_path / "weather.duckdb").read_bytes()
        done = dragoman("code", page, "--db", "weather.duckdb", cwd=tmp_path)
        assert done.returncode == 1
        assert "rain" in done.stderr
        assert (tmp_path / "weather.duckdb").read_bytes() == before

    @pytest.mark.parametrize("flags", [["--no-store"], [], ["--no-store", "--workers", "2"]])
    def test_a_missing_encoder_is_named(self, tmp_path: Path, page: Path, flags: list[str]) -> None:
        """With or without store and workers the error is the same one sentence, and no store is made."""
        done = dragoman("code", page, *flags, cwd=tmp_path, settings={"DRAGOMAN_PARSE_MODEL": "none"})
        assert done.returncode == 1
        assert 'no encoder found: "none/card.json" does not exist' in done.stderr
        assert list(tmp_path.iterdir()) == [page]

    @pytest.mark.parametrize("flags", [["--no-store"], []])
    def test_an_altered_encoder_is_refused(self, tmp_path: Path, page: Path, flags: list[str]) -> None:
        """One changed byte of a model file stops the run with both digests."""
        folder = tmp_path / "model"
        shutil.copytree(PACKAGED, folder)
        path = folder / "encoder.onnx"
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        done = dragoman("code", page, *flags, cwd=tmp_path, settings={"DRAGOMAN_PARSE_MODEL": str(folder)})
        assert done.returncode == 1
        assert re.search(r'"[^"]*encoder\.onnx" has SHA-256 \w+…, its card says \w+…', done.stderr)
        assert not (tmp_path / "dragoman.duckdb").exists()

    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_a_wrong_actor_table_names_its_line(self, tmp_path: Path, page: Path, workers: str) -> None:
        """A bad row of the user's own actors stops the run with file and line."""
        (tmp_path / "own.csv").write_text("name,country\nDockers,NO\n", encoding="utf-8")
        settings = {"DRAGOMAN_RESOLVE_REGISTRY": "own.csv"}
        done = dragoman("code", page, "--no-store", "--workers", workers, cwd=tmp_path, settings=settings)
        assert done.returncode == 1
        assert 'own.csv, line 2: "NO" is not a country' in done.stderr

    def test_a_full_disk_keeps_whole_batches(self, tmp_path: Path) -> None:
        """When the store cannot grow the run ends with the way on; with room again --resume ends what was begun."""
        # The long outlet fills the store without work for the encoder.
        outlet = "Keld Times " * 3000
        rows = [{"id": n, "text": f"{TEXT} Report {n}.", "outlet": outlet} for n in range(60)]
        path = write_rows(tmp_path / "a.jsonl", [{**row, "published_on": "2024-05-06"} for row in rows])
        settings = {"DRAGOMAN_RUN_BATCH_ARTICLES": "2"}

        def little_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000, 1_200_000))

        done = dragoman(
            "code", path, "--format", "jsonl", cwd=tmp_path, settings=settings, before=little_room
        )
        assert done.returncode == 1
        assert "the disk is full" in done.stderr
        assert "--resume" in done.stderr
        kept = stored(tmp_path)
        articles = {e["article_id"] for e in kept}
        assert 0 < len(articles) < 60
        assert len(articles) % 2 == 0
        again = dragoman("code", path, "--resume", cwd=tmp_path, settings=settings)
        assert again.returncode == 0
        assert f"{len(articles)} passed over" in again.stderr
        assert len({e["article_id"] for e in stored(tmp_path)}) == 60


MANY: list[Mapping[str, Any] | str] = [
    {"id": n, "text": f"{TEXT} It was report {n}.", "published_on": "2024-05-06"} for n in range(80)
]
MANY[2] = "not JSON"
BATCHES = {"DRAGOMAN_RUN_BATCH_ARTICLES": "4"}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the stored events of many rows after a run that nothing stopped."""
    folder = tmp_path_factory.mktemp("whole")
    path = write_rows(folder / "a.jsonl", MANY)
    assert dragoman("code", path, cwd=folder, settings=BATCHES).returncode == 0
    return stored(folder)


@pytest.mark.model
@pytest.mark.parametrize("workers", ["1", "2"])
class TestStoppedRuns:
    """A run that is stopped early loses nothing that it stored and doubles nothing when it goes on."""

    def test_ctrl_c_keeps_whole_batches(
        self, tmp_path: Path, workers: str, uninterrupted: list[dict[str, Any]]
    ) -> None:
        """Ctrl-C ends with status 130 and the way on; --resume then ends with what an uninterrupted run has."""
        path = write_rows(tmp_path / "a.jsonl", MANY)
        settings = {**BATCHES, "DRAGOMAN_RUN_WORKERS": workers}
        status, told = stop_early(path, settings, lambda process: os.killpg(process.pid, signal.SIGINT))
        assert status == 130
        assert "Traceback" not in told
        match = re.search(r"stopped; (\d+) articles are stored whole. Go on with --resume", told)
        assert match is not None
        assert whole_batches(tmp_path) == (int(match[1]), "stopped")
        assert dragoman("code", path, "--resume", cwd=tmp_path, settings=settings).returncode == 0
        assert stored(tmp_path) == uninterrupted

    def test_a_killed_run_goes_on(
        self, tmp_path: Path, workers: str, uninterrupted: list[dict[str, Any]]
    ) -> None:
        """After a kill no worker stays behind, whole batches are stored, and --resume ends the run as if it were one."""
        path = write_rows(tmp_path / "a.jsonl", MANY)
        settings = {**BATCHES, "DRAGOMAN_RUN_WORKERS": workers}
        status, _ = stop_early(path, settings, lambda process: process.kill())
        assert status == -signal.SIGKILL
        _, outcome = whole_batches(tmp_path)
        assert outcome is None
        assert dragoman("code", path, "--resume", cwd=tmp_path, settings=settings).returncode == 0
        assert stored(tmp_path) == uninterrupted


def stop_early(
    path: Path, settings: Mapping[str, str], stop: Callable[[subprocess.Popen[bytes]], None]
) -> tuple[int, str]:
    """Return status and stderr of a run in a process group of its own that is stopped at its first event.

    Its output is read to the end, so this waits for workers too.
    """
    command = [sys.executable, "-m", "dragoman.cli", "code", str(path), "--format", "jsonl"]
    with subprocess.Popen(
        command, cwd=path.parent, env=environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        stop(process)
        _, err = process.communicate()
    return process.returncode, err.decode()


def whole_batches(folder: Path) -> tuple[int, str | None]:
    """Return how many articles a stopped run stored, which are some, not all, and whole batches; and its outcome."""
    with duckdb.connect(str(folder / "dragoman.duckdb"), read_only=True) as connection:
        sources = connection.execute("SELECT DISTINCT source FROM articles").fetchall()
        ((outcome,),) = connection.execute("SELECT outcome FROM runs").fetchall()
    done = len(sources)
    assert 0 < done < len(MANY) - 1
    assert (done + 1) % 4 == 0, "the first batch has one bad row, every other four articles"
    return done, outcome


def stored(folder: Path) -> list[dict[str, Any]]:
    """Return all events of a folder's store, in the order of their ids."""
    rows = rows_of(dragoman("events", "--format", "jsonl", cwd=folder))
    return sorted(rows, key=lambda e: str(e["event_id"]))
