"""Float weights out of int8 graphs: within half a step of those that were rounded, under the network's names."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from dragoman.train.quantise import quantise, watch
from dragoman.train.restore import floats_of


def graph(path: Path) -> dict[str, np.ndarray]:
    """Write a float graph of two layers and return its parameters; weights are stored transposed, as in the network."""
    draw = np.random.default_rng(1)
    held = {
        "first.weight": draw.normal(size=(16, 32)).astype(np.float32),
        "first.bias": draw.normal(size=16).astype(np.float32),
        "second.weight": draw.normal(size=(8, 16)).astype(np.float32),
        "second.bias": draw.normal(size=8).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "onnx::MatMul_1"], ["a"], name="one"),
        helper.make_node("Add", ["first.bias", "a"], ["h"], name="add"),
        helper.make_node("Tanh", ["h"], ["t"], name="bend"),
        helper.make_node("MatMul", ["t", "onnx::MatMul_2"], ["b"], name="two"),
        helper.make_node("Add", ["second.bias", "b"], ["y"], name="add_too"),
    ]
    made = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 8])],
        [
            numpy_helper.from_array(np.ascontiguousarray(held["first.weight"].T), "onnx::MatMul_1"),
            numpy_helper.from_array(held["first.bias"], "first.bias"),
            numpy_helper.from_array(np.ascontiguousarray(held["second.weight"].T), "onnx::MatMul_2"),
            numpy_helper.from_array(held["second.bias"], "second.bias"),
        ],
    )
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return held


@pytest.mark.parametrize("calibrated", [False, True])
def test_weights_come_back_within_their_rounding(tmp_path: Path, *, calibrated: bool) -> None:
    """Plain rounding is within half a step; with smoothing and rounding by inputs the product stays nearly what it was."""
    held = graph(tmp_path / "small.onnx")
    draw = np.random.default_rng(2)
    x = draw.normal(size=(400, 32)).astype(np.float32)
    x[:, :3] *= 20
    inputs = None
    if calibrated:
        inputs = watch(tmp_path, ["small"], lambda sessions: sessions["small"].run(None, {"x": x}))["small"]
    quantise(tmp_path / "small.onnx", tmp_path / "rounded.onnx", inputs)
    found = floats_of(tmp_path / "rounded.onnx")
    assert found.keys() == held.keys()
    assert all(found[k].shape == held[k].shape for k in held)
    for name in ("first.bias", "second.bias"):
        assert np.array_equal(found[name], held[name])
    if not calibrated:
        step = np.abs(held["first.weight"]).max(axis=1, keepdims=True) / 127
        assert (np.abs(found["first.weight"] - held["first.weight"]) <= 0.51 * step).all()
    told, true = x @ found["first.weight"].T, x @ held["first.weight"].T
    assert np.abs(told - true).mean() < 0.02 * np.abs(true).mean()


def test_all_weights_of_the_packaged_graphs_are_told() -> None:
    """Every product of the packaged graphs has its layer's name, and there is one weight per bias."""
    folder = Path(str(resources.files("dragoman.parse").joinpath("model")))
    for name in ("encoder", "roles", "pairs"):
        found = floats_of(folder / f"{name}.onnx")
        biases = {k.removesuffix(".bias") for k in found if k.endswith(".bias")}
        assert biases
        assert biases <= {k.removesuffix(".weight") for k in found if k.endswith(".weight")}
