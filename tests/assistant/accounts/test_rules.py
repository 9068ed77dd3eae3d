"""The pure rules: passwords, lock-out, how long sessions live."""

from datetime import timedelta

import pytest

from assistant.accounts.entry import account_problem, clean, phone_problem
from assistant.accounts.lifetime import STAFF, WORKERS, alive
from assistant.accounts.lockout import BY_ACCOUNT, count, locked, minutes_left
from assistant.accounts.model import Person, Role, Session
from assistant.accounts.passwords import Passwords, join_code, one_time_password, password_problem
from assistant.store.sessions import Attempts
from tests.contracts.records import NOW, later


@pytest.mark.parametrize(("password", "said"), [
    ("abc12", "太短"),
    ("x" * 129, "太长"),
    ("12345678", "太容易"),
    ("87654321", "太容易"),
    ("aaaaaaaa", "太容易"),
    ("Password", "太容易"),
    ("zhangsan", "不能只是账号"),
    ("zhangsan1", "不能只是账号"),
    ("13800000000", "不能只是账号"),
    ("zhangsan-7kq-mm", None),
    ("安全生产人人有责", None),
    ("k7mw-3xhp-q9", None),
])  # fmt: skip
def test_weak_passwords_are_refused_with_the_reason(password: str, said: str | None) -> None:
    problem = password_problem(password, ("zhangsan", "张三", "13800000000", ""))
    assert problem is None if said is None else said in (problem or "")


def test_hashes_are_argon2id_with_the_costs_of_today() -> None:
    passwords = Passwords()
    made = passwords.hash("安全生产人人有责")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert made != passwords.hash("安全生产人人有责")
    assert passwords.matches(made, "安全生产人人有责")
    assert not passwords.matches(made, "安全生产人人有责！")
    assert not passwords.matches(None, "安全生产人人有责")
    assert not passwords.matches("broken", "安全生产人人有责")
    assert not passwords.outdated(made)
    assert passwords.outdated(Passwords(1, 8).hash("x"))


def test_full_width_letters_are_the_same_password() -> None:
    passwords = Passwords(1, 8)
    assert passwords.matches(passwords.hash("abc-7kq-mm"), "ａｂｃ-７kq-mm")


def test_made_up_passwords_are_good_enough_and_differ() -> None:
    made = [one_time_password() for _ in range(50)]
    assert len(set(made)) == 50
    assert [password_problem(p, ()) for p in made] == [None] * 50
    assert one_time_password(lambda letters: letters[-1]) == "zzzz-zzzz-zz"
    assert len(join_code()) == 6


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour() -> None:
    counted = Attempts(0, NOW)
    for _ in range(4):
        counted = count(counted, BY_ACCOUNT, NOW)
    assert not locked(counted, NOW)
    counted = count(counted, BY_ACCOUNT, later(minutes=1))
    assert locked(counted, later(minutes=1))
    assert minutes_left(counted, later(minutes=1)) == 15
    assert minutes_left(counted, later(minutes=15, seconds=30)) == 1
    assert locked(counted, later(minutes=15, seconds=59))
    assert not locked(counted, later(minutes=16))


def test_failures_far_apart_do_not_add_up() -> None:
    counted = Attempts(0, NOW)
    for n in range(20):
        counted = count(counted, BY_ACCOUNT, later(minutes=4 * n))
        assert not locked(counted, later(minutes=4 * n))


def test_after_a_lock_has_passed_counting_begins_anew() -> None:
    counted = Attempts(5, NOW, later(minutes=5))
    assert count(counted, BY_ACCOUNT, later(minutes=5)) == Attempts(1, later(minutes=5))


@pytest.mark.parametrize(("role", "rule"), [(Role.WORKER, WORKERS), (Role.ADMIN, STAFF)])
def test_a_session_ends_when_idle_and_after_its_longest_time(role: Role, rule: object) -> None:
    lifetime = WORKERS if role is Role.WORKER else STAFF
    assert lifetime is rule
    person = Person("p1", "a", "甲", role, None, "", "", False, False, NOW)
    second = timedelta(seconds=1)
    assert alive(Session(person, NOW, NOW), NOW + lifetime.idle - second)
    assert not alive(Session(person, NOW, NOW), NOW + lifetime.idle)
    end = NOW + lifetime.absolute
    assert alive(Session(person, NOW, end - 2 * second), end - second)
    assert not alive(Session(person, NOW, end - second), end)


def test_entries_are_cleaned_and_checked() -> None:
    assert clean("  张　三\u200b\n ") == "张 三"
    assert account_problem("工号-001") is None
    assert account_problem("有 空格") is not None
    assert account_problem("x" * 33) is not None
    assert phone_problem("138 0000-0000") is None
    assert phone_problem("<b>1</b>") is not None
