"""Choosing 款 and 项: alone or together with other articles, the choice is the same."""

import numpy as np

from assistant.locating import locate
from assistant.services import Services
from indexer.embed import question_vectors

QUESTIONS = ("超过一百人的厂要不要配专职安全员", "主要负责人有哪些职责", "消防通道被堵了归谁管")


def test_articles_are_located_together_as_they_are_alone(services: Services) -> None:
    view = services.search.view()
    for text in QUESTIONS:
        question = services.search.understand(text, view.filters)
        query = question_vectors(services.embedder, question.core)
        numbers = np.random.default_rng(5).choice(len(view), 12, replace=False).tolist()
        together = locate(numbers, query, question, view, services.index)
        alone = [locate([n], query, question, view, services.index)[0] for n in numbers]
        assert together == alone
        assert [p.in_article for p in together] == [view.article(n) for n in numbers]
        assert all(services.catalog.provision(p).id == p for p in together)


def test_no_more_hits_than_asked_for_beside_cited_provisions(services: Services) -> None:
    found = services.find("安全生产法第二十一条和第二十四条、第二十五条怎么规定", k=2)
    assert len(found.hits) <= 2
    assert found.hits == found.cited[:2]
