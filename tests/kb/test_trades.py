from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import SourceError
from kb.trades import TRADES_FILE, read_trades

WORKERS = ("从业人员",)


def test_a_trades_documents_are_foreign_to_those_of_no_trade() -> None:
    trades = read_trades()
    assert trades.is_foreign("核与辐射", ("worker",), WORKERS, ())
    assert trades.is_foreign(
        "核与辐射", ("principal", "driver"), ("企业岗位", "从业人员"), ("应急",)
    )


def test_posts_and_topics_of_the_trade_are_at_home() -> None:
    trades = read_trades()
    assert not trades.is_foreign("道路交通", ("worker", "driver"), WORKERS, ())
    assert not trades.is_foreign("核与辐射", ("worker",), WORKERS, ("核与辐射",))


def test_general_documents_offices_and_papers_without_post_know_no_foreign_trade() -> None:
    trades = read_trades()
    assert trades.of_field("消防") is None
    assert not trades.is_foreign("消防", ("worker",), WORKERS, ())
    assert not trades.is_foreign("核与辐射", ("town-gov",), ("党委政府",), ())
    assert not trades.is_foreign("核与辐射", (), (), ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('fields = ["矿山"]', 'fields = ["星际航行"]', "星际航行"),
        ('fields = ["矿山"]', 'fields = ["危化品"]', "two trades"),
        ('"mine-principal"', '"nobody-at-all"', "nobody-at-all"),
        ('"企业岗位"', '"海盗"', "海盗"),
        ("groups =", "grups =", "groups"),
    ],
)
def test_a_malformed_table_says_where(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "trades.toml"
    path.write_text(TRADES_FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        read_trades(path)
