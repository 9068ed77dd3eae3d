"""Who bears duties: curated names, and the bearers that a text speaks of."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.errors import SourceError

BEARERS_FILE = Path(__file__).parent / "lexicon" / "bearers.toml"


@lru_cache(maxsize=4)
def read_bearers(path: Path = BEARERS_FILE) -> dict[str, str]:
    """Return every name → the bearer it means; SourceError if one name means two."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))["bearers"]
        out: dict[str, str] = {}
        for bearer, names in data.items():
            for name in names:
                if name in out:
                    raise SourceError(f"{path}: “{name}”既指{out[name]}又指{bearer}")
                out[name] = bearer
    except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as e:
        raise SourceError(f"{path}: {e}；应为 [bearers] 下“主体 = [叫法, …]”") from e
    return out


def find_bearers(text: str, path: Path = BEARERS_FILE) -> tuple[str, ...]:
    """Return the bearers that `text` names, in reading order, without repeats."""
    names = read_bearers(path)
    return tuple(dict.fromkeys(names[m] for m in _pattern(path).findall(text)))


@lru_cache(maxsize=4)
def _pattern(path: Path) -> re.Pattern[str]:
    longest_first = sorted(read_bearers(path), key=lambda n: (-len(n), n))
    return re.compile("|".join(map(re.escape, longest_first)))
