"""``dragoman actors import``: other people's tables of actors into the user's own, with what was not taken and why."""

from __future__ import annotations

import csv
import io
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from dragoman.cli.own_table import open_own, path_of, tell_use
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.resolve.actors.imports import Importer, Report, Skipped
    from dragoman.resolve.actors.imports.found import Item

Flag = Annotated[bool, Parameter(negative="")]
# Reasons for which a line is passed over that do not tell of a mistake in the file.
_QUIET = frozenset({"comment", "known", "duplicate", "role_word", "not_actors"})
_SHOWN = 5  # bad lines that an import shows


def import_(
    file: Path,
    *,
    format: Literal["csv", "wikidata", "petrarch", "everypolitician"] | None = None,
    country: str = "",
    take_known: Flag = False,
    dry_run: Flag = False,
    errors: Path | None = None,
    registry: Path | None = None,
) -> int:
    """Import actors into your own table and tell what was taken and what was not, and why.

    Example: dragoman actors import parliament.csv --format everypolitician --country GHA --dry-run

    Parameters
    ----------
    file
        The file, plain or gzipped; for petrarch also a tar archive.
    format
        csv (Dragoman's own), wikidata (JSON), petrarch or everypolitician [guessed from the file].
    country
        Country of the parliament, for everypolitician.
    take_known
        Take also what the packaged tables have for the same country; your rows then win. For csv it is always so.
    dry_run
        Write nothing, only tell.
    errors
        CSV file to write with every line that was not taken: file, line, reason, detail.
    registry
        The table to write [the first of the setting resolve.registry, else dragoman.actors.csv].
    """
    from dragoman.resolve.actors import load_registry
    from dragoman.resolve.actors.imports import Importer, Packaged, Skipped, guess_format, read_file

    began = time.monotonic()
    known = format or guess_format(file)
    packaged = Packaged(load_registry())
    country = country.strip().upper()
    if known == "everypolitician" and country not in packaged.states:
        given = f'"{country}" is not one' if country else "the format does not name it"
        raise UsageError(f"--country must be the parliament's country, such as GHA; {given}.")
    path = path_of(registry)
    importer = Importer(open_own(path, packaged.states), packaged, keep_known=take_known or known == "csv")
    items = importer(read_file(file, known, packaged, country=country, report=importer.report))
    skipped = [item for item in _watched(items, importer) if isinstance(item, Skipped)]
    if errors is not None:
        _write_errors(errors, skipped)
    if not dry_run and importer.report.taken:
        importer.table.write()
    _print_report(
        importer.report, known if format else f"{known} (guessed from the file)", time.monotonic() - began
    )
    bad = [item for item in skipped if item.reason not in _QUIET]
    for item in bad[:_SHOWN]:
        detail = f": {item.detail}" if item.detail else ""
        print(f"not taken ({item.reason}): {item.file}, line {item.line}{detail}", file=sys.stderr)
    if len(bad) > _SHOWN and errors is None:
        print(f"… and {len(bad) - _SHOWN} more; list them all with --errors FILE", file=sys.stderr)
    if dry_run:
        print("nothing was written (--dry-run)", file=sys.stderr)
    elif importer.report.taken:
        tell_use(path, f"{importer.report.taken} rows added")
    return 1 if bad and not importer.report.taken else 0


def _watched(items: Iterable[Item], importer: Importer) -> Iterable[Item]:
    """Yield items and tell on stderr now and then how far a long import is."""
    told = time.monotonic()
    terminal = sys.stderr.isatty()
    for n, item in enumerate(items):
        if n % 1000 == 0 and time.monotonic() - told >= (1 if terminal else 30):
            told = time.monotonic()
            words = f"{importer.report.lines} lines read, {importer.report.taken} rows taken …"
            print(words, end="\r" if terminal else "\n", file=sys.stderr, flush=True)
        yield item


def _write_errors(path: Path, skipped: Sequence[Skipped]) -> None:
    from dragoman.resolve.actors.own import write_whole

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("file", "line", "reason", "detail"))
    writer.writerows((s.file, s.line, s.reason, s.detail) for s in skipped if s.reason != "comment")
    write_whole(path, out.getvalue().encode("utf-8", "replace"))


def _print_report(report: Report, format: str, seconds: float) -> None:
    from dragoman.resolve.actors.imports import REASONS

    print(f"format      {format}")
    print(f"lines read  {report.lines}")
    differ = (
        f"; {report.differ} give a name another country than the packaged tables do, and win"
        if report.differ
        else ""
    )
    print(f"rows taken  {report.taken}{differ}")
    print(f"skipped     {report.skipped.total()}")
    for reason, number in report.skipped.most_common():
        print(f"  {number:>8}  {reason:13} {REASONS[reason]}")
    print(f"seconds     {seconds:.1f}")
