"""Int8 graphs of small float ones: what they tell is nearer to the float graph than plain rounding brings it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from dragoman.train.quantise import TOP, Inputs, Watched, _smooth, fixed_scale, quantise, rounded, watch


def graph(path: Path, *, channels: int = 32, seed: int = 0) -> None:
    """Write a graph of two products, of which the first meets a few large channels."""
    draw = np.random.default_rng(seed)
    first = draw.normal(size=(channels, 16)).astype(np.float32)
    second = draw.normal(size=(16, 8)).astype(np.float32)
    nodes = [
        helper.make_node("MatMul", ["x", "first"], ["h"], name="one"),
        helper.make_node("Tanh", ["h"], ["t"], name="bend"),
        helper.make_node("MatMul", ["t", "second"], ["y"], name="two"),
    ]
    made = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", channels])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 8])],
        [numpy_helper.from_array(first, "first"), numpy_helper.from_array(second, "second")],
    )
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def texts(rows: int, *, channels: int = 32, seed: int = 1) -> np.ndarray:
    """Return inputs with two channels forty times as large as the others."""
    x = np.random.default_rng(seed).normal(size=(rows, channels)).astype(np.float32) / 8
    x[:, :2] *= 40
    return x


def run(path: Path, x: np.ndarray) -> np.ndarray:
    """Return what a graph gives, one row a run as the coder reads one sentence a run."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"x": x[n : n + 1]})[0] for n in range(len(x))])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the float graph."""
    made = tmp_path_factory.mktemp("graphs")
    graph(made / "small.onnx")
    return made


def inputs_of(folder: Path) -> Inputs:
    """Return what the graph's products were given on calibration texts."""
    x = texts(200, seed=2)

    def read(sessions: dict[str, Watched]) -> None:
        for n in range(len(x)):
            (y,) = sessions["small"].run(None, {"x": x[n : n + 1]})
            assert y.shape == (1, 8)

    return watch(folder, ["small"], read)["small"]  # type: ignore[arg-type]


def test_watching_changes_nothing_and_notes_every_product(folder: Path) -> None:
    """The outputs are the graph's own; sums and maxima are those of the inputs."""
    inputs = inputs_of(folder)
    assert set(inputs.largest) == set(inputs.together) == {"x", "t"}
    assert np.allclose(inputs.together["x"], texts(200, seed=2).T @ texts(200, seed=2), rtol=1e-3, atol=1e-2)
    assert np.allclose(inputs.largest["x"], np.abs(texts(200, seed=2)).max(axis=0))


def test_calibrated_graph_is_near_to_the_float_one(folder: Path) -> None:
    """Few large channels do not spoil the others, on whatever processor."""
    x = texts(100, seed=3)
    wanted = run(folder / "small.onnx", x)
    quantise(folder / "small.onnx", folder / "calibrated.onnx", inputs_of(folder))
    wrong = np.abs(run(folder / "calibrated.onnx", x) - wanted).mean()
    assert wrong < 0.05 * np.abs(wanted).mean()


def test_no_weight_exceeds_seven_bits(folder: Path) -> None:
    """Two products never overflow what processors without VNNI add up in one step."""
    quantise(folder / "small.onnx", folder / "seven.onnx", inputs_of(folder))
    stored = {
        i.name: numpy_helper.to_array(i) for i in onnx.load(str(folder / "seven.onnx")).graph.initializer
    }
    weights = [v for name, v in stored.items() if name.endswith("_quantized")]
    assert len(weights) == 2
    assert all(w.dtype == np.int8 and np.abs(w.astype(int)).max() <= TOP for w in weights)


def test_rounding_with_regard_to_inputs_beats_rounding_one_by_one() -> None:
    """What one weight loses, weights of inputs that go with it make up for."""
    draw = np.random.default_rng(4)
    shared = draw.normal(size=(500, 4))
    x = shared @ draw.normal(size=(4, 24)) + 0.1 * draw.normal(size=(500, 24))  # inputs that go together
    weights = draw.normal(size=(24, 6))
    steps, step = rounded(weights, x.T @ x)
    nearest = np.rint(weights / step) * step
    assert np.linalg.norm(x @ (steps * step - weights)) < 0.5 * np.linalg.norm(x @ (nearest - weights))


def test_a_graph_without_calibration_is_rounded_to_eight_bits(folder: Path) -> None:
    """Without texts the weights are rounded one by one."""
    quantise(folder / "small.onnx", folder / "eight.onnx", Inputs())
    stored = {
        i.name: numpy_helper.to_array(i) for i in onnx.load(str(folder / "eight.onnx")).graph.initializer
    }
    assert (
        max(np.abs(v.astype(int)).max() for name, v in stored.items() if name.endswith("_quantized")) == 127
    )


def test_a_row_gives_the_same_bytes_alone_and_among_others(folder: Path) -> None:
    """Scales are fixed, so that neighbours in a run change nothing."""
    quantise(folder / "small.onnx", folder / "fixed.onnx", inputs_of(folder))
    kinds = {n.op_type for n in onnx.load(str(folder / "fixed.onnx")).graph.node}
    assert "DynamicQuantizeLinear" not in kinds
    x = texts(64, seed=5)
    session = onnxruntime.InferenceSession(str(folder / "fixed.onnx"), providers=["CPUExecutionProvider"])
    assert np.array_equal(session.run(None, {"x": x})[0], run(folder / "fixed.onnx", x))


def test_a_fixed_scale_holds_its_range_and_zero() -> None:
    """Nothing of the range is cut off, and 0 has a step of its own."""
    for low, high in ((-3.0, 5.0), (0.5, 2.0), (-4.0, -1.0)):
        step, zero = fixed_scale(low, high)
        assert (0 - float(zero)) * float(step) <= min(low, 0.0) + float(step)
        assert (255 - float(zero)) * float(step) >= max(high, 0.0) - float(step)


def attention(path: Path) -> None:
    """Write a graph of values mixed by given weights, a product, the activation function written with Erf, and a product."""
    draw = np.random.default_rng(3)
    held = {
        "weights": draw.normal(size=(8, 8)), "bias": draw.normal(size=8), "out": draw.normal(size=(8, 8)), "last": draw.normal(size=(8, 4)),
        "root": np.array(2**0.5), "one": np.array(1.0), "half": np.array(0.5),
    }  # fmt: skip
    held["weights"][:, 0] *= 50  # one large channel of the values
    sizes = {"heads": [1, -1, 2, 4], "joined": [1, -1, 8]}
    made = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "weights"], ["v0"]),
            helper.make_node("Add", ["bias", "v0"], ["v1"]),
            helper.make_node("Reshape", ["v1", "heads"], ["v2"]),
            helper.make_node("Transpose", ["v2"], ["v3"], perm=[0, 2, 1, 3]),
            helper.make_node("MatMul", ["mix", "v3"], ["v4"]),
            helper.make_node("Transpose", ["v4"], ["v5"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", ["v5", "joined"], ["mixed"]),
            helper.make_node("MatMul", ["mixed", "out"], ["h"]),
            helper.make_node("Div", ["h", "root"], ["g0"]),
            helper.make_node("Erf", ["g0"], ["g1"]),
            helper.make_node("Add", ["g1", "one"], ["g2"]),
            helper.make_node("Mul", ["h", "g2"], ["g3"]),
            helper.make_node("Mul", ["g3", "half"], ["active"]),
            helper.make_node("MatMul", ["active", "last"], ["y"]),
        ],
        "attention",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "n", 8]), helper.make_tensor_value_info("mix", TensorProto.FLOAT, [1, 2, "n", "n"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, "n", 4])],
        [numpy_helper.from_array(np.asarray(v, dtype=np.float32), k) for k, v in held.items()]
        + [numpy_helper.from_array(np.array(v, dtype=np.int64), k) for k, v in sizes.items()],
    )  # fmt: skip
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def test_what_attention_mixes_is_smoothed_before_it_is_mixed(tmp_path: Path) -> None:
    """Only what goes into the values is divided in the graph; activations are left; the smoothed graph tells the same as the float one."""
    path, smooth = tmp_path / "attention.onnx", tmp_path / "smooth.onnx"
    attention(path)
    draw = np.random.default_rng(4)
    x = draw.normal(size=(1, 5, 8)).astype(np.float32)
    mix = draw.random(size=(1, 2, 5, 5)).astype(np.float32)
    inputs = Inputs()
    (wanted,) = Watched(path, inputs).run(None, {"x": x, "mix": mix})
    factors = _smooth(path, smooth, inputs)
    graph = onnx.load(str(smooth)).graph
    assert [n.output[0] for n in graph.node if n.op_type == "Mul" and n.name.endswith("_smooth")] == [
        "x_smooth"
    ]
    assert set(factors) == {"x_smooth", "mixed", "active"}
    assert np.all(factors["active"][1] == 1)
    assert factors["mixed"][1][0] > 2 * np.median(factors["mixed"][1])
    found = onnxruntime.InferenceSession(str(smooth), providers=["CPUExecutionProvider"]).run(
        None, {"x": x, "mix": mix}
    )
    np.testing.assert_allclose(found[0], wanted, rtol=1e-4, atol=1e-4)
