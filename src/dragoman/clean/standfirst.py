"""Find the standfirst of an HTML page that is called nothing: the sentence of its own between headline and text.

In: the tree of a page and the paragraphs of its text. Out: the words of the standfirst, or None. It stands beside the
headline or in a box beside it, ends as a sentence does, and is no link, byline, date, caption or notice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dragoman.clean.datelines import is_date_line
from dragoman.clean.furniture import find_furniture, is_related_marker
from dragoman.clean.lines import to_key
from dragoman.clean.marks import names_of

FEWEST_WORDS = 8
LONGEST = 500  # characters
MOST_LEVELS = 2  # boxes round the headline beside which it may stand
_BOXES = (
    "p",
    "div",
    "ul",
    "ol",
    "table",
    "section",
    "h1",
    "h2",
    "h3",
    "figure",
    "br",
    "script",
    "style",
    "button",
    "form",
    "img",
)
_AROUND = frozenset({"figure", "figcaption", "a", "button", "li", "form", "video", "audio", "table"})


def find_placed_standfirst(tree: Any, body_keys: set[str], is_aside: Callable[[Any], bool]) -> str | None:
    """Return the sentence between the h1 and the first paragraph of the text, or None.

    Args:
        tree: The page.
        body_keys: The keys of the text's paragraphs, where the search ends.
        is_aside: Tells elements that do not belong to the article.
    """
    heading = next((h for h in tree.iter("h1") if not is_aside(h) and h.text_content().strip()), None)
    if heading is None:
        return None
    beside = [heading, *heading.iterancestors()][: MOST_LEVELS + 1]
    has_begun = False
    for element in tree.iter("h1", "h2", "h3", "h4", "p", "div"):
        if element is heading:
            has_begun = True
            continue
        if not has_begun or any(True for _ in element.iterchildren(*_BOXES)):
            continue
        text = " ".join(element.text_content().split())
        if to_key(text) in body_keys:
            return None
        is_near = any(
            near.getparent() in (element.getparent(), element.getparent().getparent()) for near in beside
        )
        if is_near and _is_told(element, text) and not is_aside(element.getparent()):
            return text
    return None


def _is_told(element: Any, text: str) -> bool:
    """Return whether an element says something: a sentence, or words set as a heading below the headline."""
    words = len(text.split())
    ends = element.tag in ("h2", "h3", "h4") or text.rstrip("\"'”’)").endswith((".", "!", "?"))
    if words < FEWEST_WORDS or len(text) > LONGEST or not ends or is_related_marker(text):
        return False
    if 2 * sum(len(a.text_content().split()) for a in element.iter("a")) > words or not text[:1].isupper():
        return False
    if find_furniture(text) is not None or is_date_line(text) or "caption" in names_of(element).lower():
        return False
    return not any(above.tag in _AROUND for above in element.iterancestors())
