"""What watching keeps: feeds and their offers, what became of each, and coverage that tells why there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dragoman.errors import StoreError
from dragoman.store import Store, open_store
from dragoman.store.feeds import (
    Look,
    Offer,
    Settled,
    add_feeds,
    add_looks,
    feed_id_of,
    find_coverage,
    find_waiting,
    next_try,
    settle,
    sum_coverage,
)

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
DAY = timedelta(days=1)
A, B = "https://keld.example/rss", "https://halden.example/rss"
ID_A, ID_B = feed_id_of(A), feed_id_of(B)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store with two feeds."""
    with open_store(tmp_path / "a.duckdb") as opened:
        add_feeds(opened, [(A, "Keld Times", "NOR"), (B, "Halden Post", None)], at=NOON)
        yield opened


def offer(name: str, modified_at: datetime | None = None) -> Offer:
    """Return an offer of an article."""
    return Offer(f"keld.example/{name}", f"https://keld.example/{name}", name, None, None, modified_at)


def look(feed_id: str, *offers: Offer, at: datetime = NOON, reason: str | None = None) -> Look:
    """Return a look at a feed."""
    return Look(feed_id, at, at + timedelta(hours=1), reason, reason, kind="rss", etag='"1"', offers=offers)


def test_offers_wait_once(store: Store) -> None:
    """What is offered again, by the same feed or another one, does not wait again."""
    assert add_looks(store, [look(ID_A, offer("1"), offer("2")), look(ID_B, offer("2"), offer("3"))]) == 3
    assert add_looks(store, [look(ID_A, offer("1"), offer("4"))]) == 1
    waiting = find_waiting(store, at=NOON, feeds=[ID_A, ID_B])
    assert [(w.url[-1], w.outlet) for w in waiting] == [
        ("1", "Keld Times"),
        ("2", "Keld Times"),
        ("3", "Halden Post"),
        ("4", "Keld Times"),
    ]
    assert find_waiting(store, at=NOON, feeds=[ID_B])[0].url.endswith("3")


def test_the_state_of_a_feed_is_kept(store: Store) -> None:
    """Marks and the next look are remembered; failures are counted until it answers, and do not spoil the marks."""
    add_looks(store, [look(ID_A, offer("1"))])
    for n in (1, 2):
        add_looks(store, [look(ID_A, reason="timeout")])
        state = add_feeds(store, [], at=NOON)[A]
        assert (state.failures, state.etag, state.next_due_at) == (n, '"1"', NOON + timedelta(hours=1))
    add_looks(store, [Look(ID_A, NOON, NOON + DAY, unchanged=True)])
    state = add_feeds(store, [(A, "Keld Daily", "NOR")], at=NOON)[A]
    assert (state.failures, state.etag, state.next_due_at) == (0, '"1"', NOON + DAY)


def test_what_was_put_off_waits(store: Store) -> None:
    """It is not given before its time, and the time is known."""
    add_looks(store, [look(ID_A, offer("1"))])
    settle(
        store,
        [Settled(ID_A, "keld.example/1", "waiting", 1, NOON, "timeout", "late", next_try_at=NOON + DAY)],
        run_id="r",
    )
    assert find_waiting(store, at=NOON, feeds=[ID_A]) == []
    assert next_try(store, feeds=[ID_A]) == NOON + DAY
    assert find_waiting(store, at=NOON + DAY, feeds=[ID_A])[0].attempts == 1


def test_a_changed_article_waits_again(store: Store) -> None:
    """Only one that was settled, and only when its own feed gives a later time."""
    add_looks(store, [look(ID_A, offer("1", NOON))])
    assert add_looks(store, [look(ID_A, offer("1", NOON + DAY))]) == 0
    settle(store, [Settled(ID_A, "keld.example/1", "coded", 0, NOON, article_id="x")], run_id="r")
    assert add_looks(store, [look(ID_A, offer("1", NOON))]) == 0
    assert add_looks(store, [look(ID_B, offer("1", NOON + DAY))]) == 0
    assert add_looks(store, [look(ID_A, offer("1", NOON + 2 * DAY))]) == 1


def test_a_failed_transaction_keeps_nothing(store: Store) -> None:
    """What joins a transaction is undone with it."""
    add_looks(store, [look(ID_A, offer("1"))])

    def failing() -> None:
        with store.transaction() as connection:
            settle(store, [Settled(ID_A, "keld.example/1", "coded", 0, NOON, article_id="x")], run_id="r")
            connection.execute("SELECT * FROM nothing")

    with pytest.raises(StoreError):
        failing()
    assert len(find_waiting(store, at=NOON, feeds=[ID_A])) == 1
    settle(store, [Settled(ID_A, "keld.example/1", "coded", 0, NOON, article_id="x")], run_id="r")
    assert find_waiting(store, at=NOON, feeds=[ID_A]) == []


def test_coverage_tells_why_there_is_nothing(store: Store) -> None:
    """New articles, a quiet day, a broken feed and a gap are four things."""
    add_looks(store, [look(ID_A, offer("1"), offer("2"), offer("3")), look(ID_B, reason="http_status")])
    settle(store, [Settled(ID_A, "keld.example/1", "coded", 0, NOON, article_id="x", fetched_at=NOON),
                   Settled(ID_A, "keld.example/2", "rejected", 1, NOON, "http_status", "404")], run_id="r")  # fmt: skip
    add_looks(store, [look(ID_A, offer("1"), at=NOON + DAY), look(ID_A, at=NOON + DAY, reason="timeout")])
    rows = find_coverage(store, until=date(2024, 5, 8))
    assert [(r.outlet, r.day.day, r.state, r.polls, r.answered) for r in rows] == [
        ("Halden Post", 6, "broken", 1, 0), ("Halden Post", 7, "gap", 0, 0), ("Halden Post", 8, "gap", 0, 0),
        ("Keld Times", 6, "ok", 1, 1), ("Keld Times", 7, "quiet", 2, 1), ("Keld Times", 8, "gap", 0, 0),
    ]  # fmt: skip
    keld = rows[3]
    assert (keld.offered, keld.fetched, keld.coded, keld.rejected, keld.waiting, keld.reasons) == (
        3,
        1,
        1,
        1,
        1,
        {"http_status": 1},
    )
    assert rows[0].broken == [B]
    assert sum_coverage(rows)["offered"] == 3
    assert {r.outlet for r in find_coverage(store, until=date(2024, 5, 8), outlet="keld")} == {"Keld Times"}
    assert len(find_coverage(store, since=date(2024, 5, 8), until=date(2024, 5, 8))) == 2
