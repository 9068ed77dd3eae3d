"""Logging in, sessions, passwords, registering and taking over, on both databases."""

import threading

import pytest
from sqlalchemy import text

from assistant.accounts.errors import LockedOutError, LoginError, NotAllowedError
from assistant.accounts.model import COMMAND_LINE, Actor, Role
from assistant.accounts.passwords import Passwords
from assistant.accounts.rights import Action, require
from assistant.accounts.service import Accounts
from assistant.errors import BadInputError
from assistant.practice.model import Mark
from assistant.store.store import Store
from tests.assistant.accounts.conftest import Desk
from tests.contracts.records import NOW, make_answer, make_round

HERE = "10.0.0.1"
GOOD = "好好学习-2026"
VISITOR = Actor("guest:g1", Role.VISITOR, HERE)


def add(desk: Desk, account: str = "w1", role: Role = Role.WORKER) -> str:
    """Make an account that has its own password; returns its id."""
    made = desk.admin.add(COMMAND_LINE, account, "张三", role)
    actor = desk.enter(account, made.password)
    desk.accounts.change_password(actor, made.password, GOOD)
    return made.person.id


def test_the_first_administrator_is_made_once_with_a_password_to_be_changed(
    records: Store,
) -> None:
    accounts = Accounts(records, Passwords(1, 8))
    made = accounts.first_admin()
    assert made is not None
    assert accounts.first_admin() is None
    token, person = accounts.log_in("Admin", made.password, HERE)
    assert (person.role, person.must_change) == (Role.ADMIN, True)
    actor = accounts.who(token, HERE)
    assert actor is not None
    with pytest.raises(NotAllowedError, match="初始密码"):
        require(actor, Action.MANAGE_PEOPLE)
    actor = accounts.who(accounts.change_password(actor, made.password, GOOD), HERE)
    assert actor is not None
    require(actor, Action.MANAGE_PEOPLE)


def test_two_processes_that_start_at_once_make_one_administrator(records: Store) -> None:
    made = []
    start = threading.Barrier(4)

    def begin() -> None:
        accounts = Accounts(records, Passwords(1, 8))
        start.wait()
        made.append(accounts.first_admin())

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(m is not None for m in made) == 1


def test_everybody_is_a_guest_until_accounts_are_switched_on(desk: Desk) -> None:
    assert desk.accounts.visitor("g1").role is Role.VISITOR
    desk.admin.switch(COMMAND_LINE, on=False)
    guest = desk.accounts.visitor("g1", HERE)
    assert (guest.person, guest.role, guest.address) == ("guest:g1", Role.GUEST, HERE)
    assert desk.actions()[-2:] == ["accounts.on", "accounts.off"]


def test_a_wrong_password_and_an_unknown_account_are_told_alike(desk: Desk) -> None:
    add(desk)
    said = []
    for account in ("w1", "nobody"):
        with pytest.raises(LoginError) as caught:
            desk.accounts.log_in(account, "wrong-password", HERE)
        said.append(str(caught.value))
    assert said == ["账号或密码不对"] * 2


def test_five_failures_lock_an_account_even_for_the_right_password(desk: Desk) -> None:
    add(desk)
    for _ in range(5):
        with pytest.raises(LoginError, match="不对"):
            desk.accounts.log_in("w1", "wrong-password", HERE)
    with pytest.raises(LockedOutError, match="15 分钟"):
        desk.accounts.log_in("W1", GOOD, "10.0.0.2")
    desk.clock.pass_by(minutes=14)
    with pytest.raises(LockedOutError, match="1 分钟"):
        desk.accounts.log_in("w1", GOOD, HERE)
    desk.clock.pass_by(minutes=1)
    assert desk.enter("w1", GOOD).role is Role.WORKER
    with pytest.raises(LoginError, match="不对"):
        desk.accounts.log_in("w1", "wrong-password", HERE)
    assert desk.enter("w1", GOOD)


def test_many_guesses_at_once_do_not_slip_through(desk: Desk) -> None:
    add(desk)
    refused: list[type[LoginError]] = []

    def guess(n: int) -> None:
        try:
            desk.accounts.log_in("w1", f"wrong-password-{n}", f"10.0.1.{n}")
        except LoginError as e:
            refused.append(type(e))

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count(LoginError) == 5
    assert refused.count(LockedOutError) == 7


def test_sixty_failures_lock_an_address_and_the_log_says_so(desk: Desk) -> None:
    add(desk)
    for n in range(60):
        with pytest.raises(LoginError, match="不对"):
            desk.accounts.log_in(f"nobody-{n}", "wrong-password", HERE)
    with pytest.raises(LockedOutError):
        desk.accounts.log_in("w1", GOOD, HERE)
    assert desk.enter("w1", GOOD, "10.0.0.2")
    assert desk.actions().count("login.locked") == 1


def test_a_session_ends_when_it_is_idle_or_logged_out(desk: Desk) -> None:
    add(desk, role=Role.TRAINER)
    token, _ = desk.accounts.log_in("w1", GOOD, HERE)
    desk.clock.pass_by(hours=7)
    assert desk.accounts.who(token)
    desk.clock.pass_by(hours=7)
    assert desk.accounts.who(token)
    desk.clock.pass_by(hours=8)
    assert desk.accounts.who(token) is None
    token, _ = desk.accounts.log_in("w1", GOOD, HERE)
    desk.accounts.log_out(token)
    assert desk.accounts.who(token) is None
    assert desk.accounts.who("made-up") is None
    assert desk.accounts.who("") is None


def test_tokens_and_passwords_are_kept_only_as_hashes(desk: Desk) -> None:
    add(desk)
    token, _ = desk.accounts.log_in("w1", GOOD, HERE)
    with desk.store.database.read() as connection:
        rows = [
            str(tuple(row))
            for table in ("sessions", "people", "attempts", "audit")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    assert len(rows) > 5
    assert not [row for row in rows if token in row or GOOD in row]


def test_a_changed_password_ends_every_other_session(desk: Desk) -> None:
    add(desk)
    other, _ = desk.accounts.log_in("w1", GOOD, HERE)
    token, _ = desk.accounts.log_in("w1", GOOD, HERE)
    actor = desk.accounts.who(token, HERE)
    assert actor is not None
    with pytest.raises(LoginError, match="原来的密码不对"):
        desk.accounts.change_password(actor, "wrong-password", "another-2026-x")
    with pytest.raises(BadInputError, match="太短"):
        desk.accounts.change_password(actor, GOOD, "short")
    with pytest.raises(BadInputError, match="一样"):
        desk.accounts.change_password(actor, GOOD, GOOD)
    fresh = desk.accounts.change_password(actor, GOOD, "another-2026-x")
    assert [desk.accounts.who(t) is None for t in (other, token, fresh)] == [True, True, False]
    with pytest.raises(LoginError):
        desk.accounts.log_in("w1", GOOD, HERE)
    assert desk.enter("w1", "another-2026-x")


def test_a_closed_account_is_out_at_once(desk: Desk) -> None:
    person = add(desk)
    token, _ = desk.accounts.log_in("w1", GOOD, HERE)
    desk.admin.set_disabled(COMMAND_LINE, person, disabled=True)
    assert desk.accounts.who(token) is None
    with pytest.raises(LoginError, match="已停用"):
        desk.accounts.log_in("w1", GOOD, HERE)
    desk.admin.set_disabled(COMMAND_LINE, person, disabled=False)
    assert desk.enter("w1", GOOD)


def test_a_member_registers_with_the_code_of_the_unit(desk: Desk) -> None:
    unit = desk.units.add(COMMAND_LINE, "一车间")
    person = desk.accounts.register(
        VISITOR, f" {(unit.join_code or '').upper()} ", "w7", "李四", GOOD
    )
    assert (person.unit, person.role, person.must_change) == (unit.id, Role.WORKER, False)
    assert desk.enter("w7", GOOD).unit == unit.id
    assert "person.register" in desk.actions()


@pytest.mark.parametrize(("code", "account", "name", "password", "said"), [
    ("", "w8", "李四", GOOD, "单位口令不对"),
    ("wrong1", "w8", "李四", GOOD, "单位口令不对"),
    (None, "admin", "李四", GOOD, "已经有人用了"),
    (None, "w 8", "李四", GOOD, "不能用"),
    (None, "w8", "", GOOD, "没有填姓名"),
    (None, "w8", "李四", "short", "太短"),
])  # fmt: skip
def test_a_registration_that_does_not_fit_keeps_nothing(
    desk: Desk, code: str | None, account: str, name: str, password: str, said: str
) -> None:
    unit = desk.units.add(COMMAND_LINE, "一车间")
    with pytest.raises(BadInputError, match=said):
        desk.accounts.register(
            VISITOR, unit.join_code or "" if code is None else code, account, name, password
        )
    assert len(desk.admin.people(COMMAND_LINE)) == 1


def test_codes_cannot_be_guessed_through_and_a_closed_unit_takes_nobody(desk: Desk) -> None:
    unit = desk.units.add(COMMAND_LINE, "一车间")
    desk.units.close(COMMAND_LINE, unit.id)
    for _ in range(60):
        with pytest.raises(BadInputError, match="口令不对"):
            desk.accounts.register(VISITOR, unit.join_code or "", "w8", "李四", GOOD)
    code = desk.units.renew_code(COMMAND_LINE, unit.id)
    with pytest.raises(LockedOutError):
        desk.accounts.register(VISITOR, code, "w8", "李四", GOOD)
    desk.clock.pass_by(minutes=15)
    assert desk.accounts.register(VISITOR, code, "w8", "李四", GOOD).unit == unit.id


def test_a_guest_takes_his_practice_into_an_account_once(desk: Desk) -> None:
    store = desk.store.practice
    guest = make_round("r1", "guest:g1")
    own = make_round("r2", add(desk))
    for made in (guest, own):
        store.add_round(made)
        store.add_answer(make_answer(made, 1))
    store.add_mark(Mark("guest:g1", "q0001", True, NOW))
    actor = desk.enter("w1", GOOD)
    read_to = store.answers(actor.person)[-1].seq
    assert desk.accounts.take_over(actor, "g1") == 1
    assert [a.id for a in store.answers(actor.person, read_to)] == ["r1-1"]
    assert {a.id for a in store.answers(actor.person)} == {"r1-1", "r2-1"}
    assert [r.person for r in store.rounds(actor.person)] == [actor.person] * 2
    assert store.marks(actor.person) == (Mark(actor.person, "q0001", True, NOW),)
    assert (store.answers("guest:g1"), store.rounds("guest:g1")) == ((), ())
    with pytest.raises(BadInputError, match="不能再并一次"):
        desk.accounts.take_over(actor, "g1")
    with pytest.raises(LoginError):
        desk.accounts.take_over(VISITOR, "g1")
