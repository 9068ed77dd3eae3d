"""Asked-as entries (问法): what people ask, and the provision that answers it.

They are indexed beside the texts and never shown as an answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kb.catalog import Catalog
from kb.citation import parse_locator
from kb.digests import Digest
from kb.errors import KbError, SourceError
from kb.model import Document, Provision

ASKED = Path(__file__).parent / "lexicon" / "asked"


@dataclass(frozen=True, slots=True)
class AskedAs:
    """One question and the provision that answers it."""

    question: str
    target: Provision


def load_asked(
    catalog: Catalog, digests: list[Digest] | None = None, folder: Path = ASKED
) -> list[AskedAs]:
    """Return every entry of `folder` and of the digests, in file order.

    SourceError names the file and line of an entry that is malformed or points nowhere.
    """
    out: list[AskedAs] = []
    for path in sorted(folder.glob("*.jsonl")):
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                out += _read_line(catalog, line, f"{path}:{n}")
    for digest in digests or ():
        doc = digest.document
        for entry in digest.asked:
            target = next(
                p for a in doc.latest().articles for p in a.provisions() if p.id.locator == entry.at
            )
            out += [AskedAs(q, target) for q in entry.questions]
    return out


def _read_line(catalog: Catalog, line: str, where: str) -> list[AskedAs]:
    try:
        entry = json.loads(line)
        name, at, questions = entry["doc"], entry["at"], entry["questions"]
    except (ValueError, KeyError, TypeError) as e:
        raise SourceError(f'{where}: {e}；应如 {{"doc":…,"at":…,"questions":[…]}}') from None
    docs = catalog.by_name(name)
    if len(docs) != 1:
        raise SourceError(f"{where}: 《{name}》在库中有 {len(docs)} 个")
    try:
        target = _section(docs[0], at) or catalog.resolve(docs[0], parse_locator(at))
    except KbError as e:
        raise SourceError(f"{where}: {e}") from e
    return [AskedAs(str(q), target) for q in questions]


def _section(doc: Document, at: str) -> Provision | None:
    """The section or item of a policy entry that `at` names; None for numbered documents."""
    if not doc.is_policy:
        return None
    for article in doc.latest().articles:
        for provision in article.provisions():
            if provision.id.locator == at:
                return provision
    raise SourceError(f"{doc.title}没有“{at}”一节")
