"""The parse stage: a batch of articles through the encoder, sentences of like length together.

In: ``Article``s. Out: one ``Parsed`` per article, in order, or a ``Rejected``. Each draft's spans count characters of
the article, and do not depend on what it is batched with.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from dragoman.parse.decode import (
    Found,
    Trigger,
    find_spans,
    find_triggers,
    second_look,
    softmax,
    trim_trigger,
    type_probabilities,
    whole_words,
    widen,
)
from dragoman.parse.model import Encoded, EncoderModel, RolesRead, Tokens
from dragoman.parse.named_acts import find_named_acts
from dragoman.parse.names import agree, find_names
from dragoman.parse.pieces import token_range
from dragoman.parse.repeats import drop_repeats
from dragoman.parse.sentences import ALL_BUT_TEASERS, split_sentences
from dragoman.parse.taught import Taught, features_of, merge_triggers
from dragoman.records import Article, Draft, Mention, Parsed, Rejected, Sentence, Span, Status

_SIDES = frozenset({"actor", "recipient"})
_AT_ONCE = (
    16  # sentences, at least, that the encoder reads before what it gave is read; each holds up to 1 MB
)
_COUNTS = frozenset({"dead", "injured", "arrested", "crowd"})


@dataclass(slots=True)
class _Read:
    """What was found in one sentence, before it is put into its article's record."""

    names: list[Found] = field(default_factory=list)
    contexts: npt.NDArray[np.float32] | None = None
    drafts: list[Draft] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Item:
    article: int
    sentence: Sentence
    text: str
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class _Run:
    """The sentences of one run of the encoder, and the places for what is found in them."""

    items: Sequence[_Item]
    reads: Sequence[_Read]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type as it is coded, and the packaged type that its sides are read as."""

    event_type: str
    mode: str | None
    like: str
    is_taught: bool


@dataclass(frozen=True, slots=True)
class _Named:
    event_type: str
    mode: str | None
    type_confidence: float
    mode_confidence: float


def joint_digest(model_digest: str, taught: Taught | None) -> str:
    """Return what names an encoder with the types taught to it: the encoder's own digest where there are none."""
    return model_digest if taught is None else f"{model_digest}+{taught.digest[:8]}"


def vector_of(states: npt.NDArray[np.float32]) -> bytes:
    """Return the meaning of a sentence as 384 int8: the mean of its pieces' states, of unit length, times 127.

    Args:
        states: (n, 384) of the pieces, the special ones left out. The states after layer 4 keep more of what the sentence
            encoder knew of likeness than the last, which were trained for triggers.
    """
    mean = states.mean(axis=0)
    norm = float(np.linalg.norm(mean))
    scaled: npt.NDArray[np.int8] = np.rint(mean * (127.0 / norm) if norm else mean).astype(np.int8)
    return scaled.tobytes()


def _strips(runs: Iterable[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """Yield runs in lists of at least ``_AT_ONCE`` sentences; the last may be shorter."""
    strip: list[Sequence[int]] = []
    for run in runs:
        strip.append(run)
        if sum(map(len, strip)) >= _AT_ONCE:
            yield strip
            strip = []
    if strip:
        yield strip


class Parser:
    """Reads articles with the encoder; holds the model and is shared by all batches.

    Args:
        model: The encoder.
        batch_size: Sentences per run of the encoder, at most. With fixed scales a run gives each what it would be given alone
            (decision 0023); an encoder that works them out in each run reads one by one.
        filled: Whether sentences of unlike length share a run, the shorter ones filled up. Filling up moves last bits on
            some processors, so that on them an article's events would depend on its neighbours; devices need it.
        kinds: Sections that are read; teasers only when asked for.
        taught: Event types that the user taught; None for none.
        threads: Runs of the encoder at once. Two single runs side by side are faster than one run on two threads, and give the
            same, since a run does not depend on others.
    """

    def __init__(
        self,
        model: EncoderModel,
        *,
        batch_size: int = 1,
        filled: bool = False,
        kinds: Collection[str] = ALL_BUT_TEASERS,
        taught: Taught | None = None,
        threads: int = 1,
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="parse") if threads > 1 else None
        self.model = model
        self.taught = taught
        self.digest = joint_digest(model.digest, taught)
        self.batch_size = batch_size if filled or model.has_fixed_scales else 1
        self.filled = filled
        self.kinds = frozenset(kinds)

    def __call__(self, articles: Sequence[Article]) -> list[Parsed | Rejected]:
        """Return one ``Parsed`` or ``Rejected`` per article, and a ``Rejected`` per sentence that was cut."""
        items = list(self._items(articles))
        reads = {k: _Read() for k in range(len(items))}
        order = sorted(range(len(items)), key=lambda k: len(items[k].tokens.ids))
        runs = self._runs(order, items)
        strips = list(_strips(runs))

        def read(strip: Sequence[Sequence[int]]) -> None:
            self._read(
                [_Run([items[k] for k in run], [reads[k] for k in run]) for run in strip],
                articles,
            )

        if self._pool is None:
            for strip in strips:
                read(strip)
        else:
            # Each strip fills its own places; the longest sentences first, so that no thread is left with them in the end.
            list(self._pool.map(read, reversed(strips)))
        out: list[Parsed | Rejected] = []
        grouped: list[list[int]] = [[] for _ in articles]
        for k, item in enumerate(items):
            grouped[item.article].append(k)
        for n, article in enumerate(articles):
            rows = grouped[n]
            out.append(self._join(article, [items[k] for k in rows], [reads[k] for k in rows]))
            out += [self._cut(article, items[k]) for k in rows if items[k].tokens.cut]
        return out

    def _runs(self, order: Sequence[int], items: Sequence[_Item]) -> list[Sequence[int]]:
        """Return sentences, given by number and by length, in runs of the encoder."""
        alike = [order]
        if not self.filled:
            alike = [list(own) for _, own in itertools.groupby(order, lambda k: len(items[k].tokens.ids))]
        return [own[at : at + self.batch_size] for own in alike for at in range(0, len(own), self.batch_size)]

    def _items(self, articles: Sequence[Article]) -> Iterator[_Item]:
        found = [(n, s) for n, a in enumerate(articles) for s in split_sentences(a, kinds=self.kinds)]
        texts = [articles[n].text[s.start : s.end] for n, s in found]
        for (n, s), text, tokens in zip(found, texts, self.model.tokenise(texts), strict=True):
            yield _Item(n, s, text, tokens)

    def _read(self, runs: Sequence[_Run], articles: Sequence[Article]) -> None:
        """Fill the places of some runs: first the encoder for all, then what is read off it.

        Turn by turn, each would find the processor's caches full of the other's, and take half as long again.
        """
        encoded = [self.model.encode([item.tokens for item in run.items]) for run in runs]
        found = [self._find(run, e) for run, e in zip(runs, encoded, strict=True)]
        told = [
            (run, e, f, self._sides_of(e, f)) for run, e, f in zip(runs, encoded, found, strict=True) if f
        ]
        for run, e, f, sides in told:
            self._tell(run, articles, e, f, sides)

    def _find(self, run: _Run, encoded: Encoded) -> list[tuple[int, Trigger]]:
        """Note names and contexts of a run's sentences and return their triggers, each with the number of its sentence."""
        batch, reads = run.items, run.reads
        decoding, labels = self.model.decoding, self.model.labels
        probabilities = type_probabilities(encoded.triggers)
        contexts = 1.0 / (1.0 + np.exp(-encoded.contexts))
        found: list[tuple[int, Trigger]] = []
        for row, item in enumerate(batch):
            n = len(item.tokens.ids)
            reads[row].contexts = contexts[row]
            reads[row].names = find_names(
                encoded.names[row, :n], labels.names, decoding.name_threshold, item.tokens.offsets, item.text
            )
            # The first and last piece are the special ones.
            named = [
                (labels.event_types.index(kind), first - 1, last - 1)
                for kind, start, end in find_named_acts(item.text)
                for first, last in (token_range(item.tokens.offsets, start, end),)
            ]
            triggers = find_triggers(
                probabilities[row, 1 : n - 1], encoded.sentence_types[row], decoding, named
            )
            if self.taught is not None:
                runs = self.taught.find(features_of(encoded, row, n))
                triggers = merge_triggers(triggers, runs, packaged=len(labels.event_types))
            found += [(row, t) for t in triggers]
        return found

    def _sides_of(self, encoded: Encoded, found: Sequence[tuple[int, Trigger]]) -> RolesRead:
        """Return what the reader of sides says of the triggers of a run."""
        like = [self.model.labels.event_types.index(self._kind(t).like) for _, t in found]
        spans = [(t.first + 1, t.last + 1) for _, t in found]
        return self.model.read_roles(encoded, [row for row, _ in found], spans, like)

    def _tell(
        self,
        run: _Run,
        articles: Sequence[Article],
        encoded: Encoded,
        found: Sequence[tuple[int, Trigger]],
        read: RolesRead,
    ) -> None:
        """Add the drafts of a run to its places."""
        batch, reads = run.items, run.reads
        decoding, labels = self.model.decoding, self.model.labels
        kinds = [self._kind(t) for _, t in found]
        statuses = softmax(read.statuses, decoding.status_temperature)
        for k, (row, trigger) in enumerate(found):
            item = batch[row]
            spots = find_spans(
                read.roles[k, : len(item.tokens.ids)], labels.roles, decoding.role_thresholds, item.tokens.offsets,
                item.text, temperature=decoding.role_temperature,
            )  # fmt: skip
            spots = widen(spots, reads[row].names, item.text)
            confidence = trigger.confidence
            if trigger.named:
                mode, sure = self._mode(read.modes[k], kinds[k].event_type)
                named = _Named(kinds[k].event_type, mode, confidence, sure)
            elif not kinds[k].is_taught:
                labelled = {s.label for s in spots}
                confidence = second_look(
                    confidence,
                    has_actor="actor" in labelled,
                    has_recipient="recipient" in labelled,
                    decoding=decoding,
                )
                if confidence < decoding.thresholds[trigger.event_type]:
                    continue
                mode, sure = self._mode(read.modes[k], kinds[k].event_type)
                named = _Named(kinds[k].event_type, mode, confidence, sure)
            else:
                named = _Named(kinds[k].event_type, kinds[k].mode, confidence, confidence)
            reads[row].drafts.append(
                replace(
                    self._draft(
                        articles[item.article], item, trigger, spots, named, statuses[k], read.sectors[k]
                    ),
                    vector=vector_of(encoded.middle[row, 1 : len(item.tokens.ids) - 1]),
                )
            )

    def _kind(self, trigger: Trigger) -> _Kind:
        """Return what a trigger's number stands for: a packaged type, or one of the taught types after them."""
        packaged = self.model.labels.event_types
        if trigger.event_type < len(packaged):
            name = packaged[trigger.event_type]
            return _Kind(name, None, name, is_taught=False)
        assert self.taught is not None
        own = self.taught.types[trigger.event_type - len(packaged)]
        return _Kind(own.event_type, own.mode, own.like, is_taught=True)

    def _mode(self, logits: npt.NDArray[np.float32], event_type: str) -> tuple[str | None, float]:
        own = [k for k, (t, _) in enumerate(self.model.labels.type_modes) if t == event_type]
        p = softmax(logits[own], self.model.decoding.mode_temperature)
        best = int(p.argmax())
        return self.model.labels.type_modes[own[best]][1], round(float(p[best]), 4)

    def _draft(
        self,
        article: Article,
        item: _Item,
        trigger: Trigger,
        spots: Sequence[Found],
        named: _Named,
        status: npt.NDArray[np.float32],
        sectors: npt.NDArray[np.float32],
    ) -> Draft:
        offsets = item.tokens.offsets
        cut = whole_words(item.text, offsets[trigger.first + 1][0], offsets[trigger.last][1])
        start, end = trim_trigger(item.text, *cut)
        at = item.sentence.start

        def mentions(*kinds: str) -> tuple[Mention, ...]:
            return tuple(
                Mention(
                    at + s.start,
                    at + s.end,
                    item.text[s.start : s.end],
                    s.label,
                    s.confidence,
                    *(self._sector(sectors, offsets, s) if s.label in _SIDES else ()),
                )
                for s in spots
                if s.label in kinds
            )

        best = int(status.argmax())
        labels = self.model.labels
        status_name: Status = labels.statuses[best]  # type: ignore[assignment]  # the card's list is the four statuses
        return Draft(
            sentence=article.span(item.sentence.start, item.sentence.end),
            section=item.sentence.section,
            trigger=Span(at + start, at + end, item.text[start:end]),
            event_type=named.event_type,
            mode=named.mode,
            status=status_name,
            actors=mentions("actor"),
            recipients=mentions("recipient"),
            places=mentions("place"),
            dates=mentions("date"),
            said_by=mentions("said_by"),
            counts=mentions(*_COUNTS),
            type_confidence=round(named.type_confidence, 4),
            mode_confidence=named.mode_confidence,
            status_confidence=round(float(status[best]), 4),
        )

    def _sector(
        self, logits: npt.NDArray[np.float32], offsets: Sequence[tuple[int, int]], spot: Found
    ) -> tuple[str | None, float]:
        """Return the likeliest sector of a side and its probability, the mean over its pieces."""
        first, last = token_range(offsets, spot.start, spot.end)
        names = self.model.labels.sectors
        if first >= last or not names:
            return None, 0.0
        p = softmax(logits[first:last], self.model.decoding.sector_temperature).mean(axis=0)
        best = int(p.argmax())
        return (None if names[best] == "none" else names[best]), round(float(p[best]), 4)

    def _join(self, article: Article, items: Sequence[_Item], reads: Sequence[_Read]) -> Parsed:
        contexts = self._contexts([r.contexts for r in reads if r.contexts is not None])
        names = agree([i.text for i in items], [r.names for r in reads])
        mentions = tuple(
            Mention(
                i.sentence.start + f.start,
                i.sentence.start + f.end,
                i.text[f.start : f.end],
                f.label,
                f.confidence,
            )
            for i, own in zip(items, names, strict=True)
            for f in own
        )
        drafts = tuple(d for r in reads for d in drop_repeats(r.drafts))
        return Parsed(article, tuple(i.sentence for i in items), mentions, drafts, contexts, self.digest)

    def _contexts(self, rows: Sequence[npt.NDArray[np.float32]]) -> tuple[str, ...]:
        """Return at most four contexts whose mean probability over the sentences passes the threshold."""
        if not rows:
            return ()
        mean = np.mean(np.stack(rows), axis=0)
        best = np.argsort(-mean)[:4]
        return tuple(
            self.model.labels.contexts[k] for k in best if mean[k] >= self.model.decoding.context_threshold
        )

    def _cut(self, article: Article, item: _Item) -> Rejected:
        return Rejected(
            article.article_id,
            "parse",
            "sentence_too_long",
            f"the sentence at {item.sentence.start}–{item.sentence.end} has more word pieces than the encoder reads; "
            "its end was not read",
            article.source_id,
        )
