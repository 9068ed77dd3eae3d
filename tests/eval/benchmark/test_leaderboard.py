from collections.abc import Sequence
from itertools import islice
from math import log2
from pathlib import Path

import pytest

from assistant.errors import BadInputError
from assistant.services import Services
from eval.benchmark.__main__ import README, main
from eval.benchmark.composition import JUDGED, STYLES
from eval.benchmark.export import qrels
from eval.benchmark.leaderboard import (
    SYSTEMS,
    between,
    grouped,
    measured,
    score,
    styles,
    systems,
    write_between,
)
from eval.queries import Query, load_queries
from kb.library import Library


def cells(line: str) -> list[str]:
    return [c.strip().strip("*") for c in line.strip("|").split("|")]


def test_metrics_by_hand() -> None:
    # first question: gold at rank 2 of two golds; second: gold at rank 1; third: not found
    f = measured([["x", "a"], ["b"], ["x"]], [("a", "c"), ("b",), ("d",)], [3.0, 1.0, 2.0])
    assert (f.n, f.r1, f.r5, f.r10, f.ms) == (3, 1 / 3, 2 / 3, 2 / 3, 2.0)
    assert f.mrr == pytest.approx((1 / 2 + 1) / 3)
    first = (1 / log2(3)) / (1 + 1 / log2(3))
    assert f.ndcg == pytest.approx((first + 1) / 3)


def test_the_committed_table_has_every_ranker_on_every_set() -> None:
    lines = [x for x in between(README, "leaderboard").splitlines() if x.startswith("|")]
    rows = {(cells(x)[0], cells(x)[1]): cells(x)[2:] for x in lines}
    for name in JUDGED:
        for system in SYSTEMS:
            row = rows[f"{name} {len(load_queries(name, 'test'))} 问", system]
            figures = [float(x) for x in row]
            assert len(figures) == 6
            assert all(0 <= x <= 1 for x in figures[:5])
            assert figures[0] <= figures[3] <= figures[2]
            assert figures[0] <= figures[1] <= figures[2]


def test_the_committed_table_has_every_style_of_rough() -> None:
    body = between(README, "leaderboard")
    rough = load_queries("rough", "test")
    for style in {q.style for q in rough}:
        count = sum(q.style == style for q in rough)
        assert f"| {style} {STYLES[style]} | {count} |" in body


def test_every_ranker_finds_the_article_whose_words_are_asked(services: Services) -> None:
    text = "生产经营单位应当具备的安全生产条件所必需的资金投入，由决策机构予以保证"
    own = list(islice(systems(services), len(SYSTEMS) - 1))  # the package indexes all laws first
    assert [title for title, _ in own] == list(SYSTEMS[:-1])
    for title, rank in own:
        found = rank(text, 10)
        assert 0 < len(found) <= 10, title
        assert len(set(found)) == len(found), title
        assert "中华人民共和国安全生产法第二十三条" in found, title


def test_styles_are_listed_one_by_one(library: Library) -> None:
    gold = "中华人民共和国安全生产法第九条"
    queries = [
        Query("1", "甲", (gold,), "test", (), "typo"),
        Query("2", "乙", (gold,), "test", (), "odd"),
        Query("3", "丙", (gold,), "test", (), "plain"),
    ]
    assert list(grouped(queries)) == ["plain", "typo", "odd"]

    def rank(text: str, count: int) -> list[str]:
        return [gold] if text == "甲" else []

    lines = styles(rank, queries, library.catalog).splitlines()[2:]
    assert [cells(x)[2] for x in lines] == ["0.000", "1.000", "0.000"]


def test_a_perfect_run_scores_one_everywhere_and_an_empty_one_nothing(library: Library) -> None:
    lines = [
        f"{qid} Q0 {pid} 1 1.0 mine"
        for body in qrels(library.catalog).values()
        for qid, _, pid, _ in (x.split() for x in body.splitlines())
    ]
    rows = [cells(x)[1:4] for x in score(library.catalog, lines).splitlines()[2:]]
    assert len(rows) == len(JUDGED)
    assert {x for row in rows for x in row} == {"1.000"}
    rows = [cells(x)[1:] for x in score(library.catalog, []).splitlines()[2:]]
    assert {x for row in rows for x in row} == {"0.000"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["rough-g002 Q0 work-safety-law 1"], "第 1 行"),
        (["rough-g002 Q0 work-safety-law first 1 x"], "第 1 行"),
        (["rough-g002 Q0 nowhere@1/第一条 1 0.5 mine"], "corpus.jsonl"),
    ],
)
def test_a_malformed_run_is_bad_input(library: Library, lines: Sequence[str], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        score(library.catalog, lines)


def test_a_missing_run_file_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(tmp_path / "none.trec")]) == 2
    assert "none.trec" in capsys.readouterr().err


def test_only_what_is_between_the_markers_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    path.write_text("a\n<!-- x -->\nold\n<!-- /x -->\nb\n", encoding="utf-8")
    write_between(path, "x", "new")
    assert path.read_text(encoding="utf-8") == "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n"
    with pytest.raises(ValueError, match="is missing"):
        write_between(path, "y", "new")
