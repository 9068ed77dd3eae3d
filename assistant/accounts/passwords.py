"""Passwords: which are good enough, how they are kept, and those made for others to begin with."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 128
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""What cannot be taken for one another when read from paper."""
_COMMON = frozenset({
    "password", "passw0rd", "password1", "qwertyui", "qwer1234", "1q2w3e4r", "1qaz2wsx",
    "abcd1234", "a1234567", "aa123456", "abc12345", "admin123", "admin888", "88888888",
    "woaini1314", "5201314520", "iloveyou", "asdfghjk", "zaq12wsx", "11223344", "12344321",
})  # fmt: skip
_TIME, _MEMORY, _LANES = 2, 19_456, 1
"""Passes, KiB and lanes of argon2id, after OWASP's advice; two at a time take 40 MiB."""
_AT_ONCE = 2


class Passwords:
    """Hashes passwords with argon2id. Safe to share; only so many are hashed at a time."""

    def __init__(self, time_cost: int = _TIME, memory_kib: int = _MEMORY) -> None:
        self._hasher = PasswordHasher(time_cost, memory_kib, _LANES)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        """Return what is kept in place of a password."""
        with self._turns:
            return self._hasher.hash(_plain(password))

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether that is the password; takes as long where there is no account (None)."""
        if len(password) > LONGEST:
            return False
        if password_hash is None and self._nobody is None:
            self._nobody = self.hash(secrets.token_hex(16))
        try:
            with self._turns:
                self._hasher.verify(password_hash or self._nobody or "", _plain(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other costs than now."""
        return self._hasher.check_needs_rehash(password_hash)


def password_problem(password: str, known: Sequence[str]) -> str | None:
    """Return what is wrong with a new password, else None; `known`: account, name, phone."""
    plain = _plain(password).casefold()
    if len(plain) < SHORTEST:
        return f"密码太短；至少 {SHORTEST} 个字"
    if len(password) > LONGEST:
        return f"密码太长；最多 {LONGEST} 个字"
    if plain in _COMMON or len(set(plain)) < 4 or _runs(plain):
        return "这个密码太容易猜到；请换一个"
    if any(
        len(k) >= 3 and _plain(k).casefold() in plain and len(plain) - len(k) < 4
        for k in known
        if k
    ):
        return "密码不能只是账号、姓名或手机号；请换一个"
    return None


def one_time_password(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a random password to begin with, like k7mw-3xhp-q9 (49 bits)."""
    letters = [choose(_LETTERS) for _ in range(10)]
    return "-".join("".join(letters[n : n + 4]) for n in (0, 4, 8))


def join_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a random code by which members of a unit register, like k7mw3x (30 bits)."""
    return "".join(choose(_LETTERS) for _ in range(6))


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _runs(plain: str) -> bool:
    """Whether every character follows the one before: 12345678, hgfedcba."""
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    return steps in ({1}, {-1}, {0})
