from datetime import date

import pytest

from assistant.setting import read_setting, without_region

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day", "year_only", "rest"),
    [
        ("2020年的时候没持证上岗怎么罚", date(2020, 12, 31), True, "没持证上岗怎么罚"),
        ("在2019年5月发生的事故怎么罚", date(2019, 5, 31), False, "在发生的事故怎么罚"),
        ("2021年8月31日之前主要负责人罚多少", date(2021, 8, 30), False, "主要负责人罚多少"),
        ("二〇一八年那会儿老板要担什么责", date(2018, 12, 31), True, "老板要担什么责"),
        ("18年那会儿老板要担什么责", date(2018, 12, 31), True, "老板要担什么责"),
        ("去年出的事故按什么处理", date(2025, 12, 31), True, "出的事故按什么处理"),
        ("三年前发生的事故还追究吗", date(2023, 11, 22), False, "发生的事故还追究吗"),
        ("2014年版安全生产法第一百零九条", date(2014, 12, 31), True, "安全生产法第一百零九条"),
        ("2021-08-01 安全生产法第三条", date(2021, 8, 1), False, "安全生产法第三条"),
        ("2020年以前危化品归谁管", date(2019, 12, 31), False, "危化品归谁管"),
    ],
)
def test_a_day_in_the_question_is_taken(text: str, day: date, year_only: bool, rest: str) -> None:
    s = read_setting(text, TODAY)
    assert (s.day, s.year_only, s.rest) == (day, year_only, rest)


@pytest.mark.parametrize(
    "text",
    [
        "2020年考的证现在还有效吗",
        "2021年修改了哪些条款",
        "2024年至2026年治本攻坚三年行动",
        "国办发〔2017〕87号是什么",
        "《安全生产法》（2021年）第三条是什么，和2014年有什么不同",
        "2026年要做什么",
        "2031年的时候怎么办",
        "安全生产法2021年9月1日起施行吗",
        "去年培训过要再培训吗",
        "预案三年修订一次吗",
        "拘留15日还是20日",
        "2021年13月的规定",
    ],
)
def test_no_day_is_taken_where_none_is_meant(text: str) -> None:
    s = read_setting(text, TODAY)
    assert s.day is None or text.startswith("2021年13月")
    assert s.day is not None or s.rest == text


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("河南的企业要不要设安全总监", "河南省"),
        ("我在郑州开厂", "河南省"),
        ("吉林省安全生产条例", "吉林省"),
        ("北京市怎么规定", "北京市"),
        ("山东和河南哪个严", ""),
        ("日照时间长的车间怎么防暑", ""),
        ("大理石加工厂粉尘怎么办", ""),
        ("镇政府要做什么", ""),
    ],
)
def test_one_province_is_taken_and_two_are_not(text: str, region: str) -> None:
    assert read_setting(text, TODAY).region == region


def test_the_place_is_left_out_for_a_national_search() -> None:
    assert without_region("我们在吉林省这边开厂要交什么") == "开厂要交什么"
    assert without_region("开厂要交什么") == "开厂要交什么"
