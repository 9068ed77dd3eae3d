"""Questions on what a bearer must do: its duties among those of others."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator

from assistant.quiz.make.base import (
    Cited,
    Draft,
    according_to,
    finish,
    mixed,
    provision_of,
)
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.duty_index import DutyIndex, Row, telling
from assistant.quiz.make.rivals import Rivals
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.norms import Modality, Norm
from indexer.tokens import bigrams

_SHORTEST, _LONGEST = 12, 46
_OPTIONS = 4
_MOST_RIGHT = 3
_OPEN = re.compile(
    r"其(?![他它中])|该|此|本[法条款章]|前款|上述|前述|下列|以下|规定的?$|第[一二三四五六七八九十]+[条项款]|；|。|：|除外|但|“|（|按照[^，]{0,8}规定$|加以|予以|^(?:由|被|为|是|有|在|经|并|也|还|以)|责令|处罚|情形|相应|申请|材料|受理|整改|验收合格|处置情况|订立$|确定|批准后|公布$|条件|相适应|没有|报告后|登记证书|结束后|决定$|立即|前款|有关情况|处理$"
)
_TOO_GENERAL = re.compile(
    r"^(?:依法|严格|认真)?(?:加强|做好|支持|鼓励|遵守|接受|配合|坚持|具备|诚信|服从|执行|协助|保守)|忠于|秉公|诚信|法律、法规规定|^采取[^，]{0,8}措施，(?:确保|保障|保护|保证)"
)
_MIN_TELLING = 6


class DutyMaker:
    """Asks which duties a bearer has under a document: one right option, or several."""

    def __init__(self, source: Source, index: DutyIndex, rivals: Rivals) -> None:
        self._source, self._index, self._rivals = source, index, rivals
        self._clean: dict[str, list[Row]] = defaultdict(list)
        self._places: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in index.rows:
            if _is_clean(row) and rivals.can_be_asked(row.norm.subject, row.bearers):
                self._clean[row.held.document.id].append(row)
                self._places[row.held.document.id, row.norm.subject].append(row)

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield the questions on the duties that one article lays on somebody."""
        if is_doubtful(held, self._source.day):
            return
        for row in self._clean[held.document.id]:
            if row.held.article.id != held.article.id:
                continue
            wrong = self._wrong(row, rng)
            if len(wrong) >= _OPTIONS - 1:
                yield finish(self._source, held, _single(row, wrong, rng))
            siblings = self._siblings(row, rng)
            if siblings and 1 + len(siblings) + len(wrong) >= _OPTIONS:
                several = _multi(row, siblings, wrong, rng)
                yield finish(self._source, held, several)

    def _wrong(self, row: Row, rng: random.Random) -> list[str]:
        """Return actions of others that do not fall on this bearer anywhere in the library."""
        found: list[str] = []
        length = len(row.norm.action)
        rows = [r for r in self._clean[row.held.document.id] if r.norm.subject != row.norm.subject]
        rng.shuffle(rows)
        rows.sort(key=lambda r: abs(len(r.norm.action) - length) > length // 3)
        for other in rows:
            action = other.norm.action
            if self._index.related(other.bearers, row.bearers) or not _fits(action, row, found):
                continue
            if not self._rivals.are_peers(other.norm.subject, row.bearers):
                continue
            if not self._rivals.are_of_one_sort(other.bearers, row.bearers):
                continue
            if not self._index.related(self._index.bearers_of(action), row.bearers):
                found.append(action)
            if len(found) == _OPTIONS - 1:
                break
        return found

    def _siblings(self, row: Row, rng: random.Random) -> list[Row]:
        """Return later duties of the same bearer in the document, unlike one another."""
        rows = self._places[row.held.document.id, row.norm.subject]
        rows = rows[rows.index(row) + 1 :]
        rng.shuffle(rows)
        taken, out = [row.norm.action], list[Row]()
        for other in rows:
            if all(not _alike(other.norm.action, t) for t in taken):
                taken.append(other.norm.action)
                out.append(other)
            if len(out) == _MOST_RIGHT - 1:
                break
        return out[: rng.randint(1, _MOST_RIGHT - 1)]


def _single(row: Row, wrong: list[str], rng: random.Random) -> Draft:
    return _draft(row, [row], Kind.SINGLE, mixed([row.norm.action, *wrong], rng), wrong)


def _multi(row: Row, more: list[Row], wrong: list[str], rng: random.Random) -> Draft:
    right = [row, *more]
    options = [*(r.norm.action for r in right), *wrong[: _OPTIONS - len(right)]]
    return _draft(row, right, Kind.MULTI, mixed(options, rng), wrong)


def _draft(
    row: Row, right: list[Row], kind: Kind, options: tuple[str, ...], wrong: list[str]
) -> Draft:
    name = row.norm.subject
    answer = tuple(o for o in options if o in {r.norm.action for r in right})
    what = "应当履行的职责"
    named = "”“".join(answer)
    return Draft(
        kind, Knowledge.DUTY,
        f"{according_to(row.held.document)}下列各项中，属于{name}{what}的是{BLANK}。",
        options, answer, f"属于{name}{what}的是“{named}”。",
        tuple(_cited(r) for r in right), _closeness(row.norm.action, wrong), row.bearers,
        about=f"{name}|{'|'.join(sorted(answer))}",
    )  # fmt: skip


def _cited(row: Row) -> Cited:
    provision = provision_of(row.held, row.norm.provision)
    quote = row.norm.text if row.norm.text in provision.text else row.norm.action
    return Cited(provision, quote, (row.norm.action,))


def _is_clean(row: Row) -> bool:
    """True for a duty whose words can be read without what stands around them."""
    action, norm = row.norm.action, row.norm
    provision = next((p for p in row.held.article.provisions() if p.id == norm.provision), None)
    return (
        norm.modality is Modality.MUST
        and not norm.trigger
        and not norm.exceptions
        and _SHORTEST <= len(action) <= _LONGEST
        and not _OPEN.search(action)
        and not _TOO_GENERAL.search(action)
        and len(telling(action)) >= _MIN_TELLING
        and provision is not None
        and provision.text.startswith(norm.text.strip("。；"))
        and _is_complete(norm)
    )


def _is_complete(norm: Norm) -> bool:
    """True if the sentence is subject, modal word and action, and nothing else."""
    rest = norm.text.strip("。；").removeprefix(norm.subject)
    return rest != norm.text and rest in {
        f"{m}{norm.action}" for m in ("应当", "必须", "应", "要", "")
    }


def _fits(action: str, row: Row, found: list[str]) -> bool:
    """True if the action can stand beside the right one without giving it away."""
    own = row.norm.action
    return not any(_alike(action, o) for o in (own, *found)) and row.norm.subject not in action


def _alike(a: str, b: str) -> bool:
    one, two = set(bigrams(a)), set(bigrams(b))
    return len(one & two) >= 0.45 * max(1, min(len(one), len(two)))


def _closeness(own: str, wrong: list[str]) -> float:
    words = set(bigrams(own))
    shares = [len(words & set(bigrams(w))) / max(1, len(words)) for w in wrong]
    return min(1.0, 0.4 + 2 * sum(shares) / max(1, len(shares)))
