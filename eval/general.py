"""General law: `python -m eval.general --questions FILE [--split tune|test] [--json]`.

Lay questions of general Chinese law (JSON lines with "query_id", "query" and "gold", a table of
reference → text) over the whole national library, `--scope all`: our search as it is shipped
against BM25 over the same articles in the same run. Only figures are printed. A gold article
counts if the library holds the same words in force today; questions without any are left out.
The questions are split by their articles, so that none stands on both sides; `tune` trains the
ranker of the whole library (`eval.train_general`), `test` is only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import AssistantError, BadInputError
from assistant.services import Services, Settings
from eval.metrics import mean, percentile, recall_at, reciprocal_rank
from eval.queries import Query, reference
from eval.rankers import Rank, corpus_of, lexical, searched
from indexer.errors import IndexingError
from kb.catalog import Catalog
from kb.errors import KbError
from kb.model import ProvisionId

REFERENCE = re.compile(
    "(?P<title>.+?)(?P<article>第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)$"
)
STATE = "中华人民共和国"
OURS, BIGRAM, WORDS = "知责", "二字 BM25", "词（jieba）BM25"
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class General:
    """Figures of one ranker: `recall` is the share of the gold articles in the first ten,
    `success` the share of questions with at least one of them."""

    n: int
    recall: float
    success: float
    r1: float
    mrr: float
    ms: float


def read_questions(path: Path, catalog: Catalog, articles: Sequence[ProvisionId]) -> list[Query]:
    """Return the questions whose gold is among `articles`, with their split.

    BadInputError names the first line that is no such question.
    """
    held = {(a.doc_id, _bare(catalog.article(a).text)): a for a in articles}
    found: list[tuple[str, str, list[ProvisionId]]] = []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            qid, text, gold = str(row["query_id"]), str(row["query"]), dict(row["gold"])
        except (ValueError, KeyError, TypeError) as e:
            raise BadInputError(
                f'{path}:{n}: {e}；每行应如 {{"query_id":…,"query":…,"gold":{{条文: 内容}}}}'
            ) from None
        right = [a for ref, words in gold.items() if (a := _article(catalog, held, ref, words))]
        if right:
            found.append((qid, text, right))
    splits = _splits([right for _, _, right in found], [qid for qid, _, _ in found])
    return [
        Query(qid, text, tuple(dict.fromkeys(reference(catalog, a) for a in right)), split)
        for (qid, text, right), split in zip(found, splits, strict=True)
    ]


def _article(
    catalog: Catalog, held: dict[tuple[str, str], ProvisionId], ref: str, words: str
) -> ProvisionId | None:
    m = REFERENCE.match(ref)
    if m is None:
        return None
    titles = {m["title"], STATE + m["title"]}
    docs = [d for t in sorted(titles) for d in catalog.by_name(t) if d.title in titles]
    return next((a for d in docs if (a := held.get((d.id, _bare(words))))), None)


def _bare(text: str) -> str:
    return _BLANK.sub("", text)


def _splits(gold: Sequence[Sequence[ProvisionId]], qids: Sequence[str]) -> list[str]:
    """Half of the questions each; those that share an article, also through others, together."""
    parent: dict[ProvisionId, ProvisionId] = {}

    def root(a: ProvisionId) -> ProvisionId:
        while parent.setdefault(a, a) != a:
            a = parent[a]
        return a

    for right in gold:
        for other in right[1:]:
            parent[root(other)] = root(right[0])
    names: dict[ProvisionId, str] = {}
    for right, qid in sorted(zip(gold, qids, strict=True), key=lambda x: (len(x[1]), x[1])):
        names.setdefault(root(right[0]), qid)
    return [_half(names[root(right[0])]) for right in gold]


def _half(name: str) -> str:
    return "test" if hashlib.sha256(f"general/{name}".encode()).digest()[-1] % 2 else "tune"


def evaluate(rank: Rank, queries: Sequence[Query]) -> General:
    """Return the figures of a ranker; gold articles are all wanted, not alternatives."""
    found, ms = [], []
    for q in queries:
        started = time.perf_counter()
        found.append(rank(q.text, 10))
        ms.append((time.perf_counter() - started) * 1000)
    pairs = [(r, set(q.gold)) for r, q in zip(found, queries, strict=True)]
    return General(
        len(pairs),
        mean([len(g & set(r)) / len(g) for r, g in pairs]),
        mean([recall_at(r, g, 10) for r, g in pairs]),
        mean([recall_at(r, g, 1) for r, g in pairs]),
        mean([reciprocal_rank(r, g) for r, g in pairs]),
        percentile(ms, 0.5),
    )


def compare(services: Services, queries: Sequence[Query]) -> dict[str, General]:
    """Return the figures of our search and of both BM25 over the same articles."""
    corpus = corpus_of(services, services.search.filters("all"), policies=False)
    rankers = {
        OURS: searched(services, "all"),
        BIGRAM: lexical(corpus),
        WORDS: lexical(corpus, services.tokenizer.words),
    }
    return {title: evaluate(rank, queries) for title, rank in rankers.items()}


def table(figures: dict[str, General]) -> str:
    """Return the Markdown table, each row with its ratio to the better BM25 in R@10."""
    best = max(f.recall for title, f in figures.items() if title != OURS)
    reached = max(f.success for title, f in figures.items() if title != OURS)
    lines = [
        "| 检索 | 题 | R@10（条文） | 比值 | 前十有一条 | 比值 | R@1 | MRR@10 | ms |",
        "|---" * 9 + "|",
    ]
    for title, f in figures.items():
        ratios = [x / y if y else 0.0 for x, y in ((f.recall, best), (f.success, reached))]
        lines.append(
            f"| {title} | {f.n} | {f.recall:.3f} | {ratios[0]:.2f} | {f.success:.3f} "
            f"| {ratios[1]:.2f} | {f.r1:.3f} | {f.mrr:.3f} | {f.ms:.0f} |"
        )
    return "\n".join(lines)


def open_questions(services: Services, path: Path) -> list[Query]:
    """Return the questions of a file that the whole library can answer today.

    BadInputError if the index holds the safety scope only.
    """
    if not services.index.manifest.whole_library:
        raise BadInputError("索引只有安全生产的部分；请不设 ZHIZE_SCOPE，再运行 zhize build")
    view = services.search.view(services.search.filters("all"))
    return read_questions(path, services.catalog, tuple(view.article(n) for n in range(len(view))))


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exit code 2 with one line on standard error if the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m eval.general", description=__doc__)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--split", default="test", choices=("tune", "test"))
    parser.add_argument("--limit", type=int, default=0, help="only the first so many")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    try:
        services = Services.open(Settings())
        queries = [q for q in open_questions(services, args.questions) if q.split == args.split]
    except (OSError, AssistantError, IndexingError, KbError) as e:
        print(str(e), file=sys.stderr)
        return 2
    figures = compare(services, queries[: args.limit or None])
    if args.json:
        rounded = {t: {k: round(v, 4) for k, v in asdict(f).items()} for t, f in figures.items()}
        print(json.dumps(rounded, ensure_ascii=False))
    else:
        print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
