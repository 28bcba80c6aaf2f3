"""Fit the network: first names and predicates, then events and pairs; resumable, every figure logged.

In: examples and a base checkpoint. Out: ``last.pt`` (to resume) and ``final.pt`` (averaged weights) in a work folder,
and one JSON line of figures per epoch in ``log.jsonl``.
"""

from __future__ import annotations

import collections
import copy
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from dragoman.train.cached import IGNORE, recase
from dragoman.train.data import PairExample, SentenceExample
from dragoman.train.measure import measure, narrow
from dragoman.train.network import Network
from dragoman.train.tensors import (
    Pieces,
    by_length,
    encode,
    event_batch,
    masked_batch,
    name_batch,
    pair_batch,
    predicate_batch,
)

Tokenised = list[tuple[Any, Pieces]]
Batch = tuple[str, dict[str, Any]]

# Rare statuses weigh more: 97 of 100 annotated events are actual.
STATUS_WEIGHTS = (1.0, 3.0, 3.0, 4.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train; sizes are sentences, rates are of AdamW."""

    name: str
    epochs: int
    rate: float = 1e-4
    head_rate: float = 4e-4
    batch: int = 32
    warmup: float = 0.06
    names_per_epoch: int = 0
    swapped_names: float = 0.0  # share of the sentences with names that are shown with other names in them
    predicates_per_epoch: int = 0
    event_pairs_per_epoch: int = 0
    plain_per_epoch: int = 0
    quiet_share: float = (
        1.0  # share of the sentences without an event that an epoch sees, drawn anew each time
    )
    average: float = 0.998
    seed: int = 1


@dataclass(slots=True)
class Examples:
    """Everything a plan may draw from, tokenised."""

    events: Tokenised
    pairs: Tokenised
    event_pairs: Tokenised
    names: Tokenised
    own_names: Tokenised
    predicates: Tokenised
    plain: Tokenised
    tune: Tokenised
    pairs_given: Tokenised  # those of the given set alone, whose shares of types tell how rare each is in it
    pairs_tune: Tokenised
    pairs_held: Tokenised
    # Gives an example with other names in it.
    swap: Callable[[Any, random.Random], tuple[Any, Pieces]] | None = None


def tokenise(tokenizer: Tokenizer, examples: list[SentenceExample] | list[PairExample]) -> Tokenised:
    """Return examples with their pieces."""
    return list(zip(examples, encode(tokenizer, [e.text for e in examples]), strict=True))


def losses(network: Network, kind: str, batch: dict[str, Any]) -> Tensor:
    """Return the summed loss of one batch of a kind: events, names, predicates or pairs."""
    states, middle, names, triggers, sentence, contexts = network.encoder(
        batch["ids"], batch["casing"], batch["mask"], batch["marks"]
    )
    if kind == "names":
        return functional.cross_entropy(
            names.float().flatten(0, 1), batch["name_tags"].flatten(), ignore_index=IGNORE
        )
    if kind == "plain":
        guessed = network.guess(states[batch["chosen"]], network.encoder.words.weight)
        return functional.cross_entropy(guessed.float(), batch["words"])
    if kind == "pairs":
        logits = network.pairs(states, batch["mask"], batch["marks"])
        return 0.5 * functional.cross_entropy(logits.float(), batch["pair_types"], label_smoothing=0.05)
    loss = states.new_zeros((), dtype=torch.float32)
    if "rows" in batch:
        rows = batch["rows"]
        read, own = network.roles.read(middle[rows], batch["mask"][rows], batch["spans"], batch["types"])
        head = network.roles.role_head if kind == "events" else network.roles.srl_head
        tags = batch["role_tags"].flatten()
        loss = loss + functional.cross_entropy(head(read).float().flatten(0, 1), tags, ignore_index=IGNORE)
        if kind == "events":
            weights = torch.tensor(STATUS_WEIGHTS, device=states.device)
            status = network.roles.status_head(own).float()
            loss = loss + 0.2 * functional.cross_entropy(status, batch["statuses"], weight=weights)
            loss = loss + 0.3 * functional.cross_entropy(network.roles.mode_head(own).float(), batch["modes"])
            sectors = batch["sector_tags"].flatten()
            if bool((sectors != IGNORE).any()):
                guessed = network.roles.sectors(read, middle[rows]).float().flatten(0, 1)
                loss = loss + 0.4 * functional.cross_entropy(guessed, sectors, ignore_index=IGNORE)
    if kind == "events":
        tags = batch["trigger_tags"].flatten()
        loss = loss + 1.5 * functional.cross_entropy(
            triggers.float().flatten(0, 1), tags, ignore_index=IGNORE
        )
        loss = loss + functional.binary_cross_entropy_with_logits(sentence.float(), batch["sentence_types"])
        loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(contexts.float(), batch["contexts"])
    return loss


def _balanced(pairs: Tokenised, n: int, rng: random.Random) -> Tokenised:
    """Return about ``n`` pairs, the same share of each type as far as it has that many."""
    types = collections.defaultdict(list)
    for item in pairs:
        types[item[0].pair_type].append(item)
    share = -(-n // max(1, len(types)))
    return [x for items in types.values() for x in rng.sample(items, min(share, len(items)))]


def _epoch(plan: Plan, examples: Examples, rng: random.Random) -> list[Callable[[], Iterator[Batch]]]:
    def some(items: Tokenised, n: int) -> Tokenised:
        return rng.sample(items, min(n, len(items)))

    def stream(kind: str, items: Tokenised, make: Callable[..., dict[str, Any]]) -> Iterator[Batch]:
        return ((kind, b) for b in by_length(items, plan.batch, rng, make))

    pairs = examples.pairs + _balanced(examples.event_pairs, plan.event_pairs_per_epoch, rng)
    named = some(examples.names, plan.names_per_epoch) + examples.own_names
    if examples.swap is not None and plan.swapped_names:
        named = [examples.swap(x[0], rng) if rng.random() < plan.swapped_names else x for x in named]
    told = [x for x in examples.events if x[0].events or rng.random() < plan.quiet_share]
    return [
        lambda: stream("events", told, event_batch),
        lambda: stream("pairs", pairs, pair_batch),
        lambda: stream("names", named, name_batch),
        lambda: stream("predicates", some(examples.predicates, plan.predicates_per_epoch), predicate_batch),
        lambda: stream("plain", some(examples.plain, plan.plain_per_epoch), masked_batch),
    ]


def split_parameters(network: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Return the parameters that come from the base and those that start fresh, which learn faster."""
    base: list[nn.Parameter] = []
    heads: list[nn.Parameter] = []
    for name, p in network.named_parameters():
        fresh = not name.startswith("encoder.") or "_head" in name or "sentence_pool" in name
        (heads if fresh else base).append(p)
    return base, heads


def _optimiser(network: Network, plan: Plan, steps: int) -> tuple[torch.optim.Optimizer, Any]:
    base, heads = split_parameters(network)
    optimiser = torch.optim.AdamW(
        [{"params": base, "lr": plan.rate}, {"params": heads, "lr": plan.head_rate}],
        weight_decay=0.01,
        fused=True,
    )
    warm = max(1, int(plan.warmup * steps))

    def share(step: int) -> float:
        return step / warm if step < warm else max(0.02, (steps - step) / max(1, steps - warm))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, share)


def fit(network: Network, plan: Plan, examples: Examples, work: Path) -> Network:
    """Run a plan and return the network with averaged weights; resumes from ``work`` when it holds a start.

    Args:
        network: Trained in place; starts from what it holds.
        work: Folder for ``<plan>.last.pt``, ``<plan>.final.pt`` and ``log.jsonl``.
    """
    final, last = work / f"{plan.name}.final.pt", work / f"{plan.name}.last.pt"
    if final.exists():
        network.load_state_dict(torch.load(final), strict=False)
        return network
    quiet = sum(not example.events for example, _ in examples.events)
    sizes = [len(examples.events) - round(quiet * (1 - plan.quiet_share)), len(examples.pairs) + plan.event_pairs_per_epoch,
             plan.names_per_epoch + len(examples.own_names), plan.predicates_per_epoch, plan.plain_per_epoch]  # fmt: skip
    steps = plan.epochs * sum(-(-s // plan.batch) for s in sizes)
    optimiser, schedule = _optimiser(network, plan, steps)
    averaged = copy.deepcopy(network).eval()
    start = 0
    if last.exists():
        state = torch.load(last)
        network.load_state_dict(state["network"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        start = state["epoch"]
    for epoch in range(start, plan.epochs):
        rng = random.Random(f"{plan.name}-{plan.seed}-{epoch}")
        torch.manual_seed(plan.seed * 1000 + epoch)
        began = time.monotonic()
        seen = _run_epoch(
            network, averaged, plan, _epoch(plan, examples, rng), optimiser, schedule, rng, epoch
        )
        still = random.Random(0)
        figures = measure(
            averaged,
            by_length(examples.tune, 32, still, event_batch),
            by_length(examples.pairs_held, 32, still, pair_batch),
        )
        row = {
            "plan": asdict(plan),
            "epoch": epoch + 1,
            "seconds": round(time.monotonic() - began),
            **seen,
            **figures,
        }
        with (work / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
        print(json.dumps({k: v for k, v in row.items() if k != "plan"}), flush=True)
        state = {"network": network.state_dict(), "averaged": averaged.state_dict(), "epoch": epoch + 1,
                 "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}  # fmt: skip
        torch.save(state, last.with_suffix(".tmp"))
        last.with_suffix(".tmp").replace(last)
    torch.save(averaged.state_dict(), final)
    network.load_state_dict(averaged.state_dict())
    return network


def _run_epoch(
    network: Network, averaged: nn.Module, plan: Plan, streams: list[Callable[[], Iterator[Batch]]],
    optimiser: torch.optim.Optimizer, schedule: Any, rng: random.Random, epoch: int,
) -> dict[str, float]:  # fmt: skip
    batches = [b for make in streams for b in make()]
    rng.shuffle(batches)
    network.train()
    draw = np.random.default_rng(rng.randrange(2**32))
    totals: dict[str, list[float]] = {}
    for kind, batch in tqdm(batches, desc=f"{plan.name} {epoch + 1}/{plan.epochs}", mininterval=20):
        batch["casing"] = torch.from_numpy(recase(batch["casing"].numpy(), draw))
        with narrow():
            loss = losses(network, kind, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        with torch.no_grad():
            done = epoch * len(batches) + 1
            keep = min(plan.average, done / (done + 50))
            for slow, fast in zip(averaged.parameters(), network.parameters(), strict=True):
                slow.lerp_(fast, 1 - keep)
        totals.setdefault(kind, []).append(float(loss.detach()))
    return {f"loss_{k}": round(sum(v) / len(v), 4) for k, v in totals.items()}
