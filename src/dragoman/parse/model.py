"""The packaged encoder: ONNX files, their card, and what goes in and comes out of them.

In: texts of sentences. Out: numpy arrays of logits and states. The files are checked against the digests on the card
when they are loaded; a missing or altered file is an error, never a quiet fallback.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dragoman.errors import ModelAltered, ModelMissing
from dragoman.parse.device import Device, open_graph
from dragoman.parse.pieces import casing_of

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

PACKAGED = Path(__file__).with_name("model")
MAX_PIECES = 256  # the base reads 512; beyond 256 a "sentence" is a table or a list


@dataclass(frozen=True, slots=True)
class Labels:
    """The classes of each head, in the order of the logits' last axis."""

    event_types: tuple[str, ...]
    type_modes: tuple[tuple[str, str | None], ...]
    statuses: tuple[str, ...]
    roles: tuple[str, ...]
    names: tuple[str, ...]
    contexts: tuple[str, ...]
    pair_types: tuple[str, ...]
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decoding:
    """Numbers tuned on the split kept out of training (see the model card); rerun the gate when one moves.

    ``trigger_weights`` are (peak logit, sentence logit, constant) of a logistic regression that turns the two
    trigger scores into a calibrated probability; ``type_bias`` adds to it per event type. ``side_weights`` (logit of that
    probability, an actor was found, a recipient was found, constant) are of a second regression, once the sides are read.
    ``pair_bias`` adds to the logits of the type between given sides: rare types are rare in training, not in what is asked.
    """

    trigger_weights: tuple[float, float, float]
    type_bias: tuple[float, ...]
    thresholds: tuple[float, ...]
    candidate: float
    role_thresholds: Mapping[str, float]
    role_temperature: float
    mode_temperature: float
    status_temperature: float
    context_threshold: float
    name_threshold: float
    pair_temperature: float
    pair_bias: tuple[float, ...]
    sector_temperature: float
    side_weights: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One tokenised sentence; ``cut`` tells that it was longer than the encoder reads."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    casing: list[int]
    cut: bool


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says of a batch: b sentences, n pieces, float32.

    states and middle (those the role reader goes on from) (b, n, 384); names (b, n, 11); triggers (b, n, 33); sentence_types (b, 16); contexts (b, 37); mask (b, n).
    """

    states: Floats
    middle: Floats
    names: Floats
    triggers: Floats
    sentence_types: Floats
    contexts: Floats
    mask: Ints


@dataclass(frozen=True, slots=True)
class RolesRead:
    """What the role reader says of t triggers, float32.

    roles (t, n, 1 + 2 × roles); statuses (t, 4); modes (t, modes); sectors (t, n, sectors): of each piece, were it part of
    a side.
    """

    roles: Floats
    statuses: Floats
    modes: Floats
    sectors: Floats


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_card(folder: Path = PACKAGED) -> dict[str, Any]:
    """Return the model card.

    Raises:
        ModelMissing: There is no card in the folder.
        ModelAltered: The card is not JSON.
    """
    path = folder / "card.json"
    if not path.is_file():
        raise ModelMissing(
            f'no encoder found: "{path}" does not exist. Reinstall dragoman, or train one: make train'
        )
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelAltered(f'the model card "{path}" is not JSON ({error}). Reinstall dragoman.') from error
    return card


def check_files(folder: Path, card: Mapping[str, Any]) -> str:
    """Check every model file against the card and return the model's digest (16 hex digits).

    Raises:
        ModelMissing: A file on the card is not there.
        ModelAltered: A file's SHA-256 is not the one on the card.
    """
    for name, wanted in card["files"].items():
        path = folder / name
        if not path.is_file():
            raise ModelMissing(
                f'model file "{path}" is missing. Reinstall dragoman, or train one: make train'
            )
        found = _digest(path)
        if found != wanted:
            raise ModelAltered(
                f'model file "{path}" has SHA-256 {found[:16]}…, its card says {wanted[:16]}…. '
                "It was altered or cut off; reinstall dragoman."
            )
    whole = json.dumps([card["files"], card["labels"], card["decoding"]], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def digest_on(digest: str, device: Device) -> str:
    """Return what names an encoder where it runs: floats give other last digits than bytes, and records say which they come from."""
    return digest if device == "cpu" else f"{digest}~float"


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


class EncoderModel:
    """The encoder and its readers in onnxruntime; owned by a Parser, safe to share between threads.

    Args:
        folder: Holds ``card.json`` and the files it names.
        threads: Threads within one run of the graph.
        device: Where the graphs run; see ``dragoman.parse.device``.

    Attributes:
        has_fixed_scales: Whether no graph of sentences works out the scale of its activations in each run.

    Raises:
        DeviceMissing: The device could not be used.
        ModelMissing: A file is not there.
        ModelAltered: A file is not the one on the card.
    """

    def __init__(self, folder: Path = PACKAGED, *, threads: int = 1, device: Device = "cpu") -> None:
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        from tokenizers import Tokenizer

        self.card = read_card(folder)
        self.device = device
        self.weights = check_files(folder, self.card)
        self.digest = digest_on(self.weights, device)
        self.labels = Labels(**{k: _tuples(v) for k, v in self.card["labels"].items()})
        self.decoding = Decoding(**{k: _tuples(v) for k, v in self.card["decoding"].items()})
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        # A user's own graphs, or those of earlier versions: what they tell of a sentence depends on what shares its run.
        self.has_fixed_scales = not any(
            b"DynamicQuantizeLinear" in (folder / name).read_bytes()
            for name in ("encoder.onnx", "roles.onnx")
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._sessions = {
            name: open_graph(folder / f"{name}.onnx", options, device=device)
            for name in ("encoder", "roles", "pairs")
        }

    def tokenise(self, texts: Sequence[str]) -> list[Tokens]:
        """Return word pieces of texts, each cut at ``MAX_PIECES``."""
        out = []
        for text, encoding in zip(texts, self._tokenizer.encode_batch(list(texts)), strict=True):
            ids, offsets = encoding.ids, encoding.offsets
            cut = len(ids) > MAX_PIECES
            if cut:
                ids, offsets = ids[:MAX_PIECES], offsets[:MAX_PIECES]
            out.append(Tokens(ids, offsets, casing_of(text, offsets), cut))
        return out

    def encode(self, batch: Sequence[Tokens], marks: Ints | None = None) -> Encoded:
        """Run the encoder over sentences of like length.

        Args:
            batch: Tokenised sentences.
            marks: int64 (b, n): 1 on an actor's pieces, 2 on a recipient's; None for none.
        """
        n = max(len(t.ids) for t in batch)
        ids = np.zeros((len(batch), n), dtype=np.int64)
        casing, mask = np.zeros_like(ids), np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            size = len(tokens.ids)
            ids[row, :size] = tokens.ids
            casing[row, :size] = tokens.casing
            mask[row, :size] = 1
        feed = {
            "ids": ids,
            "casing": casing,
            "mask": mask,
            "marks": np.zeros_like(ids) if marks is None else marks,
        }
        states, middle, names, triggers, sentence_types, contexts = self._sessions["encoder"].run(None, feed)
        return Encoded(states, middle, names, triggers, sentence_types, contexts, mask)

    def read_roles(
        self, encoded: Encoded, rows: Sequence[int], spans: Sequence[tuple[int, int]], types: Sequence[int]
    ) -> RolesRead:
        """Return what the role reader says of triggers.

        Args:
            encoded: The batch the triggers stand in.
            rows: Sentence number of each trigger.
            spans: First and last + 1 piece of each trigger.
            types: Index into ``labels.event_types`` of each trigger.
        """
        index = np.asarray(rows, dtype=np.int64)
        feed = {
            "middle": encoded.middle[index],
            "mask": encoded.mask[index],
            "spans": np.asarray(spans, dtype=np.int64),
            "types": np.asarray(types, dtype=np.int64) + 1,
        }
        roles, status, modes, sectors = self._sessions["roles"].run(None, feed)
        return RolesRead(roles, status, modes, sectors)

    def read_pairs(self, encoded: Encoded, marks: Ints) -> Floats:
        """Return logits (b, 15) of the type between each sentence's marked actor and recipient."""
        feed = {"states": encoded.states, "mask": encoded.mask, "marks": marks}
        logits: Floats = self._sessions["pairs"].run(None, feed)[0]
        return logits
