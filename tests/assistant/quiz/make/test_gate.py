from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.quiz.make.gate import problems
from assistant.quiz.model import BLANK, RIGHT, WRONG, Basis, Kind, Knowledge, Question
from kb.model import ProvisionId

QUOTE = "施工单位应当自竣工之日起三十日内移交全部技术资料。"
BASIS = Basis(ProvisionId("d", "v", "第一条"), "示例法", "原文", QUOTE, ("三十日",), "0" * 16)
GOOD = Question(
    "q1", Kind.SINGLE, Knowledge.FIGURE,
    f"根据《示例法》，施工单位应当自竣工之日起{BLANK}内移交全部技术资料。",
    ("七日", "十五日", "三十日", "六十日"), ("三十日",), "正确的是“三十日”。", (BASIS,),
)  # fmt: skip
WORDS = replace(
    GOOD,
    stem=f"根据《示例法》，下列各项中，属于建设单位应当履行的职责的是{BLANK}。",
    options=("编制施工组织设计", "提供地下管线资料", "签发工程开工命令", "验收脚手架和井架"),
    answer=("提供地下管线资料",),
)


def test_a_good_question_passes() -> None:
    assert problems(GOOD) == ()
    assert problems(WORDS) == ()


@pytest.mark.parametrize(
    ("stem", "said"),
    [
        (f"根据《示例法》，前款规定的施工单位应当自竣工之日起{BLANK}内移交资料。", "points elsewhere"),
        (f"根据《示例法》，依照本法第二十五条，应当在{BLANK}内移交资料。", "points elsewhere"),
        (f"根据《示例法》，施工单位通过这个系统应当在{BLANK}内移交资料。", "points elsewhere"),
        (f"根据《示例法》，该单位应当自竣工之日起{BLANK}内移交技术资料。", "mid-thought"),
        (f"根据《示例法》，施工单位应当自竣工之日起{BLANK}内对该场所复查。", "has not named"),
        (f"根据《示例法》，逾期未改正的，应当自竣工之日起{BLANK}内移交资料。", "mid-thought"),
        (f"根据《示例法》，施工单位应当自竣工之日起三十日即{BLANK}内移交资料。", "holds the answer"),
        (f"根据《示例法》，施工单位应当在{BLANK}内移交技术资料，", "as a sentence"),
        (f"根据《示例法》，施工单位应当在{BLANK}内移交（技术资料。", "open （"),
        (f"根据《示例法》，本法自2021年9月1日起施行，施工单位应当在{BLANK}内移交。", "trivial"),
        (f"{BLANK}内。", "characters"),
        (f"根据《示例法》，{'施工单位应当移交资料，' * 20}期限是{BLANK}内。", "characters"),
    ],
)  # fmt: skip
def test_a_stem_that_cannot_stand_alone_is_kept_out(stem: str, said: str) -> None:
    assert any(said in p for p in problems(replace(GOOD, stem=stem)))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("编制施工组织设计", "提供地下管线资料", "提供地下管线资料", "验收井架"), "equal"),
        (("编制施工组织设计", "提供地下管线资料", "应当提供地下管线资料的", "验收脚手架"), "contains"),
        (("编制施工组织设计", "提供地下管线资料", "以上都对", "验收脚手架"), "refers to the others"),
        (("编制施工", "提供地下管线资料", "签发命令", "验收井架"), "longest"),
        (("编制施工组织设计", "提供地下管线资料"), "2 options"),
        (("编制施工组织设计", "甲" * 70, "提供地下管线资料", "验收井架"), "option of 70"),
        (("编制施工组织设计", "签发工程开工命令", "验收脚手架和井架"), "not among the options"),
    ],
)  # fmt: skip
def test_options_that_give_the_key_away_or_blur_are_kept_out(
    options: tuple[str, ...], said: str
) -> None:
    assert any(said in p for p in problems(replace(WORDS, options=options)))


def test_a_right_option_much_shorter_than_the_others_is_kept_out() -> None:
    wrong = ("编制并实施施工组织设计", "签发开工和停工的命令", "验收脚手架和井字架")
    short = replace(WORDS, options=("提供资料", *wrong), answer=("提供资料",))
    assert "the right option is the shortest by much" in problems(short)


def test_a_right_option_that_repeats_the_stem_is_kept_out() -> None:
    told = replace(WORDS, stem=f"根据《示例法》，建设单位提供地下资料管线时应当做的是{BLANK}。")
    assert "the right option alone repeats words of the stem" in problems(told)


def test_answers_must_fit_the_kind_of_question() -> None:
    two = replace(GOOD, answer=("七日", "三十日"))
    assert any("2 answers" in p for p in problems(two))
    assert any("1 right options" in p for p in problems(replace(WORDS, kind=Kind.MULTI)))
    gaps = replace(GOOD, kind=Kind.BLANK, options=(), answer=("三十日", "七日"))
    assert any("gaps" in p for p in problems(gaps))
    judge = replace(GOOD, kind=Kind.JUDGE, options=(WRONG, RIGHT), answer=(RIGHT,))
    assert any("正确 and 错误" in p for p in problems(judge))


def test_evidence_must_carry_the_answer_and_name_no_letter() -> None:
    assert "no basis" in problems(replace(GOOD, basis=()))
    strange = replace(BASIS, tested=("六十日",))
    assert any("tested words" in p for p in problems(replace(GOOD, basis=(strange,))))
    assert any("letter" in p for p in problems(replace(GOOD, explanation="答案是C。")))


def test_figures_may_contain_each_other() -> None:
    assert problems(replace(GOOD, options=("十日", "二十日", "三十日", "六十日"))) == ()


DUTY = replace(WORDS, knowledge=Knowledge.DUTY)


@pytest.mark.parametrize(
    ("stem", "said"),
    [
        ("根据《示例法》，站长享受：按月付津贴：一级为工资的九成。", "two colons"),
        ("根据《示例法》，车站应当具备下列条件：有固定的候车场所。", "breaks a list off"),
        (
            "根据《示例法》，有“其他影响行车安全的情形”情形的，站长应当停止发车。",
            "breaks a list off",
        ),
        ("根据《示例法》，其他车站事故由车站组织调查组进行调查。", "mid-thought"),
        ("根据《示例法》，车站应当每月至少检查一次，并填写检查记录。", "has lost"),
        ("根据《示例法》，车站管理机构予以许可的，应当通报港务部门。", "has lost"),
        ("根据《示例法》，站长应当从受理之日起60日内决定，书面通知旅客。", "has lost"),
        ("根据《示例法》，运到后，收货人应当在3日内交还发证机关核销。", "has lost"),
        ("根据《示例法》，受益的地区可以对车站承担国家规定的补偿义务。", "as a choice"),
    ],
)
def test_a_statement_that_is_not_whole_is_kept_out(stem: str, said: str) -> None:
    judge = replace(GOOD, kind=Kind.JUDGE, stem=stem, options=(RIGHT, WRONG), answer=(RIGHT,))
    assert any(said in p for p in problems(judge))


def test_a_word_of_the_stem_that_only_the_right_option_has_is_kept_out() -> None:
    told = replace(
        DUTY,
        stem=f"根据《示例法》，下列各项中，属于车站管线巡查员应当履行的职责的是{BLANK}。",
        answer=("提供地下管线资料",),
    )
    said = "the right options alone have a word of the stem"
    assert said in problems(told)
    shared = replace(told, options=("编制管线检修设计", *told.options[1:]))
    assert said not in problems(shared)


def test_an_explanation_that_alone_repeats_the_name_is_kept_out() -> None:
    asked = replace(
        WORDS,
        knowledge=Knowledge.MEASURE,
        stem=f"关于“四个一律”，下列各项中，对“追究责任”的解释正确的是{BLANK}。",
        options=(
            "依法严格追究法律责任",
            "在规定幅度内按上限处罚",
            "责令停产整顿并落实监管",
            "一律依法予以关闭取缔",
        ),
        answer=("依法严格追究法律责任",),
    )
    assert any("the name that it explains" in p for p in problems(asked))
    assert problems(replace(asked, answer=("在规定幅度内按上限处罚",))) == ()


def test_options_told_apart_by_whose_they_are_are_kept_out() -> None:
    office = replace(DUTY, options=("统计本行政区域的隧道", *DUTY.options[1:]))
    assert "a wrong option is told by its scope" in problems(office)
