"""``dragoman watch``, ``coverage`` and ``feeds``: keep reading feeds, and tell what came of it."""

from __future__ import annotations

import contextlib
import csv
import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from dragoman import __version__
from dragoman.cli.code import plan_of
from dragoman.cli.terms import settings_with, to_day
from dragoman.config import Loaded
from dragoman.errors import FeedsError, StoreError, UsageError

if TYPE_CHECKING:
    from dragoman.read.web.feedlist import ListedFeed
    from dragoman.run.watch import Round, Watch
    from dragoman.store import Store

CoverageFormat = Literal["table", "json", "csv"]
FeedsFormat = Literal["table", "json"]
Flag = Annotated[bool | None, Parameter(negative="")]


def watch(
    feeds: Path,
    *,
    once: Annotated[bool, Parameter(negative="")] = False,
    rounds: int | None = None,
    db: str | None = None,
    allow_private: Flag = None,
) -> int:
    """Keep reading feeds, code what is new and store it; stop it at any time and start it again.

    Example: dragoman watch feeds.toml --once

    Parameters
    ----------
    feeds
        TOML file of feeds; see: dragoman feeds example.
    once
        Look once at each feed that is due, fetch what waits, and end; for cron.
    rounds
        End after as many rounds.
    db
        The store's file [dragoman.duckdb].
    allow_private
        Let URLs lead to this machine and to private networks.
    """
    from dragoman.cli.web import fetcher_of
    from dragoman.run.watch import Watch

    loaded = settings_with(store__db=db, read__allow_private=allow_private)
    listed = _enabled(feeds)
    plan = plan_of(loaded)
    digest = plan.digest()
    told = _Telling()
    with fetcher_of(loaded) as fetcher, _run(loaded, f"watch {feeds}", digest) as (store, run_id):
        watching = Watch(
            store, listed, fetcher=fetcher, coder=plan.load(), run_id=run_id, model_digest=digest,
            plan=_watch_plan(loaded), tell=told,
        )  # fmt: skip
        with _stopping(watching) as came:
            done = watching.run(once=once, rounds=rounds)
        told.end(done, loaded.settings.store.db)
        if came == [signal.SIGINT]:
            raise KeyboardInterrupt
    return 0


def _enabled(path: Path) -> list[ListedFeed]:
    from dragoman.read.web.feedlist import load_feeds

    feeds = [f for f in load_feeds(path) if f.enabled]
    if not feeds:
        raise FeedsError(f'no feed of "{path}" is enabled. Set "enabled = true" for those that you want.')
    return feeds


def _watch_plan(loaded: Loaded) -> Any:
    from dragoman.run.watch import BATCH_ARTICLES, WatchPlan

    s = loaded.settings
    return WatchPlan(
        every_s=60 * s.read.feed_minutes, retry_s=60 * s.read.retry_minutes, threads=s.read.connections,
        batch_articles=min(s.run.batch_articles, BATCH_ARTICLES), max_bytes=s.read.max_bytes,
    )  # fmt: skip


@contextlib.contextmanager
def _run(loaded: Loaded, command: str, digest: str) -> Iterator[tuple[Store, str]]:
    """Give the open store and the id of a run that is recorded with its outcome."""
    from dragoman.store import begin_run, end_run, open_store

    with open_store(Path(loaded.settings.store.db)) as store:
        run_id = begin_run(
            store, command=command[:500], coder_version=__version__, model_digest=digest, settings=loaded.changed(),
            at=datetime.now(UTC),
        )  # fmt: skip
        outcome = "failed"
        try:
            yield store, run_id
            outcome = "done"
        except KeyboardInterrupt:
            outcome = "stopped"
            raise
        finally:
            with contextlib.suppress(StoreError) if outcome == "failed" else contextlib.nullcontext():
                end_run(store, run_id, outcome=outcome, at=datetime.now(UTC))


@contextlib.contextmanager
def _stopping(watching: Watch) -> Iterator[list[int]]:
    """Let the first Ctrl-C or SIGTERM end the run after the batch under way; a second Ctrl-C comes through at once."""
    came: list[int] = []

    def note(number: int, frame: object) -> None:
        if came and number == signal.SIGINT:
            raise KeyboardInterrupt
        came.append(number)
        watching.stop()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Telling:
    """Tells on stderr how a round goes: a live line on a terminal, a line a minute elsewhere."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, done: Round) -> None:
        now = time.monotonic()
        if now - self._told >= (0.5 if sys.stderr.isatty() else 60):
            self._told = now
            end = "\r" if sys.stderr.isatty() else "\n"
            print(f"{datetime.now():%H:%M} {_words(done)} …", end=end, file=sys.stderr, flush=True)

    def end(self, done: Round, db: str) -> None:
        """Tell the sum."""
        print(f"{_words(done)} · {db}: {done.written.new} articles new", file=sys.stderr)


def _words(done: Round) -> str:
    failing = f" ({done.failing} failed)" if done.failing else ""
    waiting = f", {done.put_off} put off" if done.put_off else ""
    return (
        f"{done.looked} looks at feeds{failing}, {done.new} articles offered, {done.coded} coded, {done.duplicate} known, "
        f"{done.rejected} rejected{waiting}"
    )


def coverage(
    *,
    since: str | None = None,
    until: str | None = None,
    outlet: str | None = None,
    format: CoverageFormat = "table",
    db: str | None = None,
) -> int:
    """Show per outlet and day what its feeds offered, and what was fetched, coded and rejected.

    The state of a day is ok, quiet (the feeds answered and had nothing new), broken (they were asked and none answered) or
    gap (they were not asked).

    Example: dragoman coverage --since 2025-05-01 --outlet keld

    Parameters
    ----------
    since
        First day [the first watched].
    until
        Last day [today, UTC].
    outlet
        Words of the outlet's name.
    format
        table for people, json and csv for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import open_store
    from dragoman.store.feeds import find_coverage, sum_coverage

    last = to_day("--until", until) or datetime.now(UTC).date()
    first = to_day("--since", since)
    with open_store(Path(settings_with(store__db=db).settings.store.db), read_only=True) as store:
        rows = find_coverage(store, since=first, until=last, outlet=outlet)
    table = [
        {"outlet": r.outlet, "day": r.day.isoformat(), "state": r.state, "offered": r.offered, "fetched": r.fetched,
         "coded": r.coded, "duplicate": r.duplicate, "rejected": r.rejected, "waiting": r.waiting, "reasons": r.reasons,
         "polls": r.polls, "answered": r.answered, "feeds": r.feeds, "broken": r.broken}
        for r in rows
    ]  # fmt: skip
    if format == "json":
        print(json.dumps(table, ensure_ascii=False, indent=1))
    elif format == "csv":
        _print_csv(table)
    else:
        _print_coverage(table, dict(sum_coverage(rows)))
    return 0


def _print_csv(table: Sequence[dict[str, Any]]) -> None:
    names = ["outlet", "day", "state", "offered", "fetched", "coded", "duplicate", "rejected", "waiting", "reasons", "polls",
             "answered", "feeds", "broken"]  # fmt: skip
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    for row in table:
        writer.writerow({**row, "reasons": _reasons(row), "broken": " ".join(row["broken"])})


def _reasons(row: dict[str, Any]) -> str:
    return " ".join(
        f"{reason}:{n}" for reason, n in sorted(row["reasons"].items(), key=lambda r: (-r[1], r[0]))
    )


def _print_coverage(table: Sequence[dict[str, Any]], total: dict[str, int]) -> None:
    if not table:
        print("no feeds were watched into this store yet. Begin: dragoman watch feeds.toml")
        return
    counted = ("offered", "fetched", "coded", "duplicate", "rejected", "waiting")
    print(
        f"{'outlet':28} {'day':10} {'state':6} "
        + " ".join(f"{n:>9}" for n in counted)
        + "  why, and what is broken"
    )
    for row in table:
        notes = _reasons(row)
        if row["broken"]:
            notes += (
                f"  {len(row['broken'])} of {row['feeds']} feeds never answered: {' '.join(row['broken'])}"
            )
        numbers = " ".join(f"{row[n]:9}" for n in counted)
        print(f"{row['outlet'][:28]:28} {row['day']:10} {row['state']:6} {numbers}  {notes.strip()}".rstrip())
    print(f"{'all':28} {'':10} {'':6} " + " ".join(f"{total.get(n, 0):9}" for n in counted))


def feeds(
    action: Literal["check", "example"],
    file: Path | None = None,
    *,
    format: FeedsFormat = "table",
    allow_private: Flag = None,
) -> int:
    """Check each feed of a file over the network, or print an example of such a file.

    Example: dragoman feeds example > feeds.toml

    Parameters
    ----------
    action
        check: ask for each feed, the disabled ones too, and tell what it gives. example: print a file to begin with.
    file
        The TOML file of feeds to check.
    format
        table for people, json for programs.
    allow_private
        Let URLs lead to this machine and to private networks.
    """
    from dragoman.read.web.feedlist import EXAMPLE, load_feeds

    if action == "example":
        print(EXAMPLE.read_text("utf-8"), end="")
        return 0
    if file is None:
        raise UsageError("no file of feeds to check. Give one: dragoman feeds check feeds.toml")
    from dragoman.cli.web import fetcher_of

    listed = load_feeds(file)
    with fetcher_of(settings_with(read__allow_private=allow_private)) as fetcher:
        from dragoman.run.checking import check_feeds

        rows = check_feeds(listed, fetcher)
    if format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _print_checked(rows)
    return 1 if any(row["reason"] for row in rows) else 0


def _print_checked(rows: Sequence[dict[str, Any]]) -> None:
    print(f"{'outlet':28} {'state':8} {'kind':13} {'items':>6} {'newest':16} {'robots':10} url")
    for row in rows:
        state, newest = "FAILED" if row["reason"] else "ok", (row["newest"] or "")[:16].replace("T", " ")
        print(
            f"{row['outlet'][:28]:28} {state:8} {row['kind'] or '':13} {row['items']:6} {newest:16} {row['robots']:10} {row['url']}"
        )
        if row["reason"]:
            print(f"    {row['reason']}: {row['detail']}")
