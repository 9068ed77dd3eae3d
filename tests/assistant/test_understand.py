import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadInputError
from assistant.understand import MAX_CHARACTERS, Kind, question_kind, tidy_question, understand
from kb.library import Library


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电梯超期没检验罚多少", Kind.PENALTY),
        ("事故几小时内要上报", Kind.FIGURE),
        ("什么叫重大危险源", Kind.DEFINITION),
        ("乡镇政府要干哪些事", Kind.DUTY),
        ("小作坊能不能不交安全培训费", Kind.PERMISSION),
        ("老板不给办工伤保险怎么办", Kind.REQUIREMENT),
    ],
)
def test_tells_the_kind_of_a_question(text: str, kind: Kind) -> None:
    assert question_kind(text) is kind


def test_a_cited_provision_is_asked_for_as_text(library: Library) -> None:
    question = understand("安全法第21条", library.catalog)
    assert question.kind is Kind.TEXT
    assert question.doc_ids == ("work-safety-law",)


def test_only_a_slogan_leaves_no_rest(library: Library) -> None:
    for text in ("四个一律包括哪些", "三管三必须是什么意思", "请问四不放过指哪四个？"):
        assert len(understand(text, library.catalog).rest) <= 1, text
    assert len(understand("四个一律能不能直接罚款", library.catalog).rest) > 1


def test_an_unknown_document_is_noticed(library: Library) -> None:
    question = understand("《某某县安全生产管理办法》第三条怎么写", library.catalog)
    assert [m.name for m in question.unknown] == ["某某县安全生产管理办法"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\ufeff", "😀😀", "？！。", "<br>"])
def test_wordless_input_gets_one_sentence(text: str) -> None:
    with pytest.raises(BadInputError, match="请用一句话"):
        tidy_question(text)


def test_overlong_input_gets_one_sentence() -> None:
    with pytest.raises(BadInputError, match="10000 个字"):
        tidy_question("安" * 10_000)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("安全\x00生产\x07法", "安全 生产 法"),
        ("<script>alert(1)</script>消防通道归谁管", "alert(1) 消防通道归谁管"),
        ("  谁\n管   消防 ", "谁 管 消防"),
        ("'; DROP TABLE laws;-- 谁管", "'; DROP TABLE laws;-- 谁管"),
    ],
)
def test_controls_and_markup_are_taken_out(raw: str, text: str) -> None:
    assert tidy_question(raw) == text


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused_in_one_way(text: str) -> None:
    try:
        tidy = tidy_question(text)
    except BadInputError:
        return
    assert tidy == tidy.strip()
    assert len(tidy) <= MAX_CHARACTERS
