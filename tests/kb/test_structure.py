from hypothesis import given
from hypothesis import strategies as st

from kb.structure import build_article


def locators(text: str) -> list[str]:
    return [p.id.locator for p in build_article("d", "v", "第九条", text).parts]


def test_a_single_paragraph_has_no_parts() -> None:
    assert locators("一句话。") == []


def test_items_of_a_single_paragraph_are_cited_without_paragraph() -> None:
    assert locators("如下：\n（一）甲；\n（二）乙。") == ["第九条第（一）项", "第九条第（二）项"]


def test_a_line_after_items_is_the_next_paragraph() -> None:
    assert locators("如下：\n（一）甲；\n（二）乙。\n另一款。") == [
        "第九条第一款", "第九条第一款第（一）项", "第九条第一款第（二）项", "第九条第二款",
    ]  # fmt: skip


def test_a_paragraph_includes_its_items() -> None:
    first = build_article("d", "v", "第九条", "如下：\n（一）甲。\n另一款。").parts[0]
    assert first.text == "如下：\n（一）甲。"
    assert first.lead == "如下："


def test_subitems_belong_to_their_item() -> None:
    parts = build_article(
        "d", "v", "第九条", "如下：\n（一）甲：\n1.子；\n2.丑；\n（二）乙。"
    ).parts
    assert [p.id.locator for p in parts] == [
        "第九条第（一）项", "第九条第（一）项第1目", "第九条第（一）项第2目", "第九条第（二）项",
    ]  # fmt: skip
    assert parts[0].text == "（一）甲：\n1.子；\n2.丑；"


def test_a_decimal_at_the_start_of_a_line_is_no_subitem() -> None:
    assert locators("甲。\n3.5米以上的。") == ["第九条第一款", "第九条第二款"]


line = st.one_of(
    st.sampled_from(["甲款。", "乙款：", "丙。"]),
    st.integers(1, 20).map(lambda n: f"（{'一二三四五六七八九十'[n % 10]}）项；"),
    st.integers(1, 9).map(lambda n: f"{n}.目；"),
)


@given(st.lists(line, min_size=1, max_size=12))
def test_every_part_is_a_verbatim_span_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    article = build_article("d", "v", "第九条", text)
    for p in article.provisions():
        assert text[p.start : p.end] == p.text
    leaves = [p for p in article.parts if p.id.item is None and p.id.subitem is None]
    assert [p.start for p in leaves] == sorted(p.start for p in leaves)
    if leaves:
        assert "\n".join(p.text for p in leaves) == text
