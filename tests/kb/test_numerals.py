import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.numerals import to_chinese, to_int


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "零"), (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (100, "一百"), (101, "一百零一"),
     (110, "一百一十"), (114, "一百一十四"), (1005, "一千零五"), (1242, "一千二百四十二")],
)  # fmt: skip
def test_writes_numerals_as_statutes_do(n: int, text: str) -> None:
    assert to_chinese(n) == text
    assert to_int(text) == n


@pytest.mark.parametrize(
    ("text", "n"),
    [("一十", 10), ("一百〇三", 103), ("两", 2), ("二〇二一", 2021), ("１２", 12), ("21", 21)],
)
def test_reads_loose_forms(text: str, n: int) -> None:
    assert to_int(text) == n


@pytest.mark.parametrize("text", ["", "条", "十百", "一二十", "3条", "百一百"])
def test_refuses_what_is_no_numeral(text: str) -> None:
    with pytest.raises(ValueError, match="not a numeral"):
        to_int(text)


@pytest.mark.parametrize("n", [-1, 10_000])
def test_refuses_numbers_out_of_range(n: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        to_chinese(n)


@given(st.integers(0, 9999))
def test_round_trips(n: int) -> None:
    assert to_int(to_chinese(n)) == n
