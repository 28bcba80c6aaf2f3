"""Foreign events in a store: added once, superseded by newer rows of their id, found by pair, a file whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dragoman.errors import InputError
from dragoman.store import Imported, Store, add_foreign, count_foreign, find_foreign, open_store
from dragoman.store.foreign import COLUMNS

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    with open_store(tmp_path / "a.duckdb") as opened:
        yield opened


def row(foreign_id: str = "1", **changes: Any) -> dict[str, Any]:
    """Return a row: Keld's navy (NOR/MIL) fires at Halden (DNK)."""
    return {
        "dataset": "icews", "foreign_id": foreign_id, "event_date": "2014-01-02", "actors": ["Navy of Keld"],
        "actor_countries": ["NOR"], "actor_sectors": ["MIL"], "recipients": ["Halden"], "recipient_countries": ["DNK"],
        "recipient_sectors": [], "event_type": "ASSAULT", "mode": "firearms", "contexts": ["military"], "cameo": "193",
        "quad_class": 4, "intensity": -9.0, "given_intensity": -10.0, "place": "Ørsund", "country": "NOR", "lat": 59.5,
        "lon": 10.25, "url": None, "publisher": "Keld Times", "file": "a.tab", "line": 2, **changes,
    }  # fmt: skip


def ids(store: Store, *sides: str, **wanted: Any) -> list[str]:
    """Return the ids that are found."""
    return [found["foreign_id"] for found in find_foreign(store, *sides, **wanted)]


def test_columns_are_those_of_the_table(store: Store) -> None:
    """What is written is what the table has, but for its history; rows have the same names and order."""
    columns = {r[0]: r[1] for r in store.connection.execute("DESCRIBE foreign_events").fetchall()}
    history = {"content_digest", "recorded_at", "superseded_at"}
    assert {name: kind for name, kind in columns.items() if name not in history} == COLUMNS
    assert list(row()) == list(COLUMNS)


def test_the_same_rows_again_add_nothing(store: Store) -> None:
    """Neither from the same file nor from another of the same content."""
    assert add_foreign(store, [row("1"), row("2", line=3)], at=MAY) == Imported(rows=2, new=2)
    assert add_foreign(store, [row("1", file="b.tab"), row("2", line=9)], at=JUNE) == Imported(rows=2, same=2)
    assert store.connection.execute("SELECT count(*), max(recorded_at) FROM foreign_events").fetchone() == (
        2,
        datetime(2026, 5, 1),
    )


def test_a_row_that_stands_twice_is_one_and_rows_of_one_id_are_kept(store: Store) -> None:
    """ICEWS has several rows of an id; equal ones are counted as repeated, and the first line is told."""
    given = [row("1", line=7), row("1", line=4), row("1", line=5, recipients=["Halden Front"])]
    assert add_foreign(store, given, at=MAY) == Imported(rows=3, new=2, repeated=1)
    assert sorted(found["line"] for found in find_foreign(store)) == [4, 5]
    assert add_foreign(store, given, at=JUNE) == Imported(rows=3, same=2, repeated=1)


def test_a_newer_row_of_an_id_supersedes_the_older(store: Store) -> None:
    """What was known before stays with its interval; the same id in another dataset is another event."""
    add_foreign(store, [row("1"), row("2"), row("1", dataset="gdelt")], at=MAY)
    assert add_foreign(store, [row("1", mode=None, intensity=-9.5)], at=JUNE) == Imported(
        rows=1, new=1, superseded=1
    )
    history = store.connection.execute(
        "SELECT mode, recorded_at, superseded_at FROM foreign_events WHERE dataset = 'icews' AND foreign_id = '1' ORDER BY recorded_at"
    ).fetchall()
    assert history == [
        ("firearms", datetime(2026, 5, 1), datetime(2026, 6, 1)),
        (None, datetime(2026, 6, 1), None),
    ]
    assert [(f["dataset"], f["foreign_id"], f["mode"]) for f in find_foreign(store)] == [
        ("gdelt", "1", "firearms"), ("icews", "1", None), ("icews", "2", "firearms"),
    ]  # fmt: skip


def test_an_import_that_breaks_leaves_nothing(store: Store) -> None:
    """When the rows break off the store is as it was."""
    add_foreign(store, [row("1")], at=MAY)

    def broken() -> Iterator[dict[str, Any]]:
        yield row("1", mode=None)
        yield row("2")
        raise InputError("the file broke off")

    with pytest.raises(InputError, match="the file broke off"):
        add_foreign(store, broken(), at=JUNE)
    assert [(f["foreign_id"], f["mode"]) for f in find_foreign(store)] == [("1", "firearms")]


def test_no_rows_change_nothing(store: Store) -> None:
    """A file without a row is imported as nothing."""
    assert add_foreign(store, [], at=MAY) == Imported()


def test_pairs_are_found_in_both_directions_and_among_mutual_actors(store: Store) -> None:
    """By country, country with sector, and name; a mutual act has both sides among its actors."""
    mutual = {
        "actors": ["Keld", "Halden"],
        "actor_countries": ["NOR", "DNK"],
        "recipients": [],
        "recipient_countries": [],
    }
    back = {
        "actor_countries": ["DNK"],
        "recipient_countries": ["NOR"],
        "actors": ["Halden"],
        "recipients": ["Keld"],
        "actor_sectors": [],
    }
    others = {"actor_countries": ["NOR", "DNK"], "recipient_countries": ["SWE"], "recipients": ["Orla"]}
    add_foreign(store, [row("1"), row("2", **back), row("3", **mutual), row("4", **others), row("5", recipient_countries=["SWE"])], at=MAY)  # fmt: skip
    assert ids(store, "NOR", "DNK") == ids(store, "DNK", "NOR") == ["1", "2", "3"]
    assert ids(store, "NOR/MIL", "DNK") == ["1", "3"]
    assert ids(store, "NOR", "SWE") == ["4", "5"]
    assert ids(store, "halden", "keld") == ["1", "2", "3", "5"]
    assert ids(store, "SWE") == ["4", "5"]
    assert ids(store) == ["1", "2", "3", "4", "5"]
    assert ids(store, "FIN", "NOR") == []


def test_days_datasets_and_limits(store: Store) -> None:
    """Both days are included; rows come oldest first."""
    add_foreign(store, [row(str(n), event_date=f"2014-01-{n:02}", dataset="gdelt" if n % 2 else "icews") for n in range(1, 7)], at=MAY)  # fmt: skip
    assert ids(store, since=date(2014, 1, 2), until=date(2014, 1, 4)) == ["2", "3", "4"]
    assert ids(store, datasets=["gdelt"]) == ["1", "3", "5"]
    assert ids(store, "NOR", "DNK", datasets=["icews", "gdelt"], since=date(2014, 1, 3), limit=2) == [
        "3",
        "4",
    ]


def test_a_found_row_can_be_laid_beside_an_incident(store: Store) -> None:
    """Its date is an interval, its type, quad class and score are PLOVER's; what the dataset says stands beside."""
    add_foreign(store, [row()], at=MAY)
    (found,) = find_foreign(store, "NOR", "DNK")
    assert found["date"] == {"from": "2014-01-02", "to": "2014-01-02"}
    assert (found["event_type"], found["mode"], found["quad_class"], found["intensity"]) == (
        "ASSAULT",
        "firearms",
        4,
        -9.0,
    )
    assert (found["dataset"], found["cameo"], found["given_intensity"]) == ("icews", "193", -10.0)
    assert (found["file"], found["line"]) == ("a.tab", 2)


def test_counts_per_dataset(store: Store) -> None:
    """Only what holds is counted."""
    assert count_foreign(store) == []
    add_foreign(store, [row("1"), row("2", event_date="2015-02-03"), row("1", dataset="polecat")], at=MAY)
    add_foreign(store, [row("1", mode=None)], at=JUNE)
    assert count_foreign(store) == [
        {"dataset": "icews", "events": 2, "first": "2014-01-02", "last": "2015-02-03", "files": 1},
        {"dataset": "polecat", "events": 1, "first": "2014-01-02", "last": "2014-01-02", "files": 1},
    ]


def test_odd_words_are_kept(store: Store) -> None:
    """Quotes, line breaks, letters of any kind and a NUL."""
    words = 'K"\\e\nl\td\u2028 \x00’'
    add_foreign(store, [row("1", actors=[words], file='it\'s "a".tab')], at=MAY)
    (found,) = find_foreign(store, "NOR")
    assert found["actors"] == [words]
    assert found["file"] == 'it\'s "a".tab'


def test_a_store_of_an_older_layout_has_no_foreign_events(tmp_path: Path) -> None:
    """Read only, before the table was there, it gives nothing and no error."""
    path = tmp_path / "a.duckdb"
    open_store(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE foreign_events")
        connection.execute("DROP TABLE shards")
        connection.execute("UPDATE store_info SET value = '6' WHERE key = 'version'")
    with open_store(path, read_only=True) as store:
        assert list(find_foreign(store)) == []
        assert count_foreign(store) == []
