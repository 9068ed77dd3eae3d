"""The one door of trainers: give, put off, withdraw, follow, and read the results of a unit."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.accounts.assigning import Assigning
from assistant.accounts.model import Actor, Assignment, Person, Role, Unit, is_guest
from assistant.accounts.rights import Action, require_unit
from assistant.accounts.units import Units
from assistant.errors import BadInputError
from assistant.practice.desk import PracticeDesk
from assistant.practice.exam_desk import ExamDesk
from assistant.practice.model import Answer
from assistant.quiz.model import Question
from assistant.store import people
from assistant.store.joined import joined_names
from assistant.store.store import Store
from assistant.training.attendance import Attendance, Begun, Given, apart, attendance
from assistant.training.giving import Wish, choose
from assistant.training.items import Item
from assistant.training.joining import Joining
from assistant.training.period import Period
from assistant.training.report import Report, report
from assistant.training.tasks import Tasks

PAGE, MOST_ANSWERS = 5_000, 200_000
"""How many answers are read at once, and how many are looked at together at most."""
_HELD = 256
"""Of how many assignments the progress is kept at hand."""


@dataclass(frozen=True, slots=True)
class Followed:
    """An assignment with its progress; `people` are those named in it by id.

    `guests` is the progress of those without an account, who are not in `attendance`; their names
    are as they typed them.
    """

    assignment: Assignment
    attendance: Attendance
    people: Mapping[str, Person]
    guests: Attendance


@dataclass(frozen=True, slots=True)
class Results:
    """What a unit answered, in a period or in one assignment, with the answers themselves.

    One of `period` and `followed` is None.
    """

    unit: Unit
    period: Period | None
    followed: Followed | None
    report: Report
    people: Mapping[str, Person]
    answers: tuple[Answer, ...]


class TrainingDesk:
    """Safe to share between threads. Every method raises as `accounts.rights.require_unit`."""

    def __init__(
        self,
        store: Store,
        practice: PracticeDesk,
        seed: Callable[[], int] = lambda: secrets.randbits(64),
    ) -> None:
        self.store, self.practice, self._seed = store, practice, seed
        self.assigning = Assigning(store, practice.now)
        self.units = Units(store, practice.now)
        self.tasks = Tasks(practice, self.assigning)
        self.joining = Joining(store, practice)
        self._exams = ExamDesk(practice)
        self._held: dict[str, tuple[object, Attendance]] = {}

    def unit(self, actor: Actor, action: Action, unit_id: str) -> Unit:
        """Return a unit that the actor reaches for this; BadInputError if there is none."""
        require_unit(actor, action, unit_id)
        found = self.units.find(unit_id) if unit_id else None
        if found is None:
            raise BadInputError("没有这个单位；请刷新后再选")
        return found

    def give(
        self, actor: Actor, unit_id: str, wish: Wish, due_at: datetime, *, guests: bool = False
    ) -> Assignment:
        """Give a unit what is wished and return it; BadInputError says what is wrong with it.

        With `guests` people without an account may answer it, too.
        """
        self.unit(actor, Action.ASSIGN, unit_id)
        chosen = choose(self.practice, wish, random.Random(self._seed()))  # noqa: S311
        return self.assigning.give(
            actor, unit_id, chosen.title, chosen.questions, due_at, points=chosen.points,
            minutes=wish.minutes if chosen.points else 0, guests=guests,
        )  # fmt: skip

    def given(self, actor: Actor, unit_id: str) -> tuple[Followed, ...]:
        """Return what was given to a unit with its progress, the newest first."""
        self.unit(actor, Action.SEE_RESULTS, unit_id)
        return tuple(map(self._followed, self.assigning.given(actor, unit_id)))

    def follow(self, actor: Actor, assignment_id: str) -> Followed:
        """Return an assignment with its progress; exams whose time is up are handed in first."""
        return self._followed(self._seen(actor, assignment_id))

    def of_task(self, actor: Actor, assignment_id: str) -> Results:
        """Return the results of an assignment."""
        followed = self.follow(actor, assignment_id)
        unit = self.unit(actor, Action.SEE_RESULTS, followed.assignment.unit)
        answers = self._all(lambda a, n: self.store.log.for_assignment(assignment_id, a, n))
        seats = (*followed.attendance.seats, *followed.guests.seats)
        members = [s.person for s in seats]
        made = report(answers, members, self.practice.zone)
        return Results(unit, None, followed, made, followed.people, answers)

    def of_unit(self, actor: Actor, unit_id: str, period: Period) -> Results:
        """Return what the members of a unit answered in a period, in whatever way.

        BadInputError if that are more answers than can be looked at together.
        """
        unit = self.unit(actor, Action.SEE_RESULTS, unit_id)
        since, until, log = period.since, period.until, self.store.log
        answers = self._all(lambda a, n: log.for_unit(unit_id, since, until, a, n))
        made = report(answers, self._workers(unit_id), self.practice.zone)
        named = self._named(unit_id, (r.person for r in made.people))
        return Results(unit, period, None, made, named, answers)

    def question(self, item: Item) -> Question | None:
        """Return the question of an item as it was asked first; None if its round is gone."""
        return self.practice.chronicle.question(item)

    def exported(self, actor: Actor, results: Results, form: str) -> None:
        """Keep in the audit log that results left the program; raises if the actor may not."""
        require_unit(actor, Action.EXPORT_RESULTS, results.unit.id)
        subject = results.followed.assignment.id if results.followed else results.unit.id
        self.store.audit.add(actor, self.practice.now(), "results.export", subject, form=form)

    def _seen(self, actor: Actor, assignment_id: str) -> Assignment:
        found = self.assigning.find(actor, assignment_id)
        require_unit(actor, Action.SEE_RESULTS, found.unit)
        return found

    def _followed(self, given: Assignment) -> Followed:
        log, now = self.store.log, self.practice.now()
        begun = log.begun(given.id)
        late = {
            b.person
            for b in begun
            if b.submitted_at is None and b.ends_at is not None and b.ends_at <= now
        }
        for person in sorted(late):
            self._exams.close_overdue(person)
        if late:
            begun = log.begun(given.id)
        total = float(sum(given.points)) if given.exam else float(len(given.questions))
        what = Given(len(given.questions), total, given.exam, given.due_at)
        found = self._attendance(given.id, what, self._workers(given.unit), begun)
        members, guests = apart(found, is_guest)
        named = self._named(given.unit, (s.person for s in members.seats))
        if guests.seats:
            named = {**named, **self._guests(given.id)}
        return Followed(given, members, named, guests)

    def _attendance(
        self, assignment: str, given: Given, members: list[str], begun: tuple[Begun, ...]
    ) -> Attendance:
        """The progress; it is asked for every few seconds, so the last ones are kept at hand."""
        log = self.store.log
        key = (log.size_of(assignment), given, tuple(members), begun)
        held = self._held.get(assignment)
        if held is not None and held[0] == key:
            return held[1]
        answers = self._all(lambda a, n: log.for_assignment(assignment, a, n))
        found = attendance(given, members, begun, answers)
        if len(self._held) >= _HELD:
            self._held.clear()
        self._held[assignment] = (key, found)
        return found

    def _workers(self, unit_id: str) -> list[str]:
        with self.store.database.read() as connection:
            found = people.all_people(connection, unit_id)
        return [p.id for p in found if p.role is Role.WORKER and not p.disabled]

    def _named(self, unit_id: str, persons: Iterable[str]) -> Mapping[str, Person]:
        with self.store.database.read() as connection:
            named = {p.id: p for p in people.all_people(connection, unit_id)}
            for person in persons:
                if person not in named and (other := people.find_person(connection, person)):
                    named[person] = other
        return named

    def _guests(self, assignment: str) -> Mapping[str, Person]:
        """Those without an account as people, under the names that they typed."""
        with self.store.database.read() as connection:
            found = joined_names(connection, assignment)
        now, label = self.practice.now(), Role.VISITOR.label
        return {
            person: Person(person, label, name, Role.GUEST, None, "", "", False, False, now)
            for person, name in found.items()
        }

    @staticmethod
    def _all(read: Callable[[int, int], tuple[Answer, ...]]) -> tuple[Answer, ...]:
        out: list[Answer] = []
        while True:
            page = read(out[-1].seq if out else 0, PAGE)
            out += page
            if len(out) > MOST_ANSWERS:
                raise BadInputError(
                    f"这段时间的答题超过 {MOST_ANSWERS // 10_000} 万条；请把时间选短一点"
                )
            if len(page) < PAGE:
                return tuple(out)
