"""A norm: who must, must not or may do what, by when, and where the rule says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kb.model import ProvisionId


class Modality(str, Enum):
    """How a norm binds, told by its modal word, never by its subject."""

    MUST = "must"
    MUST_NOT = "must_not"
    MAY = "may"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Norm:
    """One duty, prohibition, permission or right that a provision lays on somebody.

    Every text is verbatim. `subject` is "" where the rule does not say who; it is never guessed.
    """

    provision: ProvisionId
    """The smallest 款 or 项 that holds the norm."""
    subject: str
    subject_at: ProvisionId
    """Where the subject stands: the own provision, or the head of its list."""
    modality: Modality
    text: str
    """The sentence or item to show, a substring of the provision."""
    action: str
    """From after the modal word to the end of the norm."""
    trigger: str
    limits: tuple[str, ...]
    """Deadlines, frequencies, amounts and distances, in reading order."""
    exceptions: str
