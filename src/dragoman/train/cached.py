"""Turn every training source into small arrays once, so that a run needs neither texts nor tokeniser.

In: the data folders. Out: one file of pickled rows per kind (``python -m dragoman.train.cached --data … --own … --base … --out FILE``).
A row holds the tensors of one sentence, shape (1, n) or (t, n) for t triggers; ``collate`` makes a padded batch of rows.
"""

from __future__ import annotations

import argparse
import lzma
import pickle
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

IGNORE = -100
CLS, SEP, MASK = 101, 102, 103  # numbers of the special pieces in the base's vocabulary
# Share of sentences that are shown as headlines (Title Case or capitals), so that casing is a hint and not a crutch.
TITLE_SHARE, UPPER_SHARE = 0.06, 0.03
Row = dict[str, np.ndarray]

# Whose last axis is the pieces of the sentence, with what they are padded.
_PADDED = {"ids": 0, "casing": 0, "mask": 0, "marks": 0, "trigger_tags": IGNORE, "name_tags": IGNORE, "role_tags": IGNORE,
           "sector_tags": IGNORE}  # fmt: skip


def rows_of(items: Sequence[tuple[Any, Any]], make: Callable[..., dict[str, Any]]) -> list[Row]:
    """Return a row per tokenised example; ``make`` is one of the batch makers of ``tensors``."""
    rng = random.Random(0)
    out = []
    for item in items:
        row = {k: v.numpy() for k, v in make([item], rng).items()}
        out.append({k: v.astype(np.int16) if v.dtype == np.int64 else v for k, v in row.items()})
    return out


def collate(rows: Sequence[Row]) -> Row:
    """Return one padded batch: arrays (b, n) and, of t triggers in all, (t, n); int64 and float32."""
    n = max(r["ids"].shape[1] for r in rows)
    keys = {k for r in rows for k in r}
    out: Row = {}
    for key in keys:
        parts = []
        for at, row in enumerate(rows):
            value = row.get(key)
            if value is None:
                continue
            if key in _PADDED and value.shape[1] < n:
                value = np.pad(value, ((0, 0), (0, n - value.shape[1])), constant_values=_PADDED[key])
            parts.append(value.astype(np.int64) + at if key == "rows" else value)
        joined = np.concatenate(parts)
        out[key] = joined.astype(np.int64) if np.issubdtype(joined.dtype, np.integer) else joined
    return out


def mask_words(batch: Row, draw: np.random.Generator) -> Row:
    """Return a batch with 15 % of its pieces to be guessed: 80 % masked, 10 % replaced, 10 % left (Devlin et al. 2019)."""
    ids, mask = batch["ids"], batch["mask"]
    special = (ids == CLS) | (ids == SEP) | (mask == 0)
    chosen = (draw.random(ids.shape) < 0.15) & ~special
    fate = draw.random(ids.shape)
    swapped = chosen & (fate >= 0.8) & (fate < 0.9)
    masked = np.where(chosen & (fate < 0.8), MASK, ids)
    masked[swapped] = draw.integers(1000, 30000, int(swapped.sum()))
    return batch | {"ids": masked, "chosen": chosen, "words": ids[chosen]}


def recase(casing: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return casing (b, n) with a few sentences shown as headlines: in Title Case or in capitals."""
    loud = draw.random(len(casing))
    words = casing < 3
    title = (loud < TITLE_SHARE)[:, None] & words
    upper = ((loud >= TITLE_SHARE) & (loud < TITLE_SHARE + UPPER_SHARE))[:, None] & words
    return np.where(title, 1, np.where(upper, 2, casing))


def chunks(rows: Sequence[Row], size: int, rng: random.Random) -> Iterator[list[int]]:
    """Yield groups of ``size`` rows of like length in random order, for one pass."""
    order = sorted(range(len(rows)), key=lambda k: rows[k]["ids"].shape[1] + rng.uniform(-3, 3))
    groups = [order[k : k + size] for k in range(0, len(order), size)]
    rng.shuffle(groups)
    yield from groups


def main(arguments: list[str] | None = None) -> int:
    """Write the file of rows."""
    from tokenizers import Tokenizer

    from dragoman.train import data as source
    from dragoman.train import tensors
    from dragoman.train.__main__ import load_examples

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "own", "base", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args(arguments)
    tokenizer = Tokenizer.from_file(str(a.base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    licences = source.Licences()
    found = load_examples(tokenizer, a.data, a.own, licences)
    plain = source.load_plain(a.data, licences)
    kinds = {
        "events": rows_of(found.events, tensors.event_batch), "tune": rows_of(found.tune, tensors.event_batch),
        "pairs": rows_of(found.pairs, tensors.pair_batch), "event_pairs": rows_of(found.event_pairs, tensors.pair_batch),
        "pairs_held": rows_of(found.pairs_held, tensors.pair_batch),
        "names": rows_of(found.names, tensors.name_batch), "own_names": rows_of(found.own_names, tensors.name_batch),
        "predicates": rows_of(found.predicates, tensors.predicate_batch),
        "plain": [{"ids": np.array([p.ids], np.int16), "casing": np.array([p.casing], np.int8)}
                  for p in tensors.encode(tokenizer, plain)],
    }  # fmt: skip
    with lzma.open(a.out, "wb", preset=3) as file:
        pickle.dump({"rows": kinds, "licences": licences.rows}, file)
    print({k: len(v) for k, v in kinds.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
