"""Reads what somebody wants of a paper from a TOML file or from words on the command line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from assistant.errors import BadInputError
from assistant.quiz.blueprint import Band, Wish, nearest
from assistant.quiz.model import Kind

KIND_NAMES = {
    "单选": Kind.SINGLE,
    "多选": Kind.MULTI,
    "判断": Kind.JUDGE,
    "填空": Kind.BLANK,
    "简答": Kind.SHORT,
    "情景": Kind.CASE,
    **{k.value: k for k in Kind},
    **{k.label: k for k in Kind},
}
"""What a kind may be called in a file."""
_KEYS = (
    "title", "counts", "points", "topics", "posts", "difficulty", "seed", "region",
)  # fmt: skip
_BANDS = {"易": 0, "中": 1, "难": 2, "easy": 0, "medium": 1, "hard": 2}
_SHARE = re.compile(r"([易中难])[:：=]?(\d+(?:\.\d+)?)%?")
_THREE = re.compile(r"(\d+(?:\.\d+)?)[:：/](\d+(?:\.\d+)?)[:：/](\d+(?:\.\d+)?)")
_MOST_BYTES = 100_000
T = TypeVar("T", int, float)


def read_wish(path: Path) -> Wish:
    """Return what a TOML file asks for; BadInputError names the file, the key and its form."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInputError(f"{path} 太大，不像是组卷蓝图")
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as e:
        if isinstance(e, BadInputError):
            raise
        why = e.strerror if isinstance(e, OSError) else e
        raise BadInputError(f"{path} 读不出来（{why}）；应是 UTF-8 的 TOML 文件") from e
    return parse_wish(data, str(path))


def parse_wish(data: Mapping[str, Any], where: str) -> Wish:
    """Return what the table of a file asks for; BadInputError begins with `where`."""
    for key in data:
        if key not in _KEYS:
            raise BadInputError(f"{where}: 不认识 {key}{nearest(key, _KEYS)}")
    return Wish(
        _by_kind(data.get("counts", {}), where, "counts", _whole),
        _by_kind(data.get("points", {}), where, "points", _number),
        _names(data.get("topics", ()), where, "topics"),
        _names(data.get("posts", ()), where, "posts"),
        _mix(data["difficulty"], where) if "difficulty" in data else (),
        _whole(data["seed"], where, "seed") if "seed" in data else None,
        _word(data.get("title", ""), where, "title"),
        _word(data.get("region", ""), where, "region"),
    )


def parse_difficulty(text: str) -> tuple[float, ...]:
    """Return the parts of easy, medium and hard: 难, 易3中5难2 or 3:5:2; BadInputError if none."""
    words = "".join(text.split()).replace("，", "").replace(",", "").replace("、", "")
    if words in _BANDS:
        return tuple(float(n == _BANDS[words]) for n in range(len(Band)))
    if m := _THREE.fullmatch(words):
        return tuple(map(float, m.groups()))
    found = dict(_SHARE.findall(words))
    if found and not _SHARE.sub("", words):
        return tuple(float(found.get(b.value, 0)) for b in Band)
    raise BadInputError(f"难度“{text[:20]}”看不懂；请写 易、中、难 之一，或比例，例如 易3中5难2")


def split_names(values: list[str] | None) -> tuple[str, ...]:
    """Return the names in options that were given once or several times, parted by commas."""
    parts = (p.strip() for v in values or () for p in re.split("[，,]", v))
    return tuple(p for p in parts if p)


def _by_kind(
    value: object, where: str, key: str, read: Callable[[object, str, str], T]
) -> dict[Kind, T]:
    if not isinstance(value, dict):
        raise BadInputError(f"{where}: {key} 应是一张表，例如 [{key}] 下面写 single = 20")
    out: dict[Kind, T] = {}
    for name, number in value.items():
        kind = KIND_NAMES.get(name)
        if kind is None:
            raise BadInputError(
                f"{where}: {key} 里不认识题型 {name}{nearest(name, list(KIND_NAMES)[:12])}"
            )
        if kind in out:
            raise BadInputError(f"{where}: {key} 里{kind.label}写了两次")
        out[kind] = read(number, where, f"{key}.{name}")
    return out


def _whole(value: object, where: str, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInputError(f"{where}: {key} 应是整数，收到 {value!r}")
    return value


def _number(value: object, where: str, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInputError(f"{where}: {key} 应是数字，收到 {value!r}")
    return float(value)


def _word(value: object, where: str, key: str) -> str:
    if not isinstance(value, str):
        raise BadInputError(f"{where}: {key} 应是一行字，收到 {value!r}")
    return value


def _names(value: object, where: str, key: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise BadInputError(f'{where}: {key} 应是几个名称，例如 {key} = ["消防"]')
    return tuple(_word(v, where, key) for v in value)


def _mix(value: object, where: str) -> tuple[float, ...]:
    if isinstance(value, str):
        return parse_difficulty(value)
    if not isinstance(value, dict) or not value.keys() <= _BANDS.keys():
        raise BadInputError(
            f'{where}: difficulty 应写成 "易"、"易3中5难2" 或 {{easy = 3, medium = 5, hard = 2}}'
        )
    shares = [0.0] * len(Band)
    for name, share in value.items():
        shares[_BANDS[name]] = _number(share, where, f"difficulty.{name}")
    return tuple(shares)
