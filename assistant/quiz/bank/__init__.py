"""Question banks that people bring along: read, mapped, checked for form, kept."""

from assistant.quiz.bank.apply import apply
from assistant.quiz.bank.detect import detect
from assistant.quiz.bank.model import BankQuestion, Imported, Mapping, Problem, Repeat, Role, Row
from assistant.quiz.bank.read import BankFile, parse_bank, read_bank

__all__ = [
    "BankFile", "BankQuestion", "Imported", "Mapping", "Problem", "Repeat", "Role", "Row",
    "apply", "detect", "parse_bank", "read_bank",
]  # fmt: skip
