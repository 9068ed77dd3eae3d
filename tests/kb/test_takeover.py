"""Imports beside digests and statutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb.asked import AskedAs
from kb.imports import Facts
from kb.library import Library
from kb.model import (
    Document,
    Event,
    EventKind,
    Level,
    Precedence,
    Status,
    TextKind,
    Version,
)
from kb.structure import build_article
from kb.takeover import OWN_COPY, bare_number, carried_over, same_document, take_over


def document(
    doc_id: str, title: str, kind: TextKind, texts: dict[str, str], **more: object
) -> Document:
    articles = tuple(build_article(doc_id, "v", label, text) for label, text in texts.items())
    version = Version("v", date(2020, 1, 1), articles)
    return replace(
        Document(doc_id, title, title, Level.RULE, kind, (version,)),
        **more,  # type: ignore[arg-type]
    )


DIGEST = document(
    "permit", "许可证条例", TextKind.DIGEST,
    {"第一条": "许可证有效期3年，期满前3个月办延期。", "第二条": "没有许可证不得生产，罚10万元以上50万元以下。"},
    aliases=("证照条例",), doc_number="国务院令第397号", topics=("执法",),
)  # fmt: skip
LAW = document(
    "law", "中华人民共和国安全法", TextKind.TEXT, {"第一条": "为了安全。"}, short="安全法"
)
ORIGINAL = {
    "第一条": "许可证的有效期为3年。许可证有效期满需要延期的，企业应当于期满前3个月办理延期手续。",
    "第二条": "未取得许可证擅自进行生产的，责令停止生产，处10万元以上50万元以下的罚款。",
}
HELD = [LAW, DIGEST]


def unit(title: str = "许可证条例", **facts: object) -> tuple[Facts, Document]:
    f = Facts(title, **facts)  # type: ignore[arg-type]
    doc = document(
        "unit-1", title, TextKind.UNIT, ORIGINAL, doc_number=f.doc_number, aliases=f.aliases
    )
    return f, doc


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts("许可证条例"), "同名"),
        (Facts("《中华人民共和国许可证条例》"), "同名"),
        (Facts("证照条例"), "同名"),
        (Facts("别的条例", aliases=("许可证条例",)), "同名"),
        (Facts("别的条例", doc_number="国务院令第397号"), "同文号"),
        (Facts("别的条例"), ""),
        (Facts("某省许可证条例"), ""),
        (Facts("许可证条例实施细则"), ""),
    ],
)
def test_when_two_are_the_same_document(facts: Facts, why: str) -> None:
    assert same_document(facts, DIGEST) == why


def test_brackets_of_a_number_do_not_matter() -> None:
    assert (
        bare_number("国办发 [2017] 87号")
        == bare_number("国办发（2017）87号")
        == "国办发〔2017〕87号"
    )


def test_an_import_takes_the_place_and_the_names_of_a_digest() -> None:
    found = take_over(HELD, [unit()])
    assert [d.id for d in found.documents] == ["law", "unit-1"]
    assert found.replaced == {"permit": "unit-1"}
    own = found.documents[1]
    assert {"证照条例", "国务院令第397号"} <= set(own.aliases)
    assert own.topics == ("执法",)


def test_beside_a_statute_it_bears_another_title_and_none_of_its_names() -> None:
    (_, _, own) = take_over(HELD, [unit("安全法", aliases=("中华人民共和国安全法",))]).documents
    assert own.title == own.short == f"安全法{OWN_COPY}"
    assert not {"安全法", "中华人民共和国安全法"} & {own.title, own.short, *own.aliases}


def asked(doc: Document, label: str) -> AskedAs:
    article = doc.latest().article(label)
    assert article is not None
    return AskedAs(f"问{label}", article.whole)


def test_questions_go_over_to_the_same_article_of_the_original() -> None:
    entries = [asked(LAW, "第一条"), asked(DIGEST, "第一条"), asked(DIGEST, "第二条")]
    carried = carried_over(entries, take_over(HELD, [unit()]), HELD)
    assert [(e.target.id.doc_id, e.target.id.article) for e in carried] == [
        ("law", "第一条"), ("unit-1", "第一条"), ("unit-1", "第二条"),
    ]  # fmt: skip


def test_questions_follow_an_article_that_was_renumbered() -> None:
    facts, doc = unit()
    moved = document(
        "unit-1", doc.title, TextKind.UNIT, {"第一条": "为了安全。", "第五条": ORIGINAL["第一条"]}
    )
    takeover = take_over(HELD, [(facts, moved)])
    carried = carried_over([asked(DIGEST, "第一条"), asked(DIGEST, "第二条")], takeover, HELD)
    assert [(e.question, e.target.id.article) for e in carried] == [("问第一条", "第五条")]


def test_questions_go_to_the_same_paragraph_or_to_the_whole_article() -> None:
    held = document(
        "permit", "许可证条例", TextKind.DIGEST,
        {"第一条": "许可证有效期3年。\n期满前3个月办理延期手续。"},
    )  # fmt: skip
    part = held.latest().articles[0].parts[1]
    facts, doc = unit()
    whole = take_over([held], [(facts, doc)])
    (one,) = carried_over([AskedAs("问", part)], whole, [held])
    assert one.target.id.locator == "第一条"
    first, second = ORIGINAL["第一条"].split("。")[:2]
    split = document("unit-1", doc.title, TextKind.UNIT, {"第一条": f"{first}。\n{second}。"})
    (two,) = carried_over([AskedAs("问", part)], take_over([held], [(facts, split)]), [held])
    assert two.target.id.locator == "第一条第二款"


def test_what_the_digest_knows_of_repeal_and_precedence_stays_known() -> None:
    digest = replace(
        DIGEST,
        issuer="国务院",
        events=(Event(EventKind.REPEALED, date(2024, 5, 1), by="新条例"),),
        yields_to=(Precedence("安全法", date(2026, 5, 1)),),
    )
    facts, doc = unit()
    own = take_over([LAW, digest], [(facts, doc)]).documents[1]
    assert own.status_on(date(2024, 5, 1)) is Status.REPEALED
    assert own.yields_to == digest.yields_to
    assert (own.issuer, own.doc_number) == ("国务院", "国务院令第397号")
    newer = replace(doc, versions=(replace(doc.latest(), effective_on=date(2025, 1, 1)),))
    renewed = take_over([LAW, digest], [(facts, newer)]).documents[1]
    assert renewed.status_on(date(2025, 1, 1)) is Status.IN_FORCE


def test_every_digest_hands_its_questions_to_its_own_articles(library: Library) -> None:
    """Each digest stands in for its own original here: then every question must arrive."""
    digests = [d for d in library.catalog if d.text_kind is TextKind.DIGEST and not d.is_policy]
    for digest in digests[:5]:
        doc = replace(digest, id=f"unit-{digest.id}", text_kind=TextKind.UNIT)
        articles = tuple(
            build_article(doc.id, a.id.version, a.id.article, a.text) for a in doc.latest().articles
        )
        doc = replace(doc, versions=(replace(doc.latest(), articles=articles),))
        entries = [e for e in library.asked if e.target.id.doc_id == digest.id]
        takeover = take_over([digest], [(Facts(digest.title), doc)])
        carried = carried_over(entries, takeover, [digest])
        assert [e.target.id.article for e in carried] == [e.target.id.article for e in entries]
