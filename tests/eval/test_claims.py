import pytest

from eval.claims import Figure, Subjects, figures, longest_common_run, lost_or_added_modality


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("二万元以上五万元以下", "2万元以上5万元以下"),
        ("二十四小时内", "24小时以内"),
        ("百分之二十以上", "20%以上"),
        ("三分之二以上", "三分之二以上"),
        ("两个月内", "2个月内"),
        ("不得少于三十日", "不少于30日"),
        ("十五名", "15人"),
    ],
)
def test_the_same_figure_is_read_from_both_wordings(a: str, b: str) -> None:
    assert figures(a) == figures(b) != []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("2万元以上", "2万元以下"),
        ("2万元", "2元"),
        ("24小时", "24日"),
        ("十日内", "十日"),
        ("百分之二", "百分之二十"),
        ("3人以上", "3人以下"),
    ],
)
def test_another_bound_unit_or_value_is_another_figure(a: str, b: str) -> None:
    assert figures(a) != figures(b)


def test_ranges_give_both_ends_and_ordinals_give_nothing() -> None:
    assert figures("3至5日") == [Figure(3, "日"), Figure(5, "日")]
    assert figures("第二次、第一责任人、同一天、一次性补偿") == []


@pytest.mark.parametrize(
    ("said", "source", "why"),
    [
        ("可以停产", "应当停产", "原条没有“可以”"),
        ("要停产", "可以停产", "漏了“可以”"),
        ("不得使用", "应当使用", "原条没有禁止"),
        ("应当使用", "不得使用", "漏了禁止"),
        ("应当上报", "有三类情形", "原条没有“应当”"),
        ("上报一次", "应当上报", "漏了“应当”"),
    ],
)
def test_a_changed_modality_is_named(said: str, source: str, why: str) -> None:
    assert why in lost_or_added_modality(said, source)


def test_the_same_modality_in_other_words_is_no_departure() -> None:
    assert lost_or_added_modality("禁止使用明火", "不得使用明火") == []
    assert lost_or_added_modality("单位要报告", "单位应当报告") == []


def test_subjects_are_learned_from_texts_and_found_at_full_length() -> None:
    texts = ["由县级以上人民政府检查。应急管理部门处罚。由公安机关处理。"] * 3
    subjects = Subjects.of(texts)
    assert subjects.find("县级以上政府、应急管理部门和公安机关") == {
        "县级以上政府",
        "应急管理部门",
        "公安机关",
    }
    assert subjects.find("行业主管") == set()


def test_the_longest_common_run_is_counted_in_characters() -> None:
    assert longest_common_run("甲乙丙丁戊", "子乙丙丁丑") == 3
    assert longest_common_run("", "甲") == 0
