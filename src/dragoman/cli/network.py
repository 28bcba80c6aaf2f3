"""``dragoman network``: who cooperates and who fights in a period, as a table, JSON or GraphML."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dragoman.cli.ask import db_of
from dragoman.cli.terms import current_ontology, settings_with, to_day, to_moment
from dragoman.errors import InputError, UsageError

if TYPE_CHECKING:
    from datetime import date

    from dragoman.answer.network import Network, Period
    from dragoman.relate.network import Edge

_MOST = 10  # rows of each table


def network(
    *,
    since: str | None = None,
    until: str | None = None,
    by: Literal["country", "sector"] = "country",
    min_incidents: int = 1,
    compare_since: str | None = None,
    compare_until: str | None = None,
    as_of: str | None = None,
    format: Literal["table", "json", "graphml"] = "table",
    output: Path | None = None,
    db: str | None = None,
) -> int:
    """Show who cooperates and who fights in a period: pairs, communities, balance of triads, and whose position changed.

    Example: dragoman network --since 2022 --until 2022-12-31 --compare-since 2021

    Needs the extra "analysis": pip install "dragoman[analysis]"

    Parameters
    ----------
    since
        First day, month or year.
    until
        Last day.
    by
        What an actor is: country (IRN), or sector, a country and sector (IRN/MIL).
    min_incidents
        Fewest incidents of a pair that is shown.
    compare_since
        First day of an earlier period to compare positions with.
    compare_until
        Last day of it [the day before --since].
    as_of
        The state of knowledge at the end of that day, or at a moment such as 2024-05-31T12:00.
    format
        table for people, json (node-link data) or graphml for programs.
    output
        A file to write instead of the terminal.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.answer.network import get_network, to_graphml, to_rows
    from dragoman.store import open_store

    first, last = to_day("--since", since), to_day("--until", until)
    earlier = _earlier(
        first, to_day("--compare-since", compare_since), to_day("--compare-until", compare_until)
    )
    _check(first, last, min_incidents)
    with open_store(db_of(db), read_only=True) as store:
        found = get_network(
            store, ontology=current_ontology(settings_with()), since=first, until=last, by=by, least=min_incidents,
            earlier=earlier, as_of=to_moment("--as-of", as_of),
        )  # fmt: skip
    if format == "graphml":
        _write(to_graphml(found).decode(), output)
    elif format == "json":
        _write(json.dumps(to_rows(found), ensure_ascii=False, indent=1) + "\n", output)
    else:
        _write("\n".join(_lines(found)) + "\n", output)
    incidents = sum(e.incidents for e in found.edges)
    print(
        f"{len(found.graph)} actors, {len(found.edges)} pairs, {incidents} links by incidents",
        file=sys.stderr,
    )
    return 0


def _check(since: date | None, until: date | None, least: int) -> None:
    if since is not None and until is not None and until < since:
        raise UsageError(f"--until must not lie before --since; got {since} to {until}.")
    if least < 1:
        raise UsageError(f"--min-incidents must be at least 1; got {least}.")


def _earlier(since: date | None, first: date | None, last: date | None) -> Period | None:
    """Return the earlier period, None without.

    Raises:
        UsageError: It has no end, or ends before it begins.
    """
    if first is None and last is None:
        return None
    end = last or (since - timedelta(days=1) if since else None)
    if end is None:
        raise UsageError(
            "the earlier period has no end. Give --compare-until, or --since to end it the day before."
        )
    if first is not None and end < first:
        raise UsageError(f"the earlier period must not end before it begins; got {first} to {end}.")
    if since is not None and end >= since:
        raise UsageError(f"the earlier period must end before --since {since}; it ends on {end}.")
    return first, end


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f'"{output}" cannot be written: {error.strerror}.') from None


def _lines(found: Network) -> list[str]:
    from dragoman.relate.network import strongest

    if not found.edges:
        return ["no pair of actors with that many incidents"]
    head = f"{'pair':<20} {'weight':>8} {'mean':>6} {'incidents':>9}   verbal/material cooperation, verbal/material conflict"
    out = ["who cooperates most", head, *map(_pair, strongest(found.edges, sign=1, most=_MOST))]
    out += ["", "who fights most", head, *map(_pair, strongest(found.edges, sign=-1, most=_MOST))]
    out += ["", "actors", f"{'actor':<12} {'incidents':>9} {'cooperation':>11} {'conflict':>9}   community"]
    nodes = sorted(found.graph.nodes(data=True), key=lambda n: (-n[1]["incidents"], n[0]))
    out += [
        f"{name:<12} {v['incidents']:>9} {v['cooperation']:>+11.1f} {v['conflict']:>+9.1f}   {v.get('community', '')}".rstrip()
        for name, v in nodes[:_MOST]
    ]
    out += ["", "communities of those who cooperate"]
    out += [f"{n:>3}  {', '.join(members)}" for n, members in enumerate(found.communities[:_MOST], 1)]
    return [*out, *_balance(found), *_moves(found)]


def _pair(edge: Edge) -> str:
    name = f"{edge.first} {edge.second}"
    return f"{name:<20} {edge.weight:>+8.1f} {edge.intensity:>+6.1f} {edge.incidents:>9}   {' / '.join(map(str, edge.counts))}"


def _balance(found: Network) -> list[str]:
    balance = found.balance
    if balance.share is None:
        return ["", "no three actors are linked each with each: nothing to say about balance"]
    weighted = f", {balance.weighted:.0%} by weight" if balance.weighted is not None else ""
    out = [
        "",
        f"balanced are {balance.share:.0%} of {balance.triads} closed triads{weighted}, {balance.weak:.0%} if three enemies may be; heaviest of the others:",
    ]
    for t in balance.unbalanced[:_MOST]:
        a, b, c = t.nodes
        words = (
            f"{x} {'+' if s > 0 else '-'} {y}"
            for x, y, s in ((a, b, t.signs[0]), (a, c, t.signs[1]), (b, c, t.signs[2]))
        )
        out.append(f"  {t.weight:>7.1f}  {', '.join(words)}")
    return out


def _moves(found: Network) -> list[str]:
    from dragoman.relate.position import LEAST_INCIDENTS

    if found.earlier is None:
        return []
    begin, end = found.earlier
    out = [
        "",
        f"whose position changed most, compared with {begin or 'the beginning'} to {end} (0 not at all, 1 wholly)",
    ]
    if not found.moves:
        return [*out, f"no actor has {LEAST_INCIDENTS} incidents in both periods"]
    out.append(
        f"{'actor':<12} {'moved':>6} {'by chance':>9} {'p':>6}   incidents   share of its intensity, before → after"
    )
    for m in found.moves[:_MOST]:
        parts = "; ".join(f"{p} {'+' if s > 0 else '-'} {a:.0%} → {b:.0%}" for p, s, a, b in m.partners)
        out.append(f"{m.actor:<12} {m.distance:>6.2f} {m.expected:>9.2f} {m.chance:>6.3f}   {m.incidents[0]:>4} {m.incidents[1]:>4}   {parts}")  # fmt: skip
    return out
