"""A small made-up library, so that every figure in these tests can be counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.duties import DutyBook
from assistant.liability import LiabilityLinks
from indexer.norms import Modality, Norm
from kb.catalog import Catalog
from kb.duty_bearers import read_bearer_table
from kb.fields import read_fields
from kb.model import Document, Event, EventKind, Level, ProvisionId, TextKind, Version
from kb.structure import build_article

TODAY = date(2026, 11, 22)
OLD, NEW = date(2010, 1, 1), date(2020, 1, 1)

ARTICLES = {
    "第一条": "乡镇人民政府应当制定应急预案。各级人民政府应当加强消防工作。",
    "第二条": "生产经营单位的主要负责人负有下列职责：\n（一）建立责任制；\n（二）组织培训。",
    "第三条": "任何单位和个人不得占用消防车通道。从业人员有权拒绝违章指挥。",
    "第四条": "危险化学品企业主要负责人应当每月检查一次。警示标志应当清晰。",
    "第五条": "本法所称主要负责人，是指法定代表人。",
}
PENAL = {"第九条": "违反本法第二条规定，主要负责人未建立责任制的，处二万元罚款。"}


def place(
    article: str, item: int | None = None, doc: str = "law", version: str = "new"
) -> ProvisionId:
    return ProvisionId(doc, version, article, None, item)


def norm(
    at: ProvisionId,
    subject: str,
    modality: Modality,
    text: str,
    action: str,
    *,
    subject_at: ProvisionId | None = None,
    limits: tuple[str, ...] = (),
    trigger: str = "",
) -> Norm:
    return Norm(at, subject, subject_at or at, modality, text, action, trigger, limits, "")


PRINCIPAL = "生产经营单位的主要负责人"
NORMS = (
    norm(place("第一条"), "乡镇人民政府", Modality.MUST, "乡镇人民政府应当制定应急预案。", "制定应急预案"),
    norm(place("第一条"), "各级人民政府", Modality.MUST, "各级人民政府应当加强消防工作。", "加强消防工作"),
    norm(
        place("第二条", 1), PRINCIPAL, Modality.MUST, "（一）建立责任制；", "建立责任制",
        subject_at=place("第二条"),
    ),
    norm(
        place("第二条", 2), PRINCIPAL, Modality.MUST, "（二）组织培训。", "组织培训",
        subject_at=place("第二条"),
    ),
    norm(
        place("第三条"), "任何单位和个人", Modality.MUST_NOT, "任何单位和个人不得占用消防车通道。",
        "占用消防车通道",
    ),
    norm(
        place("第三条"), "从业人员", Modality.RIGHT, "从业人员有权拒绝违章指挥。", "拒绝违章指挥"
    ),
    norm(
        place("第四条"), "危险化学品企业主要负责人", Modality.MUST, "危险化学品企业主要负责人应当每月检查一次。",
        "每月检查一次", limits=("每月检查一次",),
    ),
    norm(place("第四条"), "", Modality.MUST, "警示标志应当清晰。", "清晰"),
    norm(
        place("第一条", None, "law", "old"), "乡镇人民政府", Modality.MUST,
        "乡镇人民政府应当巡查。", "巡查",
    ),
    norm(
        place("第一条", None, "local", "v"), "乡镇人民政府", Modality.MUST,
        "乡镇人民政府应当每年演练一次。", "每年演练一次", limits=("每年演练一次",),
    ),
)  # fmt: skip


def _version(
    doc: str, name: str, articles: dict[str, str], start: date, end: date | None
) -> Version:
    built = [build_article(doc, name, label, text) for label, text in articles.items()]
    if doc == "law" and name == "new":
        built += [
            build_article(doc, name, label, text, ("第二章 法律责任",))
            for label, text in PENAL.items()
        ]
    return Version(name, start, tuple(built), end)


def _document(doc_id: str, title: str, versions: tuple[Version, ...], **facts: object) -> Document:
    kinds = {"level": Level.LAW, "text_kind": TextKind.TEXT, "topics": ("安全生产",), **facts}
    events = (Event(EventKind.EFFECTIVE, versions[0].effective_on),)
    return Document(doc_id, title, title, versions=versions, events=events, **kinds)  # type: ignore[arg-type]


def catalog() -> Catalog:
    old = _version("law", "old", {"第一条": "乡镇人民政府应当巡查。"}, OLD, NEW)
    new = _version("law", "new", ARTICLES, NEW, None)
    local = _version("local", "v", {"第一条": "乡镇人民政府应当每年演练一次。"}, NEW, None)
    return Catalog(
        [
            _document("law", "示例法", (old, new)),
            _document(
                "local", "某省条例", (local,), level=Level.LOCAL_REGULATION,
                text_kind=TextKind.DIGEST, region="山东省",
            ),
            *_outlined(),
        ]
    )  # fmt: skip


def _outlined() -> list[Document]:
    """The policy entries that the table quotes, with one line each."""
    places: dict[str, dict[str, None]] = {}
    for bearer in read_bearer_table().bearers:
        for named in bearer.outline:
            doc_id, locator = named.split()
            places.setdefault(doc_id, {})[locator.split("第")[0]] = None
    lines = "要点如下：\n" + "\n".join(f"（{n}）要点；" for n in "一二三四五六七八")
    text = f"{lines}\n第二段。"
    return [
        _document(
            doc_id, doc_id,
            (Version("v", NEW, tuple(build_article(doc_id, "v", h, _body(h, text)) for h in heads)),),
            text_kind=TextKind.DIGEST,
        )
        for doc_id, heads in places.items()
    ]  # fmt: skip


def _body(heading: str, text: str) -> str:
    return "第一段。\n第二段。" if heading == "约束谁" else text.removesuffix("\n第二段。")


def made_book(folder: Path, *norms: Norm) -> DutyBook:
    """Return the book of these norms over the made-up library, without curated sanctions."""
    nothing = folder / "liability.toml"
    nothing.write_text("link = []", encoding="utf-8")
    held = catalog()
    links = LiabilityLinks(held, nothing)
    return DutyBook(norms, held, read_bearer_table(), read_fields(), links, lambda: TODAY)


@pytest.fixture
def book(tmp_path: Path) -> DutyBook:
    return made_book(tmp_path, *NORMS)
