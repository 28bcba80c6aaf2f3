"""``dragoman actors``: who a text names, and the user's own table of actors: look up, add, correct, import, remove, list."""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from dragoman.cli.actors_import import import_
from dragoman.cli.ask import print_mentions
from dragoman.cli.own_table import open_own, own_tables, path_of, tell_use
from dragoman.cli.terms import Input, check_inputs, settings_with, to_day
from dragoman.config import OWN_ACTORS
from dragoman.errors import RegistryError, UsageError

if TYPE_CHECKING:
    from dragoman.resolve.actors.lookup import Candidate
    from dragoman.resolve.actors.own import ActorRow, OwnTable

Format = Literal["table", "jsonl"]
From = Annotated[str | None, Parameter(name="--from")]
app = App(name="actors", version_flags=[])


@app.default
def actors(*inputs: Input, published: str | None = None) -> int:
    """Find named actors in texts, one JSON line per mention; or use a command on your own table of actors.

    Example: dragoman actors articles.jsonl

    Parameters
    ----------
    inputs
        Files with texts, or "-".
    published
        Publication date of texts that do not give one.
    """
    import dragoman

    check_inputs(inputs, actors)
    commands = [name for name in app if not name.startswith("-")]
    near = difflib.get_close_matches(inputs[0].replace("_", "-"), commands, n=1, cutoff=0.75)
    if near and not Path(inputs[0]).exists():
        raise UsageError(
            f'"{inputs[0]}" is neither a file nor a command. Did you mean "dragoman actors {near[0]}"?'
        )
    registry = own_tables(settings_with())
    return print_mentions(
        inputs, published, lambda text, day: dragoman.find_actors(text, day, registry=registry)
    )


@app.command(name="look-up")
def look_up(
    name: str, *, on: str | None = None, format: Format = "table", registry: Path | None = None
) -> int:
    """Show every row of the tables that a name stands for, and which one counts on a day.

    Example: dragoman actors look-up Taliban --on 2020-03-01

    Parameters
    ----------
    name
        The name as an article would write it; capitals count as they do there.
    on
        The day, such as the article's publication [today].
    format
        table for people, jsonl for programs.
    registry
        A table of your own to read too.
    """
    from dragoman.resolve.actors import load_registry
    from dragoman.resolve.actors.lookup import look_up as candidates_of
    from dragoman.resolve.actors.lookup import near_names

    day = to_day("--on", on) or date.today()
    paths = own_tables(settings_with())
    if registry is not None and registry not in paths:
        paths = [registry, *paths]
    tables = load_registry(paths)
    found = candidates_of(name, tables, on=day, paths=paths)
    for candidate in found:
        row = _as_json(candidate)
        print(json.dumps(row, ensure_ascii=False) if format == "jsonl" else _line(row))
    if not found:
        near = ", ".join(f'"{n}"' for n in near_names(name, tables))
        print(
            f'no row has the name "{name}".' + (f" Near in spelling: {near}" if near else ""), file=sys.stderr
        )
    return 0 if found else 1


@app.command
def add(
    name: str,
    *,
    country: str = "",
    sectors: list[str] | None = None,
    kind: str = "institution",
    alias: list[str] | None = None,
    from_: From = None,
    to: str | None = None,
    office: str = "",
    id: str = "",
    registry: Path | None = None,
) -> int:
    """Add an actor to your own table; it wins over the packaged ones.

    Example: dragoman actors add "Harbour Workers' League" --country GHA --sectors LAB --kind ngo --alias HWL

    Parameters
    ----------
    name
        Full name, which records carry.
    country
        ISO alpha-3 code, or KOS, IGO, UNO, EUR, NGO, ISM, IMG, MNC.
    sectors
        Sectors of the codebook, separated by commas, the main one first.
    kind
        institution, group, igo, party, ngo, media, company, person, country, capital, region, city, people or ethnic.
    alias
        Another way to write it; may be given several times.
    from_
        First day, month or year on which it holds.
    to
        Last day, month or year.
    office
        What a person is in those days.
    id
        Stable identity [made of country and name].
    registry
        The table to write [the first of the setting resolve.registry, else dragoman.actors.csv].
    """
    from dragoman.resolve.actors import load_registry
    from dragoman.resolve.actors.imports import Packaged
    from dragoman.resolve.actors.own import ActorRow

    packaged = Packaged(load_registry())
    row = ActorRow(
        " ".join(name.split()), country.strip().upper(), _codes(sectors or ()), kind.strip().lower(), id.strip(),
        _aliases(alias or ()), (from_ or "").strip(), (to or "").strip(), " ".join(office.split()),
    )  # fmt: skip
    row = packaged.with_id(row)
    _check(row, packaged.states)
    path = path_of(registry)
    table = open_own(path, packaged.states)
    table.add(row)
    table.write()
    print(_line(_row_json(row)))
    for alias_ in (row.name, *row.aliases):
        if others := sorted(str(c) for c in packaged.countries(alias_)):
            print(
                f'"{alias_}" is in the packaged tables too ({", ".join(others)}); your row comes first. '
                f'See: dragoman actors look-up "{alias_}"',
                file=sys.stderr,
            )
    tell_use(path, "added")
    return 0


@app.command
def correct(
    id: str,
    *,
    country: str | None = None,
    name: str | None = None,
    sectors: list[str] | None = None,
    kind: str | None = None,
    alias: list[str] | None = None,
    from_: From = None,
    to: str | None = None,
    office: str | None = None,
    on: str | None = None,
    registry: Path | None = None,
) -> int:
    """Correct an actor, packaged or your own: the corrected rows stand in your own table and win.

    Example: dragoman actors correct AFG.taliban --sectors GOV --on 2022-01-01

    All rows of the id are written, so that the terms which were right stay known. What is given as "" is emptied.

    Parameters
    ----------
    id
        The actor's id, as dragoman actors look-up shows it.
    country
        ISO alpha-3 code, or KOS, IGO, UNO, EUR, NGO, ISM, IMG, MNC.
    name
        Full name, which records carry.
    sectors
        Sectors of the codebook, separated by commas, the main one first.
    kind
        institution, group, igo, party, ngo, media, company, person, country, capital, region, city, people or ethnic.
    alias
        One more way to write it; may be given several times.
    from_
        First day, month or year on which it holds.
    to
        Last day, month or year.
    office
        What a person is in those days.
    on
        Change only the row that holds on that day.
    registry
        The table to write [the first of the setting resolve.registry, else dragoman.actors.csv].
    """
    from dragoman.resolve.actors import load_registry
    from dragoman.resolve.actors.lookup import find_packaged
    from dragoman.resolve.actors.own import read_own

    path = path_of(registry)
    table = read_own(path)
    before = table.find(id) or find_packaged(id)
    if not before:
        raise UsageError(_unknown_id(id, table))
    changes: dict[str, Any] = {
        "country": country and country.strip().upper(), "name": name and " ".join(name.split()),
        "sectors": None if sectors is None else _codes(sectors), "kind": kind and kind.strip().lower(),
        "since": from_, "until": to, "office": office,
    }  # fmt: skip
    given = {key: value for key, value in changes.items() if value is not None}
    chosen = _chosen(before, to_day("--on", on), given)
    after = []
    for row in before:
        if row in chosen:
            aliases = dict.fromkeys((*row.aliases, *_aliases(alias or ())))
            if "name" in given and row.name != given["name"]:
                aliases[row.name] = None  # articles go on writing the name as it was
            new = replace(row, **given)
            row = replace(new, aliases=tuple(a for a in aliases if a != new.name))
        after.append(replace(row, id=id))
    if [r.cells() for r in after] == [r.cells() for r in before]:
        raise UsageError(
            f'nothing to correct in "{id}". Give what is to be different, such as --country GHA.'
        )
    states = load_registry().states
    for row in after:
        _check(row, states)
    table.replace(id, after)
    table.write()
    for row in after:
        print(_line(_row_json(row)))
    tell_use(path, "corrected")
    return 0


@app.command
def remove(id: str, *, registry: Path | None = None) -> int:
    """Remove an actor from your own table; packaged rows with the id count again.

    Example: dragoman actors remove GHA.harbour_workers_league

    Parameters
    ----------
    id
        The actor's id, as dragoman actors list shows it.
    registry
        The table to write [the first of the setting resolve.registry, else dragoman.actors.csv].
    """
    from dragoman.resolve.actors.lookup import find_packaged
    from dragoman.resolve.actors.own import read_own

    path = path_of(registry)
    table = read_own(path)
    rows = table.find(id)
    if not rows:
        if find_packaged(id):
            raise UsageError(
                f'"{id}" is a packaged row and not in "{path}"; only your own rows can be removed. '
                f"Change it: dragoman actors correct {id}"
            )
        raise UsageError(_unknown_id(id, table))
    table.remove(id)
    table.write()
    for row in rows:
        print(_line(_row_json(row)))
    print(f"{len(rows)} removed from {path}", file=sys.stderr)
    return 0


@app.command(name="list")
def list_(*, format: Format = "table", registry: Path | None = None) -> int:
    """List the rows of your own tables.

    Example: dragoman actors list --format jsonl

    Parameters
    ----------
    format
        table for people, jsonl for programs.
    registry
        The table to read [those of the setting resolve.registry, else dragoman.actors.csv].
    """
    from dragoman.resolve.actors.own import read_own

    paths = [registry] if registry is not None else own_tables(settings_with()) or [Path(OWN_ACTORS)]
    n = 0
    for path in paths:
        for line, row in read_own(path).rows():
            n += 1
            shown = {**_row_json(row), "table": str(path), "line": line}
            print(json.dumps(shown, ensure_ascii=False) if format == "jsonl" else _line(shown))
    print(f"{n} in {', '.join(map(str, paths))}", file=sys.stderr)
    return 0


def _check(row: ActorRow, states: Iterable[str]) -> None:
    from dragoman.resolve.actors.own import check_row

    try:
        check_row(row, frozenset(states), where=f'the row of "{row.name}"')
    except RegistryError as error:
        raise UsageError(str(error)) from error


def _chosen(rows: Sequence[ActorRow], on: date | None, given: dict[str, Any]) -> list[ActorRow]:
    """Return the rows that a correction changes.

    Raises:
        UsageError: Days or office were given and several rows could be meant, or none holds on the day.
    """
    if on is not None:
        own = [row for row in rows if _holds(row, on)]
        if not own:
            raise UsageError(
                f'no row of "{rows[0].entity_id}" holds on {on}. See: dragoman actors look-up "{rows[0].name}"'
            )
        return own
    if len(rows) > 1 and given.keys() & {"since", "until", "office"}:
        spans = "; ".join(f"{row.since or '…'} to {row.until or 'now'}" for row in rows)
        raise UsageError(
            f'"{rows[0].entity_id}" has {len(rows)} rows ({spans}). Say which one with --on DATE.'
        )
    return list(rows)


def _holds(row: ActorRow, on: date) -> bool:
    """Return whether a row holds on a day; a month or year stands for all of its days."""
    day = on.isoformat()
    return row.since <= day and (not row.until or day[: len(row.until)] <= row.until)


def _codes(given: Iterable[str]) -> tuple[str, ...]:
    codes = (code.strip().upper() for words in given for code in re.split("[,;]", words))
    return tuple(dict.fromkeys(code for code in codes if code))


def _aliases(given: Iterable[str]) -> tuple[str, ...]:
    aliases = (" ".join(alias.split()) for words in given for alias in words.split(";"))
    return tuple(dict.fromkeys(alias for alias in aliases if alias))


def _unknown_id(id: str, table: OwnTable) -> str:
    from dragoman.resolve.actors.lookup import packaged_ids

    known = dict.fromkeys([*(row.entity_id for _, row in table.rows()), *packaged_ids()])
    near = difflib.get_close_matches(id, known, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return f'no row has the id "{id}".{hint} Find it: dragoman actors look-up NAME'


def _row_json(row: ActorRow) -> dict[str, Any]:
    return {
        "id": row.entity_id, "name": row.name, "country": row.country or None, "sectors": list(row.sectors),
        "kind": row.kind, "aliases": list(row.aliases), "office": row.office or None, "from": row.since or None,
        "to": row.until or None,
    }  # fmt: skip


def _as_json(found: Candidate) -> dict[str, Any]:
    e = found.entry
    return {
        "id": e.entity_id, "name": e.name, "country": e.country, "sectors": list(e.sectors), "kind": e.kind,
        "office": e.office, "from": e.since and e.since.isoformat(), "to": e.until and e.until.isoformat(),
        "table": found.table, "line": found.line, "holds": found.holds, "wins": found.wins, "why": found.why,
    }  # fmt: skip


def _line(row: dict[str, Any]) -> str:
    """Return a row on a line: what it is, its days, where it stands, and whether it counts."""
    mark = ("* " if row["wins"] else "  ") if "wins" in row else ""
    code = "/".join([row["country"] or "?", *row["sectors"]])
    days = f", {row['from'] or '…'} to {row['to'] or 'now'}" if row["from"] or row["to"] else ""
    office = f", {row['office']}" if row["office"] else ""
    aliases = f" ({'; '.join(row['aliases'])})" if row.get("aliases") else ""
    where = f"  [{row['table']}, line {row['line']}]" if "table" in row else ""
    why = f" {row['why']}" if "why" in row else ""
    return f"{mark}{row['id']}  {row['name']}{aliases}, {code}, {row['kind']}{office}{days}{where}{why}"


app.command(import_, name="import")
