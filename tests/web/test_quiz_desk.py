"""What the page 出题组卷 does with papers, without a browser."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadInputError
from assistant.quiz.drafts import Draft
from assistant.quiz.model import RIGHT, WRONG, Kind, Question
from assistant.quiz.paper import Paper
from assistant.quiz.source import Held
from assistant.services import Live, Services
from assistant.web.quiz_desk import Makers, QuizDesk
from assistant.web.quiz_plan import PRESETS, wish_of
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.quiz_samples import COUNTS, FORM, SCRIPT

AT = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)


@pytest.fixture
def desk(services: Services, tmp_path: Path) -> QuizDesk:
    seeds = count(100)
    return QuizDesk(Live(services), tmp_path / "papers", Makers(FakeGenerator), lambda: next(seeds))


@pytest.fixture
def draft(desk: QuizDesk) -> Draft:
    return desk.make(FORM)


def command(draft: Draft, do: str, **more: Any) -> dict[str, Any]:
    return {"do": do, "draft": draft.id, "rev": draft.revision, **more}


def ids(paper: Paper) -> list[str]:
    return [q.id for q in paper.questions]


def test_the_form_makes_the_paper_that_it_asks_for(desk: QuizDesk, draft: Draft) -> None:
    plan = draft.paper.blueprint
    assert {k: plan.count(k) for k in COUNTS} == COUNTS
    assert (draft.paper.title, plan.seed) == ("月度考试", 7)
    assert desk.drafts.get(draft.id) == draft
    assert ids(desk.make(FORM).paper) == ids(draft.paper)


def test_without_a_seed_every_paper_is_another(desk: QuizDesk) -> None:
    first, second = (desk.make({**FORM, "seed": ""}) for _ in range(2))
    assert ids(first.paper) != ids(second.paper)


def test_posts_topics_points_and_difficulty_reach_the_plan(desk: QuizDesk) -> None:
    wish = wish_of({
        "posts": ["主要负责人"], "others": "矿长、 安全员；", "topics": ["消防"],
        "single_count": "3", "single_points": "2.5", "easy": "3", "hard": "1", "region": "全国",
    })  # fmt: skip
    assert wish.posts == ("主要负责人", "矿长", "安全员")
    assert (wish.topics, wish.points, wish.region) == (("消防",), {Kind.SINGLE: 2.5}, "全国")
    assert wish.difficulty == (3.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ({}, "还没有填题数"),
        ({"single_count": "0"}, "还没有填题数"),
        ({"single_count": "十"}, "单选题的题数应是整数，收到“十”"),
        ({"single_count": "-3"}, "单选题的题数应是整数"),
        ({"single_count": "2.5"}, "单选题的题数应是整数"),
        ({"single_count": "400"}, "最多 300 题"),
        ({"single_count": "3", "single_points": "两"}, "每题的分值应是数字"),
        ({"single_count": "3", "single_points": "0.3"}, "以半分为单位"),
        ({"single_count": "3", "others": "外星人总管"}, "外星人总管"),
        ({"single_count": "3", "topics": ["炼丹"]}, "炼丹"),
        ({"single_count": "3", "seed": "abc"}, "种子应是整数"),
        ({"single_count": "3", "seed": "9999999999"}, "种子应是"),
        ({"single_count": "3", "easy": "很多"}, "难度的比例应是数字"),
        ({"single_count": "3", "region": "月球"}, "月球"),
        ({"single_count": "3", "title": "长" * 61}, "标题应是"),
        ({"single_count": "3", "posts": "主要负责人"}, "表单不完整"),
        ({"single_count": 3}, "表单里有一项"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_said_in_one_sentence(
    desk: QuizDesk, tmp_path: Path, boxes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        desk.make(boxes)
    assert sentence in str(caught.value)
    assert "--" not in str(caught.value)
    assert not list(tmp_path.rglob("*.json"))


def test_one_question_is_replaced_and_the_rest_stays(desk: QuizDesk, draft: Draft) -> None:
    made, said = desk.changed(command(draft, "replace", n=2))
    assert said == "第 2 题换好了"
    before, after = ids(draft.paper), ids(made.paper)
    assert before[1] != after[1]
    assert before[:1] + before[2:] == after[:1] + after[2:]
    undone, _ = desk.changed(command(made, "undo"))
    assert undone.paper == draft.paper


def test_locked_questions_stay_when_all_others_are_drawn_anew(desk: QuizDesk, draft: Draft) -> None:
    locked, _ = desk.changed(command(draft, "lock", n=1))
    made, said = desk.changed(command(locked, "redraw"))
    assert "保留了锁定的 1 题" in said
    assert ids(made.paper)[0] == ids(draft.paper)[0]
    assert not set(ids(made.paper)[1:]) & set(ids(draft.paper))
    with pytest.raises(BadInputError, match="第 1 题已锁定"):
        desk.changed(command(made, "replace", n=1))
    free, _ = desk.changed(command(made, "unlock", n=1))
    assert not free.paper.slot(1).locked


def test_old_questions_come_again_once_the_library_yields_no_others(
    services: Services,
) -> None:
    class Few(FakeGenerator):
        """Yields questions of one article only, two of each kind."""

        def of(self, held: Held, rng: random.Random) -> Iterator[Question]:
            if held.article.id == self.source.asked[0].article.id:
                yield from super().of(held, rng)

    desk = QuizDesk(Live(services), None, Makers(Few))
    draft = desk.make({"single_count": "2"})
    made, _ = desk.changed(command(draft, "redraw"))
    assert set(ids(made.paper)) == set(ids(draft.paper))


def test_a_paper_of_locked_questions_cannot_be_drawn_anew(desk: QuizDesk, draft: Draft) -> None:
    for n in range(1, 11):
        draft, _ = desk.changed(command(draft, "lock", n=n))
    with pytest.raises(BadInputError, match="每一题都锁定了"):
        desk.changed(command(draft, "redraw"))


def test_a_deleted_question_is_gone_and_comes_back_by_undo(desk: QuizDesk, draft: Draft) -> None:
    made, _ = desk.changed(command(draft, "delete", n=1))
    assert ids(made.paper) == ids(draft.paper)[1:]
    assert desk.changed(command(made, "undo"))[0].paper == draft.paper


def test_points_of_a_kind_change_the_total(desk: QuizDesk, draft: Draft) -> None:
    made, said = desk.changed(command(draft, "points", kind="single", points="3.5"))
    assert made.paper.total == draft.paper.total + 3 * 1.5
    assert f"{made.paper.total:g} 分" in said
    for kind, points in (("single", "x"), ("single", "0"), ("none", "2")):
        with pytest.raises(BadInputError):
            desk.changed(command(made, "points", kind=kind, points=points))


def test_an_edited_question_has_the_new_words_and_is_locked(desk: QuizDesk, draft: Draft) -> None:
    rows = [["甲", False], [" 乙 ", True], ["丙", False], ["", False]]
    edit = command(draft, "edit", n=1, stem=SCRIPT, explanation="解释", options=rows)
    made, _ = desk.changed(edit)
    slot = made.paper.slot(1)
    assert (slot.question.stem, slot.question.options) == (SCRIPT, ("甲", "乙", "丙"))
    assert (slot.question.answer, slot.question.origin, slot.locked) == (("乙",), "edited", True)
    assert slot.question.basis == draft.paper.slot(1).question.basis


@pytest.mark.parametrize(
    ("number", "more", "sentence"),
    [
        (1, {"stem": " "}, "题干不能是空的"),
        (1, {"options": [["甲", False], ["乙", False]]}, "没有答案"),
        (1, {"options": [["甲", True], ["甲", False]]}, "有两个选项相同"),
        (1, {"options": [["甲", True], ["乙", True]]}, "只能有一个答案"),
        (1, {"options": [["甲", False], ["", True]]}, "答案不能是空的"),
        (4, {"options": [["甲", True], ["乙", False]]}, "至少要有两个答案"),
        (6, {"answer": "也许"}, "没有答案"),
        (8, {"answer": "一\n二\n三"}, "应当一样多"),
        (99, {}, "没有第 99 题"),
    ],
)
def test_an_edit_that_would_spoil_a_question_is_refused(
    desk: QuizDesk, draft: Draft, number: int, more: dict[str, Any], sentence: str
) -> None:
    edit = command(draft, "edit", n=number, stem="题干", explanation="", options=[], answer="")
    with pytest.raises(BadInputError, match=sentence):
        desk.changed({**edit, **more})
    assert desk.drafts.get(draft.id) == draft


def test_true_false_gaps_and_points_are_edited_by_their_own_boxes(
    desk: QuizDesk, draft: Draft
) -> None:
    old = draft.paper.slot(6).question
    key = WRONG if old.answer == (RIGHT,) else RIGHT
    made, _ = desk.changed(command(draft, "edit", n=6, stem=old.stem, explanation="", answer=key))
    assert made.paper.slot(6).question.answer == (key,)
    stem = draft.paper.slot(9).question.stem
    made, _ = desk.changed(
        command(made, "edit", n=9, stem=stem, explanation="", answer="一则\n\n 二则 \n")
    )
    assert made.paper.slot(9).question.answer == ("一则", "二则")


def test_an_edit_without_a_change_says_so(desk: QuizDesk, draft: Draft) -> None:
    q = draft.paper.slot(8).question
    edit = command(
        draft, "edit", n=8, stem=q.stem, explanation=q.explanation, answer="\n".join(q.answer)
    )
    with pytest.raises(BadInputError, match="没有改动"):
        desk.changed(edit)


def test_a_saved_paper_is_listed_opened_saved_again_and_deleted(
    desk: QuizDesk, draft: Draft
) -> None:
    kept, said = desk.save(command(draft, "save", name="一季度"))
    assert said == "已保存“一季度”"
    assert kept.clean
    (listed,) = desk.saved()
    assert (listed.title, listed.size) == ("一季度", 10)
    again = desk.open(listed.id)
    assert again.id != draft.id
    assert again.paper == kept.paper
    assert again.clean
    changed, _ = desk.changed(command(again, "lock", n=1))
    assert not changed.clean
    desk.save(command(changed, "save", name="一季度"))
    assert len(desk.saved()) == 1
    other, _ = desk.save(command(desk.drafts.get(again.id), "save", name="二季度"))
    assert [s.title for s in desk.saved()] == ["二季度", "一季度"]
    desk.delete(other.saved_id)
    assert [s.title for s in desk.saved()] == ["一季度"]
    with pytest.raises(BadInputError, match="没有编号为"):
        desk.open(other.saved_id)


def test_a_name_that_is_taken_or_none_is_refused(desk: QuizDesk, draft: Draft) -> None:
    desk.save(command(draft, "save", name="一季度"))
    other = desk.make(FORM)
    for name, sentence in (("一季度", "已有一份叫"), (" ", "名称应是")):
        with pytest.raises(BadInputError, match=sentence):
            desk.save(command(other, "save", name=name))
    assert len(desk.saved()) == 1
    assert not desk.drafts.get(other.id).saved_id


@pytest.mark.parametrize(
    "change",
    [
        {"do": "none"},
        {"do": "lock"},
        {"do": "lock", "n": "1"},
        {"do": "lock", "n": True},
        {"rev": None},
    ],
)
def test_a_command_that_makes_no_sense_changes_nothing(
    desk: QuizDesk, draft: Draft, change: dict[str, Any]
) -> None:
    with pytest.raises(BadInputError, match="请刷新页面"):
        desk.changed({**command(draft, "lock"), **change})
    assert desk.drafts.get(draft.id) == draft


def test_without_a_data_folder_papers_are_made_but_not_saved(services: Services) -> None:
    desk = QuizDesk(Live(services), None, Makers(FakeGenerator))
    draft = desk.make(FORM)
    assert desk.drafts.get(draft.id) == draft
    assert desk.saved() == ()
    with pytest.raises(BadInputError, match="不能保存"):
        desk.save(command(draft, "save", name="一季度"))


def test_generators_are_kept_until_library_or_day_change(services: Services) -> None:
    made: list[FakeGenerator] = []

    def fake(source: Any) -> FakeGenerator:
        made.append(FakeGenerator(source))
        return made[-1]

    makers = Makers(fake, most=2)
    first = makers.of(services)
    assert makers.of(services) is first
    for region in ("河南省", "山东省"):
        assert makers.of(services, region)[0].region == region
    assert makers.of(services) is not first  # only two are kept
    live = Services(
        services.library, services.index, services.embedder, services.tokenizer, services.today
    )
    assert makers.of(live)[0] is not makers.of(services)[0]
    assert len(made) == 6


@pytest.fixture(scope="module")
def real(services: Services) -> Iterator[QuizDesk]:
    return QuizDesk(Live(services), None)


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_every_preset_can_be_made(real: QuizDesk, preset: Any) -> None:
    form: dict[str, Any] = {
        "posts": [], "topics": [], "others": "、".join(preset.posts), "seed": "1",
        **{f"{k.value}_count": str(n) for k, n in preset.counts.items()},
        **{f"{k.value}_points": str(n) for k, n in preset.points.items()},
    }  # fmt: skip
    paper = real.make(form).paper
    assert {k: paper.blueprint.count(k) for k in preset.counts} == preset.counts
    assert paper.total == 100
    assert replace(paper, slots=()).notices == paper.notices
