"""Lists of the real library and additions of an imaginary unit."""

from __future__ import annotations

import pytest

from assistant.duties import DutyBook
from assistant.duties.own import OwnAdditions, OwnDuty, OwnNote
from assistant.services import Services

AT = "2026-11-20T01:02:03Z"


@pytest.fixture(scope="session")
def duty_book(services: Services) -> DutyBook:
    return services.duties


@pytest.fixture
def own() -> OwnAdditions:
    return OwnAdditions(
        "principal",
        (
            OwnDuty("own-1", "每周一组织安全例会，\n形成纪要。", "公司制度第三条", AT),
            OwnDuty("own-2", "=1+1", "", AT),
        ),
        (
            OwnNote("work-safety-law 第五条", "已写进责任书。", AT),
            OwnNote("work-safety-law 第九百条", "旧的批注。", AT),
        ),
    )
