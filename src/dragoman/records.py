"""The frozen records that travel along the path of one article.

RawArticle → Article → Parsed (with Drafts) → Event → Incident; anything a stage gives up on is a Rejected.
JSON keys and store columns carry the same names (a trailing underscore is dropped: ``from_`` is ``from``).
Spans count characters, ends are exclusive, and ``article.text[span.start:span.end] == span.text`` always.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from dragoman.errors import SpanMismatch

SectionKind = Literal["title", "standfirst", "caption", "subheading", "body", "teaser"]
Status = Literal["actual", "future", "hypothetical", "negated"]
Precision = Literal["day", "week", "month", "season", "quarter", "year", "decade", "century", "interval"]
Stage = Literal["read", "clean", "parse", "resolve", "store"]

_Record = TypeVar("_Record")


Day = date  # fields called "date" hide the class from the annotations behind them


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article and where they stand."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class RawArticle:
    """What a reader hands on: bytes or text from outside, nothing judged yet."""

    body: str | bytes
    media_type: str  # "text/plain" or "text/html"
    source: str  # where it came from: path, "path:line", URL or "stdin"
    source_id: str | None = None  # the input row's own id, echoed on every event
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    published_on: date | None = None
    published_field: str | None = (
        None  # which field or flag gave published_on: "--published", "published_on", …
    )
    fetched_at: datetime | None = None
    charset: str | None = None  # the encoding that the server named, lower case
    verbatim: bool = False  # offsets refer to ``body`` exactly as given (rows of JSONL, JSON and CSV)
    notes: tuple[str, ...] = ()  # what the reader noticed, such as the digest of an archived page


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of an article's text with one role on the page.

    ``copies`` are spans that repeat these words elsewhere on the page; they are not coded again.
    Text outside every section (icon labels, menus) is not coded at all.
    """

    kind: SectionKind
    start: int
    end: int
    copies: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedEvidence:
    """Why an article has its publication date.

    ``basis`` is "given" (a flag or an input field), "metadata" (a tag of the page), "url", "text" (a printed
    date line) or "inferred" (worked out from date expressions); ``detail`` names the field or tells the reasoning.
    ``earliest`` and ``latest`` bound the true date.
    """

    basis: Literal["given", "metadata", "url", "text", "inferred"]
    detail: str
    earliest: date
    latest: date
    words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article; ``text`` never changes from here on."""

    article_id: str
    text: str
    source: str
    source_id: str | None = None
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    sections: tuple[Section, ...] = ()
    language: str = "en"
    published_on: date | None = None
    published_evidence: PublishedEvidence | None = None
    fetched_at: datetime | None = None
    notes: tuple[str, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """Return the span from ``start`` to ``end`` with its words."""
        return Span(start, end, self.text[start:end])


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, as character offsets into the article, and the section it stands in."""

    start: int
    end: int
    section: SectionKind


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name something; ``kind`` is PER, ORG, LOC, NORP, DATE or a role ("actor", "place", "dead" …).

    ``sector`` is what the encoder takes a side for, None for none that fits; without ``sector_confidence`` it says nothing.
    """

    start: int
    end: int
    text: str
    kind: str
    confidence: float = 1.0
    sector: str | None = None
    sector_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as the encoder reads it: types and words, nothing resolved.

    ``vector`` is the meaning of its sentence, as ``Event`` has it.
    """

    sentence: Span
    section: SectionKind
    trigger: Span
    event_type: str
    mode: str | None
    status: Status
    actors: tuple[Mention, ...] = ()
    recipients: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    dates: tuple[Mention, ...] = ()
    said_by: tuple[Mention, ...] = ()
    counts: tuple[Mention, ...] = ()  # kind is "dead", "injured", "arrested", "displaced" or "crowd"
    contexts: tuple[str, ...] = ()
    type_confidence: float = 1.0
    mode_confidence: float = 1.0
    status_confidence: float = 1.0
    vector: bytes = field(default=b"", repr=False, metadata={"json": False})


@dataclass(frozen=True, slots=True)
class Parsed:
    """Everything the encoder found in one article; ``mentions`` are names, for resolution across sentences."""

    article: Article
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    drafts: tuple[Draft, ...]
    contexts: tuple[str, ...]
    model_digest: str


@dataclass(frozen=True, slots=True)
class Participant:
    """A resolved actor or recipient with the mention it came from.

    ``country`` is ISO 3166-1 alpha-3 or a PLOVER special code (IGO, UNO, EUR, NGO, IMG, MNC, ISM, KOS), None if unknown.
    ``basis`` says in words how it was resolved, or why it was not.
    """

    text: str
    start: int
    end: int
    entity_id: str | None
    name: str | None
    country: str | None
    sectors: tuple[str, ...]
    basis: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Place:
    """A resolved place; ``resolution`` is 5 (in a city) to 1 (a country), as in PLOVER's location object."""

    text: str
    start: int
    end: int
    name: str
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    resolution: int | None
    geonames_id: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class EventDate:
    """When an event happened: an interval of days, both ends included; ``text`` is None when no words say it."""

    text: str | None
    start: int | None
    end: int | None
    from_: date
    to: date
    precision: Precision
    basis: str


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as written ("at least 12") and the range it stands for; an open end is None."""

    text: str
    start: int
    end: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities that each part of an event is right; None where the part is empty."""

    type: float
    actors: float | None = None
    recipients: float | None = None
    place: float | None = None
    date: float | None = None
    mode: float | None = None
    status: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One coded event with the words it rests on.

    ``reasons`` says why a field is empty ("recipients": "no recipient in the sentence"). ``vector`` is the meaning of its
    sentence, 384 int8 of unit length times 127, from the encoder; it is no part of the JSON.
    """

    event_id: str
    article_id: str
    source_id: str | None
    section: SectionKind
    event_type: str
    mode: str | None
    contexts: tuple[str, ...]
    quad_class: int
    intensity: float
    cameo: str
    status: Status
    historical: bool
    trigger: Span
    quote: Span
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    place: Place | None
    date: EventDate | None
    said_by: Participant | None
    counts: Mapping[str, Count]
    confidence: Confidence
    reasons: Mapping[str, str]
    coder_version: str
    model_digest: str
    ontology: str
    vector: bytes = field(default=b"", repr=False, compare=False, metadata={"json": False})


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that happened, told by one or more events; ``why`` holds a reason and score per merge.

    ``counts`` has per kind (dead, injured …) the range of what was said, the latest, and the history. ``first_seen`` and
    ``last_seen`` are days of publication. ``newsrooms`` are who wrote the reports, copies counted as their source.
    """

    incident_id: str
    event_type: str
    mode: str | None
    quad_class: int
    status: Status
    historical: bool
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    place: Place | None
    date: EventDate | None
    events: tuple[str, ...]
    reports: tuple[str, ...]
    independent_sources: int
    why: tuple[Mapping[str, Any], ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    denials: tuple[Mapping[str, Any], ...] = ()
    first_seen: Day | None = None
    last_seen: Day | None = None
    newsrooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something a stage gave up on, and why; ``reason`` is from the fixed list in ``REASONS``."""

    item_id: str
    stage: Stage
    reason: str
    detail: str
    source_id: str | None = None


REASONS: Mapping[str, str] = {
    "empty": "there is no text",
    "no_article_text": "the page holds no article text",
    "binary": "the bytes are not text",
    "too_large": "the item is larger than the limit",
    "not_utf8": "the text is not valid in its encoding",
    "bad_row": "the row is broken or lacks a key",
    "unknown_language": "the language could not be told",
    "unsupported_language": "the language is not supported yet",
    "future_date": "the publication date lies in the future",
    "paywall": "the page shows only a stub before a paywall",
    "duplicate": "the same article was read already in this run",
    "sentence_too_long": "a sentence is longer than the encoder reads",
    "span_mismatch": "a span does not quote the text",
    "not_an_event": "the words tell no event by the codebook: a charge, a figure of speech, a state of things",
    "no_participants": "no actor and no recipient could be found",
    "failed": "the stage failed on this item; the detail says how",
    "bad_url": "the URL is not one",
    "scheme": "the URL is neither http nor https",
    "credentials_in_url": "the URL carries a user name or password",
    "forbidden_address": "the host has a private, local, reserved or metadata address",
    "unresolved": "the host name has no address",
    "unreachable": "no connection to the host",
    "tls": "no secure connection to the host",
    "timeout": "the host took too long",
    "cut_off": "the host cut the connection before the answer was whole",
    "broken_answer": "the host does not speak HTTP",
    "headers_too_large": "the answer's headers are larger than the limit",
    "decompression": "the answer cannot be unpacked, or grows beyond the limit",
    "redirects": "there are too many redirects, or they go round in a circle",
    "http_status": "the server answered with an error",
    "robots": "the host's robots.txt does not allow it",
    "robots_unreachable": "the host's robots.txt cannot be read, so nothing is fetched there",
    "not_html": "the answer is neither a page, nor text, nor a feed",
    "not_feed": "the answer is no feed, sitemap or list of URLs",
    "bad_feed": "the feed or sitemap is broken",
    "entity_bomb": "the XML declares entities of its own",
    "too_deep": "sitemaps lead to sitemaps without end, or values are nested too deep",
    "missing": "a listed file does not exist or may not be read",
    "encrypted": "it is encrypted",
    "nested": "it is packed inside something packed",
    "unpacks_too_far": "it unpacks to more than is allowed",
    "unsafe_path": "the path leads out of its folder or archive",
    "not_a_file": "it is a device, pipe or socket",
    "too_many_members": "the archive holds more files than is allowed",
    "no_text_layer": "the PDF holds pictures of pages, no text",
    "scripts": "the document holds scripts",
    "truncated": "the item ends before it should",
    "bad_record": "the record of a web archive is broken",
}


@dataclass(frozen=True, slots=True)
class Coded:
    """What a Coder returns for a batch; ``articles`` are those that were read, in order."""

    articles: list[Article] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def check_span(article: Article, span: Span | Mention | Participant | Place | Count) -> None:
    """Check that a span quotes its article.

    Raises:
        SpanMismatch: The words at the span's offsets are not the span's text.
    """
    found = article.text[span.start : span.end]
    if found != span.text or span.start < 0:
        raise SpanMismatch(
            f'span {span.start}–{span.end} of article "{article.article_id}" reads "{found[:80]}", not '
            f'"{span.text[:80]}". The text changed after parsing; parse it again.'
        )


def check_event(article: Article, event: Event) -> None:
    """Check that every span of an event quotes its article.

    Raises:
        SpanMismatch: A span does not.
    """
    spans: list[Span | Mention | Participant | Place | Count] = [event.trigger, event.quote]
    spans += [*event.actors, *event.recipients, *event.counts.values()]
    if event.place is not None:
        spans.append(event.place)
    if event.said_by is not None:
        spans.append(event.said_by)
    when = event.date
    if when is not None and when.text is not None and when.start is not None and when.end is not None:
        spans.append(Span(when.start, when.end, when.text))
    for span in spans:
        check_span(article, span)


def split(items: Iterable[_Record | Rejected]) -> tuple[list[_Record], list[Rejected]]:
    """Split what a stage returned into records and rejections, both in order."""
    kept: list[_Record] = []
    rejected: list[Rejected] = []
    for item in items:
        if isinstance(item, Rejected):
            rejected.append(item)
        else:
            kept.append(item)
    return kept, rejected


def to_json(value: Any) -> Any:
    """Return a record as plain dicts, lists, strings and numbers, ready for ``json.dumps``.

    Example:
        >>> to_json(Span(0, 4, "Iran"))
        {'start': 0, 'end': 4, 'text': 'Iran'}
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    # Most values are plain: asked for here, they cost no call.
    if kind in _KEYS:
        return {
            key: v if type(v := getattr(value, name)) in _PLAIN else to_json(v) for name, key in _KEYS[kind]
        }
    if isinstance(value, Mapping):
        return {k: v if type(v) in _PLAIN else to_json(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [v if type(v) in _PLAIN else to_json(v) for v in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if dataclasses.is_dataclass(kind):
        # Asked for anew each time, the fields would cost half of what storing an article costs.
        _KEYS[kind] = tuple(
            (f.name, f.name.rstrip("_")) for f in dataclasses.fields(kind) if f.metadata.get("json", True)
        )
        return to_json(value)
    return value


_PLAIN = frozenset({str, int, float, bool, type(None)})
_KEYS: dict[type, tuple[tuple[str, str], ...]] = {}
