"""Questions to a store: each filter, ids and their beginnings, counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dragoman.merge.incidents import incident_id_of
from dragoman.records import Coded, Event, EventDate
from dragoman.store import (
    EventFilter,
    Store,
    begin_run,
    find_events,
    find_incidents,
    get_article,
    get_counts,
    open_store,
    write,
)
from dragoman.store.queries import find_by_id

from ..invented import DIGEST, VERSION, make_article, make_event, make_incident

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
ARTICLE = make_article("1")
DRILL = make_event(ARTICLE)
# The second event differs in everything that can be asked for.
ARREST = replace(
    make_event(ARTICLE, event_type="COERCE"), quad_class=4, mode="arrest", status="future", historical=True, recipients=(DRILL.actors[0],),
    actors=(replace(DRILL.actors[1], country="TUR", sectors=("COP", "GOV"), name="Izmir police"),), place=None,
    date=EventDate("Sunday", 0, 6, date(2023, 1, 1), date(2023, 12, 31), "year", "test"),
    confidence=replace(DRILL.confidence, type=0.4),
)  # fmt: skip
UNDATED = replace(make_event(make_article("2")), date=None)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store with three events of two articles, each its own incident."""
    with open_store(tmp_path_factory.mktemp("store") / "a.duckdb") as opened:
        events = [DRILL, ARREST, UNDATED]
        coded = Coded([ARTICLE, make_article("2")], events, [make_incident(e) for e in events])
        # The first and the last are one by their words; what can be asked for is clearer with three.
        opened.connection.execute(
            "INSERT INTO verdicts VALUES ('v', 'apart', ?, ?, 'ada', TIMESTAMP '2024-01-01', NULL)",
            sorted((DRILL.event_id, UNDATED.event_id)),
        )
        run = begin_run(
            opened, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=NOON
        )
        write(opened, coded, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=NOON)
        yield opened


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EventFilter(), [ARREST, DRILL, UNDATED]),
        (EventFilter(actor="NOR"), [DRILL, UNDATED]),
        (EventFilter(actor="TUR"), [ARREST]),
        (EventFilter(actor="TUR/COP"), [ARREST]),
        (EventFilter(actor="TUR/GOV"), [ARREST]),
        (EventFilter(actor="TUR/MIL"), []),
        (EventFilter(actor="izmir"), [ARREST]),
        (EventFilter(actor="navy of keld"), [DRILL, UNDATED]),
        (EventFilter(recipient="NOR"), [ARREST]),
        (EventFilter(recipient="DNK"), []),
        (EventFilter(participant="NOR"), [ARREST, DRILL, UNDATED]),
        (EventFilter(event_types=["COERCE"]), [ARREST]),
        (EventFilter(event_types=["COERCE", "COOPERATE"]), [ARREST, DRILL, UNDATED]),
        (EventFilter(since=date(2024, 1, 1)), [DRILL]),
        (EventFilter(since=date(2023, 12, 31)), [ARREST, DRILL]),
        (EventFilter(until=date(2023, 1, 1)), [ARREST]),
        (EventFilter(until=date(2022, 12, 31)), []),
        (EventFilter(since=date(2024, 6, 2), until=date(2024, 6, 2)), [DRILL]),
        (EventFilter(place="ørs"), [DRILL, UNDATED]),
        (EventFilter(place="Oslo"), []),
        (EventFilter(country="TUR"), [ARREST]),
        (EventFilter(country="NOR"), [ARREST, DRILL, UNDATED]),
        (EventFilter(status="future"), [ARREST]),
        (EventFilter(historical=False), [DRILL, UNDATED]),
        (EventFilter(min_confidence=0.4), [ARREST, DRILL, UNDATED]),
        (EventFilter(min_confidence=0.41), [DRILL, UNDATED]),
        (EventFilter(article_id=ARTICLE.article_id), [ARREST, DRILL]),
        (EventFilter(quad_classes=[2]), [DRILL, UNDATED]),
        (EventFilter(quad_classes=[1, 3]), []),
        # The place's country decides; without a place the sides' do.
        (EventFilter(regions=["Northern Europe"]), [ARREST, DRILL, UNDATED]),
        (EventFilter(regions=["Western Asia"]), [ARREST]),
        (EventFilter(regions=["Polynesia", "Western Asia"]), [ARREST]),
        (EventFilter(outlet="keld t"), [ARREST, DRILL, UNDATED]),
        (EventFilter(outlet="Halden"), []),
        (EventFilter(min_sources=1), [ARREST, DRILL, UNDATED]),
        (EventFilter(min_sources=2), []),
        (EventFilter(actor="NOR", recipient="NOR"), []),
        (EventFilter(actor="100%' OR true --"), []),
    ],
)  # fmt: skip
def test_a_filter_finds_what_fits(store: Store, wanted: EventFilter, found: list[Event]) -> None:
    """Events and incidents that fit come oldest first, those without a date last; nothing else comes."""
    assert [e["event_id"] for e in find_events(store, wanted)] == [e.event_id for e in found]
    incidents = [i["events"] for i in find_incidents(store, wanted)]
    assert incidents == [[e.event_id] for e in found]


def test_a_limit_cuts_the_answer(store: Store) -> None:
    """At most as many as asked for, the first ones."""
    assert [e["event_id"] for e in find_events(store, EventFilter(), limit=1)] == [ARREST.event_id]
    assert list(find_events(store, EventFilter(), limit=0)) == []


def test_an_incident_tells_its_reports(store: Store) -> None:
    """Each report has article, outlet, title and the sentence."""
    (incident,) = find_incidents(store, EventFilter(actor="TUR"))
    (report,) = incident["reports"]
    assert (report["article_id"], report["outlet"], report["title"], report["quote"]) == (
        ARTICLE.article_id, "Keld Times", ARTICLE.title, ARREST.quote.text,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("some_id", "kind", "key", "value"),
    [
        (ARTICLE.article_id, "article", "article_id", ARTICLE.article_id),
        ("2", "article", "source_id", "2"),
        (ARREST.event_id, "event", "event_id", ARREST.event_id),
        ("coer", "event", "event_id", ARREST.event_id),
        (incident_id_of(ARREST.event_id)[:6], "incident", "events", [ARREST.event_id]),
    ],
)
def test_an_id_or_its_beginning_finds_one_record(
    store: Store, some_id: str, kind: str, key: str, value: Any
) -> None:
    """A whole id, a beginning that only one has, or the row's own id names its record."""
    found = find_by_id(store, some_id)
    assert found is not None
    assert found[0] == kind
    assert found[1][key] == value


@pytest.mark.parametrize("some_id", ["zzzz", "0000", "coop"])
def test_an_id_of_none_or_several_finds_nothing(store: Store, some_id: str) -> None:
    """What no record or more than one begins with names nothing."""
    assert find_by_id(store, some_id) is None


def test_an_article_is_found_by_a_unique_beginning(store: Store) -> None:
    """Both articles' ids begin alike, so only a longer beginning is enough."""
    assert get_article(store, "000000") is None
    found = get_article(store, ARTICLE.article_id)
    assert found is not None
    assert found["source_id"] == "1"


def test_counts_are_of_what_holds(store: Store) -> None:
    """Each table's rows that are not superseded are counted."""
    assert get_counts(store) == {"articles": 2, "events": 3, "incidents": 3, "rejections": 0, "runs": 1}
