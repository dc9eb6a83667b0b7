"""What a browser sends becomes a set of files, or a list of plain faults."""

import io
import zipfile

import pytest

from gateway.authored.reading import AuthoringRefused
from gateway.editions.sets import merged, offered

GOOD = b"kind: activity\n"


def an_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.yaml", GOOD)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "source", "what"),
    [
        pytest.param("all.zip", an_archive(), "this is an archive", id="a zip"),
        pytest.param("a.yaml", an_archive(), "this is an archive", id="a zip under another name"),
        pytest.param("a.docx", b"words", "this is no YAML file", id="something else"),
        pytest.param("a\n.yaml", GOOD, "this is no YAML file", id="a name that breaks a line"),
        pytest.param("flows/program.yaml", GOOD, "read from disk", id="the charter"),
        pytest.param("a.yaml", b"x" * 1_000_001, "larger than", id="too much"),
    ],
)
def test_what_cannot_be_taken_is_named(name: str, source: bytes, what: str) -> None:
    with pytest.raises(AuthoringRefused, match=what):
        offered([(name, source)])


def test_only_the_last_part_of_a_name_counts() -> None:
    assert offered([("C:\\texts\\a.yaml", GOOD), ("../../etc/b.yml", GOOD)]) == {
        "a.yaml": GOOD,
        "b.yaml": GOOD,
    }


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(AuthoringRefused, match="two files have this name"):
        offered([("one/a.yaml", GOOD), ("two/a.yaml", GOOD)])


def test_a_file_takes_the_place_of_its_namesake_in_any_folder() -> None:
    before = {"1-beginning/a.yaml": b"old", "tips/b.yaml": b"kept"}
    assert merged(before, {"a.yaml": b"new", "c.yaml": b"more"}) == {
        "1-beginning/a.yaml": b"new",
        "tips/b.yaml": b"kept",
        "c.yaml": b"more",
    }
