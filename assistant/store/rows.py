"""Practice records as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from assistant.practice.model import Answer, Mark, Mode, Response, Round, Submission
from assistant.quiz.codec import question_from_json, question_row
from assistant.quiz.model import Question
from assistant.store.errors import StoreError

_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def questions_text(questions: Sequence[Question]) -> str:
    """Return questions as the JSON text that `read_questions` reads."""
    rows = [question_row(q) for q in questions]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=128)
def read_questions(text: str) -> tuple[Question, ...]:
    """Return the questions of a JSON text; StoreError if it is damaged.

    A round is read with every answer and never changes, so the last ones stay at hand.
    """
    try:
        return tuple(map(question_from_json, json.loads(text)))
    except _BROKEN as e:
        raise StoreError("库里的一次练习已损坏，读不出来；请从备份恢复") from e


def round_row(made: Round) -> dict[str, Any]:
    """Return a round as a row."""
    return {
        "id": made.id,
        "person": made.person,
        "mode": made.mode.value,
        "title": made.title,
        "questions": questions_text(made.questions),
        "size": len(made.questions),
        "made_at": made.made_at,
        "ends_at": made.ends_at,
        "points": list(made.points),
        "assignment": made.assignment,
    }


def read_round(row: Row[Any]) -> Round:
    """Return the round of a row; StoreError if it is damaged."""
    return Round(
        row.id,
        row.person,
        Mode(row.mode),
        row.title,
        read_questions(row.questions),
        row.made_at,
        row.ends_at,
        tuple(row.points),
        row.assignment,
    )


def answer_row(answer: Answer) -> dict[str, Any]:
    """Return an answer as a row; `seq` is given by the database."""
    return {
        "id": answer.id,
        "person": answer.person,
        "question": answer.question,
        "round": answer.round,
        "n": answer.n,
        "mode": answer.mode.value,
        "given": list(answer.response.given),
        "at": answer.response.at,
        "seconds": answer.response.seconds,
        "right": answer.right,
        "score": answer.score,
        "points": answer.points,
        "topics": list(answer.topics),
        "provision": answer.provision,
        "kind": answer.kind,
        "assignment": answer.assignment,
    }


def read_answer(row: Row[Any]) -> Answer:
    """Return the answer of a row of `answers`, with columns in the order of the table."""
    (seq, answer_id, person, question, round_id, n, mode, given, at, seconds, right, score, points,
     topics, provision, kind, assignment) = tuple(row)  # fmt: skip
    return Answer(
        answer_id, person, question, round_id, n, Mode(mode), Response(tuple(given), at, seconds),
        right, score, points, tuple(topics), provision, kind, assignment, seq,
    )  # fmt: skip


def response_row(round_id: str, n: int, response: Response) -> dict[str, Any]:
    """Return what was put down in an exam as a row."""
    return {
        "round": round_id,
        "n": n,
        "given": list(response.given),
        "at": response.at,
        "seconds": response.seconds,
    }


def mark_row(mark: Mark) -> dict[str, Any]:
    """Return a mark as a row."""
    return {
        "person": mark.person,
        "question": mark.question,
        "pinned": mark.pinned,
        "at": mark.at,
    }


def submission_row(submission: Submission) -> dict[str, Any]:
    """Return a submission as a row."""
    return {"round": submission.round, "at": submission.at, "by_clock": submission.by_clock}
