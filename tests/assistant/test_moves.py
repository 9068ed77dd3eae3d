"""Several renames happen all or none, even when the program is killed between them."""

import json
from pathlib import Path

import pytest

from assistant.moves import JOURNAL, Moving, finish_moves


def folder_with(tmp_path: Path) -> tuple[Path, list[tuple[Path, Path]]]:
    (tmp_path / "imports").write_text("old")
    (tmp_path / "aside").mkdir()
    (tmp_path / "aside/imports").write_text("new")
    return tmp_path, [
        (tmp_path / "imports", tmp_path / "kept/imports"),
        (tmp_path / "aside/imports", tmp_path / "imports"),
    ]


def state(folder: Path) -> tuple[str, bool]:
    return (folder / "imports").read_text(), (folder / "kept/imports").exists()


def fail_after(moving: Moving, wanted: list[tuple[Path, Path]]) -> None:
    moving.do(wanted)
    raise RuntimeError


def test_all_moves_are_done(tmp_path: Path) -> None:
    folder, wanted = folder_with(tmp_path)
    with Moving(folder) as moving:
        moving.do(wanted)
        assert state(folder) == ("new", True)
    assert state(folder) == ("new", True)
    assert not finish_moves(folder)


def test_moves_are_taken_back_when_what_follows_fails(tmp_path: Path) -> None:
    folder, wanted = folder_with(tmp_path)
    moving = Moving(folder)
    with pytest.raises(RuntimeError), moving:
        fail_after(moving, wanted)
    assert state(folder) == ("old", False)
    assert (folder / "aside/imports").read_text() == "new"
    assert not finish_moves(folder)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_what_a_killed_program_began_is_finished(tmp_path: Path, done: int) -> None:
    folder, wanted = folder_with(tmp_path)
    rows = [["imports", "kept/imports"], ["aside/imports", "imports"]]
    (folder / JOURNAL).write_text(json.dumps(rows))
    for source, target in wanted[:done]:
        target.parent.mkdir(exist_ok=True)
        source.rename(target)
    assert finish_moves(folder)
    assert state(folder) == ("new", True)
    assert not finish_moves(folder)


def test_the_list_of_moves_is_on_the_disk_before_the_first(tmp_path: Path) -> None:
    folder, wanted = folder_with(tmp_path)
    with Moving(folder) as moving:
        moving.do(wanted)
        rows = json.loads((folder / JOURNAL).read_text())
    assert rows == [["imports", "kept/imports"], ["aside/imports", "imports"]]


def test_nothing_is_moved_onto_what_is_there(tmp_path: Path) -> None:
    folder, wanted = folder_with(tmp_path)
    (tmp_path / "last").touch()
    moving = Moving(folder)
    with pytest.raises(FileExistsError), moving:
        moving.do([*wanted, (tmp_path / "kept/imports", tmp_path / "last")])
    assert state(folder) == ("old", False)
