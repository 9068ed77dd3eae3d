import threading

import pytest

from assistant.beside import beside


def test_the_work_goes_on_while_the_first_thread_does_something_else() -> None:
    started, may_end = threading.Event(), threading.Event()

    def work(number: int, *, more: int) -> int:
        started.set()
        assert may_end.wait(10)
        return number + more

    result = beside(work, 40, more=2)
    assert started.wait(10)  # begun before anybody asks for the result
    may_end.set()
    assert result() == 42


def test_what_fails_beside_fails_where_the_result_is_wanted() -> None:
    def work() -> None:
        raise ValueError("beside")

    result = beside(work)
    with pytest.raises(ValueError, match="beside"):
        result()


def test_more_work_than_workers_is_all_done() -> None:
    results = [beside(lambda n=n: n * n) for n in range(50)]
    assert [r() for r in results] == [n * n for n in range(50)]
