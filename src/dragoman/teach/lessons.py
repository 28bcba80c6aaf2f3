"""What a user wants to teach: types with definitions (TOML) and example sentences (JSONL).

In: two files. Out: ``Lesson``s and ``Example``s; a mistake names the file and the line or the type.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.errors import InputError, LessonError, UnknownCode
from dragoman.ontology import Ontology

_TYPE_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
_MODE_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
_KEYS = frozenset({"means", "like", "of", "quad_class", "score", "cameo"})


@dataclass(frozen=True, slots=True)
class Lesson:
    """A type to learn. ``like`` is the packaged type whose sides its events have; ``is_mode`` makes it a sub-type of it."""

    name: str
    like: str
    is_mode: bool
    means: str
    quad_class: int
    score: float
    cameo: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the spans (start, end) of the words that tell of each lesson's event; none is a counter-example."""

    text: str
    spans: Mapping[str, tuple[tuple[int, int], ...]]


def read_lessons(path: Path, ontology: Ontology) -> list[Lesson]:
    """Return the types of a TOML file, one table a type.

    Raises:
        InputError: The file cannot be read.
        LessonError: It is not TOML, or a type is wrong; file and type are named.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise InputError(f'the types "{path}" cannot be read: {error.strerror or error}.') from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LessonError(f'the types "{path}" are not TOML: {error}.') from error
    if not table:
        raise LessonError(
            f'"{path}" holds no types. Write one: [COUP_ATTEMPT] with means = "…" and like = "COERCE".'
        )
    return [_lesson(path, name, row, ontology) for name, row in table.items()]


def _lesson(path: Path, name: str, row: Any, ontology: Ontology) -> Lesson:
    def wrong(words: str) -> LessonError:
        return LessonError(f'{path}, type "{name}": {words}')

    if not isinstance(row, dict):
        raise wrong("it must be a table, [NAME], with means and like.")
    if unknown := sorted(set(row) - _KEYS):
        raise wrong(f'"{unknown[0]}" is not a key. Known: {", ".join(sorted(_KEYS))}.')
    like = row.get("like") or row.get("of")
    if not isinstance(like, str) or ("like" in row) == ("of" in row):
        raise wrong('give either like = "TYPE" (a type of its own) or of = "TYPE" (a sub-type of it).')
    try:
        base = ontology.get_type(like)
    except UnknownCode as error:
        raise wrong(str(error)) from error
    is_mode = "of" in row
    if not (_MODE_NAME if is_mode else _TYPE_NAME).fullmatch(name):
        form = (
            "small letters and hyphens, such as coup-attempt" if is_mode else "capitals, such as COUP_ATTEMPT"
        )
        raise wrong(f"its name must be {form}.")
    if name in ontology.types or (is_mode and name in base.modes):
        raise wrong("there is a packaged type or mode of that name; choose another.")
    if not isinstance(row.get("means"), str) or not row["means"].strip():
        raise wrong('say what it means: means = "…".')
    quad_class, score = row.get("quad_class", base.quad_class), row.get("score", base.score)
    # True is a whole number to Python, and 2.5 is not to be cut to 2.
    if type(quad_class) is not int or type(score) not in (int, float):
        raise wrong(
            f'quad_class must be a whole number and score a number; got "{quad_class}" and "{score}".'
        )
    if quad_class not in ontology.quad_classes or not -10 <= score <= 10:
        raise wrong("quad_class must be 1 to 4 and score from -10 to 10.")
    if is_mode and quad_class != base.quad_class:
        raise wrong(f"a sub-type has the quad_class of its type, {base.quad_class}; leave it out.")
    cameo = row.get("cameo", base.cameo)
    if not isinstance(cameo, str):
        raise wrong(f'cameo must be text, such as "172"; got "{cameo}".')
    return Lesson(name, like, is_mode, row["means"].strip(), quad_class, float(score), cameo)


def read_examples(path: Path, lessons: Sequence[Lesson]) -> list[Example]:
    """Return the examples of a JSONL file: ``{"text", "type", "trigger"}``; ``type`` null is a counter-example.

    Lines with the same text are one sentence with several events. ``trigger`` are the words of the sentence that tell of
    the event.

    Raises:
        InputError: The file cannot be read.
        LessonError: A line is wrong; it is named.
    """
    names = {lesson.name for lesson in lessons}
    try:
        # Not splitlines: JSON text may hold other line separators than the line feed.
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f'the examples "{path}" cannot be read: {error}.') from error
    spans: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            text, name, span = _example(f"{path}, line {number}", line, names)
            own = spans.setdefault(text, {})
            if name is not None and span is not None and span not in own.get(name, ()):
                own.setdefault(name, []).append(span)
    if not spans:
        raise LessonError(f'"{path}" holds no examples.')
    return [Example(text, {k: tuple(v) for k, v in own.items()}) for text, own in spans.items()]


def _example(where: str, line: str, names: set[str]) -> tuple[str, str | None, tuple[int, int] | None]:
    try:
        row = json.loads(line)
        text, name, trigger = row["text"], row.get("type"), row.get("trigger")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LessonError(f'{where}: an example is {{"text", "type", "trigger"}} ({error}).') from error
    if not isinstance(text, str) or not text.strip():
        raise LessonError(f"{where}: the text is empty.")
    if name is None:
        return text, None, None
    if not isinstance(name, str) or name not in names:
        raise LessonError(f'{where}: "{name}" is not one of the types to teach ({", ".join(sorted(names))}).')
    if not isinstance(trigger, str) or not trigger.strip() or trigger not in text:
        raise LessonError(f'{where}: the trigger "{trigger}" must be words of the text, copied exactly.')
    start = text.index(trigger)
    return text, name, (start, start + len(trigger))
