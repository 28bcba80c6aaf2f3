"""Find the cards that point to other stories on a page: their headlines and their summaries.

In: the lines of a page and the roles known so far. Out: the indices of the lines that belong to cards.
A card is known by a line that announces other stories, by its headline standing twice in a row, by bars between
cards, or by headlines that follow one another after the last paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.clean.lines import Line

MOST_SUMMARY_WORDS = 45
FEWEST_CARD_WORDS = 4  # headlines of three words and less are labels
FEWEST_CLOSING_CARDS = 2

_PASSED_OVER = ("none", "copy")


def find_teasers(lines: Sequence[Line], roles: Sequence[str | None]) -> list[int]:
    """Return the indices of the open lines that belong to cards, in order."""
    found = {*_announced(lines, roles), *_doubled(lines, roles), *_barred(lines, roles)}
    found |= set(_closing(lines, roles, found))
    return sorted(found)


def _is_card_headline(line: Line) -> bool:
    return line.is_headline and line.words >= FEWEST_CARD_WORDS


def _could_be_summary(line: Line) -> bool:
    return line.words <= MOST_SUMMARY_WORDS


def _next(roles: Sequence[str | None], index: int) -> int:
    """Return the next line that is open or a break, or the number of lines."""
    index += 1
    while index < len(roles) and roles[index] in _PASSED_OVER:
        index += 1
    return index


def _ends_card(lines: Sequence[Line], roles: Sequence[str | None], index: int) -> bool:
    """Return whether a card is over at this line: the page ends, a bar stands there, or another headline."""
    if index >= len(lines) or roles[index] in ("break", "marker"):
        return True
    return roles[index] is None and _is_card_headline(lines[index])


def _announced(lines: Sequence[Line], roles: Sequence[str | None]) -> list[int]:
    """Return the cards that follow a line such as "Related stories", up to where the body goes on."""
    found: list[int] = []
    for marker, role in enumerate(roles):
        if role != "marker":
            continue
        index = _next(roles, marker)
        has_summaries: bool | None = None  # as the first card, so the others
        while index < len(lines):
            if roles[index] == "break":
                index = _next(roles, index)
                continue
            if roles[index] is not None or not _is_card_headline(lines[index]):
                break
            found.append(index)
            index = _next(roles, index)
            summed_up = has_summaries is not False and _is_summary(lines, roles, index)
            has_summaries = summed_up if has_summaries is None else has_summaries
            if summed_up:
                found.append(index)
                index = _next(roles, index)
    return found


def _is_summary(lines: Sequence[Line], roles: Sequence[str | None], index: int) -> bool:
    """Return whether a line sums up the card above it: short, no headline, and the card ends after it."""
    if index >= len(lines) or roles[index] is not None or not _could_be_summary(lines[index]):
        return False
    return not _is_card_headline(lines[index]) and _ends_card(lines, roles, _next(roles, index))


def _doubled(lines: Sequence[Line], roles: Sequence[str | None]) -> list[int]:
    """Return the cards whose headline stands twice in a row, with the summary below it."""
    found: list[int] = []
    for index, line in enumerate(lines[:-1]):
        if roles[index] is not None or roles[index + 1] != "copy" or lines[index + 1].key != line.key:
            continue
        if not _is_card_headline(line):
            continue
        summary = _next(roles, index)
        if _ends_card(lines, roles, summary):
            found.append(index)
        elif _is_summary(lines, roles, summary):
            found += [index, summary]
    return found


def _barred(lines: Sequence[Line], roles: Sequence[str | None]) -> list[int]:
    """Return the cards at the end of a page that bars set apart: at least two groups of one or two lines."""
    groups: list[list[int]] = [[]]
    for index, role in enumerate(roles):
        if role in ("break", "marker"):
            groups.append([])
        elif role is None:
            groups[-1].append(index)
    groups = [group for group in groups if group]
    cards: list[list[int]] = []
    while len(groups) > 1 and _is_barred_card(lines, groups[-1]):
        cards.append(groups.pop())
    return [index for card in cards for index in card] if len(cards) >= FEWEST_CLOSING_CARDS else []


def _is_barred_card(lines: Sequence[Line], group: Sequence[int]) -> bool:
    if len(group) > 2 or not _is_card_headline(lines[group[0]]):
        return False
    return len(group) == 1 or _could_be_summary(lines[group[1]])


def _closing(lines: Sequence[Line], roles: Sequence[str | None], found: set[int]) -> list[int]:
    """Return the headlines that close a page one after the other, below the last paragraph."""
    closing: list[int] = []
    index = len(lines) - 1
    while index >= 0 and (index in found or roles[index] is not None or _is_card_headline(lines[index])):
        if roles[index] is None and index not in found:
            closing.append(index)
        if roles[index] in ("title", "standfirst", "subheading", "body"):
            return []
        index -= 1
    introduced = index >= 0 and lines[index].text.endswith((":", ",", ";"))
    if index < 0 or introduced or len(closing) < FEWEST_CLOSING_CARDS:
        return []
    return closing
