"""What the keeper imported: `<data>/imports/` → Documents of the kind 本单位文件.

Layout, written by `assistant.importing.store`:
    <doc id>/<NNNN>/original.<ext>     the file as it was handed in
    <doc id>/<NNNN>/document.json      what was understood of it; NNNN counts the wordings
    removed/<doc id>-<day and time>/   what the keeper took out; never read, never deleted
    history.jsonl                      one line for each change

The highest confirmed NNNN of a document counts; one that is 待确认 (pending) above it is
listed and never answered from.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from kb.errors import SourceError
from kb.model import (
    Article,
    Document,
    Event,
    EventKind,
    Level,
    ProvisionId,
    TextKind,
    Version,
)
from kb.structure import build_article

FORMAT = 1
DOCUMENT = "document.json"
_GENERATION = re.compile(r"\d{4}")
_ID = re.compile(r"unit-[0-9a-z-]+")


class ImportState(str, Enum):
    """Whether an import may be answered from."""

    CONFIRMED = "confirmed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document besides its text; unknown days are None."""

    title: str
    level: Level = Level.NORMATIVE_DOCUMENT
    short: str = ""
    doc_number: str = ""
    issuer: str = ""
    region: str = "全国"
    topics: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    issued_on: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    amended: tuple[tuple[date, str], ...] = ()
    """Each amendment: its day, and how the document words it."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One 条, or one numbered heading of a notice, as printed; `page` is 0 where there are none."""

    label: str
    text: str
    path: tuple[str, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Original:
    """The file that was handed in: its name then, its name in the store, its hash and size."""

    name: str
    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Imported:
    """One wording of one imported document. `generation` is 0 until it is stored."""

    id: str
    facts: Facts
    articles: tuple[ArticleText, ...]
    original: Original
    imported_at: str
    state: ImportState
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    preface: tuple[str, ...] = ()
    endnotes: tuple[str, ...] = ()
    generation: int = 0

    @property
    def version(self) -> str:
        """The id of this wording: the last day that made it what it is, else its number."""
        f = self.facts
        days = [d for d in (f.issued_on, f.effective_on, *(on for on, _ in f.amended)) if d]
        return max(days).isoformat() if days else f"import-{self.generation}"

    def document(self) -> Document:
        """The import as a document of the library."""
        f, version = self.facts, self.version
        articles = tuple(_article(self.id, version, a) for a in self.articles)
        return Document(
            id=self.id,
            title=f.title,
            short=f.short or f.title,
            level=f.level,
            text_kind=TextKind.UNIT,
            versions=(Version(version, binding_from(f), articles),),
            aliases=f.aliases,
            topics=f.topics,
            issuer=f.issuer,
            doc_number=f.doc_number,
            region=f.region,
            events=tuple(_events(f)),
        )


@dataclass(frozen=True, slots=True)
class Imports:
    """Everything under an imports folder. `warnings` say in Chinese what could not be read."""

    confirmed: tuple[Imported, ...] = ()
    pending: tuple[Imported, ...] = ()
    warnings: tuple[str, ...] = ()
    fingerprint: str = ""
    """A hash over the confirmed imports; empty where there are none."""
    known: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Every id in the folder, damaged ones too, with its generations."""


def load_imports(root: Path | None) -> Imports:
    """Return the imports under `root`, by id; a damaged one becomes a warning, never an error.

    A damaged newest wording is not replaced by the one before it: that would answer from a
    text that is no longer current without saying so.
    """
    if root is None or not root.is_dir():
        return Imports()
    confirmed: list[Imported] = []
    pending: list[Imported] = []
    warnings: list[str] = []
    known: dict[str, tuple[int, ...]] = {}
    for folder in sorted(p for p in root.iterdir() if _ID.fullmatch(p.name) and p.is_dir()):
        numbers = sorted(
            (int(p.name) for p in folder.iterdir() if _GENERATION.fullmatch(p.name)), reverse=True
        )
        if numbers:
            known[folder.name] = tuple(numbers)
        for number in numbers:
            try:
                found = read_import(folder / f"{number:04d}")
            except SourceError as e:
                warnings.append(str(e))
                break
            if found.state is ImportState.CONFIRMED:
                confirmed.append(found)
                break
            if number == numbers[0]:
                pending.append(found)
    return Imports(
        tuple(confirmed), tuple(pending), tuple(warnings), _fingerprint(confirmed), known
    )


def read_import(folder: Path) -> Imported:
    """Return the import in `<doc id>/<NNNN>`; SourceError names the file and what to do."""
    path = folder / DOCUMENT
    where = f"imports/{folder.parent.name}/{folder.name}/{DOCUMENT}"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        check, body = data["check"], data["document"]
        if check != _check(body):
            raise ValueError("内容与校验码不符")
        found = replace(_decode(body), generation=int(folder.name))
        if found.id != folder.parent.name:
            raise ValueError(f"编号 {found.id} 与文件夹不符")
        if not (folder / found.original.file).is_file():
            raise ValueError(f"缺少原件 {found.original.file}")
        found.document()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise SourceError(
            f"{where} 已损坏（{e}），这份导入文件没有载入；请重新导入原件，"
            f"或运行 zhize sources remove {folder.parent.name} 移出"
        ) from e
    return found


def encode(imported: Imported) -> bytes:
    """Return the contents of document.json, with a check over all of it."""
    f, o = imported.facts, imported.original
    body = {
        "format": FORMAT,
        "id": imported.id,
        "state": imported.state.value,
        "imported_at": imported.imported_at,
        "original": {"name": o.name, "file": o.file, "sha256": o.sha256, "size": o.size},
        **facts_json(f),
        "problems": list(imported.problems),
        "warnings": list(imported.warnings),
        "preface": list(imported.preface),
        "endnotes": list(imported.endnotes),
        "articles": [
            {"label": a.label, "text": a.text, "path": list(a.path), "page": a.page}
            for a in imported.articles
        ],
    }
    out = {"check": _check(body), "document": body}
    return json.dumps(out, ensure_ascii=False, indent=1).encode()


def facts_json(facts: Facts) -> dict[str, Any]:
    """Return the facts as JSON values, under the names that `--meta` uses."""
    return {
        "title": facts.title,
        "short": facts.short,
        "doc_number": facts.doc_number,
        "issuer": facts.issuer,
        "level": facts.level.value,
        "region": facts.region,
        "topics": list(facts.topics),
        "aliases": list(facts.aliases),
        "issued_on": _text(facts.issued_on),
        "effective_on": _text(facts.effective_on),
        "repealed_on": _text(facts.repealed_on),
        "amended": [{"on": on.isoformat(), "note": note} for on, note in facts.amended],
    }


def binding_from(facts: Facts) -> date:
    """The day from which this wording binds, as far as the document says; date.min if it does not.

    For an amended text that is the later of the first commencement and the last amendment, as
    for the statutes: never too early by more than the amendment's own delay.
    """
    days = [on for on, _ in facts.amended]
    if facts.effective_on is not None:
        days.append(facts.effective_on)
    return max(days, default=date.min)


def _article(doc_id: str, version: str, article: ArticleText) -> Article:
    try:
        return build_article(doc_id, version, article.label, article.text, article.path)
    except ValueError:  # an item number such as （十百）: cited as a whole
        return Article(ProvisionId(doc_id, version, article.label), article.text, article.path)


def _events(facts: Facts) -> Iterable[Event]:
    if facts.issued_on:
        yield Event(EventKind.ISSUED, facts.issued_on)
    if facts.effective_on:
        revised = min((on for on, _ in facts.amended), default=date.max) <= facts.effective_on
        if revised and facts.issued_on:  # the day stated is that of the revision
            yield Event(EventKind.EFFECTIVE, facts.issued_on, "首次施行日期未收录，按公布日计")
        yield Event(EventKind.EFFECTIVE, facts.effective_on)
    for on, note in facts.amended:
        yield Event(EventKind.AMENDED, on, note)
    if facts.repealed_on:
        yield Event(EventKind.REPEALED, facts.repealed_on)


def _decode(body: dict[str, Any]) -> Imported:
    if body["format"] != FORMAT:
        raise ValueError(f"格式 {body['format']} 不是 {FORMAT}，可能由更新的版本写成")
    o = body["original"]
    return Imported(
        id=str(body["id"]),
        facts=_facts(body),
        articles=tuple(
            ArticleText(str(a["label"]), str(a["text"]), tuple(map(str, a["path"])), int(a["page"]))
            for a in body["articles"]
        ),
        original=Original(str(o["name"]), str(o["file"]), str(o["sha256"]), int(o["size"])),
        imported_at=str(body["imported_at"]),
        state=ImportState(body["state"]),
        problems=tuple(map(str, body["problems"])),
        warnings=tuple(map(str, body["warnings"])),
        preface=tuple(map(str, body["preface"])),
        endnotes=tuple(map(str, body["endnotes"])),
    )


def _facts(body: dict[str, Any]) -> Facts:
    return Facts(
        title=str(body["title"]),
        level=Level(body["level"]),
        short=str(body["short"]),
        doc_number=str(body["doc_number"]),
        issuer=str(body["issuer"]),
        region=str(body["region"]),
        topics=tuple(map(str, body["topics"])),
        aliases=tuple(map(str, body["aliases"])),
        issued_on=_day(body["issued_on"]),
        effective_on=_day(body["effective_on"]),
        repealed_on=_day(body["repealed_on"]),
        amended=tuple((date.fromisoformat(a["on"]), str(a["note"])) for a in body["amended"]),
    )


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _check(body: dict[str, Any]) -> str:
    raw = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()


def _fingerprint(confirmed: list[Imported]) -> str:
    digest = hashlib.sha256()
    for found in confirmed:
        digest.update(f"{found.id}\0{found.generation}\0".encode())
        digest.update(encode(found))
    return digest.hexdigest()[:16] if confirmed else ""
