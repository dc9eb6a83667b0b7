"""docs/hardening.md keeps its word: every promise and case has a row, and every test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = {
    cells[1].strip(): cells[-2]
    for line in (ROOT / "docs" / "hardening.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and len(cells := line.split("|")) >= 4
}
WANTED = [*(f"R{number}" for number in range(1, 9)), *(str(number) for number in range(1, 45))]
NAMED = sorted({node for shown in ROWS.values() for node in re.findall(r"`(tests/[^`]+)`", shown)})


@cache
def names_in(file: Path) -> frozenset[str]:
    """The names of a file's tests, those in classes too, read without running anything."""
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("case", WANTED)
def test_every_promise_and_case_names_a_test_or_what_it_waits_for(case: str) -> None:
    assert case in ROWS
    assert re.search(r"`tests/|\blater: \w", ROWS[case])


@pytest.mark.parametrize("node", NAMED)
def test_a_test_that_is_named_exists(node: str) -> None:
    file, _, name = node.partition("::")
    assert name.rpartition("::")[2] in names_in(ROOT / file)
