"""What networks need of a store: the incidents of a period that link participants of two countries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dragoman.store.opening import Store
from dragoman.store.queries import holds_at, iter_rows

_COLUMNS = (
    "incident_id, event_type, mode, quad_class, status, historical, actors, recipients, "
    '"date", events, reports, newsrooms, first_seen, last_seen'
)


def find_linked(
    store: Store, *, since: date | None = None, until: date | None = None, as_of: datetime | None = None
) -> list[dict[str, Any]]:
    """Return what happened in or around a period between at least two participants, oldest first.

    Rows are light, as those of ``relating.find_pair``. Those whose date or first report touches the period are given; which of
    them count, and on which day, is for the caller to say.

    Raises:
        StoreError: The file could not be read.
    """
    condition, values = holds_at(as_of)
    conditions = [condition, "status = 'actual'", "NOT historical", "len(actors) + len(recipients) > 1"]
    if since is not None:
        conditions.append('coalesce("date"."to", first_seen) >= ?')
    if until is not None:
        conditions.append('coalesce("date"."from", first_seen) <= ?')
    days = [day for day in (since, until) if day is not None]
    sql = f'SELECT {_COLUMNS} FROM incidents WHERE {" AND ".join(conditions)} ORDER BY "date"."from" NULLS LAST, incident_id'
    return list(iter_rows(store, sql, [*values, *days]))
