"""Small files to import, written by the tests themselves."""

from __future__ import annotations

from pathlib import Path

ISSUER, TITLE = "某省某县人民政府", "某县安全生产网格管理办法"
ARTICLES = (
    "为了加强网格化安全生产管理，制定本办法。",
    "乡镇网格员每周至少巡查辖区内的烧烤店两次，并填写巡查台账。",
    "网格员发现烧烤店使用不合格液化气瓶的，应当在2小时内报告乡镇应急办。",
    "本办法自2026年2月1日起施行。",
)


def text(*, skip: int = 0, title: str = TITLE, second: str = "") -> str:
    """The rules as plain text; without article number `skip` if one is given."""
    lines = [f"{ISSUER}文件", "某政发〔2026〕1号", title]
    for n, body in enumerate(ARTICLES, 1):
        if n != skip:
            shown = second if n == 2 and second else body
            lines.append(f"第{'一二三四'[n - 1]}条　{shown}")
    return "\n".join(lines)


def write(folder: Path, content: str, name: str = "办法.txt") -> Path:
    """Write a text file and return where it is."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path
