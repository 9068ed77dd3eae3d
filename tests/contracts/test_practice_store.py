"""What practice may expect of its store, the same on SQLite and on PostgreSQL."""

import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.practice.chronicle import Chronicle
from assistant.practice.model import Mark, Mode, Response, Submission
from assistant.store import ConflictError, StoreError, open_store
from assistant.store.log import erase, take_over
from assistant.store.store import Store
from tests.contracts.records import NOW, later, make_answer, make_answers, make_round

ROOT = Path(__file__).parents[2]


def test_a_round_reads_back_as_it_was(records: Store) -> None:
    made = make_round("r1", mode=Mode.EXAM)
    records.practice.add_round(made)
    assert records.practice.round("r1") == made
    assert records.practice.round("r2") is None


def test_a_round_is_kept_once(records: Store) -> None:
    assert records.practice.add_round(make_round("r1"))
    assert not records.practice.add_round(make_round("r1", person="p2"))
    assert [r.person for r in records.practice.rounds("p1")] == ["p1"]


def test_what_is_erased_or_moved_elsewhere_is_seen_with_the_next_call(records: Store) -> None:
    held, made = Chronicle(records.practice), make_round("r1", "guest:g")
    records.practice.add_round(made)
    for answer in make_answers(made):
        records.practice.add_answer(answer)
    assert held.standing("guest:g").answered == 3
    assert held.round("r1") == made
    with records.database.write() as connection:
        assert take_over(connection, "guest:g", "p1", NOW) == 3
    assert (held.standing("guest:g").answered, held.standing("p1").answered) == (0, 3)
    assert held.round("r1") == replace(made, person="p1")
    with records.database.write() as connection:
        assert erase(connection, "p1", NOW) == 3
    assert held.standing("p1").answered == 0
    assert held.round("r1") is None


def test_rounds_come_newest_first_and_open_ones_alone(records: Store) -> None:
    store = records.practice
    done, begun = make_round("r1"), make_round("r2", at=later(hours=1))
    exam, handed_in = (
        make_round("r3", mode=Mode.EXAM, at=later(hours=2)),
        make_round("r4", mode=Mode.EXAM, at=later(hours=2)),
    )
    for made in (done, begun, exam, handed_in, make_round("r5", person="p2")):
        store.add_round(made)
    for answer in (*make_answers(done), make_answer(begun, 1)):
        assert store.add_answer(answer)
    assert store.submit(Submission("r4", later(hours=3), by_clock=False), [])
    assert [r.id for r in store.rounds("p1")] == ["r4", "r3", "r2", "r1"]
    assert [r.id for r in store.rounds("p1", open_only=True)] == ["r3", "r2"]


def test_what_a_trainer_gave_with_points_is_an_exam(records: Store) -> None:
    store, made = records.practice, make_round("r1", mode=Mode.EXAM)
    store.add_round(replace(made, mode=Mode.ASSIGNED))
    store.add_round(replace(make_round("r2"), mode=Mode.ASSIGNED))
    for answer in make_answers(made):
        store.add_answer(answer)
    assert [r.id for r in store.rounds("p1", open_only=True)] == ["r2", "r1"]
    store.submit(Submission("r1", NOW, by_clock=False), [])
    assert [r.id for r in store.rounds("p1", open_only=True)] == ["r2"]


def test_answers_come_back_with_growing_numbers(records: Store) -> None:
    made = make_round("r1")
    records.practice.add_round(made)
    sent = make_answers(made)
    assert all(records.practice.add_answer(a) for a in reversed(sent))
    kept = records.practice.answers("p1")
    assert [replace(a, seq=0) for a in kept] == sent[::-1]
    assert 0 < kept[0].seq < kept[1].seq < kept[2].seq
    assert records.practice.answers("p1", kept[0].seq) == kept[1:]
    assert records.practice.answers("p1", kept[2].seq) == ()
    assert [a.n for a in records.practice.answers_in("r1")] == [1, 2, 3]
    assert records.practice.answers("p2") == ()


def test_an_answer_sent_twice_counts_once(records: Store) -> None:
    made = make_round("r1")
    records.practice.add_round(made)
    first = make_answer(made, 1)
    assert records.practice.add_answer(first)
    assert not records.practice.add_answer(first)
    assert not records.practice.add_answer(make_answer(made, 1, "another-id", right=False))
    assert [a.right for a in records.practice.answers("p1")] == [True]


def test_an_answer_to_no_round_is_refused(records: Store) -> None:
    with pytest.raises(ConflictError):
        records.practice.add_answer(make_answer(make_round("nowhere"), 1))


def test_marks_come_in_the_order_made(records: Store) -> None:
    made = [Mark("p1", "q1", pinned, NOW) for pinned in (True, False, True)]
    for mark in (*made, Mark("p2", "q1", True, NOW)):
        records.practice.add_mark(mark)
    assert list(records.practice.marks("p1")) == made


def test_the_latest_response_stands(records: Store) -> None:
    store = records.practice
    store.add_round(make_round("r1", mode=Mode.EXAM))
    late, early = Response(("错误",), later(seconds=9), 3.0), Response(("正确",), NOW, 1.0)
    assert store.keep_response("r1", 2, late)
    assert not store.keep_response("r1", 2, early)
    assert store.keep_response("r1", 2, late)
    assert store.keep_response("r1", 1, early)
    assert store.responses("r1") == {1: early, 2: late}
    assert store.keep_response("r1", 2, replace(early, at=later(seconds=10)))
    assert store.responses("r1")[2].given == ("正确",)


def test_nothing_is_put_down_after_the_exam_is_handed_in(records: Store) -> None:
    store = records.practice
    store.add_round(make_round("r1", mode=Mode.EXAM))
    assert store.submission("r1") is None
    handed_in = Submission("r1", later(minutes=5), by_clock=True)
    assert store.submit(handed_in, [])
    assert not store.keep_response("r1", 1, Response(("正确",), later(minutes=6)))
    assert store.responses("r1") == {}
    assert store.submission("r1") == handed_in


def test_a_response_to_no_exam_is_an_error(records: Store) -> None:
    with pytest.raises(StoreError, match="重新开始"):
        records.practice.keep_response("nowhere", 1, Response(("正确",), NOW))
    with pytest.raises(StoreError, match="重新开始"):
        records.practice.submit(Submission("nowhere", NOW, by_clock=False), [])


def test_an_exam_is_handed_in_once(records: Store) -> None:
    made = make_round("r1", mode=Mode.EXAM)
    records.practice.add_round(made)
    results: list[bool] = []
    start = threading.Barrier(6)

    def hand_in(n: int) -> None:
        start.wait()
        answers = [replace(a, id=f"{n}-{a.id}") for a in make_answers(made)]
        results.append(records.practice.submit(Submission("r1", later(minutes=n), False), answers))

    threads = [threading.Thread(target=hand_in, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 5 + [True]
    assert len({a.id[0] for a in records.practice.answers_in("r1")}) == 1
    assert len(records.practice.answers("p1")) == 3


def test_a_submission_with_an_answer_already_kept_keeps_nothing(records: Store) -> None:
    made = make_round("r1", mode=Mode.EXAM)
    records.practice.add_round(made)
    records.practice.add_answer(make_answer(made, 3))
    with pytest.raises(ConflictError):
        records.practice.submit(Submission("r1", NOW, by_clock=False), make_answers(made))
    assert records.practice.submission("r1") is None
    assert [a.n for a in records.practice.answers_in("r1")] == [3]


@pytest.mark.parametrize("statement", [
    "UPDATE answers SET score = 1", "DELETE FROM answers", "UPDATE marks SET pinned = true",
    "DELETE FROM marks",
])  # fmt: skip
def test_the_database_itself_refuses_to_change_what_was_logged(
    records: Store, statement: str
) -> None:
    made = make_round("r1")
    records.practice.add_round(made)
    records.practice.add_answer(make_answer(made, 1, right=False))
    records.practice.add_mark(Mark("p1", "q1", True, NOW))
    with pytest.raises(StoreError), records.database.write() as connection:
        connection.execute(text(statement))
    assert [a.right for a in records.practice.answers("p1")] == [False]
    assert [m.pinned for m in records.practice.marks("p1")] == [True]


def test_a_time_without_a_zone_is_refused(records: Store) -> None:
    with pytest.raises((ValueError, StoreError)):
        records.practice.add_mark(Mark("p1", "q1", True, NOW.replace(tzinfo=None)))
    assert records.practice.marks("p1") == ()


@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_a_server_that_dropped_all_connections_is_reached_again(records: Store) -> None:
    made = make_round("r1")
    records.practice.add_round(made)
    drop = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    )
    with (
        pytest.raises(StoreError, match="连不上数据库服务器"),
        records.database.write() as connection,
    ):
        connection.execute(text(drop))
    assert records.practice.add_answer(make_answer(made, 1))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_killing_the_process_loses_nothing_that_was_acknowledged(
    records_at: Path, seed: int
) -> None:
    rng = random.Random(seed)
    command = [sys.executable, "-m", "tests.contracts.answering", str(records_at), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(rng.randint(5, 49))]
        os.kill(process.pid, signal.SIGKILL)
        lines += process.stdout.readlines()
    acknowledged = [line.split() for line in lines if line.endswith("\n")]
    assert len(acknowledged) >= 5
    store = open_store(records_at)
    kept = {
        "answer": {a.id for a in store.practice.answers("p1")},
        "mark": {m.question for m in store.practice.marks("p1")},
        "response": {f"x-{n}" for n in store.practice.responses("x")},
        "round": {r.id for r in store.practice.rounds("p1")},
    }
    store.close()
    assert [line for line in acknowledged if line[1] not in kept[line[0]]] == []
