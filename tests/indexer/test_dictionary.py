from pathlib import Path

import jieba
import pytest

from indexer import dictionary
from indexer.dictionary import frequencies
from indexer.tokens import Tokenizer, read_user_words
from kb.library import load_library


@pytest.fixture(autouse=True)
def read_anew() -> None:
    dictionary._dictionary.cache_clear()


def kept_in(folder: Path) -> Path:
    (own,) = folder.glob("zhize-words-*")
    return own


def test_words_come_out_as_from_the_table_of_jieba() -> None:
    plain = jieba.Tokenizer()
    plain.initialize()
    for word in sorted(set(read_user_words())):
        plain.add_word(word)
    own = Tokenizer(read_user_words())
    documents = [d for d in load_library().catalog if d.in_scope]
    texts = [a.text for d in documents for a in d.latest().articles]
    assert len(texts) > 3000
    for text in texts[::4]:
        assert own.cut(text) == list(plain.cut(text))
        assert list(own._jieba.cut_for_search(text)) == list(plain.cut_for_search(text))


def test_every_entry_has_the_frequency_that_jieba_gives_it(tmp_path: Path) -> None:
    table, total = jieba.Tokenizer.gen_pfdict(jieba.Tokenizer().get_dict_file())
    made = frequencies(tmp_path)
    dictionary._dictionary.cache_clear()
    for found in (made, frequencies(tmp_path)):
        assert found.total == total
        assert all(found.get(w) == n and w in found for w, n in table.items())
        assert found.get("不是词的一串") is None
        assert "不是词的一串" not in found
        with pytest.raises(KeyError):
            found["不是词的一串"]


def test_what_is_added_belongs_to_one_tokenizer(tmp_path: Path) -> None:
    one, other = frequencies(tmp_path), frequencies(tmp_path)
    one["全员安全生产责任制"] = 7
    assert one["全员安全生产责任制"] == 7
    assert "全员安全生产责任制" not in other


@pytest.mark.parametrize("name", ["words.marisa", "counts.npy"])
@pytest.mark.parametrize("left", [0, 100, 1_000_000])
def test_a_damaged_copy_is_made_anew(tmp_path: Path, name: str, left: int) -> None:
    frequencies(tmp_path)
    damaged = kept_in(tmp_path) / name
    damaged.write_bytes(damaged.read_bytes()[:left])
    dictionary._dictionary.cache_clear()
    assert frequencies(tmp_path).get("安全") == 9921
    assert damaged.stat().st_size > 1_000_000
    assert kept_in(tmp_path) == damaged.parent  # nothing else is left lying about


def test_somebody_elses_copy_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frequencies(tmp_path)
    own = kept_in(tmp_path)
    monkeypatch.setattr(dictionary, "_user", lambda: -1)
    with pytest.raises(ValueError, match="somebody else"):
        dictionary._read(own)


def test_without_a_place_to_keep_it_it_is_made_in_memory(tmp_path: Path) -> None:
    assert frequencies(tmp_path / "missing").get("安全") == 9921
