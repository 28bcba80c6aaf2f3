"""A pair as columns and the same pair as points: one relation, whichever way it was counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
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


def told(store: Store, sides: tuple[str, ...], *, latest: int | None, **more: Any) -> dict[str, Any]:
    """Return a relation as rows, without the incidents of turns, which only points can name."""
    first, second = (Group(side, (side,)) for side in sides)
    found = get_relation(store, first, second, ontology=load_ontology(), latest=latest, **more)
    rows = to_rows(found)
    for change in rows["changes"]:
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
    """Series, level, turns, notes and numbers are equal, and the latest points are the last of all."""
    whole = told(store, sides, latest=None, since=since, until=until)
    few = told(store, sides, latest=7, since=since, until=until)
    assert few.pop("points") == whole.pop("points")[-7:]
    assert few == whole
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
