"""What changed in the incidents between two states of knowledge: appeared, changed, merged, split or withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dragoman.store.opening import Store
from dragoman.store.queries import INCIDENT_COLUMNS, iter_rows

Row = Mapping[str, Any]
# What follows from other fields is not told again.
_DERIVED = frozenset(
    {"incident_id", "quad_class", "reports", "why", "first_seen", "last_seen", "independent_sources"}
)


def find_changes(store: Store, before: datetime, after: datetime) -> Iterator[dict[str, Any]]:
    """Yield what is different at a later moment, by kind of change and incident.

    A row has "change" (appeared, changed, merged, split or withdrawn), "before" and "after" (ids of the incidents), "incident" (as
    it is after, or was before when withdrawn), and for "changed" "fields": field → [before, after].

    Args:
        store: An open store.
        before: The earlier moment, UTC without a zone.
        after: The later moment.

    Raises:
        StoreError: The file could not be read.
    """
    old, new = _only_at(store, before, after), _only_at(store, after, before)
    old_of = {e: k for k, row in old.items() for e in row["events"]}
    new_of = {e: k for k, row in new.items() for e in row["events"]}
    parents = {k: _ids(row, old_of) for k, row in new.items()}
    children = {k: _ids(row, new_of) for k, row in old.items()}
    for k, row in new.items():
        came_from = parents[k]
        if not came_from:
            yield _change("appeared", [], [k], row)
        elif len(came_from) > 1:
            yield _change("merged", came_from, [k], row)
        elif len(children[came_from[0]]) == 1:
            fields = _differences(old[came_from[0]], row)
            if fields or came_from[0] != k:
                yield {**_change("changed", came_from, [k], row), "fields": fields}
    for k, row in old.items():
        if not children[k]:
            yield _change("withdrawn", [k], [], row)
        elif len(children[k]) > 1:
            yield _change("split", [k], children[k], row)


def _only_at(store: Store, moment: datetime, other: datetime) -> dict[str, Row]:
    """Return the incident rows that hold at a moment and not at another, by id."""
    holds = "recorded_at <= ? AND (superseded_at IS NULL OR superseded_at > ?)"
    sql = (
        f"SELECT {INCIDENT_COLUMNS} FROM incidents WHERE {holds} AND NOT ({holds}) "
        'ORDER BY "date"."from" NULLS LAST, incident_id'
    )
    return {row["incident_id"]: row for row in iter_rows(store, sql, [moment, moment, other, other])}


def _ids(row: Row, of: Mapping[str, str]) -> list[str]:
    return sorted({of[e] for e in row["events"] if e in of})


def _change(kind: str, before: list[str], after: list[str], row: Row) -> dict[str, Any]:
    return {"change": kind, "before": before, "after": after, "incident": dict(row)}


def _differences(old: Row, new: Row) -> dict[str, list[Any]]:
    return {
        k: [old[k], new[k]] for k in new if k not in _DERIVED and _plain(old[k]) != _plain(new[k])
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value without what moves from coding to coding: confidences and offsets."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if k not in ("confidence", "basis", "start", "end")}
    return [_plain(v) for v in value] if isinstance(value, list) else value
