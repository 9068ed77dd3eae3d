"""What an import would do: the document as understood, and what it would take the place of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from assistant.importing.meta import apply, unsettled
from assistant.importing.store import ImportStore
from indexer.load import read
from indexer.understand import Draft, understand
from kb.imports import (
    Facts,
    Imported,
    Imports,
    ImportState,
    Original,
    binding_from,
    facts_json,
)
from kb.model import Document, TextKind
from kb.takeover import OWN_COPY, bare_name, bare_number, same_document

NEW, UPDATE, SAME = "new", "update", "same"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read and understood; nothing is stored yet."""

    path: Path
    name: str
    sha256: str
    size: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class Replaced:
    """A document that an import takes the place of; `kind` is import or digest."""

    kind: str
    doc_id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What storing the source would do. With `problems` it would wait for confirmation.

    `action` is new, update, or same where exactly this is already in the library; `existing` is
    the newest stored wording of the document, if there is one.
    """

    source: Source
    facts: Facts
    doc_id: str
    action: str
    replaces: tuple[Replaced, ...]
    warnings: tuple[str, ...]
    problems: tuple[str, ...]
    existing: Imported | None = None

    def stored(self, imported_at: str, *, confirm: bool) -> Imported:
        """Return the import as it is to be stored."""
        waits = bool(self.problems) and not confirm
        draft, suffix = self.source.draft, self.source.path.suffix.lower()
        return Imported(
            id=self.doc_id,
            facts=self.facts,
            articles=draft.articles,
            original=Original(
                self.source.name, f"original{suffix}", self.source.sha256, self.source.size
            ),
            imported_at=imported_at,
            state=ImportState.PENDING if waits else ImportState.CONFIRMED,
            problems=self.problems,
            warnings=self.warnings,
            preface=draft.preface,
            endnotes=draft.endnotes,
        )


def prepare(path: Path, name: str = "") -> Source:
    """Read and understand a file; RefusedFileError says in one sentence why it cannot be."""
    shown = name or path.name
    raw = read(path)
    data = path.read_bytes()
    draft = understand(raw, Path(shown).stem)
    return Source(path, shown, hashlib.sha256(data).hexdigest(), len(data), draft)


def propose(
    source: Source, held: list[Document], imports: Imports, stated: Mapping[str, Any]
) -> Proposal:
    """Return what importing `source` would do to a library of `held` documents and `imports`.

    `held` is the library without any import; `stated` are the facts that the keeper gives.
    """
    facts = apply(source.draft.facts, stated)
    stored = _newest(imports)
    existing = next((i for i in stored if i.original.sha256 == source.sha256), None)
    existing = existing or next(
        (i for i in stored if bare_name(i.facts.title) == bare_name(facts.title)), None
    )
    doc_id = existing.id if existing else _new_id(facts, imports)
    problems = unsettled(source.draft.problems, stated)
    warnings = unsettled(source.draft.warnings, stated)
    problems += tuple(_statute_problems(facts, held))
    problems += tuple(_older_problems(facts, held, existing))
    warnings += tuple(_number_warnings(facts, doc_id, stored))
    replaces = [
        Replaced("digest", d.id, d.title, why)
        for d in held
        if d.text_kind is TextKind.DIGEST and (why := same_document(facts, d))
    ]
    action = UPDATE if existing else NEW
    if existing and _is_same(existing, source, facts):
        action = SAME
    elif existing:
        replaces.insert(0, Replaced("import", doc_id, existing.facts.title, "同名"))
    return Proposal(source, facts, doc_id, action, tuple(replaces), warnings, problems, existing)


def accept(store: ImportStore, proposal: Proposal, *, confirm: bool) -> Imported:
    """Store what was proposed and return it; what is already there is returned as it is.

    Call it while the store is `writing`. A wording that waits is confirmed if the same is
    imported again with `confirm`.
    """
    existing = proposal.existing
    if proposal.action == SAME and existing is not None:
        if confirm and existing.state is ImportState.PENDING:
            return store.confirm(existing.id)
        return existing
    return store.put(proposal.stored(store.stamp(), confirm=confirm), proposal.source.path)


def proposal_json(proposal: Proposal, state: str) -> dict[str, Any]:
    """Return a proposal, or what became of it, as the command line prints it."""
    draft = proposal.source.draft
    return {
        "file": proposal.source.name,
        "state": state,
        "doc_id": proposal.doc_id,
        **facts_json(proposal.facts),
        "sha256": proposal.source.sha256,
        "articles": len(draft.articles),
        "tree": tree(proposal),
        "replaces": [
            {"kind": r.kind, "doc_id": r.doc_id, "doc": r.title, "why": r.why}
            for r in proposal.replaces
        ],
        "warnings": list(proposal.warnings),
        "problems": list(proposal.problems),
    }


def tree(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the headings in order, each with its depth and the articles below it."""
    out: list[dict[str, Any]] = []
    above: tuple[str, ...] = ()
    for article in proposal.source.draft.articles:
        same = 0
        while same < min(len(above), len(article.path)) and above[same] == article.path[same]:
            same += 1
        for depth in range(same, len(article.path)):
            out.append({"heading": article.path[depth], "depth": depth, "locators": []})
        above = article.path
        if not out or (not article.path and out[-1]["heading"]):
            out.append({"heading": "", "depth": 0, "locators": []})
        out[-1]["locators"].append(article.label)
    return out


def _newest(imports: Imports) -> list[Imported]:
    """The newest wording of each document: the one that waits, where there is one."""
    waiting = {i.id for i in imports.pending}
    return [*imports.pending, *(i for i in imports.confirmed if i.id not in waiting)]


def _is_same(existing: Imported, source: Source, facts: Facts) -> bool:
    """True if file, facts and reading are those that are stored."""
    same_file = existing.original.sha256 == source.sha256
    return same_file and existing.facts == facts and existing.articles == source.draft.articles


def _new_id(facts: Facts, imports: Imports) -> str:
    """An id made of the title. One whose document is damaged is taken over: this mends it."""
    taken = {i.id for i in (*imports.confirmed, *imports.pending)}
    digest = hashlib.sha256(bare_name(facts.title).encode()).hexdigest()
    for length in range(10, 65):
        if (doc_id := f"unit-{digest[:length]}") not in taken:
            return doc_id
    raise BadInputError(f"《{facts.title}》的编号都用完了")


def _statute_problems(facts: Facts, held: list[Document]) -> list[str]:
    same = [d for d in held if d.text_kind is TextKind.TEXT and same_document(facts, d)]
    return [
        f"本库已有《{d.title}》的原文；确认后作为本单位文件与它并存，标题后加注{OWN_COPY}，"
        "按名称问到时仍引用原文"
        for d in same
    ]


def _older_problems(facts: Facts, held: list[Document], existing: Imported | None) -> list[str]:
    """Say so if the text takes the place of one that is in force from a later day."""
    since = binding_from(facts)
    if since == date.min:
        return []
    later = [
        ("本库的要点", d.latest().effective_on)
        for d in held
        if d.text_kind is TextKind.DIGEST and not d.is_policy and same_document(facts, d)
    ]
    if existing:
        later.append(("已导入的文本", binding_from(existing.facts)))
    return [
        f"{what}是 {day} 起施行的，这份是 {since} 起施行的，可能是旧文本"
        for what, day in later
        if day > since
    ]


def _number_warnings(facts: Facts, doc_id: str, stored: list[Imported]) -> list[str]:
    number = bare_number(facts.doc_number)
    return [
        f"文号 {facts.doc_number} 与已导入的《{i.facts.title}》相同，标题不同；若是同一文件，请把标题改成一致"
        for i in stored
        if number and i.id != doc_id and bare_number(i.facts.doc_number) == number
    ]
