"""Complete lists of what a bearer must do, with basis and consequence."""

from assistant.duties.book import DutyBook
from assistant.duties.model import DocumentGroup, Duty, DutyList, FieldGroup, Sanction

__all__ = ["DocumentGroup", "Duty", "DutyBook", "DutyList", "FieldGroup", "Sanction"]
