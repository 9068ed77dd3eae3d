"""A question → the statements that its options make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.wording import Token, plain, tokens
from assistant.quiz.model import Kind

_GAP = re.compile(r"[(（][\s　_]*[)）]|_{2,}|＿{2,}|[(（][\s　]*$|[(（](?=[^）)]{0,40}$)")
_PARTS = re.compile(r"[\s　,，、;；/]+")
_EMPTY = re.compile(r"[(（][\s　_]*[)）]?\s*$")
_FRAME = re.compile(
    r"^(?:按照|根据|依据|依照|按)?(?:我国|国家|最新|现行|新)?(?:的)?"
    r"(?:[《〈][^《》]{2,40}[》〉](?:[(（][^()（）]{0,30}[)）])?|有关法律法规|法律法规|国家有关规定)"
    r"(?:第[零一二三四五六七八九十百\d]+条)?(?:的)?(?:有关|相关|明确)?(?:规定|要求)?[,，:：]*(?:中)?(?:规定)?[,，:：、]*"
)
_NEGATED = re.compile(
    r"不正确|错误|不属于|不包括|不是|不符合|不应|除外|不需要|不可以|不对|有误|不得|不能"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with the tokens first–last (exclusive) that an option put into it."""

    text: str
    tokens: tuple[Token, ...]
    first: int
    last: int

    @property
    def filled(self) -> tuple[Token, ...]:
        """The tokens of the option."""
        return self.tokens[self.first : self.last]


def asserted(stem: str) -> str:
    """Return a true/false stem without empty brackets and the words that only name the source."""
    text = _EMPTY.sub("", stem.strip())
    text = re.sub(r"[(（][\s　]*[)）]", "", text)
    bare = _FRAME.sub("", text)
    return bare if len(bare) >= 8 else text


def statement_of(stem: str, option: str = "") -> Statement:
    """Return the stem with the option in its gap, or behind it where it has none.

    An option of as many parts (20 50, 县级、市级) as the stem has gaps fills them in turn.
    """
    left, option, right = _parted(stem.strip(), option)
    bare = _FRAME.sub("", left)
    left = bare if len(bare) + len(right) >= 6 else left
    left, middle, right = plain(left), plain(option).strip("。.;,、 "), plain(right)
    whole = left + middle + right
    made = tokens(whole)
    inside = [n for n, t in enumerate(made) if t.end > len(left) and t.start < len(left + middle)]
    first, last = (inside[0], inside[-1] + 1) if inside and middle else (0, 0)
    return Statement(whole, made, first, last)


def _parted(text: str, option: str) -> tuple[str, str, str]:
    """What stands before the gaps, in them (with what is between them) and after them."""
    gaps = list(_GAP.finditer(text))
    if not gaps:
        return text, option, ""
    parts = [p for p in _PARTS.split(option.strip()) if p]
    if len(gaps) < 2 or len(parts) != len(gaps):
        return text[: gaps[0].start()], option, text[gaps[0].end() :]
    joints = [text[a.end() : b.start()] for a, b in pairwise(gaps)]
    middle = "".join(p + j for p, j in zip(parts, [*joints, ""], strict=True))
    return text[: gaps[0].start()], middle, text[gaps[-1].end() :]


def frame_of(stem: str) -> Statement:
    """Return the stem with nothing in its gap."""
    return statement_of(stem, "")


def asks_exception(question: BankQuestion) -> bool:
    """True if the keyed options are those that do not hold (不属于…的是)."""
    if question.kind is Kind.JUDGE:
        return False
    tail = re.sub(r"[(（][\s　]*[)）]", "", question.stem)
    return bool(_NEGATED.search(tail[-16:])) or bool(re.search(r"(?:错误|不正确)的", tail))
