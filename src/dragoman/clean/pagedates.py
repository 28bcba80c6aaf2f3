"""What a page's tags say about its date, best first; what tells of an update is kept apart.

In: the tree of a page with its meta tags and JSON-LD. Out: fields that hold the date of publication, and fields that
hold the date of the last change, which is never taken for the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dragoman.clean.furniture import PUBLISHED_FIELDS
from dragoman.clean.published import DateField

_UPDATED_FIELDS = (
    "article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "last-modified", "lastmod", "dcterms.modified",
    "dc.date.modified", "updated_time", "date.updated",
)  # fmt: skip
_UPDATED = re.compile(r"update|updating|modif|revis|edited|changed", re.IGNORECASE)
_PUBLISHED = re.compile(r"publi|posted|issued|created|entry-date|pubdate|first", re.IGNORECASE)
_BEFORE_CHARS = 40


class PageDates(NamedTuple):
    """The fields of publication, best first, and those of the last change."""

    published: tuple[DateField, ...]
    updated: tuple[DateField, ...]


def find_page_dates(
    tree: Any, meta: Mapping[str, str], linked: Sequence[Mapping[str, Any]], is_aside: Any
) -> PageDates:
    """Return what the page's tags say about its dates.

    Args:
        tree: The page.
        meta: Its meta tags, names in lower case.
        linked: Its JSON-LD objects, articles first.
        is_aside: Tells elements that do not belong to the article.
    """
    published: list[DateField] = []
    updated: list[DateField] = []
    for key, found in (("datePublished", published), ("dateModified", updated)):
        value = next((i[key] for i in linked if isinstance(i.get(key), str) and i[key].strip()), None)
        if value is not None:
            found.append(DateField(f"JSON-LD {key}", value.strip()))
    published += [DateField(f"meta {name}", meta[name]) for name in PUBLISHED_FIELDS if name in meta]
    updated += [DateField(f"meta {name}", meta[name]) for name in _UPDATED_FIELDS if name in meta]
    for element in tree.xpath('//*[@itemprop="datePublished"][@datetime or @content]')[:1]:
        value = element.get("datetime") or element.get("content")
        published.append(DateField("itemprop datePublished", value))
    told, plain, changed = _time_tags(tree, is_aside)
    published += [*told[:1], *plain[:1]]
    updated += changed[:1]
    if not published:
        created = next((i["dateCreated"] for i in linked if isinstance(i.get("dateCreated"), str)), None)
        published += [DateField("JSON-LD dateCreated", created)] if created else []
    return PageDates(tuple(published), tuple(updated))


def _time_tags(tree: Any, is_aside: Any) -> tuple[list[DateField], list[DateField], list[DateField]]:
    """Return time tags that are called published, that are called nothing, and that are called updated."""
    told: list[DateField] = []
    plain: list[DateField] = []
    changed: list[DateField] = []
    for element in tree.xpath("//time[@datetime]"):
        if is_aside(element):
            continue
        value = element.get("datetime")
        words = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('id', '')}"
        label = _label_of(element)
        if _PUBLISHED.search(words) or element.get("pubdate") is not None:
            told.append(DateField("time tag published", value))
        elif _UPDATED.search(words) or (_UPDATED.search(label) and not _PUBLISHED.search(label)):
            changed.append(DateField("time tag updated", value))
        elif _PUBLISHED.search(label):
            told.append(DateField("time tag published", value))
        else:
            plain.append(DateField("time tag", value))
    return told, plain, changed


def _label_of(element: Any) -> str:
    """Return the words right before an element: "Updated:" or "Published on"."""
    before = element.getprevious()
    own = (before.tail if before is not None else element.getparent().text) or ""
    if not own.strip() and before is not None and before.tag in ("span", "strong", "b", "em", "label"):
        own = before.text_content()
    words: str = " ".join(own.split())[-_BEFORE_CHARS:]
    return words
