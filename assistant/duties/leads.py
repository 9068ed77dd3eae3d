"""The line above an item, without which the item cannot be read."""

from __future__ import annotations

from assistant.duties.model import Duty
from kb.catalog import Catalog
from kb.model import Provision, ProvisionId


def above(catalog: Catalog, pid: ProvisionId) -> Provision | None:
    """Return the paragraph (or article) in which the item `pid` stands; None if it is no item.

    Its `lead` is the line that introduces the items.
    """
    if pid.item is None:
        return None
    article = catalog.article(pid)
    item = next(p for p in article.parts if p.id == pid)
    around = [
        p
        for p in article.provisions()
        if p.id.item is None and p.start <= item.start and item.end <= p.end
    ]
    return around[-1]


def lead_of(catalog: Catalog, duty: Duty) -> Provision | None:
    """Return what introduces a duty that is an item of a list; None if it stands alone."""
    return above(catalog, duty.norm.provision)
