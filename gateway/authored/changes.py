"""What differs between two sets of files (path to source). Pure."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Changes:
    """The names of the files that come, go and differ, each in order."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed)


def changes(before: Files, after: Files) -> Changes:
    """What `after` does to `before`."""
    return Changes(
        new=tuple(sorted(after.keys() - before.keys())),
        gone=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(name for name in after if name in before and before[name] != after[name])),
    )


def line_changes(name: str, before: bytes, after: bytes) -> list[str]:
    """One file's unified difference, with one line of company around each change; its first two lines name the file."""
    old, new = _lines(before), _lines(after)
    return list(difflib.unified_diff(old, new, name, name, lineterm="", n=1))


def difference(before: Files, after: Files) -> Iterator[str]:
    """New and gone files by name, then the changed ones line by line."""
    found = changes(before, after)
    yield from (f"+ {name}" for name in found.new)
    yield from (f"- {name}" for name in found.gone)
    for name in found.changed:
        yield from line_changes(name, before[name], after[name])


def _lines(source: bytes) -> list[str]:
    return source.decode("utf-8-sig").splitlines()
