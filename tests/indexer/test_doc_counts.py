from pathlib import Path

import numpy as np
import pytest

from indexer import doc_counts
from indexer.doc_counts import DocumentCounts
from indexer.lexical import Bm25

TEXTS = [["a", "b"], ["a"], ["b", "b"], [], ["a", "c"]]
DOCUMENT_OF = np.array([0, 0, 2, 2, 1], np.int32)


@pytest.mark.parametrize("at_once", [1, 10**6])
def test_counts_the_texts_of_every_document_that_hold_a_term(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(doc_counts, "_AT_ONCE", at_once)
    index = Bm25.build(TEXTS)
    counts = DocumentCounts.of(index.postings, DOCUMENT_OF)
    found = {t: [x.tolist() for x in counts.of_term(index.vocabulary[t])] for t in ("a", "b", "c")}
    assert found == {"a": [[0, 1], [2, 1]], "b": [[0, 2], [1, 1]], "c": [[1], [1]]}


def test_what_is_saved_is_read_again_and_a_small_library_has_none(tmp_path: Path) -> None:
    assert DocumentCounts.load(tmp_path) is None
    index = Bm25.build(TEXTS)
    DocumentCounts.of(index.postings, DOCUMENT_OF).save(tmp_path)
    read = DocumentCounts.load(tmp_path)
    assert read is not None
    assert [x.tolist() for x in read.of_term(index.vocabulary["a"])] == [[0, 1], [2, 1]]
