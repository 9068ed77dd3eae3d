"""题库体检: every question of a bank against the rules in force."""

from assistant.quiz.check.model import Link, State, Verdict
from assistant.quiz.check.run import check_bank, check_question

__all__ = ["Link", "State", "Verdict", "check_bank", "check_question"]
