"""What was read, by outlet and period: days are taken together, so that years of many outlets are one small answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal

from dragoman.store import Store
from dragoman.store.feeds import Covered, find_coverage
from dragoman.store.relating import read_per_day

Step = Literal["day", "week", "month", "year"]
# The finest step with at most so many periods is taken: about what a strip across a page can show.
_MOST: tuple[tuple[Step, int], ...] = (("day", 100), ("week", 110), ("month", 150))
_FEED_STATES = ("ok", "quiet", "broken", "gap")
COLUMNS = (
    "period",
    "articles",
    "days_read",
    *(f"days_{s}" for s in _FEED_STATES),
    "offered",
    "coded",
    "rejected",
)


def calendar_of(
    store: Store, *, today: date, since: date | None = None, until: date | None = None, outlet: str | None = None,
    as_of: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return per outlet and period how many articles were read on how many days, and on how many days its feeds failed.

    Args:
        store: An open store.
        today: The last day for which feeds are told of when ``until`` is None.
        since: First day; None for the first of which anything is known.
        until: Last day; None for the last.
        outlet: Words of the outlet's name.
        as_of: The state of knowledge of articles at a moment; what feeds did is told as it stands now.

    Returns:
        ``step``, the first day of each period (``starts``), the names of the ``columns``, and per outlet its ``cells``: one row
        per period of which anything is known.

    Raises:
        StoreError: The file could not be read.
    """
    wanted = (outlet or "").lower()
    read = [
        (name, day, number)
        for name, days in read_per_day(store, as_of=as_of).items() if wanted in name.lower()
        for day, number in days.items() if (since is None or day >= since) and (until is None or day <= until)
    ]  # fmt: skip
    watched = find_coverage(store, until=until or today, since=since, outlet=outlet)
    days = [day for _, day, _ in read] + [one.day for one in watched]
    if not days:
        return {"step": "day", "starts": [], "columns": list(COLUMNS), "outlets": []}
    first, last = since or min(days), until or max(days)
    step = step_for(first, last)
    starts = list(_starts(first, last, step))
    place = {start: number for number, start in enumerate(starts)}
    cells: dict[str, dict[int, list[int]]] = {}
    for name, day, number in read:
        cell = _cell(cells, name, place[start_of(day, step)])
        cell[1] += number
        cell[2] += 1
    for one in watched:
        _add(_cell(cells, one.outlet, place[start_of(one.day, step)]), one)
    outlets = [{"outlet": n, "cells": [cells[n][p] for p in sorted(cells[n])]} for n in sorted(cells)]
    return {"step": step, "starts": [s.isoformat() for s in starts], "columns": list(COLUMNS), "outlets": outlets}  # fmt: skip


def step_for(first: date, last: date) -> Step:
    """Return the finest step that does not cut the time between two days into too many periods.

    Example:
        >>> step_for(date(2024, 1, 1), date(2024, 2, 1)), step_for(date(2000, 1, 1), date(2024, 1, 1))
        ('day', 'year')
    """
    days = (last - first).days + 1
    length: dict[Step, float] = {"day": 1, "week": 7, "month": 365.25 / 12}
    return next((step for step, most in _MOST if days / length[step] <= most), "year")


def start_of(day: date, step: Step) -> date:
    """Return the first day of the period that a day lies in; weeks begin on Monday."""
    if step == "day":
        return day
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day.replace(month=1, day=1)


def _starts(first: date, last: date, step: Step) -> Iterator[date]:
    at = start_of(first, step)
    while at <= last:
        yield at
        # Long enough to lie in the next period, short enough not to skip one.
        at = start_of(at + timedelta(days={"day": 1, "week": 7, "month": 31, "year": 366}[step]), step)


def _cell(cells: dict[str, dict[int, list[int]]], outlet: str, period: int) -> list[int]:
    return cells.setdefault(outlet, {}).setdefault(period, [period] + [0] * (len(COLUMNS) - 1))


def _add(cell: list[int], one: Covered) -> None:
    cell[3 + _FEED_STATES.index(one.state)] += 1
    for place, number in enumerate((one.offered, one.coded, one.rejected), 3 + len(_FEED_STATES)):
        cell[place] += number
