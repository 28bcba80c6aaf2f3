"""``dragoman incidents``: what happened, each incident once; take reports apart or join them, for good."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from dragoman.cli.ask import Format, db_of, print_rows
from dragoman.cli.review import login
from dragoman.cli.terms import ANYTHING, Asked, to_filter
from dragoman.errors import UsageError

app = App(name="incidents", version_flags=[])


@app.default
def incidents(
    *,
    asked: Asked = ANYTHING,
    limit: int | None = None,
    format: Format = "table",
    db: str | None = None,
) -> int:
    """List what happened: each incident once, with its reports.

    Example: dragoman incidents --country AZE --format jsonl

    Reports of one event by several articles are one incident. Its lines tell its fields, reports, newsrooms, counts with who said
    them, what it follows from, and why its reports are one.

    Parameters
    ----------
    limit
        At most so many.
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import find_incidents, open_store

    wanted = to_filter(asked)
    with open_store(db_of(db), read_only=True) as store:
        print_rows(find_incidents(store, wanted, limit=limit), format)
    return 0


@app.command
def split(
    incident_id: str,
    *,
    event: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    by: str | None = None,
    db: str | None = None,
) -> int:
    """Take events, or every event, out of an incident; what you say is kept for good.

    Example: dragoman incidents split 3f9a0c12 --event 77ab12

    Parameters
    ----------
    incident_id
        The incident, or a beginning of its id.
    event
        An event to take out, or a beginning of its id; several taken out together stay together. Without it every event
        becomes an incident of its own.
    by
        Who says so [your login name].
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import open_store
    from dragoman.store.verdicts import split as take_apart

    with open_store(_existing(db)) as store:
        now = take_apart(store, incident_id, event or (), reviewer=by or login(), at=datetime.now(UTC))
    print("\n".join(now))
    print(f"split into {len(now)} incidents", file=sys.stderr)
    return 0


@app.command
def merge(*incident_ids: str, by: str | None = None, db: str | None = None) -> int:
    """Make several incidents one; what you say is kept for good.

    Example: dragoman incidents merge 3f9a0c12 58e1b0aa

    Parameters
    ----------
    incident_ids
        Two incidents or more, or beginnings of their ids.
    by
        Who says so [your login name].
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import open_store
    from dragoman.store.verdicts import merge as join

    if len(incident_ids) < 2:
        raise UsageError("give two incidents or more: dragoman incidents merge ID ID")
    with open_store(_existing(db)) as store:
        now = join(store, incident_ids, reviewer=by or login(), at=datetime.now(UTC))
    print("\n".join(now))
    print(f"{len(incident_ids)} incidents are one now", file=sys.stderr)
    return 0


@app.command
def verdicts(*, format: Format = "table", db: str | None = None) -> int:
    """List what people said of merges: pairs of events that are one incident, and pairs that are not.

    Example: dragoman incidents verdicts --format jsonl

    The lines of jsonl hold both sentences: pairs to train merging on.

    Parameters
    ----------
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import open_store
    from dragoman.store.verdicts import find_verdicts

    n = 0
    with open_store(db_of(db), read_only=True) as store:
        for n, row in enumerate(find_verdicts(store), 1):  # noqa: B007
            if format == "jsonl":
                print(json.dumps(row, ensure_ascii=False))
                continue
            print(f"{row['kind']:5}  {row['event_a']}  {row['event_b']}  {row['reviewer'] or ''}")
            for side in (row["a"], row["b"]):
                if side is not None:
                    print(f"       “{' '.join(side['quote']['text'].split())}”")
    if format == "table":
        print(f"{n} verdicts", file=sys.stderr)
    return 0


def _existing(db: str | None) -> Path:
    """Return the store's file.

    Raises:
        UsageError: There is none; a mistake in its name must not make one.
    """
    path = db_of(db)
    if not path.exists():
        raise UsageError(f'there is no store "{path}". Make one: dragoman code INPUT --db {path}')
    return path
