"""Give back float weights from packaged int8 graphs: ``python -m dragoman.train.restore --out packaged.pt``.

Weights before rounding are not kept in the project. What the graphs hold is within half a step of them, close enough to go on training
from: the packaged encoder itself is such a start (``python -m dragoman.train --start packaged.pt``). Missing are the heads that only
training uses, for predicates and masked words; they start fresh.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from dragoman.parse.device import JOINT

Floats = npt.NDArray[np.float32]
_PREFIXES = {"encoder": "encoder.", "roles": "roles.", "pairs": "pairs."}
_QUANTISED, _TRANSPOSED, _BIAS = "_quantized", ".weight_Transposed", ".bias"
_MOST_STEPS = 8  # nodes between a product and the bias that is added to it


def floats_of(path: Path) -> dict[str, Floats]:
    """Return the parameters of an int8 graph by the names that they have in the network.

    Args:
        path: A graph that ``dragoman.train.quantise`` wrote.

    Raises:
        ValueError: A weight's name cannot be told.
    """
    graph = onnx.load(str(path)).graph
    held = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    users: dict[str, list[Any]] = defaultdict(list)
    made_by = {name: node for node in graph.node for name in node.output}
    for node in graph.node:
        for name in node.input:
            users[name].append(node)
    out: dict[str, Floats] = {}
    for name, value in held.items():
        if name.endswith(_QUANTISED):
            base = name[: -len(_QUANTISED)]
            weight = (value.astype(np.float32) - held[f"{base}_zero_point"].astype(np.float32)) * held[
                f"{base}_scale"
            ]
            out |= _named(base, weight, users, held, made_by)
        elif name.endswith((_BIAS, ".weight")):
            out[name] = value
    return {k: np.ascontiguousarray(v, dtype=np.float32) for k, v in out.items()}


def _named(base: str, weight: Floats, users: Any, held: Any, made_by: Any) -> dict[str, Floats]:
    """Return a weight under the network's name for it; products hold the transposed of a layer's."""
    if base.endswith(".weight"):
        return {base: weight}
    product = next(n for n in users[f"{base}{_QUANTISED}"] if n.op_type in ("MatMulInteger", JOINT))
    weight = weight * _smoothing(product, held, made_by)
    if _TRANSPOSED in base:
        return {base[: base.index(_TRANSPOSED)] + ".weight": weight.T}
    node = product
    for _ in range(_MOST_STEPS):
        bias = next((i for i in node.input if i in held and i.endswith(_BIAS)), None)
        if node.op_type in ("Add", JOINT) and bias is not None:
            return {f"{bias[: -len(_BIAS)]}.weight": weight.T}
        node = next((u for name in node.output for u in users[name]), None)
        if node is None:
            break
    raise ValueError(f'no bias tells which layer "{base}" is.')


def _smoothing(product: Any, held: Any, made_by: Any) -> Floats:
    """Return what the channels of a product's input are multiplied by before it, (k, 1); 1 for nothing."""
    steps = made_by.get(product.input[0])
    before = made_by.get(steps.input[0]) if steps is not None else None
    if before is not None and before.op_type == "Mul":
        for name in before.input:
            if name.endswith("_smoothing") and name in held:
                return np.asarray(held[name], np.float32)[:, None]
    return np.ones((1, 1), np.float32)


def main(arguments: list[str] | None = None) -> int:
    """Write the weights of the packaged graphs, or of those in a folder."""
    import torch

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    packaged = Path(str(resources.files("dragoman.parse").joinpath("model")))
    parser.add_argument(
        "--model", type=Path, default=packaged, help="folder of the graphs; without, the packaged ones"
    )
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    a = parser.parse_args(arguments)
    state = {
        f"{prefix}{name}": torch.from_numpy(value.copy())
        for graph, prefix in _PREFIXES.items()
        for name, value in floats_of(a.model / f"{graph}.onnx").items()
    }
    torch.save(state, a.out)
    print(f"{len(state)} parameters written to {a.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
