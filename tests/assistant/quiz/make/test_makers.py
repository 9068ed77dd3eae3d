from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from assistant.quiz.make.amounts import find_figures
from assistant.quiz.make.bearers import BearerMaker
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.duties import DutyMaker
from assistant.quiz.make.duty_index import DutyIndex
from assistant.quiz.make.figures import FigureMaker
from assistant.quiz.make.gate import problems
from assistant.quiz.make.modality import ModalityMaker
from assistant.quiz.make.plain import PlainMaker
from assistant.quiz.make.readings import ReadingMaker
from assistant.quiz.make.rivals import Rivals
from assistant.quiz.make.sanctions import SanctionMaker
from assistant.quiz.model import BLANK, RIGHT, WRONG, Kind, Knowledge, Question
from assistant.quiz.source import Source
from assistant.quiz.validate import Checker, validate
from kb.model import Precedence
from tests.assistant.quiz.make.conftest import document, questions, source_of

TERMS = "施工单位应当自工程竣工验收合格之日起三十日内向建设单位移交全部技术资料。"
OTHER_TERMS = tuple(
    f"{who}应当自收到通知之日起{term}内向上级报送统计年报。"
    for who, term in (
        ("气象台站", "七日"), ("水文站点", "七日"), ("铁路公司", "十五日"), ("测绘单位", "十五日"),
        ("航道单位", "六十日"), ("地震台网", "六十日"),
    )
)  # fmt: skip


def _bearers(source: Source) -> list[Question]:
    index = DutyIndex(source)
    return questions(BearerMaker(source, index, Rivals(index)), source)


def _duties(source: Source) -> list[Question]:
    index = DutyIndex(source)
    return questions(DutyMaker(source, index, Rivals(index)), source)


def _of(made: list[Question], kind: Kind, within: str = "") -> list[Question]:
    return [q for q in made if q.kind is kind and within in q.stem]


def test_a_deadline_is_asked_as_choice_gap_and_statement() -> None:
    source = source_of(document("示例法", (TERMS, *OTHER_TERMS)))
    made = [q for q in questions(FigureMaker(source), source) if "技术资料" in q.stem]
    assert {q.kind for q in made} == {Kind.SINGLE, Kind.BLANK, Kind.JUDGE}
    (single,) = _of(made, Kind.SINGLE)
    assert single.answer == ("三十日",)
    assert single.options == ("七日", "十五日", "三十日", "六十日")
    assert single.knowledge is Knowledge.FIGURE
    assert single.posts == ("construction",)
    assert single.basis[0].tested == ("三十日",)
    assert not any(problems(q) for q in made)


def test_a_false_deadline_is_shorter_so_that_it_does_not_follow_from_the_rule() -> None:
    source = source_of(document("示例法", (TERMS, *OTHER_TERMS)))
    made = questions(FigureMaker(source), source)
    (false,) = [q for q in _of(made, Kind.JUDGE, "技术资料") if q.answer == (WRONG,)]
    assert "十五日内" in false.stem
    assert "“十五日”有误，应为“三十日”" in false.explanation


def test_a_figure_that_another_law_gives_for_the_same_thing_is_no_wrong_option() -> None:
    rival = TERMS.replace("三十日", "十五日")
    source = source_of(document("示例法", (TERMS, *OTHER_TERMS)), document("另一法", (rival,)))
    made = questions(FigureMaker(source), source)
    singles = [q for q in _of(made, Kind.SINGLE, "《示例法》") if "技术资料" in q.stem]
    assert all("十五日" not in q.options for q in singles)
    judged = [q for q in _of(made, Kind.JUDGE, "《示例法》") if q.answer == (WRONG,)]
    assert all("十五日内向建设单位" not in q.stem for q in judged)


def test_a_law_that_says_two_things_of_one_case_is_not_asked() -> None:
    rival = TERMS.replace("三十日", "十五日")
    source = source_of(document("示例法", (TERMS, rival, *OTHER_TERMS)))
    assert not [q for q in questions(FigureMaker(source), source) if "技术资料" in q.stem]


def test_sanctions_of_a_law_that_another_has_overtaken_are_not_asked() -> None:
    penal = ("施工单位未设置警示标志的，责令限期改正，处二万元以上十万元以下的罚款。",)
    old = document("旧条例", (), penal)
    assert questions(FigureMaker(source_of(old)), source_of(old))
    overtaken = replace(old, yields_to=(Precedence("新法", date(2021, 1, 1), "罚款数额较早"),))
    source = source_of(overtaken)
    assert questions(FigureMaker(source), source) == []


BUILDING = (
    "建设单位应当向施工企业提供与施工现场相关的地下管线和水文观测资料。",
    "工程监理单位应当核对施工方案写明的安全措施是否合乎强制性标准。",
    "设计单位应当在设计文件中注明涉及深基坑施工的重点部位和环节。",
    "检验检测机构应当对塔式起重机的检测结论和数据真实性负责。",
    "劳务派遣单位应当将派遣协议的全部内容书面告知被派遣劳动者本人。",
)


def test_who_is_responsible_is_asked_among_others_of_the_law() -> None:
    source = source_of(document("示例法", BUILDING))
    singles = _of(_bearers(source), Kind.SINGLE, "地下管线")
    (single,) = singles
    assert single.answer == ("建设单位",)
    assert set(single.options) < {
        "建设单位", "工程监理单位", "设计单位", "检验检测机构", "劳务派遣单位",
    }  # fmt: skip
    assert single.posts == ("developer",)


def test_nobody_who_has_the_duty_elsewhere_is_offered() -> None:
    also = document(
        "另一法", ("设计单位应当向施工企业提供与施工现场相关的地下管线和水文观测资料。",)
    )
    source = source_of(document("示例法", BUILDING), also)
    made = [q for q in _bearers(source) if "《示例法》" in q.stem and "地下管线" in q.stem]
    assert made
    assert all("设计单位" not in q.options for q in made)
    assert all("，设计单位应当" not in q.stem for q in made)


def test_nobody_is_offered_whose_duties_include_those_of_the_right_one() -> None:
    index = DutyIndex(source_of(document("示例法", BUILDING)))
    assert index.related(["coal"], ["enterprise"])
    assert index.related(["enterprise"], ["coal"])
    assert index.related(["developer"], ["contract-out"])
    assert not index.related(["developer"], ["design"])


def test_what_a_bearer_must_do_is_asked_among_duties_of_others() -> None:
    source = source_of(document("示例法", BUILDING))
    made = _of(_duties(source), Kind.SINGLE, "属于检验检测机构")
    (single,) = made
    assert single.answer == ("对塔式起重机的检测结论和数据真实性负责",)
    assert single.basis[0].quote in BUILDING[3]


def test_must_becomes_may_where_the_sentence_has_one_modal_word() -> None:
    source = source_of(document("示例法", BUILDING))
    made = [q for seed in range(6) for q in questions(ModalityMaker(source), source, seed)]
    right = {q.stem for q in made if q.answer == (RIGHT,)}
    wrong = {q.stem for q in made if q.answer == (WRONG,)}
    assert all("应当" in s and "可以" not in s for s in right)
    assert all("可以" in s and "应当" not in s for s in wrong)
    assert right
    assert wrong


PENALTIES = (
    "施工单位未设置警示标志的，责令限期改正，处五万元以下的罚款。",
    "监理单位伪造巡查记录的，责令停业整顿，处二十万元以下的罚款。",
    "设计单位降低抗震等级的，吊销资质证书，处三十万元以下的罚款。",
    "检测机构出具虚假报告的，没收违法所得，处四十万元以下的罚款。",
)


def test_a_sanction_is_asked_among_those_of_other_acts() -> None:
    source = source_of(document("示例法", (), PENALTIES))
    made = questions(SanctionMaker(source), source)
    (single,) = _of(made, Kind.SINGLE, "未设置警示标志")
    assert single.answer == ("责令限期改正，处五万元以下的罚款",)
    assert single.posts == ("construction",)
    assert len(single.options) == 4


def test_a_graver_case_of_the_same_act_is_no_wrong_option() -> None:
    graded = (
        f"{PENALTIES[0][:-1]}；情节严重的，责令停业整顿，处二十万元以下的罚款。",
        *PENALTIES[1:],
    )
    source = source_of(document("示例法", (), graded))
    made = _of(questions(SanctionMaker(source), source), Kind.SINGLE, "未设置警示标志")
    assert all("责令停业整顿，处二十万元以下的罚款" not in q.options for q in made)


def test_a_permission_is_never_turned_into_a_duty() -> None:
    source = source_of(document("示例法", ("职工可以按照示例规定领取索道岗位高温津贴补助。",)))
    made = [q for seed in range(8) for q in questions(ModalityMaker(source), source, seed)]
    assert all(q.answer == (RIGHT,) for q in made)


def test_statements_are_put_together_and_each_is_keyed_by_its_article() -> None:
    source = source_of(document("示例法", (TERMS, *OTHER_TERMS, *BUILDING[:3])))
    stating = (FigureMaker(source), ModalityMaker(source), PlainMaker(source))
    maker = ReadingMaker(source, stating)
    made = [q for seed in range(6) for q in questions(maker, source, seed)]
    assert {q.kind for q in made} == {Kind.SINGLE, Kind.MULTI}
    texts = "".join(a.article.text for a in source.asked)
    for q in made:
        asks_right = "正确" in q.stem
        assert len(q.options) == 4
        for option in q.options:
            assert (option in texts) == ((option in q.answer) == asks_right)
        assert validate(q, Checker(source)) == ()


def test_a_wrong_statement_keyed_as_right_is_found() -> None:
    source = source_of(document("示例法", (TERMS, *OTHER_TERMS, *BUILDING[:3])))
    stating = (FigureMaker(source), ModalityMaker(source), PlainMaker(source))
    maker = ReadingMaker(source, stating)
    made = next(q for seed in range(6) for q in questions(maker, source, seed))
    other = next(o for o in made.options if o not in made.answer)
    assert validate(replace(made, answer=(other,)), Checker(source))


def test_an_article_that_a_later_law_overtook_is_not_asked(source: Source) -> None:
    held = next(
        h for h in source.everything
        if h.document.title == "中华人民共和国劳动法" and h.article.id.article == "第八十二条"
    )  # fmt: skip
    assert is_doubtful(held, source.day)
    assert not list(FigureMaker(source).make(held, random.Random(1)))


def test_nobody_is_detained_for_months(source: Source) -> None:
    penal = source.narrowed(lambda h: "以下拘留" in h.article.text)
    asked = [
        q
        for q in questions(FigureMaker(penal), penal)
        if f"{BLANK}以下拘留" in q.stem and q.kind is Kind.SINGLE
    ]
    days = {f.values[0] for q in asked for o in q.options for f in find_figures(o)}
    assert days
    assert max(days) <= 20


def test_nobody_hands_anything_over_to_himself(source: Source) -> None:
    few = source.narrowed(lambda h: h.document.id == "special-equipment-regulation")
    stems = [q.stem for q in _bearers(few) if "移交使用单位" in q.stem]
    assert stems
    assert not [s for s in stems if s.count("使用单位") > 1]
