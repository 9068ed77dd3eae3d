"""Practice as JSON for the page. The key of a question is only in what is told after an answer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from html import unescape
from typing import Any

from assistant.practice.desk import Home, Played, PracticeDesk, Told, WrongOne
from assistant.practice.exam import PASS_SHARE, PLANS, Result, is_exam
from assistant.practice.exam_desk import Sitting
from assistant.practice.grading import PARTIAL
from assistant.practice.model import Answer, Round
from assistant.practice.must_know import MustKnow
from assistant.practice.progress import MASTERED, Progress
from assistant.practice.sets import QuestionSet
from assistant.practice.standing import Trail
from assistant.practice.wrong_book import RULE, Entry
from assistant.quiz.model import BLANK, Basis, Kind, Question
from assistant.web.html import Mark, article_body, article_title, doc_href
from assistant.web.practice_svg import days_svg, topics_svg
from assistant.web.practice_words import due_words, left_words
from kb.catalog import Catalog
from kb.errors import KbError
from kb.fields import FieldTable
from kb.model import Article, Provision
from kb.posts import PostTable


def asked_json(n: int, question: Question) -> dict[str, Any]:
    """Return a question as it is put before somebody, without its key."""
    return {
        "n": n,
        "id": question.id,
        "kind": question.kind.value,
        "label": question.kind.label,
        "stem": question.stem,
        "options": list(question.options),
        "several": question.kind is Kind.MULTI,
        "gaps": question.stem.count(BLANK) if question.kind is Kind.BLANK else 0,
        "topics": list(question.topics),
    }


def round_json(made: Round) -> dict[str, Any]:
    """Return a round without any key."""
    return {
        "id": made.id,
        "mode": made.mode.value,
        "title": made.title,
        "exam": is_exam(made),
        "points": list(made.points),
        "questions": [asked_json(n, q) for n, q in enumerate(made.questions, 1)],
    }


def played_json(desk: PracticeDesk, played: Played) -> dict[str, Any]:
    """Return a round with what is told of every question answered so far."""
    kept = [played.answers[n] for n in sorted(played.answers)]
    told = desk.told(played.round, kept) if kept else ()
    return {
        **round_json(played.round),
        "told": {str(t.answer.n): told_json(desk, t) for t in told},
    }


def told_json(desk: PracticeDesk, told: Told) -> dict[str, Any]:
    """Return what somebody is told after an answer: right or not, why, and where it stands."""
    catalog = desk.live.current.catalog
    return {
        **_graded(told.answer),
        **explained_json(told.question, catalog),
        "due": told.trail.memory.due.isoformat(),
        "due_words": due_words(told.trail.memory, desk.now(), desk.zone),
        "wrong_book": _entry(told.entry),
        "changed": told.changed,
        "insisted": desk.insisted_words(told.question),
    }


def explained_json(question: Question, catalog: Catalog) -> dict[str, Any]:
    """Return the key of a question, why it is right, and the provisions with what is tested marked."""
    return {
        "question": question.id,
        "answer": list(question.answer),
        "explanation": question.explanation,
        "why": question.explanation.partition("依据：《")[0] if question.basis else "",
        "citations": [_cited(b, catalog) for b in question.basis],
    }


def sitting_json(desk: PracticeDesk, sitting: Sitting) -> dict[str, Any]:
    """Return an exam: what was put down while it is open, the result once it is handed in."""
    given = {str(n): list(r.given) for n, r in sorted(sitting.responses.items())}
    out = {
        **round_json(sitting.round),
        "given": given,
        "left": sitting.left,
        "total": sum(sitting.round.points),
        "partial": PARTIAL,
        "result": None,
    }
    if sitting.result is not None and sitting.submission is not None:
        out["result"] = _result(desk, sitting.round, sitting.result)
        out["by_clock"] = sitting.submission.by_clock
    return out


def _result(desk: PracticeDesk, made: Round, result: Result) -> dict[str, Any]:
    catalog = desk.live.current.catalog
    return {
        "score": result.score,
        "total": result.total,
        "enough": result.enough,
        "passed": result.passed,
        "right": result.right,
        "told": {
            str(a.n): {
                **_graded(a),
                **explained_json(made.questions[a.n - 1], catalog),
                "changed": desk.is_changed(made.questions[a.n - 1]),
                "insisted": desk.insisted_words(made.questions[a.n - 1]),
            }
            for a in result.answers
        },
    }


def _graded(answer: Answer) -> dict[str, Any]:
    return {
        "n": answer.n,
        "right": answer.right,
        "score": answer.score,
        "points": answer.points,
        "given": list(answer.response.given),
    }


def wrong_json(desk: PracticeDesk, lines: tuple[WrongOne, ...]) -> dict[str, Any]:
    """Return the wrong book, without keys: its questions are to be answered again."""
    now = desk.now()
    return {
        "rule": RULE,
        "entries": [
            {
                **asked_json(n, x.question),
                "misses": x.entry.trail.misses,
                "asked": x.entry.trail.asked,
                "due": x.entry.due.isoformat(),
                "due_words": due_words(x.entry.trail.memory, now, desk.zone),
                **_entry_words(x.entry),
                "changed": x.changed,
            }
            for n, x in enumerate(lines, 1)
        ],
    }


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    return _entry_words(entry) if entry is not None else None


def _entry_words(entry: Entry) -> dict[str, Any]:
    return {"left": entry.left, "left_words": left_words(entry.left), "pinned": entry.pinned}


def home_json(home: Home) -> dict[str, Any]:
    """Return what the front of practice shows."""
    p = home.progress
    return {
        "due": p.due,
        "wrong": p.wrong,
        "streak": p.streak,
        "today": home.today,
        "answered": p.answered,
        "open": [
            {
                "id": r.id,
                "title": r.title,
                "exam": is_exam(r),
                "done": done,
                "size": len(r.questions),
                "made_at": r.made_at.isoformat(),
            }
            for r, done in home.open
        ],
    }


def progress_json(found: Progress) -> dict[str, Any]:
    """Return figures and drawings of the progress."""
    return {
        "streak": found.streak,
        "longest": found.longest,
        "answered": found.answered,
        "right": found.right,
        "questions": found.questions,
        "mastered": found.mastered,
        "wrong": found.wrong,
        "due": found.due,
        "rule": MASTERED,
        "days": [{"day": d.isoformat(), **asdict(x)} for d, x in found.days],
        "topics": [asdict(m) for m in found.topics],
        "days_svg": days_svg(found.days),
        "topics_svg": topics_svg(found.topics),
    }


def choices_json(
    posts: PostTable, fields: FieldTable, sets: tuple[QuestionSet, ...]
) -> dict[str, Any]:
    """Return what somebody may choose from: posts, topics, forms of exam, papers and banks."""
    return {
        "posts": [{"id": p.id, "name": p.name, "group": p.group} for p in posts.posts],
        "topics": [f.name for f in fields.fields],
        "plans": [
            {"id": p.id, "name": p.name, "minutes": p.minutes, "size": p.size} for p in PLANS
        ],
        "pass": round(PASS_SHARE * 100),
        "partial": PARTIAL,
        "sets": [
            {
                "id": s.id, "name": s.name, "size": len(s.questions), "paper": bool(s.points),
                "left_out": s.left_out, "why": s.why,
            }
            for s in sets
        ],
    }  # fmt: skip


def cards_json(items: tuple[MustKnow, ...], now: datetime) -> dict[str, Any]:
    """Return what a post must know."""
    return {
        "day": now.date().isoformat(),
        "items": [
            {
                "n": n,
                "part": item.part.value,
                "lead": item.lead,
                "text": item.text,
                "citation": item.citation,
                "kind": item.document.text_kind.value,
                "href": unescape(
                    doc_href(item.document.id, item.provision.locator, item.provision.version)
                ),
            }
            for n, item in enumerate(items, 1)
        ],
    }


def _cited(basis: Basis, catalog: Catalog) -> dict[str, Any]:
    where = basis.provision
    out = {
        "citation": basis.citation,
        "kind": basis.text_kind,
        "quote": basis.quote,
        "href": "",
        "title": where.article,
        "html": "",
    }
    try:
        article, provision = catalog.article(where), catalog.provision(where)
    except KbError:  # the text is gone: the quotation says what it was
        return out
    out["href"] = unescape(doc_href(where.doc_id, where.locator, where.version))
    out["title"] = article_title(article)
    out["html"] = article_body(article, tested_marks(basis, article, provision))
    return out


def tested_marks(basis: Basis, article: Article, provision: Provision) -> tuple[Mark, ...]:
    """Return where the tested words stand in the article; the whole quotation if they are not there.

    Nothing where even the quotation is not there: the text was changed.
    """
    start = article.text.find(basis.quote, provision.start)
    if start < 0:
        start = article.text.find(basis.quote)
    if start < 0 or not basis.quote:
        return ()
    end = start + len(basis.quote)
    found = [
        Mark(at, at + len(word))
        for word in basis.tested
        if word and (at := article.text.find(word, start, end)) >= 0
    ]
    return tuple(sorted(found, key=lambda m: (m.start, m.end))) or (Mark(start, end),)


def trail_json(desk: PracticeDesk, question: Question, trail: Trail) -> dict[str, Any]:
    """Return a question of the wrong book with its key and when it comes again."""
    return {
        **explained_json(question, desk.live.current.catalog),
        "options": list(question.options),
        "due_words": due_words(trail.memory, desk.now(), desk.zone),
        "changed": desk.is_changed(question),
        "insisted": desk.insisted_words(question),
    }
