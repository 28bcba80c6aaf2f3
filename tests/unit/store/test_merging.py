"""Incidents of a store: the same whatever the order and size of batches, equal to grouping all events at once, and never half."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dragoman.merge import group, load_scorer
from dragoman.records import Coded
from dragoman.store import EventFilter, Store, find_incidents, open_store
from dragoman.store.merging import said_of
from dragoman.store.reports import Memory, load, memory_of
from dragoman.store.verdicts import find_incident, find_verdicts, merge, split

from ..stories import joined, make_stories, tell
from .test_writing import put

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ARTICLES = tell(make_stories(14, 3), articles=40, seed=4)
ORDERS = 20 if os.environ.get("DRAGOMAN_LONG_TESTS") else 4


def fill(path: Path, batches: list[Coded]) -> Store:
    """Return a store that was given batches, one after the other."""
    store = open_store(path)
    for n, batch in enumerate(batches):
        put(store, batch, at=NOON + n * HOUR)
    return store


def shuffled(seed: int) -> list[Coded]:
    """Return the articles in random order and in batches of random size; with seed 0 as they are, in one batch."""
    draw, articles, out = random.Random(seed), list(ARTICLES), []
    if seed == 0:
        return [joined(articles)]
    draw.shuffle(articles)
    while articles:
        size = draw.randint(1, 16)
        out.append(joined(articles[:size]))
        articles = articles[size:]
    return out


def found(store: Store) -> dict[str, Any]:
    """Return everything that merging made: incidents, their reports, links and newsrooms."""
    rows = [json.dumps(r, sort_keys=True) for r in find_incidents(store, EventFilter())]
    query = store.connection.execute
    return {
        "incidents": sorted(rows),
        "members": sorted(query("SELECT incident_id, event_id FROM incident_events WHERE superseded_at IS NULL").fetchall()),
        "links": sorted(query("SELECT incident_id, kind, other_incident_id, score FROM links WHERE superseded_at IS NULL").fetchall()),
        "rooms": sorted(query("SELECT article_id, copy_of, newsroom FROM articles WHERE superseded_at IS NULL").fetchall(), key=str),
    }  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a store holds that was given all articles at once."""
    with fill(tmp_path_factory.mktemp("whole") / "a.duckdb", shuffled(0)) as store:
        return found(store)


def groups_at_once(store: Store) -> list[list[str]]:
    """Return the groups that the engine makes of all current events."""
    memory = memory_of(store)
    ids = [
        r[0]
        for r in store.connection.execute(
            "SELECT event_id FROM events WHERE superseded_at IS NULL"
        ).fetchall()
    ]
    load(store, memory, ids)
    groups = group([memory.reports[e] for e in ids], load_scorer(), said_of(store))
    return sorted(sorted(r.event_id for r in g.reports) for g in groups)


def stored_groups(store: Store) -> list[list[str]]:
    """Return the stored incidents as groups of events."""
    return sorted(sorted(i["events"]) for i in find_incidents(store, EventFilter()))


def test_there_is_something_to_merge(whole: dict[str, Any]) -> None:
    """The articles give incidents of several reports."""
    sizes = [len(json.loads(i)["events"]) for i in whole["incidents"]]
    assert max(sizes) > 2
    assert len(sizes) > 5


@pytest.mark.parametrize("seed", range(1, ORDERS + 1))
def test_order_and_batches_do_not_matter(tmp_path: Path, whole: dict[str, Any], seed: int) -> None:
    """The same articles in another order and other batches give the same incidents, links and newsrooms."""
    with fill(tmp_path / "a.duckdb", shuffled(seed)) as store:
        assert found(store) == whole
        assert stored_groups(store) == groups_at_once(store)


def test_what_was_written_is_remembered_as_it_would_be_read(tmp_path: Path) -> None:
    """New events are not read back from the file; what is remembered of them is what the file would give."""
    with fill(tmp_path / "a.duckdb", shuffled(3)) as store:
        kept = memory_of(store)
        read = Memory(kept.scorer)
        load(store, read, list(kept.events))
        assert kept.events == read.events
        assert kept.tellings == read.tellings
        assert kept.sources == read.sources
        for key, report in read.reports.items():
            # The newsroom of an article may change later, and reports are not compared by it.
            own = kept.reports[key]
            assert replace(own, article=replace(own.article, newsroom=report.article.newsroom)) == report


def test_a_store_that_is_opened_anew_goes_on_as_before(tmp_path: Path, whole: dict[str, Any]) -> None:
    """Nothing depends on what a process remembers."""
    path = tmp_path / "a.duckdb"
    for n, batch in enumerate(shuffled(7)):
        with open_store(path) as store:
            put(store, batch, at=NOON + n * HOUR)
    with open_store(path, read_only=True) as store:
        assert found(store) == whole


def test_what_is_forgotten_is_read_again(
    tmp_path: Path, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that remembers a handful of events, the ones read last, makes the same incidents."""
    monkeypatch.setattr("dragoman.store.reports._MOST_REMEMBERED", 6)
    monkeypatch.setattr("dragoman.store.reports._MOST_PAIRS", 10)
    held = []
    with open_store(tmp_path / "a.duckdb") as store:
        for n, batch in enumerate(shuffled(3)):
            put(store, batch, at=NOON + n * HOUR)
            memory = memory_of(store)
            memory.forget((), ())
            held.append(len(memory.reports))
            assert memory.events.keys() == memory.reports.keys()
            memory._forget_older_half()
            assert memory.tellings.keys() <= {e.article_id for e in memory.events.values()}
            assert memory.sources.keys() == memory.tellings.keys()
        assert found(store) == whole
    assert max(held) < len({e.event_id for coded in shuffled(0) for e in coded.events})


def test_events_that_a_new_coding_loses_leave_their_incidents(tmp_path: Path) -> None:
    """Coding an article anew without its events takes them out; the rest is as if they had never been there."""
    with fill(tmp_path / "a.duckdb", shuffled(2)) as store:
        for n in range(0, 10, 5):
            part = joined([Coded(one.articles, one.events[1:]) for one in ARTICLES[n : n + 5]])
            put(store, part, at=NOON + (100 + n) * HOUR)
        assert stored_groups(store) == groups_at_once(store)
        again = found(store)
    less = [Coded(one.articles, one.events[1:] if n < 10 else one.events) for n, one in enumerate(ARTICLES)]
    with fill(tmp_path / "b.duckdb", [joined(less)]) as store:
        assert found(store) == again


def test_other_weights_group_everything_anew(tmp_path: Path, whole: dict[str, Any]) -> None:
    """A store whose incidents were made with other weights, or before there were any, is grouped whole at the next writing."""
    with fill(tmp_path / "a.duckdb", [joined(ARTICLES[:30])]) as store:
        for table in ("event_keys", "components", "incidents", "incident_events", "links"):
            store.connection.execute(f"DELETE FROM {table}")
        store.connection.execute("UPDATE store_info SET value = 'other' WHERE key = 'merge_digest'")
        store.memory.clear()
        put(store, joined(ARTICLES[30:]), at=NOON + HOUR)
        assert found(store) == whole


def test_an_unchanged_incident_keeps_its_row(tmp_path: Path) -> None:
    """Only incidents that a batch touches get new rows."""
    with fill(tmp_path / "a.duckdb", [joined(ARTICLES[:39])]) as store:
        before = dict(
            store.connection.execute(
                "SELECT incident_id, recorded_at FROM incidents WHERE superseded_at IS NULL"
            ).fetchall()
        )
        put(store, ARTICLES[39], at=NOON + HOUR)
        after = dict(
            store.connection.execute(
                "SELECT incident_id, recorded_at FROM incidents WHERE superseded_at IS NULL"
            ).fetchall()
        )
    kept = [k for k in before if after.get(k) == before[k]]
    assert len(kept) >= len(before) - 6
    assert len(after) - len(kept) <= 6


def many(store: Store) -> dict[str, Any]:
    """Return the incident with the most reports."""
    return max(find_incidents(store, EventFilter()), key=lambda i: (len(i["events"]), i["incident_id"]))


class TestVerdicts:
    """A person's word on merges."""

    def test_a_split_event_stays_out_for_good(self, tmp_path: Path) -> None:
        """What was taken out stays out when the article is coded anew and when new reports come."""
        with fill(tmp_path / "a.duckdb", [joined(ARTICLES[:30])]) as store:
            incident = many(store)
            out, rest = incident["events"][-1], incident["events"][:-1]
            now = split(store, incident["incident_id"], [out[:12]], reviewer="ada", at=NOON + HOUR)
            assert len(now) == 2
            # It may be one with the events of another incident, never with those it was taken from.
            assert not any(out in own and set(own) & set(rest) for own in stored_groups(store))
            put(store, joined(ARTICLES[30:]), at=NOON + 2 * HOUR)
            redated = [replace(a, source_id="new") for a in ARTICLES[0].articles]
            put(store, Coded(redated, ARTICLES[0].events), at=NOON + 3 * HOUR)
            for own in stored_groups(store):
                assert not (out in own and set(own) & set(rest))
            assert stored_groups(store) == groups_at_once(store)

    def test_a_split_of_everything_leaves_single_events(self, tmp_path: Path) -> None:
        """Without events every one stands by itself."""
        with fill(tmp_path / "a.duckdb", shuffled(0)) as store:
            incident = many(store)
            now = split(store, incident["incident_id"], reviewer=None, at=NOON + HOUR)
            assert len(now) == len(incident["events"])

    def test_merged_incidents_stay_one(self, tmp_path: Path) -> None:
        """Two incidents that a person joined stay one through a new coding; the reason says who wanted it."""
        with fill(tmp_path / "a.duckdb", shuffled(0)) as store:
            a, b, *_ = find_incidents(store, EventFilter())
            (key,) = merge(store, [a["incident_id"], b["incident_id"]], reviewer="ada", at=NOON + HOUR)
            both = sorted(a["events"] + b["events"])
            assert both in stored_groups(store)
            again = next(
                one for one in ARTICLES if one.articles[0].article_id == a["reports"][0]["article_id"]
            )
            moved = Coded([replace(x, source_id="new") for x in again.articles], again.events)
            put(store, moved, at=NOON + 2 * HOUR)
            assert both in stored_groups(store)
            row = next(i for i in find_incidents(store, EventFilter()) if i["incident_id"] == key)
            assert any("a person said so" in why["reasons"] for why in row["why"])

    def test_the_newest_word_holds(self, tmp_path: Path) -> None:
        """Merging takes back a split of the same events, and splitting a merge; what was said is kept."""
        with fill(tmp_path / "a.duckdb", shuffled(0)) as store:
            incident = many(store)
            parts = split(
                store, incident["incident_id"], [incident["events"][0]], reviewer="ada", at=NOON + HOUR
            )
            merge(store, parts, reviewer="bob", at=NOON + 2 * HOUR)
            assert any(set(incident["events"]) <= set(own) for own in stored_groups(store))
            assert {v["kind"] for v in find_verdicts(store)} == {"one"}
            kept = store.connection.execute(
                "SELECT count(*) FROM verdicts WHERE withdrawn_at IS NOT NULL"
            ).fetchone()
            assert kept is not None
            assert kept[0] >= len(incident["events"]) - 1

    def test_a_former_id_leads_to_what_stands_now(self, tmp_path: Path) -> None:
        """The id of an incident that was merged into another is still found."""
        with fill(tmp_path / "a.duckdb", shuffled(0)) as store:
            a, b, *_ = find_incidents(store, EventFilter())
            (key,) = merge(store, [a["incident_id"], b["incident_id"]], reviewer=None, at=NOON + HOUR)
            gone = ({a["incident_id"], b["incident_id"]} - {key}).pop()
            named = find_incident(store, gone[:12])
            assert named is not None
            assert (named.current, named.moved) == ((key,), True)

    def test_verdicts_are_pairs_to_train_on(self, tmp_path: Path) -> None:
        """Each has both sentences."""
        with fill(tmp_path / "a.duckdb", shuffled(0)) as store:
            incident = many(store)
            split(store, incident["incident_id"], [incident["events"][0]], reviewer="ada", at=NOON + HOUR)
            rows = list(find_verdicts(store))
            assert len(rows) == len(incident["events"]) - 1
            assert all(
                r["a"]["quote"]["text"] and r["b"]["quote"]["text"] and r["reviewer"] == "ada" for r in rows
            )


def version_of(coded: Coded, digest: str, more: str) -> Coded:
    """Return a coded article as a later state of its page, with a sentence more."""
    (article,) = coded.articles
    events = [replace(e, article_id=digest, event_id=f"{digest[:8]}{e.event_id[8:]}") for e in coded.events]
    return replace(
        coded, articles=[replace(article, article_id=digest, text=article.text + more)], events=events
    )


def test_a_version_in_the_same_batch_leaves_nothing_of_the_one_before(tmp_path: Path) -> None:
    """An article and its later state give the same incidents in one batch and in two; events that were superseded are in none."""
    primed, own = ARTICLES[0], next(a for a in ARTICLES[1:] if a.events)
    page = replace(own, articles=[replace(own.articles[0], url="https://keld.example/talks")])
    later = version_of(page, "0123456789abcdef", " The mediator asked both sides to stay until Friday and to leave their guards at the door.")  # fmt: skip
    with fill(tmp_path / "two.duckdb", [primed, page, later]) as store:
        apart = found(store)
    with fill(tmp_path / "one.duckdb", [primed, joined([page, later])]) as store:
        assert found(store) == apart
        current = {r[0] for r in store.connection.execute("SELECT event_id FROM events WHERE superseded_at IS NULL").fetchall()}  # fmt: skip
        assert {e for _, e in found(store)["members"]} <= current
        assert not {e.event_id for e in page.events} & current
