"""``dragoman export postgres`` on a real server: what the store holds now is what the views give, whatever happened in between."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from unit.store.test_writing import put
from unit.stories import joined, make_stories, tell

from dragoman.errors import (
    TargetBusy,
    TargetError,
    TargetForeign,
    TargetTooNew,
    UsageError,
)
from dragoman.mirror import Kept, Mirror, address_of
from dragoman.mirror.server import Server
from dragoman.mirror.tables import TABLES, VIEWS
from dragoman.records import Coded
from dragoman.store import EventFilter, Store, add_review, find_events, find_incidents, open_store
from dragoman.store.verdicts import merge, split

from .command import dragoman, environment
from .team_server import PASSWORD, asking, check_equal, events_there, serving_postgres

psycopg = pytest.importorskip("psycopg", reason='psycopg is not installed (the extra "postgres")')

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ARTICLES = tell(make_stories(14, 3), articles=40, seed=4)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a server of its own."""
    with serving_postgres() as number:
        yield number


@pytest.fixture
def server(port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of an empty database of its own; the password is in the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    base = f"postgresql://owner@127.0.0.1:{port}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS team WITH (FORCE)")
        admin.execute("CREATE DATABASE team")
    return f"{base}/team"


def fill(path: Path, first: int, last: int, *, at: datetime = NOON, size: int = 5) -> None:
    """Store some of the articles, a batch an hour."""
    with open_store(path) as store:
        for n in range(first, last, size):
            put(store, joined(ARTICLES[n : min(n + size, last)]), at=at + n * HOUR)


def _grown(store: Store) -> str:
    return next(str(i["incident_id"]) for i in find_incidents(store, EventFilter()) if len(i["events"]) > 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of twenty articles."""
    path = tmp_path / "a.duckdb"
    fill(path, 0, 20)
    return path


def keep(path: Path, server: str, **more: Any) -> Kept:
    """Bring the schema in step once, in small batches."""
    return Mirror(path, server, "dragoman", batch_rows=60).keep(**more)


def test_the_schema_follows_coding_correcting_merging_and_splitting(path: Path, server: str) -> None:
    """After each step a run sends just that, and every current event, incident, report and link is as in the store."""
    first = keep(path, server)
    check_equal(path, server)
    assert first.sent["events"] > 30
    assert keep(path, server).sent == dict.fromkeys((t.name for t in TABLES), 0)
    later = NOON + 200 * HOUR
    with open_store(path) as store:
        gone, wrong = [
            e["event_id"] for e in find_events(store, EventFilter(event_types=["ASSAULT"]), limit=2)
        ]
    steps: list[Callable[[Store], object]] = [
        lambda s: add_review(s, event_id=gone, verdict="rejected", reviewer="ada", at=later),
        lambda s: add_review(s, event_id=wrong, verdict="corrected", correction={"event_type": "COERCE"}, reviewer="ada", at=later + HOUR),
        lambda s: split(s, _grown(s), reviewer="ada", at=later + 2 * HOUR),
        lambda s: merge(s, [i["incident_id"] for i in find_incidents(s, EventFilter(), limit=2)], reviewer="ada", at=later + 3 * HOUR),
        lambda s: add_review(s, event_id=gone, verdict="accepted", reviewer="ada", at=later + 4 * HOUR),
        lambda s: put(s, joined([Coded(c.articles, c.events[1:]) for c in ARTICLES[:6]]), at=later + 5 * HOUR),
        lambda s: put(s, joined(ARTICLES[20:30]), at=later + 6 * HOUR),
    ]  # fmt: skip
    for n, step in enumerate(steps):
        with open_store(path) as store:
            step(store)
        done = keep(path, server)
        assert sum(done.sent.values()) + sum(done.closed.values()) > 0, n
        assert done.sent["events"] < first.sent["events"]
        check_equal(path, server)


def test_any_state_of_knowledge_can_be_asked_for(path: Path, server: str) -> None:
    """The versions in the schema that held at a moment are those of the store."""
    with open_store(path) as store:
        put(store, joined([Coded(c.articles, c.events[1:]) for c in ARTICLES[:6]]), at=NOON + 100 * HOUR)
        moment = (NOON + 8 * HOUR).replace(tzinfo=None)
        then = sorted(e["event_id"] for e in find_events(store, EventFilter(as_of=moment)))
    keep(path, server)
    with asking(server) as connection:
        rows = connection.execute(
            "SELECT event_id FROM events WHERE recorded_at <= %(t)s AND (superseded_at IS NULL OR superseded_at > %(t)s)",
            {"t": NOON + 8 * HOUR},
        ).fetchall()
    assert sorted(r["event_id"] for r in rows) == then


def test_words_of_every_kind_arrive_as_they_are(tmp_path: Path, server: str) -> None:
    """Quotes, backslashes, line ends, braces and the separators of the way itself arrive; U+0000 becomes U+FFFD."""
    path, odd = tmp_path / "a.duckdb", 'a "b" \\ {c},\t\n\x01 ü 😀 \\u0000 \\N'
    fill(path, 0, 5)
    with open_store(path) as store:
        store.connection.execute("UPDATE articles SET title = ?, outlet = ''", [odd])
        store.connection.execute(
            "UPDATE articles SET newsroom = 'x' || chr(0) || 'y' WHERE article_id = (SELECT min(article_id) FROM articles)"
        )
        store.connection.execute("UPDATE incidents SET newsrooms = [?, '', 'NULL']", [odd])
        store.connection.execute(
            "UPDATE events SET actors = [struct_update(p, name := ?) for p in actors]", [odd]
        )
    keep(path, server)
    with asking(server) as connection:
        assert {r["title"] for r in connection.execute("SELECT title FROM articles")} == {odd}
        assert {r["outlet"] for r in connection.execute("SELECT outlet FROM articles")} == {""}
        assert (
            next(
                r["newsroom"] for r in connection.execute("SELECT newsroom FROM articles ORDER BY article_id")
            )
            == "x\ufffdy"
        )
        assert next(r["newsrooms"] for r in connection.execute("SELECT newsrooms FROM incidents")) == [
            odd,
            "",
            "NULL",
        ]
        names = {p["name"] for r in connection.execute("SELECT actors FROM events") for p in r["actors"]}
        # Inside JSON the six characters of an escaped zero cannot be told from a zero.
        assert names == {odd.replace("\\u0000", "\\ufffd")}


@pytest.mark.slow
def test_a_killed_export_goes_on_and_doubles_nothing(tmp_path: Path, server: str) -> None:
    """Killed again and again in the middle of a batch, it ends with what one run gives, and at any time it is a state of the store."""
    path = tmp_path / "a.duckdb"
    fill(path, 0, 40, size=1)
    words = [sys.executable, "-c", "import sys; from pathlib import Path; from dragoman.mirror import Mirror; "
             f"Mirror(Path({str(path)!r}), {server!r}, 'dragoman', batch_rows=1).keep()"]  # fmt: skip
    with open_store(path, read_only=True) as store:
        whole = sum(1 for _ in find_events(store, EventFilter()))
    seen = set()
    for wait in (1.0, 0.4, 0.6, 0.5, 0.3):
        own = subprocess.Popen(words, env=environment())
        until = time.monotonic() + 60
        before = _mark(server)
        while _mark(server) == before and own.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(wait / 10)
        own.send_signal(signal.SIGKILL)
        own.wait()
        mark = _mark(server)
        if mark is None:
            continue
        seen.add(mark)
        with open_store(path, read_only=True) as store:
            then = {e["event_id"] for e in find_events(store, EventFilter(as_of=mark.replace(tzinfo=None)))}
        with asking(server) as connection:
            assert {r["event_id"] for r in connection.execute("SELECT event_id FROM current_events")} == then
    assert seen
    keep(path, server)
    check_equal(path, server)
    assert len(events_there(server)) == whole


def _mark(server: str) -> datetime | None:
    with asking(server) as connection:
        if connection.execute("SELECT to_regclass('export_state') AS there").fetchone()["there"] is None:
            return None
        mark: datetime | None = connection.execute("SELECT mark FROM export_state").fetchone()["mark"]
    return mark


def test_two_exports_at_once_do_not_double(path: Path, server: str) -> None:
    """While one holds the schema another is refused; when it lets go, the next goes on."""
    keep(path, server)
    fill(path, 20, 25)
    with Server(server, "dragoman") as held:
        held.lock()
        with pytest.raises(TargetBusy, match="another export sends"):
            keep(path, server)
    keep(path, server)
    check_equal(path, server)


def test_rows_of_a_clock_that_went_back_are_found(path: Path, server: str) -> None:
    """What was recorded or closed at a moment that was sent already is noticed and sent."""
    keep(path, server)
    fill(path, 20, 24, at=NOON - 100 * HOUR)
    with open_store(path) as store:
        put(store, joined([Coded(c.articles, c.events[1:]) for c in ARTICLES[:2]]), at=NOON + 1 * HOUR)
    done = keep(path, server)
    assert done.sent["events"] > 0
    check_equal(path, server)
    with open_store(path) as store:  # twice within one moment: the first version never held
        for day in (1, 2):
            part = joined(ARTICLES[4:6])
            part.articles[:] = [
                replace(a, published_on=(NOON + timedelta(days=day)).date()) for a in part.articles
            ]
            put(store, part, at=NOON + 300 * HOUR)
        assert store.connection.execute(
            "SELECT count(*) FROM articles WHERE superseded_at = recorded_at"
        ).fetchone() != (0,)
    keep(path, server)
    check_equal(path, server)
    with open_store(path) as store:  # and once more after it was sent
        part = joined(ARTICLES[4:6])
        part.articles[:] = [replace(a, published_on=(NOON + timedelta(days=3)).date()) for a in part.articles]
        put(store, part, at=NOON + 300 * HOUR)
    keep(path, server)
    check_equal(path, server)


def test_another_store_is_refused_unless_it_is_to_replace(path: Path, tmp_path: Path, server: str) -> None:
    """Another store, and the same restored from an older copy, are refused in words; --replace sends them whole."""
    keep(path, server)
    older = tmp_path / "older.duckdb"
    shutil.copy(path, older)
    fill(path, 20, 25)
    keep(path, server)
    with pytest.raises(TargetForeign, match="restored from an older backup"):
        keep(older, server)
    other = tmp_path / "b.duckdb"
    fill(other, 25, 35)
    with pytest.raises(TargetForeign, match="copy of another store"):
        keep(other, server)
    check_equal(path, server)
    with asking(server) as connection:
        connection.execute("CREATE VIEW public.ours AS SELECT event_id FROM dragoman.current_events")
    keep(other, server, replace_all=True)
    check_equal(other, server)
    with asking(server) as connection:
        assert connection.execute("SELECT count(*) AS n FROM public.ours").fetchone()["n"] > 0


def test_a_schema_of_something_else_or_newer_is_left_alone(path: Path, server: str) -> None:
    """Tables that are not ours are refused, those of a newer Dragoman as well, each in words."""
    with asking(server) as connection:
        connection.execute("CREATE SCHEMA dragoman CREATE TABLE books (title text)")
    with pytest.raises(TargetForeign, match="books"):
        keep(path, server)
    with asking(server) as connection:
        connection.execute("DROP TABLE books")
    keep(path, server)
    with asking(server) as connection:
        connection.execute("UPDATE export_state SET layout = 99")
    with pytest.raises(TargetTooNew, match="layout 99"):
        keep(path, server)


def test_rows_that_somebody_deleted_are_told(path: Path, server: str) -> None:
    """A closing that finds no row is not passed over in silence."""
    keep(path, server)
    with asking(server) as connection:
        connection.execute("DELETE FROM events")
    with open_store(path) as store:
        put(store, joined([Coded(c.articles, c.events[1:]) for c in ARTICLES[:6]]), at=NOON + 100 * HOUR)
    with pytest.raises(TargetForeign, match="somebody else changed"):
        keep(path, server)


def test_every_table_view_and_column_has_a_comment_and_indexes_are_used(path: Path, server: str) -> None:
    """The schema explains itself, and the usual questions are answered by indexes."""
    keep(path, server)
    with asking(server) as connection:
        bare = connection.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
            "WHERE c.relnamespace = 'dragoman'::regnamespace AND c.relkind = 'r' AND col_description(c.oid, a.attnum) IS NULL"
        ).fetchall()
        assert bare == []
        named = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'dragoman'::regnamespace AND relkind IN ('r', 'v') "
            "AND obj_description(oid) IS NOT NULL"
        ).fetchall()
        assert {r["relname"] for r in named} == {*(t.name for t in TABLES), *VIEWS, "export_state"}
        connection.execute("SET enable_seqscan = off")
        for question, index in (
            ("SELECT * FROM current_incidents WHERE codes @> '{IRN,ISR}'", "incidents_by_side"),
            (
                "SELECT * FROM current_events WHERE event_type = 'ASSAULT' AND date_from >= '2024-01-01'",
                "events_by_type",
            ),
            ("SELECT * FROM current_events WHERE article_id = 'x'", "events_by_article"),
            ("SELECT * FROM current_events WHERE event_id = 'x'", "events_now"),
            ("SELECT * FROM incident_reports WHERE incident_id = 'x'", "incident_events_by_incident"),
        ):
            plan = "\n".join(str(r) for r in connection.execute(f"EXPLAIN {question}").fetchall())
            assert index in plan, plan


def test_the_questions_of_the_guide_are_answered(path: Path, server: str) -> None:
    """Every query of docs/postgres.md runs as it stands."""
    keep(path, server)
    page = (Path(__file__).resolve().parents[2] / "docs/postgres.md").read_text("utf-8")
    queries = re.findall(r"```sql\n(.*?)```", page, re.S)
    assert len(queries) > 5
    with asking(server) as connection:
        for query in queries:
            connection.execute(query)


class TestCommand:
    """The command as a process."""

    def run(self, *words: str, path: Path, settings: dict[str, str] | None = None) -> tuple[int, str]:
        """Return exit status and what was told."""
        done = dragoman("export", "postgres", "--db", path, *words, cwd=path.parent, settings=settings)
        assert PASSWORD not in done.stdout + done.stderr
        return done.returncode, done.stderr

    def test_it_sends_and_tells(self, path: Path, server: str) -> None:
        """The first run tells what it sent, the second that there is nothing new."""
        status, told = self.run("--url", server, path=path)
        assert (status, "events" in told) == (0, True)
        assert "nothing new" in self.run("--url", server, path=path)[1]
        check_equal(path, server)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (
                lambda s: s.replace("127.0.0.1", "localhost").rsplit(":", 1)[0] + ":1/team",
                "Is the server running",
            ),
            (lambda s: s.replace("/team", "/nowhere"), "does not exist"),
            (lambda s: s.replace("owner@", "stranger@"), "password authentication failed"),
        ],
    )
    def test_what_is_wrong_with_the_server_is_told(
        self, path: Path, server: str, change: Any, says: str
    ) -> None:
        """A server that is away, a database that is not there and a user who may not come in, each in words."""
        status, told = self.run("--url", change(server), path=path)
        assert (status, says in told) == (1, True), told

    def test_a_wrong_password_is_told_and_not_shown(self, path: Path, server: str) -> None:
        """Neither from PGPASSWORD nor from a variable with the address does a password reach the screen."""
        status, told = self.run("--url", server, path=path, settings={"PGPASSWORD": "wrong-secret"})
        assert status == 1
        assert "password authentication failed" in told
        assert "wrong-secret" not in told
        whole = server.replace("owner@", "owner:other-secret@")
        status, told = self.run("--url-env", "TEAM_DB", path=path, settings={"TEAM_DB": whole})
        assert status == 1
        assert "other-secret" not in told
        broken = "postgresql//owner:other-secret@host"
        status, told = self.run("--url-env", "TEAM_DB", path=path, settings={"TEAM_DB": broken})
        assert status == 2
        assert "other-secret" not in told
        status, told = self.run("--url", whole, path=path)
        assert (status, "holds a password" in told, "other-secret" in told) == (2, True, False)
        good = server.replace("owner@", f"owner:{PASSWORD}@")
        assert (
            self.run("--url-env", "TEAM_DB", path=path, settings={"TEAM_DB": good, "PGPASSWORD": ""})[0] == 0
        )

    def test_a_user_without_rights_and_a_full_disk_are_told(self, path: Path, server: str) -> None:
        """The right that is missing is named; a full disk undoes the batch, and the next run goes on."""
        with asking(server) as connection:
            connection.execute("DROP ROLE IF EXISTS guest")
            connection.execute(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
        status, told = self.run("--url", server.replace("owner@", "guest@"), path=path)
        assert (status, "CREATE SCHEMA dragoman AUTHORIZATION guest" in told) == (1, True), told
        keep(path, server)
        fill(path, 20, 25)
        with asking(server) as connection:
            connection.execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                               "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")  # fmt: skip
            connection.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON incidents EXECUTE FUNCTION full_disk()"
            )
            before = connection.execute("SELECT count(*) AS n FROM events").fetchone()
        status, told = self.run("--url", server, path=path)
        assert (status, "disk is full" in told) == (1, True), told
        with asking(server) as connection:
            assert connection.execute("SELECT count(*) AS n FROM events").fetchone() == before
            connection.execute("DROP TRIGGER full_disk ON incidents")
        assert self.run("--url", server, path=path)[0] == 0
        check_equal(path, server)

    def test_it_follows_until_stopped_and_outlives_a_lost_connection(self, path: Path, server: str) -> None:
        """With --every what is written to the store arrives within seconds, also after the server threw the connection out."""
        words = [
            sys.executable,
            "-m",
            "dragoman.cli",
            "export",
            "postgres",
            "--db",
            str(path),
            "--url",
            server,
            "--every",
            "0.5",
        ]
        own = subprocess.Popen(words, env=environment(), stderr=subprocess.PIPE, text=True)
        try:
            _until(lambda: _mark(server) is not None)
            for n, at in ((20, 60), (25, 70)):
                with asking(server) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dragoman export'"
                    )
                _until(lambda n=n, at=at: _try_fill(path, n, at))
                moment = NOON + (n + at) * HOUR
                _until(lambda moment=moment: (_mark(server) or NOON) >= moment)
        finally:
            own.send_signal(signal.SIGINT)
            _, told = own.communicate(timeout=60)
        assert own.returncode == 0, told
        assert "Traceback" not in told
        check_equal(path, server)


def test_a_connection_lost_in_the_first_round_is_outlived(path: Path, server: str) -> None:
    """The batch that went through shows that address and rights are right: the next round goes on, and --replace does not empty again."""
    keep(path, server)

    class Stopped(Exception):
        pass

    told: list[Exception] = []
    marks: list[datetime] = []

    def cut(mark: datetime, rows: int) -> None:
        marks.append(mark)
        if len(marks) == 1:
            with asking(server) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dragoman export'"
                )

    def stop(kept: Kept) -> None:
        raise Stopped

    mirror = Mirror(path, server, "dragoman", batch_rows=1, tell=cut)
    with pytest.raises(Stopped):
        mirror.keep_on(0.01, replace_all=True, done=stop, failed=told.append)
    assert [type(error) for error in told] == [TargetError]
    assert len(marks) > 1
    assert marks == sorted(set(marks))
    check_equal(path, server)


def _try_fill(path: Path, n: int, at: int) -> bool:
    try:
        fill(path, n, n + 5, at=NOON + at * HOUR)
    except OSError:  # the export reads it at this moment
        return False
    return True


def _until(holds: Any, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.1)


def test_a_store_that_is_being_written_is_waited_for(path: Path, server: str) -> None:
    """While another process writes, the export waits, and says so when it takes too long."""
    code = f"import time; from pathlib import Path; from dragoman.store import open_store; s = open_store(Path({str(path)!r})); print('open', flush=True); time.sleep(2)"
    own = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment())
    assert own.stdout is not None
    own.stdout.readline()
    with pytest.raises(OSError, match="open for writing"):
        Mirror(path, server, "dragoman", wait_s=0.3).keep()
    Mirror(path, server, "dragoman", wait_s=60).keep()
    own.communicate()
    check_equal(path, server)


def test_the_address_is_asked_for_in_words() -> None:
    """Neither, both, an empty variable: each is told."""
    for url, name, says in ((None, None, "--url"), ("a", "B", "--url"), (None, "EMPTY", "EMPTY")):
        with pytest.raises(UsageError, match=says):
            address_of(url, name, environment={})
    with pytest.raises(TargetError, match=r"nowhere\.invalid"):
        Server("postgresql://a@nowhere.invalid/b", "dragoman")
