"""Rankers side by side on the test splits, and the score of a run that somebody else made."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BadInputError
from assistant.services import Services
from eval.benchmark.composition import JUDGED, STYLES
from eval.benchmark.export import corpus_rows, question_id
from eval.metrics import mean, ndcg_at, percentile, recall_at, reciprocal_rank
from eval.queries import Query, canonical, load_queries
from eval.rankers import (
    Rank,
    corpus_of,
    embedded,
    fixed_mix,
    fused,
    lexical,
    package_search,
    searched,
)
from kb.catalog import Catalog

DEPTH = 10
OURS = "知责（发布的配置）"
SYSTEMS = (
    OURS,
    "知责，固定线性加权代替学习的排序",
    "词（jieba）BM25",
    "二字 BM25",
    "只用向量",
    "二字 BM25 与向量的名次融合",
    "数据包自带检索",
)
HEAD = "| R@1 | R@5 | R@10 | MRR@10 | nDCG@10 |"


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over `n` questions; `ms` is the median time of one, 0 for a run from a file."""

    n: int
    r1: float
    r5: float
    r10: float
    mrr: float
    ndcg: float
    ms: float = 0.0

    @property
    def cells(self) -> str:
        """The five measures as cells of a table."""
        return " | ".join(f"{x:.3f}" for x in (self.r1, self.r5, self.r10, self.mrr, self.ndcg))


def measured(
    ranked: Sequence[Sequence[str]], gold: Sequence[Collection[str]], ms: Sequence[float] = ()
) -> Figures:
    """Return the figures of ranked references against gold ones, one list a question."""
    pairs = list(zip(ranked, gold, strict=True))
    r1, r5, r10 = (mean([recall_at(r, g, k) for r, g in pairs]) for k in (1, 5, DEPTH))
    mrr = mean([reciprocal_rank(r, g, DEPTH) for r, g in pairs])
    ndcg = mean([ndcg_at(r, g, DEPTH) for r, g in pairs])
    return Figures(len(pairs), r1, r5, r10, mrr, ndcg, percentile(ms, 0.5))


def run(rank: Rank, queries: Sequence[Query], catalog: Catalog) -> Figures:
    """Return the figures of a ranker on these questions."""
    ranked, ms = [], []
    for q in queries:
        started = time.perf_counter()
        ranked.append(rank(q.text, DEPTH))
        ms.append((time.perf_counter() - started) * 1000)
    return measured(ranked, [canonical(catalog, q.gold) for q in queries], ms)


def systems(services: Services) -> Iterator[tuple[str, Rank]]:
    """Yield the rankers of the table over one collection; one that cannot run is left out."""
    corpus = corpus_of(services)
    grams, vectors = lexical(corpus), embedded(services, corpus)
    makers: tuple[Callable[[], Rank | None], ...] = (
        lambda: searched(services),
        lambda: fixed_mix(services),
        lambda: lexical(corpus, services.tokenizer.words),
        lambda: grams,
        lambda: vectors,
        lambda: fused((grams, vectors)),
        lambda: package_search(corpus_of(services, policies=False)),
    )
    for title, make in zip(SYSTEMS, makers, strict=True):
        rank = make()
        if rank is not None:
            yield title, rank


def leaderboard(services: Services, sets: Sequence[str] = JUDGED) -> str:
    """Return the tables: every ranker on every set's test split, and ours on rough by style."""
    rankers = list(systems(services))
    lines = [f"| 题集 | 检索 {HEAD} ms |", "|---" * 8 + "|"]
    for name in sets:
        queries = load_queries(name, "test")
        for title, rank in rankers:
            rank(queries[0].text, DEPTH)
            f = run(rank, queries, services.catalog)
            shown = f"**{title}**" if title == OURS else title
            lines.append(f"| {name} {f.n} 问 | {shown} | {f.cells} | {f.ms:.0f} |")
    by_style = styles(searched(services), load_queries("rough", "test"), services.catalog)
    return "\n".join(lines) + "\n\nrough 按问法（知责，发布的配置）：\n\n" + by_style


def styles(rank: Rank, queries: Sequence[Query], catalog: Catalog) -> str:
    """Return the Markdown table of a ranker's figures per style of asking."""
    lines = [f"| 问法 | 题数 {HEAD}", "|---" * 7 + "|"]
    for style, part in grouped(queries).items():
        f = run(rank, part, catalog)
        title = f"{style} {STYLES[style]}" if style in STYLES else style or "未标"
        lines.append(f"| {title} | {f.n} | {f.cells} |")
    return "\n".join(lines) + "\n"


def grouped(queries: Sequence[Query]) -> dict[str, list[Query]]:
    """Return the questions by style, in the order of `STYLES`, then by name."""
    found = {q.style for q in queries}
    order = [s for s in STYLES if s in found] + sorted(found - set(STYLES))
    return {s: [q for q in queries if q.style == s] for s in order}


def score(catalog: Catalog, lines: Sequence[str], sets: Sequence[str] = JUDGED) -> str:
    """Return the table of a TREC run (question, Q0, provision, rank, score, tag).

    Questions that the run leaves out count as not found. BadInputError names the first line that
    is no such line, or a provision that the corpus does not hold.
    """
    known = {row["id"]: str(row["reference"]) for row in corpus_rows(catalog, texts=False)}
    found = _read_run(lines, known)
    rows = [f"| 题集 {HEAD}", "|---" * 6 + "|"]
    for name in sets:
        queries = load_queries(name, "test")
        ranked = [found.get(question_id(name, q.qid), []) for q in queries]
        f = measured(ranked, [canonical(catalog, q.gold) for q in queries])
        rows.append(f"| {name} {f.n} 问 | {f.cells} |")
    return "\n".join(rows) + "\n"


def _read_run(lines: Sequence[str], known: Mapping[str, str]) -> dict[str, list[str]]:
    places: dict[str, list[tuple[float, int, str]]] = {}
    for n, line in enumerate(lines, 1):
        try:
            qid, _, pid, rank, value, _ = line.split()
            place = (-float(value), int(rank), known[pid])
        except ValueError:
            raise BadInputError(
                f"第 {n} 行不是“题号 Q0 条文编号 名次 得分 名称”六栏：{line.strip()[:60]}"
            ) from None
        except KeyError:
            raise BadInputError(f"第 {n} 行的条文编号 {pid} 不在 corpus.jsonl 里") from None
        places.setdefault(qid, []).append(place)
    return {q: list(dict.fromkeys(r for *_, r in sorted(p)))[:DEPTH] for q, p in places.items()}


def between(path: Path, marker: str) -> str:
    """Return what stands between the markers of that name in a file; ValueError if they miss."""
    text = path.read_text(encoding="utf-8")
    begin, end = _marks(marker)
    if begin not in text or end not in text:
        raise ValueError(f"{path}: {begin} … {end} is missing")
    return text.split(begin, 1)[1].split(end, 1)[0]


def write_between(path: Path, marker: str, body: str) -> None:
    """Put `body` between the markers of that name; ValueError if they miss."""
    begin, end = _marks(marker)
    old = begin + between(path, marker) + end
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, f"{begin}\n{body}\n{end}"), encoding="utf-8")


def _marks(marker: str) -> tuple[str, str]:
    return f"<!-- {marker} -->", f"<!-- /{marker} -->"
