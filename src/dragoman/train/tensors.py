"""Turn examples into padded tensors: word pieces, casing, tags; batches hold sentences of like length.

Tag numbers: 0 is O, then B and I of each label in turn (1 + 2k, 2 + 2k).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from tokenizers import Tokenizer

from dragoman.parse.pieces import casing_of, token_range
from dragoman.train.cached import IGNORE, mask_words
from dragoman.train.data import (
    CONTEXTS,
    NAMES,
    PAIR_TYPES,
    ROLES,
    SECTORS,
    SRL_ROLES,
    STATUSES,
    TYPE_MODES,
    TYPES,
    EventExample,
    PairExample,
    SentenceExample,
)

MAX_PIECES = 128

_T = TypeVar("_T")


@dataclass(slots=True)
class Pieces:
    """One tokenised sentence."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    casing: list[int]


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Pieces]:
    """Tokenise texts; each is cut at ``MAX_PIECES`` word pieces."""
    out = []
    for text, encoding in zip(texts, tokenizer.encode_batch(list(texts)), strict=True):
        offsets = encoding.offsets[:MAX_PIECES]
        out.append(Pieces(encoding.ids[:MAX_PIECES], offsets, casing_of(text, offsets)))
    return out


def _tags(n: int, pieces: Pieces, spans: Sequence[tuple[int, int, int]]) -> np.ndarray:
    """Return int64 (n,) BIO tags; ``spans`` are (start, end, label number); the first span to claim a token wins."""
    tags = np.zeros(n, dtype=np.int64)
    for start, end, label in spans:
        a, b = token_range(pieces.offsets, start, end)
        if a < b and not tags[a:b].any():
            tags[a] = 1 + 2 * label
            tags[a + 1 : b] = 2 + 2 * label
    return tags


def pad(batch: Sequence[Pieces]) -> dict[str, torch.Tensor]:
    """Return ids, casing, mask and marks as int64 (n, longest)."""
    n = max(len(p.ids) for p in batch)
    ids = np.zeros((len(batch), n), dtype=np.int64)
    casing, mask = np.zeros_like(ids), np.zeros_like(ids)
    for row, p in enumerate(batch):
        ids[row, : len(p.ids)] = p.ids
        casing[row, : len(p.ids)] = p.casing
        mask[row, : len(p.ids)] = 1
    tensors = {"ids": ids, "casing": casing, "mask": mask, "marks": np.zeros_like(ids)}
    return {k: torch.from_numpy(v) for k, v in tensors.items()}


def _trigger_rows(
    batch: Sequence[tuple[SentenceExample, Pieces]], n: int, *, predicates: bool, labels: list[str], most: int,
    rng: random.Random,
) -> dict[str, torch.Tensor]:  # fmt: skip
    rows: list[int] = []
    spans: list[tuple[int, int]] = []
    tags: list[np.ndarray] = []
    sectors: list[np.ndarray] = []
    types: list[int] = []
    statuses: list[int] = []
    modes: list[int] = []
    for row, (example, pieces) in enumerate(batch):
        events: list[EventExample] = list(example.predicates if predicates else example.events)
        if len(events) > most:
            events = rng.sample(events, most)
        for e in events:
            a, b = token_range(pieces.offsets, e.start, e.end)
            if a >= b:
                continue
            rows.append(row)
            spans.append((a, b))
            role_spans = [(r.start, r.end, labels.index(r.label)) for r in e.roles if r.label in labels]
            row_tags = _tags(n, pieces, role_spans)
            row_tags[len(pieces.ids) :] = IGNORE
            tags.append(row_tags)
            row_sectors = np.full(n, IGNORE, dtype=np.int64)
            for r in e.roles:
                if r.sector is not None:
                    first, last = token_range(pieces.offsets, r.start, r.end)
                    row_sectors[first:last] = SECTORS.index(r.sector)
            sectors.append(row_sectors)
            types.append(0 if predicates else 1 + TYPES.index(e.event_type))
            statuses.append(STATUSES.index(e.status))
            modes.append(0 if predicates else TYPE_MODES.index((e.event_type, e.mode)))
    if not rows:
        return {}
    return {
        "rows": torch.tensor(rows), "spans": torch.tensor(spans), "role_tags": torch.from_numpy(np.stack(tags)),
        "sector_tags": torch.from_numpy(np.stack(sectors)),
        "types": torch.tensor(types), "statuses": torch.tensor(statuses), "modes": torch.tensor(modes),
    }  # fmt: skip


def event_batch(batch: Sequence[tuple[SentenceExample, Pieces]], rng: random.Random) -> dict[str, Any]:
    """Return the tensors of a batch of sentences with events."""
    out: dict[str, Any] = pad([p for _, p in batch])
    n = out["ids"].shape[1]
    trigger_tags = np.full((len(batch), n), IGNORE, dtype=np.int64)
    sentence_types = np.zeros((len(batch), len(TYPES)), dtype=np.float32)
    contexts = np.zeros((len(batch), len(CONTEXTS)), dtype=np.float32)
    for row, (example, pieces) in enumerate(batch):
        spans = [(e.start, e.end, TYPES.index(e.event_type)) for e in example.events]
        trigger_tags[row, : len(pieces.ids)] = _tags(len(pieces.ids), pieces, spans)
        for e in example.events:
            sentence_types[row, TYPES.index(e.event_type)] = 1
        for c in example.contexts:
            if c in CONTEXTS:
                contexts[row, CONTEXTS.index(c)] = 1
    out |= {
        "trigger_tags": torch.from_numpy(trigger_tags),
        "sentence_types": torch.from_numpy(sentence_types),
        "contexts": torch.from_numpy(contexts),
    }
    return out | _trigger_rows(batch, n, predicates=False, labels=ROLES, most=8, rng=rng)


def name_batch(batch: Sequence[tuple[SentenceExample, Pieces]], rng: random.Random) -> dict[str, Any]:
    """Return the tensors of a batch of sentences with names."""
    out: dict[str, Any] = pad([p for _, p in batch])
    n = out["ids"].shape[1]
    tags = np.full((len(batch), n), IGNORE, dtype=np.int64)
    for row, (example, pieces) in enumerate(batch):
        spans = [(m.start, m.end, NAMES.index(m.label)) for m in example.names]
        tags[row, : len(pieces.ids)] = _tags(len(pieces.ids), pieces, spans)
    out["name_tags"] = torch.from_numpy(tags)
    return out


def predicate_batch(batch: Sequence[tuple[SentenceExample, Pieces]], rng: random.Random) -> dict[str, Any]:
    """Return the tensors of a batch of sentences with PropBank predicates (at most four of a sentence)."""
    out: dict[str, Any] = pad([p for _, p in batch])
    n = out["ids"].shape[1]
    return out | _trigger_rows(batch, n, predicates=True, labels=SRL_ROLES, most=4, rng=rng)


def masked_batch(batch: Sequence[tuple[str, Pieces]], rng: random.Random) -> dict[str, Any]:
    """Return the tensors of a batch of plain sentences some pieces of which are to be guessed, as ``mask_words`` chooses them."""
    out: dict[str, Any] = pad([p for _, p in batch])
    arrays = mask_words({k: v.numpy() for k, v in out.items()}, np.random.default_rng(rng.randrange(2**32)))
    return {k: torch.from_numpy(v) for k, v in arrays.items()}


def mark_pairs(out: dict[str, torch.Tensor], batch: Sequence[tuple[PairExample, Pieces]]) -> None:
    """Write 1 on the actors' pieces and 2 on the recipients' into ``marks``."""
    for row, (pair, pieces) in enumerate(batch):
        for mark, spans in ((1, pair.actors), (2, pair.recipients)):
            for start, end in spans:
                a, b = token_range(pieces.offsets, start, end)
                out["marks"][row, a:b] = mark


def pair_batch(batch: Sequence[tuple[PairExample, Pieces]], rng: random.Random) -> dict[str, Any]:
    """Return the tensors of a batch of sentences with given actor and recipient."""
    out: dict[str, Any] = pad([p for _, p in batch])
    mark_pairs(out, batch)
    out["pair_types"] = torch.tensor([PAIR_TYPES.index(p.pair_type) for p, _ in batch])
    return out


def by_length(
    items: Sequence[tuple[_T, Pieces]], size: int, rng: random.Random, make: Callable[..., dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield batches of about ``size`` sentences of like length in random order, for one pass over the items."""
    order = sorted(range(len(items)), key=lambda k: len(items[k][1].ids) + rng.uniform(-3, 3))
    chunks = [order[k : k + size] for k in range(0, len(order), size)]
    rng.shuffle(chunks)
    for chunk in chunks:
        yield make([items[k] for k in chunk], rng)
