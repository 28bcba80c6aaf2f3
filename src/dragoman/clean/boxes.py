"""Take out of a page's tree the boxes that are known by what they hold, whatever they are called.

In: the tree of a page. Out: the same tree without blocks of links, columns of links beside the text, sign-up boxes, and
closing notes in italics; and whether a page is only a list of links to stories. Pages whose class names are made by a
program, or that have none, are read by this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dragoman.clean.blocks import iter_lines
from dragoman.clean.cards import Count, find_cards
from dragoman.clean.furniture import find_furniture, is_box_heading, is_related_marker
from dragoman.clean.lines import to_key

FEWEST_LINKS = 2
LINK_SHARE = 0.9  # of the words of a block that are links; a paragraph with links has less
COLUMN_LINK_SHARE = 0.4  # beside the text: links with dates or a line on the weather between them
COLUMN_TIMES = 3  # as many words must the column of the text have
MOST_SIGN_UP_WORDS = 60
MOST_BUTTON_WORDS = 45
MOST_HEADED_WORDS = 70
MOST_PLAYER_WORDS = 40  # of a box round a video that cannot be shown
MOST_RELATED_WORDS = 130
RELATED_LINK_SHARE = 0.25  # of the words below "Related": linked headlines, with a line on each
MOST_PART = 0.4  # of the words of the page; what holds more is the article, whatever is in it
FEWEST_CARDS = 6  # linked headlines of a list
FEWEST_CARD_WORDS = 3
FEWEST_SUMMARY_WORDS = 6
FEWEST_LONG_WORDS = 40  # a summary in a list is shorter
MOST_SUMMARIES = 1  # below one headline; an article has paragraphs that follow one another

_BLOCKS = ("div", "ul", "ol", "nav", "section", "aside", "header", "footer", "blockquote", "table", "center")
_SIGN_UP = re.compile(
    r"\b(?:subscribe|sign (?:me )?up|join (?:now|us)|get it free|donate|give (?:now|today)|support (?:us|our work)|contribute|become a member|"
    r"start (?:a |your )?(?:free )?trial|vote|submit)\b",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])", re.IGNORECASE)
_MOST_BUTTON_LABEL = 5  # words
_MAIL_HINT = re.compile(r"e-?mail", re.IGNORECASE)
_CLOSING_NOTE = re.compile(
    r"\bis (?:an?|the)\b.{0,80}\b(?:columnist|contributor|writer|author|journalist|reporter|editor|correspondent|professor|"
    r"fellow|analyst|researcher|lecturer)\b|\bletters (?:section|page|to the editor)\b|\bcan be reached (?:at|by|on|via)\b|"
    r"\bcontributed to this (?:report|story|article)\b|\bearlier version of this\b|\bfirst (?:published|appeared)\b|^\s*published in\b",
    re.IGNORECASE,
)


_NOTHING = Count(0, 0, 0)
_Counts = Mapping[Any, Count]


def drop_boxes(tree: Any, held: set[Any]) -> None:
    """Take out the boxes of a page.

    Args:
        tree: The page.
        held: The elements that hold the headline, which stay.
    """
    counts = _count(tree)
    most = MOST_PART * counts[tree].words
    boxes = [*_link_blocks(tree, counts), *_link_columns(tree, counts), *_sign_ups(tree, counts, held), *_closing_notes(tree), *_headed(tree, counts, held)]  # fmt: skip
    for box in boxes:
        if box not in held and box.getparent() is not None and counts[box].words <= most:
            box.drop_tree()
    for box in list(find_cards(tree, counts, held)):
        if box.getparent() is not None:
            box.drop_tree()


def _count(tree: Any) -> _Counts:
    """Return what each element holds, counted once from the leaves up, as pages may be deep."""
    counts: dict[Any, Count] = {}
    for element in reversed(list(tree.iter())):
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "template", "noscript"):
            counts[element] = _NOTHING
            continue
        words, linked, links = len((element.text or "").split()), 0, 0
        for child in element:
            inner = counts[child]
            words += inner.words + len((child.tail or "").split())
            linked, links = linked + inner.linked, links + inner.links
        if element.tag == "a" and not re.match(
            r"#\w", element.get("href", "")
        ):  # "#point-2" is the page itself
            linked, links = words, 1
        counts[element] = Count(words, linked, links)
    return counts


def is_list(tree: Any) -> bool:
    """Return whether a page lists links to stories: many linked headlines, one summary at most below each."""
    headings = [h for h in tree.iter("h2", "h3", "h4") if _words(h) >= FEWEST_CARD_WORDS and _is_linked(h)]
    if len(headings) < FEWEST_CARDS:
        return False
    cards = {to_key(heading.text_content()) for heading in headings}
    long_lines = run = longest = 0
    for line in iter_lines(tree, lambda element: element.tag in ("nav", "aside", "footer")):
        if to_key(line) in cards:
            run = 0
        elif len(line.split()) >= FEWEST_SUMMARY_WORDS and line.rstrip('"”’)').endswith((".", "!", "?", "…")):
            run += 1
            longest = max(longest, run)
            long_lines += len(line.split()) >= FEWEST_LONG_WORDS
    return longest <= MOST_SUMMARIES and long_lines < len(headings)


def _words(element: Any) -> int:
    return len(element.text_content().split())


def _is_linked(heading: Any) -> bool:
    """Return whether all of a heading is a link, inside or around it."""
    inside = sum(_words(a) for a in heading.iter("a"))
    return inside == _words(heading) or any(True for _ in heading.iterancestors("a"))


def _link_blocks(tree: Any, counts: _Counts) -> Iterator[Any]:
    """Yield blocks that hold nothing but links: menus, tags, cards, and teasers in the shape of a quotation."""
    for block in tree.iter(*_BLOCKS):
        count = counts[block]
        fewest = 1 if block.tag == "blockquote" else FEWEST_LINKS
        if count.links >= fewest and count.words and count.linked >= LINK_SHARE * count.words:
            yield block


def _link_columns(tree: Any, counts: _Counts) -> Iterator[Any]:
    """Yield the cells of a lay-out table that stand beside the text and are mostly links."""
    for row in tree.iter("tr"):
        widest = max((counts[cell].words for cell in row), default=0)
        for cell in row.iterchildren("td"):
            count = counts[cell]
            if (
                count.words
                and widest >= COLUMN_TIMES * count.words
                and count.linked >= COLUMN_LINK_SHARE * count.words
            ):
                yield cell


def _sign_ups(tree: Any, counts: _Counts, held: set[Any]) -> Iterator[Any]:
    """Yield the boxes round a field for a mail address or a button that says "Subscribe"."""
    for field in tree.iter("input"):
        hints = f"{field.get('type', '')} {field.get('name', '')} {field.get('placeholder', '')}"
        if _MAIL_HINT.search(hints):
            yield _box_of(field, counts, held, MOST_SIGN_UP_WORDS)
        elif field.get("type") in ("submit", "button") and _SIGN_UP.search(field.get("value", "")):
            yield _box_of(field, counts, held, MOST_BUTTON_WORDS)
    for button in tree.iter("button", "a"):
        if button.tag == "a" and not (
            _BUTTON.search(button.get("class", "")) or button.get("role") == "button"
        ):
            continue
        if len(button.text_content().split()) <= _MOST_BUTTON_LABEL and _SIGN_UP.search(
            button.text_content()
        ):
            yield _box_of(button, counts, held, MOST_BUTTON_WORDS)


def _headed(tree: Any, counts: _Counts, held: set[Any]) -> Iterator[Any]:
    """Yield small boxes that open with a heading such as "Media enquiries", or "Related" above links."""
    for heading in tree.iter("h2", "h3", "h4", "h5", "h6"):
        words = " ".join(heading.text_content().split())
        if is_box_heading(words):
            box = _opened_by(heading, counts, held, MOST_HEADED_WORDS)
        elif is_related_marker(words):
            box = _opened_by(heading, counts, held, MOST_RELATED_WORDS)
            if counts[box].linked < RELATED_LINK_SHARE * counts[box].words:
                continue
        else:
            continue
        yield box
    for notice in tree.iter("p"):
        if find_furniture(" ".join(notice.text_content().split())) == "players":
            yield _box_of(notice, counts, held, MOST_PLAYER_WORDS)


def _opened_by(heading: Any, counts: _Counts, held: set[Any], most_words: int) -> Any:
    """Return the largest small box whose first words are those of a heading; the heading itself where there is none."""
    box = heading
    opening = to_key(heading.text_content())
    for above in heading.iterancestors():
        if above in held or above.tag in ("article", "main", "body") or counts[above].words > most_words:
            break
        if not to_key(above.text_content()).startswith(opening):
            break
        box = above
    return box


def _box_of(element: Any, counts: _Counts, held: set[Any], most_words: int) -> Any:
    """Return the largest element round another that is still a small box."""
    box = element
    for above in element.iterancestors():
        if above in held or above.tag in ("article", "main", "body") or counts[above].words > most_words:
            break
        box = above
    return box


def _closing_notes(tree: Any) -> Iterator[Any]:
    """Yield paragraphs that speak of the author or of the paper: wholly in italics, or opening with the author's linked name."""
    for paragraph in tree.iter("p"):
        slanted = sum(_words(inner) for inner in paragraph.iter("em", "i"))
        words = _words(paragraph)
        if not words or not _CLOSING_NOTE.search(paragraph.text_content()):
            continue
        if slanted >= words or _opens_with_author(paragraph):
            yield paragraph


def _opens_with_author(paragraph: Any) -> bool:
    """Return whether a paragraph opens with a linked name and says who that is: "Jem Stroud is a reporter …"."""
    first = next(iter(paragraph), None)
    if first is None or first.tag != "a" or (paragraph.text or "").strip():
        return False
    return re.match(r"\s+(?:is|covers|has covered|writes|reports)\b", first.tail or "") is not None
