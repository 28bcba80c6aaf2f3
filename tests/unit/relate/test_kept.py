"""Numbers are computed once for the same series, and anew for any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from dragoman.relate.kept import MOST, once
from dragoman.relate.series import Series, starts_of


def series(*, last: int = 3) -> Series:
    """Return a series of four weeks."""
    starts = starts_of(date(2024, 1, 1), date(2024, 1, 28), "week")
    counts = np.zeros((4, 4), np.int64)
    counts[:, 0] = [1, 2, 0, last]
    return Series("week", starts, counts, np.full(4, np.nan), 5.0, np.ones(4), np.zeros(4, np.int64))


def test_the_same_is_not_computed_again() -> None:
    """Equal series have one answer; other counts, exposure, step, beginning or words have their own."""
    made: list[int] = []

    def ask(given: Series, *more: object, name: str = "test") -> int:
        return once(lambda: made.append(1) or len(made), name, given, *more)  # type: ignore[func-returns-value]

    first = ask(series())
    assert ask(series()) == first
    others = [
        ask(series(last=4)), ask(replace(series(), exposure=np.full(4, 0.5))), ask(replace(series(), step="month")),
        ask(replace(series(), starts=series().starts[1:])), ask(series(), 0.5), ask(series(), name="other"),
        ask(replace(series(), intensity=np.zeros(4))), ask(replace(series(), spread=1.0)),
    ]  # fmt: skip
    assert len({first, *others}) == 9


def test_the_oldest_are_forgotten() -> None:
    """Only so many are kept."""
    made: list[int] = []
    for n in [*range(MOST + 1), 0]:
        once(lambda n=n: made.append(n), "bounded", series(), n)  # type: ignore[misc]
    assert made == [*range(MOST + 1), 0]
