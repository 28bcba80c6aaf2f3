"""Reviewed events as annotated articles (to measure and train with) and as examples (to teach with).

In: a store with reviews. Out: plain rows, an article or an example each; what nobody has reviewed is left out and counted.
"""

from __future__ import annotations

import collections
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from dragoman.parse.sentences import split_sentences
from dragoman.records import SectionKind
from dragoman.store.opening import Store, telling
from dragoman.store.queries import get_article
from dragoman.store.reviews import find_reviewed
from dragoman.store.rows import article_from_row

Row = Mapping[str, Any]


def make_gold(store: Store) -> tuple[list[dict[str, Any]], int]:
    """Return annotated articles, and how many articles were left out because some event of theirs is not reviewed.

    An article is in when somebody reviewed an event of it and none is left without a review.

    Raises:
        StoreError: The file could not be read.
    """
    with telling(store.path):
        rows = store.connection.execute(
            "SELECT DISTINCT article_id FROM events WHERE superseded_at IS NULL "
            "AND event_id NOT IN (SELECT event_id FROM reviews)"
        ).fetchall()
    unfinished = {r[0] for r in rows}
    events: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for verdict, row in find_reviewed(store):
        own = events[row["article_id"]]
        if verdict != "rejected":
            own.append(row)
    out = []
    for article_id, own in events.items():
        article = get_article(store, article_id)
        if article is not None and article_id not in unfinished:
            out.append(gold_row(article, own))
    return out, len(unfinished)


def gold_row(article: Row, events: Collection[Row]) -> dict[str, Any]:
    """Return an annotated article of a stored article and its events."""
    sentences = split_sentences(article_from_row(article), kinds=get_args(SectionKind))
    spans = {(s.start, s.end) for s in sentences}
    for event in events:
        if not any(start <= event["trigger"]["start"] < end for start, end in spans):
            spans.add((event["quote"]["start"], event["quote"]["end"]))
    rows = []
    for start, end in sorted(spans):
        own = [e for e in events if start <= e["trigger"]["start"] < end]
        rows.append({"start": start, "end": end, "events": [_gold_event(e, start, end) for e in own]})
    return {
        "id": article["article_id"], "source": article["outlet"] or article["source"],
        "published_on": article["published_on"], "text": article["text"], "sentences": rows,
    }  # fmt: skip


def _gold_event(event: Row, start: int, end: int) -> dict[str, Any]:
    """Return an annotated event; words outside its sentence are left out, as in annotation."""

    def inside(span: Row | None) -> list[Row]:
        is_in = (
            span is not None and span["start"] is not None and start <= span["start"] and span["end"] <= end
        )
        return [span] if span is not None and is_in else []

    said_by = inside(event["said_by"])
    return {
        "trigger": _span(event["trigger"]),
        "event_type": event["event_type"],
        "mode": event["mode"],
        "status": event["status"],
        "actors": [_side(p) for a in event["actors"] or () for p in inside(a)],
        "recipients": [_side(p) for a in event["recipients"] or () for p in inside(a)],
        "places": [_span(p) for p in inside(event["place"])],
        "dates": [_span(d) for d in inside(event["date"])],
        "said_by": _side(said_by[0]) if said_by else None,
        "counts": [
            {"what": what, **_span(c)}
            for what, count in (event["counts"] or {}).items()
            for c in inside(count)
        ],
    }


def _span(row: Row) -> dict[str, Any]:
    return {"text": row["text"], "start": row["start"], "end": row["end"]}


def _side(row: Row) -> dict[str, Any]:
    sectors = list(row["sectors"] or ())
    return {
        **_span(row), "country": row["country"], "sector": sectors[0] if sectors else None, "sectors": sectors,
    }  # fmt: skip


def iter_examples(store: Store, names: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield an example for ``dragoman teach`` per reviewed event: its sentence, type and trigger.

    The type of an event with a mode is the mode's name. A rejected event is a counter-example: its type is null.

    Args:
        store: The store.
        names: Types and modes to teach, events of others are counter-examples; empty for all.

    Raises:
        StoreError: The file could not be read.
    """
    for verdict, event in find_reviewed(store):
        own = [name for name in (event["mode"], event["event_type"]) if name and (not names or name in names)]
        is_example = verdict != "rejected" and own
        yield {
            "text": event["quote"]["text"],
            "type": own[0] if is_example else None,
            "trigger": _trigger(event) if is_example else None,
        }


def _trigger(event: Row) -> str:
    """Return the trigger, with words before it where it also stands earlier: examples take the first place."""
    text = str(event["quote"]["text"])
    start, end = (event["trigger"][k] - event["quote"]["start"] for k in ("start", "end"))
    while text.index(text[start:end]) != start:
        start = text.rfind(" ", 0, start - 1) + 1
    return text[start:end]
