import pytest

from assistant.measures import MeasureNames, normal, sections_for
from kb.library import Library


@pytest.fixture(scope="module")
def names(library: Library) -> MeasureNames:
    return MeasureNames(library.catalog)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("打非治违那阵子喊的4个一律是哪四个", "policy-si-ge-yilv"),
        ("2重点1重大指什么", "policy-liangzhongdian-yizhongda"),
        ("挂牌督半是什么制度", "policy-guapai-duban"),
        ("“谁审批、谁负责”是法条吗", "policy-shei-shenpi-shei-fuze"),
        ("讲五级五覆盖，我们写的是“4级五覆盖”", "policy-wuji-wufugai"),
        ("车间要清罐，这叫“特殊作业”吗", "policy-tezhong-teshu-zuoye"),
    ],
)
def test_a_measure_is_known_by_variants_of_its_name(
    names: MeasureNames, text: str, entry: str
) -> None:
    found = names.subject(text)
    assert found is not None
    assert found.id == entry


@pytest.mark.parametrize("text", ["动火作业没审批怎么罚", "人员密集场所要备什么", "今天天气怎么样"])
def test_words_of_the_laws_name_no_measure(names: MeasureNames, text: str) -> None:
    assert names.subject(text) is None


def test_places_lead_back_to_the_question() -> None:
    plain, places = normal("搞“4个一律”")
    assert plain == "搞四个一律"
    assert [places[i] for i in range(len(plain))] == [0, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("四个一律是哪四个", "内容"),
        ("四个一律是法律还是政策", "是什么"),
        ("四个一律从哪年开始", "由来"),
        ("四个一律依据哪部法", "法律依据"),
        ("四个一律约束谁", "约束谁"),
    ],
)
def test_the_section_asked_for_is_quoted(library: Library, question: str, heading: str) -> None:
    doc = library.catalog.get("policy-si-ge-yilv")
    sections = [a.id.article for a in sections_for(question, doc, None)]
    assert heading in sections
    order = [a.id.article for a in doc.latest().articles]
    assert sections == sorted(sections, key=order.index)


@pytest.mark.parametrize("question", ["没有双重预防机制怎么罚", "双重预防机制没搞有什么后果"])
def test_who_asks_for_a_penalty_gets_the_consequences(library: Library, question: str) -> None:
    doc = library.catalog.get("policy-shuangchong-yufang")
    sections = [a.id.article for a in sections_for(question, doc, None)]
    assert "没做到怎么处理" in sections
    assert "是什么" not in sections


def test_without_a_section_on_consequences_the_basis_is_quoted(library: Library) -> None:
    doc = library.catalog.get("policy-si-ge-yilv")
    sections = [a.id.article for a in sections_for("违反四个一律怎么处罚", doc, None)]
    assert "法律依据" in sections
