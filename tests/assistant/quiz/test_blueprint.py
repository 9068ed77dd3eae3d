"""Plans: what may be said, how it is understood, and what is answered to nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import BadInputError
from assistant.quiz.blueprint import Band, Part, Wish, band_of, make_blueprint
from assistant.quiz.model import Kind
from assistant.quiz.source import Source
from assistant.quiz.wishes import parse_difficulty, read_wish, split_names
from tests.assistant.quiz.fakes import plan


def test_names_are_those_of_the_library_and_parts_stand_in_the_order_of_print(
    source: Source,
) -> None:
    made = plan(
        source,
        counts={Kind.JUDGE: 20, Kind.SINGLE: 20, Kind.BLANK: 0},
        points={Kind.JUDGE: 1.5},
        posts=("企业主要负责人", "老板"),
        topics=("消防",),
        region="河南",
        difficulty=(3, 5, 2),
        title="",
    )
    assert made.parts == (Part(Kind.SINGLE, 20, 2.0), Part(Kind.JUDGE, 20, 1.5))
    assert made.posts == ("principal",)
    assert made.topics == ("消防",)
    assert made.region == "河南省"
    assert made.difficulty == (0.3, 0.5, 0.2)
    assert made.title == "主要负责人消防安全生产知识考试试卷"
    assert (made.size, made.count(Kind.MULTI)) == (40, 0)


def test_the_seed_of_the_wish_comes_before_the_one_offered(source: Source) -> None:
    wish = Wish({Kind.SINGLE: 1}, {})
    assert make_blueprint(wish, source.bearers, source.fields, 5).seed == 5
    assert plan(source, seed=0).seed == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"counts": {}}, "一道题也没有要"),
        ({"counts": {Kind.SINGLE: 0}}, "一道题也没有要"),
        ({"counts": {Kind.SINGLE: -1, Kind.MULTI: 9}}, "不能是负数，收到 -1"),
        ({"counts": {Kind.SINGLE: 100_000}}, "最多 300 题"),
        ({"counts": {Kind.SINGLE: 200, Kind.MULTI: 101}}, "要了 301 题"),
        ({"points": {Kind.SINGLE: 0}}, "单项选择题每题的分值"),
        ({"points": {Kind.SINGLE: 0.3}}, "以半分为单位"),
        ({"points": {Kind.SINGLE: float("nan")}}, "收到 nan"),
        ({"points": {Kind.SINGLE: 101}}, "0.5 到 100"),
        ({"topics": ("消房",)}, "没有“消房”这个领域"),
        ({"posts": ("主要负责任人",)}, "最接近的是主要负责人"),
        ({"posts": ("火星移民",)}, "zhize bearers"),
        ({"seed": -1}, "种子应是 0 到"),
        ({"seed": 2**31}, "种子应是 0 到"),
        ({"title": "长" * 61}, "标题"),
        ({"title": "a\0b"}, "标题"),
        ({"region": "火星"}, "没有“火星”这个省"),
        ({"difficulty": (0.0, 0.0, 0.0)}, "难度"),
        ({"difficulty": (-1.0, 2.0, 0.0)}, "难度"),
        ({"difficulty": (1.0,)}, "难度"),
    ],
)
def test_what_cannot_be_planned_is_said_in_one_sentence(
    source: Source, said: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        plan(source, **said)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_topic_near_a_known_one_is_suggested(source: Source) -> None:
    with pytest.raises(BadInputError, match="职业健康"):
        plan(source, topics=("职业健康卫生",))


def test_a_file_says_what_the_options_say(source: Source, tmp_path: Path) -> None:
    file = tmp_path / "蓝图.toml"
    file.write_text(
        """
title = "年度考核"
topics = ["消防"]
posts = "班组长"
difficulty = "易3中5难2"
seed = 4
[counts]
single = 20
"多选" = 10
"判断题" = 5
[points]
"单项选择题" = 1.5
""".replace('"判断题"', '"判断"'),
        encoding="utf-8-sig",
    )
    wish = read_wish(file)
    assert wish.counts == {Kind.SINGLE: 20, Kind.MULTI: 10, Kind.JUDGE: 5}
    assert wish.points == {Kind.SINGLE: 1.5}
    assert (wish.posts, wish.topics, wish.seed) == (("班组长",), ("消防",), 4)
    typed = Wish({Kind.SINGLE: 3}, {}, topics=("燃气",), seed=0, title="")
    both = typed.over(wish)
    assert both.counts == {Kind.SINGLE: 3, Kind.MULTI: 10, Kind.JUDGE: 5}
    assert (both.title, both.topics, both.seed) == ("年度考核", ("燃气",), 0)
    assert make_blueprint(both, source.bearers, source.fields, 1).size == 18


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[counts", "应是 UTF-8 的 TOML 文件"),
        ("count = 1", "不认识 count；最接近的是 counts"),
        ("counts = 3", "counts 应是一张表"),
        ("[counts]\nsingel = 3", "不认识题型 singel；最接近的是 single"),
        ("[counts]\nsingle = 3\n'单选' = 4", "写了两次"),
        ("[counts]\nsingle = 2.5", "counts.single 应是整数"),
        ("[counts]\nsingle = true", "应是整数"),
        ("[points]\nsingle = '二'", "应是数字"),
        ("topics = 3", "topics 应是几个名称"),
        ("topics = [3]", "应是一行字"),
        ("title = 3", "title 应是一行字"),
        ("seed = 'x'", "seed 应是整数"),
        ("difficulty = 3", "difficulty 应写成"),
        ("difficulty = '随便'", "看不懂"),
        ("difficulty = {hard = 'x'}", "difficulty.hard 应是数字"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "f.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        read_wish(file)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="读不出来"):
        read_wish(tmp_path / "没有.toml")
    binary = tmp_path / "b.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInputError, match="读不出来"):
        read_wish(binary)
    binary.write_bytes(b"#" * 200_000)
    with pytest.raises(BadInputError, match="太大"):
        read_wish(binary)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("难", (0, 0, 1)),
        ("easy", (1, 0, 0)),
        ("易3中5难2", (3, 5, 2)),
        ("易:30%，难:70%", (30, 0, 70)),
        ("3:5:2", (3, 5, 2)),
    ],
)
def test_difficulty_is_read_as_people_write_it(text: str, parts: tuple[float, ...]) -> None:
    assert parse_difficulty(text) == parts


@pytest.mark.parametrize("text", ["", "易3x", "3:5", "中等"])
def test_other_words_for_difficulty_are_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="易3中5难2"):
        parse_difficulty(text)


def test_names_may_hold_a_mark_of_enumeration() -> None:
    assert split_names(["水上、铁路和民航，消防", " 燃气 ", ","]) == (
        "水上、铁路和民航",
        "消防",
        "燃气",
    )
    assert split_names(None) == ()


def test_difficulty_has_three_steps() -> None:
    assert [band_of(x) for x in (0.0, 0.55, 1.0)] == list(Band)
