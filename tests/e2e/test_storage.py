"""Input from a storage that fsspec knows: Parquet, WARC and lists, by address; S3 as a real local server gives it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.read.archive_making import parquet_file, warc_record

from dragoman.cli.cluster import _units
from dragoman.errors import InputError
from dragoman.read import Meter, Reading
from dragoman.records import RawArticle, Rejected
from dragoman.run.units import Given, Unit, split_inputs, storage_units
from dragoman.store import open_store

from .command import TEXT, dragoman, environment, write_rows

pytest.importorskip("fsspec", reason='fsspec is not installed (the extra "dask")')

ROWS = [{"id": f"r{n}", "text": f"{TEXT} Report {n}.", "published_on": "2024-05-06"} for n in range(3)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with rows as JSONL, as Parquet, and a page in a WARC."""
    made = tmp_path / "news"
    made.mkdir()
    write_rows(made / "a.jsonl", ROWS[:2])
    values = ", ".join(f"('p{n}', '{row['text']}', DATE '2024-05-06')" for n, row in enumerate(ROWS))
    parquet_file(made / "b.parquet", f"SELECT * FROM (VALUES {values}) t(id, text, published_on)")
    (made / "c.warc").write_bytes(
        warc_record("https://news.example/1") + warc_record("https://news.example/2")
    )
    return made


def read(inputs: list[str]) -> list[RawArticle | Rejected]:
    """Return what workers read of inputs, each unit alone."""
    units: list[Unit] = list(
        _units(
            inputs, given=Given(), reading=Reading(meter=Meter(tell=lambda line: None)), shared=False, size=10
        )
    )
    return [item for unit in units for item in unit.read(Given())]


def test_parquet_warc_and_rows_are_read_by_address(folder: Path) -> None:
    """Each kind of file gives by its address what it gives by its path, with the address as source."""
    for name, count in (("a.jsonl", 2), ("b.parquet", 3), ("c.warc", 2)):
        there, here = read([f"file://{folder}/{name}"]), read([str(folder / name)])
        assert len(there) == count
        assert all(isinstance(item, RawArticle) for item in there)
        assert [item.source for item in there if isinstance(item, RawArticle)] == [
            f"file://{item.source}" for item in here if isinstance(item, RawArticle)
        ]
        assert [item.body for item in there if isinstance(item, RawArticle)] == [
            item.body for item in here if isinstance(item, RawArticle)
        ]


def test_a_pattern_stands_for_its_objects_in_order(folder: Path) -> None:
    """A pattern gives a unit for each object that fits; one that fits nothing is told."""
    units = list(storage_units([(f"file://{folder}/*", None)]))
    assert [u.name.rsplit("/", 1)[1] for u in units] == ["a.jsonl", "b.parquet", "c.warc"]
    assert len({u.mark for u in units}) == 3
    with pytest.raises(InputError, match="fits no object"):
        list(storage_units([(f"file://{folder}/*.csv", None)]))


@pytest.mark.parametrize("far", [False, True])
def test_a_list_names_objects_files_and_remarks(folder: Path, far: bool) -> None:
    """A list, here or in the storage, gives its objects and files; a lost object is a rejection that names the line."""
    lines = [
        "# news",
        f"file://{folder}/b.parquet",
        "",
        f"file://{folder}/lost.jsonl",
        str(folder / "a.jsonl"),
    ]
    (folder / "parts.txt").write_text("\r\n".join(lines), "utf-8")
    name = f"file://{folder}/parts.txt" if far else str(folder / "parts.txt")
    items = read([f"@{name}"])
    assert sum(isinstance(item, RawArticle) for item in items) == 5
    (lost,) = (item for item in items if isinstance(item, Rejected))
    assert lost.reason == "missing"
    assert f"{name}, line 4" in lost.detail
    assert split_inputs([f"@{folder}/plain.txt", "-", "https://a.example/b"])[1] == [
        f"@{folder}/plain.txt",
        "-",
        "https://a.example/b",
    ]
    with pytest.raises(InputError, match=r"nowhere\.txt"):
        split_inputs([f"@file://{folder}/nowhere.txt"])


def test_objects_in_memory_are_read(folder: Path) -> None:
    """Any storage of fsspec will do, such as one in memory."""
    import fsspec

    with fsspec.open("memory://news/b.parquet", "wb") as stream:
        stream.write((folder / "b.parquet").read_bytes())
    assert len(read(["memory://news/*.parquet"])) == 3


@pytest.fixture
def bucket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the address of a bucket with the files, on a local server that speaks S3."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    pytest.importorskip("moto.server", reason="moto is not installed, which gives a local S3")
    import fsspec

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    own = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for name, value in (("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_DEFAULT_REGION", "us-east-1"),
                            ("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}"), ("NO_PROXY", "127.0.0.1")):  # fmt: skip
            monkeypatch.setenv(name, value)
        until = time.monotonic() + 60
        while True:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < until
            time.sleep(0.2)
        system = fsspec.filesystem("s3", skip_instance_cache=True)
        system.mkdir("news")
        for file in folder.iterdir():
            system.put_file(str(file), f"news/{file.name}")
        with system.open("news/parts.txt", "wb") as stream:
            stream.write(b"s3://news/a.jsonl\ns3://news/b.parquet\ns3://news/c.warc\ns3://news/lost.warc\n")
        yield "s3://news"
    finally:
        own.kill()
        own.wait()


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_codes_a_bucket(bucket: str, tmp_path: Path) -> None:
    """Workers read rows, Parquet and WARC of a bucket that a list in it names, and the store holds them all."""
    pytest.importorskip("distributed", reason="dask is not installed")
    done = dragoman(
        "code", f"@{bucket}/parts.txt", "--engine", "dask", "--workers", "1", "--db", "a.duckdb", "--format", "none",
        cwd=tmp_path, settings=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with open_store(tmp_path / "a.duckdb", read_only=True) as store:
        sources = {r[0] for r in store.connection.execute("SELECT source FROM articles").fetchall()}
        lost = store.connection.execute("SELECT item_id FROM rejections").fetchall()
    assert {s.split(":")[1].rsplit("/", 1)[1] for s in sources} == {"a.jsonl", "b.parquet", "c.warc"}
    assert ("s3://news/lost.warc",) in lost
