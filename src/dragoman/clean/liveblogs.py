"""Split a live blog into its entries, each with its own time.

In: the tree of a page and its JSON-LD. Out: the entries, in the order of the page, or none where the page is no live
blog. An entry whose time is a clock alone is of the page's day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEWEST_ENTRIES = 2
FEWEST_WORDS = 5
_ENTRY = re.compile(
    r"(?:^|[\s_-])(?:live-?blog|live)[_-]*(?:entry|entries|post|update|event|item|block|card)(?:$|[\s_-])|"
    r"(?:^|\s)(?:entry|post|update)--?live(?:$|\s)",
    re.IGNORECASE,
)
_LIVE_BLOG = re.compile(
    r"(?:^|[\s_-])(?:live-?(?:blog|ticker|text|report|coverage)|minute-by-minute)(?:$|[\s_-])", re.IGNORECASE
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.h]([0-5]\d)(?:\s*[ap]\.?m\.?)?\b", re.IGNORECASE)
_HEADINGS = ("h2", "h3", "h4", "h5")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what it says and when, as written there; ``when`` is None for a clock alone."""

    title: str | None
    paragraphs: tuple[str, ...]
    when: str | None
    clock: str | None
    anchor: str | None


def find_entries(tree: Any, linked: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Return the entries of a live blog, or none: those that its JSON-LD lists, else those that its tags show."""
    listed = [entry for item in linked for entry in _listed(item)]
    shown = list(_shown(tree))
    told = any("LiveBlog" in str(item.get("@type", "")) for item in linked)
    told = told or any(
        _LIVE_BLOG.search(_names(box)) for box in tree.iter("div", "section", "main", "ol", "ul")
    )
    if len(shown) < FEWEST_ENTRIES and (told or tree.xpath('//*[contains(@itemtype, "LiveBlogPosting")]')):
        shown = _rows(tree)
    found = listed if len(listed) >= len(shown) else shown
    return found if len(found) >= FEWEST_ENTRIES else []


def _listed(item: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the updates of a LiveBlogPosting.

    Source:
        schema.org, ``LiveBlogPosting`` and ``liveBlogUpdate``.
    """
    updates = item.get("liveBlogUpdate")
    for update in updates if isinstance(updates, list) else [updates]:
        if not isinstance(update, Mapping):
            continue
        body, title, when, url = (update.get(k) for k in ("articleBody", "headline", "datePublished", "url"))
        if not isinstance(body, str) or len(body.split()) < FEWEST_WORDS:
            continue
        text = re.sub(r"<[^>]{1,300}>", " ", body)
        paragraphs = tuple(" ".join(line.split()) for line in text.split("\n") if line.strip())
        anchor = url.rpartition("#")[2] if isinstance(url, str) and "#" in url else None
        yield Entry(_words(title), paragraphs, when if isinstance(when, str) else None, None, anchor)


def _words(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _shown(tree: Any) -> Iterator[Entry]:
    marked = [
        element
        for element in tree.iter("article", "div", "section", "li")
        if element.get("itemprop") == "liveBlogUpdate" or _ENTRY.search(_names(element))
    ]
    outer = set(marked)
    for element in marked:
        if any(above in outer for above in element.iterancestors()) and not _holds_many(element, outer):
            continue
        if _holds_many(element, outer):
            outer.discard(element)
            continue
        if (entry := _read(element)) is not None:
            yield entry


def _rows(tree: Any) -> list[Entry]:
    """Return the entries of a page that says it is a live blog: the children of one element that each open with a time."""
    best: list[Entry] = []
    for element in tree.iter("div", "section", "ol", "ul", "main", "article"):
        rows = [_read(row) for row in element if row.tag in ("article", "div", "section", "li")]
        found = [row for row in rows if row is not None and (row.when or row.clock)]
        if len(found) > len(best):
            best = found
    return best


def _holds_many(element: Any, marked: set[Any]) -> bool:
    return sum(1 for inner in element.iterdescendants() if inner in marked) >= FEWEST_ENTRIES


def _names(element: Any) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _flat(element: Any) -> str:
    return " ".join(element.text_content().split())


def _is_inside_another(paragraph: Any, entry: Any) -> bool:
    """Return whether a paragraph stands in a list point or quotation of its entry, which is read as a whole."""
    for above in paragraph.iterancestors():
        if above is entry:
            return False
        if above.tag in ("p", "li", "blockquote"):
            return True
    return False


def _read(element: Any) -> Entry | None:
    paragraphs = tuple(
        text
        for p in element.iter("p", "li", "blockquote")
        if p is not element
        and not _is_inside_another(p, element)
        and len((text := _flat(p)).split()) >= FEWEST_WORDS
    )
    stamps = [time for time in element.iter("time") if time.get("datetime")]
    heading = next((h for h in element.iter(*_HEADINGS) if h.text_content().strip()), None)
    words = " ".join(" ".join(element.itertext()).split())  # a clock and a headline may touch
    clock = _CLOCK.search(words[:60])
    if not paragraphs or (not stamps and clock is None):
        return None
    return Entry(
        title=" ".join(heading.text_content().split()) if heading is not None else None,
        paragraphs=paragraphs,
        when=stamps[0].get("datetime") if stamps else None,
        clock=clock.group() if clock else None,
        anchor=element.get("id"),
    )
