"""Commands that ask: one record, events, incidents, and the who, where and when of texts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dragoman.cli.own_table import own_tables
from dragoman.cli.terms import ANYTHING, Asked, Input, check_inputs, settings_with, to_filter, to_moment
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.store import Store

Format = Literal["table", "jsonl"]


def db_of(db: str | None) -> Path:
    """Return the store's file."""
    return Path(settings_with(store__db=db).settings.store.db)


def print_rows(rows: Iterable[dict[str, Any]], format: Format) -> None:
    """Print events or incidents, one a line."""
    from dragoman.cli.tables import console, event_line

    out = console() if format == "table" else None
    n = 0
    for n, row in enumerate(rows, 1):  # noqa: B007
        if out is None:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            key = row.get("incident_id") or row.get("event_id")
            out.print(f"{key}  ", event_line(row), sep="")
    if out is not None:
        print(f"{n} found", file=sys.stderr)


def show(id: str, *, as_of: str | None = None, db: str | None = None, format: Format = "table") -> int:
    """Show one event, incident or article with its evidence marked in the text.

    Example: dragoman show 3f9a0c12

    The id of an incident that was merged, split or renamed leads to what stands in its place.

    Parameters
    ----------
    id
        An id, or a beginning that only one has, or an input row's own id.
    as_of
        The state of knowledge at the end of that day, or at a moment such as 2024-05-31T12:00.
    db
        The store's file [dragoman.duckdb].
    format
        table for people, jsonl for programs.
    """
    from dragoman.cli.tables import print_event, print_incident, print_marked
    from dragoman.store import EventFilter, find_events, find_incidents, get_article, open_store
    from dragoman.store.queries import find_by_id

    moment = to_moment("--as-of", as_of)
    with open_store(db_of(db), read_only=True) as store:
        found = find_by_id(store, id, moment)
        if found is None and moment is None:
            return _show_former(store, id, format)
        if found is None:
            raise UsageError(
                f'no event, incident or article "{id}" (or more than one begins so). List ids: dragoman events'
            )
        kind, row = found
        if kind == "incident":
            wanted = EventFilter(as_of=moment, incident_ids=(row["incident_id"],))
            row = next(find_incidents(store, wanted))
        if format == "jsonl":
            print(json.dumps(row, ensure_ascii=False))
        elif kind == "article":
            print_marked(row, find_events(store, EventFilter(article_id=row["article_id"], as_of=moment)))
        elif kind == "event":
            print_event(row, get_article(store, row["article_id"], moment))
        else:
            print_incident(row)
    return 0


def _show_former(store: Store, id: str, format: Format) -> int:
    """Show what stands in the place of an incident that is no more.

    Raises:
        UsageError: No such id was ever there.
    """
    from dragoman.cli.tables import print_incident
    from dragoman.store import EventFilter, find_incidents
    from dragoman.store.verdicts import find_incident

    former = find_incident(store, id)
    if former is None or not former.moved:
        raise UsageError(
            f'no event, incident or article "{id}" (or more than one begins so). List ids: dragoman events'
        )
    if not former.current:
        print(f"{former.incident_id} is no more: its events were withdrawn", file=sys.stderr)
        return 1
    print(
        f"{former.incident_id} is no more; its events stand in {', '.join(former.current)}", file=sys.stderr
    )
    for row in find_incidents(store, EventFilter(incident_ids=former.current)):
        if format == "jsonl":
            print(json.dumps(row, ensure_ascii=False))
        else:
            print_incident(row)
    return 0


def events(
    *,
    asked: Asked = ANYTHING,
    limit: int | None = None,
    format: Format = "table",
    db: str | None = None,
) -> int:
    """List stored events.

    Example: dragoman events --actor IRN --type COOPERATE,CONSULT --since 2022

    Parameters
    ----------
    limit
        At most so many.
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.store import find_events, open_store

    wanted = to_filter(asked)
    with open_store(db_of(db), read_only=True) as store:
        print_rows(find_events(store, wanted, limit=limit), format)
    return 0


def dates(*inputs: Input, published: str | None = None) -> int:
    """Find dates in texts; one JSON line per mention.

    Example: dragoman dates articles.jsonl

    Parameters
    ----------
    inputs
        Files with texts, or "-".
    published
        Publication date of texts that do not give one.
    """
    import dragoman

    check_inputs(inputs, dates)
    return print_mentions(inputs, published, lambda text, day: dragoman.find_dates(text, day))


def places(*inputs: Input, published: str | None = None) -> int:
    """Find places in texts; one JSON line per mention.

    Example: dragoman places articles.jsonl

    Parameters
    ----------
    inputs
        Files with texts, or "-".
    published
        Publication date of texts that do not give one.
    """
    import dragoman

    check_inputs(inputs, places)
    loaded = settings_with()
    registry, folder = own_tables(loaded), loaded.settings.resolve.gazetteer
    gazetteer = Path(folder) if folder else None
    return print_mentions(
        inputs,
        published,
        lambda text, day: dragoman.find_places(text, registry=registry, gazetteer=gazetteer),
    )


def print_mentions(
    inputs: tuple[str, ...], published: str | None, find: Callable[[str, Any], list[Any]]
) -> int:
    """Print what ``find`` finds in every text of the inputs, one JSON line per mention; return the exit status."""
    from dragoman.clean import Cleaner
    from dragoman.cli.terms import to_day
    from dragoman.read import iter_articles
    from dragoman.records import Rejected, to_json

    day = to_day("--published", published)
    failed = done = 0
    for row in _cleaned(iter_articles(inputs, published_on=day, published_field="--published"), Cleaner):
        if isinstance(row, Rejected):
            failed += 1
            print(f"not read ({row.reason}): {row.detail}", file=sys.stderr)
            continue
        done += 1
        for mention in find(row.text, row.published_on):
            line = {"source_id": row.source_id, "article_id": row.article_id, **to_json(mention)}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 1 if failed and not done else 0


def _cleaned(items: Iterable[Any], cleaner: Any) -> Iterator[Any]:
    from datetime import date

    from dragoman.records import Rejected

    clean = cleaner(today=date.today())
    for item in items:
        yield from [item] if isinstance(item, Rejected) else clean([item])
