from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kb.duty_bearers import read_bearer_table
from kb.errors import SourceError, UnknownPostError
from kb.library import Library
from kb.posts import PostTable, read_posts


@pytest.fixture(scope="module")
def table() -> PostTable:
    return read_posts()


@pytest.mark.parametrize(
    ("said", "post"),
    [
        ("老板", "principal"),
        ("安全员", "safety-staff"),
        ("班组长", "team-leader"),
        (" 一线 员工 ", "worker"),
        ("电工", "electrician"),
        ("电焊工", "welder"),
        ("架子工", "work-at-height"),
        ("受限空间作业人员", "confined-space"),
        ("乡镇干部", "town-cadre"),
        ("村支书", "village-cadre"),
        ("部门干部", "department-cadre"),
    ],
)
def test_everyday_names_find_the_post(table: PostTable, said: str, post: str) -> None:
    assert table.find(said) is table.get(post)


def test_an_unknown_name_gets_the_nearest_posts(table: PostTable) -> None:
    with pytest.raises(UnknownPostError, match="电工"):
        table.find("电工师傅")
    with pytest.raises(UnknownPostError, match=r"企业主要负责人.*村（社区）干部"):
        table.get("nobody")


def test_every_post_names_bearers_and_groups_stand_together(table: PostTable) -> None:
    known = read_bearer_table()
    groups = [p.group for p in table.posts]
    assert len(table.posts) >= 20
    assert sum(a != b for a, b in itertools.pairwise(groups)) == len(set(groups)) - 1
    for post in table.posts:
        assert all(known.get(b) for b in post.bearers)
        assert post.names, post.id


def test_words_of_a_post_occur_in_the_rules(table: PostTable, library: Library) -> None:
    texts = [a.text for d in library.catalog if d.in_scope for a in d.latest().articles]
    for post in table.posts:
        if post.words is not None:
            assert sum(bool(post.words.search(t)) for t in texts) >= 10, post.id


GOOD = '[[post]]\nid = "a"\nname = "甲"\ngroup = "组"\nnames = ["甲方"]\nbearers = ["worker"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[post", "要有 id"),
        ('[[post]]\nid = "a"', "要有 id"),
        (GOOD + "colour = 1", "colour"),
        (GOOD.replace('["worker"]', "[]"), "是空的"),
        (GOOD.replace("worker", "martian"), "没有 martian"),
        (GOOD + 'topics = ["星际"]', "没有 星际"),
        (GOOD + "words = ['(']", "posts.toml"),
        (GOOD + GOOD.replace('"a"', '"b"').replace('"甲"', '"乙"'), "甲方"),
    ],
)
def test_a_malformed_table_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "posts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said) as caught:
        read_posts(path)
    assert "posts.toml" in str(caught.value)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        read_posts(tmp_path / "nowhere.toml")
