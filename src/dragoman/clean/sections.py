"""Turn labelled lines into the sections of an article.

In: lines with a role each. Out: ``Section`` records in text order that do not overlap; a passage that is repeated
is one section, its repetitions are ``copies``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.clean.lines import Line
from dragoman.records import Section, SectionKind, Span


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line with its role; ``copy_of`` is the index of the first line with the same words.

    ``kind`` is None for a line that belongs to no section. ``start`` and ``end`` may leave out a label or a credit.
    """

    kind: SectionKind | None
    start: int
    end: int
    copy_of: int | None = None


def find_copies(lines: Sequence[Line], *, fewest_words: int) -> dict[int, int]:
    """Return, for each line that repeats an earlier one, the index of the first with the same words."""
    first: dict[str, int] = {}
    copies: dict[int, int] = {}
    for index, line in enumerate(lines):
        if line.words < fewest_words:
            continue
        original = first.setdefault(line.key, index)
        if original != index:
            copies[index] = original
    return copies


def to_sections(text: str, labelled: Sequence[Labelled]) -> tuple[Section, ...]:
    """Return the sections of a text from its labelled lines, in order."""
    copies: dict[int, list[Span]] = {}
    for item in labelled:
        if item.copy_of is not None:
            span = Span(item.start, item.end, text[item.start : item.end])
            copies.setdefault(item.copy_of, []).append(span)
    return tuple(
        Section(item.kind, item.start, item.end, tuple(copies.get(index, ())))
        for index, item in enumerate(labelled)
        if item.kind is not None and item.copy_of is None and item.start < item.end
    )


def mask_uncoded(text: str, sections: Sequence[Section]) -> str:
    """Return a text of the same length in which all that is not the article itself is blank.

    Teasers are blanked too: the dates of other stories say nothing about this one.
    """
    parts: list[str] = []
    reach = 0
    for section in sections:
        if section.kind == "teaser":
            continue
        parts.append(_blank(text[reach : section.start]))
        parts.append(text[section.start : section.end])
        reach = section.end
    parts.append(_blank(text[reach:]))
    return "".join(parts)


def _blank(piece: str) -> str:
    return "".join("\n" if mark == "\n" else " " for mark in piece)
