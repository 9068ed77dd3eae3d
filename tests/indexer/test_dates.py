"""Days that documents state of themselves."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.dates import find_days, read_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021年6月10日", date(2021, 6, 10)),
        ("二〇二一年六月十日", date(2021, 6, 10)),
        ("二○二一年十二月三十一日", date(2021, 12, 31)),
        ("2021年13月1日", None),
        ("2021年2月30日前，2021年3月1日", date(2021, 3, 1)),
        ("今年六月", None),
    ],
)
def test_read_day(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_the_note_below_a_title_tells_issue_and_amendments() -> None:
    note = (
        "2002年6月29日第九届全国人民代表大会常务委员会第二十八次会议通过　根据2009年8月27日《关于修改部分法律的决定》"
        "第一次修正　根据2021年6月10日《关于修改〈安全生产法〉的决定》第三次修正"
    )
    days = find_days(note, [], ["本法自2002年11月1日起施行。"], [])
    assert days.issued_on == date(2002, 6, 29)
    assert days.effective_on == date(2002, 11, 1)
    assert [on for on, _ in days.amended] == [date(2009, 8, 27), date(2021, 6, 10)]
    assert "第三次修正" in days.amended[1][1]
    assert "早于最后一次修改" in days.warnings[0]


def test_a_revision_with_its_own_commencement_needs_no_warning() -> None:
    note = "2010年7月30日通过　2019年5月31日第十次会议修订　自2019年10月1日起施行"
    days = find_days(note, [], ["本条例自2019年10月1日起施行。"], [])
    assert (days.issued_on, days.effective_on) == (date(2010, 7, 30), date(2019, 10, 1))
    assert len(days.amended) == 1
    assert days.warnings == ()


@pytest.mark.parametrize(
    ("last", "foot", "expected"),
    [
        ("本办法自2026年2月1日起施行。", [], date(2026, 2, 1)),
        ("本办法自 2026 年 2 月 1 日起正式实施。", [], date(2026, 2, 1)),
        ("本通知自印发之日起施行。", ["某县人民政府", "2026年3月9日"], date(2026, 3, 9)),
        ("本规定自公布之日起30日后施行。", ["2026年3月1日"], date(2026, 3, 31)),
        ("本规定自公布之日起施行。", [], None),
        ("《旧办法》自2001年1月1日起在全县推行，效果良好。", [], None),
    ],
)
def test_commencement(last: str, foot: list[str], expected: date | None) -> None:
    days = find_days("", [], ["第一条说了别的。", last], foot)
    assert days.effective_on == expected
    assert (expected is None) == any("施行日期" in w for w in days.warnings if "补上" in w)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本通知自2026年3月1日起施行，有效期3年。", date(2029, 3, 1)),
        ("本办法自2024年2月29日起施行，有效期为一年。", date(2025, 2, 28)),
        ("本通知自2026年3月1日起施行，有效期至2028年12月31日。", date(2029, 1, 1)),
        ("机动车安全技术检验合格标志有效期2年，自2026年3月1日起施行。", None),
    ],
)
def test_documents_that_end_by_themselves(text: str, expected: date | None) -> None:
    assert find_days("", [], [text], []).repealed_on == expected
