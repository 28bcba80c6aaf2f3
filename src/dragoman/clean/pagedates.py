"""What a page's tags say about its date, best first; what tells of an update is kept apart.

In: the tree of a page with its meta tags and JSON-LD. Out: fields that hold the date of publication, and fields that
hold the date of the last change, which is never taken for the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dragoman.clean.furniture import PUBLISHED_FIELDS
from dragoman.clean.printed import PrintedDates
from dragoman.clean.published import DateField

_UPDATED_FIELDS = (
    "article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "last-modified", "lastmod", "dcterms.modified",
    "dc.date.modified", "updated_time", "date.updated",
)  # fmt: skip
_UPDATED = re.compile(r"update|updating|modif|revis|edited|changed", re.IGNORECASE)
_PUBLISHED = re.compile(r"publi|posted|issued|created|entry-date|pubdate|first", re.IGNORECASE)
_BEFORE_CHARS = 40
_OTHER_DAY = re.compile(
    r"(?:^|[\s_-])(?:event|calendar|agenda|deadline|countdown|expir\w*)(?:$|[\s_-])", re.I
)
_OTHER_PROPERTIES = frozenset({"startdate", "enddate", "validthrough", "doortime"})
_META_BOX = re.compile(r"meta|submitted|byline|info|posted|published|details", re.IGNORECASE)


class PageDates(NamedTuple):
    """The fields of publication, best first, and those of the last change."""

    published: tuple[DateField, ...]
    updated: tuple[DateField, ...]


def find_page_dates(
    tree: Any, meta: Mapping[str, str], linked: Sequence[Mapping[str, Any]], is_aside: Any,
    printed: PrintedDates | None = None,
) -> PageDates:  # fmt: skip
    """Return what the page's tags say about its dates.

    Args:
        tree: The page.
        meta: Its meta tags, names in lower case.
        linked: Its JSON-LD objects, articles first.
        is_aside: Tells elements that do not belong to the article.
        printed: The dates printed beside the headline. A line that says "published" goes before a time tag that is
            called nothing, which may be the day of an event.
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
    published += [*told[:1], *([printed.said] if printed and printed.said else ()), *plain[:1]]
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
        if (is_aside(element) and not _is_of_article(element)) or _is_other_day(element):
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


def _is_of_article(element: Any) -> bool:
    """Return whether an element stands in the box of an article's own particulars, which may be its footer."""
    for above in element.iterancestors("footer"):
        if above.getparent() is not None and above.getparent().tag == "article":
            return _META_BOX.search(above.get("class", "")) is not None
    return False


def _is_other_day(element: Any) -> bool:
    """Return whether a time tag tells the day of an event or of an end, by its own names and those of its box."""
    above = element.getparent()
    names = f"{element.get('class', '')} {above.get('class', '') if above is not None else ''}"
    if element.get("itemprop", "").lower() in _OTHER_PROPERTIES:
        return True
    return any(_OTHER_DAY.search(name.replace("__", "-")) for name in names.split())


def _label_of(element: Any) -> str:
    """Return the words right before an element: "Updated:" or "Published on"."""
    before = element.getprevious()
    own = (before.tail if before is not None else element.getparent().text) or ""
    if not own.strip() and before is not None and before.tag in ("span", "strong", "b", "em", "label"):
        own = before.text_content()
    words: str = " ".join(own.split())[-_BEFORE_CHARS:]
    return words
