"""The comparison of extracted norms with labels, on arithmetic done by hand."""

import json
from pathlib import Path

import pytest

from eval.norms import (
    GOLD,
    Labelled,
    Labels,
    Score,
    agreement,
    compare,
    evaluate,
    iou,
    limits_agreement,
    overlap,
    pair,
    read_gold,
    report,
    same_subject,
)
from kb.catalog import Catalog
from kb.library import Library
from kb.model import ProvisionId
from kb.structure import build_article
from tests.indexer.norms.reading import document

TEXT = "托运人应当妥善包装，不得夹带危险化学品。承运人应当在三日内报告。"


def label(action: str, subject: str = "托运人", modality: str = "must", **more: object) -> Labelled:
    return Labelled("第一条", subject, modality, action, **more)  # type: ignore[arg-type]


def test_overlap_counts_shared_characters_over_the_shorter() -> None:
    assert overlap(TEXT, "妥善包装", "应当妥善") == 0.5
    assert overlap(TEXT, "妥善包装", "报告") == 0.0
    assert iou(TEXT, "妥善包装", "应当妥善") == pytest.approx(2 / 6)


def test_a_phrase_may_be_meant_where_it_stands_closest() -> None:
    assert iou("甲应当报告，乙应当报告", "应当报告", "乙应当报告") == 0.8


def test_pairs_are_one_to_one_best_first() -> None:
    predicted = [label("妥善包装，不得夹带危险化学品"), label("妥善包装")]
    assert pair(TEXT, predicted, [label("妥善包装")]) == [(1, 0)]


def test_another_place_is_no_pair() -> None:
    other = Labelled("第二条", "托运人", "must", "妥善包装")
    assert pair(TEXT, [other], [label("妥善包装")]) == []


def test_subjects_are_the_same_if_they_end_alike_and_overlap() -> None:
    text = "县级以上人民政府及其有关部门应当"
    assert same_subject(text, "", "")
    assert not same_subject(text, "", "有关部门")
    assert not same_subject(text, "县级以上人民政府", "县级以上人民政府及其有关部门")
    assert not same_subject(text, "有关部门", "县级以上人民政府及其有关部门")
    assert same_subject(text, "以上人民政府及其有关部门", "县级以上人民政府及其有关部门")


def test_figures_of_an_article() -> None:
    predicted = [
        label("妥善包装"),
        label("夹带危险化学品", modality="must"),
        label("在三日内报告", subject="托运人", limits=("三日内",)),
        label("承运人"),
    ]
    labelled = [
        label("妥善包装"),
        label("夹带危险化学品", modality="must_not"),
        label("在三日内报告", subject="承运人", limits=("三日内", "报告")),
    ]
    result = compare(TEXT, predicted, labelled)
    assert result.norms == Score(3, 4, 3)
    assert result.norms.precision == 0.75
    assert result.norms.recall == 1.0
    assert result.norms.f1 == pytest.approx(6 / 7)
    assert (result.subject, result.modality) == (2, 2)
    assert result.limits == Score(1, 1, 2)
    assert "F1 0.857" in report(result, 1)
    assert "bearer   0.667   modality 0.667   (on 3 pairs)" in report(result, 1)


def test_nothing_labelled_and_nothing_found_is_right() -> None:
    assert compare(TEXT, [], []).norms.f1 == 1.0


def test_reads_one_split_and_compares_with_the_extractor(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"N{n}", "doc_id": "law", "version": "1", "article": "第一条", "split": split,
            "norms": [{"at": "第一条", "subject": "托运人", "modality": "must",
                       "action": "妥善包装", "limits": [], "trigger": ""}],
        }
        for n, split in enumerate(("tune", "test"))
    ]  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    (labels,) = read_gold(path, "tune")
    assert labels.id == "N0"
    catalog = Catalog([document(build_article("law", "1", "第一条", TEXT))])
    result = evaluate(catalog, [labels])
    assert result.norms == Score(1, 3, 1)
    assert (result.subject, result.modality) == (1, 1)


def test_two_labellings_are_compared_by_the_same_measure(library: Library) -> None:
    folder = GOLD.parent
    first = read_gold(folder / "labelling-1.jsonl", "test")
    second = read_gold(folder / "labelling-2.jsonl", "test")
    same = agreement(library.catalog, first, first)
    assert (same.norms.f1, same.limits.f1) == (1.0, 1.0)
    other = agreement(library.catalog, first, second)
    assert 0.9 < other.norms.f1 < 1.0
    assert agreement(library.catalog, first, []).norms.right == 0


def test_two_labellings_of_limits_are_compared_norm_by_norm(tmp_path: Path) -> None:
    gold = [
        Labels(
            "N1",
            ProvisionId("x", "1", "第一条"),
            (label("报告", limits=("三日内",)), label("抢救", limits=())),
        ),
        Labels("N2", ProvisionId("x", "1", "第二条"), (label("培训"),)),
    ]
    second = tmp_path / "second.jsonl"
    second.write_text('{"id": "N1", "limits": [["三日内"], ["一人"]]}\n', encoding="utf-8")
    assert limits_agreement(gold, second) == (2, 1)
