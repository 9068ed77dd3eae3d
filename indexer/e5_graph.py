"""The encoder as an ONNX graph, in floats or with 8-bit products (development only; needs onnx).

Input is token embeddings [b, s, h] and a mask [b, s], output unit vectors [b, h].

With 8-bit products both sides of every weight matrix are integers: the weights once, one scale a
column, and what comes in anew for every text. What comes in has a few channels that are far
larger than the rest, so that one step for all would lose the others. Two known remedies:
part of the size of each channel is moved into the weights beforehand (SmoothQuant, Xiao et al.
2023, arXiv:2211.10438), and the inner layer of the feed-forward part, whose tokens differ most,
gets one scale a token. Weights use 7 of the 8 bits: on processors without VNNI instructions pairs
of products are added up in 16 bits, which would overflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import starmap
from typing import Any, Protocol

import numpy as np

from indexer.e5_weights import E5Weights, FloatArray

_TOP = 63
"""The largest 8-bit weight that is used."""
_SMOOTHING = 0.5
"""How much of a channel's size goes into the weights (alpha of the paper); compared on tune."""
_MICROSOFT = "com.microsoft"


class Products(Protocol):
    """Adds a product with a weight matrix to a graph."""

    def __call__(self, graph: Graph, x: str, name: str, w: FloatArray, b: FloatArray) -> str:
        """Return the output x·w + b; `w` is (inputs, outputs)."""
        ...


class Graph:
    """Nodes and constants as they are added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.consts: dict[str, Any] = {}

    def const(self, name: str, value: Any) -> str:
        """Add a constant once; return its name."""
        from onnx import numpy_helper

        if name not in self.consts:
            self.consts[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def op(self, kind: str, *inputs: str, **attrs: Any) -> str:
        """Add a node with one output; return its name."""
        return self.ops(1, kind, *inputs, **attrs)[0]

    def ops(self, count: int, kind: str, *inputs: str, **attrs: Any) -> list[str]:
        """Add a node with `count` outputs; return their names."""
        from onnx import helper

        out = [f"t{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), out, **attrs))
        return out


class FloatProducts:
    """Products in floats; `inputs` tells the name of what comes into each matrix."""

    def __init__(self) -> None:
        self.inputs: dict[str, str] = {}

    def __call__(self, graph: Graph, x: str, name: str, w: FloatArray, b: FloatArray) -> str:
        self.inputs[name] = x
        return graph.op("Add", graph.op("MatMul", x, graph.const(f"{name}.w", w)),
                        graph.const(f"{name}.b", b))  # fmt: skip


class ByteProducts:
    """Products in 8 bits; `largest` holds the largest size of each channel, by matrix."""

    def __init__(self, largest: Mapping[str, FloatArray]) -> None:
        self._largest = largest

    def __call__(self, graph: Graph, x: str, name: str, w: FloatArray, b: FloatArray) -> str:
        moved = moved_into_weights(self._largest[name], w)
        x = graph.op("Mul", x, graph.const(f"{name}.m", 1 / moved))
        codes, scales = weight_codes(w * moved[:, None])
        args = [graph.const(f"{name}.w", codes), graph.const(f"{name}.s", scales)]
        args.append(graph.const(f"{name}.z", np.zeros(len(scales), np.int8)))
        bias = graph.const(f"{name}.b", b)
        if not name.endswith(".fo"):
            return graph.op("DynamicQuantizeMatMul", x, *args, bias, domain=_MICROSOFT)
        last = graph.const("last", np.array([-1], np.int64))
        size = graph.op("ReduceMax", graph.op("Abs", x), last, keepdims=1)
        even = graph.op("Div", x, size)
        found = graph.op("DynamicQuantizeMatMul", even, *args, domain=_MICROSOFT)
        return graph.op("Add", graph.op("Mul", found, size), bias)


def moved_into_weights(largest: FloatArray, w: FloatArray) -> FloatArray:
    """Return by what each input channel is divided, and the weights are multiplied."""
    inputs = np.maximum(largest, 1e-4) ** _SMOOTHING
    weights = np.maximum(np.abs(w).max(axis=1), 1e-4) ** (1 - _SMOOTHING)
    moved = inputs / weights
    out: FloatArray = (moved / np.exp(np.log(moved).mean())).astype(np.float32)
    return out


def weight_codes(w: FloatArray) -> tuple[Any, FloatArray]:
    """Return int8 codes of a matrix and one float32 scale a column."""
    scales = (np.abs(w).max(axis=0) / _TOP).astype(np.float32)
    return np.round(w / scales).astype(np.int8), scales


def build_graph(weights: E5Weights, products: Products, shown: Iterable[str] = ()) -> Any:
    """Return the ONNX model; the tensors named `shown` are outputs too."""
    from onnx import TensorProto, helper

    g, h = Graph(), weights.hidden
    mask = g.op("Cast", "mask", to=TensorProto.INT32)
    x = g.op("LayerNormalization", "embeddings", *_norm(g, weights, "emb.ln"), axis=-1,
             epsilon=weights.eps)  # fmt: skip
    for i in range(weights.layers):
        x = _layer(g, weights, products, i, x, mask)
    axis1, axis2, last = (
        g.const(name, np.array([n], np.int64))
        for name, n in (("axis1", 1), ("axis2", 2), ("last", -1))
    )
    total = g.op("ReduceSum", g.op("Mul", x, g.op("Unsqueeze", "mask", axis2)), axis1, keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", "mask", axis1, keepdims=1))
    length = g.op("ReduceL2", mean, last, keepdims=1)
    g.nodes.append(helper.make_node("Div", [mean, length], ["vectors"]))
    floats = TensorProto.FLOAT
    told = list(starmap(helper.make_tensor_value_info, [
        ("embeddings", floats, ["b", "s", h]), ("mask", floats, ["b", "s"]),
        ("vectors", floats, ["b", h]), *((name, floats, None) for name in sorted(set(shown))),
    ]))  # fmt: skip
    graph = helper.make_graph(
        g.nodes, "multilingual-e5-small", told[:2], told[2:], list(g.consts.values())
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def _layer(g: Graph, weights: E5Weights, products: Products, i: int, x: str, mask: str) -> str:
    """One transformer layer over `x`; the three projections of attention are one product."""
    h, f = weights.hidden, weights.feed_forward
    parts = [f"l{i}.{n}" for n in "qkv"]
    w = np.concatenate([weights.matrix(f"{p}.w", h, h) for p in parts]).T
    b = np.concatenate([weights.dense(f"{p}.b", h) for p in parts])
    thirds = g.const("thirds", np.array([h, h, h], np.int64))
    q, k, v = g.ops(3, "Split", products(g, x, f"l{i}.qkv", w, b), thirds, axis=-1)
    mixed = g.op(
        "MultiHeadAttention", q, k, v, "", mask, num_heads=weights.heads, domain=_MICROSOFT
    )

    def linear(value: str, name: str, rows: int, cols: int) -> str:
        matrix = weights.matrix(f"{name}.w", rows, cols).T
        return products(g, value, name, matrix, weights.dense(f"{name}.b", rows))

    def added(value: str, name: str) -> str:
        return g.op("SkipLayerNormalization", value, x, *_norm(g, weights, name),
                    epsilon=weights.eps, domain=_MICROSOFT)  # fmt: skip

    x = added(linear(mixed, f"l{i}.ao", h, h), f"l{i}.aln")
    inner = g.op("Gelu", linear(x, f"l{i}.fi", f, h), domain=_MICROSOFT)
    return added(linear(inner, f"l{i}.fo", h, f), f"l{i}.oln")


def _norm(g: Graph, weights: E5Weights, name: str) -> tuple[str, str]:
    h = weights.hidden
    return tuple(g.const(f"{name}.{n}", weights.dense(f"{name}.{n}", h)) for n in "wb")  # type: ignore[return-value]
