"""Questions on what follows from a breach: the sanction of an act among those of other acts."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.quiz.make.amounts import find_figures
from assistant.quiz.make.base import Cited, Draft, according_to, finish, mixed, posts_in
from assistant.quiz.make.doubt import is_doubtful, is_idle
from assistant.quiz.make.duty_index import telling
from assistant.quiz.make.statements import Statement, is_penal, statements
from assistant.quiz.make.tiers import says_grade
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.tokens import bigrams
from kb.model import ProvisionId

_WRONG_OPTIONS = 3
_MAX_ACT, _MAX_SANCTION, _MIN_SANCTION = 100, 48, 8
_SPLIT = re.compile(
    r"^(?P<act>.+?(?:的|行为|情形))，(?P<by>由[^，；]{2,40}?)?(?P<what>(?:责令|给予|处(?!分|理)|没收|吊销|警告|并?处以|予以警告|暂扣|可以处|罚)[^；]*)$"
)
_SANCTION_WORDS = re.compile(
    r"(?:责令|限期|改正|停止|违法行为|停产|停业|整顿|停产停业整顿|给予|予以|警告|通报批评|没收|违法所得|可以|并|处以?|的?罚款|"
    r"吊销|撤销|暂扣|许可证|营业执照|执照|相关|有关|资格|资质|证书|拘留|或者|直至|建设|施工|使用|作业|和|，|、|"
    r"[一二三四五六七八九十百千万\d]+|元|日|倍|个月|年|以上|以下|至|由[^，]+机关依法)+"
)
_GRADED = re.compile(
    r"[。\n：]|$|；(?:情节|逾期|拒不|到期|构成|造成|屡|再次|因|导致|引起|尚不|给他人)|；\n|；?$"
)
_NOBODY = re.compile(r"有“|对")
"""An act of which the rule does not say whose it is: the one punished would stand in the answer."""
_SAME_ACT = 0.6


@dataclass(frozen=True, slots=True)
class _Case:
    """An act with what follows from it."""

    held: Held
    statement: Statement
    act: str
    sanction: str


class SanctionMaker:
    """Asks which sanction a breach has."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._cases: dict[str, list[_Case]] = defaultdict(list)
        self._of_article: dict[ProvisionId, list[_Case]] = defaultdict(list)
        for held in source.asked:
            for case in _cases(held):
                self._cases[held.document.id].append(case)
                self._of_article[held.article.id].append(case)

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield the questions on the sanctions that one article lays down."""
        if is_doubtful(held, self._source.day):
            return
        for case in self._of_article[held.article.id]:
            wrong = self._wrong(case, rng)
            if wrong is not None and len(wrong) == _WRONG_OPTIONS:
                posts = posts_in(self._source, case.act)
                yield finish(self._source, held, replace(_draft(case, wrong, rng), posts=posts))

    def _wrong(self, case: _Case, rng: random.Random) -> list[str] | None:
        """Return sanctions of other acts; None if the same act has another one in the document."""
        words, found = telling(case.act), list[str]()
        others = list(self._cases[case.held.document.id])
        rng.shuffle(others)
        others.sort(key=lambda c: abs(len(c.sanction) - len(case.sanction)) > 10)
        for other in others:
            if other.sanction == case.sanction:
                continue
            theirs = telling(other.act)
            if len(words & theirs) >= _SAME_ACT * max(1, min(len(words), len(theirs))):
                if other.held.article.id != case.held.article.id:
                    return None
                continue
            graded = other.sanction in case.statement.provision.text or says_grade(
                case.held.article.text, case.sanction, other.sanction
            )
            if (
                len(found) < _WRONG_OPTIONS
                and not graded
                and _differs(other.sanction, [case.sanction, *found])
            ):
                found.append(other.sanction)
        return found


def _draft(case: _Case, wrong: list[str], rng: random.Random) -> Draft:
    right = case.sanction
    first = case.statement.cited[0]
    cited: tuple[Cited, ...] = (
        replace(first, tested=(right,)) if right in first.quote else first,
        *case.statement.cited[1:],
    )
    pairs = set(bigrams(right))
    shares = [len(pairs & set(bigrams(w))) / len(pairs) for w in wrong]
    return Draft(
        Kind.SINGLE, Knowledge.SANCTION,
        f"{according_to(case.held.document)}{case.act}，应当承担的法律责任是{BLANK}。",
        mixed([right, *wrong], rng), (right,), f"正确的是“{right}”。", cited,
        min(1.0, sum(shares) / len(shares) + 0.2),
        about=f"sanction|{case.statement.cited[-1].quote}|{right}",
    )  # fmt: skip


def _cases(held: Held) -> Iterator[_Case]:
    if not is_penal(held):
        return
    seen = set[tuple[ProvisionId, str]]()
    for statement in statements(held):
        if is_idle(statement.text):
            continue
        text = re.split("；", statement.text, maxsplit=1)[0]
        m = _SPLIT.match(text)
        if m is None or "。" in text or "：" in text:
            continue
        act, sanction = m["act"], m["what"]
        if not _stands_alone(statement, sanction):
            continue
        if _NOBODY.match(act):
            continue
        fit = len(act) <= _MAX_ACT and _MIN_SANCTION <= len(sanction) <= _MAX_SANCTION
        key = (statement.provision.id, sanction)
        if fit and _SANCTION_WORDS.fullmatch(sanction) and key not in seen:
            seen.add(key)
            yield _Case(held, statement, act, sanction)


def _stands_alone(statement: Statement, sanction: str) -> bool:
    """True if what follows the sanction only speaks of graver, lighter or repeated cases."""
    text = statement.provision.text
    after = text[text.find(sanction) + len(sanction) :]
    return bool(_GRADED.match(after))


def _differs(sanction: str, others: list[str]) -> bool:
    """True if a sanction is neither part of another nor the same but for how it is written."""
    values = {f.values for f in find_figures(sanction)}
    return all(
        sanction not in o
        and o not in sanction
        and (values != {f.values for f in find_figures(o)} or not values)
        for o in others
    )
