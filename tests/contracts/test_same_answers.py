"""FAISS and an embedded Milvus find the same provisions for the questions held back for evaluation."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.services import Services
from assistant.view import Filters, View
from eval.queries import load_queries
from indexer.vectors import MilvusStore
from tests.conftest import TODAY

SETS = ("colloquial", "exam", "rough")
TIE = 2e-6
"""Scores so near each other are one score, summed in another order."""


@pytest.fixture(scope="module")
def milvus(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusStore]:
    from milvus_lite.server_manager import server_manager_instance

    path: Path = tmp_path_factory.mktemp("milvus") / "v.db"
    stored = services.index.vectors
    yield MilvusStore.build(stored.get(np.arange(stored.size)), str(path), "default_library")
    server_manager_instance.release_server(str(path))


@pytest.mark.slow
def test_both_return_the_same_ten(services: Services, milvus: MilvusStore) -> None:
    questions = [q.text for name in SETS for q in load_queries(name, "test")]
    asked = services.embedder.encode_queries(questions)
    view = View(services.index, services.catalog, Filters(TODAY))
    for queries, mask in (
        (services.embedder.beside_passages(asked), view.text_mask),
        (asked, view.asked_mask),
    ):
        exact, rows = services.index.vectors.search(queries, 10, mask)
        other, found = milvus.search(queries, 10, mask)
        assert other == pytest.approx(exact, abs=TIE)
        different = rows != found
        assert different.mean() < 0.01
        for n, place in np.argwhere(different):
            score = queries[n] @ services.index.vectors.get(found[n, place : place + 1])[0]
            assert abs(score - exact[n, place]) <= TIE
    assert len(questions) > 350
