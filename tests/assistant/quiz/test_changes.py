"""Changes of a whole paper: another title, a question less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.errors import BadInputError
from assistant.quiz.changes import LONGEST_TITLE, retitled, without_question
from assistant.quiz.codec import paper_from_json, paper_json
from assistant.quiz.model import Kind
from assistant.quiz.paper import Paper
from assistant.quiz.source import Source


def test_a_paper_takes_another_title(paper: Paper) -> None:
    made = retitled(paper, "  第二季度 \n 考试 ")
    assert made.title == "第二季度 考试"
    assert made.slots == paper.slots


@pytest.mark.parametrize("title", ["", "   ", "长" * (LONGEST_TITLE + 1), "有\x00控制字符"])
def test_what_cannot_be_a_title_is_refused(paper: Paper, title: str) -> None:
    with pytest.raises(BadInputError, match="名称应是"):
        retitled(paper, title)


def test_a_question_less_changes_numbers_and_plan(paper: Paper, source: Source) -> None:
    gone = paper.slot(13).question
    made = without_question(paper, 13)
    assert len(made.slots) == len(paper.slots) - 1
    assert made.slot(13) == paper.slot(14)
    assert made.blueprint.count(gone.kind) == paper.blueprint.count(gone.kind) - 1
    assert gone.id in made.seen
    assert paper_from_json(paper_json((made,), source.catalog)) == made


def test_the_last_question_of_a_kind_takes_its_section_along(paper: Paper) -> None:
    made = paper
    while made.blueprint.count(Kind.SHORT):
        section = next(s for s in made.sections if s.kind is Kind.SHORT)
        made = without_question(made, section.first)
    assert Kind.SHORT not in {s.kind for s in made.sections}
    assert Kind.SHORT not in {p.kind for p in made.blueprint.parts}


def test_the_only_question_stays(paper: Paper) -> None:
    part = replace(paper.blueprint.parts[0], count=1)
    single = replace(
        paper, blueprint=replace(paper.blueprint, parts=(part,)), slots=paper.slots[:1]
    )
    with pytest.raises(BadInputError, match="最后一题"):
        without_question(single, 1)


def test_a_number_that_is_not_there_is_refused(paper: Paper) -> None:
    with pytest.raises(BadInputError, match="没有第 99 题"):
        without_question(paper, 99)
