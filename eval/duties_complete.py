"""Is every provision that names a bearer in its list, or else explained?

`python -m eval.duties_complete [--data DIR]` prints, for each word, how many 款 and 项 name it, how
many of them are in the lists and why the others are not. Exit code 1 if one is unaccounted for.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.duties.mentions import KEYWORDS, Fate, Mention, find_mentions
from assistant.services import Settings, open_duties
from kb.library import load_library


def table(found: dict[str, list[Mention]]) -> str:
    """Return one row a fate and one column a word, with the totals."""
    counts = {word: Counter(m.fate for m in mentions) for word, mentions in found.items()}
    rows = [["", *found]]
    rows.append(["提到的款、项", *(str(len(mentions)) for mentions in found.values())])
    rows += [[fate.value, *(str(counts[word][fate]) for word in found)] for fate in Fate]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table and what is unaccounted for; return 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder with a built index")
    args = parser.parse_args(argv)
    settings = Settings() if args.data is None else replace(Settings(), data=args.data)
    book = open_duties(settings, load_library(imports=settings.imports_root))
    found = {word: find_mentions(book, word) for word in KEYWORDS}
    print(table(found))
    missing = [m for mentions in found.values() for m in mentions if m.fate is Fate.UNACCOUNTED]
    for m in missing:
        print(f"没有说明：《{m.document.title}》{m.id.locator}　{m.text[:80]}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
