import json
from pathlib import Path

import pytest

from eval.check_digests import check_document, load_references, main, reference_for, vocabulary
from kb.digests import read_digest

FRONT = """---
id: example-regulation
title: 示例条例
kind: regulation
level: administrative_regulation
topics: [应急]
events:
  - {kind: effective, date: 2019-04-01}
confidence: verified
verified:
  - {source: 逐条核对, on: 2026-11-22}
---
# 示例条例

# 第一章 总则

## 第一条 目的

## 第二条 演练次数
镇政府至少每2年办1次演练，并在10日内向应急管理部门报告。
不得用假记录顶替；要及时改正。

## 第三条 罚款
单位有下列情形之一的，由应急管理部门处2万元以上5万元以下罚款：
（一）没有演练的；
（二）谎报演练的。
"""
SOURCE = {
    "第一条": "为了做好工作，制定本条例。",
    "第二条": "镇政府应当至少每二年组织一次演练，并应当在十日内向应急管理部门报告。\n"
    "禁止以虚假记录代替演练；发现问题的，应当及时改正。",
    "第三条": "单位违反本条例，有下列情形之一的，由应急管理部门处二万元以上五万元以下的罚款：\n"
    "（一）未组织演练的；\n（二）谎报演练情况的。",
}
MORE = ["县政府和公安机关应当检查。由公安机关处罚。"] * 5


def problems(tmp_path: Path, old: str, new: str) -> dict[str, tuple[str, ...]]:
    assert old in FRONT
    digest = tmp_path / "example-regulation.md"
    digest.write_text(FRONT.replace(old, new), encoding="utf-8")
    rows = [{"law": "示例条例", "article": k, "text": v} for k, v in SOURCE.items()]
    other = [{"law": "别的", "article": f"第{n}条", "text": t} for n, t in enumerate(MORE)]
    for name, content in (("a", rows), ("b", other)):
        text = "\n".join(json.dumps(r, ensure_ascii=False) for r in content)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    held = load_references(tmp_path)
    doc = read_digest(digest).document
    reference = reference_for(doc, held)
    assert reference is not None
    checked = check_document(doc, reference, vocabulary(held))
    return {c.locator: c.problems for c in checked if c.problems}


def test_a_true_restatement_passes(tmp_path: Path) -> None:
    assert problems(tmp_path, "镇政府", "镇政府") == {}


@pytest.mark.parametrize(
    ("old", "new", "locator", "why"),
    [
        ("10日内", "15日内", "第二条第1款", "数字“15日内”不在原文"),
        ("并在10日内", "并", "第二条第1款", "漏了数字“10日内”"),
        ("2万元以上5万元以下", "2万元以上50万元以下", "第三条第1款", "数字“500000元以下”"),
        ("每2年办1次", "每年办1次", "第二条第1款", "时间词“每年”不在原文"),
        ("及时改正", "立即改正", "第二条第2款", "时间词“立即”不在原文"),
        ("向应急管理部门报告", "向公安机关报告", "第二条第1款", "主体“公安机关”不在原文"),
        ("不得用假记录", "可以用假记录", "第二条第2款", "漏了禁止"),
        ("（二）谎报演练的。\n", "", "第三条第2项", "漏了这一项"),
        ("不得用假记录顶替；要及时改正。\n", "", "第二条", "要点有 1 款，原文有 2 款"),
        ("## 第三条 罚款", "## 第四条 罚款", "第四条", "原文没有这一条"),
        ("（一）没有演练的", "（一）违反第九条没有演练的", "第三条第1项", "原文没有提到第九条"),
    ],
)
def test_what_does_not_agree_is_named(
    tmp_path: Path, old: str, new: str, locator: str, why: str
) -> None:
    found = problems(tmp_path, old, new)
    assert why in "；".join(found.get(locator, ())), found


def test_copied_words_fail(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "（一）没有演练的；",
        "（一）未组织演练的；单位违反本条例，有下列情形之一的，由应急管理部门处二万元以上；",
    )
    assert "字与原文相同" in "；".join(found["第三条第1项"])


def test_a_digest_without_one_reference_fails(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"law": "别的", "article": "第一条", "text": "甲"}), encoding="utf-8"
    )
    report = tmp_path / "report.tsv"
    assert main(["no-such-id", "--reference", str(tmp_path), "--report", str(report)]) == 0
    assert report.read_text(encoding="utf-8").splitlines() == [
        "doc_id\tlocator\tfigures\tsubjects\tresult"
    ]
