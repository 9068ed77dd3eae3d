"""PDF: paragraphs, page numbers, look-alikes; scans, locks, damage, garbage."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from eval.documents import Placed, Written, WrittenArticle, write_pages, write_pdf
from indexer.errors import RefusedFileError
from indexer.load import pdf as module
from indexer.load import read
from indexer.load.pdf_lines import Printed, paragraphs

REFERENCE = Path(__file__).parents[4] / "shared" / "reference" / "import-samples"
LONG = (
    "乡镇人民政府应当按照职责对本行政区域内生产经营单位的安全生产状况进行监督检查，"
    "发现事故隐患的，应当责令立即排除；不能立即排除的，应当责令限期排除。"
)
LAW = Written(
    "某县安全生产办法",
    tuple(
        WrittenArticle(
            f"第{n}条", f"{LONG}\n县级以上人民政府应当加强领导。\n（一）检查；\n（二）报告。"
        )
        for n in "一二三四五六七八九"
    ),
)
BOTH = pytest.mark.parametrize("reader", ["pypdf", "pdfium"])


def use(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if reader == "pdfium":
        pytest.importorskip("pypdfium2")
        monkeypatch.setattr(module, "_with_pypdf", lambda path: ([], "not this one"))
    else:
        monkeypatch.setattr(module, "_with_pdfium", lambda path: None)


@BOTH
def test_paragraphs_come_back_whole_and_with_their_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    use(reader, monkeypatch)
    path = tmp_path / "a.pdf"
    write_pdf(path, LAW, header="某县人民政府公报")
    raw = read(path)
    expected = [LAW.title]
    for article in LAW.articles:
        first, *rest = article.text.split("\n")
        expected += [f"{article.label} {first}", *rest]
    assert [line.text.replace("\u3000", " ") for line in raw.lines] == expected
    assert [line.page for line in raw.lines] == sorted(line.page for line in raw.lines)
    assert raw.pages == raw.lines[-1].page > 1
    assert not raw.wrapped
    assert ["页眉页脚" in w for w in raw.warnings] == [True]


@BOTH
def test_look_alikes_become_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    use(reader, monkeypatch)
    path = tmp_path / "a.pdf"
    write_pdf(path, LAW, substitute={"生": "⽣", "人": "⼈", "民": "⺠"})
    raw = read(path)
    from indexer.clean import clean

    text = clean(raw.text, wrapped=raw.wrapped).text
    assert "生产经营单位" in text
    assert "人民政府" in text
    if reader == "pypdf":
        assert any("部首" in w for w in raw.warnings)


def test_pdfium_is_asked_where_pypdf_reads_poorly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [[Printed(LONG, 1, 90, 490, 700, 16)]]
    monkeypatch.setattr(module, "_with_pdfium", lambda path: good)
    path = tmp_path / "a.pdf"
    write_pdf(path, LAW, substitute={"安": "⼧"})
    assert [line.text for line in read(path).lines] == [LONG]
    write_pdf(path, LAW)
    assert len(read(path).lines) > 1


def test_a_scan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_pages(path, [[], []], {})
    with pytest.raises(RefusedFileError, match="扫描件"):
        read(path)


def test_a_page_without_text_is_a_problem_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_pages(path, [[Placed(90, 700, 16, LONG[:25])], [], [Placed(90, 700, 16, LONG[:25])]], {})
    raw = read(path)
    assert raw.problems == ("第 2 页没有文字（可能是扫描页或空白页），内容没有读入",)


def lock(path: Path, user: str, owner: str) -> None:
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt(user, owner, algorithm="RC4-128")
    writer.write(path)


def test_a_locked_file_is_refused_and_one_that_only_forbids_printing_is_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(path, LAW)
    lock(path, "", "owner")
    assert read(path).lines[0].text == LAW.title
    write_pdf(path, LAW)
    lock(path, "secret", "owner")
    with pytest.raises(RefusedFileError, match="加了密码"):
        read(path)


@pytest.mark.parametrize("part", [0.1, 0.5])
def test_a_damaged_file_is_refused(tmp_path: Path, part: float) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(path, LAW)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(RefusedFileError, match=r"损坏|扫描件|乱码"):
        read(path)


def test_a_text_layer_of_garbage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    shifted = {c: chr(ord(c) + 7001) for c in set(LONG) if "\u4e00" <= c < "\u7000"}
    write_pdf(path, LAW, substitute=shifted | {"人": "\ue001", "生": "\ue002", "应": "\ue003"})
    with pytest.raises(RefusedFileError, match="乱码"):
        read(path)


def test_the_sample_with_a_garbage_text_layer_is_refused() -> None:
    path = REFERENCE / "garbled-text-layer.pdf"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with pytest.raises(RefusedFileError, match="乱码"):
        read(path)


FULL = [
    ("第一条　应当检查。发现隐患的，责令立即排除。", 122, 490),
    ("不能排除的，责令限期排除，并按照有关规定报告", 90, 490),
    ("上级主管部门，由上级主管部门统一安排检查和复", 90, 490),
    ("查。", 90, 122),
]


def lay(rows: list[tuple[str, float, float]]) -> list[Printed]:
    return [
        Printed(text, 1, left, right, 700 - 28 * n, 16)
        for n, (text, left, right) in enumerate(rows)
    ]


def texts(rows: list[tuple[str, float, float]]) -> list[str]:
    return [line.text for line in paragraphs(lay(rows)).lines]


def test_a_full_line_that_ends_a_sentence_goes_on_if_the_next_is_not_indented() -> None:
    whole = "".join(text for text, _, _ in FULL)
    assert texts([*FULL, *FULL]) == [whole, whole]


def test_a_full_line_that_ends_a_sentence_ends_the_paragraph_if_the_next_is_indented() -> None:
    second = "乡镇人民政府应当检查。"
    assert texts([*FULL, FULL[0], (second, 122, 300)])[1:] == [FULL[0][0], second]


def test_a_citation_or_an_item_number_at_the_margin_opens_no_paragraph() -> None:
    rows = [
        ("第二条　违反本办法第九条第（一）项、第（二）", 122, 490),
        ("（三）项规定的，按照本办法和有关法律、法规的", 90, 490),
        ("第十条规定处罚。", 90, 218), ("第三条　应当报告。", 122, 260),
    ]  # fmt: skip
    assert texts([*FULL, *rows])[1:] == [
        "第二条　违反本办法第九条第（一）项、第（二）（三）项规定的，按照本办法和有关法律、法规的第十条规定处罚。",
        "第三条　应当报告。",
    ]
