"""Joint 8-bit products: the same bits as the nodes that they stand for, and only where scales are fixed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from dragoman.parse.device import JOINT, float_form
from dragoman.train.fusing import fuse


def graph(path: Path, *, bias: bool = True, fixed: bool = True, shown: bool = False) -> None:
    """Write a graph of one 8-bit product as quantisation leaves it; ``shown`` makes the product itself an output."""
    draw = np.random.default_rng(3)
    held = {
        "step": np.float32(0.05),
        "zero": np.uint8(120),
        "w": draw.integers(-64, 65, size=(32, 12)).astype(np.int8),
        "w_scale": draw.uniform(0.01, 0.1, size=(1, 12)).astype(np.float32),
        "w_zero": draw.integers(-3, 4, size=12).astype(np.int8),
        "bias": draw.normal(scale=5, size=12).astype(np.float32),
        "half": np.float32(0.5),
    }
    quantised = ["q", "step", "zero"]
    rounding = (
        helper.make_node("QuantizeLinear", ["x", "step", "zero"], ["q"], name="round")
        if fixed
        else helper.make_node("DynamicQuantizeLinear", ["x"], quantised, name="round")
    )
    nodes = [
        rounding,
        helper.make_node("Mul", ["step", "w_scale"], ["scales"], name="scales"),
        helper.make_node("MatMulInteger", ["q", "w", "zero", "w_zero"], ["whole"], name="product"),
        helper.make_node("Cast", ["whole"], ["cast"], to=TensorProto.FLOAT, name="cast"),
        helper.make_node("Mul", ["cast", "scales"], ["scaled"], name="scale"),
        *([helper.make_node("Add", ["bias", "scaled"], ["sum"], name="add")] if bias else []),
        helper.make_node("Mul", ["sum" if bias else "scaled", "half"], ["y"], name="halve"),
    ]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["b", "n", 12])]
    if shown:
        outputs.append(helper.make_tensor_value_info("scaled", TensorProto.FLOAT, ["b", "n", 12]))
    made = helper.make_graph(
        nodes, "one", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["b", "n", 32])], outputs,
        [numpy_helper.from_array(np.asarray(v), k) for k, v in held.items() if fixed or k not in ("step", "zero")],
    )  # fmt: skip
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def told(path: Path) -> list[np.ndarray]:
    """Return what a graph gives for drawn inputs."""
    x = np.random.default_rng(5).normal(scale=2, size=(3, 7, 32)).astype(np.float32)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given: list[np.ndarray] = session.run(None, {"x": x})
    return given


def kinds(path: Path) -> list[str]:
    """Return the kinds of a graph's nodes in order."""
    return [n.op_type for n in onnx.load(str(path)).graph.node]


@pytest.mark.parametrize("bias", [True, False])
def test_a_joint_product_gives_the_same_bits(tmp_path: Path, *, bias: bool) -> None:
    """Product, cast, scales and bias become one node, and no bit changes."""
    graph(tmp_path / "one.onnx", bias=bias)
    before = told(tmp_path / "one.onnx")
    assert fuse(tmp_path / "one.onnx") == 1
    assert kinds(tmp_path / "one.onnx") == ["QuantizeLinear", JOINT, "Mul"]
    assert all(np.array_equal(a, b) for a, b in zip(before, told(tmp_path / "one.onnx"), strict=True))


def test_a_product_that_is_read_elsewhere_keeps_its_bias_apart(tmp_path: Path) -> None:
    """What the graph gives out is still made."""
    graph(tmp_path / "one.onnx", shown=True)
    before = told(tmp_path / "one.onnx")
    assert fuse(tmp_path / "one.onnx") == 1
    assert kinds(tmp_path / "one.onnx") == ["QuantizeLinear", JOINT, "Add", "Mul"]
    assert all(np.array_equal(a, b) for a, b in zip(before, told(tmp_path / "one.onnx"), strict=True))


def test_products_with_scales_of_their_run_stay(tmp_path: Path) -> None:
    """The runtime joins those itself."""
    graph(tmp_path / "one.onnx", fixed=False)
    before = kinds(tmp_path / "one.onnx")
    assert fuse(tmp_path / "one.onnx") == 0
    assert kinds(tmp_path / "one.onnx") == before


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("joint", [True, False])
def test_the_float_form_of_both_is_near(tmp_path: Path, *, bias: bool, joint: bool) -> None:
    """For a device either form is written as a product of floats, whose inputs are no longer rounded."""
    graph(tmp_path / "one.onnx", bias=bias, fixed=joint)
    before = told(tmp_path / "one.onnx")[0]
    assert fuse(tmp_path / "one.onnx") == joint
    written = float_form(tmp_path / "one.onnx")
    (tmp_path / "floats.onnx").write_bytes(written)
    assert "MatMul" in kinds(tmp_path / "floats.onnx")
    assert JOINT not in kinds(tmp_path / "floats.onnx")
    # The bias alone is a tenth of what is told; rounding the inputs moves it by a hundredth.
    wrong = np.abs(told(tmp_path / "floats.onnx")[0] - before).mean()
    assert wrong < 0.02 * np.abs(before).mean()
