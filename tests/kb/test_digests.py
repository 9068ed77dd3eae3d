import re
from datetime import date
from pathlib import Path

import pytest

from kb.citation import find_citations
from kb.digests import SOURCES, load_digests, read_digest
from kb.errors import SourceError
from kb.library import Library
from kb.model import Level, TextKind

GOOD = """---
id: policy-example
title: 例
kind: policy
level: national_policy
topics: [责任体系]
events:
  - {kind: effective, date: 2021-09-01}
confidence: outline
asked:
  - {at: 内容第（一）项, questions: [第一项是什么]}
---
# 例

## 是什么
一句话。

## 内容
有两项：
（一）甲；
（二）乙。
"""

TWELVE = [
    "三管三必须", "四个一律", "党政同责、一岗双责", "地方党政领导干部安全生产责任制规定", "全员安全生产责任制",
    "双重预防机制", "四不放过", "四不两直", "双随机、一公开", "事故信息报告时限", "举报奖励", "消防安全责任制",
]  # fmt: skip


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "policy-example.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_headings_paragraphs_and_items(tmp_path: Path) -> None:
    digest = read_digest(write(tmp_path, GOOD))
    doc = digest.document
    assert (doc.level, doc.text_kind) == (Level.NATIONAL_POLICY, TextKind.DIGEST)
    assert [a.id.article for a in doc.latest().articles] == ["是什么", "内容"]
    assert [p.id.locator for p in doc.latest().articles[1].parts] == [
        "内容第（一）项",
        "内容第（二）项",
    ]
    assert digest.asked[0].questions == ("第一项是什么",)


def test_a_numbered_heading_is_an_article(tmp_path: Path) -> None:
    text = GOOD.replace("## 内容", "## 第九条 报告时限").replace(
        "内容第（一）项", "第九条第（一）项"
    )
    article = read_digest(write(tmp_path, text)).document.latest().articles[1]
    assert (article.id.article, article.heading) == ("第九条", "报告时限")


def test_an_unknown_day_is_not_invented(tmp_path: Path) -> None:
    text = GOOD.replace("kind: effective", "kind: mentioned")
    assert read_digest(write(tmp_path, text)).document.latest().effective_on == date.min


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("---\nid", "id", "缺少 ---"),
        ("title: 例\n", "", "缺少 title"),
        ("topics: [责任体系]", "topics: [责任体系]\ncolour: red", "不认识的键 colour"),
        ("level: national_policy", "level: high", "level 应是"),
        ("confidence: outline", "confidence: sure", "confidence 应是"),
        ("confidence: outline", "confidence: verified", "没有 verified 依据"),
        ("2021-09-01", "2021-13-01", "应如"),
        ("id: policy-example", "id: policy-other", "与文件名不同"),
        ("topics: [责任体系]", "topics: [责任", "YAML"),
        ("## 内容\n有两项：\n（一）甲；\n（二）乙。\n", "## 内容\n", "没有内容"),
        ("at: 内容第（一）项", "at: 内容第（九）项", "不是本文件"),
        ("## 内容", "## 是什么", "重复"),
    ],
)
def test_a_malformed_file_names_itself_and_the_key(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SourceError, match=message) as e:
        read_digest(path)
    assert path.name in str(e.value)


def test_two_entries_may_not_share_a_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "policy-second.md").write_text(
        GOOD.replace("policy-example", "policy-second"), encoding="utf-8"
    )
    with pytest.raises(SourceError, match="别名不能重复"):
        load_digests(tmp_path)


@pytest.mark.parametrize("name", TWELVE)
def test_the_first_twelve_measures_are_held(library: Library, name: str) -> None:
    (doc,) = library.catalog.by_name(name)
    assert doc.is_policy
    assert doc.latest().article("是什么") is not None


def test_every_footing_resolves(library: Library) -> None:
    for doc in library.catalog:
        for text in doc.basis:
            (citation, *_) = find_citations(text, library.catalog.find_mentions)
            assert citation.mention is not None, (doc.id, text)
            (target,) = citation.mention.doc_ids
            library.catalog.resolve(library.catalog.get(target), citation.locator)


def test_every_citation_in_a_digest_resolves(library: Library) -> None:
    for doc in library.catalog:
        if not doc.is_policy:
            continue
        for article in doc.latest().articles:
            for c in find_citations(article.text, library.catalog.find_mentions):
                if c.mention is None or not c.mention.doc_ids:
                    continue
                target = library.catalog.get(c.mention.doc_ids[0])
                if not target.is_policy:
                    library.catalog.resolve(target, c.locator)


def test_events_of_a_digest_are_in_order(library: Library) -> None:
    for doc in library.catalog:
        if doc.is_policy:
            days = [e.on for e in doc.events]
            assert days == sorted(days), doc.id


def test_no_name_of_an_entry_is_a_name_of_a_law(library: Library) -> None:
    laws = {n for d in library.catalog if not d.is_policy for n in (d.title, d.short, *d.aliases)}
    for doc in library.catalog:
        if doc.is_policy:
            assert not laws & {doc.title, doc.short, *doc.aliases}, doc.id


def test_four_absolutes_have_four_limbs_and_say_they_are_policy(library: Library) -> None:
    (doc,) = library.catalog.by_name("四个一律")
    assert doc.level is Level.NATIONAL_POLICY
    content = doc.latest().article("内容")
    assert content is not None
    assert [p.id.item for p in content.parts] == [1, 2, 3, 4]
    what = doc.latest().article("是什么")
    assert what is not None
    assert "不是法律条文" in what.text


def test_front_matter_is_not_text() -> None:
    for path in SOURCES.glob("*.md"):
        for article in read_digest(path).document.latest().articles:
            assert not re.search(r"^(id|kind|level):", article.text, re.M), path
