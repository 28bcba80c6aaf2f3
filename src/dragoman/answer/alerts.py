"""What changed that somebody asked to be told: the user's rules against a store, and what of it was not told before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dragoman.answer.pairs import Intensities
from dragoman.answer.relations import (
    HISTORY_DAYS,
    LEAST_HISTORY_DAYS,
    evidence_of,
    extent_of,
    incidents_of,
    moved_by,
    point_row,
    say_side,
)
from dragoman.ontology import Ontology
from dragoman.records import to_json
from dragoman.relate.alerts import Alert, Rule, alert_of
from dragoman.relate.change import find_changes
from dragoman.relate.groups import Group
from dragoman.relate.points import Point, points_of
from dragoman.relate.series import LEAST_SHARE, Coverage, Series, series_of
from dragoman.store import Store
from dragoman.store.relating import busiest_pairs, find_alerts, find_pair, read_per_day

# Turns older than this, counted from the last day of which anything was read, are history and no news.
NEWS_DAYS = 30
_SHOWN = 8  # incidents per alert
_PAIRS = 25  # pairs watched when there are no rules


def new_alerts(
    store: Store, rules: Sequence[Rule], *, ontology: Ontology, since: date | None = None
) -> list[Alert]:
    """Return the alerts that rules ask for and that were not told before, oldest first.

    Args:
        store: An open store.
        rules: What to watch.
        ontology: The codes, with taught types.
        since: First day on which an alert may have been raised; None for the last ``NEWS_DAYS`` days that were read.

    Raises:
        StoreError: The file could not be read.
    """
    coverage = read_per_day(store, least_share=LEAST_SHARE)
    first = since or last_day(coverage) - timedelta(days=NEWS_DAYS)
    told = find_alerts(store)
    found: list[Alert] = []
    for rule in rules:
        for alert in _of_rule(store, rule, ontology, coverage, first):
            if not any(alert.is_told_by(one) for one in told):
                found.append(alert)
    return sorted(found, key=lambda a: (a.change.raised_on, a.rule, a.change.kind))


def last_day(coverage: Coverage) -> date:
    """Return the last day of which anything was read; the first day there is when nothing was."""
    return max((day for days in coverage.values() for day in days), default=date.min + timedelta(days=366))


def usual_rules(store: Store) -> list[Rule]:
    """Return rules for the pairs of countries with most news of the last year, for who has written none.

    Raises:
        StoreError: The file could not be read.
    """
    day = last_day(read_per_day(store, least_share=LEAST_SHARE))
    pairs = busiest_pairs(store, since=day - timedelta(days=365), most=_PAIRS)
    return [Rule(f"{a} and {b}", Group(a, (a,)), Group(b, (b,))) for a, b, _ in pairs]


def _of_rule(
    store: Store, rule: Rule, ontology: Ontology, coverage: Coverage, first: date
) -> Iterable[Alert]:
    incidents = find_pair(store, rule.first.members, rule.second.members)
    points = points_of(incidents, rule.first, rule.second, intensity=Intensities(store, ontology, incidents))
    if rule.types:
        points = [p for p in points if p.event_type in rule.types]
    begin, end = extent_of([p.on for p in points if p.is_counted and p.on is not None], coverage, None, None)
    if (end - begin).days < LEAST_HISTORY_DAYS:
        return
    begin = max(begin, first - timedelta(days=HISTORY_DAYS))
    said = (say_side(rule.first, ontology), say_side(rule.second, ontology))
    outlets = [room for row in incidents for room in row["newsrooms"] or ()]
    series = series_of(points, coverage, step="week", since=begin, until=end, outlets=outlets)
    for change in find_changes(series, per_year=rule.per_year):
        if change.raised_on < first:
            continue
        moved = moved_by(change, points)
        evidence = evidence_of(store, moved[:_SHOWN], most=1)
        alert = alert_of(
            rule, change, [point_row(p, evidence) for p in moved], list(_missing(points, series)), said=said
        )
        if alert is not None:
            yield alert


def _missing(points: Sequence[Point], series: Series) -> Iterable[str]:
    if series.undated:
        yield f"{incidents_of(series.undated)} of the pair without a day within a month: not counted"
    thin = [
        start for start, share in zip(series.starts[-8:], series.exposure[-8:], strict=True) if share < 0.25
    ]
    for start in thin:
        yield f"the week from {start} was read for less than a quarter of the usual"
    if sum(p.is_counted for p in points) < 10:
        yield "fewer than ten incidents of the pair are known"


def to_row(alert: Alert) -> dict[str, Any]:
    """Return an alert in the shape of the JSON."""
    change = alert.change
    return {
        "alert_id": alert.alert_id, "rule": alert.rule, "sides": list(alert.sides), "members": [list(m) for m in alert.members], "kind": change.kind, "rises": change.rises,
        "since": to_json(change.since), "raised_on": to_json(change.raised_on), "confidence": round(change.confidence, 4),
        "before": round(change.before, 4), "after": round(change.after, 4), "by_chance_per_year": change.by_chance_per_year, "message": alert.message,
        "incidents": [_incident(row) for row in alert.incidents], "missing": list(alert.missing),
    }  # fmt: skip


def _incident(row: Any) -> dict[str, Any]:
    return {
        "incident_id": row["incident_id"], "event_type": row["event_type"], "mode": row["mode"], "on": row["on"],
        "intensity": row["intensity"], "reports": len(row["reports"]),
        "evidence": [
            {"event_id": e["event_id"], "article_id": e["article_id"], "outlet": e["outlet"], "url": e["url"],
             "published_on": e["published_on"], "quote": " ".join(e["quote"]["text"].split())}
            for e in row["evidence"]
        ],
    }  # fmt: skip


def alerts_like(
    store: Store, *, sides: Sequence[str] = (), kind: str | None = None, rises: bool | None = None,
    since: date | None = None, until: date | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the alerts that were told and fit, as ``find_alerts`` does, newest last.

    Args:
        store: An open store.
        sides: Codes or names of which each must be a side or a member of one; of two, one of either side.
        kind: "conflict" or "cooperation"; None for both.
        rises: Whether there is more of it, or less; None for both.
        since: First day on which it was sure.
        until: Last day.

    Raises:
        StoreError: The file could not be read.
    """
    wanted = [words.strip().casefold() for words in sides]
    return [
        one for one in find_alerts(store)
        if kind in (None, one["kind"]) and rises in (None, one["rises"])
        and (since is None or one["raised_on"] >= since) and (until is None or one["raised_on"] <= until)
        and _takes_part(wanted, one["body"])
    ]  # fmt: skip


def _takes_part(wanted: Sequence[str], body: Mapping[str, Any]) -> bool:
    # Alerts of older versions do not say whom their sides stand for.
    members = body.get("members") or [[], []]
    first, second = (
        {side.casefold(), *map(str.casefold, of)} for side, of in zip(body["sides"], members, strict=True)
    )
    if len(wanted) == 2:
        one, other = wanted
        return (one in first and other in second) or (other in first and one in second)
    return all(words in first | second for words in wanted)
