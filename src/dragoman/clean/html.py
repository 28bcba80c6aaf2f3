"""HTML pages → the blocks of their article, with what the page says about itself.

In: the text of a page. Out: title, standfirst, captions and paragraphs as one text, one block per paragraph, with the
roles that the page itself shows. The main text is found by trafilatura; the rest is read from the page's own tags.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dragoman.clean.appdata import AppArticle, find_app_article
from dragoman.clean.blocks import iter_lines
from dragoman.clean.boxes import is_list
from dragoman.clean.captions import find_captions
from dragoman.clean.datelines import DayOrder
from dragoman.clean.dayorder import find_day_order
from dragoman.clean.deferred import Deferred
from dragoman.clean.furniture import STANDFIRST_WORDS, find_furniture
from dragoman.clean.gaps import Block, cut_tail, drop_foreign, fill_gaps, put_lead_in
from dragoman.clean.lines import to_key
from dragoman.clean.linked import Head, find_linked, read_head
from dragoman.clean.liveblogs import Entry, find_entries
from dragoman.clean.marks import names_of
from dragoman.clean.pagedates import find_page_dates
from dragoman.clean.printed import drop_bylines, find_printed
from dragoman.clean.pruning import prune
from dragoman.clean.published import DateField
from dragoman.clean.standfirst import find_placed_standfirst
from dragoman.clean.titles import find_title
from dragoman.clean.walls import asks_for_money, find_wall, is_consent, is_error, is_locked, is_stub
from dragoman.records import SectionKind

_lxml_html = Deferred("lxml.html")
_trafilatura = Deferred("trafilatura")
_htmldate = Deferred("htmldate")
for _name in ("trafilatura", "htmldate"):  # what they warn about is told by our rejections and notes
    logging.getLogger(_name).addHandler(logging.NullHandler())

TITLE_LINES = 8  # a printed headline stands among the first lines of the main text
MENU_LINES = 60  # of a page in tables, whose menus stand above the headline
FEWEST_MENU_LINES = 4
LONGEST_STANDFIRST = 500
FEWEST_PARAGRAPH_WORDS = 6
MOST_KICKER_WORDS = 6  # "Protest in Bergstadt:" before a headline
MOST_BYLINE_WORDS = 15  # behind a standfirst
MOST_ERROR_WORDS = 120  # of a page that says "not found"; an article on an error is longer
FORM_SHARE = 3  # a form that holds more than a third of the page is around the page
FEWEST_FORM_LINES = 3  # of prose in a form that is around an article
FEWEST_FORM_WORDS = 12
MUCH_MORE = 1.5  # times the words on the page that JSON-LD must hold to be taken in their place

_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:related|recommend|promo|teaser|sidebar|trending|popular|most-?read|newsletter|comments?(?:$|[\s_-])|"
    r"footer|nav(?:$|[\s_-]|bar|igation)|menu|cookie|share|social|also-?read|read-?more|read-?next|outbrain|taboola|"
    r"more-?(?:stories|from|news))",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"byline|dateline|date-?time|pub-?date|timestamp", re.IGNORECASE)  # "byline_share"
_ASIDE_TAGS = frozenset({"aside", "nav", "footer", "form"})
_ASIDE_ROLES = frozenset({"navigation", "complementary", "contentinfo", "search", "dialog", "alert"})
# What papers in other languages call a standfirst, alone or with the article's name before or behind it.
_STANDFIRST = re.compile(
    r"(?:^|[_-])(?:linha-?fina|chap[oô]|chapeau|bajada|copete|entradilla|sumario|sommario|vorspann|ingress|manchet|perex|"
    r"synopsis|standfirst|spot)(?:$|[_-](?:noticia|texto?|text|article|materia))"
)
_OPEN_TITLE = re.compile(
    r"(<title>[^<]{0,300})(?=<(?!/title))", re.IGNORECASE
)  # would swallow the page up to the next one
_SPACE = re.compile(r"[\s\ufeff\u200b]+")


class ExtractionFailed(NamedTuple):
    """Why a page gave no text; ``reason`` is a reason of ``Rejected``."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """The article of a page: its blocks joined by blank lines, and the roles of blocks that the page shows."""

    text: str
    title: str | None
    outlet: str | None
    url: str | None
    fields: tuple[DateField, ...]
    known: Mapping[int, SectionKind]
    notes: tuple[str, ...]
    updated: tuple[DateField, ...] = ()
    printed: DateField | None = None  # the date that stands alone beside the headline
    guess: DateField | None = None  # what a library makes of the page's words, where its tags say nothing
    entries: tuple[Entry, ...] = ()  # of a live blog
    order: DayOrder = None  # how it writes day and month in figures


def extract(
    page: str, *, url: str | None = None, title: str | None = None
) -> ExtractedPage | ExtractionFailed:
    """Return the article of a page, or why there is none.

    Args:
        page: The HTML as text.
        url: Where it was fetched, if known.
        title: The headline, if the input names it.
    """
    tree = _parse(page)
    if tree is None:
        return ExtractionFailed("no_article_text", "the page holds no element")
    _open_forms(tree)
    head = read_head(tree)
    library: Any = _trafilatura.module  # outside the try: a broken installation is not the page's fault
    try:
        return _extract(library, tree, head, url=url, title=title)
    except Exception as error:  # a strange page must cost one article, never the run; the reason is kept
        return ExtractionFailed("failed", f"the extractor stopped with {type(error).__name__}: {error}")


def _extract(
    library: Any, tree: Any, head: Head, *, url: str | None, title: str | None
) -> ExtractedPage | ExtractionFailed:
    title = title or find_title(tree, head, _is_aside)
    order = find_day_order(tree, head.meta, url or _find_url(tree, head))
    printed = find_printed(tree, title, _is_aside, order)
    dates = find_page_dates(tree, head.meta, head.linked_data, _is_aside, printed, title)
    wall, locked = find_wall(tree, head.meta, head.linked_data), is_locked(head.meta, head.linked_data)
    entries = tuple(find_entries(tree, head.linked_data))
    shown = [_words_of(part) for part in tree.iter("p", "div", "span") if len(part) == 0 or part.tag == "p"]
    app = find_app_article(tree, head, title, shown)
    if not entries and not dates.published and not app and is_list(tree):
        return ExtractionFailed("no_article_text", "the page is a list of links to stories")
    guess = None if dates.published or printed.plain else _guess_date(tree)
    prune(tree, title)
    drop_bylines(tree, order)
    paragraphs = fill_gaps(list(_extract_blocks(library, tree, url)), tree, _is_aside)
    paragraphs = put_lead_in(paragraphs, tree, _is_aside)
    paragraphs = app.blocks if app else _whole(paragraphs, tree, head, title)
    if not paragraphs and not entries:
        return ExtractionFailed("no_article_text", "the extractor found no main text")
    title, paragraphs = _settle_title(title, paragraphs)
    paragraphs = [(kind, text) for kind, text in paragraphs if not asks_for_money(text)]
    paragraphs = drop_foreign(cut_tail(paragraphs))
    texts = [text for kind, text in paragraphs if kind is None]
    said = [title, *(_words_of(heading) for heading in tree.iter("h1"))]
    if any(map(is_error, said)) and sum(len(text.split()) for text in texts) < MOST_ERROR_WORDS:
        return ExtractionFailed("no_article_text", f'the page says "{next(filter(is_error, said))}"')
    if is_consent(texts):
        return ExtractionFailed("no_article_text", "the page only asks for consent")
    if not entries and is_stub(wall, sum(len(text.split()) for text in texts), locked=locked):
        return ExtractionFailed("paywall", f"only a stub is shown: {wall}")
    blocks = _arrange(None if app else tree, head, title, paragraphs)
    return ExtractedPage(
        text="\n\n".join(text for _, text in blocks),
        title=title,
        outlet=_find_outlet(head),
        url=url or _find_url(tree, head),
        fields=dates.published or _date_of(app),
        known={index: kind for index, (kind, _) in enumerate(blocks) if kind is not None},
        notes=head.notes,
        updated=dates.updated,
        printed=printed.plain,
        guess=guess,
        entries=entries,
        order=order,
    )


def _date_of(app: AppArticle | None) -> tuple[DateField, ...]:
    return (app.published,) if app and app.published else ()


def _whole(paragraphs: list[Block], tree: Any, head: Head, title: str | None) -> list[Block]:
    """Return the paragraphs, or better ones where the extractor gave up.

    It gives a page that it does not understand as one long line; then the page's own lines are taken. Where the page's
    JSON-LD holds far more of the article than the page shows, that is taken.
    """
    if len(paragraphs) <= 1:
        lines = list(dict.fromkeys(iter_lines(tree, _is_aside)))
        least = len(paragraphs[0][1].split()) if paragraphs else FEWEST_PARAGRAPH_WORDS
        if len(lines) > 1 and 4 * sum(len(line.split()) for line in lines) >= least:
            paragraphs = [(None, line) for line in lines if to_key(line) != to_key(title or "")]
    body = find_linked(head, "articleBody")
    shown = sum(len(text.split()) for _, text in paragraphs)
    if body and len(body.split()) >= 80 and len(body.split()) > MUCH_MORE * shown:
        return [(None, _flatten(line)) for line in body.split("\n") if line.strip()]
    return paragraphs


def _parse(page: str) -> Any:
    """Return the tree of a page, or None where there is no element."""
    library: Any = _lxml_html.module
    page = _OPEN_TITLE.sub(r"\1</title>", page)
    parser = library.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return library.document_fromstring(page.encode("utf-8"), parser=parser)
    except library.etree.ParserError:
        return None


def _open_forms(tree: Any) -> None:
    """Make a form that holds much of the page a plain part of it, as ASP.NET pages have one around everything."""
    forms = list(tree.iter("form"))
    if forms:
        whole = len(tree.text_content())
        for form in forms:
            lines = [
                line for line in iter_lines(form, lambda _: False) if len(line.split()) >= FEWEST_FORM_WORDS
            ]
            if FORM_SHARE * len(form.text_content()) > whole or len(lines) >= FEWEST_FORM_LINES:
                form.tag = "div"


def _settle_title(title: str | None, paragraphs: list[Block]) -> tuple[str | None, list[Block]]:
    """Return the title as the page prints it above the text, and the paragraphs from there on.

    A page without tags has its title in the window's title alone, with the outlet's name before or behind it; what
    stands in short lines above the printed headline is a menu.
    """
    if title is None:
        return None, paragraphs
    for index, (_, text) in enumerate(paragraphs[:MENU_LINES]):
        if index >= TITLE_LINES and to_key(text) != to_key(title):
            continue
        if index >= FEWEST_MENU_LINES and to_key(text) == to_key(title):
            return text, paragraphs[index:]  # so many lines are the frame of the page
        if len(text.split()) >= 4 and to_key(text) in to_key(title):
            above = [block for block in paragraphs[:index] if len(block[1].split()) > 3]
            return text, above + paragraphs[index:]
    return title, paragraphs


def _arrange(tree: Any, head: Head, title: str | None, paragraphs: list[Block]) -> list[Block]:
    """Return title, standfirst, captions and paragraphs in this order, each passage once.

    ``tree`` is None where the page does not show its article, so that nothing on it can belong to it.
    """
    blocks: list[Block] = []
    if title:
        blocks.append(("title", _flatten(title)))
    body_keys = {to_key(text) for _, text in paragraphs}
    standfirst = _find_standfirst(tree, head, body_keys) if tree is not None else None
    if standfirst:
        blocks.append(("standfirst", standfirst))
        paragraphs = [block for block in paragraphs if not _repeats(block[1], standfirst)]
    captions = find_captions(tree, _is_aside) if tree is not None else []
    paragraphs = [
        block for block in paragraphs if not any(_repeats(block[1], caption) for caption in captions)
    ]
    blocks += [("caption", caption) for caption in captions]
    blocks += paragraphs
    seen: set[str] = set()
    kept = []
    for kind, text in blocks:
        key = to_key(text)
        if title and kind != "title" and _is_kicked(key, to_key(title)):
            continue
        if key and key not in seen:
            seen.add(key)
            kept.append((kind, text))
    return kept


def _is_kicked(key: str, title: str) -> bool:
    """Return whether a line is the headline with a kicker before it."""
    more = len(key.split()) - len(title.split())
    return 0 < more <= MOST_KICKER_WORDS and key.endswith(f" {title}")


def _repeats(line: str, standfirst: str) -> bool:
    """Return whether a line is the standfirst with the byline behind it, as extractors join what stands in one box."""
    key, opening = to_key(line), to_key(standfirst)
    return key.startswith(opening) and len(key.split()) - len(opening.split()) <= MOST_BYLINE_WORDS


def _flatten(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _words_of(element: Any) -> str:
    return _flatten(element.text_content())


def _is_aside(element: Any) -> bool:
    """Return whether an element stands in a part of the page that is not the article."""
    for above in (element, *element.iterancestors()):
        if above.tag in ("article", "main", "body"):
            return False
        names = names_of(above)
        if above.tag in _ASIDE_TAGS or above.get("role") in _ASIDE_ROLES:
            return True
        if _ASIDE.search(names) and not _BYLINE.search(names):
            return True
    return False


def _extract_blocks(library: Any, tree: Any, url: str | None) -> Iterator[Block]:
    document = library.bare_extraction(
        tree, url=url, fast=True, with_metadata=False, include_comments=False, include_tables=True
    )
    if document is None:
        return
    for element in document.body.iter("p", "head", "item", "quote", "cell", "ab", "code"):
        if any(
            above.tag in ("p", "head", "item", "quote", "cell", "ab") for above in element.iterancestors()
        ):
            continue
        kind: SectionKind | None = "subheading" if element.tag == "head" else None
        for text in _lines_of(element):
            yield (None if find_furniture(text) else kind), text


def _lines_of(element: Any) -> Iterator[str]:
    """Yield the text of a block, cut at line breaks and inner paragraphs."""
    for line in _serialise(element).split("\n"):
        if flat := _flatten(line):
            yield flat


def _serialise(element: Any) -> str:
    """Return the text of a block in order, with a line break at each break and inner block."""
    inner = []
    for child in element:
        before = "\n" if child.tag in ("lb", "p", "item", "cell", "head", "row", "list", "quote") else ""
        after = "" if child.tag in ("lb", "hi", "ref", "del", "graphic") else before
        inner.append(f"{before}{_serialise(child)}{after}{_SPACE.sub(' ', child.tail or '')}")
    return _SPACE.sub(" ", element.text or "") + "".join(inner)


def _find_outlet(head: Head) -> str | None:
    return (
        head.meta.get("og:site_name") or find_linked(head, "publisher") or head.meta.get("application-name")
    )


def _find_url(tree: Any, head: Head) -> str | None:
    links = [element.get("href", "") for element in tree.xpath('//link[@rel="canonical"]')]
    for url in (*links, head.meta.get("og:url", "")):
        if url.startswith(("https://", "http://")):
            return str(url)
    return None


def _find_standfirst(tree: Any, head: Head, body_keys: set[str]) -> str | None:
    """Return the standfirst: an element named so, or the page's description where it is shown outside the body."""
    described = head.meta.get("description") or head.meta.get("og:description") or ""
    wanted = to_key(described) if len(described.split()) >= 5 else None
    for element in tree.iter("p", "h2", "h3", "h4", "div", "span"):
        named = _is_named_standfirst(element) and not any(
            inner is not element for inner in element.iter("h1", "h2", "figure")
        )
        if not named and (wanted is None or element.tag in ("div", "span")):
            continue
        text = _words_of(element)
        if not 20 <= len(text) <= LONGEST_STANDFIRST or len(text.split()) < 5 or _is_aside(element):
            continue
        if named or (to_key(text) == wanted and to_key(text) not in body_keys):
            return text
    return find_placed_standfirst(tree, body_keys, _is_aside)


def _is_named_standfirst(element: Any) -> bool:
    named = [
        value for key, value in element.items() if key in ("class", "itemprop") or key.startswith("data-")
    ]
    names = " ".join(named).lower().split()
    if any(name in STANDFIRST_WORDS or name.rsplit("__", 1)[-1] in STANDFIRST_WORDS for name in names):
        return True
    return any(_STANDFIRST.search(name) for name in names)


def _guess_date(tree: Any) -> DateField | None:
    """Return what htmldate makes of a page whose tags say nothing; the year of a copyright line alone is no date."""
    library: Any = _htmldate.module
    guess = library.find_date(tree, extensive_search=False, original_date=True)
    return DateField("htmldate", guess) if guess and not guess.endswith("-01-01") else None
