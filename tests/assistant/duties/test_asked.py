from __future__ import annotations

import pytest

from assistant.duties.asked import read_asked
from kb.duty_bearers import read_bearer_table
from kb.fields import read_fields


def asked(text: str) -> tuple[str, str] | None:
    found = read_asked(text, read_bearer_table(), read_fields())
    return (found.bearer.id, found.field) if found else None


@pytest.mark.parametrize(
    ("text", "bearer"),
    [
        ("乡镇政府在安全生产上必须做什么？", "town-gov"),
        ("请问乡镇要管什么", "town-gov"),
        ("镇上到底要管些啥", "town-gov"),
        ("企业主要负责人有哪些安全生产职责？", "principal"),
        ("生产经营单位的主要负责人对本单位安全生产工作负有哪些职责", "principal"),
        ("企业的主要负责人安全职责是什么", "principal"),
        ("老板必须做什么", "principal"),
        ("公司董事长安全上必须干哪几件事", "principal"),
        ("安全员的职责", "safety-staff"),
        ("安全科平时到底该干些什么活", "safety-org"),
        ("应急管理局应当履行哪些义务", "emergency"),
        ("从业人员有哪些义务", "worker"),
        ("村委会要做哪些事", "village"),
        ("我是村支书，安全生产上要做什么", "village"),
        ("消防安全重点单位职责", "fire-key-unit"),
        ("监理单位的安全职责有哪些", "supervising"),
        ("企业必须做什么", "enterprise"),
    ],
)
def test_a_question_for_all_duties_names_its_list(text: str, bearer: str) -> None:
    assert asked(text) == (bearer, "")


@pytest.mark.parametrize(
    ("text", "bearer", "field"),
    [
        ("乡镇消防要管什么", "town-gov", "消防"),
        ("乡镇在消防方面有哪些职责", "town-gov", "消防"),
        ("物业公司有哪些消防安全职责", "property", "消防"),
        ("住建局对燃气要管什么", "housing", "燃气"),
        ("环保局在危化品上管什么", "eco", "危化品"),
    ],
)
def test_a_topic_that_is_a_field_narrows_the_list(text: str, bearer: str, field: str) -> None:
    assert asked(text) == (bearer, field)


@pytest.mark.parametrize(
    "text",
    [
        "乡镇发现重大隐患怎么办",
        "乡镇对小作坊消防要管什么",
        "我是分管教育的副镇长，我管什么",
        "咱们镇里没有执法权，安全生产上镇政府到底该干些啥",
        "厂里出事死了人，老板该第一时间做啥",
        "发生事故后企业要做什么",
        "消防重点单位比一般单位多干哪些事",
        "企业安全生产主体责任指什么",
        "老板不履行职责怎么处罚",
        "安全员没有履行职责要承担什么责任",
        "主要负责人要承担哪些法律责任",
        "乡镇政府和街道办事处要做什么",
        "应急局和消防队分别管什么",
        "从业人员有哪些权利",
        "谁负责消防",
        "企业多少人要配安全员",
        "安全上的职责清单、权力清单要不要对社会公开",
        "老板有义务告诉我不",
        "单位有哪些义务",
        "规定没有写明的主体有哪些职责",
        "火星人有哪些职责",
        "安全生产法第二十一条",
        "职责",
        "",
        "职责" * 900,
        "<script>alert(1)</script>乡镇有哪些职责",
    ],
)
def test_a_narrower_or_other_question_stays_with_the_search(text: str) -> None:
    assert asked(text) is None
