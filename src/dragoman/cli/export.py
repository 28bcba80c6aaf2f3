"""``dragoman export``: stored events to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from dragoman.cli.ask import db_of
from dragoman.cli.terms import ANYTHING, Asked, to_filter
from dragoman.errors import InputError


def export(
    format: Literal["jsonl", "csv", "parquet"],
    file: Path,
    *,
    asked: Asked = ANYTHING,
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
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.export import write_events
    from dragoman.store import find_events, open_store

    wanted = to_filter(asked)
    with open_store(db_of(db), read_only=True) as store:
        try:
            n = write_events(find_events(store, wanted), file, kind=format)
        except OSError as error:
            if error.strerror is None:
                raise
            raise InputError(f'"{file}" cannot be written: {error.strerror}. Give another file.') from error
    print(f"{n} events in {file}", file=sys.stderr)
    return 0
