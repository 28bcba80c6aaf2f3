"""What an import finds: a row for the user's table, or a line that was passed over and why."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from dragoman.resolve.actors.own import ActorRow

# Why a line is passed over; the words are never renamed.
REASONS: Final = {
    "comment": "a comment or a blank line",
    "bad_row": "not a row of the format",
    "not_utf8": "not UTF-8",
    "no_name": "there is no name",
    "no_code": "no code stands behind the name",
    "unknown_code": "the code begins with no country and no kind of organisation",
    "no_sector": "the code names a group that no sector stands for",
    "no_country": "the country is not known",
    "no_kind": "what it is is not known",
    "bad_date": "a date is not one, or the end lies before the beginning",
    "bad_value": "a country, sector or kind that does not exist",
    "role_word": "agents are role words; not imported",
    "not_actors": "verb patterns and other lines that name no actor",
    "known": "the packaged tables have the name for the same country",
    "duplicate": "your table has the row already",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A row for the user's table and the line it comes from."""

    file: str
    line: int
    row: ActorRow


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line, or one code on it, that gives no row; ``reason`` is a key of ``REASONS``."""

    file: str
    line: int
    reason: str
    detail: str = ""


Item = Found | Skipped


def is_utf8(line: str) -> bool:
    """Return whether a line that was decoded with surrogate escapes was UTF-8."""
    return line.isascii() or not any("\udc80" <= mark <= "\udcff" for mark in line)


@functools.cache
def load_codes(table: str) -> Mapping[str, Mapping[str, str]]:
    """Return the codes of a packaged table of this folder: kind, then code, then what it means here."""
    text = resources.files("dragoman.resolve.actors.imports").joinpath(table).read_text("utf-8")
    out: dict[str, dict[str, str]] = {}
    for kind, code, value in csv.reader(line for line in text.splitlines() if not line.startswith("#")):
        out.setdefault(kind, {})[code] = value
    return out
