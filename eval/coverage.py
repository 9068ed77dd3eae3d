"""The coverage table of the README: `python -m eval.coverage`.

One row for every document of the safety scope that is not a law, and one for the laws together:
kind, wording held, articles with content, articles listed by heading only, how it was verified.
"""

from __future__ import annotations

from kb.catalog import Catalog
from kb.library import load_library
from kb.model import Document, Level, TextKind

_HEAD = "| 文件 | 层级 | 种类 | 所收文本 | 有内容的条 | 只列标题 | 核对 |\n|---|---|---|---|---|---|---|"


def table(catalog: Catalog) -> str:
    """Return the table as Markdown, laws first, then by level and title."""
    docs = [d for d in catalog if d.in_scope and d.text_kind is not TextKind.UNIT]
    laws = [d for d in docs if d.text_kind is TextKind.TEXT]
    digests = [d for d in docs if d.text_kind is TextKind.DIGEST and not d.is_policy]
    entries = [d for d in docs if d.is_policy]
    order = {level: n for n, level in enumerate(Level)}
    digests.sort(key=lambda d: (order[d.level], d.title))
    articles = sum(d.covers(a) for d in laws for a in d.latest().articles)
    rows = [
        f"| {len(laws)} 部法律 | 法律 | 原文 | 数据包固定版本 | {articles} | 0 | 数据包，缺陷有测试 |"
    ]
    rows += [_row(d) for d in digests]
    sure = sum(d.confidence == "verified" for d in entries)
    sections = sum(len(d.latest().articles) for d in entries)
    rows.append(
        f"| {len(entries)} 个政策措施和文件提纲 | 多种 | 要点 | 各条注明 | {sections} 节 | 0 "
        f"| {sure} 个 verified，{len(entries) - sure} 个 outline |"
    )
    return "\n".join([_HEAD, *rows])


def _row(doc: Document) -> str:
    version = doc.latest()
    since = version.effective_on.isoformat()
    gone = doc.repealed_on()
    held = f"{since} 起" + (f"，{gone.isoformat()} 废止" if gone else "")
    return (
        f"| {doc.title} | {doc.level.value} | 要点 | {held} | {len(version.articles)} "
        f"| {len(version.listed)} | 程序逐条核对，另读一遍 |"
    )


if __name__ == "__main__":
    print(table(load_library().catalog))
