"""What administrators do, and that it is in the audit log; on both databases."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from assistant.accounts.administration import Administration
from assistant.accounts.assigning import Assigning
from assistant.accounts.errors import LoginError, NotAllowedError
from assistant.accounts.model import COMMAND_LINE, Actor, Role
from assistant.accounts.roster import Roster, RosterRow
from assistant.errors import BadInputError
from assistant.practice.model import Mark, Mode, Response, Submission
from assistant.store import StoreError
from tests.assistant.accounts.conftest import Desk
from tests.contracts.records import NOW, later, make_answer, make_question, make_round

WORKER, TRAINER = Actor("p9", Role.WORKER, unit="u1"), Actor("p8", Role.TRAINER)
QUESTIONS = tuple(make_question(n) for n in range(1, 4))


def test_every_act_on_an_account_writes_a_line_of_who_did_what(desk: Desk) -> None:
    by = Actor("p0", Role.ADMIN, "10.0.0.9")
    unit = desk.units.add(by, "一车间")
    made = desk.admin.add(by, "w1", "张三", Role.WORKER, unit.id, "电工", "13800000000").person
    desk.admin.set_role(by, made.id, Role.TRAINER)
    desk.admin.set_unit(by, made.id, None)
    desk.admin.reset_password(by, made.id)
    desk.admin.set_disabled(by, made.id, disabled=True)
    desk.admin.set_disabled(by, made.id, disabled=False)
    desk.units.rename(by, unit.id, "二车间")
    desk.units.renew_code(by, unit.id)
    desk.units.close(by, unit.id)
    desk.units.delete(by, unit.id)
    desk.admin.erase(by, made.id)
    assert desk.actions()[-12:] == [
        "unit.add", "person.add", "person.role", "person.unit", "password.reset",
        "person.disable", "person.enable", "unit.rename", "unit.renew_code", "unit.close",
        "unit.delete", "person.erase",
    ]  # fmt: skip
    line = desk.store.audit.lines(action="person.role")[0]
    assert (line.actor, line.subject, line.address, line.at) == ("p0", made.id, "10.0.0.9", NOW)
    assert line.detail == {"role": "trainer"}
    assert len(desk.store.audit.lines(subject=unit.id, limit=3)) == 3


def test_the_audit_log_cannot_be_changed_and_pages_backwards(desk: Desk) -> None:
    for n in range(5):
        desk.store.audit.add(COMMAND_LINE, later(hours=n), "paper.delete", f"x{n}")
    newest = desk.store.audit.lines(limit=2)
    assert [line.subject for line in newest] == ["x4", "x3"]
    older = desk.store.audit.lines(before=newest[-1].seq, limit=2)
    assert [line.subject for line in older] == ["x2", "x1"]
    between = desk.store.audit.lines(since=later(hours=1), until=later(hours=3))
    assert [line.subject for line in between] == ["x2", "x1"]
    for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"):
        with pytest.raises(StoreError), desk.store.database.write() as connection:
            connection.execute(text(statement))
    assert len(desk.store.audit.lines(action="paper.delete")) == 5


def test_nobody_but_an_administrator_administers(desk: Desk) -> None:
    acts = [
        lambda by: desk.admin.add(by, "x1", "张三"),
        lambda by: desk.admin.add_roster(by, Roster((), ())),
        lambda by: desk.admin.find(by, "admin"),
        lambda by: desk.admin.reset_password(by, "p1"),
        lambda by: desk.admin.set_role(by, "p1", Role.ADMIN),
        lambda by: desk.admin.set_unit(by, "p1", None),
        lambda by: desk.admin.set_disabled(by, "p1", disabled=True),
        lambda by: desk.admin.erase(by, "p1"),
        lambda by: desk.admin.switch(by, on=False),
        lambda by: desk.units.add(by, "一车间"),
        lambda by: desk.units.rename(by, "u1", "一车间"),
        lambda by: desk.units.renew_code(by, "u1"),
        lambda by: desk.units.close(by, "u1"),
        lambda by: desk.units.delete(by, "u1"),
        lambda by: desk.units.by_name(by, "一车间"),
    ]
    before = desk.actions()
    for act in acts:
        for role in (Role.WORKER, Role.TRAINER, Role.KEEPER, Role.GUEST):
            with pytest.raises(NotAllowedError):
                act(Actor("p1", role))
        with pytest.raises(LoginError):
            act(Actor("guest:g1", Role.VISITOR))
    assert desk.actions() == before
    with pytest.raises(NotAllowedError):
        desk.admin.people(WORKER)
    with pytest.raises(NotAllowedError):
        desk.units.list(WORKER)


def test_a_trainer_sees_the_people_of_the_units_he_reaches(desk: Desk) -> None:
    one, two = (desk.units.add(COMMAND_LINE, name) for name in ("一车间", "二车间"))
    desk.admin.add(COMMAND_LINE, "w1", "张三", unit=one.id)
    desk.admin.add(COMMAND_LINE, "w2", "李四", unit=two.id)
    own = replace(TRAINER, unit=two.id)
    assert [p.account for p in desk.admin.people(own)] == ["w2"]
    assert desk.units.list(own) == (two,)
    assert [p.account for p in desk.admin.people(TRAINER, one.id)] == ["w1"]
    with pytest.raises(NotAllowedError, match="自己的单位"):
        desk.admin.people(own, one.id)


def test_the_last_administrator_stays(desk: Desk) -> None:
    last = desk.admin.find(COMMAND_LINE, "admin").id
    for act in (
        lambda: desk.admin.set_role(COMMAND_LINE, last, Role.KEEPER),
        lambda: desk.admin.set_disabled(COMMAND_LINE, last, disabled=True),
        lambda: desk.admin.erase(COMMAND_LINE, last),
    ):
        with pytest.raises(BadInputError, match="最后一个"):
            act()
    other = desk.admin.add(COMMAND_LINE, "admin2", "王五", Role.ADMIN).person
    desk.admin.set_role(COMMAND_LINE, last, Role.KEEPER)
    with pytest.raises(BadInputError, match="最后一个"):
        desk.admin.erase(COMMAND_LINE, other.id)


def test_two_administrators_who_close_each_other_at_once_do_not_both_succeed(
    desk: Desk,
) -> None:
    first = desk.admin.find(COMMAND_LINE, "admin").id
    second = desk.admin.add(COMMAND_LINE, "admin2", "王五", Role.ADMIN).person.id
    start, refused = threading.Barrier(2), []

    def close(person: str) -> None:
        start.wait()
        try:
            desk.admin.set_disabled(COMMAND_LINE, person, disabled=True)
        except BadInputError:
            refused.append(person)

    threads = [threading.Thread(target=close, args=(p,)) for p in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_erasing_a_person_removes_name_account_and_answers_but_not_the_line(
    desk: Desk,
) -> None:
    gone = desk.admin.add(COMMAND_LINE, "w1-account", "张三丰", phone="13811112222").person
    stays = desk.admin.add(COMMAND_LINE, "w2", "李四").person
    store = desk.store.practice
    for person in (gone, stays):
        made = make_round(f"r-{person.id}", person.id)
        exam = make_round(f"x-{person.id}", person.id, Mode.EXAM)
        store.add_round(made)
        store.add_round(exam)
        store.add_answer(make_answer(made, 1))
        store.add_mark(Mark(person.id, "q0001", True, NOW))
        store.keep_response(exam.id, 1, Response(("正确",), NOW))
        store.submit(Submission(exam.id, NOW, by_clock=False), [make_answer(exam, 1)])
    generation, _ = desk.store.log.read()
    assert desk.admin.erase(COMMAND_LINE, gone.id) == 2
    assert desk.store.log.generation() > generation
    assert (store.answers(gone.id), store.marks(gone.id), store.rounds(gone.id)) == ((), (), ())
    assert len(store.answers(stays.id)) == 2
    later_generation, left = desk.store.log.read()
    assert later_generation > generation
    assert {a.person for a in left} == {stays.id}
    with desk.store.database.read() as connection:
        tables = connection.dialect.get_table_names(connection)
        rows = [
            str(tuple(row))
            for table in tables
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    for word in ("张三丰", "w1-account", "13811112222"):
        assert not [row for row in rows if word in row]
    if desk.store.database.file is not None:
        beside = desk.store.database.file.parent.glob("zhize.db*")
        assert not [p for p in beside if "张三丰".encode() in p.read_bytes()]
    assert desk.store.audit.lines(action="person.erase")[0].subject == gone.id
    with pytest.raises(BadInputError, match="已不在"):
        desk.admin.erase(COMMAND_LINE, gone.id)


def test_a_guest_is_erased_too(desk: Desk) -> None:
    made = make_round("r1", "guest:g1")
    desk.store.practice.add_round(made)
    desk.store.practice.add_answer(make_answer(made, 1))
    assert desk.admin.erase(COMMAND_LINE, "guest:g1") == 1
    assert desk.store.practice.rounds("guest:g1") == ()


def test_what_does_not_fit_is_refused(desk: Desk) -> None:
    with pytest.raises(BadInputError, match="已经有了"):
        desk.admin.add(COMMAND_LINE, "ＡＤＭＩＮ", "张三")
    with pytest.raises(BadInputError, match="没有这个单位"):
        desk.admin.add(COMMAND_LINE, "w1", "张三", unit="nowhere")
    with pytest.raises(BadInputError, match="只能是"):
        desk.admin.add(COMMAND_LINE, "w1", "张三", Role.GUEST)
    with pytest.raises(BadInputError, match="没有账号"):
        desk.admin.find(COMMAND_LINE, "w1")
    unit = desk.units.add(COMMAND_LINE, "一车间")
    with pytest.raises(BadInputError, match="已经有了"):
        desk.units.add(COMMAND_LINE, " 一车间 ")
    with pytest.raises(BadInputError, match="没有填"):
        desk.units.rename(COMMAND_LINE, unit.id, " ")
    desk.admin.add(COMMAND_LINE, "w1", "张三", unit=unit.id)
    with pytest.raises(BadInputError, match="不能删"):
        desk.units.delete(COMMAND_LINE, unit.id)


def rows(*accounts: str, unit: str = "一车间") -> Roster:
    return Roster(
        tuple(RosterRow(n, f"张{n}", a, unit, "焊工", "") for n, a in enumerate(accounts, 2)), ()
    )


def test_a_roster_is_taken_whole_with_passwords_that_work(desk: Desk) -> None:
    made = desk.admin.add_roster(COMMAND_LINE, rows("w1", "w2"), new_units=True)
    assert [o.person.account for o in made] == ["w1", "w2"]
    (unit,) = desk.units.list(COMMAND_LINE)
    assert {o.person.unit for o in made} == {unit.id}
    for one in made:
        actor = desk.enter(one.person.account, one.password)
        assert (actor.role, actor.must_change) == (Role.WORKER, True)
    assert desk.actions().count("person.add") == 2


def test_a_roster_with_a_bad_row_adds_nobody_and_names_each_row(desk: Desk) -> None:
    desk.admin.add(COMMAND_LINE, "w2", "李四")
    with pytest.raises(BadInputError) as caught:
        desk.admin.add_roster(COMMAND_LINE, rows("w1", "W2"))
    said = str(caught.value).splitlines()
    assert said == [
        "第 2 行：没有单位“一车间”；请先建好，或选“没有的单位自动新建”",
        "第 3 行：没有单位“一车间”；请先建好，或选“没有的单位自动新建”",
        "第 3 行：账号“W2”已经有了",
        "名单一个人也没有存入；改好后再导入",
    ]
    assert [p.account for p in desk.admin.people(COMMAND_LINE)] == ["admin", "w2"]
    assert desk.units.list(COMMAND_LINE) == ()


def test_an_account_that_appears_meanwhile_undoes_the_whole_roster(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Administration, "_roster_problems", lambda *_: [])
    with pytest.raises(BadInputError, match="第 3 行：账号“admin”已经有了"):
        desk.admin.add_roster(COMMAND_LINE, rows("w1", "admin"), new_units=True)
    assert [p.account for p in desk.admin.people(COMMAND_LINE)] == ["admin"]
    assert desk.units.list(COMMAND_LINE) == ()


def test_an_assignment_reaches_its_unit_until_the_deadline(desk: Desk) -> None:
    unit = desk.units.add(COMMAND_LINE, "一车间")
    assigning = Assigning(desk.store, desk.clock)
    given = assigning.give(
        TRAINER, unit.id, "九月考试", QUESTIONS, later(days=2), points=(1, 1, 2), minutes=30
    )
    worker = replace(WORKER, unit=unit.id)
    assert assigning.waiting(worker) == (given,)
    assert assigning.find(worker, given.id) == given
    assert given.questions == QUESTIONS
    assert (given.exam, given.made_by, given.points) == (True, "p8", (1, 1, 2))
    assert assigning.waiting(replace(worker, unit="u2")) == ()
    with pytest.raises(NotAllowedError):
        assigning.find(replace(worker, unit="u2"), given.id)
    desk.clock.pass_by(days=2)
    assert assigning.waiting(worker) == ()
    assigning.put_off(TRAINER, given.id, later(days=3))
    assert [a.due_at for a in assigning.waiting(worker)] == [later(days=3)]
    assigning.withdraw(TRAINER, given.id)
    assert assigning.waiting(worker) == ()
    assert [a.withdrawn_at for a in assigning.given(TRAINER)] == [later(days=2)]
    assert desk.actions()[-3:] == [
        "assignment.give", "assignment.put_off", "assignment.withdraw",
    ]  # fmt: skip


def test_an_assignment_that_does_not_fit_or_is_not_his_is_refused(desk: Desk) -> None:
    unit = desk.units.add(COMMAND_LINE, "一车间")
    assigning, due = Assigning(desk.store, desk.clock), later(days=1)
    with pytest.raises(BadInputError, match="名字"):
        assigning.give(TRAINER, unit.id, " ", QUESTIONS, due)
    with pytest.raises(BadInputError, match="没有题"):
        assigning.give(TRAINER, unit.id, "考试", (), due)
    with pytest.raises(BadInputError, match="以后"):
        assigning.give(TRAINER, unit.id, "考试", QUESTIONS, NOW)
    with pytest.raises(BadInputError, match="分值"):
        assigning.give(TRAINER, unit.id, "考试", QUESTIONS, due, points=(1,), minutes=9)
    with pytest.raises(BadInputError, match="分钟"):
        assigning.give(TRAINER, unit.id, "考试", QUESTIONS, due, points=(1, 1, 1))
    with pytest.raises(BadInputError, match="没有这个单位"):
        assigning.give(TRAINER, "nowhere", "考试", QUESTIONS, due)
    given = assigning.give(TRAINER, unit.id, "练习", QUESTIONS, due)
    stranger = replace(TRAINER, unit="u2")
    for act in (
        lambda: assigning.give(WORKER, unit.id, "考试", QUESTIONS, due),
        lambda: assigning.give(stranger, unit.id, "考试", QUESTIONS, due),
        lambda: assigning.withdraw(stranger, given.id),
        lambda: assigning.put_off(WORKER, given.id, later(days=2)),
        lambda: assigning.given(stranger, unit.id),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_the_results_of_an_assignment_are_read_by_it(desk: Desk) -> None:
    store = desk.store.practice
    for n in (1, 2):
        made = replace(make_round(f"r{n}", f"p{n}", Mode.EXAM), assignment="a1")
        store.add_round(made)
        if n == 1:
            handed_in = Submission("r1", later(minutes=9), by_clock=False)
            store.submit(handed_in, [make_answer(made, 1), make_answer(made, 2)])
    found = desk.store.log.rounds_for_assignment("a1")
    assert [(r.person, s and s.at) for r, s in found] == [("p1", later(minutes=9)), ("p2", None)]
    assert [a.n for a in desk.store.log.for_assignment("a1")] == [1, 2]
    assert [a.n for a in desk.store.log.for_people(["p1", "p2"], since=NOW)] == [1, 2]
    assert desk.store.log.for_people(["p1"], until=NOW) == ()
    assert desk.store.log.read(after=0, limit=1)[1][0].n == 1


def test_a_setting_is_changed_by_one_of_many_at_once(desk: Desk) -> None:
    start, changed = threading.Barrier(4), []

    def change() -> None:
        start.wait()
        changed.append(desk.store.settings.change("day", lambda _: "2026-11-22", NOW))

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [False, False, False, True]
    assert desk.store.settings.get("day") == "2026-11-22"
    assert desk.store.settings.get("never", 7) == 7
