"""What the workbook and the record of training say, in one place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from assistant.accounts.model import Person
from assistant.practice.exam import PASS_SHARE
from assistant.quiz.model import Question
from assistant.training.attendance import Attendance, Seat, State
from assistant.training.desk import Results
from assistant.training.items import Item

QuestionOf = Callable[[Item], Question | None]
"""Returns the question of an item; None if it is gone."""
CitationOf = Callable[[str], str]
"""Returns 《title》第九条 for the id of a provision as the log has it."""
GONE = "（账号已删除）"


def points(value: float) -> str:
    """Return points without needless digits: 92, 87.5."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float | None) -> str:
    """Return 90% for a share, "" where nothing was answered."""
    return "" if share is None else f"{round(share * 100)}%"


def clock(at: datetime | None, zone: tzinfo) -> str:
    """Return 2026-11-22 16:00:00 in that zone, "" for None."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""


def name_of(results: Results, person: str) -> str:
    """Return the name of somebody in the results."""
    return _of(results, person, "name") or GONE


def account_of(results: Results, person: str) -> str:
    """Return the account of somebody in the results."""
    return _of(results, person, "account")


def post_of(results: Results, person: str) -> str:
    """Return the post of somebody in the results."""
    return _of(results, person, "post")


def _of(results: Results, person: str, what: str) -> str:
    found: Person | None = results.people.get(person)
    return str(getattr(found, what)) if found else ""


def subject(results: Results) -> str:
    """Return what the results are about: the title of the task, or all practice of a period."""
    return results.followed.assignment.title if results.followed else "日常练习和考试"


def span_words(results: Results, zone: tzinfo) -> str:
    """Return from when until when."""
    if results.period is not None:
        return results.period.words
    if results.followed is None:
        return ""
    given = results.followed.assignment
    first, last = (t.astimezone(zone) for t in (given.made_at, given.due_at))
    return f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"


def way(results: Results) -> str:
    """Return how it was done."""
    if results.followed is None:
        return "线上练习"
    given = results.followed.assignment
    return f"线上考试，{given.minutes} 分钟" if given.exam else "线上练习"


def seat_words(seat: Seat, total: float, exam: bool) -> str:
    """Return the score of somebody in a task: 92 分，合格; 9 / 10 题答对; 未完成."""
    if seat.state is State.WAITING:
        return "未参加"
    if seat.state is State.BEGUN:
        return "未完成"
    if not exam:
        return f"{seat.right} / {points(total)} 题答对"
    return f"{points(seat.score)} 分，{'合格' if seat.passed else '不合格'}"


def remark(seat: Seat) -> str:
    """Return what is to be said about how somebody finished."""
    said = ["逾期完成" if seat.late else "", "到时自动交卷" if seat.by_clock else ""]
    return "，".join(filter(None, said))


def outcome(results: Results) -> str:
    """Return the results in a sentence."""
    total = results.report.total
    if results.followed is None:
        return (
            f"应参加 {len(results.report.people)} 人，实际参加 {results.report.active} 人；"
            f"共答 {total.answered} 题，答对 {total.right} 题"
            + (f"（{percent(total.share_right)}）" if total.answered else "")
        )
    found, exam = results.followed.attendance, results.followed.assignment.exam
    others = results.followed.guests
    said = (
        f"应参加 {len(found.seats)} 人，完成 {found.count(State.FINISHED)} 人，"
        f"未完成 {found.count(State.BEGUN)} 人，未参加 {found.count(State.WAITING)} 人"
    )
    unknown = guests_words(others)
    if found.mean is None:
        return said + unknown
    unit = "分" if exam else "题"
    said += f"；平均 {points(found.mean)} {unit}（满 {points(found.total)} {unit}）"
    if exam:
        said += f"，合格 {found.passed} 人（{points(found.total * PASS_SHARE)} 分及格）"
    return said + unknown


def guests_words(guests: Attendance) -> str:
    """Return what is said of those without an account, who are counted apart; "" if none came."""
    if not guests.seats:
        return ""
    done = guests.count(State.FINISHED)
    return f"；另有未登录参加 {len(guests.seats)} 人，完成 {done} 人（姓名没有核对）"
