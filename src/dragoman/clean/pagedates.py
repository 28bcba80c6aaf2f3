"""What a page's tags say about its date, best first; what tells of an update is kept apart.

In: the tree of a page with its meta tags and JSON-LD. Out: fields that hold the date of publication, and fields that
hold the date of the last change, which is never taken for the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dragoman.clean.furniture import PUBLISHED_FIELDS
from dragoman.clean.lines import to_key
from dragoman.clean.printed import PrintedDates
from dragoman.clean.published import DateField, to_date

_UPDATED_FIELDS = (
    "article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "last-modified", "lastmod", "dcterms.modified",
    "dc.date.modified", "updated_time", "date.updated",
)  # fmt: skip
# Names that say "published" in other words or another order: "mediator_published_time", "publishedDate", "bt:pubDate".
_META_PUBLISHED = re.compile(
    r"publi(?:sh|shed|cation)?-?(?:first)?-?(?:date|time|at|on|ts|day)|(?:date|time|first|day)-?publi(?:sh|cation)|pub-?(?:date|time)|"
    r"(?:post|issue|release|creat)(?:d|ed|ion)?-?(?:date|time|at|on)(?:$|-)|(?:date|time)-?(?:posted|issued|released|created)|"
    r"^p-?(?:date|time)$|^(?:published|issued|posted|created)$|[.:](?:published|issued|created)$"
)
_CREATED = re.compile(r"creat", re.IGNORECASE)
_META_OTHER = re.compile(r"update|updating|modif|revis|expir|unpublish|event|publisher|last|edit(?:ed|-)")
_UPDATED = re.compile(r"update|updating|modif|revis|edited|changed", re.IGNORECASE)
_PUBLISHED = re.compile(r"publi|posted|issued|created|entry-date|pubdate|first", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|original(?:ly)?)\b", re.IGNORECASE)
_BEFORE_CHARS = 40
_MOST_LABEL_WORDS = 4
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
    printed: PrintedDates | None = None, title: str | None = None,
) -> PageDates:  # fmt: skip
    """Return what the page's tags say about its dates.

    Args:
        tree: The page.
        meta: Its meta tags, names in lower case.
        linked: Its JSON-LD objects, articles first.
        is_aside: Tells elements that do not belong to the article.
        printed: The dates printed beside the headline. A line that says "published" goes before a time tag that is
            called nothing, which may be the day of an event.
        title: The headline. A time tag below it goes before one above it, which may be another story's.
    """
    published: list[DateField] = []
    updated: list[DateField] = []
    for key, found in (("datePublished", published), ("dateModified", updated)):
        value = next((word for item in linked if (word := _word(item.get(key)))), None)
        if value is not None:
            found.append(DateField(f"JSON-LD {key}", value))
    published += [DateField(f"meta {name}", meta[name]) for name in PUBLISHED_FIELDS if name in meta]
    updated += [DateField(f"meta {name}", meta[name]) for name in _UPDATED_FIELDS if name in meta]
    other = _other_meta(meta)
    created = [field for field in other if _CREATED.search(field.name)]
    published += [field for field in other if field not in created]
    for element in tree.xpath('//*[@itemprop="datePublished"]')[:1]:
        value = element.get("datetime") or element.get("content") or " ".join(element.text_content().split())
        published += [DateField("itemprop datePublished", value)] if value else []
    told, plain, changed = _time_tags(tree, is_aside, title)
    published += [*told[:1], *([printed.said] if printed and printed.said else ()), *plain[:1]]
    updated += changed[:1]
    published += created  # the file may be older than the article
    if not published:
        made = next((i["dateCreated"] for i in linked if isinstance(i.get("dateCreated"), str)), None)
        published += [DateField("JSON-LD dateCreated", made)] if made else []
    return PageDates(tuple(published), tuple(updated))


def _word(value: Any) -> str | None:
    """Return a value of JSON-LD as words: itself, the first of a list, or what an object wraps."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("@value")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None


def _other_meta(meta: Mapping[str, str]) -> list[DateField]:
    """Return meta tags whose name says "published" in some way and whose value is a date."""
    found = []
    for name, value in meta.items():
        key = re.sub(r"[_\s]+", "-", name)
        if name in PUBLISHED_FIELDS or _META_OTHER.search(key) or not _META_PUBLISHED.search(key):
            continue
        if to_date(value, "dmy") is not None:
            found.append(DateField(f"meta {name}", value))
    return found


def _time_tags(
    tree: Any, is_aside: Any, title: str | None
) -> tuple[list[DateField], list[DateField], list[DateField]]:
    """Return time tags that are called published, that are called nothing, and that are called updated, best first."""
    told: list[tuple[bool, DateField]] = []
    plain: list[tuple[bool, DateField]] = []
    changed: list[DateField] = []
    wanted = to_key(title or "")
    is_above = bool(wanted)
    for element in tree.iter("time", "h1", "h2"):
        if element.tag != "time":
            is_above = is_above and to_key(element.text_content()) != wanted
            continue
        value = element.get("datetime")
        if not value or (is_aside(element) and not _is_of_article(element)) or _is_other_day(element):
            continue
        words = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('id', '')}"
        label = _label_of(element) or _opening(element)
        if _UPDATED.search(label) and not _PUBLISHED.search(label):
            changed.append(DateField("time tag updated", value))
        elif _PUBLISHED.search(words) or element.get("pubdate") is not None or _PUBLISHED.search(label):
            told.append((_FIRST.search(label) is None, DateField("time tag published", value)))
        elif _UPDATED.search(words):
            changed.append(DateField("time tag updated", value))
        else:
            plain.append((is_above, DateField("time tag", value)))
    return _in_order(told), _in_order(plain), changed


def _in_order(found: list[tuple[bool, DateField]]) -> list[DateField]:
    """Return fields, those marked False first."""
    return [field for _, field in sorted(found, key=lambda item: item[0])]


def _is_of_article(element: Any) -> bool:
    """Return whether an element stands in the box of an article's own particulars, which may be its footer."""
    for above in element.iterancestors("footer"):
        if any(outer.tag == "header" for outer in above.iterancestors()):
            return True
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
    if not own.strip() and before is None:
        own = _label_beside(element.getparent())
    words: str = " ".join(own.split())[-_BEFORE_CHARS:]
    return words


def _label_beside(box: Any) -> str:
    """Return the words of the cell before a cell, as lists of particulars and tables have them."""
    before = box.getprevious() if box is not None else None
    if before is None or before.tag not in ("dt", "th", "td", "span", "strong", "b", "label"):
        return ""
    words: str = before.text_content()
    return words if len(words.split()) <= _MOST_LABEL_WORDS else ""


def _opening(element: Any) -> str:
    """Return the first words inside a time tag: "Updated 5 March 2024"."""
    words = element.text_content().split()
    return " ".join(words[:2])
