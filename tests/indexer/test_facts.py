"""Title, 文号, issuer, level, region, as heading blocks of all kinds show them."""

from __future__ import annotations

import pytest

from indexer.facts import find_facts, joined_heading
from kb.model import Level

NOTICE = [
    "某省某市某县安全生产委员会文件",
    "某安委〔2026〕3 号",
    "某省某市某县安全生产委员会",
    "关于印发《某县安全生产责任清单》的通知",
    "各乡镇人民政府，县直各部门：",
]
CASES = {
    "notice": (
        NOTICE, "某省某市某县安全生产委员会关于印发《某县安全生产责任清单》的通知", "某安委〔2026〕3号",
        "某省某市某县安全生产委员会", Level.NORMATIVE_DOCUMENT,
    ),
    "provincial regulation": (
        ["河南省安全生产条例", "（2019年5月31日河南省第十三届人民代表大会常务委员会第十次会议通过）"],
        "河南省安全生产条例", "", "河南省人民代表大会常务委员会", Level.LOCAL_REGULATION,
    ),
    "regulation with the last order of its note": (
        [
            "危险品条例",
            "（2002年1月26日中华人民共和国国务院令第344号公布　"
            "2011年3月2日中华人民共和国国务院令第591号修订）",
        ],
        "危险品条例", "国务院令第591号", "国务院", Level.ADMINISTRATIVE_REGULATION,
    ),
    "ministerial order on two lines": (
        ["中华人民共和国应急管理部令", "第 19 号", "2026年2月3日", "特种作业管理规定"],
        "特种作业管理规定", "应急管理部令第19号", "应急管理部", Level.RULE,
    ),
    "rules issued by a notice": (
        [
            "国务院办公厅关于印发消防责任制实施办法的通知", "国办发[2017]87号", "各省、自治区、直辖市人民政府：",
            "《消防责任制实施办法》已经同意，现印发给你们。", "国务院办公厅", "2017年10月29日", "消防责任制实施办法",
        ],
        "消防责任制实施办法", "国办发〔2017〕87号", "国务院办公厅", Level.NORMATIVE_DOCUMENT,
    ),
    "company rule": (
        ["宏达化工有限公司", "动火作业安全管理制度"],
        "动火作业安全管理制度", "", "宏达化工有限公司", Level.UNIT_RULE,
    ),
    "title cut inside its marks": (
        ["某县应急管理局", "关于印发《某县安全生产", "举报奖励办法》的通知", "某应急〔2026〕12号"],
        "某县应急管理局关于印发《某县安全生产举报奖励办法》的通知", "某应急〔2026〕12号", "某县应急管理局",
        Level.NORMATIVE_DOCUMENT,
    ),
    "party regulation": (
        ["地方党政领导干部安全生产责任制规定", "厅字〔2018〕13号"],
        "地方党政领导干部安全生产责任制规定", "厅字〔2018〕13号", "", Level.PARTY_REGULATION,
    ),
    "judicial interpretation": (
        ["最高人民法院关于审理安全生产案件若干问题的解释", "法释〔2015〕22号"],
        "最高人民法院关于审理安全生产案件若干问题的解释", "法释〔2015〕22号", "最高人民法院",
        Level.JUDICIAL_INTERPRETATION,
    ),
    "local rules under a law": (
        ["广东省实施《中华人民共和国消防法》办法"],
        "广东省实施《中华人民共和国消防法》办法", "", "", Level.LOCAL_REGULATION,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_heading_block(name: str) -> None:
    preface, title, number, issuer, level = CASES[name]
    found = find_facts(preface, ["第一条的文字。"], [], "file")
    f = found.facts
    assert (f.title, f.doc_number, f.issuer, f.level) == (title, number, issuer, level)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("title", "issuer", "region"),
    [
        ("山东省消防条例", "", "山东省"),
        ("杭州市安全生产监督管理条例", "", "杭州市"),
        ("关于检查的通知", "吉林省长春市双阳区安全生产委员会", "吉林省长春市双阳区"),
        ("关于检查的通知", "某县某某镇人民政府", "某县某某镇"),
        ("内蒙古自治区安全生产条例", "", "内蒙古自治区"),
        ("中华人民共和国安全生产法", "全国人民代表大会常务委员会", "全国"),
        ("安全生产违法行为行政处罚办法", "应急管理部", "全国"),
        ("城镇燃气管理条例", "国务院", "全国"),
        ("市场监督管理规定", "", "全国"),
        ("县级以上人民政府安全生产职责规定", "", "全国"),
    ],
)
def test_region(title: str, issuer: str, region: str) -> None:
    preface = [f"{issuer}文件", title] if issuer else [title]
    assert find_facts(preface, ["文字。"], [], "file").facts.region == region


def test_the_signature_names_the_issuer_and_the_day() -> None:
    f = find_facts(
        ["关于开展检查的通知"], ["文字。"], ["某县应急管理局", "2026年5月6日"], "x"
    ).facts
    assert f.issuer == "某县应急管理局"
    assert f.issued_on is not None
    assert f.issued_on.isoformat() == "2026-05-06"


def test_without_a_title_the_file_name_is_taken_and_said_so() -> None:
    found = find_facts([], ["文字。"], [], "某公司安全制度(2020)")
    assert found.facts.title == "某公司安全制度"
    assert "没有读到标题" in found.problems[0]


def test_a_cited_number_in_a_sentence_is_not_the_documents_own() -> None:
    preface = [
        "关于开展检查的通知",
        "按照《某某办法》（国办发〔2017〕87号）的要求，现将有关事项通知如下，请各单位认真抓好落实：",
    ]
    assert find_facts(preface, ["文字。"], [], "x").facts.doc_number == ""


def test_a_heading_without_breaks_is_left_alone() -> None:
    lines = ["某县安全生产办法", "某政发〔2026〕1号", "各乡镇："]
    assert joined_heading(lines) == lines
