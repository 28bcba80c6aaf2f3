"""One batch of raw articles → articles, each with sections, language and publication date, or a reason why not."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import NamedTuple

from dragoman.clean.decode import Undecoded, decode
from dragoman.clean.html import ExtractedPage, ExtractionFailed, extract
from dragoman.clean.language import find_language
from dragoman.clean.liveblogs import Entry
from dragoman.clean.pages import find_sections
from dragoman.clean.published import NO_CLUES, DateField, InferPublished, PageClues, find_published
from dragoman.clean.sections import mask_uncoded
from dragoman.records import Article, RawArticle, Rejected, Section, SectionKind

MAX_CHARS = 400_000  # the longest articles of newspapers have 100,000 characters; books are no articles
ARTICLE_ID_DIGITS = 16
FEWEST_SENTENCE_WORDS = 5  # a page without one sentence of this length holds no article
FEWEST_UNSTOPPED_WORDS = (
    20  # a run of links is shorter; languages and outlets that omit stops have such paragraphs
)
FEWEST_CAPTIONS = 3  # of a gallery without other text
FEWEST_CAPTION_WORDS = 10


class _Found(NamedTuple):
    """What a page holds, whatever its media type."""

    text: str
    sections: tuple[Section, ...]
    title: str | None
    outlet: str | None
    url: str | None
    fields: tuple[DateField, ...]
    notes: tuple[str, ...]
    clues: PageClues = NO_CLUES


class Cleaner:
    """Turn raw articles into articles; owned by a ``Coder``, holds no open resources.

    Args:
        today: No article can have been published later than the day after.
        infer_date: Whether a date may be worked out from the text where nothing else tells it.
        languages: Codes (ISO 639-1) of the languages that are coded.
        max_chars: A longer text is rejected as "too_large".
        infer: How a date is worked out from the text; None not to infer.
    """

    def __init__(
        self,
        *,
        today: date,
        infer_date: bool = True,
        languages: frozenset[str] = frozenset({"en"}),
        max_chars: int = MAX_CHARS,
        infer: InferPublished | None = None,
    ) -> None:
        self._today = today
        self._languages = languages
        self._max_chars = max_chars
        self._infer = infer if infer_date else None

    def __call__(self, batch: list[RawArticle]) -> list[Article | Rejected]:
        """Return an article or a rejection for each raw article, in order; a live blog gives one for each entry."""
        return [found for raw in batch for found in self._clean(raw)]

    def _clean(self, raw: RawArticle) -> list[Article | Rejected]:
        text = decode(raw)
        if isinstance(text, Undecoded):
            return [_reject(raw, text.reason, text.detail)]
        if not text.strip():
            return [_reject(raw, "empty", "there is no text")]
        if raw.media_type != "text/html" and len(text) > self._max_chars:
            return [self._too_large(raw, text)]
        pages = _from_page(raw, text) if raw.media_type == "text/html" else [_from_text(raw, text)]
        return [self._judge(raw, found) for found in pages]

    def _judge(self, raw: RawArticle, found: _Found | Rejected) -> Article | Rejected:
        if isinstance(found, Rejected):
            return found
        if len(found.text) > self._max_chars:
            return self._too_large(raw, found.text)
        return self._finish(raw, found)

    def _finish(self, raw: RawArticle, found: _Found) -> Article | Rejected:
        coded = mask_uncoded(found.text, found.sections)
        language = find_language(" ".join(coded.split()))
        if not language.is_known:
            detail = f'the likeliest is "{language.code}" with a probability of {language.probability:.2f}'
            return _reject(raw, "unknown_language", detail)
        if language.code not in self._languages:
            detail = f'the text is in "{language.code}" with a probability of {language.probability:.2f}'
            return _reject(raw, "unsupported_language", detail)
        dated = find_published(
            raw, found.text, coded_text=coded, fields=found.fields, today=self._today, infer=self._infer,
            page=found.clues,
        )  # fmt: skip
        if dated.future is not None:
            return _reject(raw, "future_date", dated.future)
        return Article(
            article_id=article_id_of(found.text, found.url),
            text=found.text,
            source=raw.source,
            source_id=raw.source_id,
            url=found.url,
            outlet=found.outlet,
            title=found.title,
            sections=found.sections,
            language=language.code,
            published_on=dated.published_on,
            published_evidence=dated.evidence,
            fetched_at=raw.fetched_at,
            notes=(*raw.notes, *found.notes, *dated.notes),
        )

    def _too_large(self, raw: RawArticle, text: str) -> Rejected:
        return _reject(
            raw, "too_large", f"the text has {len(text)} characters; at most {self._max_chars} are read"
        )


def _from_text(raw: RawArticle, text: str) -> _Found | Rejected:
    sections = find_sections(text, title=raw.title, verbatim=raw.verbatim)
    if not any(section.kind == "body" for section in sections) and not _is_short_note(text, sections):
        return _reject(raw, "no_article_text", "the text holds labels, menus or links to other stories only")
    return _Found(text, sections, raw.title or _title_words(text, sections), raw.outlet, raw.url, (), ())


def _is_short_note(text: str, sections: tuple[Section, ...]) -> bool:
    """Return whether a text without body still tells something: a headline with its standfirst or caption."""
    return any(section.kind in ("title", "standfirst", "caption") for section in sections)


def _title_words(text: str, sections: tuple[Section, ...]) -> str | None:
    title = next((section for section in sections if section.kind == "title"), None)
    return " ".join(text[title.start : title.end].split()) if title else None


def _from_page(raw: RawArticle, text: str) -> list[_Found | Rejected]:
    page = extract(text, url=raw.url, title=raw.title)
    if isinstance(page, ExtractionFailed):
        return [_reject(raw, page.reason, page.detail)]
    if page.entries:
        return [_from_entry(raw, page, entry) for entry in page.entries]
    sections = find_sections(page.text, title=page.title, known=page.known)
    if not any(_tells(page.text, section) for section in sections) and not _is_gallery(page.text, sections):
        return [_reject(raw, "no_article_text", "the page holds menus or links to other stories only")]
    outlet = raw.outlet or page.outlet
    clues = PageClues(page.url, page.updated, page.printed, page.guess, page.order)
    return [_Found(page.text, sections, page.title, outlet, page.url, page.fields, page.notes, clues)]


def _from_entry(raw: RawArticle, page: ExtractedPage, entry: Entry) -> _Found:
    """Return an entry of a live blog as an article of its own; its time is its date, a clock alone is of the page's day."""
    title = entry.title or page.title
    blocks = ([title] if title else []) + list(entry.paragraphs)
    text = "\n\n".join(blocks)
    known: dict[int, SectionKind] = {0: "title"} if title else {}
    url = f"{page.url.partition('#')[0]}#{entry.anchor}" if page.url and entry.anchor else page.url
    fields = (DateField("entry time", entry.when),) if entry.when else page.fields
    notes = (*page.notes, f'entry of the live blog "{page.title}"')
    if entry.clock and not entry.when:
        notes = (*notes, f'the entry has a clock time only: "{entry.clock}"')
    clues = NO_CLUES if entry.when else PageClues(page.url, (), page.printed, page.guess, page.order)
    sections = find_sections(text, title=title, known=known)
    return _Found(text, sections, title, raw.outlet or page.outlet, url, fields, notes, clues)


def _tells(text: str, section: Section) -> bool:
    """Return whether a section is prose: it ends as a sentence does, or is too long for a label."""
    words = text[section.start : section.end].split()
    if section.kind != "body" or len(words) < FEWEST_SENTENCE_WORDS:
        return False
    return words[-1].rstrip("\"'”’)").endswith((".", "!", "?", "…")) or len(words) >= FEWEST_UNSTOPPED_WORDS


def _is_gallery(text: str, sections: tuple[Section, ...]) -> bool:
    """Return whether a page tells its news in the captions of its pictures."""
    captions = [text[section.start : section.end] for section in sections if section.kind == "caption"]
    told = [
        words
        for words in captions
        if len(words.split()) >= FEWEST_CAPTION_WORDS and words.endswith((".", "”", '"'))
    ]
    return len(told) >= FEWEST_CAPTIONS


def article_id_of(text: str, url: str | None) -> str:
    """Return the id of an article: a hash of its cleaned text and its URL."""
    digest = hashlib.sha256(f"{text}\x00{url or ''}".encode())
    return digest.hexdigest()[:ARTICLE_ID_DIGITS]


def _reject(raw: RawArticle, reason: str, detail: str) -> Rejected:
    return Rejected(raw.source, "clean", reason, f"{raw.source}: {detail}", raw.source_id)
