"""``dragoman outlook``: the chance of more than usual between two sides in the next weeks, with its record."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dragoman.cli.ask import db_of
from dragoman.cli.terms import current_ontology, settings_with, to_day, to_moment
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.answer.outlook import Expectation, Outlook

_MOST_WEEKS = 26


def outlook(
    a: str,
    b: str,
    *,
    horizon: str = "1,4,12",
    backtest: bool = False,
    plot: Path | None = None,
    groups: Path | None = None,
    until: str | None = None,
    as_of: str | None = None,
    format: Literal["table", "json"] = "table",
    db: str | None = None,
) -> int:
    """Say how likely more material conflict or cooperation than usual is in the next weeks.

    Example: dragoman outlook ISR LBN --horizon 1,4,12 --backtest

    Usual is what three of four windows of that length did not exceed in the three years before. Where the model did not beat
    persistence and climatology in the pair's own past, the better baseline is shown and marked.

    Parameters
    ----------
    a
        One side: a country (IRN), country and sector (IRN/MIL), words of a name, or a group of --groups.
    b
        The other side.
    horizon
        Weeks to look ahead, separated by commas, 1 to 26 each.
    backtest
        Show how forecasts of the pair fared so far: Brier and log scores, skill, calibration.
    plot
        Draw the calibration into a file ending in .svg, .png or .pdf; needs the extra "analysis".
    groups
        A TOML file of groups: name = ["FRA", "DEU/MIL"].
    until
        Last day that may be known [the last day read].
    as_of
        The state of knowledge at the end of that day, or at a moment such as 2024-05-31T12:00.
    format
        table for people, json for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.answer.outlook import get_outlook, to_rows
    from dragoman.cli.calibration_plot import check, draw
    from dragoman.relate.groups import group_of, load_groups
    from dragoman.store import open_store

    weeks = _weeks(horizon)
    known = load_groups(groups) if groups else {}
    if plot is not None:
        check(plot)
    with open_store(db_of(db), read_only=True) as store:
        found = get_outlook(
            store, group_of(a, known), group_of(b, known), ontology=current_ontology(settings_with()), horizons=weeks,
            until=to_day("--until", until), as_of=to_moment("--as-of", as_of),
        )  # fmt: skip
    if plot is not None and found.expectations:
        draw({(e.kind, e.weeks): e.tested for e in found.expectations}, plot, title=f"{a} and {b}")
    if format == "json":
        print(json.dumps(to_rows(found), ensure_ascii=False))
    else:
        print("\n".join(_lines(found, backtest=backtest)))
    if plot is not None:
        print(f"drawn: {plot}" if found.expectations else "nothing to draw", file=sys.stderr)
    return 0


def _weeks(words: str) -> tuple[int, ...]:
    """Return the horizons in weeks, each once, in order.

    Raises:
        UsageError: One is not a number of weeks that can be looked ahead.
    """
    parts = [part.strip() for part in words.split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= _MOST_WEEKS for part in parts):
        raise UsageError(f'--horizon must be weeks from 1 to {_MOST_WEEKS} such as 1,4,12; got "{words}".')
    return tuple(sorted({int(part) for part in parts}))


def _lines(found: Outlook, *, backtest: bool) -> list[str]:
    from dragoman.answer.outlook import percent

    name = f"{found.first.name} and {found.second.name}"
    if found.missing:
        return [
            f"no outlook for {name}: the history is too short",
            *(f"  {words}" for words in found.missing),
        ]
    out = [
        f"{name}, weeks from {found.origin} on",
        f"{'kind':<21} {'until':<11} {'weeks':>5} {'usual':>6} {'chance of more':>14}   by",
    ]
    for e in found.expectations:
        until = found.origin + timedelta(days=7 * e.weeks - 1)
        out.append(f"{_kind(e):<21} {until!s:<11} {e.weeks:>5} {f'0-{e.least - 1}' if e.least > 1 else '0':>6} {percent(e.chance):>14}   {e.shown} ({e.why})")  # fmt: skip
    return [*out, *_tested(found.expectations)] if backtest else out


def _kind(e: Expectation) -> str:
    return e.kind.replace("_", " ")


def _tested(found: tuple[Expectation, ...]) -> list[str]:
    from dragoman.relate.backtest import METHODS

    out = [
        "",
        "past forecasts, each made with what was known then (Brier and log score: 0 is perfect; skill above 0 is better)",
    ]
    out.append(
        f"{'kind':<21} {'weeks':>5} {'n':>5} {'above':>6}   {'method':<12} {'Brier':>7} {'log':>7} {'skill of the model':>19}"
    )
    for e in found:
        t = e.tested
        for m in METHODS if t.n else ():
            skill = "" if m == "model" else f"{t.skill(m):+.3f}"
            out.append(f"{_kind(e):<21} {e.weeks:>5} {t.n:>5} {t.above:>6}   {m:<12} {t.brier[m]:>7.4f} {t.log[m]:>7.3f} {skill:>19}")  # fmt: skip
    out += ["", "calibration of the model: of forecasts with such a chance, the share that came so"]
    out.append(f"{'kind':<21} {'weeks':>5}   {'chance':<9} {'n':>5} {'mean':>6} {'came':>6}")
    for e in found:
        for b in e.tested.calibration["model"]:
            out.append(
                f"{_kind(e):<21} {e.weeks:>5}   {b.low:.1f}-{b.high:.1f}   {b.n:>5} {b.said:>6.2f} {b.came:>6.2f}"
            )
    return out
