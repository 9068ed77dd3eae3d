"""What the data set holds: questions per set and split, per style, per document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from eval.queries import Query, canonical, load_queries
from kb.catalog import Catalog

RETRIEVAL = {
    "colloquial": "口语，基层干部、企业和职工",
    "colloquial2": "口语，另一个人写",
    "rough": "不规整的口语",
    "exam": "考试题干",
    "grown": "法规、规章、地方条例",
    "measures": "措施和口号",
    "answerable": "条号、口号、定义",
    "train": "口语，训练用",
    "train_voices": "口语和不规整，训练用",
    "train_voices2": "同上，第二批",
    "train_voices3": "同上，第三批",
    "train_voices4": "同上，第四批",
    "train_voices5": "同上，第五批，都是拐弯抹角的问法",
    "train_voices6": "同上，第六批，各行各业的说法",
    "train_grown": "法规、规章、地方条例，训练用",
    "train_exam": "考试题干，训练用",
    "measures_train": "措施和口号，训练用",
}
"""Sets with gold provisions, in the order of the tables."""
DECISION = {
    "refuse": "应当拒答",
    "refuse_train": "应当拒答，训练用",
    "time": "问到时间，对错看回答",
}
"""Sets without relevance judgements: what counts is whether and how the program answers."""
JUDGED = ("colloquial", "colloquial2", "rough", "exam", "grown", "measures", "answerable")
"""Sets with a test split that rankers are compared on."""
SPLITS = ("train", "tune", "test")
STYLES = {
    "plain": "平常说法", "fragment": "片断", "typo": "错别字", "dialect": "方言", "story": "长故事",
    "wrong_term": "用错词或旧称", "double": "一句两问", "indirect": "拐弯问",
}  # fmt: skip
FEW = 8
"""Documents asked about less often in the test splits share one line of the table."""
_ARTICLE = re.compile(r"第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?$")


def document_of(reference: str) -> str:
    """Return the title in a gold reference: 《…法》第九条 → …法; a policy entry is its own."""
    return _ARTICLE.sub("", reference)


def sets_table() -> str:
    """Return the Markdown table of sets: questions per split."""
    lines = ["| 题集 | 内容 | train | tune | test | 合计 |", "|---|---|---|---|---|---|"]
    totals: Counter[str] = Counter()
    for name, what in {**RETRIEVAL, **DECISION}.items():
        counts = Counter(q.split for q in load_queries(name))
        totals += counts
        cells = " | ".join(str(counts[s]) for s in SPLITS)
        lines.append(f"| {name} | {what} | {cells} | {counts.total()} |")
    cells = " | ".join(str(totals[s]) for s in SPLITS)
    return "\n".join([*lines, f"| 合计 | | {cells} | {totals.total()} |"]) + "\n"


def styles_table() -> str:
    """Return the Markdown table of the ways of asking: questions per split, all sets together."""
    counts = Counter((q.style, q.split) for name in RETRIEVAL for q in load_queries(name))
    lines = ["| 问法 | | train | tune | test |", "|---|---|---|---|---|"]
    for style, title in STYLES.items():
        cells = " | ".join(str(counts[style, s]) for s in SPLITS)
        lines.append(f"| {style} | {title} | {cells} |")
    return "\n".join(lines) + "\n"


def documents_table(catalog: Catalog) -> str:
    """Return the Markdown table of documents: test questions that each answers, most first."""
    queries = [q for name in JUDGED for q in load_queries(name, "test")]
    counts = Counter(d for q in queries for d in documents(catalog, q))
    often = sorted(((n, d) for d, n in counts.items() if n >= FEW), key=lambda x: (-x[0], x[1]))
    rest = [n for n in counts.values() if n < FEW]
    lines = ["| 文件 | test 题 |", "|---|---|", *(f"| {d} | {n} |" for n, d in often)]
    return "\n".join([*lines, f"| 其余 {len(rest)} 件 | {sum(rest)} |"]) + "\n"


def documents(catalog: Catalog, query: Query) -> Iterable[str]:
    """Return the documents that answer the question, each once."""
    return dict.fromkeys(document_of(r) for r in canonical(catalog, query.gold))


def composition(catalog: Catalog) -> str:
    """Return the three tables as they stand in the README."""
    return "\n".join(
        (
            sets_table(),
            "各种问法（有标明的题）：\n",
            styles_table(),
            f"test 题落在哪些文件上（一题可落在几件上；不到 {FEW} 题的合并）：\n",
            documents_table(catalog),
        )
    )
