"""Our own digests and policy entries: `kb/sources/*.md` → Documents, validated.

Format: YAML front matter, then `# title` and one `## heading` per provision. In a digest of a
numbered document a heading is `第九条 事故报告时限`; in a policy entry it is free (是什么, 内容).
Each line below a heading is one paragraph; lines opening with （一） are items. Paragraphs and
items have the numbers of the original, so that 第九条第二款 here is 第九条第二款 there; where the
reference does not show its paragraphs, `locators: article` keeps citations to the article.
A numbered heading without lines is listed in the contents only. `# 第二章 事故报告` between
articles is a chapter (a section follows after ` / `).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kb.errors import SourceError
from kb.model import (
    Article,
    Document,
    Event,
    EventKind,
    Level,
    Listed,
    Precedence,
    TextKind,
    Version,
)
from kb.structure import build_article

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SOURCES = Path(__file__).parent / "sources"
_LEVELS = {
    "law": Level.LAW,
    "party_regulation": Level.PARTY_REGULATION,
    "administrative_regulation": Level.ADMINISTRATIVE_REGULATION,
    "judicial_interpretation": Level.JUDICIAL_INTERPRETATION,
    "local_regulation": Level.LOCAL_REGULATION,
    "rule": Level.RULE,
    "normative_document": Level.NORMATIVE_DOCUMENT,
    "national_policy": Level.NATIONAL_POLICY,
    "local_practice": Level.LOCAL_PRACTICE,
}
_REQUIRED = ("id", "title", "kind", "level", "topics", "confidence")
_KNOWN = {
    *_REQUIRED, "events", "aliases", "issuer", "doc_number", "region", "binds", "verified", "basis", "asked",
    "short", "locators", "yields_to", "everyday",
}  # fmt: skip
_CHAPTER = re.compile(r"第[一二三四五六七八九十]+[编章节]|附则")
_NUMBERED = re.compile(r"(第[^ 　条]+条(?:之[一二三四五六七八九十]+)?)[ 　]*(.*)")


@dataclass(frozen=True, slots=True)
class AskedHere:
    """Questions that people ask to get to one provision of the entry they stand in."""

    doc_id: str
    at: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """One file: the document it describes and its asked-as entries."""

    document: Document
    asked: tuple[AskedHere, ...]
    path: Path


def load_digests(folder: Path = SOURCES) -> list[Digest]:
    """Return every `*.md` of `folder`, sorted by id; SourceError names file and key."""
    found = [read_digest(p) for p in sorted(folder.glob("*.md"))]
    seen: dict[str, Path] = {}
    for d in found:
        for name in (d.document.title, *d.document.aliases):
            if name in seen and seen[name] != d.path:
                raise SourceError(f"{d.path}: “{name}”已由 {seen[name].name} 使用；别名不能重复")
            seen[name] = d.path
    return found


def read_digest(path: Path) -> Digest:
    """Return one file as a Document; SourceError says file, key and the expected form."""
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise SourceError(f"{path}: {e}") from e
    m = re.match(r"---\n(.*?)\n---\n(.*)", raw, re.S)
    if not m:
        raise SourceError(f"{path}: 缺少 --- 之间的文件头")
    try:
        meta = yaml.load(m[1], _LOADER)  # noqa: S506 (both are safe loaders)
    except (yaml.YAMLError, ValueError) as e:
        raise SourceError(
            f"{path}: 文件头不是合法的 YAML：{e}；日期应如 {{kind: effective, date: 2021-09-01}}"
        ) from e
    if not isinstance(meta, dict):
        raise SourceError(f"{path}: 文件头应是“键: 值”")
    _check_keys(path, meta)
    events = tuple(_event(path, e) for e in meta.get("events") or ())
    document = _document(path, meta, events, _sections(path, m[2]))
    if strange := set(document.everyday) - {document.title, *document.aliases}:
        raise SourceError(f"{path}: everyday 里的 {'、'.join(sorted(strange))} 不是别名")
    asked = tuple(
        AskedHere(document.id, str(a["at"]), tuple(map(str, a["questions"])))
        for a in meta.get("asked") or ()
    )
    _check_asked(path, document, asked)
    return Digest(document, asked, path)


def _check_keys(path: Path, meta: dict[str, Any]) -> None:
    for key in _REQUIRED:
        if key not in meta:
            raise SourceError(f"{path}: 缺少 {key}")
    if unknown := sorted(set(meta) - _KNOWN):
        raise SourceError(f"{path}: 不认识的键 {'、'.join(unknown)}")
    if meta["id"] != path.stem:
        raise SourceError(f"{path}: id {meta['id']!r} 与文件名不同")
    if meta["level"] not in _LEVELS:
        raise SourceError(f"{path}: level 应是 {'、'.join(_LEVELS)} 之一")
    if meta.get("locators", "paragraph") not in ("paragraph", "article"):
        raise SourceError(f"{path}: locators 应是 paragraph 或 article")
    if meta["confidence"] not in ("verified", "outline"):
        raise SourceError(f"{path}: confidence 应是 verified 或 outline")
    if meta["confidence"] == "verified" and not meta.get("verified"):
        raise SourceError(f"{path}: confidence: verified 却没有 verified 依据")


def _event(path: Path, e: dict[str, Any]) -> Event:
    try:
        on = e["date"] if isinstance(e["date"], date) else date.fromisoformat(str(e["date"]))
        return Event(EventKind(e["kind"]), on, str(e.get("note", "")), str(e.get("by", "")))
    except (KeyError, ValueError) as err:
        raise SourceError(
            f"{path}: events 里的 {e} 不对（{err}）；应如 {{kind: effective, date: 2021-09-01}}"
        ) from None


@dataclass(frozen=True, slots=True)
class _Section:
    label: str
    heading: str
    path: tuple[str, ...]
    text: str


def _sections(path: Path, body: str) -> list[_Section]:
    parts = re.split(r"^(#{1,2}) +(.+)$", body.strip(), flags=re.M)
    sections: list[_Section] = []
    chapter: tuple[str, ...] = ()
    for depth, raw, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        heading = raw.strip()
        if depth == "#":
            if _CHAPTER.match(heading):
                chapter = tuple(h.strip() for h in heading.split(" / "))
            continue
        m = _NUMBERED.fullmatch(heading)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines and m is None:
            raise SourceError(f"{path}: “{heading}”下面没有内容")
        label, name = (m[1], m[2]) if m else (heading, heading)
        sections.append(_Section(label, name, chapter, "\n".join(lines)))
    if not any(s.text for s in sections):
        raise SourceError(f"{path}: 没有 ## 标题")
    if len({s.label for s in sections}) != len(sections):
        raise SourceError(f"{path}: 有重复的 ## 标题")
    return sections


def _document(
    path: Path, meta: dict[str, Any], events: tuple[Event, ...], sections: list[_Section]
) -> Document:
    doc_id = str(meta["id"])
    version = _version_id(events)
    to_article = meta.get("locators") == "article"
    articles = []
    for s in (s for s in sections if s.text):
        article = build_article(doc_id, version, s.label, s.text, s.path, s.heading)
        articles.append(_whole(article) if to_article else article)
    listed = tuple(Listed(s.label, s.heading, s.path) for s in sections if not s.text)
    effective_on = _effective_on(doc_id, events)
    return Document(
        id=doc_id,
        title=str(meta["title"]),
        short=str(meta.get("short", meta["title"])),
        level=_LEVELS[meta["level"]],
        text_kind=TextKind.DIGEST,
        versions=(Version(version, effective_on, tuple(articles), listed=listed),),
        aliases=tuple(map(str, meta.get("aliases") or ())),
        topics=tuple(map(str, meta["topics"])),
        issuer=str(meta.get("issuer", "")),
        doc_number=str(meta.get("doc_number", "")),
        region=str(meta.get("region", "全国")),
        binds=tuple(map(str, meta.get("binds") or ())),
        events=events,
        confidence=str(meta["confidence"]),
        verified=tuple(str(v["source"]) for v in meta.get("verified") or ()),
        basis=tuple(map(str, meta.get("basis") or ())),
        everyday=tuple(map(str, meta.get("everyday") or ())),
        yields_to=tuple(_precedence(path, p) for p in meta.get("yields_to") or ()),
    )


def _whole(article: Article) -> Article:
    """The article without parts: which 款 a line belongs to is not known."""
    return Article(article.id, article.text, article.path, article.heading)


def _version_id(events: tuple[Event, ...]) -> str:
    ends = (EventKind.REPEALED, EventKind.REPLACED)
    return max((e.on.isoformat() for e in events if e.kind not in ends), default="undated")


def _effective_on(doc_id: str, events: tuple[Event, ...]) -> date:
    """The day from which the wording described binds; an amended document has one wording here."""
    if doc_id.startswith("policy-"):
        return min((e.on for e in events if e.kind is EventKind.EFFECTIVE), default=date.min)
    kinds = (EventKind.EFFECTIVE, EventKind.AMENDED)
    return max((e.on for e in events if e.kind in kinds), default=date.min)


def _precedence(path: Path, entry: dict[str, Any]) -> Precedence:
    try:
        return Precedence(
            str(entry["over"]), date.fromisoformat(str(entry["since"])), str(entry.get("note", ""))
        )
    except (KeyError, TypeError, ValueError) as e:
        raise SourceError(
            f"{path}: yields_to 里的 {entry} 不对（{e}）；应如 {{over: 某某法, since: 2026-05-01}}"
        ) from None


def _check_asked(path: Path, document: Document, asked: tuple[AskedHere, ...]) -> None:
    known = {p.id.locator for a in document.latest().articles for p in a.provisions()}
    for entry in asked:
        if entry.at not in known:
            raise SourceError(f"{path}: asked 里的 {entry.at} 不是本文件的标题或项")
