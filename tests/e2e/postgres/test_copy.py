"""``dragoman export postgres`` on a real server: what the store holds now is what the views give, whatever happened in between."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from unit.store.test_writing import put
from unit.stories import joined

from dragoman.errors import (
    TargetBusy,
    TargetForeign,
    TargetTooNew,
)
from dragoman.mirror.server import Server
from dragoman.mirror.tables import TABLES, VIEWS
from dragoman.records import Coded
from dragoman.store import EventFilter, Store, add_review, find_events, find_incidents, open_store
from dragoman.store.verdicts import merge, split

from ..command import environment
from .team_server import asking, check_equal, events_there, mark_of
from .team_store import ARTICLES, HOUR, NOON, fill, keep


def _grown(store: Store) -> str:
    return next(str(i["incident_id"]) for i in find_incidents(store, EventFilter()) if len(i["events"]) > 2)


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
        before = mark_of(server)
        while mark_of(server) == before and own.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(wait / 10)
        own.send_signal(signal.SIGKILL)
        own.wait()
        mark = mark_of(server)
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
    page = (Path(__file__).resolve().parents[3] / "docs/postgres.md").read_text("utf-8")
    queries = re.findall(r"```sql\n(.*?)```", page, re.S)
    assert len(queries) > 5
    with asking(server) as connection:
        for query in queries:
            connection.execute(query)
