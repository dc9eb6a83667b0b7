"""What differs between two sets of files."""

from gateway.authored.changes import Changes, changes, line_changes


def test_files_come_go_and_change_by_name() -> None:
    before = {"b.yaml": b"1", "a.yaml": b"1", "same.yaml": b"1"}
    after = {"a.yaml": b"2", "c.yaml": b"1", "same.yaml": b"1"}
    assert changes(before, after) == Changes(("c.yaml",), ("b.yaml",), ("a.yaml",))
    assert not changes(before, before)


def test_a_changed_line_stands_beside_its_neighbours() -> None:
    before, after = b"one\ntwo\nthree\nfour\n", b"one\ntwo\nTHREE\nfour\n"
    assert line_changes("a.yaml", before, after)[2:] == [
        "@@ -2,3 +2,3 @@",
        " two",
        "-three",
        "+THREE",
        " four",
    ]


def test_a_byte_order_mark_is_no_change() -> None:
    assert line_changes("a.yaml", b"one\n", b"\xef\xbb\xbfone\n") == []
