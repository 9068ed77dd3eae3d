"""FAISS and an embedded Milvus find the same provisions for questions held back for evaluation."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from assistant.services import Services
from assistant.view import Filters, View
from eval.queries import load_queries
from indexer.units import UnitKind
from indexer.vectors import MilvusStore
from tests.conftest import TODAY

SETS = ("colloquial", "exam")
TIE = 2e-6
"""Scores so near each other are one score, summed in another order."""


@pytest.fixture(scope="module")
def provisions(services: Services) -> npt.NDArray[np.int64]:
    """Rows of the index that are words of the rules; asked-as entries would only take longer."""
    units = services.index.units
    return np.array([i for i, u in enumerate(units) if u.kind is not UnitKind.ASKED])


@pytest.fixture(scope="module")
def milvus(
    services: Services, provisions: npt.NDArray[np.int64], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MilvusStore]:
    from milvus_lite.server_manager import server_manager_instance

    path = tmp_path_factory.mktemp("milvus") / "v.db"
    yield MilvusStore.build(services.index.vectors.get(provisions), str(path), "default_library")
    server_manager_instance.release_server(str(path))


@pytest.mark.slow
def test_both_return_the_same_ten(
    services: Services, milvus: MilvusStore, provisions: npt.NDArray[np.int64]
) -> None:
    questions = [q.text for name in SETS for q in load_queries(name, "test")]
    asked = services.embedder.beside_passages(services.embedder.encode_queries(questions))
    mask = View(services.index, services.catalog, Filters(TODAY)).text_mask
    exact, rows = services.index.vectors.search(asked, 10, mask)
    other, found = milvus.search(asked, 10, mask[provisions])
    assert other == pytest.approx(exact, abs=TIE)
    for n, place in np.argwhere(rows != provisions[found]):
        score = services.index.vectors.scores(asked[n], provisions[found[n, place : place + 1]])
        assert score == pytest.approx(exact[n, place], abs=TIE)
    assert (rows != provisions[found]).mean() < 0.01
    assert len(questions) > 200
