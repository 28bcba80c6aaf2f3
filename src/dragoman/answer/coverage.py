"""What was read: articles per outlet and day of publication, beside how the outlet's feeds answered on that day."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from dragoman.store import Store
from dragoman.store.feeds import find_coverage
from dragoman.store.relating import read_per_day


def coverage_rows(
    store: Store, *, today: date, since: date | None = None, until: date | None = None, outlet: str | None = None,
    as_of: datetime | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return one row per day and outlet, by day, then outlet.

    Args:
        store: An open store.
        today: The last day for which feeds are told of when ``until`` is None.
        since: First day.
        until: Last day.
        outlet: Words of the outlet's name.
        as_of: The state of knowledge of articles at a moment; what feeds did is told as it stands now.

    Returns:
        Rows of ``outlet``, ``day``, ``articles`` (stored, published on that day) and ``feeds``: what its feeds offered on that
        day and how they answered, None where no feed of it was watched.

    Raises:
        StoreError: The file could not be read.
    """
    wanted = (outlet or "").lower()
    rows: dict[tuple[date, str], dict[str, Any]] = {}
    for name, days in read_per_day(store, as_of=as_of).items():
        for day, number in days.items():
            if wanted in name.lower() and (since is None or day >= since) and (until is None or day <= until):
                rows[day, name] = {"outlet": name, "day": day.isoformat(), "articles": number, "feeds": None}
    for one in find_coverage(store, until=until or today, since=since, outlet=outlet):
        empty = {"outlet": one.outlet, "day": one.day.isoformat(), "articles": 0, "feeds": None}
        told = {k: v for k, v in asdict(one).items() if k not in ("outlet", "day")}
        rows.setdefault((one.day, one.outlet), empty)["feeds"] = told
    return [rows[key] for key in sorted(rows)]
