"""The committed verification reports are those of the digests as they stand."""

import csv
from pathlib import Path

from eval.check_digests import leaves
from kb.digests import load_digests

REPORTS = Path(__file__).parents[2] / "eval" / "reports"


def rows(name: str) -> list[dict[str, str]]:
    with (REPORTS / name).open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t"))


def test_every_provision_of_every_digest_passed_as_it_stands() -> None:
    reported = {(r["doc_id"], r["locator"], r["mark"]): r["result"] for r in rows("digests.tsv")}
    for digest in load_digests():
        doc = digest.document
        if doc.is_policy or doc.confidence == "outline":
            continue
        for locator, mark in leaves(doc):
            assert reported.get((doc.id, locator, mark)) == "pass", (
                f"{doc.id} {locator}: run python -m eval.check_digests --reference DIR "
                "--report eval/reports/digests.tsv again"
            )


def test_nothing_in_the_reports_failed() -> None:
    assert {r["result"] for r in rows("digests.tsv")} == {"pass"}
    assert {r["result"] for r in rows("policies.tsv")} == {"pass"}


def test_every_section_of_every_entry_was_checked() -> None:
    reported = {(r["doc_id"], r["section"]) for r in rows("policies.tsv")}
    for digest in load_digests():
        doc = digest.document
        if doc.is_policy:
            for article in doc.latest().articles:
                assert (doc.id, article.id.article) in reported, (
                    f"{doc.id} {article.id.article}: run python -m eval.check_policies again"
                )
