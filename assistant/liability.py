"""From a duty to the provisions that sanction its breach, each link with its reason.

Explicit: the liability article cites the duty's article (违反本法第二十一条…). Curated: read by a
person in both articles (`kb/lexicon/liability.toml`). Inferred: most words of a clause that names
a breach (未…的) stand in the duty, in no other duty more, and both speak of the same bearer.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from assistant.view import is_penal
from indexer.tokens import bigrams
from kb.catalog import Catalog
from kb.citation import article_label, find_citations
from kb.errors import KbError, SourceError
from kb.model import Article, Document, Provision, ProvisionId, Version

CURATED_FILE = Path(__file__).parents[1] / "kb" / "lexicon" / "liability.toml"
EXPLICIT, CURATED, INFERRED = "条文写明", "人工核对", "按内容推定"
_MIN_COVER = 0.62
_MIN_PAIRS = 5
_COMMON = frozenset(
    bigrams(
        "生产经营单位应当按照规定的有下列行为之一未依照本法国家有关规定情形安全生产责令限期改正"
        "处以罚款逾期未改正主要负责人直接负责主管人员其他责任人员违反"
    )
)
_CLAUSE = re.compile(r"[，；。：]|或者")
_BREACH = re.compile(
    r"未|不|违反|擅自|拒|漏|瞒|谎|迟|占用|堵|封|锁|关闭|篡改|没有|虚假|逃|使用明火|吸烟"
)
_PLAIN = re.compile(r"^（[一二三四五六七八九十]+）|^违反本(?:法|条例|办法|规定)[^，。]{0,12}，")
_UNMET = re.compile("^(?:不|未)(?:符合|达到|具备)")
"""A clause that names a breach only together with what it is said of, in the clause before it."""
_AUTHORITY = re.compile(r"人民政府|街道办|部门|机关|国务院|工作人员|检查人员|委员会")
_TRADES = (
    "检测机构", "检验机构", "评价机构", "服务机构", "使用单位", "施工单位", "建设单位", "监理单位", "设计单位", "物业",
)  # fmt: skip
_WORKER = re.compile(r"^(?:生产经营单位的)?(?:从业人员|劳动者|职工)")


@dataclass(frozen=True, slots=True)
class Link:
    """A provision that sanctions a duty; `basis` is EXPLICIT, CURATED or INFERRED."""

    provision: Provision
    lead: Provision | None
    """The provision above an item, whose first line holds the sanction."""
    basis: str


Leaf = tuple[Provision, Provision | None]


class LiabilityLinks:
    """Finds the sanctions of a duty within its own law; tables are made once a version."""

    def __init__(self, catalog: Catalog, curated: Path = CURATED_FILE) -> None:
        self._catalog = catalog
        self._curated = read_curated(catalog, curated)
        self._tables: dict[tuple[str, str], _Table] = {}

    def of(
        self, document: Document, version: Version, duty: Provision, most: int = 3
    ) -> list[Link]:
        """Return the sanctions of `duty`, surest first; empty if none can be shown."""
        article = self._catalog.article(duty.id)
        if document.is_policy or is_penal(self._catalog, article.id):
            return []
        key = (document.id, version.id)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = _Table(self._catalog, document, version)
        read = self._curated.get(duty.id) or self._curated.get(article.id) or []
        out = [*table.explicit(article, duty), *(_curated_link(self._catalog, p) for p in read)]
        named = {x.provision.id for x in out}
        inferred = [x for x in table.inferred(article, duty) if x.provision.id not in named]
        return [*out, *inferred][:most]


def read_curated(catalog: Catalog, path: Path) -> dict[ProvisionId, list[Provision]]:
    """Return duty → sanctions of the curated file; SourceError names a link that leads nowhere."""
    try:
        links = tomllib.loads(path.read_text(encoding="utf-8"))["link"]
        return {
            _resolve(catalog, x["duty"]).id: [_resolve(catalog, t) for t in x["liability"]]
            for x in links
        }
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, KbError) as e:
        raise SourceError(
            f"{path}: {e}；每个 [[link]] 要有 duty 和 liability，写成“安全生产法第五条”"
        ) from e


def _resolve(catalog: Catalog, text: str) -> Provision:
    (citation,) = find_citations(text, catalog.find_mentions)
    if citation.mention is None or len(citation.mention.doc_ids) != 1:
        raise ValueError(f"{text!r} 不是本库法律的一条")
    return catalog.resolve(catalog.get(citation.mention.doc_ids[0]), citation.locator)


def _curated_link(catalog: Catalog, provision: Provision) -> Link:
    leads = {leaf.id: lead for leaf, lead in _leaves(catalog.article(provision.id))}
    return Link(provision, leads.get(provision.id), CURATED)


class _Table:
    """The liability provisions of one version, ready to be matched with duties."""

    def __init__(self, catalog: Catalog, document: Document, version: Version) -> None:
        self._explicit: dict[str, list[tuple[int | None, Leaf]]] = defaultdict(list)
        self._leaves: list[tuple[tuple[frozenset[str], ...], str, Leaf]] = []
        self._duties: list[tuple[frozenset[str], ProvisionId]] = []
        for article in version.articles:
            if not is_penal(catalog, article.id):
                self._duties.append((_content(article.text), article.id))
                continue
            for leaf in _leaves(article):
                text = leaf[0].text
                if not text.startswith("本法规定的"):
                    bearer = _bearer(leaf[1].text if leaf[1] else text)
                    self._leaves.append((_breaches(text), bearer, leaf))
                for number, paragraph in _cited(text, catalog, document):
                    self._explicit[article_label(number)].append((paragraph, leaf))

    def explicit(self, article: Article, duty: Provision) -> list[Link]:
        return [
            Link(leaf, lead, EXPLICIT)
            for paragraph, (leaf, lead) in self._explicit.get(article.id.article, [])
            if paragraph is None or duty.id.paragraph in (None, paragraph)
        ]

    def inferred(self, article: Article, duty: Provision) -> list[Link]:
        words, bearer = _content(duty.text), _bearer(duty.text)
        scored = []
        for breaches, sanctioned, leaf in self._leaves:
            if sanctioned != bearer or not _same_trade(leaf, duty.text):
                continue
            covers = [
                cover
                for breach in breaches
                if (cover := len(breach & words) / len(breach)) >= _MIN_COVER
                and not self._better_elsewhere(breach, article.id, cover)
            ]
            if covers:
                scored.append((-max(covers), str(leaf[0].id), leaf))
        return [Link(*leaf, INFERRED) for _, _, leaf in sorted(scored, key=lambda x: x[:2])]

    def _better_elsewhere(self, breach: frozenset[str], own: ProvisionId, cover: float) -> bool:
        return any(
            len(breach & words) / len(breach) > cover + 0.1
            for words, other in self._duties
            if other != own
        )


def _bearer(text: str) -> str:
    """Return whose duty or breach the words begin with: authority, worker or enterprise."""
    start = re.split(
        r"[，：]|应当|必须|不得|有下列|未|擅自|拒|(?<=.)对", _PLAIN.sub("", text), maxsplit=1
    )[0]
    if _WORKER.search(start):
        return "worker"
    return "authority" if _AUTHORITY.search(start) else "enterprise"


def _same_trade(leaf: Leaf, duty: str) -> bool:
    """True unless the sanction falls on a kind of unit that is not the subject of the duty."""
    sanction = _PLAIN.sub("", (leaf[1] or leaf[0]).text)
    start = re.split(r"有下列|未|不|擅自|的，", sanction, maxsplit=1)[0]
    subject = re.split(r"应当|必须|不得|负责|有下列", duty, maxsplit=1)[0]
    return all(kind in subject for kind in _TRADES if kind in start)


def _content(text: str) -> frozenset[str]:
    return frozenset(bigrams(_PLAIN.sub("", text))) - _COMMON


def _breaches(text: str) -> tuple[frozenset[str], ...]:
    """Return the content of every clause that names a breach; a sanction has none."""
    clauses: list[str] = []
    before = ""
    for clause in _CLAUSE.split(_PLAIN.sub("", text)):
        if _BREACH.search(clause):
            clauses.append(before + clause if _UNMET.match(clause) else clause)
        before = clause
    found = (_content(c) for c in clauses)
    return tuple(c for c in found if len(c) >= _MIN_PAIRS)


def _leaves(article: Article) -> list[Leaf]:
    """Return paragraphs without items, and items with the paragraph that introduces them."""
    parts = [p for p in article.parts if p.id.subitem is None]
    with_items = {p.id.paragraph for p in parts if p.id.item is not None}
    out: list[Leaf] = []
    above: Provision = article.whole
    if not parts:
        return [(article.whole, None)]
    for part in parts:
        if part.id.item is not None:
            out.append((part, above))
        elif part.id.paragraph in with_items:
            above = part
        else:
            out.append((part, None))
    return out


def _cited(text: str, catalog: Catalog, document: Document) -> list[tuple[int, int | None]]:
    out: list[tuple[int, int | None]] = []
    for citation in find_citations(text, catalog.find_mentions):
        if citation.mention is not None and document.id not in citation.mention.doc_ids:
            continue
        loc = citation.locator
        for number in range(loc.article, (loc.through or loc.article) + 1):
            out.append((number, loc.paragraph))
    return out
