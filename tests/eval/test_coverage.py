from pathlib import Path

from eval.coverage import table
from kb.library import Library

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_shows_the_coverage_as_it_is(library: Library) -> None:
    assert table(library.catalog) in README.read_text(encoding="utf-8"), (
        "README: replace the coverage table by the output of python -m eval.coverage"
    )
