"""Where work is done that takes a while: questions side by side, long jobs one by one."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.services import Live
from assistant.web.ask_desk import AskDesk
from assistant.web.job_queue import Limits
from assistant.web.slow_lane import SlowLane


@dataclass(frozen=True, slots=True)
class Lanes:
    """The two lanes of a running application."""

    asking: AskDesk
    slow: SlowLane

    def close(self) -> None:
        """Begin nothing further."""
        self.asking.close()
        self.slow.close()


def open_lanes(live: Live, limits: Limits | None = None) -> Lanes:
    """Return the lanes over the live services; `limits` are those of the questions."""
    return Lanes(AskDesk(live, limits), SlowLane())
