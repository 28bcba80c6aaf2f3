"""Inputs of every kind through the command line, and bulk reads that are killed and gone on with."""

from __future__ import annotations

import gzip
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import duckdb
import pytest
from unit.read.archive_making import parquet_file, pdf_file, warc_record

from .command import PAGE, TEXT, dragoman, environment, rows_of

ARCHIVED = 60
BATCHES = {"DRAGOMAN_RUN_BATCH_ARTICLES": "4"}


def archive(path: Path) -> Path:
    """Write a packed web archive of pages that differ, with a broken record among them."""
    records = [
        warc_record(
            f"https://keld{n}.example/2024/05/06/report",
            PAGE.replace("Leaders held", f"Leaders held {n}").encode(),
        )
        for n in range(ARCHIVED)
    ]
    records[7] = warc_record(
        "https://keld.example/cut", b"<p>cut</p>", warc_headers="WARC-Truncated: time\r\n"
    )
    path.write_bytes(b"".join(map(gzip.compress, records)))
    return path


@pytest.mark.model
@pytest.mark.parametrize("kind", ["parquet", "zip", "eml", "pdf", "warc", "list", "columns"])
def test_each_kind_of_input_is_coded(tmp_path: Path, kind: str) -> None:
    """One command codes every kind of input, and its events quote the text."""
    words: list[str | Path]
    if kind == "parquet":
        rows = f"SELECT '{TEXT}' AS body, 'Leaders held' AS headline, DATE '2024-05-06' AS \"date\""
        words = [parquet_file(tmp_path / "a.parquet", rows)]
    elif kind == "zip":
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
            packed.writestr("in/page.html", PAGE)
            packed.writestr("../evil.html", PAGE)
        words = [tmp_path / "a.zip"]
    elif kind == "eml":
        mail = f"From: Keld Letter <a@keld.example>\nSubject: Leaders held\nDate: Mon, 06 May 2024 10:00:00 +0000\n\n{TEXT}\n"
        (tmp_path / "a.eml").write_text(mail)
        words = [tmp_path / "a.eml"]
    elif kind == "pdf":
        lines = "Weekly report of the mission\n6 May 2024\n\n" + TEXT.replace(". ", ".\n")
        (tmp_path / "a.pdf").write_bytes(pdf_file([lines]))
        words = [tmp_path / "a.pdf"]
    elif kind == "warc":
        (tmp_path / "a.warc").write_bytes(warc_record("https://keld.example/a", PAGE.encode()))
        words = [tmp_path / "a.warc"]
    elif kind == "list":
        (tmp_path / "page.html").write_text(PAGE)
        (tmp_path / "list").write_text(f"# pages\n{tmp_path}/page.html\n{tmp_path}/lost.html\n")
        words = [f"@{tmp_path}/list"]
    else:
        (tmp_path / "a.csv").write_text(f'words,day\n"{TEXT}",2024-05-06\n')
        words = [tmp_path / "a.csv", "--columns", "text=words,published_on=day"]
    done = dragoman("code", *words, "--no-store", "--format", "jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {e["event_type"] for e in rows_of(done)} & {"COERCE", "ACCUSE", "CONSULT"}
    if kind == "zip":
        assert "unsafe_path" in done.stderr
    if kind == "parquet":
        assert "columns guessed: --columns text=body,title=headline,published_on=date" in done.stderr


def test_a_wrong_mapping_is_a_mistake_of_usage(tmp_path: Path) -> None:
    """The message says what the flag should look like."""
    done = dragoman("code", "a.csv", "--columns", "body=text", cwd=tmp_path)
    assert done.returncode == 2
    assert "text=body" in done.stderr


@pytest.mark.model
def test_what_a_folder_holds_besides_is_told(tmp_path: Path) -> None:
    """The last lines on stderr count what was passed over."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(PAGE)
    (folder / "b.jpg").write_bytes(b"\xff\xd8\xff")
    done = dragoman("code", folder, "--no-store", cwd=tmp_path)
    assert "passed over: 1 .jpg files" in done.stderr


def held(folder: Path) -> tuple[list[str], int]:
    """Return the sources of the stored articles that hold, and how many codings of them the store ever held."""
    with duckdb.connect(str(folder / "dragoman.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "SELECT source FROM articles WHERE superseded_at IS NULL ORDER BY ALL"
        ).fetchall()
        ((count,),) = connection.execute(
            "SELECT count(*) FROM articles WHERE superseded_at IS NULL"
        ).fetchall()
    return [Path(r[0]).name for r in rows], count


@pytest.mark.model
def test_kills_at_random_points_of_a_bulk_read(tmp_path: Path) -> None:
    """However often a read of an archive is killed, in the end every page is stored once."""
    path = archive(tmp_path / "a.warc.gz")
    chance = random.Random(6)
    command = [sys.executable, "-m", "dragoman.cli", "code", str(path), "--resume", "--format", "jsonl"]
    kills = 0
    for _ in range(4):
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment(**BATCHES), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.random() * 0.4)
        process.kill()
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 1
    done = dragoman("code", path, "--resume", cwd=tmp_path, settings=BATCHES)
    assert done.returncode == 0, done.stderr
    sources, rows = held(tmp_path)
    assert len(sources) == len(set(sources)) == rows == ARCHIVED - 1
    again = dragoman("code", path, "--resume", cwd=tmp_path, settings=BATCHES)
    assert f"{ARCHIVED} passed over" in again.stderr
    assert held(tmp_path) == (sources, rows)


@pytest.mark.model
def test_ctrl_c_ends_a_bulk_read_cleanly(tmp_path: Path) -> None:
    """Ctrl-C says how many articles are stored and how to go on."""
    path = archive(tmp_path / "a.warc.gz")
    command = [sys.executable, "-m", "dragoman.cli", "code", str(path), "--format", "jsonl"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(**BATCHES), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 130
    assert b"Go on with --resume" in told
    assert b"Traceback" not in told
