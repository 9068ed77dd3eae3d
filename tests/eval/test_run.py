import json

import pytest

from assistant.services import Services
from eval.queries import Query
from eval.run import by_style, main, show, told_apart

NINE = "中华人民共和国安全生产法第九条"


def test_figures_are_given_per_style(services: Services) -> None:
    queries = [
        Query("1", "安全生产法第九条", (NINE,), "test", (), "plain"),
        Query("2", "安全生产法第九条", ("无此法第一条",), "test", (), "odd"),
    ]
    found = by_style(services, queries, "safety")
    assert list(found) == ["odd", "plain"]
    assert (found["plain"]["R@1"], found["plain"]["n"]) == (1.0, 1)
    assert found["odd"]["R@10"] == 0.0


def test_styles_stand_under_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    show({"n": 2}, {"plain": {"n": 1}}, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"n": 2, "styles": {"plain": {"n": 1}}}
    show({"n": 2}, {"": {"n": 1}}, as_json=False)
    assert [x.split() for x in capsys.readouterr().out.splitlines()] == [
        ["n", "2"],
        ["-", "n", "1"],
    ]


def test_an_unknown_set_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--queries", "nothing", "--by", "style"]) == 2
    assert "nothing" in capsys.readouterr().err


def test_what_the_library_holds_is_told_apart_from_what_must_be_refused(
    services: Services,
) -> None:
    held = [Query("1", "企业主要负责人有哪些安全职责", (NINE,), "test")]
    foreign = [
        Query("2", "红烧肉怎么做才不腻", (), "test"),
        Query("3", "明天股市会涨吗", (), "test"),
    ]
    assert told_apart(services, held, foreign) == {"AUROC": 1.0}
    assert told_apart(services, foreign[:1], held) == {"AUROC": 0.0}


def test_an_unknown_set_to_refuse_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--queries", "refuse", "--against", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err
