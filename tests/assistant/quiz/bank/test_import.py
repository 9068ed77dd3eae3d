"""Every layout that banks come in, in small files of our own."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from assistant.errors import BadInputError
from assistant.quiz.bank import BankFile, Imported, Role, apply, detect, parse_bank, read_bank
from assistant.quiz.model import RIGHT, WRONG, Kind

SAMPLES = Path("/work/shared/reference/import-samples/question-banks")


def xlsx(*rows: tuple[Any, ...], sheet: str = "Sheet1", merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(*lines: str, table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for r, texts in enumerate(table):
            for c, text in enumerate(texts):
                made.cell(r, c).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(data: bytes | str, name: str) -> Imported:
    return parse_bank(data.encode() if isinstance(data, str) else data, name).imported()


def short(made: Imported) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(q.kind.value, q.stem, q.options, q.answer) for q in made.questions]


FRUIT = ("single", "下列属于水果的是（）。", ("苹果", "白菜", "石头"), ("苹果",))


def test_options_in_one_cell_under_a_header() -> None:
    made = read(
        xlsx(
            ("作业种类", "试题类型", "题目内容", "题目选项", "题目答案", None),
            ("甲", "单选题", "1.下列属于水果的是（）。", "**A.苹果**B.白菜**C.石头", "A"),
            ("甲", "判断题", "2、苹果是水果。\t", "**A.正确**B.错误", "B"),
            ("甲", "多选题", "（3）水果有（）。", "A、苹果 B、梨 C、石头", "A,B"),
            ("甲", "多选题", "4．蔬菜有（）。", "Ａ．白菜\nＢ．芹菜\nＣ．石头", "ＡＢ"),
        ),
        "a.xlsx",
    )
    assert made.problems == ()
    assert short(made) == [
        FRUIT,
        ("judge", "苹果是水果。", (RIGHT, WRONG), (WRONG,)),
        ("multi", "水果有（）。", ("苹果", "梨", "石头"), ("苹果", "梨")),
        ("multi", "蔬菜有（）。", ("白菜", "芹菜", "石头"), ("白菜", "芹菜")),
    ]
    assert [q.row for q in made.questions] == [2, 3, 4, 5]


def test_one_option_a_column_without_header() -> None:
    made = read(
        xlsx(
            ("1.下列属于水果的是（）。", "A.苹果", "B.白菜", "C.石头", None, "答案;A"),
            ("2.下列属于蔬菜的是（）。", "A.苹果", "B.，白菜", "C.石头", "D.纸", "答案:B"),
            ("3.下列属于纸的是（）。", "A.苹果", "B.白菜", "C.石头", "D.纸", "答案：D"),
        ),
        "a.xlsx",
    )
    assert made.problems == ()
    assert short(made)[0] == FRUIT
    assert made.questions[1].answer == ("白菜",)


def test_options_without_letters_between_stem_and_key() -> None:
    header = ("序号", "题干", "选项A", "选项B", "选项C", "正确答案", "解析")
    made = read(
        xlsx(header, (1, "下列属于水果的是（）。", "苹果", "白菜", "石头", "A", "因为甜")), "a.xlsx"
    )
    assert short(made) == [FRUIT]
    assert made.questions[0].explanation == "因为甜"
    bare = read(
        xlsx(
            ("下列属于水果的是（）。", "苹果", "白菜", "石头", "A"),
            ("下列属于蔬菜的是（）。", "苹果", "白菜", "石头", "B"),
        ),
        "a.xlsx",
    )
    assert short(bare)[0] == FRUIT


@pytest.mark.parametrize(("key", "answer"), [
    ("√", RIGHT), ("×", WRONG), ("对", RIGHT), ("错", WRONG), ("正确", RIGHT), ("错误", WRONG),
    ("Ｔ", RIGHT), ("F", WRONG), ("答案：对", RIGHT), (True, RIGHT), ("不正确", WRONG),
])  # fmt: skip
def test_ticks_and_words_judge(key: Any, answer: str) -> None:
    made = read(xlsx(("1.苹果是一种常见的水果。", key), ("2.石头不是水果这一类。", "对")), "a.xlsx")
    assert made.questions[0].kind is Kind.JUDGE
    assert made.questions[0].answer == (answer,)


def test_a_key_in_the_brackets_of_the_stem() -> None:
    made = read("1.下列属于水果的是（A）。\nA.苹果\nB.白菜\n2.石头是水果。（×）\n", "a.txt")
    assert [(q.kind, q.answer) for q in made.questions] == [
        (Kind.SINGLE, ("苹果",)),
        (Kind.JUDGE, (WRONG,)),
    ]
    assert "A" not in made.questions[0].stem


def test_headings_say_the_kind_of_what_follows() -> None:
    made = read(
        xlsx(
            ("题目", "选项", "答案"),
            ("一、多选题", None, None),
            ("1.水果有哪几种", "A.苹果B.梨C.石头", "A"),
            ("二、填空题", None, None),
            ("2.苹果是____。", None, "水果"),
        ),
        "a.xlsx",
    )
    assert [q.kind for q in made.questions] == [Kind.MULTI, Kind.BLANK]
    assert made.questions[1].answer == ("水果",)


def test_a_cell_merged_over_rows_counts_for_each() -> None:
    made = read(
        xlsx(
            ("题型", "题干", "选项", "答案"),
            ("单选题", "下列属于水果的是（）。", "A.苹果B.白菜C.石头", "A"),
            (None, "下列属于蔬菜的是（）。", "A.苹果B.白菜C.石头", "AB"),
            merge="A2:A3",
        ),
        "a.xlsx",
    )
    assert short(made) == [FRUIT]
    assert [(p.row, p.reason) for p in made.problems] == [(3, "标为单项选择题，答案却有 2 个")]


def test_several_sheets_and_one_that_holds_no_questions() -> None:
    book = openpyxl.Workbook()
    book.active.title = "判断题"
    book.active.append(("1.苹果是一种常见的水果。", "√"))
    other = book.create_sheet("分工")
    other.append(("张三", "1-55"))
    other.append(("李四", "56-90"))
    out = io.BytesIO()
    book.save(out)
    made = read(out.getvalue(), "a.xlsx")
    assert [q.sheet for q in made.questions] == ["判断题"]
    assert [(p.sheet, p.row, p.through) for p in made.problems] == [("分工", 1, 2)]


@pytest.mark.parametrize(("cells", "reason"), [
    (("题一", "**A.甲**B.乙**B.丙", "B"), "出现了两次"),
    (("题一", "**A.甲**B.乙", "C"), "没有对应的选项"),
    (("题一", "**A.甲**B.甲", "A"), "完全一样"),
    (("题一", "**A.甲**B.乙", ""), "没有答案"),
    (("", "**A.甲**B.乙", "A"), "没有题干"),
    (("题一", "**A.甲**B.乙", "AA"), "重复"),
    (("题一", "", "A"), "没有选项"),
    (("题一", "**A.甲**C.乙", "A"), "不连续"),
    (("题一", "**A.甲**B.乙", "也许"), "既不是选项字母"),
])  # fmt: skip
def test_a_row_that_is_no_question_is_reported_with_its_reason(
    cells: tuple[str, ...], reason: str
) -> None:
    good = ("题零", "**A.甲**B.乙", "A")
    made = read(xlsx(("题干", "选项", "答案"), good, cells), "a.xlsx")
    assert len(made.questions) == 1
    [problem] = made.problems
    assert problem.row == 3
    assert reason in problem.reason


def test_rows_that_are_only_formatted_do_not_count() -> None:
    book = openpyxl.Workbook()
    book.active.append(("1.苹果是一种常见的水果。", "√"))
    book.active.cell(900_000, 1).number_format = "0.00"
    out = io.BytesIO()
    book.save(out)
    assert len(read(out.getvalue(), "a.xlsx").questions) == 1


def test_too_many_rows_are_refused() -> None:
    book = openpyxl.Workbook()
    book.active.append(("1.苹果是一种常见的水果。", "√"))
    book.active.cell(30_000, 1).value = "2.石头不是水果这一类。"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(BadInputError, match="拆成几个文件"):
        read(out.getvalue(), "a.xlsx")


def test_letters_out_of_order_name_their_options() -> None:
    made = read(xlsx(("题干", "选项", "答案"), ("题一", "**B.乙**A.甲**C丙", "B")), "a.xlsx")
    assert made.questions[0].options == ("甲", "乙", "丙")
    assert made.questions[0].answer == ("乙",)


def test_options_that_begin_with_figures_or_latin_letters() -> None:
    made = read(xlsx(("题干", "选项", "答案"), ("电压", "**A32V**B、36V**C38V", "B")), "a.xlsx")
    assert made.questions[0].options == ("32V", "36V", "38V")


def test_a_person_may_correct_the_mapping() -> None:
    found = parse_bank(
        xlsx(("内容", "题目", "答案"), ("下列属于水果的是（）。", "A.苹果B.白菜C.石头", "A")),
        "a.xlsx",
    )
    wrong = found.mapping.with_role("Sheet1", 0, Role.IGNORED).with_role("Sheet1", 1, Role.STEM)
    assert not found.imported(wrong).questions
    fixed = wrong.with_role("Sheet1", 0, Role.STEM).with_role("Sheet1", 1, Role.OPTIONS)
    assert short(apply(found.rows, fixed)) == [FRUIT]
    with pytest.raises(BadInputError, match="没有工作表"):
        fixed.with_role("Sheet9", 0, Role.STEM)


def test_a_question_asked_twice_is_kept_once_and_told() -> None:
    made = read(
        xlsx(
            ("题干", "选项", "答案"),
            ("1.水果是（）", "A.苹果B.石头", "A"),
            ("2、水果是( )。", "A.石头B.苹果", "B"),
            ("3.水果是（）", "A.苹果B.石头", "B"),
            ("4.以下正确的是（）", "A.甲B.乙", "A"),
            ("5.以下正确的是（）", "A.丙B.丁", "A"),
            ("6.电压是（）", "A.≥5B.≤5", "A"),
        ),
        "a.xlsx",
    )
    assert [q.row for q in made.questions] == [2, 4, 5, 6, 7]
    assert [(r.row, r.first_row) for r in made.repeats] == [(3, 2)]
    assert [(r.row, r.first_row) for r in made.conflicts] == [(4, 2)]


TEXT = """安全知识题库
一、单项选择题
1.下列属于水果的是（　）。
A.苹果　B.白菜　C.石头
答案：A
2.下列属于蔬菜的是（　）。
A.苹果
B.白菜
答案：B
解析：白菜是蔬菜。
二、判断题
1.苹果是水果。（ ）
答案：√
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_running_text_in_any_usual_encoding(encoding: str) -> None:
    made = read(TEXT.encode(encoding), "a.txt")
    assert [(q.row, q.kind) for q in made.questions] == [
        (3, Kind.SINGLE), (6, Kind.SINGLE), (12, Kind.JUDGE),
    ]  # fmt: skip
    assert made.questions[0].options == ("苹果", "白菜", "石头")
    assert made.questions[1].explanation == "白菜是蔬菜。"
    assert made.questions[2].answer == (RIGHT,)


def test_keys_in_a_list_at_the_end() -> None:
    text = "1.水果是（）\nA.苹果 B.石头\n2.蔬菜是（）\nA.苹果 B.白菜\n参考答案：\n1.A 2.B\n"
    assert [q.answer for q in read(text, "a.txt").questions] == [("苹果",), ("白菜",)]


def test_word_paragraphs_and_tables() -> None:
    table = (("题干", "选项", "答案"), ("下列属于水果的是（）。", "A.苹果B.白菜C.石头", "A"))
    made = read(
        word("1.苹果是水果。（√）", "2.水果是（B）", "A.石头", "B.苹果", table=table), "a.docx"
    )
    assert short(made)[0] == FRUIT
    assert [q.answer for q in made.questions[1:]] == [(RIGHT,), ("苹果",)]
    assert {q.sheet for q in made.questions} == {"表格1", "正文"}


def test_gift_of_moodle() -> None:
    text = (
        "// remark\n$CATEGORY: x\n\n::一::下列属于水果的是（）。{\n=苹果#对\n~白菜\n~石头\n}\n\n"
        "苹果是水果。{T}\n\n水果有{~%50%苹果 ~%50%梨 ~%-100%石头####都甜}\n\n"
        "苹果是{=水果}。\n\n没有答案的题\n\n价格 \\= 5\\{元\\}？{~一 =二}\n"
    )
    made = read(text, "a.gift")
    assert [q.kind.value for q in made.questions] == ["single", "judge", "multi", "blank", "single"]
    assert short(made)[0] == FRUIT
    assert made.questions[2].answer == ("苹果", "梨")
    assert made.questions[2].explanation == "都甜"
    assert made.questions[4].stem == "价格 = 5{元}？"
    assert [p.row for p in made.problems] == [16]


def test_our_own_json_comes_back() -> None:
    good = {
        "id": "q1",
        "type": "single",
        "stem": "水果",
        "options": ["苹果", "石头"],
        "answer": ["苹果"],
    }
    bad = [{**good, "answer": ["梨"]}, {"type": "single"}, {**good, "type": "essay"}, 5]
    made = read(json.dumps({"questions": [good, *bad]}), "a.json")
    assert [q.answer for q in made.questions] == [("苹果",)]
    assert [p.row for p in made.problems] == [2, 3, 4, 5]


@pytest.mark.parametrize(("data", "name", "says"), [
    (b"", "a.xlsx", "空的"),
    (b"PK\x03\x04 not a zip", "a.xlsx", "损坏"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "密码"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "另存为 .xlsx"),
    (b"x", "a.pdf", "不认识后缀"),
    (b"\x00\x01\x02\xff\xfe\x80" * 50, "a.txt", "a.txt"),
    (b"{", "a.json", "不是题库"),
    (b"[1", "a.json", "不是题库"),
    (word("x")[:300], "a.docx", "损坏"),
    (xlsx(), "a.xlsx", "没有题目"),
    (word("x"), "a.xlsx", "损坏"),
])  # fmt: skip
def test_what_is_no_bank_is_refused_in_one_sentence(data: bytes, name: str, says: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(says)) as told:
        read(data, name)
    assert "\n" not in str(told.value)


def test_running_text_without_questions_is_reported_line_by_line() -> None:
    made = read("今天天气很好", "a.gift")
    assert not made.questions
    assert [p.row for p in made.problems] == [1]


def test_no_such_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="读不出来"):
        read_bank(tmp_path / "none.xlsx")
    with pytest.raises(BadInputError, match="文件夹"):
        read_bank(tmp_path)


def test_detecting_nothing_reads_nothing() -> None:
    assert detect(()).sheets == ()
    assert apply((), detect(())) == Imported(())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample banks are not on this machine")
@pytest.mark.parametrize("name", [
    "判断题模板", "单选题模板", "多选题模板", "一般企业安全管理员", "新电焊国家题库2018", "省级低压电工题库",
])  # fmt: skip
def test_banks_of_real_life_are_read_or_reported_by_row(name: str) -> None:
    found: BankFile = read_bank(SAMPLES / f"{name}.xlsx")
    made = found.imported()
    told = {(q.sheet, q.row) for q in made.questions} | {(r.sheet, r.row) for r in made.repeats}
    told |= {(p.sheet, n) for p in made.problems for n in range(p.row, (p.through or p.row) + 1)}
    headers = {(m.sheet, n) for m in found.mapping.sheets for n in range(1, m.first)}
    assert {(r.sheet, r.number) for r in found.rows} - headers <= told
    assert len(made.questions) >= 0.98 * (len(found.rows) - len(headers) - 11)
