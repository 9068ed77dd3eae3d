from pathlib import Path

import pytest

from kb.errors import SourceError
from kb.regions import find_regions, read_regions, region_names


def test_all_provinces_are_there_once() -> None:
    names = region_names()
    assert len(names) == len(set(names)) == 31
    assert {"北京市", "河南省", "吉林省", "新疆维吾尔自治区"} <= set(names)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("郑州和洛阳的工厂", ["河南省", "河南省"]),
        ("内蒙古自治区的煤矿", ["内蒙古自治区"]),
        ("朝阳区", []),
        ("朝阳市的企业", ["辽宁省"]),
        ("吉安市", ["江西省"]),
        ("治安处罚", []),
        ("中山路口的商场", []),
        ("阿里巴巴仓库", []),
    ],
)
def test_places_lead_to_their_province(text: str, found: list[str]) -> None:
    assert [r.name for r in find_regions(text)] == found


def test_a_place_in_two_provinces_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(
        '[[region]]\nname="甲省"\nshort=["甲"]\ncities=["丙"]\n'
        '[[region]]\nname="乙省"\nshort=["乙"]\ncities=["丙"]\n',
        encoding="utf-8",
    )
    with pytest.raises(SourceError, match="丙"):
        read_regions(path)
