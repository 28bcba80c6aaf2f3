"""Export trained weights as int8 ONNX files with a card: ``python -m dragoman.train.export``.

In: ``events.final.pt``. Out: ``encoder.onnx``, ``roles.onnx``, ``pairs.onnx``, ``tokenizer.json`` and ``card.json``.
Weights are QInt8 by dynamic quantisation, one scale per channel (1.5 points of type F1 over one per tensor, see
``docs/model-log.md``); QUInt8 and fused graphs were measured slower.
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
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn

from dragoman.parse.model import EncoderModel
from dragoman.train import data as source
from dragoman.train.__main__ import load_examples
from dragoman.train.calibrate import DEFAULT_DECODING, calibrate
from dragoman.train.network import WIDTH, Network


def _trace(
    module: nn.Module, inputs: dict[str, torch.Tensor], outputs: list[str], axes: dict[str, Any], path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, tuple(inputs.values()), str(path), input_names=list(inputs), output_names=outputs,
                          dynamic_axes=axes, opset_version=17, dynamo=False)  # fmt: skip


def export_graphs(network: Network, folder: Path) -> None:
    """Write the three int8 graphs of a network into a folder."""
    network.eval()
    b, n = 2, 12
    whole = torch.ones(b, n, dtype=torch.int64)
    sequence = {0: "b", 1: "n"}
    with tempfile.TemporaryDirectory() as temporary, torch.no_grad():
        raw = Path(temporary)
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
        for name in ("encoder", "roles", "pairs"):
            quantize_dynamic(
                str(raw / f"{name}.onnx"),
                str(folder / f"{name}.onnx"),
                weight_type=QuantType.QInt8,
                per_channel=True,
            )


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
    a = parser.parse_args(arguments)
    logging.getLogger().setLevel(logging.ERROR)
    a.out.mkdir(parents=True, exist_ok=True)
    network = Network()
    network.load_state_dict(torch.load(a.weights), strict=False)
    export_graphs(network, a.out)
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
