"""The rows that training reads: batches are padded as the losses expect them, and every row is drawn once a pass."""

from __future__ import annotations

import random

import numpy as np

from dragoman.train.cached import CLS, IGNORE, MASK, SEP, chunks, collate, mask_words


def _row(n: int, triggers: int = 0) -> dict[str, np.ndarray]:
    row: dict[str, np.ndarray] = {
        "ids": np.array([[CLS, *range(2000, 1998 + n), SEP]], np.int16),
        "casing": np.ones((1, n), np.int16),
        "mask": np.ones((1, n), np.int16),
        "trigger_tags": np.zeros((1, n), np.int16),
        "sentence_types": np.zeros((1, 16), np.float32),
    }
    if triggers:
        row |= {
            "rows": np.zeros(triggers, np.int16),
            "role_tags": np.zeros((triggers, n), np.int16),
            "spans": np.tile(np.array([[1, 2]], np.int16), (triggers, 1)),
        }
    return row


def test_batch_is_padded_and_triggers_point_to_their_sentence() -> None:
    """Sentences are padded to the longest; what is padded is ignored by the losses."""
    batch = collate([_row(4), _row(7, triggers=2), _row(5, triggers=1)])
    assert batch["ids"].shape == (3, 7)
    assert batch["mask"].sum(axis=1).tolist() == [4, 7, 5]
    assert batch["trigger_tags"][0].tolist() == [0] * 4 + [IGNORE] * 3
    assert batch["rows"].tolist() == [1, 1, 2]
    assert batch["role_tags"].shape == (3, 7)
    assert batch["role_tags"][2].tolist() == [0] * 5 + [IGNORE] * 2
    assert batch["ids"].dtype == np.int64
    assert batch["sentence_types"].dtype == np.float32


def test_pass_draws_every_row_once_in_groups_of_like_length() -> None:
    """A pass leaves nothing out and pads little."""
    rows = [_row(3 + k % 40) for k in range(100)]
    groups = list(chunks(rows, 16, random.Random(3)))
    assert sorted(k for group in groups for k in group) == list(range(100))
    spread = [np.ptp([rows[k]["ids"].shape[1] for k in group]) for group in groups]
    assert max(spread) < 20


def test_masked_words_are_guessed_and_ends_and_padding_are_not() -> None:
    """About 15 in 100 pieces are to be guessed, most of them masked."""
    batch = collate([_row(60) for _ in range(40)] + [_row(30)])
    masked = mask_words(batch, np.random.default_rng(5))
    chosen = masked["chosen"]
    assert not chosen[:, 0].any()
    assert not chosen[batch["ids"] == SEP].any()
    assert not chosen[batch["mask"] == 0].any()
    assert 0.1 < chosen[batch["mask"] == 1].mean() < 0.2
    assert (masked["words"] == batch["ids"][chosen]).all()
    assert 0.7 < (masked["ids"][chosen] == MASK).mean() < 0.9
    assert (masked["ids"][~chosen] == batch["ids"][~chosen]).all()
