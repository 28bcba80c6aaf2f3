"""Find the headline of an HTML page among its headings, its tags, and the elements that are called a title.

In: the tree of a page and what its head says. Out: the headline as the page prints it, without the outlet's name or a
kicker before it. A site's own name is often a heading too, and stands in the window's title beside the headline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dragoman.clean.blocks import iter_lines
from dragoman.clean.lines import to_key
from dragoman.clean.linked import Head, find_linked

LONGEST_TITLE = 300  # characters
FEWEST_TITLE_WORDS = 4
MOST_OUTLET_WORDS = 3
LONGER_WORD = 5  # letters
FEWEST_PROSE_WORDS = 12  # a line that is no headline
MOST_GENERIC = 0.34  # of the longer words of a window's title; "Press Release: Press Information Bureau" has none in the text
FEWEST_LONGER = 2  # of a window's title; "Local 1104 - News" has one, which tells nothing
LEAST_TOLD = 0.5
MOST_TITLE_WORDS = 24
MOST_LINES_ABOVE = 60
SAME_WORDS = 0.75  # of the longer words of a title that another form of it has too

_SUFFIX = re.compile(r"\s+(?:[|–—»·•-]|::)\s+[^|–—]{2,50}$")
_CALLED_TITLE = re.compile(r"(?:title|headline|ttl|naslov|tite[l]|titulo|titre|titolo|tytul|baslik|judul)$")
_SPACE = re.compile(r"[\s\ufeff\u200b]+")
_IsAside = Callable[[Any], bool]


def find_title(tree: Any, head: Head, is_aside: _IsAside) -> str | None:
    """Return the headline: the page's heading where its tags agree with it, else what the tags say.

    Args:
        tree: The page.
        head: Its meta tags and JSON-LD.
        is_aside: Tells elements that do not belong to the article.
    """
    tags = _tags_of(tree, head)
    elements = [h for h in tree.iter("h1") if 0 < len(_words_of(h)) <= LONGEST_TITLE and not is_aside(h)]
    headings = [_words_of(element) for element in elements]
    keys = [to_key(text) for text in tags]
    if (called := _find_called_title(tree, headings, keys, is_aside)) is not None:
        return called
    for element in elements:
        if (inner := _behind_kicker(element, keys)) is not None:
            return inner
    told = [text for text in headings if _agrees(to_key(text), keys)]
    if told:  # the longest: a site's name stands in the window's title too
        return max(told, key=lambda text: len(text.split()))
    if (other := next(_in_other_words(tree, headings, tags, is_aside), None)) is not None:
        return other
    if (part := _printed_part(tree, tags)) is not None:
        return part
    if not headings and (set_apart := _set_apart(tree, keys, is_aside)) is not None:
        return set_apart
    if tags:
        return _flatten(_without_outlet(tags[0]))[:LONGEST_TITLE]
    return headings[0] if headings else None


def _tags_of(tree: Any, head: Head) -> list[str]:
    """Return what the page's tags call it, best first; the window's title may have the outlet's name."""
    told = (
        find_linked(head, "headline"),
        head.meta.get("og:title"),
        head.meta.get("twitter:title"),
        next((_words_of(element) for element in tree.iter("title")), None),
    )
    return [text for text in told if text]


def _agrees(key: str, tags: Sequence[str]) -> bool:
    return any(key in tag or (to_key(_without_outlet(tag)) in key and tag) for tag in tags)


def _behind_kicker(heading: Any, tags: Sequence[str]) -> str | None:
    """Return the part of a heading that a tag says word for word, where a kicker stands before it."""
    whole = to_key(_words_of(heading))
    for inner in heading.iterdescendants("span", "strong", "a", "em"):
        text = _words_of(inner)
        key = to_key(text)
        if len(key.split()) >= FEWEST_TITLE_WORDS and key != whole and whole.endswith(key) and key in tags:
            return text
    return None


def _printed_part(tree: Any, tags: Sequence[str]) -> str | None:
    """Return the end or beginning of the window's title that the page prints in an element of its own.

    "Ministry of Works - Minister opens bridge" above a page that prints "Minister opens bridge" in a cell.
    """
    best: str | None = None
    for element in tree.iter("h2", "h3", "h4", "b", "strong", "font", "span", "div", "p", "td", "a"):
        text = _words_of(element)
        words = len(text.split())
        if words < FEWEST_TITLE_WORDS or len(text) > LONGEST_TITLE:
            continue
        key = to_key(text)
        ends = any(
            key != to_key(tag) and to_key(tag).endswith((f"- {key}", f"| {key}", f": {key}")) for tag in tags
        )
        opens = any(to_key(tag).startswith((f"{key} - ", f"{key} | ")) for tag in tags)
        if (ends or opens) and words > len((best or "").split()):
            best = text
    return best


def _set_apart(tree: Any, keys: Sequence[str], is_aside: _IsAside) -> str | None:
    """Return the line above the text that says most of what the text says, where the window's title says little of it."""
    lines = list(iter_lines(tree, is_aside))
    prose = [
        line for line in lines if len(line.split()) >= FEWEST_PROSE_WORDS and line.endswith((".", "”", '"'))
    ]
    body = set(re.findall(r"\w+", to_key(" ".join(prose))))
    named = [key for key in keys if sum(len(word) >= LONGER_WORD for word in key.split()) >= FEWEST_LONGER]
    least = max((_share_in(key, body) for key in named), default=0.0)
    if not prose or len(keys) > 1 or least > MOST_GENERIC:
        return None
    above = [
        line
        for line in lines[: lines.index(prose[0])][:MOST_LINES_ABOVE]
        if FEWEST_TITLE_WORDS <= len(line.split()) <= MOST_TITLE_WORDS and line[-1] not in ".:;"
    ]
    told = [line for line in above if _share_in(to_key(line), body) >= LEAST_TOLD]
    return max(told, key=lambda line: len(set(re.findall(r"\w+", to_key(line))) & body), default=None)


def _in_other_words(
    tree: Any, headings: Sequence[str], tags: Sequence[str], is_aside: _IsAside
) -> Iterator[str]:
    """Yield headings above the text that have most longer words of a tag's title: papers write a short one for others."""
    candidates = list(headings)
    if not headings:
        candidates = [_words_of(h) for h in tree.iter("h2") if not is_aside(h)][:1]
    for text in candidates:
        if len(text.split()) < FEWEST_TITLE_WORDS or len(text) > LONGEST_TITLE:
            continue
        words = set(re.findall(r"\w+", to_key(text)))
        if any(_share_in(to_key(_without_outlet(tag)), words) >= SAME_WORDS for tag in tags):
            yield text


def _find_called_title(tree: Any, headings: list[str], keys: list[str], is_aside: _IsAside) -> str | None:
    """Return the headline of a page that prints it in an element called so, and not as a heading.

    Its h1, if any, is the outlet's name: shorter, and in the window's title beside the headline. Without an h1 the first
    element called a title is the headline, if the text has more of its words than of the window's title.
    """
    longest = max((len(text.split()) for text in headings), default=0)
    sites = [to_key(text) for text in headings]
    prose = [line for line in iter_lines(tree, is_aside) if len(line.split()) >= FEWEST_PROSE_WORDS]
    body = set(to_key(" ".join(prose)).split())
    for element in tree.iter("div", "span", "td", "p", "font", "h2", "h3"):
        called = (element.get("class", ""), element.get("itemprop", ""), element.get("id", ""))
        names = " ".join(called).lower().split()
        if not any(_CALLED_TITLE.search(name) for name in names):
            continue
        text = _words_of(element)
        if len(text.split()) < FEWEST_TITLE_WORDS or len(text) > LONGEST_TITLE or is_aside(element):
            continue
        key = to_key(text)
        if any(_is_beside(key, site, tag) for site in sites for tag in keys):
            return text
        if longest > MOST_OUTLET_WORDS:
            continue
        told = (
            len(keys) <= 1
            and not _is_link(element)
            and not headings
            and _share_in(key, body) > max((_share_in(k, body) for k in keys), default=0)
        )
        if told or any(key in tag for tag in keys):
            return text
    return None


def _is_beside(key: str, site: str, tag: str) -> bool:
    """Return whether the window's title is a site's name, which is the h1, and the headline: "Site: headline"."""
    return (
        key != site
        and len(tag) <= len(key) + len(site) + 4
        and {tag[: len(site)], tag[-len(key) :]} == {site, key}
    )


def _is_link(element: Any) -> bool:
    """Return whether an element is a link to another page, inside or around it."""
    return element.find(".//a") is not None or any(True for _ in element.iterancestors("a"))


def _share_in(key: str, body: set[str]) -> float:
    """Return the share of the longer words of a title that the text has too; a site's name has few."""
    longer = [word for word in re.findall(r"\w+", key) if len(word) >= LONGER_WORD]
    return sum(word in body for word in longer) / len(longer) if longer else 0.0


def _without_outlet(title: str) -> str:
    """Return a title without the outlet's name behind a bar or dash."""
    shorter = _SUFFIX.sub("", title)
    cut = len(title.split()) - len(shorter.split())
    return shorter if len(shorter.split()) >= max(3, cut) else title


def _flatten(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _words_of(element: Any) -> str:
    return _flatten(element.text_content())
