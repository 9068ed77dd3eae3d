"""培训记录 to print and sign: what was trained, who took part with what score, signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from assistant.export.training_wording import (
    CitationOf,
    QuestionOf,
    name_of,
    outcome,
    percent,
    post_of,
    remark,
    seat_words,
    span_words,
    subject,
    way,
)
from assistant.export.word import FANGSONG, HEI, TITLE, Cell, Look, Page, Paper, Row
from assistant.training.attendance import Attendance
from assistant.training.desk import Followed, Results

NAME = "安全生产教育培训记录"
_PAGE = Page(margins=(25, 22, 22, 24))
_LABEL = Look(HEI, 11, 20, align="center", before=3, after=3)
_WORDS = Look(FANGSONG, 12, 20, before=3, after=3)
_HEAD = Look(HEI, 11, 20, align="center", before=2, after=2)
_MIDDLE = Look(FANGSONG, 12, 18, align="center", before=4, after=4)
_END = Look(FANGSONG, 12, 30, before=10, keep=True)
_NOTE = Look(FANGSONG, 10.5, 17, before=4)
_FACTS = (28.0, 54.0, 28.0, 54.0)
_LIST = (13.0, 27.0, 37.0, 47.0, 40.0)
_MOST_TOPICS, _MOST_WEAK = 8, 3


def training_record(
    results: Results,
    question_of: QuestionOf,  # noqa: ARG001 - every writer of a file is given the same
    citation_of: CitationOf,
    now: datetime,
    zone: tzinfo,
) -> bytes:
    """Return the record as a Word document; hours, place and signatures are left to be filled in."""
    title = f"{results.unit.name}{NAME}"
    paper = Paper(title, _PAGE, running=title, counted=True)
    paper.write(NAME, TITLE)
    paper.table(_FACTS, _facts(results, citation_of, zone))
    paper.write("", Look(size=6, line=8))
    paper.table(_LIST, _rows(results, _scores(results)))
    if results.followed is not None and results.followed.guests.seats:
        paper.write("未登录参加的人（姓名由本人填写，没有核对，不计入上面的人数）", _NOTE)
        paper.table(_LIST, _rows(results, _guests(results.followed)))
    paper.write("以上人员的成绩由系统按答题记录统计。签名应由本人手写。", _NOTE)
    paper.write("培训负责人（签名）：______________　　记录人（签名）：______________", _END)
    day = now.astimezone(zone)
    signed = "签字日期：______年____月____日"
    paper.write(f"{signed}　　　　打印日期：{day.year}年{day.month}月{day.day}日", _END)
    return paper.data()


def _facts(results: Results, citation_of: CitationOf, zone: tzinfo) -> Iterator[Row]:
    yield _pairs(("培训单位", results.unit.name), ("培训时间", span_words(results, zone)))
    yield _pairs(("培训方式", way(results)), ("培训学时", "________ 学时"))
    yield _pairs(("培训地点", ""), ("授课人", ""))
    yield _wide("培训主题", subject(results))
    yield _wide("培训内容", _contents(results))
    yield _wide("考核结果", outcome(results))
    if weak := _weak(results, citation_of):
        yield _wide("需要加强", weak)


def _pairs(*facts: tuple[str, str]) -> Row:
    cells = [c for name, text in facts for c in (Cell((name,), _LABEL), Cell((text,), _WORDS))]
    return Row(tuple(cells))


def _wide(name: str, text: str) -> Row:
    return Row((Cell((name,), _LABEL), Cell((text,), _WORDS, span=3)))


def _contents(results: Results) -> str:
    topics = sorted(results.report.topics, key=lambda r: (-r.tally.answered, r.topic))
    named = "、".join(r.topic for r in topics[:_MOST_TOPICS])
    more = "等" if len(topics) > _MOST_TOPICS else ""
    given = results.followed.assignment.questions if results.followed else results.report.items
    size = len(given)
    return f"{named}{more}，共 {size} 道题" if named else f"共 {size} 道题"


def _weak(results: Results, citation_of: CitationOf) -> str:
    """The provisions with most wrong answers, where enough people were wrong to say so."""
    found = [r for r in results.report.provisions if r.tally.answered >= 3 and r.tally.wrong]
    said = (
        f"{citation_of(r.provision)}（{r.tally.answered} 次作答错 {r.tally.wrong} 次）"
        for r in found[:_MOST_WEAK]
    )
    return "；".join(said)


def _rows(results: Results, scores: Iterable[tuple[str, str]]) -> Iterator[Row]:
    heads = ("序号", "姓名", "岗位", "成绩", "签名")
    yield Row(tuple(Cell((h,), _HEAD) for h in heads), header=True)
    for n, (person, score) in enumerate(scores, 1):
        texts = (str(n), name_of(results, person), post_of(results, person), score, "")
        yield Row(tuple(Cell((t,), _MIDDLE) for t in texts))


def _scores(results: Results) -> Iterator[tuple[str, str]]:
    if results.followed is not None:
        yield from _seats(results.followed.attendance, results.followed.assignment.exam)
        return
    for one in results.report.people:
        t = one.tally
        share = percent(t.share_right)
        yield one.person, f"{t.right} / {t.answered} 题答对（{share}）" if t.answered else "未参加"


def _guests(followed: Followed) -> Iterator[tuple[str, str]]:
    return _seats(followed.guests, followed.assignment.exam)


def _seats(found: Attendance, exam: bool) -> Iterator[tuple[str, str]]:
    for seat in found.seats:
        said = filter(None, (seat_words(seat, found.total, exam), remark(seat)))
        yield seat.person, "，".join(said)
