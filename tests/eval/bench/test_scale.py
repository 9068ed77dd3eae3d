"""The growth bench: its yardsticks by hand, and its replicas."""

from pathlib import Path

import numpy as np
import pytest

from eval.bench.replicas import replicate_vectors
from eval.bench.scale import half, main, recall, shown, tenth_best, vector_row


def vectors(count: int, seed: int = 0) -> np.ndarray:
    x = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_the_tenth_best_is_that_of_a_full_comparison() -> None:
    rows, asked, allowed = vectors(70_000), vectors(3, 1), half(70_000)
    wanted = np.sort(np.where(allowed, asked @ rows.T, -9), axis=1)[:, -10]
    assert tenth_best(rows, asked, allowed) == pytest.approx(wanted)


def test_recall_counts_rows_as_near_as_the_tenth_best() -> None:
    rows, asked = np.eye(16, dtype=np.float32), np.ones((1, 16), np.float32)
    asked[0, 12:] = 0
    found = np.array([[0, 1, 2, 3, 4, 5, 6, 12, 13, -1]])
    assert recall(rows, asked, found, np.array([1.0], np.float32)) == 0.7


def test_a_smaller_library_is_a_sample_and_a_larger_one_adds_noisy_copies(tmp_path: Path) -> None:
    base = vectors(50)
    few = replicate_vectors(base, 20, tmp_path / "few.npy")
    assert {tuple(row) for row in few} <= {tuple(row) for row in base}
    many = replicate_vectors(base, 130, tmp_path / "many.npy")
    assert many[:50] == pytest.approx(base, abs=1e-6)
    assert np.linalg.norm(many, axis=1) == pytest.approx(np.ones(130), abs=1e-5)
    likeness = (many[50:100] * base).sum(axis=1)
    assert 0.8 < likeness.mean() < 0.95


def test_a_row_of_the_table_is_measured_in_processes_of_its_own(tmp_path: Path) -> None:
    stored = replicate_vectors(vectors(600), 600, tmp_path / "v.npy")
    asked = vectors(12, 2)
    least = [tenth_best(stored, asked, m) for m in (np.ones(600, np.bool_), half(600))]
    row = vector_row("exact", tmp_path / "v.npy", asked, least)
    assert row["recall"] == row["half_recall"] == 1.0
    assert float(row["p95_ms"]) > 0
    assert shown(row).startswith("|  |  | 0.")


@pytest.mark.parametrize("args", [["--store", "annoy"], ["--sizes", "5"]])
def test_bad_arguments_are_one_line_and_exit_code_2(
    args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
