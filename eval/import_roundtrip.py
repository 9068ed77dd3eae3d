"""Statutes of the reference folder as DOCX and PDF, imported again: does every 条 come back?

`python -m eval.import_roundtrip` prints a table for twenty of them, `--all` for each that is
there. Texts are compared without white space; the numbers of 条 must be equal. Ends with 1 if
one of the twenty is not exact.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.documents import Written, WrittenArticle, write_docx, write_pdf
from indexer.clean import punctuation
from indexer.load import read
from indexer.understand import understand

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "laws"
TWENTY = (
    "上海市安全生产条例(2018-05-24)",
    "上海市职业病防治条例",
    "劳动法(2018-12-29)",
    "北京市安全生产条例(2022-05-25)",
    "北京市消防条例",
    "安全生产违法行为行政处罚办法(2025-11-27)",
    "山东省消防条例(2015-07-24)",
    "工会法(2021-12-24)",
    "广东省实施《消防法》办法(2022-03-29)",
    "建筑法(2019-04-23)",
    "河南省实施《矿山安全法》办法(2010-07-30)",
    "浙江省安全生产条例(2016-07-29)",
    "消防安全责任制实施办法(2017-10-29)",
    "消防法(2021-04-29)",
    "煤矿安全生产条例(2024-01-24)",
    "特种设备安全监督检查办法(2022-05-26)",
    "突发事件应对法(2024-06-28)",
    "行政许可法(2019-04-23)",
    "重庆市安全生产条例(2015-12-08)",
    "道路交通安全法(2021-04-29)",
)
WRITERS: dict[str, Callable[[Path, Written], None]] = {"docx": write_docx, "pdf": write_pdf}


@dataclass(frozen=True, slots=True)
class Row:
    """How one statute came back from one kind of file.

    `lines` counts the 条 whose 款 and 项 are divided as in the reference.
    """

    name: str
    kind: str
    articles: int
    found: int
    exact: int
    typographic: int
    lines: int
    seconds: float
    problems: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """True if every 条 came back, and none besides."""
        return self.articles == self.found == self.exact


def load(path: Path) -> Written:
    """Return a statute of the reference folder."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    articles = tuple(
        WrittenArticle(
            r["article"], r["text"], tuple(h for h in r["chapter"].split(" / ") if h.strip())
        )
        for r in rows
    )
    return Written(rows[0]["law"] if rows else "", articles)


def round_trip(law: Written, kind: str, folder: Path, name: str) -> Row:
    """Write the statute, read it again, and compare article by article."""
    path = folder / f"law.{kind}"
    WRITERS[kind](path, law)
    started = time.perf_counter()
    draft = understand(read(path), law.title)
    seconds = time.perf_counter() - started
    found = {a.label: a.text for a in draft.articles}
    exact = sum(_bare(found.get(a.label, "")) == _bare(a.text) for a in law.articles)
    alike = sum(
        _bare(punctuation(found.get(a.label, ""))) == _bare(punctuation(a.text))
        for a in law.articles
    )
    divided = sum(_lines(found.get(a.label, "")) == _lines(a.text) for a in law.articles)
    return Row(
        name, kind, len(law.articles), len(draft.articles), exact, alike - exact, divided, seconds,
        draft.problems,
    )  # fmt: skip


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _lines(text: str) -> list[str]:
    return [_bare(punctuation(line)) for line in text.split("\n")]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 1 if one of the twenty did not come back exactly."""
    parser = argparse.ArgumentParser(prog="eval.import_roundtrip", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every statute of the folder")
    parser.add_argument("--reference", type=Path, default=REFERENCE)
    args = parser.parse_args(argv)
    if not args.reference.is_dir():
        print(f"{args.reference} is not there; give --reference FOLDER", file=sys.stderr)
        return 2
    names = sorted(p.stem for p in args.reference.glob("*.jsonl")) if args.all else TWENTY
    print("| statute | file | 条 | found | exact | only punctuation differs | same 款, 项 | s |")
    print("|---|---|---|---|---|---|---|---|")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            law = load(args.reference / f"{name}.jsonl")
            for kind in WRITERS if law.articles else ():
                row = round_trip(law, kind, Path(folder), name)
                rows.append(row)
                print(
                    f"| {row.name} | {row.kind} | {row.articles} | {row.found} | {row.exact} "
                    f"| {row.typographic} | {row.lines} | {row.seconds:.2f} |"
                )
    whole = sum(r.is_exact for r in rows)
    print(f"\n{whole} of {len(rows)} files exact; {sum(r.exact for r in rows)} of ", end="")
    print(f"{sum(r.articles for r in rows)} 条 exact; {sum(r.seconds for r in rows):.1f} s reading")
    wanted = [r for r in rows if r.name in TWENTY]
    return 0 if all(r.is_exact for r in wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
