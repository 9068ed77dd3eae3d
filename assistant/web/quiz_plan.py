"""What the form of the page 出题组卷 says → a wish; the presets it offers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import BadInputError
from assistant.quiz.blueprint import Wish
from assistant.quiz.model import Kind

SHORT_NAMES = {
    Kind.SINGLE: "单选题",
    Kind.MULTI: "多选题",
    Kind.JUDGE: "判断题",
    Kind.BLANK: "填空题",
    Kind.SHORT: "简答题",
    Kind.CASE: "情景题",
}
COMMON_POSTS = (
    "principal", "deputy", "safety-staff", "team-leader", "worker", "special-operator",
    "enterprise", "town-head", "town-gov", "village", "gov-deputy", "emergency",
)  # fmt: skip
"""Ids of the bearers that papers are most often made for."""
_SPLIT = re.compile(r"[、,，;；\n]+")
_WHOLE = re.compile(r"\d{1,6}")
_SEED = re.compile(r"\d{1,10}")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,2})?")
_MOST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Preset:
    """A plan that is often wanted. `posts` are names as people type them."""

    name: str
    about: str
    title: str
    posts: tuple[str, ...]
    counts: Mapping[Kind, int]
    points: Mapping[Kind, float]
    mix: tuple[str, str, str] = ("", "", "")


_USUAL = {Kind.SINGLE: 20, Kind.MULTI: 10, Kind.JUDGE: 20}
PRESETS = (
    Preset(
        "企业主要负责人", "单选 20、多选 10、判断 20，共 100 分", "", ("主要负责人",), _USUAL,
        {Kind.SINGLE: 2, Kind.MULTI: 4, Kind.JUDGE: 1},
    ),
    Preset(
        "从业人员应知应会", "单选 10、判断 10，共 100 分", "从业人员应知应会测试", ("从业人员",),
        {Kind.SINGLE: 10, Kind.JUDGE: 10}, {Kind.SINGLE: 5, Kind.JUDGE: 5},
    ),
    Preset(
        "乡镇干部", "单选 15、判断 20，共 100 分", "乡镇干部安全生产知识测试",
        ("乡镇（街道）党政主要负责人", "乡镇人民政府", "村（居）民委员会", "各级人民政府"),
        {Kind.SINGLE: 15, Kind.JUDGE: 20}, {Kind.SINGLE: 4, Kind.JUDGE: 2},
    ),
)  # fmt: skip


def wish_of(form: Mapping[str, Any]) -> Wish:
    """Return what the form asks for; BadInputError names the box that cannot be read."""
    counts = {k: n for k in Kind if (n := _count(form, k))}
    if not counts:
        raise BadInputError("还没有填题数；请至少给一种题型填上要几题")
    points = {k: x for k in counts if (x := _points(form, k)) is not None}
    seed = _text(form, "seed")
    if seed and not _SEED.fullmatch(seed):
        raise BadInputError(f"种子应是整数，收到“{seed[:20]}”；不清楚就留空")
    return Wish(
        counts,
        points,
        _names(form, "topics"),
        (*_names(form, "posts"), *_split(_text(form, "others"))),
        _mix(form),
        int(seed) if seed else None,
        _text(form, "title"),
        _text(form, "region"),
    )


def _count(form: Mapping[str, Any], kind: Kind) -> int:
    text = _text(form, f"{kind.value}_count")
    if text and not _WHOLE.fullmatch(text):
        raise BadInputError(f"{SHORT_NAMES[kind]}的题数应是整数，收到“{text[:20]}”")
    return int(text) if text else 0


def _points(form: Mapping[str, Any], kind: Kind) -> float | None:
    text = _text(form, f"{kind.value}_points")
    return number_of(text, f"{SHORT_NAMES[kind]}每题的分值") if text else None


def number_of(text: str, what: str) -> float:
    """Return the number that was typed; BadInputError says that `what` should be one."""
    if not _NUMBER.fullmatch(text):
        raise BadInputError(f"{what}应是数字，收到“{text[:20]}”")
    return float(text)


def _mix(form: Mapping[str, Any]) -> tuple[float, ...]:
    texts = [_text(form, name) for name in ("easy", "medium", "hard")]
    if not any(texts):
        return ()
    return tuple(number_of(t, "难度的比例") if t else 0.0 for t in texts)


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise BadInputError("表单里有一项太长或不完整；请刷新页面再填")
    return value.strip()


def _names(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = form.get(name, [])
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise BadInputError("表单不完整；请刷新页面再填")
    return tuple(v.strip() for v in values if v.strip())


def _split(text: str) -> tuple[str, ...]:
    return tuple(p.strip() for p in _SPLIT.split(text) if p.strip())
