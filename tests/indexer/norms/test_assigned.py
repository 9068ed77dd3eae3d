"""Work assigned without a modal word, liability, and what goes on after a full stop."""

import pytest

from tests.indexer.norms.reading import brief

PENAL = ("第六章 法律责任",)


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("市政府牵头建立联席会议机制。", ("市政府", "must", "牵头建立联席会议机制")),
        (
            "县应急管理部门根据当地实际，规定检查的起止日期。",
            ("县应急管理部门", "must", "根据当地实际，规定检查的起止日期"),
        ),
        (
            "交通管理部门对屡次违章的驾驶人，扣留其证件。",
            ("交通管理部门", "must", "扣留其证件"),
        ),
        (
            "省政府对参加救援的人员依法落实待遇。",
            ("省政府", "must", "对参加救援的人员依法落实待遇"),
        ),
        ("保险费由承包单位付。", ("承包单位", "must", "付")),
        ("损耗的器材，由所在地政府给予补偿。", ("所在地政府", "must", "给予补偿")),
        (
            "一般险情由县政府，或者县政府授权的部门，组织处置。",
            ("县政府，或者县政府授权的部门", "must", "组织处置"),
        ),
        (
            "培训人员的范围由市教育部门会同有关部门确定。",
            ("市教育部门", "must", "会同有关部门确定"),
        ),
    ],
)
def test_what_organs_do_is_their_duty(text: str, norm: tuple[str, str, str]) -> None:
    assert brief(text) == [norm]


@pytest.mark.parametrize(
    "text",
    [
        "收费标准由市政府规定。",
        "检查的具体办法由省水利部门制定并公布。",
        "城市管理部门和街道办，统称监管部门。",
        "煤矿企业发现隐患的，按照规定上报的除外。",
        "监督检查机构是事业单位。",
        "企业经营成果良好的，由税务部门处五千元罚款。",
    ],
)
def test_rules_names_and_sanctions_assign_nothing(text: str) -> None:
    assert brief(text) == []


def test_who_decides_on_a_sanction_is_a_duty_even_in_a_penal_article() -> None:
    assert brief("本章规定的拘留，由县公安机关裁决。", PENAL) == [
        ("县公安机关", "must", "裁决"),
    ]
    assert brief("违反本章规定的，由县公安机关处五百元罚款。", PENAL) == []


def test_what_goes_on_without_a_modal_word_binds_the_one_before() -> None:
    assert brief(
        "受理部门应当登记来信；需要整改的，报经负责人签字。发现不归自己管的事项，及时转交其他部门。"
    ) == [
        ("受理部门", "must", "登记来信"),
        ("受理部门", "must", "报经负责人签字"),
        ("受理部门", "must", "及时转交其他部门"),
    ]


def test_and_after_a_semicolon_belongs_to_the_norm_before() -> None:
    assert brief("矿长应当带班下井；并向职工讲明险情。") == [
        ("矿长", "must", "带班下井；并向职工讲明险情")
    ]


def test_what_stands_after_a_colon_belongs_to_the_norm_before() -> None:
    assert brief("职工可以自己申请：在1年内，向主管部门提出。") == [
        ("职工", "may", "自己申请：在1年内，向主管部门提出")
    ]


def test_an_organization_that_is_set_up_is_an_object() -> None:
    assert brief("村民委员会根据需要，建立互助消防队，开展自救工作。") == [
        ("村民委员会", "must", "根据需要，建立互助消防队，开展自救工作")
    ]


def test_liability_needs_no_modal_word() -> None:
    assert brief(
        "车辆之间相撞的，由有过错的一方承担责任；双方都有过错的，按照过错的比例分担责任。"
    ) == [
        ("有过错的一方", "must", "承担责任"),
        ("双方", "must", "按照过错的比例分担责任"),
    ]


def test_liability_for_what_one_may_do_is_no_choice() -> None:
    assert brief("省交通部门可以委托县交通部门发证，并对后果承担责任。") == [
        ("省交通部门", "may", "委托县交通部门发证"),
        ("省交通部门", "must", "对后果承担责任"),
    ]
    assert brief("施工单位应当按图施工，并对质量负责。") == [
        ("施工单位", "must", "按图施工，并对质量负责")
    ]


def test_a_sentence_of_its_own_may_permit() -> None:
    assert brief("安装单位应当自检。验收合格的，方可使用。") == [
        ("安装单位", "must", "自检"),
        ("", "may", "使用"),
    ]
    assert brief("司机应当通过考核，合格方可上路。") == [("司机", "must", "通过考核，合格方可上路")]


def test_the_next_predicate_after_a_semicolon_is_of_the_same_duty() -> None:
    assert brief("店主应当定期检查灶具；定期清洗烟道。") == [
        ("店主", "must", "定期检查灶具；定期清洗烟道")
    ]
    assert brief("店主应当检查灶具；培训合格后方可操作。") == [("店主", "must", "检查灶具")]


def test_having_no_duty_is_no_duty() -> None:
    assert brief("承运人没有对文件进行检查的义务。") == []
    assert brief("承运人有对文件进行检查的义务。") == [("承运人", "must", "对文件进行检查的义务")]
