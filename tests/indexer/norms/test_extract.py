"""Norms out of whole articles: short phrases in the manner of statutes."""

import pytest

from indexer.norms import Modality, norms_of
from kb.library import Library
from kb.model import ProvisionId
from kb.structure import build_article
from tests.indexer.norms.reading import brief, document, read


def test_a_modal_word_governs_all_its_verbs() -> None:
    assert brief("生产经营单位应当建立台账，制定预案，并组织演练。") == [
        ("生产经营单位", "must", "建立台账，制定预案，并组织演练")
    ]


def test_a_modal_word_that_comes_again_begins_another_norm() -> None:
    assert brief("托运人应当妥善包装，并应当附具说明，不得夹带危险化学品。") == [
        ("托运人", "must", "妥善包装"),
        ("托运人", "must", "附具说明"),
        ("托运人", "must_not", "夹带危险化学品"),
    ]


def test_the_subject_changes_inside_a_sentence() -> None:
    assert brief("从业人员应当立即报告，单位负责人接到报告后，应当组织抢救。") == [
        ("从业人员", "must", "立即报告"),
        ("单位负责人", "must", "组织抢救"),
    ]


def test_a_thing_as_subject_is_unclear() -> None:
    assert brief("生产经营单位应当编制预案。应急预案应当定期修订，并应当备案。") == [
        ("生产经营单位", "must", "编制预案"),
        ("", "must", "定期修订"),
        ("", "must", "备案"),
    ]


def test_the_next_paragraph_does_not_inherit_a_subject() -> None:
    norms = read("生产经营单位应当编制预案。\n发生事故时，应当启动预案。")
    assert [(n.subject, n.provision.paragraph) for n in norms] == [("生产经营单位", 1), ("", 2)]


def test_a_sentence_goes_on_about_the_subject_of_the_one_before() -> None:
    assert [n[0] for n in brief("工会有权提出建议，单位应当答复；发现危险时，有权要求撤离。")] == [
        "工会", "单位", "工会",
    ]  # fmt: skip


def test_a_condition_is_a_trigger_and_lays_down_nothing() -> None:
    (norm,) = read("生产经营单位应当报告而未报告的，有关部门可以约谈其主要负责人。")
    assert (norm.subject, norm.modality) == ("有关部门", Modality.MAY)
    assert norm.trigger == "应当报告而未报告的" or norm.trigger.endswith("而未报告的")


@pytest.mark.parametrize(
    "text",
    [
        "为了加强安全生产工作，制定本法。",
        "本法所称危险物品，是指应当严格管理的物品。",
        "国家实行安全生产责任追究制度。",
        "安全生产工作坚持安全第一、预防为主的方针。",
        "具体办法由国务院制定。",
        "本法自2021年9月1日起施行。",
        "法律另有规定的，从其规定。",
    ],
)
def test_what_is_no_norm(text: str) -> None:
    assert brief(text) == []


def test_a_modal_word_in_a_modifier_is_no_norm() -> None:
    assert brief("生产经营单位应当告知从业人员在紧急情况下应当采取的措施。") == [
        ("生产经营单位", "must", "告知从业人员在紧急情况下应当采取的措施")
    ]


def test_sanctions_are_no_norms_unless_a_modal_word_makes_them_one() -> None:
    penal = ("第六章　法律责任",)
    assert brief("生产经营单位未建立台账的，责令限期改正，处五万元以下的罚款。", penal) == []
    (norm,) = read("主要负责人受撤职处分的，五年内不得担任主要负责人。", penal)
    assert (norm.subject, norm.modality) == ("主要负责人", Modality.MUST_NOT)
    assert norm.limits == ("五年内",)


def test_what_a_head_sets_holds_for_every_item() -> None:
    norms = read("主管部门应当在七日内作出下列处理：\n（一）责成整改；\n（二）一个月内复查。")
    assert [n.limits for n in norms] == [("七日内",), ("七日内", "一个月内")]


def test_the_figures_of_the_cases_are_those_of_the_one_norm() -> None:
    (norm,) = read(
        "有下列情形之一的，单位应当停产：\n（一）三人以上受伤的；\n（二）浓度超过百分之二的。"
    )
    assert norm.limits == ("三人以上", "超过百分之二")


def test_a_condition_holds_for_all_that_follows_it_in_its_sentence() -> None:
    norms = read("单位从业人员超过一百人的，应当设置机构，并应当配备主管；单位应当报告。")
    assert [n.limits for n in norms] == [("超过一百人",), ("超过一百人",), ()]


def test_work_is_assigned_without_a_modal_word() -> None:
    assert brief("国务院领导全国的消防工作。消防工作由应急管理部门负责。") == [
        ("国务院", "must", "领导全国的消防工作"),
        ("应急管理部门", "must", "负责"),
    ]
    assert brief("工会依法对安全生产工作进行监督。")[0][0] == "工会"


def test_nobody_is_the_subject_of_a_bare_prohibition() -> None:
    assert brief("禁止占用消防车通道。禁止任何单位和个人谎报火警。") == [
        ("", "must_not", "占用消防车通道"),
        ("任何单位和个人", "must_not", "任何单位和个人谎报火警"),
    ]


def test_a_right_and_an_obligation_of_a_person() -> None:
    assert [n[:2] for n in brief("公民有获得救助的权利，并应当配合救援。")] == [
        ("公民", "right"), ("公民", "must"),
    ]  # fmt: skip
    assert brief("任何单位都有报告火警的义务。")[0][:2] == ("任何单位", "must")


def test_items_that_complete_the_head_are_norms_of_its_subject() -> None:
    norms = read("单位的主要负责人负有下列职责：\n（一）建立责任制；\n（二）及时报告事故。")
    assert [(n.provision.item, n.subject, n.action) for n in norms] == [
        (1, "单位的主要负责人", "建立责任制"),
        (2, "单位的主要负责人", "及时报告事故"),
    ]
    assert {n.subject_at for n in norms} == {ProvisionId("law", "1", "第一条")}
    assert norms[0].text == "（一）建立责任制；"


def test_an_item_may_have_a_modal_word_of_its_own() -> None:
    norms = read("部门有权采取下列措施：\n（一）查阅资料；\n（二）检查设施，检查结果应当记录。")
    assert [(n.provision.item, n.subject, n.modality.value, n.action) for n in norms] == [
        (1, "部门", "right", "查阅资料"),
        (2, "部门", "right", "检查设施"),
        (2, "", "must", "记录"),
    ]


def test_items_that_are_cases_or_bearers_leave_one_norm_to_the_head() -> None:
    cases = read("单位有下列情形之一的，不得施工：\n（一）未经批准的；\n（二）没有方案的。")
    assert [(n.provision.item, n.subject, n.action) for n in cases] == [(None, "单位", "施工")]
    bearers = read("下列单位应当建立消防队：\n（一）大型企业；\n（二）民用机场。")
    assert [(n.provision.item, n.subject) for n in bearers] == [(None, "下列单位")]


def test_a_list_of_duties_needs_no_modal_word() -> None:
    norms = read("安全生产管理机构履行下列职责：\n（一）检查现场；\n（二）制止违章。")
    assert [n.action for n in norms] == ["检查现场", "制止违章"]


def test_every_text_is_verbatim(library: Library) -> None:
    documents = list(library.catalog)
    texts = {
        p.id: p.text
        for d in documents
        for v in d.versions
        for a in v.articles
        for p in a.provisions()
    }
    norms = norms_of(documents)
    assert len(norms) > 5000
    for norm in norms:
        text = texts[norm.provision]
        for part in (norm.text, norm.action, norm.exceptions):
            assert part in text, norm
        for limit in norm.limits:
            assert limit in texts[norm.provision.in_article], norm  # of the head for its items
        assert norm.trigger in texts[norm.provision.in_article], norm  # of the head for its items
        assert norm.subject in texts[norm.subject_at.in_article]
        assert norm.action, norm


def test_policy_entries_have_no_norms() -> None:
    article = build_article("policy-x", "1", "第一条", "单位应当报告。")
    assert norms_of([document(article, doc_id="policy-x")]) == []


def test_the_seven_duties_of_the_principal(library: Library) -> None:
    norms = [
        n
        for n in norms_of([library.catalog.get("work-safety-law")])
        if n.provision.article == "第二十一条"
    ]
    assert [n.provision.item for n in norms] == [1, 2, 3, 4, 5, 6, 7]
    assert {n.subject for n in norms} == {"生产经营单位的主要负责人"}


def test_a_prohibition_among_measures_is_one_of_them() -> None:
    assert brief(
        "市政府应当采取下列措施：\n（一）禁止或者限制使用有关设备；\n（二）疏散人员。"
    ) == [
        ("市政府", "must", "禁止或者限制使用有关设备"),
        ("市政府", "must", "疏散人员"),
    ]


def test_an_item_is_one_norm_to_its_end() -> None:
    assert brief("镇政府的职责：\n（一）开展巡查；每年开一次会；\n（二）由专人负责登记。") == [
        ("镇政府", "must", "开展巡查；每年开一次会"),
        ("镇政府", "must", "由专人负责登记"),
    ]


def test_a_head_may_say_something_of_its_own_before_its_list() -> None:
    assert brief("县政府应当落实责任制，职责是：\n（一）开展巡查；\n（二）组织演练。") == [
        ("县政府", "must", "落实责任制"),
        ("县政府", "must", "开展巡查"),
        ("县政府", "must", "组织演练"),
    ]
    assert brief(
        "监察机构依法开展执法工作，行使以下职权：\n（一）进入现场；\n（二）查阅资料。"
    ) == [
        ("监察机构", "must", "依法开展执法工作"),
        ("监察机构", "right", "进入现场"),
        ("监察机构", "right", "查阅资料"),
    ]


def test_the_measures_of_a_head_are_all_that_it_says() -> None:
    assert brief(
        "县政府应当根据险情的性质，采取下列措施：\n（一）发布警报；\n（二）转移群众。"
    ) == [
        ("县政府", "must", "发布警报"),
        ("县政府", "must", "转移群众"),
    ]


def test_a_principle_lays_nothing_down_though_it_says_must() -> None:
    assert brief("安全工作实行管行业必须管安全、管业务必须管安全，强化各方责任。") == []


@pytest.mark.parametrize(
    "text",
    ["客运单位要终止经营，应当提前告知。", "按第一款应由省局认定的事项，由市局办理。"],
)
def test_a_wish_and_a_modifier_are_no_norms_of_their_own(text: str) -> None:
    assert len(brief(text)) == 1


def test_cases_may_be_introduced_before_the_last_sentence_of_a_head() -> None:
    assert brief(
        "店主有下列情形之一的，由县公安机关处五百元罚款；情节严重的，县公安机关可以查封店铺：\n"
        "（一）未装报警器；\n（二）堵塞通道。"
    ) == [("县公安机关", "may", "查封店铺")]


def test_what_should_have_been_done_and_was_not_is_a_case() -> None:
    assert brief("施工队应当设置路障而没有设置，造成伤亡的情况，记入档案。") == []


def test_a_head_that_ends_with_its_modal_word_is_completed_by_its_items() -> None:
    assert brief(
        "本条说的是以下房屋：学校、商店。业主应当：\n（一）装报警器；\n（二）疏通楼道。"
    ) == [("业主", "must", "装报警器"), ("业主", "must", "疏通楼道")]
