"""Training questions as asked-as entries: `python -m eval.voices`.

Writes `kb/lexicon/asked/voices.jsonl` from the train sets that people wrote before they opened a
law. Tune and test questions never become entries. Two questions at once (style double) point to
two answers and are left out. While the ranker is trained, a question never finds its own entry.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from eval.queries import Query, load_queries
from kb.asked import ASKED
from kb.catalog import Catalog
from kb.citation import parse_locator
from kb.errors import KbError
from kb.library import load_library

SETS = (
    "train",
    "train_grown",
    "train_voices",
    "train_voices2",
    "train_voices3",
    "train_voices4",
    "train_voices5",
    "train_voices6",
)
VOICES = ASKED / "voices.jsonl"
_REFERENCE = re.compile(
    "(?P<title>.+?)(?P<article>第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)$"
)


def entries(catalog: Catalog) -> list[dict[str, Any]]:
    """Return the lines of the file: document, place in it, and what is asked, sorted."""
    held = _held_elsewhere()
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in SETS:
        for query in load_queries(name, "train"):
            if query.style != "double" and query.text not in held:
                for place in _places(catalog, query):
                    asked[place].append(query.text)
    return [
        {"doc": title, "at": at, "questions": list(dict.fromkeys(texts))}
        for (title, at), texts in sorted(asked.items())
    ]


def _held_elsewhere(folder: Path = ASKED) -> set[str]:
    """The questions that the other files ask."""
    return {
        question
        for path in folder.glob("*.jsonl")
        if path.name != VOICES.name
        for line in path.read_text(encoding="utf-8").splitlines()
        for question in json.loads(line)["questions"]
    }


def _places(catalog: Catalog, query: Query) -> list[tuple[str, str]]:
    """Return (title, locator) of every gold provision; the article where no 款 or 项 is named."""
    out = []
    for n, ref in enumerate(query.gold):
        m = _REFERENCE.match(ref)
        docs = catalog.by_name(m["title"]) if m else ()
        if m is None or len(docs) != 1 or docs[0].title != m["title"]:
            continue  # a policy entry, which has names of its own
        at = query.at[n] if n < len(query.at) else ""
        try:
            catalog.resolve(docs[0], parse_locator(at or m["article"]))
        except KbError:
            at = ""
        out.append((m["title"], at or m["article"]))
    return out


def render(rows: list[dict[str, Any]]) -> str:
    """Return the text of the file."""
    lines = (json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)
    return "".join(f"{line}\n" for line in lines)


def main(path: Path = VOICES) -> None:
    """Write the file and say how much it holds."""
    rows = entries(load_library().catalog)
    path.write_text(render(rows), encoding="utf-8")
    total = sum(len(r["questions"]) for r in rows)
    print(f"{total} questions at {len(rows)} places")


if __name__ == "__main__":
    main()
