"""Which articles nobody should be examined on, though they are in force."""

from __future__ import annotations

import re
from datetime import date

from assistant.quiz.make.statements import is_penal
from assistant.quiz.source import Held

_OVERTAKEN = re.compile("期限|许可|主管机关|认定")
_NOT_ASKED = re.compile(
    r"施行|废止|是指|下列用语|本法所称|本条例所称|适用本|制定本|参照|另行(?:制定|规定)|解释权|本库|没有收录|指工作日|行政监察法|行政监察机关|有关人民政府的处理决定|接到报告[后的]"
)


_OVERTAKEN_ARTICLES = {
    ("中华人民共和国劳动法", "第八十二条"): "劳动争议调解仲裁法第二十七条：仲裁时效为一年",
}
"""Articles in force of which a later law says otherwise without a word of repeal, and where."""


def is_doubtful(held: Held, day: date) -> bool:
    """True for an article whose words a later or higher document may have overtaken.

    A document that yields to another is not asked about sanctions, because amounts are what the
    other changed; nor about anything where its note says that terms, permits or competence differ.
    """
    if (held.document.title, held.article.id.article) in _OVERTAKEN_ARTICLES:
        return True
    active = [p for p in held.document.yields_to if p.since <= day]
    if any(_OVERTAKEN.search(p.note) for p in active):
        return True
    return bool(active) and is_penal(held)


def is_idle(text: str) -> bool:
    """True for words on commencement, scope or meaning, which are no knowledge of duties."""
    return bool(_NOT_ASKED.search(text))
