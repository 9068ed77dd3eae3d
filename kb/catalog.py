"""All documents of the library: lookup by id, title or alias, and resolution of citations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from kb.citation import Locator, Mention
from kb.errors import UnknownDocumentError, UnknownProvisionError
from kb.model import Article, Document, Provision, ProvisionId, Version

_LONGER = re.compile(r"(?:的?实施)?(?:条例|办法|细则)|的?实施规定")
_BEFORE_LAW = re.compile(r"[一-鿿]{0,12}实施$")
_AFTER_LAW = re.compile(r"的?(?:办法|条例|细则|规定)")
_EDITION = re.compile(r"[（(][^（）()]*(?:年|修[正订改]|版)[^（）()]*[)）]")
_NATIONAL = "中华人民共和国"


class Catalog:
    """Every document by id. Immutable once made; lookups never guess between candidates."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: dict[str, Document] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        for doc in documents:
            if doc.id in self.documents:
                raise ValueError(f"two documents have the id {doc.id}")
            self.documents[doc.id] = doc
            for name in dict.fromkeys((doc.title, doc.short, *doc.aliases)):
                self._names[name].append(doc.id)
        self._lengths: dict[str, tuple[int, ...]] = _lengths(self._names)
        self._versions = {(d.id, v.id): v for d in self.documents.values() for v in d.versions}
        self._by_label: dict[tuple[str, str], dict[str, Article]] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents.values())

    def __len__(self) -> int:
        return len(self.documents)

    def get(self, doc_id: str) -> Document:
        """Return the document of that id; UnknownDocumentError if there is none."""
        try:
            return self.documents[doc_id]
        except KeyError:
            raise UnknownDocumentError(f"本库没有编号为 {doc_id} 的文件") from None

    def by_name(self, name: str) -> tuple[Document, ...]:
        """Return every document with that title or alias (national titles may be shortened)."""
        name = _EDITION.sub("", name).replace("〈", "《").replace("〉", "》").strip("《》 ")
        ids = self._names.get(name) or self._names.get(name.removeprefix(_NATIONAL)) or []
        return tuple(self.documents[i] for i in dict.fromkeys(ids))

    def find_mentions(self, text: str) -> list[Mention]:
        """Return the documents that `text` names, in book marks or bare, in reading order.

        A marked name must match as a whole, so 《浙江省实施〈消防法〉办法》 is not 消防法; a bare
        name that goes on as 安全生产法实施条例 is likewise unknown to the library.
        """
        out: list[Mention] = []
        covered = bytearray(len(text))
        for m in re.finditer(r"《(?:[^《》〈〉]|〈[^〈〉]*〉|《[^《》]*》)*》", text):
            name, start, end = m[0][1:-1], m.start(), m.end()
            ids = tuple(d.id for d in self.by_name(name))
            before, after = _BEFORE_LAW.search(text[:start]), _AFTER_LAW.match(text, end)
            if before and after:  # 浙江省实施《消防法》办法
                start, end, ids = before.start(), after.end(), ()
                name = text[start:end]
            out.append(Mention(start, end, name, ids, marked=True))
            covered[start:end] = b"\1" * (end - start)
        for start, end in self._bare(text):
            if any(covered[start:end]):
                continue
            tail = _LONGER.match(text, end)
            ids = () if tail else tuple(dict.fromkeys(self._names[text[start:end]]))
            end = tail.end() if tail else end
            out.append(Mention(start, end, text[start:end], ids))
        return sorted(out, key=lambda x: x.start)

    def _bare(self, text: str) -> Iterator[tuple[int, int]]:
        """The names in `text`, the longest at every place, none over another."""
        at = 0
        while at < len(text):
            for length in self._lengths.get(text[at : at + 2], self._lengths.get(text[at], ())):
                end = at + length
                if end <= len(text) and text[at:end] in self._names:
                    yield at, end
                    at = end - 1
                    break
            at += 1

    def article(self, pid: ProvisionId) -> Article:
        """Return the article that holds `pid`; UnknownProvisionError if there is none."""
        found = self._labelled(pid.doc_id, pid.version).get(pid.article)
        if found is None:
            doc = self.get(pid.doc_id)
            raise UnknownProvisionError(f"《{doc.title}》没有{pid.article}")
        return found

    def _labelled(self, doc_id: str, version: str) -> dict[str, Article]:
        """The articles of one version by their labels; none if there is no such version."""
        found = self._by_label.get((doc_id, version))
        if found is None:
            held = self._versions.get((doc_id, version))
            found = {a.id.article: a for a in held.articles} if held else {}
            self._by_label[doc_id, version] = found
        return found

    def provision(self, pid: ProvisionId) -> Provision:
        """Return the provision of exactly that id; UnknownProvisionError if there is none."""
        found = next((p for p in self.article(pid).provisions() if p.id == pid), None)
        if found is None:
            doc = self.get(pid.doc_id)
            raise UnknownProvisionError(f"《{doc.title}》{pid.article}没有{pid.locator}")
        return found

    def resolve(self, doc: Document, locator: Locator, day: date | None = None) -> Provision:
        """Return what `locator` means in `doc` as of `day` (default: the newest version).

        第一款 of an article of one paragraph is that article. UnknownProvisionError says
        which part of the address does not exist.
        """
        version = self.version_for(doc, day)
        pid = locator.to_id(doc.id, version.id)
        article = self.article(pid)
        several = any(p.id.paragraph is not None for p in article.parts)
        if pid.paragraph == 1 and not several:
            pid = ProvisionId(pid.doc_id, pid.version, pid.article, None, pid.item, pid.subitem)
        if pid.item is not None and pid.paragraph is None and several:
            owners = {
                p.id.paragraph
                for p in article.parts
                if p.id.item == pid.item and p.id.subitem is None
            }
            if len(owners) == 1:
                paragraph = owners.pop()
                pid = ProvisionId(
                    pid.doc_id, pid.version, pid.article, paragraph, pid.item, pid.subitem
                )
        return self.provision(pid)

    @staticmethod
    def version_for(doc: Document, day: date | None) -> Version:
        """The version binding on `day`, else the newest held one."""
        return (doc.version_on(day) if day else None) or doc.latest()


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The lengths of the names that begin with the same two characters, longest first.

    Under one character stand the names that consist of it alone; they also count for every
    beginning with it.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for name in names:
        if name:
            found[name[:2]].add(len(name))
    return {
        start: tuple(sorted({*own, *found.get(start[0], ())}, reverse=True))
        for start, own in list(found.items())
    }
