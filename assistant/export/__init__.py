"""Duty lists as files to print and pass on: Word, Excel, one page, cards."""

from assistant.export.duties_docx import write_duties_docx
from assistant.export.duties_xlsx import write_duties_xlsx

__all__ = ["write_cards", "write_duties_docx", "write_duties_xlsx", "write_one_page"]
