"""HTML as a browser reads it, asked by simple CSS selectors: tag .class #id [attr] > :not([…])."""

from __future__ import annotations

import re
from typing import Any

import lxml.html

_STEP = re.compile(r"\s*(>)?\s*((?:[^\s>\[]|\[[^\]]*\])+)")
_PIECE = re.compile(
    r"(?P<tag>^[a-z]\w*)|#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)"
    r"|\[(?P<attr>[\w-]+)(?:=\"?(?P<value>[^\]\"]*)\"?)?\]"
    r"|:not\(\[(?P<without>[\w-]+)\]\)|:(?P<place>first|last)-child"
)


class Node:
    """An element, or the whole page."""

    def __init__(self, element: Any) -> None:
        self._element = element

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes as the browser reads them."""
        return dict(self._element.attrib)

    def text(self) -> str:
        """Return the text of the element, stripped."""
        return str(self._element.text_content()).strip()

    def css(self, selector: str) -> list[Node]:
        """Return the elements that match, in their order."""
        return [Node(e) for e in self._element.xpath(xpath(selector))]

    def css_first(self, selector: str) -> Node:
        """Return the first element that matches; AssertionError if none does."""
        found = self.css(selector)
        assert found, f"no {selector}"
        return found[0]


def parsed(html: str) -> Node:
    """Return a piece of a page."""
    return Node(lxml.html.fromstring(f"<main>{html}</main>"))


def xpath(selector: str) -> str:
    """Return the selector as XPath."""
    out = "."
    for m in _STEP.finditer(selector):
        tag, tests = "*", ""
        for p in _PIECE.finditer(m[2]):
            if p["tag"]:
                tag = p["tag"]
            elif p["cls"]:
                tests += f'[contains(concat(" ", @class, " "), " {p["cls"]} ")]'
            elif p["without"]:
                tests += f"[not(@{p['without']})]"
            elif p["place"]:
                side = "preceding" if p["place"] == "first" else "following"
                tests += f"[not({side}-sibling::*)]"
            else:
                name, value = ("id", p["id"]) if p["id"] else (p["attr"], p["value"])
                tests += f"[@{name}]" if value is None else f'[@{name}="{value}"]'
        out += f"{'/' if m[1] else '//'}{tag}{tests}"
    return out
