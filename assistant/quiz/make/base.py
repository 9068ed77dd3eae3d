"""What all makers share: a draft of a question, and how it is finished with basis and topics."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.quiz.model import (
    RIGHT,
    WRONG,
    Basis,
    Kind,
    Knowledge,
    Question,
    hash_of,
    question_id,
)
from assistant.quiz.source import Held, Source
from assistant.view import CORE_LAW
from indexer.norms import Norm
from kb.model import Document, Level, Provision, ProvisionId, TextKind

_EFFORT = {Kind.SINGLE: 0.4, Kind.MULTI: 1.0, Kind.BLANK: 0.8, Kind.SHORT: 1.0, Kind.CASE: 0.6}
_LONG_STEM = 160
_ACT = re.compile(
    "(?<!^)(?:“|未|不|违反|拒|将|在|使用|擅自|发生|与|对|出具|委托|从事|为|销售|生产|经营)"
)
_PUNISHED = re.compile(
    "对(?:负有责任的|违法的|有关)?([^，；：对]{2,16}?)(?=除|处|并处|可以处|给予)"
)
_NAME_AT_MOST = 40
_NOBODY = frozenset({"unclear", "other-unit", "other-person", "other-dept"})
_DIGEST_NOTE = "（本库要点，非条文原文）"


class Maker(Protocol):
    """Makes the questions of one kind of knowledge."""

    def make(self, held: Held, rng: random.Random, /) -> Iterator[Question]:
        """Yield all candidate questions of one article; the gate is applied by the caller."""
        ...


@dataclass(frozen=True, slots=True)
class Cited:
    """A verbatim span of a provision, and the words in it that are asked for."""

    provision: Provision
    quote: str
    tested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before it has id, basis, topics, posts and difficulty.

    `why` says in one sentence what is right, naming option texts; the quotation is added.
    `closeness` tells from 0 to 1 how near the wrong options are to the right one. `about` makes
    the id differ where one provision yields several questions on the same words.
    """

    kind: Kind
    knowledge: Knowledge
    stem: str
    options: tuple[str, ...]
    answer: tuple[str, ...]
    why: str
    cited: tuple[Cited, ...]
    closeness: float = 0.5
    posts: tuple[str, ...] = ()
    about: str = ""


def finish(source: Source, held: Held, draft: Draft) -> Question:
    """Return the draft as a question."""
    document, first = held.document, draft.cited[0]
    asked = draft.about or "|".join((*first.tested, first.quote))
    words = "\n".join((draft.stem, *draft.answer, *(c.quote for c in draft.cited)))
    return Question(
        question_id(draft.kind, first.provision.id, f"{draft.knowledge.value}|{asked}"),
        draft.kind,
        draft.knowledge,
        draft.stem,
        draft.options,
        draft.answer,
        _explanation(source, draft),
        tuple(_basis(source, c) for c in draft.cited),
        source.fields.of(document, words),
        draft.posts or posts_of(source, held, first.provision.id),
        difficulty(document, draft.kind, draft.stem, draft.closeness),
    )


def named(document: Document) -> str:
    """Return how a stem names the document: 《安全生产法》, or “四个一律” for a policy entry."""
    return f"“{document.short}”" if document.is_policy else f"《{document.short}》"


def according_to(document: Document) -> str:
    """Return how a stem begins: 根据《安全生产法》，."""
    if document.is_policy:
        return f"按照{named(document)}的要求，"
    return f"根据{named(document)}，"


def posts_of(source: Source, held: Held, provision: ProvisionId) -> tuple[str, ...]:
    """Return the ids of the bearers on whom the norms of that provision fall, in their order."""
    found = [
        bearer
        for norm in held.norms
        if within(norm.provision, provision)
        for bearer in source.bearers.of_subject(norm.subject)
    ]
    return tuple(dict.fromkeys(found))


def posts_in(source: Source, statement: str) -> tuple[str, ...]:
    """Return the ids of those whose breach a sanction names: what stands before the act.

    The longest beginning of the statement that denotes somebody counts; empty if none does.
    """
    head = statement.partition("“")[0][:_NAME_AT_MOST]
    names = [head[: m.start()] for m in _ACT.finditer(f"{head}“")]
    if found := _PUNISHED.search(statement):
        names.insert(0, found[1])
    for name in reversed(names):
        who = source.bearers.of_subject(name.removesuffix("有"))
        if who and not _NOBODY & set(who):
            return who
    return ()


def within(inner: ProvisionId, outer: ProvisionId) -> bool:
    """True if `inner` is `outer` or stands inside it."""
    if inner.in_article != outer.in_article:
        return False
    pairs = zip(
        (outer.paragraph, outer.item, outer.subitem),
        (inner.paragraph, inner.item, inner.subitem),
        strict=True,
    )
    return all(wanted is None or wanted == got for wanted, got in pairs)


def provision_of(held: Held, where: ProvisionId) -> Provision:
    """Return the provision of the article with that id; KeyError if there is none."""
    for provision in held.article.provisions():
        if provision.id == where:
            return provision
    raise KeyError(str(where))


def norms_within(held: Held, where: ProvisionId) -> tuple[Norm, ...]:
    """Return the norms of a provision and of what stands inside it."""
    return tuple(n for n in held.norms if within(n.provision, where))


def difficulty(document: Document, kind: Kind, stem: str, closeness: float) -> float:
    """Return from 0 (easy) to 1 how hard a question is expected to be.

    Measured: how near the wrong options are (0.35), how long one must read (0.2), how seldom the
    document is taught (0.15: the core law least, other laws, then the rest), and what the form
    demands (0.15: to recognise, to choose several, to recall).
    """
    seldom = 0.0 if document.id == CORE_LAW else 0.5 if document.level is Level.LAW else 1.0
    reading = min(len(stem) / _LONG_STEM, 1.0)
    value = 0.15 + 0.35 * closeness + 0.2 * reading + 0.15 * seldom + 0.15 * _EFFORT.get(kind, 0.0)
    return round(min(max(value, 0.0), 1.0), 2)


def judged(right: bool) -> tuple[tuple[str, str], tuple[str]]:
    """Return options and answer of a true/false question."""
    return (RIGHT, WRONG), (RIGHT if right else WRONG,)


def mixed(options: Sequence[str], rng: random.Random) -> tuple[str, ...]:
    """Return the options in random order."""
    out = list(options)
    rng.shuffle(out)
    return tuple(out)


def _basis(source: Source, cited: Cited) -> Basis:
    document = source.catalog.get(cited.provision.id.doc_id)
    return Basis(
        cited.provision.id,
        document.title,
        document.text_kind.value,
        cited.quote,
        cited.tested,
        hash_of(cited.provision),
    )


def _explanation(source: Source, draft: Draft) -> str:
    return f"{draft.why}依据：{'；'.join(_quoted(source, c) for c in draft.cited)}"


def _quoted(source: Source, cited: Cited) -> str:
    document = source.catalog.get(cited.provision.id.doc_id)
    note = _DIGEST_NOTE if document.text_kind is TextKind.DIGEST else ""
    where = f"《{document.title}》{cited.provision.id.locator}{note}"
    return f"{where}：“{_flat(cited.quote)}”"


def _flat(text: str) -> str:
    return text.replace("\n", "").rstrip("；。，：")
