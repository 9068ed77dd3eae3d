"""A provision → its sentences, each with the smallest 款 or 项 that holds it."""

from __future__ import annotations

import re

from kb.model import Article, Provision

_SENTENCE = re.compile(r"[^。\n]+。?")
_PRECEDING = re.compile(r"前[两三]?款")


def whole_statements(article: Article, provision: Provision) -> list[tuple[str, Provision]]:
    """Return the sentences of a provision with those that it cannot be understood without.

    An item comes with the line that introduces it, a paragraph with those that 前款 points to.
    """
    out = split_statements(article, provision)
    if provision.id.item is None:
        return out + referred(article, provision)
    above = [
        p
        for p in article.provisions()
        if p.id.item is None and p.start <= provision.start and provision.end <= p.end
    ]
    return [(above[-1].lead, above[-1]), *out]


def referred(article: Article, provision: Provision) -> list[tuple[str, Provision]]:
    """Return the sentences of the paragraphs that 前款 or 前两款 in `provision` points to."""
    m = _PRECEDING.search(provision.text)
    number = provision.id.paragraph
    if m is None or number is None:
        return []
    first = number - {"前款": 1, "前两款": 2, "前三款": 3}[m[0]]
    return [
        pair
        for p in article.parts
        if p.id.item is None and p.id.paragraph and first <= p.id.paragraph < number
        for pair in split_statements(article, p)
    ]


def split_statements(article: Article, provision: Provision) -> list[tuple[str, Provision]]:
    """Return the sentences of `provision`, each with the smallest 款 or 项 that holds it.

    Every text is a substring of the provision it comes with; together they are all of it.
    """
    inside = [
        p
        for p in article.parts
        if provision.start <= p.start and p.end <= provision.end and p.id.subitem is None
    ]
    leaves = [p for p in inside if not _has_items(p, inside)]
    out: list[tuple[str, Provision]] = []
    at = provision.start
    for leaf in [*leaves, None]:
        end = leaf.start if leaf else provision.end
        owner = _owner(provision, inside, at)
        out += [(s, owner) for s in _sentences(article.text[at:end])]
        if leaf:
            out += [(s, leaf) for s in _sentences(leaf.text)]
            at = leaf.end
    return out


def _has_items(part: Provision, inside: list[Provision]) -> bool:
    return part.id.item is None and any(
        p.id.item is not None and p.id.paragraph == part.id.paragraph for p in inside
    )


def _owner(provision: Provision, inside: list[Provision], at: int) -> Provision:
    around = [p for p in inside if p.id.item is None and p.start <= at < p.end]
    return around[-1] if around else provision


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in _SENTENCE.findall(text) if s.strip()]
