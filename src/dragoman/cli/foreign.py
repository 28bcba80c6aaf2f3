"""``dragoman foreign``: events that other projects coded, imported and listed, to be laid beside our own."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cyclopts import App

from dragoman.cli.ask import db_of
from dragoman.cli.terms import to_day
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.export.foreign import Report
    from dragoman.store import Imported

Format = Literal["table", "jsonl"]
Dataset = Literal["gdelt", "icews", "polecat", "phoenix"]
app = App(name="foreign", version_flags=[], help_flags=["--help", "-h"])
_TOLD_EVERY_S = 15.0


@app.default
def foreign(*, format: Format = "table", db: str | None = None) -> int:
    """Tell which foreign events are stored; or use a command to import or list them.

    Example: dragoman foreign

    Example: dragoman foreign import gdelt 20240603.export.CSV.zip

    Parameters
    ----------
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import count_foreign, open_store

    with open_store(db_of(db), read_only=True) as store:
        found = count_foreign(store)
    for row in found:
        if format == "jsonl":
            print(json.dumps(row))
        else:
            print(
                f"{row['dataset']:8} {row['events']:12,} events  {row['first']} to {row['last']}  {row['files']} files"
            )
    if not found:
        print(
            "no foreign events are stored. Import some: dragoman foreign import gdelt FILE", file=sys.stderr
        )
    return 0


@app.command(name="import")
def import_(dataset: Dataset, *files: Path, db: str | None = None) -> int:
    """Import tables of GDELT, ICEWS, POLECAT or Phoenix, mapped to PLOVER; the same file again adds nothing.

    All files are looked at before the first is stored, and each is stored whole or not at all. Lines that give no event are
    counted by reason.

    Example: dragoman foreign import icews events.2018.tab --db iran.duckdb

    Parameters
    ----------
    dataset
        gdelt (1.0 and 2.0), icews (the Dataverse's table), polecat or phoenix (daily files and histories).
    files
        Tables, plain, gzipped or zipped.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.export.foreign import Report, check_file, iter_foreign
    from dragoman.store import add_foreign, open_store

    if not files:
        raise UsageError(
            "nothing to import. Give a file: dragoman foreign import gdelt 20240603.export.CSV.zip"
        )
    for file in files:
        check_file(file, dataset)
    kept = 0
    with open_store(db_of(db)) as store:
        for file in files:
            began, report = time.monotonic(), Report()
            rows = _watched(iter_foreign(file, dataset, report), report)
            imported = add_foreign(store, rows, at=datetime.now(UTC))
            _print_report(file, report, imported, time.monotonic() - began)
            kept += report.kept
    return 0 if kept else 1


def _watched(rows: Iterable[dict[str, Any]], report: Report) -> Iterator[dict[str, Any]]:
    """Yield rows and tell on stderr now and then how far a long import is."""
    told = time.monotonic()
    for n, row in enumerate(rows):
        if n % 5000 == 0 and time.monotonic() - told >= _TOLD_EVERY_S:
            told = time.monotonic()
            print(f"{report.rows:,} rows read …", file=sys.stderr, flush=True)
        yield row


def _print_report(file: Path, report: Report, imported: Imported, seconds: float) -> None:
    from dragoman.export.foreign import REASONS

    print(f"{file}: {report.layout}")
    print(f"  rows read   {report.rows:12,}")
    print(f"  stored      {imported.new:12,}")
    for number, words in (
        (imported.same, "stored already"), (imported.superseded, "older rows superseded"), (imported.repeated, "repeated in the file"),
    ):  # fmt: skip
        if number:
            print(f"  {number:23,}  {words}")
    print(f"  skipped     {report.skipped.total():12,}")
    for reason, number in report.skipped.most_common():
        print(f"  {number:23,}  {reason}: {REASONS[reason]}")
    print(f"  seconds     {seconds:12.1f}")
    for reason, lines in report.told.items():
        if reason in ("no_type", "no_sides"):
            continue  # ordinary rows of these tables, no mistakes
        for line in lines:
            print(f"not stored ({reason}): {line}", file=sys.stderr)
        if (more := report.skipped[reason] - len(lines)) > 0:
            print(f"… and {more:,} more of {reason}", file=sys.stderr)


@app.command(name="list")
def list_(
    a: str | None = None,
    b: str | None = None,
    *,
    since: str | None = None,
    until: str | None = None,
    dataset: list[Dataset] | None = None,
    limit: int | None = None,
    format: Format = "table",
    db: str | None = None,
) -> int:
    """List foreign events, oldest first: all, those of one side, or those between two.

    Example: dragoman foreign list IRN AZE --since 2022 --dataset icews

    Parameters
    ----------
    a
        One side: a country (IRN), a country and sector (IRN/MIL), or words of a name.
    b
        The other side.
    since
        First day, month or year.
    until
        Last day.
    dataset
        Only this; may be given several times.
    limit
        At most so many.
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import find_foreign, open_store

    if limit is not None and limit < 0:
        raise UsageError(f"--limit must be 0 or more; got {limit}.")
    first, last = to_day("--since", since), to_day("--until", until)
    n = 0
    with open_store(db_of(db), read_only=True) as store:
        for n, row in enumerate(  # noqa: B007
            find_foreign(store, a, b, since=first, until=last, datasets=dataset or (), limit=limit), 1
        ):
            sys.stdout.write(
                (json.dumps(row, ensure_ascii=False) if format == "jsonl" else _line(row)) + "\n"
            )
    if format == "table":
        print(f"{n} found", file=sys.stderr)
    return 0


def _line(row: dict[str, Any]) -> str:
    """Return an event on a line: day, score, what, who, to whom, where, and the dataset with its id."""
    what = "/".join(w for w in (row["event_type"], row["mode"]) if w)
    sides = [_side(row, role) for role in ("actor", "recipient")]
    who = " → ".join(side for side in sides if side)
    place = f" ({row['place']})" if row["place"] else ""
    words = f"{row['date']['from']} {row['intensity']:+6.1f}  {what:22} {who}{place}  [{row['dataset']} {row['foreign_id']}]"
    return " ".join(words.split("\n"))


def _side(row: dict[str, Any], role: str) -> str:
    code = ";".join(row[f"{role}_countries"]) + "".join(f"/{s}" for s in row[f"{role}_sectors"][:1])
    names = "; ".join(row[f"{role}s"])
    return f"{names} ({code})" if names and code and names != code else names or code
