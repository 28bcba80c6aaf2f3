"""``dragoman export``: stored events to a file; beside it stands ``dragoman export postgres``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cyclopts import App

from dragoman.cli import postgres
from dragoman.cli.ask import db_of
from dragoman.cli.terms import ANYTHING, Asked, to_filter
from dragoman.errors import InputError

if TYPE_CHECKING:
    from dragoman.export import Tally

app = App(name="export", version_flags=[])
app.command(postgres.postgres)
_OWN = ("jsonl", "csv", "parquet")  # formats of events alone


@app.default
def export(
    format: Literal[
        "jsonl", "csv", "parquet", "plover-jsonl", "polecat", "cameo", "cameo-icews", "cameo-gdelt", "cameo-gdelt1",
        "cameo-phoenix", "geojson",
    ],
    file: Path,
    *,
    asked: Asked = ANYTHING,
    db: str | None = None,
) -> int:  # fmt: skip
    """Write stored events to a file.

    What a format cannot hold is counted on stderr. The tables polecat and cameo have only what did happen, unless --status
    asks for something else.

    Example: dragoman export csv events.csv --actor IRN --since 2022

    Example: dragoman export cameo-gdelt events.tsv --type ASSAULT

    Parameters
    ----------
    format
        jsonl keeps the records whole, csv has one flat line per event, parquet has nested columns; plover-jsonl has records of
        PLOVER; polecat is a table like POLECAT's; cameo and cameo-icews are tables like those of ICEWS, cameo-gdelt of GDELT 2.0,
        cameo-gdelt1 of GDELT 1.0, cameo-phoenix of Phoenix; geojson has the events with coordinates.
    file
        The file to write; it appears when it is complete.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.export import Tally, write_events
    from dragoman.store import find_cited_events, find_events, open_store

    wanted, tally = to_filter(asked), Tally(any_status=asked.status is not None)
    with open_store(db_of(db), read_only=True) as store:
        found = find_events(store, wanted) if format in _OWN else find_cited_events(store, wanted)
        try:
            n = write_events(found, file, kind=format, tally=tally)
        except OSError as error:
            if error.strerror is None:
                raise
            raise InputError(f'"{file}" cannot be written: {error.strerror}. Give another file.') from error
    _tell(n, file, tally)
    return 0


def _tell(n: int, file: Path, tally: Tally) -> None:
    """Print how many events and rows were written, and what was left out and why."""
    from dragoman.export import LEFT_OUT

    rows = f" ({n} rows, one per pair of sides)" if n != tally.events else ""
    print(f"{tally.events} events in {file}{rows}", file=sys.stderr)
    if tally.dated_by_article:
        print(
            f"{tally.dated_by_article} have the day of publication, as the text gives none", file=sys.stderr
        )
    for reason, number in tally.left_out.most_common():
        print(f"{number} left out ({reason}): {LEFT_OUT[reason]}", file=sys.stderr)
