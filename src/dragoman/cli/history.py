"""Commands about the store over time: what changed between two days, and copies of it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from dragoman.cli.ask import db_of
from dragoman.cli.terms import to_moment
from dragoman.errors import UsageError

Format = Literal["table", "jsonl"]


def diff(a: str, b: str | None = None, *, format: Format = "table", db: str | None = None) -> int:
    """Show what appeared, changed, was merged, split or withdrawn between two states of knowledge.

    Example: dragoman diff 2024-05-30 2024-05-31

    A day stands for its end. What counts is when the store learned something, not when it happened.

    Parameters
    ----------
    a
        The earlier day, or moment such as 2024-05-30T12:00 (UTC).
    b
        The later one [now].
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from datetime import UTC, datetime

    from dragoman.store import open_store
    from dragoman.store.history import find_changes

    before = to_moment("A", a)
    after = to_moment("B", b) or datetime.now(UTC).replace(tzinfo=None)
    assert before is not None  # "a" is given
    if before > after:
        raise UsageError(f"{a} is later than {b or 'now'}. Give the earlier one first.")
    counts: Counter[str] = Counter()
    with open_store(db_of(db), read_only=True) as store:
        for change in find_changes(store, before, after):
            counts[change["change"]] += 1
            if format == "jsonl":
                print(json.dumps(change, ensure_ascii=False))
            else:
                _print_change(change)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items())) or "no change"
    print(told, file=sys.stderr)
    return 0


def _print_change(change: dict[str, Any]) -> None:
    from dragoman.cli.tables import console, event_line

    ids = " + ".join(change["before"]) or "nothing"
    now = " + ".join(change["after"]) or "nothing"
    where = now if change["before"] == change["after"] else f"{ids} → {now}"
    if change["change"] == "appeared":
        where = now
    console().print(f"{change['change']:<10} {where}  ", event_line(change["incident"]), sep="")
    for name, (old, new) in change.get("fields", {}).items():
        print(f"           {name}: {_short(old)} → {_short(new)}")


def _short(value: Any) -> str:
    """Return a value on a line: of people their names, of a place its name, of a date its days."""
    if isinstance(value, list):
        return f"[{', '.join(_short(v) for v in value[:6])}{', …' if len(value) > 6 else ''}]"
    if isinstance(value, dict):
        if "from" in value:
            return f"{value['from']}…{value['to']}"
        if "name" in value and "text" in value:
            return f"{value['name'] or value['text']} ({value.get('country') or '?'})"
        return ", ".join(f"{k} {_range(v)}" for k, v in value.items()) or "none"
    return "none" if value is None else str(value)


def _range(value: Any) -> str:
    return f"{value['low']}–{value['high']}" if isinstance(value, dict) and "low" in value else str(value)


def backup(
    file: Path, *, force: Annotated[bool, Parameter(negative="")] = False, db: str | None = None
) -> int:
    """Copy the store to a file and verify the copy; the store may not be written to meanwhile.

    Example: dragoman backup copies/2024-05-31.duckdb

    Parameters
    ----------
    file
        The file to write.
    force
        Overwrite a file that is there.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store.backups import backup as copy

    rows = copy(db_of(db), file, force=force)
    print(f"{file}: {_told(rows)}; verified", file=sys.stderr)
    return 0


def restore(file: Path, *, db: str) -> int:
    """Make a new store of a backup; a store that is there is never overwritten.

    Example: dragoman restore copies/2024-05-31.duckdb --db restored.duckdb

    Parameters
    ----------
    file
        The backup.
    db
        The file of the new store.
    """
    from dragoman.store.backups import restore as copy

    rows = copy(file, Path(db))
    print(f"{db}: {_told(rows)}; verified", file=sys.stderr)
    return 0


def _told(rows: dict[str, int]) -> str:
    return ", ".join(f"{rows.get(name, 0)} rows of {name}" for name in ("articles", "events", "incidents"))
