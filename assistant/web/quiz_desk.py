"""What the page 出题组卷 does with papers: make, change, take back, save, open."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from assistant.quiz.blueprint import MAX_SEED, make_blueprint
from assistant.quiz.changes import retitled, without_question
from assistant.quiz.drafts import Draft, DraftStore
from assistant.quiz.draw import make_paper, redraw, replace_question
from assistant.quiz.make import Generator
from assistant.quiz.model import RIGHT, WRONG, Kind
from assistant.quiz.paper import EDITED, Paper, edit_question, lock, set_points
from assistant.quiz.pool import Makes
from assistant.quiz.source import Source
from assistant.quiz.store import PaperStore, Saved, utc_now
from assistant.services import Live, Services
from assistant.web.quiz_plan import number_of, wish_of

_Change = Callable[[Paper, Mapping[str, Any], Services], tuple[Paper, str]]
Maker = tuple[Source, Makes]


class Makers:
    """The generators in use, one a province; made anew when the library or the day changes."""

    def __init__(self, open_maker: Callable[[Source], Makes] = Generator, most: int = 3) -> None:
        self._open, self._most = open_maker, most
        self._lock = threading.Lock()
        self._held: dict[str, tuple[Services, Maker]] = {}

    def of(self, services: Services, region: str = "") -> Maker:
        """Return source and generator; seconds the first time, others wait for the same one."""
        with self._lock:
            held = self._held.get(region)
            if held and held[0] is services and held[1][0].day == services.today():
                return held[1]
            source = services.quiz_source(region)
            made = (source, self._open(source))
            self._held.pop(region, None)
            while len(self._held) >= self._most:
                del self._held[next(iter(self._held))]
            self._held[region] = (services, made)
            return made

    def warm(self, services: Services) -> None:
        """Make the generator for the whole country ready, unless it is or somebody does so."""
        held = self._held.get("")
        if self._lock.locked() or (held is not None and held[0] is services):
            return
        threading.Thread(target=self.of, args=(services,), daemon=True, name="quiz").start()


class QuizDesk:
    """Papers of one application. Without `papers_root` nothing outlives the process."""

    def __init__(
        self,
        live: Live,
        papers_root: Path | None,
        makers: Makers | None = None,
        seed: Callable[[], int] = lambda: secrets.randbelow(MAX_SEED),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._live, self._seed = live, seed
        self.makers = makers or Makers()
        self.drafts = DraftStore(papers_root / "drafts" if papers_root else None)
        self._saved = PaperStore(papers_root, now) if papers_root else None
        self._changes: dict[str, _Change] = {
            "replace": self._replace,
            "redraw": self._redraw,
            "lock": _lock,
            "unlock": _lock,
            "delete": _delete,
            "edit": _edit,
            "points": _points,
        }

    def warm(self) -> None:
        """Get ready to make papers, in the background."""
        self.makers.warm(self._live.current)

    def make(self, form: Mapping[str, Any]) -> Draft:
        """Return a draft of a paper by the form; BadInputError says what cannot be done."""
        services = self._live.current
        wish = wish_of(form)
        duties = services.duties
        plan = make_blueprint(wish, duties.table, duties.fields, self._seed())
        source, generator = self.makers.of(services, plan.region)
        return self.drafts.begin(make_paper(plan, generator, source), services.catalog)

    def changed(self, command: Mapping[str, Any]) -> tuple[Draft, str]:
        """Return the draft after a change and what was done; BadInputError says why not."""
        services = self._live.current
        change = self._changes.get(str(command.get("do")))
        said = ""

        def apply(draft: Draft) -> Draft:
            nonlocal said
            if command.get("do") == "undo":
                said = "已撤销上一步"
                return draft.undone()
            if change is None:
                raise BadInputError("没有这个操作；请刷新页面再试")
            paper, said = change(draft.paper, command, services)
            return draft.changed(paper)

        made = self.drafts.change(
            str(command.get("draft")), whole(command, "rev"), services.catalog, apply
        )
        return made, said

    def save(self, command: Mapping[str, Any]) -> tuple[Draft, str]:
        """Save the draft under the name of the command; under another name it is a new paper."""
        services, store = self._live.current, self._store()
        name = str(command.get("name", ""))
        known = {s.id: s.title for s in store.list()}
        said = ""

        def apply(draft: Draft) -> Draft:
            nonlocal said
            paper = retitled(draft.paper, name)
            same = known.get(draft.saved_id) == paper.title
            if not same and paper.title in known.values():
                raise BadInputError(f"已有一份叫“{paper.title}”的试卷；请换个名称，免得分不清")
            saved_id = store.save(paper, services.catalog, draft.saved_id if same else "")
            said = f"已保存“{paper.title}”"
            return draft.saved(paper, saved_id)

        draft_id, revision = str(command.get("draft")), whole(command, "rev")
        return self.drafts.change(draft_id, revision, services.catalog, apply), said

    def open(self, paper_id: str) -> Draft:
        """Return a new draft of a saved paper."""
        catalog = self._live.current.catalog
        return self.drafts.begin(self._store().open(paper_id, catalog).paper, catalog, paper_id)

    def delete(self, paper_id: str) -> str:
        """Delete a saved paper; return what was done."""
        self._store().delete(paper_id)
        return "已删除这份试卷"

    def saved(self) -> tuple[Saved, ...]:
        """Return the saved papers, the newest first."""
        return self._saved.list() if self._saved else ()

    def _store(self) -> PaperStore:
        if self._saved is None:
            raise BadInputError("这个程序没有数据文件夹，不能保存试卷")
        return self._saved

    def _replace(
        self, paper: Paper, command: Mapping[str, Any], services: Services
    ) -> tuple[Paper, str]:
        number = whole(command, "n")
        source, generator = self.makers.of(services, paper.blueprint.region)
        return replace_question(paper, number, generator, source), f"第 {number} 题换好了"

    def _redraw(self, paper: Paper, _: Mapping[str, Any], services: Services) -> tuple[Paper, str]:
        source, generator = self.makers.of(services, paper.blueprint.region)
        kept = sum(s.locked for s in paper.slots)
        if kept == len(paper.slots):
            raise BadInputError("每一题都锁定了，没有题可以重出；请先解除几题的锁定")
        shown = tuple(s.question.id for s in paper.slots if not s.locked)
        try:
            fresh = replace(paper, seen=(*paper.seen, *shown))
            made = redraw(fresh, generator, source, self._seed())
        except BadInputError:  # the library yields no more: what was there may come again
            made = redraw(replace(paper, seen=()), generator, source, self._seed())
        return made, f"已全部重出，保留了锁定的 {kept} 题" if kept else "已全部重出"


def _lock(paper: Paper, command: Mapping[str, Any], _: Services) -> tuple[Paper, str]:
    number, locked = whole(command, "n"), command["do"] == "lock"
    said = f"第 {number} 题已锁定，重出时保留" if locked else f"第 {number} 题已解除锁定"
    return lock(paper, number, locked=locked), said


def _delete(paper: Paper, command: Mapping[str, Any], _: Services) -> tuple[Paper, str]:
    number = whole(command, "n")
    return without_question(paper, number), f"已删除第 {number} 题，后面的题号往前移"


def _points(paper: Paper, command: Mapping[str, Any], _: Services) -> tuple[Paper, str]:
    kind = next((k for k in Kind if k.value == command.get("kind")), None)
    if kind is None:
        raise BadInputError("没有这种题型；请刷新页面再试")
    points = number_of(str(command.get("points", "")).strip(), "分值")
    made = set_points(paper, kind, points)
    return made, f"{kind.label}改为每题 {points:g} 分，全卷 {made.total:g} 分"


def _edit(paper: Paper, command: Mapping[str, Any], _: Services) -> tuple[Paper, str]:
    """The form sends option rows as [text, is key]; rows without text are left out."""
    number = whole(command, "n")
    kind = paper.slot(number).question.kind
    stem, explanation = str(command.get("stem", "")), str(command.get("explanation", ""))
    options: list[str] | None = None
    if kind is Kind.JUDGE:
        key = str(command.get("answer", ""))
        answer = [key] if key in (RIGHT, WRONG) else []
    elif kind in (Kind.BLANK, Kind.SHORT):
        answer = [a for a in str(command.get("answer", "")).splitlines() if a.strip()]
    else:
        rows = _rows(command.get("options"))
        options = [text for text, _ in rows if text]
        answer = [text for text, is_key in rows if is_key]
    made = edit_question(
        paper, number, stem=stem, options=options, answer=answer, explanation=explanation
    )
    if made.slot(number).question == replace(paper.slot(number).question, origin=EDITED):
        raise BadInputError(f"第 {number} 题没有改动")
    return made, f"第 {number} 题已改，并已锁定"


def _rows(value: object) -> list[tuple[str, bool]]:
    if not isinstance(value, list):
        raise BadInputError("选项不完整；请刷新页面再改")
    return [(str(text).strip(), bool(is_key)) for text, is_key in value]


def whole(command: Mapping[str, Any], name: str) -> int:
    """Return a whole number of a command; BadInputError if it has none of that name."""
    value = command.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInputError("操作不完整；请刷新页面再试")
    return value
