"""A pair as columns and the same pair as points: one relation, whichever way it was counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dragoman.answer.relations import get_relation, to_rows
from dragoman.ontology import load_ontology
from dragoman.relate.groups import Group
from dragoman.relate.rates import shortest
from dragoman.store import Store, open_store
from dragoman.store.migrations import list_migrations
from dragoman.store.pairs import find_columns, sides_of
from dragoman.store.queries import iter_rows
from dragoman.store.relating import read_per_day

from ..border import FIRST_DAY, OTHER, WAR_DAY, border_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store of years of peace and a war, with plans, background and wide dates among them."""
    path = border_store(tmp_path_factory.mktemp("pairs") / "a.duckdb")
    with open_store(path) as opened:
        run = opened.connection.execute
        run("UPDATE incidents SET historical = true WHERE hash(incident_id) % 11 = 0")
        run("UPDATE incidents SET status = 'future' WHERE hash(incident_id) % 13 = 0")
        run("UPDATE incidents SET status = 'negated' WHERE hash(incident_id) % 17 = 0")
        run('UPDATE incidents SET "date" = NULL WHERE hash(incident_id) % 19 = 0')
        run("UPDATE incidents SET first_seen = NULL WHERE hash(incident_id) % 23 = 0")
        run(
            'UPDATE incidents SET "date" = struct_update("date", "to" := "date"."from" + 90) WHERE hash(incident_id) % 29 = 0'
        )
        # Mutual acts, and some against a third: the sides change, and their string with them.
        run(
            "UPDATE incidents SET actors = actors || recipients, recipients = [] WHERE hash(incident_id) % 5 = 0"
        )
        run("UPDATE incidents SET recipients = actors WHERE hash(incident_id) % 35 = 0")
        for incident_id, actors, recipients in run(
            "SELECT incident_id, actors, recipients FROM incidents"
        ).fetchall():
            run("UPDATE incidents SET sides = ? WHERE incident_id = ?", [sides_of({"actors": actors, "recipients": recipients}), incident_id])  # fmt: skip
    with open_store(path, read_only=True) as opened:
        yield opened


def told(
    store: Store, sides: tuple[str, ...], *, latest: int | None = None, in_words: bool = False, **more: Any
) -> dict[str, Any]:
    """Return a relation as rows, without names of sides.

    Args:
        store: The store.
        sides: Two codes.
        latest: So many points; then the incidents of turns are left out, since only all points can name them.
        in_words: Name a side also by words that nobody is called by, so that every incident is taken apart.
        more: What else is asked.
    """
    also = ("nobody is called so",) if in_words else ()
    first, second = (Group(side, (side, *also)) for side in sides)
    found = get_relation(store, first, second, ontology=load_ontology(), latest=latest, **more)
    rows = to_rows(found)
    del rows["first"], rows["second"]
    for change in rows["changes"] if latest is not None else ():
        del change["incidents"]
    return {
        **rows,
        "incidents": found.incidents,
        "intensity": pytest.approx(found.intensity) if found.intensity is not None else None,
    }


@pytest.mark.parametrize("since", [None, FIRST_DAY + timedelta(weeks=30), WAR_DAY])
@pytest.mark.parametrize("until", [None, WAR_DAY + timedelta(weeks=3)])
@pytest.mark.parametrize(
    "sides", [OTHER, ("KEN", "PER"), ("PER", "KEN/GOV"), ("KEN/MIL", "PER"), ("FRA", "PER")]
)
def test_columns_and_points_give_the_same_relation(
    store: Store, sides: tuple[str, ...], since: date | None, until: date | None
) -> None:
    """Points, series, level, turns, notes and numbers are equal, and the latest points are the last of all."""
    whole = told(store, sides, since=since, until=until)
    assert whole == told(store, sides, since=since, until=until, in_words=True)
    few = told(store, sides, latest=7, since=since, until=until)
    assert few.pop("points") == whole.pop("points")[-7:]
    for change in whole["changes"]:
        del change["incidents"]
    assert few == whole
    also = told(store, sides, latest=7, since=since, until=until, in_words=True)
    assert len(also.pop("points")) <= 7
    assert also == few
    assert (
        told(store, sides, latest=7, step="week", as_of=datetime(2100, 1, 1))["incidents"]
        >= whole["incidents"]
    )


def test_the_string_of_sides_is_what_the_rows_say(store: Store) -> None:
    """The writer and the migration make the same string of the same participants."""
    rows = list(iter_rows(store, "SELECT actors, recipients, sides FROM incidents", []))
    assert len({row["sides"] for row in rows}) > 2
    assert [sides_of(row) for row in rows] == [row["sides"] for row in rows]
    sql = next(s for n, s in list_migrations() if n == 10).split(" SET sides =")[1].rstrip().rstrip(";")
    made = store.connection.execute(f"SELECT sides, {sql} FROM incidents").fetchall()
    assert all(a == b for a, b in made)


def test_words_of_a_name_are_not_found_by_columns(store: Store) -> None:
    """Sides that are no codes are left to the slower way."""
    assert find_columns(store, ("kenya",), ("PER",)) is None


def test_the_shortest_band_is_the_first_of_its_length() -> None:
    """Of bands of equal length the first is given; where all are needed, all are."""
    assert shortest(np.array([0.3, 0.2, 0.2, 0.3]), 0.5) == (0, 1)
    assert shortest(np.array([0.25, 0.25, 0.25, 0.25]), 0.99) == (0, 3)
    assert shortest(np.array([1.0]), 0.9) == (0, 0)


def test_what_was_read_is_kept_only_while_nobody_can_write(tmp_path: Path) -> None:
    """A store that is open for reading reads its coverage once; one that can be written reads it each time."""
    path = border_store(tmp_path / "a.duckdb")
    with open_store(path, read_only=True) as opened:
        first = read_per_day(opened, least_share=0.1)
        assert read_per_day(opened, least_share=0.1) is first
        assert read_per_day(opened, least_share=0.0) is not first
        assert read_per_day(opened, as_of=datetime(1990, 1, 1)) == {}
    with open_store(path) as opened:
        before = read_per_day(opened, least_share=0.1)
        assert before == first
        opened.connection.execute("UPDATE articles SET superseded_at = TIMESTAMP '2030-01-01'")
        assert read_per_day(opened, least_share=0.1) == {}
    with open_store(path, read_only=True) as opened:
        assert read_per_day(opened, least_share=0.1) == {}
