"""Digests against the texts they restate: `python -m eval.check_digests --reference DIR [ID…]`.

Every 款 and 项 of every digest of a numbered document is compared with the same 款 or 项 of the
reference (one JSON line per article: law, version, article, text): its figures with unit and
bound, its time words, its subjects, its modality, the articles and documents that it names.
A figure, prohibition or permission of the reference that the digest leaves out fails too, and so
does a run of words copied. `--report FILE` writes one line per provision, without any words of
the reference. Exit code 1 if anything fails.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eval.claims import (
    Figure,
    Subjects,
    figures,
    longest_common_run,
    lost_or_added_modality,
    plain,
    time_words,
)
from kb.citation import article_label, find_locators
from kb.digests import load_digests
from kb.model import Article, Document
from kb.numerals import to_int
from kb.structure import build_article

COPIED = 25
"""The longest run of characters that a restatement may share with its source."""
_REFERENCE = re.compile(r"第[一二三四五六七八九十百零\d]+条(?:之[一二三四五六七八九十])?")
_MARKED = re.compile(r"《[^《》]+》")
_BRACKETS = re.compile(r"（[^（）]*）")
"""A reference in brackets is the digest's own pointer (5日按第八十九条指工作日)."""
_OF_ANOTHER = re.compile(
    r"(?:》|(?<!本)法)(?:第[一二三四五六七八九十百零\d]+条(?:之.)?(?:第.款)?(?:（[^（）]*）)?"
    r"(?:规定)?(?:、|至|和|或者|或)?)+"
)
"""Articles of another document (刑法第一百三十四条、第一百三十六条)."""
_EARLIER = re.compile(r"前[一二两三四五]?[款项条]|本条|同款|上述|该款")
_WEIGHTY = (
    "元",
    "日",
    "工作日",
    "小时",
    "月",
    "年",
    "%",
    "倍",
    "人",
    "周岁",
    "岁",
    "分之",
    "次",
    "分钟",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The articles of one document as the reference holds them, by label."""

    name: str
    version: str
    articles: dict[str, Article]


@dataclass(frozen=True, slots=True)
class Checked:
    """One 款, 项 or article of a digest: how much was compared and what does not agree."""

    doc_id: str
    locator: str
    figures: int
    subjects: int
    problems: tuple[str, ...]


def load_references(folder: Path) -> dict[str, list[Reference]]:
    """Return the reference texts by name of document (national titles without prefix)."""
    out: dict[str, list[Reference]] = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        if rows:
            name = bare(rows[0]["law"])
            articles = {
                r["article"]: build_article("reference", "", r["article"], _tidy(r["text"]))
                for r in rows
            }
            out[name].append(Reference(name, str(rows[0].get("version", path.stem)), articles))
    return out


def bare(title: str) -> str:
    """Return a title as references are keyed: no prefix, no punctuation, no bracketed date."""
    title = re.sub(r"[（(]\d{4}[^（）()]*[)）]", "", title)
    return re.sub(r"[、，\s《》]", "", title.removeprefix("中华人民共和国"))


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def reference_for(doc: Document, held: dict[str, list[Reference]]) -> Reference | None:
    """Return the wording that the digest restates: of several, the one that a date points to."""
    found = held.get(bare(doc.title), [])
    if len(found) > 1:
        days = {e.on.isoformat() for e in doc.events}
        found = [r for r in found if any(d in r.version for d in days)]
    return found[0] if len(found) == 1 else None


def check_document(doc: Document, reference: Reference, subjects: Subjects) -> list[Checked]:
    """Return one result for every 款, 项 and undivided article of the digest, in order."""
    version = doc.latest()
    out = [
        Checked(doc.id, x.label, 0, 0, () if x.label in reference.articles else ("原文没有这一条",))
        for x in version.listed
    ]
    known = [a.id.article for a in version.articles] + [x.label for x in version.listed]
    out += [
        Checked(doc.id, label, 0, 0, ("要点没有这一条，标题也没有列",))
        for label in reference.articles
        if label not in known
    ]
    for article in version.articles:
        source = reference.articles.get(article.id.article)
        if source is None:
            out.append(Checked(doc.id, article.id.article, 0, 0, ("原文没有这一条",)))
        else:
            out += _check_article(doc, article, source, reference, subjects)
    return out


def _check_article(
    doc: Document, article: Article, source: Article, reference: Reference, subjects: Subjects
) -> list[Checked]:
    said, given = _leaves(article), _leaves(source)
    to_article = not article.parts
    out = []
    if not to_article and _paragraphs(article) != _paragraphs(source):
        why = f"要点有 {_paragraphs(article)} 款，原文有 {_paragraphs(source)} 款"
        out.append(Checked(doc.id, article.id.article, 0, 0, (why,)))
    if to_article and source.parts and doc_has_parts(doc) and _paragraphs(source) > 1:
        why = f"要点有 1 款，原文有 {_paragraphs(source)} 款"
        out.append(Checked(doc.id, article.id.article, 0, 0, (why,)))
    whole = {k: _whole_paragraph(source, k) for k in said}
    for key, text in said.items():
        evidence = source.text if to_article else given.get(key) or whole[key] or source.text
        if key in said and _folded(key, said, given):
            evidence = whole[key] or source.text
        problems = _problems(text, evidence, source.text, reference, subjects)
        locator = article.id.article + _suffix(key)
        if key[1] is not None and given and key not in given and not to_article:
            problems.append("原文没有这一项")
        out.append(
            Checked(doc.id, locator, len(figures(text)), len(subjects.find(text)), tuple(problems))
        )
    if not to_article:
        out += _dropped_items(doc, article, said, given)
    return out


def doc_has_parts(doc: Document) -> bool:
    """True if the document's digest cites paragraphs at all (`locators: paragraph`)."""
    return any(a.parts for a in doc.latest().articles)


Key = tuple[int, int | None]


def _leaves(article: Article) -> dict[Key, str]:
    """Return paragraph leads and items by (款, 项); an undivided article is (1, None)."""
    if not article.parts:
        return {(1, None): article.text}
    out: dict[Key, str] = {}
    if all(p.id.paragraph is None for p in article.parts):
        out[1, None] = article.text.split("\n", 1)[0]
    for p in article.parts:
        if p.id.subitem is None:
            key = (p.id.paragraph or 1, p.id.item)
            out[key] = p.lead if p.id.item is None else p.text
    return out


def _folded(key: Key, said: dict[Key, str], given: dict[Key, str]) -> bool:
    """True if a paragraph whose source has items is restated in one line."""
    has = any(k[0] == key[0] and k[1] is not None for k in given)
    return key[1] is None and has and not any(k[0] == key[0] and k[1] is not None for k in said)


def _whole_paragraph(source: Article, key: Key) -> str:
    for p in source.parts:
        if p.id.item is None and (p.id.paragraph or 1) == key[0]:
            return p.text
    return source.text if key[0] == 1 else ""


def _paragraphs(article: Article) -> int:
    return max([p.id.paragraph or 1 for p in article.parts], default=1)


def _dropped_items(
    doc: Document, article: Article, said: dict[Key, str], given: dict[Key, str]
) -> list[Checked]:
    listed = {k[0] for k in said if k[1] is not None}
    lost = [k for k in given if k[1] is not None and k[0] in listed and k not in said]
    return [Checked(doc.id, article.id.article + _suffix(k), 0, 0, ("漏了这一项",)) for k in lost]


def _suffix(key: Key) -> str:
    out = f"第{key[0]}款" if key[0] > 1 or key[1] is None else ""
    return out + (f"第{key[1]}项" if key[1] is not None else "")


def _problems(
    said: str, evidence: str, article: str, reference: Reference, subjects: Subjects
) -> list[str]:
    """Return what of `said` is not in `evidence` or was lost; `article` holds the subjects."""
    named = [_canonical(m) for m in _REFERENCE.findall(said)]
    resolved = [reference.articles[n].text for n in named if n in reference.articles]
    points_back = _EARLIER.search(said) or _EARLIER.search(evidence)
    wide = "\n".join([article if points_back else evidence, *resolved])
    out = _figure_problems(said, evidence, wide)
    out += [f"时间词“{w}”不在原文" for w in sorted(time_words(said)) if w not in wide]
    everything = plain("\n".join([article, *resolved]))
    out += [f"主体“{s}”不在原文" for s in sorted(subjects.find(said)) if s not in everything]
    out += lost_or_added_modality(said, evidence)
    in_source = {_canonical(m) for m in _REFERENCE.findall(article)} | _ranges(article)
    shown = _BRACKETS.sub("", said)
    stated = dict.fromkeys([_canonical(m) for m in _REFERENCE.findall(shown)])
    out += [f"原文没有提到{n}" for n in stated if n not in in_source]
    foreign = {_canonical(m) for run in _runs(said) for m in _REFERENCE.findall(run)}
    own = {_canonical(m) for m in _REFERENCE.findall(_OF_ANOTHER.sub("", said))} - foreign
    out += [f"原文没有{n}" for n in sorted(own - set(reference.articles))]
    out += [f"原文没有提到{m}" for m in _MARKED.findall(said) if bare(m) not in bare(article)]
    if (run := longest_common_run(said, article)) > COPIED:
        out.append(f"连续 {run} 字与原文相同")
    return out


def _runs(said: str) -> list[str]:
    return [m[0] for m in _OF_ANOTHER.finditer(said)]


def _figure_problems(said: str, evidence: str, wide: str) -> list[str]:
    mine, theirs = figures(said), set(figures(wide))
    out = [f"数字“{f}”不在原文" for f in mine if f not in theirs and not _split_bound(f, theirs)]
    kept = {(f.value, f.unit) for f in mine}
    lost = [
        f for f in dict.fromkeys(figures(evidence))
        if f.unit in _WEIGHTY and (f.value, f.unit) not in kept and f.value != 0
    ]  # fmt: skip
    return out + [f"漏了数字“{f}”" for f in lost]


def _split_bound(figure: Figure, theirs: set[Figure]) -> bool:
    """A figure without a bound is confirmed by a source figure that has none stated after it."""
    if figure.bound:
        return False
    return any(
        (t.value, t.unit) == (figure.value, figure.unit) and t.bound in ("", "前", "后", "满")
        for t in theirs
    )


def _canonical(label: str) -> str:
    m = re.match(r"第(.+?)条(之.)?", label)
    if m is None or not m[1].isdigit():
        return label
    return article_label(to_int(m[1])) + (m[2] or "")


def _ranges(text: str) -> set[str]:
    out = set()
    for loc in find_locators(text):
        if loc.through:
            out |= {article_label(n) for n in range(loc.article, loc.through + 1)}
    return out


def vocabulary(held: dict[str, list[Reference]]) -> Subjects:
    """Return the names of bearers that the reference texts use."""
    return Subjects.of(a.text for refs in held.values() for r in refs for a in r.articles.values())


def write_report(path: Path, results: Iterable[Checked]) -> None:
    """Write one line per provision: id, locator, figures, subjects, pass or what fails."""
    rows = ["doc_id\tlocator\tfigures\tsubjects\tresult"]
    rows += [
        f"{c.doc_id}\t{c.locator}\t{c.figures}\t{c.subjects}\t{'；'.join(c.problems) or 'pass'}"
        for c in results
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Check digests; print what fails and one line of totals a document."""
    parser = argparse.ArgumentParser(prog="python -m eval.check_digests", description=__doc__)
    parser.add_argument("ids", nargs="*", help="ids of digests; all of them by default")
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--report", type=Path)
    args = parser.parse_args(argv)
    held = load_references(args.reference)
    subjects = vocabulary(held)
    results: list[Checked] = []
    for digest in load_digests():
        doc = digest.document
        if doc.is_policy or (args.ids and doc.id not in args.ids) or doc.confidence == "outline":
            continue
        reference = reference_for(doc, held)
        if reference is None:
            own = [Checked(doc.id, "全文", 0, 0, ("没有唯一的参照文本",))]
        else:
            own = check_document(doc, reference, subjects)
        for c in own:
            if c.problems:
                print(f"{c.doc_id} {c.locator}: {'；'.join(c.problems)}")
        bad = sum(bool(c.problems) for c in own)
        print(
            f"{doc.id}: {len(own)} provisions, {sum(c.figures for c in own)} figures, "
            f"{sum(c.subjects for c in own)} subjects, {bad} fail"
        )
        results += own
    if args.report:
        write_report(args.report, results)
    return 1 if any(c.problems for c in results) else 0


if __name__ == "__main__":
    sys.exit(main())
