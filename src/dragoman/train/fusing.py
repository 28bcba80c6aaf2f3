"""Write each 8-bit product of a graph as one node, with the scales and the bias that follow it.

Quantisation leaves four nodes for a product: ``MatMulInteger``, ``Cast``, ``Mul`` by the scales and ``Add`` of the bias. onnxruntime joins
them when it opens a graph, but only where each run works out the scale of its inputs. Here those are fixed, so the joint form is written
into the file: ``MatMulIntegerToFloat`` of the domain ``com.microsoft``, which passes over the product once instead of four times and gives
the same bits.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import onnx
from onnx import helper, numpy_helper

from dragoman.parse.device import JOINT, drop_unread

DOMAIN = "com.microsoft"


def fuse(path: Path) -> int:
    """Rewrite a graph with joint products and return how many there are.

    Products whose inputs get their scale in each run stay as they are.

    Args:
        path: A graph that ``dragoman.train.quantise`` wrote; it is replaced.
    """
    model = onnx.load(str(path))
    graph = model.graph
    joints = _Joints(graph)
    instead = {id(last): node for last, node in map(joints.of, joints.products) if node is not None}
    nodes = [instead.get(id(n), n) for n in graph.node if id(n) in instead or id(n) not in joints.gone]
    del graph.node[:]
    graph.node.extend(nodes)
    drop_unread(graph)
    if instead and all(o.domain != DOMAIN for o in model.opset_import):
        model.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    onnx.save(model, str(path))
    return len(instead)


class _Joints:
    """Finds what follows the 8-bit products of a graph.

    Attributes:
        products: The ``MatMulInteger`` nodes.
        gone: Python ids of nodes that a joint one stands for.
    """

    def __init__(self, graph: Any) -> None:
        self.gone: set[int] = set()
        nodes = list(graph.node)  # held, so that their Python ids stay theirs
        self._nodes = nodes
        self.products = [n for n in nodes if n.op_type == "MatMulInteger"]
        self._held = {i.name: i for i in graph.initializer}
        self._made_by = {name: node for node in nodes for name in node.output}
        self._outputs = {o.name for o in graph.output}
        self._users: dict[str, list[Any]] = defaultdict(list)
        for node in nodes:
            for name in node.input:
                self._users[name].append(node)

    def of(self, product: Any) -> tuple[Any, Any]:
        """Return the last of the nodes that a joint one stands for, and the joint one; twice None where there is none."""
        steps = self._made_by.get(product.input[0])
        cast = self._only_user(product, "Cast")
        scaled = self._only_user(cast, "Mul")
        if steps is None or steps.op_type != "QuantizeLinear" or scaled is None:
            return None, None
        scales = self._made_by[next(name for name in scaled.input if name != cast.output[0])]
        scale = steps.input[1]
        (weight_scale,) = [name for name in scales.input if name != scale]
        added = self._only_user(scaled, "Add")
        bias = "" if added is None else next(n for n in added.input if n != scaled.output[0])
        if bias not in self._held or len(self._held[bias].dims) != 1:
            added, bias = None, ""
        last = added or scaled
        self.gone |= {id(n) for n in (product, cast, scaled, scales, last)}
        # Steps, weights, scale, weight scale, zero point, weight zero point, bias.
        given = [
            product.input[0],
            product.input[1],
            scale,
            self._flat(weight_scale),
            *product.input[2:4],
            bias,
        ]
        return last, helper.make_node(JOINT, given, [last.output[0]], name=f"{product.name}_joint", domain=DOMAIN)  # fmt: skip

    def _only_user(self, node: Any, kind: str) -> Any:
        """Return the one node that uses what another makes, None unless it is of a kind and nothing else needs it."""
        if node is None or node.output[0] in self._outputs:
            return None
        users = self._users[node.output[0]]
        return users[0] if len(users) == 1 and users[0].op_type == kind else None

    def _flat(self, name: str) -> str:
        """Give the scales of columns the one dimension that the joint product wants."""
        scales = numpy_helper.to_array(self._held[name])
        if scales.ndim > 1:
            self._held[name].CopyFrom(numpy_helper.from_array(scales.reshape(-1), name))
        return name
