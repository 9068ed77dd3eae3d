"""Who a norm binds: joint bearers, topics, things, and what carries over."""

import pytest

from tests.indexer.norms.reading import brief, read


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("矿山和建筑单位，生产烟花的单位，应当取得许可。", "矿山和建筑单位，生产烟花的单位"),
        ("现场指挥部，或者指挥救援的政府，应当作记录。", "现场指挥部，或者指挥救援的政府"),
        ("未经培训的工人，不得操作。", "未经培训的工人"),
        ("因事故受到损害的职工，有权提出要求。", "因事故受到损害的职工"),
        ("国务院负责水利的部门应当制定规划。", "国务院负责水利的部门"),
        ("与事故有关的单位和人员不得毁灭证据。", "与事故有关的单位和人员"),
        ("对隧道施工负有监督职责的部门应当巡查。", "对隧道施工负有监督职责的部门"),
        ("其他单位，从业人员超过五十人的，应当设立机构。", "其他单位"),
        ("企业生产前，应当申请许可。", "企业"),
        ("安装单位施工应当守规程。", "安装单位"),
        ("值班人员应当巡视。", "值班人员"),
        ("人员密集场所应当配备广播。", "人员密集场所"),
        ("街道办应当明确专人。", "街道办"),
        ("使用单位应试运行索道。", "使用单位"),
        ("店主单方解除合同，应当通知工会。", "店主"),
        ("工会发现违章指挥，可能危及职工的情况，有权提出建议。", "工会"),
        ("派出所民警检查，应当出示证件。", "派出所民警"),
        ("店主由于经营需要，经同意后可以延长营业。", "店主"),
        ("员工上岗之前应当由单位做培训。", "单位"),
        ("发证机关应当在五日内审查完毕。", "发证机关"),
        ("养殖户要定期检查围网。", "养殖户"),
        ("消防队接到命令，或者签了协议的单位的请求后，应当出动。", "消防队"),
        ("仓库的主要负责人是第一责任人，对仓库安全全面负责。", "仓库的主要负责人"),
    ],
)
def test_finds_who_is_bound(text: str, subject: str) -> None:
    assert [s for s, _, _ in brief(text)] == [subject]


@pytest.mark.parametrize(
    "text",
    [
        "矿山必须有安全出口。",
        "检测报告应当依法公开。",
        "起重机的使用应当具有规定的安全距离。",
        "维护、保养应当作好记录。",
        "油轮、货船等船舶通过桥区时，应当减速。",
        "生产烟花的单位，其主管人员的安全知识，应当考核合格。",
        "对遵守规则，在一年内无违章的驾驶人，可以延长审验期。",
        "特殊情况可以延长。",
    ],
)
def test_a_thing_or_an_object_is_not_who_is_bound(text: str) -> None:
    assert [s for s, _, _ in brief(text)] == [""]


def test_a_unit_does_not_take_up_work_itself() -> None:
    assert brief("施工单位应当培训工人；考核不合格的，不得上岗。") == [
        ("施工单位", "must", "培训工人"),
        ("", "must_not", "上岗"),
    ]


def test_the_one_brought_in_by_you_does_not_carry_over() -> None:
    assert brief("大厦业主应当装报警器；年检应当由检测单位做；对租户，应当发放手册。")[2] == (
        "大厦业主", "must", "发放手册",
    )  # fmt: skip


def test_others_do_not_carry_over_a_full_stop() -> None:
    assert brief("重点单位应当每季度演练。其他单位应当每年演练。演练时应当设标识。")[2] == (
        "", "must", "设标识",
    )  # fmt: skip


def test_a_measure_is_still_the_drivers() -> None:
    assert brief("驾驶员应当守法，连续驾驶时间不得超过四小时。")[1] == (
        "驾驶员", "must_not", "超过四小时",
    )  # fmt: skip


def test_an_organ_may_revoke_in_its_own_name() -> None:
    text = "对取得许可的单位，发证的部门发现其不再具备条件的，应当撤销许可。"
    assert brief(text) == [("发证的部门", "must", "撤销许可")]


def test_own_unit_is_the_one_named_before() -> None:
    assert brief("生产单位应当培训职工，费用由本单位承担。")[1] == ("生产单位", "must", "承担")


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("申请许可证，应当提交材料。", "申请许可证"),
        ("对新进职工，矿长应当讲解险情。", "对新进职工"),
        ("用人单位使用外包人员的，应当统一管理。", "使用外包人员的"),
        ("救援队伍扑救山火，不得收费。", "扑救山火"),
        ("依照国家规定，矿长应当下井。", ""),
        ("为了方便群众，派出所应当公布电话。", ""),
    ],
)
def test_the_case_is_a_verbatim_trigger(text: str, trigger: str) -> None:
    (norm,) = read(text)
    assert norm.trigger == trigger
    assert norm.trigger in text
