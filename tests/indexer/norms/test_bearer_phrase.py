"""Where the phrase that names a bearer ends."""

import pytest

from indexer.norms.bearer_phrase import bearer_at_start, is_bearer


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("生产经营单位的主要负责人组织制定预案", "生产经营单位的主要负责人"),
        ("县级以上地方各级人民政府及其有关部门", "县级以上地方各级人民政府及其有关部门"),
        ("国务院应急管理部门依照本法", "国务院应急管理部门"),
        ("建设单位编制工程概算", "建设单位"),
        ("从业人员发现紧急情况时", "从业人员"),
        ("在本行政区域内从事生产的单位和个人", "在本行政区域内从事生产的单位和个人"),
        ("单位负责人接到报告后", "单位负责人"),
        ("安全设施", None),
        ("对不服从管理的从业人员", None),
        ("建设工程的消防设计、施工", None),
        ("城乡消防安全布局", None),
    ],
)
def test_finds_the_phrase(text: str, phrase: str | None) -> None:
    found = bearer_at_start(text)
    assert (text[found.start : found.end] if found else None) == phrase


def test_things_are_no_bearers() -> None:
    assert not any(map(is_bearer, ("消防设施", "应急预案", "经营场所", "安全费用", "组织动员")))
    assert all(map(is_bearer, ("乡镇人民政府", "机动车驾驶人", "工会", "矿长", "任何单位和个人")))
