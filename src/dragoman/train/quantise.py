"""Make int8 graphs of float ones so that they tell the same: smoothed activations, weights rounded with regard to their inputs.

Dynamic quantisation gives the activations of a run one scale, which a few large channels decide for all, and which depends on what else
is in the run. Here activations have fixed scales, so that a sentence gives the same bytes alone and among others. What that would cost two
published remedies give back, both computed once, from articles of the training set:

- Each channel is divided by a factor and the weights that it meets are multiplied by it (SmoothQuant, Xiao et al. 2023).
- A weight's rounding error is made up for by the weights not rounded yet, as far as their inputs go together (GPTQ, Frantar et al. 2023).

Weights have 7 bits: two products of 8 bits by 8 exceed what processors without VNNI add up in one step, and are cut off there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from dragoman.parse.device import drop_unread
from dragoman.train.fusing import fuse

Floats = npt.NDArray[np.float64]
TOP = 64  # the largest weight, in steps
STRENGTH = 0.8  # of the smoothing: 0 leaves all to the weights, 1 makes all channels equally large
OUTSIDE = 0.02  # share of runs whose least or largest value may be cut off
DAMPING = 0.01  # share of the mean of the diagonal that is added to it
_ACTIVATION_NODES = 4  # from what comes out of the activation function back to its Erf
# From what attention has mixed back to its values: nodes and which of their inputs.
_MIXED = (("Reshape", 0), ("Transpose", 0), ("MatMul", 1), ("Transpose", 0), ("Reshape", 0))


@dataclass(slots=True)
class Inputs:
    """What the products of one graph were given.

    Attributes:
        largest: Name of an input → (k,) the largest absolute value of each of its channels.
        together: Name of an input → (k, k) the sum of its outer products.
        least: Name of an input → (k,) the least value of each channel, run by run.
        most: The same for the largest value.
    """

    largest: dict[str, Floats] = field(default_factory=dict)
    least: dict[str, list[npt.NDArray[np.float32]]] = field(default_factory=lambda: defaultdict(list))
    most: dict[str, list[npt.NDArray[np.float32]]] = field(default_factory=lambda: defaultdict(list))
    together: dict[str, Floats] = field(default_factory=lambda: defaultdict(lambda: np.zeros(())))


class Watched:
    """A session of a float graph that notes what its products are given; stands in for one of onnxruntime.

    Args:
        path: A float graph.
        inputs: Is filled.
    """

    def __init__(self, path: Path, inputs: Inputs) -> None:
        model = onnx.load(str(path))
        self._asked = [o.name for o in model.graph.output]
        self._watched = sorted({n.input[0] for n in _products(model)})
        for name in self._watched:
            if name not in self._asked:
                model.graph.output.append(helper.make_empty_tensor_value_info(name))
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])  # fmt: skip
        self._inputs = inputs

    def run(self, _: object, feed: Mapping[str, Any]) -> list[Any]:
        """Return the graph's own outputs."""
        names = list(dict.fromkeys([*self._asked, *self._watched]))
        given = dict(zip(names, self._session.run(names, feed), strict=True))
        for name in self._watched:
            x = given[name].reshape(-1, given[name].shape[-1]).astype(np.float64)
            if len(x):
                largest = np.abs(x).max(axis=0)
                self._inputs.largest[name] = np.maximum(self._inputs.largest.get(name, largest), largest)
                self._inputs.together[name] = self._inputs.together[name] + x.T @ x
                self._inputs.least[name].append(x.min(axis=0).astype(np.float32))
                self._inputs.most[name].append(x.max(axis=0).astype(np.float32))
        return [given[name] for name in self._asked]


def watch(
    folder: Path, names: Sequence[str], read: Callable[[Mapping[str, Any]], object]
) -> dict[str, Inputs]:
    """Return what the products of graphs are given while something is read.

    Args:
        folder: Holds the float graphs.
        names: Of the graphs.
        read: Reads the calibration texts with these sessions by name.
    """
    inputs = {name: Inputs() for name in names}
    read({name: Watched(folder / f"{name}.onnx", inputs[name]) for name in names})
    return inputs


def quantise(path: Path, out: Path, inputs: Inputs | None) -> None:
    """Write the int8 form of a float graph.

    Args:
        path: A float graph.
        out: The file to write.
        inputs: What its products were given; without them the weights are rounded one by one, to 8 bits.
    """
    if inputs is None or not inputs.largest:
        quantize_dynamic(str(path), str(out), weight_type=QuantType.QInt8, per_channel=True)
        return
    smooth = path.with_suffix(".smooth.onnx")
    factors = _smooth(path, smooth, inputs)
    quantize_dynamic(str(smooth), str(out), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    _round_together(smooth, out, inputs, factors)
    _fix_scales(out, inputs, factors)
    fuse(out)


def _products(model: Any) -> list[Any]:
    held = {i.name for i in model.graph.initializer}
    return [n for n in model.graph.node if n.op_type == "MatMul" and n.input[1] in held]


def _smooth(path: Path, out: Path, inputs: Inputs) -> dict[str, tuple[str, Floats]]:
    """Write a graph with smoothed inputs; return per new input the one that it was made of and its factors, (k,)."""
    model = onnx.load(str(path))
    smoothing = _Smoothing(model.graph)
    users: dict[str, list[Any]] = defaultdict(list)
    for node in _products(model):
        users[node.input[0]].append(node)
    for name, nodes in users.items():
        if name in inputs.largest:
            smoothing.smooth(name, nodes, inputs.largest[name])
    smoothing.insert()
    onnx.save(model, str(out))
    return smoothing.factors


class _Smoothing:
    """Divides the inputs of a graph's products by factors, where that costs little.

    What attention has mixed is divided before it is mixed, in the weights of its values, and what comes out of the activation function,
    four times as wide as all else, is left as it is: there a division takes longer than it is worth (docs/model-log.md, E13).

    Attributes:
        factors: Name of an input → the one that it was made of and its factors, (k,).
    """

    def __init__(self, graph: Any) -> None:
        self.factors: dict[str, tuple[str, Floats]] = {}
        self._graph = graph
        self._held = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self._made_by = {made: node for node in graph.node for made in node.output}
        self._divide: dict[str, Any] = {}

    def smooth(self, name: str, nodes: Sequence[Any], largest: Floats) -> None:
        """Smooth one input of some products.

        Args:
            name: The input.
            nodes: The products.
            largest: (k,), the largest absolute value of each of its channels.
        """
        if self._is_activated(name):
            self.factors[name] = name, np.ones_like(largest)
            return
        channel = np.maximum(largest, 1e-5)
        weight = np.maximum(np.max([np.abs(self._held[n.input[1]]).max(axis=1) for n in nodes], axis=0), 1e-5)
        factor = channel**STRENGTH / weight ** (1 - STRENGTH)
        factor = np.clip(factor / np.exp(np.log(factor).mean()), 1e-3, 1e3)
        given = name
        if (values := self._values_of(name)) is not None:
            for stored in values:
                self._replace(stored, self._held[stored] / factor)
        else:
            given = f"{name}_smooth"
            self._hold(f"{name}_smoothing", 1 / factor)
            self._divide[name] = helper.make_node("Mul", [name, f"{name}_smoothing"], [given], name=given)
        self.factors[given] = name, factor
        for node in nodes:
            own = f"{node.input[1]}_smooth"
            if own not in self._held:
                self._hold(own, self._held[node.input[1]] * factor[:, None])
            node.input[0], node.input[1] = given, own

    def insert(self) -> None:
        """Put the divisions into the graph, each behind what makes its input."""
        graph = self._graph
        nodes = [self._divide.pop(i.name) for i in graph.input if i.name in self._divide]
        for node in graph.node:
            nodes.append(node)
            nodes += [self._divide.pop(made) for made in node.output if made in self._divide]
        del graph.node[:]
        graph.node.extend(nodes)
        drop_unread(graph)

    def _is_activated(self, name: str) -> bool:
        """Return whether an input comes right out of the activation function (GELU, written out with Erf)."""
        near = [name]
        for _ in range(_ACTIVATION_NODES):
            made = [self._made_by[n] for n in near if n in self._made_by]
            if any(node.op_type == "Erf" for node in made):
                return True
            near = [n for node in made if node.op_type in ("Mul", "Add") for n in node.input]
        return False

    def _values_of(self, name: str) -> tuple[str, str] | None:
        """Return weights and bias of the values that attention mixes into an input, None where it is made otherwise."""
        for kind, at in _MIXED:
            node = self._made_by.get(name)
            if node is None or node.op_type != kind:
                return None
            name = node.input[at]
        added = self._made_by.get(name)
        if added is None or added.op_type != "Add":
            return None
        bias = next((i for i in added.input if i in self._held), "")
        product = next((self._made_by[i] for i in added.input if i in self._made_by), None)
        return (
            (product.input[1], bias) if bias and product is not None and product.op_type == "MatMul" else None
        )

    def _hold(self, name: str, values: Floats) -> None:
        self._held[name] = values.astype(np.float32)
        self._graph.initializer.append(numpy_helper.from_array(self._held[name], name))

    def _replace(self, name: str, values: Floats) -> None:
        """Store other values under a name."""
        self._held[name] = values.astype(np.float32)
        stored = next(i for i in self._graph.initializer if i.name == name)
        stored.CopyFrom(numpy_helper.from_array(self._held[name], name))


def _round_together(
    smooth: Path, out: Path, inputs: Inputs, factors: Mapping[str, tuple[str, Floats]]
) -> None:
    """Replace the weights of an int8 graph by those that ``rounded`` makes."""
    floats, model = onnx.load(str(smooth)), onnx.load(str(out))
    held = {i.name: numpy_helper.to_array(i) for i in floats.graph.initializer}
    stored = {i.name: i for i in model.graph.initializer}
    for node in _products(floats):
        weights, scales = (stored.get(f"{node.input[1]}_{part}") for part in ("quantized", "scale"))
        if node.input[0] not in factors or weights is None or scales is None:
            continue
        name, factor = factors[node.input[0]]
        steps, step = rounded(held[node.input[1]], inputs.together[name] / np.outer(factor, factor))
        shape = numpy_helper.to_array(scales).shape
        weights.CopyFrom(numpy_helper.from_array(steps, weights.name))
        scales.CopyFrom(numpy_helper.from_array(step.reshape(shape), scales.name))
    onnx.save(model, str(out))


def _fix_scales(out: Path, inputs: Inputs, factors: Mapping[str, tuple[str, Floats]]) -> None:
    """Give the activations of an int8 graph fixed scales in place of those that each run works out."""
    model = onnx.load(str(out))
    nodes = []
    for node in model.graph.node:
        if node.op_type != "DynamicQuantizeLinear" or node.input[0] not in factors:
            nodes.append(node)
            continue
        name, factor = factors[node.input[0]]
        low = float(np.quantile([(x / factor).min() for x in inputs.least[name]], OUTSIDE))
        high = float(np.quantile([(x / factor).max() for x in inputs.most[name]], 1 - OUTSIDE))
        scale, zero = fixed_scale(low, high)
        steps, scale_name, zero_name = node.output
        model.graph.initializer.append(numpy_helper.from_array(scale, scale_name))
        model.graph.initializer.append(numpy_helper.from_array(zero, zero_name))
        nodes.append(helper.make_node("QuantizeLinear", [node.input[0], scale_name, zero_name], [steps], name=f"{node.name}_fixed"))  # fmt: skip
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, str(out))


def fixed_scale(low: float, high: float) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    """Return the step and the zero point, both of shape (), that spread a range, with 0 in it, over 256 steps."""
    low, high = min(low, 0.0), max(high, 0.0)
    step = max((high - low) / 255, 1e-6)
    return np.array(step, np.float32), np.array(np.clip(np.rint(-low / step), 0, 255), np.uint8)


def rounded(weights: npt.NDArray[Any], together: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:  # fmt: skip
    """Return weights in steps, int8 (k, m), and the step of each column, float32 (m,).

    Args:
        weights: (k, m) of a product ``x @ weights``.
        together: (k, k), the sum of the outer products of the inputs x.

    Row by row, those with the largest inputs first; what a row's rounding changes is taken from the rows that are left, by the
    Cholesky factor of the inverse (Frantar et al. 2023, algorithm 1).
    """
    rest = weights.astype(np.float64)
    step = np.maximum(np.abs(rest).max(axis=0) / TOP, 1e-8)
    order = np.argsort(-np.diag(together), kind="stable")
    damped = together + np.eye(len(rest)) * DAMPING * np.mean(np.diag(together))
    factor = np.linalg.cholesky(np.linalg.inv(damped[np.ix_(order, order)])).T
    rest = rest[order]
    steps = np.zeros_like(rest)
    for k in range(len(rest)):
        steps[k] = np.clip(np.rint(rest[k] / step), -TOP, TOP)
        wrong = (rest[k] - steps[k] * step) / factor[k, k]
        rest[k + 1 :] -= np.outer(factor[k, k + 1 :], wrong)
    out = np.empty_like(steps)
    out[order] = steps
    return out.astype(np.int8), step.astype(np.float32)
