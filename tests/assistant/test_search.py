from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from assistant.errors import BadInputError
from assistant.services import Services
from eval.metrics import mean, recall_at
from eval.queries import canonical, load_queries
from eval.run import ranked_references

COLLOQUIAL_R5 = 0.90
EXAM_R1 = 0.80
GROWN_R5 = 0.80


def test_hits_are_ranked_and_one_per_article(services: Services) -> None:
    found = services.find("消防通道被堵了归谁管", k=10)
    assert [h.rank for h in found.hits] == list(range(1, 11))
    articles = [h.provision.id.in_article for h in found.hits]
    assert len(set(articles)) == 10
    scores = [h.score for h in found.hits]
    assert scores == sorted(scores, reverse=True)


def test_the_hit_is_the_exact_paragraph_or_item(services: Services) -> None:
    first = services.find("超过一百人的厂要不要配专职安全员", k=1).hits[0]
    assert first.provision.id.locator == "第二十四条第二款"
    first = services.find("占用、堵塞、封闭消防车通道，妨碍消防车通行的", k=1).hits[0]
    assert first.provision.id.item is not None


def test_documents_not_in_force_are_not_found(services: Services) -> None:
    assert all(
        h.document.id != "radioactive-pollution-law"
        for h in services.find("放射性污染防治的监督管理", k=20).hits
    )
    earlier = services.find("放射性污染防治的监督管理", k=20, as_of=date(2026, 8, 14))
    assert any(h.document.id == "radioactive-pollution-law" for h in earlier.hits)


def test_the_wording_of_the_day_is_searched(services: Services) -> None:
    hits = services.find("民用航空法 无人驾驶航空器", k=20, as_of=date(2026, 1, 1)).hits
    assert {h.version.id for h in hits if h.document.id == "civil-aviation-law"} == {"2021-04-29"}


@pytest.mark.parametrize("k", [0, -1, 101])
def test_an_impossible_number_of_hits_is_refused(services: Services, k: int) -> None:
    with pytest.raises(BadInputError, match="1 到 100"):
        services.find("消防", k=k)


def test_an_unknown_scope_is_refused(services: Services) -> None:
    with pytest.raises(BadInputError, match="safety 或 all"):
        services.find("消防", scope="world")


def test_the_same_question_has_the_same_hits(services: Services) -> None:
    first = [str(h.provision.id) for h in services.find("电梯坏了谁负责").hits]
    assert first == [str(h.provision.id) for h in services.find("电梯坏了谁负责").hits]


def test_many_threads_may_ask_at_once(services: Services) -> None:
    questions = [q.text for q in load_queries("train")[:24]]
    alone = [[str(h.provision.id) for h in services.find(q).hits] for q in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda q: services.find(q).hits, questions))
    assert [[str(h.provision.id) for h in hits] for hits in together] == alone


def test_the_nearest_questions_come_from_the_search_itself(services: Services) -> None:
    found = services.find("电梯坏了谁负责")
    assert found.vector is not None
    mask = services.search.view(found.filters).asked_mask
    _, rows = services.index.vectors.search(found.vector.asked, 40, mask)
    assert found.near_asked[:40].tolist() == rows[0].tolist()


def test_views_are_kept_but_bounded(services: Services) -> None:
    for n in range(1, 13):
        services.find("消防", k=1, as_of=date(2026, 1, n))
    assert len(services.search._views) <= 8


@pytest.mark.parametrize(
    ("name", "k", "bound"),
    [("colloquial", 5, COLLOQUIAL_R5), ("exam", 1, EXAM_R1), ("grown", 5, GROWN_R5)],
)
def test_retrieval_stays_above_its_bound(
    services: Services, name: str, k: int, bound: float
) -> None:
    queries = load_queries(name, "test")
    found = [
        recall_at(
            ranked_references(services, q.text, "safety"), canonical(services.catalog, q.gold), k
        )
        for q in queries
    ]
    assert mean(found) >= bound


def test_only_documents_of_the_level_asked_for_are_found(services: Services) -> None:
    laws = services.find("四个一律 打非治违", k=10, level="法律").hits
    policies = services.find("四个一律 打非治违", k=5, level="国家政策").hits
    assert laws
    assert {h.document.level.value for h in laws} == {"法律"}
    assert {h.document.level.value for h in policies} == {"国家政策"}
    assert {h.document.title for h in policies[:2]} == {"四个一律", "打非治违"}


def test_an_unknown_level_is_refused(services: Services) -> None:
    with pytest.raises(BadInputError, match="国家政策"):
        services.find("消防", level="宪章")


def test_the_question_names_its_bearer(services: Services) -> None:
    assert services.find("我们镇政府要干啥").question.bearers == ("乡镇人民政府、街道办事处",)
