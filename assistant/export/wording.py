"""What the exports say of a list besides the words of the rules, in one place for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.duties.model import DocumentGroup, Duty, DutyList, Sanction
from assistant.duties.own import OwnNote, locator_key
from assistant.duties.render import MODALITIES
from assistant.view import NATIONAL
from kb.duty_bearers import Bearer
from kb.model import Document, TextKind

OWN_TITLE = "本单位补充（不属于法规内容）"
OWN_CAPTION = "以下由本单位自行填写，不是法律、法规、规章的规定。"
ABOUT_QUOTES = (
    "职责、条件、时限和罚则都是引文，没有改写。后果的“条文写明”指罚则点名这一条，“人工核对”指由人"
    "逐条核对过，“按内容推定”指程序按文字对应推定，使用前请核对。"
)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Return the text without the characters that office files cannot hold."""
    return _ILLEGAL.sub("", text)


def list_title(made: DutyList) -> str:
    """Return “乡镇人民政府安全生产职责清单”."""
    return f"{made.bearer.name}安全生产职责清单"


def scope_line(made: DutyList) -> str:
    """Return bearer, field, region and the day for which the list is valid."""
    region = f"全国和{made.region}" if made.region not in ("", NATIONAL) else "全国"
    return (
        f"责任主体：{made.bearer.name}　领域：{made.field or '全部'}　地区：{region}　"
        f"效力：{validity(made)}"
    )


def validity(made: DutyList) -> str:
    """Return “截至 2026-11-22 本库现行有效的规定”."""
    return f"截至 {made.as_of.isoformat()} 本库现行有效的规定"


def count_line(made: DutyList) -> str:
    """Return how many lines the list has of each kind, and from how many documents."""
    c = made.counts
    return (
        f"应当 {c['must']} 项，不得 {c['must_not']} 项；可以 {c['may']} 项，有权 {c['right']} 项。"
        f"规定直接写给本主体 {c['own']} 项，按更大范围同样适用 {c['inherited']} 项，"
        f"出自 {c['documents']} 个文件。"
    )


def modality(duty: Duty) -> str:
    """Return 应当, 不得, 可以 or 有权."""
    return MODALITIES[duty.norm.modality]


def document_name(document: Document) -> str:
    """Return 《安全生产法》, marked where the library holds only an outline in its own words."""
    return f"《{document.short}》{_kind(document)}"


def full_name(document: Document) -> str:
    """Return 《中华人民共和国安全生产法》, marked as in `document_name`."""
    return f"《{document.title}》{_kind(document)}"


def _kind(document: Document) -> str:
    return "（要点）" if document.text_kind is TextKind.DIGEST else ""


def short_name(bearer: Bearer) -> str:
    """Return the name without what stands in brackets after it."""
    return bearer.name.split("（")[0]


def fit_of(duty: Duty) -> tuple[str, ...]:
    """Return how a duty that is not simply the bearer's own comes to it: limited, or inherited."""
    source = duty.inherited_from
    return tuple(
        filter(
            None,
            (
                f"限于：{duty.only}" if duty.only else "",
                f"写给“{short_name(source)}”，同样适用" if source else "",
            ),
        )
    )


def conditions(duty: Duty) -> tuple[str, ...]:
    """Return whom it is limited to, when, by when and except when: verbatim after a label."""
    norm = duty.norm
    parts = (
        ("限于", duty.only),
        ("条件", norm.trigger),
        ("时限数量", duty.deadline),
        ("例外", norm.exceptions),
    )
    return tuple(f"{name}：{text}" for name, text in parts if text)


def sanction_label(sanction: Sanction) -> str:
    """Return 第九十四条第一款（人工核对）."""
    return f"{sanction.quote.provision.id.locator}（{sanction.basis}）"


def sanction_text(sanction: Sanction) -> str:
    """Return the label and, verbatim, the line that introduces the sanction and the sanction."""
    lead = f"{sanction.lead}\n" if sanction.lead else ""
    return f"{sanction_label(sanction)}：{lead}{sanction.quote.provision.text}"


def document_remarks(made: DutyList) -> tuple[str, ...]:
    """Return what must be known of the documents: held in outline, changed, partly missing.

    A remark that holds for several documents is said once.
    """
    said: dict[str, dict[str, None]] = {}
    for group in _groups(made):
        for note in group.notes:
            said.setdefault(note, {})[f"《{group.document.title}》"] = None
    return tuple(f"{'、'.join(titles)}：{note}" for note, titles in said.items())


def remarks(made: DutyList) -> tuple[str, ...]:
    """Return what a reader must know: how the list came about, what it and its documents lack."""
    return tuple(
        filter(None, (ABOUT_QUOTES, *made.notices, unclear_line(made), *document_remarks(made)))
    )


def _groups(made: DutyList) -> Iterator[DocumentGroup]:
    for field in (*made.duties, *made.powers):
        yield from field.documents


def unclear_line(made: DutyList) -> str:
    """Return how many rules of the same day name nobody who bears them, "" if none do."""
    if not made.unclear:
        return ""
    return f"另有 {made.unclear} 项规定没有写明由谁承担，没有列入本清单（见“规定没有写明的主体”）。"


def noted_place(made: DutyList, note: OwnNote) -> str:
    """Return the provision that a note of the unit is on, as the list calls it."""
    for duty in made.lines:
        if locator_key(duty) == note.key:
            return f"{document_name(duty.quote.document)}{duty.norm.provision.locator}"
    return f"{note.key}（不在这份清单中）"
