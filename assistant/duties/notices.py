"""What a reader must know of a duty list and of the documents in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from assistant.notices import precedence_notices
from assistant.view import NATIONAL, applies_in
from kb.catalog import Catalog
from kb.duty_bearers import Bearer
from kb.model import Document, Level, TextKind, Version


def document_notes(
    document: Document, version: Version, articles: Collection[str], day: date
) -> tuple[str, ...]:
    """Return what must be known of a document whose `articles` are quoted on `day`."""
    out: list[str] = []
    if document.text_kind is TextKind.DIGEST:
        out.append("本库用自己的话写的要点，不是文件原文，正式引用请核对原文。")
    if document.region != NATIONAL:
        out.append(f"{document.region}的{document.level.value}，只在{document.region}适用。")
    out += precedence_notices(document, day)
    for article in articles:
        if change := document.change_of(article, day):
            out.append(
                f"{article}已被{change.by}修改（{change.on.isoformat()} 起），这里是修改前的文字。"
            )
    if version.listed:
        out.append(f"另有 {len(version.listed)} 条本库只有标题，其中的职责没有列出。")
    return tuple(out)


def list_notices(
    bearer: Bearer,
    region: str,
    catalog: Catalog,
    *,
    inherited: bool,
    some: bool,
    past: date | None,
) -> tuple[str, ...]:
    """Return what must be known of the list as a whole.

    `inherited` and `some` say that it has lines that fall on the bearer as part of a larger kind,
    or on some of its kind only; `past` is the day of the list, if that is not today.
    """
    out = [bearer.note] if bearer.note else []
    if bearer.missing:
        out.append(
            f"《{bearer.missing}》全文本库没有收录，这里只有能核实的要点；"
            "取得原文和本省实施细则后，可以在法规库页（或用 zhize import）导入再看。"
        )
    if inherited:
        out.append("标“同样适用”的，规定写的是范围更大的主体，后面写明为什么也落到这里。")
    if some:
        out.append("标“限于”的，规定只点名其中一部分，不属于这一部分的不适用。")
    if past:
        out.append(f"以下是 {past.isoformat()} 有效的规定。")
    out += _of_region(region, catalog)
    return tuple(out)


def _of_region(region: str, catalog: Catalog) -> list[str]:
    if not region or region == NATIONAL:
        return ["只列全国的规定；省级规定请选省份。"]
    own = [
        d.title
        for d in catalog
        if d.in_scope
        and not d.is_policy
        and d.region != NATIONAL
        and applies_in(d, region)
        and d.level in (Level.LOCAL_REGULATION, Level.RULE, Level.NORMATIVE_DOCUMENT)
    ]
    if not own:
        return [
            f"本库没有{region}的文件，以下只是全国的规定；拿到当地文件后，"
            "可以在法规库页（或用 zhize import）导入。"
        ]
    return [f"已加上{region}的文件：{'、'.join(f'《{t}》' for t in own)}。"]
