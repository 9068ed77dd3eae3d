"""Taking a unit's own documents into the library: preview, store, history."""

from assistant.importing.proposal import Proposal, Source, prepare, propose
from assistant.importing.store import Entry, ImportStore

__all__ = ["Entry", "ImportStore", "Proposal", "Source", "prepare", "propose"]
