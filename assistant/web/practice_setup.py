"""Puts practice together for an application: shelves, papers and banks over a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Thread

from assistant.errors import AssistantError
from assistant.practice.desk import Experience, PracticeDesk
from assistant.practice.exam import PLANS
from assistant.practice.exam_desk import plenty_for
from assistant.practice.port import PracticeStore
from assistant.practice.questions import Scope, Shelves
from assistant.practice.sets import QuestionSet, bank_set, paper_set
from assistant.quiz.store import PaperStore, utc_now
from assistant.services import Live, Settings
from assistant.web.bank_area import BankDesk
from assistant.web.quiz_desk import Makers

_READY = 40
"""At least so many questions of every post are made ready when the program starts."""


def open_practice(
    store: PracticeStore,
    live: Live,
    settings: Settings,
    makers: Makers,
    banks: BankDesk | None = None,
    now: Callable[[], datetime] = utc_now,
    experience: Experience = lambda _: {},
) -> PracticeDesk:
    """Return the desk over this store; `makers` are those of the page 出题组卷, used by both.

    What is insisted on is asked of `banks`; `experience` as the desk wants it.
    """
    shelves = Shelves(makers.of, settings.data / "derived" / "practice")
    papers = PaperStore(settings.papers_root)
    insisting = banks.insisting if banks else None
    return PracticeDesk(
        store,
        live,
        shelves,
        lambda: tuple(_sets(live, papers, banks)),
        now,
        experience=experience,
        insisted=insisting.of if insisting else lambda _: None,
    )


def make_ready(desk: PracticeDesk) -> Thread:
    """Begin to make the first questions of every post, so that nobody waits; return the work.

    They are enough for some rounds, and for a short exam.
    """
    scopes = (Scope(), *(Scope(p.id) for p in desk.shelves.posts.posts))
    plenty = plenty_for(PLANS[0])
    return desk.shelves.ready(
        desk.live.current, scopes, lambda found: len(found) >= _READY and plenty(found)
    )


def _sets(live: Live, papers: PaperStore, banks: BankDesk | None) -> Iterator[QuestionSet]:
    """Saved papers, the newest first, then banks; what is damaged is left out here."""
    services = live.current
    for saved in papers.list():
        if saved.problem:
            continue
        try:
            paper = papers.open(saved.id, services.catalog).paper
        except AssistantError:  # removed or damaged since it was listed
            continue
        yield paper_set(saved.id, paper, services.catalog, services.today())
    for bank in banks.store.list() if banks else ():
        result = banks.result(bank) if banks else None
        yield bank_set(
            bank.id,
            bank.file,
            bank.imported.questions,
            result.verdicts if result else (),
            services.duties.fields,
            banks.insisting.held() if banks and banks.insisting else (),
        )
