from pathlib import Path

import pytest

from indexer.errors import IndexingError
from indexer.tokens import Tokenizer, bigrams, default_tokenizer, read_user_words


def test_citations_stay_whole() -> None:
    assert "第一百一十四条" in default_tokenizer().words("依照第一百一十四条处罚")
    assert "第一百一十四条" in bigrams("依照第一百一十四条处罚")


def test_user_words_are_not_cut_apart() -> None:
    assert "三管三必须" in default_tokenizer().words("三管三必须怎么理解")
    assert "双随机" in default_tokenizer().words("双随机一公开")


def test_bigrams_do_not_cross_signs() -> None:
    assert bigrams("安全，生产") == ["安全", "生产"]
    assert bigrams("GB18218标准") == ["gb18218", "标准"]
    assert bigrams("罚") == ["罚"]


def test_particles_are_left_out() -> None:
    assert "的" not in default_tokenizer().words("企业的责任")


def test_the_fingerprint_follows_the_words() -> None:
    assert Tokenizer(["甲乙丙"]).fingerprint != Tokenizer(["甲乙丁"]).fingerprint
    assert Tokenizer(["甲", "乙"]).fingerprint == Tokenizer(["乙", "甲"]).fingerprint


def test_two_tokenizers_do_not_share_words() -> None:
    Tokenizer(["全员安全生产责任制度体系"])
    assert "全员安全生产责任制度体系" not in Tokenizer([]).words("全员安全生产责任制度体系")


@pytest.mark.parametrize("text", ["words = 3", "[words", "[other]\nx = []"])
def test_a_malformed_word_file_names_itself(tmp_path: Path, text: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IndexingError, match=r"words\.toml"):
        read_user_words(path)
