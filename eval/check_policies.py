"""Policy entries against what they rest on: `python -m eval.check_policies --reference DIR`.

A policy entry describes a measure, so there is no one text to hold it against. Every figure and
date of it must stand in a provision that its line cites or that the entry names as its basis, in
a document of the reference folder (`policy-news/*.txt`), or in `kb/sources/attested.tsv`, which
names for each remaining one the public source in which it was read. `--report FILE` writes one
line per section. Exit code 1 if a figure rests on nothing, or a footing does not resolve.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eval.claims import figures
from kb.catalog import Catalog
from kb.citation import find_citations
from kb.digests import SOURCES, load_digests
from kb.errors import KbError
from kb.model import Document
from kb.statutes import load_statutes

ATTESTED = SOURCES / "attested.tsv"
_DATE = re.compile(r"((?:19|20)\d\d)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
COLUMNS = ("doc_id", "heading", "claim", "source", "read_on")


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an entry: its claims by what carries them, and what carries nothing."""

    doc_id: str
    heading: str
    by_provision: int
    by_reference: int
    attested: int
    problems: tuple[str, ...]


def claims(text: str) -> set[str]:
    """Return the dates and figures of `text` in one spelling: 2012-04-17, 30人以上."""
    out = {"-".join(f"{int(x):02}" for x in m.groups() if x) for m in _DATE.finditer(text)}
    return out | {str(f) for f in figures(_DATE.sub("　", text))}


def read_attested(path: Path = ATTESTED) -> dict[tuple[str, str], dict[str, str]]:
    """Return (entry, section) → claim → source. KbError-free: ValueError names a bad line."""
    out: dict[tuple[str, str], dict[str, str]] = {}
    if not path.exists():
        return out
    with path.open(encoding="utf-8", newline="") as f:
        for n, row in enumerate(csv.DictReader(f, delimiter="\t"), 2):
            if any(not row.get(c) for c in COLUMNS):
                raise ValueError(f"{path}:{n}: 每行要有 {'、'.join(COLUMNS)}")
            out.setdefault((row["doc_id"], row["heading"]), {})[row["claim"]] = row["source"]
    return out


def check_entry(
    doc: Document,
    catalog: Catalog,
    reference: set[str],
    attested: dict[tuple[str, str], dict[str, str]],
) -> list[Section]:
    """Return one result per section of a policy entry."""
    basis, problems = _provisions("；".join(doc.basis), catalog)
    out = [Section(doc.id, "法律依据（文件头）", len(doc.basis), 0, 0, tuple(problems))]
    out.append(_events_section(doc, catalog, reference, attested.get((doc.id, "经过"), {})))
    for article in doc.latest().articles:
        sources = attested.get((doc.id, article.id.article), {})
        counts, lost = [0, 0, 0], []
        for line in article.text.split("\n"):
            cited, unresolved = _provisions(line, catalog)
            lost += unresolved
            held = claims(cited) | claims(basis) | _own_dates(line, catalog)
            for claim in sorted(claims(line)):
                place = _place(claim, held, reference, sources)
                if place is None:
                    lost.append(f"“{claim}”没有出处")
                else:
                    counts[place] += 1
        a, b, c = counts
        out.append(Section(doc.id, article.id.article, a, b, c, tuple(lost)))
    return out


def _events_section(
    doc: Document, catalog: Catalog, reference: set[str], sources: dict[str, str]
) -> Section:
    counts, lost = [0, 0, 0], []
    for event in doc.events:
        held = _own_dates(event.note, catalog)
        place = _place(event.on.isoformat(), held, reference, sources)
        if place is None:
            lost.append(f"“{event.on.isoformat()}”没有出处")
        else:
            counts[place] += 1
    a, b, c = counts
    return Section(doc.id, "经过", a, b, c, tuple(lost))


def _place(claim: str, held: set[str], reference: set[str], sources: dict[str, str]) -> int | None:
    for n, known in enumerate((held, reference, set(sources))):
        if claim in known:
            return n
    return None


def _provisions(text: str, catalog: Catalog) -> tuple[str, list[str]]:
    """Return the words of every provision that `text` cites, and what does not resolve."""
    words, problems = [], []
    for citation in find_citations(text, catalog.find_mentions):
        if citation.mention is None or len(citation.mention.doc_ids) != 1:
            continue
        try:
            doc = catalog.get(citation.mention.doc_ids[0])
            words.append(catalog.article(catalog.resolve(doc, citation.locator).id).text)
        except KbError as e:
            problems.append(str(e))
    return "\n".join(words), problems


def _own_dates(line: str, catalog: Catalog) -> set[str]:
    """The dates, in every length, on which documents that the line names were issued or took effect."""
    out: set[str] = set()
    for mention in catalog.find_mentions(line):
        for doc_id in mention.doc_ids:
            doc = catalog.get(doc_id)
            if doc.is_policy:
                continue
            days = [e.on for e in doc.events] + [v.effective_on for v in doc.versions]
            days += [v.ended_on for v in doc.versions if v.ended_on]
            for day in days:
                iso = day.isoformat()
                out |= {iso, iso[:7], iso[:4]}
    return out


def main(argv: list[str] | None = None) -> int:
    """Check the policy entries; print what rests on nothing and the totals."""
    parser = argparse.ArgumentParser(prog="python -m eval.check_policies", description=__doc__)
    parser.add_argument("ids", nargs="*", help="ids of entries; all of them by default")
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--report", type=Path)
    args = parser.parse_args(argv)
    texts = [p.read_text(encoding="utf-8") for p in sorted(args.reference.glob("*.txt"))]
    reference = set().union(*map(claims, texts))
    digests = [d.document for d in load_digests()]
    catalog = Catalog([*load_statutes(), *digests])
    attested = read_attested()
    results = [
        section
        for doc in digests
        if doc.is_policy and (not args.ids or doc.id in args.ids)
        for section in check_entry(doc, catalog, reference, attested)
    ]
    for s in results:
        for problem in s.problems:
            print(f"{s.doc_id} {s.heading}: {problem}")
    _totals(results)
    if args.report:
        write_report(args.report, results)
    return 1 if any(s.problems for s in results) else 0


def _totals(results: list[Section]) -> None:
    print(
        f"{len({s.doc_id for s in results})} entries, {len(results)} sections: "
        f"{sum(s.by_provision for s in results)} claims by provision, "
        f"{sum(s.by_reference for s in results)} by reference, "
        f"{sum(s.attested for s in results)} attested, "
        f"{sum(len(s.problems) for s in results)} without footing"
    )


def write_report(path: Path, results: Iterable[Section]) -> None:
    """Write one line per section: entry, section, claims by kind of footing, pass or problems."""
    rows = ["doc_id\tsection\tby_provision\tby_reference\tattested\tresult"]
    rows += [
        f"{s.doc_id}\t{s.heading}\t{s.by_provision}\t{s.by_reference}\t{s.attested}\t"
        f"{'；'.join(s.problems) or 'pass'}"
        for s in results
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
