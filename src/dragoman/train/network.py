"""The encoder as a PyTorch module: MiniLM with casing and mark embeddings, and its heads.

Shapes: b sentences, n pieces, t triggers, w = 384. All heads read the last hidden states (b, n, w).
Source: the base is the 6-layer MiniLM sentence encoder (Apache-2.0), a BERT (Devlin et al., 2019) by its weights' names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

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
)

WIDTH, LAYERS, HEADS, INNER, POSITIONS, VOCABULARY = 384, 6, 12, 1536, 512, 30522
REACH = 32  # relative positions further from the trigger than this share one embedding


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is: layers of the encoder, of the role reader, units inside a layer.

    The role reader goes on from the states after layer ``middle``, with layers that know the trigger.
    """

    layers: int = LAYERS
    middle: int = 4
    inner: int = INNER
    role_layers: int = 2


NORMAL = Shape()
FAST = Shape(layers=3, middle=3, inner=INNER // 2, role_layers=1)
SHAPES = {"normal": NORMAL, "fast": FAST}


class Layer(nn.Module):
    """One transformer layer with post-norm, as in BERT."""

    def __init__(self, inner: int, dropout: float, width: int = WIDTH, heads: int = HEADS) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)
        self.norm_attention = nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm_out = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.rate = dropout
        self.width, self.heads = width, heads

    def forward(self, x: Tensor, keep: Tensor) -> Tensor:
        """Return states (b, n, w); ``keep`` is additive (b, 1, 1, n), 0 for pieces and very low for padding."""
        b, n, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(b, n, self.heads, self.width // self.heads).transpose(1, 2)

        q, k, v = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        if torch.jit.is_tracing():  # plain operators, so that the exported graph is small and quantises well
            weights = torch.softmax(
                q @ k.transpose(-1, -2) / (self.width // self.heads) ** 0.5 + keep, dim=-1
            )
            mixed = weights @ v
        else:
            rate = self.rate if self.training else 0.0
            mixed = functional.scaled_dot_product_attention(
                q, k, v, attn_mask=keep.to(q.dtype), dropout_p=rate
            )
        mixed = mixed.transpose(1, 2).reshape(b, n, self.width)
        x = self.norm_attention(x + self.dropout(self.out(mixed)))
        return self.norm_out(x + self.dropout(self.down(functional.gelu(self.up(x)))))


def one_by_one(layer: nn.Linear, x: Tensor) -> Tensor:
    """Return a layer over rows (b, k), (b, m), as a product that is exported like those over pieces.

    Over rows alone it would be exported as a ``Gemm``, whose scale quantisation leaves to each run: what is said of a row
    would depend on its neighbours.
    """
    out: Tensor = layer(x.unsqueeze(1)).squeeze(1)
    return out


class Encoder(nn.Module):
    """Word pieces to hidden states, name tags, trigger tags, sentence types and contexts."""

    def __init__(self, dropout: float = 0.1, shape: Shape = NORMAL) -> None:
        super().__init__()
        self.middle = shape.middle
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.casing = nn.Embedding(5, WIDTH)
        self.marks = nn.Embedding(3, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape.inner, dropout) for _ in range(shape.layers))
        self.dropout = nn.Dropout(dropout)
        self.name_head = nn.Linear(WIDTH, 1 + 2 * len(NAMES))
        self.trigger_head = nn.Linear(WIDTH, 1 + 2 * len(TYPES))
        self.sentence_pool = nn.Linear(WIDTH, WIDTH)
        self.sentence_head = nn.Linear(2 * WIDTH, len(TYPES))
        self.context_head = nn.Linear(2 * WIDTH, len(CONTEXTS))
        nn.init.zeros_(self.casing.weight)
        nn.init.zeros_(self.marks.weight)

    def forward(
        self, ids: Tensor, casing: Tensor, mask: Tensor, marks: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return states, middle states (b, n, w), names (b, n, 11), triggers (b, n, 33), sentence and context logits."""
        places = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        x = self.words(ids) + self.positions(places) + self.casing(casing) + self.marks(marks)
        x = self.dropout(self.norm(x))
        keep = (1.0 - mask[:, None, None, :].to(x.dtype)) * -30000.0
        middle = x
        for k, layer in enumerate(self.layers):
            x = layer(x, keep)
            if k + 1 == self.middle:
                middle = x
        weights = mask.unsqueeze(-1).to(x.dtype)
        mean = (x * weights).sum(1) / weights.sum(1)
        peak = (torch.tanh(self.sentence_pool(x)) + (weights - 1.0) * 4.0).max(1).values
        pooled = self.dropout(torch.cat([mean, peak], dim=-1))
        dropped = self.dropout(x)
        return (
            x, middle, self.name_head(dropped), self.trigger_head(dropped), one_by_one(self.sentence_head, pooled),
            one_by_one(self.context_head, pooled),
        )  # fmt: skip


class RoleReader(nn.Module):
    """Middle states of a trigger's sentence to role tags, status and mode.

    It is a second copy of the encoder's upper layers that is told where the trigger stands and what type it has, so that
    what a word is to *this* event is worked out by layers that learned language, not by a fresh one.
    """

    def __init__(self, dropout: float = 0.1, shape: Shape = NORMAL) -> None:
        super().__init__()
        self.kinds = nn.Embedding(1 + len(TYPES), WIDTH)
        self.steps = nn.Embedding(2 * REACH + 2, WIDTH)
        self.lift = nn.Linear(WIDTH, WIDTH)
        self.layers = nn.ModuleList(Layer(shape.inner, dropout) for _ in range(shape.role_layers))
        self.role_head = nn.Linear(WIDTH, 1 + 2 * len(ROLES))
        self.srl_head = nn.Linear(WIDTH, 1 + 2 * len(SRL_ROLES))
        self.status_head = nn.Linear(2 * WIDTH, len(STATUSES))
        self.mode_head = nn.Linear(2 * WIDTH, len(TYPE_MODES))
        self.sector_mix = nn.Linear(2 * WIDTH, 256)
        self.sector_head = nn.Linear(256, len(SECTORS))
        self.dropout = nn.Dropout(dropout)
        for fresh in (self.kinds.weight, self.steps.weight, self.lift.weight):
            nn.init.normal_(
                fresh, std=0.02
            )  # small beside the states, so that the copied layers start undisturbed

    def read(self, middle: Tensor, mask: Tensor, spans: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Return states (t, n, w) that know the trigger, and the trigger's own (t, 2w)."""
        n = middle.shape[1]
        where = torch.arange(n, device=middle.device).unsqueeze(0)
        first, last = spans[:, :1], spans[:, 1:] - 1
        inside = ((where >= first) & (where <= last)).to(middle.dtype).unsqueeze(-1)
        own = (middle * inside).sum(1) / inside.sum(1)
        before = torch.clamp(where - first, -REACH, 0)
        after = torch.clamp(where - last, 0, REACH)
        steps = torch.where(where < first, before, after) + REACH
        steps = torch.where(inside.squeeze(-1) > 0, torch.full_like(steps, 2 * REACH + 1), steps)
        x = middle + self.lift(own.unsqueeze(1)) + self.kinds(types).unsqueeze(1) + self.steps(steps)
        keep = (1.0 - mask[:, None, None, :].to(middle.dtype)) * -30000.0
        for layer in self.layers:
            x = layer(x, keep)
        read = (x * inside).sum(1) / inside.sum(1)
        return self.dropout(x), self.dropout(torch.cat([read, own], dim=-1))

    def forward(
        self, middle: Tensor, mask: Tensor, spans: Tensor, types: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return role logits (t, n, 19), status logits (t, 4), mode logits (t, modes) and sector logits (t, n, 24)."""
        x, own = self.read(middle, mask, spans, types)
        status, mode = one_by_one(self.status_head, own), one_by_one(self.mode_head, own)
        return self.role_head(x), status, mode, self.sectors(x, middle)

    def sectors(self, x: Tensor, middle: Tensor) -> Tensor:
        """Return per piece the logits (t, n, 24) of the sector that it would have as part of a side."""
        mixed = functional.gelu(self.sector_mix(torch.cat([x, middle], dim=-1)))
        return self.sector_head(self.dropout(mixed))


class PairReader(nn.Module):
    """States of a sentence with marked actor and recipient to the type between them."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.mix = nn.Linear(4 * WIDTH, WIDTH)
        self.head = nn.Linear(WIDTH, len(PAIR_TYPES))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor, marks: Tensor) -> Tensor:
        """Return logits (b, 15) over ``PAIR_TYPES``."""

        def mean(weights: Tensor) -> Tensor:
            w = weights.unsqueeze(-1).to(states.dtype)
            return (states * w).sum(1) / w.sum(1).clamp(min=1.0)

        parts = [states[:, 0], mean(mask), mean(marks == 1), mean(marks == 2)]
        x = torch.tanh(one_by_one(self.mix, self.dropout(torch.cat(parts, dim=-1))))
        return one_by_one(self.head, self.dropout(x))


class WordGuesser(nn.Module):
    """States of masked pieces to logits over the vocabulary, tied to the word embeddings; used in training only."""

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))

    def forward(self, states: Tensor, words: Tensor) -> Tensor:
        """Return logits (k, vocabulary) of k masked pieces; ``words`` are the embeddings (vocabulary, w)."""
        return self.norm(functional.gelu(self.mix(states))) @ words.t() + self.bias


class Network(nn.Module):
    """The encoder and its readers, trained together."""

    def __init__(self, dropout: float = 0.1, shape: Shape = NORMAL) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(dropout, shape)
        self.roles = RoleReader(dropout, shape)
        self.pairs = PairReader(dropout)
        self.guess = WordGuesser()


def load_base(encoder: Encoder, weights: Path) -> None:
    """Load the MiniLM weights into an encoder; casing, marks and heads keep their first values."""
    base = load_file(str(weights))
    state = encoder.state_dict()
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "positions.weight": "embeddings.position_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    parts = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "out": "attention.output.dense", "norm_attention": "attention.output.LayerNorm",
        "up": "intermediate.dense", "down": "output.dense", "norm_out": "output.LayerNorm",
    }  # fmt: skip
    for k in range(LAYERS):
        for ours, theirs in parts.items():
            for kind in ("weight", "bias"):
                names[f"layers.{k}.{ours}.{kind}"] = f"encoder.layer.{k}.{theirs}.{kind}"
    for ours, theirs in names.items():
        state[ours].copy_(base[theirs])
    # Sentences are always the first segment: its embedding is added to every position once and for all.
    state["positions.weight"].add_(base["embeddings.token_type_embeddings.weight"][0])
    encoder.load_state_dict(state)


def load_start(network: Network, weights: Path) -> None:
    """Load the weights of an earlier run; a role reader that they lack starts as a copy of the encoder's upper layers."""
    state = torch.load(weights)
    network.load_state_dict(state, strict=False)
    if not any(name.startswith("roles.layers.") for name in state):
        copy_upper_layers(network)


def copy_upper_layers(network: Network) -> None:
    """Start the role reader's layers from the encoder's own."""
    upper = network.encoder.layers[len(network.encoder.layers) - len(network.roles.layers) :]
    for ours, theirs in zip(network.roles.layers, upper, strict=True):
        ours.load_state_dict(theirs.state_dict())


SIEVE_WIDTH, SIEVE_LAYERS = 128, 2


class Sieve(nn.Module):
    """A small reader that tells which sentences cannot hold an event, so that the encoder need not read them."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, SIEVE_WIDTH)
        self.positions = nn.Embedding(POSITIONS, SIEVE_WIDTH)
        self.casing = nn.Embedding(5, SIEVE_WIDTH)
        self.norm = nn.LayerNorm(SIEVE_WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(4 * SIEVE_WIDTH, dropout, SIEVE_WIDTH, 4) for _ in range(SIEVE_LAYERS)
        )
        self.dropout = nn.Dropout(dropout)
        self.mix = nn.Linear(2 * SIEVE_WIDTH, SIEVE_WIDTH)
        self.head = nn.Linear(SIEVE_WIDTH, 1)
        nn.init.normal_(self.words.weight, std=0.05)

    def forward(self, ids: Tensor, casing: Tensor, mask: Tensor) -> Tensor:
        """Return the logit (b,) that a sentence holds an event."""
        places = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        x = self.dropout(self.norm(self.words(ids) + self.positions(places) + self.casing(casing)))
        keep = (1.0 - mask[:, None, None, :].to(x.dtype)) * -30000.0
        for layer in self.layers:
            x = layer(x, keep)
        weights = mask.unsqueeze(-1).to(x.dtype)
        mean = (x * weights).sum(1) / weights.sum(1)
        peak = (x + (weights - 1.0) * 30.0).max(1).values
        mixed = functional.gelu(self.mix(self.dropout(torch.cat([mean, peak], dim=-1))))
        return self.head(mixed).squeeze(-1)
