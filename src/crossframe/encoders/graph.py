"""The layers of a BERT encoder as an ONNX graph with the fused operators of onnxruntime.

The graph starts from embedded tokens, not from their ids: the table of 250,000 words stays outside, so
that the graph is a fifth of the model and is made in memory in a moment. `onnx` writes it, and
`onnxruntime` runs it; neither torch nor a file is needed.

In int8 every product of a matrix with a weight is one of whole numbers (Jacob et al. 2018, "Quantization
and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference"). Each row of
activations has its own scale, so that a vector does not depend on the texts beside it, and weights have
seven bits, so that the sums of two products that CPUs without VNNI form in 16 bits never overflow: the
whole numbers are the same on every CPU.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from crossframe.types import FloatArray

Weights = Callable[[str], FloatArray]  # state-dict name of a `BertModel` -> tensor

_FUSED = "com.microsoft"
_OPSET, _IR = 17, 9  # old enough for every onnxruntime that is still kept
_LEVELS = 63.0  # of a weight to either side of zero: two products with 255 stay below 2**15
_ACTIVATION_LEVELS = 127.0
_ZERO = 128  # zero among activations, which are unsigned


@dataclass(frozen=True)
class Shape:
    """Sizes of a BERT encoder."""

    hidden: int
    heads: int
    layers: int
    eps: float


def bert_graph(weights: Weights, shape: Shape, int8: bool) -> bytes:
    """Return the serialised graph.

    Its inputs are `words`, float32 of shape (batch * length, hidden), the sum of a token's embeddings;
    `mask`, int32 of shape (batch, length), 1 at tokens and 0 at padding; and `pool`, float32 of shape
    (batch, 1, length), the weight of each token in the mean. Its output `pooled` is of shape
    (batch, 1, hidden).
    """
    return _Writer(weights, shape, int8).written()


class _Writer:
    """Collects nodes and tensors of one graph."""

    def __init__(self, weights: Weights, shape: Shape, int8: bool) -> None:
        self._weights, self._shape, self._int8 = weights, shape, int8
        self._nodes: list[Any] = []
        self._tensors: list[Any] = []

    def written(self) -> bytes:
        from onnx import TensorProto, helper

        hidden = self._shape.hidden
        rows = self._node("Concat", [self._node("Shape", ["mask"]), self._tensor(np.array([hidden]))], axis=0)
        x = self._node("LayerNormalization", ["words", *self._norm("embeddings.LayerNorm")],
                       axis=-1, epsilon=self._shape.eps)  # fmt: skip
        for layer in range(self._shape.layers):
            x = self._layer(f"encoder.layer.{layer}", x, rows)
        self._nodes.append(helper.make_node("MatMul", ["pool", self._node("Reshape", [x, rows])], ["pooled"]))
        number, whole = TensorProto.FLOAT, TensorProto.INT32
        inputs = [
            helper.make_tensor_value_info("words", number, ["tokens", hidden]),
            helper.make_tensor_value_info("mask", whole, ["batch", "length"]),
            helper.make_tensor_value_info("pool", number, ["batch", 1, "length"]),
        ]
        output = helper.make_tensor_value_info("pooled", number, ["batch", 1, hidden])
        graph = helper.make_graph(self._nodes, "bert", inputs, [output], self._tensors)
        imports = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        model: bytes = helper.make_model(graph, opset_imports=imports, ir_version=_IR).SerializeToString()
        return model

    def _layer(self, name: str, x: str, rows: str) -> str:
        """Add one layer: attention, then the feed-forward part, each with what it was given added back."""
        hidden, attention = self._shape.hidden, f"{name}.attention.self"
        parts = [f"{attention}.{part}" for part in ("query", "key", "value")]
        shaped = [self._node("Reshape", [y, rows]) for y in self._products(x, parts)]
        bias = self._tensor(np.concatenate([self._weights(f"{part}.bias") for part in parts]))
        seen = self._fused("MultiHeadAttention", [*shaped, bias, "mask"], num_heads=self._shape.heads)
        seen = self._node("Reshape", [seen, self._tensor(np.array([-1, hidden]))])
        x = self._added(seen, x, f"{name}.attention.output")
        inner = f"{name}.intermediate.dense"
        # by tanh in half the time; it lies within 5e-4 of the exact one, far below what whole numbers cost
        gelu = "FastGelu" if self._int8 else "BiasGelu"
        y = self._fused(gelu, [*self._products(x, [inner]), self._tensor(self._weights(f"{inner}.bias"))])
        return self._added(y, x, f"{name}.output")

    def _added(self, y: str, x: str, name: str) -> str:
        """Add a dense layer of `y`, added to `x` and normalised.

        Not by SkipLayerNormalization, which takes two and a half times as long as its parts (1.27, measured).
        """
        (product,) = self._products(y, [f"{name}.dense"])
        bias = self._tensor(self._weights(f"{name}.dense.bias"))
        total = self._node("Add", [self._node("Add", [product, bias]), x])
        return self._node("LayerNormalization", [total, *self._norm(f"{name}.LayerNorm")],
                          axis=-1, epsilon=self._shape.eps)  # fmt: skip

    def _products(self, x: str, names: list[str]) -> list[str]:
        """Add the products of the rows `x` with each of these weights, without bias."""
        matrices = [self._weights(f"{name}.weight").T for name in names]
        if not self._int8:
            return [self._node("MatMul", [x, self._tensor(m)]) for m in matrices]
        largest = self._node("ReduceMax", [self._node("Abs", [x])], axes=[1], keepdims=1)
        scale = self._node("Div", [largest, self._tensor(np.float32(_ACTIVATION_LEVELS))])
        flat = self._node("Reshape", [scale, self._tensor(np.array([-1]))])
        zero = self._node("Expand", [self._tensor(np.uint8(_ZERO)), self._node("Shape", [flat])])
        whole = self._node("QuantizeLinear", [x, flat, zero], axis=0)
        one, middle = self._tensor(np.float32(1)), self._tensor(np.uint8(_ZERO))
        out = []
        for matrix in matrices:
            step = np.maximum(np.abs(matrix).max(axis=0), np.finfo(np.float32).tiny * 256) / np.float32(_LEVELS)
            packed = self._tensor(np.rint(matrix / step).astype(np.int8))
            product = self._fused("MatMulIntegerToFloat", [whole, packed, one, self._tensor(step), middle])
            out.append(self._node("Mul", [product, scale]))
        return out

    def _norm(self, name: str) -> list[str]:
        return [self._tensor(self._weights(f"{name}.{part}")) for part in ("weight", "bias")]

    def _tensor(self, values: Any) -> str:
        from onnx import numpy_helper

        name = f"tensor_{len(self._tensors)}"
        self._tensors.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def _fused(self, kind: str, inputs: list[str], **settings: Any) -> str:
        return self._node(kind, inputs, domain=_FUSED, **settings)

    def _node(self, kind: str, inputs: list[str], domain: str = "", **settings: Any) -> str:
        from onnx import helper

        name = f"node_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name
