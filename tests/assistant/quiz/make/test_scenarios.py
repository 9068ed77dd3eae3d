from __future__ import annotations

import random
import re

import pytest

from assistant.quiz.make.accidents import GRADES, AccidentMaker, read_grades
from assistant.quiz.make.breaches import BreachMaker
from assistant.quiz.make.situations import SituationMaker
from assistant.quiz.model import Kind
from assistant.quiz.source import Source
from tests.assistant.quiz.make.conftest import document, questions, source_of

_TOLL = re.compile(r"造成(?:(?P<d>\d+)人死亡)?、?(?:(?P<i>\d+)人重伤)?，直接经济损失(?P<l>\d+)万元")


def _grade(deaths: int, hurt: int, loss: int) -> str:
    """The grade by the table of the regulation, counted anew: the highest that any measure gives."""
    bounds = ((3, 10, 30), (10, 50, 100), (1000, 5000, 10000))
    given = (deaths, hurt, loss)
    return GRADES[max(sum(v >= b for b in bs) for v, bs in zip(given, bounds, strict=True))]


@pytest.mark.parametrize("seed", range(12))
def test_the_toll_of_an_accident_gives_the_keyed_grade(source: Source, seed: int) -> None:
    made = [q for q in questions(AccidentMaker(source), source, seed) if "等级" in q.stem]
    assert {q.answer[0] for q in made} == set(GRADES)
    for q in made:
        m = _TOLL.search(q.stem)
        assert m is not None
        assert q.answer == (_grade(int(m["d"] or 0), int(m["i"] or 0), int(m["l"])),)


def test_tolls_stay_away_from_the_bounds(source: Source) -> None:
    table = read_grades(source)
    assert table is not None
    rng = random.Random(3)
    for grade in GRADES:
        for _ in range(200):
            toll = table.draw(grade, rng)
            assert toll.by != "deaths" or toll.deaths not in (3, 10, 30)
            assert toll.by != "hurt" or toll.hurt not in (10, 50, 100)
            assert toll.by != "loss" or toll.loss not in (1000, 5000, 10000)


def test_dead_hurt_and_loss_are_in_proportion(source: Source) -> None:
    table = read_grades(source)
    assert table is not None
    rng = random.Random(4)
    for grade in GRADES:
        for _ in range(200):
            toll = table.draw(grade, rng)
            assert toll.by == "hurt" or toll.hurt <= 2 * toll.deaths + 1
            assert toll.loss >= min(60 * toll.deaths, 600)


def test_fines_follow_the_grade_and_cite_both_provisions(source: Source) -> None:
    made = [q for q in questions(AccidentMaker(source), source) if "罚款" in q.answer[0]]
    assert {q.posts[0] for q in made} == {"principal", "enterprise"}
    for q in made:
        laws = {b.provision.doc_id for b in q.basis}
        assert laws == {"work-safety-law", "accident-investigation-regulation"}
        assert q.answer[0] in q.basis[0].quote
        assert all(f"《{b.doc}》" in q.explanation for b in q.basis)


def test_without_the_table_no_accident_is_told() -> None:
    source = source_of(document("示例法", ("索道经营者应当按月校验制动装置。",)))
    assert questions(AccidentMaker(source), source) == []


FINES = (
    "生产经营单位有下列行为之一的，责令限期改正，处三万元以下的罚款：\n"
    "（一）未在站口公示乘坐须知；\n（二）未按月校验制动装置。",
    "生产经营单位有下列行为之一的，责令限期改正，处八万元以下的罚款：\n"
    "（一）未为乘客购买意外保险；\n（二）未保存巡线日志。",
    "生产经营单位未配备救援绳索的，责令限期改正，处二万元以上六万元以下的罚款。",
    "生产经营单位拒绝年度核查的，责令限期改正，处五万元以上九万元以下的罚款。",
)


def test_a_breach_gets_the_sanction_of_its_list() -> None:
    source = source_of(document("示例法", (), FINES))
    made = questions(BreachMaker(source), source)
    key = {q.answer[0] for q in made if "乘坐须知" in q.stem or "制动装置" in q.stem}
    assert key == {"责令限期改正，处三万元以下的罚款"}
    for q in made:
        assert q.kind is Kind.CASE
        assert len(q.options) == 4
        assert q.answer[0] in q.basis[0].quote


def test_an_act_with_two_sanctions_in_one_law_is_not_told() -> None:
    again = (
        "生产经营单位有下列行为之一的，责令停业整顿，并处七万元以下的罚款：\n"
        "（一）未按月校验制动装置；\n（二）未设置减速标志。"
    )
    source = source_of(document("示例法", (), (*FINES, again)))
    assert not [q for q in questions(BreachMaker(source), source) if "制动装置" in q.stem]


def test_of_acts_joined_by_or_one_is_told() -> None:
    either = FINES[0].replace(
        "未按月校验制动装置", "未校验制动装置、减速标志，或者未将校验结果公示"
    )
    source = source_of(document("示例法", (), (either, *FINES[1:])))
    stems = [q.stem for q in questions(BreachMaker(source), source)]
    assert any("未校验制动装置、减速标志" in s for s in stems)
    assert not any("未将校验结果公示" in s for s in stems)
    assert not any("或者未" in s for s in stems)


def test_the_size_of_a_firm_decides_whom_it_needs(source: Source) -> None:
    for seed in range(6):
        for q in questions(SituationMaker(source), source, seed):
            m = re.match(r"(某[^有]+)有从业人员(\d+)人", q.stem)
            if m:
                hazardous = "冶炼" in m[1] or "施工" in m[1] or "矿山" in m[1] or "运输" in m[1]
                full = hazardous or int(m[2]) > 100
                assert ("专职或者兼职" in q.answer[0]) != full


def test_the_latest_moment_is_counted_from_hearing_of_it(source: Source) -> None:
    made = [q for q in questions(SituationMaker(source), source) if "最迟不得晚于" in q.stem]
    assert len(made) == 2
    for q in made:
        heard = re.findall(r"(\d+)时(\d+)分", q.stem)[-1]
        due = re.fullmatch(r"当日(\d+)时(\d+)分", q.answer[0])
        assert due is not None
        assert int(due[1]) - int(heard[0]) == (1 if "负责人" in q.stem else 2)
        assert due[2] == heard[1]
