"""The entries of an index in arrays on disk: opened at once, read one by one.

Files in the folder, row by row of the index: kind.npy (place in KINDS), article.npy (article
number), paragraph.npy and item.npy (-1 for none), start.npy (where its words begin in texts.txt,
bytes); by article: document.npy and label.npy, numbers in names.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from indexer.mapped import mapped
from indexer.units import Unit, UnitKind
from kb.model import ProvisionId

KINDS = (UnitKind.ARTICLE, UnitKind.PART, UnitKind.ASKED)
_NAMES, _TEXTS = "names.json", "texts.txt"
_BY_ROW = ("kind", "article", "paragraph", "item", "start")
_BY_ARTICLE = ("document", "label")
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class UnitTable(Sequence[Unit]):
    """A sequence of units. Articles are numbered in the order of their first row."""

    kind: npt.NDArray[np.uint8]
    article: Ints
    paragraph: npt.NDArray[np.int16]
    item: npt.NDArray[np.int16]
    start: npt.NDArray[np.int64]
    texts: npt.NDArray[np.uint8]
    document: Ints
    label: Ints
    documents: tuple[tuple[str, str], ...]
    """Document and version of every document number."""
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.kind)

    @overload
    def __getitem__(self, row: int) -> Unit: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Unit, ...]: ...
    def __getitem__(self, row: int | slice) -> Unit | tuple[Unit, ...]:
        if isinstance(row, slice):
            return tuple(self[i] for i in range(*row.indices(len(self))))
        n = range(len(self))[row]
        return Unit(KINDS[self.kind[n]], self.text(n), self.target(n))

    def __iter__(self) -> Iterator[Unit]:
        return (self[n] for n in range(len(self)))

    def text(self, row: int) -> str:
        """Return the words of a row."""
        found: bytes = self.texts[self.start[row] : self.start[row + 1]].tobytes()
        return found.decode("utf-8")

    def target(self, row: int) -> ProvisionId:
        """Return the provision that a row leads to."""
        whole = self.article_id(int(self.article[row]))
        paragraph, item = int(self.paragraph[row]), int(self.item[row])
        return ProvisionId(
            whole.doc_id,
            whole.version,
            whole.article,
            None if paragraph < 0 else paragraph,
            None if item < 0 else item,
        )

    def article_id(self, number: int) -> ProvisionId:
        """Return the article of that number."""
        doc_id, version = self.documents[self.document[number]]
        return ProvisionId(doc_id, version, self.labels[self.label[number]])


def unit_table(units: Sequence[Unit]) -> UnitTable:
    """Return the units as a table in memory."""
    articles: dict[ProvisionId, int] = {}
    documents: dict[tuple[str, str], int] = {}
    labels: dict[str, int] = {}
    rows = [articles.setdefault(u.target.in_article, len(articles)) for u in units]
    of_documents = [documents.setdefault((a.doc_id, a.version), len(documents)) for a in articles]
    of_labels = [labels.setdefault(a.article, len(labels)) for a in articles]
    texts = [u.text.encode("utf-8") for u in units]
    return UnitTable(
        np.array([KINDS.index(u.kind) for u in units], np.uint8),
        np.array(rows, np.int32),
        np.array([_number(u.target.paragraph) for u in units], np.int16),
        np.array([_number(u.target.item) for u in units], np.int16),
        np.array(list(accumulate(map(len, texts), initial=0)), np.int64),
        np.frombuffer(b"".join(texts), np.uint8),
        np.array(of_documents, np.int32),
        np.array(of_labels, np.int32),
        tuple(documents),
        tuple(labels),
    )


def _number(part: int | None) -> int:
    return -1 if part is None else part


def write_units(folder: Path, table: UnitTable) -> None:
    """Write the table into `folder`, which is made."""
    folder.mkdir()
    for name in (*_BY_ROW, *_BY_ARTICLE):
        np.save(folder / f"{name}.npy", getattr(table, name))
    (folder / _TEXTS).write_bytes(table.texts.tobytes())
    names = {"documents": table.documents, "labels": table.labels}
    (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), "utf-8")


def read_units(folder: Path) -> UnitTable:
    """Return the table in `folder`, its rows left on disk until they are read.

    OSError or ValueError if a file is missing or not of this format.
    """
    names = json.loads((folder / _NAMES).read_text("utf-8"))
    kind, article, paragraph, item, start = (mapped(folder / f"{n}.npy") for n in _BY_ROW)
    document, label = (mapped(folder / f"{n}.npy") for n in _BY_ARTICLE)
    path = folder / _TEXTS
    size = path.stat().st_size
    texts = np.memmap(path, np.uint8, "r").view(np.ndarray) if size else np.zeros(0, np.uint8)
    documents = tuple((str(d), str(v)) for d, v in names["documents"])
    labels = tuple(map(str, names["labels"]))
    table = UnitTable(
        kind, article, paragraph, item, start, texts, document, label, documents, labels
    )
    if len(table.start) != len(table) + 1 or table.start[-1] != size:
        raise ValueError(f"{folder}: {size} bytes of text do not belong to {len(table)} entries")
    return table
