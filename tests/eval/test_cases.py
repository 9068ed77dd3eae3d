from pathlib import Path

import numpy as np
import pytest

from eval.cases import READ, ROOT, Case, fingerprint, kept, read_cases, write_cases


def cases() -> list[Case]:
    first = np.arange(6, dtype=np.float32).reshape(2, 3)
    none = np.zeros((0, 3), np.float32)
    return [
        Case("rough", "tune", first, np.array([True, False])),
        Case("rough", "tune", none, np.zeros(0, np.bool_)),
        Case("train", "train", first + 1, np.array([False, False])),
    ]


def same(a: list[Case], b: list[Case]) -> bool:
    return len(a) == len(b) and all(
        (x.group, x.split) == (y.group, y.split)
        and np.array_equal(x.features, y.features)
        and np.array_equal(x.gold, y.gold)
        for x, y in zip(a, b, strict=True)
    )


def test_cases_come_back_as_they_were(tmp_path: Path) -> None:
    write_cases(tmp_path / "c.npz", cases())
    found = read_cases(tmp_path / "c.npz")
    assert same(found, cases())
    assert [c.reachable for c in found] == [True, False, False]
    assert [p.name for p in tmp_path.iterdir()] == ["c.npz"]


def test_no_cases_are_no_cases(tmp_path: Path) -> None:
    write_cases(tmp_path / "c.npz", [])
    assert read_cases(tmp_path / "c.npz") == []


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    made = []

    def make() -> list[Case]:
        made.append(1)
        return cases()

    assert same(kept(tmp_path / "new", "c", make), cases())
    assert same(kept(tmp_path / "new", "c", make), cases())
    assert len(made) == 1
    kept(None, "c", make)
    assert len(made) == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_made_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.npz").write_bytes(content)
    assert same(kept(tmp_path, "c", cases), cases())
    assert same(read_cases(tmp_path / "c.npz"), cases())


def test_rows_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "c.npz", groups=["a"], splits=["tune"], lengths=[3],
        features=np.zeros((2, 1), np.float32), gold=np.zeros(2, np.bool_),
    )  # fmt: skip
    with pytest.raises(ValueError, match="expected 3"):
        read_cases(tmp_path / "c.npz")


def test_code_questions_and_options_make_the_fingerprint(services, tmp_path: Path) -> None:
    assert not [p for p in READ if not list(ROOT.glob(p))]
    (tmp_path / "assistant").mkdir()
    code = tmp_path / "assistant" / "ranking.py"
    code.write_text("a = 1\n", encoding="utf-8")
    before = fingerprint(services, 5, root=tmp_path)
    assert fingerprint(services, 5, root=tmp_path) == before
    assert fingerprint(services, 6, root=tmp_path) != before
    code.write_text("a = 2\n", encoding="utf-8")
    assert fingerprint(services, 5, root=tmp_path) != before
