"""``dragoman code``: read, code, store and show articles."""

from __future__ import annotations

import contextlib
import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from dragoman import __version__
from dragoman.cli.cluster import ClusterFlags
from dragoman.cli.terms import Input, check_inputs, settings_with, taught_file, to_day
from dragoman.config import Loaded
from dragoman.errors import UsageError
from dragoman.records import Coded, RawArticle, Rejected, to_json

if TYPE_CHECKING:
    from dragoman.read import Meter, Reading
    from dragoman.run import Plan
    from dragoman.store import Store

Engine = Literal["local", "dask"]
Format = Literal["table", "jsonl", "csv", "none"]


def code(
    *inputs: Input,
    published: str | None = None,
    outlet: str | None = None,
    columns: str | None = None,
    format: Format = "table",  # the flag's name
    store: Annotated[bool, Parameter(negative="--no-store")] = True,
    db: str | None = None,
    workers: int | None = None,
    resume: Annotated[bool, Parameter(negative="")] = False,
    teasers: Annotated[bool | None, Parameter(negative="")] = None,
    min_confidence: float | None = None,
    allow_private: Annotated[bool | None, Parameter(negative="")] = None,
    engine: Engine = "local",
    scheduler: str | None = None,
    shards: str | None = None,
) -> int:
    """Code articles into the store and show their events.

    Example: dragoman code page.html articles.jsonl --published 2025-05-19

    Parameters
    ----------
    inputs
        Files (text, HTML, JSONL, JSON, CSV, Parquet, mail, PDF, WARC, each also packed), folders, .zip archives, URLs of pages
        and feeds, "@LIST" for a file of these, or "-" for standard input.
    published
        Publication date of articles that do not give one, such as 2025-05-19.
    outlet
        Outlet of articles that do not name one.
    columns
        Which column holds what, such as text=body,title=headline,published_on=date; guessed and told if left out.
    format
        table for people, jsonl for programs (one event a line), csv for spreadsheets, none to store and show nothing.
    store
        Keep the events; with --no-store they are only shown.
    db
        The store's file [dragoman.duckdb].
    workers
        Processes that code [1].
    resume
        Pass over inputs that the store holds already.
    teasers
        Code teasers for other stories too.
    min_confidence
        Do not show events whose type is less sure, 0 to 1.
    allow_private
        Let URLs lead to this machine and to private networks.
    engine
        local codes in processes of this machine; dask on a cluster, where inputs may also be objects such as s3://news/*.warc.gz.
    scheduler
        With dask: address of its scheduler, such as tcp://10.0.0.5:8786; left out, workers are started on this machine.
    shards
        With dask: a folder that this machine and all workers share, for what they have coded.
    """
    from dragoman.read import Meter, iter_articles
    from dragoman.read.columns import parse_columns

    check_inputs(inputs, code)
    flags = ClusterFlags(scheduler, shards)
    flags.check(engine=engine)
    if format == "none" and not store:
        raise UsageError("--format none shows nothing and --no-store keeps nothing. Give one of them.")
    day = to_day("--published", published)
    if day is not None and day > date.today():
        raise UsageError(f"--published {day} lies in the future. Give the day on which the article appeared.")
    loaded = settings_with(
        store__db=db, run__workers=workers, clean__teasers=teasers, store__min_confidence=min_confidence,
        read__allow_private=allow_private,
    )  # fmt: skip
    meter = Meter(tell=_tell)
    reading = _reading(loaded, parse_columns(columns), meter)
    plan = replace(plan_of(loaded), joins=False)  # the store joins reports; a table does it for what it shows
    if engine == "local":
        articles = iter_articles(
            inputs, outlet=outlet, published_on=day, published_field="--published", reading=reading
        )
    show = _Shower(format, loaded.settings.store.min_confidence)
    progress = _Progress(meter)
    with contextlib.ExitStack() as stack:
        kept = stack.enter_context(_Keeper(loaded, plan, inputs, resume=resume)) if store else None
        if engine == "dask":
            given = (outlet, day, "--published" if day else None)
            flags = replace(flags, part_articles=loaded.settings.run.part_articles)
            batches = _coded_on_cluster(inputs, plan, flags, given=given, reading=reading, kept=kept)
        else:
            batches = _coded(
                kept.skip_known(articles) if kept is not None and resume else articles, plan, kept
            )
        for size, coded in batches:
            if kept is not None:
                kept.add(coded)
            show(coded)
            progress.add(size, coded)
    show.close()
    progress.end(kept.summary() if kept is not None else "not stored (--no-store)")
    return 0 if progress.coded or not progress.rejected else 1


def plan_of(loaded: Loaded) -> Plan:
    """Return how the settings want articles coded."""
    from dragoman.run import Plan

    s = loaded.settings
    return Plan(
        workers=s.run.workers, batch_articles=s.run.batch_articles, threads=s.parse.threads, batch_size=s.parse.batch_size,
        model=s.parse.model, registry=tuple(p for p in s.resolve.registry.split(";") if p), teasers=s.clean.teasers,
        gazetteer=s.resolve.gazetteer,
        infer_date=s.clean.infer_date, today=date.today(), taught=taught_file(loaded),
        device=s.parse.device,
    )  # fmt: skip


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def _reading(loaded: Loaded, columns: Mapping[str, str], meter: Meter) -> Reading:
    """Return how the settings want inputs read."""
    from dragoman.read import Limits, Reading

    def fetcher() -> Any:
        from dragoman.cli.web import fetcher_of  # loads the network library, for URLs only

        return fetcher_of(loaded)

    s = loaded.settings.read
    limits = Limits(s.max_bytes, s.max_ratio, s.max_unpacked_bytes, s.max_members)
    return Reading(columns, limits, meter, fetcher)


def _coded(
    articles: Iterable[RawArticle | Rejected], plan: Plan, kept: _Keeper | None
) -> Iterator[tuple[int, Coded]]:
    from dragoman.run import iter_coded

    coder = kept.coder if kept is not None else None
    return iter_coded(articles, plan, coder=coder)


def _coded_on_cluster(
    inputs: Sequence[str], plan: Plan, flags: ClusterFlags, *, given: tuple[str | None, date | None, str | None], reading: Reading,
    kept: _Keeper | None,
) -> Iterator[tuple[int, Coded]]:  # fmt: skip
    from dragoman.cli.cluster import Taking, coded_on_cluster
    from dragoman.read import Limits
    from dragoman.run.units import Given

    told = Given(*given, columns=reading.columns, limits=reading.limits or Limits())
    taking = Taking(
        plan.words(),
        kept.known_shards() if kept else frozenset(),
        kept.note_shard if kept else lambda *_: None,
    )
    return coded_on_cluster(inputs, plan, flags, given=told, reading=reading, taking=taking)


class _Keeper:
    """Owns the store while a run writes to it: opens, records the run, adds batches, closes."""

    def __init__(self, loaded: Loaded, plan: Plan, inputs: Iterable[str], *, resume: bool) -> None:
        from dragoman.store import Written

        self._path = Path(loaded.settings.store.db)
        self._digest = plan.digest()
        self._loaded = loaded
        self._command = f"code {' '.join(inputs)}"[:500]
        self._resume = resume
        self._written = Written()
        self._skipped = 0
        self.coder = None
        self._store: Store | None = None
        self._run = ""

    def __enter__(self) -> _Keeper:
        from dragoman.store import begin_run, open_store

        self._store = open_store(self._path)
        self._run = begin_run(
            self._store, command=self._command, coder_version=__version__, model_digest=self._digest,
            settings=self._loaded.changed(), at=datetime.now(UTC),
        )  # fmt: skip
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from dragoman.errors import StoreError
        from dragoman.store import end_run

        assert self._store is not None
        outcome = "done" if kind is None else "stopped" if issubclass(kind, KeyboardInterrupt) else "failed"
        try:
            with contextlib.suppress(StoreError) if kind is not None else contextlib.nullcontext():
                end_run(self._store, self._run, outcome=outcome, at=datetime.now(UTC))
        finally:
            with contextlib.suppress(StoreError) if kind is not None else contextlib.nullcontext():
                self._store.close()
        if outcome == "stopped":
            done = self._written.new + self._written.changed
            print(
                f"dragoman: stopped; {done} articles are stored whole. Go on with --resume.", file=sys.stderr
            )

    def skip_known(self, articles: Iterable[RawArticle | Rejected]) -> Iterator[RawArticle | Rejected]:
        """Yield the articles whose source the store does not hold yet.

        Standard input may hold something else than the last time, so it is coded anew; what is stored stays as it is.
        """
        from dragoman.store.queries import known_sources

        assert self._store is not None
        known = known_sources(self._store, coder_version=__version__, model_digest=self._digest)
        for item in articles:
            source = item.item_id if isinstance(item, Rejected) else item.source
            if source in known and source.split(":")[0] != "stdin":
                self._skipped += 1
            else:
                yield item

    def add(self, coded: Coded) -> None:
        """Store a batch in one transaction."""
        from dragoman.store import write

        assert self._store is not None
        self._written += write(
            self._store,
            coded,
            run_id=self._run,
            coder_version=__version__,
            model_digest=self._digest,
            at=datetime.now(UTC),
        )

    def known_shards(self) -> frozenset[str]:
        """Return the shards of a cluster that the store took in whole; none unless the run goes on where another stopped."""
        from dragoman.store.shards import known_shards

        assert self._store is not None
        return frozenset(known_shards(self._store)) if self._resume else frozenset()

    def note_shard(self, shard_id: str, name: str, items: int) -> None:
        """Note that a shard is stored whole."""
        from dragoman.store.shards import note_shard

        assert self._store is not None
        note_shard(self._store, shard_id, name=name, items=items, run_id=self._run, at=datetime.now(UTC))

    def summary(self) -> str:
        """Return what was stored, in words."""
        w = self._written
        skipped = f", {self._skipped} passed over" if self._resume else ""
        return f"{self._path}: {w.new} articles new, {w.changed} changed, {w.same} as before{skipped}"


class _Shower:
    """Prints events to stdout in one format as they come."""

    def __init__(self, format: Format, min_confidence: float) -> None:
        self._format = format
        self._least = min_confidence
        self._writer: csv.DictWriter[str] | None = None

    def __call__(self, coded: Coded) -> None:
        for rejected in coded.rejected:
            print(f"not coded ({rejected.reason}): {rejected.detail}", file=sys.stderr)
        if self._format == "none":
            return
        events = [e for e in coded.events if e.confidence.type >= self._least]
        if self._format == "jsonl":
            for event in events:
                sys.stdout.write(json.dumps(to_json(event), ensure_ascii=False) + "\n")
        elif self._format == "csv":
            self._csv([to_json(e) for e in events])
        else:
            from dragoman.cli.tables import print_article
            from dragoman.pipeline import merge

            coded = replace(coded, incidents=merge(coded.events, coded.articles))
            shown = {e.event_id for e in events}
            rows = {e.event_id: to_json(e) for e in coded.events}
            for article in coded.articles:
                print_article(to_json(article), _own(coded, article.article_id, shown), rows)
        sys.stdout.flush()

    def _csv(self, rows: list[dict[str, Any]]) -> None:
        from dragoman.export import flat_row

        for row in rows:
            flat = flat_row(row)
            if self._writer is None:
                self._writer = csv.DictWriter(sys.stdout, list(flat), lineterminator="\n")
                self._writer.writeheader()
            self._writer.writerow(flat)

    def close(self) -> None:
        """Write the header of an empty table."""
        if self._format == "csv" and self._writer is None:
            from dragoman.export.files import _EMPTY, flat_row

            csv.DictWriter(sys.stdout, list(flat_row(_EMPTY)), lineterminator="\n").writeheader()


def _own(coded: Coded, article_id: str, shown: set[str]) -> list[dict[str, Any]]:
    """Return the incidents that an article tells of, each with that article's events alone."""
    of = {e.event_id: e.article_id for e in coded.events}
    out = []
    for incident in coded.incidents:
        events = [e for e in incident.events if of.get(e) == article_id]
        if shown & set(events):
            out.append({**to_json(incident), "events": events})
    return out


class _Progress:
    """Tells on stderr how far a run is: a live line on a terminal, one line at the end elsewhere."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._began = time.monotonic()
        self._told = self._began
        self.items = self.coded = self.events = self.rejected = 0

    def add(self, size: int, coded: Coded) -> None:
        """Count a batch."""
        self.items += size
        self.coded += len(coded.articles)
        self.events += len(coded.events)
        self.rejected += len(coded.rejected)
        now = time.monotonic()
        if now - self._told >= (1 if sys.stderr.isatty() else 30):
            self._told = now
            end = "\r" if sys.stderr.isatty() else "\n"
            print(f"{self._words()}{self._left(now - self._began)} …", end=end, file=sys.stderr, flush=True)

    def end(self, where: str) -> None:
        """Tell the sum, and what was passed over."""
        if passed := self._meter.summary():
            print(passed, file=sys.stderr)
        print(f"{self._words()} · {where}", file=sys.stderr)

    def _words(self) -> str:
        seconds = time.monotonic() - self._began
        rate = f" ({self.items / seconds:.1f}/s)" if seconds > 2 else ""
        return f"{self.items} articles{rate}, {self.events} events, {self.rejected} rejected, {seconds:.1f} s"

    def _left(self, seconds: float) -> str:
        """Return how much of the inputs is read and how long the rest takes at this rate, where their size is known."""
        total, done = self._meter.total, self._meter.done()
        if not total or not done or seconds < 2:
            return ""
        left = seconds * max(0, total - done) / done
        clock = (
            f"{left / 3600:.1f} h"
            if left >= 5400
            else f"{left / 60:.0f} min"
            if left >= 90
            else f"{left:.0f} s"
        )
        return f", {100 * done // total} %, {clock} left"
