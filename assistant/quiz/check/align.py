"""How a statement and a provision run along each other: what is shared, what differs where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from assistant.quiz.check.wording import Sort, Token


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two part: `said` in the statement, `held` in the provision, either may be empty.

    `left` and `right` are how many tokens agree directly before and after; `at` and `behind` where
    it begins in the statement and in the provision, counted in tokens.
    """

    said: tuple[Token, ...]
    held: tuple[Token, ...]
    left: int
    right: int
    at: int = 0
    behind: int = 0


@dataclass(frozen=True)
class Alignment:
    """One statement along one provision. `blocks` are (start in statement, start in provision, length)."""

    said: tuple[Token, ...]
    held: tuple[Token, ...]
    blocks: tuple[tuple[int, int, int], ...]

    @cached_property
    def coverage(self) -> float:
        """The share of the statement, by weight, that the provision has in the same order."""
        total = sum(t.weight for t in self.said)
        return sum(self.said[a + i].weight for a, _, n in self.blocks for i in range(n)) / total

    @cached_property
    def matched(self) -> frozenset[int]:
        """The tokens of the statement that the provision has."""
        return frozenset(a + i for a, _, n in self.blocks for i in range(n))

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """What differs, in reading order; what the provision says before and after is left out.

        Words at the end of the statement stand against as many of the provision.
        """
        out: list[Difference] = []
        at, behind, left = 0, self.blocks[0][1] if self.blocks else 0, 0
        for a, b, n in (*self.blocks, (len(self.said), -1, 0)):
            held = self.held[behind:b] if left and n else ()
            if left and not n:
                held = self.held[behind : behind + a - at]
            if at < a or held:
                out.append(Difference(self.said[at:a], held, left, n, at, behind))
            at, behind, left = a + n, b + n, n
        return tuple(out)

    def is_within(self, first: int, last: int, context: int) -> bool:
        """True if the tokens first–last (exclusive) all stand in one block with so much around them."""
        for a, _, n in self.blocks:
            if a <= first and last <= a + n:
                return (first - a) + (a + n - last) >= context
        return False


def align(said: Sequence[Token], held: Sequence[Token]) -> Alignment:
    """Return how the statement runs along the provision; blocks of one stray character are dropped."""
    matcher = SequenceMatcher(None, [t.key for t in said], [t.key for t in held], autojunk=False)
    blocks = tuple(
        (m.a, m.b, m.size)
        for m in matcher.get_matching_blocks()
        if m.size > 1 or (m.size == 1 and said[m.a].sort is not Sort.CHARACTER)
    )
    return Alignment(tuple(said), tuple(held), blocks)
