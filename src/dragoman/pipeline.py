"""The path of an article on one page: clean → parse → resolve, for one batch; then reports of one event joined."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from dragoman.clean import Cleaner
from dragoman.merge import Scorer, load_scorer, merge_events
from dragoman.ontology import EventType, Mode, Ontology, load_ontology
from dragoman.parse import EncoderModel, Parser
from dragoman.parse.device import DEVICE_BATCH, choose
from dragoman.parse.model import PACKAGED as PACKAGED_MODEL
from dragoman.parse.sentences import ALL_BUT_TEASERS
from dragoman.parse.taught import Taught, read_taught
from dragoman.read.sniff import find_kind_by_head
from dragoman.records import Article, Coded, Event, Incident, RawArticle, split
from dragoman.resolve.gazetteer import PACKAGED
from dragoman.resolve.resolver import Resolver, load_resolver
from dragoman.timex import infer_published

BATCH_SIZE = (
    8  # sentences of one length that share a run of the encoder: two fifths less time than one by one
)


class Coder:
    """Turn a batch of raw articles into events.

    Example:
        ``coder = dragoman.load()`` and then ``coder("Police arrested …", published_on=date(2024, 5, 3))``.
    """

    def __init__(self, *, clean: Cleaner, parse: Parser, resolve: Resolver, joins: bool = True) -> None:
        self.clean = clean
        self.parse = parse
        self.resolve = resolve
        self.joins = (
            joins  # whether reports of one event are joined; a store does that anew with all it holds
        )

    def __call__(
        self, batch: Sequence[RawArticle] | str, *, published_on: date | None = None, url: str | None = None
    ) -> Coded:
        """Return what a batch of articles, or one page of text, tells.

        Args:
            batch: Raw articles, or the text of one page.
            published_on: Publication date of the page when ``batch`` is a text.
            url: Address of the page when ``batch`` is a text.
        """
        if isinstance(batch, str):
            given = "published_on" if published_on else None
            media_type = "text/html" if find_kind_by_head(batch[:4096].encode()) == "html" else "text/plain"
            page = RawArticle(
                batch, media_type, "text", url=url, published_on=published_on, published_field=given
            )
            batch = [page]
        articles, unreadable = split(self.clean(list(batch)))
        drafts, unparsed = split(self.parse(articles))
        events, unresolved = split(self.resolve(drafts))
        incidents = merge(events, articles) if self.joins else []
        return Coded(articles, events, incidents, [*unreadable, *unparsed, *unresolved])

    def type_between(
        self, text: str, *, actor: tuple[int, int], recipient: tuple[int, int]
    ) -> dict[str, float]:
        """Return a probability per event type of what the actor does to the recipient in a sentence.

        CONCEDE and RETREAT are one class, YIELD. Spans count characters, ends exclusive.

        Raises:
            ValueError: A span is empty, lies outside the text or covers no word piece.
        """
        return type_between(self.parse.model, text, actor=actor, recipient=recipient)


def merge(events: Sequence[Event], articles: Sequence[Article]) -> list[Incident]:
    """Return the incidents of a batch of events, also across its articles, by their first report.

    A text that was given twice counts once.
    """
    return merge_events(
        list({e.event_id: e for e in events}.values()), list({a.article_id: a for a in articles}.values()), _scorer()
    )  # fmt: skip


@functools.cache
def _scorer() -> Scorer:
    return load_scorer()


def type_between(
    model: EncoderModel, text: str, *, actor: tuple[int, int], recipient: tuple[int, int]
) -> dict[str, float]:
    """Return a probability per event type between two spans of a sentence; see ``Coder.type_between``."""
    from dragoman.parse.decode import softmax
    from dragoman.parse.pieces import token_range

    tokens = model.tokenise([text])
    marks = np.zeros((1, len(tokens[0].ids)), dtype=np.int64)
    for name, mark, (start, end) in (("actor", 1, actor), ("recipient", 2, recipient)):
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"the {name} span {start}–{end} does not lie in the text of {len(text)} characters."
            )
        first, last = token_range(tokens[0].offsets, start, end)
        if first >= last:
            raise ValueError(f'the {name} span {start}–{end} reads "{text[start:end]}" and holds no word.')
        marks[0, first:last] = mark
    logits = model.read_pairs(model.encode(tokens, marks), marks)[0]
    bias = np.asarray(model.decoding.pair_bias, dtype=np.float32)
    p = softmax(logits + bias, model.decoding.pair_temperature)
    return {t: round(float(x), 4) for t, x in zip(model.labels.pair_types, p, strict=True)}


def load(
    *,
    today: date | None = None,
    model: Path | None = None,
    registry: Sequence[Path] = (),
    gazetteer: Path | None = None,
    sections: Collection[str] = ALL_BUT_TEASERS,
    threads: int = 2,
    batch_size: int = BATCH_SIZE,
    infer_date: bool = True,
    taught: Path | None = None,
    joins: bool = True,
    device: str = "cpu",
) -> Coder:
    """Load a coder with the packaged encoder, gazetteer and actor tables.

    Args:
        today: The day that publication dates are checked against; None for the clock's.
        model: Folder of another encoder.
        registry: CSV files whose actors win over the packaged ones.
        gazetteer: Folder that ``dragoman gazetteer build`` made; None for the packaged table of places.
        sections: Kinds of section that are coded; add "teaser" to code related-story teasers too.
        threads: Runs of the encoder at once.
        batch_size: Sentences per run of the encoder, at most.
        infer_date: Whether a missing publication date is worked out from the text.
        taught: File of event types that ``dragoman teach`` wrote; None for none.
        joins: Whether a batch's incidents are made; a store makes its own, so what only fills one can do without.
        device: Where the encoder runs: "cpu", "cuda", or "auto" for CUDA where it can be had.

    Raises:
        DeviceMissing: The device cannot be had.
        ModelError: The encoder is missing or altered, or the taught types do not belong to it.
        GazetteerError: The table of places is missing or broken.
        RegistryError: A row of a table is wrong.
    """
    chosen = choose(device)
    encoder = EncoderModel(model or PACKAGED_MODEL, device=chosen)
    own = read_taught(taught, model_digest=encoder.weights) if taught is not None else None
    return Coder(
        clean=Cleaner(today=today or date.today(), infer=infer_published, infer_date=infer_date),
        parse=Parser(
            encoder,
            batch_size=max(batch_size, DEVICE_BATCH) if chosen == "cuda" else batch_size,
            filled=chosen == "cuda",
            kinds=sections,
            taught=own,
            threads=threads,
        ),
        resolve=load_resolver(
            with_taught(load_ontology(), own), registry=registry, gazetteer=gazetteer or PACKAGED
        ),
        joins=joins,
    )


def with_taught(ontology: Ontology, taught: Taught | None) -> Ontology:
    """Return the ontology with the types and modes that the user taught."""
    for t in taught.types if taught is not None else ():
        if t.is_mode:
            ontology = ontology.with_mode(t.like, Mode(t.name, t.score, t.cameo, t.means))
        else:
            ontology = ontology.with_type(
                EventType(t.name, t.quad_class, t.score, t.means, needs_recipient=False, cameo=t.cameo,
                          cameo_by_context={}, modes={})
            )  # fmt: skip
    return ontology
