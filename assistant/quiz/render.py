"""A paper as text for a terminal."""

from __future__ import annotations

from assistant.export.quiz_wording import (
    basis_lines,
    key_lines,
    lettered,
    number,
    paper_title,
    section_heading,
    stem_with_gap,
)
from assistant.quiz.paper import CHOICES, Paper


def paper_text(paper: Paper) -> str:
    """Return the paper, then its key with explanation and basis."""
    lines = [paper_title(paper), f"满分 {number(paper.total)} 分，种子 {paper.blueprint.seed}", ""]
    for n, section in enumerate(paper.sections, 1):
        lines.append(section_heading(n, section))
        for at, question in section.numbered():
            lines.append(f"{at}. {stem_with_gap(question)}")
            if question.kind in CHOICES:
                lines += [f"   {o}" for o in lettered(question)]
        lines.append("")
    lines.append("答案、解析和依据")
    for section in paper.sections:
        for at, question in section.numbered():
            lines.append(f"{at}. {'；'.join(key_lines(question))}")
            lines.append(f"   {question.explanation}")
            lines.append(f"   依据：{'；'.join(basis_lines(question))}")
    lines += [f"注意：{n}" for n in paper.notices]
    return "\n".join(lines)
