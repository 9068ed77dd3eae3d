"""The load bench: its figures by hand, what it counts as missed, and a short real run."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import httpx
import pytest

from eval.bench import load
from eval.bench.askers import ANSWERED, API, BUSY, ERROR, PAGE, Reply, read_api, read_page
from eval.bench.load import main, missed, shuffled_questions, summary


def replies(*ms: float, by: str = API) -> list[Reply]:
    return [Reply(0, x, by, ANSWERED) for x in ms]


def test_the_summary_counts_and_ranks_the_answered_only() -> None:
    found = summary(
        [
            *replies(*range(1, 100)),
            *replies(500, by=PAGE),
            Reply(0, 9999, API, BUSY, wait=2),
            Reply(0, 8888, API, ERROR, "HTTP 500"),
        ],
        10,
    )
    assert (found["requests"], found["answered"], found["busy"], found["errors"]) == (
        102,
        100,
        1,
        1,
    )
    assert (found["p50_ms"], found["p95_ms"], found["max_ms"]) == (50, 95, 500)
    assert (found["page_p95_ms"], found["api_p95_ms"]) == (500, 95)
    assert found["answers_per_s"] == 10
    assert found["error_kinds"] == {"HTTP 500": 1}


def test_slow_answers_errors_and_busy_ones_miss_the_bound() -> None:
    good = summary(replies(900), 1)
    assert missed(good, 1000, capacity=False) == []
    assert missed(good, 800, capacity=False) == ["p95 over 800 ms"]
    bad = summary([*replies(900), Reply(0, 1, API, BUSY), Reply(0, 1, API, ERROR, "x")], 1)
    assert missed(bad, 1000, capacity=False) == ["1 errors", "1 were told to come back later"]


def test_without_thinking_only_errors_and_silence_are_missed() -> None:
    busy = summary([*replies(5000), Reply(0, 1, API, BUSY)], 1)
    assert missed(busy, 1000, capacity=True) == []
    assert missed(summary([], 1), 1000, capacity=True) == ["nothing was answered"]


def test_no_question_comes_twice_and_a_seed_fixes_the_order() -> None:
    questions = shuffled_questions(Random(1))
    assert len(set(questions)) == len(questions) > 1000
    assert questions == shuffled_questions(Random(1))
    assert questions != shuffled_questions(Random(2))


def test_a_busy_reply_is_told_from_an_answer_and_an_error() -> None:
    told = httpx.Response(503, headers={"retry-after": "7"}, json={"error": "请过 7 秒再问"})
    assert (read_api(told).outcome, read_api(told).wait) == (BUSY, 7)
    assert read_api(httpx.Response(200, json={"outcome": "refusal"})).outcome == ANSWERED
    assert read_api(httpx.Response(500)).outcome == ERROR
    shown = {"data": ['<div class="z-busy"><p>人太多，请过 9 秒再问</p></div>']}
    busy = read_page(httpx.Response(200, json=shown))
    assert (busy.outcome, busy.wait) == (BUSY, 9)
    failed = read_page(httpx.Response(200, json={"data": ["<p>程序出了问题</p>"]}))
    assert (failed.outcome, failed.why) == (ERROR, "程序出了问题")


def test_a_server_that_does_not_start_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(*_: object) -> None:
        raise RuntimeError("the server did not start: no index")

    monkeypatch.setattr(load, "run", none)
    assert main(["--askers", "1", "--seconds", "1"]) == 2
    assert "the server did not start: no index" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--askers", "0"], ["--page", "2"], ["--think", "-1"]])
def test_options_that_mean_nothing_are_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(wrong)
    assert caught.value.code == 2


def test_twenty_askers_of_a_real_server_all_get_answers(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIZE_DATA", str(data_dir))
    wanted = ["--askers", "20", "--seconds", "5", "--think", "2", "--bound", "20000", "--json"]
    assert main(wanted) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["answered"] == found["requests"] >= 20
    assert (found["busy"], found["errors"]) == (0, 0)
    assert found["page_p95_ms"] > 0
    assert found["api_p95_ms"] > 0
    assert found["resident_end_mb"] > 100
    assert "warming up" in said.err
