"""Writing batches: what is new, what is the same, what supersedes, and what a full disk does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import StoreError, StoreFull
from dragoman.records import Coded, to_json
from dragoman.store import (
    EventFilter,
    Store,
    Written,
    begin_run,
    end_run,
    find_events,
    find_incidents,
    get_article,
    get_counts,
    open_store,
    write,
)
from dragoman.store.queries import find_rejections, known_sources

from ..invented import (
    DIGEST,
    VERSION,
    make_article,
    make_coded,
    make_distinct,
    make_event,
    rejected,
    with_confidence,
)  # fmt: skip

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    with open_store(tmp_path / "a.duckdb") as opened:
        yield opened


def put(store: Store, coded: Coded, *, at: datetime = NOON) -> Written:
    """Store a batch in a run of its own."""
    run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=at)
    written = write(store, coded, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=at)
    end_run(store, run, outcome="done", at=at)
    return written


def all_rows(store: Store) -> dict[str, list[Any]]:
    """Return every row of the tables that a batch fills."""
    tables = ("articles", "events", "participants", "incidents", "incident_events", "entities", "rejections")
    return {t: store.connection.execute(f"SELECT * FROM {t} ORDER BY ALL").fetchall() for t in tables}


def test_an_event_comes_back_as_it_went_in(store: Store) -> None:
    """Every field of an event, also the nested ones, reads back as the record's JSON, and its article does too."""
    coded = make_coded("1")
    put(store, coded)
    assert list(find_events(store, EventFilter())) == [to_json(coded.events[0])]
    article = get_article(store, coded.articles[0].article_id)
    assert article is not None
    wanted = to_json(coded.articles[0])
    own = {"coder_version": VERSION, "model_digest": DIGEST, "fetched_at": "2024-06-04 07:30:00"}
    assert article == {**wanted, **own}


def test_an_event_of_empty_fields_comes_back_as_it_went_in(store: Store) -> None:
    """Fields that are null or empty stay null or empty."""
    article = make_article("1", published_on=None)
    bare = replace(
        make_event(article), source_id=None, contexts=(), actors=(), place=None, date=None, said_by=None, counts={}, reasons={}
    )  # fmt: skip
    put(store, Coded([article], [bare]))
    assert list(find_events(store, EventFilter())) == [to_json(bare)]


def test_every_count_of_an_event_is_kept(store: Store) -> None:
    """Counts of any kind, with their ranges and an open end, are stored."""
    article = make_article("1")
    event = make_event(article)
    count = event.counts["crowd"]
    counts = {what: replace(count, low=n) for n, what in enumerate(("dead", "injured", "arrested", "crowd"))}
    put(store, Coded([article], [replace(event, counts=counts)]))
    (found,) = find_events(store, EventFilter())
    assert found["counts"] == to_json(counts)


def test_the_same_again_changes_nothing(store: Store) -> None:
    """Writing a batch twice leaves every row as it was and says so."""
    coded = make_coded("1", "2")
    coded.rejected.append(rejected("3"))
    assert put(store, coded) == Written(new=2)
    before = all_rows(store)
    assert put(store, coded, at=NOON + timedelta(days=1)) == Written(same=2)
    assert all_rows(store) == before


def other_source(coded: Coded, source: str) -> Coded:
    """Return a batch as the row of another file would give it, with an id of its own."""
    articles = [replace(a, source=source, source_id=source) for a in coded.articles]
    return replace(coded, articles=articles, events=[replace(e, source_id=source) for e in coded.events])


def joined(*batches: Coded) -> Coded:
    """Return several batches as one."""
    out = Coded()
    for coded in batches:
        out.articles.extend(coded.articles)
        out.events.extend(coded.events)
        out.incidents.extend(coded.incidents)
    return out


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_one_text_from_two_sources_is_stored_once(store: Store, in_one_batch: bool) -> None:
    """The source read first has the article; the other is a duplicate; reading both again changes nothing."""
    once, again = make_coded("1"), other_source(make_coded("1"), "copy.txt")
    batches = [joined(once, again)] if in_one_batch else [once, again]
    for hours in (0, 1):
        before = all_rows(store)
        run = begin_run(
            store,
            command="code",
            coder_version=VERSION,
            model_digest=DIGEST,
            settings={},
            at=NOON + timedelta(hours=hours),
        )
        for coded in batches:
            write(
                store,
                coded,
                run_id=run,
                coder_version=VERSION,
                model_digest=DIGEST,
                at=NOON + timedelta(hours=hours),
            )
    assert all_rows(store) == before
    counts = get_counts(store)
    assert (counts["articles"], counts["events"], counts["incidents"]) == (1, 1, 1)
    assert [(r["item_id"], r["stage"], r["reason"]) for r in find_rejections(store)] == [
        ("copy.txt", "store", "duplicate")
    ]
    assert "news.jsonl:1" in next(find_rejections(store))["detail"]


def test_a_moved_file_is_no_duplicate(store: Store) -> None:
    """The same article under another path in a later run is known already and is not rejected."""
    put(store, make_coded("1"))
    moved = other_source(make_coded("1"), "elsewhere.jsonl:1")
    assert put(store, moved, at=NOON + timedelta(hours=1)) == Written(same=1)
    assert list(find_rejections(store)) == []


def test_a_row_that_was_given_another_id_is_stored_anew(store: Store) -> None:
    """Events echo the row's id, so a new id of the same row supersedes."""
    put(store, make_coded("1"))
    renamed = other_source(make_coded("1"), "news.jsonl:1")
    assert put(store, renamed, at=NOON + timedelta(hours=1)) == Written(changed=1)
    assert [e["source_id"] for e in find_events(store, EventFilter())] == ["news.jsonl:1"]


def test_a_changed_coding_supersedes_and_the_old_state_can_be_asked_for(store: Store) -> None:
    """After a change the new coding holds; as of a moment before it the old one does; nothing is lost."""
    first = make_coded("1")
    second = with_confidence(make_coded("1", event_types=("COOPERATE", "CONSULT")), 0.6)
    assert put(store, first, at=NOON) == Written(new=1)
    assert put(store, second, at=NOON + timedelta(hours=2)) == Written(changed=1)

    def types(as_of: datetime | None) -> list[str]:
        return sorted(e["event_type"] for e in find_events(store, EventFilter(as_of=as_of)))

    between = (NOON + timedelta(hours=1)).replace(tzinfo=None)
    assert types(None) == ["CONSULT", "COOPERATE"]
    assert types(between) == ["COOPERATE"]
    assert types((NOON - timedelta(hours=1)).replace(tzinfo=None)) == []
    assert [i["event_type"] for i in find_incidents(store, EventFilter(as_of=between))] == ["COOPERATE"]
    assert list(find_events(store, EventFilter(as_of=between))) == [to_json(first.events[0])]


def test_superseding_closes_the_rows_of_that_article_only(store: Store) -> None:
    """Every table keeps the old rows of the changed article with their end, and leaves the other article alone."""
    put(store, make_coded("1", "2"))
    put(store, with_confidence(make_coded("1"), 0.6), at=NOON + timedelta(hours=2))
    for table, per_article in (
        ("articles", 1),
        ("events", 1),
        ("participants", 2),
    ):
        rows = store.connection.execute(f"SELECT superseded_at IS NULL AS open FROM {table}").fetchall()
        assert sorted(rows) == sorted([(False,)] * per_article + [(True,)] * 2 * per_article), table


def test_an_incident_that_stays_as_it_was_keeps_its_row(store: Store) -> None:
    """A new coding with the same events leaves the incident and its members alone."""
    put(store, make_coded("1", "2"))
    before = store.connection.execute("SELECT * FROM incidents").fetchall()
    put(store, with_confidence(make_coded("1"), 0.6), at=NOON + timedelta(hours=2))
    assert store.connection.execute("SELECT * FROM incidents").fetchall() == before


def test_reports_of_an_old_state_are_those_of_that_state(store: Store) -> None:
    """An incident asked for as of an earlier moment still shows its report with the sentence."""
    put(store, make_coded("1"))
    put(store, make_coded("1", event_types=("CONSULT",)), at=NOON + timedelta(hours=2))
    between = (NOON + timedelta(hours=1)).replace(tzinfo=None)
    (incident,) = find_incidents(store, EventFilter(as_of=between))
    assert [r["outlet"] for r in incident["reports"]] == ["Keld Times"]


def test_a_new_publication_date_supersedes(store: Store) -> None:
    """An article that is dated differently is coded anew, even when its events are equal."""
    coded = make_coded("1")
    put(store, coded)
    moved = replace(coded, articles=[replace(coded.articles[0], published_on=date(2024, 6, 4))])
    assert put(store, moved, at=NOON + timedelta(hours=1)) == Written(changed=1)
    article = get_article(store, coded.articles[0].article_id)
    assert article is not None
    assert article["published_on"] == "2024-06-04"


def test_times_are_kept_in_utc(store: Store) -> None:
    """A moment given in another time zone is stored as the same moment in UTC."""
    east = timezone(timedelta(hours=5))
    put(store, make_coded("1"), at=NOON.astimezone(east))
    row = store.connection.execute("SELECT recorded_at FROM events").fetchone()
    assert row == (NOON.replace(tzinfo=None),)


def test_a_rejection_is_stored_and_closed_when_the_item_is_read(store: Store) -> None:
    """A rejected row is listed with its reason until the row is read after all; its history stays."""
    put(store, Coded(rejected=[rejected("1")]))
    assert list(find_rejections(store)) == [{
        "item_id": "news.jsonl:1", "source_id": "1", "stage": "clean", "reason": "empty", "detail": "there is no text",
    }]  # fmt: skip
    put(store, make_coded("1"), at=NOON + timedelta(hours=1))
    assert list(find_rejections(store)) == []
    assert store.connection.execute("SELECT count(*) FROM rejections").fetchone() == (1,)


def test_a_rejection_with_another_reason_is_a_new_one(store: Store) -> None:
    """The same rejection is stored once, one for another reason beside it."""
    for reason in ("empty", "empty", "too_large"):
        put(store, Coded(rejected=[rejected("1", reason=reason)]))
    assert sorted(r["reason"] for r in find_rejections(store)) == ["empty", "too_large"]


def test_an_entity_is_stored_once(store: Store) -> None:
    """Two articles that name the same actors give one row per actor."""
    put(store, make_coded("1", "2"))
    put(store, make_coded("3"), at=NOON + timedelta(hours=1))
    rows = store.connection.execute("SELECT entity_id FROM entities ORDER BY ALL").fetchall()
    assert rows == [("DNK.navy",), ("NOR.navy",)]


def test_coverage_counts_what_came_in(store: Store) -> None:
    """Each run tells per outlet and day how many articles were coded, and how many items were rejected."""
    coded = make_coded("1", "2")
    coded.rejected.append(rejected("3"))
    put(store, coded)
    rows = store.connection.execute(
        "SELECT outlet, published_on, offered, coded, rejected FROM coverage ORDER BY outlet NULLS LAST"
    ).fetchall()
    assert rows == [("Keld Times", date(2024, 6, 3), 2, 2, 0), (None, None, 1, 0, 1)]


def test_a_run_keeps_its_settings_and_outcome(store: Store) -> None:
    """A run is recorded when it begins and closed with its outcome when it ends."""
    run = begin_run(
        store,
        command="code a.txt",
        coder_version=VERSION,
        model_digest=DIGEST,
        settings={"run.workers": 2},
        at=NOON,
    )
    assert store.connection.execute("SELECT ended_at, outcome FROM runs").fetchone() == (None, None)
    end_run(store, run, outcome="stopped", at=NOON + timedelta(minutes=1))
    row = store.connection.execute("SELECT run_id, outcome, command, settings FROM runs").fetchone()
    assert row is not None
    assert row[:3] == (run, "stopped", "code a.txt")
    assert json.loads(row[3]) == {"run.workers": 2}


def test_known_sources_are_those_of_this_version(store: Store) -> None:
    """What was coded or rejected with this version and encoder needs no second look; what merely failed does."""
    coded = make_coded("1")
    coded.rejected.append(rejected("2"))
    coded.rejected.append(rejected("3", reason="failed", detail="OSError: no space left"))
    put(store, coded)
    assert known_sources(store, coder_version=VERSION, model_digest=DIGEST) == {
        "news.jsonl:1",
        "news.jsonl:2",
    }
    assert known_sources(store, coder_version=VERSION, model_digest="ffff") == set()
    assert known_sources(store, coder_version="9.9", model_digest=DIGEST) == set()


def test_an_error_inside_a_transaction_undoes_it(store: Store) -> None:
    """Whatever goes wrong, nothing of the transaction is kept and the store goes on working."""

    def spoil() -> None:
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO coverage VALUES (NULL, NULL, 1, 1, 0, 'r', TIMESTAMP '2024-01-01')"
            )
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        spoil()
    assert store.connection.execute("SELECT count(*) FROM coverage").fetchone() == (0,)
    assert put(store, make_coded("1")) == Written(new=1)


def test_a_batch_that_breaks_half_way_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last table of a batch cannot be written none of the others keeps a row."""
    before = all_rows(store)

    def fail(*_: object) -> None:
        store.connection.execute("SELECT no_such_function()")

    monkeypatch.setattr("dragoman.store.writing._insert_coverage", fail)
    with pytest.raises(StoreError, match="no_such_function"):
        put(store, make_coded("1"))
    assert all_rows(store) == before


# Runs in a process of its own: fills a store whose file may not grow past a limit, and tells how it ended.
FILL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from unit.invented import make_distinct
from unit.store.test_writing import put
from dragoman.errors import StoreFull
from dragoman.store import open_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(Path(sys.argv[1])) as store:
    put(store, make_distinct("0"))
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 400_000, size + 400_000))
store = open_store(Path(sys.argv[1]))
try:
    for batch in range(1, 500):
        put(store, make_distinct(*(f"{batch}-{n}" for n in range(20))))
        print(batch, flush=True)
    print("never full")
except StoreFull as error:
    print("full", error, sep="|", flush=True)
"""


def test_a_full_disk_costs_nothing_that_was_stored(tmp_path: Path) -> None:
    """When the file cannot grow the batch is undone with StoreFull; all earlier batches are there, none in part."""
    path = tmp_path / "a.duckdb"
    tests = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(path), str(tests)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    *batches, end = done.stdout.splitlines()
    assert end.startswith("full|the disk is full"), (end, done.stderr)
    assert "--resume" in end
    with open_store(path) as store:
        counts = get_counts(store)
        assert counts["articles"] == 1 + 20 * len(batches)
        assert counts["events"] == counts["articles"]
        members = store.connection.execute(
            "SELECT count(*) FROM incident_events WHERE superseded_at IS NULL"
        ).fetchone()
        assert members == (counts["events"],)
        assert put(store, make_distinct("after")) == Written(new=1)


def test_store_full_is_a_store_error() -> None:
    """Who catches errors of the store catches a full disk, with its own code."""
    assert issubclass(StoreFull, StoreError)
    assert StoreFull.code == "store_full"


def test_a_confidence_alone_is_no_change(store: Store) -> None:
    """Int8 arithmetic moves confidences in their last digits; that does not make a new version."""
    put(store, make_coded("1"))
    coded = make_coded("1")
    surer = [replace(e, confidence=replace(e.confidence, type=0.123)) for e in coded.events]
    put(store, replace(coded, events=surer), at=NOON + timedelta(hours=2))
    rows = store.connection.execute("SELECT count(*) FROM events").fetchone()
    assert rows == (1,)
