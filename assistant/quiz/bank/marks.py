"""The small marks of question banks: kinds, option letters, keys, gaps, numbers before a stem."""

from __future__ import annotations

import re
import unicodedata

from assistant.quiz.model import RIGHT, WRONG, Kind

LETTERS = "ABCDEFGH"
_KINDS = (
    (re.compile(r"多项?选|多选|不定项"), Kind.MULTI),
    (re.compile(r"单项?选|单选"), Kind.SINGLE),
    (re.compile(r"判断|是非|对错"), Kind.JUDGE),
    (re.compile(r"填空"), Kind.BLANK),
    (re.compile(r"简答|问答|论述|名词解释"), Kind.SHORT),
    (re.compile(r"案例|情景"), Kind.CASE),
)
_ENGLISH = {k.value: k for k in Kind}
_RIGHT = frozenset(("√", "✓", "✔", "☑", "对", "正确", "是", "T", "TRUE", "Y", "YES", "R", "RIGHT"))
_WRONG = frozenset(
    "× ✗ ✘ ✕ X 错 错误 不正确 不对 否 非 不是 F FALSE N NO WRONG".split()  # noqa: SIM905
)
_BEFORE_KEY = re.compile(
    r"^[【\[(（]?(?:正确|标准|参考|本题)?答案[】\])）]?\s*[:：;；,，.．是为]*\s*"
)
_NUMBER = re.compile(r"^\s*(?:第\s*)?[(（【]?\d{1,5}\s*(?:[)）】.．、:：,，。]|题|\t)(?!\d)\s*")
_GAP = re.compile(r"[(（][\s　_]*[)）]|_{2,}|＿{2,}|[(（][\s　]*$|\(）|（\)")
_KEY_IN_STEM = re.compile(r"[(（]\s*([A-Ha-hＡ-Ｈ√×✓✗]{1,8}|正确|错误|对|错)\s*[)）]")
_STARS = re.compile(r"\*\*+")
_LEAD = re.compile(r"^\s*[(（]?([A-Ha-hＡ-Ｈ])\s*[)）.．、:：,，]\s*[,，]?\s*")
_BARE_LEAD = re.compile(r"^\s*([A-HＡ-Ｈ])\s*(?=[^A-Za-z0-9\s])")


def half_width(text: str) -> str:
    """Return the text in upper case with full-width letters, digits and signs made half-width."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def kind_of(text: str) -> Kind | None:
    """Return the kind that a cell, heading or sheet name says; None if it says none."""
    if text.strip().lower() in _ENGLISH:
        return _ENGLISH[text.strip().lower()]
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), None)


def verdict_of(text: str) -> str:
    """Return 正确 or 错误 for a tick, cross or word; "" for anything else."""
    bare = key_text(text).strip("()。.， ")
    if bare in _RIGHT:
        return RIGHT
    return WRONG if bare in _WRONG else ""


def key_text(text: str) -> str:
    """Return a key without the words before it: 答案;B → B."""
    return half_width(_BEFORE_KEY.sub("", text.strip())).strip()


def letters_of(text: str) -> str:
    """Return the option letters that a key consists of, in order; "" if it is not letters only."""
    bare = re.sub(r"[\s,、;/|.和及]+", "", key_text(text)).strip("()[]【】。")
    return bare if bare and all(c in LETTERS for c in bare) else ""


def names_key(text: str) -> bool:
    """True if the text begins with 答案."""
    return _BEFORE_KEY.match(text.strip()) is not None


def without_number(text: str) -> str:
    """Return a stem without the number before it."""
    return _NUMBER.sub("", text, count=1).strip()


def has_number(text: str) -> bool:
    """True if a number stands before the stem."""
    return _NUMBER.match(text) is not None


def has_gap(stem: str) -> bool:
    """True if something is to be filled in."""
    return _GAP.search(stem) is not None


def take_key(stem: str) -> tuple[str, str]:
    """Return the stem with the key in its last brackets taken out, and that key ("" if none)."""
    found = list(_KEY_IN_STEM.finditer(stem))
    if not found:
        return stem, ""
    last = found[-1]
    return f"{stem[: last.start()]}（　　）{stem[last.end() :]}", last[1]


def option_lead(text: str) -> str:
    """Return the letter that an option begins with; "" without one."""
    m = _LEAD.match(text)
    return half_width(m[1]) if m else ""


def bare_option(text: str) -> str:
    """Return an option without its letter."""
    return _LEAD.sub("", text, count=1).strip()


def split_options(text: str) -> tuple[tuple[str, ...], str]:
    """Return the options in one cell, and what is wrong with their letters ("" if nothing).

    Reads `**A.甲**B.乙`, `A、甲 B、乙`, one a line with or without letters, and 甲;乙;丙.
    """
    text = text.strip()
    if _STARS.search(text):
        return _lettered(tuple(p for p in _STARS.split(text) if p.strip()))
    pieces = _in_sequence(text)
    if len(pieces) >= 2:
        return _lettered(pieces)
    lines = tuple(line.strip() for line in text.split("\n") if line.strip())
    if len(lines) >= 2:
        return _lettered(lines)
    parts = tuple(p.strip() for p in re.split(r"[;；|]", text) if p.strip())
    return (parts, "") if len(parts) >= 2 else ((), "看不出各个选项")


def _lettered(pieces: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    leads = [option_lead(p) or _bare_lead(p) for p in pieces]
    expected = list(LETTERS[: len(pieces)])
    if [half_width(p)[:1] for p in pieces] == expected:  # A32, B、36, C38
        leads = expected
    options = tuple(_unlettered(p, lead) for p, lead in zip(pieces, leads, strict=True))
    if any(leads) and sorted(leads) == expected:
        options = tuple(o for _, o in sorted(zip(leads, options, strict=True)))
    elif any(leads):
        twice = sorted({x for x in leads if x and leads.count(x) > 1})
        if twice:
            return options, f"选项字母 {'、'.join(twice)} 出现了两次"
        return options, "选项字母不连续：" + "、".join(x or "（无）" for x in leads)
    if any(not o for o in options):
        return options, "有一个选项是空的"
    return options, ""


def _unlettered(piece: str, lead: str) -> str:
    if not lead:
        return piece.strip()
    return bare_option(piece) if option_lead(piece) else piece.strip()[1:].lstrip(" .、:：").strip()


def _bare_lead(piece: str) -> str:
    m = _BARE_LEAD.match(piece)
    return half_width(m[1]) if m else ""


def _in_sequence(text: str) -> tuple[str, ...]:
    """Cut before A, B, C … as far as each follows the one before."""
    starts: list[int] = []
    at = 0
    for letter in LETTERS:
        wide = chr(ord(letter) + 0xFEE0)
        m = re.compile(rf"(?<![A-Za-z])[(（]?[{letter}{wide}]\s*[)）.．、:：]").search(text, at)
        if m is None:
            break
        starts.append(m.start())
        at = m.end()
    if not starts or text[: starts[0]].strip():
        return ()
    ends = [*starts[1:], len(text)]
    return tuple(text[a:b].strip(" \n\t　;；,，") for a, b in zip(starts, ends, strict=True))
