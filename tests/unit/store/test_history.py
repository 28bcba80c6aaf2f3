"""A store over time: what changed between two days, verifying it whole, copies of it, and layouts of earlier versions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from dragoman.clean.cleaner import article_id_of
from dragoman.cli import main
from dragoman.errors import StoreError, UsageError
from dragoman.records import Coded
from dragoman.store import EventFilter, Store, find_events, find_incidents, open_store
from dragoman.store.backups import backup, restore
from dragoman.store.history import find_changes
from dragoman.store.integrity import find_faults
from dragoman.store.migrations import apply_migrations, list_migrations
from dragoman.store.verdicts import merge, split

from ..stories import joined, make_stories, tell
from .test_writing import put

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ARTICLES = tell(make_stories(6, 3), articles=12, seed=4)


def hour(n: float) -> datetime:
    """Return so many hours after noon, as the store keeps it."""
    return (NOON + n * HOUR).replace(tzinfo=None)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of twelve articles."""
    path = tmp_path_factory.mktemp("filled") / "a.duckdb"
    with open_store(path) as store:
        put(store, joined(ARTICLES), at=NOON)
    return path


@pytest.fixture
def path(tmp_path: Path, filled: Path) -> Path:
    """Return a store of twelve articles that a test may change."""
    return Path(shutil.copy(filled, tmp_path / "a.duckdb"))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Return that store, open."""
    with open_store(path) as opened:
        yield opened


def kinds(store: Store, a: float, b: float) -> list[str]:
    """Return the kinds of change between two hours."""
    return sorted(c["change"] for c in find_changes(store, hour(a), hour(b)))


class TestDiff:
    """``dragoman diff``."""

    def test_what_is_new_appeared(self, store: Store) -> None:
        """Between before and after the first coding every incident appears; between two later moments nothing happens."""
        assert kinds(store, -1, 1) == ["appeared"] * len(list(find_incidents(store, EventFilter())))
        assert kinds(store, 1, 2) == []

    def test_merge_and_split_are_told(self, store: Store) -> None:
        """Two incidents become one, and two again."""
        a, b, *_ = find_incidents(store, EventFilter())
        merge(store, [a["incident_id"], b["incident_id"]], reviewer=None, at=NOON + HOUR)
        assert [c for c in kinds(store, 0.5, 1.5) if c != "changed"] == ["merged"]
        (told,) = [c for c in find_changes(store, hour(0.5), hour(1.5)) if c["change"] == "merged"]
        assert told["before"] == sorted([a["incident_id"], b["incident_id"]])
        split(store, told["after"][0], list(b["events"]), reviewer=None, at=NOON + 2 * HOUR)
        assert "split" in kinds(store, 1.5, 2.5)
        assert "split" not in kinds(store, 0.5, 2.5)

    def test_changed_fields_are_named(self, store: Store) -> None:
        """An event that is coded anew with another place changes its incident's place."""
        one = next(x for x in ARTICLES if len(x.events) == 1)
        place = one.events[0].place
        assert place is not None
        put(store, Coded(one.articles, [replace(one.events[0], mode="drone")]), at=NOON + HOUR)
        fields = {f for c in find_changes(store, hour(0.5), hour(1.5)) for f in c.get("fields", {})}
        assert fields <= {"mode", "actors", "recipients", "events", "counts"}
        assert kinds(store, 0.5, 1.5)

    def test_lost_events_are_withdrawn(self, store: Store) -> None:
        """An incident whose events a new coding does not find any more is withdrawn."""
        before = len(list(find_incidents(store, EventFilter())))
        put(store, Coded(joined(ARTICLES).articles, []), at=NOON + HOUR)
        assert kinds(store, 0.5, 1.5) == ["withdrawn"] * before

    def test_the_command(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The command prints a line per change and their sum; the wrong order is a mistake in usage."""
        assert main(["diff", "2024-06-04", "2024-06-05", "--format", "jsonl", "--db", str(path)]) == 0
        out, err = capsys.readouterr()
        rows = [json.loads(line) for line in out.splitlines()]
        assert {r["change"] for r in rows} == {"appeared"}
        assert f"{len(rows)} appeared" in err
        assert main(["diff", "2024-06-04", "2024-06-05T13:00", "--db", str(path)]) == 0
        assert main(["diff", "2024-06-05", "2024-06-04", "--db", str(path)]) == 2
        assert main(["diff", "yesterday", "--db", str(path)]) == 2


# What is broken, how, and words of what the doctor says to it.
FAULTS = {
    "span": ("UPDATE events SET quote = {'start': 0, 'end': 3, 'text': 'Nay'}", 'quote 0–3 of event'),
    "participant": ("DELETE FROM participants WHERE role = 'recipient'", "participants in its row"),
    "article": ("DELETE FROM articles WHERE source_id = '1'", "is of no stored article"),
    "member": ("DELETE FROM incident_events", "stands in no incident"),
    "incident": ("UPDATE incidents SET superseded_at = recorded_at", "which does not hold"),
    "events of an incident": ("UPDATE incidents SET events = events[2:]", "lists other events"),
    "link": ("INSERT INTO links VALUES ('a', 'follows', 'b', 1, NULL, '2024-06-05', NULL)", "a link of kind follows"),
    "verdict": ("INSERT INTO verdicts VALUES ('v', 'one', 'a', 'b', NULL, '2024-06-05', NULL)", "a verdict is of event a"),
    "vector": ("INSERT INTO vectors VALUES ('a', '\\x00'::BLOB, '2024-06-05', NULL)", "a vector is of event a"),
    "two rows": ("INSERT INTO events SELECT * FROM events", "rows that hold"),
    "overlap": (
        "INSERT INTO incidents SELECT * REPLACE (recorded_at + INTERVAL 1 HOUR AS recorded_at, recorded_at + INTERVAL 3 HOUR AS "
        "superseded_at) FROM incidents", "two rows of",
    ),
    "backwards": ("UPDATE articles SET superseded_at = recorded_at - INTERVAL 1 HOUR", "ends before it begins"),
    "digest": ("UPDATE events SET intensity = 3", "content_digest differs"),
    "id": ("UPDATE incidents SET incident_id = 'x' || incident_id", "id that follows from its first event"),
    "index": ("DELETE FROM components", "not in the index of merging"),
    "run": ("DELETE FROM runs", "which is not recorded"),
}  # fmt: skip


class TestDoctor:
    """``dragoman doctor --deep``."""

    def test_a_sound_store_has_no_fault(self, store: Store) -> None:
        """Also after new codings, merges and splits."""
        a, b, *_ = find_incidents(store, EventFilter())
        (one,) = merge(store, [a["incident_id"], b["incident_id"]], reviewer=None, at=NOON + HOUR)
        split(store, one, [a["events"][0]], reviewer=None, at=NOON + 2 * HOUR)
        put(store, Coded(ARTICLES[0].articles, ARTICLES[0].events[:-1]), at=NOON + 3 * HOUR)
        put(store, ARTICLES[0], at=NOON + 4 * HOUR)
        assert list(find_faults(store)) == []

    @pytest.mark.parametrize("name", FAULTS)
    def test_a_fault_is_told(self, store: Store, name: str) -> None:
        """Each kind of fault is found and told in words."""
        sql, words = FAULTS[name]
        store.connection.execute(sql)
        assert any(words in fault for fault in find_faults(store)), list(find_faults(store))

    def test_many_faults_are_counted(self, store: Store) -> None:
        """Of one kind twenty are told and the rest counted."""
        store.connection.execute(
            "INSERT INTO verdicts SELECT 'v' || n, 'one', 'a' || n, 'b' || n, NULL, TIMESTAMP '2024-06-05', NULL FROM range(50) t(n)"
        )
        faults = list(find_faults(store))
        assert len(faults) == 21
        assert "80 more" in faults[-1]

    def test_an_article_of_another_text_is_told(self, store: Store) -> None:
        """The id of an article follows from its text and URL."""
        faults = list(find_faults(store, article_id_of))
        assert len([f for f in faults if "text and URL" in f]) == len(ARTICLES)

    def test_the_command_exits_1_on_a_fault(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Faults go to standard output, one a line, the sum to standard error."""
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE articles SET article_id = article_id")
            connection.execute("DELETE FROM incident_events")
        assert main(["doctor", "--deep", "--db", str(path)]) == 1
        out, err = capsys.readouterr()
        assert all(line.startswith("FAULT  ") for line in out.splitlines())
        assert "faults" in err


class TestBackup:
    """``dragoman backup`` and ``restore``."""

    def test_a_backup_comes_back(self, path: Path, tmp_path: Path) -> None:
        """What is restored holds the same, and the store is as it was."""
        rows = backup(path, tmp_path / "b.duckdb")
        assert restore(tmp_path / "b.duckdb", tmp_path / "c.duckdb") == rows
        with open_store(path) as one, open_store(tmp_path / "c.duckdb") as two:
            assert list(find_events(one, EventFilter())) == list(find_events(two, EventFilter()))
            assert list(find_faults(two)) == []

    def test_nothing_is_overwritten(self, path: Path, tmp_path: Path) -> None:
        """A file that is there stays, unless --force is given; a restore never overwrites."""
        (tmp_path / "b.duckdb").write_text("mine")
        with pytest.raises(UsageError, match="is there already"):
            backup(path, tmp_path / "b.duckdb")
        assert (tmp_path / "b.duckdb").read_text() == "mine"
        backup(path, tmp_path / "b.duckdb", force=True)
        with pytest.raises(UsageError, match="is there already"):
            restore(tmp_path / "b.duckdb", path)
        with pytest.raises(UsageError, match="store itself"):
            backup(path, path, force=True)

    def test_what_is_no_store_is_refused(self, path: Path, tmp_path: Path) -> None:
        """A missing, foreign or broken backup leaves nothing behind."""
        (tmp_path / "text").write_text("no store at all")
        with duckdb.connect(str(tmp_path / "weather.duckdb")) as connection:
            connection.execute("CREATE TABLE rain (mm INTEGER)")
        for name in ("none", "text", "weather.duckdb"):
            with pytest.raises(StoreError):
                restore(tmp_path / name, tmp_path / "new.duckdb")
            assert not (tmp_path / "new.duckdb").exists()

    def test_an_open_store_is_not_copied(self, path: Path, tmp_path: Path) -> None:
        """A backup of an earlier layout leaves the store's layout alone."""
        old = tmp_path / "old.duckdb"
        with duckdb.connect(str(old)) as connection:
            make_layout(connection, 2)
        backup(old, tmp_path / "b.duckdb")
        with duckdb.connect(str(old), read_only=True) as connection:
            assert connection.execute("SELECT value FROM store_info WHERE key = 'version'").fetchone() == (
                "2",
            )

    def test_the_commands(self, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Both say what they copied."""
        copy, new = str(tmp_path / "b.duckdb"), str(tmp_path / "c.duckdb")
        assert main(["backup", copy, "--db", str(path)]) == 0
        assert main(["backup", copy, "--db", str(path)]) == 2
        assert main(["restore", copy, "--db", new]) == 0
        assert "12 rows of articles" in capsys.readouterr().err


def make_layout(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Make an empty store of an earlier layout."""
    for number, sql in list_migrations():
        if number <= version:
            for statement in (s.strip() for s in sql.split(";\n")):
                lines = [line for line in statement.splitlines() if not line.startswith("--")]
                if "".join(lines).strip():
                    connection.execute("\n".join(lines).rstrip(";"))
    connection.execute("DELETE FROM store_info WHERE key = 'version'")
    connection.execute("INSERT INTO store_info VALUES ('version', ?)", [str(version)])


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_store_of_an_earlier_layout_goes_on(tmp_path: Path, filled: Path, version: int) -> None:
    """Its rows are kept; the next coding groups its old events with the new ones, as if they had all been coded now."""
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as connection:
        make_layout(connection, version)
        connection.execute(f"ATTACH '{filled}' AS now (READ_ONLY)")
        for table in ("runs", "articles", "events", "participants", "incidents", "incident_events"):
            columns = [r[0] for r in connection.execute(f"DESCRIBE {table}").fetchall()]
            names = ", ".join(f'"{c}"' for c in columns)
            chosen = names
            if table == "events" and version == 1:
                parts = ", ".join(
                    f'"{p}" := confidence."{p}"' for p in ("type", "actors", "recipients", "place", "date")
                )
                chosen = names.replace('"confidence"', f"struct_pack({parts})")
            connection.execute(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM now.{table}")
        connection.execute("UPDATE incidents SET incident_id = 'old' || incident_id")
        connection.execute("UPDATE incident_events SET incident_id = 'old' || incident_id")
    with open_store(path) as store, open_store(filled, read_only=True) as whole:
        assert [e["event_id"] for e in find_events(store, EventFilter())] == [
            e["event_id"] for e in find_events(whole, EventFilter())
        ]
        assert all(i["counts"] is None for i in find_incidents(store, EventFilter()))
        article = replace(
            ARTICLES[0].articles[0], article_id="f" * 16, text="Nothing happened.", source="n:1"
        )
        put(store, Coded([article], []), at=NOON + HOUR)
        put(store, Coded([replace(article, published_on=date(2024, 6, 1))], []), at=NOON + 2 * HOUR)
        now = {i["incident_id"]: i["events"] for i in find_incidents(store, EventFilter())}
        assert now == {i["incident_id"]: i["events"] for i in find_incidents(whole, EventFilter())}
        assert list(find_faults(store)) == []


def test_migrations_are_applied_once(tmp_path: Path) -> None:
    """Opening a store of the newest layout changes nothing."""
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        newest = apply_migrations(connection, done=0)
        assert apply_migrations(connection, done=newest) == newest
