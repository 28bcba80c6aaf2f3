"""Take out of a page's tree what is known by a sign of its own: an archive's toolbar, marks of footnotes, pull quotes.

In: the tree of a page. Out: the same tree without them. Also: by which words an element may be called, for all rules
that go by names. Pages made by programs name their parts in data attributes and roles, and not only in classes.
"""

from __future__ import annotations

import re
from typing import Any

from dragoman.clean.lines import to_key

_NAMING = ("class", "id", "data-testid", "data-test-id", "data-component", "data-type", "data-module", "data-name", "data-qa", "data-area")  # fmt: skip
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Toolbars that archives put above a page they saved. Source: the ids that the Wayback Machine, archive.today and the
# cache of Google have used.
_TOOLBAR = re.compile(
    r"^(?:wm-ipp|wm-capinfo|HEADER$|hashtags$|bN015htcoyT__google-cache-hdr|google-cache-hdr)"
)
_PULLED = re.compile(
    r"pull-?(?:ed-?)?quote|quote-?pull|(?:^|[\s_-])(?:pullout|callout-?quote|big-?quote)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOTES = re.compile(r"(?:^|[\s_-])(?:foot-?notes?|end-?notes?|references|reflist)(?:$|[\s_-])", re.IGNORECASE)
_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§]|[ivx]{1,5})[\])]?")
_POST = re.compile(
    r"^(?:twitter-tweet|twitter-video|bluesky-embed|instagram-media|tiktok-embed|mastodon-embed)"
)
_SHORT_LINK = re.compile(r"(?:https?://|pic\.|t\.co/)\S+$")
_COUNTER = re.compile(r"\d[\d.,  ]*[KkMm]?")
FEWEST_SPANS = 2
MOST_COUNTER_CHARS = 30  # with the blanks around it
_REPEATED_SHARE = (
    0.9  # of the words of a pull quote that the text has too; some change a word or leave one out
)
FEWEST_REPEATED_WORDS = 5
MOST_PARTICULARS_WORDS = 80  # of a list of particulars: source, format, date
MOST_PARTICULAR_WORDS = 12  # of one of them; a list of questions and answers has longer ones


def names_of(element: Any) -> str:
    """Return the words by which the makers of a page call an element; "promoBox" comes back as "promo-Box"."""
    return _HUMPS.sub("-", " ".join(value for name in _NAMING if (value := element.get(name))))


def drop_marks(tree: Any, held: set[Any]) -> None:
    """Take out toolbars, footnotes and their marks, quotations that repeat the text, and lists of particulars.

    Args:
        tree: The page.
        held: The elements that hold the headline, which stay.
    """
    for element in list(
        tree.iter("div", "table", "section", "ol", "ul", "aside", "blockquote", "figure", "p", "dl")
    ):
        if element in held or element.getparent() is None or element.tag == "body":
            continue
        if (
            _TOOLBAR.search(element.get("id", ""))
            or _is_notes(element)
            or _is_pulled(element)
            or _is_particulars(element)
        ):
            element.drop_tree()
    for element in list(tree.iter("div", "p")):
        if element not in held and element.getparent() is not None and _is_counter(element):
            element.drop_tree()
    for tweet in list(tree.iter("blockquote")):
        if _POST.search(tweet.get("class", "")):
            _keep_words(tweet)
    for mark in list(tree.iter("span")):
        if "mw-editsection" in mark.get("class", ""):
            mark.drop_tree()
    for mark in list(tree.iter("sup")):
        links = list(mark.iter("a"))
        if links and _NOTE_MARK.fullmatch(mark.text_content().strip()):
            mark.drop_tree()


def part_spans(tree: Any) -> None:
    """Make paragraphs of spans that lie beside one another as boxes do: number, caption and photographer of a picture.

    They have classes that differ, and nothing stands between them; the runs of a paragraph have words between them.
    """
    for box in tree.iter("div", "li"):
        spans = list(box)
        if len(spans) < FEWEST_SPANS or (box.text or "").strip():
            continue
        names = [span.get("class") for span in spans]
        plain = all(span.tag == "span" and not (span.tail or "").strip() for span in spans)
        if plain and all(names) and len(set(names)) == len(names):
            for span in spans:
                span.tag = "p"


def _keep_words(post: Any) -> None:
    """Leave of a post from a network what it says, without its author's line and short links."""
    for part in list(post):
        if part.tag == "p":
            part.tail = None
            for link in list(part.iter("a")):
                if _SHORT_LINK.match(link.text_content().strip()):
                    link.drop_tree()
        elif post.find("p") is not None:
            part.drop_tree()


def _is_counter(element: Any) -> bool:
    """Return whether a box holds a number alone: how often a page was seen or shared. Cells of tables are no boxes."""
    words = element.text_content()
    if len(words) > MOST_COUNTER_CHARS or not _COUNTER.fullmatch(words.strip()):
        return False
    return not any(above.tag in ("td", "th", "li", "dd") for above in element.iterancestors())


def _is_notes(element: Any) -> bool:
    """Return whether an element holds the notes below an article."""
    return element.tag in ("div", "section", "ol", "ul") and _NOTES.search(names_of(element)) is not None


def _is_pulled(element: Any) -> bool:
    """Return whether an element repeats words of the text in large print, as its name says or its words show."""
    named = _PULLED.search(names_of(element)) is not None
    if not named and element.tag not in ("aside", "blockquote"):
        return False
    words = to_key(element.text_content()).strip("\"' ").split()
    if len(words) < FEWEST_REPEATED_WORDS:
        return named
    own = set(element.iter())
    others = [p.text_content() for p in element.getroottree().getroot().iter("p") if p not in own]
    if named:
        there = set(_plain(" ".join(others)))
        return sum(word in there for word in _plain(" ".join(words))) >= _REPEATED_SHARE * len(words)
    quote = " ".join(_plain(" ".join(words)))
    return any(quote in " ".join(_plain(text)) for text in others)


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", to_key(text))


def _is_particulars(element: Any) -> bool:
    """Return whether an element lists particulars of a page in short words, as "Source: …", "Date: …"."""
    if element.tag == "table" and element.find(".//table") is None:
        rows = [list(row) for row in element.iter("tr")]
        labelled = [row for row in rows if len(row) == 2 and row[0].text_content().strip().endswith(":")]
        return (
            len(rows) > 1
            and len(labelled) == len(rows)
            and len(element.text_content().split()) <= MOST_PARTICULARS_WORDS
        )
    if element.tag != "dl" or len(element.text_content().split()) > MOST_PARTICULARS_WORDS:
        return False
    return all(len(item.text_content().split()) <= MOST_PARTICULAR_WORDS for item in element.iter("dd"))
