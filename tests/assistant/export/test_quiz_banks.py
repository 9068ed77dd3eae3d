"""GIFT, Moodle XML, Anki, Excel and CSV read back by readers that know nothing of the writers."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from assistant.export.quiz_anki import quiz_anki
from assistant.export.quiz_gift import quiz_gift
from assistant.export.quiz_moodle import quiz_moodle
from assistant.export.quiz_xlsx import KEY_COLUMNS, columns, key_csv, quiz_xlsx
from assistant.quiz.draw import make_paper
from assistant.quiz.model import BLANK, RIGHT, Kind, Question
from assistant.quiz.paper import CHOICES, Paper, Slot, versions
from assistant.quiz.source import Source
from assistant.services import Services
from tests.assistant.export.quiz_reading import read_gift
from tests.assistant.quiz.fakes import COUNTS, FakeGenerator, plan

NASTY = "=1+1 ~a~ {b} #c# x:y \\n \\\\ “引”<b>&amp;\n第二行 http://a/b // }"


@pytest.fixture(scope="session")
def paper(services: Services) -> Paper:
    source: Source = services.quiz_source()
    made = make_paper(plan(source, title="甲/乙 考试"), FakeGenerator(source), source)
    nasty = {1: 0, 13: 1, 19: 2, 29: 3, 32: 4}
    slots = list(made.slots)
    for number in nasty:
        slots[number - 1] = Slot(_nasty(slots[number - 1].question))
    two = slots[29].question
    slots[29] = Slot(replace(two, stem=f"甲{BLANK}乙{BLANK}丙", answer=("一小时", "县级")))
    return replace(made, slots=tuple(slots))


def _nasty(q: Question) -> Question:
    stem = f"{NASTY}{BLANK}" if q.kind is Kind.BLANK else NASTY
    if q.kind in CHOICES:
        options = tuple(f"{o}{NASTY}" for o in q.options)
        answer = tuple(f"{a}{NASTY}" for a in q.answer)
        return replace(q, stem=stem, options=options, answer=answer, explanation=NASTY)
    answer = q.answer if q.kind is Kind.JUDGE else tuple(f"{a}{NASTY}" for a in q.answer)
    return replace(q, stem=stem, answer=answer, explanation=NASTY)


def by_id(paper: Paper) -> dict[str, Question]:
    return {q.id: q for q in paper.questions}


def test_gift_read_back_has_the_same_questions_and_keys(paper: Paper) -> None:
    found = read_gift(quiz_gift(paper))
    questions = by_id(paper)
    assert [g.name for g in found] == list(questions)
    assert {g.category for g in found} == {f"甲//乙 考试/{k.label}" for k in Kind}
    for gift in found:
        q = questions[gift.name]
        assert q.explanation.strip() in gift.feedback
        assert all(b.citation in gift.feedback for b in q.basis)
        assert gift.stem.startswith(q.stem.split(BLANK)[0].strip())
        if q.kind is Kind.JUDGE:
            assert gift.right is (q.answer == (RIGHT,))
        elif q.kind is Kind.SHORT:
            assert gift.kind == "essay"
        elif q.kind is Kind.BLANK:
            assert gift.kind == "shortanswer"
            assert "；".join(q.answer).strip() in [t for _, t in gift.answers]
            assert {w for w, _ in gift.answers} == {100.0}
        else:
            assert [t for _, t in gift.answers] == [o.strip() for o in q.options]
            right = {t for w, t in gift.answers if w > 0}
            assert right == {a.strip() for a in q.answer}
            assert sum(w for w, _ in gift.answers if w > 0) == pytest.approx(100, abs=0.01)


def test_several_gaps_are_taken_with_any_usual_mark_between(paper: Paper) -> None:
    gift = next(g for g in read_gift(quiz_gift(paper)) if g.stem.startswith("甲"))
    assert "共 2 空" in gift.stem
    texts = {t for _, t in gift.answers}
    assert {"一小时；县级", "一小时;县级", "一小时 县级", "一小时，县级"} <= texts


def test_shares_of_several_right_options_are_those_that_moodle_knows(paper: Paper) -> None:
    text = quiz_gift(paper).decode()
    assert set(re.findall(r"(?<!\\)~%([-\d.]+)%", text)) == {"33.33333", "-100"}


def test_moodle_xml_read_back_has_the_same_questions_and_keys(paper: Paper) -> None:
    root = ElementTree.fromstring(quiz_moodle(paper))  # noqa: S314
    kinds = Counter(q.get("type") for q in root.iter("question"))
    assert kinds == {
        "category": 6, "multichoice": 20, "truefalse": 10, "cloze": 3, "essay": 2,
    }  # fmt: skip
    questions = by_id(paper)
    made = [q for q in root.iter("question") if q.get("type") != "category"]
    assert [q.findtext("idnumber") for q in made] == list(questions)
    for row in made:
        q = questions[row.findtext("idnumber") or ""]
        stem = row.findtext("questiontext/text") or ""
        fractions = [(float(a.get("fraction", "")), a.findtext("text")) for a in row.iter("answer")]
        right = {html.unescape(t or "") for f, t in fractions if f > 0}
        assert "<b>" not in stem
        if q.kind is Kind.JUDGE:
            assert right == {"true" if q.answer == (RIGHT,) else "false"}
        elif q.kind is Kind.SHORT:
            info = row.findtext("graderinfo/text") or ""
            assert info.count("<li>") == len(q.answer)
        elif q.kind is Kind.BLANK:
            gaps = re.findall(r"\{1:SHORTANSWER:=((?:\\.|[^}\\])*)\}", stem, re.DOTALL)
            read = [html.unescape(re.sub(r"\\(.)", r"\1", g)) for g in gaps]
            assert [a.replace("\n", "<br>") for a in q.answer] == read
        else:
            assert right == set(q.answer)
            single = row.findtext("single")
            assert single == ("false" if q.kind is Kind.MULTI else "true")
            assert sum(f for f, _ in fractions if f > 0) == pytest.approx(100, abs=0.01)
        if q.kind is not Kind.BLANK:
            points = paper.blueprint.points(q.kind)
            assert float(row.findtext("defaultgrade") or 0) == points


def notes(data: bytes, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The notes of an .apkg as the anki package imports it: guid and fields."""
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    file = folder / "deck.apkg"
    file.write_bytes(data)
    collection = Collection(str(folder / "collection.anki2"))
    try:
        request = ImportAnkiPackageRequest(
            package_path=str(file), options=ImportAnkiPackageOptions(merge_notetypes=True)
        )
        collection.import_anki_package(request)
        assert collection.card_count() == collection.note_count()
        for note_id in collection.find_notes(""):
            note = collection.get_note(note_id)
            yield note.guid, list(note.fields)
        assert collection.decks.id_for_name("知责::甲/乙 考试") is not None
    finally:
        collection.close()


def test_anki_imports_every_question_once_and_updates_it_the_next_time(
    paper: Paper, tmp_path: Path
) -> None:
    first = dict(notes(quiz_anki(paper, 1_790_000_000.0), tmp_path))
    assert {f[0] for f in first.values()} == set(by_id(paper))
    for fields in first.values():
        q = by_id(paper)[fields[0]]
        assert fields[1] == q.kind.label
        if q.kind in CHOICES:
            assert fields[3].count("<li>") == len(q.options)
        assert html.escape(q.answer[0]).replace("\n", "<br>") in fields[4]
        assert html.escape(q.basis[0].citation) in fields[6]
    slots = (Slot(replace(paper.questions[1], explanation="新的解释。")), *paper.slots[2:])
    again = dict(notes(quiz_anki(replace(paper, slots=slots), 1_790_000_100.0), tmp_path))
    assert set(again) == set(first)
    changed = [guid for guid in first if first[guid] != again[guid]]
    assert [again[g][5] for g in changed] == ["新的解释。"]


def sheet(data: bytes) -> list[dict[str, str | None]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows = list(book["试题"].iter_rows())
    for row in rows:
        assert all(
            c.data_type in ("s", "n") and (c.value is None or isinstance(c.value, str)) for c in row
        )
    names = [str(c.value) for c in rows[0]]
    return [dict(zip(names, (c.value for c in row), strict=True)) for row in rows[1:]]


def test_the_workbook_read_back_has_the_columns_that_platforms_import(paper: Paper) -> None:
    rows = sheet(quiz_xlsx(paper))
    assert tuple(rows[0]) == columns(5)
    assert len(rows) == len(paper.questions)
    names = Counter(r["题型"] for r in rows)
    assert names == {"单选题": 14, "多选题": 6, "判断题": 10, "填空题": 3, "简答题": 2}
    for row, q in zip(rows, paper.questions, strict=True):
        assert row["题干"] == q.stem
        options = [row[f"选项{x}"] or "" for x in "ABCDE"]
        assert [o for o in options if o] == list(q.options)
        key = row["正确答案"] or ""
        if q.options:
            assert {options[ord(x) - ord("A")] for x in key} == set(q.answer)
        else:
            assert key == "|".join(q.answer)
        assert row["解析"] == q.explanation
        assert row["难度"] in ("易", "中", "难")
        assert q.basis[0].citation in (row["依据"] or "")
        assert (row["分值"], row["编号"]) == (f"{paper.blueprint.points(q.kind):g}", q.id)


def test_what_looks_like_a_formula_stays_text(paper: Paper) -> None:
    row = sheet(quiz_xlsx(paper))[0]
    assert (row["题干"] or "").startswith("=1+1")
    found = list(csv.DictReader(io.StringIO(key_csv((paper,)).decode("utf-8-sig"))))
    assert found[0]["解析"].startswith("'=1+1")
    for line in found:
        assert not any(v.startswith(("=", "+", "-", "@")) for v in line.values())


def test_the_csv_has_the_keys_of_every_version(paper: Paper) -> None:
    made = versions(paper, 2)
    data = key_csv(made)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == KEY_COLUMNS
    assert Counter(r["版本"] for r in rows) == {"A": 35, "B": 35}
    for version in made:
        own = [r for r in rows if r["版本"] == version.label]
        for row, (n, q) in zip(own, enumerate(version.questions, 1), strict=True):
            assert (row["题号"], row["编号"]) == (str(n), q.id)
            if q.kind in CHOICES:
                right = {q.options[ord(x) - ord("A")] for x in row["答案"]}
                assert right == set(q.answer)
            elif q.kind is Kind.JUDGE:
                assert row["答案"] == ("√" if q.answer == (RIGHT,) else "×")


def test_control_characters_never_reach_a_file(paper: Paper) -> None:
    bad = replace(paper.questions[0], stem="坏\x00字\x0b符", explanation="\ud800解\uffff")
    made = replace(paper, slots=(Slot(bad), *paper.slots[1:]))
    assert read_gift(quiz_gift(made))[0].stem.startswith("坏字符")
    assert ElementTree.fromstring(quiz_moodle(made)) is not None  # noqa: S314
    assert sheet(quiz_xlsx(made))[0]["题干"] == "坏字符"
    assert "解" in key_csv((made,)).decode("utf-8-sig")
    assert quiz_anki(made, 1_790_000_000.0)


def test_every_kind_is_in_the_paper_that_these_tests_read(paper: Paper) -> None:
    assert Counter(q.kind for q in paper.questions) == COUNTS
