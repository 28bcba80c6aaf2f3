"""``dragoman brief``: a relation on one page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from dragoman.cli.alert_outputs import check_target, write_whole
from dragoman.cli.ask import db_of
from dragoman.cli.relations import days_of, sides_of
from dragoman.cli.terms import current_ontology, settings_with, to_moment


def brief(
    a: str,
    b: str,
    *,
    since: str | None = None,
    until: str | None = None,
    groups: Path | None = None,
    format: Literal["markdown", "html"] | None = None,
    output: Path | None = None,
    as_of: str | None = None,
    db: str | None = None,
) -> int:
    """Write one page on how two sides get on: time line, turning points, open threats and promises, sources.

    Example: dragoman brief IRN AZE --since 2022 --output iran-azerbaijan.html

    Every sentence is composed from records and ends in a link to its evidence; no text generator takes part.

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
    groups
        TOML file of groups, each a line such as: G7 = ["USA", "GBR", "FRA"].
    format
        markdown or html [by the ending of the output, else markdown].
    output
        Write the page into this file instead of printing it.
    as_of
        The state of knowledge at the end of that day, or at a moment such as 2024-05-31T12:00.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.answer.briefs import get_brief, to_html, to_markdown
    from dragoman.store import open_store

    first, second = sides_of(a, b, groups)
    begin, end = days_of(since, until)
    if output is not None:
        check_target("--output", output)
    loaded = settings_with(store__db=db)
    with open_store(db_of(db), read_only=True) as store:
        found = get_brief(
            store, first, second, ontology=current_ontology(loaded), since=begin, until=end,
            as_of=to_moment("--as-of", as_of),
        )  # fmt: skip
    wants_html = format == "html" or (
        format is None and output is not None and output.suffix in (".html", ".htm")
    )
    page = to_html(found) if wants_html else to_markdown(found)
    if output is None:
        sys.stdout.write(page)
    else:
        write_whole("--output", output, page.encode())
        print(f"written: {output}", file=sys.stderr)
    return 0
