"""The setting that names the store of the vectors, from the environment to the message."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.services import Services, Settings
from indexer.errors import IndexDamagedError
from indexer.reader import read_manifest


def test_the_default_library_is_searched_exactly(data_dir: Path) -> None:
    assert read_manifest(data_dir / "index").vectors == "exact"


def test_the_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIZE_VECTORS", "milvus:http://h:1")
    monkeypatch.setenv("ZHIZE_MILVUS_TOKEN", "root:secret")
    settings = Settings()
    assert settings.store.chosen(1) == "milvus:http://h:1"
    assert settings.store.token == "root:secret"  # noqa: S105
    assert "secret" not in repr(settings)


def test_an_index_in_another_store_asks_for_a_build(data_dir: Path) -> None:
    settings = replace(Settings(data=data_dir, whole_library=False), vectors="ivf")
    with pytest.raises(IndexDamagedError, match=r"存在 exact，设置要求 ivf；请运行 zhize build"):
        Services.open(settings)


@pytest.mark.parametrize(
    ("value", "said"),
    [("annoy", "ZHIZE_VECTORS=annoy 不认识"), ("milvus:http://127.0.0.1:9", "没有完成请求")],
)
def test_a_setting_that_cannot_be_followed_is_one_line_and_exit_code_2(
    value: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("ZHIZE_VECTORS", value)
    monkeypatch.setenv("ZHIZE_DATA", str(tmp_path))
    assert main(["build"]) == 2
    shown = capsys.readouterr().err.strip().splitlines()
    assert len(shown) == 1
    assert said in shown[0]
    assert "ZHIZE_VECTORS" in shown[0]
