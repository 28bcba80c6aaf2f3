"""Find the cards on a page that point to other stories: boxes of one make beside one another, each opening with a link.

In: the tree of a page and the words that its elements hold. Out: the boxes round such cards. An article has no three
boxes of the same make that each open with a linked headline and hold little more; a page has them beside and below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

FEWEST_CARDS = 3
FEWEST_LINK_WORDS = 3  # a headline; less is a rubric or a name
MOST_CARD_WORDS = 60  # headline, summary, rubric and date
MOST_LEAD_WORDS = 6  # rubric or date before the headline
CARD_SHARE = 0.8  # of the words of the box
_CARDS = frozenset({"div", "article", "li", "section", "a", "tr", "dl"})
_HEADLINES = frozenset({"h2", "h3", "h4", "h5", "h6"})


class Count(NamedTuple):
    """What an element holds: words, words in links, and links."""

    words: int
    linked: int
    links: int


def find_cards(tree: Any, counts: Mapping[Any, Count], held: set[Any]) -> Iterator[Any]:
    """Yield the boxes that hold little but cards, and single cards where their box holds more.

    Args:
        tree: The page.
        counts: What each element holds.
        held: The elements that hold the headline, which are no cards.
    """
    for box in tree.iter("div", "section", "ul", "ol", "aside", "main", "article", "body", "table", "tbody"):
        rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for child in box:
            if child.tag in _CARDS and child not in held:
                rows[child.tag, child.get("class", "")].append(child)
        for cards in rows.values():
            if len(cards) < FEWEST_CARDS or not all(_is_card(card, counts) for card in cards):
                continue
            inside = sum(counts[card].words for card in cards)
            if box not in held and box.tag != "body" and inside >= CARD_SHARE * counts[box].words:
                yield box
            else:
                yield from cards


def _is_card(card: Any, counts: Mapping[Any, Count]) -> bool:
    """Return whether a box opens with a linked headline and holds little more."""
    count = counts[card]
    if not FEWEST_LINK_WORDS <= count.words <= MOST_CARD_WORDS:
        return False
    if card.tag == "a":
        return True
    before = 0
    for inner in card.iter():
        if inner.tag == "a" and counts[inner].words >= FEWEST_LINK_WORDS and inner.get("href", "")[:1] != "#":
            return before <= MOST_LEAD_WORDS
        before += len((inner.text or "").split())
    return False
