"""``dragoman export``: stored events to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from dragoman.cli.terms import settings_with, to_filter
from dragoman.errors import InputError


def export(
    format: Literal["jsonl", "csv", "parquet"],
    file: Path,
    *,
    actor: str | None = None,
    recipient: str | None = None,
    type: list[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    country: str | None = None,
    min_confidence: float | None = None,
    as_of: str | None = None,
    db: str | None = None,
) -> int:
    """Write stored events to a file.

    Example: dragoman export csv events.csv --actor IRN --since 2022

    Parameters
    ----------
    format
        jsonl keeps the records whole, csv has one flat line per event, parquet has nested columns.
    file
        The file to write; it appears when it is complete.
    actor
        A country (IRN), country and sector (IRN/MIL), or words of a name.
    recipient
        The same, for the recipient.
    type
        Event types, separated by commas.
    since
        First day, month or year of the event.
    until
        Last day of the event.
    country
        Country of the place or of any side.
    min_confidence
        Least confidence of the type, 0 to 1.
    as_of
        The state of knowledge at the end of that day.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.export import write_events
    from dragoman.store import find_events, open_store

    wanted = to_filter(
        actor=actor, recipient=recipient, types=type or (), since=since, until=until, country=country,
        min_confidence=min_confidence, as_of=as_of,
    )  # fmt: skip
    path = Path(settings_with(store__db=db).settings.store.db)
    with open_store(path, read_only=True) as store:
        try:
            n = write_events(find_events(store, wanted), file, kind=format)
        except OSError as error:
            if error.strerror is None:
                raise
            raise InputError(f'"{file}" cannot be written: {error.strerror}. Give another file.') from error
    print(f"{n} events in {file}", file=sys.stderr)
    return 0
