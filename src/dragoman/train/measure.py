"""Measure a network while it trains, on sentences kept out of the fit: cheap figures that rank epochs.

The reported figures come from the whole coder (``dragoman eval``); these only tell whether training goes well.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from dragoman.parse.decode import find_runs, type_probabilities
from dragoman.train.data import PAIR_TYPES
from dragoman.train.network import Network

Batch = dict[str, Any]


def narrow() -> torch.autocast:
    """Return bfloat16 arithmetic where the processor has it; elsewhere it is emulated and slower than float32."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=bool(torch.cpu._is_avx512_bf16_supported()))


def _f1(right: int, gold: int, found: int) -> float:
    return round(2 * right / (gold + found), 4) if gold + found else 0.0


def find_triggers(p: np.ndarray, threshold: float) -> list[tuple[int, int, int, float]]:
    """Return the runs of pieces, as ``find_runs`` gives them above half the threshold, whose peak is above the whole."""
    return [run for run in find_runs(p, threshold * 0.5) if run[3] >= threshold]


def measure(network: Network, tune: Iterable[Batch], pairs_held: Iterable[Batch]) -> dict[str, Any]:
    """Return figures on batches of the tuning sentences and of the held-back pairs."""
    network.eval()
    thresholds = [0.2, 0.3, 0.4, 0.5]
    counts: dict[float, collections.Counter[str]] = {t: collections.Counter() for t in thresholds}
    roles: collections.Counter[str] = collections.Counter()
    with torch.inference_mode(), narrow():
        for batch in tune:
            _, middle, _, triggers, _, _ = network.encoder(
                batch["ids"], batch["casing"], batch["mask"], batch["marks"]
            )
            logits, gold_tags = triggers.float().cpu().numpy(), batch["trigger_tags"].cpu().numpy()
            for row in range(len(logits)):
                n = int(batch["mask"][row].sum())
                gold = collections.Counter(
                    int((t - 1) // 2) for t in gold_tags[row, :n] if t > 0 and t % 2 == 1
                )
                p = type_probabilities(logits[row, :n])
                for threshold in thresholds:
                    found = collections.Counter(t for _, _, t, _ in find_triggers(p, threshold))
                    counts[threshold]["gold"] += gold.total()
                    counts[threshold]["found"] += found.total()
                    counts[threshold]["right"] += (gold & found).total()
            if "rows" in batch:
                rows = batch["rows"]
                tags, status, mode, sectors = network.roles(
                    middle[rows], batch["mask"][rows], batch["spans"], batch["types"]
                )
                found_tags, wanted = tags.argmax(-1).cpu().numpy(), batch["role_tags"].cpu().numpy()
                known = wanted >= 0
                roles["gold"] += int((known & (wanted > 0)).sum())
                roles["found"] += int((known & (found_tags > 0)).sum())
                roles["right"] += int((known & (wanted > 0) & (wanted == found_tags)).sum())
                roles["n"] += len(rows)
                sided = batch["sector_tags"] >= 0
                roles["sided"] += int(sided.sum())
                roles["sector"] += int((sided & (sectors.argmax(-1) == batch["sector_tags"])).sum())
                roles["status"] += int((status.argmax(-1) == batch["statuses"]).sum())
                roles["mode"] += int((mode.argmax(-1) == batch["modes"]).sum())
        pair_f1 = _pair_macro(network, pairs_held)
    best = max(thresholds, key=lambda t: _f1(counts[t]["right"], counts[t]["gold"], counts[t]["found"]))
    c = counts[best]
    return {
        "type_f1": _f1(c["right"], c["gold"], c["found"]), "threshold": best,
        "role_piece_f1": _f1(roles["right"], roles["gold"], roles["found"]),
        "status": round(roles["status"] / max(1, roles["n"]), 4), "mode": round(roles["mode"] / max(1, roles["n"]), 4),
        "sector": round(roles["sector"] / max(1, roles["sided"]), 4), "pair_macro_f1": pair_f1,
    }  # fmt: skip


def _pair_macro(network: Network, held: Iterable[Batch]) -> float:
    right, gold, found = (collections.Counter[int]() for _ in range(3))
    for batch in held:
        states = network.encoder(batch["ids"], batch["casing"], batch["mask"], batch["marks"])[0]
        guess = network.pairs(states, batch["mask"], batch["marks"]).argmax(-1).tolist()
        for g, p in zip(batch["pair_types"].tolist(), guess, strict=True):
            gold[g] += 1
            found[p] += 1
            right[g] += g == p
    scores = [_f1(right[t], gold[t], found[t]) for t in range(len(PAIR_TYPES)) if gold[t]]
    return round(sum(scores) / max(1, len(scores)), 4)
