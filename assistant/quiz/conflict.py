"""Which questions cannot stand in one paper: they ask the same, or one prints the other's answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.quiz.model import Kind, Question
from indexer.tokens import bigrams
from kb.model import ProvisionId

_SAME_MATTER = 0.5
"""What share of the evidence of one question another must print to be about the same matter."""
_VIEWS = "下列说法中"
"""What asks which statements are right has one wording for many questions."""
_MARKS = re.compile(r"[\s，。；：、“”（）《》　？]")
_OPENING = re.compile(r"^(?:根据|按照|依据|依照)(?:《[^》]+》|“[^”]+”)[^，]{0,12}，")


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as its reader sees it, in the form in which questions are compared.

    `printed` is stem and options without marks; `reveals` are the words that must not be read
    elsewhere; `matter` are the pairs of characters of its evidence without those words.
    """

    question: Question
    stem: str
    printed: str
    pairs: frozenset[str]
    reveals: tuple[str, ...]
    matter: frozenset[str]
    articles: frozenset[ProvisionId]


def shown(question: Question) -> Shown:
    """Return what comparisons need of a question."""
    stem = _bare(_OPENING.sub("", question.stem))
    options = () if question.kind is Kind.JUDGE else question.options
    printed = "|".join((stem, *map(_bare, options)))
    tested = tuple(t for b in question.basis for t in b.tested)
    reveals = tested if question.kind is Kind.JUDGE else question.answer
    words = tuple(filter(None, map(_bare, reveals)))
    evidence = _bare("".join(b.quote for b in question.basis))
    for word in words:
        evidence = evidence.replace(word, "|")
    return Shown(
        question,
        stem,
        printed,
        frozenset(bigrams(printed)),
        words,
        frozenset(p for p in bigrams(evidence) if "|" not in p),
        frozenset(b.provision.in_article for b in question.basis),
    )


def clash(a: Shown, b: Shown) -> bool:
    """True if the two cannot stand in one paper."""
    return (
        a.question.id == b.question.id
        or (a.stem == b.stem and _VIEWS not in a.stem)
        or _same_words(a, b)
        or _gives_away(a, b)
        or _gives_away(b, a)
    )


def _same_words(a: Shown, b: Shown) -> bool:
    """True if both test the same words of one article."""
    if a.articles.isdisjoint(b.articles):
        return False
    return any(
        x.provision.in_article == y.provision.in_article
        and any(s in t or t in s for s in x.tested for t in y.tested)
        for x in a.question.basis
        for y in b.question.basis
    )


def _gives_away(asked: Shown, other: Shown) -> bool:
    """True if `other` prints an answer of `asked` and speaks of the same matter."""
    if not any(words in other.printed for words in asked.reveals):
        return False
    if not asked.matter:
        return not asked.articles.isdisjoint(other.articles)
    return len(asked.matter & other.pairs) >= _SAME_MATTER * len(asked.matter)


def _bare(text: str) -> str:
    return _MARKS.sub("", text)
