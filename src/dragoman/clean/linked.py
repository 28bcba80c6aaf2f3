"""What a page says about itself in its head: meta tags and JSON-LD, as found on real pages.

In: the tree of a page. Out: its meta tags and its JSON-LD objects, the article's own first. JSON-LD that is not quite
JSON (comments round it, a comma too many, a stop at the end) is read all the same; of what stays unreadable the date
and the headline are taken by their keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dragoman.clean.lines import to_key

DEEPEST = 4  # graphs and main entities inside one another
_ARTICLE_TYPE = re.compile(r"article|report|posting|newsitem", re.IGNORECASE)
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.{0,40}?\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$", re.DOTALL
)
_SPARE_COMMA = re.compile(r",(\s*[}\]])")
_KEYED = re.compile(r'"(datePublished|dateModified|dateCreated|headline)"\s*:\s*"((?:[^"\\]|\\.){1,400})"')


class Head(NamedTuple):
    """What a page says about itself: its meta tags (names in lower case) and its JSON-LD objects."""

    meta: Mapping[str, str]
    linked_data: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]


def read_head(tree: Any) -> Head:
    """Return the meta tags of a page, the first of each name, and its JSON-LD objects, its own article's first."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            meta.setdefault(name.strip().lower(), content.strip())
    linked: list[Mapping[str, Any]] = []
    notes: list[str] = []
    for number, script in enumerate(tree.xpath('//script[starts-with(@type, "application/ld+json")]'), 1):
        value = _read_json(script.text or "null")
        if value is None and (script.text or "").strip() not in ("", "null"):
            notes.append(f"JSON-LD block {number} of the page is not valid JSON")
            value = _keyed(script.text)
        linked += _objects(value)
    own = _own_titles(tree, meta)
    linked.sort(
        key=lambda item: (not _ARTICLE_TYPE.search(str(item.get("@type", ""))), not _is_own(item, own))
    )
    return Head(meta, tuple(linked), tuple(notes))


def find_linked(head: Head, key: str) -> str | None:
    """Return the first value of a key among the JSON-LD objects: words, the name of an object, or the first of a list."""
    for item in head.linked_data:
        value = item.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("name") or value.get("@value")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _read_json(text: str) -> Any:
    """Return what a block of JSON-LD holds, or None where it cannot be read."""
    unwrapped = text
    while (shorter := _WRAPPED.sub("", unwrapped)) != unwrapped:
        unwrapped = shorter
    for candidate in dict.fromkeys((text, unwrapped, _SPARE_COMMA.sub(r"\1", unwrapped))):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _keyed(text: str) -> dict[str, str]:
    """Return the date and headline of a block that is not JSON, by their keys; the first of each."""
    found: dict[str, str] = {}
    for key, value in _KEYED.findall(text):
        found.setdefault(key, re.sub(r"\\(.)", r"\1", value))
    return {**found, "@type": "Article"} if found else {}


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON-LD objects of a value: itself, those of a list, those of a graph."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)


def _own_titles(tree: Any, meta: Mapping[str, str]) -> list[str]:
    """Return what the page is called by its window and its tags, to tell its own article from others that it lists."""
    window = next((element.text_content() for element in tree.iter("title")), None)
    return [to_key(text) for text in (window, meta.get("og:title")) if text and text.strip()]


def _is_own(item: Mapping[str, Any], titles: list[str]) -> bool:
    headline = item.get("headline")
    key = to_key(headline) if isinstance(headline, str) else ""
    return bool(key) and any(key in title or title in key for title in titles)
