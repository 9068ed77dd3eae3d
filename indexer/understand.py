"""A file as text → a document: facts, articles, and what the keeper must look at first.

Warnings are worth reading; with problems a document waits for confirmation before anything is
answered from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.clean import clean
from indexer.errors import RefusedFileError
from indexer.facts import find_facts
from indexer.load.raw import RawText
from indexer.outline import article_texts, is_outline
from indexer.segment import WHOLE, Statute, segment
from kb.citation import article_label, parse_locator
from kb.errors import CitationError
from kb.imports import ArticleText, Facts
from kb.numerals import to_chinese

_ORDER = re.compile("^(?:条文从|条号|.*连续出现两次)")
"""The warnings of the segmenter that `numbering_problems` says better, with pages."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was understood of a file, before anybody confirmed it."""

    facts: Facts
    articles: tuple[ArticleText, ...]
    warnings: tuple[str, ...]
    problems: tuple[str, ...]
    preface: tuple[str, ...]
    endnotes: tuple[str, ...]
    outline: bool = False
    """True for a notice whose articles are its numbered headings."""


def understand(raw: RawText, name: str) -> Draft:
    """Return the document in `raw`; `name` is its file's name without ending.

    RefusedFileError if the text has neither 第X条 nor numbered headings.
    """
    statute = segment(clean(raw.text, wrapped=raw.wrapped).text)
    labels = [a.id.article for a in statute.articles]
    if not labels or labels == [WHOLE]:
        raise RefusedFileError(
            "没有读到“第一条”，也没有“一、”“（一）”这样的编号，没法标出处；请检查是不是选错了文件"
        )
    outline = is_outline(statute.articles)
    articles = _with_pages(article_texts(statute.articles), raw)
    texts = [a.text for a in articles]
    found = find_facts(statute.preface, texts, statute.endnotes, name)
    numbering = tuple(_outline_problems(articles) if outline else numbering_problems(articles))
    own = [w for w in statute.warnings if not _ORDER.match(w)]
    problems = (*raw.problems, *found.problems, *numbering, *_empty(articles))
    return Draft(
        found.facts,
        articles,
        (*raw.warnings, *found.warnings, *own, *_left_out(statute, outline)),
        problems,
        statute.preface,
        statute.endnotes,
        outline,
    )


def numbering_problems(articles: Sequence[ArticleText]) -> Iterator[str]:
    """Yield a sentence for every gap, repeat and step back in the 条 numbers, with the page."""
    numbers = [(a, *_number(a.label)) for a in articles]
    if numbers and numbers[0][1:] != (1, 0):
        yield f"条文从{numbers[0][0].label}开始，前面缺第一条"
    for (before, n, suffix), (after, m, other) in pairwise(numbers):
        if (m, other) in ((n + 1, 0), (n, suffix + 1)):
            continue
        where = _page(after)
        if (m, other) == (n, suffix):
            yield f"{article_label(n, suffix or None)}出现了两次{where}"
        elif (m, other) < (n, suffix):
            yield f"条号倒退：{before.label}之后是{after.label}{where}"
        elif m > n + 1:
            missing = f"第{to_chinese(n + 1)}条"
            through = f"至第{to_chinese(m - 1)}条" if m > n + 2 else ""
            yield f"缺{missing}{through}：{before.label}之后是{after.label}{where}"
        else:
            yield f"条号不连续：{before.label}之后是{after.label}{where}"


def _number(label: str) -> tuple[int, int]:
    try:
        found = parse_locator(re.sub(r"〔\d+〕$", "", label))
    except CitationError:
        return 0, 0
    return found.article, found.suffix or 0


def _page(article: ArticleText) -> str:
    return f"（第 {article.page} 页）" if article.page else ""


def _outline_problems(articles: Sequence[ArticleText]) -> Iterator[str]:
    for article in articles:
        if re.search(r"〔\d+〕$", article.label):
            yield f"编号“{article.label[:-3]}”出现了不止一次{_page(article)}"


def _empty(articles: Sequence[ArticleText]) -> Iterator[str]:
    for article in articles:
        if not article.text.strip():
            yield f"{article.label}没有文字{_page(article)}"


def _left_out(statute: Statute, outline: bool) -> Iterator[str]:
    if outline:
        yield "没有“第X条”，按“一、”“（一）”等编号收入，出处写作“三、（二）”"
    extra = [line for line in statute.endnotes if len(line) > 30]
    if len(extra) > 2:
        yield f"正文后面还有附件等 {len(statute.endnotes)} 行，存了原件，但不作为条文回答"


def _with_pages(articles: tuple[ArticleText, ...], raw: RawText) -> tuple[ArticleText, ...]:
    """Return the articles with the page on which each label is printed, where there are pages."""
    if not raw.pages:
        return articles
    lines = [(re.sub(r"\s", "", line.text), line.page) for line in raw.lines]
    out: list[ArticleText] = []
    at = 0
    for article in articles:
        label = re.sub(r"〔\d+〕$", "", article.label)
        start = label if label.startswith("第") else re.split("(?<=、)", label)[-1] or label
        found = next((i for i in range(at, len(lines)) if lines[i][0].startswith(start)), None)
        if found is not None:
            at = found + 1
            article = replace(article, page=lines[found][1])
        out.append(article)
    return tuple(out)
