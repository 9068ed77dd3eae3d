from __future__ import annotations

from assistant.quiz.make.definitions import DefinitionMaker, definitions_of
from assistant.quiz.make.forbidden import ForbiddenMaker
from assistant.quiz.make.measures import MeasureMaker
from assistant.quiz.make.sequences import SequenceMaker
from assistant.quiz.model import RIGHT, WRONG, Kind, Knowledge
from assistant.quiz.source import Source
from kb.model import Level, TextKind
from tests.assistant.quiz.make.conftest import document, questions, source_of

TERMS = (
    "本法所称渡槽，是指架设在山谷上方输送灌溉用水的人工通道。",
    "本法所称涵洞，是指埋设在路基下面排泄雨水的过水构筑物。",
    "本法所称闸门，是指安装在河口用来调节流量的活动挡水设备。",
    "本法所称堰坝，是指横跨溪流抬高水位以便取水的低矮建筑。",
    "前款所称堤防，是指沿河修筑防止洪水漫溢的土石结构。",
)


def test_a_term_is_asked_among_sibling_terms() -> None:
    source = source_of(document("示例法", TERMS))
    made = questions(DefinitionMaker(source), source)
    single = next(q for q in made if q.kind is Kind.SINGLE and q.answer == ("渡槽",))
    assert set(single.options) == {"渡槽", "涵洞", "闸门", "堰坝"}
    assert single.basis[0].tested == ("渡槽",)


def test_a_definition_that_needs_what_stands_before_is_left_out() -> None:
    source = source_of(document("示例法", TERMS))
    assert [d.term for h in source.asked for d in definitions_of(h)] == [
        "渡槽", "涵洞", "闸门", "堰坝",
    ]  # fmt: skip


def test_a_wrong_definition_is_a_siblings() -> None:
    source = source_of(document("示例法", TERMS))
    judged = [
        q
        for seed in range(6)
        for q in questions(DefinitionMaker(source), source, seed)
        if q.kind is Kind.JUDGE
    ]
    assert {q.answer for q in judged} == {(RIGHT,), (WRONG,)}
    text = "".join(t.replace("，是指", "是指") for t in TERMS)
    for q in judged:
        statement = q.stem.removeprefix("根据《示例法》，")
        assert (statement in text) == (q.answer == (RIGHT,))


def test_the_order_of_leave_and_act_is_turned_round() -> None:
    text = "新建索道经检验机构验收合格后，方可载客运行。"
    source = source_of(document("示例法", (text,)))
    stems = {
        (q.stem, q.answer)
        for seed in range(8)
        for q in questions(SequenceMaker(source), source, seed)
    }
    assert stems == {
        ("根据《示例法》，新建索道经检验机构验收合格后，方可载客运行。", (RIGHT,)),
        ("根据《示例法》，新建索道经检验机构验收合格前，即可载客运行。", (WRONG,)),
    }


def test_a_clause_with_its_own_duty_is_not_turned_round() -> None:
    text = "索道经营者应当经检验机构验收合格后，方可载客运行。"
    source = source_of(document("示例法", (text,)))
    for seed in range(8):
        made = questions(SequenceMaker(source), source, seed)
        assert [q.answer for q in made] == [(RIGHT,)]


def test_what_goes_before_is_swapped() -> None:
    source = source_of(document("示例法", ("渡口调度中，救助船通行优先于货运船通行。",)))
    made = [q for s in range(8) for q in questions(SequenceMaker(source), source, s)]
    wrong = [q for q in made if q.answer == (WRONG,)]
    assert wrong
    assert all(q.knowledge is Knowledge.SEQUENCE and "优先于" in q.explanation for q in wrong)


def test_grades_keep_the_order_of_their_colours(source: Source) -> None:
    made = [q for q in questions(SequenceMaker(source), source) if q.kind is Kind.SINGLE]
    order = next(q for q in made if "由高到低" in q.stem)
    assert order.answer == ("红色、橙色、黄色和蓝色",)
    assert len(set(order.options)) == 4


def test_what_nobody_takes_for_allowed_is_not_asked() -> None:
    source = source_of(document("示例法", ("任何单位和个人不得非法干预索道调度。",)))
    assert questions(ForbiddenMaker(source), source) == []


def test_a_ban_with_an_exception_is_not_said_to_have_none() -> None:
    flat = "索道经营者不得在大风天气开行索道。"
    loose = "索道经营者不得在大风天气开行索道。确需开行的，应当经县气象台批准。"
    for text, asked in ((flat, True), (loose, False)):
        source = source_of(document("示例法", (text,)))
        made = [q for s in range(6) for q in questions(ForbiddenMaker(source), source, s)]
        assert any(q.kind is Kind.JUDGE for q in made) == asked


def test_a_false_leave_is_keyed_as_wrong() -> None:
    source = source_of(document("示例法", ("索道经营者不得在大风天气开行索道。",)))
    judged = [q for s in range(8) for q in questions(ForbiddenMaker(source), source, s)]
    assert {("可以" in q.stem, q.answer) for q in judged} == {(True, (WRONG,)), (False, (RIGHT,))}


def test_the_meaning_of_a_part_is_asked_among_those_of_the_others(source: Source) -> None:
    made = [q for q in questions(MeasureMaker(source), source) if q.kind is not Kind.JUDGE]
    assert made
    for q in made:
        assert len(q.options) == 4
        text = source.catalog.article(q.basis[0].provision).text
        assert all(o in text for o in q.options)
        assert q.answer[0] in q.basis[0].quote


def test_a_part_whose_name_tells_its_meaning_is_not_asked(source: Source) -> None:
    stems = [q.stem for q in questions(MeasureMaker(source), source)]
    assert not any("“追究责任”" in s for s in stems)
    assert any("解释正确" in s for s in stems)


def test_only_certain_entries_are_asked_about(source: Source) -> None:
    for q in questions(MeasureMaker(source), source):
        document = source.catalog.get(q.basis[0].provision.doc_id)
        assert document.confidence == "verified"
        assert q.basis[0].text_kind == TextKind.DIGEST.value


def test_a_measure_of_policy_is_no_law(source: Source) -> None:
    judged = [q for q in questions(MeasureMaker(source), source) if q.kind is Kind.JUDGE]
    assert judged
    for q in judged:
        assert source.catalog.get(q.basis[0].provision.doc_id).level is not Level.LAW
        assert q.stem.endswith("不是法律条文。") == (q.answer == (RIGHT,))
