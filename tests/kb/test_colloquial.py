from datetime import date
from pathlib import Path

import pytest

from kb.colloquial import expand, old_names, read_renamed, read_terms
from kb.errors import SourceError
from kb.library import Library


def test_what_people_say_brings_what_rules_say() -> None:
    assert expand("老板不发安全帽").split() == ["主要负责人", "生产经营单位", "劳动防护用品"]
    assert expand("安监局来了") == "应急管理部门"
    assert expand("没有这类词") == ""


def test_words_already_there_are_not_repeated() -> None:
    assert expand("老板是主要负责人").split() == ["生产经营单位"]


def test_every_term_stands_in_some_rule(library: Library) -> None:
    texts = "\n".join(a.text for d in library.catalog for a in d.latest().articles)
    strange = {w for means in read_terms().values() for w in means if w not in texts}
    assert strange == set()


def test_new_names_of_agencies_stand_in_the_laws(library: Library) -> None:
    texts = "\n".join(
        a.text for d in library.catalog if not d.is_policy for a in d.latest().articles
    )
    assert [r.to for r in read_renamed() if r.to and r.to not in texts] == []


def test_an_old_name_is_old_only_after_the_change() -> None:
    text = "由安全生产监督管理部门处罚"
    assert [n for n, _ in old_names(text, date(2026, 1, 1))] == ["安全生产监督管理部门"]
    assert old_names(text, date(2017, 1, 1)) == ()


@pytest.mark.parametrize(
    ("content", "reader"),
    [
        ('[terms]\n"甲" = "乙"\n', read_terms),
        ("[other]\n", read_terms),
        ("[terms\n", read_terms),
        ('[[renamed]]\nold=["甲"]\nto="乙"\n', read_renamed),
    ],
)
def test_a_malformed_file_names_itself(tmp_path: Path, content: str, reader: object) -> None:
    path = tmp_path / "words.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=r"words\.toml"):
        reader(path)  # type: ignore[operator]
