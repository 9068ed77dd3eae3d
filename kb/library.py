"""Everything the rules consist of, loaded together: catalog, asked-as entries, fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from kb.asked import ASKED, AskedAs, load_asked
from kb.catalog import Catalog
from kb.digests import SOURCES, load_digests
from kb.imports import Imports, load_imports
from kb.model import Document
from kb.statutes import database_path, load_statutes
from kb.takeover import Takeover, carried_over, take_over


@dataclass(frozen=True)
class Library:
    """The catalog and the asked-as entries; `fingerprint` changes when any source changes.

    `imports` are what the keeper imported, those that wait for confirmation and the warnings of
    reading them included.
    """

    catalog: Catalog
    read_asked: Callable[[], Iterable[AskedAs]]
    fingerprint: str
    imports: Imports = field(default_factory=Imports)

    @cached_property
    def asked(self) -> tuple[AskedAs, ...]:
        """The asked-as entries, read when they are first wanted: a built index needs them no more.

        SourceError names the file and line of an entry that is malformed or points nowhere.
        """
        return tuple(self.read_asked())


def load_library(
    database: Path | None = None,
    sources: Path = SOURCES,
    asked: Path = ASKED,
    imports: Path | None = None,
) -> Library:
    """Return the library (~0.6 s). KbError says which source is missing or malformed.

    `imports` is the folder of imported documents; what is damaged there is left out and stands
    in the library's `imports.warnings`.
    """
    db = database or database_path()
    digests = load_digests(sources)
    held = [*load_statutes(db, sources / "statutes.toml"), *(d.document for d in digests)]
    first = Catalog(held)

    def entries() -> list[AskedAs]:
        return load_asked(first, digests, asked)

    files = [db, *sorted(sources.glob("*.*")), *sorted(asked.glob("*.jsonl"))]
    own = load_imports(imports)
    mark = fingerprint(files)
    if own.confirmed:
        takeover = take_over(held, [(i.facts, i.document()) for i in own.confirmed])
        mark = hashlib.sha256(f"{mark}{own.fingerprint}".encode()).hexdigest()[:16]
        carried = partial(_carried, entries, takeover, held)
        return Library(Catalog(takeover.documents), carried, mark, own)
    return Library(first, entries, mark, own)


def _carried(
    entries: Callable[[], list[AskedAs]], takeover: Takeover, held: Sequence[Document]
) -> list[AskedAs]:
    return carried_over(entries(), takeover, held)


def fingerprint(files: Iterable[Path]) -> str:
    """Return a hash over names and contents of these files."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
