"""Tell apart what stands on a plain-text page: headline, standfirst, captions, body, teasers, and the rest.

In: the text of a page as scrapers leave it, or a clean article text. Out: its sections, in order.
A clean text loses nothing: without a sign that page furniture is about, every line is title or body, and where a rule
is in doubt the line is body. What belongs to no section (labels, menus, share bars, bylines) stays in the text,
uncoded.

The steps, in the order of ``find_sections``: repeated lines · furniture · menus · captions · title ·
links · standfirst · cards · sub-headings · body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from dragoman.clean.datelines import is_date_line
from dragoman.clean.furniture import (
    STRONG,
    find_caption,
    find_furniture,
    find_related_link,
    is_related_marker,
)
from dragoman.clean.lines import Line, split_lines, to_key
from dragoman.clean.sections import Labelled, find_copies, to_sections
from dragoman.clean.teasers import find_teasers
from dragoman.records import Section, SectionKind

Role = Literal[
    "title", "standfirst", "caption", "subheading", "body", "teaser", "none", "copy", "marker", "break"
]
_SECTION_OF: Mapping[str, SectionKind] = {kind: kind for kind in get_args(SectionKind)}

FEWEST_COPIED_WORDS = (
    4  # "He said:" may stand twice in an article; four words in a row of their own do not by chance
)
MOST_COPIES = 4  # a short line that stands more often on a page is a label
TOP = 12  # the title stands among the first lines that are no furniture
MOST_MENU_WORDS = 3
FEWEST_MENU_LINES = 4
MOST_SUBHEADING_WORDS = 12
MOST_STANDFIRST_CHARS = 400
FEWEST_SENTENCE_WORDS = 6  # a shorter line does not show that the body has begun


@dataclass
class _Page:
    """The working sheet of one page: lines and, growing, their roles."""

    lines: list[Line]
    roles: list[Role | None]
    furniture: list[str | None]
    copies: Mapping[int, int]
    is_page: bool  # there are signs of page furniture
    verbatim: bool
    has_stops: bool  # sentences end with stops here, so that a line without one means something
    extents: dict[int, tuple[int, int]] = field(default_factory=dict)

    def open_lines(self) -> list[int]:
        """Return the lines whose role is still open."""
        return [index for index, role in enumerate(self.roles) if role is None]


def find_sections(
    text: str,
    *,
    title: str | None = None,
    verbatim: bool = False,
    known: Mapping[int, SectionKind] | None = None,
) -> tuple[Section, ...]:
    """Return the sections of a text.

    Args:
        text: A page or article, one paragraph per line or wrapped.
        title: The headline where the input names it.
        verbatim: The text is a row of a table, most likely clean: no standfirsts, captions or sub-headings are
            looked for unless there are signs of page furniture.
        known: Roles that are settled beforehand, by index of the line; the text then counts as a page.
    """
    page = _open_page(text, verbatim=verbatim, known=known or {})
    if not page.lines:
        return ()
    _mark_menus(page)
    if page.is_page or not verbatim:
        _mark_captions(page)
    _mark_title(page, title)
    if page.is_page:
        _mark_related_links(page)
    if page.is_page or not verbatim:
        _mark_header(page)
    if page.is_page and page.has_stops:
        for index in find_teasers(page.lines, page.roles):
            page.roles[index] = "teaser"
    if page.is_page or not verbatim:
        _mark_subheadings(page)
    for index in page.open_lines():
        page.roles[index] = "body"
    return to_sections(text, _labelled(page))


def _open_page(text: str, *, verbatim: bool, known: Mapping[int, SectionKind]) -> _Page:
    lines = split_lines(text)
    copies = find_copies(lines, fewest_words=FEWEST_COPIED_WORDS)
    furniture = [find_furniture(line.text) for line in lines]
    signs = any(name in STRONG for name in furniture) or _is_doubled(lines, copies)
    is_page = bool(known) or signs or any(_announces(line) for line in lines)
    counts = Counter(line.key for line in lines)
    roles: list[Role | None] = []
    for index, line in enumerate(lines):
        role: Role | None = known.get(index)
        if role is None and index in copies:
            role = "copy"
        if role is None and (is_page or not verbatim or furniture[index] == "ornament"):
            role = _furniture_role(line, furniture[index])
            if role is None and counts[line.key] > MOST_COPIES and line.words < 2 * FEWEST_COPIED_WORDS:
                role = "none"
        roles.append(role)
    return _Page(
        lines=lines,
        roles=roles,
        furniture=furniture,
        copies=copies,
        is_page=is_page,
        verbatim=verbatim,
        has_stops=_has_stops(lines, roles),
    )


def _has_stops(lines: Sequence[Line], roles: Sequence[Role | None]) -> bool:
    """Return whether sentences end with stops here, judged by lines too long to be headlines."""
    paragraphs = [line for line, role in zip(lines, roles, strict=True) if role is None and line.words >= 15]
    return 2 * sum(line.is_sentence for line in paragraphs) >= len(paragraphs)


def _furniture_role(line: Line, name: str | None) -> Role | None:
    if is_related_marker(line.text):
        return "marker"
    if name in ("pipe", "ornament"):
        return "break"
    if name is None and is_date_line(line.text):
        return "none"
    return None if name is None or (name == "section_label" and line.bullet == "#") else "none"


def _announces(line: Line) -> bool:
    return is_related_marker(line.text) or find_related_link(line.text) is not None


def _is_doubled(lines: Sequence[Line], copies: Mapping[int, int]) -> bool:
    """Return whether a headline stands twice: the first line of the page again, or two equal lines in a row."""
    return any(
        lines[first].is_headline and (first == 0 or first == index - 1) for index, first in copies.items()
    )


def _mark_menus(page: _Page) -> None:
    """Mark runs of short lines before the first sentence and after the last one: menus and lists of tags."""
    if not page.is_page:
        return
    sentences = [
        index
        for index, line in enumerate(page.lines)
        if line.is_sentence and line.words >= FEWEST_SENTENCE_WORDS and page.roles[index] is None
    ]
    first = sentences[0] if sentences else len(page.lines)
    last = sentences[-1] if sentences else -1
    run: list[int] = []
    for index in [*range(len(page.lines)), None]:
        if index is not None and (index < first or index > last) and _is_menu_entry(page, index):
            run.append(index)
            continue
        if sum(page.lines[at].words <= MOST_MENU_WORDS for at in run) >= FEWEST_MENU_LINES:
            for at in run:
                page.roles[at] = "none"
        run = []


def _is_menu_entry(page: _Page, index: int) -> bool:
    line = page.lines[index]
    if page.roles[index] in ("none", "break"):
        return True
    return page.roles[index] is None and line.words <= MOST_MENU_WORDS and not line.is_sentence


def _mark_title(page: _Page, title: str | None) -> None:
    if "title" in page.roles:
        return
    open_lines = page.open_lines()
    wanted = to_key(title) if title else None
    for index in open_lines[:TOP]:
        if wanted is not None and page.lines[index].key == wanted:
            page.roles[index] = "title"
            return
    if len(open_lines) < 2:
        return
    for place, index in enumerate(open_lines[:TOP]):
        line = page.lines[index]
        if line.bullet == "#" or _is_title(page, index, open_lines[place + 1 : place + 2], first=place == 0):
            page.roles[index] = "title"
            return
        if line.words >= FEWEST_SENTENCE_WORDS and (line.is_sentence or not page.is_page):
            return


def _is_title(page: _Page, index: int, following: Sequence[int], *, first: bool) -> bool:
    line = page.lines[index]
    if index in page.copies.values() and first and line.words <= 30:
        return not line.is_sentence or index + 1 in page.copies
    if not page.has_stops or not line.is_headline or line.words < 3 or not following:
        return False
    after = page.lines[following[0]]
    if line.text.endswith("?") and not after.gap:
        return False
    return page.is_page or not page.verbatim or (first and after.is_sentence)


def _mark_captions(page: _Page) -> None:
    for index in page.open_lines():
        line = page.lines[index]
        caption = find_caption(line.text)
        if caption is None:
            continue
        page.roles[index] = "caption" if caption.has_words else "none"
        page.extents[index] = (line.start + caption.start, line.start + caption.end)


def _mark_header(page: _Page) -> None:
    """Mark standfirst and caption between the headline and the first paragraph.

    Signs of a standfirst: it is repeated at the top of the page; it lacks a final stop; it stands alone between the
    headline and the byline or share bar; it is a list of points. What stands between two copies of the headline or of
    the standfirst is a caption.
    """
    if "title" not in page.roles:
        return
    top = page.roles.index("title")
    below = [index for index in page.open_lines() if index > top][:TOP]
    _mark_points(page, below)
    if not page.is_page:
        return
    _mark_sandwiched(page, top, below)
    _mark_author(page, below)
    for index in below[:2]:
        line = page.lines[index]
        if line.words < FEWEST_COPIED_WORDS and line.text.isupper() and page.roles[index] is None:
            page.roles[index] = "none"  # the rubric: "SOCIETY"
            continue
        after = next((at for at in range(index + 1, len(page.lines)) if page.roles[at] != "copy"), None)
        if page.roles[index] is not None or len(line.text) > MOST_STANDFIRST_CHARS or after is None:
            continue
        before_furniture = page.roles[after] == "none" and _is_signed(page, top, index, after)
        if before_furniture or _is_deck(page, line, after):
            page.roles[index] = "standfirst"


def _mark_points(page: _Page, below: Sequence[int]) -> None:
    """Mark a list of at least two points right under the headline."""
    points = []
    for index in below:
        if page.lines[index].bullet != "•":
            break
        points.append(index)
    if len(points) >= 2 and len(points) < len(below):
        for index in points:
            page.roles[index] = "standfirst"


def _mark_sandwiched(page: _Page, top: int, below: Sequence[int]) -> None:
    """Mark a repeated line of the header as standfirst, and what stands between its copies as captions."""
    for index in below[:1]:
        again = [at for at, first in page.copies.items() if first == index]
        if page.roles[index] is not None or not again or len(page.lines[index].text) > MOST_STANDFIRST_CHARS:
            continue
        if again[0] - index > 4:
            continue
        page.roles[index] = "standfirst"
        for at in range(index + 1, again[0]):
            if page.roles[at] is None:
                page.roles[at] = "caption"
        return


def _mark_author(page: _Page, below: Sequence[int]) -> None:
    """Mark a name that stands alone between the headline and a date line or share bar: the author's."""
    for index in below[:2]:
        words = page.lines[index].text.split()
        is_name = 2 <= len(words) <= 4 and all(word[0].isupper() and word[-1].isalpha() for word in words)
        if is_name and page.roles[index] is None and page.roles[index + 1 : index + 2] == ["none"]:
            page.roles[index] = "none"
            return


def _is_signed(page: _Page, top: int, index: int, after: int) -> bool:
    """Return whether only the headline's copies stand between headline and line, and a byline or share bar follows."""
    between = all(page.roles[at] is not None for at in range(top + 1, index))
    follows = page.furniture[after] not in ("advertisement", "newsletter", "handles", None)
    bodies = sum(at > after and page.lines[at].is_sentence for at in page.open_lines())
    return between and follows and bodies >= 2


def _is_deck(page: _Page, line: Line, after: int) -> bool:
    """Return whether a line without final stop stands between headline and paragraphs."""
    follower = page.lines[after]
    return page.has_stops and line.is_headline and line.words >= 8 and follower.is_sentence and not line.gap


def _mark_related_links(page: _Page) -> None:
    for index in page.open_lines():
        line = page.lines[index]
        start = find_related_link(line.text)
        if start is not None:
            page.roles[index] = "teaser"
            page.extents[index] = (line.start + start, line.end)


def _mark_subheadings(page: _Page) -> None:
    open_lines = page.open_lines()
    for place, index in enumerate(open_lines):
        line = page.lines[index]
        if line.bullet == "#":
            page.roles[index] = "subheading"
            continue
        if place + 1 == len(open_lines) or not page.has_stops or (place == 0 and "title" not in page.roles):
            continue
        after = page.lines[open_lines[place + 1]]
        before = page.lines[open_lines[place - 1]] if place else None
        if _is_subheading(line, after) and _may_precede_subheading(before):
            page.roles[index] = "subheading"


def _may_precede_subheading(before: Line | None) -> bool:
    """Return whether the line before ends a paragraph; after a colon or a line without stop a list goes on."""
    return before is None or before.is_sentence


def _is_subheading(line: Line, after: Line) -> bool:
    return (
        (line.is_headline or (line.words == 1 and line.text.isalpha() and line.text[0].isupper()))
        and line.words <= MOST_SUBHEADING_WORDS
        and line.bullet == ""
        and after.is_sentence
        and after.words >= FEWEST_SENTENCE_WORDS
    )


def _labelled(page: _Page) -> list[Labelled]:
    labelled: list[Labelled] = []
    for index, (line, role) in enumerate(zip(page.lines, page.roles, strict=True)):
        start, end = page.extents.get(index, (line.start, line.end))
        if role == "copy":
            original = page.copies[index]
            labelled.append(Labelled(None, *_copied_extent(page, index, original), original))
        else:
            labelled.append(Labelled(_SECTION_OF.get(role or "none"), start, end))
    return labelled


def _copied_extent(page: _Page, index: int, original: int) -> tuple[int, int]:
    """Return the stretch of a copy that quotes the original's section, which may leave out a label or credit."""
    line = page.lines[index]
    if original not in page.extents:
        return line.start, line.end
    if page.roles[original] == "teaser":
        return line.start + (find_related_link(line.text) or 0), line.end
    caption = find_caption(line.text)
    return (
        (line.start, line.end) if caption is None else (line.start + caption.start, line.start + caption.end)
    )
