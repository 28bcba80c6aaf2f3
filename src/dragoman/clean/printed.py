"""Find the date that a page prints beside its headline, where no tag names it.

In: the tree of a page and its title. Out: the line that says "Published: 21 May 2024", and the line that holds a date
alone. Extractors leave such lines out, and a date in the header of the site is the day of the visit, not of the article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dragoman.clean.blocks import iter_lines
from dragoman.clean.datelines import PLACED, PLAIN, PUBLISHED, rank_date_line
from dragoman.clean.lines import to_key
from dragoman.clean.published import DateField

LINES_BELOW = 12  # between headline and text stand bylines, share bars and a standfirst
LINES_ABOVE = 3  # the number of a press release, the issue of a letter
FEWEST_PROSE_WORDS = 20
MOST_PROSE_LINES = 2  # a standfirst and a caption; behind them the article has begun
FEWEST_TITLE_WORDS = 4


class PrintedDates(NamedTuple):
    """A line that says it tells the publication, and a line that holds a date alone; None where there is none."""

    said: DateField | None
    plain: DateField | None


def find_printed(tree: Any, title: str | None, is_aside: Callable[[Any], bool]) -> PrintedDates:
    """Return the dates that are printed beside the headline.

    Args:
        tree: The page, with all its parts.
        title: The headline; without it, or where it is not printed, nothing is found.
        is_aside: Tells elements that do not belong to the article.
    """
    lines = list(iter_lines(tree, is_aside))
    at = _find_headline(lines, title)
    if at is None:
        return PrintedDates(None, None)
    near = [*_below(lines, at), *reversed(lines[max(0, at - LINES_ABOVE) : at])]
    ranked = [(rank_date_line(line), line) for line in near]
    return PrintedDates(
        next((DateField("printed line", line) for rank, line in ranked if rank == PUBLISHED), None),
        next((DateField("printed line", line) for rank, line in ranked if rank in (PLAIN, PLACED)), None),
    )


def _find_headline(lines: Sequence[str], title: str | None) -> int | None:
    """Return the index of the line that prints the headline; the last such one, as breadcrumbs repeat it above."""
    wanted = to_key(title or "")
    if not wanted:
        return None
    same = [index for index, line in enumerate(lines) if to_key(line) == wanted]
    part = [
        index
        for index, line in enumerate(lines)
        if len(line.split()) >= FEWEST_TITLE_WORDS and to_key(line) in wanted
    ]
    return next(iter(same or part), None)


def _below(lines: Sequence[str], at: int) -> list[str]:
    """Return the lines between headline and text."""
    below: list[str] = []
    prose = 0
    for line in lines[at + 1 : at + 1 + LINES_BELOW]:
        prose += len(line.split()) >= FEWEST_PROSE_WORDS
        if prose > MOST_PROSE_LINES:
            break
        below.append(line)
    return below
