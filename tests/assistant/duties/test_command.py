"""`zhize duties` and `zhize bearers` as other programs and people meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.duties.render import duties_text
from assistant.services import Services
from tests.assistant.duties.conftest import TODAY


@pytest.fixture(autouse=True)
def _data(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIZE_DATA", str(data_dir))


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(args)
    out, err = capsys.readouterr()
    return code, out, err


def test_duties_print_one_json_document_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "duties", "镇政府", "--json")
    assert (code, err) == (0, "")
    made = json.loads(out)
    assert made["bearer"] == "乡镇人民政府"
    places = {(d["citation"]["doc"], d["citation"]["locator"]) for d in made["duties"]}
    assert ("中华人民共和国安全生产法", "第九条第二款") in places
    assert ("中华人民共和国安全生产法", "第八十条第二款") in places
    duty = made["duties"][0]
    expected = {"text", "modality", "trigger", "deadline", "citation", "liability"}
    assert expected <= set(duty)
    assert set(duty["citation"]) == {
        "n", "doc", "doc_id", "locator", "quote", "status", "text_kind", "effective_on",
    }  # fmt: skip
    counts = made["counts"]
    assert sum(counts[m] for m in ("must", "must_not", "may", "right")) == len(made["duties"])
    assert counts["own"] + counts["inherited"] == len(made["duties"])
    assert {d["modality"] for d in made["duties"]} <= {"must", "must_not", "may", "right"}


def test_the_principal_has_article_94_among_the_liabilities(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "duties", "主要负责人", "--json")
    items = [
        d
        for d in json.loads(out)["duties"]
        if d["citation"]["doc_id"] == "work-safety-law"
        and d["citation"]["locator"].startswith("第二十一条第（")
    ]
    assert len(items) == 7
    for item in items:
        labels = {x["note"] for x in item["liability"] if x["locator"].startswith("第九十四条")}
        assert labels
        assert labels <= {"条文写明", "人工核对", "按内容推定"}


def test_a_field_is_kept_to(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "duties", "乡镇人民政府", "--field", "消防", "--json")
    made = json.loads(out)
    assert made["field"] == "消防"
    assert {d["field"] for d in made["duties"]} == {"消防"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("duties", "镇政俯"), "乡镇人民政府"),
        (("duties",), "请给出一个主体"),
        (("duties", "老板", "--mentions", "乡镇"), "二选一"),
        (("duties", "--mentions", "街"), "乡镇"),
        (("duties", "--mentions", "乡镇", "--field", "消防"), "--field"),
        (("duties", "老板", "--field", "星际旅行"), "消防"),
        (("duties", "老板", "--as-of", "去年"), "2026-01-31"),
        (("bearers", "老板"), "不认识"),
    ],
)
def test_bad_usage_is_one_line_on_stderr(
    capsys: pytest.CaptureFixture[str], args: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_an_empty_list_exits_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "duties", "安全总监", "--field", "核与辐射", "--as-of", "1995-01-01")
    assert code == 1
    assert "应当 0 项" in out
    code, out, _ = run(capsys, "duties", "安全总监", "--as-of", "1995-01-01", "--json")
    assert code == 1
    assert json.loads(out)["duties"] == []


def test_people_without_a_document_get_the_outline(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "duties", "党委书记")
    assert code == 0
    assert "第一责任人" in out
    assert "《地方党政领导干部安全生产责任制规定》全文本库没有收录" in out


def test_bearers_are_listed_with_names_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "bearers", "--json")
    assert code == 0
    bearers = {b["name"]: b for b in json.loads(out)["bearers"]}
    town = bearers["乡镇人民政府"]
    assert "镇政府" in town["names"]
    assert {"各级人民政府"} <= {i["bearer"] for i in town["inherits"]}
    assert 0 < town["own"] < town["total"]
    code, out, _ = run(capsys, "bearers")
    assert "【党委政府】" in out


def test_mentions_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "duties", "--mentions", "村居", "--json")
    assert code == 0
    report = json.loads(out)
    assert report["total"] == len(report["mentions"]) == sum(report["counts"].values())
    code, out, _ = run(capsys, "duties", "--mentions", "村居")
    assert "提到但没有给它设义务" in out


def test_the_text_shows_groups_counts_sanctions_and_reasons(services: Services) -> None:
    made = services.duties.list_for("乡镇人民政府", as_of=TODAY)
    text = duties_text(made)
    for group in (*made.duties, *made.powers):
        assert f"【{group.field}】{group.size} 项" in text
    assert "↳ 写给“各级人民政府”" in text
    assert "不履行的后果：" in text
    assert "zhize duties 未写明主体" in text
