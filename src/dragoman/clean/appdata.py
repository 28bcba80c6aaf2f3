"""Find the article of a page that carries it only as data, for a program in the browser to show.

In: the tree of a page, what its head says, its title and the paragraphs found on it. Out: the article's paragraphs and
its date from JSON-LD (``articleBody``) or from the state that the page's program starts with (``__NEXT_DATA__``,
``window.__INITIAL_STATE__ = …``). Nothing is run: the state is read as JSON, and what is not JSON is passed over.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dragoman.clean.gaps import Block
from dragoman.clean.lines import to_key
from dragoman.clean.linked import Head
from dragoman.clean.published import DateField, to_date

LONGEST_STATE = 4_000_000  # characters of one script
MOST_NODES = 200_000  # of one state
DEEPEST = 40
FEWEST_BODY_WORDS = 45  # of an article; less is a summary
SHOWN_SHARE = 0.6  # of the article's words that a page shows if it prints the article itself
LONGER_WORD = 5  # letters

_STATE = re.compile(
    r"(?<![A-Za-z$])_{0,4}[A-Z][A-Z_]{0,40}(?:STATE|DATA|PROPS|CONTENT|CONTEXT)_{0,4}\s{0,4}=\s{0,4}(?=\{)"
)
_TITLE_KEYS = ("headline", "title", "name", "displayTitle", "pageTitle")
_DATE_KEY = re.compile(
    r"^(?:first_?)?(?:date_?)?(?:publi(?:shed|cation|sh))_?(?:at|date|time|on)?$|^(?:pub|display|created)_?(?:date|at)$|^datePublished$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"related|recommend|most|popular|trending|author|byline|contributor|tags?$|topics?$|nav|menu|comment|seo|meta|"
    r"social|share|promo|newsletter|url|slug|href|credit|copyright|breadcrumb|category|channel|more|next|prev|footer|header|ads?$",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"^(?:text|contents?|\w{0,20}(?:body|html|content|_?text)|paragraphs?|value|standfirst|sub_?title|sub_?headline|"
    r"dek|deck|lead|lede|intro|summary|caption|children|blocks|elements|items|data)$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"head|^h[1-6]$|title", re.IGNORECASE)
_BREAK = re.compile(r"<\s*/?\s*(?:p|div|br|li|ul|ol|h[1-6]|blockquote|figure)\b[^>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,300}>")


class AppArticle(NamedTuple):
    """An article that a page carries as data: its blocks, and the field that tells its date, if any."""

    blocks: list[Block]
    published: DateField | None


def find_app_article(tree: Any, head: Head, title: str | None, shown: Sequence[str]) -> AppArticle | None:
    """Return the article that a page carries as data and does not show, or None.

    Args:
        tree: The page.
        head: Its meta tags and JSON-LD.
        title: Its headline; data of another headline is another article.
        shown: The paragraphs found on the page.
    """
    if not title:
        return None
    for found in (_linked(head, title), *_states(tree, title)):
        if found is None:
            continue
        words = " ".join(text for _, text in found.blocks)
        if len(words.split()) >= FEWEST_BODY_WORDS and not _is_shown(words, shown):
            return found
    return None


def _is_shown(words: str, shown: Sequence[str]) -> bool:
    """Return whether most longer words of an article stand on the page."""
    there = set(re.findall(r"\w+", to_key(" ".join(shown))))
    longer = [word for word in re.findall(r"\w+", to_key(words)) if len(word) >= LONGER_WORD]
    return bool(longer) and sum(word in there for word in longer) >= SHOWN_SHARE * len(longer)


def _linked(head: Head, title: str) -> AppArticle | None:
    """Return the article that the page's JSON-LD holds whole."""
    for item in head.linked_data:
        body = item.get("articleBody")
        if isinstance(body, str) and _is_titled(item, title):
            return AppArticle([(None, line) for line in _lines(body)], None)
    return None


def _states(tree: Any, title: str) -> Iterator[AppArticle]:
    """Yield the articles of a title in the states of a page's programs, the longest of each."""
    for script in tree.iter("script"):
        text = (script.text or "").strip()
        if not text or len(text) > LONGEST_STATE:
            continue
        state = _read(text, is_json=script.get("type") == "application/json")
        own = [node for node in _nodes(state) if _is_titled(node, title)]
        articles = [AppArticle(list(_blocks(node)), _date_of(node)) for node in own]
        if articles:
            yield max(articles, key=lambda article: sum(len(text.split()) for _, text in article.blocks))


def _read(text: str, *, is_json: bool) -> Any:
    """Return what a script holds as JSON: the whole of it, or what it gives to a variable; None where it is no JSON."""
    try:
        if is_json:
            return json.loads(text, strict=False)
        if (found := _STATE.search(text)) is not None:
            return json.JSONDecoder(strict=False).raw_decode(text, found.end())[0]
    except (ValueError, RecursionError):
        pass
    return None


def _nodes(state: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a state, at most ``MOST_NODES``."""
    waiting: list[tuple[Any, int]] = [(state, 0)]
    seen = 0
    while waiting and seen < MOST_NODES:
        value, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            continue
        if isinstance(value, dict):
            yield value
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]


def _is_titled(node: Mapping[str, Any], title: str) -> bool:
    wanted = to_key(title)
    names = [to_key(node[key]) for key in _TITLE_KEYS if isinstance(node.get(key), str)]
    return any(name and (name in wanted or wanted in name) and len(name.split()) >= 3 for name in names)


def _date_of(node: Mapping[str, Any]) -> DateField | None:
    for key, value in node.items():
        if _DATE_KEY.search(key) and isinstance(value, str | int) and to_date(str(value)) is not None:
            return DateField(f"page data {key}", str(value))
    return None


def _blocks(value: Any, key: str = "", depth: int = 0, *, heading: bool = False) -> Iterator[Block]:
    """Yield the blocks that an article's object holds, in order."""
    if depth > DEEPEST:
        return
    if isinstance(value, str) and _TEXT.search(key):
        for line in _lines(value):
            yield ("subheading" if heading else None), line
    elif isinstance(value, list):
        if (joined := _joined(value)) is not None:
            yield from _blocks(joined, "text", depth + 1, heading=heading)
            return
        for inner in value:
            yield from _blocks(inner, key, depth + 1, heading=heading)
    elif isinstance(value, dict):
        named = str(value.get("type") or value.get("kind") or value.get("name") or "")
        if _OTHER.search(named):
            return
        for inner_key, inner in value.items():
            if not _OTHER.search(inner_key):
                yield from _blocks(inner, inner_key, depth + 1, heading=bool(_HEADING.search(named)))


def _joined(values: Sequence[Any]) -> str | None:
    """Return the runs of one paragraph as one text, or None where a list holds paragraphs of their own."""
    texts = [value.get("text") for value in values if isinstance(value, dict)]
    if len(texts) < 2 or len(texts) != len(values) or not all(isinstance(text, str) for text in texts):
        return None
    if any(str(text)[:1].isspace() or str(text)[-1:].isspace() for text in texts):
        return "".join(map(str, texts))
    return None


def _lines(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text that may hold tags."""
    for line in _BREAK.sub("\n", text).split("\n"):
        if flat := " ".join(html.unescape(_TAG.sub("", line)).split()):
            yield flat
