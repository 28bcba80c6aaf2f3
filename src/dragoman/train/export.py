"""Export trained weights as int8 ONNX files with a card: ``python -m dragoman.train.export``.

In: ``events.final.pt``. Out: ``encoder.onnx``, ``roles.onnx``, ``pairs.onnx``, ``tokenizer.json`` and ``card.json``.
Weights are int8, one scale per channel, smoothed, rounded and with fixed scales by ``dragoman.train.quantise`` over articles of our own
newsroom; without ``--own`` quantisation is dynamic. Unsigned weights were measured slower.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import shutil
import sys
import tempfile
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn

from dragoman.parse.model import EncoderModel
from dragoman.pipeline import Coder, load
from dragoman.records import RawArticle
from dragoman.train import data as source
from dragoman.train.__main__ import load_examples
from dragoman.train.calibrate import DEFAULT_DECODING, calibrate
from dragoman.train.network import SHAPES, WIDTH, Network
from dragoman.train.quantise import Inputs, quantise, watch


def _trace(
    module: nn.Module, inputs: dict[str, torch.Tensor], outputs: list[str], axes: dict[str, Any], path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, tuple(inputs.values()), str(path), input_names=list(inputs), output_names=outputs,
                          dynamic_axes=axes, opset_version=17, dynamo=False)  # fmt: skip


GRAPHS = ("encoder", "roles", "pairs")
CALIBRATION = 120  # articles that say how large activations are


def export_floats(network: Network, raw: Path) -> None:
    """Write the three float graphs of a network into a folder."""
    network.eval()
    b, n = 2, 12
    whole = torch.ones(b, n, dtype=torch.int64)
    sequence = {0: "b", 1: "n"}
    with torch.no_grad():
        inputs = {"ids": whole * 1000, "casing": whole, "mask": whole, "marks": whole * 0}
        outputs = ["states", "middle", "names", "triggers", "sentence_types", "contexts"]
        axes: dict[str, Any] = dict.fromkeys([*inputs, *outputs[:4]], sequence)
        axes |= {k: {0: "b"} for k in outputs[4:]}
        _trace(network.encoder, inputs, outputs, axes, raw / "encoder.onnx")
        states = torch.randn(3, n, WIDTH)
        inputs = {"middle": states, "mask": torch.ones(3, n, dtype=torch.int64),
                  "spans": torch.tensor([[1, 3], [2, 4], [5, 6]]), "types": torch.tensor([1, 2, 3])}  # fmt: skip
        axes = {"middle": sequence, "mask": sequence, "roles": sequence, "sectors": sequence} | {
            k: {0: "b"} for k in ("spans", "types", "status", "modes")
        }
        _trace(network.roles, inputs, ["roles", "status", "modes", "sectors"], axes, raw / "roles.onnx")
        inputs = {"states": states, "mask": inputs["mask"], "marks": torch.randint(0, 3, (3, n))}
        axes = dict.fromkeys(inputs, sequence) | {"types": {0: "b"}}
        _trace(network.pairs, inputs, ["types"], axes, raw / "pairs.onnx")


def read_for_calibration(coder: Coder, own: Path, sessions: Mapping[str, Any]) -> None:
    """Read newsroom articles of the training set with other sessions than a coder's own."""
    coder.parse.model._sessions.update(sessions)
    lines = [
        line
        for f in sorted((own / "newsroom").glob("*.jsonl"))
        for line in f.read_text(encoding="utf-8").splitlines()
    ]
    rows = [json.loads(line) for line in lines[:: max(1, len(lines) // CALIBRATION)]]
    coder([RawArticle(row["text"], "text/plain", row["id"], published_on=date.fromisoformat(row["published_on"]), verbatim=True) for row in rows])  # fmt: skip


def export_graphs(network: Network, folder: Path, own: Path | None, card: Mapping[str, Any]) -> None:
    """Write the three int8 graphs of a network into a folder.

    Args:
        network: The network.
        folder: Where to.
        own: Our own data, of which the newsroom calibrates; None rounds without calibration.
        card: What the card will say, as far as it is known; the tokenizer is in the folder.
    """
    with tempfile.TemporaryDirectory() as temporary:
        raw = Path(temporary)
        export_floats(network, raw)
        inputs: dict[str, Inputs] = {}
        if own is not None:
            shutil.copy(folder / "tokenizer.json", raw / "tokenizer.json")
            write_card(raw, dict(card))
            coder = load(
                model=raw, threads=1, batch_size=1
            )  # in turn: what is noted is not shared between threads
            inputs = watch(raw, GRAPHS, lambda sessions: read_for_calibration(coder, own, sessions))
        for name in GRAPHS:
            quantise(raw / f"{name}.onnx", folder / f"{name}.onnx", inputs.get(name))


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write the card with the digests of the files beside it."""
    names = ["encoder.onnx", "roles.onnx", "pairs.onnx", "tokenizer.json"]
    card["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Export, calibrate and write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--own", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shape", choices=SHAPES, default="normal", help="which network the weights are of")
    a = parser.parse_args(arguments)
    logging.getLogger().setLevel(logging.ERROR)
    a.out.mkdir(parents=True, exist_ok=True)
    network = Network(shape=SHAPES[a.shape])
    network.load_state_dict({k: v.float() for k, v in torch.load(a.weights).items()}, strict=False)
    shutil.copy(a.base / "tokenizer.json", a.out / "tokenizer.json")
    labels = {
        "event_types": source.TYPES, "type_modes": source.TYPE_MODES, "statuses": source.STATUSES,
        "roles": source.ROLES, "names": source.NAMES, "contexts": source.CONTEXTS, "pair_types": source.PAIR_TYPES,
        "sectors": source.SECTORS,
    }  # fmt: skip
    licences = source.Licences()
    tokenizer = Tokenizer.from_file(str(a.base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    examples = load_examples(tokenizer, a.data, a.own, licences)
    card: dict[str, Any] = {
        "name": "dragoman-encoder", "base": "all-MiniLM-L6-v2 (Apache-2.0)", "labels": labels,
        "decoding": DEFAULT_DECODING, "trained_on": licences.rows,
    }  # fmt: skip
    export_graphs(network, a.out, a.own, card)
    write_card(a.out, card)
    model = EncoderModel(a.out, threads=2)
    decoding, figures = calibrate(
        model,
        [e for e, _ in examples.tune],
        [p for p, _ in examples.pairs_held],
        [p for p, _ in examples.pairs_tune],
        [p for p, _ in examples.pairs_given],
    )
    card |= {"decoding": decoding, "figures_on_tuning_split": figures}
    write_card(a.out, card)
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
