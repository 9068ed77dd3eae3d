"""General questions: made up here from the library's own words; the real ones are not kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.errors import BadInputError
from assistant.services import Services
from eval import general
from eval.general import BIGRAM, OURS, WORDS, General, compare, evaluate, read_questions, table
from eval.queries import Query
from kb.model import ProvisionId


def articles(services: Services) -> Sequence[ProvisionId]:
    view = services.search.view(services.search.filters("all"))
    return [view.article(n) for n in range(len(view))]


def written(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


def text_of(services: Services, number: str) -> str:
    doc = services.catalog.get("work-safety-law")
    return next(a.text for a in doc.latest().articles if a.id.article == number)


def row(qid: int, query: str, gold: dict[str, str]) -> dict[str, object]:
    return {"query_id": qid, "query": query, "gold": gold}


def test_gold_is_an_article_with_the_same_words(services: Services, tmp_path: Path) -> None:
    nine = text_of(services, "第九条")
    rows = [
        row(1, "镇里管不管安全", {"安全生产法第九条": nine.replace("\n", "\n\n") + "\n"}),
        row(2, "以前的条号", {"中华人民共和国安全生产法第八条": nine}),
        row(3, "改过的条", {"安全生产法第九条": "旧的说法"}),
        row(4, "没有收录", {"某地管理办法第一条": nine}),
    ]
    found = read_questions(
        written(tmp_path / "q.jsonl", rows), services.catalog, articles(services)
    )
    assert [q.qid for q in found] == ["1", "2"]
    assert {q.gold for q in found} == {("中华人民共和国安全生产法第九条",)}


def test_questions_that_share_an_article_stay_in_one_split(
    services: Services, tmp_path: Path
) -> None:
    doc = services.catalog.get("work-safety-law")
    texts = [(a.id.article, a.text) for a in doc.latest().articles[:40]]
    rows = [row(n, f"问{n}", {f"安全生产法{a}": t}) for n, (a, t) in enumerate(texts)]
    rows += [row(90, "一", {f"安全生产法{a}": t for a, t in texts[:2]})]
    rows += [row(91, "二", {f"安全生产法{a}": t for a, t in texts[1:3]})]
    found = read_questions(
        written(tmp_path / "q.jsonl", rows), services.catalog, articles(services)
    )
    split = {q.qid: q.split for q in found}
    assert len({split[n] for n in ("0", "1", "2", "90", "91")}) == 1
    assert set(split.values()) == {"tune", "test"}
    turned = written(tmp_path / "t.jsonl", rows[::-1])
    again = read_questions(turned, services.catalog, articles(services))
    assert {q.qid: q.split for q in again} == split


@pytest.mark.parametrize("line", ['{"query_id": 1, "query": "x"}', "not json", '{"gold": 3}'])
def test_a_malformed_line_is_named(services: Services, tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"q\.jsonl:1"):
        read_questions(path, services.catalog, articles(services))


def test_figures_by_hand() -> None:
    queries = [Query("1", "甲", ("a", "b"), "test"), Query("2", "乙", ("c",), "test")]
    ranked = {"甲": ["x", "a"], "乙": ["x", "y"]}
    found = evaluate(lambda text, count: ranked[text][:count], queries)
    assert (found.n, found.recall, found.success) == (2, 0.25, 0.5)
    assert (found.r1, found.mrr) == (0.0, 0.25)


def test_the_table_holds_us_against_the_better_of_the_others() -> None:
    one = General(1, 0.6, 0.9, 0.5, 0.5, 1.0)
    rows = {OURS: one, BIGRAM: General(1, 0.4, 0.6, 0, 0, 1), WORDS: General(1, 0.5, 0.5, 0, 0, 1)}
    first = table(rows).splitlines()[2]
    assert first == "| 知责 | 1 | 0.600 | 1.20 | 0.900 | 1.50 | 0.500 | 0.500 | 1 |"


def test_every_ranker_answers_over_the_same_articles(services: Services) -> None:
    nine = text_of(services, "第九条")
    query = Query("1", nine[:60], ("中华人民共和国安全生产法第九条",), "test")
    found = compare(services, [query])
    assert list(found) == [OURS, BIGRAM, WORDS]
    assert {f.recall for f in found.values()} == {1.0}


def test_an_index_of_the_safety_scope_alone_is_refused(services: Services, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="zhize build"):
        general.open_questions(services, tmp_path / "q.jsonl")
