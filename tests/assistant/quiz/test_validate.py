from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from assistant.quiz.make import Generator, article_rng
from assistant.quiz.model import BLANK, RIGHT, WRONG, Kind, Knowledge, Question
from assistant.quiz.source import Source
from assistant.quiz.validate import Checker, validate
from kb.model import ProvisionId

AT_LEAST = 5000


@pytest.fixture(scope="module")
def checker(source: Source) -> Checker:
    return Checker(source)


def _made(source: Source) -> Iterator[Question]:
    """Yield the questions of every article under one seed after another."""
    generator = Generator(source)
    for seed in range(1, 4):
        for held in source.asked:
            yield from generator.of(held, article_rng(seed, held))


@pytest.fixture(scope="module")
def generated(source: Source) -> list[Question]:
    """More than five thousand different questions, of the whole scope first."""
    out: dict[tuple[object, ...], Question] = {}
    whole = len(source.asked)
    assert whole > AT_LEAST // 2
    for q in _made(source):
        out.setdefault((q.stem, q.options, q.answer), q)
        if len(out) >= AT_LEAST + 200:
            break
    return list(out.values())


def test_five_thousand_generated_questions_are_valid(
    generated: list[Question], checker: Checker
) -> None:
    assert len(generated) >= AT_LEAST
    wrong = [(q.stem, q.answer, found) for q in generated if (found := validate(q, checker))]
    assert wrong == []


Change = Callable[[Question], Question]


def _share_caught(questions: list[Question], change: Change, checker: Checker) -> float:
    changed = [c for q in questions if (c := change(q)) != q]
    assert len(changed) >= 20
    return sum(bool(validate(c, checker)) for c in changed) / len(changed)


def _of(generated: list[Question], kind: Kind, *knowledge: Knowledge) -> list[Question]:
    wanted = knowledge or tuple(Knowledge)
    return [q for q in generated if q.kind is kind and q.knowledge in wanted][:150]


def test_a_key_swapped_with_a_wrong_option_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    def swap(q: Question) -> Question:
        return replace(q, answer=(next(o for o in q.options if o not in q.answer),))

    for knowledge in (Knowledge.FIGURE, Knowledge.SANCTION, Knowledge.BEARER, Knowledge.DUTY):
        singles = _of(generated, Kind.SINGLE, knowledge)
        assert _share_caught(singles, swap, checker) == 1.0, knowledge


def test_a_flipped_judgement_is_caught(generated: list[Question], checker: Checker) -> None:
    def flip(q: Question) -> Question:
        return replace(q, answer=(WRONG if q.answer == (RIGHT,) else RIGHT,))

    assert _share_caught(_of(generated, Kind.JUDGE), flip, checker) == 1.0


def test_a_gap_filled_with_something_else_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    def refill(q: Question) -> Question:
        return replace(q, answer=("九十九年", *q.answer[1:]))

    assert _share_caught(_of(generated, Kind.BLANK), refill, checker) == 1.0


def test_a_wrong_option_that_is_the_same_figure_written_otherwise_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    def again(q: Question) -> Question:
        twins = {
            "二年": "两年",
            "三十日": "30日",
            "三年": "3年",
            "十五日": "15日",
            "六个月": "6个月",
        }
        other = twins.get(q.answer[0])
        wrong = next(o for o in q.options if o not in q.answer)
        if other is None or other in q.options:
            return q
        return replace(q, options=tuple(other if o == wrong else o for o in q.options))

    singles = [
        q
        for q in generated
        if q.kind is Kind.SINGLE and q.knowledge in (Knowledge.FIGURE, Knowledge.SANCTION)
    ]
    assert _share_caught(singles, again, checker) == 1.0


def test_a_further_duty_of_the_same_bearer_among_the_wrong_options_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    def less(q: Question) -> Question:
        """Take one right option out of the key: it becomes a wrong option that is right."""
        return replace(q, answer=q.answer[:-1])

    assert _share_caught(_of(generated, Kind.MULTI, Knowledge.DUTY), less, checker) == 1.0


def test_somebody_on_whom_the_duty_falls_as_well_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    bearers = checker.bearers

    def heir(q: Question) -> Question:
        """Offer somebody who inherits the duties of the right bearer."""
        own = bearers.of_subject(q.answer[0])
        heirs = [
            b.name for b in bearers.bearers if own and own[0] in {i.bearer for i in b.inherits}
        ]
        usable = [h for h in heirs if bearers.of_subject(h) and h not in q.stem]
        if not usable:
            return q
        wrong = next(o for o in q.options if o not in q.answer)
        return replace(q, options=tuple(usable[0] if o == wrong else o for o in q.options))

    singles = [q for q in generated if q.knowledge is Knowledge.BEARER and q.kind is Kind.SINGLE]
    changed = [c for q in singles if (c := heir(q)) != q]
    assert changed
    caught = sum(bool(validate(c, checker)) for c in changed)
    assert caught >= 0.8 * len(changed)


def test_a_statement_that_stands_elsewhere_is_no_wrong_option(
    source: Source, checker: Checker, generated: list[Question]
) -> None:
    question = next(
        q for q in generated if q.kind is Kind.SINGLE and q.knowledge is Knowledge.FIGURE
    )
    wrong = next(o for o in question.options if o not in question.answer)
    (other,) = [  # a library in which the wrong option stands as well
        h for h in source.asked if h.article.id == question.basis[0].provision.in_article
    ]
    article = replace(
        other.article,
        text=question.stem.partition("，")[2].replace(BLANK, wrong),
    )
    wider = object.__new__(Source)
    for name, value in vars(source).items():
        setattr(wider, name, value)
    wider.everything = (*source.everything, replace(other, article=article))
    assert validate(question, checker) == ()
    assert any("also stands" in p for p in validate(question, Checker(wider)))


def test_stale_and_dangling_citations_are_caught(
    generated: list[Question], checker: Checker
) -> None:
    question = generated[0]
    old = replace(question.basis[0], text_hash="0" * 16)
    assert any("hash" in p for p in validate(replace(question, basis=(old,)), checker))
    gone = replace(question.basis[0], provision=ProvisionId("no-law", "v", "第一条"))
    assert any("nowhere" in p for p in validate(replace(question, basis=(gone,)), checker))
    made_up = replace(question.basis[0], quote="没有这句话", tested=())
    assert any("quotation" in p for p in validate(replace(question, basis=(made_up,)), checker))
    assert "no basis" in validate(replace(question, basis=()), checker)


def test_a_stem_that_holds_the_answer_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    question = next(q for q in generated if q.kind is Kind.SINGLE)
    told = replace(question, stem=question.stem[:-1] + f"（即{question.answer[0]}）。")
    assert any("holds the answer" in p for p in validate(told, checker))


def test_a_short_answer_without_one_of_the_items_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    def shorter(q: Question) -> Question:
        return replace(q, answer=q.answer[1:], basis=q.basis[1:])

    assert _share_caught(_of(generated, Kind.SHORT), shorter, checker) >= 0.95


def test_a_duty_of_all_governments_is_also_the_state_councils(checker: Checker) -> None:
    duty = (
        "推动专业应急救援队伍与非专业应急救援队伍联合培训、联合演练，提高合成应急、协同应急的能力"
    )
    assert checker.binds("国务院", duty)
    assert not checker.binds("国务院", "根据情况变化，及时调整危险源、危险区域的登记")


def test_a_wrong_statement_put_into_the_key_is_caught(
    generated: list[Question], checker: Checker
) -> None:
    def widened(q: Question) -> Question:
        return replace(q, answer=(*q.answer, next(o for o in q.options if o not in q.answer)))

    views = [q for q in _of(generated, Kind.MULTI) if "下列说法中" in q.stem]
    assert _share_caught(views, widened, checker) == 1.0
