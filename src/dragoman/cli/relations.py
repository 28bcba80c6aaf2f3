"""``dragoman relations``: how two sides get on, as a time line, a series, or a picture."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dragoman.cli.alert_outputs import check_target
from dragoman.cli.ask import db_of
from dragoman.cli.terms import current_ontology, settings_with, to_day, to_moment
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.answer.relations import Relation
    from dragoman.ontology import Ontology
    from dragoman.relate.groups import Group

Format = Literal["table", "json", "jsonl", "csv"]
Step = Literal["day", "week", "month"]
MOST_LINES = 60


def relations(
    a: str,
    b: str,
    *,
    since: str | None = None,
    until: str | None = None,
    step: Step = "month",
    groups: Path | None = None,
    plot: Path | None = None,
    as_of: str | None = None,
    format: Format = "table",
    db: str | None = None,
) -> int:
    """Show how two sides get on: dated incidents with their sentences, the level with its interval, and what changed.

    Example: dragoman relations IRN AZE --since 2022 --plot iran-azerbaijan.svg

    Parameters
    ----------
    a
        One side: a country (IRN), country and sector (IRN/MIL), words of a name, or a group of the file of groups.
    b
        The other side.
    since
        First day, month or year to tell of.
    until
        Last day, month or year; counts end with the last day that was read.
    step
        Length of a period of the series.
    groups
        TOML file of groups, each a line such as: G7 = ["USA", "GBR", "FRA"].
    plot
        Draw level, interval, incidents and turns into this file, .svg or .png.
    as_of
        The state of knowledge at the end of that day, or at a moment such as 2024-05-31T12:00.
    format
        table for people; json for the whole relation, jsonl for its incidents, csv for the series.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.answer.relations import evidence_of, get_relation, to_rows
    from dragoman.store import open_store

    first, second = sides_of(a, b, groups)
    loaded = settings_with(store__db=db)
    moment = to_moment("--as-of", as_of)
    begin, end = days_of(since, until)
    if plot is not None:
        check_target("--plot", plot)
    with open_store(db_of(db), read_only=True) as store:
        ontology = current_ontology(loaded)
        found = get_relation(
            store, first, second, ontology=ontology, since=begin, until=end,
            step=step, as_of=moment, latest=MOST_LINES if format in ("table", "csv") and plot is None else None,
        )  # fmt: skip
        evidence = evidence_of(store, found.points, as_of=moment)
    rows = to_rows(found, evidence=evidence)
    if plot is not None:
        from dragoman.cli.relation_plot import draw

        draw(found, plot)
        print(f"drawn: {plot}", file=sys.stderr)
    if format == "json":
        print(json.dumps(rows, ensure_ascii=False))
    elif format == "jsonl":
        for row in rows["points"]:
            print(json.dumps(row, ensure_ascii=False))
    elif format == "csv":
        _print_csv(rows)
    else:
        _print_table(found, rows, ontology)
    return 0


def sides_of(a: str, b: str, groups: Path | None) -> tuple[Group, Group]:
    """Return the two sides that words name.

    Raises:
        UsageError: A word is none, the file of groups is wrong, or both sides are the same.
        UnknownCode: A country or a sector does not exist.
    """
    from dragoman.answer.relations import check_side
    from dragoman.ontology import load_ontology
    from dragoman.relate.groups import group_of, load_groups

    known = load_groups(groups) if groups is not None else {}
    first, second = group_of(a, known), group_of(b, known)
    for side in (first, second):
        check_side(side, load_ontology())
    if set(first.members) == set(second.members):
        raise UsageError(f'a relation has two sides; got "{a}" twice. Example: dragoman relations IRN AZE')
    return first, second


def days_of(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """Return the days of ``--since`` and ``--until``; a month or year stands for its first day, or its last as ``--until``.

    Raises:
        UsageError: One is not a date, or they are in the wrong order.
    """
    from dragoman.relate.series import next_start

    first, last = to_day("--since", since), to_day("--until", until)
    if last is not None and until is not None and len(until.split("-")) < 3:
        last = date(last.year, 12, 31) if "-" not in until else next_start(last, "month") - timedelta(days=1)
    if first is not None and last is not None and first > last:
        raise UsageError(f"--since must not be after --until; got {since} and {until}.")
    return first, last


def _print_csv(rows: Mapping[str, Any]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([
        "start", "verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict", "intensity", "exposure",
        "planned", "level", "level_low", "level_high", "conflict_rate", "conflict_low", "conflict_high", "cooperation_rate",
        "cooperation_low", "cooperation_high",
    ])  # fmt: skip
    for row in rows["series"]:
        level = row["level"]
        writer.writerow([
            row["start"], *row["counts"], row["intensity"], row["exposure"], row["planned"], level["mean"], level["low"],
            level["high"], *(row[kind][name] for kind in ("conflict", "cooperation") for name in ("rate", "low", "high")),
        ])  # fmt: skip


def _print_table(found: Relation, rows: Mapping[str, Any], ontology: Ontology) -> None:
    from dragoman.answer.relations import incidents_of, say_side
    from dragoman.cli.tables import console, event_line
    from dragoman.relate.alerts import chance_of

    out = console()
    name = f"{say_side(found.first, ontology)} and {say_side(found.second, ontology)}"
    shown = rows["points"][-MOST_LINES:]
    if len(shown) < found.incidents:
        print(f"the last {len(shown)} of {found.incidents} incidents; all: --format jsonl", file=sys.stderr)
    for row in shown:
        out.print(f"{row['intensity']:+6.1f}  ", event_line(row), sep="")
        for one in row["evidence"][:1]:
            out.print(
                f"        “{' '.join(one['quote']['text'].split())}”  {one['outlet'] or ''}", markup=False
            )
    if rows["points"] and rows["series"]:
        last = rows["series"][-1]["level"]
        out.print(
            f"\nLevel of {name} in {rows['series'][-1]['start'][:7]}: {last['mean']:+.1f} "
            f"(90 %: {last['low']:+.1f} to {last['high']:+.1f}; -10 conflict, +10 cooperation)"
        )
        ahead = "; ".join(f"{kind} {r['low']} to {r['high']}" for kind, r in rows["next"].items())
        out.print(f"Incidents expected in the next {rows['step']}, 90 %: {ahead}")
    for change in found.changes[-20:]:
        out.print(
            f"{change.raised_on}  {'more' if change.rises else 'less'} {change.kind} since {change.since}: "
            f"{change.before:.2g} → {change.after:.2g} a week; {chance_of(change)}"
        )
    for note in rows["notes"]:
        print(f"note: {note}", file=sys.stderr)
    mean = "" if found.intensity is None else f", mean intensity {found.intensity:+.1f}"
    print(f"{incidents_of(found.incidents)} between {name}{mean}", file=sys.stderr)
