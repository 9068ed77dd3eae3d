"""The provinces, and which of them a text names, by its own name or by one of its cities."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.errors import SourceError

REGIONS_FILE = Path(__file__).parent / "lexicon" / "regions.toml"
_ENDING = r"(?:省|自治区|壮族自治区|回族自治区|维吾尔自治区|市|州|盟|地区)?"
_NOT_PLACES = re.compile(
    r"(?:白山黑水|乐山水|日照(?:时|充|不|强)|大理石|凉山火|天水(?:平|位)|中卫生|海东西|阿里(?:巴|云)|三明(?:确|显|治)|河源头|平凉(?:鞋|席))"
)


@dataclass(frozen=True, slots=True)
class NamedRegion:
    """A province as a text names it: `text[start:end]` is the words used."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=2)
def read_regions(path: Path = REGIONS_FILE) -> dict[str, str]:
    """Return every way to write a place → its province; SourceError if one means two."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["region"]
        out: dict[str, str] = {}
        for row in rows:
            names = [row["name"], *row["short"], *row["cities"]]
            names += [
                c + s for c in row.get("cities_with_suffix", ()) for s in ("市", "州", "地区")
            ]
            for name in names:
                if name in out:
                    raise SourceError(f"{path}: “{name}”既属于{out[name]}又属于{row['name']}")
                out[name] = row["name"]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as e:
        raise SourceError(f"{path}: {e}；每个 [[region]] 要有 name、short 和 cities") from e
    return out


def region_names(path: Path = REGIONS_FILE) -> tuple[str, ...]:
    """Return the full names of all provinces, in the file's order."""
    return tuple(dict.fromkeys(read_regions(path).values()))


def find_regions(text: str, path: Path = REGIONS_FILE) -> list[NamedRegion]:
    """Return the provinces that `text` names, in reading order."""
    names = read_regions(path)
    taken = [m.span() for m in _NOT_PLACES.finditer(text)]
    return [
        NamedRegion(names[m[1]], m.start(), m.end())
        for m in _pattern(path).finditer(text)
        if not any(a <= m.start() < b for a, b in taken)
    ]


@lru_cache(maxsize=2)
def _pattern(path: Path) -> re.Pattern[str]:
    """The words for all places, longest first, each with what may end it."""
    words = sorted(read_regions(path), key=lambda n: (-len(n), n))
    return re.compile(rf"({'|'.join(map(re.escape, words))}){_ENDING}")
