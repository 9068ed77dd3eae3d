"""The round trip of statutes through DOCX and PDF."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.documents import Written, WrittenArticle
from eval.import_roundtrip import REFERENCE, TWENTY, WRITERS, load, main, round_trip
from kb.citation import article_label
from kb.model import Document
from kb.statutes import load_statutes

LAWS = [
    d for d in load_statutes() if d.in_scope and d.short in ("安全生产法", "消防法", "矿山安全法")
]


def written(law: Document) -> Written:
    articles = (WrittenArticle(a.id.article, a.text, a.path) for a in law.latest().articles)
    return Written(law.title, tuple(articles))


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("law", LAWS, ids=[d.short for d in LAWS])
def test_a_law_of_the_data_package_comes_back_exactly(
    tmp_path: Path, law: Document, kind: str
) -> None:
    row = round_trip(written(law), kind, tmp_path, law.short)
    assert row.is_exact
    assert row.lines == row.articles
    assert row.problems == ()


@pytest.mark.parametrize("name", TWENTY)
def test_a_statute_of_the_reference_comes_back_exactly(tmp_path: Path, name: str) -> None:
    if not REFERENCE.is_dir():
        pytest.skip(f"{REFERENCE} is not there")
    law = load(REFERENCE / f"{name}.jsonl")
    for kind in WRITERS:
        row = round_trip(law, kind, tmp_path, name)
        assert row.is_exact, row


def test_the_table_names_a_folder_that_is_not_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--reference", str(tmp_path / "none")]) == 2
    assert "--reference" in capsys.readouterr().err


SENTENCE = st.sampled_from(
    (
        "乡镇人民政府应当定期检查。",
        "违反本办法第九条规定的，依照第十条处罚。",
        "企业主要负责人对本单位的安全生产工作全面负责；分管负责人对分管范围内的安全生产工作负责。",
    )
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=6).map("".join)


@given(
    st.lists(st.lists(PARAGRAPH, min_size=1, max_size=3).map("\n".join), min_size=2, max_size=12)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_rules_come_back_from_word_and_pdf(tmp_path: Path, texts: list[str]) -> None:
    articles = [WrittenArticle(article_label(n), text) for n, text in enumerate(texts, 1)]
    law = Written("某县安全生产办法", tuple(articles))
    for kind in WRITERS:
        row = round_trip(law, kind, tmp_path, "any")
        assert row.is_exact, (kind, texts)
