import json
from pathlib import Path

import pytest

from kb.asked import ASKED, load_asked
from kb.errors import SourceError
from kb.library import Library


def write(folder: Path, **entry: object) -> Path:
    (folder / "x.jsonl").write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


def test_an_entry_leads_to_its_provision(library: Library, tmp_path: Path) -> None:
    folder = write(tmp_path, doc="安全生产法", at="第九条第二款", questions=["镇里管啥"])
    (entry,) = load_asked(library.catalog, None, folder)
    assert entry.question == "镇里管啥"
    assert entry.target.text.startswith("乡镇人民政府")


@pytest.mark.parametrize(
    "entry",
    [
        {"doc": "安全生产法", "at": "第九百条", "questions": ["x"]},
        {"doc": "没有的法", "at": "第一条", "questions": ["x"]},
        {"doc": "安全生产法", "at": "九", "questions": ["x"]},
        {"doc": "安全生产法", "questions": ["x"]},
    ],
)
def test_an_entry_that_leads_nowhere_names_its_line(
    library: Library, tmp_path: Path, entry: dict[str, object]
) -> None:
    with pytest.raises(SourceError, match=r"x\.jsonl:1"):
        load_asked(library.catalog, None, write(tmp_path, **entry))


def test_every_article_in_force_of_the_scope_can_be_asked_for(library: Library) -> None:
    reached = {a.target.id.in_article for a in library.asked}
    silent = [
        f"{d.short}{a.id.article}"
        for d in library.catalog
        if d.in_scope and not d.is_policy and d.id != "radioactive-pollution-law"
        for a in d.latest().articles
        if d.covers(a) and a.id not in reached
    ]
    assert silent == []


def test_no_question_is_written_twice_for_different_laws() -> None:
    seen: dict[str, str] = {}
    twice = []
    for path in sorted(ASKED.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for question in json.loads(line)["questions"]:
                if question in seen and seen[question] != path.name:
                    twice.append((question, seen[question], path.name))
                seen[question] = path.name
    assert twice == []
