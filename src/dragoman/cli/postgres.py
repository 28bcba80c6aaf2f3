"""``dragoman export postgres``: a copy of the store on a PostgreSQL server, kept in step."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from dragoman.cli.ask import db_of
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.mirror import Kept

_LEAST_EVERY_S = 0.5
Flag = Annotated[bool, Parameter(negative="")]


def postgres(
    *,
    url: str | None = None,
    url_env: str | None = None,
    schema: str = "dragoman",
    every: float | None = None,
    replace: Flag = False,
    db: str | None = None,
) -> int:
    """Send the store to a schema of a PostgreSQL server, or only what is new or superseded since the last time.

    Articles without their text, events, incidents and links go there, with every version; views show what holds now. Each batch is
    one transaction, and a run that was stopped goes on where it was. Needs the extra "postgres".

    Example: dragoman export postgres --db events.duckdb --url postgresql://ada@db.example.org/news --every 60

    Parameters
    ----------
    url
        The server: postgresql://USER@HOST:PORT/DATABASE, or any other address that libpq takes. The password comes from PGPASSWORD,
        a password file or a service file, never from here.
    url_env
        Name of an environment variable that holds the address, which may have the password in it.
    schema
        The schema, made if it is not there.
    every
        Go on until stopped: look at the store every so many seconds and send what has changed.
    replace
        Empty the schema first and send all anew, whatever store it was of. Rights and views on its tables stay.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.mirror import Mirror, address_of, check_schema

    if every is not None and not every >= _LEAST_EVERY_S:
        raise UsageError(f"--every must be at least {_LEAST_EVERY_S:g} seconds; got {every:g}.")
    address = address_of(url, url_env, environment=os.environ)
    mirror = Mirror(db_of(db), address, check_schema(schema), tell=_tell_batch)
    if every is None:
        _tell(mirror.keep(replace_all=replace), schema)
        return 0
    try:
        mirror.keep_on(
            every, replace_all=replace, done=lambda kept: _tell(kept, schema), failed=lambda error: print(
                f"dragoman: {error} Trying again.", file=sys.stderr, flush=True)
        )  # fmt: skip
    except KeyboardInterrupt:
        print("stopped; the schema is true up to the last batch", file=sys.stderr)
    return 0


def _tell_batch(mark: datetime, rows: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{rows:,} rows sent, up to {mark:%Y-%m-%d %H:%M:%S} ", end="", file=sys.stderr, flush=True)


def _tell(kept: Kept, schema: str) -> None:
    """Print what a round did; nothing where it had nothing to do is told as such."""
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    parts = [f"{n:,} {name.replace('_', ' ')}" for name, n in kept.sent.items() if n]
    closed = sum(kept.closed.values())
    parts += [f"{closed:,} superseded"] if closed else []
    until = f", the store as of {kept.mark:%Y-%m-%d %H:%M:%S} UTC" if kept.mark else ""
    print(f"{', '.join(parts) or 'nothing new'} → schema {schema}{until}", file=sys.stderr, flush=True)
