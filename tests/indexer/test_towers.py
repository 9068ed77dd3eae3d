from pathlib import Path

import numpy as np
import pytest

from indexer.embed import MODEL_DIR, OnnxEmbedder
from indexer.errors import ModelError
from indexer.towers import TOWERS_FILE, Tower, read_towers, unit, write_towers

RULES = (
    "生产经营单位的主要负责人对本单位安全生产工作负有下列职责",
    "任何单位、个人不得占用、堵塞、封闭疏散通道、安全出口、消防车通道",
    "用人单位应当自用工之日起三十日内为其职工申请办理社会保险登记",
    "饮酒后驾驶机动车的，处暂扣六个月机动车驾驶证",
)
ASKED = (
    "厂长平时安全上要干哪些活",
    "楼道让杂物堆满了谁来管",
    "刚来上班多久给上社保",
    "喝了两杯开车被查",
)


def random_tower(seed: int) -> Tower:
    rng = np.random.default_rng(seed)
    return Tower(rng.normal(size=4).astype(np.float32), rng.normal(size=(4, 4)).astype(np.float32))


def test_a_tower_centres_turns_and_keeps_unit_length() -> None:
    tower = Tower(np.array([1.0, 0.0], np.float32), np.array([[0, 1], [2, 0]], np.float32))
    got = tower(np.array([[1.0, 5.0], [3.0, 0.0]], np.float32))
    np.testing.assert_allclose(got, [[1.0, 0.0], [0.0, 1.0]], atol=1e-6)


def test_a_vector_at_the_centre_stays_finite() -> None:
    assert np.isfinite(unit(np.zeros((1, 3), np.float32))).all()


def test_towers_come_back_from_their_file_and_change_their_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / TOWERS_FILE
    write_towers(path, random_tower(1), random_tower(2))
    first = read_towers(path)
    np.testing.assert_allclose(first.passage.matrix, random_tower(2).matrix, atol=2e-3)
    write_towers(path, random_tower(1), random_tower(3))
    assert read_towers(path).fingerprint != first.fingerprint


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"text"])
def test_a_damaged_file_is_told_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / TOWERS_FILE
    path.write_bytes(content)
    with pytest.raises(ModelError, match="重新取得"):
        read_towers(path)


def test_questions_lie_nearer_to_their_rule_than_with_the_plain_encoder() -> None:
    margins = []
    for tuned in (False, True):
        embedder = OnnxEmbedder(towers=tuned)
        asked = embedder.beside_passages(embedder.encode_queries(ASKED))
        near = asked @ embedder.encode_passages(RULES).T
        other = np.where(np.eye(len(RULES), dtype=bool), -1.0, near).max(axis=1)
        margins.append(float((near.diagonal() - other).mean()))
    plain, fitted = margins
    assert fitted > plain + 0.05


def test_an_encoder_without_towers_has_another_id() -> None:
    assert (MODEL_DIR / TOWERS_FILE).is_file()
    assert OnnxEmbedder(towers=False).model_id != OnnxEmbedder().model_id
