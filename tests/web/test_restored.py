"""A backup restored on another computer shows every statistic as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.administration import Administration
from assistant.accounts.model import COMMAND_LINE
from assistant.accounts.passwords import Passwords
from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.model import State, Verdict
from assistant.quiz.model import Kind
from assistant.services import Services
from assistant.store import open_store
from assistant.training.insisting import Insisting
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.practice_site import Maker
from tests.web.test_join_routes import Phone
from tests.web.test_training_routes import as_, give, ok, play
from tests.web.training_site import PEOPLE, UNITS, TrainingSite

ROOT = Path(__file__).parents[2]
_LARGE = 200_000
"""Files above so many bytes are models and laws, which a backup does not need."""


@pytest.fixture(scope="module")
def maker(services: Services) -> Maker:
    source = services.quiz_source()
    return source, FakeGenerator(source)


def without_models(folder: str, names: list[str]) -> list[str]:
    """What is not copied into another checkout."""
    sizes = {n: (Path(folder) / n).stat().st_size for n in names if (Path(folder) / n).is_file()}
    return [n for n in names if n == "__pycache__" or sizes.get(n, 0) > _LARGE]


def checkout(at: Path) -> Path:
    """The program at another place, with its data folder where it has it by itself: inside."""
    for package in ("assistant", "indexer", "kb"):
        shutil.copytree(ROOT / package, at / package, ignore=without_models)
    return at


def zhize(at: Path, *args: str, data: Path | None = None) -> str:
    """Run a command of the program at that place as somebody types it there."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ZHIZE_")}
    env |= {"PYTHONPATH": str(at)} | ({"ZHIZE_DATA": str(data)} if data else {})
    command = [sys.executable, "-m", "assistant.cli", *args]
    done = subprocess.run(
        command, cwd=at, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def fill(site: TrainingSite) -> None:
    """Some weeks of a unit: practice, an exam, a task left half done, guests, what was set."""
    client = TestClient(site.app())
    paper, exam = give(client, guests=True), give(client, exam=True, minutes=30, title="消防月考")
    play(client, site, paper, "w1", "110")
    play(client, site, exam, "w1", "101")
    site.move(days=1)
    play(client, site, paper, "w2", "01")
    Phone(site).play(paper, "陈师傅", "011")
    play(client, site, give(client, "boss", unit="u2"), "w3", "111")
    site.move(days=2)
    wanted = {"id": "round-own-1", "mode": "topic", "set": "paper-1", "size": 3}
    made = ok(client.post("/api/practice/rounds", json=wanted, **as_("w2")))
    for n, question in enumerate(made["questions"], 1):
        body = {"id": f"own-answer-{n}", "round": made["id"], "n": n, "given": [], "seconds": 7.5}
        body["given"] = question["options"][: n - 1]
        ok(client.post("/api/practice/answers", json=body, **as_("w2")))
    pin = {"question": made["questions"][0]["id"], "pinned": True}
    ok(client.post("/api/practice/pins", json=pin, **as_("w2")))
    bank = BankQuestion("题", 2, Kind.JUDGE, "旧题。", ("正确", "错误"), ("正确",), "旧题")
    verdict = Verdict(State.CONTRADICTED, bank, None, "不一样")
    Insisting(site.store).insist(COMMAND_LINE, "b1", "b0001", verdict, "本地仍这样要求")
    Administration(site.store, Passwords(1, 8)).set_policy(COMMAND_LINE, {"lock_minutes": "30"})


def shown(site: TrainingSite) -> dict[str, Any]:
    """Every statistic that the pages of a trainer and of workers show."""
    client = TestClient(site.app())

    def get(path: str, who: str = "boss") -> Any:
        return ok(client.get(path, **as_(who)))

    out: dict[str, Any] = {}
    for unit, _ in UNITS:
        out[unit] = get(f"/api/training/results?unit={unit}")
        given = get(f"/api/training/tasks?unit={unit}")["tasks"]
        out[f"{unit} tasks"] = given
        for task in given:
            out[f"{task['id']} progress"] = get(f"/api/training/tasks/{task['id']}")
            out[f"{task['id']} results"] = get(f"/api/training/results?task={task['id']}")
    for person, *_ in PEOPLE:
        for what in ("home", "progress", "wrong"):
            out[f"{person} {what}"] = get(f"/api/practice/{what}", person)
    out["insisted"] = Insisting(site.store).all()
    out["set"] = site.store.settings.get("accounts.policy")
    return out


def test_every_statistic_is_the_same_after_a_restore_elsewhere(
    services: Services, maker: Maker, tmp_path: Path
) -> None:
    old, backup = tmp_path / "old", tmp_path / "带走.tar.zst"
    store = open_store(old)
    site = TrainingSite(services, maker, store)
    try:
        fill(site)
        before, at = shown(site), site.at
    finally:
        site.close()
        store.close()
    assert before["u1"]["total"]["answered"] == 3 + 3 + 2 + 3
    assert len(before["u1"]["items"]) == 3
    assert [p["answered"] for p in before["u1"]["people"]] == [6, 5]

    zhize(ROOT, "backup", str(backup), data=old)
    place = checkout(tmp_path / "另一台电脑" / "知责 新")
    said = zhize(place, "restore", str(backup), "--json")
    assert '"answers": 17' in said
    store = open_store(place / "data")
    site = TrainingSite(services, maker, store, filled=True)
    site.at = at
    try:
        assert shown(site) == before
    finally:
        site.close()
        store.close()
