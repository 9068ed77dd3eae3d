"""Measures asked by name: `python -m eval.measures [--split tune|test] [--show]`.

For every question of eval/queries/measures.jsonl: is it answered from the right entry, are the
parts of the measure complete where they are asked for, and does a notice say whether it is law
or policy? Prints the three shares and, with `--show`, what failed.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from assistant.answers import Answer, Outcome
from assistant.errors import BadInputError
from assistant.services import Services, Settings
from eval.metrics import mean
from eval.queries import Query, canonical, load_queries, reference
from kb.model import Article, Document, ProvisionId


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: right entry, parts complete, nature told; `why` says what failed."""

    entry: bool
    parts: bool
    nature: bool
    why: str = ""

    @property
    def right(self) -> bool:
        """True if nothing is missing."""
        return self.entry and self.parts and self.nature


def judge(services: Services, query: Query) -> Judged:
    """Return how the answer to one question stands."""
    try:
        answer = services.ask(query.text)
    except BadInputError as e:
        return Judged(False, False, False, str(e))
    if answer.outcome != Outcome.ANSWER:
        return Judged(False, False, False, f"refused: {answer.headline}")
    gold = set(canonical(services.catalog, query.gold))
    quoted = [q for q in answer.citations if _ref(services, q.provision.id.in_article) in gold]
    if not quoted or _ref(services, answer.citations[0].provision.id.in_article) not in gold:
        return Judged(False, False, False, f"from {answer.headline}")
    entry = next((q.document for q in quoted if q.document.is_policy), None)
    if entry is None:
        return Judged(True, True, True)
    lost = _lost_parts(answer, entry) if query.style in ("what", "parts") else ""
    told = any(f"“{entry.title}”是" in n for n in answer.notices)
    return Judged(True, not lost, told, lost or ("" if told else "no notice of its nature"))


def _ref(services: Services, article: ProvisionId) -> str:
    return reference(services.catalog, article)


def _lost_parts(answer: Answer, entry: Document) -> str:
    """Return the first line of the section 内容 that is not quoted, '' if it is complete."""
    content: Article | None = entry.latest().article("内容")
    if content is None:
        return ""
    said = "\n".join(s.text for s in answer.statements)
    return next((line for line in content.text.split("\n") if line[:20] not in said), "")


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.measures", description=__doc__)
    parser.add_argument("--split", default="", choices=("", "train", "tune", "test"))
    parser.add_argument("--set", default="measures", help="measures or measures_train")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    services = Services.open(Settings())
    results = [(q, judge(services, q)) for q in load_queries(args.set, args.split)]
    if args.show:
        for q, j in results:
            if not j.right:
                print(f"{q.qid} {q.style} {q.text} -> {j.why}")
    shares = {
        "right entry": mean([float(j.entry) for _, j in results]),
        "parts complete": mean([float(j.parts) for _, j in results]),
        "nature told": mean([float(j.nature) for _, j in results]),
        "all": mean([float(j.right) for _, j in results]),
    }
    print(f"n {len(results)}  " + "  ".join(f"{k} {v:.3f}" for k, v in shares.items()))


if __name__ == "__main__":
    main()
