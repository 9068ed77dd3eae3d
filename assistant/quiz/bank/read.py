"""A bank file → its rows, or its questions where the format says what is what."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from assistant.quiz.bank.apply import apply
from assistant.quiz.bank.detect import detect
from assistant.quiz.bank.gift import looks_like_gift, read_gift
from assistant.quiz.bank.model import Imported, Mapping, Row
from assistant.quiz.bank.own_json import read_json
from assistant.quiz.bank.running import read_running
from assistant.quiz.bank.sheets import check_office, read_csv, read_xlsx, row_of
from indexer.errors import RefusedFileError
from indexer.load.txt import decode

ENDINGS = (".xlsx", ".docx", ".txt", ".csv", ".gift", ".json")
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class BankFile:
    """What a file holds: `rows` with the mapping that was detected, or `fixed` questions."""

    rows: tuple[Row, ...]
    mapping: Mapping
    fixed: Imported | None = None

    def imported(self, mapping: Mapping | None = None) -> Imported:
        """Return the questions, with a corrected mapping if one is given."""
        return self.fixed if self.fixed is not None else apply(self.rows, mapping or self.mapping)


def read_bank(path: Path) -> BankFile:
    """Return what the file holds; BadInputError says in a sentence why it cannot be read."""
    try:
        if path.is_dir():
            raise BadInputError(f"{path} 是一个文件夹；请给出题库文件")
        data = path.read_bytes()
    except OSError as e:
        raise BadInputError(f"{path} 读不出来（{e.strerror or e}）") from e
    return parse_bank(data, path.name)


def parse_bank(data: bytes, name: str) -> BankFile:
    """Return what these bytes of a file of that name hold; BadInputError as `read_bank`."""
    ending = Path(name).suffix.lower()
    try:
        found = _parse(data, ending)
    except (BadInputError, RefusedFileError) as e:
        raise BadInputError(f"{name}：{e}") from e
    made = found.imported()
    if not made.questions and not made.problems:
        raise BadInputError(f"{name}：里面没有题目；题库至少要有题干和答案")
    return found


def _parse(data: bytes, ending: str) -> BankFile:
    if ending in (".xls", ".doc", ".et", ".wps"):
        new = ".xlsx" if ending in (".xls", ".et") else ".docx"
        raise BadInputError(f"是旧格式 {ending}；请打开后另存为 {new} 再导入")
    if ending not in ENDINGS:
        raise BadInputError(f"不认识后缀 {ending or '（无）'}；题库可以是 {'、'.join(ENDINGS)}")
    if not data:
        raise BadInputError("文件是空的")
    if len(data) > MAX_BYTES:
        raise BadInputError(f"文件超过 {MAX_BYTES // 1_000_000} MB；请拆成几个文件再导入")
    if ending == ".xlsx":
        return _mapped(read_xlsx(data))
    if ending == ".docx":
        return _mapped(_read_docx(data))
    if ending == ".json":
        return BankFile((), Mapping(()), read_json(data.decode("utf-8-sig", errors="replace")))
    text, _ = decode(data)
    if ending == ".gift" or (ending == ".txt" and looks_like_gift(text)):
        return BankFile((), Mapping(()), read_gift(text))
    if ending == ".csv" or _is_table(text):
        return _mapped(read_csv(text))
    return _mapped(read_running(enumerate(text.split("\n"), 1)))


def _mapped(rows: tuple[Row, ...]) -> BankFile:
    return BankFile(rows, detect(rows))


def _is_table(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and sum(line.count("\t") >= 2 for line in lines) >= 0.8 * len(lines)


def _read_docx(data: bytes) -> tuple[Row, ...]:
    """The tables of the document, and the questions of its paragraphs."""
    import docx

    check_office(data, ".docx")
    try:
        document = docx.Document(io.BytesIO(data))
        rows: list[Row] = []
        for n, table in enumerate(document.tables, 1):
            rows += _table_rows(table, f"表格{n}")
        lines = _paragraphs(document)
    except Exception as e:  # the library raises whatever a damaged file makes it stumble over
        raise BadInputError("文件已损坏，打不开；请用 Word 打开后另存为 .docx 再导入") from e
    return (*rows, *read_running(lines, "正文"))


def _table_rows(table: Any, name: str) -> list[Row]:
    out: list[Row] = []
    for number, row in enumerate(table.rows, 1):
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:
            cells.append("" if id(cell._tc) in seen else cell.text)  # merged over columns
            seen.add(id(cell._tc))
        out += row_of(name, number, cells)
    return out


def _paragraphs(document: Any) -> list[tuple[int, str]]:
    """Lines with the numbers of their paragraphs."""
    return [
        (number, line)
        for number, paragraph in enumerate(document.paragraphs, 1)
        for line in paragraph.text.split("\n")
    ]
