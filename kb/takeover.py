"""How imported documents stand beside what the library already holds.

An import takes the place of our digest of the same document. Beside a statute of the data
package it is held under a title that says so, and never answers to the statute's names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.asked import AskedAs
from kb.imports import Facts
from kb.model import Document, Provision, TextKind

OWN_COPY = "（本单位导入文本）"
"""What is added to the title of an import that bears the title of a statute."""
_NATIONAL = "中华人民共和国"
_BRACKETS = str.maketrans("［[【〖（(〕］]】〗）)", "〔〔〔〔〔〔〕〕〕〕〕〕〕")
_ALIKE = 0.35
"""The share of a digest's bigrams that the article of the original has at least (see tests)."""


@dataclass(frozen=True, slots=True)
class Takeover:
    """The documents of a library after the imports took their places.

    `replaced` maps the id of a digest that is not loaded to the id of the import in its place.
    """

    documents: tuple[Document, ...]
    replaced: dict[str, str]


def bare_name(name: str) -> str:
    """Return a title without book marks, spaces and the name of the state."""
    return re.sub(r"\s", "", name).strip("《》").removeprefix(_NATIONAL)


def bare_number(doc_number: str) -> str:
    """Return a 文号 with 〔〕 for any bracket and without spaces."""
    return re.sub(r"\s", "", doc_number).translate(_BRACKETS)


def same_document(facts: Facts, held: Document) -> str:
    """Return why `held` is the document that `facts` describe (同名 or 同文号), or ''."""
    own = {bare_name(n) for n in (facts.title, *facts.aliases)}
    names = {bare_name(n) for n in (held.title, held.short, *held.aliases)}
    if own & names:
        return "同名"
    number = bare_number(facts.doc_number)
    known = {bare_number(n) for n in (held.doc_number, *held.aliases) if n}
    return "同文号" if number and number in known else ""


def take_over(held: Sequence[Document], imports: Iterable[tuple[Facts, Document]]) -> Takeover:
    """Return `held` without the digests that an import replaces, then the imports.

    An import inherits the names of the digest it replaces, so that they still lead somewhere.
    """
    digests = [d for d in held if d.text_kind is TextKind.DIGEST]
    taken = {n for d in held if d.text_kind is not TextKind.DIGEST for n in names_of(d)}
    replaced: dict[str, str] = {}
    out: list[Document] = []
    for facts, doc in imports:
        own = [d for d in digests if d.id not in replaced and same_document(facts, d)]
        replaced.update({d.id: doc.id for d in own})
        out.append(_named(doc, own, taken))
    kept = [d for d in held if d.id not in replaced]
    return Takeover((*kept, *out), replaced)


def names_of(doc: Document) -> set[str]:
    """Return every name by which the catalog finds `doc`."""
    return {doc.title, doc.short, *doc.aliases}


def _named(doc: Document, digests: Sequence[Document], taken: set[str]) -> Document:
    names = [n for d in (doc, *digests) for n in (d.title, d.short, *d.aliases, d.doc_number) if n]
    short_titles = {bare_name(n) for n in taken}
    title = doc.title + OWN_COPY if bare_name(doc.title) in short_titles else doc.title
    short = doc.short if title == doc.title and doc.short not in taken else title
    free = [n for n in dict.fromkeys(names) if n not in taken and n not in (title, short)]
    topics = doc.topics or tuple(dict.fromkeys(t for d in digests for t in d.topics))
    return replace(doc, title=title, short=short, aliases=tuple(free), topics=topics)


def carried_over(
    entries: Iterable[AskedAs], takeover: Takeover, held: Sequence[Document]
) -> list[AskedAs]:
    """Return the asked-as entries for the documents that are there after the takeover.

    Those of a replaced digest go over to the same article of the original where its words show
    that it is the same; a renumbered article loses them, because they would mislead.
    """
    documents = {d.id: d for d in (*takeover.documents, *held)}
    out: list[AskedAs] = []
    for entry in entries:
        successor = takeover.replaced.get(entry.target.id.doc_id)
        if successor is None:
            out.append(entry)
        elif target := _counterpart(entry.target, documents, documents[successor]):
            out.append(AskedAs(entry.question, target))
    return out


def _counterpart(
    target: Provision, documents: dict[str, Document], successor: Document
) -> Provision | None:
    digest = documents[target.id.doc_id].version(target.id.version).article(target.id.article)
    article = successor.latest().article(target.id.article)
    if digest is None or article is None or not _alike(digest.text, article.text):
        return None
    same = (target.id.paragraph, target.id.item, target.id.subitem)
    inside = (
        p
        for p in article.provisions()
        if (p.id.paragraph, p.id.item, p.id.subitem) == same and _alike(target.text, p.text)
    )
    return next(inside, article.whole)


def _alike(digest: str, original: str) -> bool:
    pairs, whole = _bigrams(digest), _bigrams(original)
    return bool(pairs) and len(pairs & whole) >= _ALIKE * len(pairs)


def _bigrams(text: str) -> set[str]:
    plain = re.sub(r"\W", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
