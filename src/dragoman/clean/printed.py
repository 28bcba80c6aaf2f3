"""Find the date that a page prints beside its headline, where no tag names it.

In: the tree of a page and its title. Out: the line that says "Published: 21 May 2024", and the line that holds a date
alone. Extractors leave such lines out, and a date in the header of the site is the day of the visit, not of the article.

A line is read in pieces: what stands in elements of its own or between bars, dots and dashes. "Jem Stroud | 21 May 2024,
17:30 | 3 min read" has a piece that is a date; a label in the piece or line before it ("Last updated", as in lists of
particulars) says what the date is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from dragoman.clean.blocks import iter_lines
from dragoman.clean.datelines import (
    LONGEST_DATE_LINE,
    PLACED,
    PLAIN,
    PUBLISHED,
    UPDATED,
    DayOrder,
    rank_date_line,
    says,
)
from dragoman.clean.lines import to_key
from dragoman.clean.published import DateField

LINES_BELOW = 14  # between headline and text stand bylines, share bars and a standfirst
LINES_ABOVE = 3  # the number of a press release, the issue of a letter
FEWEST_PROSE_WORDS = 20
MOST_PROSE_LINES = 2  # a standfirst and a caption; behind them the article has begun
FEWEST_TITLE_WORDS = 4
MOST_PIECE_WORDS = 8  # beside a date: a name, an office, a place; more are a sentence
MOST_LABEL_WORDS = 4
MOST_BYLINE_WORDS = 16
_SEAM = "\u2063"  # an invisible sign that no page prints
_BETWEEN = re.compile(rf"{_SEAM}|\s*[|•·●∙¦¬]+\s*|\s+[-–—/~]+\s+|—|\s*;\s+|(?<=[^\d\s]):\s*(?={_SEAM}|$)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d\D")
_ISSUE = re.compile(r"\b(?:vol(?:ume)?|issue|no)\b\.?\s*\d", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|original(?:ly)?)\b", re.IGNORECASE)
_OTHER_DAY = re.compile(
    r"\b(?:event|deadline|closing|expir\w+|valid|until|born|died|due|starts?|begins?|ends?|captured?|accessed|retrieved|"
    r"visited|founded|since|est|established|registered|effective|incident|hearing|meeting)\b",
    re.IGNORECASE,
)


class PrintedDates(NamedTuple):
    """A line that says it tells the publication, and a line that holds a date alone; None where there is none."""

    said: DateField | None
    plain: DateField | None


def find_printed(
    tree: Any, title: str | None, is_aside: Callable[[Any], bool], order: DayOrder = None
) -> PrintedDates:
    """Return the dates that are printed beside the headline.

    Args:
        tree: The page, with all its parts.
        title: The headline; without it, or where it is not printed, nothing is found.
        is_aside: Tells elements that do not belong to the article.
        order: How the page writes day and month in figures.
    """
    lines = list(iter_lines(tree, is_aside, _SEAM))
    at = _find_headline([line.replace(_SEAM, "") for line in lines], title)
    if at is None:
        return PrintedDates(None, None)
    ranked = list(_rank_lines(_below(lines, at), order))
    ranked += reversed(list(_rank_lines(lines[max(0, at - LINES_ABOVE) : at], order)))
    if not ranked:
        ranked = list(_issue_date(lines[:at], order))
    said = [line for rank, line in ranked if rank == PUBLISHED]
    said.sort(key=lambda line: _FIRST.search(line) is None)
    return PrintedDates(
        DateField("printed line", said[0]) if said else None,
        next((DateField("printed line", line) for rank, line in ranked if rank in (PLAIN, PLACED)), None),
    )


def _issue_date(lines: Sequence[str], order: DayOrder) -> Iterator[tuple[int, str]]:
    """Yield the date of a paper's issue in the head of its page: it stands beside the number of the volume.

    Other dates in the head of a site are those of the visit.
    """
    for at, line in enumerate(lines):
        if any(_ISSUE.search(near) for near in lines[max(0, at - 1) : at + 2]):
            yield from _rank_lines([line], order)


def drop_bylines(tree: Any, order: DayOrder = None) -> None:
    """Take out small boxes that hold a date with a byline or tools beside it; their words would run into the text."""
    for element in list(tree.iter("div", "p", "ul", "span")):
        if element.getparent() is None or not _YEAR.search(words := element.text_content()):
            continue
        if len(words.split()) > MOST_BYLINE_WORDS or any(True for _ in element.iter("h1", "h2", "h3", "h4")):
            continue
        lines = list(iter_lines(element, lambda _: False, _SEAM))
        if lines and all(_holds_date(line, order) for line in lines):
            element.drop_tree()


def _holds_date(line: str, order: DayOrder) -> bool:
    return next(iter(_rank_lines([line], order)), None) is not None


def _rank_lines(lines: Sequence[str], order: DayOrder) -> Iterator[tuple[int, str]]:
    """Yield the dates that lines print, each with how well it speaks for the day of publication and its words."""
    label = ""
    for line in lines:
        whole = " ".join(line.replace(_SEAM, " ").split())
        rank = rank_date_line(whole, order)
        if rank is not None:
            found = [
                (_labelled(rank, label), f"{label} {whole}".strip() if says(label) is not None else whole)
            ]
        else:
            found = list(_rank_pieces(line, whole, label, order))
        yield from ((rank, words) for rank, words in found if rank is not None)
        label = whole if not found and len(whole.split()) <= MOST_LABEL_WORDS else ""


def _rank_pieces(line: str, whole: str, label: str, order: DayOrder) -> Iterator[tuple[int | None, str]]:
    """Yield the dates of a line that holds other things too, if these are no sentence."""
    pieces = [piece.strip(" ,()[]") for piece in _BETWEEN.split(line)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2 or len(whole) > LONGEST_DATE_LINE:
        return
    if any(len(piece.split()) > MOST_PIECE_WORDS for piece in pieces) or _runs_on(pieces):
        return
    for piece in pieces:
        rank = rank_date_line(piece, order)
        if rank is not None:
            yield _labelled(rank, label), f"{label} {piece}".strip() if says(label) is not None else piece
        label = piece if rank is None and len(piece.split()) <= MOST_LABEL_WORDS else ""


def _runs_on(pieces: Sequence[str]) -> bool:
    """Return whether the pieces are those of a sentence with a link or slanted words in it."""
    lower = sum(piece[0].islower() and says(piece) is None and len(piece.split()) > 1 for piece in pieces)
    return lower > 0 and pieces[-1].endswith((".", "!", "?"))


def _labelled(rank: int, label: str) -> int | None:
    """Return the rank of a date behind a label; None where the label tells of another day."""
    if not label or rank in (PUBLISHED, UPDATED):
        return rank
    told = says(label)
    if told is not None:
        return told
    return None if _OTHER_DAY.search(label) else rank


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
