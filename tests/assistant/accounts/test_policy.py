"""What an administrator sets about logging in: bounds, effect at once, kept, told in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.accounts.errors import LockedOutError, LoginError, NotAllowedError
from assistant.accounts.lifetime import STAFF, WORKERS
from assistant.accounts.lockout import BY_ACCOUNT, BY_ADDRESS
from assistant.accounts.login_rules import NUMBERS
from assistant.accounts.model import COMMAND_LINE, Actor, Role
from assistant.accounts.policy import SETTING, Policy, changed
from assistant.accounts.service import Accounts
from assistant.errors import BadInputError
from tests.assistant.accounts.conftest import Desk
from tests.contracts.records import NOW

PASSWORD = "lan-tian-bai-yun-7"  # noqa: S105 - of nobody
VISITOR = Actor("guest:x", Role.VISITOR, "10.0.0.9")


def test_without_any_setting_the_rules_are_those_of_before() -> None:
    policy = Policy()
    assert (policy.by_account, policy.by_address) == (BY_ACCOUNT, BY_ADDRESS)
    assert policy.lifetime(Role.WORKER) == WORKERS
    assert policy.lifetime(Role.TRAINER) == policy.lifetime(Role.ADMIN) == STAFF
    assert policy.registration
    for number in NUMBERS:
        assert number.least <= getattr(policy, number.key) <= number.most


@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: n.key)
def test_each_number_has_bounds_that_are_told(number: object) -> None:
    assert number in NUMBERS
    n = next(x for x in NUMBERS if x == number)
    for fine in (str(n.least), f" {n.most} "):
        assert getattr(changed(Policy(), {n.key: fine}), n.key) == int(fine)
        assert changed(Policy(), {n.name: fine}) == changed(Policy(), {n.key: fine})
    for bad in (str(n.least - 1), str(n.most + 1), "", "很多", "5.5", "-5", "５", "9" * 40):
        with pytest.raises(BadInputError, match=f"{n.name}”请填 {n.least} 到 {n.most} 的整数"):
            changed(Policy(), {n.key: bad})


def test_unknown_names_and_half_switches_are_refused() -> None:
    with pytest.raises(BadInputError, match="没有“password”这项设置；可以设 账号输错次数、"):
        changed(Policy(), {"password": "1"})
    with pytest.raises(BadInputError, match="请填 开 或 关"):
        changed(Policy(), {"registration": "maybe"})
    assert not changed(Policy(), {"自己注册": "关"}).registration
    assert changed(Policy(registration=False), {"registration": "ON"}).registration


def test_fewer_wrong_passwords_lock_at_once_and_for_as_long_as_set(desk: Desk) -> None:
    desk.admin.set_policy(COMMAND_LINE, {"account_tries": "3", "lock_minutes": "60"})
    for _ in range(3):
        with pytest.raises(LoginError, match="不对"):
            desk.accounts.log_in("admin", "wrong", "10.0.0.1")
    with pytest.raises(LockedOutError, match="60 分钟后再试"):
        desk.accounts.log_in("admin", "wrong", "10.0.0.1")
    desk.clock.pass_by(minutes=61)
    with pytest.raises(LoginError, match="不对"):
        desk.accounts.log_in("admin", "wrong", "10.0.0.1")


def test_an_address_is_locked_after_as_many_failures_as_set(desk: Desk) -> None:
    desk.admin.set_policy(COMMAND_LINE, {"address_tries": "10"})
    for n in range(10):
        with pytest.raises(LoginError, match="不对"):
            desk.accounts.log_in(f"nobody{n}", "wrong", "10.0.0.2")
    with pytest.raises(LockedOutError):
        desk.accounts.log_in("nobody", "wrong", "10.0.0.2")


def test_sessions_end_after_the_hours_set_also_those_begun_before(desk: Desk) -> None:
    made = desk.admin.add(COMMAND_LINE, "w1", "张三", Role.WORKER)
    staff = desk.admin.add(COMMAND_LINE, "k1", "李四", Role.KEEPER)
    worker, _ = desk.accounts.log_in("w1", made.password, "")
    keeper, _ = desk.accounts.log_in("k1", staff.password, "")
    desk.clock.pass_by(hours=3)
    desk.admin.set_policy(COMMAND_LINE, {"worker_hours": "4", "staff_hours": "2"})
    assert desk.accounts.who(worker) is not None
    assert desk.accounts.who(keeper) is None
    desk.clock.pass_by(hours=4)
    assert desk.accounts.who(worker) is None
    desk.admin.set_policy(COMMAND_LINE, {"staff_hours": "72"})
    keeper, _ = desk.accounts.log_in("k1", staff.password, "")
    desk.clock.pass_by(hours=50)
    assert desk.accounts.who(keeper) is not None
    desk.clock.pass_by(hours=22)  # in use all the time, but for three days
    assert desk.accounts.who(keeper) is None


def test_nobody_registers_while_it_is_switched_off(desk: Desk) -> None:
    unit = desk.units.add(COMMAND_LINE, "一车间")
    code = str(unit.join_code)
    desk.admin.set_policy(COMMAND_LINE, {"registration": "off"})
    with pytest.raises(BadInputError, match="不能自己注册"):
        desk.accounts.register(VISITOR, code, "w1", "张三", PASSWORD)
    desk.admin.set_policy(COMMAND_LINE, {"registration": "on"})
    assert desk.accounts.register(VISITOR, code, "w1", "张三", PASSWORD).unit == unit.id


def test_what_is_set_is_kept_and_every_change_is_in_the_audit_log(desk: Desk) -> None:
    desk.admin.set_policy(COMMAND_LINE, {"lock_minutes": "30", "registration": "off"})
    desk.admin.set_policy(COMMAND_LINE, {"lock_minutes": "30"})
    with pytest.raises(BadInputError):
        desk.admin.set_policy(COMMAND_LINE, {"staff_hours": "9", "lock_minutes": "0"})
    again = Accounts(desk.store, desk.accounts.passwords).policy()
    assert again == Policy(lock_minutes=30, registration=False)
    told = desk.store.audit.lines(action="settings.change")
    assert [(a.subject, dict(a.detail), a.actor, a.at) for a in told] == [
        ("registration", {"setting": "registration", "before": True, "after": False}, "cli", NOW),
        ("lock_minutes", {"setting": "lock_minutes", "before": 15, "after": 30}, "cli", NOW),
    ]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_only_administrators_set_it(desk: Desk, role: Role) -> None:
    with pytest.raises((NotAllowedError, LoginError)):
        desk.admin.set_policy(Actor("p9", role), {"lock_minutes": "30"})
    assert desk.accounts.policy() == Policy()


@pytest.mark.parametrize("kept", [7, "x", None, {"lock_minutes": 0, "staff_hours": "9"}, {"x": 1}])
def test_what_is_kept_and_cannot_be_counts_as_never_set(desk: Desk, kept: object) -> None:
    desk.store.settings.put(SETTING, kept, NOW)
    assert desk.accounts.policy() == Policy()
    assert Policy().by_account.pause == timedelta(minutes=15)
