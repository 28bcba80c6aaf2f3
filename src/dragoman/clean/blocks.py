"""The lines of a page by its own tags, for pages that the extractor does not understand.

In: the tree of a page. Out: its paragraphs in order, cut at block elements and line breaks; navigation and other parts
around the article, and captions, which are read elsewhere, are left out where their tags say so. What is a menu among the rest is told by ``pages``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from dragoman.clean.deferred import Deferred

_etree = Deferred("lxml.etree")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup "
    "time tt u var wbr".split()
)
_SILENT = frozenset(
    "script style noscript template svg button select option textarea head iframe object figcaption".split()
)
_SPACE = re.compile(r"[\s\ufeff\u200b]+")
_BLANK_LINE = re.compile(r"\n\s*\n")


def iter_lines(tree: Any, is_aside: Callable[[Any], bool], seam: str = "") -> Iterator[str]:
    """Yield the lines of a page, in order, without empty ones.

    Args:
        tree: The page.
        is_aside: Tells elements that do not belong to the article; asked of the outermost ones.
        seam: What stands in a line where an element inside it begins or ends.
    """
    parts: list[str] = []
    silent = 0  # how many open elements around here say nothing
    for event, element in _etree.module.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            if silent or tag in _SILENT or is_aside(element):
                silent += 1
                continue
            if tag not in _INLINE:
                yield from _flush(parts)
            elif seam:
                parts.append(seam)
            if element.text:
                yield from _said(element.text, tag, parts)
        else:
            silent = max(0, silent - 1) if silent else 0
            if not silent and tag not in _INLINE:
                yield from _flush(parts)
            elif not silent and seam:
                parts.append(seam)
            if not silent and element.tail:
                yield from _said(element.tail, _tag_above(element), parts)
    yield from _flush(parts)


def _tag_above(element: Any) -> str:
    above = element.getparent()
    return str(above.tag) if above is not None else ""


def _said(text: str, tag: str, parts: list[str]) -> Iterator[str]:
    """Add words to the open line; in preformatted text blank lines end it."""
    if tag != "pre":
        parts.append(text)
        return
    first, *others = _BLANK_LINE.split(text)
    parts.append(first)
    for piece in others:
        yield from _flush(parts)
        parts.append(piece)


def _flush(parts: list[str]) -> Iterator[str]:
    line = _SPACE.sub(" ", "".join(parts)).strip()
    parts.clear()
    if line:
        yield line
