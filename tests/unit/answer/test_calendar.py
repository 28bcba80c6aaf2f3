"""Coverage by outlet and period: numbers add up, whatever the step; what feeds did is counted in days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dragoman.answer.calendar import COLUMNS, calendar_of, start_of, step_for
from dragoman.records import Coded
from dragoman.store import Store, begin_run, open_store, write
from dragoman.store.feeds import Look, add_feeds, add_looks, feed_id_of

from ..invented import DIGEST, VERSION, make_article

AT = datetime(2024, 6, 1, 12, tzinfo=UTC)
KELD, VOSS = "https://keld.example/rss", "https://voss.example/rss"


def fill(store: Store, days: list[date | None]) -> None:
    """Store an article of each day."""
    run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT)
    articles = [make_article(str(n), published_on=day) for n, day in enumerate(days)]
    write(store, Coded(articles=articles), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)


def test_articles_add_up_whatever_the_step(tmp_path: Path) -> None:
    """Every dated article is in one cell: of its day in a short time, of its year in a long one."""
    days: list[date | None] = [date(1990, 1, 1), date(2023, 5, 1), date(2023, 5, 1), date(2023, 5, 9), None]
    with open_store(tmp_path / "a.duckdb") as store:
        fill(store, days)
        for since, until, step, articles, read in (
            (None, None, "year", 4, 3), (date(2023, 5, 1), date(2023, 5, 9), "day", 3, 2),
            (date(2023, 5, 2), date(2024, 12, 31), "week", 1, 1), (date(2020, 1, 1), date(2023, 12, 31), "month", 3, 2),
        ):  # fmt: skip
            found = calendar_of(store, today=date(2024, 6, 1), since=since, until=until)
            assert found["step"] == step
            (outlet,) = found["outlets"]
            cells = [dict(zip(COLUMNS, cell, strict=True)) for cell in outlet["cells"]]
            assert (sum(c["articles"] for c in cells), sum(c["days_read"] for c in cells)) == (articles, read)
            assert all(0 <= c["period"] < len(found["starts"]) for c in cells)


def test_feeds_are_told_by_days(tmp_path: Path) -> None:
    """A feed that failed is broken on that day and not asked on the next ones; one that gave nothing new is quiet."""
    with open_store(tmp_path / "a.duckdb") as store:
        add_feeds(store, [(KELD, "Keld Times", None), (VOSS, "Voss Avis", None)], at=AT)
        later = AT + timedelta(hours=1)
        add_looks(store, [Look(feed_id_of(KELD), AT, later, kind="rss"), Look(feed_id_of(VOSS), AT, later, "timeout", "late")])  # fmt: skip
        found = calendar_of(store, today=date(2024, 6, 3))
    sums = {
        o["outlet"]: {name: sum(cell[i] for cell in o["cells"]) for i, name in enumerate(COLUMNS)}
        for o in found["outlets"]
    }
    assert (sums["Keld Times"]["days_quiet"], sums["Keld Times"]["days_gap"]) == (1, 2)
    assert (sums["Voss Avis"]["days_broken"], sums["Voss Avis"]["days_gap"]) == (1, 2)
    assert all(row["articles"] == 0 for row in sums.values())


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    """An empty store has no periods and no outlets."""
    with open_store(tmp_path / "a.duckdb") as store:
        found = calendar_of(store, today=date(2024, 6, 1))
    assert (found["starts"], found["outlets"]) == ([], [])


@pytest.mark.parametrize("days", [0, 99, 100, 700, 800, 4000, 4600, 30_000])
def test_a_calendar_is_never_too_long(days: int) -> None:
    """Neighbouring periods meet, and there are few enough of them, but for centuries."""
    first = date(1950, 3, 7)
    last = first + timedelta(days=days)
    starts = {start_of(first + timedelta(days=n), step_for(first, last)) for n in range(days + 1)}
    assert len(starts) <= 151
