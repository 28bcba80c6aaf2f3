"""Commands that check: quality on annotated articles, settings, and whether everything is here and working."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from dragoman import __version__
from dragoman.cli.code import plan_of
from dragoman.cli.terms import settings_with
from dragoman.errors import DragomanError, GazetteerError, InputError

Format = Literal["table", "json"]


def evaluate(
    gold: Path, *, format: Format = "table", errors: Path | None = None, model: str | None = None
) -> int:
    """Measure the coder on annotated articles, with 95 % intervals.

    Example: dragoman eval gold.jsonl --errors mistakes.html

    Parameters
    ----------
    gold
        Annotated articles, one JSON object a line: id, text, published_on, sentences with events.
    format
        table for people, json for programs.
    errors
        HTML file to write with every mistake in its sentence, the dearest class first.
    model
        Folder of another encoder.
    """
    from dragoman import score
    from dragoman.calibration import curve, reliability
    from dragoman.mistakes import costs

    articles = _read_gold(gold)
    events = _code_gold(gold, articles, model)
    tallies = score.score(articles, events)
    figures, intervals = score.figures_of(tallies), score.bootstrap(tallies)
    outlets = score.per_outlet(articles, tallies)
    priced = costs(articles, events)
    if errors is not None:
        _write_errors(errors, gold.name, articles, events, (figures, intervals, outlets, priced))
    found: dict[str, Any] = {
        "figures": figures, "intervals": intervals, "per_type": score.per_type(tallies), "per_outlet": outlets,
        "costs": {c.kind: {"number": c.number, **c.gain} for c in priced},
        "calibration": reliability(articles, events), "curve": curve(articles, events),
    }  # fmt: skip
    if format == "json":
        print(json.dumps(found, indent=1))
        return 0
    from dragoman.cli.tables import print_evaluation

    print_evaluation(found)
    counts = sum(t.gold for t in tallies), sum(t.found for t in tallies)
    print(f"\n{len(articles)} articles, {counts[0]} gold events, {counts[1]} found")
    return 0


def _code_gold(gold: Path, articles: list[dict[str, Any]], model: str | None) -> list[dict[str, Any]]:
    from dragoman.records import RawArticle, to_json

    coder = plan_of(settings_with(parse__model=model, parse__taught="" if model else None)).load()
    raws = [
        RawArticle(body=a["text"], media_type="text/plain", source=f"{gold}:{n}", source_id=a["id"], verbatim=True,
                   published_on=date.fromisoformat(a["published_on"]) if a.get("published_on") else None,
                   published_field="published_on" if a.get("published_on") else None)
        for n, a in enumerate(articles, 1)
    ]  # fmt: skip
    events = []
    for at in range(0, len(raws), 16):
        coded = coder(raws[at : at + 16])
        events += [to_json(e) for e in coded.events]
        for rejected in coded.rejected:
            print(f"not coded ({rejected.reason}): {rejected.detail}", file=sys.stderr)
    return events


def _write_errors(
    path: Path,
    name: str,
    articles: list[dict[str, Any]],
    events: list[dict[str, Any]],
    found: tuple[Any, Any, Any, Any],
) -> None:
    from dragoman.cli.error_page import write_page
    from dragoman.mistakes import find_mistakes

    figures, intervals, outlets, priced = found
    page = write_page(
        name=name, figures=figures, intervals=intervals, outlets=outlets, costs=priced,
        mistakes=find_mistakes(articles, events),
    )  # fmt: skip
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f'the page of mistakes "{path}" cannot be written: {error.strerror or error}.'
        ) from error
    print(f"mistakes: {path}", file=sys.stderr)


def _read_gold(path: Path) -> list[dict[str, Any]]:
    """Return annotated articles.

    Raises:
        InputError: The file cannot be read, or a line is not an annotated article; it is named.
    """
    try:
        # Not splitlines: JSON text may hold other line separators than the line feed.
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f'the gold file "{path}" cannot be read: {error}.') from error
    out: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            missing = _missing(row)
            date.fromisoformat(row.get("published_on") or "2000-01-01")
        except (ValueError, TypeError, AttributeError) as error:
            raise InputError(f"{path}, line {number}: this is not an annotated article ({error}).") from error
        if missing is not None:
            raise InputError(f'{path}, line {number}: an annotated article needs "{missing}".')
        row["id"] = str(row["id"])
        if row["id"] in out:
            raise InputError(
                f'{path}, line {number}: there is an article "{row["id"]}" already; ids must differ.'
            )
        out[row["id"]] = row
    if not out:
        raise InputError(f'the gold file "{path}" holds no articles.')
    return list(out.values())


def _missing(row: dict[str, Any]) -> str | None:
    """Return the first key that an annotated article lacks, in itself, a sentence or an event."""
    lacking = [key for key in ("id", "text", "sentences") if not row.get(key)]
    for sentence in row.get("sentences") or ():
        lacking += [f"{key} of a sentence" for key in ("start", "end", "events") if key not in sentence]
        for event in sentence.get("events") or ():
            needed = ("event_type", "status", "actors", "recipients", "places", "dates")
            lacking += [f"{key} of an event" for key in needed if key not in event]
            mentions = [m for key in needed[2:] for m in event.get(key) or ()]
            lacking += ["text of a mention" for m in mentions if "text" not in m]
    return lacking[0] if lacking else None


def settings(*, format: Format = "table") -> int:
    """Show every setting, its value, and where it came from.

    Example: DRAGOMAN_RUN_WORKERS=4 dragoman settings

    Parameters
    ----------
    format
        table for people, json for programs.
    """
    values = list(settings_with().values())
    if format == "json":
        print(
            json.dumps(
                [{"name": v.name, "value": v.value, "from": v.origin, "help": v.help} for v in values],
                indent=1,
            )
        )
        return 0
    for v in values:
        print(f"{v.name:22} {v.value!s:20} {v.origin:16} {v.help}")
    return 0


def doctor(*, deep: Annotated[bool, Parameter(negative="")] = False, db: str | None = None) -> int:
    """Check that everything is here and working.

    Example: dragoman doctor --deep

    Parameters
    ----------
    deep
        Verify the whole store instead: every span against its article, references, digests and histories.
    db
        The store's file [dragoman.duckdb].
    """
    if deep:
        return _verify(Path(settings_with(store__db=db).settings.store.db))
    checks: list[tuple[str, Callable[[], str]]] = [
        (
            "version",
            lambda: f"dragoman {__version__}, Python {platform.python_version()}, {platform.machine()}",
        ),
        ("settings", lambda: f"{len(settings_with().changed())} differ from the defaults"),
        ("ontology", _ontology),
        ("encoder", _encoder),
        ("actors", _actors),
        ("gazetteer", _gazetteer),
        ("coding", _coding),
        ("store", lambda: _store(Path(settings_with(store__db=db).settings.store.db))),
    ]
    failed = 0
    for name, check in checks:
        try:
            print(f"ok      {name:10} {check()}")
        except DragomanError as error:
            failed += 1
            print(f"FAILED  {name:10} {error}")
    return 1 if failed else 0


def _verify(path: Path) -> int:
    """Print every fault of a store, and return 1 when there is one."""
    from dragoman.clean.cleaner import article_id_of
    from dragoman.store import get_counts, open_store
    from dragoman.store.integrity import find_faults

    faults = 0
    with open_store(path, read_only=True) as store:
        for faults, fault in enumerate(find_faults(store, article_id_of), 1):  # noqa: B007
            print(f"FAULT  {fault}")
        counts = get_counts(store)
    told = ", ".join(f"{n} {table}" for table, n in counts.items())
    print(f"{path}: {told}; {f'{faults} faults' if faults else 'no fault'}", file=sys.stderr)
    return 1 if faults else 0


def _ontology() -> str:
    from dragoman.ontology import load_ontology

    ontology = load_ontology()
    return f"{ontology.version}: {len(ontology.types)} types, {len(ontology.contexts)} contexts"


def _encoder() -> str:
    from dragoman.parse.model import PACKAGED, check_files, read_card

    model = settings_with().settings.parse.model
    folder = Path(model) if model else PACKAGED
    digest = check_files(folder, read_card(folder))
    size = sum(f.stat().st_size for f in folder.iterdir()) / 1e6
    return f"digest {digest}, {size:.0f} MB"


def _actors() -> str:
    from dragoman.resolve.actors import load_registry

    paths = [Path(p) for p in settings_with().settings.resolve.registry.split(";") if p]
    registry = load_registry(paths)
    return f"{sum(len(rows) for rows in registry.names.values())} names, {len(registry.states)} states"


def _gazetteer() -> str:
    from dragoman.resolve.gazetteer import PACKAGED, Gazetteer

    folder = settings_with().settings.resolve.gazetteer
    gazetteer = Gazetteer(Path(folder) if folder else PACKAGED)
    if not folder and not any(place.country == "AZE" for place in gazetteer.find("Baku")):
        raise GazetteerError("the table of places does not hold Baku. Reinstall dragoman.")
    return f"{len(gazetteer)} places" + (f" in {folder}" if folder else "")


def _coding() -> str:
    coded = plan_of(settings_with()).load()(
        "Police in Lagos arrested four union leaders on Friday.", published_on=date(2024, 5, 6)
    )
    return f"{len(coded.events)} event(s) in a sample sentence"


def _store(path: Path) -> str:
    from dragoman.store import get_counts, open_store

    if not path.exists():
        return f"{path} is not there yet; the first dragoman code makes it"
    with open_store(path, read_only=True) as store:
        counts = get_counts(store)
    return f"{path}: " + ", ".join(f"{n} {table}" for table, n in counts.items())
