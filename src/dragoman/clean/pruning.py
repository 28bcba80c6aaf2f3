"""Take out of a page's tree what is not its article, before the main text is looked for.

In: the tree of a page. Out: the same tree without consent walls, comment sections, sign-up boxes, authors' portraits in
words, and further articles that a page loads below its own. What holds the headline is never taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dragoman.clean.boxes import drop_boxes
from dragoman.clean.lines import to_key
from dragoman.clean.marks import drop_marks, names_of, part_spans

_EDGE = r"(?:^|[\s_-])"
_END = r"(?:$|[\s_-])"
# Class and id words of parts that may be longer than the article itself.
_ALWAYS = re.compile(
    rf"cookie|consent|gdpr|onetrust|didomi|truste|{_EDGE}cmp{_END}|"
    rf"{_EDGE}(?:comments?|comment-?(?:list|section|area|wrapper|thread)s?|commentlist|disqus(?:_thread)?|discussion|"
    rf"respond|reader-?comments|user-?comments|yorum(?:lar)?|comentarios?|commentaires?|kommentare?|komentar(?:e|i|ze)?|reacties){_END}",
    re.IGNORECASE,
)
# Class and id words of parts that are taken out only while they are the smaller part of the page.
_SMALLER = re.compile(
    rf"newsletter-?(?:box|sign-?up|form|promo|widget|inline)|sign-?up-?(?:box|form|widget)|e-?mail-?(?:capture|sign-?up)|"
    rf"{_EDGE}author-?(?:bio|box|info|card|description|profile){_END}|{_EDGE}about-?(?:the-?)?author{_END}|{_EDGE}bio-?box|"
    rf"{_EDGE}(?:author|contributor|writer|reporter)s?-?(?:bios?|box(?:es)?|notes?|footer|tagline|credits?){_END}|{_EDGE}(?:bio|tagline|sign-?off){_END}|"
    rf"{_EDGE}(?:promo|promotion|donat(?:e|ion)s?|fundrais\w*|membership|subscri(?:be|ption)s?)-?(?:box|banner|block|inline|module|widget|card|cta|prompt|widget-?wrap|widget-?wrapper){_END}|"
    rf"{_EDGE}(?:feedback|page-?feedback|back-?to-?top|site-?footer|site-?header|skip-?links?|breaking-?(?:news)?-?bar|ticker|weather-?(?:alert|widget|box)|poll){_END}|"
    rf"{_EDGE}(?:disclaimer|copyr(?:ight)?){_END}|{_EDGE}(?:related|recommend(?:ed|ations)?|read-?more|also-?read|most-?read|trending|up-?next)"
    rf"(?:-?(?:articles|stories|posts|news|content|links|list|box|topics|coverage|items))?{_END}|jp-relatedposts|sharedaddy|outbrain|taboola|"
    rf"{_EDGE}(?:paywall|subscription-?wall|subscribe-?wall|regwall|meter-?wall){_END}",
    re.IGNORECASE,
)
MOST_SHARE = (
    0.5  # of the words in paragraphs; a part that holds more of them is the article, whatever it is called
)
FEWEST_WORDS = 8  # a paragraph


def prune(tree: Any, title: str | None) -> None:
    """Take out what is not the article; ``title`` tells the headline that must stay."""
    heading = _find_heading(tree, title)
    held = {heading, *heading.iterancestors()} if heading is not None else set()
    total = _paragraph_words(tree) or 1
    for element in list(
        tree.iter("div", "section", "aside", "ul", "ol", "form", "article", "footer", "p", "span", "table")
    ):
        if element in held or element.getparent() is None:
            continue
        names = names_of(element)
        if not names.strip() or element.tag == "body":
            continue
        own = _paragraph_words(element)
        if (_ALWAYS.search(names) and not (heading is None and own == total)) or (
            _SMALLER.search(names) and own <= MOST_SHARE * total
        ):
            _drop(element)
    part_spans(tree)
    drop_marks(tree, held)
    drop_boxes(tree, held)
    if heading is not None:
        for element in list(_further_articles(tree, heading, held)):
            _drop(element)


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _paragraph_words(element: Any) -> int:
    return sum(len(p.text_content().split()) for p in element.iter("p"))


def _find_heading(tree: Any, title: str | None) -> Any:
    """Return the element of the page's own headline: the first heading that says the title, or the first h1."""
    headings = list(tree.iter("h1", "h2"))
    wanted = to_key(title) if title else None
    for element in headings:
        key = to_key(element.text_content())
        if wanted and key and (key == wanted or (len(key.split()) >= 4 and key in wanted)):
            return element
    return next((element for element in headings if element.tag == "h1"), None)


def _further_articles(tree: Any, heading: Any, held: set[Any]) -> Iterator[Any]:
    """Yield the parts below the article that begin with a headline of their own, as endless pages have them."""
    order = {element: place for place, element in enumerate(tree.iter())}
    for other in tree.iter("h1"):
        if other in held or order[other] < order[heading] or not other.text_content().strip():
            continue
        if sum(1 for p in tree.iter("p") if order[heading] < order[p] < order[other] and _is_prose(p)) < 2:
            continue  # a chapter of a report that sets its chapters as headlines
        part = other
        for above in other.iterancestors():
            if above in held or _has_text_before(above, other, order):
                break
            part = above
        if part is not other and sum(1 for p in part.iter("p") if _is_prose(p)) >= 2:
            yield part


def _has_text_before(part: Any, heading: Any, order: dict[Any, int]) -> bool:
    return any(order[p] < order[heading] and _is_prose(p) for p in part.iter("p"))


def _is_prose(paragraph: Any) -> bool:
    return len(paragraph.text_content().split()) >= FEWEST_WORDS
