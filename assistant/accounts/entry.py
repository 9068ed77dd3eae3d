"""What people type of themselves, checked at the edge."""

from __future__ import annotations

import re
import unicodedata

_ACCOUNT = re.compile(r"[\w.@-]{2,32}")
_PHONE = re.compile(r"\+?\d[\d -]{4,18}\d")
_LONGEST_NAME, _LONGEST_POST = 40, 60


def clean(text: str) -> str:
    """Return a text on one line, without spaces around it or characters that cannot be seen."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


def account_problem(account: str) -> str | None:
    """Return what is wrong with an account name, else None."""
    if not account:
        return "没有填工号或账号"
    if not _ACCOUNT.fullmatch(account):
        return f"账号“{account[:20]}”不能用；请用 2 到 32 个字母、数字或汉字，中间不留空格"
    return None


def name_problem(name: str) -> str | None:
    """Return what is wrong with the name of a person, else None."""
    if not name:
        return "没有填姓名"
    return f"姓名太长；最多 {_LONGEST_NAME} 个字" if len(name) > _LONGEST_NAME else None


def post_problem(post: str) -> str | None:
    """Return what is wrong with a post, else None; it may be empty."""
    return f"岗位太长；最多 {_LONGEST_POST} 个字" if len(post) > _LONGEST_POST else None


def phone_problem(phone: str) -> str | None:
    """Return what is wrong with a telephone number, else None; it may be empty."""
    return f"手机号“{phone[:20]}”不对" if phone and not _PHONE.fullmatch(phone) else None


def unit_problem(name: str) -> str | None:
    """Return what is wrong with the name of a unit, else None."""
    if not name:
        return "没有填单位或班组"
    return "单位名称太长；最多 100 个字" if len(name) > 100 else None
