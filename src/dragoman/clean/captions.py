"""Find the captions of an article's pictures on an HTML page, without credits, buttons and licences.

In: the tree of a page. Out: captions in the order of the page. What an element is called tells a caption; what stands
behind its last stop in brackets, behind a bar, or in an element called a credit is the photographer's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from dragoman.clean.furniture import find_caption, find_furniture

MOST_CAPTIONS = 12
LONGEST_CAPTION = 600  # characters
FEWEST_CAPTION_WORDS = 4
_CAPTION = re.compile(
    r"caption|(?:^|[\s_-])(?:(?:art|pic|img|image|photo|figure)[_-]?cap|legende?|cutline|pic-?text|epigrafe|pie-?(?:de-?)?f.to|"
    r"bildunterschrift|didascalia)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:credits?|copyright|photographer|share|hide-?caption|toggle-?caption)(?:$|[\s_-])",
    re.IGNORECASE,
)
# "… on Monday. (Jem Stroud)", "… on Monday.Credit...Jem Stroud for the Gazette", "… on Monday. | Photo Credit: J. Stroud"
_SIGNED = re.compile(
    r"(?<=[.!?”\"’])\s+(?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+)?\s?/\s?(?-i:[A-Z])[^.!?]{2,50}$|"
    r"(?<=[.!?”\"’])\s*[\[(][^\])]{2,60}[\])]\.?$|\s*(?<=[\w.!?”\"’])\s?Credit(?:\.{3}|…|s?\s*:).{0,80}$|"
    r"(?<=[.!?”\"’])\s*[—–]\s?[^.!?]{2,60}$|\s*\|\s*(?:photo|image|picture|file)?\s*(?:credits?|photo|image|picture|courtesy)\b.{0,80}$|\s*©\s.{2,80}$",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[\s\ufeff\u200b]+")


def find_captions(tree: Any, is_aside: Callable[[Any], bool]) -> list[str]:
    """Return the captions of the article's pictures.

    Args:
        tree: The page.
        is_aside: Tells elements that do not belong to the article.
    """
    found: list[str] = []
    for element in tree.xpath("//figcaption | //*[@class and not(.//figcaption)]"):
        if element.tag != "figcaption" and not _CAPTION.search(element.get("class")):
            continue
        nested = any(above.tag == "figcaption" for above in element.iterancestors())
        if nested or len(found) >= MOST_CAPTIONS or is_aside(element):
            continue
        text = _SPACE.sub(" ", "".join(_words(element))).strip()
        if not text or len(text) > LONGEST_CAPTION:
            continue
        while (shorter := _SIGNED.sub("", text).strip()) != text:
            text = shorter
        if (caption := find_caption(text)) is not None:
            text = text[caption.start : caption.end].strip()
        if len(text.split()) >= FEWEST_CAPTION_WORDS and text not in found:
            found.append(text)
    return found


def _words(element: Any) -> Iterator[str]:
    """Yield the words of a caption, without those of elements that are named as credits, share bars or buttons."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not _is_no_caption(child):
            yield from _words(child)
            yield " " if child.tag in ("p", "div", "li", "br") else ""
        yield child.tail or ""


def _is_no_caption(element: Any) -> bool:
    if element.tag in ("button", "small") or _CREDIT.search(element.get("class", "")):
        return True
    return element.tag == "a" and find_furniture(" ".join(element.text_content().split())) is not None
