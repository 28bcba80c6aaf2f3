"""Opening a store: new, old, foreign, locked and too new files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dragoman.errors import StoreError, StoreForeign, StoreLocked, StoreTooNew
from dragoman.store import get_counts, open_store
from dragoman.store.migrations import apply_migrations, latest, list_migrations

# Opens a DuckDB file for writing, says so, and keeps it until its standard input is closed.
HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"


def test_a_new_store_is_empty_and_stays(tmp_path: Path) -> None:
    """Opening makes the file with its layout; opening it again, to write or to read, finds it empty."""
    path = tmp_path / "a.duckdb"
    with open_store(path) as store:
        assert set(get_counts(store).values()) == {0}
    for read_only in (False, True):
        with open_store(path, read_only=read_only) as store:
            assert set(get_counts(store).values()) == {0}


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """A store opened to be read refuses a change."""
    path = tmp_path / "a.duckdb"
    open_store(path).close()
    with (
        open_store(path, read_only=True) as store,
        pytest.raises(StoreError),
        store.transaction() as connection,
    ):
        connection.execute("DELETE FROM runs")


def test_a_reader_of_a_missing_store_learns_how_to_make_one(tmp_path: Path) -> None:
    """Reading makes no file; the error names the file and the command."""
    path = tmp_path / "a.duckdb"
    with pytest.raises(StoreError, match="dragoman code") as caught:
        open_store(path, read_only=True)
    assert str(path) in str(caught.value)
    assert not path.exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The folder of a new store is not made on the quiet."""
    with pytest.raises(StoreError, match="does not exist") as caught:
        open_store(tmp_path / "none" / "a.duckdb")
    assert str(tmp_path / "none") in str(caught.value)


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    """A folder in place of the file is told as such."""
    with pytest.raises(StoreForeign, match="is a folder"):
        open_store(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"Talks began in Halden.\n" * 1000, b"SQLite format 3\x00" + bytes(5000)]
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, content: bytes, read_only: bool) -> None:
    """A file that is not DuckDB's is refused by name and keeps its bytes."""
    path = tmp_path / "a.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreForeign, match="not a Dragoman store") as caught:
        open_store(path, read_only=read_only)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("read_only", [False, True])
def test_a_duckdb_file_of_something_else_is_left_alone(tmp_path: Path, read_only: bool) -> None:
    """Another program's tables are named and nothing is added to them."""
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE weather AS SELECT 1 AS rain")
    with pytest.raises(StoreForeign, match="weather"):
        open_store(path, read_only=read_only)
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT table_name FROM information_schema.tables").fetchall() == [
            ("weather",)
        ]


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_layout_is_refused(tmp_path: Path, read_only: bool) -> None:
    """A store with a layout that this version does not know is refused with both numbers, and not changed."""
    path = tmp_path / "a.duckdb"
    with open_store(path) as store:
        store.connection.execute("UPDATE store_info SET value = ? WHERE key = 'version'", [str(latest() + 7)])
    with pytest.raises(StoreTooNew, match=rf"{latest() + 7}.*{latest()}.*Upgrade"):
        open_store(path, read_only=read_only)
    with duckdb.connect(str(path)) as connection:
        row = connection.execute("SELECT value FROM store_info WHERE key = 'version'").fetchone()
    assert row == (str(latest() + 7),)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_store_that_another_process_writes_to_is_locked(tmp_path: Path, read_only: bool) -> None:
    """The error names the file and the process that has it; once that is gone the store opens."""
    path = tmp_path / "a.duckdb"
    open_store(path).close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder:
        try:
            assert holder.stdout.readline() == "open\n"
            with pytest.raises(StoreLocked, match=f"process {holder.pid}") as caught:
                open_store(path, read_only=read_only)
            assert str(path) in str(caught.value)
        finally:
            holder.stdin.close()
    open_store(path, read_only=read_only).close()


def test_a_writer_waits_for_who_reads_a_moment(tmp_path: Path) -> None:
    """A server lets go of the file a second after the last question: whoever writes beside it is not turned away for that."""
    path = tmp_path / "a.duckdb"
    open_store(path).close()
    read = "import sys, time, duckdb; c = duckdb.connect(sys.argv[1], read_only=True); print('open', flush=True); time.sleep(1)"
    with subprocess.Popen(
        [sys.executable, "-c", read, str(path)], stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        with pytest.raises(duckdb.IOException, match="lock"):
            duckdb.connect(str(path))
        open_store(path).close()


def test_a_failed_first_opening_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the layout cannot be made the new file goes again; a half-made store is never left behind."""

    def fail(connection: duckdb.DuckDBPyConnection, *, done: int) -> int:
        raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr("dragoman.store.opening.apply_migrations", fail)
    path = tmp_path / "a.duckdb"
    with pytest.raises(StoreError, match="the disk is full"):
        open_store(path)
    assert list(tmp_path.iterdir()) == []


def test_migrations_are_numbered_from_one() -> None:
    """Their numbers begin with 1 and grow, none is given twice, and the newest is the layout of a new store."""
    numbers = [number for number, _ in list_migrations()]
    assert numbers[0] == 1
    assert numbers == sorted(set(numbers))
    assert latest() == numbers[-1]


def test_an_older_layout_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store one migration behind gets what is missing when it is opened for writing, once."""
    path = tmp_path / "a.duckdb"
    open_store(path).close()
    more = (
        latest() + 1,
        "-- a comment\nALTER TABLE runs ADD COLUMN host VARCHAR;\nCOMMENT ON COLUMN runs.host IS 'x';\n",
    )
    monkeypatch.setattr("dragoman.store.migrations.list_migrations", lambda: [*list_migrations(), more])
    for _ in range(2):
        with open_store(path) as store:
            assert store.connection.execute("SELECT host FROM runs").fetchall() == []
            assert store.connection.execute("SELECT value FROM store_info").fetchall() == [(str(more[0]),)]


def test_a_broken_migration_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a statement of a migration fails nothing of it stays and the version is the old one."""
    path = tmp_path / "a.duckdb"
    more = (latest() + 1, "ALTER TABLE runs ADD COLUMN host VARCHAR;\nSELECT no_such_function();\n")
    with open_store(path) as store:
        version = store.connection.execute("SELECT value FROM store_info").fetchall()
        monkeypatch.setattr("dragoman.store.migrations.list_migrations", lambda: [more])
        with pytest.raises(duckdb.Error, match="no_such_function"):
            apply_migrations(store.connection, done=more[0] - 1)
        assert store.connection.execute("SELECT value FROM store_info").fetchall() == version
        with pytest.raises(duckdb.Error, match="host"):
            store.connection.execute("SELECT host FROM runs")


def test_an_older_layout_is_brought_up_to_date_for_reading(tmp_path: Path) -> None:
    """A store that stopped at layout 6 can be read: it is brought up to date first, and nothing of it is lost."""
    path = tmp_path / "old.duckdb"
    with open_store(path) as store:
        store.connection.execute("DROP TABLE alerts")
        store.connection.execute("DROP TABLE foreign_events")
        store.connection.execute("DROP TABLE shards")
        store.connection.execute("CREATE TABLE alerts (alert_id VARCHAR PRIMARY KEY)")
        store.connection.execute("INSERT INTO store_info VALUES ('test', 'kept')")
        store.connection.execute("UPDATE store_info SET value = '6' WHERE key = 'version'")
    with open_store(path, read_only=True) as store:
        info = dict(store.connection.execute("SELECT key, value FROM store_info").fetchall())
        assert info["version"] == str(latest())
        assert info["test"] == "kept"
        assert store.connection.execute("SELECT count(*) FROM alerts WHERE rises").fetchone() == (0,)
    with open_store(path, read_only=True) as store, pytest.raises(duckdb.Error):
        store.connection.execute("DELETE FROM store_info")
