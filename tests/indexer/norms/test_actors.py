"""Who acts, where the words after a bearer read like the rest of a name."""

import pytest

from tests.indexer.norms.reading import brief


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("托运人托运电池货物，应当声明性质。", "托运人"),
        ("化工企业生产、储存氯气，必须设报警器。", "化工企业"),
        ("县消防机构工作人员检查发现堵塞通道，应当劝阻。", "县消防机构工作人员"),
        ("记者采访报道火灾应当客观。", "记者"),
        ("执法人员当场扣留物品的，应当开单据。", "执法人员"),
        ("执法人员调查应当有两人在场。", "执法人员"),
        ("住户用电不得超过负荷。", "住户"),
        ("县政府启动预案，应当通知邻县。", "县政府"),
        ("业主与租户协商一致，可以变更用途。", "业主与租户"),
        ("电梯属于共有的，共有人可以委托他人管理。", "共有人"),
        ("询问的民警应当签名。", "询问的民警"),
        ("行业协会、商会等发现虚假广告的，可以举报。", "行业协会、商会等"),
        ("工会代表职工一方可以签约。", "工会"),
        ("工会组织和教育职工遵守纪律，应当讲求实效。", "工会"),
        ("执法人员与当事人有亲属关系的，应当回避。", "执法人员"),
        ("不论单位还是个人，都不得私藏火药。", "单位还是个人"),
        (
            "起重司机、爆破作业人员等特殊工种人员，必须持证。",
            "起重司机、爆破作业人员等特殊工种人员",
        ),
        ("职工合法权益受到侵害的，有权求助。", "职工"),
        ("化工企业储存氯气的，应当登记。", "化工企业"),
        ("（一）班组长应当点名。", "班组长"),
        ("住户较多的乡镇、街道，可以建消防站。", "住户较多的乡镇、街道"),
    ],
)
def test_finds_who_acts(text: str, subject: str) -> None:
    assert [s for s, _, _ in brief(text)] == [subject]


@pytest.mark.parametrize(
    "text",
    [
        "煤矿建设应当少占耕地。",
        "值班员值勤时间不得超过八小时。",
        "施工单位租赁的塔吊，应当有合格证。",
        "民警当场收缴的罚款，应当入库。",
        "市政府部门审查意见，应当公开。",
        "驾驶员培训，应当有教练车。",
        "旅客运输延误的，应当通告。",
        "同一楼房有两个以上单位使用，应当明确责任。",
        "甲方与受让方在合同中约定的期限，不得超过一年。",
        "运费率实行政府指导价，应当公布。",
    ],
)
def test_a_things_name_is_nobody(text: str) -> None:
    assert [s for s, _, _ in brief(text)] == [""]


def test_a_price_set_by_government_is_no_duty() -> None:
    assert brief("客运票价实行政府指导价或者政府定价。") == []


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("禁止分包单位将工程再分包。", "分包单位"),
        ("严禁乘客携带烟花上车。", "乘客"),
        ("禁止聘用未经培训的工人。", ""),
        ("禁止运输国家限制的货物。", ""),
        ("严禁邮寄火药。", ""),
    ],
)
def test_whom_a_prohibition_speaks_of(text: str, subject: str) -> None:
    assert [s for s, _, _ in brief(text)] == [subject]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("违反本法，擅自建塔的，由气象机构责令改正，可以并处罚款。", ["气象机构"]),
        ("擅自充气的，燃气部门责令改正；情节严重的，可以吊销证件。", ["燃气部门"]),
        ("擅自充气的，由燃气部门责令改正。擅自改装的，可以罚款五千元。", [""]),
        ("擅自采砂的，责令停止，可以并处罚款。", [""]),
        ("企业及其他人员有下列行为之一，给予警告，并可以罚款：一万元以下。", [""]),
    ],
)
def test_who_may_add_a_fine(text: str, subjects: list[str]) -> None:
    found = brief(text, ("第六章 法律责任",))
    assert [s for s, modality, _ in found if modality == "may"] == subjects


def test_the_short_modal_word_after_a_comma_or_an_adverb() -> None:
    assert brief("企业应当发放口罩；还要监督、教育工人佩戴。")[1] == (
        "企业", "must", "监督、教育工人佩戴",
    )  # fmt: skip
    assert brief("矿工要受训才能下井。") == [("矿工", "must", "受训才能下井")]
    assert brief("仓库的主要负责人，应对仓库安全全面负责。") == [
        ("仓库的主要负责人", "must", "对仓库安全全面负责"),
    ]


def test_a_title_before_a_colon_bears_what_follows_the_semicolon() -> None:
    text = "仓库的安全负责人：自有的为店主，租用的为租户；全面负责仓库安全。"
    assert brief(text) == [("仓库的安全负责人", "must", "全面负责仓库安全")]


def test_an_aside_does_not_hide_what_a_bearer_answers_for() -> None:
    text = "煤矿负责人（含实际控制人）是第一责任人，全面负责井下安全；其他副职各管分工内的安全。"
    assert brief(text)[0] == ("煤矿负责人", "must", "全面负责井下安全")


def test_a_list_that_is_anothers_in_part() -> None:
    text = (
        "镇政府履行下列职责；街道办应当履行其中第（一）、（三）项：\n"
        "（一）定制度；\n（二）建队伍；\n（三）查隐患。"
    )
    said = [(s, action) for s, _, action in brief(text)]
    assert said[1:] == [
        ("镇政府", "定制度"), ("街道办", "定制度"), ("镇政府", "建队伍"),
        ("镇政府", "查隐患"), ("街道办", "查隐患"),
    ]  # fmt: skip
    assert said[0][0] == "街道办"


def test_what_is_done_to_a_passenger_is_not_his_duty() -> None:
    assert brief("乘客应当买票。对无票上车的，应当补收票款。")[1] == ("", "must", "补收票款")


def test_what_a_bearer_thinks_is_part_of_the_case() -> None:
    text = "企业应当通知工会，工会认为不合法，要求重新研究时，企业应当答复。"
    assert brief(text) == [("企业", "must", "通知工会"), ("企业", "must", "答复")]
