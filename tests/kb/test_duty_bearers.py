from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.bearers import read_bearers
from kb.duty_bearers import BearerTable, read_bearer_table
from kb.errors import SourceError, UnknownBearerError
from kb.library import Library


@pytest.fixture(scope="module")
def table() -> BearerTable:
    return read_bearer_table()


@pytest.mark.parametrize(
    ("subject", "bearers"),
    [
        ("县级以上地方各级人民政府及其有关部门", ("gov-above-county", "dept-concerned")),
        ("生产经营单位的主要负责人", ("principal",)),
        (
            "矿山、金属冶炼、建筑施工单位和危险物品的生产、经营、储存单位",
            ("mine", "metal", "construction", "hazchem"),
        ),
        (
            "乡镇人民政府和街道办事处，以及开发区、工业园区、港区、风景区等",
            ("town-gov", "subdistrict", "zone"),
        ),
        ("国务院应急管理、生态环境、卫生健康部门", ("emergency", "eco", "health")),
        ("公安机关交通管理部门", ("traffic-police",)),
        ("任何单位和个人都", ("any-unit", "anyone")),
        ("设区的市和县（市、区）政府", ("gov-city", "gov-county")),
        ("居民委员会、村民委员会", ("village",)),
        ("消防安全重点单位", ("fire-key-unit",)),
        ("负有安全生产监督管理职责的部门", ("safety-dept",)),
        ("负责特种设备安全监督管理的部门", ("market",)),
        ("有关人民政府和部门", ("gov-concerned", "dept-concerned")),
        ("生产经营单位的主要负责人是本单位安全生产第一责任人", ("principal",)),
        ("其他负责人", ("deputy",)),
        ("市、区政府", ("gov-city", "gov-county")),
    ],
)
def test_subject_phrases_denote_their_bearers(
    table: BearerTable, subject: str, bearers: tuple[str, ...]
) -> None:
    assert table.of_subject(subject) == bearers


@pytest.mark.parametrize("subject", ["", "安全设施", "劳动合同", "前款规定的期限"])
def test_things_and_empty_subjects_denote_nobody(table: BearerTable, subject: str) -> None:
    assert table.of_subject(subject) == ()


def test_an_owner_of_the_bearer_is_not_denoted(table: BearerTable) -> None:
    assert "enterprise" not in table.of_subject("生产经营单位的从业人员")
    assert "gov-above-county" not in table.of_subject("县级以上人民政府应急管理部门")
    assert "principal" not in table.of_subject("县级人民政府主要负责人")


@pytest.mark.parametrize(
    ("subject", "narrower"),
    [
        ("县级以上地方人民政府应急管理部门", False),
        ("国务院应急管理部门", True),
        ("用人单位的主要负责人", False),
        ("危险化学品生产企业主要负责人", True),
        ("地震灾区的县级以上地方人民政府", True),
        ("负有危险化学品安全监督管理职责的部门", True),
    ],
)
def test_a_qualified_phrase_is_marked_as_narrower(
    table: BearerTable, subject: str, narrower: bool
) -> None:
    (denoted,) = table.denoted(subject)
    assert denoted.narrower is narrower


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("镇政府", "乡镇人民政府"),
        ("老板", "主要负责人"),
        ("居委会", "村（居）民委员会"),
        (" 镇 政府 ", "乡镇人民政府"),
    ],
)
def test_everyday_names_find_the_bearer(table: BearerTable, said: str, name: str) -> None:
    assert table.find(said).name == name


def test_most_names_that_questions_use_are_known_here_too(table: BearerTable) -> None:
    unknown = []
    for name in read_bearers():
        try:
            table.find(name)
        except UnknownBearerError:
            unknown.append(name)
    assert set(unknown) <= {"县里", "区里", "市里", "安监", "应急办", "安监站"}, unknown


@pytest.mark.parametrize(
    ("said", "near"),
    [("乡镇府", "乡镇人民政府"), ("安全生产总监", "安全总监"), ("街道办公室", "街道办事处")],
)
def test_an_unknown_name_gets_the_nearest_ones(table: BearerTable, said: str, near: str) -> None:
    with pytest.raises(UnknownBearerError, match=near):
        table.find(said)


def test_nonsense_gets_one_sentence_without_candidates(table: BearerTable) -> None:
    with pytest.raises(UnknownBearerError, match="zhize bearers") as caught:
        table.find("")
    assert "最接近" not in str(caught.value)


def test_a_township_bears_what_falls_on_every_government(table: BearerTable) -> None:
    borne = dict(table.falls_on("town-gov"))
    assert next(iter(borne)) == "town-gov"
    assert borne["town-gov"] == ""
    assert "乡镇" in borne["gov-all"]
    assert "gov-above-county" not in borne


def test_a_subdistrict_does_not_bear_what_falls_on_the_township(table: BearerTable) -> None:
    borne = dict(table.falls_on("subdistrict"))
    assert {"town-gov", "gov-all", "gov-concerned"}.isdisjoint(borne)


def test_a_principal_inherits_nothing(table: BearerTable) -> None:
    assert table.falls_on("principal") == (("principal", ""),)


def test_reasons_along_the_way_are_joined(table: BearerTable) -> None:
    why = dict(table.falls_on("special-operator"))["anyone"]
    assert why.index("从业人员") < why.index("个人")


def test_every_bearer_is_complete_and_every_reason_a_sentence(table: BearerTable) -> None:
    assert len(table.bearers) > 60
    for bearer in table.bearers:
        assert re.fullmatch(r"[a-z][a-z-]+", bearer.id), bearer.id
        assert bearer.names, bearer.id
        assert bool(bearer.outline) == bool(bearer.missing), bearer.id
        for step in bearer.inherits:
            assert len(step.why) > 5, (bearer.id, step.bearer)


def test_outlines_name_provisions_of_policy_entries(table: BearerTable, library: Library) -> None:
    for bearer in table.bearers:
        for place in bearer.outline:
            doc_id, locator = place.split()
            doc = library.catalog.get(doc_id)
            assert doc.is_policy
            assert locator in {
                p.id.locator for a in doc.latest().articles for p in a.provisions()
            }, place
        if bearer.missing:
            assert library.catalog.by_name(bearer.missing), bearer.missing


GOOD = """
[[bearer]]
id = "a"
name = "甲"
group = "组"
names = ["甲方"]
subject = ['甲']
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[bearer", "要有 id"),
        ('[[bearer]]\nid = "a"', "要有 id"),
        (GOOD + "colour = 1", "colour"),
        (GOOD.replace("'甲'", "'(甲'"), "表达式"),
        (GOOD + GOOD.replace('"a"', '"b"').replace('"甲"', '"乙"'), "甲方"),
        (GOOD + '[[inherit]]\nfrom = "x"\nby = ["a"]\nwhy = "原因"', "没有 x"),
        (GOOD + '[[inherit]]\nfrom = "a"\nby = ["y"]\nwhy = "原因"', "没有 y"),
    ],
)
def test_a_malformed_table_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bearers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said) as caught:
        read_bearer_table(path)
    assert "bearers.toml" in str(caught.value)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        read_bearer_table(tmp_path / "nowhere.toml")
