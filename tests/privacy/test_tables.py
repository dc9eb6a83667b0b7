"""What leaves as a file runs nothing in a sheet (hardening, abuse case 20)."""

import csv
import io
import json

import pytest

from gateway.privacy.tables import as_csv, as_json, harmless

BAD = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    " =1",
    '"=1',
    "'=1",
    "|cmd",
    "%x",
    "\ufeff=1",
]


@pytest.mark.parametrize("cell", BAD, ids=repr)
def test_a_cell_that_could_begin_a_formula_is_disarmed(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Maya", "O'Brien", "a=b", "", None, 7, "Ńguyễn", "1-2"], ids=repr)
def test_other_cells_are_left_alone(cell: object) -> None:
    assert harmless(cell) == ("" if cell is None else str(cell))


def test_no_cell_begins_another_one() -> None:
    made = as_csv(("a", "b"), [{"a": 'x",=1+1', "b": "y\n=2"}])
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert rows == [["a", "b"], ['x",=1+1', "y\n=2"]]
    assert made.startswith(b'\xef\xbb\xbf"a","b"\r\n"x"",=1+1","y')


def test_json_holds_what_was_there() -> None:
    assert json.loads(as_json(("a",), [{"a": "=1+1 é", "b": "left out"}])) == [{"a": "=1+1 é"}]
