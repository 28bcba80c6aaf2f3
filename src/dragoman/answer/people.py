"""Who takes part in stored events: names with their countries and how often they act and are acted on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dragoman.store import Store
from dragoman.store.queries import holds_at, iter_rows


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a page of names ended: number of events, name, country."""

    events: int
    name: str
    country: str


def find_people(
    store: Store, words: str = "", *, limit: int, after: Rank | None = None, as_of: datetime | None = None
) -> tuple[list[dict[str, Any]], Rank | None]:
    """Return names of actors and recipients, those of most events first, and where the page ends when there are more.

    Args:
        store: An open store.
        words: All of these stand in the name, or they are its country's code; accents and case do not count. Empty for everybody.
        limit: At most so many.
        after: Where the page before ended.
        as_of: The state of knowledge at a moment; None for now.

    Raises:
        StoreError: The file could not be read.
    """
    held, values = holds_at(as_of)
    conditions = []
    for word in words.split():
        conditions.append(
            "(contains(strip_accents(lower(who)), strip_accents(lower(?))) OR country = upper(?))"
        )
        values = [*values, word, word]  # type: ignore[list-item]
    beyond = "true"
    if after is not None:
        beyond = "(events < ? OR (events = ? AND (who, coalesce(country, '')) > (?, ?)))"
        values = [*values, after.events, after.events, after.name, after.country]  # type: ignore[list-item]
    sql = (
        "WITH taking AS (SELECT coalesce(name, text) AS who, country, entity_id, sectors, role, event_id FROM participants "
        f"WHERE {held}), named AS (SELECT who, country, any_value(entity_id ORDER BY entity_id) AS entity_id, "
        "count(DISTINCT event_id) AS events, count(DISTINCT event_id) FILTER (role = 'actor') AS as_actor, "
        "count(DISTINCT event_id) FILTER (role = 'recipient') AS as_recipient, "
        "list_sort(list_distinct(flatten(list(coalesce(sectors, []))))) AS sectors FROM taking "
        f"WHERE {' AND '.join(conditions) or 'true'} GROUP BY who, country) "
        f"SELECT who AS name, country, entity_id, sectors, events, as_actor, as_recipient FROM named WHERE {beyond} "
        f"ORDER BY events DESC, who, coalesce(country, '') LIMIT {int(limit) + 1}"
    )
    rows = list(iter_rows(store, sql, values))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Rank(last["events"], last["name"], last["country"] or "")
