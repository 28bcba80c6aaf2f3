"""Put back what an extractor left out between the paragraphs that it found.

In: the tree of a page and the paragraphs of its main text. Out: the same paragraphs with those of their own box between
them: points of lists, sub-headings, quotations, and the further boxes of a page that keeps its text in several of one
name. An extractor that is not sure of a page takes its longest box and its paragraphs only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dragoman.clean.datelines import is_date_line
from dragoman.clean.furniture import find_furniture, is_box_heading, is_related_marker
from dragoman.clean.language import find_language
from dragoman.clean.lines import to_key
from dragoman.records import SectionKind

Block = tuple[SectionKind | None, str]  # a paragraph and its role, where the page shows it

FEWEST_PROSE_WORDS = 10  # a paragraph that shows its box to hold the text
FRAME_BLOCKS = 3  # first and last blocks among which the words of a page's frame may stand
FEWEST_FOREIGN_WORDS = 9  # in fewer, names decide what the model takes a line for
SURELY_FOREIGN = 0.95
FEWEST_LEAD_WORDS = 12
FEWEST_POINT_WORDS = 3
MOST_LINKED = 0.5  # of the words of a point or paragraph; more is a link to another story
MOST_TAIL_WORDS = 130
MOST_TAIL_SHARE = 0.45  # of the words of a page
_ABOUT = re.compile(r"About (?:the )?[A-Z][\w&.,'’ -]{1,60}:?")
_END = re.compile(r"\W*(?:ends?|end of (?:text|statement|release))\W*|#{2,}|-\s*30\s*-", re.IGNORECASE)
_SOURCES = re.compile(
    r"sources?|references|external links|see also|notes|further reading|bibliography", re.IGNORECASE
)
_HEADINGS = frozenset({"h2", "h3", "h4"})
_MORE = ("script", "style", "img", "figure", "div", "p", "button", "form", "iframe")
_LISTS = frozenset({"ul", "ol"})


def fill_gaps(blocks: Sequence[Block], tree: Any, is_aside: Callable[[Any], bool]) -> list[Block]:
    """Return the blocks of a text, with those put in that stand in the same boxes of the page.

    Args:
        blocks: What the extractor found.
        tree: The page, without the parts that are known not to be the article.
        is_aside: Tells elements that do not belong to the article.
    """
    known = {to_key(text): place for place, (_, text) in enumerate(blocks)}
    boxes = _boxes_of(blocks, tree)
    missing: dict[int, list[Block]] = {}
    place = -1
    for element in (
        child for box in tree.iter() if box in boxes and not is_aside(box) for child in _children(box)
    ):
        text = _words_of(element)
        if (at := known.get(to_key(text))) is not None:
            place = max(place, at)
        elif place >= 0 and _belongs(element, text) and not is_aside(element):
            missing.setdefault(place, []).append(("subheading" if element.tag in _HEADINGS else None, text))
    shown = to_key(" ".join(text for _, text in blocks))
    filled: list[Block] = []
    for at, block in enumerate(blocks):
        filled.append(block)
        new = [found for found in missing.get(at, []) if to_key(found[1]) not in shown]
        filled += _without_last_headings(new) if at == len(blocks) - 1 else new
    return filled


def cut_tail(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without the closing part of a press release: "About the company", contacts, and what follows."""
    total = sum(len(text.split()) for _, text in blocks)
    below = 0
    for place in range(len(blocks) - 1, 0, -1):
        text = blocks[place][1]
        below += len(text.split())
        if below > MOST_TAIL_WORDS or below > MOST_TAIL_SHARE * total:
            break
        if _END.fullmatch(text) or (blocks[place][0] == "subheading" and _SOURCES.fullmatch(text)):
            return cut_tail(blocks[:place])
        if _ABOUT.fullmatch(text) or (is_box_heading(text) and len(blocks) > place + 1):
            return cut_tail(blocks[:place])
    return _without_last_headings(list(blocks))


def drop_foreign(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of an English text without those at its ends that are in another language, as frames are."""
    ends = {*range(FRAME_BLOCKS), *range(len(blocks) - FRAME_BLOCKS, len(blocks))}
    if len(blocks) <= FRAME_BLOCKS or find_language(" ".join(text for _, text in blocks)).code != "en":
        return list(blocks)
    return [block for at, block in enumerate(blocks) if at not in ends or not _is_foreign(block[1])]


def _is_foreign(text: str) -> bool:
    if len(text.split()) < FEWEST_FOREIGN_WORDS:
        return False
    language = find_language(text)
    return language.code != "en" and language.probability >= SURELY_FOREIGN


def put_lead_in(blocks: Sequence[Block], tree: Any, is_aside: Callable[[Any], bool]) -> list[Block]:
    """Return the blocks with the sentences put in front that stand between the headline and the first of them.

    Some systems keep the first paragraph in a box of its own, which an extractor that takes the longest box leaves out.
    """
    known = {to_key(text) for _, text in blocks}
    missing: list[Block] = []
    has_begun = False
    for element in tree.iter("h1", "h2", "h3", "p"):
        text = _words_of(element)
        if element.tag != "p":
            if has_begun and missing and len(text.split()) >= FEWEST_POINT_WORDS:
                return list(blocks)  # another headline between: what stands above it is another story's
            has_begun = has_begun or element.tag in ("h1", "h2")
        elif has_begun and to_key(text) in known:
            return [*missing, *blocks]
        elif (
            has_begun and len(text.split()) >= FEWEST_LEAD_WORDS and text.endswith((".", "”", '"', "?", "!"))
        ):
            near = any(above.tag in ("figure", "li", "blockquote", "a") for above in element.iterancestors())
            if not near and _belongs(element, text) and not is_aside(element) and not is_date_line(text):
                missing.append((None, text))
    return list(blocks)


def _boxes_of(blocks: Sequence[Block], tree: Any) -> set[Any]:
    """Return the boxes that hold found paragraphs, and others of the same tag and class."""
    prose = {to_key(text) for _, text in blocks if len(text.split()) >= FEWEST_PROSE_WORDS}
    holding = {
        element.getparent()
        for element in tree.iter("p")
        if element.getparent() is not None and to_key(element.text_content()) in prose
    }
    holding = {box for box in holding if box.tag not in ("li", "td", "blockquote", "figcaption", "form")}
    signs = {(box.tag, box.get("class")) for box in holding if box.get("class")}
    return holding | {box for box in tree.iter("div", "section") if (box.tag, box.get("class")) in signs}


def _children(box: Any) -> Iterator[Any]:
    """Yield the paragraphs, sub-headings, points and quotations that stand in a box itself, in order."""
    for child in box:
        if child.tag in _LISTS:
            yield from (point for point in child.iterchildren("li") if not _holds_more(point))
        elif child.tag == "blockquote" and child.find("p") is not None:
            yield from (inner for inner in child.iterchildren("p") if not _holds_more(inner))
        elif (child.tag in ("p", "blockquote") or child.tag in _HEADINGS) and not _holds_more(child):
            yield child


def _holds_more(element: Any) -> bool:
    """Return whether an element is more than words: a picture with its caption, a script, a box in a box."""
    return any(True for _ in element.iterdescendants(*_MORE))


def _words_of(element: Any) -> str:
    """Return the words of an element; a line break parts them as a blank does."""
    words = element.itertext() if element.find(".//br") is not None else (element.text_content(),)
    return " ".join(" ".join(words).split())


def _belongs(element: Any, text: str) -> bool:
    words = len(text.split())
    linked = sum(len(a.text_content().split()) for a in element.iter("a"))
    if linked > MOST_LINKED * words or find_furniture(text) is not None or is_related_marker(text):
        return False
    return words >= (1 if element.tag in _HEADINGS else FEWEST_POINT_WORDS)


def _without_last_headings(blocks: list[Block]) -> list[Block]:
    """Return the blocks behind the last paragraph without headings at their end, whose text was taken out."""
    while blocks and blocks[-1][0] == "subheading":
        blocks = blocks[:-1]
    return blocks
