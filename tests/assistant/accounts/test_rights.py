"""Every action for every role."""

import pytest

from assistant.accounts.errors import LoginError, NotAllowedError
from assistant.accounts.model import Actor, Role
from assistant.accounts.rights import ALLOWED, Action, may, reaches, require, require_unit

ROLES = (Role.VISITOR, Role.GUEST, Role.WORKER, Role.TRAINER, Role.KEEPER, Role.ADMIN)
TABLE = """
LOOK_UP          - x x x x x
PRACTISE         - x x x x x
SEE_OWN_RECORD   - x x x x x
JOIN_GROUP       - x x x x x
JOIN_AS_GUEST    x x - - - -
TAKE_OVER        - - x x x x
MAKE_PAPER       - x - x x x
KEEP_PAPER       - x - x - x
CHECK_BANK       - x - x x x
IMPORT           - x - - x x
ANNOTATE         - x - - x x
ASSIGN           - - - x - x
HOLD_GROUP       - - - x - x
SEE_RESULTS      - - - x - x
EXPORT_RESULTS   - - - x - x
MANAGE_PEOPLE    - - - - - x
MANAGE_UNITS     - - - - - x
ERASE_PERSON     - - - - - x
SEE_AUDIT        - - - - - x
CHANGE_SETTINGS  - - - - - x
BACK_UP          - - - - - x
RESTORE          - - - - - x
LOG_IN           x x - - - -
REGISTER         x - - - - -
CHANGE_PASSWORD  - - x x x x
"""


def test_each_role_may_do_what_is_written_down_and_nothing_else() -> None:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    told = {name: marks for name, *marks in rows}
    shown = {a.name: ["x" if may(r, a) else "-" for r in ROLES] for a in Action}
    assert shown == told
    assert set(ALLOWED) == set(Action)
    assert set(ROLES) == set(Role)


def test_a_visitor_is_asked_to_log_in_and_others_are_told_no() -> None:
    with pytest.raises(LoginError, match="请先登录"):
        require(Actor("guest:1", Role.VISITOR), Action.PRACTISE)
    with pytest.raises(NotAllowedError, match="员工不能给单位布置任务"):
        require(Actor("p1", Role.WORKER), Action.ASSIGN)


def test_nothing_is_open_before_the_first_password_is_changed() -> None:
    fresh = Actor("p1", Role.ADMIN, must_change=True)
    require(fresh, Action.CHANGE_PASSWORD)
    doors = {Action.CHANGE_PASSWORD, Action.LOG_IN, Action.REGISTER, Action.JOIN_AS_GUEST}
    for action in set(Action) - doors:
        with pytest.raises(NotAllowedError, match="初始密码"):
            require(fresh, action)


@pytest.mark.parametrize(("role", "own", "unit", "reached"), [
    (Role.ADMIN, None, "u1", True),
    (Role.ADMIN, "u2", "u1", True),
    (Role.TRAINER, None, "u1", True),
    (Role.TRAINER, "u1", "u1", True),
    (Role.TRAINER, "u2", "u1", False),
    (Role.TRAINER, "u2", None, False),
    (Role.KEEPER, "u1", "u1", False),
    (Role.WORKER, "u1", "u1", False),
])  # fmt: skip
def test_a_trainer_of_a_unit_reaches_that_unit_alone(
    role: Role, own: str | None, unit: str | None, reached: bool
) -> None:
    actor = Actor("p1", role, unit=own)
    assert reaches(actor, unit) == reached
    if reached:
        require_unit(actor, Action.ASSIGN, unit)
    else:
        with pytest.raises(NotAllowedError):
            require_unit(actor, Action.ASSIGN, unit)
