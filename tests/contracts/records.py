"""Made-up questions, rounds and answers for the contract tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from assistant.practice.model import Answer, Mode, Response, Round
from assistant.quiz.model import Basis, Kind, Knowledge, Question
from kb.model import ProvisionId

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)


def later(**passed: float) -> datetime:
    """The time so much after NOW."""
    return NOW + timedelta(**passed)


def make_question(n: int) -> Question:
    """A true/false question about a made-up provision."""
    where = ProvisionId("unit-made-up", "v1", "第九条", 2, n % 5 + 1)
    basis = Basis(where, "测试规定", "本单位文件", "每周检查一次。", ("每周",), "0" * 16)
    return Question(
        f"q{n:04d}", Kind.JUDGE, Knowledge.DUTY, f"第{n}台设备每周检查一次。", ("正确", "错误"),
        ("正确",), "每周检查一次。", (basis,), ("消防",), (), 0.4,
    )  # fmt: skip


def make_round(
    round_id: str, person: str = "p1", mode: Mode = Mode.DAILY, size: int = 3, at: datetime = NOW
) -> Round:
    """A round of made-up questions; an exam closes after an hour."""
    exam = mode is Mode.EXAM
    return Round(
        round_id, person, mode, "今天的题", tuple(make_question(n) for n in range(1, size + 1)), at,
        at + timedelta(hours=1) if exam else None, (2.5,) * size if exam else (), "a1" if exam else "",
    )  # fmt: skip


def make_answer(
    made: Round, n: int, answer_id: str = "", right: bool = True, at: datetime = NOW
) -> Answer:
    """An answer to question n of a round."""
    question = made.questions[n - 1]
    return Answer(
        answer_id or f"{made.id}-{n}", made.person, question.id, made.id, n, made.mode,
        Response(("正确" if right else "错误",), at, 4.25), right, float(right), 1.0,
        question.topics, str(question.basis[0].provision), question.kind.value, made.assignment,
    )  # fmt: skip


def make_answers(made: Round) -> Sequence[Answer]:
    """Answers to all questions of a round, every second one wrong."""
    return [make_answer(made, n, right=n % 2 == 1) for n in range(1, len(made.questions) + 1)]
