import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.build import role_of
from indexer.e5_decode import write_folder
from indexer.e5_graph import FloatProducts, build_graph, moved_into_weights, weight_codes
from indexer.e5_weights import decode_blocks, read_weights, wheel_weights
from indexer.embed import (
    MODEL_DIR,
    OnnxEmbedder,
    SentenceTransformerEmbedder,
    decode_rows,
    open_embedder,
)
from indexer.errors import ModelError
from indexer.known_vectors import KnownVectors, shipped_vectors, vector_key, write_file
from indexer.units import asked_units, units_of
from kb.library import Library

TEXTS = [
    "乡镇人民政府应当明确负责安全生产监督管理的有关工作机构",
    "电梯超期未检",
    "GB 30871 (2022)，第3.1条",
]


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder()


def test_vectors_have_unit_length(embedder: OnnxEmbedder) -> None:
    found = embedder.encode_passages(TEXTS)
    assert found.shape == (3, embedder.dimension)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_question_and_passage_are_encoded_differently(embedder: OnnxEmbedder) -> None:
    assert (embedder.encode_queries(TEXTS) * embedder.encode_passages(TEXTS)).sum(1).max() < 0.999


def test_the_company_in_a_batch_does_not_matter(embedder: OnnxEmbedder) -> None:
    alone = embedder.encode_passages(TEXTS[1:2])[0]
    assert embedder.encode_passages(TEXTS)[1] == pytest.approx(alone, abs=1e-6)


def test_nothing_gives_an_empty_table(embedder: OnnxEmbedder) -> None:
    assert embedder.encode_queries([]).shape == (0, embedder.dimension)


def test_an_overlong_text_is_cut_not_refused(embedder: OnnxEmbedder) -> None:
    assert embedder.encode_passages(["安全" * 5000]).shape == (1, embedder.dimension)


def test_tells_its_progress(embedder: OnnxEmbedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.encode_passages(TEXTS, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_shipped_vectors_are_those_of_the_shipped_model(
    embedder: OnnxEmbedder, library: Library
) -> None:
    known = shipped_vectors()
    units = units_of(library.catalog, whole_library=True) + asked_units(library.asked)
    sample = random.Random(11).sample(units, 40)
    for unit in sample:
        stored = known.get(vector_key(embedder.model_id, role_of(unit), unit.text))
        assert stored is not None, f"no shipped vector: {unit.text[:40]}"
        encode = embedder.encode_queries if role_of(unit) == "query" else embedder.encode_passages
        assert float(stored @ encode([unit.text])[0]) > 0.999


def test_every_default_unit_has_a_shipped_vector(embedder: OnnxEmbedder, library: Library) -> None:
    known = shipped_vectors()
    units = units_of(library.catalog, whole_library=True) + asked_units(library.asked)
    missing = [
        u.text
        for u in units
        if known.get(vector_key(embedder.model_id, role_of(u), u.text)) is None
    ]
    assert missing == []


def test_shipped_codes_keep_the_direction(tmp_path: Path) -> None:
    vectors = np.random.default_rng(3).normal(size=(5, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = [vector_key("m", "passage", str(i)) for i in range(5)]
    write_file(tmp_path / "v.npz", keys, vectors)
    known = KnownVectors()
    known.add_file(tmp_path / "v.npz")
    for key, vector in zip(keys, vectors, strict=True):
        found = known.get(key)
        assert found is not None
        assert float(found @ vector) > 0.9999
    assert known.get(vector_key("other model", "passage", "0")) is None


@pytest.mark.slow
def test_agrees_with_sentence_transformers_on_the_same_weights(tmp_path: Path) -> None:
    """The graph does in floats; what is shipped computes in 8 bits and turns vectors a little."""
    pytest.importorskip("sentence_transformers")
    weights = read_weights(wheel_weights())
    write_folder(weights, tmp_path)
    other = SentenceTransformerEmbedder(str(tmp_path))
    embedder = OnnxEmbedder(towers=False)
    assert other.dimension == embedder.dimension
    in_floats = tmp_path / "floats"
    in_floats.mkdir()
    for name in ("tokens.npy", "positions.npy", "tokenizer.json"):
        shutil.copy(MODEL_DIR / name, in_floats)
    model = build_graph(weights, FloatProducts())
    (in_floats / "encoder.onnx").write_bytes(model.SerializeToString())
    exact = OnnxEmbedder(in_floats)
    for role in ("encode_queries", "encode_passages"):
        expected = getattr(other, role)(TEXTS)
        assert (expected * getattr(exact, role)(TEXTS)).sum(1).min() > 0.9999
        assert (expected * getattr(embedder, role)(TEXTS)).sum(1).min() > 0.998


def test_eight_bit_weights_leave_room_for_pairs_and_keep_their_columns() -> None:
    w = np.random.default_rng(5).normal(size=(64, 8)).astype(np.float32)
    w[:, 3] *= 40
    codes, scales = weight_codes(w)
    assert np.abs(codes).max(axis=0).tolist() == [63] * 8
    assert codes * scales == pytest.approx(w, abs=float(scales.max()) / 2 + 1e-6)


def test_what_is_moved_into_the_weights_evens_out_the_inputs() -> None:
    rng = np.random.default_rng(6)
    w = rng.normal(size=(32, 8)).astype(np.float32)
    x = rng.normal(size=(4, 32)).astype(np.float32)
    x[:, 7] *= 100
    largest = np.abs(x).max(axis=0)
    moved = moved_into_weights(largest, w)
    assert (x / moved) @ (w * moved[:, None]) == pytest.approx(x @ w, rel=1e-3, abs=1e-3)
    assert np.ptp(largest / moved) < np.ptp(largest) / 5


def test_both_decoders_agree() -> None:
    blocks = np.random.default_rng(1).integers(0, 255, (3, 12, 18), dtype=np.uint8)
    blocks[..., 1] = 0x3C  # a finite float16 scale
    assert decode_rows(blocks) == pytest.approx(decode_blocks(blocks))


def test_an_incomplete_model_folder_names_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(MODEL_DIR / "tokenizer.json", tmp_path)
    with pytest.raises(ModelError, match=r"encoder\.onnx"):
        OnnxEmbedder(tmp_path)


def test_a_damaged_model_file_is_one_error(tmp_path: Path) -> None:
    for path in MODEL_DIR.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "tokenizer.json").write_text(json.dumps({"x": 1}))
    with pytest.raises(ModelError, match="读不出来"):
        OnnxEmbedder(tmp_path)


def test_an_unknown_model_is_one_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelError, match="打不开"):
        open_embedder(str(tmp_path / "nothing"))
