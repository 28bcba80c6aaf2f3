"""Where the encoder runs: on the processor with its 8-bit weights, or on a CUDA device with the same weights as floats.

CUDA has no kernels for the dynamic 8-bit products of the packaged graphs, and would send each of them back to the processor. So on a
device each 8-bit product is written as a product with the weights that its bytes stand for. Nothing is trained or downloaded; what
differs is that activations are no longer rounded to 8 bits, which moves probabilities by about a hundredth (docs/performance.md).
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from dragoman.errors import DeviceMissing
from dragoman.extras import load_extra

Device = Literal["cpu", "cuda"]
CHOICES: Final = ("auto", "cpu", "cuda")
# Sentences of a run on a device. Floats have no scale in common, so that a sentence does not depend on its neighbours.
DEVICE_BATCH: Final = 64
_PROVIDER = "CUDAExecutionProvider"
_PURPOSE = "The encoder on a CUDA device"
_ROUNDING: Final = ("QuantizeLinear", "DynamicQuantizeLinear")
JOINT: Final = "MatMulIntegerToFloat"  # an 8-bit product with its scales and its bias in one node
# Joins a sum and the normalisation after it into a node that takes six times as long as the two on a processor.
_SLOWER: Final = ("SkipLayerNormFusion",)


def choose(asked: str = "auto") -> Device:
    """Return where the encoder runs.

    Args:
        asked: "cpu", "cuda", or "auto" for CUDA where a device and the extra "gpu" are there.

    Raises:
        DeviceMissing: Another word, or "cuda" where it cannot be had.
        ExtraMissing: "cuda" without the packages that it needs.
    """
    if asked not in CHOICES:
        raise DeviceMissing(
            f'the encoder runs on {", ".join(CHOICES)}, not on "{asked}" (setting parse.device)'
        )
    if asked == "cpu":
        return "cpu"
    import onnxruntime

    has_provider = _PROVIDER in onnxruntime.get_available_providers()
    if asked == "auto":
        return "cuda" if has_provider and count_devices() and _can_write_graphs() else "cpu"
    if not has_provider:
        raise DeviceMissing(
            "this onnxruntime cannot use CUDA. Replace it: pip uninstall onnxruntime; "
            'pip install "dragoman[gpu]"'
        )
    if not count_devices():
        raise DeviceMissing("no CUDA device was found; set parse.device to auto or cpu")
    load_extra("onnx", extra="gpu", purpose=_PURPOSE)
    return "cuda"


def _can_write_graphs() -> bool:
    import importlib.util

    return importlib.util.find_spec("onnx") is not None


def count_devices() -> int:
    """Return how many CUDA devices the driver tells of; 0 where there is no driver."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value


def open_graph(path: Path, options: Any, *, device: Device) -> Any:
    """Return a session of onnxruntime over a graph.

    Args:
        path: An ONNX file.
        options: Session options of onnxruntime.
        device: Where it runs.

    Raises:
        DeviceMissing: onnxruntime could not use the device.
    """
    import onnxruntime

    if device == "cpu":
        return onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(_SLOWER)
        )
    graph = float_form(path)
    try:
        session = onnxruntime.InferenceSession(graph, options, providers=[_PROVIDER, "CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no class of its own for a device that fails
        raise DeviceMissing(
            f"the CUDA device could not be used ({error}); set parse.device to cpu"
        ) from error
    if _PROVIDER not in session.get_providers():
        raise DeviceMissing(
            "onnxruntime could not load CUDA (its libraries or cuDNN are missing); set parse.device to cpu"
        )
    return session


def float_form(path: Path) -> bytes:
    """Return a graph with its 8-bit products written as products of floats.

    ``DynamicQuantizeLinear → MatMulInteger → Cast → Mul`` by the product of both scales, as onnxruntime's dynamic
    quantisation writes it, and ``QuantizeLinear → MatMulIntegerToFloat``, as ``dragoman.train.fusing`` does, become a
    ``MatMul`` (and an ``Add``), whose weights are (bytes - zero point) times their scale.

    Args:
        path: An ONNX file.

    Raises:
        ExtraMissing: The package onnx is not installed.
        DeviceMissing: The graph has a product of another form.
    """
    onnx = load_extra("onnx", extra="gpu", purpose=_PURPOSE)
    model = onnx.load(str(path))
    graph = model.graph
    held = {i.name: onnx.numpy_helper.to_array(i) for i in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    used_by: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            used_by.setdefault(name, []).append(node)
    gone: set[str] = set()
    instead: dict[str, list[Any]] = {}

    def as_floats(name: str, scale: str, zero: str) -> str:
        own = f"{name}_float"
        if own not in held:
            steps = held[name].astype(np.float32) - (held[zero].astype(np.float32) if zero else 0)
            held[own] = (steps * held[scale]).astype(np.float32)
            graph.initializer.append(onnx.numpy_helper.from_array(held[own], own))
        return own

    for node in graph.node:
        if node.op_type not in ("MatMulInteger", JOINT):
            continue
        quantised, given = made_by.get(node.input[0]), [*node.input, *[""] * 7]
        if quantised is None or quantised.op_type not in _ROUNDING:
            raise DeviceMissing(f"{path.name} holds an 8-bit product of an unknown form at {node.name}")
        name, product = f"{node.name}_float", onnx.helper.make_node
        if node.op_type == JOINT:
            bias, out = given[6], list(node.output)
            made = product("MatMul", [quantised.input[0], as_floats(given[1], given[3], given[5])], [name if bias else out[0]], name=name)  # fmt: skip
            added = [product("Add", [name, bias], out, name=f"{name}_bias")] if bias else []
            instead[node.name] = [made, *added]
            gone.add(quantised.name)
            continue
        cast, mul = _after(used_by, node, "Cast"), None
        mul = _after(used_by, cast, "Mul") if cast is not None else None
        scales = None if mul is None else next(made_by.get(n) for n in mul.input if n != cast.output[0])
        if mul is None or scales is None:
            raise DeviceMissing(f"{path.name} holds an 8-bit product of an unknown form at {node.name}")
        (scale,) = [n for n in scales.input if n in held and n not in quantised.input]
        made = product("MatMul", [quantised.input[0], as_floats(given[1], scale, given[3])], list(mul.output), name=name)  # fmt: skip
        instead[mul.name] = [made]
        gone |= {node.name, cast.name, scales.name, quantised.name}
    nodes = [new for n in graph.node if n.name not in gone for new in instead.get(n.name, [n])]
    del graph.node[:]
    graph.node.extend(nodes)
    drop_unread(graph)
    written: bytes = model.SerializeToString()
    return written


def drop_unread(graph: Any) -> None:
    """Take the stored arrays out of an ONNX graph that none of its nodes reads any more."""
    read = {name for node in graph.node for name in node.input}
    kept = [i for i in graph.initializer if i.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _after(used_by: dict[str, list[Any]], node: Any, kind: str) -> Any:
    """Return the one node of a kind that takes a node's output, None where it is not so."""
    found = used_by.get(node.output[0], [])
    return found[0] if len(found) == 1 and found[0].op_type == kind else None
