"""Find out how a page writes dates in figures: "05/11/2024" is the fifth of November in London and the eleventh of May in Ohio.

In: the tree of a page, its meta tags and its address. Out: the order of day and month, or None where nothing tells; such
a date is then passed over. A date with a figure above 12, with dots, or with the year first needs no order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from dragoman.clean.datelines import DayOrder

# Where the month comes first in English print. Source: CLDR short date patterns of the territories, from memory of the
# editors; Canada writes both and is not asked.
MONTH_FIRST = frozenset({"us", "ph", "pr", "gu", "as", "vi", "mp", "fm", "mh", "pw"})
BOTH = frozenset({"ca"})
# Endings of addresses that are two letters long but say nothing of a country.
NO_COUNTRY = frozenset({"eu", "io", "co", "tv", "me", "ai", "fm", "cc", "ws", "to", "ly", "gg", "is"})
# Languages whose short dates begin with the year; a page in one of them that begins with the day is not settled by that.
YEAR_FIRST = frozenset({"ja", "zh", "ko", "hu", "lt", "sv", "fa", "mn", "en"})
_DOTTED = re.compile(r"(?<![\d.])\d{1,2}\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d(?!\d)")
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:19|20)\d\d(?!\d)")


def find_day_order(tree: Any, meta: Mapping[str, str], url: str | None) -> DayOrder:
    """Return how a page writes day and month, asked in this order of what is least often wrong.

    Other dates on the page that can be read in one way only; the country of the address; a region other than the United
    States in the page's language, or a language other than English; the United States, which many systems name by default.
    """
    seen = _on_page(" ".join(tree.xpath("//body//text()[not(parent::script or parent::style)]")))
    if seen is not None:
        return seen
    country = _country_of(url)
    if country is not None:
        return "mdy" if country in MONTH_FIRST else "dmy"
    language, region = _locale(
        str(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    )
    tagged = _locale(meta.get("og:locale", ""))
    for code, where in ((language, region), tagged):
        if where and where not in MONTH_FIRST | BOTH:
            return "dmy"
        if code and code not in YEAR_FIRST:
            return "dmy"
    return "mdy" if {region, tagged[1]} & MONTH_FIRST else None


def _on_page(text: str) -> DayOrder:
    """Return the order that the page's unmistakable dates have, or None where there are none or both kinds."""
    orders = set()
    for first, _, second in _FIGURES.findall(text):
        a, b = int(first), int(second)
        if 12 < a <= 31 and 1 <= b <= 12:
            orders.add("dmy")
        elif 12 < b <= 31 and 1 <= a <= 12:
            orders.add("mdy")
    if not orders and _DOTTED.search(text):
        return "dmy"  # who writes 03.04.2010 elsewhere on the page puts the day first with bars too
    if len(orders) != 1:
        return None
    return "dmy" if "dmy" in orders else "mdy"


def _country_of(url: str | None) -> str | None:
    """Return the country that the ending of an address names; "gov" and "mil" are the United States'."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    ending = host.rpartition(".")[2]
    if ending in ("gov", "mil"):
        return "us"
    return ending if len(ending) == 2 and ending.isalpha() and ending not in NO_COUNTRY | BOTH else None


def _locale(value: str) -> tuple[str, str]:
    """Return language and region of a tag such as "en-GB" or "uk_UA", in lower case."""
    parts = re.split(r"[-_]", value.strip().lower())
    region = next((part for part in parts[1:] if len(part) == 2), "")
    return parts[0], region
