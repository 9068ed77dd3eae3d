from __future__ import annotations

from pathlib import Path

import pytest

from assistant.duties.mentions import KEYWORDS, Fate
from eval.duties_complete import main, table


def test_the_table_has_a_row_a_fate_and_a_column_a_word() -> None:
    rows = table({word: [] for word in KEYWORDS}).splitlines()
    assert len(rows) == 2 + len(Fate)
    assert all(row.count("|") == len(KEYWORDS) + 2 for row in rows)


def test_no_mention_is_unaccounted_for(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--data", str(data_dir)])
    assert (code, "没有说明：" in capsys.readouterr().out) == (0, False)
