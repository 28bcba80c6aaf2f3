"""Which parts of an input were coded by a cluster and taken in whole."""

from __future__ import annotations

from datetime import datetime

from dragoman.store.opening import Store
from dragoman.store.rows import to_stamp


def note_shard(store: Store, shard_id: str, *, name: str, items: int, run_id: str, at: datetime) -> None:
    """Note that all batches of a shard are stored.

    Raises:
        StoreError: The file could not be written.
    """
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO shards VALUES (?, ?, ?, ?, ?)", [shard_id, name, items, run_id, to_stamp(at)]
        )


def known_shards(store: Store) -> set[str]:
    """Return the ids of the shards that were taken in whole."""
    return {row[0] for row in store.connection.execute("SELECT DISTINCT shard_id FROM shards").fetchall()}
