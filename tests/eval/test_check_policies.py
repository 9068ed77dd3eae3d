from datetime import date
from pathlib import Path

import pytest

from eval.check_policies import check_entry, claims, read_attested
from kb.catalog import Catalog
from kb.digests import read_digest
from kb.model import Document, Level, TextKind, Version
from kb.structure import build_article

ENTRY = """---
id: policy-example
title: 例子措施
kind: policy
level: national_policy
topics: [责任体系]
confidence: outline
events:
  - {kind: mentioned, date: 2012-04-17, note: 部署}
basis: [示例法第二条]
---
# 例子措施

## 是什么
《示例法》第二条规定罚2万元以上5万元以下；2012年4月17日部署，要求30日内办完。
"""


def law() -> Document:
    article = build_article("example-law", "2021", "第二条", "处二万元以上五万元以下罚款。")
    version = Version("2021", date(2021, 9, 1), (article,))
    return Document("example-law", "示例法", "示例法", Level.LAW, TextKind.TEXT, (version,))


def run(tmp_path: Path, entry: str, reference: set[str], attested: dict[str, str]) -> list[str]:
    path = tmp_path / "policy-example.md"
    path.write_text(entry, encoding="utf-8")
    doc = read_digest(path).document
    table = {("policy-example", "是什么"): attested, ("policy-example", "经过"): attested}
    sections = check_entry(doc, Catalog([law(), doc]), reference, table)
    return [p for s in sections for p in s.problems]


def test_claims_are_dates_and_figures_in_one_spelling() -> None:
    assert claims("2012年4月17日起三十日内") == {"2012-04-17", "30日内"}


def test_figures_rest_on_the_cited_provision_reference_or_source(tmp_path: Path) -> None:
    assert run(tmp_path, ENTRY, {"2012-04-17"}, {"30日内": "某网"}) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("5万元以下", "50万元以下", "“500000元以下”没有出处"),
        ("30日内", "15日内", "“15日内”没有出处"),
        ("date: 2012-04-17", "date: 2012-04-18", "“2012-04-18”没有出处"),
        ("basis: [示例法第二条]", "basis: [示例法第九条]", "没有第九条"),
    ],
)
def test_what_rests_on_nothing_is_named(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert old in ENTRY
    found = run(tmp_path, ENTRY.replace(old, new), {"2012-04-17"}, {"30日内": "某网"})
    assert why in "；".join(found)


def test_an_attested_row_must_be_complete(tmp_path: Path) -> None:
    table = tmp_path / "attested.tsv"
    table.write_text(
        "doc_id\theading\tclaim\tsource\tread_on\npolicy-x\t是什么\t2012\t\t\n", "utf-8"
    )
    with pytest.raises(ValueError, match=r"attested.tsv:2"):
        read_attested(table)
    assert read_attested(tmp_path / "none.tsv") == {}
