"""What the view of the trainer may expect of the log, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from assistant.accounts.assigning import Assigning
from assistant.accounts.model import COMMAND_LINE, Person, Role, Unit
from assistant.practice.model import Mode, Round, Submission
from assistant.store import people
from assistant.store.assignments import find_assignment
from assistant.store.joined import add_joined, count_joined, joined_names, name_of_joined
from assistant.store.log import erase
from assistant.store.store import Store
from tests.contracts.records import NOW, later, make_answer, make_answers, make_round


def joined(records: Store, unit: str, *names: str) -> None:
    """Make a unit with these members."""
    with records.database.write() as connection:
        people.add_unit(connection, Unit(unit, f"单位{unit}", None, NOW))
        for name in names:
            made = Person(name, name, name, Role.WORKER, unit, "", "", False, False, NOW)
            people.add_person(connection, made, "no password")


def given(round_id: str, person: str, exam: bool = False) -> Round:
    made = make_round(round_id, person, Mode.EXAM if exam else Mode.DAILY)
    return replace(made, mode=Mode.ASSIGNED, assignment="a7")


def test_answers_of_a_unit_are_those_of_its_members_in_the_period(records: Store) -> None:
    joined(records, "u1", "p1", "p2")
    joined(records, "u2", "p3")
    for person in ("p1", "p2", "p3", "guest:x"):
        made = make_round(f"r-{person}", person)
        records.practice.add_round(made)
        for n in (1, 2, 3):
            records.practice.add_answer(make_answer(made, n, at=later(days=n)))
    found = records.log.for_unit("u1", later(days=1), later(days=3))
    assert [(a.person, a.n) for a in found] == [("p1", 1), ("p1", 2), ("p2", 1), ("p2", 2)]
    first = records.log.for_unit("u1", later(days=1), later(days=3), limit=3)
    assert first == found[:3]
    assert records.log.for_unit("u1", later(days=1), later(days=3), first[-1].seq, 3) == found[3:]
    assert records.log.for_unit("nowhere", NOW, later(days=9)) == ()


def test_answers_of_an_assignment_come_page_by_page(records: Store) -> None:
    made = given("r1", "p1")
    for one in (made, make_round("r2", "p1")):
        records.practice.add_round(one)
        for answer in make_answers(one):
            records.practice.add_answer(answer)
    found = records.log.for_assignment("a7")
    assert [(a.round, a.n) for a in found] == [("r1", 1), ("r1", 2), ("r1", 3)]
    assert records.log.for_assignment("a7", found[0].seq, 1) == found[1:2]
    generation, count = records.log.size_of("a7")
    assert count == 3
    with records.database.write() as connection:
        erase(connection, "p1", NOW)
    assert records.log.size_of("a7") == (generation + 1, 0)


def test_a_guest_keeps_the_name_he_gave_first_until_he_is_erased(records: Store) -> None:
    joined(records, "u1")
    question = make_round("r1").questions[0]
    task = Assigning(records, lambda: NOW).give(
        COMMAND_LINE, "u1", "班前一练", [question], later(days=1), guests=True
    )
    with records.database.write() as connection:
        for person, name in (("guest:b", "乙"), ("guest:a", "甲"), ("guest:a", "别名")):
            add_joined(connection, task.id, person, name, NOW)
    with records.database.read() as connection:
        assert joined_names(connection, task.id) == {"guest:a": "甲", "guest:b": "乙"}
        assert name_of_joined(connection, task.id, "guest:a") == "甲"
        assert name_of_joined(connection, task.id, "guest:c") is None
        assert count_joined(connection, task.id) == 2
        kept = find_assignment(connection, task.id)
    assert kept is not None
    assert kept.guests
    with records.database.write() as connection:
        erase(connection, "guest:a", NOW)
    with records.database.read() as connection:
        assert joined_names(connection, task.id) == {"guest:b": "乙"}


def test_who_has_begun_is_known_before_any_answer(records: Store) -> None:
    exam, open_one = given("r1", "p1", exam=True), given("r2", "p2", exam=True)
    for made in (exam, open_one, make_round("r3", "p3")):
        records.practice.add_round(made)
    records.practice.submit(Submission("r1", later(minutes=9), by_clock=True), make_answers(exam))
    done, begun = records.log.begun("a7")
    assert (done.person, done.size, done.submitted_at, done.by_clock) == (
        "p1", 3, later(minutes=9), True,
    )  # fmt: skip
    assert (begun.person, begun.ends_at, begun.submitted_at, begun.by_clock) == (
        "p2", later(hours=1), None, False,
    )  # fmt: skip
