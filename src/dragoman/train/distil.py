"""Train several networks and teach one from all of them, on a graphics card where there is one.

    python -m dragoman.train.distil pretrain --rows rows.xz --base base.pt --out p.pt --seconds 100
    python -m dragoman.train.distil teach    --rows rows.xz --start p.pt --seed 1 --out t1.pt --seconds 120
    python -m dragoman.train.distil label    --rows rows.xz --teachers t1.pt t2.pt --out soft.pkl
    python -m dragoman.train.distil student  --rows rows.xz --start t1.pt --teachers t1.pt t2.pt --soft soft.pkl --out s.pt --seconds 240
    python -m dragoman.train.distil sieve    --rows rows.xz --soft soft.pkl --out sieve.pt --seconds 120

``rows.xz`` is what ``dragoman.train.cached`` writes. The rate rises and falls with the share of ``--seconds`` gone, so a run ends when it
should on any machine. Sentences without annotation (current events to 2023, newswire) are read by all teachers; the student learns their
mean answer there, and beside the annotation where there is one.

Source:
    Hinton et al., Distilling the Knowledge in a Neural Network (2015); Furlanello et al., Born-Again Neural Networks (ICML 2018).
"""

from __future__ import annotations

import argparse
import copy
import json
import lzma
import multiprocessing
import pickle
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from dragoman.train.cached import Row, chunks, collate, mask_words, recase
from dragoman.train.fit import losses, split_parameters
from dragoman.train.measure import find_triggers, measure
from dragoman.train.network import NORMAL, SHAPES, Network, Shape, Sieve, copy_upper_layers

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
SIZES = {"events": 64, "pairs": 64, "event_pairs": 64, "names": 128, "own_names": 128, "predicates": 64, "plain": 256,
         "soft": 256, "soft_pairs": 128}  # fmt: skip
# Loss each kind is reported and learned as.
LEARNED_AS = {"event_pairs": "pairs", "own_names": "names"}
FOUND = 0.15  # mean probability of a trigger from which on its sides are asked of the teachers
Rows = dict[str, list[Row]]

_rows: Rows = {}  # read by the forked makers of batches


def read_rows(path: Path) -> Rows:
    """Return the cached rows of each kind."""
    with lzma.open(path, "rb") as file:
        rows: Rows = pickle.load(file)["rows"]  # our own file, written by ``cached``
    for row in rows["plain"]:
        row["ids"] = row["ids"][:, :128]
        row["casing"] = row["casing"][:, :128].astype(np.int16)
        row["mask"], row["marks"] = np.ones_like(row["ids"]), np.zeros_like(row["ids"])
    return rows


def _epoch(counts: dict[str, int], quiet: float, rng: random.Random) -> Iterator[tuple[str, list[int]]]:
    """Yield one pass of batches, in random order: of each kind so many rows, all with 0."""
    out = []
    for kind, count in counts.items():
        rows = _rows[kind]
        keep = [k for k, r in enumerate(rows) if kind != "events" or "rows" in r or rng.random() < quiet]
        keep = rng.sample(keep, count) if 0 < count < len(keep) else keep
        chosen = [rows[k] for k in keep]
        out += [(kind, [keep[k] for k in group]) for group in chunks(chosen, SIZES[kind], rng)]
    rng.shuffle(out)
    yield from out


def _make(counts: dict[str, int], quiet: float, seed: int, queue: Any) -> None:
    rng, draw = random.Random(seed), np.random.default_rng(seed)
    while True:
        for kind, group in _epoch(counts, quiet, rng):
            batch = collate([_rows[kind][k] for k in group])
            if kind == "plain":
                batch = mask_words(batch, draw)
            batch["casing"] = recase(batch["casing"], draw)
            small = {k: v.astype(np.int16) if v.dtype == np.int64 else v for k, v in batch.items()}
            queue.put((kind, small))


@contextmanager
def _feed(rows: Rows, counts: dict[str, int], quiet: float, seed: int, makers: int) -> Iterator[Any]:
    """Give a queue of endless batches, made by forked processes."""
    _rows.update(rows)
    context = multiprocessing.get_context("fork")
    queue = context.Queue(maxsize=8 * makers)
    workers = [
        context.Process(target=_make, args=(counts, quiet, seed * 100 + k, queue), daemon=True)
        for k in range(makers)
    ]
    for worker in workers:
        worker.start()
    try:
        yield queue
    finally:
        for worker in workers:
            worker.kill()


def to_device(batch: Row) -> dict[str, Tensor]:
    """Return a batch on the device: whole numbers as int64, the rest as float32 or bool."""
    out = {
        k: torch.from_numpy(np.ascontiguousarray(v)).to(DEVICE, non_blocking=True) for k, v in batch.items()
    }
    return {k: v.long() if v.dtype == torch.int16 else v for k, v in out.items()}


def batches(rows: Sequence[Row], size: int) -> Iterator[dict[str, Tensor]]:
    """Yield all rows as batches on the device, in order of length."""
    for group in chunks(rows, size, random.Random(0)):
        yield to_device(collate([rows[k] for k in group]))


def _mean(parts: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(parts)).mean(0)


def _cross(found: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """Return the mean cross entropy of logits against wanted probabilities over their last axis, weighted."""
    each = -(wanted * functional.log_softmax(found.float(), dim=-1)).sum(-1)
    return (each * weight).sum() / weight.sum().clamp(min=1.0)


def soft_losses(
    network: Network, teachers: Sequence[Network], batch: dict[str, Tensor], states_weight: float
) -> Tensor:
    """Return how far the answers of a network on a batch are from the mean answer of its teachers."""
    inputs = [batch[k] for k in ("ids", "casing", "mask", "marks")]
    own = network.encoder(*inputs)
    with torch.no_grad():
        told = [t.encoder(*inputs) for t in teachers]
        names = _mean([x[2].float().softmax(-1) for x in told])
        triggers = _mean([x[3].float().softmax(-1) for x in told])
        types, contexts = (_mean([x[k].float().sigmoid() for x in told]) for k in (4, 5))
    inside = batch["mask"].float()
    loss = 1.5 * _cross(own[3], triggers, inside) + _cross(own[2], names, inside)
    loss = loss + functional.binary_cross_entropy_with_logits(own[4].float(), types)
    loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(own[5].float(), contexts)
    if states_weight:
        apart = ((own[0] - told[0][0]) ** 2).mean(-1)
        loss = loss + states_weight * (apart * inside).sum() / inside.sum()
    if "rows" not in batch:
        return loss
    rows, mask = batch["rows"], batch["mask"][batch["rows"]]
    found = network.roles(own[1][rows], mask, batch["spans"], batch["types"])
    with torch.no_grad():
        read = [
            t.roles(x[1][rows], mask, batch["spans"], batch["types"])
            for t, x in zip(teachers, told, strict=True)
        ]
        roles, statuses, modes, sectors = (_mean([r[k].float().softmax(-1) for r in read]) for k in range(4))
        sided = roles[..., 1:5].sum(-1) * mask  # pieces of an actor or recipient
    loss = loss + _cross(found[0], roles, mask.float())
    every = torch.ones(len(rows), device=mask.device)
    loss = loss + 0.2 * _cross(found[1], statuses, every) + 0.3 * _cross(found[2], modes, every)
    return loss + 0.4 * _cross(found[3], sectors, sided)


def soft_pair_losses(network: Network, teachers: Sequence[Network], batch: dict[str, Tensor]) -> Tensor:
    """Return how far the types of marked pairs are from the mean of the teachers."""
    inputs = [batch[k] for k in ("ids", "casing", "mask", "marks")]

    def ask(n: Network) -> Tensor:
        return n.pairs(n.encoder(*inputs)[0], batch["mask"], batch["marks"]).float()

    with torch.no_grad():
        wanted = _mean([ask(t).softmax(-1) for t in teachers])
    return 0.5 * _cross(ask(network), wanted, torch.ones(len(wanted), device=wanted.device))


class _Run:
    """A network that is being fitted, with its slow average; the rate follows the time gone."""

    def __init__(self, network: nn.Module, rate: float, seconds: float, average: float = 0.998) -> None:
        self.network, self.seconds, self.average = network.to(DEVICE).train(), seconds, average
        self.slow = copy.deepcopy(network).eval()
        base, heads = split_parameters(network)
        groups = [
            {"params": base, "lr": rate, "top": rate},
            {"params": heads, "lr": 4 * rate, "top": 4 * rate},
        ]
        self.optimiser = torch.optim.AdamW([g for g in groups if g["params"]], weight_decay=0.01, fused=True)
        self.began, self.steps, self.totals = time.monotonic(), 0, {}  # type: ignore[var-annotated]

    @property
    def gone(self) -> float:
        """Share of the time that has passed."""
        return (time.monotonic() - self.began) / self.seconds

    def step(self, kind: str, loss: Tensor) -> None:
        """Learn from one loss."""
        gone = min(1.0, self.gone)
        share = max(0.02, gone / 0.06 if gone < 0.06 else (1 - gone) / 0.94)
        for group in self.optimiser.param_groups:
            group["lr"] = share * group["top"]
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.steps += 1
        keep = min(self.average, self.steps / (self.steps + 50))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.slow.parameters()), list(self.network.parameters()), 1 - keep)
        total = self.totals.setdefault(kind, torch.zeros(2, device=DEVICE))
        total += torch.stack([loss.detach().float(), torch.ones((), device=DEVICE)])

    def report(self, name: str, **figures: Any) -> None:
        """Print one JSON line of the losses since the last one."""
        means = {k: round(float(v[0] / v[1]), 4) for k, v in self.totals.items()}
        self.totals = {}
        print(json.dumps({"run": name, "seconds": round(time.monotonic() - self.began), "steps": self.steps,
                          **means, **figures}), flush=True)  # fmt: skip


def load(path: Path, shape: Shape = NORMAL) -> Network:
    """Return a network with stored weights (float16 or float32) on the device."""
    network = Network(shape=shape)
    state = {k: v.float() for k, v in torch.load(path, map_location="cpu").items()}
    network.load_state_dict(state, strict=False)
    return network.to(DEVICE)


def shrink(network: Network, shape: Shape, layers: Sequence[int], role_layers: Sequence[int]) -> Network:
    """Return a smaller network made of some layers of a larger one, with the units of each layer that weigh most."""
    small = Network(shape=shape).to(DEVICE)
    names = {f"encoder.layers.{new}.": f"encoder.layers.{old}." for new, old in enumerate(layers)}
    names |= {f"roles.layers.{new}.": f"roles.layers.{old}." for new, old in enumerate(role_layers)}
    given, state = network.state_dict(), small.state_dict()
    for key in state:
        start = next((n for n in names if key.startswith(n)), None)
        if start is None:
            state[key].copy_(given[key])
            continue
        old = names[start]
        weight = given[old + "up.weight"].norm(dim=1) * given[old + "down.weight"].norm(dim=0)
        best = weight.topk(shape.inner).indices.sort().values
        value = given[old + key[len(start) :]]
        if key.endswith(("up.weight", "up.bias")):
            value = value[best]
        elif key.endswith("down.weight"):
            value = value[:, best]
        state[key].copy_(value)
    small.load_state_dict(state)
    return small


def _save(network: nn.Module, path: Path) -> None:
    """Write weights as float16: a third of the digits of float32, more than int8 graphs keep."""
    state = {k: v.half().cpu() for k, v in network.state_dict().items() if not k.startswith("guess.")}
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def _figures(network: Network, rows: Rows) -> dict[str, Any]:
    return measure(network, batches(rows["tune"], 128), batches(rows["pairs_held"], 128))


# How many rows of each kind a pass takes; 0 stands for all.
_PRETRAIN = {"names": 0, "predicates": 0, "plain": 0}
_GOLD = {"events": 0, "pairs": 0, "event_pairs": 2500, "names": 8000, "own_names": 0, "predicates": 1000}
_TAUGHT = {**_GOLD, "soft": 60000, "soft_pairs": 12000}


def _counts(a: argparse.Namespace, usual: dict[str, int]) -> dict[str, int]:
    """Return how many rows of each kind a pass takes: what ``--counts`` says, or the usual."""
    return {k: int(n) for k, _, n in (c.partition("=") for c in a.counts)} or usual


def pretrain(a: argparse.Namespace, rows: Rows) -> None:
    """Fit names, predicates and masked words from the base."""
    network = load(a.base)
    copy_upper_layers(network)
    run = _Run(network, a.rate or 2e-4, a.seconds, average=0.995)
    with _feed(rows, _counts(a, _PRETRAIN), 1.0, a.seed, a.makers) as queue:
        while run.gone < 1.0:
            kind, batch = queue.get()
            run.step(kind, losses(network, kind, to_device(batch)))
            if run.steps % 500 == 0:
                run.report("pretrain")
    run.report("pretrain")
    _save(run.slow, a.out)


def teach(a: argparse.Namespace, rows: Rows) -> None:
    """Fit events and all else that is annotated."""
    network = load(a.start)
    run = _Run(network, a.rate or 1.4e-4, a.seconds)
    with _feed(rows, _counts(a, _GOLD), a.quiet_share, a.seed, a.makers) as queue:
        while run.gone < 1.0:
            kind, batch = queue.get()
            kind = LEARNED_AS.get(kind, kind)
            run.step(kind, losses(network, kind, to_device(batch)))
            if run.steps % 1000 == 0:
                run.report(f"teach {a.seed}", **_figures(run.slow, rows))
    run.report(f"teach {a.seed}", **_figures(run.slow, rows))
    _save(run.slow, a.out)


def label(a: argparse.Namespace, rows: Rows) -> None:
    """Let the teachers find the triggers and sides of sentences without annotation."""
    teachers = [load(t).eval() for t in a.teachers]
    plain = rows["plain"]
    soft: list[Row] = []
    pairs: list[Row] = []
    began = time.monotonic()
    with torch.inference_mode():
        for group in chunks(plain, 256, random.Random(0)):
            chosen = [plain[k] for k in group]
            batch = to_device(collate(chosen))
            told = [t.encoder(batch["ids"], batch["casing"], batch["mask"], batch["marks"]) for t in teachers]
            mean = _mean([x[3].float().softmax(-1) for x in told]).cpu().numpy()
            types = _mean([x[4].float().sigmoid() for x in told]).max(-1).values.cpu().numpy()
            own: list[Row] = []
            for k, row in enumerate(chosen):
                n = row["ids"].shape[1]
                p = mean[k, :n, 1::2] + mean[k, :n, 2::2]
                top = p[1:-1].max() if n > 2 else 0.0
                found = find_triggers(p[1:-1], FOUND)[:8] if top >= FOUND else []
                new = {key: row[key] for key in ("ids", "casing", "mask", "marks")}
                new["peak"] = np.array([max(float(top), float(types[k]) * 0.5)], np.float32)
                if found:
                    new["rows"] = np.zeros(len(found), np.int16)
                    new["spans"] = np.array([(f[0] + 1, f[1] + 1) for f in found], np.int16)
                    new["types"] = np.array([1 + f[2] for f in found], np.int16)
                own.append(new)
            soft += own
            pairs += _marked(teachers, told, own)
    with a.out.open("wb") as file:
        pickle.dump({"soft": soft, "soft_pairs": pairs}, file)
    print(json.dumps({"run": "label", "seconds": round(time.monotonic() - began), "sentences": len(soft),
                      "with triggers": sum("rows" in r for r in soft), "pairs": len(pairs)}), flush=True)  # fmt: skip


def _marked(teachers: Sequence[Network], told: Sequence[Any], own: Sequence[Row]) -> list[Row]:
    """Return the sentences with the sides of each event marked, where the teachers find an actor and a recipient."""
    if not any("rows" in r for r in own):
        return []
    batch = to_device(collate([{k: v for k, v in r.items() if k != "peak"} for r in own]))
    rows = batch["rows"]
    read = [t.roles(x[1][rows], batch["mask"][rows], batch["spans"], batch["types"])[0]
            for t, x in zip(teachers, told, strict=True)]  # fmt: skip
    tags = _mean([r.float().softmax(-1) for r in read]).argmax(-1).cpu().numpy()
    out = []
    for at, k in enumerate(rows.tolist()):
        n = own[k]["ids"].shape[1]
        actor, recipient = (np.isin(tags[at, :n], side) for side in ((1, 2), (3, 4)))
        if actor.any() and recipient.any():
            marks = np.where(actor, 1, np.where(recipient, 2, 0)).astype(np.int16)[None]
            out.append({key: own[k][key] for key in ("ids", "casing", "mask")} | {"marks": marks})
    return out


def student(a: argparse.Namespace, rows: Rows) -> None:
    """Fit one network to the annotation and to the mean answer of the teachers."""
    if a.soft:
        with a.soft.open("rb") as file:
            rows |= pickle.load(file)  # our own file, written by ``label``
    teachers = [load(t).eval() for t in a.teachers]
    network = load(a.start)
    if a.shape == "fast":
        network = shrink(network, SHAPES[a.shape], (0, 2, 5), (1,))
    name = f"student {a.shape} {a.out.stem}"
    run = _Run(network, a.rate or 1.4e-4, a.seconds, average=a.average)
    states = 1.0 if a.shape == "fast" else 0.0
    with _feed(rows, _counts(a, _TAUGHT), a.quiet_share, a.seed, a.makers) as queue:
        while run.gone < 1.0:
            kind, batch = queue.get()
            kind, given = LEARNED_AS.get(kind, kind), to_device(batch)
            if kind == "soft_pairs":
                loss = soft_pair_losses(network, teachers, given)
            elif kind == "soft":
                loss = soft_losses(network, teachers, given, states)
            elif kind == "pairs":
                loss = 0.5 * losses(network, kind, given) + soft_pair_losses(network, teachers, given)
            elif kind == "events":
                loss = losses(network, kind, given) + soft_losses(network, teachers, given, states)
            else:
                loss = losses(network, kind, given)
            run.step(kind, loss)
            if run.steps % a.every == 0:
                run.report(name, **_figures(run.slow, rows))
                _save(run.slow, a.out)
    run.report(name, **_figures(run.slow, rows))
    _save(run.slow, a.out)


def sieve(a: argparse.Namespace, rows: Rows) -> None:
    """Fit the small reader that tells sentences without an event."""
    teachers = [load(t).eval() for t in a.teachers]
    with a.soft.open("rb") as file:
        soft = pickle.load(file)["soft"]  # our own file, written by ``label``
    keys = ("ids", "casing", "mask", "peak")
    known = []
    with torch.inference_mode():
        for group in chunks(rows["events"], 256, random.Random(0)):
            chosen = [rows["events"][k] for k in group]
            inputs = ("ids", "casing", "mask", "marks")
            batch = to_device(collate([{k: r[k] for k in inputs} for r in chosen]))
            read = [t.encoder(*(batch[k] for k in inputs)) for t in teachers]
            p = _mean([x[3].float().softmax(-1) for x in read])
            top = ((p[..., 1::2] + p[..., 2::2]).max(-1).values * batch["mask"]).max(-1).values.cpu().numpy()
            known += [
                {k: r[k] for k in keys[:3]}
                | {"peak": np.array([1.0 if "rows" in r else float(t)], np.float32)}
                for r, t in zip(chosen, top, strict=True)
            ]
    given: Rows = {"events": known, "soft": [{k: r[k] for k in keys} for r in soft]}
    network = Sieve()
    run = _Run(network, a.rate or 3e-4, a.seconds, average=0.998)
    with _feed(given, {"events": 0, "soft": 60000}, 1.0, a.seed, a.makers) as queue:
        while run.gone < 1.0:
            kind, batch = queue.get()
            b = to_device(batch)
            wanted = b["peak"].clamp(0.0, 1.0)
            weight = 1.0 + 3.0 * (wanted > 0.3).float()
            logits = network(b["ids"], b["casing"], b["mask"])
            loss = functional.binary_cross_entropy_with_logits(logits.float(), wanted, weight=weight)
            run.step(kind, loss)
            if run.steps % 2000 == 0:
                run.report("sieve", **_sifted(run.slow, rows["tune"]))
    run.report("sieve", **_sifted(run.slow, rows["tune"]))
    _save(run.slow, a.out)


def _sifted(network: nn.Module, tune: list[Row]) -> dict[str, float]:
    """Return the share of tuning sentences that could be skipped at the loss of 0.5 and 1 % of those with an event."""
    logits, events = [], []
    keys = ("ids", "casing", "mask")
    with torch.inference_mode():
        for group in chunks(tune, 128, random.Random(0)):
            chosen = [tune[k] for k in group]
            batch = to_device(collate([{k: r[k] for k in keys} for r in chosen]))
            logits.append(network(*(batch[k] for k in keys)).float().cpu().numpy())
            events += [len(r.get("rows", ())) for r in chosen]
    found, counts = np.concatenate(logits), np.array(events)
    order = np.argsort(found)
    lost = np.cumsum(counts[order]) / max(1, counts.sum())
    return {f"skipped at {s}": round(float((lost <= s).mean()), 4) for s in (0.003, 0.005, 0.01)}


def main(arguments: list[str] | None = None) -> int:
    """Run one step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = {"pretrain": pretrain, "teach": teach, "label": label, "student": student, "sieve": sieve}
    parser.add_argument("step", choices=steps)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--base", type=Path, help="weights of the base as ``dragoman.train.distil`` stores them"
    )
    parser.add_argument("--start", type=Path)
    parser.add_argument("--teachers", type=Path, nargs="*", default=[])
    parser.add_argument("--soft", type=Path)
    parser.add_argument("--shape", choices=SHAPES, default="normal")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--quiet-share", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--average", type=float, default=0.999, help="how slowly the student's average follows it"
    )
    parser.add_argument("--every", type=int, default=1000, help="steps between two reports of a student")
    parser.add_argument(
        "--counts", nargs="*", default=[], metavar="KIND=ROWS", help="rows of each kind in a pass; 0 for all"
    )
    parser.add_argument("--makers", type=int, default=3)
    a = parser.parse_args(arguments)
    torch.manual_seed(a.seed)
    torch.backends.cuda.matmul.allow_tf32 = True
    steps[a.step](a, read_rows(a.rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
