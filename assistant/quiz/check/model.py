"""What the examination of a bank says of each question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from assistant.quiz.bank.model import BankQuestion
from kb.model import Document, Provision


class State(str, Enum):
    """How a keyed question stands to the rules in force, the gravest first."""

    CONTRADICTED = "contradicted"
    OUTDATED = "outdated"
    CONSISTENT = "consistent"
    UNLINKED = "unlinked"

    @property
    def label(self) -> str:
        """The word that people see."""
        return _LABELS[self]


_LABELS = {
    State.CONTRADICTED: "与现行规定不符",
    State.OUTDATED: "说法过时",
    State.CONSISTENT: "未发现不符",
    State.UNLINKED: "没有找到依据",
}


@dataclass(frozen=True, slots=True)
class Link:
    """The provision that decides a question, quoted verbatim; `lead` is the line above an item."""

    provision: Provision
    document: Document
    lead: str = ""

    @property
    def quote(self) -> str:
        """The words of the provision."""
        return self.provision.text

    @property
    def citation(self) -> str:
        """《title》第九条第二款."""
        return f"《{self.document.title}》{self.provision.id.locator}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question judged. `link` is None exactly for UNLINKED and some OUTDATED questions.

    `reason` says in a sentence what was compared; `suggestion` is the right answer or wording
    where a text gives it verbatim, else "".
    """

    state: State
    question: BankQuestion
    link: Link | None
    reason: str
    suggestion: str = ""


def undecided(question: BankQuestion, near: Link | None) -> Verdict:
    """Return the verdict on a question that no provision decides; `near` is named as the nearest."""
    reason = "本库没有能判断这道题的条文"
    if near is not None:
        reason += f"；最接近的是{near.citation}"
    return Verdict(State.UNLINKED, question, None, reason)
