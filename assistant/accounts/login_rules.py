"""The settings of logging in by name, with their bounds; nothing here needs the records."""

from __future__ import annotations

from dataclasses import dataclass

REGISTRATION, REGISTRATION_NAME = "registration", "自己注册"


@dataclass(frozen=True, slots=True)
class Number:
    """A setting that is a whole number from `least` to `most`; `key` and `name` both stand for it.

    `label` is what a page asks.
    """

    key: str
    name: str
    label: str
    least: int
    most: int


NUMBERS = (
    Number("account_tries", "账号输错次数", "同一个账号连续输错几次就锁住", 3, 20),
    Number("address_tries", "地址输错次数", "同一个地址一共输错几次就锁住（一个单位常共用一个地址）", 10, 1000),
    Number("lock_minutes", "锁定分钟", "锁住多少分钟", 1, 1440),
    Number("worker_hours", "员工登录小时", "员工多少小时不用就要重新登录", 1, 720),
    Number("staff_hours", "管理人员登录小时", "培训员、资料员、管理员多少小时不用就要重新登录", 1, 72),
)  # fmt: skip
"""The hours end where a session ends in any case: 30 days for workers, 3 for the others."""
