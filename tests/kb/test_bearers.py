from pathlib import Path

import pytest

from kb.bearers import find_bearers, read_bearers
from kb.errors import SourceError


@pytest.mark.parametrize(
    ("text", "bearers"),
    [
        ("我们镇政府到底要干啥", ("乡镇人民政府、街道办事处",)),
        ("村委会发现隐患要不要报安监局", ("村（居）民委员会", "应急管理部门")),
        ("老板没给电焊工办证", ("生产经营单位主要负责人", "特种作业人员")),
        ("什么叫重大危险源", ()),
    ],
)
def test_everyday_names_lead_to_the_bearer(text: str, bearers: tuple[str, ...]) -> None:
    assert find_bearers(text) == bearers


def test_the_longest_name_wins() -> None:
    assert find_bearers("安全生产管理人员") == ("安全生产管理人员",)


def test_no_name_means_two_bearers(tmp_path: Path) -> None:
    assert len(read_bearers()) > 60
    path = tmp_path / "bearers.toml"
    path.write_text('[bearers]\n"甲" = ["老板"]\n"乙" = ["老板"]\n', encoding="utf-8")
    with pytest.raises(SourceError, match="老板"):
        read_bearers(path)


@pytest.mark.parametrize("text", ["[bearers", "x = 1", "bearers = 3"])
def test_a_malformed_file_names_itself(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bearers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"bearers\.toml"):
        read_bearers(path)
