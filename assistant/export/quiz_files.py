"""Which files a paper is exported to: all are made before the first is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from assistant.errors import BadInputError
from assistant.export.target import check_target, save
from assistant.quiz.codec import paper_json
from assistant.quiz.paper import Paper
from kb.catalog import Catalog

ENDINGS = (".docx", ".xlsx", ".gift", ".xml", ".apkg", ".csv", ".json")
KEY_NAME = "答案"


def check_quiz_files(wanted: Sequence[Path], labels: Sequence[str]) -> None:
    """BadInputError says what is wrong with one of the files, or that two would be one file.

    `labels` are those of the versions, ("",) for a paper of one.
    """
    places: set[Path] = set()
    for path in wanted:
        check_target(path, ENDINGS)
        for made in files_of(path, labels):
            check_target(made, ENDINGS)
            if made.resolve() in places:
                raise BadInputError(f"{made.name} 会被写两次；请给每个 --out 不同的文件名")
            places.add(made.resolve())


def files_of(path: Path, labels: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that are written for `path`.

    A Word document of a paper has its answer sheet beside it, and a file for each version after
    the first: 试卷.docx, 试卷-B卷.docx, 试卷-答案.docx. Other formats are one file.
    """
    if path.suffix.lower() != ".docx":
        return (path,)
    more = tuple(path.with_name(f"{path.stem}-{x}卷{path.suffix}") for x in labels[1:])
    return (path, *more, path.with_name(f"{path.stem}-{KEY_NAME}{path.suffix}"))


def quiz_files(
    wanted: Sequence[Path], papers: Sequence[Paper], catalog: Catalog, now: datetime
) -> dict[Path, bytes]:
    """Return file → content for a paper and its versions, the paper first.

    The banks (.xlsx, .gift, .xml, .apkg) hold the questions once, as the first version has them;
    .csv and .json hold all versions.
    """
    out: dict[Path, bytes] = {}
    for path in wanted:
        files = files_of(path, [p.label for p in papers])
        if path.suffix.lower() == ".docx":
            out.update(zip(files, _word(papers), strict=True))
        else:
            out[path] = _renderer(path, catalog, now)(papers)
    return out


def write_quiz_files(made: dict[Path, bytes]) -> None:
    """Write the files, each whole or not at all; BadInputError says which cannot be written."""
    for path, content in made.items():
        save(path, content)


def _word(papers: Sequence[Paper]) -> list[bytes]:
    from assistant.export.quiz_docx import paper_docx
    from assistant.export.quiz_key_docx import key_docx

    return [*(paper_docx(p) for p in papers), key_docx(papers)]


def _renderer(path: Path, catalog: Catalog, now: datetime) -> Callable[[Sequence[Paper]], bytes]:
    """What makes this file; imported here, since other commands need none of it."""
    from assistant.export.quiz_anki import quiz_anki
    from assistant.export.quiz_gift import quiz_gift
    from assistant.export.quiz_moodle import quiz_moodle
    from assistant.export.quiz_xlsx import key_csv, quiz_xlsx

    def as_json(papers: Sequence[Paper]) -> bytes:
        return json.dumps(paper_json(papers, catalog), ensure_ascii=False, indent=2).encode()

    renderers: dict[str, Callable[[Sequence[Paper]], bytes]] = {
        ".xlsx": lambda papers: quiz_xlsx(papers[0]),
        ".gift": lambda papers: quiz_gift(papers[0]),
        ".xml": lambda papers: quiz_moodle(papers[0]),
        ".apkg": lambda papers: quiz_anki(papers[0], now.timestamp()),
        ".csv": key_csv,
        ".json": as_json,
    }
    return renderers[path.suffix.lower()]
