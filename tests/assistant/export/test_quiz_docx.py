"""The paper and its answer sheet read back from Word, and turned into pages by LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from docx.oxml.ns import qn

from assistant.export.quiz_docx import columns_for, paper_docx
from assistant.export.quiz_key_docx import COLUMNS, key_docx
from assistant.export.quiz_wording import basis_lines
from assistant.quiz.draw import make_paper
from assistant.quiz.model import BLANK, RIGHT, Kind
from assistant.quiz.paper import CHOICES, Paper, Slot, versions
from assistant.services import Services
from tests.assistant.export.test_duties_docx import read, rows
from tests.assistant.quiz.fakes import FakeGenerator, plan

SOFFICE = shutil.which("soffice")
GAP = "（" + "\N{NO-BREAK SPACE}" * 6 + "）"


@pytest.fixture(scope="session")
def paper(services: Services) -> Paper:
    source = services.quiz_source()
    return make_paper(plan(source), FakeGenerator(source), source)


def lines(data: bytes) -> list[str]:
    return [p.text for p in read(data).paragraphs]


def test_the_head_has_title_lines_for_names_and_a_table_for_scores(paper: Paper) -> None:
    words = lines(paper_docx(paper))
    assert words[0] == "月度考试"
    assert "满分：94 分" in words[1]
    assert all(f"{x}：___" in words[2] for x in ("单位", "姓名", "日期"))
    table = rows(read(paper_docx(paper)))
    assert table[0] == ["题号", "一", "二", "三", "四", "五", "六", "总分"]
    assert table[1] == ["满分", "24", "24", "10", "6", "20", "10", "94"]
    assert table[2] == ["得分", *[""] * 7]
    section = read(paper_docx(paper)).sections[0]
    assert section.footer.paragraphs[0].text == "第 1 页　共 1 页"
    fields = [x.text.strip() for x in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_sections_stand_in_order_with_their_points(paper: Paper) -> None:
    heads = [w for w in lines(paper_docx(paper)) if re.match("[一二三四五六]、", w)]
    assert [h.split("　")[0] for h in heads] == [
        "一、单项选择题（每题 2 分，共 24 分）",
        "二、多项选择题（每题 4 分，共 24 分）",
        "三、判断题（每题 1 分，共 10 分）",
        "四、填空题（每题 2 分，共 6 分）",
        "五、简答题（每题 10 分，共 20 分）",
        "六、情景题（每题 5 分，共 10 分）",
    ]


def test_every_question_is_printed_once_without_its_key(paper: Paper) -> None:
    words = lines(paper_docx(paper))
    text = "\n".join(words)
    for n, q in enumerate(paper.questions, 1):
        stem = next(w for w in words if w.startswith(f"{n}．\t"))
        gap = "_" * 14 if q.kind is Kind.BLANK else GAP
        assert q.stem.replace(BLANK, gap) in stem
        if q.kind is not Kind.SHORT:
            assert gap in stem
        for letter, option in zip("ABCDE", q.options, strict=False):
            printed = f"{letter}．{option}" in text
            assert printed is (q.kind in CHOICES)
        assert q.explanation not in text
        if q.kind in (Kind.BLANK, Kind.SHORT):
            assert not any(a in text for a in q.answer)


def test_short_answers_have_lines_to_write_on(paper: Paper) -> None:
    document = read(paper_docx(paper))
    ruled = [p for p in document.paragraphs if p._p.find(f".//{qn('w:pBdr')}") is not None]
    assert len(ruled) == 2 * (3 + 2 * 2)
    assert not any(p.text for p in ruled)


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        (("A．七日",) * 4, 4),
        (("A．二十万元以上五十万元以下",) * 4, 2),
        (("A．" + "很长的一句话" * 5,) * 4, 1),
        (("A．七日",) * 5, 5),
        (("A．应急管理部门和公安",) * 5, 3),
        (("A．七日",) * 6, 3),
    ],
)
def test_options_stand_side_by_side_as_far_as_they_are_short(
    options: tuple[str, ...], columns: int
) -> None:
    assert columns_for(options, 160) == columns


def test_a_question_is_not_parted_from_its_options(paper: Paper) -> None:
    short = replace(paper.questions[0], options=("甲", "乙", "丙", "丁"), answer=("甲",))
    made = replace(paper, slots=(Slot(short), *paper.slots[1:]))
    document = read(paper_docx(made))
    at = next(n for n, p in enumerate(document.paragraphs) if p.text.startswith("1．"))
    assert document.paragraphs[at].paragraph_format.keep_with_next
    assert document.paragraphs[at + 1].text == "A．甲\tB．乙\tC．丙\tD．丁"
    assert not document.paragraphs[at + 1].paragraph_format.keep_with_next


def test_the_answer_sheet_has_key_explanation_and_basis_of_every_question(paper: Paper) -> None:
    table = [r for r in rows(read(key_docx((paper,)))) if len(r) == len(COLUMNS)]
    found = {r[0]: r for r in table if r[0] != "题号"}
    assert list(found) == [str(n) for n in range(1, 36)]
    for n, q in enumerate(paper.questions, 1):
        _, answer, why, basis = found[str(n)]
        assert why == q.explanation
        assert q.basis[0].citation in basis
        if q.kind in CHOICES:
            letters = re.findall("^([A-H])．", answer, re.MULTILINE)
            assert "".join(letters) == q.letters
        if q.kind is Kind.JUDGE:
            assert answer.startswith("√" if q.answer == (RIGHT,) else "×")
        assert all(a in answer for a in q.answer)


def test_the_keys_of_all_versions_agree_with_their_papers(paper: Paper) -> None:
    made = versions(paper, 3)
    data = key_docx(made)
    words = lines(data)
    assert [w for w in words if w.endswith("一览")] == ["A卷答案一览", "B卷答案一览", "C卷答案一览"]
    grids = [r for r in rows(read(data)) if r[0] in ("题号", "答案", "A卷题号") and r[1] != "答案"]
    read_back: list[dict[str, list[str]]] = []
    for row in grids:
        if row[0] == "题号" and row[1] == "1":
            read_back.append({"题号": [], "答案": [], "A卷题号": []})
        read_back[-1][row[0]] += [c for c in row[1:] if c]
    for version, grid in zip(made, read_back, strict=True):
        listed = [q for q in version.questions if version.label != "A" or q.letters]
        keys = [
            ("√" if q.answer == (RIGHT,) else "×")
            if q.kind is Kind.JUDGE
            else q.letters or "见解析"
            for q in listed
        ]
        assert grid["答案"] == keys
        if version.label != "A":
            assert grid["题号"] == [str(n) for n in range(1, 36)]
            there = [paper.questions[int(n) - 1].id for n in grid["A卷题号"]]
            assert there == [q.id for q in version.questions]
    for version in made:
        assert f"月度考试（{version.label}卷）" in lines(paper_docx(version))[0]


def test_a_document_is_named_once_for_all_its_places(paper: Paper) -> None:
    first = paper.questions[0].basis[0]
    items = tuple(
        replace(first, provision=replace(first.provision, item=n), text_kind="要点")
        for n in (1, 2, 1)
    )
    place = first.provision.locator
    made = basis_lines(replace(paper.questions[0], basis=(*items, first)))
    assert made == (
        f"《{first.doc}》{place}第（一）项、{place}第（二）项（要点）",
        f"《{first.doc}》{place}",
    )


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_the_documents_open_and_count_their_pages(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "卷.docx").write_bytes(paper_docx(paper))
    (tmp_path / "答案.docx").write_bytes(key_docx(versions(paper, 2)))
    subprocess.run(
        [str(SOFFICE), "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path),
         f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
         *(str(p) for p in sorted(tmp_path.glob("*.docx")))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for name in ("卷", "答案"):
        pdf = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")
        try:
            texts = [page.get_textpage().get_text_range() for page in pdf]
            assert 3 <= len(texts) <= 12
            for n, text in enumerate(texts, 1):
                assert f"第{n}页共{len(texts)}页" in re.sub(r"\s", "", text)
        finally:
            pdf.close()
