"""Tell pages that show only a stub before a paywall, or nothing but a request for consent.

In: the tree of a page and what is left of its text. Out: the sign by which a wall is known, or None. A page that says it
is not free but holds the whole text is read; one whose text is short and ends at a wall is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

MOST_STUB_WORDS = (
    120  # a lead and a half; whole reports of agencies are shorter, but do not ask for money below
)
MOST_LOCKED_WORDS = 200  # where the page itself says that it is locked
_ERROR = re.compile(
    r"(?:error\s*)?(?:40[0-9]|410|50[0-9])?[\s:–-]*(?:error|(?:the |this )?(?:page|article|story|content|file)?\s*(?:not found|(?:is )?not available|"
    r"(?:cannot|could not|can't) be found|unavailable|no longer (?:exists|available))|access denied|forbidden|too many requests|"
    r"just a moment|attention required|(?:internal )?server error|bad gateway|service unavailable|"
    r"(?:oops|sorry)\b.{0,60}|are you (?:a robot|human)\??|verify(?:ing)? you are human.{0,20})",
    re.IGNORECASE,
)
MOST_LABEL_WORDS = 3  # "Members only", on each card of a list
FEWEST_SHOWN_WORDS = 60  # of the locked part
_ASKS = re.compile(
    r"(?:subscribe|sign ?in|log ?in|register|join|pay|upgrade)[^.]{0,60}\bto (?:continue|keep|go on|finish) reading|"
    r"\b(?:continue|keep) reading (?:with|by|for|this)\b[^.]{0,60}\b(?:subscri|trial|account|free)|"
    r"(?:to|and) read the (?:rest|full|whole|entire)\b[^.]{0,60}(?:subscri|sign|log|trial|account|register)|"
    r"\b(?:last|\d+|no more|all your) free articles?\b|\bfree articles? (?:left|remaining)\b|"
    r"\bthis (?:article|story|content|page) is (?:only )?(?:for|available (?:only )?to|reserved for|exclusive to)\b[^.]{0,30}"
    r"(?:subscribers|members)|\b(?:subscribers?|members?)[- ]only\b|\bunlock (?:this|the full|the whole)\b|"
    r"\bsubscribe (?:now |today )?(?:for|to (?:get|gain)) (?:full |unlimited )?access\b|\byou have reached your limit\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\bcookies?\b|\bconsent\b|\bpersonali[sz]ed (?:ads|content)\b|\bpersonal data\b|\bprivacy (?:policy|settings|preferences)\b",
    re.IGNORECASE,
)
_LOCKED = frozenset({"locked", "premium", "paid", "metered", "subscriber"})


def find_wall(tree: Any, meta: Mapping[str, str], linked: Sequence[Mapping[str, Any]]) -> str | None:
    """Return what asks for money on a page, in its words, or None."""
    asking = []
    for element in tree.iter("p", "h2", "h3", "h4", "div", "span", "strong", "button", "a"):
        text = " ".join((element.text or "").split())
        if text and _ASKS.search(text[:400]):
            asking.append(text)
    for text in asking:
        if len(text.split()) > MOST_LABEL_WORDS or asking.count(text) == 1:  # else labels of other stories
            found = _ASKS.search(text[:400])
            return f'"{found.group()[:80] if found else text}"'
    if is_locked(meta, linked) and not _shows_locked_part(tree, linked):
        return "the page says that it is not free"
    return None


def _shows_locked_part(tree: Any, linked: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the part that a page says is not free stands on it, as on a subscriber's copy.

    Source:
        schema.org and Google's guide for paywalled content: ``hasPart`` with a ``cssSelector`` that names a class.
    """
    for item in linked:
        parts = item.get("hasPart")
        for part in parts if isinstance(parts, list) else [parts]:
            selector = part.get("cssSelector") if isinstance(part, Mapping) else None
            if isinstance(selector, str) and (name := re.fullmatch(r"\.([\w-]+)", selector.strip())):
                boxes = tree.xpath(
                    "//*[contains(concat(' ', normalize-space(@class), ' '), $name)]", name=f" {name[1]} "
                )
                if sum(len(box.text_content().split()) for box in boxes) >= FEWEST_SHOWN_WORDS:
                    return True
    return False


def is_locked(meta: Mapping[str, str], linked: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a page's tags say that its article is not free.

    Source:
        schema.org, ``isAccessibleForFree``; the tag ``article:content_tier`` of page makers.
    """
    if meta.get("article:content_tier", "").lower() in _LOCKED:
        return True
    for item in linked:
        free = item.get("isAccessibleForFree")
        if free is False or str(free).lower() == "false":
            return True
    return False


def is_stub(wall: str | None, words: int, *, locked: bool) -> bool:
    """Return whether a page with a wall shows only the beginning of its article.

    Args:
        wall: What asks for money, or None.
        words: How many words of the article are shown.
        locked: The page's tags say that it is not free.
    """
    return wall is not None and words < (MOST_LOCKED_WORDS if locked else MOST_STUB_WORDS)


def is_error(title: str | None) -> bool:
    """Return whether a page's headline says that there is no page, as servers say with status 200."""
    return title is not None and _ERROR.fullmatch(title.strip(" .!")) is not None


def asks_for_money(text: str) -> bool:
    """Return whether a line asks for a subscription to go on."""
    return len(text) <= 400 and _ASKS.search(text) is not None


def is_consent(paragraphs: Sequence[str]) -> bool:
    """Return whether a page only asks for consent: most of its paragraphs speak of cookies and data."""
    about = sum(_CONSENT.search(text) is not None for text in paragraphs)
    return about >= 2 and 5 * about >= 3 * len(paragraphs)
