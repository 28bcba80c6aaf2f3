"""``dragoman teach``: learn event types of one's own from definitions and examples."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dragoman.cli.terms import settings_with
from dragoman.errors import InputError, UsageError

if TYPE_CHECKING:
    from dragoman.teach import Report

Format = Literal["table", "json"]


def teach(
    types: Path,
    sentences: Path,
    *,
    out: Path | None = None,
    folds: int = 5,
    format: Format = "table",
    model: str | None = None,
) -> int:
    """Teach the coder event types of your own, from definitions and 20 to 200 example sentences each.

    Example: dragoman teach my_types.toml examples.jsonl

    my_types.toml holds a table per type: [COUP_ATTEMPT] with means = "…" and like = "COERCE" (a type of its own whose sides
    are read as for COERCE), or [coup-attempt] with of = "COERCE" (a sub-type: COERCE/coup-attempt). quad_class, score and
    cameo may be given, else they are those of the packaged type.

    examples.jsonl holds a sentence a line: {"text": "…", "type": "COUP_ATTEMPT", "trigger": "tried to seize power"}; type
    null is a counter-example. dragoman review --examples writes such a file from your corrections.

    dragoman code uses what was taught from the next run on.

    Parameters
    ----------
    types
        TOML file with the types.

    sentences
        JSONL file with the example sentences.
    out
        File to write [dragoman.types.json].
    folds
        Parts of the cross-validation, 2 to 20.
    format
        table for people, json for programs.
    model
        Folder of another encoder.
    """
    from dragoman.ontology import load_ontology
    from dragoman.parse.model import PACKAGED, EncoderModel
    from dragoman.parse.taught import dump_taught
    from dragoman.teach import read_examples, read_lessons
    from dragoman.teach import teach as learn

    if not 2 <= folds <= 20:
        raise UsageError(f"--folds must be from 2 to 20; got {folds}.")
    settings = settings_with(parse__model=model).settings.parse
    lessons = read_lessons(types, load_ontology())
    examples = read_examples(sentences, lessons)
    encoder = EncoderModel(Path(settings.model) if settings.model else PACKAGED, threads=settings.threads)
    heads, reports = learn(encoder, lessons, examples, folds=folds, tell=_tell)
    target = out or Path(settings.taught or "dragoman.types.json")
    figures: dict[str, Any] = {r.name: asdict(r) for r in reports}
    _write(target, dump_taught(heads, encoder.digest, figures))
    if format == "json":
        print(json.dumps({"file": str(target), "types": list(figures.values())}, indent=1))
    else:
        _print(reports)
    used = settings.taught and target.absolute() == Path(settings.taught).absolute()
    hint = "dragoman code uses it from now on" if used else f"to use it, set DRAGOMAN_PARSE_TAUGHT={target}"
    print(f"taught: {target}; {hint}", file=sys.stderr)
    return 0


def _tell(words: str) -> None:
    print(f"{words} …", file=sys.stderr)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise InputError(
            f'the taught types "{path}" cannot be written: {error.strerror or error}.'
        ) from error


def _print(reports: list[Report]) -> None:
    print(f"{'type':24} {'examples':>8} {'precision':>9} {'recall':>6} {'F1':>5}   95 % interval of F1")
    for r in reports:
        low, high = r.interval
        note = "   few examples: the figures are rough" if r.examples < 20 else ""
        print(
            f"{r.name:24} {r.examples:8} {r.precision:9.2f} {r.recall:6.2f} {r.f1:5.2f}   {low:.2f}–{high:.2f}{note}"
        )
