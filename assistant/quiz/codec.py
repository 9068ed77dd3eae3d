"""Questions and papers as JSON, and back. The fields are those of the command-line contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.quiz.blueprint import Blueprint, Part
from assistant.quiz.model import Basis, Kind, Knowledge, Question
from assistant.quiz.paper import Paper, Slot, wrong_with
from assistant.render import day_text
from kb.catalog import Catalog
from kb.errors import KbError
from kb.model import ProvisionId

FORMAT, SCHEMA = "zhize-paper", 1
_GONE = "本库已没有"


def paper_json(papers: Sequence[Paper], catalog: Catalog) -> dict[str, Any]:
    """Return a paper as JSON; the first of `papers` is the paper, the rest are its versions."""
    paper = papers[0]
    out: dict[str, Any] = {
        "format": FORMAT,
        "schema": SCHEMA,
        "title": paper.title,
        "label": paper.label,
        "day": paper.day.isoformat(),
        "total": paper.total,
        "notices": list(paper.notices),
        "blueprint": blueprint_json(paper.blueprint),
        "seen": list(paper.seen),
        "questions": questions_json(paper, catalog),
    }
    if len(papers) > 1:
        out["versions"] = [
            {"label": p.label, "questions": questions_json(p, catalog)} for p in papers[1:]
        ]
    return out


def questions_json(paper: Paper, catalog: Catalog) -> list[dict[str, Any]]:
    """Return the questions of a paper with number, points and whether they are locked."""
    locked = [s.locked for s in paper.slots]
    return [
        {
            **question_json(question, catalog, paper.day),
            "number": n,
            "points": section.points,
            "locked": locked[n - 1],
        }
        for section in paper.sections
        for n, question in section.numbered()
    ]


def question_json(question: Question, catalog: Catalog, day: date) -> dict[str, Any]:
    """Return a question as JSON; `answer` holds texts, `letters` where they stand."""
    row = question_row(question)
    for basis, cited in zip(question.basis, row["citations"], strict=True):
        cited |= _standing(basis, catalog, day)
    return row


def question_row(question: Question) -> dict[str, Any]:
    """Return all that a question holds as JSON, without how its bases stand on any day."""
    return {
        "id": question.id,
        "type": question.kind.value,
        "knowledge": question.knowledge.value,
        "stem": question.stem,
        "options": list(question.options),
        "answer": list(question.answer),
        "letters": question.letters,
        "explanation": question.explanation,
        "citations": [_basis_json(n, b) for n, b in enumerate(question.basis, 1)],
        "difficulty": question.difficulty,
        "topics": list(question.topics),
        "posts": list(question.posts),
        "origin": question.origin,
    }


def blueprint_json(blueprint: Blueprint) -> dict[str, Any]:
    """Return a plan as JSON, with the keys that a blueprint file has."""
    return {
        "title": blueprint.title,
        "counts": {p.kind.value: p.count for p in blueprint.parts},
        "points": {p.kind.value: p.points for p in blueprint.parts},
        "topics": list(blueprint.topics),
        "posts": list(blueprint.posts),
        "difficulty": list(blueprint.difficulty),
        "seed": blueprint.seed,
        "region": blueprint.region,
    }


def _basis_json(n: int, basis: Basis) -> dict[str, Any]:
    where = basis.provision
    return {
        "n": n,
        "doc": basis.doc,
        "doc_id": where.doc_id,
        "locator": where.locator,
        "quote": basis.quote,
        "status": "",
        "text_kind": basis.text_kind,
        "effective_on": "",
        "version": where.version,
        "article": where.article,
        "inside": [where.paragraph, where.item, where.subitem],
        "tested": list(basis.tested),
        "text_hash": basis.text_hash,
    }


def _standing(basis: Basis, catalog: Catalog, day: date) -> dict[str, Any]:
    """How the version that a basis quotes stands on a day."""
    where = basis.provision
    try:
        document = catalog.get(where.doc_id)
        version = document.version(where.version)
    except KbError:
        return {"status": _GONE, "effective_on": ""}
    status = document.status_on(day, version).value
    return {"status": status, "effective_on": day_text(version.effective_on)}


def paper_from_json(data: Any) -> Paper:
    """Return the paper that `paper_json` wrote, without its other versions.

    ValueError, KeyError, TypeError or AttributeError if it is not one.
    """
    if data["format"] != FORMAT or data["schema"] != SCHEMA:
        raise ValueError(f"schema {data.get('schema')!r} is not {SCHEMA}")
    rows = data["questions"]
    slots = tuple(Slot(question_from_json(r), _flag(r["locked"])) for r in rows)
    blueprint = _blueprint(data["blueprint"])
    if [s.question.kind for s in slots] != [
        p.kind for p in blueprint.parts for _ in range(p.count)
    ]:
        raise ValueError("the questions are not those of the plan")
    return Paper(
        blueprint,
        slots,
        date.fromisoformat(data["day"]),
        _texts(data["seen"]),
        _texts(data["notices"]),
        _text(data["label"]),
    )


def question_from_json(row: Any) -> Question:
    """Return the question that `question_json` wrote; raises as `paper_from_json`."""
    question = Question(
        _text(row["id"]),
        Kind(row["type"]),
        Knowledge(row["knowledge"]),
        _text(row["stem"]),
        _texts(row["options"]),
        _texts(row["answer"]),
        _text(row["explanation"]),
        tuple(map(_basis, row["citations"])),
        _texts(row["topics"]),
        _texts(row["posts"]),
        float(row["difficulty"]),
        _text(row["origin"]),
    )
    if problem := wrong_with(question):
        raise ValueError(problem)
    return question


def _basis(row: Any) -> Basis:
    paragraph, item, subitem = (None if n is None else int(n) for n in row["inside"])
    where = ProvisionId(
        _text(row["doc_id"]), _text(row["version"]), _text(row["article"]), paragraph, item, subitem
    )
    return Basis(
        where,
        _text(row["doc"]),
        _text(row["text_kind"]),
        _text(row["quote"]),
        _texts(row["tested"]),
        _text(row["text_hash"]),
    )


def _blueprint(row: Any) -> Blueprint:
    counts, points = row["counts"], row["points"]
    parts = tuple(
        Part(kind, int(counts[kind.value]), float(points[kind.value]))
        for kind in Kind
        if kind.value in counts
    )
    return Blueprint(
        _text(row["title"]),
        parts,
        int(row["seed"]),
        _texts(row["topics"]),
        _texts(row["posts"]),
        tuple(map(float, row["difficulty"])),
        _text(row["region"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return tuple(map(_text, value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value
