"""Deadlines, frequencies and amounts."""

import pytest

from indexer.norms.limits import find_limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("应当于一小时内向主管部门报告", ("一小时内",)),
        ("自收到申请之日起二十日内作出决定", ("自收到申请之日起二十日内",)),
        ("每年至少组织一次应急演练", ("每年至少组织一次",)),
        ("保存期限不得少于三年", ("不得少于三年",)),
        ("从业人员超过一百人的，应当设置机构", ("超过一百人",)),
        ("从业人员在100人以上的", ("100人以上",)),
        ("处五万元以上十万元以下", ("五万元以上十万元以下",)),
        ("不得将工程转包给第三人", ()),
        ("依照本法第九十五条第二款的规定", ()),
        ("应当及时、定期检查", ()),
        ("罚款百分之四十", ("百分之四十",)),
        ("在一百米范围内", ("一百米",)),
    ],
)
def test_finds_limits(text: str, limits: tuple[str, ...]) -> None:
    assert find_limits(text) == limits
